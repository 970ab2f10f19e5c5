//! Pictures that nobody vouches for: decoded, changed and encoded where a broken decoder can do no harm.
//!
//! `probe` finds out what a file claims, before anything is allocated by it; `opened` holds the claim against the limits
//! and decodes; `picture` is the class `Image`; `scale` and `mode` are what its longer methods do; `encode` makes files.

// The class, and the functions beside it.
mod functions;
mod picture;

// From bytes to pixels.
mod opened;
mod probe;

// From pixels to pixels, and to bytes.
mod encode;
mod mode;
mod scale;

// What they share.
mod files;
mod limits;
mod names;

#[cfg(test)]
mod tests;

pub use picture::Image;

use functions::{decode, info, open, thumbnail};

locum_guest::manifest!("../plugin.toml");

locum_guest::plugin! {
    /// Decodes, changes and encodes PNG, JPEG and WebP pictures, of whatever origin.
    ///
    /// `thumbnail(data, 256)` makes a small JPEG of a file's bytes in one call. `decode(data)` and `open(path)` give an
    /// `Image` to crop, resize, rotate, convert and encode. `info(data)` tells what a file claims, without decoding it.
    ///
    /// Colour profiles, EXIF and other metadata are dropped, the orientation is applied on request. Pixels have 8 bits
    /// per channel: `l` (grey), `la`, `rgb` or `rgba`. Of an animation the first frame is taken.
    mod images { Image, decode, info, open, thumbnail }
}
