//! Other sizes of a picture.

use image::DynamicImage;
use image::imageops::FilterType;
use locum_guest::{Error, Result};

use crate::limits::{check_memory, check_size};
use crate::mode::Mode;

pub(crate) const FILTERS: &[(&str, FilterType)] = &[
    ("nearest", FilterType::Nearest),
    ("triangle", FilterType::Triangle),
    ("catmullrom", FilterType::CatmullRom),
    ("gaussian", FilterType::Gaussian),
    ("lanczos3", FilterType::Lanczos3),
];

/// How many times the wanted size is averaged to cheaply before the filter has its turn: more can not be told apart.
const REDUCED: u32 = 3;

/// The size that was asked for, the side that was left out in proportion to the other.
pub(crate) fn wanted(
    picture: &DynamicImage,
    width: Option<u32>,
    height: Option<u32>,
) -> Result<(u32, u32)> {
    let (own_width, own_height) = (picture.width(), picture.height());
    match (width, height) {
        (Some(width), Some(height)) => Ok((width, height)),
        (Some(width), None) => Ok((width, in_proportion(own_height, width, own_width))),
        (None, Some(height)) => Ok((in_proportion(own_width, height, own_height), height)),
        (None, None) => Err(Error::type_error(
            "a width, a height or both are needed: resize(width=320)",
        )),
    }
}

/// The size that fits into a square, never larger than the picture's own.
pub(crate) fn fitting(picture: &DynamicImage, side: u32) -> (u32, u32) {
    let (width, height) = (picture.width(), picture.height());
    if width.max(height) <= side {
        (width, height)
    } else if width >= height {
        (side, in_proportion(height, side, width))
    } else {
        (in_proportion(width, side, height), side)
    }
}

/// `side` times `to` by `from`, rounded, and at least one pixel.
fn in_proportion(side: u32, to: u32, from: u32) -> u32 {
    let (side, to, from) = (u64::from(side), u64::from(to), u64::from(from));
    let scaled = (side * to + from / 2) / from.max(1);
    u32::try_from(scaled).unwrap_or(u32::MAX).max(1)
}

/// The picture in another size.
pub(crate) fn resize(
    picture: &DynamicImage,
    (width, height): (u32, u32),
    filter: FilterType,
    max_pixels: u64,
) -> Result<DynamicImage> {
    check_size("resizing would make", width, height, max_pixels)?;
    // The filter works on a picture of the new height and the old width, four floats a pixel; its weights beside that.
    let between = 16 * u64::from(picture.width()) * u64::from(height);
    let after = 4 * u64::from(width) * u64::from(height);
    check_memory("resizing to", width, height, between.saturating_add(after))?;
    if !Mode::of(picture.color()).has_alpha() {
        return Ok(picture.resize_exact(width, height, filter));
    }
    // Without this, the invisible colours of transparent pixels would bleed into those beside them.
    let mut premultiplied = picture.clone();
    premultiply(&mut premultiplied);
    let mut resized = premultiplied.resize_exact(width, height, filter);
    divide(&mut resized);
    Ok(resized)
}

/// A small version of a large picture: averaged down to a few times its size, then resized well.
pub(crate) fn thumbnail(picture: &DynamicImage, side: u32) -> Result<DynamicImage> {
    if side == 0 {
        return Err(Error::value(
            "a thumbnail has at least one pixel, and its size is 0",
        ));
    }
    let (width, height) = fitting(picture, side);
    if (width, height) == (picture.width(), picture.height()) {
        return Ok(picture.clone());
    }
    let (wide, high) = (
        width.saturating_mul(REDUCED),
        height.saturating_mul(REDUCED),
    );
    let filter = FilterType::Lanczos3;
    if picture.width() <= wide || picture.height() <= high {
        return resize(picture, (width, height), filter, u64::MAX);
    }
    let mut reduced = picture.clone();
    let has_alpha = Mode::of(picture.color()).has_alpha();
    if has_alpha {
        premultiply(&mut reduced);
    }
    let mut reduced = reduced.thumbnail_exact(wide, high);
    if has_alpha {
        divide(&mut reduced);
    }
    resize(&reduced, (width, height), filter, u64::MAX)
}

/// Multiplies colours by their opacity.
fn premultiply(picture: &mut DynamicImage) {
    with_alpha(picture, |colours, alpha| {
        for colour in colours {
            *colour = ((u32::from(*colour) * u32::from(alpha) + 127) / 255) as u8;
        }
    });
}

/// Divides colours by their opacity.
fn divide(picture: &mut DynamicImage) {
    with_alpha(picture, |colours, alpha| {
        let Some(alpha) = std::num::NonZeroU32::new(alpha.into()) else {
            return;
        };
        for colour in colours {
            *colour = ((u32::from(*colour) * 255 + alpha.get() / 2) / alpha).min(255) as u8;
        }
    });
}

/// Changes the colours of each pixel, by its opacity.
fn with_alpha(picture: &mut DynamicImage, change: impl Fn(&mut [u8], u8)) {
    let each = |pixel: &mut [u8]| {
        if let Some((alpha, colours)) = pixel.split_last_mut() {
            change(colours, *alpha);
        }
    };
    match picture {
        DynamicImage::ImageLumaA8(pixels) => pixels.pixels_mut().for_each(|it| each(&mut it.0)),
        DynamicImage::ImageRgba8(pixels) => pixels.pixels_mut().for_each(|it| each(&mut it.0)),
        _ => {}
    }
}
