//! A result as a person at a terminal wants to read it.
//!
//! A list of dicts is a table (`table`), numbers are summed up with a sparkline (`numbers`), a picture is drawn where the
//! terminal can and otherwise kept as a file (`picture`), whatever is long is cut and says how long it is (`abridged`).
//! `locum eval`, whose output other programs read, shows values as the language writes them.

mod abridged;
mod numbers;
mod picture;
mod table;

use locum::{Value, expr};

pub(crate) use self::picture::Pictures;
use crate::out;
use crate::style::{Painter, Style};

/// What results are shown on.
pub(crate) struct Screen {
    pub(crate) painter: Painter,
    /// How many characters fit in a line.
    pub(crate) width: usize,
    pub(crate) pictures: Pictures,
}

impl Screen {
    /// Standard output.
    pub(crate) fn stdout() -> Screen {
        Screen {
            painter: Painter::stdout(),
            width: out::width(),
            pictures: Pictures::of_terminal(),
        }
    }

    /// The text of a result with its last newline; nothing for a null. All in it that comes from a plugin is escaped.
    pub(crate) fn show(&mut self, value: &Value) -> String {
        let text = match value {
            Value::Null => return String::new(),
            Value::Array(array) => numbers::array(array, self.painter, self.width),
            Value::List(items) => table::of_dicts(items, self.width)
                .or_else(|| numbers::list(items, self.painter, self.width))
                .unwrap_or_else(|| abridged::value(value, self.width)),
            Value::Bytes(bytes) => match self.pictures.show(bytes) {
                Some(shown) => return shown,
                None => abridged::bytes(bytes, self.width),
            },
            Value::Text(text) if picture::is_svg(text) => match self.pictures.save_svg(text) {
                Some(shown) => return shown,
                None => abridged::value(value, self.width),
            },
            Value::Object(_) => self
                .painter
                .paint(Style::Name, &out::plain(&expr::display(value))),
            _ => abridged::value(value, self.width),
        };
        text + "\n"
    }
}
