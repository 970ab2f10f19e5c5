//! Wrong arguments: which one, what was expected, what came.

use locum::{Kind, Proxy, Slice, Value, args, callback};
use locum_tests::{SAMPLES, refused};

#[test]
fn an_argument_of_the_wrong_type_is_named_with_what_was_expected_and_what_came() {
    SAMPLES.over_both(|subject| {
        let counter = subject.make("Counter", ())?;
        let add = |arg: Value| counter.call::<i64>("add", (arg,));
        let wrong = "Counter.add: argument `by` (1): expected an integer, got ";
        for (given, shown) in [
            (Value::from("two"), "the text \"two\""),
            (Value::from(1.5), "the number 1.5"),
            (true.into(), "the boolean true"),
            (().into(), "null"),
            (vec![1].into(), "a list"),
            (locum::Map::new().into(), "a map"),
            (locum::Bytes::from(b"abc").into(), "3 bytes"),
            (Slice::default().into(), "a slice"),
            (counter.clone().into(), "a proxy (Counter)"),
        ] {
            refused(add(given), Kind::TypeError, &[wrong, shown]);
        }
        assert_eq!(add(2.0.into())?, 2, "a whole number may come as a float");
        Ok(())
    });
}

#[test]
fn an_argument_given_by_name_is_named_alike() {
    SAMPLES.over_both(|subject| {
        let counter = subject.make("Counter", ())?;
        let answer = counter.call::<i64>("add", args!(by = "two"));
        refused(
            answer,
            Kind::TypeError,
            &["Counter.add: argument `by` (1): expected an integer"],
        );
        let samples = subject.import("samples")?;
        let answer = samples.call::<String>("span", args!(1, type = "t"));
        refused(
            answer,
            Kind::TypeError,
            &["span: argument `of` (1): expected a slice, got the integer 1"],
        );
        let answer = samples.call::<String>("span", args!(Slice::default(), type = 5));
        refused(
            answer,
            Kind::TypeError,
            &["span: argument `type` (2): expected text, got the integer 5"],
        );
        Ok(())
    });
}

#[test]
fn a_value_out_of_range_is_named_with_the_range() {
    SAMPLES.over_both(|subject| {
        let counter = subject.make("Counter", ())?;
        let words = [
            "Counter.add_small: argument `by` (1)",
            "an integer from 0 to 255, got the integer",
        ];
        for by in [256, -1, 1_i64 << 40] {
            refused(
                counter.call::<i64>("add_small", (by,)),
                Kind::ValueError,
                &words,
            );
        }
        let answer = counter.call::<i64>("add", (u64::MAX,));
        let words = ["from -2^63 to 2^63 - 1, got the integer 18446744073709551615"];
        refused(answer, Kind::ValueError, &words);
        assert_eq!(counter.call::<i64>("add_small", (255,))?, 255);
        Ok(())
    });
}

#[test]
fn a_wrong_value_deep_inside_an_argument_is_named_with_its_place() {
    SAMPLES.over_both(|subject| {
        let samples = subject.import("samples")?;
        let counter = subject.make("Counter", ())?;
        #[derive(serde::Serialize)]
        struct Delivery {
            label: &'static str,
            counters: Vec<Value>,
            named: (),
            how: &'static str,
        }
        let mut delivery = Delivery { label: "x", counters: vec![counter.into(), 5.into()], named: (), how: "Later" };
        let answer = samples.call::<Value>("deliver", (&delivery,));
        let words = ["deliver: argument `delivery` (1): expected a proxy, got the integer 5 at `counters[1]`"];
        refused(answer, Kind::TypeError, &words);
        delivery.counters.clear();
        let answer = samples.call::<Value>("deliver", (&delivery,));
        refused(answer, Kind::TypeError, &["expected a map, got null at `named`"]);
        Ok(())
    });
}

#[test]
fn a_field_or_variant_that_is_unknown_or_missing_is_named() {
    SAMPLES.over_both(|subject| {
        let samples = subject.import("samples")?;
        let none: [(); 0] = [];
        let answer = samples.call::<Value>(
            "deliver",
            ([("label", 1)]
                .into_iter()
                .collect::<std::collections::BTreeMap<_, _>>(),),
        );
        refused(
            answer,
            Kind::TypeError,
            &["expected text, got the integer 1 at `label`"],
        );
        let map = |how: Value| {
            let empty = Value::Map(locum::Map::new());
            locum::Map::from_iter([
                ("label".into(), "x".into()),
                ("counters".into(), Vec::<Value>::new().into()),
                ("named".into(), empty),
                ("how".into(), how),
            ])
        };
        let answer = samples.call::<Value>("deliver", (map("Never".into()),));
        refused(
            answer,
            Kind::ValueError,
            &["expected one of `Later`, `Now`, `Both`, got the text \"Never\""],
        );
        let mut missing = map(().into());
        missing.remove(&"how".into());
        let answer = samples.call::<Value>("deliver", (missing,));
        refused(answer, Kind::ValueError, &["the field `how` is missing"]);
        assert!(
            samples
                .call::<Value>("deliver", (map("Later".into()),))
                .is_ok()
        );
        let answer = samples.call::<Value>("deliver", (none,));
        refused(
            answer,
            Kind::ValueError,
            &["deliver: argument `delivery` (1)"],
        );
        Ok(())
    });
}

