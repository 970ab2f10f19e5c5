//! Data in every form in which it may come.

use locum_guest::{Array, Proxy, Value, args};

use super::{FIRST, lines, plugin};

#[test]
fn the_same_data_in_any_form_is_the_same_picture() {
    let (_plugin, plot) = plugin();
    let picture =
        |made: locum_guest::Result<Proxy>| made.unwrap().call::<String>("svg", ()).unwrap();
    let expected = picture(plot.call("plot", ([1.0, 4.0, 2.0, 3.0],)));
    let y = [1_u8, 4, 2, 3];
    assert_eq!(picture(plot.call("plot", (Array::from(y),))), expected);
    assert_eq!(
        picture(plot.call("plot", (Array::from(y.map(i16::from)),))),
        expected
    );
    assert_eq!(
        picture(plot.call("plot", (Array::from(y.map(f32::from)),))),
        expected
    );
    assert_eq!(
        picture(plot.call("plot", (Array::from(y.map(u64::from)),))),
        expected
    );
    assert_eq!(
        picture(plot.call("plot", ([0, 1, 2, 3], Array::from(y.map(f64::from))))),
        expected
    );
    assert_eq!(
        picture(plot.call("plot", ([(0, 1), (1, 4), (2, 2), (3, 3)],))),
        expected
    );
    let pairs = Array::new([4, 2], vec![0.0, 1.0, 1.0, 4.0, 2.0, 2.0, 3.0, 3.0]).unwrap();
    assert_eq!(picture(plot.call("plot", (pairs,))), expected);
    let kept: Proxy = locum_guest::Proxy::local(std::sync::Arc::new(Kept));
    assert_eq!(picture(plot.call("plot", (kept,))), expected);
}

/// An object of the host's that has numbers as its value.
struct Kept;

impl locum_guest::Object for Kept {
    fn type_name(&self) -> &str {
        "Kept"
    }
    fn call(
        self: std::sync::Arc<Self>,
        name: &str,
        _: locum_guest::Args,
    ) -> locum_guest::Result<locum_guest::Outcome> {
        Err(locum_guest::Error::no_attribute(name))
    }
    fn value(self: std::sync::Arc<Self>) -> locum_guest::Result<locum_guest::Parcel> {
        locum_guest::Parcel::encode(&[1, 4, 2, 3])
    }
    fn into_any(self: std::sync::Arc<Self>) -> std::sync::Arc<dyn std::any::Any + Send + Sync> {
        self
    }
}

#[test]
fn what_is_not_finite_is_a_gap_and_widens_no_range() {
    let (_plugin, plot) = plugin();
    let nan: Proxy = plot
        .call("plot", ([1.0, 2.0, f64::NAN, 4.0, 5.0],))
        .unwrap();
    let with_null: Proxy = plot
        .call("plot", ([Some(1), Some(2), None, Some(4), Some(5)],))
        .unwrap();
    let infinite: Proxy = plot
        .call("plot", ([1.0, 2.0, f64::INFINITY, 4.0, 5.0],))
        .unwrap();
    let svg: String = nan.call("svg", ()).unwrap();
    let drawn = lines(&svg, FIRST);
    assert_eq!(drawn.iter().map(Vec::len).collect::<Vec<_>>(), [2, 2]);
    for other in [with_null, infinite] {
        assert_eq!(other.call::<String>("svg", ()).unwrap(), svg);
    }
    let whole: Proxy = plot.call("plot", ([1, 2, 3, 4, 5],)).unwrap();
    let through = &lines(&whole.call::<String>("svg", ()).unwrap(), FIRST)[0];
    assert_eq!((through[0], through[4]), (drawn[0][0], drawn[1][1]));
}

