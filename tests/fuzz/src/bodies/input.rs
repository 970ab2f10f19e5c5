//! Bytes that a fuzzer chose, read as choices.

/// Bytes that a fuzzer chose. When they are used up, it reads zeros, so every input means something.
pub(super) struct Input {
    bytes: Vec<u8>,
    at: usize,
}

impl Input {
    pub(super) fn new(bytes: &[u8]) -> Input {
        Input {
            bytes: bytes.to_vec(),
            at: 0,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.at == self.bytes.len()
    }

    pub(super) fn byte(&mut self) -> u8 {
        self.take(1).first().copied().unwrap_or(0)
    }

    pub(super) fn flag(&mut self) -> bool {
        self.byte() & 1 == 1
    }

    /// A number below `limit`, which is not 0.
    pub(super) fn below(&mut self, limit: usize) -> usize {
        usize::from(self.byte()) % limit
    }

    pub(super) fn u64(&mut self) -> u64 {
        (0..8).fold(0, |number, _| number << 8 | u64::from(self.byte()))
    }

    /// That many bytes, or all that are left.
    pub(super) fn take(&mut self, len: usize) -> &[u8] {
        let start = self.at;
        self.at = (start + len).min(self.bytes.len());
        &self.bytes[start..self.at]
    }

    /// All that is left.
    pub(super) fn rest(&mut self) -> &[u8] {
        self.take(self.bytes.len())
    }
}
