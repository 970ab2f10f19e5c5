use std::collections::HashSet;

use locum_guest::{Proxy, Value};

use super::{after, all, answer, data, run};

#[test]
fn p04_a_set_has_each_element_once() {
    run(|it| {
        let set = it.make("set", (data![1i64, 2i64, 1.0, true, "a"],))?;
        assert_eq!(set.to_string(), "{1, 2, 'a'}");
        assert_eq!(it.make("set", ())?.to_string(), "set()");
        assert_eq!(
            it.make("set", ("hello",))?.to_string(),
            "{'h', 'e', 'l', 'o'}"
        );
        assert_eq!(it.make("set", (data![data![1i64]],))?.to_string(), "{[1]}");
        let list = it.make("list", ())?;
        assert_eq!(
            it.make("set", (data![list],)).unwrap_err().to_string(),
            "TypeError: unhashable type: 'list'"
        );
        assert_eq!(
            it.make("set", (5,)).unwrap_err().to_string(),
            "TypeError: 'int' object is not iterable"
        );
        assert_eq!(
            set.value::<Vec<Value>>()?,
            [1i64.into(), 2i64.into(), Value::from("a")]
        );
        assert_eq!(all(set.call("__iter__", ())), "[1, 2, 'a']");
        Ok(())
    });
}

#[test]
fn elements_are_added_and_taken_out() {
    run(|it| {
        let set = it.make("set", (vec![1, 2],))?;
        assert_eq!(after(&set, "add", (3,)), "{1, 2, 3}");
        assert_eq!(after(&set, "add", (1.0,)), "{1, 2, 3}");
        assert_eq!(after(&set, "remove", (2,)), "{1, 3}");
        assert_eq!(after(&set, "remove", ("x",)), "KeyError: 'x'");
        assert_eq!(after(&set, "discard", ("x",)), "{1, 3}");
        assert_eq!(after(&set, "discard", (1,)), "{3}");
        assert!(set.contains(3)? && !set.contains(1)? && set.len()? == 1 && set.truth()?);
        assert_eq!(answer(&set, "pop", ()), "3");
        assert_eq!(answer(&set, "pop", ()), "KeyError: pop from an empty set");
        assert_eq!(
            after(&set, "add", (it.make("dict", ())?,)),
            "TypeError: unhashable type: 'dict'"
        );
        set.call::<()>("add", (1,))?;
        assert_eq!(after(&set, "clear", ()), "set()");
        Ok(())
    });
}

#[test]
fn sets_are_mixed_into_new_sets() {
    run(|it| {
        let (a, b) = (
            it.make("set", (vec![1, 2, 3],))?,
            it.make("set", (vec![3, 4],))?,
        );
        let c = data![1i64, 4i64];
        assert_eq!(answer(&a, "union", (&b, "x")), "{1, 2, 3, 4, 'x'}");
        assert_eq!(answer(&a, "union", ()), "{1, 2, 3}");
        assert_eq!(answer(&a, "intersection", (&b, &c)), "set()");
        assert_eq!(answer(&a, "intersection", (&b,)), "{3}");
        assert_eq!(answer(&a, "difference", (&b, &c)), "{2}");
        assert_eq!(answer(&a, "symmetric_difference", (&b,)), "{1, 2, 4}");
        assert_eq!(a.to_string(), "{1, 2, 3}");
        let copy: Proxy = a.call("copy", ())?;
        copy.call::<()>("add", (9,))?;
        assert_eq!((copy.len()?, a.len()?), (4, 3));
        assert_eq!(
            answer(&a, "union", (5,)),
            "TypeError: 'int' object is not iterable"
        );
        Ok(())
    });
}

#[test]
fn sets_are_changed_by_others() {
    run(|it| {
        let a = it.make("set", (vec![1, 2, 3],))?;
        assert_eq!(after(&a, "update", (vec![4], "x")), "{1, 2, 3, 4, 'x'}");
        assert_eq!(
            after(&a, "intersection_update", (vec![1, 2, 4], vec![1, 2, 9])),
            "{1, 2}"
        );
        assert_eq!(
            after(&a, "symmetric_difference_update", (vec![2, 3],)),
            "{1, 3}"
        );
        assert_eq!(after(&a, "difference_update", (vec![3], vec![7])), "{1}");
        assert_eq!(
            after(&a, "update", (vec![2], 5)),
            "TypeError: 'int' object is not iterable"
        );
        assert_eq!(after(&a, "update", (&a,)), "{1}");
        assert_eq!(after(&a, "difference_update", (&a,)), "set()");
        Ok(())
    });
}

