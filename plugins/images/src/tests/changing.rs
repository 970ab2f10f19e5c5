//! The methods that give another picture.

use image::DynamicImage;
use locum_guest::{Array, Kind, Proxy, Result, args};

use super::*;

#[test]
fn a_side_that_is_left_out_follows_from_the_proportions() {
    run(|images| {
        let picture = image_of(images, &gradient(40, 30))?;
        let resized = |width: Option<u32>, height: Option<u32>| -> Result<(u32, u32)> {
            size(&picture.call("resize", (width, height))?)
        };
        assert_eq!(resized(Some(20), None)?, (20, 15));
        assert_eq!(resized(None, Some(60))?, (80, 60));
        assert_eq!(resized(Some(7), Some(9))?, (7, 9));
        assert_eq!(resized(Some(1), None)?, (1, 1), "never less than one pixel");
        let by_name: Proxy = picture.call("resize", args!(height = 15))?;
        assert_eq!(size(&by_name)?, (20, 15));
        assert_eq!(size(&picture)?, (40, 30), "the picture stays as it is");
        let said = says(&picture, "resize", ());
        assert_eq!(
            said,
            "TypeError: a width, a height or both are needed: resize(width=320)"
        );
        Ok(())
    });
}

#[test]
fn every_filter_keeps_an_even_colour() {
    run(|images| {
        let even: Proxy = images.call("Image", (40, 30, "rgb", [200, 100, 50]))?;
        for filter in ["nearest", "triangle", "catmullrom", "gaussian", "LANCZOS3"] {
            for width in [7, 90] {
                let resized: Proxy = even.call("resize", args!(width = width, filter = filter))?;
                assert_eq!(at(&resized, 3, 3)?, [200, 100, 50], "{filter}");
            }
        }
        let said = says(&even, "resize", args!(width = 9, filter = "bicubic"));
        assert_eq!(
            said,
            "ValueError: there is no filter \"bicubic\"; there are nearest, triangle, catmullrom, gaussian, lanczos3"
        );
        Ok(())
    });
}

#[test]
fn a_picture_does_not_grow_beyond_the_limit() {
    run(|images| {
        let picture = image_of(images, &gradient(4, 4))?;
        let error = fails(&picture, "resize", (100_000,));
        assert_eq!(error.kind(), Kind::LimitExceeded);
        assert!(
            error
                .message()
                .starts_with("resizing would make 100000x100000 pixels"),
            "{error}"
        );
        let said = says(&picture, "resize", (0, 5));
        assert_eq!(
            said,
            "ValueError: resizing would make 0x5 pixels, and a picture has at least one each way"
        );
        let error = fails(images, "Image", (1 << 20, 1 << 20));
        assert_eq!(error.kind(), Kind::LimitExceeded);
        let wide = args!(
            width = 1u32 << 31,
            height = 1u32 << 31,
            max_pixels = u64::MAX
        );
        assert_eq!(fails(&picture, "resize", wide).type_name(), "MemoryError");
        Ok(())
    });
}

#[test]
fn the_colours_of_what_is_invisible_do_not_show_when_it_shrinks() {
    run(|images| {
        // Opaque white beside black that is fully transparent.
        let picture = DynamicImage::ImageRgba8(image::RgbaImage::from_fn(64, 64, |x, _| {
            image::Rgba(if x < 31 { [255; 4] } else { [0; 4] })
        }));
        let picture = image_of(images, &picture)?;
        for small in [
            picture.call::<Proxy>("resize", (16,))?,
            picture.call("thumbnail", (4,))?,
        ] {
            let pixels: Array<u8> = small.call("pixels", ())?;
            for pixel in pixels.as_slice().chunks(4).filter(|pixel| pixel[3] > 8) {
                assert!(pixel[0] > 245, "no dark rim: {pixel:?}");
            }
        }
        Ok(())
    });
}

