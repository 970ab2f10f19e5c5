//! Objects, proxies and their lifetimes over a pair in memory: small enough to run under Miri.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use locum_macros::object;
use locum_protocol::{
    Bytes, Error, INLINE_BYTES, Items, Kind, Map, Module, Modules, Peer, Proxy, Shared, Value,
    args, callback, pair, slice, threads::rest,
};

static ALIVE: AtomicUsize = AtomicUsize::new(0);
/// The tests count live objects, so they run one at a time.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

struct Shelf {
    items: Vec<Value>,
}

#[object(crate = locum_protocol)]
impl Shelf {
    fn new() -> Self {
        ALIVE.fetch_add(1, Ordering::Relaxed);
        Shelf { items: Vec::new() }
    }
    fn put(&mut self, item: Value) -> usize {
        self.items.push(item);
        self.items.len()
    }
    fn take(&mut self) -> Option<Value> {
        self.items.pop()
    }
    fn is_me(this: &Shared<Self>, other: Shared<Self>) -> bool {
        this.same_object(&other)
    }
    fn tell(&mut self, listener: Proxy) -> locum_protocol::Result<Value> {
        listener.invoke((self.items.len(),))
    }
    fn numbers(&self, to: u32) -> Items<u32> {
        Items::new(0..to)
    }
    fn options(&self, #[arg(keywords)] options: Map) -> usize {
        options.len()
    }
}

impl Drop for Shelf {
    fn drop(&mut self) {
        ALIVE.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Runs a test on a fresh pair, and looks at both tables and the objects afterwards.
fn with_pair(test: impl FnOnce(&Peer)) {
    let _guard = ONE_AT_A_TIME
        .lock()
        .unwrap_or_else(|poisoned| poisoned.into_inner());
    let offers = Modules::new("shelves", "1.0").with(Module::new("shelves").member::<Shelf>());
    let (there, back) = pair(
        ("host", Arc::new(Modules::new("host", "1.0"))),
        ("shelves", Arc::new(offers)),
    );
    test(&there);
    for peer in [&there, &back] {
        let stats = peer.stats();
        assert_eq!((stats.exports, stats.imports), (0, 0), "{stats:?}");
    }
    assert_eq!(ALIVE.load(Ordering::Relaxed), 0);
    // Miri looks for threads that are left behind.
    rest();
}

fn shelf(peer: &Peer) -> Proxy {
    peer.import("shelves").unwrap().call("Shelf", ()).unwrap()
}

#[test]
fn what_is_put_comes_back_and_everything_is_given_back() {
    with_pair(|peer| {
        let shelf = shelf(peer);
        let big = Bytes::from(vec![7; INLINE_BYTES + 1]);
        for item in [Value::from(1i64), big.clone().into(), slice(1..3).into()] {
            shelf.call::<usize>("put", (&item,)).unwrap();
            assert_eq!(shelf.call::<Value>("take", ()).unwrap(), item);
        }
        assert_eq!(
            shelf.call::<usize>("options", args!(a = 1, b = 2)).unwrap(),
            2
        );
    });
}

#[test]
fn a_proxy_that_comes_home_is_the_object_itself() {
    with_pair(|peer| {
        let (one, two) = (shelf(peer), shelf(peer));
        assert!(one.call::<bool>("is_me", (&one,)).unwrap());
        assert!(!one.call::<bool>("is_me", (&two,)).unwrap());
        one.call::<usize>("put", (vec![&two],)).unwrap();
        let nested: Vec<Proxy> = one.call("take", ()).unwrap();
        assert!(nested[0].same_object(&two));
    });
}

#[test]
fn a_callback_is_called_and_may_come_back_to_its_caller() {
    with_pair(|peer| {
        let shelf = shelf(peer);
        let again = shelf.clone();
        let listener = callback(move |_: usize| {
            again.call::<usize>("put", (1,)).unwrap_err().kind() == Kind::Busy
        });
        assert!(shelf.call::<bool>("tell", (listener,)).unwrap());
    });
}

#[test]
fn an_iterator_that_is_dropped_early_is_released() {
    with_pair(|peer| {
        let mut numbers = shelf(peer).call::<Items<u32>>("numbers", (1000,)).unwrap();
        assert_eq!(numbers.next().unwrap().unwrap(), 0);
        drop(numbers);
        let all: Vec<u32> = shelf(peer)
            .call::<Items<u32>>("numbers", (100,))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        assert_eq!(all, (0..100).collect::<Vec<_>>());
    });
}

#[test]
fn proxies_are_used_and_dropped_on_any_thread() {
    with_pair(|peer| {
        let shelf = shelf(peer);
        std::thread::scope(|scope| {
            for n in 0..4 {
                let shelf = shelf.clone();
                scope.spawn(move || shelf.call::<usize>("put", (n,)).unwrap());
            }
        });
        assert_eq!(shelf.call::<usize>("put", (4,)).unwrap(), 5);
    });
}

#[test]
fn after_a_close_everything_answers_closed_and_nothing_is_left() {
    with_pair(|peer| {
        let shelf = shelf(peer);
        let kept = peer.transfer(&vec![1, 2, 3]).unwrap();
        assert_eq!(kept.get_item::<Vec<i64>>(slice(1..)).unwrap(), [2, 3]);
        peer.close().unwrap();
        assert_eq!(
            shelf.call::<usize>("put", (1,)).unwrap_err().kind(),
            Kind::Closed
        );
        assert_eq!(kept.len().unwrap_err().kind(), Kind::Closed);
    });
}

#[test]
fn started_and_posted_calls_keep_their_order_among_the_others() {
    with_pair(|there| {
        let shelf: Proxy = there.import("shelves").unwrap().call("Shelf", ()).unwrap();
        let first = shelf.start::<usize>("put", (1,));
        shelf.post("put", (2,)).unwrap();
        assert_eq!(shelf.call::<usize>("put", (3,)).unwrap(), 3);
        assert_eq!(first.wait().unwrap(), 1);
        for expected in [3, 2, 1] {
            assert_eq!(shelf.start::<i64>("take", ()).wait().unwrap(), expected);
        }
    });
}

#[test]
fn threads_may_start_calls_of_one_object_and_wait_for_them() {
    with_pair(|there| {
        let shelf: Proxy = there.import("shelves").unwrap().call("Shelf", ()).unwrap();
        std::thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| {
                    let started: Vec<_> =
                        (0..3).map(|n| shelf.start::<usize>("put", (n,))).collect();
                    for pending in started {
                        pending.wait().unwrap();
                    }
                });
            }
        });
        assert_eq!(shelf.call::<usize>("put", (0,)).unwrap(), 10);
    });
}

