//! Files that were made to do harm, or were broken on their way.

use image::ImageFormat;
use locum_guest::{Bytes, Kind, Proxy, Value, args};

use super::*;

/// One file of each kind of decoder.
fn samples() -> Vec<(&'static str, Vec<u8>)> {
    let gradient = gradient(48, 32);
    vec![
        ("png", png(&gradient).to_vec()),
        ("palette png", PALETTE_PNG.to_vec()),
        ("jpeg", file(&gradient, ImageFormat::Jpeg).to_vec()),
        ("progressive jpeg", PROGRESSIVE_JPEG.to_vec()),
        ("cmyk jpeg", CMYK_JPEG.to_vec()),
        (
            "jpeg with exif",
            with_orientation(PROGRESSIVE_JPEG, 6).to_vec(),
        ),
        ("lossless webp", file(&gradient, ImageFormat::WebP).to_vec()),
        ("lossy webp", LOSSY_WEBP.to_vec()),
        ("webp with alpha", ALPHA_WEBP.to_vec()),
        ("animated webp", ANIMATED_WEBP.to_vec()),
    ]
}

/// Decodes it in every way. Giving an error is fine, panicking is not: that would end the plugin.
fn survive(images: &Proxy, what: &str, data: &[u8]) {
    let limits = args!(Bytes::from(data), max_pixels = 1_000_000, orient = true);
    let results = [
        images.call::<Proxy>("decode", limits).map(drop),
        images.call::<Value>("info", (Bytes::from(data),)).map(drop),
    ];
    for error in results.into_iter().filter_map(Result::err) {
        let expected = matches!(
            error.type_name(),
            "ImageError" | "LimitExceeded" | "ValueError" | "MemoryError"
        );
        assert!(expected, "{what}: {error:?}");
        assert!(error.message().len() < 400, "{what}: {error}");
    }
}

#[test]
fn a_file_that_claims_more_pixels_than_the_limit_is_refused_before_it_costs_anything() {
    run(|images| {
        let bomb = png_that_claims(100_000, 100_000);
        let error = fails(images, "decode", (bomb.clone(),));
        assert_eq!(error.kind(), Kind::LimitExceeded);
        assert_eq!(
            error.message(),
            "the PNG file claims 100000x100000 pixels, 10000000000 in all, and the limit is 25000000; \
             pass max_pixels=10000000000 if you do want that"
        );
        assert_eq!(
            fails(images, "thumbnail", (bomb, 64)).kind(),
            Kind::LimitExceeded
        );
        let small = png(&gradient(11, 10));
        assert_eq!(
            fails(images, "decode", (small.clone(), 109)).kind(),
            Kind::LimitExceeded
        );
        images.call::<Proxy>("decode", (small, 110)).map(drop)
    });
}

#[test]
fn a_jpeg_of_the_largest_size_that_there_is_is_refused_too() {
    run(|images| {
        let mut bomb = file(&gradient(48, 32), ImageFormat::Jpeg).to_vec();
        let frame = bomb.windows(2).position(|it| it == [0xff, 0xc0]).unwrap();
        bomb[frame + 5..frame + 9].fill(0xff);
        let said = says(images, "decode", (Bytes::from(bomb),));
        assert!(
            said.starts_with("LimitExceeded: the JPEG file claims 65535x65535 pixels"),
            "{said}"
        );
        Ok(())
    });
}

#[test]
fn a_limit_that_was_raised_beyond_all_memory_gives_an_error_too() {
    run(|images| {
        for side in [0x7fff_ffff, 1_000_000] {
            let bomb = png_that_claims(side, side);
            let said = says(images, "decode", args!(bomb.clone(), max_pixels = u64::MAX));
            assert!(
                said.starts_with(&format!(
                    "MemoryError: decoding {side}x{side} pixels takes about"
                )),
                "{said}"
            );
            assert!(
                said.ends_with("(Limits::memory_bytes, --max-memory)"),
                "{said}"
            );
            let info: Value = images.call("info", (bomb,))?;
            assert!(
                locum_guest::ops::repr(&info)?.contains(&format!("'width': {side}, ")),
                "{info:?}"
            );
        }
        Ok(())
    });
}

