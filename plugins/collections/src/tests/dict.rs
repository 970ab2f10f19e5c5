use locum_guest::{Bytes, Map, Proxy, Result, Value, args};

use super::{after, all, answer, data, run};

fn map(entries: &[(&str, i64)]) -> Map {
    entries
        .iter()
        .map(|(key, value)| ((*key).into(), (*value).into()))
        .collect()
}

#[test]
fn p04_a_dict_is_made_from_maps_pairs_dicts_and_keywords() {
    run(|it| {
        let dict = it.make("dict", (map(&[("a", 1), ("b", 2)]),))?;
        assert_eq!(dict.to_string(), "{'a': 1, 'b': 2}");
        assert_eq!(it.make("dict", ())?.to_string(), "{}");
        let more = it.make("dict", args!(dict, b = 3, source = 4))?;
        assert_eq!(more.to_string(), "{'a': 1, 'b': 3, 'source': 4}");
        let pairs: Vec<(i64, i64)> = (0..3).map(|i| (i * i, i)).collect();
        let dict = it.make("dict", (pairs,))?;
        assert_eq!(dict.to_string(), "{0: 0, 1: 1, 4: 2}");
        assert_eq!(it.make("dict", (vec!["ab"],))?.to_string(), "{'a': 'b'}");
        let pairs = it.list(data![data!["k", 1i64], it.list(data!["l", 2i64])?])?;
        assert_eq!(it.make("dict", (pairs,))?.to_string(), "{'k': 1, 'l': 2}");
        for (source, expected) in [
            (Value::from(5i64), "TypeError: 'int' object is not iterable"),
            (
                data![1i64],
                "TypeError: cannot convert dictionary update sequence element #0 to a sequence",
            ),
            (
                data![data![1i64]],
                "ValueError: dictionary update sequence element #0 has length 1; 2 is required",
            ),
        ] {
            assert_eq!(
                it.make("dict", (source,)).unwrap_err().to_string(),
                expected
            );
        }
        assert_eq!(
            it.make("dict", (1, 2)).unwrap_err().to_string(),
            "TypeError: dict expected at most 1 argument, got 2"
        );
        Ok(())
    });
}

#[test]
fn p10_the_transcript_of_the_seed() {
    run(|it| {
        let pairs: Vec<(i64, i64)> = (0..10).map(|i| (i * i, i)).collect();
        let dict = it.make("dict", (pairs,))?;
        let mut seen = String::new();
        for key in dict.iter::<i64>()? {
            let key = key?;
            seen += &format!("<{key},{}> ", dict.get_item::<i64>(key)?);
        }
        assert_eq!(
            seen,
            "<0,0> <1,1> <4,2> <9,3> <16,4> <25,5> <36,6> <49,7> <64,8> <81,9> "
        );
        Ok(())
    });
}

#[test]
fn entries_are_read_written_and_taken_out() {
    run(|it| {
        let dict = it.make("dict", args!(a = 1, b = 2))?;
        assert_eq!(answer(&dict, "__getitem__", ("b",)), "2");
        assert_eq!(answer(&dict, "__getitem__", ("x",)), "KeyError: 'x'");
        assert_eq!(answer(&dict, "get", ("x",)), "None");
        assert_eq!(answer(&dict, "get", args!("x", default = 7)), "7");
        assert_eq!(answer(&dict, "setdefault", ("a", 5)), "1");
        assert_eq!(answer(&dict, "setdefault", ("c", 5)), "5");
        assert_eq!(answer(&dict, "setdefault", ("n",)), "None");
        assert_eq!(answer(&dict, "pop", ("n",)), "None");
        assert_eq!(answer(&dict, "pop", ("n",)), "KeyError: 'n'");
        assert_eq!(answer(&dict, "pop", ("n", ())), "None");
        assert_eq!(
            answer(&dict, "pop", ("n", 1, 2)),
            "TypeError: pop expected at most 2 arguments, got 3"
        );
        assert_eq!(
            after(&dict, "__setitem__", ("b", "new")),
            "{'a': 1, 'b': 'new', 'c': 5}"
        );
        assert_eq!(after(&dict, "__delitem__", ("a",)), "{'b': 'new', 'c': 5}");
        assert_eq!(after(&dict, "__delitem__", ("a",)), "KeyError: 'a'");
        assert!(dict.contains("c")? && !dict.contains(5)? && dict.len()? == 2 && dict.truth()?);
        assert_eq!(answer(&dict, "popitem", ()), "['c', 5]");
        assert_eq!(after(&dict, "clear", ()), "{}");
        assert_eq!(
            answer(&dict, "popitem", ()),
            "KeyError: popitem(): dictionary is empty"
        );
        assert!(!dict.truth()?);
        Ok(())
    });
}

