//! What a proxy shows of itself, and of its referent.

use locum::{Kind, Proxy, Shared, callback, object};
use locum_tests::SAMPLES;

#[test]
fn p05_display_shows_the_referent_and_debug_the_proxy() {
    SAMPLES.over_both(|subject| {
        let counter = subject.make("Counter", (3,))?;
        assert_eq!(format!("{counter}"), "counter at 3");
        assert_eq!(format!("{counter:>15}"), "   counter at 3");
        counter.call::<()>("add", ())?;
        assert_eq!(counter.to_string(), "counter at 4", "each is a crossing");
        assert_eq!(counter.text()?, "counter at 4");
        let shown = format!("{counter:?}");
        assert!(
            shown.starts_with("<Proxy[Counter] #") && shown.contains("@samples"),
            "{shown}"
        );
        Ok(())
    });
}

#[test]
fn p05_every_object_has_a_text() {
    SAMPLES.over_both(|subject| {
        let keeper = subject.make("Keeper", ())?;
        assert_eq!(
            (keeper.text()?, keeper.repr()?),
            ("<Keeper>".into(), "<Keeper>".into())
        );
        let bag = subject.make("Bag", locum::args!(a = 1))?;
        assert_eq!(
            (bag.text()?, bag.repr()?),
            ("Bag(a)".into(), "Bag(a)".into())
        );
        let list = subject.transfer(&("a", 1.0, [()]))?;
        assert_eq!(list.text()?, "['a', 1.0, [None]]");
        Ok(())
    });
}

#[test]
fn p05_when_the_plugin_is_closed_display_shows_the_proxy_and_why() {
    SAMPLES.over_both(|subject| {
        let counter = subject.make("Counter", ())?;
        subject.close()?;
        let shown = format!("{counter}");
        assert!(shown.starts_with("<Proxy[Counter] #"), "{shown}");
        assert!(
            shown.contains("Closed") && shown.contains("samples"),
            "{shown}"
        );
        assert_eq!(counter.text().unwrap_err().kind(), Kind::Closed);
        Ok(())
    });
}

#[test]
fn r25_debug_shows_type_number_and_plugin_without_a_crossing() {
    SAMPLES.over_both(|subject| {
        let name = subject.peer().name().to_owned();
        let samples = subject.import("samples")?;
        let counter: Proxy = samples.call("Counter", ())?;
        let number = |proxy: &Proxy| {
            let shown = format!("{proxy:?}");
            let number = shown.split(['#', '@']).nth(1).map(str::to_owned);
            (shown, number.unwrap_or_default())
        };
        let (shown, first) = number(&counter);
        assert_eq!(shown, format!("<Proxy[Counter] #{first}@{name}>"));
        let (_, second) = number(&samples);
        assert_ne!(first, second);
        assert_eq!(number(&counter.clone()).1, first);
        subject.close()?;
        assert_eq!(number(&counter).0, shown, "it works when closed too");
        Ok(())
    });
}

#[test]
fn r25_debug_of_a_deferred_attribute_shows_the_path() {
    SAMPLES.over_both(|subject| {
        let scene = subject.make("Scene", ())?;
        let shown = format!("{:?}", scene.at("camera.lens"));
        assert!(
            shown.starts_with("<Proxy[Scene] #") && shown.ends_with(">.camera.lens"),
            "{shown}"
        );
        Ok(())
    });
}

struct Mine;

#[object(name = "my thing")]
impl Mine {}

#[test]
fn r25_debug_of_an_object_of_mine_says_that_it_is_here() {
    let mine = Shared::new(Mine);
    assert_eq!(format!("{:?}", mine.proxy()), "<Proxy[my thing] here>");
    assert_eq!(format!("{mine:?}"), "<Proxy[my thing] here>");
    assert_eq!(format!("{:?}", callback(|| ())), "<Proxy[callback] here>");
}
