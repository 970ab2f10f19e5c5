//! What a file claims to be, found in its first bytes and chunk heads, before anything is allocated by it.

use image::{ColorType, ImageFormat};
use locum_guest::{Error, Result};

/// A format that is read and written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Png,
    Jpeg,
    WebP,
}

pub(crate) const FORMATS: &[(&str, Format)] = &[
    ("png", Format::Png),
    ("jpeg", Format::Jpeg),
    ("webp", Format::WebP),
];

impl Format {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Format::Png => "png",
            Format::Jpeg => "jpeg",
            Format::WebP => "webp",
        }
    }

    /// As people write it.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Format::Png => "PNG",
            Format::Jpeg => "JPEG",
            Format::WebP => "WebP",
        }
    }

    /// The format of these bytes, by how they begin. The error says what they are instead.
    pub(crate) fn sniff(data: &[u8]) -> Result<Format> {
        match image::guess_format(data) {
            Ok(ImageFormat::Png) => return Ok(Format::Png),
            Ok(ImageFormat::Jpeg) => return Ok(Format::Jpeg),
            Ok(ImageFormat::WebP) => return Ok(Format::WebP),
            _ => {}
        }
        let found = match other_kind(data) {
            Some(kind) => format!("this is {kind}"),
            None if data.is_empty() => "there are no bytes".to_owned(),
            None => {
                let start: Vec<String> = data
                    .iter()
                    .take(8)
                    .map(|byte| format!("{byte:02x}"))
                    .collect();
                let plural = if data.len() == 1 { "" } else { "s" };
                format!(
                    "these {} byte{plural} begin like no picture ({})",
                    data.len(),
                    start.join(" ")
                )
            }
        };
        Err(Error::raise(
            "ImageError",
            format!("{found}; PNG, JPEG and WebP can be read"),
        ))
    }
}

/// What else is often taken for a picture.
fn other_kind(data: &[u8]) -> Option<&'static str> {
    const KINDS: &[(&[u8], &str)] = &[
        (b"%PDF", "a PDF document"),
        (b"PK\x03\x04", "a ZIP archive"),
        (b"\x1f\x8b", "a gzip archive"),
        (b"<svg", "an SVG drawing"),
        (b"<?xml", "XML, perhaps an SVG drawing"),
        (b"<!DOCTYPE", "an HTML page"),
        (b"<!doctype", "an HTML page"),
        (b"<html", "an HTML page"),
        (b"\0\0\0\x0cJXL ", "a JPEG XL picture"),
        (b"\xff\x0a", "a JPEG XL picture"),
    ];
    if let Some((_, kind)) = KINDS.iter().find(|(start, _)| data.starts_with(start)) {
        return Some(kind);
    }
    if data.get(4..8) == Some(b"ftyp") && matches!(data.get(8..11), Some(b"hei" | b"mif")) {
        return Some("a HEIC picture");
    }
    match image::guess_format(data).ok()? {
        ImageFormat::Gif => Some("a GIF picture"),
        ImageFormat::Tiff => Some("a TIFF picture"),
        ImageFormat::Bmp => Some("a BMP picture"),
        ImageFormat::Ico => Some("an icon (ICO)"),
        ImageFormat::Avif => Some("an AVIF picture"),
        ImageFormat::Hdr => Some("an HDR picture"),
        ImageFormat::OpenExr => Some("an OpenEXR picture"),
        ImageFormat::Pnm => Some("a PNM picture"),
        ImageFormat::Qoi => Some("a QOI picture"),
        ImageFormat::Dds => Some("a DDS texture"),
        _ => None,
    }
}

