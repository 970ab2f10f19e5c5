//! Nothing is cut off, and nothing lies on top of something else.

use locum_guest::Value;

use crate::figure::Plot;
use crate::scene::{Anchor, Area, Scene, Shape};
use crate::{clip, text};

/// Plots of many kinds and sizes.
fn plots() -> Vec<Plot> {
    let mut plots = Vec::new();
    let data = [
        vec![0.0, 1.0, 0.5],
        vec![-1e12, 3e12],
        vec![1e-9, 2e-9, 1.5e-9],
        vec![123_456.0, 123_457.0],
        vec![5.0; 4],
        (0..200)
            .map(|at| (f64::from(at) * 0.3).sin() * 50.0)
            .collect(),
    ];
    for (width, height) in [(800, 500), (400, 300), (1600, 200), (250, 600)] {
        for (index, data) in data.iter().enumerate() {
            let is_log = index % 2 == 1 && data[0] > 0.0;
            let title = "A title of some words".repeat(index);
            let mut plot = Plot::new(
                Some(title),
                width,
                height,
                Some("time, s".into()),
                Some("a label of the y axis".into()),
                false,
                is_log,
                true,
                "auto",
            )
            .unwrap();
            for name in ["one", "two and more"] {
                let values = Value::from(data.clone());
                let style = ["line", "points", "area"][index % 3];
                plot.plot(values, None, Some(name.into()), None, None, 2.0, style, 6.0)
                    .unwrap();
            }
            plots.push(plot);
        }
    }
    plots
}

/// What each text covers, less what its letters do without.
fn texts(scene: &Scene) -> Vec<(String, Area)> {
    let texts = scene.shapes.iter().filter_map(|shape| match shape {
        Shape::Text(text) => Some(text),
        _ => None,
    });
    texts
        .map(|it| {
            let width = text::width(&it.text, it.size);
            let before = match it.anchor {
                Anchor::Start => 0.0,
                Anchor::Middle => width / 2.0,
                Anchor::End => width,
            };
            let (along, up) = ((-before, width - before), it.size * 0.7);
            let area = match it.upwards {
                false => Area {
                    left: it.at.x + along.0,
                    right: it.at.x + along.1,
                    top: it.at.y - up,
                    bottom: it.at.y,
                },
                true => Area {
                    left: it.at.x - up,
                    right: it.at.x,
                    top: it.at.y - along.1,
                    bottom: it.at.y - along.0,
                },
            };
            (it.text.clone(), area)
        })
        .collect()
}

#[test]
fn no_text_is_cut_off_or_covered_by_another() {
    for mut plot in plots() {
        let scene = plot.scene().unwrap();
        let texts = texts(&scene);
        let (width, height) = (f64::from(scene.width), f64::from(scene.height));
        for (index, (text, area)) in texts.iter().enumerate() {
            let inside =
                area.left >= 0.0 && area.top >= 0.0 && area.right <= width && area.bottom <= height;
            assert!(inside, "{text:?} at {area:?} in {width} x {height}");
            for (other, there) in &texts[index + 1..] {
                let apart = area.right <= there.left
                    || there.right <= area.left
                    || area.bottom <= there.top
                    || there.bottom <= area.top;
                assert!(
                    apart,
                    "{text:?} at {area:?} covers {other:?} at {there:?} in {width} x {height}"
                );
            }
        }
    }
}

#[test]
fn the_names_of_a_legend_cover_no_data() {
    for mut plot in plots() {
        let scene = plot.scene().unwrap();
        let names: Vec<Area> = texts(&scene)
            .into_iter()
            .filter(|(text, _)| text == "one" || text.starts_with("two"))
            .map(|(_, area)| area)
            .collect();
        // A small picture has no room for them.
        assert!(names.len() == 2 || (names.is_empty() && scene.width <= 400));
        for shape in &scene.shapes {
            for name in &names {
                match shape {
                    // The samples of the legend itself stand before the names.
                    Shape::Line { through, .. } => {
                        let hit = through
                            .windows(2)
                            .any(|pair| clip::segment(pair[0], pair[1], name).is_some());
                        assert!(!hit, "{name:?}");
                    }
                    Shape::Dots { at, .. } => assert!(!at.iter().any(|dot| name.contains(*dot))),
                    Shape::Polygon { corners, .. } => {
                        assert!(clip::polygon(corners.clone(), name).is_empty())
                    }
                    _ => {}
                }
            }
        }
    }
}
