//! How long objects live.

use locum::{Kind, Proxy, Shared, Value, object};
use locum_tests::{COUNTERS, SAMPLES, refused};

#[test]
fn p15_an_object_goes_when_its_last_proxy_does() {
    SAMPLES.over_both(|subject| {
        let counter = subject.make("Counter", ())?;
        let clone = counter.clone();
        let again: Proxy = counter.call("myself", ())?;
        drop(counter);
        drop(clone);
        assert_eq!(subject.alive()?, 1);
        drop(again);
        assert_eq!(subject.alive()?, 0, "its destructor has run");
        assert_eq!(subject.stats().imports, 0);
        Ok(())
    });
}

#[test]
fn p15_an_object_that_is_kept_over_there_outlives_its_proxies() {
    SAMPLES.over_both(|subject| {
        let keeper = subject.make("Keeper", ())?;
        keeper.call::<()>("keep", (subject.make("Counter", (5,))?,))?;
        assert_eq!(subject.alive()?, 2);
        assert_eq!(subject.stats().imports, 1);
        assert_eq!(keeper.call::<i64>("call_last", ("add",))?, 6);
        keeper.call::<()>("forget", ())?;
        assert_eq!(subject.alive()?, 1);
        Ok(())
    });
}

#[test]
fn p15_a_result_that_nobody_wants_is_released() {
    SAMPLES.over_both(|subject| {
        let counter = subject.make("Counter", ())?;
        counter.call::<()>("twin", ())?;
        counter.call::<Value>("twin", ())?;
        counter.call::<i64>("twin", ())?;
        // Also when it can not be read as what was asked for.
        assert!(counter.call::<Vec<String>>("twin", ()).is_err());
        assert_eq!(subject.stats().imports, 1);
        assert_eq!(subject.alive()?, 1);
        Ok(())
    });
}

#[test]
fn p15_an_object_may_come_and_go_many_times() {
    SAMPLES.over_both(|subject| {
        let counter = subject.make("Counter", ())?;
        for _ in 0..1000 {
            let again: Proxy = counter.call("myself", ())?;
            assert!(again.same_object(&counter));
            drop(counter.call::<Proxy>("twin", ())?);
        }
        assert_eq!(subject.alive()?, 1);
        let keeper = subject.make("Keeper", ())?;
        drop(counter);
        let counter = subject.make("Counter", ())?;
        keeper.call::<()>("keep", (&counter,))?;
        drop(counter);
        let counter: Proxy = keeper.call("give", ())?;
        assert_eq!(
            counter.call::<i64>("add", ())?,
            1,
            "it came again after it had been given back"
        );
        Ok(())
    });
}

#[test]
fn p15_an_object_of_mine_that_the_plugin_lets_go_is_given_back() {
    SAMPLES.over_both(|subject| {
        let keeper = subject.make("Keeper", ())?;
        let mine = Shared::new(Mine);
        keeper.call::<()>("keep", (&mine,))?;
        keeper.call::<()>("keep", (vec![&mine, &mine],))?;
        assert_eq!(subject.stats().exports, 1);
        keeper.call::<()>("forget", ())?;
        assert_eq!(subject.stats().exports, 0);
        Ok(())
    });
}

struct Mine;

#[object]
impl Mine {}

#[test]
fn p15_objects_that_hold_each_other_across_the_boundary_live_until_the_plugin_is_closed() {
    SAMPLES.over_both(|subject| {
        let keeper = subject.make("Keeper", ())?;
        let holder = locum::callback({
            let keeper = keeper.clone();
            move || keeper.call::<()>("forget", ())
        });
        keeper.call::<()>("keep", (holder,))?;
        drop(keeper);
        assert_eq!(subject.alive()?, 1, "a cycle, which counting does not end");
        subject.close()?;
        assert_eq!(subject.stats().imports, 0);
        Ok(())
    });
}