#[test]
fn too_few_arguments_are_named() {
    SAMPLES.over_both(|subject| {
        let samples = subject.import("samples")?;
        let counter = subject.make("Counter", ())?;
        let answer = counter.call::<i64>("add_small", ());
        refused(
            answer,
            Kind::TypeError,
            &["Counter.add_small: argument `by` (int) is missing"],
        );
        let answer = samples.call::<Value>("rest_and_keywords", args!(second = 1));
        refused(
            answer,
            Kind::TypeError,
            &["rest_and_keywords: argument `first` (int) is missing"],
        );
        let answer = samples.call::<String>("span", (Slice::default(),));
        refused(
            answer,
            Kind::TypeError,
            &["span: argument `type` (text) is missing"],
        );
        Ok(())
    });
}

#[test]
fn too_many_arguments_are_counted() {
    SAMPLES.over_both(|subject| {
        let counter = subject.make("Counter", ())?;
        let answer = counter.call::<i64>("add", (1, 2));
        refused(
            answer,
            Kind::TypeError,
            &["Counter.add takes at most 1 argument, got 2"],
        );
        let answer = counter.call::<i64>("add_small", (1, 2, 3));
        refused(
            answer,
            Kind::TypeError,
            &["Counter.add_small takes 1 argument, got 3"],
        );
        let answer = counter.call::<Value>("countdown", (1,));
        refused(
            answer,
            Kind::TypeError,
            &["Counter.countdown takes no arguments, got 1"],
        );
        let answer = subject.make("Counter", (1, 2));
        refused(
            answer,
            Kind::TypeError,
            &["Counter takes at most 1 argument, got 2"],
        );
        Ok(())
    });
}

#[test]
fn an_argument_given_twice_is_named() {
    SAMPLES.over_both(|subject| {
        let counter = subject.make("Counter", ())?;
        let answer = counter.call::<i64>("add", args!(1, by = 2));
        let words = ["Counter.add: argument `by` (1) is given twice, by place and by name"];
        refused(answer, Kind::TypeError, &words);
        Ok(())
    });
}

#[test]
fn an_unknown_keyword_is_answered_with_the_nearest_one_or_with_all() {
    SAMPLES.over_both(|subject| {
        let counter = subject.make("Counter", ())?;
        let samples = subject.import("samples")?;
        let answer = counter.call::<i64>("add", args!(bye = 2));
        refused(
            answer,
            Kind::TypeError,
            &["Counter.add has no argument `bye`; did you mean `by`?"],
        );
        let answer = samples.call::<String>("span", args!(colour = 2));
        refused(
            answer,
            Kind::TypeError,
            &["span has no argument `colour`; it has `of`, `type`, `label`"],
        );
        let answer = counter.call::<Value>("countdown", args!(x = 1));
        refused(
            answer,
            Kind::TypeError,
            &["Counter.countdown has no argument `x`; it takes none"],
        );
        Ok(())
    });
}

#[test]
fn a_callback_counts_and_checks_its_arguments_too() {
    SAMPLES.over_both(|subject| {
        let apply: Proxy = subject.import("samples")?.get("apply")?;
        let add = callback(|a: i64, b: i64| a + b);
        refused(
            apply.invoke::<i64>((&add, 1)),
            Kind::TypeError,
            &["the callback takes 2 arguments, got 1"],
        );
        let answer = apply.invoke::<i64>((&add, 1, "two"));
        refused(
            answer,
            Kind::TypeError,
            &["callback: expected an integer, got the text \"two\" at `[1]`"],
        );
        let answer = apply.invoke::<i64>(args!(&add, 1, b = 2));
        assert_eq!(answer.unwrap_err().kind(), Kind::TypeError);
        Ok(())
    });
}

#[test]
fn data_that_can_not_travel_is_refused_where_it_is_sent() {
    SAMPLES.over_both(|subject| {
        let samples = subject.import("samples")?;
        let keeper = subject.make("Keeper", ())?;
        let key = locum::Map::from_iter([(Value::from(keeper), 1.into())]);
        let answer = samples.call::<Value>("echo", (key,));
        refused(
            answer,
            Kind::NotTransferable,
            &["argument 1: a proxy can not be a key of a map"],
        );
        let deep = (0..100).fold(Value::Null, |inner, _| Value::List(vec![inner]));
        let answer = samples.call::<Value>("echo", (deep,));
        refused(
            answer,
            Kind::LimitExceeded,
            &["data nested deeper than 64", "send inner parts by proxy"],
        );
        Ok(())
    });
}
