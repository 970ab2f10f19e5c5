//! What files are read, and what is said of them.

use std::collections::BTreeMap;

use image::{DynamicImage, ImageFormat};
use locum_guest::{Array, Bytes, Proxy, Result, Value, args};

use super::*;

/// Whether two pictures look alike: no channel differs by more than `most` on average.
fn alike(images: &Proxy, picture: &Proxy, expected: &DynamicImage, most: f64) -> Result<bool> {
    let expected = image_of(images, expected)?;
    let [ours, theirs]: [Array<u8>; 2] =
        [picture.call("pixels", ())?, expected.call("pixels", ())?];
    assert_eq!(ours.shape(), theirs.shape());
    let differences = ours
        .iter()
        .zip(theirs.iter())
        .map(|(a, b)| f64::from(a.abs_diff(b)));
    Ok(differences.sum::<f64>() / ours.len() as f64 <= most)
}

#[test]
fn every_format_is_recognised_by_its_bytes_and_decoded() {
    run(|images| {
        let gradient = gradient(48, 32);
        let jpeg = file(&gradient, ImageFormat::Jpeg);
        let files: [(&str, &[u8], f64); 8] = [
            ("png", &png(&gradient), 0.0),
            ("webp", &file(&gradient, ImageFormat::WebP), 0.0),
            ("jpeg", &jpeg, 8.0),
            ("jpeg", PROGRESSIVE_JPEG, 8.0),
            ("jpeg", CMYK_JPEG, 8.0),
            ("webp", LOSSY_WEBP, 8.0),
            ("webp", ANIMATED_WEBP, 12.0),
            ("png", PALETTE_PNG, 24.0),
        ];
        for (at, (format, data, most)) in files.into_iter().enumerate() {
            let info: BTreeMap<String, Value> = images.call("info", (Bytes::from(data),))?;
            assert_eq!(info["format"], Value::from(format), "file {at}");
            assert_eq!(
                (&info["width"], &info["height"]),
                (&48.into(), &32.into()),
                "file {at}"
            );
            let picture: Proxy = images.call("decode", (Bytes::from(data),))?;
            assert_eq!(picture.get::<String>("mode")?, "rgb");
            assert!(
                alike(images, &picture, &gradient, most)?,
                "file {at}, {format}"
            );
        }
        Ok(())
    });
}

#[test]
fn transparency_is_kept() {
    run(|images| {
        let picture: Proxy = images.call("decode", (Bytes::from(ALPHA_WEBP),))?;
        assert_eq!(picture.get::<String>("mode")?, "rgba");
        assert!(at(&picture, 0, 0)?[3] < 10 && at(&picture, 0, 31)?[3] > 245);
        Ok(())
    });
}

#[test]
fn what_a_file_claims_is_told_without_decoding_it() {
    run(|images| {
        let info: Value = images.call("info", (png_that_claims(100_000, 90_000),))?;
        let told = "{'format': 'png', 'width': 100000, 'height': 90000, 'mode': 'rgba', 'bits': 8, 'orientation': 1, \
                    'animated': False}";
        assert_eq!(locum_guest::ops::repr(&info)?, told);
        let info: BTreeMap<String, Value> = images.call("info", (Bytes::from(ANIMATED_WEBP),))?;
        assert_eq!(info["animated"], Value::from(true));
        Ok(())
    });
}

#[test]
fn sixteen_bits_become_eight() {
    run(|images| {
        let deep = DynamicImage::ImageLuma16(image::ImageBuffer::from_fn(2, 1, |x, _| {
            image::Luma([0x1234 + x as u16 * 0x8000])
        }));
        let info: BTreeMap<String, Value> = images.call("info", (png(&deep),))?;
        assert_eq!((&info["bits"], &info["mode"]), (&16.into(), &"l".into()));
        let picture = image_of(images, &deep)?;
        assert_eq!(
            (at(&picture, 0, 0)?, at(&picture, 1, 0)?),
            (vec![0x12], vec![0x92])
        );
        Ok(())
    });
}

#[test]
fn the_orientation_of_a_photograph_is_applied_on_request() {
    run(|images| {
        // Red on the left, blue on the right.
        let stored =
            DynamicImage::ImageRgb8(image::RgbImage::from_fn(32, 16, |x, _| match x < 16 {
                true => image::Rgb([250, 0, 0]),
                false => image::Rgb([0, 0, 250]),
            }));
        let photo = with_orientation(&file(&stored, ImageFormat::Jpeg), 6);
        let info: BTreeMap<String, Value> = images.call("info", (photo.clone(),))?;
        assert_eq!(info["orientation"], Value::from(6));
        let as_stored: Proxy = images.call("decode", (photo.clone(),))?;
        assert_eq!(size(&as_stored)?, (32, 16));
        let upright: Proxy = images.call("decode", args!(photo.clone(), orient = true))?;
        assert_eq!(size(&upright)?, (16, 32));
        assert!(
            at(&upright, 8, 2)?[0] > 200 && at(&upright, 8, 29)?[2] > 200,
            "turned clockwise"
        );
        let small: Bytes = images.call("thumbnail", (photo.clone(), 8))?;
        let small: Proxy = images.call("decode", (small,))?;
        assert_eq!(size(&small)?, (4, 8), "thumbnails are upright");
        let small: Bytes = images.call("thumbnail", args!(photo, 8, orient = false))?;
        let small: Proxy = images.call("decode", (small,))?;
        assert_eq!(size(&small)?, (8, 4));
        Ok(())
    });
}

#[test]
fn all_eight_orientations_show_the_same_scene() {
    run(|images| {
        let scene = gradient(24, 16);
        for exif in 1..=8 {
            // Stored so that applying the orientation gives the scene.
            let mut stored = scene.clone();
            let inverse = match exif {
                6 => 8,
                8 => 6,
                other => other,
            };
            stored.apply_orientation(image::metadata::Orientation::from_exif(inverse).unwrap());
            let photo = with_orientation(&file(&stored, ImageFormat::Jpeg), exif);
            let upright: Proxy = images.call("decode", args!(photo, orient = true))?;
            assert!(alike(images, &upright, &scene, 8.0)?, "orientation {exif}");
        }
        Ok(())
    });
}

#[test]
fn what_is_no_picture_is_called_by_its_name() {
    run(|images| {
        let table: &[(&[u8], &str)] = &[
            (b"", "there are no bytes"),
            (b"GIF89a\x01\0\x01\0", "this is a GIF picture"),
            (b"BM\0\0\0\0", "this is a BMP picture"),
            (b"%PDF-1.7", "this is a PDF document"),
            (
                b"<svg xmlns='http://www.w3.org/2000/svg'/>",
                "this is an SVG drawing",
            ),
            (b"<!doctype html><title>404", "this is an HTML page"),
            (b"\0\0\0\x18ftypheic\0\0\0\0", "this is a HEIC picture"),
            (b"\0\0\0\x1cftypavif\0\0\0\0", "this is an AVIF picture"),
            (
                b"hello world",
                "these 11 bytes begin like no picture (68 65 6c 6c 6f 20 77 6f)",
            ),
            (b"x", "these 1 byte begin like no picture (78)"),
        ];
        for (data, found) in table {
            for name in ["decode", "info"] {
                let said = says(images, name, (Bytes::from(*data),));
                assert_eq!(
                    said,
                    format!("ImageError: {found}; PNG, JPEG and WebP can be read")
                );
            }
        }
        Ok(())
    });
}
