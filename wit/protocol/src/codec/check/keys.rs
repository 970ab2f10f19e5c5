//! The check of a map's keys: none of them is there twice, in whatever forms.

use ciborium_ll::Header;
use serde::Deserialize;

use super::Walk;
use crate::codec::{Decoder, usual_head};
use crate::{Error, Kind, Parcel, Result, Value};

/// How many bytes of keys are read again in any message.
const FREELY_REREAD: usize = 1 << 20;

/// The keys of one map, as they are met.
#[derive(Default)]
pub(super) struct Keys {
    /// Where each begins and ends.
    ranges: Vec<(usize, usize)>,
    /// Whether one of them could be written in another way, so that its bytes alone do not tell it from others.
    has_odd: bool,
}

impl Keys {
    pub(super) fn push(&mut self, item: &[u8], start: usize, end: usize) {
        self.has_odd |= !is_plain(&item[start..end]);
        self.ranges.push((start, end));
    }
}

impl Walk<'_> {
    /// Refuses keys of which two are the same.
    pub(super) fn differ(&mut self, keys: Keys) -> Result<()> {
        let Keys {
            mut ranges,
            has_odd,
        } = keys;
        if ranges.len() < 2 {
            return Ok(());
        }
        let item = self.item;
        let twice = if has_odd {
            self.twice_in_any_form(&ranges)?
        } else {
            ranges.sort_unstable_by_key(|&(start, end)| &item[start..end]);
            let mut pairs = ranges.windows(2);
            let twice = pairs.find(|pair| item[pair[0].0..pair[0].1] == item[pair[1].0..pair[1].1]);
            twice.map(|pair| pair[0].0.max(pair[1].0))
        };
        match twice {
            Some(at) => {
                self.at = at;
                self.fail("the same key twice in a map")
            }
            None => Ok(()),
        }
    }

    /// Where a key is that is the same data as another one: compared in the form that both would be sent in.
    #[cold]
    fn twice_in_any_form(&mut self, ranges: &[(usize, usize)]) -> Result<Option<usize>> {
        let mut forms = Vec::new();
        let mut keys: Vec<(std::ops::Range<usize>, usize)> = Vec::with_capacity(ranges.len());
        for &(start, end) in ranges {
            let key = &self.item[start..end];
            let from = forms.len();
            self.reread += key.len();
            match self.sent_again(key) {
                Some(parcel) => {
                    forms.extend_from_slice(&parcel.item);
                    for buffer in &parcel.buffers {
                        forms.extend(buffer.len().to_le_bytes());
                        forms.extend_from_slice(buffer);
                    }
                }
                // An integer beyond what a value holds, which has one form in most cases.
                None => forms.extend_from_slice(key),
            }
            self.reread += forms.len() - from;
            if self.reread > self.most_reread() {
                return self.fail_in_keys();
            }
            keys.push((from..forms.len(), start));
        }
        keys.sort_unstable_by_key(|(form, _)| &forms[form.clone()]);
        let mut pairs = keys.windows(2);
        let twice = pairs.find(|pair| forms[pair[0].0.clone()] == forms[pair[1].0.clone()]);
        Ok(twice.map(|pair| pair[0].1.max(pair[1].1)))
    }

    /// How many bytes of keys are read again. Keys inside of keys would be once for each of them, as deep as they go.
    fn most_reread(&self) -> usize {
        let beside: usize = self.buffers.iter().map(|buffer| buffer.len()).sum();
        FREELY_REREAD + 3 * (self.item.len() + beside)
    }

    #[cold]
    fn fail_in_keys<T>(&self) -> Result<T> {
        Err(Error::new(
            Kind::LimitExceeded,
            format!(
                "maps as keys of maps, with too much in them to tell whether one is there twice (byte {})",
                self.at
            ),
        ))
    }

    /// A key, which names no objects, as it would be sent from here.
    fn sent_again(&self, key: &[u8]) -> Option<Parcel> {
        let mut decoder = Decoder::new(key, &[], self.buffers);
        let value = Value::deserialize(&mut decoder).ok()?;
        Parcel::encode(&value).ok()
    }
}

/// Whether a key is text, an integer, a boolean or null, as nearly all are, with a head of the shortest form.
fn is_plain(key: &[u8]) -> bool {
    match usual_head(key) {
        Some((Header::Positive(number) | Header::Negative(number), len)) => len == shortest(number),
        Some((Header::Text(Some(bytes)), len)) => len == shortest(bytes as u64),
        _ => matches!(key, [0xF4..=0xF6]),
    }
}

/// How many bytes the head with this number has at least.
fn shortest(number: u64) -> usize {
    match number {
        0..24 => 1,
        24..0x100 => 2,
        0x100..0x1_0000 => 3,
        0x1_0000..0x1_0000_0000 => 5,
        _ => 9,
    }
}
