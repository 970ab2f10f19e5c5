//! Calls: arguments, results, and what can be called.

use locum::{Bytes, DynArgs, Items, Kind, Map, Proxy, ReplyMode, Value, args, callback, slice};
use locum_tests::{SAMPLES, refused};

#[test]
fn p11_a_method_is_called_with_its_name_arguments_and_keywords() {
    SAMPLES.over_both(|subject| {
        let counter = subject.make("Counter", ())?;
        assert_eq!(counter.call::<i64>("add", ())?, 1, "the default");
        assert_eq!(counter.call::<i64>("add", (2,))?, 3);
        assert_eq!(counter.call::<i64>("add", args!(by = 4))?, 7);
        let given = DynArgs {
            positional: vec![],
            keywords: vec![("by".to_owned(), 8.into())],
        };
        assert_eq!(counter.call::<i64>("add", given)?, 15);
        Ok(())
    });
}

#[test]
fn p11_arguments_that_no_parameter_names_are_collected() {
    SAMPLES.over_both(|subject| {
        let samples = subject.import("samples")?;
        type Told = (i64, i64, Vec<Value>, Map);
        let told: Told = samples.call("rest_and_keywords", (1,))?;
        assert_eq!((told.0, told.1, told.2.len(), told.3.len()), (1, 2, 0, 0));
        let told: Told = samples.call("rest_and_keywords", args!(1, 3, "x", 4.5, y = 5, z = ()))?;
        assert_eq!((told.0, told.1), (1, 3));
        assert_eq!(told.2, ["x".into(), Value::from(4.5)]);
        assert_eq!(told.3.get(&"y".into()), Some(&5.into()));
        assert_eq!(told.3.get(&"z".into()), Some(&Value::Null));
        Ok(())
    });
}

