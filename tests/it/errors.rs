//! What a caller gets when a call fails.

use locum::{Error, Kind, Proxy, Result, Value, callback};
use locum_tests::{SAMPLES, Subject, refused, says};

fn raised(subject: &Subject, function: &str, args: impl locum::IntoArgs) -> Result<Error> {
    let errors = subject.import("samples.errors")?;
    Ok(errors.call::<Value>(function, args).unwrap_err())
}

#[test]
fn p13_an_error_of_the_method_is_raised_here_with_its_kind() {
    SAMPLES.over_both(|subject| {
        for kind in Kind::all() {
            let error = raised(subject, "raise", (kind.name(), "so it is"))?;
            assert_eq!(error.kind(), kind);
            assert_eq!(error.type_name(), kind.type_name());
            assert_eq!(error.message(), "so it is");
        }
        assert_eq!(subject.peer().closed(), None, "a kind alone closes nothing");
        Ok(())
    });
}

#[test]
fn p13_an_error_of_another_type_keeps_its_type_name() {
    SAMPLES.over_both(|subject| {
        let error = raised(subject, "raise_standard", ("twelve",))?;
        assert_eq!(
            (error.kind(), error.type_name()),
            (Kind::Raised, "ParseIntError")
        );
        assert_eq!(error.message(), "invalid digit found in string");
        let error = raised(subject, "raise_shown", (3,))?;
        assert_eq!(
            (error.kind(), error.message()),
            (Kind::Raised, "sad 3 times")
        );
        Ok(())
    });
}

#[test]
fn p13_an_error_that_wraps_one_of_locums_keeps_its_kind() {
    SAMPLES.over_both(|subject| {
        let error = raised(subject, "raise_wrapped", ("size",))?;
        assert_eq!(error.kind(), Kind::KeyError);
        assert_eq!(error.message(), r#"the settings are incomplete: "size""#);
        Ok(())
    });
}

#[test]
fn p13_after_an_error_the_object_goes_on() {
    SAMPLES.over_both(|subject| {
        let counter = subject.make("Counter", (i64::MAX,))?;
        refused(
            counter.call::<i64>("add", ()),
            Kind::ArithmeticError,
            &["the counter is full"],
        );
        assert_eq!(counter.call::<i64>("add", (-1,))?, i64::MAX - 1);
        Ok(())
    });
}

#[test]
fn p13_an_error_of_a_callback_passes_through_the_plugin() {
    SAMPLES.over_both(|subject| {
        let counter = subject.make("Counter", ())?;
        let upset =
            callback(|n: i64| Err::<(), _>(Error::raise("TooMany", format!("{n} is too many"))));
        counter.call::<()>("watch", (upset,))?;
        let error = refused(
            counter.call::<i64>("add", ()),
            Kind::Raised,
            &["1 is too many"],
        );
        assert_eq!(error.type_name(), "TooMany");
        // Innermost first: each place that it passed.
        let trace = error.trace();
        let outer = format!("in Counter.add at {}", subject.name());
        assert_eq!(trace, ["in callback at host", &outer]);
        counter.call::<()>("forget_watchers", ())
    });
}

#[test]
fn r12_an_error_says_where_it_happened() {
    SAMPLES.over_both(|subject| {
        let scene = subject.make("Scene", ())?;
        let answer = scene.call::<f64>("camera.lens.zoom_by", ("two",));
        let error = answer.unwrap_err();
        let place = format!("in Scene.camera.lens.zoom_by at {}", subject.name());
        assert_eq!(error.trace(), [&*place]);
        let shown = format!("{error:?}");
        assert!(shown.ends_with(&format!("\n    {place}")), "{shown}");
        Ok(())
    });
}

#[test]
fn r12_an_error_tells_each_plugin_that_it_passed() {
    SAMPLES.over_both(|subject| {
        let other = subject.another();
        let keeper = subject.make("Keeper", ())?;
        let counter = other.make("Counter", ())?;
        keeper.call::<()>("keep", (&counter,))?;
        let answer = keeper.call::<Value>("call_last", ("add", "two"));
        let error = refused(answer, Kind::TypeError, &["Counter.add: argument `by` (1)"]);
        let hops = [
            format!("in Counter.add at {}", other.name()),
            "in Counter.add at host".to_owned(),
            format!("in Keeper.call_last at {}", subject.name()),
        ];
        assert_eq!(error.trace(), hops);
        keeper.call::<()>("forget", ())
    });
}

#[test]
fn r12_an_error_brings_its_causes() {
    SAMPLES.over_both(|subject| {
        let error = raised(subject, "raise_anyhow", ("twelve",))?;
        assert_eq!(error.message(), "the second field");
        assert_eq!(error.trace()[0], "caused by: invalid digit found in string");
        Ok(())
    });
}

#[test]
fn r12_an_error_may_bring_a_trace_and_data_of_its_own() {
    SAMPLES.over_both(|subject| {
        let error = raised(subject, "raise_with_data", ())?;
        assert_eq!(
            (error.kind(), error.type_name()),
            (Kind::Raised, "OutOfPaper")
        );
        says(&error, &["tray 2 is empty"]);
        assert_eq!(error.trace()[0], "while printing page 7");
        assert_eq!(error.fault().data.as_deref(), Some(&[2_u8][..]));
        assert_eq!(format!("{error}"), "OutOfPaper: tray 2 is empty");
        Ok(())
    });
}

#[test]
fn r12_an_error_is_an_error_to_other_libraries() {
    SAMPLES.over_both(|subject| {
        let counter = subject.make("Counter", ())?;
        let error = counter.get::<Proxy>("nothing").unwrap_err();
        let boxed: Box<dyn std::error::Error + Send + Sync> = error.clone().into();
        assert_eq!(boxed.to_string(), error.to_string());
        Ok(())
    });
}
