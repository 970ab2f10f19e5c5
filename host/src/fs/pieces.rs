//! Reading and writing piece by piece, with a look between them at whether it may go on.

use std::io::{Read, Write};

use super::place::Place;
use super::revoke::Leash;
use crate::Result;

/// Bytes in a piece.
const PIECE: usize = 256 << 10;

/// Reads to the end, or so many bytes. How large the file says that it is counts for nothing: it may grow, and those of
/// `/proc` say 0.
pub(super) fn read(
    file: &mut impl Read,
    most: usize,
    place: Place<'_>,
    leash: &Leash,
) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    while bytes.len() < most {
        let piece = (most - bytes.len()).min(PIECE);
        let read = file.by_ref().take(piece as u64).read_to_end(&mut bytes);
        let read = read.map_err(|error| place.error(&error))?;
        leash.check()?;
        if read < piece {
            break;
        }
    }
    Ok(bytes)
}

/// Writes all of it.
pub(super) fn write(
    file: &mut impl Write,
    bytes: &[u8],
    place: Place<'_>,
    leash: &Leash,
) -> Result<()> {
    for piece in bytes.chunks(PIECE) {
        leash.check()?;
        file.write_all(piece).map_err(|error| place.error(&error))?;
    }
    Ok(())
}
