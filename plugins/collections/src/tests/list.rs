use locum_guest::{Proxy, Result, Value, args, callback, slice};

use super::{after, all, answer, assert_before, data, run};

#[test]
fn p04_a_list_is_made_from_whatever_can_be_gone_through() {
    run(|it| {
        assert_eq!(it.make("list", ())?.to_string(), "[]");
        let list = it.list(data![1i64, "a", Value::Null])?;
        assert_eq!(list.to_string(), "[1, 'a', None]");
        assert_eq!(it.list("héy".into())?.to_string(), "['h', 'é', 'y']");
        assert_eq!(it.list(list.clone().into())?.to_string(), "[1, 'a', None]");
        let iterator: Proxy = list.call("__iter__", ())?;
        assert_eq!(it.list(iterator.into())?.to_string(), "[1, 'a', None]");
        let dict = it.make("dict", args!(a = 1, b = 2))?;
        assert_eq!(it.list(dict.into())?.to_string(), "['a', 'b']");
        assert_eq!(
            it.list(5i64.into()).unwrap_err().to_string(),
            "TypeError: 'int' object is not iterable"
        );
        let namespace = it.make("Namespace", ())?;
        assert_eq!(
            it.list(namespace.into()).unwrap_err().to_string(),
            "TypeError: 'Namespace' object is not iterable"
        );
        Ok(())
    });
}

#[test]
fn p05_p06_p16_the_transcript_of_the_seed() {
    run(|it| {
        let squares: Vec<i64> = (0..10).map(|i| i * i).collect();
        let list = it.list(squares.clone().into())?;
        assert_eq!(list.to_string(), "[0, 1, 4, 9, 16, 25, 36, 49, 64, 81]");
        assert!(format!("{list:?}").starts_with("<Proxy[list] #"));
        assert_eq!(list.get_item::<i64>(4)?, 16);
        assert_eq!(list.get_item::<Vec<i64>>(slice(2..5))?, [4, 9, 16]);
        assert!(list.eq(&squares)?);
        let range = it.list((0i64..10).collect::<Vec<_>>().into())?;
        assert_eq!(answer(&range, "__getslice__", (2, 7)), "[2, 3, 4, 5, 6]");
        let iterator: Proxy = range.call("__iter__", ())?;
        assert!(format!("{iterator:?}").starts_with("<Proxy[iterator] #"));
        assert_eq!(
            answer(&range, "__getitem__", (20,)),
            "IndexError: list index out of range"
        );
        Ok(())
    });
}

#[test]
fn items_are_added_and_taken_out_as_in_python() {
    run(|it| {
        let list = it.list(data![1i64])?;
        assert_eq!(after(&list, "append", (data![2i64],)), "[1, [2]]");
        assert_eq!(after(&list, "extend", ("ab",)), "[1, [2], 'a', 'b']");
        assert_eq!(after(&list, "insert", (-1, 9)), "[1, [2], 'a', 9, 'b']");
        assert_eq!(
            after(&list, "insert", (-100, 0)),
            "[0, 1, [2], 'a', 9, 'b']"
        );
        assert_eq!(
            after(&list, "insert", (100, true)),
            "[0, 1, [2], 'a', 9, 'b', True]"
        );
        assert_eq!(answer(&list, "pop", ()), "True");
        assert_eq!(answer(&list, "pop", (0,)), "0");
        assert_eq!(answer(&list, "pop", args!(index = -2)), "9");
        assert_eq!(
            answer(&list, "pop", (7,)),
            "IndexError: pop index out of range"
        );
        assert_eq!(after(&list, "remove", (1.0,)), "[[2], 'a', 'b']");
        assert_eq!(
            after(&list, "remove", (1,)),
            "ValueError: list.remove(x): x not in list"
        );
        assert_eq!(
            after(&list, "extend", (list.clone(),)),
            "[[2], 'a', 'b', [2], 'a', 'b']"
        );
        assert_eq!(after(&list, "clear", ()), "[]");
        assert_eq!(answer(&list, "pop", ()), "IndexError: pop from empty list");
        assert_eq!(
            after(&list, "extend", (5,)),
            "TypeError: 'int' object is not iterable"
        );
        Ok(())
    });
}

