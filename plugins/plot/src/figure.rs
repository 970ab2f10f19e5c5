//! `Plot`: the object, and how its picture comes about.

use locum_guest::fs::DirectoryProxy;
use locum_guest::{Bytes, Error, Result, Shared, Value, object};

use crate::axis::Axis;
use crate::bins;
use crate::colour::Colour;
use crate::legend::Position;
use crate::numbers::{Points, labels, numbers};
use crate::scene::Scene;
use crate::series::{Series, Style, thickness};
use crate::text::clean;
use crate::{picture, raster, save, svg};

/// The widths and heights that a plot may have, in pixels.
const SIDES: std::ops::RangeInclusive<u32> = 100..=8000;

/// A picture of series on two axes.
pub struct Plot {
    pub(crate) title: String,
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) x: Axis,
    pub(crate) y: Axis,
    pub(crate) has_grid: bool,
    pub(crate) legend: Position,
    series: Vec<Shared<Series>>,
    /// How many colours were given out.
    colours: usize,
}

/// A plot that stays: add series to it, feed them data, and take its picture as SVG or PNG whenever you like.
#[object]
impl Plot {
    /// An empty plot.
    ///
    /// - `title`: what stands above it
    /// - `width`, `height`: its size in pixels, 100 to 8000
    /// - `x_label`, `y_label`: what the axes show
    /// - `x_log`, `y_log`: whether an axis is logarithmic; what is not positive is then a gap
    /// - `grid`: whether there are lines behind the data
    /// - `legend`: where the names are: `auto` (a corner where they cover no data, or at the right; not in a small picture where they have no room), `top right`,
    ///   `top left`, `bottom right`, `bottom left`, `right` (beside the data) or `none`
    #[constructor]
    #[allow(clippy::too_many_arguments)] // they are read by name
    pub(crate) fn new(
        title: Option<String>,
        #[arg(default = 800)] width: u32,
        #[arg(default = 500)] height: u32,
        x_label: Option<String>,
        y_label: Option<String>,
        #[arg(default = false)] x_log: bool,
        #[arg(default = false)] y_log: bool,
        #[arg(default = true)] grid: bool,
        #[arg(default = "auto")] legend: &str,
    ) -> Result<Plot> {
        let axis = |label: Option<String>, log| Axis {
            label: clean(&label.unwrap_or_default()),
            log,
            ..Axis::default()
        };
        Ok(Plot {
            title: clean(&title.unwrap_or_default()),
            width: side(width, "width")?,
            height: side(height, "height")?,
            x: axis(x_label, x_log),
            y: axis(y_label, y_log),
            has_grid: grid,
            legend: Position::read(legend)?,
            series: Vec::new(),
            colours: 0,
        })
    }

    /// Adds a line, and returns it as a `Series`, to which more can be appended.
    ///
    /// - `data`: the y values; with `y`, the x values; or pairs [x, y]. An array of any numeric type (the fast way), a list,
    ///   or an object that has either as its value. Null, NaN and infinity make a gap.
    /// - `y`: the y values, as many as there are x
    /// - `name`: its name in the legend; without one it is not in there
    /// - `color`, or `pen`: a name (`"red"`, `"r"`), `"#rrggbb"`, or [red, green, blue]; else the next of a cycle
    /// - `width`: of the line, in pixels
    /// - `style`: `line`, `points`, `both`, `area` (down to zero), `bars` or `steps`
    /// - `size`: the diameter of points, in pixels
    ///
    /// Errors: ValueError when x and y are not equally many, TypeError for what is no number, with its place.
    #[allow(clippy::too_many_arguments)] // they are read by name
    pub(crate) fn plot(
        &mut self,
        data: Value,
        y: Option<Value>,
        name: Option<String>,
        color: Option<Value>,
        pen: Option<Value>,
        #[arg(default = 2.0)] width: f64,
        #[arg(default = "line")] style: &str,
        #[arg(default = 6.0)] size: f64,
    ) -> Result<Shared<Series>> {
        let style = Style::read(style)?;
        let points = Points::read(data, y)?;
        let series = self.prepared(points, style, name, color.or(pen))?;
        self.add(Series {
            width: thickness(width, "width")?,
            size: thickness(size, "size")?,
            ..series
        })
    }

    /// Adds points without a line between; see `plot`.
    fn scatter(
        &mut self,
        data: Value,
        y: Option<Value>,
        name: Option<String>,
        color: Option<Value>,
        #[arg(default = 6.0)] size: f64,
    ) -> Result<Shared<Series>> {
        let points = Points::read(data, y)?;
        let series = self.prepared(points, Style::Points, name, color)?;
        self.add(Series {
            size: thickness(size, "size")?,
            ..series
        })
    }

