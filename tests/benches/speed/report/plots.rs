//! The plots, as SVG that stands inside the page.
//!
//! What is said around a plot (title, legend, note) is HTML, which makes its own lines. Inside, the text is placed by a
//! guess of its width, for no font is at hand.

use std::error::Error;

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::axis::{Axis, fits};
use super::text::{humanise, width, wrap};
use super::{Bars, Curve};

/// A colour by its name in the page's style. The page puts others in their place in the dark.
pub(super) struct Colour {
    pub name: &'static str,
    pub light: RGBColor,
    pub dark: RGBColor,
}

const fn colour(name: &'static str, light: u32, dark: u32) -> Colour {
    const fn rgb(hex: u32) -> RGBColor {
        RGBColor((hex >> 16) as u8, (hex >> 8) as u8, hex as u8)
    }
    let (light, dark) = (rgb(light), rgb(dark));
    Colour { name, light, dark }
}

const INK: Colour = colour("ink", 0x1f2328, 0xe6edf3);
const FAINT: Colour = colour("faint", 0x59636e, 0x9da7b3);
const GRID: Colour = colour("grid", 0xd8dee4, 0x353c45);
const LOCUM: Colour = colour("locum", 0xc2410c, 0xfb8b3c);
const PEER: Colour = colour("peer", 0x8a96a3, 0x68737f);
const LINES: [Colour; 4] = [
    colour("line-1", 0x0969da, 0x58a6ff),
    colour("line-2", 0x1a7f37, 0x3fb950),
    colour("line-3", 0x8250df, 0xbc8cff),
    colour("line-4", 0x9a6700, 0xd4a72c),
];

/// All colours that a plot may have.
pub(super) const COLOURS: [&Colour; 9] = [
    &INK, &FAINT, &GRID, &LOCUM, &PEER, &LINES[0], &LINES[1], &LINES[2], &LINES[3],
];

const FONT: &str = "system-ui, sans-serif";
const SIZE: i32 = 13;
const LEADING: i32 = 17;
const WIDTH: i32 = 640;
const GAP: i32 = 8;

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Drawn = Result<(), Box<dyn Error>>;

/// The SVG of a bar chart, or why there is none.
pub(super) fn bars(bars: &Bars) -> Result<String, String> {
    let values = bars.bars.iter().map(|(_, value)| *value);
    let values = values.filter(|it| fits(*it, true));
    let labels: Vec<_> = bars
        .bars
        .iter()
        .map(|(name, _)| wrap(name, SIZE, WIDTH * 3 / 8))
        .collect();
    let left = widest(labels.iter().flatten().map(String::as_str)) + GAP;
    let texts: Vec<_> = bars
        .bars
        .iter()
        .map(|(_, value)| humanise(*value, bars.unit))
        .collect();
    let right = widest(texts.iter().map(String::as_str)) + 2 * GAP;
    // Half the least value, so that its bar has a length too.
    let span = values.clone().chain(values.map(|it| it / 2.0));
    let axis = Axis::across(span, true, bars.unit, SIZE, WIDTH - left - right)
        .ok_or("Nothing to draw: no value is above zero.")?;

    let heights = labels.iter().map(|it| it.len() as i32 * LEADING + 12);
    let height: i32 = heights.clone().sum();
    svg(height + LEADING + GAP, |root| {
        let mut chart = ChartBuilder::on(root)
            .margin_left(left)
            .margin_right(right)
            .margin_bottom(LEADING + GAP)
            .build_cartesian_2d(axis.clone(), 0..height)?;
        for mark in axis.grid() {
            let line = [(*mark, 0), (*mark, height)];
            chart.draw_series([PathElement::new(line, GRID.light)])?;
        }
        for (mark, label) in axis.labels() {
            let (x, y) = chart.backend_coord(&(mark, 0));
            write(root, &label, &FAINT, (x, y + GAP), HPos::Center, VPos::Top)?;
        }
        let mut below = 0;
        let rows = bars.bars.iter().zip(heights.clone());
        for (((name, value), height), (label, text)) in rows.zip(labels.iter().zip(&texts)) {
            let (mut x, y) = (left, below + height / 2);
            let top = y - (label.len() as i32 - 1) * LEADING / 2;
            for (line, label) in label.iter().enumerate() {
                let place = (x - GAP, top + line as i32 * LEADING);
                write(root, label, &INK, place, HPos::Right, VPos::Center)?;
            }
            if fits(*value, true) {
                let end = chart.backend_coord(&(*value, 0)).0;
                let colour = if is_locum(name) { &LOCUM } else { &PEER };
                let corners = [(x, y - 9), (end, y + 9)];
                root.draw(&Rectangle::new(corners, colour.light.filled()))?;
                x = end;
            }
            write(root, text, &INK, (x + 6, y), HPos::Left, VPos::Center)?;
            below += height;
        }
        Ok(())
    })
}

