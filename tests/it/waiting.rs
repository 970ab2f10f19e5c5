//! A plugin that waits, serves: calls that come back, plugins that call each other, from any number of threads.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use locum::{CallOptions, Items, Kind, Proxy, Result, Shared, callback, object};
use locum_tests::{SAMPLES, Subject, refused};

/// Nodes of as many plugins as there are, each knowing the next one.
fn ring(subjects: &[Subject]) -> Result<Vec<Proxy>> {
    let nodes: Vec<Proxy> = subjects
        .iter()
        .map(|subject| subject.make_waiting("Node", ()))
        .collect::<Result<_>>()?;
    for (index, node) in nodes.iter().enumerate() {
        node.call::<()>("link", (&nodes[(index + 1) % nodes.len()],))?;
    }
    Ok(nodes)
}

fn unlink(nodes: &[Proxy]) -> Result<()> {
    nodes.iter().try_for_each(|node| node.call("unlink", ()))
}

fn plugins(subject: &Subject, count: usize) -> Vec<Subject> {
    (0..count).map(|_| subject.another()).collect()
}

/// Runs this on as many threads at once, often.
fn at_once(threads: usize, rounds: usize, work: impl Fn(usize) -> Result<()> + Sync) -> Result<()> {
    let barrier = Barrier::new(threads);
    thread::scope(|scope| {
        let run = |index: usize| {
            let (barrier, work) = (&barrier, &work);
            move || -> Result<()> {
                for _ in 0..rounds {
                    barrier.wait();
                    work(index)?;
                }
                Ok(())
            }
        };
        let all: Vec<_> = (0..threads).map(|index| scope.spawn(run(index))).collect();
        all.into_iter()
            .try_for_each(|thread| thread.join().expect("no panic"))
    })
}

#[test]
fn r26_a_plugin_calls_another_which_calls_it_back() {
    SAMPLES.over_both(|subject| {
        let plugins = plugins(subject, 2);
        let nodes = ring(&plugins)?;
        assert_eq!(nodes[0].call::<u64>("pass", (7,))?, 8);
        assert_eq!(nodes[0].get::<u64>("visits")?, 4);
        assert_eq!(nodes[1].get::<u64>("visits")?, 4);
        // Not while it is being changed.
        refused(
            nodes[0].call::<u64>("pass_changing", (2,)),
            Kind::Busy,
            &["`Node` is in the middle of a call"],
        );
        unlink(&nodes)
    });
}

#[test]
fn r26_two_plugins_that_call_each_other_from_two_threads_do_not_wait_for_ever() {
    SAMPLES.over_both(|subject| {
        let plugins = plugins(subject, 2);
        let nodes = ring(&plugins)?;
        at_once(2, 300, |index| {
            let passed: u64 = nodes[index].call("pass", (3,))?;
            assert_eq!(passed, 4);
            Ok(())
        })?;
        let visits: u64 = nodes
            .iter()
            .map(|node| node.get::<u64>("visits"))
            .sum::<Result<_>>()?;
        assert_eq!(visits, 2 * 300 * 4);
        unlink(&nodes)
    });
}

#[test]
fn r26_eight_plugins_in_a_ring_on_eight_threads_do_not_wait_for_ever() {
    SAMPLES.over_both(|subject| {
        let plugins = plugins(subject, 8);
        let nodes = ring(&plugins)?;
        at_once(8, 40, |index| {
            assert_eq!(nodes[index].call::<u64>("pass", (16,))?, 17);
            Ok(())
        })?;
        let visits: u64 = nodes
            .iter()
            .map(|node| node.get::<u64>("visits"))
            .sum::<Result<_>>()?;
        assert_eq!(visits, 8 * 40 * 17);
        unlink(&nodes)
    });
}

#[test]
fn r26_threads_that_start_and_post_around_a_ring_do_not_wait_for_ever() {
    SAMPLES.over_both(|subject| {
        let plugins = plugins(subject, 4);
        let nodes = ring(&plugins)?;
        at_once(4, 40, |index| {
            let node = &nodes[index];
            node.post("pass", (5,))?;
            let (first, second) = (
                node.start::<u64>("pass", (6,)),
                nodes[(index + 1) % 4].start::<u64>("pass", (3,)),
            );
            assert_eq!(node.call::<u64>("pass", (2,))?, 3);
            assert_eq!((first.wait()?, second.wait()?), (7, 4));
            Ok(())
        })?;
        let visits: u64 = nodes
            .iter()
            .map(|node| node.get::<u64>("visits"))
            .sum::<Result<_>>()?;
        assert_eq!(visits, 4 * 40 * (6 + 7 + 4 + 3));
        unlink(&nodes)
    });
}