#[test]
fn items_are_found_counted_and_put_in_order() {
    run(|it| {
        let list = it.list(data![3i64, 1i64, 2.0, 1i64])?;
        assert_eq!(answer(&list, "index", (1,)), "1");
        assert_eq!(answer(&list, "index", (1, 2)), "3");
        assert_eq!(answer(&list, "index", (1, -1)), "3");
        assert_eq!(
            answer(&list, "index", (1, 2, -1)),
            "ValueError: 1 is not in list"
        );
        assert_eq!(
            answer(&list, "index", args!("x", stop = 9)),
            "ValueError: 'x' is not in list"
        );
        assert_eq!(answer(&list, "count", (1,)), "2");
        assert_eq!(answer(&list, "__contains__", (2,)), "True");
        assert!(!list.contains("1")?);
        assert_eq!(after(&list, "sort", ()), "[1, 1, 2.0, 3]");
        assert_eq!(
            after(&list, "sort", args!(reverse = true)),
            "[3, 2.0, 1, 1]"
        );
        assert_eq!(after(&list, "reverse", ()), "[1, 1, 2.0, 3]");
        list.call::<()>("append", ("a",))?;
        assert!(after(&list, "sort", ()).starts_with("TypeError: "));
        assert_eq!(list.to_string(), "[1, 1, 2.0, 3, 'a']");
        assert_eq!(answer(&list, "copy", ()), "[1, 1, 2.0, 3, 'a']");
        assert_eq!((list.len()?, list.truth()?), (5, true));
        Ok(())
    });
}

#[test]
fn p06_slices_are_read_written_and_deleted() {
    run(|it| {
        let list = it.list((0i64..6).collect::<Vec<_>>().into())?;
        assert_eq!(answer(&list, "__getitem__", (-1,)), "5");
        assert_eq!(
            answer(&list, "__getitem__", (slice(..).step(-2),)),
            "[5, 3, 1]"
        );
        assert_eq!(
            answer(&list, "__getitem__", ("a",)),
            "TypeError: list indices must be integers or slices, not text"
        );
        assert_eq!(
            after(&list, "__setitem__", (0, "x")),
            "['x', 1, 2, 3, 4, 5]"
        );
        assert_eq!(
            after(&list, "__setitem__", (slice(1..4), "ab")),
            "['x', 'a', 'b', 4, 5]"
        );
        assert_eq!(
            after(&list, "__setitem__", (slice(..).step(2), data![1i64])),
            "ValueError: attempt to assign sequence of size 1 to extended slice of size 3"
        );
        assert_eq!(
            after(&list, "__setitem__", (slice(5..), list.clone())),
            "['x', 'a', 'b', 4, 5, 'x', 'a', 'b', 4, 5]"
        );
        assert_eq!(after(&list, "__delitem__", (slice(2..9),)), "['x', 'a', 5]");
        assert_eq!(after(&list, "__delitem__", (-1,)), "['x', 'a']");
        assert_eq!(
            after(&list, "__delitem__", (2,)),
            "IndexError: list assignment index out of range"
        );
        assert_eq!(
            answer(&list, "__getitem__", (slice(..).step(0),)),
            "ValueError: slice step cannot be zero"
        );
        Ok(())
    });
}

