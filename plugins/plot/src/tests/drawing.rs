//! What is in a picture.

use locum_guest::{Bytes, Proxy, args};

use super::{FIRST, lines, plugin};

/// The pixels of a PNG picture.
struct Picture {
    width: u32,
    height: u32,
    pixels: Vec<u8>,
}

impl Picture {
    fn of(figure: &Proxy, scale: f64) -> Picture {
        let bytes: Bytes = figure.call("png", (scale,)).unwrap();
        let mut reader = png::Decoder::new(std::io::Cursor::new(&bytes[..]))
            .read_info()
            .unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        Picture {
            width: info.width,
            height: info.height,
            pixels,
        }
    }

    fn at(&self, x: f64, y: f64) -> [u8; 3] {
        let at = (y as usize * self.width as usize + x as usize) * 3;
        [self.pixels[at], self.pixels[at + 1], self.pixels[at + 2]]
    }

    fn count(&self, colour: [u8; 3]) -> usize {
        self.pixels
            .chunks(3)
            .filter(|pixel| **pixel == colour)
            .count()
    }
}

#[test]
fn both_pictures_have_the_line_in_the_same_place() {
    let (_plugin, plot) = plugin();
    let figure: Proxy = plot
        .call(
            "plot",
            args!([0, 10], color = "#ff0000", width = 400, height = 300),
        )
        .unwrap();
    let svg: String = figure.call("svg", ()).unwrap();
    let line = &lines(&svg, "#ff0000")[0];
    let middle = ((line[0].0 + line[1].0) / 2.0, (line[0].1 + line[1].1) / 2.0);
    for scale in [1.0, 2.0] {
        let picture = Picture::of(&figure, scale);
        assert_eq!(
            (picture.width, picture.height),
            (400 * scale as u32, 300 * scale as u32)
        );
        let [red, green, _] = picture.at(middle.0 * scale, middle.1 * scale);
        assert!(red > 240 && green < 120, "{red} {green}");
        assert_eq!(picture.at(2.0, 2.0), [255, 255, 255]);
    }
}

#[test]
fn an_empty_plot_is_a_picture() {
    let (_plugin, plot) = plugin();
    for options in [(false, false), (true, false), (true, true)] {
        let figure: Proxy = plot
            .call("Plot", args!(x_log = options.0, y_log = options.1))
            .unwrap();
        assert!(figure.call::<String>("svg", ()).unwrap().contains(">1"));
        figure.call::<Proxy>("plot", (Vec::<f64>::new(),)).unwrap();
        figure
            .call::<Proxy>("plot", args!([f64::NAN, -1.0, 0.0], style = "area"))
            .unwrap();
        figure.call::<Proxy>("bar", (Vec::<f64>::new(),)).unwrap();
        let picture = Picture::of(&figure, 1.0);
        assert_eq!((picture.width, picture.height), (800, 500));
    }
}

#[test]
fn text_is_text_whatever_is_in_it() {
    let (_plugin, plot) = plugin();
    let title = "<script>alert(1)</script> & \"q\" 'a' \u{0} \u{1b}[2J";
    let figure: Proxy = plot
        .call(
            "Plot",
            args!(title = title, x_label = title, y_label = title),
        )
        .unwrap();
    figure
        .call::<Proxy>("bar", args!([title, "b"], [1, 2], name = title))
        .unwrap();
    let svg: String = figure.call("svg", ()).unwrap();
    assert!(
        !svg.contains("<script")
            && svg.contains(
                "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;q&quot; &#39;a&#39; \u{fffd}"
            )
    );
    assert!(!svg.contains(['\u{0}', '\u{1b}']));
    assert_eq!(
        figure
            .get::<String>("title")
            .unwrap()
            .chars()
            .filter(|c| *c == '\u{fffd}')
            .count(),
        2
    );
    Picture::of(&figure, 1.0);
}

#[test]
fn letters_are_drawn_without_a_font_of_the_system() {
    let (_plugin, plot) = plugin();
    let bare: Proxy = plot.call("Plot", ()).unwrap();
    let titled: Proxy = plot
        .call("Plot", args!(x_label = "Ωμέγα, Кириллица, °C"))
        .unwrap();
    let dark = |figure: &Proxy| Picture::of(figure, 2.0).count([0x26, 0x2b, 0x33]);
    assert!(
        dark(&bare) == 0 && dark(&titled) > 100,
        "{} {}",
        dark(&bare),
        dark(&titled)
    );
}

