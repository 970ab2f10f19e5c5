//! What a trace is made of: slices of time on tracks, what caused each, and marks.
//!
//! A slice lies in the lane of whoever does the work: a call of a plugin in that plugin's lane, a call of a host's object
//! in the host's. Every thread that works in a lane has a track there. **Invariant:** the slices of a track nest, because
//! they are what one thread does, one inside the other.

use std::collections::HashMap;
use std::thread::{self, ThreadId};
use std::time::Instant;

use serde_json::Value;

/// How many slices and marks are kept.
pub(super) const MOST: usize = 200_000;

/// What is said about a slice or a mark, by name.
pub(super) type Args = Vec<(&'static str, Value)>;

/// Everything that was seen, times in nanoseconds since the beginning.
pub(super) struct Record {
    began: Instant,
    most: usize,
    /// Names of plugins; their lanes follow the host's.
    plugins: Vec<String>,
    threads: HashMap<Worker, usize>,
    tracks: Vec<Track>,
    slices: Vec<Slice>,
    marks: Vec<Mark>,
    left_out: u64,
}

/// A thread: of this process, or of the one that tells of its calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Worker {
    Here(ThreadId),
    There(u64),
}

/// When and where something was done that is told of afterwards.
pub(super) struct Past<'t> {
    pub(super) thread: u64,
    pub(super) thread_name: &'t str,
    /// From when to when, nanoseconds.
    pub(super) start: u64,
    pub(super) end: u64,
}

/// What one thread does in one lane.
pub(super) struct Track {
    /// 0 is the host's; then come plugins as they were met.
    pub(super) lane: usize,
    thread: usize,
    pub(super) thread_name: String,
}

/// A stretch of work.
pub(super) struct Slice {
    pub(super) name: String,
    pub(super) category: &'static str,
    pub(super) track: usize,
    pub(super) start: u64,
    /// `None` while it goes on.
    pub(super) end: Option<u64>,
    /// The slice that asked for it.
    pub(super) cause: Option<usize>,
    pub(super) args: Args,
}

/// Something that took no time.
pub(super) struct Mark {
    pub(super) name: String,
    pub(super) category: &'static str,
    pub(super) track: usize,
    pub(super) at: u64,
    pub(super) args: Args,
}

/// What is known when a slice begins or a mark is made.
pub(super) struct Head {
    pub(super) name: String,
    pub(super) category: &'static str,
    /// Whose lane; `None` for the host.
    pub(super) plugin: Option<String>,
    pub(super) args: Args,
}

impl Record {
    pub(super) fn new() -> Record {
        Record::with_room(MOST)
    }

    /// One that keeps so many slices and marks.
    pub(super) fn with_room(most: usize) -> Record {
        Record {
            began: Instant::now(),
            most,
            plugins: Vec::new(),
            threads: HashMap::new(),
            tracks: Vec::new(),
            slices: Vec::new(),
            marks: Vec::new(),
            left_out: 0,
        }
    }

    /// Begins a slice on this thread. `None`: there is no room for it.
    pub(super) fn begin(&mut self, head: Head, cause: Option<usize>) -> Option<usize> {
        let track = self.track_here(head.plugin)?;
        self.slices.push(Slice {
            name: head.name,
            category: head.category,
            track,
            start: self.now(),
            end: None,
            cause,
            args: head.args,
        });
        Some(self.slices.len() - 1)
    }

    /// Adds a slice that is told of afterwards, in the order in which they began. `None`: there is no room for it.
    pub(super) fn put(
        &mut self,
        head: Head,
        past: &Past<'_>,
        cause: Option<usize>,
    ) -> Option<usize> {
        let worker = Worker::There(past.thread);
        let track = self.track(head.plugin, worker, past.thread_name)?;
        self.slices.push(Slice {
            name: head.name,
            category: head.category,
            track,
            start: past.start,
            end: Some(past.end),
            cause,
            args: head.args,
        });
        Some(self.slices.len() - 1)
    }

    pub(super) fn end(&mut self, slice: usize) {
        let now = self.now();
        if let Some(slice) = self.slices.get_mut(slice) {
            slice.end = Some(now);
        }
    }

    /// Adds what was learnt about a slice.
    pub(super) fn learn(&mut self, slice: usize, args: Args) {
        if let Some(slice) = self.slices.get_mut(slice) {
            slice.args.extend(args);
        }
    }

    pub(super) fn mark(&mut self, head: Head) {
        if let Some(track) = self.track_here(head.plugin) {
            self.marks.push(Mark {
                name: head.name,
                category: head.category,
                track,
                at: self.now(),
                args: head.args,
            });
        }
    }

    /// Nanoseconds since the beginning.
    pub(super) fn now(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }

    /// The name of each lane, the host's first.
    pub(super) fn lanes(&self) -> impl Iterator<Item = &str> {
        ["host"]
            .into_iter()
            .chain(self.plugins.iter().map(String::as_str))
    }

    pub(super) fn tracks(&self) -> &[Track] {
        &self.tracks
    }

    /// In the order in which they began: on each track what is outside comes before what is inside.
    pub(super) fn slices(&self) -> &[Slice] {
        &self.slices
    }

    pub(super) fn marks(&self) -> &[Mark] {
        &self.marks
    }

    /// How many slices and marks there was no room for.
    pub(super) fn left_out(&self) -> u64 {
        self.left_out
    }

    /// This thread's track in a lane.
    fn track_here(&mut self, plugin: Option<String>) -> Option<usize> {
        let current = thread::current();
        let name = current.name().unwrap_or("thread");
        self.track(plugin, Worker::Here(current.id()), name)
    }

    /// A thread's track in a lane. `None`: there is no room for anything on it.
    fn track(&mut self, plugin: Option<String>, worker: Worker, name: &str) -> Option<usize> {
        if self.slices.len() + self.marks.len() >= self.most {
            self.left_out += 1;
            return None;
        }
        let lane = match plugin {
            None => 0,
            Some(plugin) => 1 + position_or_push(&mut self.plugins, plugin),
        };
        let next = self.threads.len();
        let thread = *self.threads.entry(worker).or_insert(next);
        let found = self
            .tracks
            .iter()
            .position(|track| (track.lane, track.thread) == (lane, thread));
        Some(found.unwrap_or_else(|| {
            self.tracks.push(Track {
                lane,
                thread,
                thread_name: name.to_owned(),
            });
            self.tracks.len() - 1
        }))
    }
}

fn position_or_push(names: &mut Vec<String>, name: String) -> usize {
    let found = names.iter().position(|known| *known == name);
    found.unwrap_or_else(|| {
        names.push(name);
        names.len() - 1
    })
}
