//! Plots that live in a plugin: series, axes and a legend, rendered as SVG and PNG.