#[test]
fn nothing_is_drawn_outside_of_a_range_that_was_set() {
    let (_plugin, plot) = plugin();
    let figure: Proxy = plot
        .call("Plot", args!(grid = false, legend = "none"))
        .unwrap();
    figure
        .call::<Proxy>("plot", args!([0.0, 1e300, -1e300, 5.0, 2.0], name = "a"))
        .unwrap();
    figure
        .call::<Proxy>(
            "plot",
            args!([-50, 60, 3, 3, 3], style = "area", name = "b"),
        )
        .unwrap();
    figure
        .call::<Proxy>("plot", args!([1, 2, 3, 4, 99], style = "points"))
        .unwrap();
    figure.set("y_range", (0.0, 5.0)).unwrap();
    figure.set("x_range", (Some(1.0), None::<f64>)).unwrap();
    let svg: String = figure.call("svg", ()).unwrap();
    let marks = lines(&svg, FIRST)
        .into_iter()
        .chain(lines(&svg, "#d55e00"))
        .flatten();
    let (mut count, bounds) = (0, (20.0..=790.0, 10.0..=480.0));
    for (x, y) in marks {
        assert!(bounds.0.contains(&x) && bounds.1.contains(&y), "{x} {y}");
        count += 1;
    }
    assert!(count > 4);
    assert_eq!(svg.matches("<circle").count(), 3);
    Picture::of(&figure, 1.0);
    assert_eq!(
        figure.get::<(Option<f64>, Option<f64>)>("x_range").unwrap(),
        (Some(1.0), None)
    );
    figure.set("x_range", ()).unwrap();
    assert_eq!(
        figure.get::<(Option<f64>, Option<f64>)>("x_range").unwrap(),
        (None, None)
    );
}

#[test]
fn bars_stand_beside_each_other_on_zero() {
    let (_plugin, plot) = plugin();
    let figure: Proxy = plot.call("Plot", args!(grid = false)).unwrap();
    figure.call::<Proxy>("bar", (["a", "b"], [2, -1])).unwrap();
    figure.call::<Proxy>("bar", (["b", "c"], [2, 1])).unwrap();
    let svg: String = figure.call("svg", ()).unwrap();
    let bars = |colour: &str| -> Vec<[f64; 4]> {
        let fill = format!("fill=\"{colour}\"/>");
        let part = |line: &str, at: usize| line.split('"').nth(at).unwrap().parse().unwrap();
        svg.lines()
            .filter(|line| line.starts_with("<rect") && line.ends_with(&fill))
            .map(|line| [part(line, 1), part(line, 3), part(line, 5), part(line, 7)])
            .collect()
    };
    let (first, second) = (bars(FIRST), bars("#d55e00"));
    assert_eq!((first.len(), second.len()), (2, 2));
    let zero = first[0][1] + first[0][3];
    assert!(
        (first[1][1] - zero).abs() < 0.1,
        "below zero it hangs from the same line"
    );
    assert!(
        second
            .iter()
            .all(|bar| (bar[1] + bar[3] - zero).abs() < 0.1)
    );
    assert!(
        first[1][0] + first[1][2] <= second[0][0],
        "b has a bar of each"
    );
    for name in ["a", "b", "c"] {
        assert!(svg.contains(&format!(">{name}</text>")));
    }
}

#[test]
fn the_picture_is_written_by_the_ending_of_its_name() {
    let (_plugin, plot) = plugin();
    let figure: Proxy = plot.call("plot", ([1, 2],)).unwrap();
    let directory = std::env::temp_dir().join(format!("locum-plot-{}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    for (name, begins) in [("a.svg", &b"<svg xmlns"[..]), ("a.PNG", b"\x89PNG")] {
        let path = directory.join(name);
        figure
            .call::<()>("save", (path.display().to_string(),))
            .unwrap();
        assert!(std::fs::read(path).unwrap().starts_with(begins));
    }
    std::fs::remove_dir_all(&directory).unwrap();
}
