use std::sync::{Arc, Mutex};

use locum_guest::{Kind, Map, Proxy, Result, Value, args, by_proxy, object};

use super::{after, answer, data, run};

#[test]
fn p09_one_list_holds_another_and_sees_it_change() {
    run(|it| {
        let (a, b) = (it.make("list", ())?, it.make("list", ())?);
        a.call::<()>("append", (&b,))?;
        assert_eq!((a.to_string(), b.to_string()), ("[[]]".into(), "[]".into()));
        b.call::<()>("append", ("hello",))?;
        assert_eq!(
            (a.to_string(), b.to_string()),
            ("[['hello']]".into(), "['hello']".into())
        );
        Ok(())
    });
}

#[test]
fn p08_what_comes_back_is_the_object_itself() {
    run(|it| {
        let (a, b) = (it.make("list", ())?, it.make("dict", ())?);
        a.call::<()>("extend", (data![b.clone(), data![b.clone()]],))?;
        assert!(a.get_item::<Proxy>(0)?.same_object(&b));
        assert!(a.get_item::<Vec<Proxy>>(1)?[0].same_object(&b));
        assert!(a.contains(&b)?);
        let namespace = it.make("Namespace", args!(inner = &b))?;
        namespace.at("inner").set_item("k", 1)?;
        assert_eq!(a.to_string(), "[{'k': 1}, [{'k': 1}]]");
        Ok(())
    });
}

#[test]
fn every_container_holds_every_other_and_prints_it() {
    run(|it| {
        let all = data![
            it.make("list", (data![1i64],))?,
            it.make("dict", args!(a = 1))?,
            it.make("set", (data![1i64],))?,
            it.make("deque", (data![1i64],))?,
            it.make("Namespace", args!(a = 1))?,
            it.make("Value", ("i", 1))?,
            it.make("array", ("i", data![1i64]))?,
        ];
        let inside =
            "[1], {'a': 1}, {1}, deque([1]), Namespace(a=1), Value('i', 1), array('i', [1])";
        let list = it.make("list", (&all,))?;
        assert_eq!(list.to_string(), format!("[{inside}]"));
        let deque = it.make("deque", (&all,))?;
        assert_eq!(deque.to_string(), format!("deque([{inside}])"));
        let dict = it.make("dict", args!(all = &all))?;
        assert_eq!(dict.to_string(), format!("{{'all': [{inside}]}}"));
        let namespace = it.make("Namespace", args!(all = &all))?;
        assert_eq!(namespace.to_string(), format!("Namespace(all=[{inside}])"));
        assert!(list.eq(&all)? && deque.eq(&all)?);
        let plain = "[[1], {'a': 1}, [1], [1], {'a': 1}, 1, [1]]";
        for object in [&list, &deque] {
            assert_eq!(super::shown(object.value()), plain);
        }
        assert_eq!(super::shown(dict.value()), format!("{{'all': {plain}}}"));
        assert_eq!(
            super::shown(namespace.value()),
            format!("{{'all': {plain}}}")
        );
        Ok(())
    });
}

#[test]
fn what_holds_itself_prints_dots_and_can_not_be_copied() {
    run(|it| {
        let list = it.list(data![1i64])?;
        list.call::<()>("append", (&list,))?;
        assert_eq!(list.to_string(), "[1, [...]]");
        let dict = it.make("dict", args!(list = &list))?;
        dict.set_item("self", &dict)?;
        assert_eq!(dict.to_string(), "{'list': [1, [...]], 'self': {...}}");
        let deque = it.make("deque", ())?;
        deque.call::<()>("append", (&deque,))?;
        assert_eq!(deque.to_string(), "deque([[...]])");
        let namespace = it.make("Namespace", ())?;
        namespace.set("me", &namespace)?;
        assert_eq!(namespace.to_string(), "Namespace(me=Namespace(...))");
        // Twice is not inside itself.
        let (twice, inner) = (it.make("list", ())?, it.make("list", ())?);
        twice.call::<()>("extend", (data![inner.clone(), inner],))?;
        assert_eq!(twice.to_string(), "[[], []]");
        for object in [&list, &dict, &deque, &namespace] {
            let error = object.value::<Value>().unwrap_err();
            assert_eq!(error.kind(), Kind::NotTransferable);
            // It equals itself all the same, since that is asked of no item.
            assert!(object.eq(object)?);
        }
        for object in [&list, &dict, &deque] {
            object.call::<()>("clear", ())?;
        }
        namespace.call::<()>("__delattr__", ("me",))
    });
}

#[test]
fn two_that_hold_themselves_can_not_be_compared() {
    run(|it| {
        let (a, b) = (it.make("list", ())?, it.make("list", ())?);
        a.call::<()>("append", (&a,))?;
        b.call::<()>("append", (&b,))?;
        let error = a.eq(&b).unwrap_err();
        assert_eq!(
            (error.kind(), error.type_name()),
            (Kind::TooDeep, "RecursionError")
        );
        assert!(!a.eq(data![])?);
        a.call::<()>("clear", ())?;
        b.call::<()>("clear", ())
    });
}

