//! Handles and the table behind them: what was lent to a peer, how often, under which number.

use std::fmt;

const INDEX_BITS: u32 = 24;
const GENERATION_BITS: u32 = 29;
const MAX_INDEX: u32 = (1 << INDEX_BITS) - 1;
const MAX_GENERATION: u32 = (1 << GENERATION_BITS) - 1;

/// The number under which an owner lent an object to one peer: a slot's index (24 bits) and its generation (29 bits).
///
/// It stays below 2^53, so that a language whose integers are doubles can hold it. Zero is no object: it means the
/// plugin as a whole.
///
/// ```
/// # use locum_protocol::{Handle, HandleTable};
/// let mut table = HandleTable::new(100);
/// let handle = table.insert("an object").unwrap();
/// assert_eq!(Handle::from_raw(handle.raw()), handle); // what crosses is the number
/// assert_eq!(handle.index(), 0);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Handle(u64);

impl Handle {
    /// The plugin as a whole, where `describe` asks for it.
    pub const PLUGIN: Handle = Handle(0);

    /// A handle as it came over the wire. Any number is accepted; only the table knows which were lent.
    pub const fn from_raw(raw: u64) -> Handle {
        Handle(raw)
    }

    /// The number that goes over the wire.
    pub const fn raw(self) -> u64 {
        self.0
    }

    fn new(index: u32, generation: u32) -> Handle {
        Handle(u64::from(generation) << INDEX_BITS | u64::from(index))
    }

    /// The slot that it names, and what the `#3` in a proxy's text shows.
    pub const fn index(self) -> u32 {
        (self.0 & MAX_INDEX as u64) as u32
    }

    fn generation(self) -> u64 {
        self.0 >> INDEX_BITS
    }
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}.{}", self.index(), self.generation())
    }
}

/// Why the table refused.
///
/// ```
/// # use locum_protocol::{HandleTable, TableError};
/// let mut table = HandleTable::new(1);
/// let handle = table.insert("an object").unwrap();
/// assert_eq!(table.insert("another"), Err(TableError::Full));
/// assert_eq!(table.release(handle, 2), Err(TableError::OverRelease));
/// assert_eq!(table.release(handle, 1), Ok(Some("an object")));
/// assert_eq!(table.get(handle), Err(TableError::NotLent)); // now and for ever
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableError {
    /// The handle was never lent, or has been released since.
    NotLent,
    /// More references were given back than were lent.
    OverRelease,
    /// As many objects are lent as the limit allows.
    Full,
}

enum Slot<T> {
    Lent {
        generation: u32,
        count: u32,
        value: T,
    },
    Free {
        next_generation: u32,
    },
    /// Its generations are used up: it is never lent again, so that no old handle can come back to life.
    Retired,
}

/// What was lent to one peer.
///
/// **Invariant:** a released handle never resolves again, whatever has been lent in its slot since.
///
/// ```
/// # use locum_protocol::HandleTable;
/// let mut table = HandleTable::new(2);
/// let (a, b) = (table.insert("a").unwrap(), table.insert("b").unwrap());
/// table.lend_again(a).unwrap(); // the same object once more
/// assert_eq!((table.len(), table.limit(), table.is_empty()), (2, 2, false));
/// assert_eq!(table.iter().collect::<Vec<_>>(), [(&"a", 2), (&"b", 1)]);
/// assert_eq!(table.release(a, 1).unwrap(), None); // one reference is left
/// assert_eq!(table.get(a).unwrap(), &"a");
/// assert_eq!(table.release_all(), ["a", "b"]);
/// assert!(table.get(b).is_err());
/// let c = table.insert("c").unwrap();
/// assert_ne!(c, b);
/// assert_eq!(table.drain(), ["c"]); // the end
/// ```
pub struct HandleTable<T> {
    slots: Vec<Slot<T>>,
    free: Vec<u32>,
    live: u32,
    limit: u32,
}

impl<T> HandleTable<T> {
    /// An empty table that lends at most `limit` values at a time (at most 2^24 - 1).
    pub fn new(limit: u32) -> Self {
        HandleTable {
            slots: Vec::new(),
            free: Vec::new(),
            live: 0,
            limit: limit.min(MAX_INDEX),
        }
    }

    /// How many values are lent.
    pub fn len(&self) -> usize {
        self.live as usize
    }

    /// Whether nothing is lent.
    pub fn is_empty(&self) -> bool {
        self.live == 0
    }

    /// The most values that may be lent at a time.
    pub fn limit(&self) -> u32 {
        self.limit
    }

    /// Lends a value for the first time, with one reference.
    pub fn insert(&mut self, value: T) -> Result<Handle, TableError> {
        if self.live >= self.limit {
            return Err(TableError::Full);
        }
        let (index, generation) = match self.free.pop() {
            Some(index) => match self.slots[index as usize] {
                Slot::Free { next_generation } => (index, next_generation),
                _ => unreachable!("the free list names free slots only"),
            },
            None => {
                let index = u32::try_from(self.slots.len()).map_err(|_| TableError::Full)?;
                // Retired slots are not given back, so a table can end although few values are lent.
                if index > MAX_INDEX {
                    return Err(TableError::Full);
                }
                self.slots.push(Slot::Retired);
                (index, 1)
            }
        };
        self.slots[index as usize] = Slot::Lent {
            generation,
            count: 1,
            value,
        };
        self.live += 1;
        Ok(Handle::new(index, generation))
    }

    /// Lends a value once more under the handle that it has.
    pub fn lend_again(&mut self, handle: Handle) -> Result<(), TableError> {
        match self.slots.get_mut(handle.index() as usize) {
            Some(Slot::Lent {
                generation, count, ..
            }) if u64::from(*generation) == handle.generation() => {
                *count = count.checked_add(1).ok_or(TableError::Full)?;
                Ok(())
            }
            _ => Err(TableError::NotLent),
        }
    }

