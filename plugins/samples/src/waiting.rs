//! Objects that call others, wait, and start calls themselves.

use std::time::Duration;

use locum_guest::{Error, Proxy, Result, Shared, object};

use crate::alive::Live;

/// Sleeps, as any program does.
#[object]
pub(crate) fn sleep(milliseconds: u64) -> u64 {
    std::thread::sleep(Duration::from_millis(milliseconds));
    milliseconds
}

/// Prints a line, sleeps, and prints another one.
#[object]
pub(crate) fn print_slowly(text: &str, milliseconds: u64) {
    #[allow(clippy::print_stdout)]
    {
        println!("{text}");
        std::thread::sleep(Duration::from_millis(milliseconds));
        println!("{text}");
    }
}

/// One of a chain or ring of objects that call the next one.
pub(crate) struct Node {
    next: Option<Proxy>,
    visits: u64,
    _live: Live,
}

#[object]
impl Node {
    fn new() -> Self {
        Node {
            next: None,
            visits: 0,
            _live: Live::new(),
        }
    }

    fn link(&mut self, next: Proxy) {
        self.next = Some(next);
    }

    fn unlink(&mut self) {
        self.next = None;
    }

    #[getter]
    fn visits(&self) -> u64 {
        self.visits
    }

    #[getter]
    fn next(&self) -> Option<Proxy> {
        self.next.clone()
    }

    /// Counts some visits at once; returns how many there have been.
    fn add(&mut self, visits: u64) -> u64 {
        self.visits += visits;
        self.visits
    }

    /// Goes on to the next one, `hops` times; returns how many nodes were there.
    fn pass(this: &Shared<Self>, hops: u32) -> Result<u64> {
        // The node is free again before it calls, so that it can be visited meanwhile.
        let next = {
            let mut node = this.borrow_mut()?;
            node.visits += 1;
            node.next.clone()
        };
        match (hops, next) {
            (0, _) | (_, None) => Ok(1),
            (hops, Some(next)) => Ok(1 + next.call::<u64>("pass", (hops - 1,))?),
        }
    }

    /// The same, with the node changed all the while.
    fn pass_changing(&mut self, hops: u32) -> Result<u64> {
        self.visits += 1;
        match (hops, &self.next) {
            (0, _) | (_, None) => Ok(1),
            (hops, Some(next)) => Ok(1 + next.call::<u64>("pass_changing", (hops - 1,))?),
        }
    }

    /// Fails at the end of the chain.
    fn fail(&self) -> Result<u64> {
        match &self.next {
            Some(next) => next.call("fail", ()),
            None => Err(Error::raise("EndOfChain", "there is nobody left to ask")),
        }
    }
}

/// Starts a call of `callee` for each number up to `count`, then collects the results: their sum.
#[object]
pub(crate) fn start_and_collect(callee: Proxy, count: i64) -> Result<i64> {
    let started: Vec<_> = (0..count).map(|n| callee.start::<i64>("", (n,))).collect();
    started.into_iter().map(|pending| pending.wait()).sum()
}

/// Calls `callee` with each number up to `count`, one after the other; returns the sum of what it answers.
#[object]
pub(crate) fn call_often(callee: Proxy, count: i64) -> Result<i64> {
    (0..count).map(|n| callee.invoke::<i64>((n,))).sum()
}

/// Posts 1, starts 2, calls 3, posts 4: `callee` learns them in this order.
#[object]
pub(crate) fn in_every_mode(callee: Proxy) -> Result<()> {
    callee.post("", (1,))?;
    let pending = callee.start::<()>("", (2,));
    callee.invoke::<()>((3,))?;
    callee.post("", (4,))?;
    pending.wait()
}

/// Posts to an object while it is being changed itself: the call is made when it is free again.
pub(crate) struct Announcer {
    listener: Proxy,
    count: i64,
    _live: Live,
}

#[object]
impl Announcer {
    fn new(listener: Proxy) -> Self {
        Announcer {
            listener,
            count: 0,
            _live: Live::new(),
        }
    }

    #[getter]
    fn count(&self) -> i64 {
        self.count
    }

    fn announce(&mut self) -> Result<i64> {
        self.count += 1;
        self.listener.post("", (self.count,))?;
        Ok(self.count)
    }
}
