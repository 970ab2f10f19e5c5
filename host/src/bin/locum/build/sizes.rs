//! What a plugin's file is made of.

use serde::Serialize;
use wasmparser::{Parser, Payload};

/// Bytes of a file, by what they are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Sizes {
    /// The whole file.
    pub(super) file: usize,
    /// Code, of all modules in it.
    pub(super) code: usize,
    /// What memory begins with.
    pub(super) data: usize,
    /// The names of functions.
    pub(super) names: usize,
    /// Debug information, which a plugin's file should not have.
    pub(super) debug: usize,
    /// Other custom sections.
    pub(super) custom: usize,
    /// The rest: types, imports, and how modules are put together.
    pub(super) other: usize,
}

impl Sizes {
    /// Adds up the sections of a component. What can not be read counts as other.
    pub(super) fn of(bytes: &[u8]) -> Sizes {
        let mut sizes = Sizes {
            file: bytes.len(),
            ..Sizes::default()
        };
        for payload in Parser::new(0).parse_all(bytes).map_while(Result::ok) {
            match payload {
                Payload::CodeSectionStart { range, .. } => sizes.code += range.len(),
                Payload::DataSection(data) => sizes.data += data.range().len(),
                Payload::CustomSection(custom) => {
                    let size = custom.range().len();
                    match custom.name() {
                        "name" | "component-name" => sizes.names += size,
                        name if name.starts_with(".debug_") => sizes.debug += size,
                        _ => sizes.custom += size,
                    }
                }
                _ => {}
            }
        }
        let known = [
            sizes.code,
            sizes.data,
            sizes.names,
            sizes.debug,
            sizes.custom,
        ];
        sizes.other = sizes.file.saturating_sub(known.iter().sum());
        sizes
    }

    /// The kinds that there are, with what they are called.
    pub(super) fn parts(&self) -> impl Iterator<Item = (&'static str, usize)> {
        let parts = [
            ("code", self.code),
            ("data", self.data),
            ("names", self.names),
            ("debug information", self.debug),
            ("custom sections", self.custom),
            ("the rest", self.other),
        ];
        parts.into_iter().filter(|(_, size)| *size > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A module of these sections, each with its number.
    fn module(sections: &[(u8, &[u8])]) -> Vec<u8> {
        let mut bytes = b"\0asm\x01\0\0\0".to_vec();
        for (number, content) in sections {
            bytes.extend([*number, content.len() as u8]);
            bytes.extend(*content);
        }
        bytes
    }

    #[test]
    fn each_byte_is_counted_once() {
        let bytes = module(&[
            (1, b"\x01\x60\x00\x00"),
            (3, b"\x01\x00"),
            (5, b"\x01\x00\x01"),
            (10, b"\x01\x02\x00\x0b"),
            (11, b"\x01\x00\x41\x00\x0b\x04data"),
            (0, b"\x04namexyz"),
            (0, b"\x0b.debug_info0123456789"),
            (0, b"\x04minea"),
        ]);
        let sizes = Sizes::of(&bytes);
        let parts: usize = sizes.parts().map(|(_, size)| size).sum();
        assert_eq!(parts, bytes.len());
        assert!(sizes.code > 0 && sizes.data > 4 && sizes.names > 3);
        assert!(sizes.debug > 10 && sizes.custom > 0 && sizes.other > 0);
        assert_eq!(Sizes::of(b"no wasm").other, 7);
    }
}