/// A pair whose second end has one function, which is made when both peers are there.
fn with_function(
    function: impl FnOnce(&Peer, &Peer) -> Proxy,
    test: impl FnOnce(Peer, Peer, Proxy),
) {
    let cell = Arc::new(OnceLock::<Proxy>::new());
    let inner = cell.clone();
    let call = callback(move |given: Value| inner.get().unwrap().invoke::<Value>((given,)));
    let offers = Modules::new("m", "1").with(Module::new("m").object("f", call.into_object()));
    let near = Arc::new(Modules::new("host", "1"));
    let (there, back) = pair(("host", near), ("m", Arc::new(offers)));
    assert!(cell.set(function(&there, &back)).is_ok());
    let function: Proxy = there.import("m").unwrap().get("f").unwrap();
    test(there, back, function);
    rest();
}

fn gone() -> Error {
    Error::new(Kind::Trap, "it is gone")
}

#[test]
fn what_arrives_after_the_end_is_not_held() {
    let ends = |there: &Peer, _: &Peer| {
        let there = there.downgrade();
        callback(move |_: Value| {
            there.upgrade().unwrap().close_with(gone());
            callback(|| 1)
        })
    };
    with_function(ends, |there, _back, function| {
        let late: Proxy = function.invoke(((),)).unwrap();
        assert_eq!(there.stats().imports, 0);
        assert_eq!(late.invoke::<i64>(()).unwrap_err().kind(), Kind::Trap);
    });
}

#[test]
fn a_reply_after_the_end_keeps_neither_its_objects_nor_the_peer() {
    let ends = |_: &Peer, back: &Peer| {
        let back = back.downgrade();
        callback(move |given: Value| {
            back.upgrade().unwrap().close_with(gone());
            given
        })
    };
    with_function(ends, |there, back, function| {
        let echo = function.invoke::<Value>((callback(|| 1),));
        assert!(matches!(echo, Ok(Value::Object(mine)) if mine.is_local()));
        let weak = back.downgrade();
        drop((there, back, function));
        assert!(weak.upgrade().is_none(), "nobody has it any more");
    });
}
