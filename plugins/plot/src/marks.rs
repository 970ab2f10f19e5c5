//! Series as shapes.

use crate::axis::Extent;
use crate::clip;
use crate::decimate;
use crate::layout::Layout;
use crate::scene::{Area, Place, Shape};
use crate::series::{Series, Style};

/// The part of the distance between two places that the bars there take up.
const BAR: f64 = 0.8;

/// One of several series of bars that stand beside each other.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Group {
    pub(crate) index: usize,
    pub(crate) count: usize,
    /// The distance from one place to the next.
    pub(crate) step: f64,
}

/// The x of a series' points; those of bars with names are the places of the names.
pub(crate) fn x_of(series: &Series, names: &[String]) -> Vec<f64> {
    match &series.labels {
        Some(labels) => labels
            .iter()
            .map(|label| names.iter().position(|name| name == label))
            .map(|place| place.map_or(f64::NAN, |place| place as f64))
            .collect(),
        None => series.points.x.clone(),
    }
}

/// The least distance between two places of bars.
pub(crate) fn step_of(mut x: Vec<f64>) -> f64 {
    x.retain(|it| it.is_finite());
    x.sort_unstable_by(f64::total_cmp);
    let steps = x.windows(2).map(|pair| pair[1] - pair[0]);
    let least = steps
        .filter(|step| *step > 0.0)
        .fold(f64::INFINITY, f64::min);
    if least.is_finite() { least } else { 1.0 }
}

/// Takes in what the axes must show of a series.
pub(crate) fn extend(
    series: &Series,
    x: &[f64],
    group: Option<Group>,
    log: (bool, bool),
    extents: (&mut Extent, &mut Extent),
) {
    let (across, up) = extents;
    let half = group.map_or(0.0, |group| group.step / 2.0);
    for (x, y) in x.iter().zip(&series.points.y) {
        let shown = |value: f64, log: bool| value.is_finite() && (!log || value > 0.0);
        // A point that is a gap in one direction is none in the other.
        if shown(*x, log.0) && shown(*y, log.1) {
            across.add(x - half, log.0);
            across.add(x + half, log.0);
            up.add(*y, log.1);
        }
    }
    for edge in series.edges.iter().flatten() {
        across.add(*edge, log.0);
    }
    if series.style.stands() {
        up.add(0.0, log.1);
        up.on_zero = true;
    }
}

/// What is drawn of a series.
pub(crate) fn draw(
    series: &Series,
    x: &[f64],
    group: Option<Group>,
    layout: &Layout,
) -> Vec<Shape> {
    let y = &series.points.y;
    let mut shapes = Vec::new();
    if series.style == Style::Bars {
        match &series.edges {
            Some(edges) => histogram(series, edges, layout, &mut shapes),
            None => bars(series, x, group, layout, &mut shapes),
        }
        return shapes;
    }
    if series.style.has_line() {
        for run in runs(x, y, layout) {
            let line = match series.style {
                Style::Steps => steps(&run),
                _ => run,
            };
            line_and_area(series, decimate::columns(line), layout, &mut shapes);
        }
    }
    if series.style.has_points() {
        let places = x.iter().zip(y).map(|(x, y)| layout.place(*x, *y));
        let reach = layout.area.grown(0.5);
        // What is not a number is not inside of anything.
        let at = decimate::dots(places.filter(|place| reach.contains(*place)).collect());
        if !at.is_empty() {
            shapes.push(Shape::Dots {
                at,
                radius: series.size / 2.0,
                fill: series.colour,
            });
        }
    }
    shapes
}

fn line_and_area(series: &Series, line: Vec<Place>, layout: &Layout, shapes: &mut Vec<Shape>) {
    if series.style == Style::Area
        && let (Some(first), Some(last)) = (line.first(), line.last())
    {
        let floor = floor(layout);
        let ends = [
            Place {
                x: last.x,
                y: floor,
            },
            Place {
                x: first.x,
                y: floor,
            },
        ];
        let corners = line.iter().copied().chain(ends).collect();
        let corners = clip::polygon(corners, &layout.area);
        if !corners.is_empty() {
            shapes.push(Shape::Polygon {
                corners,
                fill: series.colour,
                opacity: 0.3,
            });
        }
    }
    // Half a pixel beyond, so that a line along the edge is whole.
    for through in clip::line(&line, &layout.area.grown(0.5)) {
        shapes.push(Shape::Line {
            through,
            width: series.width,
            colour: series.colour,
        });
    }
}

/// The places of points, without the gaps between.
fn runs(x: &[f64], y: &[f64], layout: &Layout) -> Vec<Vec<Place>> {
    let mut runs = vec![Vec::new()];
    for (x, y) in x.iter().zip(y) {
        let place = layout.place(*x, *y);
        match (runs.last_mut(), place.x.is_finite() && place.y.is_finite()) {
            (Some(run), true) => run.push(place),
            (Some(run), false) if run.is_empty() => {}
            _ => runs.push(Vec::new()),
        }
    }
    runs
}

/// A level from each point to the next, and then the step.
fn steps(run: &[Place]) -> Vec<Place> {
    let mut line = Vec::with_capacity(run.len() * 2);
    for pair in run.windows(2) {
        line.push(pair[0]);
        line.push(Place {
            x: pair[1].x,
            y: pair[0].y,
        });
    }
    line.extend(run.last());
    line
}

/// Where bars and areas stand: at zero, or at the lower end of a logarithmic axis.
fn floor(layout: &Layout) -> f64 {
    let zero = layout.place(layout.x.low, 0.0).y;
    if zero.is_finite() {
        zero
    } else {
        layout.area.bottom
    }
}

fn bars(
    series: &Series,
    x: &[f64],
    group: Option<Group>,
    layout: &Layout,
    shapes: &mut Vec<Shape>,
) {
    let Group { index, count, step } = group.unwrap_or(Group {
        index: 0,
        count: 1,
        step: 1.0,
    });
    let width = step * BAR / count as f64;
    for (x, y) in x.iter().zip(&series.points.y) {
        let left = x - step * BAR / 2.0 + width * index as f64;
        bar(series, left, left + width, *y, layout, shapes);
    }
}

fn histogram(series: &Series, edges: &[f64], layout: &Layout, shapes: &mut Vec<Shape>) {
    for (pair, count) in edges.windows(2).zip(&series.points.y) {
        bar(series, pair[0], pair[1], *count, layout, shapes);
    }
}

fn bar(series: &Series, from: f64, to: f64, y: f64, layout: &Layout, shapes: &mut Vec<Shape>) {
    let (start, end) = (layout.place(from, y), layout.place(to, y));
    let floor = floor(layout);
    if ![start.x, end.x, start.y].iter().all(|it| it.is_finite()) {
        return;
    }
    let inside = |x: f64| x.clamp(layout.area.left, layout.area.right);
    let (left, right) = (inside(start.x).round(), inside(end.x).round());
    let upright = |y: f64| y.clamp(layout.area.top, layout.area.bottom);
    let (top, bottom) = (upright(start.y.min(floor)), upright(start.y.max(floor)));
    // Bars are told from their neighbours by a pixel, where there is one to spare.
    let gap = if right - left >= 4.0 { 1.0 } else { 0.0 };
    let area = Area {
        left,
        top,
        right: (right - gap).max(left + 1.0).min(layout.area.right),
        bottom,
    };
    if area.width() > 0.0 && area.height() > 0.0 {
        shapes.push(Shape::Rectangle {
            area,
            fill: series.colour,
        });
    }
}