#[test]
fn keys_values_and_items_are_lists_and_copies_maps() {
    run(|it| {
        let dict = it.make("dict", args!(a = 1, b = 2))?;
        assert_eq!(dict.call::<Vec<String>>("keys", ())?, ["a", "b"]);
        assert_eq!(dict.call::<Vec<i64>>("values", ())?, [1, 2]);
        assert_eq!(
            dict.call::<Vec<(String, i64)>>("items", ())?,
            [("a".into(), 1), ("b".into(), 2)]
        );
        assert_eq!(
            dict.call::<std::collections::HashMap<String, i64>>("copy", ())?["b"],
            2
        );
        assert_eq!(
            dict.value::<std::collections::BTreeMap<String, i64>>()?["a"],
            1
        );
        assert_eq!(all(dict.call("__reversed__", ())), "['b', 'a']");
        Ok(())
    });
}

#[test]
fn update_and_the_operators_join_dicts() {
    run(|it| {
        let dict = it.make("dict", args!(a = 1))?;
        let other = it.make("dict", args!(a = 2, b = 2))?;
        assert_eq!(
            after(&dict, "update", args!(map(&[("b", 3)]), c = 4)),
            "{'a': 1, 'b': 3, 'c': 4}"
        );
        assert_eq!(
            answer(&dict, "__or__", (&other,)),
            "{'a': 2, 'b': 2, 'c': 4}"
        );
        assert_eq!(
            answer(&dict, "__or__", (map(&[("z", 1)]),)),
            "{'a': 1, 'b': 3, 'c': 4, 'z': 1}"
        );
        assert_eq!(
            answer(&dict, "__ror__", (map(&[("z", 1), ("a", 9)]),)),
            "{'z': 1, 'a': 1, 'b': 3, 'c': 4}"
        );
        assert_eq!(
            answer(&dict, "__or__", (data![1i64],)),
            "TypeError: unsupported operand type(s) for |: 'dict' and 'list'"
        );
        assert_eq!(
            after(&dict, "__ior__", (&other,)),
            "{'a': 2, 'b': 2, 'c': 4}"
        );
        assert_eq!(after(&dict, "update", (&dict,)), "{'a': 2, 'b': 2, 'c': 4}");
        assert_eq!(
            after(&dict, "update", (data![data!["a", 0i64]],)),
            "{'a': 0, 'b': 2, 'c': 4}"
        );
        assert_eq!(after(&dict, "update", ()), "{'a': 0, 'b': 2, 'c': 4}");
        Ok(())
    });
}

#[test]
fn equality_regards_no_order() {
    run(|it| {
        let dict = it.make("dict", args!(a = 1, b = 2))?;
        assert!(
            dict.eq(map(&[("b", 2), ("a", 1)]))?
                && dict.eq(it.make("dict", args!(b = 2.0, a = true))?)?
        );
        assert!(dict.ne(map(&[("a", 1)]))? && dict.ne(map(&[("a", 1), ("c", 2)]))?);
        assert!(!dict.eq(it.list(data!["a", "b"])?)? && !dict.eq(data!["a", "b"])?);
        let odd: Map = [(map(&[]).into(), 1i64.into()), (2i64.into(), 1i64.into())]
            .into_iter()
            .collect();
        assert!(!dict.eq(odd)?);
        assert!(answer(&dict, "__lt__", (&dict,)).starts_with("AttributeError: "));
        Ok(())
    });
}