#[test]
fn a_thumbnail_fits_and_is_never_enlarged() {
    run(|images| {
        let table = [
            ((300, 200), 64, (64, 43)),
            ((200, 300), 64, (43, 64)),
            ((1000, 2), 50, (50, 1)),
            ((30, 20), 64, (30, 20)),
            ((65, 64), 64, (64, 63)),
        ];
        for ((width, height), side, expected) in table {
            let picture = image_of(images, &gradient(width, height))?;
            assert_eq!(
                size(&picture.call("thumbnail", (side,))?)?,
                expected,
                "{width}x{height}"
            );
        }
        let picture = image_of(images, &gradient(8, 8))?;
        assert!(
            says(&picture, "thumbnail", (0,))
                .starts_with("ValueError: a thumbnail has at least one")
        );
        Ok(())
    });
}

#[test]
fn a_thumbnail_looks_like_what_a_filter_makes_of_the_whole() {
    run(|images| {
        let picture = image_of(images, &gradient(50, 36))?;
        let large: Proxy = picture.call("resize", (1000,))?;
        let fast: Array<u8> = large
            .call::<Proxy>("thumbnail", (50,))?
            .call("pixels", ())?;
        let slow: Array<u8> = large.call::<Proxy>("resize", (50,))?.call("pixels", ())?;
        assert_eq!(fast.shape(), slow.shape());
        assert!(
            fast.iter()
                .zip(slow.iter())
                .all(|(a, b)| a.abs_diff(b) <= 8)
        );
        Ok(())
    });
}

#[test]
fn a_part_is_cut_out_where_it_was_said_and_lies_in_the_picture() {
    run(|images| {
        let picture = image_of(images, &gradient(40, 30))?;
        let part: Proxy = picture.call("crop", (10, 5, 30, 25))?;
        assert_eq!(
            (size(&part)?, at(&part, 0, 0)?),
            ((30, 25), at(&picture, 10, 5)?)
        );
        let said = says(&picture, "crop", (11, 5, 30, 25));
        assert_eq!(
            said,
            "ValueError: a part of 30x25 pixels at (11, 5) does not lie in a picture of 40x30"
        );
        for outside in [
            (0, 6, 1, 25),
            (u32::MAX, 0, 2, 1),
            (41, 0, 1, 1),
            (0, 0, 0, 1),
        ] {
            assert_eq!(fails(&picture, "crop", outside).kind(), Kind::ValueError);
        }
        Ok(())
    });
}

#[test]
fn turning_and_flipping_put_each_corner_where_it_belongs() {
    run(|images| {
        let picture = image_of(images, &gradient(4, 3))?;
        let corner = at(&picture, 0, 0)?;
        let turned = |degrees: i64| picture.call::<Proxy>("rotate", (degrees,));
        assert_eq!(at(&turned(90)?, 2, 0)?, corner, "clockwise");
        assert_eq!(at(&turned(-90)?, 0, 3)?, corner);
        assert_eq!(at(&turned(540)?, 3, 2)?, corner);
        assert!(picture.eq(&turned(720)?)?);
        assert_eq!(
            says(&picture, "rotate", (45,)),
            "ValueError: a picture can be turned by multiples of 90 degrees, not by 45"
        );
        let mirrored: Proxy = picture.call("flip", ())?;
        assert_eq!(at(&mirrored, 3, 0)?, corner);
        let upended: Proxy = picture.call("flip", ("vertical",))?;
        assert_eq!(at(&upended, 0, 2)?, corner);
        assert_eq!(
            says(&picture, "flip", ("x",)),
            "ValueError: there is no direction \"x\"; there are horizontal, vertical"
        );
        Ok(())
    });
}

#[test]
fn modes_are_converted_and_what_was_transparent_lies_on_the_background() {
    run(|images| {
        let clear: Proxy = images.call("Image", (2, 2, "rgba", [200, 0, 0, 0]))?;
        let converted = |object: &Proxy, mode: &str| -> Result<Vec<u8>> {
            at(&object.call("convert", (mode,))?, 0, 0)
        };
        assert_eq!(converted(&clear, "rgb")?, [255, 255, 255]);
        assert_eq!(converted(&clear, "l")?, [255]);
        assert_eq!(converted(&clear, "la")?[1], 0);
        let on_blue: Proxy = clear.call("convert", args!("rgb", background = [0, 0, 255]))?;
        assert_eq!(at(&on_blue, 1, 1)?, [0, 0, 255]);
        let half: Proxy = images.call("Image", (1, 1, "la", [0, 128]))?;
        assert_eq!(converted(&half, "l")?, [127]);
        let on_grey: Proxy = half.call("convert", args!("l", background = [100]))?;
        assert_eq!(at(&on_grey, 0, 0)?, [50]);
        let grey: Proxy = images.call("Image", (1, 1, "l", [7]))?;
        assert_eq!(converted(&grey, "rgba")?, [7, 7, 7, 255]);
        let said = says(&grey, "convert", ("cmyk",));
        assert_eq!(
            said,
            "ValueError: there is no mode \"cmyk\"; there are l, la, rgb, rgba"
        );
        let said = says(&grey, "convert", args!("rgb", background = [1, 2]));
        assert!(
            said.ends_with("each 0 to 255, and this has 2 numbers"),
            "{said}"
        );
        Ok(())
    });
}

