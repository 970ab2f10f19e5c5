//! Copies: of objects here, of data over there.

use std::collections::BTreeMap;

use locum::{Bytes, Kind, Proxy, Value, args, slice};
use locum_tests::{SAMPLES, refused};

#[test]
fn p14_the_value_of_an_object_is_a_copy() {
    SAMPLES.over_both(|subject| {
        let counter = subject.make("Counter", (5,))?;
        let copy: i64 = counter.value()?;
        counter.call::<()>("add", ())?;
        assert_eq!((copy, counter.value::<i64>()?), (5, 6));
        refused(
            counter.value::<String>(),
            Kind::TypeError,
            &["the value of `Counter`", "expected text"],
        );
        Ok(())
    });
}

#[test]
fn p14_an_object_without_a_value_form_can_not_be_copied() {
    SAMPLES.over_both(|subject| {
        let keeper = subject.make("Keeper", ())?;
        let words = [
            "`Keeper` has no value form, so it can not be copied",
            "keep its proxy, or give it `#[value]`",
        ];
        refused(keeper.value::<Value>(), Kind::NotTransferable, &words);
        let counter = subject.make("Counter", (5,))?;
        let iterator: Proxy = counter.call("countdown", ())?;
        refused(
            iterator.value::<Value>(),
            Kind::NotTransferable,
            &["`iterator` has no value form"],
        );
        Ok(())
    });
}

#[test]
fn r07_the_value_at_the_end_of_a_path_is_a_copy_too() {
    SAMPLES.over_both(|subject| {
        let bag = subject.make("Bag", ())?;
        bag.set("counter", subject.make("Counter", (5,))?)?;
        assert_eq!(bag.at("counter").value::<i64>()?, 5);
        assert_eq!(bag.get::<i64>("counter")?, 5);
        let scene = subject.make("Scene", ())?;
        refused(
            scene.at("camera").value::<Value>(),
            Kind::NotTransferable,
            &["`Camera` has no value form"],
        );
        Ok(())
    });
}

#[test]
fn r08_a_value_is_copied_over_and_answers_by_proxy() {
    SAMPLES.over_both(|subject| {
        let list = subject.transfer(&[1, 2, 3])?;
        assert_eq!((list.type_name(), list.len()?), ("list", 3));
        list.call::<()>("append", (4,))?;
        assert_eq!(list.value::<Vec<i64>>()?, [1, 2, 3, 4]);
        assert_eq!(list.get_item::<i64>(-1)?, 4);
        assert_eq!(list.get_item::<Vec<i64>>(slice(1..3))?, [2, 3]);
        list.set_item(0, "one")?;
        list.del_item(slice(1..=2))?;
        assert_eq!(list.text()?, "['one', 4]");
        assert!(list.contains("one")? && !list.contains(2)?);
        refused(
            list.get_item::<i64>(20),
            Kind::IndexError,
            &["list index out of range"],
        );
        Ok(())
    });
}

#[test]
fn r08_a_copy_answers_the_methods_of_its_kind() {
    SAMPLES.over_both(|subject| {
        let map = subject.transfer(&BTreeMap::from([("a", 1), ("b", 2)]))?;
        assert_eq!(map.call::<i64>("get", ("b",))?, 2);
        assert_eq!(map.call::<i64>("pop", args!("c", 3))?, 3);
        map.set_item("c", [5])?;
        let keys: Vec<String> = map.iter()?.collect::<Result<_, _>>()?;
        assert_eq!(keys, ["a", "b", "c"]);
        refused(map.get_item::<i64>("d"), Kind::KeyError, &["'d'"]);
        let text = subject.transfer("so it is")?;
        assert_eq!(text.call::<Vec<String>>("split", ())?, ["so", "it", "is"]);
        assert_eq!(text.call::<String>("upper", ())?, "SO IT IS");
        let number = subject.transfer(&7)?;
        assert_eq!(number.call::<i64>("__add__", (1,))?, 8);
        assert_eq!(number.call::<i64>("__pow__", (2,))?, 49);
        let bytes = subject.transfer(&Bytes::from(b"\x00\xff"))?;
        assert_eq!((bytes.len()?, bytes.get_item::<u8>(1)?), (2, 255));
        Ok(())
    });
}

#[test]
fn r08_a_misspelt_method_of_a_copy_is_answered_with_the_nearest_one() {
    SAMPLES.over_both(|subject| {
        let list = subject.transfer(&[1])?;
        let answer = list.call::<()>("apend", (2,));
        refused(
            answer,
            Kind::NoSuchAttribute,
            &["`list` has no attribute `apend`; did you mean `append`?"],
        );
        Ok(())
    });
}

#[test]
fn r08_an_object_that_is_transferred_is_copied_if_it_has_a_value_form() {
    SAMPLES.over_both(|subject| {
        let other = subject.another();
        let counter = other.make("Counter", (5,))?;
        let copy = subject.transfer(&counter)?;
        counter.call::<()>("add", ())?;
        assert_eq!(copy.value::<i64>()?, 5);
        let keeper = other.make("Keeper", ())?;
        refused(
            subject.transfer(&keeper),
            Kind::NotTransferable,
            &["`Keeper` has no value form"],
        );
        // Inside of data it stays an object.
        let list = subject.transfer(&[&keeper])?;
        assert!(list.get_item::<Proxy>(0)?.same_object(&keeper));
        subject.settle();
        Ok(())
    });
}

#[test]
fn r08_two_transfers_are_two_objects() {
    SAMPLES.over_both(|subject| {
        let data = vec![1];
        let (a, b) = (subject.transfer(&data)?, subject.transfer(&data)?);
        a.call::<()>("append", (2,))?;
        assert!(!a.same_object(&b));
        assert_eq!((a.len()?, b.len()?), (2, 1));
        assert!(b.eq([1])? && a.ne(&b)? && !a.eq(&b)?);
        Ok(())
    });
}
