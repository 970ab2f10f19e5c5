//! From pixels to the bytes of a file.

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::codecs::webp::WebPEncoder;
use image::{DynamicImage, ImageEncoder};
use locum_guest::{Error, Result};

use crate::mode::{Mode, flatten};
use crate::names::chosen;
use crate::probe::{FORMATS, Format};

/// The quality of a JPEG file whose maker named none.
const QUALITY: u8 = 85;

/// The format of that name, which may be a file's extension.
pub(crate) fn format(name: &str) -> Result<Format> {
    match name.to_ascii_lowercase().as_str() {
        "jpg" | "jpe" | "jfif" => Ok(Format::Jpeg),
        name => chosen("format", name, FORMATS),
    }
}

/// The picture as a file. JPEG knows no transparency: there it lies on white.
pub(crate) fn encode(
    picture: &DynamicImage,
    format: Format,
    quality: Option<u8>,
) -> Result<Vec<u8>> {
    check_quality(format, quality)?;
    check_side(picture, format)?;
    let mut bytes = Vec::new();
    let written = match format {
        Format::Png => write(picture, PngEncoder::new(&mut bytes)),
        Format::WebP => write(picture, WebPEncoder::new_lossless(&mut bytes)),
        Format::Jpeg => {
            let encoder = JpegEncoder::new_with_quality(&mut bytes, quality.unwrap_or(QUALITY));
            match Mode::of(picture.color()).has_alpha() {
                true => write(&flatten(picture.clone(), [255; 3]), encoder),
                false => write(picture, encoder),
            }
        }
    };
    written.map_err(|error| {
        let title = format.title();
        Error::raise(
            "ImageError",
            format!("this picture can not be a {title} file: {error}"),
        )
    })?;
    Ok(bytes)
}

fn write(picture: &DynamicImage, encoder: impl ImageEncoder) -> image::ImageResult<()> {
    let colour = picture.color().into();
    encoder.write_image(
        picture.as_bytes(),
        picture.width(),
        picture.height(),
        colour,
    )
}

fn check_quality(format: Format, quality: Option<u8>) -> Result<()> {
    match (format, quality) {
        (_, None) | (Format::Jpeg, Some(1..=100)) => Ok(()),
        (Format::Jpeg, Some(quality)) => Err(Error::value(format!(
            "the quality of a JPEG file is 1 to 100, not {quality}"
        ))),
        (Format::Png | Format::WebP, Some(_)) => Err(Error::value(format!(
            "{} files are written without loss, so they have no quality: leave it out, or make a JPEG file",
            format.title()
        ))),
    }
}

fn check_side(picture: &DynamicImage, format: Format) -> Result<()> {
    let most = match format {
        Format::Png => u32::MAX,
        Format::Jpeg => 65_535,
        // One more would be possible, and is read as 0 by many.
        Format::WebP => 16_383,
    };
    let (width, height) = (picture.width(), picture.height());
    if width.max(height) <= most {
        return Ok(());
    }
    Err(Error::value(format!(
        "a {} file has at most {most} pixels each way, and this picture has {width}x{height}; resize it first",
        format.title()
    )))
}
