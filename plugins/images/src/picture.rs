//! The class `Image`.

use image::{DynamicImage, GenericImageView, imageops};
use locum_guest::{Array, Bytes, Error, Result, Shared, Value, object};

use crate::limits::{MAX_PIXELS, check_memory, check_size};
use crate::mode::{self, MODES, Mode, flatten};
use crate::names::chosen;
use crate::scale::{self, FILTERS};
use crate::{encode, files};

/// A picture in memory, always in one of the modes.
pub struct Image(DynamicImage);

#[derive(Clone, Copy)]
enum Direction {
    Horizontal,
    Vertical,
}

/// A picture in memory. Its methods leave it as it is, and give new pictures.
///
/// Its value form is that of `pixels()`.
#[object]
impl Image {
    /// A picture of one colour: `fill` has a number from 0 to 255 for each channel of `mode`, by default all 0.
    ///
    /// Raises `ValueError` for an unknown mode, a wrong number of channels or a size of 0, `LimitExceeded` beyond
    /// 25 million pixels.
    fn new(
        width: u32,
        height: u32,
        #[arg(default = "rgb")] mode: &str,
        fill: Option<Vec<u8>>,
    ) -> Result<Self> {
        let mode = chosen("mode", mode, MODES)?;
        let fill = fill.unwrap_or_else(|| vec![0; mode.channels()]);
        if fill.len() != mode.channels() {
            return Err(Error::value(format!(
                "a colour in the mode {:?} has {} numbers, and this has {}",
                mode.name(),
                mode.channels(),
                fill.len()
            )));
        }
        check_size("this would be a picture of", width, height, MAX_PIXELS)?;
        let pixels = width as usize * height as usize;
        check_memory("a picture of", width, height, (pixels * fill.len()) as u64)?;
        Image::made(mode, width, height, fill.repeat(pixels))
    }

    /// A picture of the numbers in an array of bytes, as `pixels()` gives it: of shape [height, width, channels], where
    /// the channels are those of `l`, `la`, `rgb` or `rgba`, or of shape [height, width], which is grey.
    fn from_pixels(pixels: Array<u8>) -> Result<Self> {
        let (height, width, channels) = match *pixels.shape() {
            [height, width] => (height, width, 1),
            [height, width, channels] => (height, width, channels),
            _ => return Err(no_picture(pixels.shape())),
        };
        let mode = Mode::with_channels(channels).ok_or_else(|| no_picture(pixels.shape()))?;
        match (u32::try_from(width), u32::try_from(height)) {
            (Ok(width @ 1..), Ok(height @ 1..)) => {
                Image::made(mode, width, height, pixels.into_vec())
            }
            _ => Err(no_picture(pixels.shape())),
        }
    }

    /// Its width in pixels.
    #[getter]
    fn width(&self) -> u32 {
        self.0.width()
    }

    /// Its height in pixels.
    #[getter]
    fn height(&self) -> u32 {
        self.0.height()
    }