    /// Adds bars.
    ///
    /// - `data`: how high they are; with `heights`, where they are: numbers, or names, which are then written along the x
    ///   axis
    /// - `heights`: as many numbers as there are places
    /// - `name`, `color`: see `plot`
    ///
    /// Several series of bars stand beside each other; those with the same names share places.
    fn bar(
        &mut self,
        data: Value,
        heights: Option<Value>,
        name: Option<String>,
        color: Option<Value>,
    ) -> Result<Shared<Series>> {
        let Some(labels) = labels(&data)? else {
            let points = Points::read(data, heights)?;
            let series = self.prepared(points, Style::Bars, name, color)?;
            return self.add(series);
        };
        let Some(heights) = heights else {
            return Err(Error::type_error(
                "the names of bars need their heights: bar([\"a\", \"b\"], [1, 2])",
            ));
        };
        let points = Points::counting(numbers(heights, "heights")?, 0.0);
        if points.y.len() != labels.len() {
            return Err(Error::value(format!(
                "there are {} names and {} heights: a bar needs one of each",
                labels.len(),
                points.y.len()
            )));
        }
        let series = self.prepared(points, Style::Bars, name, color)?;
        self.add(Series {
            labels: Some(labels),
            ..series
        })
    }

    /// Adds a histogram: how many values lie in each of some ranges, which touch each other.
    ///
    /// - `data`: numbers, in any order; those that are not finite are left out
    /// - `bins`: how many ranges, or a list of their edges; else it is chosen by how many values there are and how they
    ///   spread, as NumPy's `auto` does
    /// - `density`: whether the areas of all bars add up to 1
    /// - `name`, `color`: see `plot`
    ///
    /// The `y` of the series are the counts, its `x` the middles of the ranges.
    fn histogram(
        &mut self,
        data: Value,
        bins: Option<Value>,
        name: Option<String>,
        color: Option<Value>,
        #[arg(default = false)] density: bool,
    ) -> Result<Shared<Series>> {
        let counted = bins::count(data, bins, density)?;
        let middles = counted
            .edges
            .windows(2)
            .map(|pair| pair[0] / 2.0 + pair[1] / 2.0);
        let points = Points::both(middles.collect(), counted.counts)?;
        let series = self.prepared(points, Style::Bars, name, color)?;
        self.add(Series {
            edges: Some(counted.edges),
            ..series
        })
    }

    /// What stands above it.
    #[getter]
    fn title(&self) -> &str {
        &self.title
    }

    #[setter]
    fn set_title(&mut self, title: Option<String>) {
        self.title = clean(&title.unwrap_or_default());
    }

    /// Its width in pixels.
    #[getter]
    fn width(&self) -> u32 {
        self.width
    }

    #[setter]
    fn set_width(&mut self, width: u32) -> Result<()> {
        self.width = side(width, "width")?;
        Ok(())
    }

    /// Its height in pixels.
    #[getter]
    fn height(&self) -> u32 {
        self.height
    }

    #[setter]
    fn set_height(&mut self, height: u32) -> Result<()> {
        self.height = side(height, "height")?;
        Ok(())
    }

    /// What the x axis shows.
    #[getter]
    fn x_label(&self) -> &str {
        &self.x.label
    }

    #[setter]
    fn set_x_label(&mut self, label: Option<String>) {
        self.x.label = clean(&label.unwrap_or_default());
    }

    /// What the y axis shows.
    #[getter]
    fn y_label(&self) -> &str {
        &self.y.label
    }

    #[setter]
    fn set_y_label(&mut self, label: Option<String>) {
        self.y.label = clean(&label.unwrap_or_default());
    }

    /// The ends of the x axis, as [low, high]. An end that is null, and both when it is set to null, follow the data.
    #[getter]
    fn x_range(&self) -> (Option<f64>, Option<f64>) {
        self.x.range
    }

    #[setter]
    fn set_x_range(&mut self, range: Option<(Option<f64>, Option<f64>)>) -> Result<()> {
        let range = range.unwrap_or_default();
        change(&mut self.x, "x", |axis| axis.range = range)
    }

    /// The ends of the y axis, as [low, high]. An end that is null, and both when it is set to null, follow the data.
    #[getter]
    fn y_range(&self) -> (Option<f64>, Option<f64>) {
        self.y.range
    }

    #[setter]
    fn set_y_range(&mut self, range: Option<(Option<f64>, Option<f64>)>) -> Result<()> {
        let range = range.unwrap_or_default();
        change(&mut self.y, "y", |axis| axis.range = range)
    }

    /// Whether the x axis is logarithmic.
    #[getter]
    fn x_log(&self) -> bool {
        self.x.log
    }

    #[setter]
    fn set_x_log(&mut self, log: bool) -> Result<()> {
        change(&mut self.x, "x", |axis| axis.log = log)
    }

    /// Whether the y axis is logarithmic.
    #[getter]
    fn y_log(&self) -> bool {
        self.y.log
    }

    #[setter]
    fn set_y_log(&mut self, log: bool) -> Result<()> {
        change(&mut self.y, "y", |axis| axis.log = log)
    }

    /// Whether there are lines behind the data.
    #[getter]
    fn grid(&self) -> bool {
        self.has_grid
    }

    #[setter]
    fn set_grid(&mut self, grid: bool) {
        self.has_grid = grid;
    }

