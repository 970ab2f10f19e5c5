//! What a plugin's author tests with: a plugin connected in memory to a host that publishes something.
#![allow(missing_docs)]

use std::sync::{Arc, Barrier, Mutex};
use std::thread;

use locum_guest::testing::{Host, assert_error, assert_raises};
use locum_guest::{Kind, Module, PeerLimits, Proxy, Result, callback};

use plugin::LocumPlugin;

mod plugin {
    use std::sync::Mutex;

    use locum_guest::{Error, Items, Pending, Proxy, Result, import, object, plugin};

    /// Something that lasts longer than a plugin's object should.
    static KEPT: Mutex<Option<Proxy>> = Mutex::new(None);

    /// What the host's object `who` says.
    #[object]
    fn ask() -> Result<String> {
        import("who")?.invoke(())
    }

    /// The same, from inside of a callback of the host's.
    #[object]
    fn ask_through(callback: Proxy) -> Result<(String, String)> {
        let before = ask()?;
        callback.invoke::<()>(())?;
        Ok((before, ask()?))
    }

    /// The same while what it returns is iterated over.
    #[object]
    fn ask_later(times: usize) -> Items<String> {
        Items::new((0..times).map(|_| ask().unwrap_or_else(|error| error.to_string())))
    }

    /// The same, by a call that is started.
    #[object]
    fn ask_started() -> Result<String> {
        let started: Pending<String> = import("who")?.start("", ());
        started.wait()
    }

    /// A posted call of the host, whose result nobody wants.
    #[object]
    fn shout() -> Result<()> {
        import("who")?.post("", ("too", "much"))
    }

    #[object]
    fn keep(proxy: Proxy) {
        *KEPT.lock().unwrap() = Some(proxy);
    }

    #[object]
    fn forget() {
        *KEPT.lock().unwrap() = None;
    }

    #[object]
    fn fail() -> Result<()> {
        Err(Error::raise("EmptyStack", "there is nothing to pop"))
    }

    /// Says farewell when it goes.
    pub(crate) struct Guest(String);

    #[object]
    impl Guest {
        fn new(name: String) -> Self {
            Guest(name)
        }
        #[getter]
        fn name(&self) -> String {
            self.0.clone()
        }
    }

    impl Drop for Guest {
        fn drop(&mut self) {
            if let Ok(door) = import("door") {
                let _ = door.invoke::<()>((self.0.as_str(),));
            }
        }
    }

    plugin! { mod visits { ask, ask_through, ask_later, ask_started, shout, keep, forget, fail, Guest } }
}

fn who(name: &'static str) -> Host {
    Host::new().publish("who", callback(move || name))
}

#[test]
fn a_plugin_imports_what_its_host_publishes() -> Result<()> {
    let plugin = who("Ada").connect::<LocumPlugin>();
    let visits = plugin.import("visits")?;
    assert_eq!(visits.call::<String>("ask", ())?, "Ada");
    assert_eq!(visits.call::<String>("ask_started", ())?, "Ada");
    let later: Vec<String> = visits
        .call::<locum_guest::Items<String>>("ask_later", (2,))?
        .collect::<Result<_>>()?;
    assert_eq!(later, ["Ada", "Ada"]);
    drop(visits);
    plugin.finish();
    Ok(())
}

#[test]
fn a_module_of_the_hosts_is_imported_like_any_other_object() -> Result<()> {
    let module = Module::new("who").constant("version", &3)?;
    let plugin = Host::new().publish("who", module).connect::<LocumPlugin>();
    let version: i64 = plugin.inside(|| locum_guest::import("who")?.get("version"))?;
    assert_eq!(version, 3);
    plugin.finish();
    Ok(())
}

#[test]
fn what_is_not_published_is_told_with_what_is() {
    let plugin = Host::new()
        .publish("whom", callback(|| 1))
        .connect::<LocumPlugin>();
    let visits = plugin.import("visits").unwrap();
    assert_error(
        visits.call::<String>("ask", ()),
        Kind::NoSuchModule,
        "did you mean `whom`?",
    );
    drop(visits);
    plugin.finish();
}

#[test]
fn connections_of_several_threads_have_each_their_own_host() {
    let names = ["Ada", "Bo", "Cy", "Di"];
    let together = Arc::new(Barrier::new(names.len()));
    let threads = names.map(|name| {
        let together = together.clone();
        thread::spawn(move || {
            let plugin = who(name).connect::<LocumPlugin>();
            let visits = plugin.import("visits").unwrap();
            together.wait();
            for _ in 0..200 {
                assert_eq!(visits.call::<String>("ask", ()).unwrap(), name);
                // Run by whichever thread comes first.
                let started = visits.start::<String>("ask", ());
                assert_eq!(started.wait().unwrap(), name);
            }
            drop(visits);
            plugin.finish();
        })
    });
    for thread in threads {
        thread.join().unwrap();
    }
}

