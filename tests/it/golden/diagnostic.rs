//! CBOR's diagnostic notation (RFC 8949, section 8), from the bytes alone.

use ciborium_ll::{Decoder, Header};

/// The notation of one whole item.
pub(super) fn of(item: &[u8]) -> String {
    let mut reader = Reader {
        decoder: Decoder::from(item),
        item,
    };
    let notation = reader.item();
    assert_eq!(
        reader.decoder.offset(),
        item.len(),
        "something comes after {notation}"
    );
    notation
}

struct Reader<'a> {
    decoder: Decoder<&'a [u8]>,
    item: &'a [u8],
}

impl Reader<'_> {
    fn item(&mut self) -> String {
        let header = self.head();
        self.body(header)
    }

    fn head(&mut self) -> Header {
        self.decoder.pull().expect("a whole item")
    }

    fn body(&mut self, header: Header) -> String {
        match header {
            Header::Positive(n) => n.to_string(),
            Header::Negative(n) => (-1 - i128::from(n)).to_string(),
            Header::Float(x) => format!("{x:?}"),
            Header::Simple(20) => "false".to_owned(),
            Header::Simple(21) => "true".to_owned(),
            Header::Simple(22) => "null".to_owned(),
            Header::Text(Some(len)) => {
                let text = String::from_utf8(self.take(len)).expect("text");
                format!("{text:?}")
            }
            Header::Bytes(Some(len)) => {
                let pairs: Vec<String> = self
                    .take(len)
                    .iter()
                    .map(|byte| format!("{byte:02x}"))
                    .collect();
                format!("h'{}'", pairs.concat())
            }
            Header::Array(len) => format!("[{}]", self.items(len, Reader::item)),
            Header::Map(len) => format!("{{{}}}", self.items(len, Reader::entry)),
            // Integers too long for 64 bits are written as numbers.
            Header::Tag(2) => self.big().to_string(),
            Header::Tag(3) => (-1 - self.big()).to_string(),
            Header::Tag(tag) => format!("{tag}({})", self.item()),
            other => panic!("{other:?} has no place in a golden line"),
        }
    }

    fn entry(&mut self) -> String {
        format!("{}: {}", self.item(), self.item())
    }

    fn items(&mut self, len: Option<usize>, read: fn(&mut Self) -> String) -> String {
        let mut items = Vec::new();
        match len {
            Some(len) => items.extend((0..len).map(|_| read(self))),
            None => {
                while self.item.get(self.decoder.offset()) != Some(&0xFF) {
                    items.push(read(self));
                }
                self.head();
            }
        }
        let open = if len.is_none() { "_ " } else { "" };
        format!("{open}{}", items.join(", "))
    }

    fn take(&mut self, len: usize) -> Vec<u8> {
        let mut bytes = vec![0; len];
        ciborium_io::Read::read_exact(&mut self.decoder, &mut bytes).expect("a whole item");
        bytes
    }

    fn big(&mut self) -> i128 {
        let Header::Bytes(Some(len)) = self.head() else {
            panic!("bytes under tag 2 or 3")
        };
        self.take(len)
            .iter()
            .fold(0, |n, byte| n << 8 | i128::from(*byte))
    }
}
