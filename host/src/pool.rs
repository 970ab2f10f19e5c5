//! Several instances of one plugin, for work that any of them can do.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

mod crew;
#[cfg(feature = "monitor")]
mod look;
mod map;
mod progress;
mod seat;

pub use progress::Progress;

use seat::{Claim, Seat};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{IntoArgs, Parcel, Plugin, Result, Template};

/// Instances of one plugin that share the work: each call goes to one that is idle, and [`map`](Pool::map) keeps all of
/// them busy.
///
/// ```
/// # std::env::set_current_dir(env!("OUT_DIR"))?;
/// use locum::Host;
///
/// let pool = Host::new()?.template("samples.wasm")?.pool(0)?; // an instance for each core
/// let texts = ["1", "x", "3"];
/// for (text, number) in texts.iter().zip(pool.map::<i64, _>(texts, "samples.errors.raise_standard")) {
///     println!("{text}: {number:?}"); // in order, an error for each that failed
/// }
/// let mut done = 0;
/// pool.map_with::<i64, _>(0..1000, "samples.echo", |now| done = now.done);
/// assert_eq!(done, 1000);
/// assert_eq!(pool.call::<i64>("samples.echo", (7,))?, 7); // by one that is idle
/// assert_eq!(pool.plugins().len(), pool.len());
/// assert_eq!(pool.template().name(), "samples");
/// pool.close()?;
/// # Ok::<(), locum::Error>(())
/// ```
///
/// The instances know nothing of one another, and which of them does a job is not said: what a job leaves behind in one is
/// not there in the others. An object that a call returns stays where it was made, and is called there.
///
/// An instance that dies fails the job that it died of, and no other: those that waited for it go elsewhere, and the next
/// job that would be its own starts another. One that is closed or killed from outside fails those that waited for it, too.
///
/// A clone is the same pool.
#[derive(Clone)]
pub struct Pool(Arc<Inner>);

struct Inner {
    template: Template,
    seats: Box<[Seat]>,
    /// Where the search for an idle one begins.
    next: AtomicUsize,
    /// The modules that the plugin tells of.
    modules: Vec<String>,
}

/// Arguments that are written already, since the call may have to be made twice.
struct Written(Parcel);

impl IntoArgs for Written {
    fn into_parcel(self) -> Result<Parcel> {
        Ok(self.0)
    }
}

/// What a path names: a module, and what is in it.
#[derive(Clone, Copy)]
struct Place<'a> {
    module: &'a str,
    path: &'a str,
}

impl Template {
    /// Starts so many instances as a [`Pool`]; 0 stands for one for each core of the machine.
    ///
    /// # Errors
    /// As for [`start`](Template::start), and what asking the first one for its modules came to.
    pub fn pool(&self, instances: usize) -> Result<Pool> {
        let count = match instances {
            0 => thread::available_parallelism().map_or(1, usize::from),
            count => count,
        };
        let first = self.start()?;
        // Now, because later it may be busy.
        let told = first.describe()?;
        let others = (1..count).map(|_| self.start());
        let seats = std::iter::once(Ok(first))
            .chain(others)
            .map(|plugin| plugin.map(Seat::new))
            .collect::<Result<Vec<Seat>>>()?;
        let pool = Arc::new(Inner {
            template: self.clone(),
            seats: seats.into(),
            next: AtomicUsize::new(0),
            modules: told.modules.iter().map(|it| it.name.to_string()).collect(),
        });
        #[cfg(feature = "monitor")]
        look::let_be_watched(&pool);
        Ok(Pool(pool))
    }
}

impl Pool {
    /// How many instances there are.
    #[allow(clippy::len_without_is_empty, reason = "there is always one at least")]
    pub fn len(&self) -> usize {
        self.0.seats.len()
    }

    /// What the instances are started from.
    pub fn template(&self) -> &Template {
        &self.0.template
    }