#[test]
fn a_webp_part_that_is_larger_than_its_file_claims_counts_as_large_as_it_is() {
    run(|images| {
        // A canvas of 48x32, as in the original, and in it a frame of 16383x16383.
        let mut bomb = ALPHA_WEBP.to_vec();
        let frame = bomb.windows(4).position(|it| it == b"VP8 ").unwrap() + 8;
        bomb[frame + 6..frame + 10].copy_from_slice(&[0xff, 0x3f, 0xff, 0x3f]);
        let info: Value = images.call("info", (Bytes::from(bomb.clone()),))?;
        assert!(
            locum_guest::ops::repr(&info)?.contains("'width': 48"),
            "{info:?}"
        );
        let said = says(images, "decode", (Bytes::from(bomb),));
        assert!(
            said.starts_with("LimitExceeded: the WebP file claims 16383x16383 pixels"),
            "{said}"
        );
        Ok(())
    });
}

#[test]
fn a_webp_chunk_that_is_longer_than_the_file_is_not_allocated() {
    run(|images| {
        let mut bomb = ALPHA_WEBP.to_vec();
        bomb.extend_from_slice(b"EXIF\xf0\xff\xff\xff");
        let size = (bomb.len() as u32 - 8).to_le_bytes();
        bomb[4..8].copy_from_slice(&size);
        let said = "ImageError: the WebP file is broken: its chunk \"EXIF\" claims 4294967280 bytes and 0 are left, \
                    so it may have been cut off";
        assert_eq!(says(images, "decode", (Bytes::from(bomb.clone()),)), said);
        assert_eq!(says(images, "info", (Bytes::from(bomb),)), said);
        Ok(())
    });
}

#[test]
fn a_file_that_was_cut_off_says_so() {
    run(|images| {
        let whole = png(&gradient(48, 32));
        let cut = Bytes::from(&whole[..whole.len() / 2]);
        let said = says(images, "decode", (cut,));
        assert!(
            said.starts_with("ImageError: the PNG file (48x32) is broken: "),
            "{said}"
        );
        let said = says(images, "decode", (Bytes::from(&whole[..20]),));
        assert!(
            said.starts_with("ImageError: the PNG file is broken: "),
            "{said}"
        );
        let said = says(images, "decode", (Bytes::from(&LOSSY_WEBP[..100]),));
        assert!(said.ends_with("so it may have been cut off"), "{said}");
        let said = says(images, "decode", (Bytes::from(&PROGRESSIVE_JPEG[..100]),));
        assert!(
            said.starts_with("ImageError: the JPEG file is broken: "),
            "{said}"
        );
        Ok(())
    });
}

#[test]
fn every_prefix_of_a_file_gives_an_error_or_a_picture() {
    run(|images| {
        for (what, data) in samples() {
            for end in 0..data.len() {
                survive(images, &format!("{what}, {end} bytes of it"), &data[..end]);
            }
        }
        Ok(())
    });
}

#[test]
fn every_flipped_bit_gives_an_error_or_a_picture() {
    run(|images| {
        for (what, data) in samples() {
            for bit in 0..data.len() * 8 {
                let mut broken = data.clone();
                broken[bit / 8] ^= 1 << (bit % 8);
                survive(images, &format!("{what}, bit {bit} flipped"), &broken);
            }
        }
        Ok(())
    });
}

#[test]
fn random_damage_gives_an_error_or_a_picture() {
    run(|images| {
        // A generator of numbers that look random: the same ones in every run.
        let mut state = 0x9e37_79b9_7f4a_7c15u64;
        let mut next = |below: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 33) as usize % below
        };
        for (what, data) in samples() {
            for round in 0..500 {
                let mut broken = data.clone();
                for _ in 0..=next(8) {
                    let at = next(broken.len());
                    match next(4) {
                        0 => broken[at] = next(256) as u8,
                        1 => broken[at] = 0xff,
                        2 => drop(broken.drain(at..(at + next(9)).min(broken.len()))),
                        _ => broken.insert(at, next(256) as u8),
                    }
                    if broken.is_empty() {
                        break;
                    }
                }
                survive(images, &format!("{what}, round {round}"), &broken);
            }
        }
        Ok(())
    });
}
