//! A scene as pixels, and as PNG.

use locum_guest::{Bytes, Error, Result};

use crate::colour::Colour;
use crate::scene::{Anchor, Area, Place, Scene, Shape, Text};
use crate::text;

/// How many pixels are drawn for each one of the picture, along each side: what makes slopes and letters smooth.
const FINER: u32 = 2;
/// The most pixels that a picture has.
const MOST_PIXELS: f64 = 16e6;
/// In how many strips a row of a polygon is looked at.
const STRIPS: usize = 4;

/// The scene as a PNG picture, `scale` times as large.
pub(crate) fn png(scene: &Scene, scale: f64) -> Result<Bytes> {
    let width = (f64::from(scene.width) * scale).round();
    let height = (f64::from(scene.height) * scale).round();
    if !(scale > 0.0 && width >= 1.0 && height >= 1.0 && width * height <= MOST_PIXELS) {
        return Err(Error::value(format!(
            "a plot of {} x {} pixels at scale {scale} has {width} x {height} pixels; \
             expected 1 to {MOST_PIXELS}: give another scale",
            scene.width, scene.height
        )));
    }
    let (width, height) = (width as u32, height as u32);
    let mut canvas = Canvas::new(width * FINER, height * FINER, scale * f64::from(FINER));
    for shape in &scene.shapes {
        canvas.draw(shape);
    }
    encode(&canvas.coarser(), width, height)
        .map_err(|error| Error::value(format!("the picture can not be encoded: {error}")))
}

fn encode(pixels: &[u8], width: u32, height: u32) -> Result<Bytes, png::EncodingError> {
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(pixels)?;
    writer.finish()?;
    Ok(Bytes::from(out))
}

/// Pixels that are drawn on; places are multiplied by `unit`.
struct Canvas {
    width: usize,
    height: usize,
    unit: f64,
    /// Red, green and blue of each, row by row.
    pixels: Vec<u8>,
    /// How much of each pixel the line covers that is being drawn; zero otherwise.
    mask: Vec<u8>,
}

impl Canvas {
    fn new(width: u32, height: u32, unit: f64) -> Canvas {
        let count = width as usize * height as usize;
        Canvas {
            width: width as usize,
            height: height as usize,
            unit,
            pixels: vec![255; count * 3],
            mask: vec![0; count],
        }
    }

    fn draw(&mut self, shape: &Shape) {
        match shape {
            Shape::Rectangle { area, fill } => self.rectangle(area, *fill),
            Shape::Line {
                through,
                width,
                colour,
            } => self.line(through, *width, *colour),
            Shape::Polygon {
                corners,
                fill,
                opacity,
            } => self.polygon(corners, *fill, *opacity),
            Shape::Dots { at, radius, fill } => {
                let radius = radius * self.unit;
                for place in at {
                    let at = self.scaled(*place);
                    self.stroke(at, at, radius);
                    self.paint(*fill, self.around(at, at, radius));
                }
            }
            Shape::Text(text) => self.text(text),
        }
    }

    fn scaled(&self, place: Place) -> Place {
        Place {
            x: place.x * self.unit,
            y: place.y * self.unit,
        }
    }

