//! The seeds' transcripts on Python's containers, over memory and over wasm.

use std::collections::BTreeMap;

use locum::{Items, Kind, Proxy, Result, Value, args, slice};
use locum_tests::{COLLECTIONS, Subject, refused};

fn squares(subject: &Subject) -> Result<Proxy> {
    let data: Vec<i64> = (0..10).map(|n| n * n).collect();
    subject.make("list", (data,))
}

#[test]
fn p04_every_container_is_made_from_data() {
    COLLECTIONS.over_both(|subject| {
        let pairs = BTreeMap::from([("a", 1), ("b", 2)]);
        for (container, text) in [
            (subject.make("list", ([1, 2],))?, "[1, 2]"),
            (subject.make("list", ())?, "[]"),
            (subject.make("dict", (&pairs,))?, "{'a': 1, 'b': 2}"),
            (
                subject.make("dict", (pairs.iter().collect::<Vec<_>>(),))?,
                "{'a': 1, 'b': 2}",
            ),
            (subject.make("dict", args!(a = 1))?, "{'a': 1}"),
            (subject.make("set", ([2, 1, 2],))?, "{2, 1}"),
            (
                subject.make("deque", args!([1, 2, 3], maxlen = 2))?,
                "deque([2, 3], maxlen=2)",
            ),
            (subject.make("Namespace", args!(x = 1))?, "Namespace(x=1)"),
            (subject.make("Value", ("i", 7))?, "Value('i', 7)"),
            (
                subject.make("array", ("d", [1.5, 2.0]))?,
                "array('d', [1.5, 2.0])",
            ),
        ] {
            assert_eq!(container.text()?, text, "{container:?}");
        }
        Ok(())
    });
}

#[test]
fn p04_a_container_is_made_from_another_or_from_an_iterator() {
    COLLECTIONS.over_both(|subject| {
        let list = squares(subject)?;
        let set = subject.make("set", (&list,))?;
        assert_eq!((set.len()?, set.contains(49)?), (10, true));
        let copy = subject.make("list", (list.call::<Proxy>("__iter__", ())?,))?;
        assert!(copy.eq(&list)? && !copy.same_object(&list));
        let mine = subject.make("list", (Items::new(0_i64..3),))?;
        assert_eq!(mine.text()?, "[0, 1, 2]");
        Ok(())
    });
}

#[test]
fn p05_printing_shows_the_list_and_debug_the_proxy() {
    COLLECTIONS.over_both(|subject| {
        let l = squares(subject)?;
        assert_eq!(l.to_string(), "[0, 1, 4, 9, 16, 25, 36, 49, 64, 81]");
        let shown = format!("{l:?}");
        assert!(shown.starts_with("<Proxy[list] #"), "{shown}");
        assert!(shown.ends_with(&format!("@{}>", subject.name())), "{shown}");
        subject.close()?;
        assert_eq!(format!("{l:?}"), shown);
        Ok(())
    });
}

#[test]
fn p06_a_list_has_items_slices_and_equality() {
    COLLECTIONS.over_both(|subject| {
        let l = squares(subject)?;
        assert_eq!(l.get_item::<i64>(4)?, 16);
        assert_eq!(l.get_item::<i64>(-1)?, 81);
        assert_eq!(l.get_item::<Vec<i64>>(slice(2..5))?, [4, 9, 16]);
        assert_eq!(l.get_item::<Vec<i64>>(slice(-3..))?, [49, 64, 81]);
        assert_eq!(l.get_item::<Vec<i64>>(slice(..).step(-4))?, [81, 25, 1]);
        assert_eq!(l.get_item::<Vec<i64>>(slice(100..))?, [0; 0]);
        assert!(l.eq([0, 1, 4, 9, 16, 25, 36, 49, 64, 81])?);
        assert!(l.ne([0, 1])?);
        assert!(
            l.eq(&squares(subject)?)?,
            "another list that holds the same"
        );
        l.set_item(slice(1..), [true])?;
        assert_eq!(l.text()?, "[0, True]");
        l.del_item(0)?;
        assert_eq!(l.len()?, 1);
        Ok(())
    });
}

#[test]
fn p09_one_shared_object_can_contain_a_second() {
    COLLECTIONS.over_both(|subject| {
        let (a, b) = (subject.make("list", ())?, subject.make("list", ())?);
        a.call::<()>("append", (&b,))?;
        assert_eq!(format!("{a} {b}"), "[[]] []");
        b.call::<()>("append", ("hello",))?;
        assert_eq!(format!("{a} {b}"), "[['hello']] ['hello']");
        assert!(a.get_item::<Proxy>(0)?.same_object(&b));
        Ok(())
    });
}

#[test]
fn p09_it_can_be_in_another_plugin() {
    COLLECTIONS.over_both(|subject| {
        let other = subject.another();
        let (a, b) = (subject.make("list", ())?, other.make("list", ())?);
        a.call::<()>("append", (&b,))?;
        assert_eq!(format!("{a} {b}"), "[[]] []");
        b.call::<()>("append", ("hello",))?;
        assert_eq!(format!("{a} {b}"), "[['hello']] ['hello']");
        assert!(a.get_item::<Proxy>(0)?.same_object(&b));
        subject.settle();
        // The other plugin goes on for as long as the first holds its list.
        drop(b);
        assert_eq!(a.text()?, "[['hello']]");
        a.call::<()>("clear", ())
    });
}