#[test]
fn p15_a_message_that_could_not_be_used_lends_nothing() {
    SAMPLES.over_both(|subject| {
        let keeper = subject.make("Keeper", ())?;
        let mine = Shared::new(Mine);
        assert!(keeper.call::<()>("kepp", (&mine,)).is_err());
        assert!(
            keeper
                .call::<()>("keep", (&mine, &mine, "too many"))
                .is_err()
        );
        assert!(keeper.set("nothing", &mine).is_err());
        assert_eq!(subject.stats().exports, 0);
        Ok(())
    });
}

#[test]
fn r23_a_weak_reference_keeps_nothing_alive() {
    SAMPLES.over_both(|subject| {
        let counter = subject.make("Counter", (5,))?;
        let weak = counter.downgrade();
        let again = weak.upgrade().expect("it is still held");
        assert!(again.same_object(&counter));
        drop(counter);
        assert_eq!(weak.upgrade().expect("still").get::<i64>("value")?, 5);
        drop(again);
        assert!(weak.upgrade().is_none());
        assert_eq!(subject.alive()?, 0);
        Ok(())
    });
}

#[test]
fn r23_the_table_keeps_no_proxy_alive() {
    SAMPLES.over_both(|subject| {
        let weak: Vec<_> = (0..10)
            .map(|n| subject.make("Counter", (n,)).map(|it| it.downgrade()))
            .collect::<Result<_, _>>()?;
        assert!(weak.iter().all(|weak| weak.upgrade().is_none()));
        assert_eq!(subject.stats().imports, 0);
        Ok(())
    });
}

#[test]
fn r23_a_weak_reference_to_a_deferred_attribute_or_to_an_object_of_mine_works_alike() {
    SAMPLES.over_both(|subject| {
        let scene = subject.make("Scene", ())?;
        let weak = scene.at("camera.lens").downgrade();
        let lens = weak.upgrade().expect("the scene is still held");
        assert_eq!(lens.path(), "camera.lens");
        assert_eq!(lens.get::<f64>("zoom")?, 1.0);
        drop((scene, lens));
        assert!(weak.upgrade().is_none());
        let mine = Shared::new(Mine);
        let weak = mine.proxy().downgrade();
        assert!(
            weak.upgrade()
                .is_some_and(|proxy| proxy.same_object(&mine.proxy()))
        );
        drop(mine);
        assert!(weak.upgrade().is_none());
        Ok(())
    });
}

#[test]
fn r11_a_closed_plugin_has_run_its_destructors_and_answers_closed() {
    SAMPLES.over_both(|subject| {
        let counter = subject.make("Counter", ())?;
        let mine = Shared::new(Mine);
        let keeper = subject.make("Keeper", ())?;
        keeper.call::<()>("keep", (&mine,))?;
        subject.close()?;
        subject.close()?;
        assert_eq!(subject.stats().exports, 0, "what it had borrowed is back");
        let words = ["samples", "closed"];
        refused(counter.call::<i64>("add", ()), Kind::Closed, &words);
        refused(counter.get::<i64>("value"), Kind::Closed, &words);
        refused(counter.set("value", 1), Kind::Closed, &words);
        refused(counter.describe(), Kind::Closed, &words);
        refused(subject.import("samples"), Kind::Closed, &words);
        refused(subject.transfer(&1), Kind::Closed, &words);
        refused(keeper.call::<()>("keep", (&mine,)), Kind::Closed, &words);
        Ok(())
    });
}

#[test]
fn r11_a_plugin_lives_as_long_as_a_proxy_into_it() {
    let plugin = locum_tests::host().load(COUNTERS.path()).unwrap();
    let counters = plugin.import("counters").unwrap();
    drop(plugin);
    let counter: Proxy = counters.call("Counter", (1,)).unwrap();
    drop(counters);
    assert_eq!(counter.call::<i64>("add", (1,)).unwrap(), 2);
}
