//! What a picture may cost.

use locum_guest::{Error, Kind, Result};

/// The pixels that a picture may have unless the caller says otherwise: what the memory that the manifest asks for is
/// enough for. The functions repeat the number, so that it is shown with their arguments.
pub(crate) const MAX_PIXELS: u64 = 25_000_000;

/// Refuses a picture of too many pixels, or of none. `what` is who wants it: "the PNG file claims".
pub(crate) fn check_size(what: &str, width: u32, height: u32, max_pixels: u64) -> Result<()> {
    if width == 0 || height == 0 {
        return Err(Error::value(format!(
            "{what} {width}x{height} pixels, and a picture has at least one each way"
        )));
    }
    let pixels = u64::from(width) * u64::from(height);
    if pixels <= max_pixels {
        return Ok(());
    }
    Err(Error::new(
        Kind::LimitExceeded,
        format!(
            "{what} {width}x{height} pixels, {pixels} in all, and the limit is {max_pixels}; \
             pass max_pixels={pixels} if you do want that"
        ),
    ))
}

/// Tries whether that many bytes can be had. A decoder that runs out of memory takes the whole plugin with it.
pub(crate) fn check_memory(what: &str, width: u32, height: u32, bytes: u64) -> Result<()> {
    let can_be_had =
        usize::try_from(bytes).is_ok_and(|bytes| Vec::<u8>::new().try_reserve_exact(bytes).is_ok());
    if can_be_had {
        return Ok(());
    }
    Err(out_of_memory(what, width, height, bytes))
}

#[cold]
pub(crate) fn out_of_memory(what: &str, width: u32, height: u32, bytes: u64) -> Error {
    let mebibytes = bytes.div_ceil(1 << 20);
    Error::raise(
        "MemoryError",
        format!(
            "{what} {width}x{height} pixels takes about {mebibytes} MiB, which is more than this plugin has left; \
             give it more (Limits::memory_bytes, --max-memory)"
        ),
    )
}