    /// Where the names of the series are: `auto`, `top right`, `top left`, `bottom right`, `bottom left`, `right` (beside the
    /// data) or `none`.
    #[getter]
    fn legend(&self) -> &'static str {
        self.legend.name()
    }

    #[setter]
    fn set_legend(&mut self, legend: &str) -> Result<()> {
        self.legend = Position::read(legend)?;
        Ok(())
    }

    /// The series in it, in order.
    #[getter]
    fn series(&mut self) -> Result<Vec<Shared<Series>>> {
        self.forget_removed()?;
        Ok(self.series.clone())
    }

    /// Takes all series out; titles, labels and ranges stay.
    fn clear(&mut self) {
        self.series.clear();
        self.colours = 0;
    }

    /// The picture as an SVG document.
    pub(crate) fn svg(&mut self) -> Result<String> {
        Ok(svg::write(&self.scene()?))
    }

    /// The picture as the bytes of a PNG file.
    ///
    /// - `scale`: how many times larger than `width` and `height` it is, for fine screens and print
    pub(crate) fn png(&mut self, #[arg(default = 1.0)] scale: f64) -> Result<Bytes> {
        raster::png(&self.scene()?, scale)
    }

    /// Writes the picture into a file: SVG or PNG, as its name ends.
    ///
    /// - `path`: leads into a directory that the plugin was granted, such as `out/load.png`; with `directory`, it is
    ///   relative to that
    /// - `directory`: a directory object of the host's
    /// - `scale`: of a PNG picture; see `png`
    ///
    /// Errors: ValueError for another ending, OSError where it can not be written, with the grant that would help.
    fn save(
        &mut self,
        path: &str,
        directory: Option<DirectoryProxy>,
        #[arg(default = 1.0)] scale: f64,
    ) -> Result<()> {
        let ending = path
            .rsplit_once('.')
            .map(|(_, ending)| ending.to_ascii_lowercase());
        let bytes = match ending.as_deref() {
            Some("svg") => Bytes::from(self.svg()?.into_bytes()),
            Some("png") => self.png(scale)?,
            _ => {
                return Err(Error::value(format!(
                    "{path:?} does not say what to write; let it end in .svg or .png"
                )));
            }
        };
        save::write(path, bytes, directory)
    }

    /// How many series it has.
    fn __len__(&mut self) -> Result<usize> {
        self.forget_removed()?;
        Ok(self.series.len())
    }

    /// `Plot "Load", 800 x 500: "cpu": line, 100 points`.
    fn __str__(&mut self) -> Result<String> {
        self.forget_removed()?;
        let title = match self.title.as_str() {
            "" => String::new(),
            title => format!(" {title:?}"),
        };
        let series = match self.series.as_slice() {
            [] => vec!["empty".to_owned()],
            series => series
                .iter()
                .map(|series| Ok(series.borrow()?.summary()))
                .collect::<Result<_>>()?,
        };
        Ok(format!(
            "Plot{title}, {} x {}: {}",
            self.width,
            self.height,
            series.join("; ")
        ))
    }
}

impl Plot {
    /// A series with the next colour, unless it is given one.
    fn prepared(
        &self,
        points: Points,
        style: Style,
        name: Option<String>,
        colour: Option<Value>,
    ) -> Result<Series> {
        let colour = match colour {
            None | Some(Value::Null) => Colour::of_cycle(self.colours),
            Some(colour) => Colour::read(&colour)?,
        };
        Ok(Series {
            name: clean(&name.unwrap_or_default()),
            colour,
            width: 2.0,
            size: 6.0,
            style,
            points,
            labels: None,
            edges: None,
            is_removed: false,
        })
    }

    fn add(&mut self, series: Series) -> Result<Shared<Series>> {
        if series.colour == Colour::of_cycle(self.colours) {
            self.colours += 1;
        }
        let series = Shared::new(series);
        self.series.push(series.clone());
        Ok(series)
    }

    fn forget_removed(&mut self) -> Result<()> {
        let mut kept = Vec::with_capacity(self.series.len());
        for series in self.series.drain(..) {
            // One that is in use further up this chain of calls has not been removed in it.
            if !series.borrow().is_ok_and(|series| series.is_removed) {
                kept.push(series);
            }
        }
        self.series = kept;
        Ok(())
    }

    pub(crate) fn scene(&mut self) -> Result<Scene> {
        self.forget_removed()?;
        let series = self
            .series
            .iter()
            .map(Shared::borrow)
            .collect::<Result<Vec<_>>>()?;
        Ok(picture::scene(self, &series))
    }
}

/// Changes an axis, unless that makes it one that can not be drawn.
fn change(axis: &mut Axis, name: &str, change: impl FnOnce(&mut Axis)) -> Result<()> {
    let mut changed = axis.clone();
    change(&mut changed);
    changed.check(name)?;
    *axis = changed;
    Ok(())
}

fn side(pixels: u32, what: &str) -> Result<u32> {
    match SIDES.contains(&pixels) {
        true => Ok(pixels),
        false => Err(Error::value(format!(
            "{what} is {pixels}; expected {} to {} pixels",
            SIDES.start(),
            SIDES.end()
        ))),
    }
}