#[test]
fn operators_take_sets_and_the_lists_that_sets_travel_as() {
    run(|it| {
        let (a, b) = (
            it.make("set", (vec![1, 2, 3],))?,
            it.make("set", (vec![3, 4],))?,
        );
        for (name, expected) in [
            ("or", "{1, 2, 3, 4}"),
            ("and", "{3}"),
            ("sub", "{1, 2}"),
            ("xor", "{1, 2, 4}"),
        ] {
            assert_eq!(answer(&a, &format!("__{name}__"), (&b,)), expected);
            assert_eq!(
                answer(&a, &format!("__{name}__"), (HashSet::from([3, 4]),)).len(),
                expected.len()
            );
            let changed: Proxy = a.call("copy", ())?;
            assert_eq!(after(&changed, &format!("__i{name}__"), (&b,)), expected);
            assert!(
                answer(&a, &format!("__{name}__"), ("text",))
                    .starts_with("TypeError: unsupported operand type(s) for ")
            );
            assert!(
                after(&a, &format!("__i{name}__"), (5,))
                    .starts_with("TypeError: unsupported operand type(s) for ")
            );
        }
        assert_eq!(answer(&a, "__rsub__", (vec![1, 9],)), "{9}");
        assert_eq!(answer(&a, "__ror__", (vec![9],)), "{9, 1, 2, 3}");
        assert_eq!(answer(&a, "__rand__", (vec![2, 9],)), "{2}");
        assert_eq!(answer(&a, "__rxor__", (vec![3, 9],)), "{9, 1, 2}");
        assert_eq!(
            answer(&a, "__or__", (it.make("dict", ())?,)),
            "TypeError: unsupported operand type(s) for |: 'set' and 'dict'"
        );
        Ok(())
    });
}

#[test]
fn comparisons_are_tests_for_subsets() {
    run(|it| {
        let (small, big) = (
            it.make("set", (vec![1, 2],))?,
            it.make("set", (vec![2, 1, 3],))?,
        );
        let other = it.make("set", (vec![1, 9],))?;
        let holds = |a: &Proxy, name: &str, b: &Proxy| a.call::<bool>(name, (b,));
        assert!(holds(&small, "__lt__", &big)? && holds(&small, "__le__", &small)?);
        assert!(!holds(&small, "__lt__", &small)? && holds(&big, "__gt__", &small)?);
        assert!(holds(&big, "__ge__", &small)? && !holds(&big, "__le__", &small)?);
        assert!(!holds(&small, "__le__", &other)? && !holds(&small, "__ge__", &other)?);
        assert!(holds(&small, "issubset", &big)? && holds(&big, "issuperset", &small)?);
        assert!(
            !holds(&small, "isdisjoint", &other)? && small.call::<bool>("isdisjoint", ("ab",))?
        );
        assert!(small.eq(it.make("set", (vec![2.0, 1.0],))?)? && small.ne(&other)?);
        assert!(small.eq(HashSet::from([1, 2]))? && !small.eq(vec![1])?);
        assert!(!small.eq(5)? && !small.eq(it.list(data![1i64, 2i64])?)?);
        assert!(!small.eq(data![it.make("list", ())?])?);
        assert_eq!(
            answer(&small, "__lt__", (5,)),
            "TypeError: '<' not supported between instances of 'set' and 'int'"
        );
        Ok(())
    });
}

#[test]
fn an_iterator_refuses_a_set_that_has_grown() {
    run(|it| {
        let set = it.make("set", (vec![1],))?;
        let iterator: Proxy = set.call("__iter__", ())?;
        set.call::<()>("add", (2,))?;
        assert_eq!(
            answer(&iterator, "__next__", ()),
            "RuntimeError: Set changed size during iteration"
        );
        Ok(())
    });
}