#[test]
fn keys_are_data_that_does_not_change() {
    run(|it| {
        let dict = it.make("dict", ())?;
        let tuple = || data![1i64, data!["a", Value::Null]];
        let keys: [Value; 6] = [
            ().into(),
            "1".into(),
            1.5.into(),
            Bytes::from(b"k").into(),
            tuple(),
            f64::NAN.into(),
        ];
        for (at, key) in keys.iter().enumerate() {
            dict.set_item(key, at)?;
        }
        for (at, key) in keys.iter().enumerate() {
            assert_eq!(dict.get_item::<usize>(key)?, at);
        }
        assert_eq!(
            dict.to_string(),
            "{None: 0, '1': 1, 1.5: 2, b'k': 3, [1, ['a', None]]: 4, nan: 5}"
        );
        for (key, name) in [
            (Value::from(map(&[])), "map"),
            (data![1i64, data![map(&[])]], "map"),
            (it.make("list", ())?.into(), "list"),
            (locum_guest::slice(..).into(), "slice"),
        ] {
            let refused = format!("TypeError: unhashable type: '{name}'");
            for (method, args) in [
                ("__getitem__", data![key.clone()]),
                ("get", data![key.clone()]),
                ("__contains__", data![key.clone()]),
            ] {
                let Value::List(positional) = args else {
                    continue;
                };
                let args = locum_guest::DynArgs {
                    positional,
                    ..Default::default()
                };
                assert_eq!(answer(&dict, method, args), refused);
            }
            assert_eq!(after(&dict, "__setitem__", (key, 1)), refused);
        }
        Ok(())
    });
}

#[test]
fn numbers_that_are_equal_are_one_key() {
    run(|it| {
        let dict = it.make(
            "dict",
            (data![
                data![1i64, "int"],
                data![true, "bool"],
                data![1.0, "float"]
            ],),
        )?;
        assert_eq!(dict.to_string(), "{1: 'float'}");
        dict.call::<()>("clear", ())?;
        let two_to_53 = 1i64 << 53;
        for key in [
            Value::from(0i64),
            (-0.0).into(),
            two_to_53.into(),
            (two_to_53 + 1).into(),
            f64::INFINITY.into(),
        ] {
            dict.set_item(key, 0)?;
        }
        assert!(dict.contains(two_to_53 as f64)? && dict.contains(false)? && dict.len()? == 4);
        let edge = it.make(
            "dict",
            (data![data![i128::MAX, 1i64], data![i128::MAX as f64, 2i64]],),
        )?;
        assert_eq!(edge.len()?, 2);
        assert!(edge.eq(&edge)?);
        Ok(())
    });
}

#[test]
fn an_iterator_refuses_a_dict_that_has_grown_or_shrunk() {
    run(|it| {
        for (method, args) in [("__setitem__", data!["c", 3i64]), ("pop", data!["a"])] {
            let dict = it.make("dict", args!(a = 1, b = 2))?;
            let iterator: Proxy = dict.call("__iter__", ())?;
            assert_eq!(answer(&iterator, "__next__", ()), "'a'");
            dict.set_item("b", 5)?;
            assert_eq!(answer(&iterator, "__next__", ()), "'b'");
            let Value::List(positional) = args else {
                continue;
            };
            let args = locum_guest::DynArgs {
                positional,
                ..Default::default()
            };
            dict.call::<()>(method, args)?;
            assert_eq!(
                answer(&iterator, "__next__", ()),
                "RuntimeError: dictionary changed size during iteration"
            );
        }
        Ok(())
    });
}

#[test]
fn a_large_dict_is_found_in_at_once_and_keeps_its_order() {
    run(|it| {
        let pairs: Vec<(String, i64)> = (0..20_000).map(|i| (format!("key {i}"), i)).collect();
        let dict = it.make("dict", (&pairs,))?;
        for i in (0..20_000).step_by(100) {
            assert_eq!(dict.get_item::<i64>(format!("key {i}"))?, i);
        }
        assert_eq!(dict.call::<Vec<(String, i64)>>("items", ())?, pairs);
        let keys = dict.iter::<String>()?.collect::<Result<Vec<_>>>()?;
        assert!(keys.iter().eq(pairs.iter().map(|(key, _)| key)));
        Ok(())
    });
}

#[test]
fn fromkeys_gives_every_key_one_value() {
    run(|it| {
        let class = it.class("dict");
        let dict: Proxy = class.call("fromkeys", ("aba", 0))?;
        assert_eq!(dict.to_string(), "{'a': 0, 'b': 0}");
        assert_eq!(
            class.call::<Proxy>("fromkeys", (vec![1],))?.to_string(),
            "{1: None}"
        );
        assert_eq!(
            answer(&class, "fromkeys", (5,)),
            "TypeError: 'int' object is not iterable"
        );
        Ok(())
    });
}