    /// Its channels: "l" (grey), "la" (grey and opacity), "rgb" or "rgba".
    #[getter]
    fn mode(&self) -> &'static str {
        self.kind().name()
    }

    /// The picture in another size, in pixels. A side that is left out follows from the proportions.
    ///
    /// Filters, from fast to fine: nearest, triangle, catmullrom, gaussian (blurs), lanczos3. Raises `LimitExceeded` when
    /// the result would have more than `max_pixels` pixels.
    fn resize(
        &self,
        width: Option<u32>,
        height: Option<u32>,
        #[arg(default = "lanczos3")] filter: &str,
        #[arg(default = 25_000_000)] max_pixels: u64,
    ) -> Result<Image> {
        let filter = chosen("filter", filter, FILTERS)?;
        let size = scale::wanted(&self.0, width, height)?;
        scale::resize(&self.0, size, filter, max_pixels).map(Image)
    }

    /// The picture fitted into a square of `size` pixels. It keeps its proportions and is never enlarged; faster than
    /// `resize` where the picture is large.
    fn thumbnail(&self, size: u32) -> Result<Image> {
        scale::thumbnail(&self.0, size).map(Image)
    }

    /// The part of the picture whose upper left corner is at `x`, `y`, in pixels. It must lie in the picture.
    fn crop(&self, x: u32, y: u32, width: u32, height: u32) -> Result<Image> {
        let (own_width, own_height) = (self.0.width(), self.0.height());
        let fits =
            |start: u32, length, all| start.checked_add(length).is_some_and(|end| end <= all);
        if width == 0 || height == 0 {
            return Err(Error::value(format!(
                "a part of {width}x{height} pixels is no picture: it has at least one each way"
            )));
        }
        if !fits(x, width, own_width) || !fits(y, height, own_height) {
            return Err(Error::value(format!(
                "a part of {width}x{height} pixels at ({x}, {y}) does not lie in a picture of {own_width}x{own_height}"
            )));
        }
        Ok(Image(self.0.crop_imm(x, y, width, height)))
    }

    /// The picture turned clockwise, by a multiple of 90 degrees, also a negative one.
    fn rotate(&self, degrees: i64) -> Result<Image> {
        Ok(Image(match degrees.rem_euclid(360) {
            0 => self.0.clone(),
            90 => self.0.rotate90(),
            180 => self.0.rotate180(),
            270 => self.0.rotate270(),
            _ => {
                return Err(Error::value(format!(
                    "a picture can be turned by multiples of 90 degrees, not by {degrees}"
                )));
            }
        }))
    }

    /// The picture as in a mirror: "horizontal" swaps left and right, "vertical" top and bottom.
    fn flip(&self, #[arg(default = "horizontal")] direction: &str) -> Result<Image> {
        const DIRECTIONS: &[(&str, Direction)] = &[
            ("horizontal", Direction::Horizontal),
            ("vertical", Direction::Vertical),
        ];
        Ok(Image(match chosen("direction", direction, DIRECTIONS)? {
            Direction::Horizontal => self.0.fliph(),
            Direction::Vertical => self.0.flipv(),
        }))
    }

    /// The picture in another mode: "l", "la", "rgb" or "rgba".
    ///
    /// Where that has no opacity and this picture has, it lies on `background` ([red, green, blue] or [grey], each 0 to
    /// 255), by default on white.
    fn convert(&self, mode: &str, background: Option<Vec<u8>>) -> Result<Image> {
        let mode = chosen("mode", mode, MODES)?;
        let background = mode::background(background)?;
        let picture = self.0.clone();
        Ok(Image(match mode.has_alpha() {
            true => mode.convert(picture),
            false => mode.convert(flatten(picture, background)),
        }))
    }

    /// This picture with another one on top, whose upper left corner is at `x`, `y`, which may lie outside. Where the
    /// other is transparent, this one shows through.
    fn overlay(
        &self,
        picture: Shared<Image>,
        #[arg(default = 0)] x: i64,
        #[arg(default = 0)] y: i64,
    ) -> Result<Image> {
        let mode = self.kind();
        let mut below = self.0.clone();
        // The crate mixes pixels of one type, so both have colours and opacity.
        let mut canvas = below.to_rgba8();
        imageops::overlay(&mut canvas, &picture.borrow()?.0.to_rgba8(), x, y);
        below = DynamicImage::ImageRgba8(canvas);
        Ok(Image(mode.convert(below)))
    }

    /// The pixels as an array of bytes of shape [height, width, channels].
    fn pixels(&self) -> Result<Array<u8>> {
        let (width, height) = self.0.dimensions();
        let shape = [height as usize, width as usize, self.kind().channels()];
        Array::new(shape, self.0.as_bytes().to_vec())
    }

    /// The bytes of a file: "png", "jpeg" or "webp".
    ///
    /// `quality` is for JPEG, 1 to 100, by default 85; PNG and WebP files are without loss. JPEG knows no transparency: it
    /// lies on white there, `convert` can put it on something else. Raises `ValueError` for an unknown format, a quality
    /// that means nothing, and a picture too large for the format.
    fn encode(&self, #[arg(default = "png")] format: &str, quality: Option<u8>) -> Result<Bytes> {
        encode::encode(&self.0, encode::format(format)?, quality).map(Bytes::from)
    }

    /// Writes a file into a directory that the plugin was granted. The format is that of the path's ending, unless
    /// `format` names another; it and `quality` are those of `encode`. A file that is there is replaced.
    fn save(&self, path: &str, format: Option<String>, quality: Option<u8>) -> Result<()> {
        let name = match format.as_deref().or_else(|| files::extension(path)) {
            Some(name) => name,
            None => {
                return Err(Error::value(format!(
                    "{path:?} does not end in a format: write .png, .jpg or .webp, or pass format=\"png\""
                )));
            }
        };
        let bytes = encode::encode(&self.0, encode::format(name)?, quality)?;
        files::write(path, &bytes)
    }

    /// Whether both have the same size, mode and pixels.
    fn __eq__(&self, other: Value) -> Result<bool> {
        match other {
            Value::Object(proxy) => match proxy.downcast::<Image>() {
                Some(other) => Ok(self.0 == other.borrow()?.0),
                None => Ok(false),
            },
            _ => Ok(false),
        }
    }

    /// As in `rgb picture of 640x480`.
    fn __str__(&self) -> String {
        format!(
            "{} picture of {}x{}",
            self.mode(),
            self.width(),
            self.height()
        )
    }

    #[value]
    fn to_data(&self) -> Result<Array<u8>> {
        self.pixels()
    }
}

impl Image {
    fn kind(&self) -> Mode {
        Mode::of(self.0.color())
    }

    /// A picture of bytes, as many as it has.
    fn made(mode: Mode, width: u32, height: u32, bytes: Vec<u8>) -> Result<Image> {
        let length = bytes.len();
        mode.picture(width, height, bytes)
            .map(Image)
            .ok_or_else(|| {
                Error::value(format!(
                    "{length} bytes are no {} picture of {width}x{height}",
                    mode.name()
                ))
            })
    }
}

impl From<DynamicImage> for Image {
    fn from(pixels: DynamicImage) -> Image {
        Image(pixels)
    }
}

#[cold]
fn no_picture(shape: &[usize]) -> Error {
    Error::value(format!(
        "an array of shape {shape:?} is no picture: expected [height, width] or [height, width, channels] with 1 to 4 \
         channels and at least one pixel"
    ))
}
