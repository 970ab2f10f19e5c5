use locum_guest::{Bytes, Proxy, Result, slice};

use super::{after, all, answer, assert_before, data, run};

#[test]
fn p04_an_array_is_made_from_numbers_bytes_and_characters() {
    run(|it| {
        let array = it.make("array", ("i", vec![1, 2, 3]))?;
        assert_eq!(array.to_string(), "array('i', [1, 2, 3])");
        assert_eq!(
            (
                array.get::<String>("typecode")?.as_str(),
                array.get::<u64>("itemsize")?
            ),
            ("i", 4)
        );
        assert_eq!(it.make("array", ("d",))?.to_string(), "array('d')");
        assert_eq!(
            it.make("array", ("d", data![1i64, 0.5]))?.to_string(),
            "array('d', [1.0, 0.5])"
        );
        assert_eq!(
            it.make("array", ("u", "aé"))?.to_string(),
            "array('u', 'aé')"
        );
        assert_eq!(
            it.make("array", ("h", Bytes::from(b"\x01\x00\xff\xff")))?
                .to_string(),
            "array('h', [1, -1])"
        );
        assert_eq!(
            it.make("array", ("B", it.list(data![1i64])?))?.to_string(),
            "array('B', [1])"
        );
        for (code, data, expected) in [
            (
                "z",
                data![],
                "ValueError: bad typecode (must be one of b, B, u, h, H, i, I, l, L, q, Q, f, d)",
            ),
            (
                "c",
                data![],
                "ValueError: bad typecode (must be one of b, B, u, h, H, i, I, l, L, q, Q, f, d)",
            ),
            (
                "b",
                data![200i64],
                "OverflowError: signed char is greater than maximum",
            ),
            (
                "i",
                data!["a"],
                "TypeError: 'text' object cannot be interpreted as an integer",
            ),
            (
                "i",
                Bytes::from(b"abc").into(),
                "ValueError: bytes length not a multiple of item size",
            ),
            ("i", 5i64.into(), "TypeError: 'int' object is not iterable"),
        ] {
            assert_eq!(
                it.make("array", (code, data)).unwrap_err().to_string(),
                expected
            );
        }
        Ok(())
    });
}

#[test]
fn items_are_added_found_and_taken_out() {
    run(|it| {
        let array = it.make("array", ("i", vec![1]))?;
        assert_eq!(after(&array, "append", (2,)), "array('i', [1, 2])");
        assert_eq!(
            after(&array, "append", ("x",)),
            "TypeError: 'text' object cannot be interpreted as an integer"
        );
        assert_eq!(
            after(&array, "extend", (vec![3, 1],)),
            "array('i', [1, 2, 3, 1])"
        );
        assert_eq!(
            after(&array, "extend", (data![3i64, "x"],)),
            "TypeError: 'text' object cannot be interpreted as an integer"
        );
        assert_eq!(
            after(&array, "extend", (it.make("array", ("h", vec![3]))?,)),
            "TypeError: can only extend with array of same kind"
        );
        assert_eq!(
            after(&array, "insert", (-1, 9)),
            "array('i', [1, 2, 3, 9, 1])"
        );
        assert_eq!(answer(&array, "pop", ()), "1");
        assert_eq!(answer(&array, "pop", (0,)), "1");
        assert_eq!(
            answer(&array, "pop", (5,)),
            "IndexError: pop index out of range"
        );
        assert_eq!(after(&array, "remove", (3.0,)), "array('i', [2, 9])");
        assert_eq!(
            after(&array, "remove", (3,)),
            "ValueError: array.remove(x): x not in array"
        );
        assert_eq!(answer(&array, "index", (9,)), "1");
        assert_eq!(
            answer(&array, "index", (9, 0, 1)),
            "ValueError: array.index(x): x not in array"
        );
        assert_eq!(answer(&array, "count", (9,)), "1");
        assert!(array.contains(2)? && !array.contains("2")? && array.len()? == 2);
        assert_eq!(
            after(&array, "fromlist", (vec![-1],)),
            "array('i', [2, 9, -1])"
        );
        assert_eq!(
            after(&array, "extend", (&array,)),
            "array('i', [2, 9, -1, 2, 9, -1])"
        );
        assert_eq!(
            after(&array, "reverse", ()),
            "array('i', [-1, 9, 2, -1, 9, 2])"
        );
        assert_eq!(array.call::<Vec<i64>>("tolist", ())?, [-1, 9, 2, -1, 9, 2]);
        assert_eq!(array.value::<Vec<i64>>()?, [-1, 9, 2, -1, 9, 2]);
        let empty = it.make("array", ("d",))?;
        assert_eq!(
            answer(&empty, "pop", ()),
            "IndexError: pop from empty array"
        );
        Ok(())
    });
}

