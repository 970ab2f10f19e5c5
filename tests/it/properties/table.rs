//! The handle table against a model that is too simple to be wrong.

use std::collections::HashMap;

use locum_protocol::{Handle, HandleTable, TableError};
use proptest::collection::vec;
use proptest::prelude::*;

use super::tries;

#[derive(Clone, Debug)]
enum Step {
    Insert,
    /// The n-th of all handles that there ever were.
    LendAgain(usize),
    Get(usize),
    Release(usize, u32),
    Drain,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => Just(Step::Insert),
        3 => any::<usize>().prop_map(Step::LendAgain),
        3 => any::<usize>().prop_map(Step::Get),
        5 => (any::<usize>(), 0..4_u32).prop_map(|(at, count)| Step::Release(at, count)),
        1 => Just(Step::Drain),
    ]
}

const LIMIT: u32 = 5;

proptest! {
    #![proptest_config(tries(1000))]

    #[test]
    fn the_handle_table_does_what_its_model_does(steps in vec(step(), 1..80)) {
        let mut table = HandleTable::new(LIMIT);
        // What is lent: a value and how often.
        let mut model: HashMap<Handle, (usize, u32)> = HashMap::new();
        let mut ever: Vec<Handle> = vec![Handle::PLUGIN, Handle::from_raw(u64::MAX)];
        let mut drained = false;
        for (number, step) in steps.into_iter().enumerate() {
            match step {
                Step::Insert => match table.insert(number) {
                    Ok(handle) => {
                        prop_assert!(!drained && model.len() < LIMIT as usize);
                        prop_assert!(!ever.contains(&handle), "a handle is lent once only");
                        prop_assert!(handle.raw() < 1 << 53);
                        ever.push(handle);
                        model.insert(handle, (number, 1));
                    }
                    Err(error) => {
                        prop_assert_eq!(error, TableError::Full);
                        prop_assert!(drained || model.len() == LIMIT as usize);
                    }
                },
                Step::LendAgain(at) => {
                    let handle = ever[at % ever.len()];
                    let expected = match model.get_mut(&handle) {
                        Some((_, count)) => { *count += 1; Ok(()) }
                        None => Err(TableError::NotLent),
                    };
                    prop_assert_eq!(table.lend_again(handle), expected);
                }
                Step::Get(at) => {
                    let handle = ever[at % ever.len()];
                    let expected = model.get(&handle).map(|(value, _)| value).ok_or(TableError::NotLent);
                    prop_assert_eq!(table.get(handle), expected);
                }
                Step::Release(at, count) => {
                    let handle = ever[at % ever.len()];
                    let expected = match model.get_mut(&handle) {
                        None => Err(TableError::NotLent),
                        Some((_, lent)) if *lent < count => Err(TableError::OverRelease),
                        Some((_, lent)) => {
                            *lent -= count;
                            match *lent {
                                0 => Ok(model.remove(&handle).map(|(value, _)| value)),
                                _ => Ok(None),
                            }
                        }
                    };
                    prop_assert_eq!(table.release(handle, count), expected);
                }
                Step::Drain => {
                    let mut all = table.drain();
                    let mut expected: Vec<usize> = model.drain().map(|(_, (value, _))| value).collect();
                    all.sort_unstable();
                    expected.sort_unstable();
                    prop_assert_eq!(all, expected);
                    drained = true;
                }
            }
            prop_assert_eq!(table.len(), model.len());
            prop_assert_eq!(table.is_empty(), model.is_empty());
            let lent: u32 = table.iter().map(|(_, count)| count).sum();
            prop_assert_eq!(lent, model.values().map(|(_, count)| count).sum::<u32>());
        }
    }
}
