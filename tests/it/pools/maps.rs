//! Many jobs for a pool.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Barrier, mpsc};
use std::thread;

use locum::{Kind, Progress, Proxy, Result, callback};
use locum_tests::refused;

use super::{samples, until};

/// A depth at which `overflow_stack` returns at once; at another one it dies.
const SHALLOW: u64 = u64::MAX;

#[test]
fn results_are_in_the_order_of_the_items() {
    for instances in [1, 2, 5] {
        let pool = samples(instances);
        for items in [1, 2, 3, 100, 20_000] {
            let results: Result<Vec<i64>> =
                pool.map(0..items, "samples.echo").into_iter().collect();
            assert_eq!(results.unwrap(), (0..items).collect::<Vec<i64>>());
        }
    }
}

#[test]
fn nothing_is_done_for_no_items() {
    let pool = samples(2);
    let mut told = 0;
    let none: [i64; 0] = [];
    let results = pool.map_with::<i64, _>(none, "samples.echo", |_| told += 1);
    assert_eq!((results.len(), told), (0, 0));
    assert!(pool.map::<i64, i64>([], "nowhere.echo").is_empty());
}

#[test]
fn an_item_that_fails_stops_no_other() {
    let pool = samples(3);
    let items: Vec<String> = (0..1_000)
        .map(|n| {
            if n % 7 == 3 {
                "x".into()
            } else {
                n.to_string()
            }
        })
        .collect();
    let results = pool.map::<i64, _>(&items, "samples.errors.raise_standard");
    assert_eq!(results.len(), items.len());
    for (n, result) in (0..).zip(results) {
        match n % 7 {
            3 => assert_eq!(result.unwrap_err().type_name(), "ParseIntError"),
            _ => assert_eq!(result, Ok(n)),
        }
    }
}

#[test]
fn an_instance_that_dies_fails_one_item() {
    let pool = samples(2);
    let items: Vec<u64> = (0..40)
        .map(|n| if n % 10 == 5 { 0 } else { SHALLOW })
        .collect();
    let results = pool.map::<u64, _>(&items, "samples.dying.overflow_stack");
    for (item, result) in items.into_iter().zip(results) {
        match item {
            SHALLOW => assert_eq!(result, Ok(0)),
            _ => drop(refused(result, Kind::Trap, &["stack"])),
        }
    }
    assert!(
        pool.map::<i64, _>(0..4, "samples.echo")
            .iter()
            .all(Result::is_ok)
    );
}

#[test]
fn results_may_be_objects_of_any_instance() {
    let pool = samples(3);
    let counters = pool.map::<Proxy, _>(0..300_i64, "samples.Counter");
    for (start, counter) in (0..).zip(counters) {
        assert_eq!(counter.unwrap().call::<i64>("add", (1,)), Ok(start + 1));
    }
    pool.close().unwrap();
}

#[test]
fn instances_work_at_the_same_time() {
    let pool = samples(3);
    let all = Arc::new(Barrier::new(3));
    let meet = callback(move || {
        all.wait();
    });
    // Nobody comes out before all are in.
    let met = pool.map::<(), _>(vec![meet; 3], "samples.apply");
    assert!(met.iter().all(Result::is_ok), "{met:?}");
}

#[test]
fn progress_only_rises_and_ends_with_all_items() {
    let pool = samples(3);
    let items = (0..3_000).map(|n| if n % 3 == 0 { "x" } else { "1" });
    let mut told: Vec<Progress> = Vec::new();
    pool.map_with::<i64, _>(items, "samples.errors.raise_standard", |now| told.push(now));
    assert!(told.is_sorted_by(|a, b| a.done < b.done && a.failed <= b.failed));
    let last = told.last().unwrap();
    assert_eq!((last.done, last.failed, last.total), (3_000, 1_000, 3_000));
    assert!(told.iter().all(|now| now.total == 3_000));

    told.clear();
    pool.map_with::<i64, _>([1, 2], "nowhere.echo", |now| told.push(now));
    let [only] = told[..] else { panic!("{told:?}") };
    assert_eq!((only.done, only.failed, only.total), (2, 2, 2));
}

#[test]
fn a_panic_of_the_progress_callback_reaches_the_caller() {
    let pool = samples(3);
    // On the calling thread or on another one: whoever tells the first time.
    for _ in 0..10 {
        let mut times = 0;
        let map = || {
            pool.map_with::<i64, _>(0..10_000, "samples.echo", |_| {
                times += 1;
                panic!("a clumsy callback")
            })
        };
        let panic = catch_unwind(AssertUnwindSafe(map)).unwrap_err();
        assert_eq!(panic.downcast_ref(), Some(&"a clumsy callback"));
        assert_eq!(times, 1);
    }
    assert_eq!(pool.map::<i64, _>([5], "samples.echo"), [Ok(5)]);
}

#[test]
fn an_instance_that_is_busy_with_something_else_is_left_out_until_it_is_idle() {
    let pool = samples(2);
    let (inside, left) = (Arc::new(Barrier::new(2)), Arc::new(AtomicBool::new(false)));
    let (leave, told_to_leave) = mpsc::channel();
    let hold = callback({
        let (inside, told_to_leave) = (inside.clone(), std::sync::Mutex::new(told_to_leave));
        move || {
            inside.wait();
            let _ = told_to_leave.lock().unwrap().recv();
        }
    });
    thread::scope(|scope| {
        let (pool, holding) = (&pool, left.clone());
        scope.spawn(move || {
            pool.call::<()>("samples.apply", (hold,)).unwrap();
            holding.store(true, Ordering::Relaxed);
        });
        inside.wait();
        // It would wait for ever, if an item had gone there.
        let done = pool.map::<i64, _>(0..1_000, "samples.echo");
        assert!(done.iter().all(Result::is_ok));
        // The first item frees it, the others need both.
        let free = callback(move || {
            let _ = leave.send(());
            until("it is left", || left.load(Ordering::Relaxed));
        });
        let both = Arc::new(Barrier::new(2));
        let meet = callback(move || {
            both.wait();
        });
        let items = [free, meet.clone(), meet];
        let met = pool.map::<(), _>(items, "samples.apply");
        assert!(met.iter().all(Result::is_ok), "{met:?}");
    });
}
