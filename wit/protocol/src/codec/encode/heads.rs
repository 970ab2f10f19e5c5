//! Heads of CBOR items, each in its shortest form.

use ciborium_ll::Header;
use half::f16;

use super::Encoder;

impl Encoder<'_> {
    #[inline]
    pub(super) fn head(&mut self, header: Header) {
        match header {
            Header::Positive(n) => self.number(0x00, n),
            Header::Negative(n) => self.number(0x20, n),
            Header::Bytes(Some(n)) => self.number(0x40, n as u64),
            Header::Text(Some(n)) => self.number(0x60, n as u64),
            Header::Array(Some(n)) => self.number(0x80, n as u64),
            Header::Map(Some(n)) => self.number(0xA0, n as u64),
            Header::Tag(n) => self.number(0xC0, n),
            Header::Simple(n) => self.number(0xE0, n.into()),
            Header::Float(x) => self.float(x),
            // Of no known length: it ends at a break.
            Header::Bytes(None) => self.parcel.item.push(0x5F),
            Header::Text(None) => self.parcel.item.push(0x7F),
            Header::Array(None) => self.parcel.item.push(0x9F),
            Header::Map(None) => self.parcel.item.push(0xBF),
            Header::Break => self.parcel.item.push(0xFF),
        }
    }

    /// Writes a float in the shortest form that keeps every bit of it.
    fn float(&mut self, x: f64) {
        let (half, single) = (f16::from_f64(x), x as f32);
        let item = &mut self.parcel.item;
        if half.to_f64().to_bits() == x.to_bits() {
            item.push(0xF9);
            item.extend_from_slice(&half.to_be_bytes());
        } else if f64::from(single).to_bits() == x.to_bits() {
            item.push(0xFA);
            item.extend_from_slice(&single.to_be_bytes());
        } else {
            item.push(0xFB);
            item.extend_from_slice(&x.to_be_bytes());
        }
    }

    /// Writes a head of this major type, in its shortest form.
    #[inline]
    fn number(&mut self, major: u8, n: u64) {
        match n {
            0..24 => self.parcel.item.push(major | n as u8),
            _ => self.long_number(major, n),
        }
    }

    fn long_number(&mut self, major: u8, n: u64) {
        let [a, b, c, d, e, f, g, h] = n.to_be_bytes();
        let item = &mut self.parcel.item;
        // Of lengths that are known, so that nothing is called to copy them.
        match n {
            0..0x100 => item.extend_from_slice(&[major | 24, h]),
            0x100..0x1_0000 => item.extend_from_slice(&[major | 25, g, h]),
            0x1_0000..0x1_0000_0000 => item.extend_from_slice(&[major | 26, e, f, g, h]),
            _ => item.extend_from_slice(&[major | 27, a, b, c, d, e, f, g, h]),
        }
    }
}