    /// Calls a function of the plugin's, in an instance that is idle if there is one:
    /// `pool.call::<u64>("images.size", ("a.png",))?`. The path is a module's name and what is in it.
    ///
    /// It may be made from inside of a callback of an instance: in another one if one is idle, and otherwise in this one.
    ///
    /// # Errors
    /// As for [`Proxy::call`](crate::Proxy::call); [`NoSuchModule`](crate::Kind::NoSuchModule) when the path begins with no
    /// module of the plugin's.
    pub fn call<R: DeserializeOwned + 'static>(
        &self,
        path: &str,
        args: impl IntoArgs,
    ) -> Result<R> {
        let Place { module, path } = self.place(path)?;
        let args = args.into_parcel()?;
        loop {
            let claim = self.claim();
            let root = claim.seat.root(self.template(), module)?;
            match root.module.call(path, Written(args.clone())) {
                // Each time costs the instance and the job that it died of, so this ends.
                Err(error) if root.came_too_late(&error) => {}
                result => return result,
            }
        }
    }

    /// Calls a function with each of these items, as its only argument, in all instances at once. The results are in the
    /// order of the items; one that failed has an error in its place and stops no other.
    ///
    /// The calling thread works too, and returns when all is done. An instance that is busy with something else is left out
    /// until it is idle; one that this thread is inside of (a callback of it called this) is worked with by this thread
    /// alone. When the path begins with no module of the plugin's, every result is that error.
    ///
    /// # Panics
    /// As an item's `Serialize` does; the items that nobody has begun with are left then.
    pub fn map<R, T>(&self, items: impl IntoIterator<Item = T>, path: &str) -> Vec<Result<R>>
    where
        R: DeserializeOwned + Send + 'static,
        T: Serialize + Sync,
    {
        self.map_with(items, path, |_| {})
    }

    /// The same, and tells how far it has come: after some items each time, a few thousand times a second at most, from
    /// whichever thread, one at a time. Nothing is held meanwhile: it may use the pool. The last time, all items are done;
    /// when there are none, nothing is told.
    ///
    /// # Panics
    /// As for [`map`](Pool::map), and as `progress` does.
    pub fn map_with<R, T>(
        &self,
        items: impl IntoIterator<Item = T>,
        path: &str,
        progress: impl FnMut(Progress) + Send,
    ) -> Vec<Result<R>>
    where
        R: DeserializeOwned + Send + 'static,
        T: Serialize + Sync,
    {
        let items: Vec<T> = items.into_iter().collect();
        map::run(self, &items, path, progress)
    }

    /// The instances as they are now, for what a pool does not do: looking at each one's [`stats`](Plugin::stats), say.
    pub fn plugins(&self) -> Vec<Plugin> {
        self.0.seats.iter().map(Seat::plugin).collect()
    }

    /// Ends all instances in order, their destructors run. What waits for one of them fails with
    /// [`Closed`](crate::Kind::Closed); the next call starts new ones.
    ///
    /// # Errors
    /// The first of those of [`Plugin::close`]; all instances are closed all the same.
    pub fn close(&self) -> Result<()> {
        let ended: Vec<Result<()>> = self.0.seats.iter().map(Seat::close).collect();
        ended.into_iter().collect()
    }

    /// An instance that nobody is in. If there is none, one that this thread is in, which can be called at once. Otherwise
    /// the one that the fewest wait for: its gate knows what to do with those who wait.
    fn claim(&self) -> Claim<'_> {
        let seats = &self.0.seats;
        let first = self.0.next.fetch_add(1, Ordering::Relaxed) % seats.len();
        let in_turn = || seats[first..].iter().chain(&seats[..first]);
        if let Some(idle) = in_turn().find_map(Seat::claim_if_idle) {
            return idle;
        }
        let here = in_turn().find(|seat| seat.is_here());
        let next = || in_turn().min_by_key(|seat| seat.load());
        here.or_else(next).unwrap_or(&seats[first]).claim()
    }

    /// Splits a path where the module's name ends.
    fn place<'a>(&self, path: &'a str) -> Result<Place<'a>> {
        split(path, &self.0.modules)
    }
}

/// The longest module that the path begins with; for a plugin that tells of none of them, all up to the last dot.
fn split<'a>(path: &'a str, modules: &[String]) -> Result<Place<'a>> {
    let rest = |module: &str| -> Option<&'a str> {
        let rest = path.strip_prefix(module)?;
        match rest.strip_prefix('.') {
            Some(rest) => Some(rest),
            None => rest.is_empty().then_some(""),
        }
    };
    let known = modules
        .iter()
        .filter_map(|module| Some((module.len(), rest(module)?)))
        .max_by_key(|(len, _)| *len);
    match (known, path.rsplit_once('.')) {
        (Some((len, rest)), _) => Ok(Place {
            module: &path[..len],
            path: rest,
        }),
        (None, Some((module, path))) if modules.is_empty() => Ok(Place { module, path }),
        (None, _) => {
            let first = path.split('.').next().unwrap_or(path);
            let error = locum_protocol::no_module(first, modules.iter().map(String::as_str));
            Err(error.map_message(|text| {
                format!("{text}; a path in a pool is `module.function`, not `{path}`")
            }))
        }
    }
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<Pool of {} x {}>", self.len(), self.0.template.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Kind;

    fn place(path: &str, modules: &[&str]) -> Result<(String, String)> {
        let modules: Vec<String> = modules.iter().map(|&name| name.into()).collect();
        split(path, &modules).map(|it| (it.module.to_owned(), it.path.to_owned()))
    }

    #[test]
    fn a_path_begins_with_the_longest_module_that_there_is() {
        let modules = ["samples", "samples.errors"];
        let of = |path| place(path, &modules).unwrap();
        let pair = |module: &str, path: &str| (module.to_owned(), path.to_owned());
        assert_eq!(of("samples.Counter"), pair("samples", "Counter"));
        assert_eq!(of("samples.errors.raise"), pair("samples.errors", "raise"));
        assert_eq!(of("samples.a.b"), pair("samples", "a.b"));
        assert_eq!(of("samples"), pair("samples", ""));
        assert_eq!(place("a.b.c", &[]).unwrap(), pair("a.b", "c"));
    }

    #[test]
    fn a_path_into_no_module_is_refused_with_those_that_there_are() {
        for path in ["sample.Counter", "samplesx", "", "."] {
            let error = place(path, &["samples"]).unwrap_err();
            assert_eq!(error.kind(), Kind::NoSuchModule, "{path}");
            assert!(error.message().contains("samples"), "{error}");
        }
        assert_eq!(place("a", &[]).unwrap_err().kind(), Kind::NoSuchModule);
    }
}