#[test]
fn r26_callbacks_that_wait_for_started_calls_of_each_other_do_not_wait_for_ever() {
    SAMPLES.over_both(|subject| {
        let plugins = plugins(subject, 2);
        let samples: Vec<Proxy> = plugins
            .iter()
            .map(|plugin| plugin.import("samples"))
            .collect::<Result<_>>()?;
        at_once(2, 100, |index| {
            let other = samples[1 - index].clone();
            let inside = callback(move || other.start::<i64>("echo", (5,)).wait());
            assert_eq!(samples[index].call::<i64>("apply", (inside,))?, 5);
            Ok(())
        })?;
        plugins.iter().for_each(Subject::settle);
        Ok(())
    });
}

#[test]
fn r26_a_thread_that_only_has_to_wait_its_turn_is_not_served_in_the_middle() {
    let subject = SAMPLES.in_wasm(Vec::new());
    let other = subject.another();
    let counter = subject.make("Counter", (0,)).unwrap();
    let slow = other.import("samples.waiting").unwrap();
    // While the counter is being changed, its plugin waits for another one, which waits for nobody.
    let barrier = Arc::new(Barrier::new(2));
    let during = callback({
        let (barrier, slow) = (barrier.clone(), slow.clone());
        move || {
            let sleeping = slow.start::<u64>("sleep", (50,));
            barrier.wait();
            sleeping.wait().map(drop)
        }
    });
    thread::scope(|scope| {
        let changing = scope.spawn(|| counter.call::<i64>("add_during", (during,)));
        barrier.wait();
        // It would be `Busy` in there.
        assert_eq!(counter.call::<i64>("add", (10,)).unwrap(), 11);
        assert_eq!(changing.join().unwrap().unwrap(), 1);
    });
    subject.settle();
}

#[test]
fn r26_an_object_that_is_changed_further_up_a_circle_of_threads_is_busy() {
    let subject = SAMPLES.in_wasm(Vec::new());
    let plugins = plugins(&subject, 2);
    let nodes = ring(&plugins).unwrap();
    let (busy, passed) = (AtomicUsize::new(0), AtomicUsize::new(0));
    at_once(2, 200, |index| {
        match nodes[index].call::<u64>("pass_changing", (1,)) {
            Ok(_) => passed.fetch_add(1, Ordering::Relaxed),
            Err(error) if error.kind() == Kind::Busy => busy.fetch_add(1, Ordering::Relaxed),
            Err(error) => return Err(error),
        };
        Ok(())
    })
    .unwrap();
    assert_eq!(busy.into_inner() + passed.into_inner(), 400);
    assert_eq!(
        nodes[0].call::<u64>("pass", (1,)).unwrap(),
        2,
        "they are free again"
    );
    unlink(&nodes).unwrap();
}

#[test]
fn r26_a_relay_does_not_parse_what_it_passes_on() {
    SAMPLES.over_both(|subject| {
        let other = subject.another();
        let keeper = subject.make("Keeper", ())?;
        let echo: Proxy = other.import("samples")?.get("echo")?;
        keeper.call::<()>("keep", (&echo,))?;
        // It would change in the hands of anybody who reads it: NaN, the sign of zero, the order of a map.
        let value = locum::Value::List(vec![
            locum::Value::Float(-0.0),
            locum::Value::Map(
                [("b".into(), 1.into()), ("a".into(), 2.into())]
                    .into_iter()
                    .collect(),
            ),
            locum::Value::Bytes(vec![7_u8; 100_000].into()),
        ]);
        let back: locum::Value = keeper.call("call_last", ("", &value))?;
        assert_eq!(format!("{back:?}"), format!("{value:?}"));
        keeper.call::<()>("forget", ())
    });
}

#[test]
fn r26_calls_of_a_plugin_that_is_gone_fail_with_its_cause() {
    SAMPLES.over_both(|subject| {
        let other = subject.another();
        let keeper = subject.make("Keeper", ())?;
        let theirs = other.make("Counter", ())?;
        keeper.call::<()>("keep", (&theirs,))?;
        assert_eq!(keeper.call::<i64>("call_last", ("add",))?, 1);
        other.close()?;
        let error = refused(
            keeper.call::<i64>("call_last", ("add",)),
            Kind::Closed,
            &["was closed"],
        );
        assert!(
            error.trace().iter().any(|hop| hop.contains("Counter.add")),
            "{error:?}"
        );
        keeper.call::<()>("forget", ())
    });
}