#[test]
fn a_picture_is_laid_over_another_as_far_as_it_reaches() {
    run(|images| {
        let below: Proxy = images.call("Image", (4, 4, "rgb", [10, 20, 30]))?;
        let above: Proxy = images.call("Image", (2, 2, "rgba", [250, 0, 0, 255]))?;
        let both: Proxy = below.call("overlay", (&above, 3, -1))?;
        assert_eq!(both.get::<String>("mode")?, "rgb");
        assert_eq!(
            (at(&both, 3, 0)?, at(&both, 2, 0)?),
            (vec![250, 0, 0], vec![10, 20, 30])
        );
        assert_eq!((at(&both, 3, 1)?, size(&both)?), (vec![10, 20, 30], (4, 4)));
        let itself: Proxy = below.call("overlay", (&below,))?;
        assert!(itself.eq(&below)?);
        below
            .call::<Proxy>("overlay", (&above, i64::MAX, i64::MIN))
            .map(drop)
    });
}

#[test]
fn pixels_go_out_and_come_back() {
    run(|images| {
        let picture = image_of(images, &gradient(5, 3))?;
        let pixels: Array<u8> = picture.call("pixels", ())?;
        assert_eq!(pixels.shape(), [3, 5, 3]);
        let back: Proxy = images.at("Image").call("from_pixels", (pixels.clone(),))?;
        assert!(back.eq(&picture)?);
        assert_eq!(picture.value::<Array<u8>>()?.as_slice(), pixels.as_slice());
        let grey = Array::new([2, 3], vec![1u8, 2, 3, 4, 5, 6])?;
        let grey: Proxy = images.at("Image").call("from_pixels", (grey,))?;
        assert_eq!(
            (grey.get::<String>("mode")?, size(&grey)?),
            ("l".to_owned(), (3, 2))
        );
        assert_eq!(at(&grey, 2, 1)?, [6]);
        for shape in [&[6][..], &[1, 1, 6], &[0, 4, 3], &[1, 2, 3, 1]] {
            let array = Array::new(shape, vec![0u8; shape.iter().product()])?;
            let said = says(&images.at("Image"), "from_pixels", (array,));
            assert!(said.starts_with(&format!(
                "ValueError: an array of shape {shape:?} is no picture"
            )));
        }
        Ok(())
    });
}

#[test]
fn pictures_are_equal_by_what_they_show() {
    run(|images| {
        let [one, same] = [
            image_of(images, &gradient(5, 3))?,
            image_of(images, &gradient(5, 3))?,
        ];
        assert!(one.eq(&same)?);
        assert!(!one.eq(&same.call::<Proxy>("rotate", (180,))?)?);
        assert!(!one.eq(&same.call::<Proxy>("convert", ("rgba",))?)?);
        assert!(!one.eq(5)?);
        assert_eq!(one.call::<String>("__str__", ())?, "rgb picture of 5x3");
        Ok(())
    });
}

#[test]
fn a_colour_has_as_many_numbers_as_the_mode_has_channels() {
    run(|images| {
        let black: Proxy = images.call("Image", (2, 1))?;
        assert_eq!(at(&black, 1, 0)?, [0, 0, 0]);
        let said = says(images, "Image", (2, 1, "rgba", [1, 2, 3]));
        assert_eq!(
            said,
            "ValueError: a colour in the mode \"rgba\" has 4 numbers, and this has 3"
        );
        assert!(says(images, "Image", (0, 1)).contains("this would be a picture of 0x1 pixels"));
        Ok(())
    });
}
