//! A hash for the tables of a peer.

use std::hash::{BuildHasherDefault, Hasher};

/// A hash for keys that are numbers already and that nobody else chooses: handles and addresses.
#[derive(Default)]
pub(super) struct SpreadHasher(u64);

pub(super) type Spread = BuildHasherDefault<SpreadHasher>;

impl Hasher for SpreadHasher {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }
    fn write_u64(&mut self, number: u64) {
        self.0 = (self.0.rotate_left(5) ^ number).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
    fn write_usize(&mut self, number: usize) {
        self.write_u64(number as u64);
    }
}