/// Whether a JPEG file is a progressive one, whose coefficients are all held in memory.
pub(crate) fn is_progressive(jpeg: &[u8]) -> bool {
    let mut rest = jpeg.get(2..).unwrap_or_default();
    loop {
        match rest {
            [0xff, 0xff, ..] => rest = &rest[1..],
            [0xff, 0xc2 | 0xc6 | 0xca | 0xce, ..] => return true,
            // Another kind of frame, or the pixels: no longer among the heads.
            [0xff, 0xc0 | 0xc1 | 0xc3 | 0xda | 0xd9, ..] => return false,
            [0xff, _, high, low, ..] => {
                let length = usize::from(u16::from_be_bytes([*high, *low]));
                rest = rest.get(2 + length..).unwrap_or_default();
            }
            _ => return false,
        }
    }
}

/// The size and the colours that a PNG file claims in its head.
pub(crate) fn png_claims(data: &[u8]) -> Option<(u32, u32, ColorType)> {
    let number = |at: usize| Some(u32::from_be_bytes(*data.get(at..at + 4)?.first_chunk()?));
    let colour = match *data.get(24..26)? {
        [16, 0] => ColorType::L16,
        [16, 2] => ColorType::Rgb16,
        [16, 4] => ColorType::La16,
        [16, 6] => ColorType::Rgba16,
        [_, 0] => ColorType::L8,
        [_, 4] => ColorType::La8,
        [_, 6] => ColorType::Rgba8,
        [_, _] => ColorType::Rgb8,
        _ => return None,
    };
    Some((number(16)?, number(20)?, colour))
}

/// Checks that the chunks of a WebP file lie in it, and gives the largest width and height that any of them claims: the
/// decoder allocates what a chunk claims, whatever the file's head does.
pub(crate) fn webp_claims(data: &[u8]) -> Result<(u32, u32)> {
    let mut most = (0, 0);
    let mut rest = data.get(12..).unwrap_or_default();
    while let Some((name, body, behind)) = chunk(rest)? {
        // A frame of an animation begins with 16 bytes about itself, then come chunks.
        let (name, body) = match (name, body.get(16..)) {
            (b"ANMF", Some(inside)) => match chunk(inside)? {
                Some((name, body, _)) => (name, body),
                None => (name, inside),
            },
            _ => (name, body),
        };
        if let Some((width, height)) = chunk_size(name, body) {
            most = (most.0.max(width), most.1.max(height));
        }
        rest = behind;
    }
    Ok(most)
}

type Chunk<'a> = (&'a [u8], &'a [u8], &'a [u8]);

/// The first chunk: its name, what is in it, and what lies behind it. What is too short for a chunk is padding.
fn chunk(data: &[u8]) -> Result<Option<Chunk<'_>>> {
    let Some((head, rest)) = data.split_at_checked(8) else {
        return Ok(None);
    };
    let (name, size) = head.split_at(4);
    let size = size
        .iter()
        .rev()
        .fold(0u32, |sum, byte| sum << 8 | u32::from(*byte));
    let inside = usize::try_from(size)
        .ok()
        .and_then(|size| rest.split_at_checked(size));
    let Some((body, behind)) = inside else {
        return Err(Error::raise(
            "ImageError",
            format!(
                "the WebP file is broken: its chunk {:?} claims {size} bytes and {} are left, so it may have been cut off",
                String::from_utf8_lossy(name),
                rest.len()
            ),
        ));
    };
    // Chunks have even lengths.
    let padding = usize::from(size % 2 == 1);
    Ok(Some((
        name,
        body,
        behind.get(padding..).unwrap_or_default(),
    )))
}

fn chunk_size(name: &[u8], body: &[u8]) -> Option<(u32, u32)> {
    match name {
        b"VP8 " => {
            let [w0, w1, h0, h1] = *body.get(6..10)?.first_chunk()?;
            let side = |low, high| u32::from(u16::from_le_bytes([low, high]) & 0x3fff);
            Some((side(w0, w1), side(h0, h1)))
        }
        b"VP8L" => {
            let bits = u32::from_le_bytes(*body.get(1..5)?.first_chunk()?);
            Some(((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1))
        }
        _ => None,
    }
}
