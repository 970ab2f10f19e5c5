//! What a proxy is.

use locum::{Kind, Proxy};
use locum_tests::{SAMPLES, refused};

#[test]
fn p01_a_proxy_refers_to_an_object_in_a_plugin() {
    SAMPLES.over_both(|subject| {
        let counter = subject.make("Counter", (10,))?;
        assert!(!counter.is_local());
        assert_eq!(counter.type_name(), "Counter");
        assert!(
            counter
                .peer()
                .is_some_and(|peer| peer.same_peer(subject.peer()))
        );
        // The state is over there: it is what the calls before have made of it.
        assert_eq!(counter.call::<i64>("add", (5,))?, 15);
        assert_eq!(counter.call::<i64>("add", (5,))?, 20);
        assert_eq!(subject.alive()?, 1);
        Ok(())
    });
}

#[test]
fn p01_objects_of_one_class_are_separate() {
    SAMPLES.over_both(|subject| {
        let (a, b) = (
            subject.make("Counter", (1,))?,
            subject.make("Counter", (1,))?,
        );
        a.call::<()>("add", (1,))?;
        assert_eq!((a.get::<i64>("value")?, b.get::<i64>("value")?), (2, 1));
        assert!(!a.same_object(&b));
        Ok(())
    });
}

#[test]
fn p02_clones_of_a_proxy_act_on_one_object() {
    SAMPLES.over_both(|subject| {
        let counter = subject.make("Counter", ())?;
        let clone = counter.clone();
        clone.call::<()>("add", (3,))?;
        assert_eq!(counter.get::<i64>("value")?, 3);
        assert!(counter.same_object(&clone));
        assert_eq!(subject.stats().imports, 1);
        Ok(())
    });
}

#[test]
fn p02_proxies_that_arrive_separately_act_on_one_object() {
    SAMPLES.over_both(|subject| {
        let counter = subject.make("Counter", ())?;
        let again: Proxy = counter.call("myself", ())?;
        let keeper = subject.make("Keeper", ())?;
        keeper.call::<()>("keep", (&counter,))?;
        let kept: Proxy = keeper.call("last", ())?;
        kept.call::<()>("add", (3,))?;
        assert_eq!(again.get::<i64>("value")?, 3);
        assert!(counter.same_object(&again) && counter.same_object(&kept));
        let lent = subject.stats().imports_by_type;
        assert_eq!(lent, [("Counter".to_owned(), 1), ("Keeper".to_owned(), 1)]);
        keeper.call::<()>("forget", ())
    });
}

#[test]
fn p03_a_method_of_the_proxy_invokes_the_method_of_the_referent() {
    SAMPLES.over_both(|subject| {
        let counter = subject.make("Counter", (2,))?;
        let twin: Proxy = counter.call("twin", ())?;
        twin.call::<()>("add", (40,))?;
        assert_eq!(twin.get::<i64>("value")?, 42);
        assert_eq!(counter.get::<i64>("value")?, 2);
        Ok(())
    });
}

#[test]
fn p03_what_is_not_exposed_can_not_be_called() {
    SAMPLES.over_both(|subject| {
        let counter = subject.make("Counter", ())?;
        for hidden in ["secret", "watchers", "drop"] {
            let answer = counter.call::<i64>(hidden, ());
            let words = ["`Counter` has no attribute", hidden];
            refused(answer, Kind::NoSuchAttribute, &words);
        }
        Ok(())
    });
}

#[test]
fn p03_a_misspelt_name_is_answered_with_the_nearest_one() {
    SAMPLES.over_both(|subject| {
        let counter = subject.make("Counter", ())?;
        let (none, words) = (Kind::NoSuchAttribute, ["did you mean `countdown`?"]);
        refused(counter.call::<()>("coutdown", ()), none, &words);
        refused(counter.get::<()>("valeu"), none, &["did you mean `value`?"]);
        refused(counter.set("valeu", 1), none, &["did you mean `value`?"]);
        let samples = subject.import("samples")?;
        refused(
            samples.call::<()>("Conter", ()),
            none,
            &["module `samples`", "did you mean `Counter`?"],
        );
        refused(
            subject.import("sample"),
            Kind::NoSuchModule,
            &["no module `sample`", "did you mean `samples`?"],
        );
        Ok(())
    });
}

#[test]
fn p03_a_module_has_its_members_and_does_not_change() {
    SAMPLES.over_both(|subject| {
        let samples = subject.import("samples")?;
        assert_eq!(samples.get::<i64>("LIMIT")?, 10);
        assert_eq!(samples.get::<Proxy>("Counter")?.text()?, "<class Counter>");
        assert_eq!(samples.text()?, "<module samples>");
        refused(
            samples.set("LIMIT", 11),
            Kind::NoSuchAttribute,
            &["`samples.LIMIT` can not be set"],
        );
        refused(
            samples.call::<()>("LIMIT", ()),
            Kind::TypeError,
            &["`samples.LIMIT` is a constant"],
        );
        let errors = subject.import("samples.errors")?;
        assert_eq!(errors.text()?, "<module samples.errors>");
        Ok(())
    });
}
