//! The module as its user sees it: through proxies, over a connection in memory.

mod changing;
mod files;
mod hostile;
mod reading;
mod writing;

use image::{DynamicImage, ImageFormat, RgbImage};
use locum_guest::{Array, Bytes, Error, IntoArgs, Proxy, Result};

use crate::LocumPlugin;

// Made with Pillow 12 from a colour gradient: what the `image` crate can not write.
const PROGRESSIVE_JPEG: &[u8] = include_bytes!("files/progressive.jpg");
const CMYK_JPEG: &[u8] = include_bytes!("files/cmyk.jpg");
const LOSSY_WEBP: &[u8] = include_bytes!("files/lossy.webp");
const ALPHA_WEBP: &[u8] = include_bytes!("files/alpha.webp");
const ANIMATED_WEBP: &[u8] = include_bytes!("files/animated.webp");
const PALETTE_PNG: &[u8] = include_bytes!("files/palette.png");

/// Runs a test on a plugin of its own; after it nothing may be lent any more.
fn run(test: impl FnOnce(&Proxy) -> Result<()>) {
    let plugin = locum_guest::connect::<LocumPlugin>();
    let images = plugin.import("images").unwrap();
    test(&images).unwrap();
    drop(images);
    let stats = plugin.stats();
    assert_eq!(
        (stats.imports_by_type, stats.exports_by_type),
        (vec![], vec![])
    );
}

/// The error that a call ends in.
#[track_caller]
fn fails(object: &Proxy, name: &str, args: impl IntoArgs) -> Error {
    match object.call::<Proxy>(name, args) {
        Ok(result) => panic!("{name} gave {result:?}"),
        Err(error) => error,
    }
}

/// What such a call says.
#[track_caller]
fn says(object: &Proxy, name: &str, args: impl IntoArgs) -> String {
    fails(object, name, args).to_string()
}

/// A picture in which every pixel tells where it is.
fn gradient(width: u32, height: u32) -> DynamicImage {
    let pixel = |x, y| image::Rgb([(x * 5) as u8, (y * 7) as u8, 255 - (x * 3) as u8]);
    DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, pixel))
}

/// A file of it.
fn file(picture: &DynamicImage, format: ImageFormat) -> Bytes {
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    Bytes::from(bytes.into_inner())
}

fn png(picture: &DynamicImage) -> Bytes {
    file(picture, ImageFormat::Png)
}

/// An `Image` of it.
fn image_of(images: &Proxy, picture: &DynamicImage) -> Result<Proxy> {
    images.call("decode", (png(picture),))
}

fn size(picture: &Proxy) -> Result<(u32, u32)> {
    Ok((picture.get("width")?, picture.get("height")?))
}

/// The channels at a place.
fn at(picture: &Proxy, x: usize, y: usize) -> Result<Vec<u8>> {
    let pixels: Array<u8> = picture.call("pixels", ())?;
    let channels = pixels.shape()[2];
    Ok((0..channels)
        .filter_map(|channel| pixels.get(&[y, x, channel]))
        .collect())
}

/// A chunk of a PNG file.
fn png_chunk(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let mut crc = u32::MAX;
    for byte in name.iter().chain(body) {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = crc >> 1 ^ (0xedb8_8320 & (crc & 1).wrapping_neg());
        }
    }
    let length = (body.len() as u32).to_be_bytes();
    [&length[..], name, body, &(!crc).to_be_bytes()].concat()
}

/// A PNG file, in order but for claiming a size of which it has no pixels.
fn png_that_claims(width: u32, height: u32) -> Bytes {
    let head = [
        &width.to_be_bytes()[..],
        &height.to_be_bytes(),
        &[8, 6, 0, 0, 0],
    ]
    .concat();
    let file = [
        &b"\x89PNG\r\n\x1a\n"[..],
        &png_chunk(b"IHDR", &head),
        &png_chunk(b"IDAT", &[0x78, 0x9c, 0x03, 0, 0, 0, 0, 1]),
        &png_chunk(b"IEND", &[]),
    ];
    Bytes::from(file.concat())
}

/// A JPEG file with an orientation in its EXIF metadata, as a camera writes it.
fn with_orientation(jpeg: &[u8], orientation: u8) -> Bytes {
    let exif = [
        &b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01"[..], // big-endian TIFF, whose one directory at 8 has one entry:
        &[0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0], // orientation, one short
        &[0, 0, 0, 0],
    ]
    .concat();
    let length = (exif.len() as u16 + 2).to_be_bytes();
    Bytes::from([&jpeg[..2], &[0xff, 0xe1], &length, &exif, &jpeg[2..]].concat())
}
