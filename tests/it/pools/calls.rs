//! Single calls into a pool.

use std::sync::{Arc, Barrier, Mutex};
use std::thread;

use locum::{Kind, LoadOptions, Proxy, args, callback};
use locum_tests::{SAMPLES, host, refused, says};

use super::{samples, until};

#[test]
fn a_path_is_a_module_and_what_is_in_it() {
    let pool = samples(1);
    assert_eq!(pool.call::<i64>("samples.echo", (5,)), Ok(5));
    let odd: (i64, i64) = pool
        .call::<(i64, i64, Vec<i64>, locum::Map)>("samples.rest_and_keywords", args!(1, second = 3))
        .map(|(first, second, ..)| (first, second))
        .unwrap();
    assert_eq!(odd, (1, 3));
    // The longest module that there is, rather than an attribute of a shorter one.
    let parsed = pool.call::<i64>("samples.errors.raise_standard", ("12",));
    assert_eq!(parsed, Ok(12));
    let counter: Proxy = pool.call("samples.Counter", (3,)).unwrap();
    assert_eq!(counter.call::<i64>("add", (1,)), Ok(4));
}

#[test]
fn a_path_into_no_module_names_those_that_there_are() {
    let pool = samples(1);
    let words = [
        "no module `nowhere`",
        "`samples.waiting`",
        "`module.function`, not `nowhere.echo`",
    ];
    refused(
        pool.call::<i64>("nowhere.echo", (5,)),
        Kind::NoSuchModule,
        &words,
    );
    let results = pool.map::<i64, _>([1, 2, 3], "nowhere.echo");
    assert_eq!(results.len(), 3);
    for result in results {
        refused(result, Kind::NoSuchModule, &words);
    }
    let near = pool.call::<i64>("sample.echo", (5,));
    refused(near, Kind::NoSuchModule, &["did you mean `samples`?"]);
    let error = pool.call::<i64>("samples.ecko", (5,)).unwrap_err();
    assert_eq!(error.kind(), Kind::NoSuchAttribute);
    says(&error, &["ecko"]);
}

#[test]
fn none_stands_for_an_instance_for_each_core() {
    let cores = thread::available_parallelism().unwrap().get();
    let pool = samples(0);
    assert_eq!((pool.len(), pool.plugins().len()), (cores, cores));
    assert_eq!(samples(3).len(), 3);
}

#[test]
fn a_call_goes_to_an_instance_that_is_idle() {
    let pool = samples(2);
    let (inside, leave) = (Arc::new(Barrier::new(2)), Arc::new(Barrier::new(2)));
    let hold = callback({
        let (inside, leave) = (inside.clone(), leave.clone());
        move || {
            inside.wait();
            leave.wait();
        }
    });
    thread::scope(|scope| {
        let holding = scope.spawn(|| pool.call::<()>("samples.apply", (hold,)));
        inside.wait();
        // Whichever it begins to look at: one of them is held until this is over.
        for n in 0..10 {
            assert_eq!(pool.call::<i64>("samples.echo", (n,)), Ok(n));
        }
        leave.wait();
        assert_eq!(holding.join().unwrap(), Ok(()));
    });
}

#[test]
fn calls_of_several_threads_are_in_as_many_instances() {
    let pool = samples(4);
    let all = Arc::new(Barrier::new(4));
    let meet = callback(move || {
        all.wait();
    });
    thread::scope(|scope| {
        let call = || pool.call::<()>("samples.apply", (&meet,));
        let calls: Vec<_> = (0..4).map(|_| scope.spawn(call)).collect();
        for call in calls {
            assert_eq!(call.join().unwrap(), Ok(()));
        }
    });
}

#[test]
fn an_instance_that_dies_is_replaced() {
    let pool = samples(1);
    let names = || pool.plugins()[0].name().to_owned();
    let first = names();
    let counter: Proxy = pool.call("samples.Counter", (1,)).unwrap();
    for message in ["one", "two"] {
        let death = pool.call::<()>("samples.dying.panic_with", (message,));
        refused(death, Kind::Panic, &[message]);
        assert_eq!(pool.call::<i64>("samples.echo", (5,)), Ok(5));
    }
    assert_ne!(names(), first);
    // An object stays in the instance that made it, and goes with it.
    refused(
        counter.call::<i64>("add", ()),
        Kind::Closed,
        &[&first, "panicked", "one"],
    );
}

#[test]
fn a_call_that_waits_for_an_instance_that_dies_is_made_in_the_next_one() {
    let pool = samples(1);
    assert_eq!(pool.call::<i64>("samples.echo", (1,)), Ok(1));
    let (inside, plugin) = (Arc::new(Barrier::new(2)), pool.plugins().remove(0));
    let asked = plugin.stats().calls;
    let die = callback({
        let (pool, inside) = (pool.clone(), inside.clone());
        move || {
            inside.wait();
            // This call, the one of the import before it, and the one that waits.
            until("the other call waits", || plugin.stats().calls > asked + 1);
            pool.call::<()>("samples.dying.trap", ())
        }
    });
    thread::scope(|scope| {
        let dying = scope.spawn(|| pool.call::<()>("samples.apply", (die,)));
        inside.wait();
        assert_eq!(pool.call::<i64>("samples.echo", (5,)), Ok(5));
        refused(dying.join().unwrap(), Kind::Trap, &[]);
    });
}

#[test]
fn a_closed_pool_has_forgotten_nothing_and_begins_anew() {
    let leaks = Arc::new(Mutex::new(Vec::new()));
    let seen = leaks.clone();
    let options = LoadOptions::new().on_leak(move |leak| {
        seen.lock().unwrap().push(leak.to_string());
    });
    let template = host().template_with(SAMPLES.path(), options).unwrap();
    let pool = template.pool(2).unwrap();
    let before = pool.plugins();
    pool.map::<i64, _>(0..100, "samples.echo");
    pool.close().unwrap();
    pool.close().unwrap();
    assert!(before.iter().all(|plugin| plugin.closed().is_some()));
    assert_eq!(*leaks.lock().unwrap(), Vec::<String>::new());

    let counter: Proxy = pool.call("samples.Counter", (1,)).unwrap();
    pool.close().unwrap();
    assert_eq!(leaks.lock().unwrap().len(), 1, "that one is the program's");
    refused(counter.call::<i64>("add", ()), Kind::Closed, &["closed"]);
    assert_eq!(pool.call::<i64>("samples.echo", (5,)), Ok(5));
}
