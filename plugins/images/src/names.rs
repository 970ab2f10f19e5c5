//! Things that are chosen by name.

use locum_guest::{Error, Result};

/// The choice of that name, whatever its case. The error lists those that exist.
pub(crate) fn chosen<T: Copy>(what: &str, name: &str, choices: &[(&str, T)]) -> Result<T> {
    choices
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(name))
        .map(|(_, choice)| *choice)
        .ok_or_else(|| {
            let names: Vec<&str> = choices.iter().map(|(known, _)| *known).collect();
            Error::value(format!(
                "there is no {what} {name:?}; there are {}",
                names.join(", ")
            ))
        })
}
