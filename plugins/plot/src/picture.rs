//! The picture of a plot: ranges first, then a layout, what is drawn in it, and a place for the legend.

use std::ops::Deref;

use crate::axis::{Axis, Extent};
use crate::colour::WHITE;
use crate::figure::Plot;
use crate::layout::{Frame, Layout};
use crate::legend::{Legend, Position};
use crate::marks::{self, Group};
use crate::scene::{Area, Scene, Shape};
use crate::series::{Series, Style};

/// What a plot shows of its series.
pub(crate) fn scene(plot: &Plot, series: &[impl Deref<Target = Series>]) -> Scene {
    let names = names_of(series);
    let places: Vec<Vec<f64>> = series
        .iter()
        .map(|series| marks::x_of(series, &names))
        .collect();
    let groups = groups(series, &places);
    let log = (plot.x.log && names.is_empty(), plot.y.log);

    let mut across = Extent::new(0.02);
    let mut up = Extent::new(0.05);
    for ((series, x), group) in series.iter().zip(&places).zip(&groups) {
        marks::extend(series, x, *group, log, (&mut across, &mut up));
    }
    for place in 0..names.len() {
        across.add(place as f64 - 0.5, false);
        across.add(place as f64 + 0.5, false);
    }
    let x_axis = Axis {
        log: log.0,
        ..plot.x.clone()
    };
    let (width, height) = (f64::from(plot.width), f64::from(plot.height));
    let mut frame = Frame {
        width,
        height,
        title: &plot.title,
        x_label: &plot.x.label,
        y_label: &plot.y.label,
        x: x_axis.scale(&across),
        y: plot.y.scale(&up),
        names: &names,
        has_grid: plot.has_grid,
        aside: 0.0,
    };
    let draw = |layout: &Layout| -> Vec<Shape> {
        let all = series.iter().zip(&places).zip(&groups);
        all.flat_map(|((series, x), group)| marks::draw(series, x, *group, layout))
            .collect()
    };
    let mut layout = Layout::new(&frame);
    let mut shapes = draw(&layout);

    let legend = match plot.legend {
        Position::None => None,
        _ => Legend::of(
            series.iter().map(|series| &**series),
            width * 0.4,
            layout.area.height(),
        ),
    };
    let mut legend_place: Option<(Area, bool)> = None;
    if let Some(legend) = &legend {
        let corner = match plot.legend {
            Position::Corner(corner) => Some(legend.in_corner(corner, &layout.area)),
            Position::Auto => legend.free_corner(&layout.area, &shapes),
            Position::Right | Position::None => None,
        };
        legend_place = match corner {
            Some(place) => Some((place, true)),
            None => {
                frame.aside = legend.aside();
                let narrower = Layout::new(&frame);
                // In a small picture the data needs the room more than the names do.
                if plot.legend == Position::Auto && narrower.area.width() < width * 0.4 {
                    frame.aside = 0.0;
                    None
                } else {
                    layout = narrower;
                    shapes = draw(&layout);
                    Some((legend.at_right(&layout.area), false))
                }
            }
        };
    }

    let mut scene = Scene {
        width: plot.width,
        height: plot.height,
        title: plot.title.clone(),
        shapes: Vec::new(),
    };
    let whole = Area {
        left: 0.0,
        top: 0.0,
        right: width,
        bottom: height,
    };
    scene.hairline(whole, WHITE);
    layout.draw_behind(&frame, &mut scene);
    scene.shapes.append(&mut shapes);
    layout.draw_before(&frame, &mut scene);
    if let (Some(legend), Some((place, is_framed))) = (&legend, legend_place) {
        legend.draw(&place, is_framed, &mut scene);
    }
    scene
}

/// The names of bars in all series, each once.
fn names_of(series: &[impl Deref<Target = Series>]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut known = std::collections::HashSet::new();
    for name in series
        .iter()
        .flat_map(|series| series.labels.iter().flatten())
    {
        if known.insert(name) {
            names.push(name.clone());
        }
    }
    names
}

/// Which place among those that stand beside each other each series of bars has.
fn groups(series: &[impl Deref<Target = Series>], places: &[Vec<f64>]) -> Vec<Option<Group>> {
    let stands = |series: &Series| series.style == Style::Bars && series.edges.is_none();
    let count = series.iter().filter(|series| stands(series)).count();
    let all = series
        .iter()
        .zip(places)
        .filter(|(series, _)| stands(series));
    let step = marks::step_of(all.flat_map(|(_, x)| x.iter().copied()).collect());
    let mut index = 0;
    let mut group = |series: &Series| {
        stands(series).then(|| {
            index += 1;
            Group {
                index: index - 1,
                count,
                step,
            }
        })
    };
    series.iter().map(|series| group(series)).collect()
}
