//! A stable sort whose comparison may fail, or contradict itself.

use super::compare::less;
use crate::{Result, Value};

/// Sorts a list; equal items keep their order, also when `reverse`. When a comparison fails nothing has changed.
///
/// Not the standard library's sort: that one may panic when the order is not total, and here objects decide.
pub(super) fn sort(items: &mut Vec<Value>, reverse: bool) -> Result<()> {
    let order = sorted_order(items, reverse)?;
    let mut taken: Vec<Option<Value>> = std::mem::take(items).into_iter().map(Some).collect();
    items.extend(order.into_iter().filter_map(|index| taken[index].take()));
    Ok(())
}

/// The indices of the items in sorted order: runs of one, two, four, ... are merged.
fn sorted_order(items: &[Value], reverse: bool) -> Result<Vec<usize>> {
    let goes_first = |later: usize, earlier: usize| {
        if reverse {
            less(&items[earlier], &items[later])
        } else {
            less(&items[later], &items[earlier])
        }
    };
    let mut order: Vec<usize> = (0..items.len()).collect();
    let mut merged = Vec::with_capacity(order.len());
    let mut width = 1;
    while width < order.len() {
        merged.clear();
        for run in order.chunks(width * 2) {
            let (mut left, mut right) = run.split_at(width.min(run.len()));
            // Runs that are in order already cost one comparison; a sorted list costs no more than its length.
            if let (Some(&last), Some(&first)) = (left.last(), right.first())
                && !goes_first(first, last)?
            {
                merged.extend_from_slice(run);
                continue;
            }
            while let (Some(&l), Some(&r)) = (left.first(), right.first()) {
                if goes_first(r, l)? {
                    merged.push(r);
                    right = &right[1..];
                } else {
                    merged.push(l);
                    left = &left[1..];
                }
            }
            merged.extend_from_slice(left);
            merged.extend_from_slice(right);
        }
        std::mem::swap(&mut order, &mut merged);
        width *= 2;
    }
    Ok(order)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::repr;

    fn sorted(items: Vec<Value>, reverse: bool) -> String {
        let mut items = items;
        sort(&mut items, reverse).unwrap();
        repr(&Value::List(items)).unwrap()
    }

    #[test]
    fn every_list_comes_out_in_order() {
        let mut seed = 1u64;
        for length in 0..40 {
            let mut items: Vec<i64> = Vec::new();
            for _ in 0..length {
                seed = seed
                    .wrapping_mul(6364136223846793005)
                    .wrapping_add(1442695040888963407);
                items.push((seed >> 60) as i64);
            }
            let mut expected = items.clone();
            expected.sort();
            let expected = repr(&expected.into()).unwrap();
            assert_eq!(
                sorted(items.into_iter().map(Value::from).collect(), false),
                expected
            );
        }
    }

    #[test]
    fn equal_items_keep_their_order_also_in_reverse() {
        let items = || {
            vec![
                Value::Int(1),
                Value::Float(2.0),
                Value::Float(1.0),
                Value::Int(2),
                Value::Bool(true),
            ]
        };
        assert_eq!(sorted(items(), false), "[1, 1.0, True, 2.0, 2]");
        assert_eq!(sorted(items(), true), "[2.0, 2, 1, 1.0, True]");
    }

    #[test]
    fn a_failed_sort_changes_nothing() {
        for odd in [Value::from("a"), Value::Float(f64::NAN)] {
            let mut items = vec![3i64.into(), 1i64.into(), odd];
            let before = repr(&Value::List(items.clone())).unwrap();
            assert!(sort(&mut items, false).is_err());
            assert_eq!(repr(&Value::List(items)).unwrap(), before);
        }
    }
}
