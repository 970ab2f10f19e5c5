use locum_guest::{Bytes, Value};

use super::{after, answer, run, shown};

#[test]
fn p04_a_value_is_got_and_set() {
    run(|it| {
        let value = it.make("Value", ("i", 5))?;
        assert_eq!(value.to_string(), "Value('i', 5)");
        assert_eq!(value.get::<i64>("value")?, 5);
        value.set("value", 6)?;
        assert_eq!(answer(&value, "get", ()), "6");
        assert_eq!(after(&value, "set", (7.0,)), "Value('i', 7)");
        assert_eq!(value.get::<String>("typecode")?, "i");
        assert_eq!(value.value::<i64>()?, 7);
        assert_eq!(
            after(&value, "set", (1i64 << 31,)),
            "OverflowError: signed integer is greater than maximum"
        );
        assert_eq!(
            after(&value, "set", ("x",)),
            "TypeError: 'text' object cannot be interpreted as an integer"
        );
        assert_eq!(value.get::<i64>("value")?, 7);
        Ok(())
    });
}

#[test]
fn every_typecode_has_its_range() {
    run(|it| {
        for (code, low, high) in [
            ("b", -(1i128 << 7), (1i128 << 7) - 1),
            ("B", 0, (1 << 8) - 1),
            ("h", -(1 << 15), (1 << 15) - 1),
            ("H", 0, (1 << 16) - 1),
            ("i", -(1 << 31), (1 << 31) - 1),
            ("I", 0, (1 << 32) - 1),
            ("l", -(1 << 63), (1 << 63) - 1),
            ("L", 0, (1 << 64) - 1),
            ("q", -(1 << 63), (1 << 63) - 1),
            ("Q", 0, (1 << 64) - 1),
        ] {
            for edge in [low, high, 0] {
                assert_eq!(it.make("Value", (code, edge))?.value::<i128>()?, edge);
            }
            for (outside, how) in [
                (low - 1, "less than minimum"),
                (high + 1, "greater than maximum"),
            ] {
                let error = it.make("Value", (code, outside)).unwrap_err();
                assert_eq!(error.type_name(), "OverflowError");
                assert!(error.message().ends_with(how));
            }
        }
        Ok(())
    });
}

#[test]
fn floats_characters_and_bytes_are_those_of_c() {
    run(|it| {
        let made = |code: &str, value: Value| {
            shown(
                it.make("Value", (code, value))
                    .and_then(|made| made.get("value")),
            )
        };
        assert_eq!(made("d", 1i64.into()), "1.0");
        assert_eq!(made("d", 0.1.into()), "0.1");
        assert_eq!(made("f", 0.1.into()), "0.10000000149011612");
        assert_eq!(made("f", 1e300.into()), "inf");
        assert_eq!(
            made("d", "x".into()),
            "TypeError: must be real number, not text"
        );
        assert_eq!(
            made("i", 1.5.into()),
            "TypeError: 'float' object cannot be interpreted as an integer"
        );
        assert_eq!(made("i", true.into()), "1");
        assert_eq!(made("u", "é".into()), "'é'");
        assert_eq!(
            made("u", "ab".into()),
            "TypeError: array item must be unicode character"
        );
        assert_eq!(made("c", Bytes::from(b"x").into()), "b'x'");
        assert_eq!(made("c", 65i64.into()), "b'A'");
        assert!(made("c", 256i64.into()).starts_with("TypeError: one character bytes"));
        assert_eq!(
            made("z", 1i64.into()),
            "ValueError: bad typecode (must be one of b, B, u, h, H, i, I, l, L, q, Q, f, d, c)"
        );
        assert!(made("", 1i64.into()).starts_with("ValueError: bad typecode"));
        Ok(())
    });
}