#[test]
fn r26_an_error_from_the_end_of_a_chain_tells_every_hop() {
    SAMPLES.over_both(|subject| {
        let plugins = plugins(subject, 3);
        let nodes: Vec<Proxy> = plugins
            .iter()
            .map(|plugin| plugin.make_waiting("Node", ()))
            .collect::<Result<_>>()?;
        nodes[0].call::<()>("link", (&nodes[1],))?;
        nodes[1].call::<()>("link", (&nodes[2],))?;
        let error = nodes[0].call::<u64>("fail", ()).unwrap_err();
        assert_eq!(error.type_name(), "EndOfChain");
        let hops: Vec<&str> = error.trace().iter().map(String::as_str).collect();
        let place = |plugin: &Subject| format!("in Node.fail at {}", plugin.name());
        let expected = [
            place(&plugins[2]),
            "in Node.fail at host".to_owned(),
            place(&plugins[1]),
            "in Node.fail at host".to_owned(),
            place(&plugins[0]),
        ];
        assert_eq!(hops, expected, "innermost first");
        unlink(&nodes)
    });
}

#[test]
fn r10_a_callback_may_be_made_in_the_middle_of_iteration() {
    SAMPLES.over_both(|subject| {
        let counter = subject.make("Counter", (100,))?;
        let mut seen = Vec::new();
        for step in counter.call::<Items<i64>>("countdown", ())? {
            let n = step?;
            if n % 10 == 0 {
                let inside = callback({
                    let counter = counter.clone();
                    move || counter.get::<i64>("value")
                });
                seen.push(subject.import("samples")?.call::<i64>("apply", (inside,))?);
            }
        }
        assert_eq!(seen, [100; 10]);
        // And the host's iterators over there: each item is made by a call back.
        let samples = subject.import("samples")?;
        let items = Items::from_results((0..100).map({
            let counter = counter.clone();
            move |n| counter.call::<i64>("add", (n,))
        }));
        let added: Vec<i64> = samples.call("items_of", (items,))?;
        assert_eq!(added.last(), Some(&(100 + (0..100).sum::<i64>())));
        subject.settle();
        Ok(())
    });
}

#[test]
fn r10_a_callback_may_drop_the_last_proxy_to_its_caller() {
    SAMPLES.over_both(|subject| {
        let slot: Arc<Mutex<Option<Proxy>>> = Arc::default();
        let dropper = callback({
            let slot = slot.clone();
            move || drop(slot.lock().unwrap().take())
        });
        let counter = subject.make("Counter", (1,))?;
        *slot.lock().unwrap() = Some(counter);
        let counter = slot.lock().unwrap().as_ref().map(Proxy::downgrade);
        let call = |dropper: Proxy| {
            let counter = counter
                .as_ref()
                .and_then(locum::WeakProxy::upgrade)
                .expect("it is held");
            let pending = counter.start::<i64>("add_during", (dropper,));
            drop(counter);
            pending.wait()
        };
        assert_eq!(call(dropper)?, 2);
        assert_eq!(subject.alive()?, 0);
        Ok(())
    });
}

#[test]
fn r11_a_callback_may_close_the_plugin_that_is_calling_it() {
    let subject = SAMPLES.in_wasm(Vec::new());
    let plugin = subject.loaded().unwrap().clone();
    let counter = subject.make("Counter", (1,)).unwrap();
    let closer = callback(move || plugin.close());
    let answer = counter.call::<i64>("add_during", (closer,));
    refused(answer, Kind::Closed, &["was closed"]);
    refused(counter.get::<i64>("value"), Kind::Closed, &["was closed"]);
}

#[test]
fn r11_closing_a_plugin_from_another_thread_ends_whoever_waits_for_it() {
    let subject = SAMPLES.in_wasm(Vec::new());
    let plugin = subject.loaded().unwrap().clone();
    let counter = subject.make("Counter", (1,)).unwrap();
    let barrier = Arc::new(Barrier::new(2));
    let hold = callback({
        let barrier = barrier.clone();
        move || {
            barrier.wait();
            barrier.wait();
        }
    });
    thread::scope(|scope| {
        let holding = scope.spawn(|| counter.call::<i64>("add_during", (hold,)));
        barrier.wait();
        let waiting: Vec<_> = (0..3)
            .map(|_| scope.spawn(|| counter.call::<i64>("add", ())))
            .collect();
        thread::sleep(Duration::from_millis(20));
        plugin.kill();
        for thread in waiting {
            refused(thread.join().unwrap(), Kind::Closed, &["it was killed"]);
        }
        barrier.wait();
        refused(holding.join().unwrap(), Kind::Closed, &["it was killed"]);
    });
}