#[test]
fn operators_give_data_and_in_place_ones_change_the_list() {
    run(|it| {
        let (a, b) = (it.list(data![1i64])?, it.list(data![2i64])?);
        assert_eq!(answer(&a, "__add__", (data![9i64],)), "[1, 9]");
        assert_eq!(answer(&a, "__add__", (b.clone(),)), "[1, 2]");
        assert_eq!(answer(&a, "__radd__", (data![0i64],)), "[0, 1]");
        assert_eq!(answer(&a, "__mul__", (3,)), "[1, 1, 1]");
        assert_eq!(answer(&a, "__rmul__", (-3,)), "[]");
        assert_eq!(after(&a, "__iadd__", (b,)), "[1, 2]");
        assert_eq!(after(&a, "__iadd__", ("x",)), "[1, 2, 'x']");
        assert_eq!(after(&a, "__imul__", (2,)), "[1, 2, 'x', 1, 2, 'x']");
        assert!(answer(&a, "__add__", ("text",)).starts_with("TypeError: "));
        assert!(answer(&a, "__mul__", (1i64 << 60,)).starts_with("LimitExceeded: "));
        let set = it.make("set", ())?;
        assert_eq!(
            answer(&a, "__add__", (set,)),
            "TypeError: unsupported operand type(s) for +: 'list' and 'set'"
        );
        Ok(())
    });
}

#[test]
fn comparisons_are_those_of_python() {
    run(|it| {
        let (a, b) = (it.list(data![1i64, 2i64])?, it.list(data![1i64, 3i64])?);
        assert!(a.eq(data![1.0, 2i64])? && a.ne(&b)? && !a.eq(&b)? && a.eq(&a)?);
        assert_before(&a, &b)?;
        assert!(a.call::<bool>("__lt__", (data![1i64, 2i64, 0i64],))?);
        assert!(!a.eq("text")? && !a.eq(())?);
        assert!(answer(&a, "__lt__", (5,)).starts_with("TypeError: "));
        let (deque, set) = (
            it.make("deque", (data![1i64, 2i64],))?,
            it.make("set", (data![1i64, 2i64],))?,
        );
        assert!(!a.eq(&deque)? && a.ne(&set)?);
        assert_eq!(
            answer(&a, "__lt__", (&set,)),
            "TypeError: '<' not supported between instances of 'list' and 'set'"
        );
        Ok(())
    });
}

#[test]
fn p10_an_iterator_sees_what_is_appended() {
    run(|it| {
        let list = it.list(data![1i64, 2i64])?;
        assert_eq!(list.iter::<i64>()?.collect::<Result<Vec<_>>>()?, [1, 2]);
        let iterator: Proxy = list.call("__iter__", ())?;
        assert_eq!(answer(&iterator, "next", ()), "1");
        assert_eq!(answer(&iterator, "__next__", ()), "2");
        list.call::<()>("append", (3,))?;
        assert_eq!(answer(&iterator, "__next__", ()), "3");
        assert_eq!(
            answer(&iterator, "__next__", ()),
            "StopIteration: the iterator has ended"
        );
        list.call::<()>("append", (4,))?;
        assert_eq!(
            answer(&iterator, "__next__", ()),
            "StopIteration: the iterator has ended"
        );
        assert_eq!(all(list.call("__reversed__", ())), "[4, 3, 2, 1]");
        let backward: Proxy = list.call("__reversed__", ())?;
        list.call::<()>("clear", ())?;
        assert_eq!(
            answer(&backward, "__next__", ()),
            "StopIteration: the iterator has ended"
        );
        Ok(())
    });
}

#[test]
fn elements_that_are_objects_are_asked_while_the_list_is_free() {
    run(|it| {
        let list = it.list(data![])?;
        let far = list.clone();
        // Its comparisons are answered by the host, which changes the list meanwhile.
        let odd = callback(move |_: ()| far.call::<()>("append", ("seen",)));
        list.call::<()>("append", (odd.clone(),))?;
        assert!(list.contains(&odd)?);
        assert_eq!(answer(&list, "index", (&odd,)), "0");
        assert_eq!(answer(&list, "count", (&odd,)), "1");
        list.call::<()>("remove", (&odd,))?;
        assert_eq!(list.to_string(), "[]");
        Ok(())
    });
}
