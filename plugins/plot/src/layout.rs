//! How a picture is divided: title, axes with their numbers and labels, and the area where data is drawn.

use crate::axis::Scale;
use crate::colour::{FAINT_TEXT, FINE_GRID, FRAME, GRID, TEXT};
use crate::scene::{Anchor, Area, Place, Scene, Shape, Text};
use crate::text::{self, CAPITALS};
use crate::ticks::{self, Tick};

/// Sizes of text, in pixels per em.
const TITLE: f64 = 17.0;
const LABEL: f64 = 13.0;
const NUMBER: f64 = 12.0;
/// The space at each edge of the picture.
const EDGE: f64 = 14.0;
/// The space between an axis and its numbers, and the length of its marks.
const GAP: f64 = 8.0;
const MARK: f64 = 4.0;
/// The longest name of a bar, in pixels.
const LONGEST_NAME: f64 = 150.0;

/// What is written around the data.
pub(crate) struct Frame<'a> {
    pub(crate) width: f64,
    pub(crate) height: f64,
    pub(crate) title: &'a str,
    pub(crate) x_label: &'a str,
    pub(crate) y_label: &'a str,
    pub(crate) x: Scale,
    pub(crate) y: Scale,
    /// What the places 0, 1 and so on of the x axis are called, if they have names.
    pub(crate) names: &'a [String],
    pub(crate) has_grid: bool,
    /// What is kept free at the right, for a legend.
    pub(crate) aside: f64,
}

/// Where everything goes.
pub(crate) struct Layout {
    /// Where data is drawn.
    pub(crate) area: Area,
    pub(crate) x: Scale,
    pub(crate) y: Scale,
    title: Vec<String>,
    x_ticks: Vec<Tick>,
    y_ticks: Vec<Tick>,
    /// Whether the names along the x axis run upwards.
    is_upright: bool,
}

impl Layout {
    pub(crate) fn new(frame: &Frame<'_>) -> Layout {
        let title = text::wrapped(frame.title, TITLE, frame.width - 2.0 * EDGE, 3);
        let mut top = EDGE;
        if !frame.title.is_empty() {
            top += title.len() as f64 * TITLE * 1.25 + 8.0;
        }
        let label = |text: &str| if text.is_empty() { 0.0 } else { LABEL + 8.0 };
        let below = EDGE + label(frame.x_label) + GAP;

        let mut area = Area {
            left: 0.0,
            top,
            right: frame.width - EDGE - frame.aside,
            bottom: frame.height - below - NUMBER,
        };
        let y_ticks = up(&frame.y, area.height());
        let widest = widest(&y_ticks).min(frame.width / 3.0);
        area.left = (EDGE + label(frame.y_label) + widest + GAP).round();

        let (mut x_ticks, mut is_upright) = (Vec::new(), false);
        if frame.names.is_empty() {
            x_ticks = along(&frame.x, area.width());
            // The last number may reach beyond the end of the axis.
            if let Some(last) = x_ticks.last() {
                let end =
                    frame.x.part(last.at) * area.width() + text::width(&last.label, NUMBER) / 2.0;
                area.right -= (end - area.width() - EDGE + 4.0).max(0.0);
            }
        } else {
            (x_ticks, is_upright) = named(frame, area.width(), x_ticks);
            if is_upright {
                area.bottom -= widest_of(&x_ticks) - NUMBER;
            }
        }
        area.right = area.right.round();
        area.bottom = area.bottom.round().max(area.top + 20.0);
        let y_ticks = match is_upright {
            true => up(&frame.y, area.height()),
            false => y_ticks,
        };
        Layout {
            area,
            x: frame.x,
            y: frame.y,
            title,
            x_ticks,
            y_ticks,
            is_upright,
        }
    }

    /// Where a point lies in the picture; not a number where it can not be shown.
    pub(crate) fn place(&self, x: f64, y: f64) -> Place {
        Place {
            x: self.area.left + self.x.part(x) * self.area.width(),
            y: self.area.bottom - self.y.part(y) * self.area.height(),
        }
    }

    /// What lies behind the data: the grid.
    pub(crate) fn draw_behind(&self, frame: &Frame<'_>, scene: &mut Scene) {
        if !frame.has_grid {
            return;
        }
        let finer = |scale: &Scale| match scale.log {
            true => ticks::between_powers(scale.low, scale.high),
            false => Vec::new(),
        };
        for (at, colour) in finer(&self.y)
            .into_iter()
            .map(|at| (at, FINE_GRID))
            .chain(self.y_ticks.iter().map(|tick| (tick.at, GRID)))
        {
            let y = self.area.bottom - self.y.part(at) * self.area.height();
            let (left, right) = (self.area.left, self.area.right);
            scene.hairline(
                Area {
                    left,
                    right,
                    top: y - 0.5,
                    bottom: y + 0.5,
                },
                colour,
            );
        }
        if !frame.names.is_empty() {
            return;
        }
        for (at, colour) in finer(&self.x)
            .into_iter()
            .map(|at| (at, FINE_GRID))
            .chain(self.x_ticks.iter().map(|tick| (tick.at, GRID)))
        {
            let x = self.area.left + self.x.part(at) * self.area.width();
            let (top, bottom) = (self.area.top, self.area.bottom);
            scene.hairline(
                Area {
                    left: x - 0.5,
                    right: x + 0.5,
                    top,
                    bottom,
                },
                colour,
            );
        }
    }