#[test]
fn a_series_is_live() {
    let (_plugin, plot) = plugin();
    let figure: Proxy = plot.call("Plot", ()).unwrap();
    let load: Proxy = figure.call("plot", args!([1, 2], name = "load")).unwrap();
    let points = || -> usize {
        let svg: String = figure.call("svg", ()).unwrap();
        let color: String = load.get("color").unwrap();
        // The sample in the legend is a line, too.
        lines(&svg, &color).iter().map(Vec::len).max().unwrap_or(0)
    };
    assert_eq!(points(), 2);
    assert_eq!(load.call::<usize>("append", (3,)).unwrap(), 3);
    assert_eq!(
        load.call::<usize>("append", (Array::from([4.0, 5.0]),))
            .unwrap(),
        5
    );
    assert_eq!(points(), 5);
    assert_eq!(
        load.get::<Array<f64>>("x").unwrap().as_slice(),
        [0.0, 1.0, 2.0, 3.0, 4.0]
    );
    assert_eq!(
        load.call::<usize>("append", args!([6, 7, 8], keep = 4))
            .unwrap(),
        4
    );
    assert_eq!(
        load.get::<Array<f64>>("x").unwrap().as_slice(),
        [4.0, 5.0, 6.0, 7.0]
    );
    load.call::<()>("set_data", ([10, 20, 30], [1, 2, 1]))
        .unwrap();
    load.set("color", "#ff0000").unwrap();
    assert_eq!(points(), 3);
    load.set("style", "steps").unwrap();
    assert_eq!(points(), 5);
    assert_eq!(
        figure.text().unwrap(),
        "Plot, 800 x 500: \"load\": steps, 3 points"
    );
    assert_eq!(figure.get::<Vec<Proxy>>("series").unwrap().len(), 1);
    load.call::<()>("remove", ()).unwrap();
    assert_eq!((figure.len().unwrap(), points()), (0, 0));
}

/// Counted by Python, with 1.5 in the last bin since that is closed.
#[test]
fn a_histogram_counts_as_python_does() {
    let (_plugin, plot) = plugin();
    let figure: Proxy = plot.call("Plot", ()).unwrap();
    let data = [
        0.0,
        0.1,
        0.2,
        0.2,
        0.5,
        0.9,
        1.0,
        1.0,
        1.4,
        1.5,
        f64::NAN,
        7.0,
        -1.0,
    ];
    let counts = |bins: Value| -> Vec<f64> {
        let series: Proxy = figure.call("histogram", args!(data, bins = bins)).unwrap();
        series.get::<Array<f64>>("y").unwrap().to_vec()
    };
    assert_eq!(
        counts(Value::from(vec![0.0, 0.5, 1.0, 1.5])),
        [4.0, 2.0, 4.0]
    );
    assert_eq!(counts(4.into()), [7.0, 4.0, 0.0, 1.0]);
    assert_eq!(counts(Value::Null).iter().sum::<f64>(), 12.0);
    let even: Proxy = figure
        .call("histogram", args!([0, 1, 2, 3], bins = 2, density = true))
        .unwrap();
    let areas: f64 = even
        .get::<Array<f64>>("y")
        .unwrap()
        .iter()
        .map(|density| density * 1.5)
        .sum();
    assert!((areas - 1.0).abs() < 1e-12);
    let equal: Proxy = figure.call("histogram", ([3, 3, 3],)).unwrap();
    assert_eq!(
        equal.get::<Array<f64>>("y").unwrap().iter().sum::<f64>(),
        3.0
    );
    let none: Proxy = figure.call("histogram", (Vec::<f64>::new(),)).unwrap();
    assert_eq!(
        none.get::<Array<f64>>("y").unwrap().iter().sum::<f64>(),
        0.0
    );
    figure.call::<String>("svg", ()).unwrap();
}

#[test]
fn a_million_points_are_drawn_as_those_that_can_be_seen() {
    let (_plugin, plot) = plugin();
    let mut y: Vec<f64> = (0..1_000_000).map(|at| (at as f64 * 0.001).sin()).collect();
    y[333_333] = 9.0;
    let figure: Proxy = plot.call("plot", (Array::from_vec(y),)).unwrap();
    let begun = std::time::Instant::now();
    let svg: String = figure.call("svg", ()).unwrap();
    let drawn = &lines(&svg, FIRST)[0];
    assert!(drawn.len() < 800 * 4, "{}", drawn.len());
    let highest = drawn
        .iter()
        .map(|place| place.1)
        .fold(f64::INFINITY, f64::min);
    let peak = drawn.iter().find(|place| place.1 == highest).unwrap();
    let whole = drawn[drawn.len() - 1].0 - drawn[0].0;
    assert!(
        ((peak.0 - drawn[0].0) / whole - 1.0 / 3.0).abs() < 0.001,
        "one point among many is seen"
    );
    figure.call::<locum_guest::Bytes>("png", ()).unwrap();
    assert!(begun.elapsed().as_secs() < 10, "{:?}", begun.elapsed());
}
