//! What a picture consists of, before it is written as anything. Places are in pixels from the upper left corner.

use crate::colour::Colour;

/// A place in the picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Place {
    pub(crate) x: f64,
    pub(crate) y: f64,
}

/// A rectangle in the picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Area {
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) right: f64,
    pub(crate) bottom: f64,
}

impl Area {
    pub(crate) fn width(&self) -> f64 {
        self.right - self.left
    }

    pub(crate) fn height(&self) -> f64 {
        self.bottom - self.top
    }

    /// The same with so much on each side.
    pub(crate) fn grown(&self, by: f64) -> Area {
        Area {
            left: self.left - by,
            top: self.top - by,
            right: self.right + by,
            bottom: self.bottom + by,
        }
    }

    pub(crate) fn contains(&self, place: Place) -> bool {
        (self.left..=self.right).contains(&place.x) && (self.top..=self.bottom).contains(&place.y)
    }
}

/// Which part of a text is at its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// One line of text. Its letters stand on the line through its place.
#[derive(Clone, Debug)]
pub(crate) struct Text {
    pub(crate) at: Place,
    pub(crate) text: String,
    /// Pixels per em.
    pub(crate) size: f64,
    pub(crate) colour: Colour,
    pub(crate) anchor: Anchor,
    /// Whether it runs upwards.
    pub(crate) upwards: bool,
}

/// One thing to draw.
#[derive(Clone, Debug)]
pub(crate) enum Shape {
    Rectangle {
        area: Area,
        fill: Colour,
    },
    /// A line through places, with round ends and corners.
    Line {
        through: Vec<Place>,
        width: f64,
        colour: Colour,
    },
    /// What lies inside of a line that returns to its beginning; `opacity` is from 0 to 1.
    Polygon {
        corners: Vec<Place>,
        fill: Colour,
        opacity: f64,
    },
    /// Discs of one size.
    Dots {
        at: Vec<Place>,
        radius: f64,
        fill: Colour,
    },
    Text(Text),
}

/// A whole picture, its shapes from the lowest to the highest.
#[derive(Debug)]
pub(crate) struct Scene {
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// What it shows, for those who do not see it.
    pub(crate) title: String,
    pub(crate) shapes: Vec<Shape>,
}

impl Scene {
    pub(crate) fn line(&mut self, from: Place, to: Place, width: f64, colour: Colour) {
        let through = vec![from, to];
        self.shapes.push(Shape::Line {
            through,
            width,
            colour,
        });
    }

    /// A rectangle on whole pixels: a line that is sharp.
    pub(crate) fn hairline(&mut self, area: Area, fill: Colour) {
        let area = Area {
            left: area.left.round(),
            top: area.top.round(),
            right: area.right.round(),
            bottom: area.bottom.round(),
        };
        self.shapes.push(Shape::Rectangle { area, fill });
    }
}
