//! `Series`: what is drawn in a plot, and stays live.

use locum_guest::{Array, Error, Result, Value, object, ops};

use crate::colour::Colour;
use crate::numbers::{Points, numbers};
use crate::text::clean;

/// How a series is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    Line,
    Points,
    Both,
    Area,
    Bars,
    Steps,
}

impl Style {
    const NAMES: [(&str, Style); 6] = [
        ("line", Style::Line),
        ("points", Style::Points),
        ("both", Style::Both),
        ("area", Style::Area),
        ("bars", Style::Bars),
        ("steps", Style::Steps),
    ];

    pub(crate) fn read(name: &str) -> Result<Style> {
        let known = Style::NAMES.iter().find(|(known, _)| *known == name);
        known.map(|(_, style)| *style).ok_or_else(|| {
            let names = Style::NAMES.map(|(name, _)| name);
            let advice = match ops::closest(name, names) {
                Some(name) => format!("did you mean \"{name}\"?"),
                None => format!("there are {}", names.join(", ")),
            };
            Error::value(format!("style {name:?} is not known; {advice}"))
        })
    }

    pub(crate) fn name(self) -> &'static str {
        let known = Style::NAMES.iter().find(|(_, style)| *style == self);
        known.map_or("", |(name, _)| *name)
    }

    pub(crate) fn has_line(self) -> bool {
        matches!(self, Style::Line | Style::Both | Style::Area | Style::Steps)
    }

    pub(crate) fn has_points(self) -> bool {
        matches!(self, Style::Points | Style::Both)
    }

    /// Whether it stands on the line at zero.
    pub(crate) fn stands(self) -> bool {
        matches!(self, Style::Area | Style::Bars)
    }
}

/// Data that a plot shows. `plot`, `scatter`, `bar` and `histogram` of a plot make one.
pub struct Series {
    pub(crate) name: String,
    pub(crate) colour: Colour,
    pub(crate) width: f64,
    pub(crate) size: f64,
    pub(crate) style: Style,
    pub(crate) points: Points,
    /// Names of the places of bars, as many as points.
    pub(crate) labels: Option<Vec<String>>,
    /// The edges of a histogram's bins, one more than points.
    pub(crate) edges: Option<Vec<f64>>,
    pub(crate) is_removed: bool,
}

/// Data that a plot shows, with how it is drawn. It is live: the next picture of its plot shows it as it is then.
///
/// `plot`, `scatter`, `bar` and `histogram` of a `Plot` make one.
#[object]
impl Series {
    /// The name in the legend; empty: it is not in the legend.
    #[getter]
    fn name(&self) -> &str {
        &self.name
    }

    #[setter]
    fn set_name(&mut self, name: &str) {
        self.name = clean(name);
    }

    /// The colour, as `#rrggbb`. To set it, a name (`"red"`, `"r"`), `#rgb`, `#rrggbb` or [red, green, blue] will do.
    #[getter]
    fn color(&self) -> String {
        self.colour.hex()
    }

    #[setter]
    fn set_color(&mut self, color: Value) -> Result<()> {
        self.colour = Colour::read(&color)?;
        Ok(())
    }

    /// The width of its line, in pixels.
    #[getter]
    fn width(&self) -> f64 {
        self.width
    }

    #[setter]
    fn set_width(&mut self, width: f64) -> Result<()> {
        self.width = thickness(width, "width")?;
        Ok(())
    }

    /// The diameter of its points, in pixels.
    #[getter]
    fn size(&self) -> f64 {
        self.size
    }

    #[setter]
    fn set_size(&mut self, size: f64) -> Result<()> {
        self.size = thickness(size, "size")?;
        Ok(())
    }

    /// How it is drawn: `line`, `points`, `both`, `area` (down to zero), `bars` or `steps`.
    #[getter]
    fn style(&self) -> &'static str {
        self.style.name()
    }

    #[setter]
    fn set_style(&mut self, style: &str) -> Result<()> {
        self.style = Style::read(style)?;
        Ok(())
    }

    /// The x of its points: an array of f64.
    #[getter]
    fn x(&self) -> Array<f64> {
        Array::from(self.points.x.as_slice())
    }

    /// The y of its points: an array of f64.
    #[getter]
    fn y(&self) -> Array<f64> {
        Array::from(self.points.y.as_slice())
    }

    /// Adds points at the end; returns how many there are now.
    ///
    /// `append(y)` adds a number or several, at the next x: one more than the last. `append(x, y)` adds points with their
    /// x, numbers or several of each. With `keep`, only so many of the last points stay, as on a recorder's paper.
    ///
    /// Errors: ValueError when x and y are not equally many, and for a bar chart or histogram, which takes `set_data`.
    fn append(&mut self, data: Value, y: Option<Value>, keep: Option<usize>) -> Result<usize> {
        if self.labels.is_some() || self.edges.is_some() {
            return Err(Error::value(
                "nothing can be appended to bars that have names or edges; use set_data",
            ));
        }
        match y {
            Some(y) => {
                let more = Points::both(numbers(data, "x")?, numbers(y, "y")?)?;
                self.points.x.extend(more.x);
                self.points.y.extend(more.y);
                self.points.counted = false;
            }
            None => {
                let next = self.points.x.last().map_or(0.0, |last| last + 1.0);
                let more = Points::counting(numbers(data, "y")?, next);
                self.points.x.extend(more.x);
                self.points.y.extend(more.y);
            }
        }
        if let Some(surplus) = keep.and_then(|keep| self.points.y.len().checked_sub(keep)) {
            self.points.x.drain(..surplus);
            self.points.y.drain(..surplus);
        }
        Ok(self.points.y.len())
    }

    /// Replaces its points: y values, or x and y, or a list of pairs [x, y].
    ///
    /// Bars that have names keep them: give as many values. A histogram keeps its edges: give as many counts.
    fn set_data(&mut self, data: Value, y: Option<Value>) -> Result<()> {
        let points = Points::read(data, y)?;
        let fixed = self.labels.is_some() || self.edges.is_some();
        if fixed && points.y.len() != self.points.y.len() {
            return Err(Error::value(format!(
                "there are {} bars, got {} values: give as many, or make another series",
                self.points.y.len(),
                points.y.len()
            )));
        }
        match fixed {
            true => self.points.y = points.y,
            false => self.points = points,
        }
        Ok(())
    }

    /// Takes all of its points out.
    fn clear(&mut self) {
        self.points.x.clear();
        self.points.y.clear();
        (self.labels, self.edges) = (None, None);
    }

    /// Takes the series out of its plot.
    fn remove(&mut self) {
        self.is_removed = true;
    }

    /// How many points it has.
    fn __len__(&self) -> usize {
        self.points.y.len()
    }

    /// `Series "load": line, 100 points`.
    fn __str__(&self) -> String {
        format!("Series {}", self.summary())
    }
}

impl Series {
    pub(crate) fn summary(&self) -> String {
        let count = self.points.y.len();
        let plural = if count == 1 { "" } else { "s" };
        let name = match self.name.as_str() {
            "" => String::new(),
            name => format!("{name:?}: "),
        };
        format!("{name}{}, {count} point{plural}", self.style.name())
    }
}

/// A width or a size in pixels, when it is one.
pub(crate) fn thickness(pixels: f64, what: &str) -> Result<f64> {
    match (0.1..=200.0).contains(&pixels) {
        true => Ok(pixels),
        false => Err(Error::value(format!(
            "{what} is {pixels}; expected 0.1 to 200 pixels"
        ))),
    }
}
