//! What is wrong, and what is said about it.

use locum_guest::{Array, Error, Kind, Proxy, Value, args};

use super::plugin;

#[test]
fn x_and_y_of_different_lengths_are_told_with_both() {
    let (_plugin, plot) = plugin();
    let figure: Proxy = plot.call("Plot", ()).unwrap();
    let error = figure
        .call::<Proxy>("plot", ([1, 2, 3], [1, 2, 3, 4]))
        .unwrap_err();
    let told = "x has 3 values and y has 4: a point needs one of each";
    assert_eq!((error.kind(), error.message()), (Kind::ValueError, told));
    let line: Proxy = figure.call("plot", ([1],)).unwrap();
    let error = line.call::<usize>("append", (1, [1, 2])).unwrap_err();
    assert_eq!(
        error.message(),
        "x has 1 value and y has 2: a point needs one of each"
    );
    let error = figure.call::<Proxy>("bar", (["a"], [1, 2])).unwrap_err();
    assert_eq!(
        error.message(),
        "there are 1 names and 2 heights: a bar needs one of each"
    );
    assert_eq!(figure.len().unwrap(), 1, "what failed adds nothing");
}

#[test]
fn what_is_no_number_is_told_with_its_place() {
    let (_plugin, plot) = plugin();
    let refused = |data: Value| plot.call::<Proxy>("plot", (data,)).unwrap_err();
    let list = |items: Vec<Value>| Value::List(items);
    let square = Array::<f64>::zeros([3, 3]).unwrap();
    for (data, told) in [
        (
            list(vec![1.into(), "a".into()]),
            "item 1 of y is the text \"a\"; expected a number, or null for a gap",
        ),
        (
            "abc".into(),
            "y is a text; expected an array or a list of numbers",
        ),
        (
            square.into(),
            "y is an array of shape [3, 3]; expected one dimension, or the shape [n, 2] for points",
        ),
        (
            list(vec![list(vec![1.into(), 2.into()]), 3.into()]),
            "item 1 is an int; expected a pair [x, y], as the first item is one",
        ),
        (
            list(vec![list(vec![1.into()])]),
            "item 0 is 1 numbers; expected a pair [x, y], as the first item is one",
        ),
    ] {
        assert_eq!(refused(data).message(), told);
    }
}

#[test]
fn what_can_not_be_drawn_is_told_with_a_way_out() {
    let (_plugin, plot) = plugin();
    let figure: Proxy = plot.call("Plot", ()).unwrap();
    let log: Proxy = plot.call("Plot", args!(y_log = true)).unwrap();
    let add = |color: &str, style: &str| {
        figure
            .call::<Proxy>("plot", args!([1], color = color, style = style))
            .unwrap_err()
    };
    let range = |low: f64, high: f64| figure.set("x_range", (low, high)).unwrap_err();
    let failed: Vec<(Error, &str)> = vec![
        (
            add("blu", "line"),
            "'blu' is no colour; did you mean `blue`?",
        ),
        (
            add("#12345", "line"),
            "'#12345' is no colour; write one of black, white, red",
        ),
        (
            add("red", "lines"),
            "style \"lines\" is not known; did you mean \"line\"?",
        ),
        (
            figure.set("legend", "top").unwrap_err(),
            "a legend has no place \"top\"",
        ),
        (
            range(2.0, 1.0),
            "x_range: [2, 1] has no width; give the lower end first",
        ),
        (range(0.0, f64::NAN), "x_range: NaN is no end of a range"),
        (
            log.set("y_range", (0.0, 1.0)).unwrap_err(),
            "y_range: 0 can not be shown on a logarithmic axis",
        ),
        (
            plot.call::<Proxy>("Plot", args!(width = 20)).unwrap_err(),
            "width is 20; expected 100 to 8000 pixels",
        ),
        (
            figure.call::<Value>("png", (100,)).unwrap_err(),
            "a plot of 800 x 500 pixels at scale 100 has 80000 x 50000 pixels",
        ),
        (
            figure.call::<Value>("png", (f64::NAN,)).unwrap_err(),
            "a plot of 800 x 500 pixels at scale NaN",
        ),
        (
            figure
                .call::<Proxy>("plot", args!([1], width = 0))
                .unwrap_err(),
            "width is 0; expected 0.1 to 200 pixels",
        ),
        (
            figure
                .call::<Proxy>("histogram", args!([1], bins = 0))
                .unwrap_err(),
            "bins is 0; expected 1 to 10000",
        ),
        (
            figure
                .call::<Proxy>("histogram", args!([1], bins = [1, 1]))
                .unwrap_err(),
            "the edges in bins must rise, but 1 is followed by 1",
        ),
        (
            figure.call::<()>("save", ("plot.pdf",)).unwrap_err(),
            "\"plot.pdf\" does not say what to write",
        ),
    ];
    for (error, told) in failed {
        assert!(error.message().starts_with(told), "{error}\n{told}");
    }
    figure.set("x_range", (-1.0, 1.0)).unwrap();
    assert!(figure.set("x_log", true).is_err());
    assert!(
        !figure.get::<bool>("x_log").unwrap(),
        "what is refused changes nothing"
    );
}

#[test]
fn a_file_that_can_not_be_written_is_told_with_the_grant() {
    let (_plugin, plot) = plugin();
    let figure: Proxy = plot.call("plot", ([1, 2],)).unwrap();
    let error = figure.call::<()>("save", ("nowhere/a.svg",)).unwrap_err();
    assert!(
        error
            .message()
            .starts_with("\"nowhere/a.svg\" can not be written: "),
        "{error}"
    );
    assert!(
        error.message().contains("--allow-dir nowhere=./nowhere:rw"),
        "{error}"
    );
}
