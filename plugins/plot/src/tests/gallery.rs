//! Pictures to be looked at: `PLOT_GALLERY=dir cargo test -p plot gallery`.

use locum_guest::{Array, Bytes, Proxy, args};

use super::plugin;

fn keep(plot: &Proxy, name: &str) {
    let png: Bytes = plot.call("png", ()).unwrap();
    let svg: String = plot.call("svg", ()).unwrap();
    assert!(png.starts_with(b"\x89PNG") && svg.ends_with("</svg>\n"));
    if let Some(directory) = std::env::var_os("PLOT_GALLERY") {
        let at = std::path::Path::new(&directory).join(name);
        std::fs::write(at.with_extension("png"), &*png).unwrap();
        std::fs::write(at.with_extension("svg"), svg).unwrap();
    }
}

#[test]
fn the_gallery_is_drawn() {
    let (_plugin, plot) = plugin();
    let one: Proxy = plot.call("plot", args!([1, 4, 2, 3], pen = "r")).unwrap();
    keep(&one, "first");

    let waves: Proxy = plot
        .call(
            "Plot",
            args!(
                title = "Two waves and their sum",
                x_label = "time, s",
                y_label = "voltage, V"
            ),
        )
        .unwrap();
    let x: Vec<f64> = (0..400).map(|i| i as f64 * 0.025).collect();
    let series = |f: &dyn Fn(f64) -> f64| Array::from_vec(x.iter().map(|x| f(*x)).collect());
    let xs = Array::from_vec(x.clone());
    waves
        .call::<Proxy>("plot", args!(&xs, series(&f64::sin), name = "sin"))
        .unwrap();
    waves
        .call::<Proxy>(
            "plot",
            args!(&xs, series(&|x| (3.0 * x).cos() * 0.5), name = "cos 3t / 2"),
        )
        .unwrap();
    waves
        .call::<Proxy>(
            "plot",
            args!(
                &xs,
                series(&|x| x.sin() + (3.0 * x).cos() * 0.5),
                name = "sum",
                width = 3.0
            ),
        )
        .unwrap();
    keep(&waves, "waves");

    let cities: Proxy = plot
        .call("Plot", args!(title = "Rain by month", y_label = "rain, mm"))
        .unwrap();
    let months = [
        "January", "February", "March", "April", "May", "June", "July", "August",
    ];
    cities
        .call::<Proxy>(
            "bar",
            args!(months, [80, 60, 71, 50, 45, 43, 38, 66], name = "Bergen"),
        )
        .unwrap();
    cities
        .call::<Proxy>(
            "bar",
            args!(months, [42, 33, 40, 37, 53, 68, 55, 58], name = "Berlin"),
        )
        .unwrap();
    keep(&cities, "bars");

    let log: Proxy = plot
        .call(
            "Plot",
            args!(
                title = "Decay",
                y_log = true,
                x_label = "days",
                y_label = "activity, Bq"
            ),
        )
        .unwrap();
    let decay: Vec<f64> = (0..60).map(|day| 5e6 * (-0.2 * day as f64).exp()).collect();
    log.call::<Proxy>(
        "plot",
        args!(&decay, style = "both", name = "measured", size = 5.0),
    )
    .unwrap();
    keep(&log, "log");

    let noise: Proxy = plot
        .call("Plot", args!(title = "A million points", height = 400))
        .unwrap();
    let mut state = 1_u64;
    let mut random = || {
        state = state
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        (state >> 40) as f64 / 16_777_216.0 - 0.5
    };
    let mut sum = 0.0;
    let walk: Array<f64> = (0..1_000_000)
        .map(|_| {
            sum += random();
            sum + 40.0 * random()
        })
        .collect();
    noise
        .call::<Proxy>("plot", args!(&walk, width = 1.0, name = "walk"))
        .unwrap();
    keep(&noise, "million");

    let histogram: Proxy = plot
        .call(
            "Plot",
            args!(
                title = "Sums of twelve dice, less their mean",
                x_label = "sum",
                y_label = "how often"
            ),
        )
        .unwrap();
    let sums: Array<f64> = (0..20_000)
        .map(|_| (0..12).map(|_| random()).sum())
        .collect();
    histogram.call::<Proxy>("histogram", (&sums,)).unwrap();
    keep(&histogram, "histogram");

    let scatter: Proxy = plot
        .call(
            "Plot",
            args!(
                width = 500,
                height = 500,
                title = "Two clouds with a rather long title that does not fit on one line",
                legend = "right"
            ),
        )
        .unwrap();
    for (name, at) in [("near <&> \"here\"", 0.0), ("far", 1.5)] {
        let pairs: Vec<(f64, f64)> = (0..300)
            .map(|_| (at + random() + random(), at + random() + random()))
            .collect();
        scatter
            .call::<Proxy>("scatter", args!(pairs, name = name))
            .unwrap();
    }
    keep(&scatter, "scatter");

    let area: Proxy = plot
        .call("Plot", args!(title = "Gaps, area, steps", y_label = "°C"))
        .unwrap();
    let y = [
        Some(3.0),
        Some(5.0),
        Some(-2.0),
        None,
        Some(4.0),
        Some(6.5),
        Some(f64::NAN),
        Some(2.0),
        None,
        Some(1.0),
        Some(2.0),
    ];
    area.call::<Proxy>("plot", args!(y, style = "area", name = "day"))
        .unwrap();
    area.call::<Proxy>(
        "plot",
        args!(
            [1, 2, 2, 3, 5, 4, 3, 1, 0, -1, -3],
            style = "steps",
            name = "night"
        ),
    )
    .unwrap();
    area.set("y_range", (-2.5, 6.0)).unwrap();
    keep(&area, "area");

    let empty: Proxy = plot.call("Plot", ()).unwrap();
    keep(&empty, "empty");

    let small: Proxy = plot
        .call(
            "Plot",
            args!(
                width = 200,
                height = 140,
                title = "Small",
                x_label = "x",
                y_label = "millions"
            ),
        )
        .unwrap();
    small
        .call::<Proxy>(
            "plot",
            args!([1.5e9, 2.5e9, 2.2e9], name = "a name that is much too long"),
        )
        .unwrap();
    keep(&small, "small");

    let many: Proxy = plot.call("Plot", args!(title = "Many")).unwrap();
    let names: Vec<String> = (0..40)
        .map(|i| format!("a town with a long name {i}"))
        .collect();
    many.call::<Proxy>("bar", args!(names, (0..40).collect::<Vec<i64>>()))
        .unwrap();
    keep(&many, "many");
}
