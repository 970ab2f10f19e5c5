//! Slices against what Python's reference says that they mean.

use locum::Slice;
use proptest::prelude::*;

use super::tries;

/// "The slice of s from i to j with step k is the sequence of items with index x = i + n*k such that 0 <= n < (j-i)/k":
/// the indices that it names, one after the other.
fn by_the_reference(slice: Slice, len: usize) -> Vec<usize> {
    let (len, step) = (len as i128, slice.step.map_or(1, i128::from));
    let (lowest, highest) = if step > 0 { (0, len) } else { (-1, len - 1) };
    let bound = |given: Option<i64>, missing: i128| match given {
        None => missing,
        Some(bound) => {
            let bound = i128::from(bound);
            let from_start = if bound < 0 { bound + len } else { bound };
            from_start.max(lowest).min(highest)
        }
    };
    let (first, last) = if step > 0 { (0, len) } else { (len - 1, -1) };
    let (mut at, stop) = (bound(slice.start, first), bound(slice.stop, last));
    let mut indices = Vec::new();
    while (step > 0 && at < stop) || (step < 0 && at > stop) {
        indices.push(at as usize);
        at += step;
    }
    indices
}

fn bound() -> impl Strategy<Value = Option<i64>> {
    let near = -30..30_i64;
    let far = prop_oneof![
        Just(i64::MIN),
        Just(i64::MAX),
        Just(i64::MIN + 1),
        any::<i64>()
    ];
    prop_oneof![1 => Just(None), 5 => near.prop_map(Some), 1 => far.prop_map(Some)]
}

proptest! {
    #![proptest_config(tries(4000))]

    #[test]
    fn a_slice_names_what_python_says(start in bound(), stop in bound(), step in bound(), len in 0..25_usize) {
        let slice = Slice { start, stop, step };
        match slice.indices(len) {
            None => prop_assert_eq!(step, Some(0)),
            Some(indices) => {
                prop_assert_ne!(step, Some(0));
                prop_assert_eq!(indices.len(), indices.clone().count());
                prop_assert_eq!(indices.collect::<Vec<_>>(), by_the_reference(slice, len));
            }
        }
    }
}