    /// Mixes a colour into a pixel, if there is one.
    fn mix(&mut self, x: i64, y: i64, colour: Colour, strength: f64) {
        let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y)) else {
            return;
        };
        if x < self.width && y < self.height {
            let at = (y * self.width + x) * 3;
            blend(&mut self.pixels[at..at + 3], colour, strength);
        }
    }

    fn rectangle(&mut self, area: &Area, fill: Colour) {
        let edge = |at: f64, most: usize| (at * self.unit).round().clamp(0.0, most as f64) as usize;
        let (left, right) = (edge(area.left, self.width), edge(area.right, self.width));
        let (top, bottom) = (edge(area.top, self.height), edge(area.bottom, self.height));
        for y in top..bottom {
            let row = y * self.width;
            for pixel in
                self.pixels[(row + left) * 3..(row + right.max(left)) * 3].chunks_exact_mut(3)
            {
                pixel.copy_from_slice(&[fill.0, fill.1, fill.2]);
            }
        }
    }

    /// All of a line at once, so that it is no darker where it crosses itself.
    fn line(&mut self, through: &[Place], width: f64, colour: Colour) {
        let radius = width * self.unit / 2.0;
        let mut touched: Option<Bounds> = None;
        for pair in through.windows(2) {
            let (from, to) = (self.scaled(pair[0]), self.scaled(pair[1]));
            self.stroke(from, to, radius);
            let around = self.around(from, to, radius);
            touched = Some(touched.map_or(around, |bounds| bounds.with(around)));
        }
        if let Some(touched) = touched {
            self.paint(colour, touched);
        }
    }

    /// The pixels that what has that distance from a line at most can cover.
    fn around(&self, from: Place, to: Place, radius: f64) -> Bounds {
        let reach = radius + 1.0;
        let clamp = |at: f64, most: usize| at.clamp(0.0, most as f64) as usize;
        Bounds {
            left: clamp((from.x.min(to.x) - reach).floor(), self.width),
            top: clamp((from.y.min(to.y) - reach).floor(), self.height),
            right: clamp((from.x.max(to.x) + reach).ceil(), self.width),
            bottom: clamp((from.y.max(to.y) + reach).ceil(), self.height),
        }
    }

    /// Covers, in the mask, what is not farther than `radius` from the line between two places.
    fn stroke(&mut self, from: Place, to: Place, radius: f64) {
        let bounds = self.around(from, to, radius);
        let reach = radius + 1.0;
        let (dx, dy) = (to.x - from.x, to.y - from.y);
        let squared = dx * dx + dy * dy;
        for row in bounds.top..bounds.bottom {
            let y = row as f64 + 0.5;
            let (mut left, mut right) = (bounds.left, bounds.right);
            // Of a steep line only the part near this row can cover it.
            if dy.abs() > 1.0 {
                let at = |y: f64| from.x + dx * ((y - from.y) / dy).clamp(0.0, 1.0);
                let (a, b) = (at(y - reach), at(y + reach));
                left = left.max((a.min(b) - reach).max(0.0) as usize);
                right = right.min((a.max(b) + reach).ceil().max(0.0) as usize);
            }
            for column in left..right {
                let x = column as f64 + 0.5;
                let along = match squared > 0.0 {
                    true => (((x - from.x) * dx + (y - from.y) * dy) / squared).clamp(0.0, 1.0),
                    false => 0.0,
                };
                let (px, py) = (x - from.x - along * dx, y - from.y - along * dy);
                let covered = (radius + 0.5 - (px * px + py * py).sqrt()).clamp(0.0, 1.0);
                let mask = &mut self.mask[row * self.width + column];
                *mask = (*mask).max((covered * 255.0) as u8);
            }
        }
    }

    /// Paints what the mask covers, and clears it.
    fn paint(&mut self, colour: Colour, bounds: Bounds) {
        for row in bounds.top..bounds.bottom {
            for at in row * self.width + bounds.left..row * self.width + bounds.right {
                let covered = std::mem::take(&mut self.mask[at]);
                if covered > 0 {
                    let strength = f64::from(covered) / 255.0;
                    blend(&mut self.pixels[at * 3..at * 3 + 3], colour, strength);
                }
            }
        }
    }

    fn polygon(&mut self, corners: &[Place], fill: Colour, opacity: f64) {
        let corners: Vec<Place> = corners.iter().map(|place| self.scaled(*place)).collect();
        let ends = corners.iter().cycle().skip(1);
        // Those that run along a row bound nothing.
        let mut edges: Vec<(Place, Place)> = corners
            .iter()
            .zip(ends)
            .map(|(a, b)| if a.y <= b.y { (*a, *b) } else { (*b, *a) })
            .filter(|(upper, lower)| upper.y < lower.y)
            .collect();
        edges.sort_unstable_by(|a, b| a.0.y.total_cmp(&b.0.y));
        let Some(top) = edges.first().map(|edge| edge.0.y) else {
            return;
        };
        let bottom = edges.iter().map(|edge| edge.1.y).fold(top, f64::max);
        let rows = top.clamp(0.0, self.height as f64) as usize
            ..bottom.ceil().clamp(0.0, self.height as f64) as usize;

        let mut coverage = vec![0.0_f32; self.width];
        let mut near: Vec<(Place, Place)> = Vec::new();
        let mut next = 0;
        let mut crossings: Vec<f64> = Vec::new();
        for row in rows {
            let below = row as f64 + 1.0;
            while next < edges.len() && edges[next].0.y < below {
                near.push(edges[next]);
                next += 1;
            }
            near.retain(|edge| edge.1.y > row as f64);
            coverage.fill(0.0);
            for strip in 0..STRIPS {
                let y = row as f64 + (strip as f64 + 0.5) / STRIPS as f64;
                let crossed = near
                    .iter()
                    .filter(|(upper, lower)| upper.y <= y && y < lower.y);
                crossings.clear();
                crossings.extend(crossed.map(|(upper, lower)| {
                    upper.x + (lower.x - upper.x) * ((y - upper.y) / (lower.y - upper.y))
                }));
                crossings.sort_unstable_by(f64::total_cmp);
                for pair in crossings.chunks_exact(2) {
                    cover(&mut coverage, pair[0], pair[1]);
                }
            }
            for (column, covered) in coverage.iter().enumerate() {
                if *covered > 0.0 {
                    let strength = f64::from(*covered) / STRIPS as f64 * opacity;
                    self.mix(column as i64, row as i64, fill, strength.min(opacity));
                }
            }
        }
    }

    fn text(&mut self, text: &Text) {
        let at = self.scaled(text.at);
        let size = text.size * self.unit;
        let width = text::width(&text.text, size);
        let shift = match text.anchor {
            Anchor::Start => 0.0,
            Anchor::Middle => width / 2.0,
            Anchor::End => width,
        };
        text::draw(&text.text, size, |x, y, strength| {
            let (x, y) = (f64::from(x) - shift, f64::from(y));
            let (x, y) = match text.upwards {
                true => (at.x + y, at.y - x),
                false => (at.x + x, at.y + y),
            };
            let (x, y) = (x.round() as i64, y.round() as i64);
            self.mix(x, y, text.colour, f64::from(strength));
        });
    }

    /// The picture, each pixel the mean of those that were drawn for it.
    fn coarser(&self) -> Vec<u8> {
        let finer = FINER as usize;
        let (width, height) = (self.width / finer, self.height / finer);
        let mut coarse = Vec::with_capacity(width * height * 3);
        for y in 0..height {
            for x in 0..width {
                for part in 0..3 {
                    let mut sum = 0_usize;
                    for row in y * finer..(y + 1) * finer {
                        for column in x * finer..(x + 1) * finer {
                            sum += usize::from(self.pixels[(row * self.width + column) * 3 + part]);
                        }
                    }
                    coarse.push(((sum + finer * finer / 2) / (finer * finer)) as u8);
                }
            }
        }
        coarse
    }
}

/// Pixels from `left` and `top` to before `right` and `bottom`.
#[derive(Clone, Copy)]
struct Bounds {
    left: usize,
    top: usize,
    right: usize,
    bottom: usize,
}

impl Bounds {
    fn with(self, other: Bounds) -> Bounds {
        Bounds {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }
}

fn blend(pixel: &mut [u8], colour: Colour, strength: f64) {
    for (part, new) in pixel.iter_mut().zip([colour.0, colour.1, colour.2]) {
        let old = f64::from(*part);
        *part = (old + (f64::from(new) - old) * strength).round() as u8;
    }
}

/// Adds to each pixel of a row how much of it lies between two places.
fn cover(row: &mut [f32], from: f64, to: f64) {
    let (from, to) = (from.max(0.0), to.min(row.len() as f64));
    if from >= to {
        return;
    }
    let last = (to.ceil() as usize).min(row.len());
    for (column, covered) in row.iter_mut().enumerate().take(last).skip(from as usize) {
        let (left, right) = (column as f64, column as f64 + 1.0);
        *covered += (to.min(right) - from.max(left)).max(0.0) as f32;
    }
}
