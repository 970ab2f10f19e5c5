//! The legend: where it has room, and what is in it.

use locum_guest::{Error, Result, ops};

use crate::clip;
use crate::colour::{Colour, FRAME, GRID, TEXT, WHITE};
use crate::scene::{Anchor, Area, Place, Scene, Shape, Text};
use crate::series::Series;
use crate::text::{self, CAPITALS};

const SIZE: f64 = 12.0;
const ROW: f64 = 19.0;
const PADDING: f64 = 9.0;
/// The length of the line, or the width of the box, that stands for a series.
const SAMPLE: f64 = 22.0;
/// The distance from the edge of the area.
const INSET: f64 = 10.0;

/// Where the legend is put.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Position {
    /// In the first corner where it covers no data, or else at the right of the area, if that has the room.
    #[default]
    Auto,
    None,
    Corner(Corner),
    Right,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Corner {
    TopRight,
    TopLeft,
    BottomRight,
    BottomLeft,
}

const CORNERS: [Corner; 4] = [
    Corner::TopRight,
    Corner::TopLeft,
    Corner::BottomRight,
    Corner::BottomLeft,
];

impl Position {
    const NAMES: [(&str, Position); 7] = [
        ("auto", Position::Auto),
        ("none", Position::None),
        ("top right", Position::Corner(Corner::TopRight)),
        ("top left", Position::Corner(Corner::TopLeft)),
        ("bottom right", Position::Corner(Corner::BottomRight)),
        ("bottom left", Position::Corner(Corner::BottomLeft)),
        ("right", Position::Right),
    ];

    pub(crate) fn read(name: &str) -> Result<Position> {
        let known = Position::NAMES.iter().find(|(known, _)| *known == name);
        known.map(|(_, position)| *position).ok_or_else(|| {
            let names = Position::NAMES.map(|(name, _)| name);
            let advice = match ops::closest(name, names) {
                Some(name) => format!("did you mean \"{name}\"?"),
                None => format!(
                    "there are {}",
                    names.map(|name| format!("\"{name}\"")).join(", ")
                ),
            };
            Error::value(format!("a legend has no place {name:?}; {advice}"))
        })
    }

    pub(crate) fn name(self) -> &'static str {
        let known = Position::NAMES
            .iter()
            .find(|(_, position)| *position == self);
        known.map_or("", |(name, _)| *name)
    }
}

/// One line of a legend.
struct Row {
    name: String,
    colour: Colour,
    has_line: bool,
    has_points: bool,
    width: f64,
    size: f64,
}

/// A legend that is to be put somewhere.
pub(crate) struct Legend {
    rows: Vec<Row>,
    width: f64,
    height: f64,
}