    /// What lies before it: axes, numbers, labels and the title.
    pub(crate) fn draw_before(&self, frame: &Frame<'_>, scene: &mut Scene) {
        let Area {
            left,
            top,
            right,
            bottom,
        } = self.area;
        scene.hairline(
            Area {
                left: left - 1.0,
                top,
                right: left,
                bottom: bottom + 1.0,
            },
            FRAME,
        );
        scene.hairline(
            Area {
                left: left - 1.0,
                top: bottom,
                right,
                bottom: bottom + 1.0,
            },
            FRAME,
        );
        for tick in &self.y_ticks {
            let y = bottom - self.y.part(tick.at) * self.area.height();
            let mark = Area {
                left: left - 1.0 - MARK,
                right: left,
                top: y - 0.5,
                bottom: y + 0.5,
            };
            scene.hairline(mark, FRAME);
            let at = Place {
                x: left - GAP,
                y: y + NUMBER * CAPITALS / 2.0,
            };
            let label = text::shortened(&tick.label, NUMBER, frame.width / 3.0);
            write(scene, at, label, NUMBER, Anchor::End);
        }
        for tick in &self.x_ticks {
            let x = left + self.x.part(tick.at) * self.area.width();
            if frame.names.is_empty() {
                let mark = Area {
                    left: x - 0.5,
                    right: x + 0.5,
                    top: bottom,
                    bottom: bottom + 1.0 + MARK,
                };
                scene.hairline(mark, FRAME);
            }
            if self.is_upright {
                let at = Place {
                    x: x + NUMBER * CAPITALS / 2.0,
                    y: bottom + GAP,
                };
                scene.shapes.push(Shape::Text(Text {
                    at,
                    text: tick.label.clone(),
                    size: NUMBER,
                    colour: FAINT_TEXT,
                    anchor: Anchor::End,
                    upwards: true,
                }));
            } else {
                let at = Place {
                    x,
                    y: bottom + GAP + NUMBER * 0.85,
                };
                write(scene, at, tick.label.clone(), NUMBER, Anchor::Middle);
            }
        }
        self.draw_labels(frame, scene);
    }

    fn draw_labels(&self, frame: &Frame<'_>, scene: &mut Scene) {
        let (across, up) = (
            self.area.left + self.area.width() / 2.0,
            self.area.top + self.area.height() / 2.0,
        );
        let label = |text: &str, room: f64, at: Place, upwards| {
            Shape::Text(Text {
                at,
                text: text::shortened(text, LABEL, room),
                size: LABEL,
                colour: TEXT,
                anchor: Anchor::Middle,
                upwards,
            })
        };
        if !frame.x_label.is_empty() {
            let at = Place {
                x: across,
                y: frame.height - EDGE + 1.0,
            };
            scene
                .shapes
                .push(label(frame.x_label, frame.width - 2.0 * EDGE, at, false));
        }
        if !frame.y_label.is_empty() {
            let at = Place {
                x: EDGE + LABEL * CAPITALS,
                y: up,
            };
            scene
                .shapes
                .push(label(frame.y_label, self.area.height().max(60.0), at, true));
        }
        for (line, text) in self.title.iter().enumerate() {
            let at = Place {
                x: frame.width / 2.0,
                y: EDGE + TITLE + line as f64 * TITLE * 1.25,
            };
            scene.shapes.push(Shape::Text(Text {
                at,
                text: text.clone(),
                size: TITLE,
                colour: TEXT,
                anchor: Anchor::Middle,
                upwards: false,
            }));
        }
    }
}

fn write(scene: &mut Scene, at: Place, text: String, size: f64, anchor: Anchor) {
    scene.shapes.push(Shape::Text(Text {
        at,
        text,
        size,
        colour: FAINT_TEXT,
        anchor,
        upwards: false,
    }));
}

/// Round numbers up an axis of so many pixels.
fn up(scale: &Scale, pixels: f64) -> Vec<Tick> {
    scale.ticks((pixels / 45.0).clamp(2.0, 20.0) as usize)
}

/// As many round numbers along an axis of so many pixels as do not touch each other.
fn along(scale: &Scale, pixels: f64) -> Vec<Tick> {
    let mut wanted = (pixels / 50.0).clamp(2.0, 30.0) as usize;
    loop {
        let ticks = scale.ticks(wanted);
        let touches = ticks.windows(2).any(|pair| {
            let apart = (scale.part(pair[1].at) - scale.part(pair[0].at)) * pixels;
            let width = |tick: &Tick| text::width(&tick.label, NUMBER);
            (width(&pair[0]) + width(&pair[1])) / 2.0 + 22.0 > apart
        });
        if !touches || wanted == 1 {
            return ticks;
        }
        wanted -= 1;
    }
}

/// The names along the x axis, and whether they run upwards because they are too wide. Where there is no room for all, there
/// is for every second, or third.
fn named(frame: &Frame<'_>, pixels: f64, mut ticks: Vec<Tick>) -> (Vec<Tick>, bool) {
    for (index, name) in frame.names.iter().enumerate() {
        let at = index as f64;
        if (frame.x.low..=frame.x.high).contains(&at) {
            let label = name.clone();
            ticks.push(Tick { at, label });
        }
    }
    let room = pixels / (frame.x.high - frame.x.low);
    if widest_of(&ticks) + 10.0 <= room {
        return (ticks, false);
    }
    let most = LONGEST_NAME.min(frame.height / 3.0);
    for tick in &mut ticks {
        tick.label = text::shortened(&tick.label, NUMBER, most);
    }
    let every = ((NUMBER * 1.25) / room).ceil().max(1.0) as usize;
    (ticks.into_iter().step_by(every).collect(), true)
}

fn widest(ticks: &[Tick]) -> f64 {
    widest_of(ticks).ceil()
}

fn widest_of(ticks: &[Tick]) -> f64 {
    let widths = ticks.iter().map(|tick| text::width(&tick.label, NUMBER));
    widths.fold(0.0, f64::max)
}