#[test]
fn p11_arguments_may_be_renamed_borrowed_sliced_and_left_out() {
    SAMPLES.over_both(|subject| {
        let samples = subject.import("samples")?;
        let told: String = samples.call("span", (slice(2..5), "odd"))?;
        assert_eq!(told, "odd [2, 3, 4] None");
        let told: String =
            samples.call("span", args!(slice(..).step(-4), label = "x", type = "t"))?;
        assert_eq!(told, r#"t [9, 5, 1] Some("x")"#);
        Ok(())
    });
}

#[test]
fn p11_bytes_of_any_length_arrive_whole() {
    SAMPLES.over_both(|subject| {
        let samples = subject.import("samples")?;
        for len in [0, 1, 511, 512, 513, 100_000] {
            let bytes = Bytes::from((0..len).map(|n| n as u8).collect::<Vec<_>>());
            assert_eq!(samples.call::<Bytes>("echo_bytes", (&bytes,))?, bytes);
            assert_eq!(samples.call::<Vec<u8>>("echo", (&bytes,))?, *bytes);
        }
        Ok(())
    });
}

#[test]
fn p12_plain_data_comes_back_as_a_copy() {
    SAMPLES.over_both(|subject| {
        let samples = subject.import("samples")?;
        let data = (1, "two", 3.5, [true, false], ());
        let back: (i64, String, f64, [bool; 2], ()) = samples.call("echo", (data,))?;
        assert_eq!(
            (back.0, &*back.1, back.2, back.3),
            (1, "two", 3.5, [true, false])
        );
        assert_eq!(subject.stats().imports, 1, "the module");
        Ok(())
    });
}

#[test]
fn p12_an_iterator_comes_back_by_proxy() {
    SAMPLES.over_both(|subject| {
        let counter = subject.make("Counter", (3,))?;
        let iterator: Proxy = counter.call("countdown", ())?;
        assert_eq!(iterator.type_name(), "iterator");
        let items: Vec<i64> = Items::from_proxy(iterator).collect::<Result<_, _>>()?;
        assert_eq!(items, [2, 1, 0]);
        Ok(())
    });
}

#[test]
fn p12_the_type_that_is_asked_for_decides_how_a_result_comes_back() {
    SAMPLES.over_both(|subject| {
        let counter = subject.make("Counter", (5,))?;
        // An object where data is wanted is copied, data where a proxy is wanted stays there.
        assert_eq!(counter.call::<i64>("twin", ())?, 5);
        let kept: Proxy = counter.call("add", (1,))?;
        assert_eq!((kept.type_name(), &*kept.text()?), ("int", "6"));
        counter.call::<()>("twin", ())?;
        let lent = subject.stats().imports_by_type;
        assert_eq!(lent, [("Counter".to_owned(), 1), ("int".to_owned(), 1)]);
        Ok(())
    });
}

#[test]
fn p12_the_mode_can_be_said() {
    SAMPLES.over_both(|subject| {
        let counter = subject.make("Counter", (5,))?;
        let by_value = counter.replying(ReplyMode::Value);
        assert_eq!(by_value.call::<Value>("twin", ())?, 5.into());
        let by_proxy = counter.replying(ReplyMode::Proxy);
        assert!(matches!(
            by_proxy.call::<Value>("add", ())?,
            Value::Object(_)
        ));
        let keeper = subject.make("Keeper", ())?;
        let samples = subject.import("samples")?.replying(ReplyMode::Value);
        let answer = samples.call::<Value>("echo", (&keeper,));
        refused(
            answer,
            Kind::NotTransferable,
            &["`Keeper` has no value form", "keep its proxy"],
        );
        Ok(())
    });
}

#[test]
fn p12_a_result_of_another_type_than_was_asked_for_is_named() {
    SAMPLES.over_both(|subject| {
        let counter = subject.make("Counter", (300,))?;
        let answer = counter.call::<String>("add", ());
        let words = [
            "the result of `Counter.add`",
            "expected text, got the integer 301",
        ];
        refused(answer, Kind::TypeError, &words);
        let answer = counter.get::<u8>("value");
        let words = [
            "the result of `Counter.value`",
            "an integer from 0 to 255, got the integer 301",
        ];
        refused(answer, Kind::ValueError, &words);
        Ok(())
    });
}

#[test]
fn r06_functions_classes_methods_and_callbacks_are_called_alike() {
    SAMPLES.over_both(|subject| {
        let samples = subject.import("samples")?;
        let function: Proxy = samples.get("echo")?;
        assert_eq!(function.invoke::<i64>((1,))?, 1);
        let class: Proxy = samples.get("Counter")?;
        let counter: Proxy = class.invoke(args!(start = 2))?;
        let method: Proxy = counter.get("add")?;
        assert_eq!(method.invoke::<i64>(args!(by = 3))?, 5);
        assert_eq!(method.call::<i64>("__call__", (1,))?, 6);
        let object = subject.make("Bag", args!(a = 1))?;
        assert_eq!(object.invoke::<i64>(("a",))?, 1);
        let add = callback(|a: i64, b: i64| a + b);
        assert_eq!(add.invoke::<i64>((1, 2))?, 3, "also where it lives");
        Ok(())
    });
}

#[test]
fn r06_whatever_can_be_called_can_be_called_from_over_there() {
    SAMPLES.over_both(|subject| {
        let samples = subject.import("samples")?;
        let apply: Proxy = samples.get("apply")?;
        let join = callback(|a: String, b: String| format!("{a}-{b}"));
        assert_eq!(apply.invoke::<String>((join, "x", "y"))?, "x-y");
        assert_eq!(apply.invoke::<i64>((samples.at("echo"), 5))?, 5);
        let counter: Proxy = apply.invoke(args!(samples.at("Counter"), start = 7))?;
        assert_eq!(counter.type_name(), "Counter");
        assert_eq!(apply.invoke::<i64>(args!(counter.at("add"), by = 3))?, 10);
        Ok(())
    });
}

#[test]
fn r06_what_can_not_be_called_says_so() {
    SAMPLES.over_both(|subject| {
        let counter = subject.make("Counter", ())?;
        let words = ["`Counter` can not be called; call one of its methods"];
        refused(counter.invoke::<()>(()), Kind::NoSuchAttribute, &words);
        let scene = subject.make("Scene", ())?;
        refused(
            scene.call::<()>("camera", ()),
            Kind::NoSuchAttribute,
            &["`Camera` can not be called"],
        );
        refused(
            scene.call::<()>("title", ()),
            Kind::TypeError,
            &["`Scene.title` is a value"],
        );
        Ok(())
    });
}
