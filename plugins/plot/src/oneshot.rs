//! `plot.plot(data)`: a plot in one call.

use locum_guest::{Result, Value, object};

use crate::figure::Plot;

/// Makes a plot with one series in it: `plot.plot([1, 4, 2, 3])`.
///
/// - `data`, `y`, `name`, `color` or `pen`, `style`: the series; see `Plot.plot`
/// - `title`, `x_label`, `y_label`: what is written around it
/// - `width`, `height`: the size of the picture in pixels
///
/// Returns the `Plot`, to which more can be added: `plot.plot([1, 4, 2, 3], pen="r").save("out/first.svg")`.
#[object]
#[allow(clippy::too_many_arguments)] // they are read by name
pub fn plot(
    data: Value,
    y: Option<Value>,
    title: Option<String>,
    x_label: Option<String>,
    y_label: Option<String>,
    name: Option<String>,
    color: Option<Value>,
    pen: Option<Value>,
    #[arg(default = "line")] style: &str,
    #[arg(default = 800)] width: u32,
    #[arg(default = 500)] height: u32,
) -> Result<Plot> {
    let mut plot = Plot::new(
        title, width, height, x_label, y_label, false, false, true, "auto",
    )?;
    plot.plot(data, y, name, color, pen, 2.0, style, 6.0)?;
    Ok(plot)
}