/// Objects of the host's that call plugins.
struct Broker {
    plugin: Proxy,
    calls: u64,
}

#[object]
impl Broker {
    fn ask(&mut self, value: i64) -> Result<i64> {
        self.calls += 1;
        self.plugin.call("echo", (value,))
    }
    fn ask_back(this: &Shared<Self>, asker: Proxy) -> Result<i64> {
        asker
            .call("add", (1,))
            .and_then(|n: i64| this.borrow_mut()?.ask(n))
    }
}

#[test]
fn r26_a_host_object_between_two_plugins_is_called_from_both() {
    SAMPLES.over_both(|subject| {
        let other = subject.another();
        let broker = Shared::new(Broker {
            plugin: other.import("samples")?,
            calls: 0,
        });
        let counter = subject.make("Counter", (0,))?;
        let keeper = subject.make("Keeper", ())?;
        keeper.call::<()>("keep", (&broker,))?;
        assert_eq!(keeper.call::<i64>("call_last", ("ask", 5))?, 5);
        assert_eq!(keeper.call::<i64>("call_last", ("ask_back", &counter))?, 1);
        assert_eq!(broker.borrow()?.calls, 2);
        keeper.call::<()>("forget", ())
    });
}

#[test]
fn r13_every_mode_works_when_the_plugin_prints_and_sleeps() {
    let subject = SAMPLES.in_wasm(Vec::new());
    let waiting = subject.import("samples.waiting").unwrap();
    let begun = Instant::now();
    waiting.call::<()>("print_slowly", ("called", 10)).unwrap();
    let started = waiting.start::<()>("print_slowly", ("started", 10));
    waiting.post("print_slowly", ("posted", 10)).unwrap();
    started.wait().unwrap();
    waiting.call::<u64>("sleep", (10,)).unwrap();
    assert!(
        begun.elapsed() >= Duration::from_millis(40),
        "each of them has slept"
    );
}

#[test]
fn r13_every_mode_works_in_an_async_task() {
    let subject = SAMPLES.in_wasm(Vec::new());
    let waiting = subject.import("samples.waiting").unwrap();
    let counter = subject.make("Counter", (0,)).unwrap();
    let all = async move {
        waiting.call::<()>("print_slowly", ("called", 5))?;
        waiting.start::<()>("print_slowly", ("started", 5)).await?;
        waiting.post("print_slowly", ("posted", 5))?;
        let patient = waiting.with(CallOptions::new().patience(Duration::from_secs(60)));
        patient.call::<u64>("sleep", (5,))?;
        waiting
            .start::<i64>("start_and_collect", (callback(|n: i64| n), 10))
            .await?;
        counter
            .start::<i64>("add_during", (callback(|| ()),))
            .await?;
        counter.call::<i64>("add", ())
    };
    // On one thread, which the calls keep, and as a task among several.
    let alone = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let sleep = subject.import("samples.waiting").unwrap().at("sleep");
    assert_eq!(alone.block_on(sleep.start::<u64>("", (5,))).unwrap(), 5);
    assert_eq!(
        alone.block_on(async { sleep.invoke::<u64>((5,)) }).unwrap(),
        5
    );
    let several = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let task = several.spawn(all);
    assert_eq!(several.block_on(task).unwrap().unwrap(), 2);
    subject.settle();
}

#[test]
fn r26_a_started_call_that_comes_back_through_another_plugin_goes_on() {
    SAMPLES.over_both(|subject| {
        let other = subject.another();
        let (a, b) = (subject.import("samples")?, other.import("samples")?);
        for _ in 0..100 {
            // b's callback starts a call of a, which calls b, whose callback starts another call of a.
            let innermost = callback({
                let a = a.clone();
                move || a.start::<i64>("echo", (7,)).wait()
            });
            let through = callback({
                let b = b.clone();
                move || b.call::<i64>("apply", (&innermost,))
            });
            let outermost = callback({
                let a = a.clone();
                move || a.start::<i64>("apply", (&through,)).wait()
            });
            assert_eq!(b.call::<i64>("apply", (outermost,))?, 7);
        }
        subject.settle();
        other.settle();
        while subject.stats().exports + other.stats().exports > 0 {
            subject.settle();
            other.settle();
        }
        Ok(())
    });
}