#[test]
fn p09_a_container_that_holds_itself_prints_and_ends() {
    COLLECTIONS.over_both(|subject| {
        let a = subject.make("list", ([1],))?;
        a.call::<()>("append", (&a,))?;
        assert_eq!(a.text()?, "[1, [...]]");
        a.call::<()>("clear", ())
    });
}

#[test]
fn p10_a_list_and_a_dict_can_be_looped_over() {
    COLLECTIONS.over_both(|subject| {
        let pairs: Vec<(i64, i64)> = (0..10).map(|i| (i * i, i)).collect();
        let a = subject.make("dict", (pairs,))?;
        let mut shown = String::new();
        for key in a.iter::<i64>()? {
            let key = key?;
            shown += &format!("<{key},{}> ", a.get_item::<i64>(key)?);
        }
        assert_eq!(
            shown,
            "<0,0> <1,1> <4,2> <9,3> <16,4> <25,5> <36,6> <49,7> <64,8> <81,9> "
        );
        let l = subject.make("list", ((0..100).collect::<Vec<i64>>(),))?;
        let sum = l.iter::<i64>()?.sum::<Result<i64>>()?;
        assert_eq!(sum, 4950);
        Ok(())
    });
}

#[test]
fn p10_items_of_a_list_may_be_objects() {
    COLLECTIONS.over_both(|subject| {
        let inner: Vec<Proxy> = (0..40)
            .map(|n| subject.make("list", ([n],)))
            .collect::<Result<_>>()?;
        let outer = subject.make("list", (&inner,))?;
        let items: Vec<Proxy> = outer.iter()?.collect::<Result<_>>()?;
        assert!(items.iter().zip(&inner).all(|(a, b)| a.same_object(b)));
        // As data they are copied: the type that is asked for decides.
        let copies: Vec<Value> = outer.iter()?.collect::<Result<_>>()?;
        assert!(copies.iter().all(|copy| matches!(copy, Value::Object(_))));
        assert_eq!(outer.value::<Vec<Vec<i64>>>()?[39], [39]);
        Ok(())
    });
}

#[test]
fn p10_a_dict_that_changes_while_it_is_looped_over_says_so() {
    COLLECTIONS.over_both(|subject| {
        let pairs: Vec<(i64, i64)> = (0..1000).map(|i| (i, i)).collect();
        let dict = subject.make("dict", (pairs,))?;
        let mut keys = dict.iter::<i64>()?;
        assert_eq!(keys.next().transpose()?, Some(0));
        dict.set_item("new", 1)?;
        let error = keys.find_map(Result::err).expect("it changed");
        assert_eq!(error.type_name(), "RuntimeError");
        assert!(
            error.message().contains("changed size during iteration"),
            "{error}"
        );
        Ok(())
    });
}

#[test]
fn p16_the_special_names_of_the_seed_are_callable() {
    COLLECTIONS.over_both(|subject| {
        let l = subject.make("list", ((0..10).collect::<Vec<i64>>(),))?;
        assert_eq!(l.call::<Vec<i64>>("__getslice__", (2, 7))?, [2, 3, 4, 5, 6]);
        let iterator: Proxy = l.call("__iter__", ())?;
        let shown = format!("{iterator:?}");
        assert!(shown.starts_with("<Proxy[iterator] #"), "{shown}");
        assert_eq!(iterator.call::<i64>("next", ())?, 0);
        let answer = l.call::<i64>("__getitem__", (20,));
        let error = refused(answer, Kind::IndexError, &["list index out of range"]);
        assert_eq!(error.to_string(), "IndexError: list index out of range");
        Ok(())
    });
}

#[test]
fn p16_the_errors_are_pythons() {
    COLLECTIONS.over_both(|subject| {
        let (list, dict) = (subject.make("list", ())?, subject.make("dict", ())?);
        let shown = |result: Result<Value>| result.unwrap_err().to_string();
        let call = |object: &Proxy, name: &str, args: &[Value]| {
            let positional = args.to_vec();
            shown(object.call(
                name,
                locum::DynArgs {
                    positional,
                    keywords: vec![],
                },
            ))
        };
        for (object, name, args, text) in [
            (&list, "pop", vec![], "IndexError: pop from empty list"),
            (
                &list,
                "remove",
                vec![1.into()],
                "ValueError: list.remove(x): x not in list",
            ),
            (&dict, "__getitem__", vec!["a".into()], "KeyError: 'a'"),
            (
                &dict,
                "popitem",
                vec![],
                "KeyError: popitem(): dictionary is empty",
            ),
            (
                &dict,
                "__setitem__",
                vec![Value::Map(locum::Map::new()), 1.into()],
                "TypeError: unhashable type: ",
            ),
        ] {
            let answer = call(object, name, &args);
            assert!(answer.starts_with(text), "{answer}");
        }
        Ok(())
    });
}
