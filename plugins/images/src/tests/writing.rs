//! Encoding.

use locum_guest::{Bytes, Kind, Proxy, Value, args};

use super::*;

#[test]
fn what_is_written_without_loss_comes_back_as_it_was() {
    run(|images| {
        for (mode, fill) in [
            ("l", vec![7]),
            ("la", vec![7, 9]),
            ("rgb", vec![1, 2, 3]),
            ("rgba", vec![1, 2, 3, 4]),
        ] {
            let picture: Proxy = images.call("Image", (5, 3, mode, fill))?;
            let back: Proxy = images.call("decode", (picture.call::<Bytes>("encode", ())?,))?;
            assert!(back.eq(&picture)?, "png, {mode}");
            let webp: Bytes = picture.call("encode", ("webp",))?;
            let back: Proxy = images.call("decode", (webp,))?;
            // WebP knows no grey.
            let back: Proxy = back.call("convert", (mode,))?;
            assert!(back.eq(&picture)?, "webp, {mode}");
        }
        Ok(())
    });
}

#[test]
fn a_jpeg_of_less_quality_is_smaller() {
    run(|images| {
        let picture = image_of(images, &gradient(200, 100))?;
        let length = |quality: u8| -> Result<usize> {
            let file: Bytes = picture.call("encode", ("jpeg", quality))?;
            Ok(file.len())
        };
        assert!(length(10)? < length(95)?);
        let usual: Bytes = picture.call("encode", ("JPG",))?;
        assert_eq!(usual.len(), length(85)?);
        Ok(())
    });
}

#[test]
fn what_is_transparent_is_white_in_a_jpeg() {
    run(|images| {
        let clear: Proxy = images.call("Image", (8, 8, "rgba"))?;
        let jpeg: Bytes = clear.call("encode", ("jpeg",))?;
        let back: Proxy = images.call("decode", (jpeg,))?;
        assert_eq!(at(&back, 4, 4)?, [255, 255, 255]);
        Ok(())
    });
}

#[test]
fn what_a_format_can_not_do_is_said() {
    run(|images| {
        let picture = image_of(images, &gradient(4, 4))?;
        let table = [
            (
                says(&picture, "encode", ("gif",)),
                "there is no format \"gif\"; there are png, jpeg, webp",
            ),
            (
                says(&picture, "encode", ("jpeg", 0)),
                "the quality of a JPEG file is 1 to 100, not 0",
            ),
            (
                says(&picture, "encode", ("jpeg", 101)),
                "the quality of a JPEG file is 1 to 100, not 101",
            ),
            (
                says(&picture, "encode", ("png", 50)),
                "PNG files are written without loss, so they have no quality: leave it out, or make a JPEG file",
            ),
        ];
        for (said, expected) in table {
            assert_eq!(said, format!("ValueError: {expected}"));
        }
        let long: Proxy = images.call("Image", (20_000, 1))?;
        assert_eq!(
            says(&long, "encode", ("webp",)),
            "ValueError: a WebP file has at most 16383 pixels each way, and this picture has 20000x1; resize it first"
        );
        long.call::<Bytes>("encode", ("jpeg",)).map(drop)
    });
}

#[test]
fn the_largest_side_of_each_format_can_be_written_and_read() {
    run(|images| {
        for (format, side) in [("webp", 16_383), ("jpeg", 65_535)] {
            let long: Proxy = images.call("Image", (side, 1, "rgb", [9, 9, 9]))?;
            let file: Bytes = long.call("encode", (format,))?;
            let back: Proxy = images.call("decode", (file,))?;
            assert_eq!(size(&back)?, (side, 1));
        }
        Ok(())
    });
}

#[test]
fn a_thumbnail_is_a_file_of_the_format_that_was_asked_for() {
    run(|images| {
        let photo = png(&gradient(300, 200));
        for format in ["jpeg", "png", "webp"] {
            let small: Bytes =
                images.call("thumbnail", args!(photo.clone(), 60, format = format))?;
            let info: Value = images.call("info", (small,))?;
            let told = locum_guest::ops::repr(&info)?;
            assert!(
                told.starts_with(&format!(
                    "{{'format': '{format}', 'width': 60, 'height': 40,"
                )),
                "{told}"
            );
        }
        let error = fails(
            images,
            "thumbnail",
            args!(photo.clone(), 60, format = "tiff"),
        );
        assert_eq!(error.kind(), Kind::ValueError);
        assert!(says(images, "thumbnail", args!(photo, 0)).contains("its size is 0"));
        Ok(())
    });
}