#[test]
fn items_and_slices_are_read_written_and_deleted() {
    run(|it| {
        let array = it.make("array", ("h", vec![0, 1, 2, 3, 4]))?;
        assert_eq!(answer(&array, "__getitem__", (-1,)), "4");
        assert_eq!(
            answer(&array, "__getitem__", (5,)),
            "IndexError: array index out of range"
        );
        assert_eq!(
            answer(&array, "__getitem__", ("a",)),
            "TypeError: array indices must be integers or slices, not text"
        );
        assert_eq!(
            answer(&array, "__getitem__", (slice(1..4).step(2),)),
            "array('h', [1, 3])"
        );
        assert_eq!(array.get_item::<Vec<i64>>(slice(..2))?, [0, 1]);
        assert_eq!(
            answer(&array, "__getitem__", (slice(..).step(0),)),
            "ValueError: slice step cannot be zero"
        );
        assert_eq!(
            after(&array, "__setitem__", (0, 7)),
            "array('h', [7, 1, 2, 3, 4])"
        );
        assert_eq!(
            after(&array, "__setitem__", (0, 70_000)),
            "OverflowError: signed short integer is greater than maximum"
        );
        assert_eq!(
            after(&array, "__setitem__", (9, 7)),
            "IndexError: array assignment index out of range"
        );
        assert_eq!(
            after(&array, "__setitem__", (slice(1..3), vec![5])),
            "array('h', [7, 5, 3, 4])"
        );
        assert_eq!(
            after(&array, "__setitem__", (slice(1..1), data!["x"])),
            "TypeError: 'text' object cannot be interpreted as an integer"
        );
        assert_eq!(
            after(&array, "__delitem__", (slice(..).step(2),)),
            "array('h', [5, 4])"
        );
        assert_eq!(after(&array, "__delitem__", (0,)), "array('h', [4])");
        assert_eq!(
            after(&array, "__delitem__", (1,)),
            "IndexError: array assignment index out of range"
        );
        Ok(())
    });
}

#[test]
fn bytes_come_and_go_as_in_memory() {
    run(|it| {
        let array = it.make("array", ("H", vec![1, 0xff00]))?;
        assert_eq!(&*array.call::<Bytes>("tobytes", ())?, b"\x01\x00\x00\xff");
        assert_eq!(
            after(&array, "frombytes", (Bytes::from(b"\x02\x01"),)),
            "array('H', [1, 65280, 258])"
        );
        assert_eq!(
            after(&array, "frombytes", (Bytes::from(b"\x02"),)),
            "ValueError: bytes length not a multiple of item size"
        );
        assert_eq!(after(&array, "byteswap", ()), "array('H', [256, 255, 513])");
        let text = it.make("array", ("u", "a"))?;
        assert_eq!(&*text.call::<Bytes>("tobytes", ())?, b"a\0\0\0");
        assert!(
            after(&text, "frombytes", (Bytes::from(b"\xff\xff\xff\xff"),))
                .starts_with("ValueError: ")
        );
        let floats = it.make("array", ("d", vec![0.5, -2.0]))?;
        let again = it.make("array", ("d", floats.call::<Bytes>("tobytes", ())?))?;
        assert!(again.eq(&floats)?);
        Ok(())
    });
}

#[test]
fn operators_comparisons_and_iterators() {
    run(|it| {
        let (a, b) = (
            it.make("array", ("i", vec![1, 2]))?,
            it.make("array", ("i", vec![1, 3]))?,
        );
        assert_eq!(answer(&a, "__add__", (&b,)), "array('i', [1, 2, 1, 3])");
        assert_eq!(answer(&a, "__mul__", (2,)), "array('i', [1, 2, 1, 2])");
        assert_eq!(answer(&a, "__rmul__", (0,)), "array('i')");
        assert_before(&a, &b)?;
        assert!(a.eq(it.make("array", ("d", vec![1.0, 2.0]))?)? && a.eq(vec![1, 2])?);
        assert!(!a.eq(it.list(data![1i64, 2i64])?)?);
        assert_eq!(after(&a, "__iadd__", (&b,)), "array('i', [1, 2, 1, 3])");
        assert_eq!(
            after(&a, "__imul__", (2,)),
            "array('i', [1, 2, 1, 3, 1, 2, 1, 3])"
        );
        assert_eq!(a.iter::<i64>()?.collect::<Result<Vec<_>>>()?.len(), 8);
        assert_eq!(all(b.call("__reversed__", ())), "[3, 1]");
        let iterator: Proxy = b.call("__iter__", ())?;
        assert_eq!(answer(&iterator, "__next__", ()), "1");
        Ok(())
    });
}
