//! Pools that are used from inside of their own instances.

use std::sync::{Arc, Barrier};
use std::thread;

use locum::{Kind, Pool, Proxy, Result, Shared, callback, object};
use locum_tests::refused;

use super::samples;

/// A callback that has the pool work.
fn mapping(pool: &Pool) -> Proxy {
    let pool = pool.clone();
    callback(move || -> Result<i64> {
        let results = pool.map::<i64, _>(0..50, "samples.echo");
        results.into_iter().sum()
    })
}

#[test]
fn a_callback_may_call_the_pool_that_called_it() {
    for instances in [1, 2] {
        let pool = samples(instances);
        let again = callback({
            let pool = pool.clone();
            move || pool.call::<i64>("samples.echo", (5,))
        });
        assert_eq!(pool.call::<i64>("samples.apply", (again,)), Ok(5));
    }
}

#[test]
fn a_callback_may_map_over_the_pool_that_called_it() {
    for instances in [1, 3] {
        let pool = samples(instances);
        let sum = (0..50).sum();
        assert_eq!(
            pool.call::<i64>("samples.apply", (mapping(&pool),)),
            Ok(sum)
        );
        let sums = pool.map::<i64, _>(vec![mapping(&pool); 20], "samples.apply");
        assert!(sums.iter().all(|it| *it == Ok(sum)), "{sums:?}");
    }
}

#[test]
fn callbacks_of_all_instances_may_map_at_once() {
    // Each thread is in an instance of its own, and its map's threads want into those of the others.
    let pool = samples(3);
    for _ in 0..30 {
        let all = Barrier::new(3);
        let (all, sum) = (Arc::new(all), (0..50).sum());
        let map = mapping(&pool);
        let together = callback(move || -> Result<i64> {
            all.wait();
            map.invoke(())
        });
        thread::scope(|scope| {
            let call = || pool.call::<i64>("samples.apply", (&together,));
            let calls: Vec<_> = (0..3).map(|_| scope.spawn(call)).collect();
            for call in calls {
                assert_eq!(call.join().unwrap(), Ok(sum));
            }
        });
    }
}

#[test]
fn an_instance_that_dies_in_the_middle_of_its_own_callback_fails_one_item_of_that_map() {
    let pool = samples(1);
    let inner = callback({
        let pool = pool.clone();
        move || {
            let items = [u64::MAX, 0, u64::MAX, u64::MAX];
            let results = pool.map::<u64, _>(items, "samples.dying.overflow_stack");
            assert_eq!(results.iter().filter(|it| it.is_ok()).count(), 3);
            results.into_iter().nth(1).unwrap()
        }
    });
    // The one that called back is in there too.
    let outer = pool.call::<u64>("samples.apply", (inner,));
    refused(outer, Kind::Trap, &["stack"]);
    assert_eq!(pool.call::<i64>("samples.echo", (5,)), Ok(5));
}

#[test]
fn progress_may_be_told_to_one_who_uses_the_pool() {
    let pool = samples(2);
    let outer = callback({
        let pool = pool.clone();
        move || -> Result<usize> {
            let mut asked = 0;
            let results = pool.map_with::<i64, _>(0..500, "samples.echo", |now| {
                let echo = pool.call::<usize>("samples.echo", (now.done,));
                assert_eq!(echo, Ok(now.done));
                asked = now.done;
            });
            assert!(results.iter().all(Result::is_ok));
            Ok(asked)
        }
    });
    for _ in 0..20 {
        assert_eq!(pool.call::<usize>("samples.apply", (&outer,)), Ok(500));
    }
}

/// An object of the program's that has the pool work for it while it is being changed.
struct Owner {
    pool: Pool,
    visits: u64,
}

#[object]
impl Owner {
    fn visit(&mut self) -> u64 {
        self.visits += 1;
        self.visits
    }
    /// How the calls of `visitor` fail meanwhile.
    fn have_visited(&mut self, visitor: Proxy) -> Vec<String> {
        let visits = self.pool.map::<u64, _>(vec![visitor; 4], "samples.apply");
        let kind = |visit: Result<u64>| visit.map_err(|error| error.kind().name());
        visits
            .into_iter()
            .map(|it| format!("{:?}", kind(it)))
            .collect()
    }
}

#[test]
fn what_the_caller_of_a_map_is_changing_is_busy_for_its_jobs_at_once() {
    let owner = Shared::new(Owner {
        pool: samples(2),
        visits: 0,
    });
    let visitor = callback({
        let owner = owner.proxy();
        move || owner.call::<u64>("visit", ())
    });
    let visits: Vec<String> = owner.proxy().call("have_visited", (visitor,)).unwrap();
    assert_eq!(visits, [r#"Err("busy")"#; 4]);
}