/// The SVG of a curve, or why there is none.
pub(super) fn curve(curve: &Curve) -> Result<String, String> {
    let ((x_name, x_unit), (y_name, y_unit)) = (unit(&curve.x), unit(&curve.y));
    let fit = |point: &&(f64, f64)| has_place(curve, point);
    let points = curve.lines.iter().flat_map(|(_, points)| points);
    let points = points.filter(fit);
    let nothing = "Nothing to draw: no point has a place on these axes.";
    let y_name = wrap(y_name, SIZE, WIDTH - 2 * GAP);
    // Upwards it is the heights of labels that have to fit, not their widths: room for as many as there may be.
    let ys = points.clone().map(|it| it.1);
    let y = Axis::across(ys, curve.log_y, y_unit, SIZE, i32::MAX).ok_or(nothing)?;
    let left = y.labels().map(|(_, it)| width(&it, SIZE)).max();
    let left = left.unwrap_or(0) + 2 * GAP;
    let xs = points.map(|it| it.0);
    let x = Axis::across(xs, curve.log_x, x_unit, SIZE, WIDTH - left).ok_or(nothing)?;
    // The labels stand in the middle under their marks, also those at the ends.
    let half = x.labels().map(|(_, it)| width(&it, SIZE) / 2).max();
    let right = half.unwrap_or(0).max(GAP);
    let left = left.max(right);
    let x_name = wrap(x_name, SIZE, WIDTH - right);
    let top = y_name.len() as i32 * LEADING + GAP;
    let bottom = (x_name.len() + 1) as i32 * LEADING + 2 * GAP;
    let height = top + 240 + bottom;

    svg(height, |root| {
        let mut chart = ChartBuilder::on(root)
            .margin_left(left)
            .margin_right(right)
            .margin_top(top)
            .margin_bottom(bottom)
            .build_cartesian_2d(x.clone(), y.clone())?;
        chart
            .configure_mesh()
            .disable_axes()
            .light_line_style(TRANSPARENT)
            .bold_line_style(GRID.light)
            .draw()?;
        for (mark, label) in x.labels() {
            let (x, y) = chart.backend_coord(&(mark, y.start()));
            write(root, &label, &FAINT, (x, y + GAP), HPos::Center, VPos::Top)?;
        }
        for (mark, label) in y.labels() {
            let (x, y) = chart.backend_coord(&(x.start(), mark));
            let place = (x - GAP, y);
            write(root, &label, &FAINT, place, HPos::Right, VPos::Center)?;
        }
        for (line, name) in y_name.iter().enumerate() {
            let place = (0, line as i32 * LEADING);
            write(root, name, &INK, place, HPos::Left, VPos::Top)?;
        }
        for (line, name) in x_name.iter().enumerate() {
            let place = (
                WIDTH - right,
                height - bottom + 2 * GAP + (line as i32 + 1) * LEADING,
            );
            write(root, name, &INK, place, HPos::Right, VPos::Top)?;
        }
        for ((_, points), colour) in curve.lines.iter().zip(line_colours(curve)) {
            let mut points: Vec<_> = points.iter().filter(fit).copied().collect();
            points.sort_by(|one, other| one.0.total_cmp(&other.0));
            let style = colour.light.stroke_width(2);
            chart.draw_series(LineSeries::new(points.clone(), style))?;
            let dots = points.into_iter();
            chart.draw_series(dots.map(|it| Circle::new(it, 4, colour.light.filled())))?;
        }
        Ok(())
    })
}

/// How many points of a curve are not in its plot.
pub(super) fn missing(curve: &Curve) -> usize {
    let points = curve.lines.iter().flat_map(|(_, points)| points);
    points.filter(|point| !has_place(curve, point)).count()
}

fn has_place(curve: &Curve, point: &(f64, f64)) -> bool {
    fits(point.0, curve.log_x) && fits(point.1, curve.log_y)
}

/// The colours of a curve's lines, in their order.
pub(super) fn line_colours(curve: &Curve) -> Vec<&'static Colour> {
    let locum = curve.lines.iter().position(|(name, _)| is_locum(name));
    let mut others = LINES.iter().cycle();
    (0..curve.lines.len())
        .filter_map(|index| match locum {
            Some(locum) if locum == index => Some(&LOCUM),
            _ => others.next(),
        })
        .collect()
}

/// The name of an axis without the unit that it may end with, and that.
pub(super) fn unit(axis: &str) -> (&str, &'static str) {
    for (ending, unit) in [(" (ns)", "ns"), (" (bytes)", "bytes")] {
        if let Some(name) = axis.strip_suffix(ending) {
            return (name, unit);
        }
    }
    (axis, "")
}

fn is_locum(name: &str) -> bool {
    name.starts_with("Locum")
}

fn widest<'a>(texts: impl Iterator<Item = &'a str>) -> i32 {
    texts.map(|it| width(it, SIZE)).max().unwrap_or(0)
}

fn svg(height: i32, draw: impl Fn(&Area<'_>) -> Drawn) -> Result<String, String> {
    let mut svg = String::new();
    let root = SVGBackend::with_string(&mut svg, (WIDTH as u32, height as u32)).into_drawing_area();
    draw(&root)
        .and_then(|()| Ok(root.present()?))
        .map_err(|error| format!("The plot could not be drawn: {error}"))?;
    drop(root);
    Ok(svg)
}

fn write(
    root: &Area<'_>,
    text: &str,
    colour: &Colour,
    place: (i32, i32),
    across: HPos,
    up: VPos,
) -> Drawn {
    // Plotters takes the height of a line for the size of a font.
    let font = (FONT, f64::from(SIZE) * 1.24);
    let style = TextStyle::from(font.into_font()).color(&colour.light);
    root.draw_text(text, &style.pos(Pos::new(across, up)), place)?;
    Ok(())
}
