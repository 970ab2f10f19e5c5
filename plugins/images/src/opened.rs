//! From the bytes of a file to pixels.

use std::io::Cursor;

use image::codecs::jpeg::JpegDecoder;
use image::codecs::png::PngDecoder;
use image::codecs::webp::WebPDecoder;
use image::metadata::Orientation;
use image::{ColorType, DynamicImage, ImageDecoder, ImageError, Limits};
use locum_guest::{Error, Result};

use crate::limits::{check_memory, check_size, out_of_memory};
use crate::mode::Mode;
use crate::probe::{Format, is_progressive, png_claims, webp_claims};

/// What a decoder may allocate beside the pixels: for rows, profiles and texts.
const ASIDE: u64 = 32 << 20;

/// A file whose head was read, and nothing else.
pub(crate) struct Opened<'a> {
    pub(crate) format: Format,
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// As pixels are decoded.
    pub(crate) colour: ColorType,
    pub(crate) orientation: Orientation,
    pub(crate) animated: bool,
    /// None where not even the sizes of its buffers can be told in this plugin's memory.
    decoder: Option<Box<dyn ImageDecoder + 'a>>,
    data: &'a [u8],
    /// The largest size that any part of the file claims.
    claimed: (u32, u32),
}

impl<'a> Opened<'a> {
    pub(crate) fn new(data: &'a [u8]) -> Result<Opened<'a>> {
        let format = Format::sniff(data)?;
        let claimed = match format {
            Format::WebP => webp_claims(data)?,
            Format::Png | Format::Jpeg => (0, 0),
        };
        let failed = |error| broken(format, None, error);
        let cursor = Cursor::new(data);
        let mut animated = false;
        let mut decoder: Box<dyn ImageDecoder + 'a> = match format {
            Format::Png => {
                let mut limits = Limits::no_limits();
                limits.max_alloc = Some(ASIDE);
                let decoder = match (PngDecoder::with_limits(cursor, limits), png_claims(data)) {
                    (Ok(decoder), _) => decoder,
                    // It may be too large to be decoded, but what it claims can be told.
                    (Err(ImageError::Limits(_)), Some((width, height, colour))) => {
                        return Ok(Opened {
                            format,
                            width,
                            height,
                            colour,
                            orientation: Orientation::NoTransforms,
                            animated,
                            decoder: None,
                            data,
                            claimed: (width, height),
                        });
                    }
                    (Err(error), _) => return Err(failed(error)),
                };
                animated = decoder.is_apng().map_err(failed)?;
                Box::new(decoder)
            }
            Format::Jpeg => Box::new(JpegDecoder::new(cursor).map_err(failed)?),
            Format::WebP => {
                let decoder = WebPDecoder::new(cursor).map_err(failed)?;
                animated = decoder.has_animation();
                Box::new(decoder)
            }
        };
        let (width, height) = decoder.dimensions();
        Ok(Opened {
            format,
            width,
            height,
            colour: decoder.color_type(),
            // A picture whose metadata is broken is still a picture.
            orientation: decoder.orientation().unwrap_or(Orientation::NoTransforms),
            animated,
            decoder: Some(decoder),
            data,
            claimed: (claimed.0.max(width), claimed.1.max(height)),
        })
    }

    /// The pixels, in one of the modes.
    pub(crate) fn pixels(self, max_pixels: u64) -> Result<DynamicImage> {
        let (format, width, height) = (self.format, self.width, self.height);
        let what = format!("the {} file claims", format.title());
        check_size(&what, width, height, max_pixels)?;
        check_size(&what, self.claimed.0, self.claimed.1, max_pixels)?;
        let bytes = self.memory();
        check_memory("decoding", width, height, bytes)?;
        let mode = Mode::of(self.colour);
        let decoder = self
            .decoder
            .ok_or_else(|| out_of_memory("decoding", width, height, bytes))?;
        let pixels = DynamicImage::from_decoder(decoder)
            .map_err(|error| broken(format, Some((width, height)), error))?;
        Ok(mode.convert(pixels))
    }

    /// About what decoding allocates, in bytes.
    fn memory(&self) -> u64 {
        let pixels = u64::from(self.claimed.0) * u64::from(self.claimed.1);
        let decoded = pixels.saturating_mul(self.colour.bytes_per_pixel().into());
        let channels = u64::from(self.colour.channel_count());
        let aside = match self.format {
            // 16 bits per channel are halved in a second picture.
            Format::Png if self.colour.bytes_per_pixel() > self.colour.channel_count() => {
                pixels.saturating_mul(channels)
            }
            Format::Png => 0,
            // The coefficients have 16 bits; the decoder has a copy of the file.
            Format::Jpeg if is_progressive(self.data) => pixels.saturating_mul(2 * channels),
            Format::Jpeg => 0,
            // Four bytes per pixel where it is lossless, one and a half where not.
            Format::WebP => pixels.saturating_mul(4),
        };
        let file = self.data.len() as u64;
        decoded.saturating_add(aside).saturating_add(file)
    }
}

/// The pixels of a file; turned as its metadata says when `orient` is true.
pub(crate) fn pixels(data: &[u8], max_pixels: u64, orient: bool) -> Result<DynamicImage> {
    let opened = Opened::new(data)?;
    let orientation = opened.orientation;
    let mut pixels = opened.pixels(max_pixels)?;
    if orient {
        pixels.apply_orientation(orientation);
    }
    Ok(pixels)
}

#[cold]
fn broken(format: Format, size: Option<(u32, u32)>, error: ImageError) -> Error {
    let title = format.title();
    let size = size.map_or_else(String::new, |(width, height)| {
        format!(" ({width}x{height})")
    });
    let why = match error {
        ImageError::IoError(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            "it ends too early, so it may have been cut off".to_owned()
        }
        ImageError::Limits(_) => {
            "its rows, texts or profiles take more memory than those of any sound picture"
                .to_owned()
        }
        ImageError::Unsupported(error) => {
            return Error::raise(
                "ImageError",
                format!("the {title} file{size} can not be read: {error}"),
            );
        }
        error => words(&error),
    };
    Error::raise(
        "ImageError",
        format!("the {title} file{size} is broken: {why}"),
    )
}

/// The innermost cause, in the decoder's words.
fn words(error: &dyn std::error::Error) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost
        .to_string()
        .trim_end_matches(['.', '\n'])
        .to_owned()
}