#[test]
fn a_call_within_a_call_finds_the_host_of_the_plugin_that_it_is_in() -> Result<()> {
    let outer = who("outer").connect::<LocumPlugin>();
    let inner = who("inner").connect::<LocumPlugin>();
    let visits = inner.import("visits")?;
    let heard = Arc::new(Mutex::new(Vec::new()));
    let hears = heard.clone();
    let through = callback(move || {
        assert!(
            locum_guest::import("who").is_err(),
            "a host's object is outside of the plugin"
        );
        hears
            .lock()
            .unwrap()
            .push(visits.call::<String>("ask", ())?);
        Ok::<_, locum_guest::Error>(())
    });
    let answer: (String, String) = outer.import("visits")?.call("ask_through", (&through,))?;
    assert_eq!(answer, ("outer".into(), "outer".into()));
    assert_eq!(*heard.lock().unwrap(), ["inner"]);
    drop(through);
    outer.finish();
    inner.finish();
    Ok(())
}

#[test]
fn a_destructor_finds_its_host() -> Result<()> {
    let said = Arc::new(Mutex::new(Vec::new()));
    let hears = said.clone();
    let plugin = Host::new()
        .publish(
            "door",
            callback(move |name: String| hears.lock().unwrap().push(name)),
        )
        .connect::<LocumPlugin>();
    let visits = plugin.import("visits")?;
    let guest: Proxy = visits.call("Guest", ("Ada",))?;
    assert_eq!(guest.get::<String>("name")?, "Ada");
    drop((guest, visits));
    plugin.finish();
    assert_eq!(*said.lock().unwrap(), ["Ada"]);
    Ok(())
}

#[test]
fn outside_of_a_plugin_there_is_nothing_to_import() {
    let error = locum_guest::import("who").unwrap_err();
    assert_eq!(error.kind(), Kind::Closed);
    assert!(error.message().contains("testing::Host"), "{error}");
}

#[test]
fn limits_are_those_that_the_host_sets() {
    let mut limits = PeerLimits::default();
    limits.name_bytes = 16;
    let plugin = Host::new().limits(limits).connect::<LocumPlugin>();
    let long = "x".repeat(17);
    assert_error(plugin.import(&long), Kind::LimitExceeded, "16");
    plugin.finish();
}

#[test]
fn what_the_test_still_holds_is_a_leak() {
    let plugin = who("Ada").connect::<LocumPlugin>();
    let guest: Proxy = plugin
        .import("visits")
        .unwrap()
        .call("Guest", ("Bo",))
        .unwrap();
    let told = panic_of(|| plugin.finish());
    assert!(
        told.contains("the test holds") && told.contains("1 x Guest"),
        "{told}"
    );
    drop(guest);
}

#[test]
fn what_the_plugin_still_holds_is_a_leak() {
    let plugin = who("Ada").connect::<LocumPlugin>();
    let visits = plugin.import("visits").unwrap();
    visits.call::<()>("keep", (callback(|| 1),)).unwrap();
    drop(visits);
    let told = panic_of(|| plugin.finish());
    assert!(
        told.contains("the plugin holds") && told.contains("1 x "),
        "{told}"
    );
    let other = who("Ada").connect::<LocumPlugin>();
    other
        .import("visits")
        .unwrap()
        .call::<()>("forget", ())
        .unwrap();
    other.finish();
}

#[test]
fn a_posted_call_that_fails_is_told_once() {
    let plugin = who("Ada").connect::<LocumPlugin>();
    let visits = plugin.import("visits").unwrap();
    visits.call::<()>("shout", ()).unwrap();
    let errors = plugin.post_errors();
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert_eq!(errors[0].error.kind(), Kind::TypeError);
    assert!(plugin.post_errors().is_empty());
    visits.call::<()>("shout", ()).unwrap();
    drop(visits);
    let told = panic_of(|| plugin.finish());
    assert!(told.contains("posted call"), "{told}");
}

#[test]
fn an_error_is_told_from_another_and_from_none() {
    let plugin = who("Ada").connect::<LocumPlugin>();
    let visits = plugin.import("visits").unwrap();
    let fail = || visits.call::<()>("fail", ());
    let error = assert_raises(fail(), "EmptyStack", "nothing to pop");
    assert_eq!(error.kind(), Kind::Raised);
    for (result, kind, says) in [
        (fail(), Kind::ValueError, "nothing"),
        (fail(), Kind::Raised, "something else"),
        (Ok(()), Kind::Raised, ""),
    ] {
        assert!(panic_of(|| assert_error(result, kind, says)).starts_with("expected"));
    }
    assert!(panic_of(|| assert_raises(fail(), "FullStack", "")).contains("EmptyStack"));
    drop(visits);
    plugin.finish();
}

/// What something says when it panics, which it must.
fn panic_of<R>(work: impl FnOnce() -> R) -> String {
    let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
    let panic = panic.err().expect("it did not panic");
    panic.downcast_ref::<String>().unwrap().clone()
}
