//! The functions of the module.

use locum_guest::{Bytes, Result, object};
use serde::Serialize;

use crate::mode::Mode;
use crate::opened::{self, Opened};
use crate::picture::Image;
use crate::{encode, files, scale};

/// Decodes the bytes of a PNG, JPEG or WebP file; which of them it is, is found in the bytes.
///
/// A file that claims more than `max_pixels` pixels (width times height) is refused before anything is allocated for it.
/// With `orient` the picture is turned as its EXIF metadata says; without, it is as it was stored.
///
/// Raises `ImageError` when the bytes are something else or broken, `LimitExceeded` when there are too many pixels,
/// `MemoryError` when the plugin has too little memory.
#[object]
pub(crate) fn decode(
    data: &[u8],
    #[arg(default = 25_000_000)] max_pixels: u64,
    #[arg(default = false)] orient: bool,
) -> Result<Image> {
    opened::pixels(data, max_pixels, orient).map(Image::from)
}

/// Decodes a file that the plugin was granted; see `decode` for the other arguments.
///
/// Raises `FileNotFoundError` when it is not there or was not granted, and whatever `decode` raises.
#[object]
pub(crate) fn open(
    path: &str,
    #[arg(default = 25_000_000)] max_pixels: u64,
    #[arg(default = false)] orient: bool,
) -> Result<Image> {
    let data = files::read(path)?;
    opened::pixels(&data, max_pixels, orient)
        .map(Image::from)
        .map_err(|error| error.map_message(|text| format!("{path:?}: {text}")))
}

/// What a file says about itself.
#[derive(Serialize)]
pub(crate) struct Info {
    format: &'static str,
    width: u32,
    height: u32,
    mode: &'static str,
    bits: u16,
    orientation: u8,
    animated: bool,
}

/// What the bytes of a file claim, without decoding its pixels: a map of `format` ("png", "jpeg", "webp"), `width` and
/// `height` in pixels, `mode` ("l", "la", "rgb", "rgba"), `bits` per channel, EXIF `orientation` (1 to 8, 1 is upright)
/// and whether it is `animated`.
///
/// No size is too large to be told. Raises `ImageError` when the bytes are something else, or their head is broken.
#[object]
pub(crate) fn info(data: &[u8]) -> Result<Info> {
    let opened = Opened::new(data)?;
    let colour = opened.colour;
    Ok(Info {
        format: opened.format.name(),
        width: opened.width,
        height: opened.height,
        mode: Mode::of(colour).name(),
        bits: colour.bits_per_pixel() / u16::from(colour.channel_count()),
        orientation: opened.orientation.to_exif(),
        animated: opened.animated,
    })
}

/// A small version of a file, as the bytes of another one: what an upload needs, in one call.
///
/// It fits into a square of `size` pixels, keeps its proportions and is never enlarged. `format` and `quality` are those
/// of `Image.encode`. The picture is turned upright by its EXIF metadata, unless `orient` is false, and nothing of that
/// metadata is in the result. Raises what `decode` and `Image.encode` raise.
#[object]
pub(crate) fn thumbnail(
    data: &[u8],
    size: u32,
    #[arg(default = "jpeg")] format: &str,
    quality: Option<u8>,
    #[arg(default = 25_000_000)] max_pixels: u64,
    #[arg(default = true)] orient: bool,
) -> Result<Bytes> {
    // Before the work is done for nothing.
    let format = encode::format(format)?;
    let picture = opened::pixels(data, max_pixels, orient)?;
    let small = scale::thumbnail(&picture, size)?;
    drop(picture);
    encode::encode(&small, format, quality).map(Bytes::from)
}
