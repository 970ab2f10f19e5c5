//! The plugin as its host sees it, and the pictures that it makes.

mod data;
mod drawing;
mod gallery;
mod malformed;
mod numbers;
mod room;

use locum_guest::{Connected, Proxy, connect};

use crate::LocumPlugin;

/// The plugin, and its module.
pub(crate) fn plugin() -> (Connected, Proxy) {
    let plugin = connect::<LocumPlugin>();
    let module = plugin.import("plot").unwrap();
    (plugin, module)
}

/// The places of each line that is drawn with a colour, in an SVG document.
pub(crate) fn lines(svg: &str, colour: &str) -> Vec<Vec<(f64, f64)>> {
    let stroke = format!("stroke=\"{colour}\"");
    svg.lines()
        .filter(|line| line.starts_with("<polyline") && line.contains(&stroke))
        .map(|line| {
            let points = line.split('"').nth(1).unwrap();
            let place = |pair: &str| {
                let (x, y) = pair.split_once(',').unwrap();
                (x.parse().unwrap(), y.parse().unwrap())
            };
            points.split(' ').map(place).collect()
        })
        .collect()
}

/// The colour of the first series.
pub(crate) const FIRST: &str = "#0072b2";