    /// The value lent under a handle.
    pub fn get(&self, handle: Handle) -> Result<&T, TableError> {
        match self.slots.get(handle.index() as usize) {
            Some(Slot::Lent {
                generation, value, ..
            }) if u64::from(*generation) == handle.generation() => Ok(value),
            _ => Err(TableError::NotLent),
        }
    }

    /// Takes `count` references back. The value comes out when none is left; drop it after unlocking the table, since
    /// its destructor may call.
    pub fn release(&mut self, handle: Handle, count: u32) -> Result<Option<T>, TableError> {
        let index = handle.index() as usize;
        match self.slots.get_mut(index) {
            Some(Slot::Lent {
                generation,
                count: lent,
                ..
            }) if u64::from(*generation) == handle.generation() => {
                *lent = lent.checked_sub(count).ok_or(TableError::OverRelease)?;
                if *lent > 0 {
                    return Ok(None);
                }
                let next = match *generation {
                    MAX_GENERATION => Slot::Retired,
                    generation => Slot::Free {
                        next_generation: generation + 1,
                    },
                };
                if matches!(next, Slot::Free { .. }) {
                    self.free.push(handle.index());
                }
                self.live -= 1;
                match std::mem::replace(&mut self.slots[index], next) {
                    Slot::Lent { value, .. } => Ok(Some(value)),
                    _ => unreachable!("it was lent a moment ago"),
                }
            }
            _ => Err(TableError::NotLent),
        }
    }

    /// What is lent, with the number of references of each.
    pub fn iter(&self) -> impl Iterator<Item = (&T, u32)> {
        self.slots.iter().filter_map(|slot| match slot {
            Slot::Lent { value, count, .. } => Some((value, *count)),
            _ => None,
        })
    }

    /// Takes back all that is lent now. The table goes on.
    pub fn release_all(&mut self) -> Vec<T> {
        let lent: Vec<(Handle, u32)> = (0..)
            .zip(&self.slots)
            .filter_map(|(index, slot)| match slot {
                Slot::Lent {
                    generation, count, ..
                } => Some((Handle::new(index, *generation), *count)),
                _ => None,
            })
            .collect();
        let taken = lent
            .into_iter()
            .map(|(handle, count)| self.release(handle, count));
        taken.filter_map(|value| value.ok().flatten()).collect()
    }

    /// Takes everything back at once, at the end of a peer's life; nothing is lent from this table again.
    pub fn drain(&mut self) -> Vec<T> {
        self.live = 0;
        self.limit = 0;
        self.free = Vec::new();
        std::mem::take(&mut self.slots)
            .into_iter()
            .filter_map(|slot| match slot {
                Slot::Lent { value, .. } => Some(value),
                _ => None,
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_released_handle_never_resolves_again() {
        let mut table = HandleTable::new(8);
        let first = table.insert("a").unwrap();
        assert_eq!(table.release(first, 1), Ok(Some("a")));
        let second = table.insert("b").unwrap();
        assert_eq!(second.index(), first.index(), "the slot is used again");
        assert_eq!(table.get(first), Err(TableError::NotLent));
        assert_eq!(table.get(second), Ok(&"b"));
    }

    #[test]
    fn giving_back_more_than_was_lent_changes_nothing() {
        let mut table = HandleTable::new(8);
        let handle = table.insert("a").unwrap();
        table.lend_again(handle).unwrap();
        assert_eq!(table.release(handle, 3), Err(TableError::OverRelease));
        assert_eq!(table.release(handle, 1), Ok(None));
        assert_eq!(table.get(handle), Ok(&"a"));
        assert_eq!(table.release(handle, 1), Ok(Some("a")));
        assert_eq!(table.release(handle, 1), Err(TableError::NotLent));
    }

    #[test]
    fn a_table_that_took_all_back_lends_again_under_other_handles() {
        let mut table = HandleTable::new(8);
        let old = table.insert("a").unwrap();
        table.lend_again(old).unwrap();
        table.insert("b").unwrap();
        assert_eq!(table.release_all(), ["a", "b"]);
        assert!(table.is_empty() && table.get(old).is_err());
        let new = table.insert("c").unwrap();
        assert!(new != old && table.release_all() == ["c"]);
    }

    #[test]
    fn a_slot_whose_generations_are_used_up_retires() {
        let mut table = HandleTable::new(8);
        let handle = table.insert("a").unwrap();
        table.release(handle, 1).unwrap();
        table.slots[0] = Slot::Free {
            next_generation: MAX_GENERATION,
        };
        let last = table.insert("b").unwrap();
        assert_eq!(
            last.raw(),
            (1 << (INDEX_BITS + GENERATION_BITS)) - (1 << INDEX_BITS)
        );
        table.release(last, 1).unwrap();
        let next = table.insert("c").unwrap();
        assert_eq!(next.index(), 1, "slot 0 is not lent again");
        assert_eq!(table.get(last), Err(TableError::NotLent));
    }

    #[test]
    fn a_table_refuses_at_its_limit_and_lends_again_below_it() {
        let mut table = HandleTable::new(2);
        let one = table.insert(1).unwrap();
        table.insert(2).unwrap();
        assert_eq!(table.insert(3), Err(TableError::Full));
        table.release(one, 1).unwrap();
        assert!(table.insert(3).is_ok());
    }

    #[test]
    fn every_handle_fits_a_double() {
        assert!(Handle::new(MAX_INDEX, MAX_GENERATION).raw() < 1 << 53);
    }
}
