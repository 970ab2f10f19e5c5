//! The channels that pixels have.

use image::DynamicImage;
use locum_guest::{Error, Result};

/// The channels of a picture, each a byte.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    L,
    La,
    Rgb,
    Rgba,
}

pub(crate) const MODES: &[(&str, Mode)] = &[
    ("l", Mode::L),
    ("la", Mode::La),
    ("rgb", Mode::Rgb),
    ("rgba", Mode::Rgba),
];

impl Mode {
    /// The mode of pixels as they are decoded. What has more than 8 bits per channel is reduced to them.
    pub(crate) fn of(colour: image::ColorType) -> Mode {
        match (colour.has_color(), colour.has_alpha()) {
            (false, false) => Mode::L,
            (false, true) => Mode::La,
            (true, false) => Mode::Rgb,
            (true, true) => Mode::Rgba,
        }
    }

    /// The mode of pixels with that many channels.
    pub(crate) fn with_channels(channels: usize) -> Option<Mode> {
        MODES
            .iter()
            .map(|(_, mode)| *mode)
            .find(|mode| mode.channels() == channels)
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Mode::L => "l",
            Mode::La => "la",
            Mode::Rgb => "rgb",
            Mode::Rgba => "rgba",
        }
    }

    pub(crate) fn channels(self) -> usize {
        match self {
            Mode::L => 1,
            Mode::La => 2,
            Mode::Rgb => 3,
            Mode::Rgba => 4,
        }
    }

    pub(crate) fn has_alpha(self) -> bool {
        matches!(self, Mode::La | Mode::Rgba)
    }

    /// A picture of these bytes. `None` when they are not as many as it has.
    pub(crate) fn picture(self, width: u32, height: u32, bytes: Vec<u8>) -> Option<DynamicImage> {
        use image::ImageBuffer;
        Some(match self {
            Mode::L => ImageBuffer::from_raw(width, height, bytes).map(DynamicImage::ImageLuma8)?,
            Mode::La => {
                ImageBuffer::from_raw(width, height, bytes).map(DynamicImage::ImageLumaA8)?
            }
            Mode::Rgb => {
                ImageBuffer::from_raw(width, height, bytes).map(DynamicImage::ImageRgb8)?
            }
            Mode::Rgba => {
                ImageBuffer::from_raw(width, height, bytes).map(DynamicImage::ImageRgba8)?
            }
        })
    }

    /// The picture in this mode. Transparency that the mode has not is lost; see [`flatten`].
    pub(crate) fn convert(self, picture: DynamicImage) -> DynamicImage {
        match self {
            Mode::L => DynamicImage::ImageLuma8(picture.into_luma8()),
            Mode::La => DynamicImage::ImageLumaA8(picture.into_luma_alpha8()),
            Mode::Rgb => DynamicImage::ImageRgb8(picture.into_rgb8()),
            Mode::Rgba => DynamicImage::ImageRgba8(picture.into_rgba8()),
        }
    }
}

/// A colour that was given as a list: of one number for grey, or of three.
pub(crate) fn background(colour: Option<Vec<u8>>) -> Result<[u8; 3]> {
    match colour.as_deref() {
        None => Ok([255; 3]),
        Some([grey]) => Ok([*grey; 3]),
        Some([red, green, blue]) => Ok([*red, *green, *blue]),
        Some(other) => Err(Error::value(format!(
            "a background is [grey] or [red, green, blue], each 0 to 255, and this has {} numbers",
            other.len()
        ))),
    }
}

/// The picture on an opaque background.
pub(crate) fn flatten(picture: DynamicImage, background: [u8; 3]) -> DynamicImage {
    let over = |above: u8, below: u8, alpha: u8| {
        let alpha = u32::from(alpha);
        ((u32::from(above) * alpha + u32::from(below) * (255 - alpha) + 127) / 255) as u8
    };
    match Mode::of(picture.color()) {
        Mode::La if background[0] == background[1] && background[1] == background[2] => {
            let mut pixels = picture.into_luma_alpha8();
            for image::LumaA([grey, alpha]) in pixels.pixels_mut() {
                *grey = over(*grey, background[0], *alpha);
            }
            DynamicImage::ImageLuma8(DynamicImage::ImageLumaA8(pixels).into_luma8())
        }
        Mode::La | Mode::Rgba => {
            let mut pixels = picture.into_rgba8();
            for image::Rgba([red, green, blue, alpha]) in pixels.pixels_mut() {
                *red = over(*red, background[0], *alpha);
                *green = over(*green, background[1], *alpha);
                *blue = over(*blue, background[2], *alpha);
            }
            DynamicImage::ImageRgb8(DynamicImage::ImageRgba8(pixels).into_rgb8())
        }
        Mode::L | Mode::Rgb => picture,
    }
}
