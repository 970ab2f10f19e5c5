//! Iterators across the boundary.

use locum::{Error, Items, Kind, Proxy, Result, Value};
use locum_tests::{SAMPLES, refused};

#[test]
fn p10_items_come_in_order_however_many_there_are() {
    SAMPLES.over_both(|subject| {
        // Around the chunks in which they are fetched.
        for len in [0, 1, 31, 32, 33, 96, 97, 5000] {
            let counter = subject.make("Counter", (len,))?;
            let items: Items<i64> = counter.call("countdown", ())?;
            let items: Vec<i64> = items.collect::<Result<_>>()?;
            assert_eq!(items, (0..len).rev().collect::<Vec<_>>());
        }
        Ok(())
    });
}

#[test]
fn p10_stop_iteration_ends_an_iterator_and_it_stays_ended() {
    SAMPLES.over_both(|subject| {
        let counter = subject.make("Counter", (2,))?;
        let iterator: Proxy = counter.call("countdown", ())?;
        assert_eq!(iterator.call::<i64>("__next__", ())?, 1);
        assert_eq!(iterator.call::<i64>("next", ())?, 0, "Python 2's name");
        for _ in 0..2 {
            let end = iterator.call::<i64>("__next__", ());
            refused(end, Kind::StopIteration, &["the iterator has ended"]);
        }
        let mut items: Items<i64> = counter.call("countdown", ())?;
        assert_eq!(items.by_ref().count(), 2);
        assert!(items.next().is_none());
        Ok(())
    });
}

#[test]
fn p10_an_iterator_is_its_own_iterator() {
    SAMPLES.over_both(|subject| {
        let counter = subject.make("Counter", (5,))?;
        let iterator: Proxy = counter.call("countdown", ())?;
        assert_eq!(iterator.call::<i64>("__next__", ())?, 4);
        assert!(
            iterator
                .call::<Proxy>("__iter__", ())?
                .same_object(&iterator)
        );
        let rest: Vec<i64> = iterator.iter::<i64>()?.collect::<Result<_>>()?;
        assert_eq!(rest, [3, 2, 1, 0]);
        Ok(())
    });
}

#[test]
fn p10_an_iterator_that_is_dropped_early_is_released() {
    SAMPLES.over_both(|subject| {
        let counter = subject.make("Counter", (1_000_000,))?;
        let mut items: Items<i64> = counter.call("countdown", ())?;
        assert_eq!(items.next().transpose()?, Some(999_999));
        let lent = subject.stats().imports_by_type;
        assert_eq!(
            lent,
            [("Counter".to_owned(), 1), ("iterator".to_owned(), 1)]
        );
        drop(items);
        assert_eq!(subject.stats().imports_by_type, [("Counter".to_owned(), 1)]);
        Ok(())
    });
}

#[test]
fn p10_an_iterator_of_the_host_is_gone_through_by_the_plugin() {
    SAMPLES.over_both(|subject| {
        let samples = subject.import("samples")?;
        let squares = Items::new((0..100).map(|n: i64| n * n));
        let items: Vec<i64> = samples.call("items_of", (squares,))?;
        assert_eq!(items, (0..100).map(|n| n * n).collect::<Vec<_>>());
        // It may be endless.
        let numbers = Items::new(0_i64..);
        assert_eq!(
            samples.call::<Vec<i64>>("items_of", (numbers, 3))?,
            [0, 1, 2]
        );
        Ok(())
    });
}

#[test]
fn p10_an_iterator_that_fails_gives_what_came_before_and_ends() {
    SAMPLES.over_both(|subject| {
        let broken = || {
            Items::from_results((0..).map(|n: i64| match n {
                40 => Err(Error::raise("Torn", "the tape is torn")),
                n => Ok(n),
            }))
        };
        let samples = subject.import("samples")?;
        let answer = samples.call::<Vec<i64>>("items_of", (broken(),));
        refused(answer, Kind::Raised, &["the tape is torn"]);
        // Through the plugin and back: it comes home, and is the iterator itself.
        let mut items: Items<i64> = samples.call("echo", (broken(),))?;
        assert_eq!(
            items.by_ref().take(40).filter(|item| item.is_ok()).count(),
            40
        );
        refused(items.next().unwrap(), Kind::Raised, &["the tape is torn"]);
        assert!(items.next().is_none());
        Ok(())
    });
}

#[test]
fn p10_items_may_be_objects() {
    SAMPLES.over_both(|subject| {
        let keeper = subject.make("Keeper", ())?;
        let counters: Vec<Proxy> = (0..50)
            .map(|n| subject.make("Counter", (n,)))
            .collect::<Result<_>>()?;
        let list = subject.transfer(&counters)?;
        let items: Vec<Proxy> = list.iter()?.collect::<Result<_>>()?;
        assert!(items.iter().zip(&counters).all(|(a, b)| a.same_object(b)));
        keeper.call::<()>("keep", (&items,))?;
        drop((items, counters, list));
        assert_eq!(subject.stats().imports, 1);
        assert_eq!(subject.alive()?, 51);
        Ok(())
    });
}

#[test]
fn p10_what_is_no_iterable_says_so() {
    SAMPLES.over_both(|subject| {
        let counter = subject.make("Counter", ())?;
        let answer = counter.iter::<Value>();
        refused(
            answer,
            Kind::NoSuchAttribute,
            &["`Counter` has no attribute `__iter__`"],
        );
        Ok(())
    });
}
