//! Attributes, and paths of them.

use locum::{Kind, Proxy, ReplyMode};
use locum_tests::{SAMPLES, refused};

#[test]
fn r05_an_attribute_is_read_and_written() {
    SAMPLES.over_both(|subject| {
        let counter = subject.make("Counter", (1,))?;
        assert_eq!(counter.get::<i64>("value")?, 1);
        counter.set("value", 7)?;
        assert_eq!(counter.get::<i64>("value")?, 7);
        assert!(!counter.get::<bool>("is_even")?);
        Ok(())
    });
}

#[test]
fn r05_an_attribute_at_the_end_of_a_path_is_read_and_written() {
    SAMPLES.over_both(|subject| {
        let scene = subject.make("Scene", ())?;
        scene.set("camera.lens.zoom", 2.5)?;
        assert_eq!(scene.get::<f64>("camera.lens.zoom")?, 2.5);
        let lens: Proxy = scene.get("camera.lens")?;
        assert_eq!(lens.get::<f64>("zoom")?, 2.5);
        assert_eq!(scene.call::<f64>("camera.lens.zoom_by", (2, 3))?, 20.0);
        Ok(())
    });
}

#[test]
fn r05_an_attribute_that_is_not_there_is_named_with_its_owner() {
    SAMPLES.over_both(|subject| {
        let scene = subject.make("Scene", ())?;
        let none = Kind::NoSuchAttribute;
        refused(
            scene.get::<f64>("camera.lense.zoom"),
            none,
            &["`Camera` has no attribute `lense`; did you mean `lens`?"],
        );
        refused(
            scene.get::<f64>("camera.lens.zom"),
            none,
            &["`Lens` has no attribute `zom`; did you mean `zoom`?"],
        );
        refused(
            scene.set("camera.lens.size", 1),
            none,
            &["`Lens` has no attribute `size`"],
        );
        refused(
            scene.get::<f64>("camera..lens"),
            none,
            &["the path `camera..lens` has an empty part", "scene.camera"],
        );
        Ok(())
    });
}

#[test]
fn r05_an_attribute_without_a_setter_can_not_be_written() {
    SAMPLES.over_both(|subject| {
        let scene = subject.make("Scene", ())?;
        let answer = scene.set("camera.lens.model", "35mm");
        refused(
            answer,
            Kind::NoSuchAttribute,
            &["`Lens.model` can not be set; it has no setter"],
        );
        assert_eq!(scene.get::<String>("camera.lens.model")?, "50mm");
        Ok(())
    });
}

#[test]
fn r05_a_method_that_is_read_is_called_with_an_empty_path() {
    SAMPLES.over_both(|subject| {
        let counter = subject.make("Counter", (1,))?;
        let add: Proxy = counter.get("add")?;
        assert_eq!(add.invoke::<i64>((5,))?, 6);
        assert_eq!(add.type_name(), "Counter.add");
        assert_eq!(add.text()?, "<method Counter.add>");
        drop(counter);
        assert_eq!(add.invoke::<i64>((5,))?, 11, "it keeps its object");
        Ok(())
    });
}

#[test]
fn r05_attributes_may_be_known_at_run_time_only() {
    SAMPLES.over_both(|subject| {
        let bag = subject.make("Bag", locum::args!(a = 1, b = "two"))?;
        assert_eq!(bag.get::<i64>("a")?, 1);
        bag.set("c", [3, 3])?;
        assert_eq!(bag.get::<Vec<i64>>("c")?, [3, 3]);
        refused(
            bag.get::<i64>("d"),
            Kind::NoSuchAttribute,
            &["the bag has no `d`"],
        );
        // What an attribute holds may be called, or walked through.
        bag.set("counter", subject.make("Counter", (1,))?)?;
        assert_eq!(bag.call::<i64>("counter.add", (1,))?, 2);
        assert_eq!(bag.get::<i64>("counter.value")?, 2);
        refused(
            bag.call::<i64>("a", ()),
            Kind::TypeError,
            &["`Bag.a` is a value and can not be called"],
        );
        Ok(())
    });
}

#[test]
fn r18_a_deferred_attribute_costs_no_crossing_until_it_is_used() {
    SAMPLES.over_both(|subject| {
        let scene = subject.make("Scene", ())?;
        let lens = scene.at("camera").at("lens");
        assert_eq!(lens.path(), "camera.lens");
        assert_eq!(scene.call::<usize>("looks", ())?, 0);
        // What does not exist is not noticed either.
        let nothing = scene.at("no.such.thing");
        assert_eq!(
            nothing.get::<f64>("zoom").unwrap_err().kind(),
            Kind::NoSuchAttribute
        );
        assert_eq!(lens.get::<f64>("zoom")?, 1.0);
        assert_eq!(scene.call::<usize>("looks", ())?, 1);
        lens.set("zoom", 3.0)?;
        assert_eq!(lens.call::<f64>("zoom_by", (2.0,))?, 6.0);
        assert_eq!(scene.call::<usize>("looks", ())?, 3, "each use walks anew");
        Ok(())
    });
}

#[test]
fn r18_a_deferred_attribute_lends_nothing() {
    SAMPLES.over_both(|subject| {
        let scene = subject.make("Scene", ())?;
        let lens = scene.at("camera.lens");
        assert_eq!(lens.get::<f64>("zoom")?, 1.0);
        assert_eq!(subject.stats().imports_by_type, [("Scene".to_owned(), 1)]);
        Ok(())
    });
}

#[test]
fn r18_resolving_gives_the_object_at_the_end_of_the_path() {
    SAMPLES.over_both(|subject| {
        let scene = subject.make("Scene", ())?;
        let lens = scene.at("camera.lens").resolve()?;
        assert_eq!(lens.path(), "");
        assert_eq!(scene.call::<usize>("looks", ())?, 1);
        lens.set("zoom", 4.0)?;
        assert_eq!(scene.get::<f64>("camera.lens.zoom")?, 4.0);
        assert!(lens.same_object(&scene.get("camera.lens")?));
        assert_eq!(lens.type_name(), "Lens");
        let none = scene.at("camera.flash").resolve();
        refused(
            none,
            Kind::NoSuchAttribute,
            &["`Camera` has no attribute `flash`"],
        );
        Ok(())
    });
}

#[test]
fn r18_a_path_may_lead_through_another_plugin() {
    SAMPLES.over_both(|subject| {
        let other = subject.another();
        let scene = other.make("Scene", ())?;
        let bag = subject.make("Bag", ())?;
        bag.set("scene", &scene)?;
        assert_eq!(bag.get::<f64>("scene.camera.lens.zoom")?, 1.0);
        bag.set("scene.camera.lens.zoom", 8.0)?;
        assert_eq!(scene.get::<f64>("camera.lens.zoom")?, 8.0);
        assert_eq!(bag.call::<f64>("scene.camera.lens.zoom_by", (0.5,))?, 4.0);
        let lens = bag.at("scene.camera.lens").resolve()?;
        assert_eq!(lens.get::<f64>("zoom")?, 4.0);
        subject.settle();
        Ok(())
    });
}

#[test]
fn r18_a_path_may_lead_through_data() {
    SAMPLES.over_both(|subject| {
        let scene = subject.make("Scene", ())?;
        assert_eq!(scene.call::<String>("title.upper", ())?, "A SCENE");
        let title = scene.at("title").replying(ReplyMode::Proxy);
        assert_eq!(title.call::<Proxy>("upper", ())?.text()?, "A SCENE");
        Ok(())
    });
}
