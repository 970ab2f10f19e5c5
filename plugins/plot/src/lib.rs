//! Plots that live in the plugin: a host holds a [`Plot`] and the [`Series`] in it, and feeds them data.
//!
//! A plot is turned into a picture in these steps: `figure` and `series` are the objects; `numbers` and `bins` read what
//! they are given; `axis` and `ticks` say where a value lies; `layout` divides the picture; `marks`, `decimate`, `clip` and
//! `legend` make of it a `scene`, a list of shapes; `svg` and `raster` write that down.

// The objects.
mod figure;
mod oneshot;
mod series;

// What they are given.
mod bins;
mod colour;
mod numbers;

// Where it goes.
mod axis;
mod layout;
mod ticks;

// What is drawn.
mod clip;
mod decimate;
mod legend;
mod marks;
mod picture;
mod scene;

// How it is written.
mod raster;
mod save;
mod svg;
mod text;

#[cfg(test)]
mod tests;

pub use figure::Plot;
pub use oneshot::plot;
pub use series::Series;

locum_guest::plugin! {
    /// Plots as live objects: hold one, feed it data, take it as SVG or PNG.
    ///
    /// `plot.plot([1, 4, 2, 3])` makes a plot with one line. `plot.Plot(title="Load")` makes an empty one, to which `plot`,
    /// `scatter`, `bar` and `histogram` add series. A series stays live: `append` to it and take the picture again.
    mod plot { plot, Plot, Series }
}