#[test]
fn what_is_nested_as_deep_as_a_message_may_be_is_printed_compared_and_copied() {
    run(|it| {
        let chain = || (0..63).try_fold(it.list(data![])?, |inner, _| it.list(data![inner]));
        let (a, b) = (chain()?, chain()?);
        assert_eq!(
            a.to_string(),
            format!("{}{}", "[".repeat(64), "]".repeat(64))
        );
        assert!(a.eq(&b)?);
        assert!(a.value::<Value>().is_ok());
        Ok(())
    });
}

#[test]
fn a_long_chain_is_refused_where_it_is_too_deep_and_dropped_without_depth() {
    run(|it| {
        let mut last = it.make("list", ())?;
        for _ in 0..20_000 {
            last = it.list(data![last])?;
        }
        assert!(
            last.to_string()
                .contains("maximum recursion depth exceeded")
        );
        assert_eq!(last.value::<Value>().unwrap_err().kind(), Kind::TooDeep);
        assert!(!last.eq(data![data![]])?);
        Ok(())
    });
}

#[test]
fn lists_of_objects_are_compared_by_what_they_hold() {
    run(|it| {
        let make = || -> Result<Proxy> {
            let inner = it.make("dict", args!(k = it.list(data![1i64])?))?;
            it.list(data![inner, it.make("set", (data![2i64],))?])
        };
        let (a, b) = (make()?, make()?);
        assert!(a.eq(&b)? && !a.ne(&b)?);
        let map: Map = [("k".into(), data![1i64])].into_iter().collect();
        assert!(a.eq(data![map, data![2i64]])?);
        b.get_item::<Proxy>(0)?.set_item("k", 5)?;
        assert!(a.ne(&b)?);
        assert_eq!(answer(&a, "index", (a.get_item::<Proxy>(1)?,)), "1");
        let sorted = it.list(data![it.list(data![2i64])?, it.list(data![1i64])?])?;
        assert_eq!(after(&sorted, "sort", ()), "[[1], [2]]");
        Ok(())
    });
}

/// An object of the host that answers comparisons, and does something else meanwhile.
struct Meddler {
    rank: i64,
    meddle: Arc<Mutex<Option<Proxy>>>,
}

#[object]
impl Meddler {
    fn __eq__(&self, other: Value) -> Result<bool> {
        self.meddle()?;
        Ok(matches!(other, Value::Int(rank) if rank == i128::from(self.rank)))
    }

    fn __lt__(&self, other: Proxy) -> Result<bool> {
        self.meddle()?;
        Ok(self.rank < other.get::<i64>("rank")?)
    }

    fn __str__(&self) -> Result<String> {
        self.meddle()?;
        Ok(format!("rank {}", self.rank))
    }

    #[getter]
    fn rank(&self) -> i64 {
        self.rank
    }
}

impl Meddler {
    fn meddle(&self) -> Result<()> {
        let container = self.meddle.lock().unwrap().clone();
        container.map_or(Ok(()), |list| list.call("append", ("more",)))
    }
}

#[test]
fn an_element_may_call_back_and_change_the_container_that_asks_it() {
    run(|it| {
        for class in ["list", "deque"] {
            let meddle = Arc::new(Mutex::new(None));
            let meddler = |rank| {
                by_proxy(Meddler {
                    rank,
                    meddle: meddle.clone(),
                })
            };
            let container = it.make(class, (data![meddler(2), meddler(1)],))?;
            *meddle.lock().unwrap() = Some(container.clone());
            assert!(container.contains(1)?);
            assert_eq!(container.len()?, 4);
            assert_eq!(answer(&container, "index", (1,)), "1");
            assert_eq!(answer(&container, "count", (2,)), "1");
            assert!(container.ne(data![2i64, 1i64])?);
            assert!(container.text()?.contains("rank 2, rank 1, 'more'"));
            container.call::<()>("remove", (1,))?;
            assert_eq!(
                answer(&container, "index", (1,)).split(": ").next(),
                Some("ValueError")
            );
            *meddle.lock().unwrap() = None;
            container.call::<()>("clear", ())?;
        }
        Ok(())
    });
}

#[test]
fn a_list_that_is_changed_while_it_is_sorted_says_so() {
    run(|it| {
        let meddle = Arc::new(Mutex::new(None));
        let meddler = |rank| {
            by_proxy(Meddler {
                rank,
                meddle: meddle.clone(),
            })
        };
        let list = it.list(data![meddler(2), meddler(1)])?;
        *meddle.lock().unwrap() = Some(list.clone());
        assert_eq!(
            after(&list, "sort", ()),
            "ValueError: list modified during sort"
        );
        *meddle.lock().unwrap() = None;
        assert_eq!(list.to_string(), "[rank 1, rank 2]");
        Ok(())
    });
}

#[test]
fn p07_an_object_of_elsewhere_stays_one() {
    run(|it| {
        let meddle = Arc::new(Mutex::new(None));
        let own = by_proxy(Meddler { rank: 7, meddle });
        let list = it.list(data![own.clone()])?;
        assert!(list.get_item::<Proxy>(0)?.same_object(&own));
        assert!(list.value::<Vec<Proxy>>()?[0].same_object(&own));
        let dict = it.make("dict", args!(own = &own))?;
        assert_eq!(dict.to_string(), "{'own': rank 7}");
        assert_eq!(
            after(&dict, "__setitem__", (&own, 1)),
            "TypeError: unhashable type: 'Meddler'"
        );
        Ok(())
    });
}