impl Legend {
    /// Of the series that have names; `None` when there are none. It is no wider than `most`, and no higher than `high`.
    pub(crate) fn of<'a>(
        series: impl Iterator<Item = &'a Series>,
        most: f64,
        high: f64,
    ) -> Option<Legend> {
        let room = (most - SAMPLE - 3.0 * PADDING).max(30.0);
        let mut rows: Vec<Row> = series
            .filter(|series| !series.name.is_empty())
            .map(|series| Row {
                name: text::shortened(&series.name, SIZE, room),
                colour: series.colour,
                has_line: series.style.has_line(),
                has_points: series.style.has_points(),
                width: series.width,
                size: series.size,
            })
            .collect();
        let fit = ((high - 2.0 * PADDING) / ROW).max(1.0) as usize;
        if rows.len() > fit {
            let left_out = rows.len() - fit + 1;
            rows.truncate(fit - 1);
            rows.push(Row {
                name: format!("… {left_out} more"),
                colour: WHITE,
                has_line: false,
                has_points: true,
                width: 0.0,
                size: 0.0,
            });
        }
        let widest = rows
            .iter()
            .map(|row| text::width(&row.name, SIZE))
            .fold(0.0, f64::max);
        (!rows.is_empty()).then(|| Legend {
            width: (widest + SAMPLE + 3.0 * PADDING).ceil(),
            height: rows.len() as f64 * ROW + 2.0 * PADDING - 5.0,
            rows,
        })
    }

    /// How much of the picture's width it needs at the right of the area.
    pub(crate) fn aside(&self) -> f64 {
        self.width + INSET
    }

    pub(crate) fn in_corner(&self, corner: Corner, area: &Area) -> Area {
        let left = match corner {
            Corner::TopLeft | Corner::BottomLeft => area.left + INSET,
            Corner::TopRight | Corner::BottomRight => area.right - INSET - self.width,
        };
        let top = match corner {
            Corner::TopLeft | Corner::TopRight => area.top + INSET,
            Corner::BottomLeft | Corner::BottomRight => area.bottom - INSET - self.height,
        };
        self.at(left, top)
    }

    pub(crate) fn at_right(&self, area: &Area) -> Area {
        self.at(area.right + INSET, area.top)
    }

    fn at(&self, left: f64, top: f64) -> Area {
        Area {
            left,
            top,
            right: left + self.width,
            bottom: top + self.height,
        }
    }

    /// The first corner of the area where it covers none of the shapes.
    pub(crate) fn free_corner(&self, area: &Area, shapes: &[Shape]) -> Option<Area> {
        CORNERS
            .into_iter()
            .map(|corner| self.in_corner(corner, area))
            .filter(|place| {
                area.contains(Place {
                    x: place.left,
                    y: place.top,
                })
            })
            .find(|place| shapes.iter().all(|shape| !covers(&place.grown(5.0), shape)))
    }

    pub(crate) fn draw(&self, place: &Area, is_framed: bool, scene: &mut Scene) {
        if is_framed {
            scene.hairline(place.grown(1.0), GRID);
            scene.hairline(*place, WHITE);
        }
        for (index, row) in self.rows.iter().enumerate() {
            let middle = place.top + PADDING - 2.5 + (index as f64 + 0.5) * ROW;
            let left = place.left + PADDING;
            let at = |x: f64| Place { x, y: middle };
            if row.has_line {
                scene.line(
                    at(left + 1.0),
                    at(left + SAMPLE - 1.0),
                    row.width.min(8.0),
                    row.colour,
                );
            }
            if row.has_points {
                scene.shapes.push(Shape::Dots {
                    at: vec![at(left + SAMPLE / 2.0)],
                    radius: (row.size / 2.0).clamp(1.5, 6.0),
                    fill: row.colour,
                });
            }
            if !row.has_line && !row.has_points {
                let area = Area {
                    left: left + 4.0,
                    right: left + SAMPLE - 4.0,
                    top: middle - 5.0,
                    bottom: middle + 5.0,
                };
                scene.hairline(area, row.colour);
            }
            scene.shapes.push(Shape::Text(Text {
                at: Place {
                    x: left + SAMPLE + PADDING,
                    y: middle + SIZE * CAPITALS / 2.0,
                },
                text: row.name.clone(),
                size: SIZE,
                colour: if row.width > 0.0 { TEXT } else { FRAME },
                anchor: Anchor::Start,
                upwards: false,
            }));
        }
    }
}

/// Whether a shape has something inside of a place.
fn covers(place: &Area, shape: &Shape) -> bool {
    match shape {
        Shape::Rectangle { area, .. } => {
            area.left < place.right
                && place.left < area.right
                && area.top < place.bottom
                && place.top < area.bottom
        }
        Shape::Line { through, .. } => through
            .windows(2)
            .any(|pair| clip::segment(pair[0], pair[1], place).is_some()),
        Shape::Polygon { corners, .. } => !clip::polygon(corners.clone(), place).is_empty(),
        Shape::Dots { at, radius, .. } => {
            let place = place.grown(*radius);
            at.iter().any(|dot| place.contains(*dot))
        }
        Shape::Text(_) => false,
    }
}
