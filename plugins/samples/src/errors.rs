//! Every way in which a method can fail without ending the plugin.

use std::fmt;

use anyhow::Context;
use locum_guest::{Error, Fault, Kind, Result, object};

/// Raises an error of a kind, named as on the wire.
#[object]
pub(crate) fn raise(kind: &str, message: String) -> Result<()> {
    Err(Error::new(Kind::from_name(kind), message))
}

/// An error of the standard library.
#[object]
pub(crate) fn raise_standard(text: &str) -> Result<i64, std::num::ParseIntError> {
    text.parse()
}

/// An error with a chain of causes.
#[object]
pub(crate) fn raise_anyhow(text: &str) -> anyhow::Result<i64> {
    let number: i64 = text.parse().context("the second field")?;
    Ok(number)
}

/// An error of Locum's with words put on it.
#[object]
pub(crate) fn raise_wrapped(key: &str) -> anyhow::Result<()> {
    Err(Error::key(format!("{key:?}"))).context("the settings are incomplete")
}

/// An error that only has a text.
pub(crate) struct Sadness(u32);

impl fmt::Display for Sadness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sad {} times", self.0)
    }
}

/// An error that is no `std::error::Error`.
#[object]
pub(crate) fn raise_shown(times: u32) -> Result<(), Sadness> {
    Err(Sadness(times))
}

/// An error of the plugin's own type, with a trace and data of its own.
#[object]
pub(crate) fn raise_with_data() -> Result<()> {
    Err(Error::from(Fault {
        kind: Kind::Raised,
        type_name: "OutOfPaper".into(),
        message: "tray 2 is empty".to_owned(),
        trace: vec!["while printing page 7".to_owned()],
        // The CBOR item 2.
        data: Some(vec![0x02]),
    }))
}
