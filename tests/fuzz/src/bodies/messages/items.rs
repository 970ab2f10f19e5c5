//! Parcels as the far end writes them: references in a list, in a frame of arguments, or in something that is not in
//! order.

use locum_protocol::{Reference, WireParcel};

/// What is wrong with an item.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Flaw {
    None,
    /// One reference is not named.
    NotNamed,
    /// The last one is named twice.
    NamedTwice,
    /// Something comes after it.
    Trailing,
    /// It is not the frame that arguments have. Other items need none.
    NoFrame,
}

#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) references: Vec<Reference>,
    pub(super) flaw: Flaw,
}

impl Item {
    /// Whether the codec takes it.
    pub(super) fn is_orderly(&self) -> bool {
        match self.flaw {
            Flaw::None | Flaw::NoFrame => true,
            Flaw::NotNamed | Flaw::NamedTwice => self.references.is_empty(),
            Flaw::Trailing => false,
        }
    }

    /// `[object...]`.
    pub(super) fn listed(&self) -> WireParcel {
        self.written(&[])
    }

    /// `[[object...]]`.
    pub(super) fn framed(&self) -> WireParcel {
        match self.flaw {
            Flaw::NoFrame => self.written(&[0xC6]),
            _ => self.written(&[0x81]),
        }
    }

    fn written(&self, before: &[u8]) -> WireParcel {
        let count = self.references.len();
        let named = match self.flaw {
            Flaw::NotNamed => count.saturating_sub(1),
            Flaw::NamedTwice if count > 0 => count + 1,
            _ => count,
        };
        let mut item = before.to_vec();
        item.push(0x80 | named as u8);
        for at in 0..named {
            let number = at.min(count.saturating_sub(1)) as u8;
            item.extend([0xD9, 0x4C, 0x4F, 0x82, number, 0x61, b'T']);
        }
        if self.flaw == Flaw::Trailing {
            item.push(0xF6);
        }
        WireParcel {
            item: item.into(),
            objects: self.references.clone(),
            buffers: Vec::new(),
        }
    }
}
