use locum_guest::{Proxy, args};

use super::{after, all, answer, assert_before, data, run};

#[test]
fn p04_a_deque_is_quick_at_both_ends() {
    run(|it| {
        let deque = it.make("deque", ("ab",))?;
        assert_eq!(deque.to_string(), "deque(['a', 'b'])");
        assert_eq!(after(&deque, "append", (1,)), "deque(['a', 'b', 1])");
        assert_eq!(after(&deque, "appendleft", (0,)), "deque([0, 'a', 'b', 1])");
        assert_eq!(answer(&deque, "pop", ()), "1");
        assert_eq!(answer(&deque, "popleft", ()), "0");
        assert_eq!(
            after(&deque, "extend", (vec![1, 2],)),
            "deque(['a', 'b', 1, 2])"
        );
        assert_eq!(
            after(&deque, "extendleft", (vec![1, 2],)),
            "deque([2, 1, 'a', 'b', 1, 2])"
        );
        assert_eq!(after(&deque, "rotate", ()), "deque([2, 2, 1, 'a', 'b', 1])");
        assert_eq!(
            after(&deque, "rotate", (-13,)),
            "deque([2, 1, 'a', 'b', 1, 2])"
        );
        assert_eq!(after(&deque, "remove", (1,)), "deque([2, 'a', 'b', 1, 2])");
        assert_eq!(
            after(&deque, "remove", (9,)),
            "ValueError: 9 is not in deque"
        );
        assert_eq!(after(&deque, "reverse", ()), "deque([2, 1, 'b', 'a', 2])");
        assert_eq!(
            after(&deque, "insert", (1, "x")),
            "deque([2, 'x', 1, 'b', 'a', 2])"
        );
        assert_eq!(
            after(&deque, "insert", (-99, "y")),
            "deque(['y', 2, 'x', 1, 'b', 'a', 2])"
        );
        assert_eq!(answer(&deque, "index", (2,)), "1");
        assert_eq!(answer(&deque, "index", (2, 2)), "6");
        assert_eq!(
            answer(&deque, "index", (2, 2, 6)),
            "ValueError: 2 is not in deque"
        );
        assert_eq!(answer(&deque, "count", (2.0,)), "2");
        assert_eq!(deque.len()?, 7);
        assert_eq!(after(&deque, "clear", ()), "deque([])");
        assert_eq!(
            answer(&deque, "pop", ()),
            "IndexError: pop from an empty deque"
        );
        assert_eq!(
            answer(&deque, "popleft", ()),
            "IndexError: pop from an empty deque"
        );
        assert_eq!(after(&deque, "rotate", (3,)), "deque([])");
        assert!(!deque.truth()?);
        Ok(())
    });
}

#[test]
fn a_full_deque_drops_at_the_other_end() {
    run(|it| {
        let deque = it.make("deque", args!(vec![1, 2, 3], maxlen = 2))?;
        assert_eq!(deque.to_string(), "deque([2, 3], maxlen=2)");
        assert_eq!(deque.get::<u64>("maxlen")?, 2);
        assert_eq!(after(&deque, "append", (4,)), "deque([3, 4], maxlen=2)");
        assert_eq!(after(&deque, "appendleft", (2,)), "deque([2, 3], maxlen=2)");
        assert_eq!(
            after(&deque, "extendleft", (vec![7, 8, 9],)),
            "deque([9, 8], maxlen=2)"
        );
        assert_eq!(
            after(&deque, "insert", (0, 1)),
            "IndexError: deque already at its maximum size"
        );
        assert_eq!(answer(&deque, "copy", ()), "deque([9, 8], maxlen=2)");
        assert_eq!(
            answer(&deque, "__add__", (vec![1],)),
            "deque([8, 1], maxlen=2)"
        );
        assert_eq!(answer(&deque, "__mul__", (2,)), "deque([9, 8], maxlen=2)");
        assert!(deque.set("maxlen", 3).is_err());
        assert_eq!(
            it.make("deque", (vec![1], 0))?.to_string(),
            "deque([], maxlen=0)"
        );
        assert_eq!(it.make("deque", ())?.get::<Option<u64>>("maxlen")?, None);
        assert_eq!(
            it.make("deque", (vec![1], -1)).unwrap_err().to_string(),
            "ValueError: maxlen must be non-negative"
        );
        Ok(())
    });
}

#[test]
fn items_operators_and_comparisons() {
    run(|it| {
        let deque = it.make("deque", (vec![1, 2, 3],))?;
        assert_eq!(answer(&deque, "__getitem__", (-1,)), "3");
        assert_eq!(
            answer(&deque, "__getitem__", (3,)),
            "IndexError: deque index out of range"
        );
        assert!(
            answer(&deque, "__getitem__", (locum_guest::slice(..),)).starts_with("TypeError: ")
        );
        assert_eq!(after(&deque, "__setitem__", (0, "x")), "deque(['x', 2, 3])");
        assert_eq!(
            after(&deque, "__setitem__", (-4, "x")),
            "IndexError: deque index out of range"
        );
        assert_eq!(after(&deque, "__delitem__", (1,)), "deque(['x', 3])");
        assert_eq!(
            after(&deque, "__delitem__", (2,)),
            "IndexError: deque index out of range"
        );
        assert!(deque.contains("x")? && !deque.contains(2)?);
        let other = it.make("deque", (vec![5],))?;
        assert_eq!(answer(&deque, "__add__", (&other,)), "deque(['x', 3, 5])");
        assert_eq!(answer(&other, "__rmul__", (2,)), "deque([5, 5])");
        assert_eq!(after(&other, "__iadd__", ("ab",)), "deque([5, 'a', 'b'])");
        assert_eq!(
            after(&other, "__imul__", (2,)),
            "deque([5, 'a', 'b', 5, 'a', 'b'])"
        );
        other.call::<()>("extend", (&other,))?;
        assert_eq!(other.len()?, 12);
        let (a, b) = (
            it.make("deque", (vec![1, 2],))?,
            it.make("deque", (vec![1, 3],))?,
        );
        assert_before(&a, &b)?;
        assert!(a.eq(vec![1, 2])? && !a.eq(it.list(data![1i64, 2i64])?)?);
        assert_eq!(
            answer(&a, "__add__", (it.make("list", ())?,)),
            "TypeError: unsupported operand type(s) for +: 'deque' and 'list'"
        );
        assert_eq!(a.value::<std::collections::VecDeque<i64>>()?, [1, 2]);
        Ok(())
    });
}

#[test]
fn an_iterator_refuses_a_deque_that_was_changed() {
    run(|it| {
        let deque = it.make("deque", (vec![1, 2, 3],))?;
        assert_eq!(all(deque.call("__iter__", ())), "[1, 2, 3]");
        assert_eq!(all(deque.call("__reversed__", ())), "[3, 2, 1]");
        let iterator: Proxy = deque.call("__iter__", ())?;
        assert_eq!(answer(&iterator, "__next__", ()), "1");
        deque.set_item(1, 9)?;
        assert_eq!(answer(&iterator, "__next__", ()), "9");
        deque.call::<()>("rotate", ())?;
        assert_eq!(
            answer(&iterator, "__next__", ()),
            "RuntimeError: deque mutated during iteration"
        );
        Ok(())
    });
}
