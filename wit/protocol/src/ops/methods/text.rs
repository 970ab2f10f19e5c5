//! The methods of a text.

use super::super::access::iterate;
use super::super::check_size;
use super::arguments::Arguments;
use super::{Method, letters, names, split};
use crate::{Bytes, Error, Result, Value};

type Run = fn(&str, Arguments) -> Result<Value>;

pub(super) const METHODS: &[Method<Run>] = &[
    Method {
        name: "upper",
        parameters: &[],
        required: 0,
        run: letters::upper,
    },
    Method {
        name: "lower",
        parameters: &[],
        required: 0,
        run: letters::lower,
    },
    Method {
        name: "title",
        parameters: &[],
        required: 0,
        run: letters::title,
    },
    Method {
        name: "capitalize",
        parameters: &[],
        required: 0,
        run: letters::capitalize,
    },
    Method {
        name: "swapcase",
        parameters: &[],
        required: 0,
        run: letters::swapcase,
    },
    Method {
        name: "isdigit",
        parameters: &[],
        required: 0,
        run: letters::isdigit,
    },
    Method {
        name: "isalpha",
        parameters: &[],
        required: 0,
        run: letters::isalpha,
    },
    Method {
        name: "isalnum",
        parameters: &[],
        required: 0,
        run: letters::isalnum,
    },
    Method {
        name: "isspace",
        parameters: &[],
        required: 0,
        run: letters::isspace,
    },
    Method {
        name: "split",
        parameters: &["separator", "maxsplit"],
        required: 0,
        run: split::split,
    },
    Method {
        name: "rsplit",
        parameters: &["separator", "maxsplit"],
        required: 0,
        run: split::rsplit,
    },
    Method {
        name: "splitlines",
        parameters: &["keepends"],
        required: 0,
        run: split::splitlines,
    },
    Method {
        name: "strip",
        parameters: &["characters"],
        required: 0,
        run: strip,
    },
    Method {
        name: "lstrip",
        parameters: &["characters"],
        required: 0,
        run: lstrip,
    },
    Method {
        name: "rstrip",
        parameters: &["characters"],
        required: 0,
        run: rstrip,
    },
    Method {
        name: "join",
        parameters: &["items"],
        required: 1,
        run: join,
    },
    Method {
        name: "replace",
        parameters: &["old", "new", "count"],
        required: 2,
        run: replace,
    },
    Method {
        name: "startswith",
        parameters: &["prefix", "start", "stop"],
        required: 1,
        run: startswith,
    },
    Method {
        name: "endswith",
        parameters: &["suffix", "start", "stop"],
        required: 1,
        run: endswith,
    },
    Method {
        name: "find",
        parameters: &["part", "start", "stop"],
        required: 1,
        run: find,
    },
    Method {
        name: "rfind",
        parameters: &["part", "start", "stop"],
        required: 1,
        run: rfind,
    },
    Method {
        name: "index",
        parameters: &["part", "start", "stop"],
        required: 1,
        run: index,
    },
    Method {
        name: "count",
        parameters: &["part", "start", "stop"],
        required: 1,
        run: count,
    },
    Method {
        name: "zfill",
        parameters: &["width"],
        required: 1,
        run: zfill,
    },
    Method {
        name: "center",
        parameters: &["width", "fill"],
        required: 1,
        run: center,
    },
    Method {
        name: "ljust",
        parameters: &["width", "fill"],
        required: 1,
        run: ljust,
    },
    Method {
        name: "rjust",
        parameters: &["width", "fill"],
        required: 1,
        run: rjust,
    },
    Method {
        name: "encode",
        parameters: &["encoding"],
        required: 0,
        run: encode,
    },
];

pub(super) const METHOD_NAMES: &[&str] = &names::<{ METHODS.len() }, Run>(METHODS);

fn strip(text: &str, mut arguments: Arguments) -> Result<Value> {
    let is_stripped = stripped(&mut arguments)?;
    Ok(text.trim_matches(is_stripped).into())
}

fn lstrip(text: &str, mut arguments: Arguments) -> Result<Value> {
    let is_stripped = stripped(&mut arguments)?;
    Ok(text.trim_start_matches(is_stripped).into())
}

fn rstrip(text: &str, mut arguments: Arguments) -> Result<Value> {
    let is_stripped = stripped(&mut arguments)?;
    Ok(text.trim_end_matches(is_stripped).into())
}

/// Which characters are taken off: those of the argument, or white space.
fn stripped(arguments: &mut Arguments) -> Result<impl Fn(char) -> bool + use<>> {
    let characters = arguments.optional_text(0)?.map(|text| {
        let mut characters: Vec<char> = text.chars().collect();
        characters.sort_unstable();
        characters
    });
    Ok(move |c| match &characters {
        Some(characters) => characters.binary_search(&c).is_ok(),
        None => letters::is_space(c),
    })
}

fn join(text: &str, mut arguments: Arguments) -> Result<Value> {
    let items = iterate(&arguments.value(0)).map_err(|error| arguments.explain(0, error))?;
    let mut parts = Vec::with_capacity(items.len());
    for (at, item) in items.iter().enumerate() {
        let Value::Text(part) = item else {
            return Err(arguments.unexpected(0, &format!("only texts (item {at})"), item));
        };
        parts.push(part.as_str());
    }
    let between = text.len().checked_mul(parts.len().saturating_sub(1));
    let size = between.and_then(|between| {
        parts
            .iter()
            .try_fold(between, |sum, part| sum.checked_add(part.len()))
    });
    check_size(size, "text.join")?;
    Ok(parts.join(text).into())
}

fn replace(text: &str, mut arguments: Arguments) -> Result<Value> {
    let (old, new, most) = (arguments.text(0)?, arguments.text(1)?, arguments.limit(2)?);
    let times = text.matches(&old).take(most).count();
    let size = new
        .len()
        .checked_mul(times)
        .and_then(|added| added.checked_add(text.len() - old.len() * times));
    check_size(size, "text.replace")?;
    Ok(text.replacen(&old, &new, most).into())
}

fn startswith(text: &str, arguments: Arguments) -> Result<Value> {
    any_affix(text, arguments, |text, prefix| text.starts_with(prefix))
}

fn endswith(text: &str, arguments: Arguments) -> Result<Value> {
    any_affix(text, arguments, |text, suffix| text.ends_with(suffix))
}

/// Whether one affix, or any in a list, is there.
fn any_affix(
    text: &str,
    mut arguments: Arguments,
    is_there: fn(&str, &str) -> bool,
) -> Result<Value> {
    let affixes = match arguments.value(0) {
        Value::List(affixes) => affixes,
        affix => vec![affix],
    };
    let section = section(text, &mut arguments)?;
    let mut found = false;
    for affix in &affixes {
        let Value::Text(affix) = affix else {
            return Err(arguments.unexpected(0, "a text or a list of texts", affix));
        };
        found |= section.is_some_and(|(_, section)| is_there(section, affix));
    }
    Ok(found.into())
}

fn find(text: &str, mut arguments: Arguments) -> Result<Value> {
    let found = position(text, &mut arguments, |section, part| section.find(part))?;
    Ok(found.map_or(Value::Int(-1), Value::from))
}

fn rfind(text: &str, mut arguments: Arguments) -> Result<Value> {
    let found = position(text, &mut arguments, |section, part| section.rfind(part))?;
    Ok(found.map_or(Value::Int(-1), Value::from))
}

fn index(text: &str, mut arguments: Arguments) -> Result<Value> {
    let found = position(text, &mut arguments, |section, part| section.find(part))?;
    found
        .map(Value::from)
        .ok_or_else(|| Error::value(arguments.place("substring not found")))
}

fn count(text: &str, mut arguments: Arguments) -> Result<Value> {
    let part = arguments.text(0)?;
    let section = section(text, &mut arguments)?;
    Ok(section
        .map_or(0, |(_, section)| section.matches(&part).count())
        .into())
}

/// Where the part stands, counted in characters.
fn position(
    text: &str,
    arguments: &mut Arguments,
    find: fn(&str, &str) -> Option<usize>,
) -> Result<Option<usize>> {
    let part = arguments.text(0)?;
    Ok(section(text, arguments)?.and_then(|(start, section)| {
        let at = find(section, &part)?;
        Some(start + section[..at].chars().count())
    }))
}

/// The section of the text between the arguments `start` and `stop`, and at which character it starts.
fn section<'a>(text: &'a str, arguments: &mut Arguments) -> Result<Option<(usize, &'a str)>> {
    let range = arguments.range(1, text.chars().count())?;
    Ok(range.map(|range| {
        let from_start = &text[byte_of(text, range.start)..];
        (range.start, &from_start[..byte_of(from_start, range.len())])
    }))
}

/// Where a character begins, in bytes.
fn byte_of(text: &str, character: usize) -> usize {
    text.char_indices()
        .nth(character)
        .map_or(text.len(), |(at, _)| at)
}

fn zfill(text: &str, mut arguments: Arguments) -> Result<Value> {
    let missing = missing(text, &mut arguments)?;
    let sign = text.len() - text.trim_start_matches(['+', '-']).len();
    let (sign, digits) = text.split_at(sign.min(1));
    Ok(format!("{sign}{}{digits}", filling(missing, '0', text)?).into())
}

fn center(text: &str, mut arguments: Arguments) -> Result<Value> {
    let (missing, fill) = (missing(text, &mut arguments)?, fill(&mut arguments)?);
    // Python gives an odd one to the left when the width is odd too.
    let width = missing + text.chars().count();
    let left = missing / 2 + (missing & width & 1);
    let filling = filling(missing, fill, text)?;
    let (before, after) = filling.split_at(left * fill.len_utf8());
    Ok(format!("{before}{text}{after}").into())
}

fn ljust(text: &str, mut arguments: Arguments) -> Result<Value> {
    let (missing, fill) = (missing(text, &mut arguments)?, fill(&mut arguments)?);
    Ok(format!("{text}{}", filling(missing, fill, text)?).into())
}

fn rjust(text: &str, mut arguments: Arguments) -> Result<Value> {
    let (missing, fill) = (missing(text, &mut arguments)?, fill(&mut arguments)?);
    Ok(format!("{}{text}", filling(missing, fill, text)?).into())
}

/// How many characters the text lacks to the width asked for; refused when no text may be so long.
fn missing(text: &str, arguments: &mut Arguments) -> Result<usize> {
    let Some(width) = arguments.int(0)? else {
        return Err(arguments.unexpected(0, "an integer", &Value::Null));
    };
    let missing = width.saturating_sub(text.chars().count() as i128).max(0);
    let missing = usize::try_from(missing).ok();
    check_size(missing, "padding a text")?;
    Ok(missing.unwrap_or_default())
}

fn fill(arguments: &mut Arguments) -> Result<char> {
    let Some(given) = arguments.optional_text(1)? else {
        return Ok(' ');
    };
    let mut characters = given.chars();
    match (characters.next(), characters.next()) {
        (Some(fill), None) => Ok(fill),
        _ => Err(arguments.unexpected(1, "one character", &Value::Text(given))),
    }
}

fn filling(missing: usize, fill: char, text: &str) -> Result<String> {
    let size = missing.checked_mul(fill.len_utf8());
    check_size(
        size.and_then(|size| size.checked_add(text.len())),
        "padding a text",
    )?;
    Ok(std::iter::repeat_n(fill, missing).collect())
}

fn encode(text: &str, mut arguments: Arguments) -> Result<Value> {
    check_encoding(&mut arguments)?;
    Ok(Bytes::from(text.as_bytes()).into())
}

/// Refuses any encoding but the one that there is.
pub(super) fn check_encoding(arguments: &mut Arguments) -> Result<()> {
    match arguments.optional_text(0)? {
        Some(other)
            if !["utf-8", "utf8", "utf_8"].contains(&other.to_ascii_lowercase().as_str()) =>
        {
            let got = Value::Text(other);
            Err(arguments
                .unexpected(0, "utf-8, the only encoding", &got)
                .with_kind(crate::Kind::ValueError))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{answer, answer_with};
    use super::*;

    #[test]
    fn text_is_stripped_of_spaces_or_of_given_characters() {
        assert_eq!(answer(" \ta \n", "strip", []), "'a'");
        assert_eq!(answer("xxaxyx", "lstrip", ["xy".into()]), "'axyx'");
        assert_eq!(answer("xxaxyx", "rstrip", ["xy".into()]), "'xxa'");
        assert_eq!(answer(" a ", "strip", ["".into()]), "' a '");
    }

    #[test]
    fn texts_are_joined_and_nothing_else_is() {
        assert_eq!(answer(", ", "join", [vec!["a", "b"].into()]), "'a, b'");
        assert_eq!(answer("-", "join", ["abc".into()]), "'a-b-c'");
        assert_eq!(
            answer(",", "join", [vec![Value::from("a"), 5i64.into()].into()]),
            {
                "TypeError: text.join: argument `items` (1): expected only texts (item 1), got the integer 5"
            }
        );
    }

    #[test]
    fn parts_are_replaced_from_the_left() {
        assert_eq!(
            answer("aaa", "replace", ["a".into(), "bb".into(), 2i64.into()]),
            "'bbbba'"
        );
        assert_eq!(
            answer("abc", "replace", ["".into(), "-".into()]),
            "'-a-b-c-'"
        );
        assert_eq!(
            answer_with("abc", "replace", ["b".into()], &[("new", "".into())]),
            "'ac'"
        );
    }

    #[test]
    fn positions_count_characters() {
        assert_eq!(answer("ééabc", "find", ["a".into()]), "2");
        assert_eq!(answer("éaéa", "rfind", ["a".into()]), "3");
        assert_eq!(answer("éaéa", "find", ["a".into(), 2i64.into()]), "3");
        assert_eq!(
            answer("éaéa", "find", ["a".into(), (-2i64).into(), (-1i64).into()]),
            "-1"
        );
        assert_eq!(answer("abc", "find", ["".into(), 3i64.into()]), "3");
        assert_eq!(answer("abc", "find", ["".into(), 4i64.into()]), "-1");
        assert_eq!(
            answer("abc", "index", ["x".into()]),
            "ValueError: text.index: substring not found"
        );
        assert_eq!(answer("éaéa", "count", ["é".into(), 1i64.into()]), "1");
        assert_eq!(answer("abc", "count", ["".into()]), "4");
    }

    #[test]
    fn text_starts_and_ends_with_one_or_any_of_several() {
        assert_eq!(
            answer("abc", "startswith", [vec!["x", "ab"].into()]),
            "True"
        );
        assert_eq!(
            answer("abc", "startswith", ["b".into(), 1i64.into()]),
            "True"
        );
        assert_eq!(answer("abc", "endswith", ["bc".into()]), "True");
        assert_eq!(
            answer("abc", "startswith", ["".into(), 4i64.into()]),
            "False"
        );
    }

    #[test]
    fn text_is_padded_to_a_width_in_characters() {
        assert_eq!(answer("-42", "zfill", [5i64.into()]), "'-0042'");
        assert_eq!(answer("--1", "zfill", [5i64.into()]), "'-00-1'");
        assert_eq!(answer("ab", "center", [5i64.into(), "*".into()]), "'**ab*'");
        assert_eq!(answer("a", "center", [4i64.into(), "é".into()]), "'éaéé'");
        assert_eq!(answer("é", "ljust", [3i64.into()]), "'é  '");
        assert_eq!(answer("abc", "rjust", [2i64.into()]), "'abc'");
        assert_eq!(answer("a", "center", [5i64.into(), "xy".into()]), {
            r#"TypeError: text.center: argument `fill` (2): expected one character, got the text "xy""#
        });
    }

    #[test]
    fn text_that_would_be_too_large_is_refused() {
        let big = "x".repeat(1 << 13);
        for (text, name, args) in [
            ("a", "center", vec![Value::from(i128::MAX)]),
            ("a", "zfill", vec![(1i64 << 40).into()]),
            (&big, "replace", vec!["x".into(), big.clone().into()]),
            (&big, "join", vec![big.clone().into()]),
        ] {
            assert!(
                answer(text, name, args).starts_with("LimitExceeded"),
                "{name}"
            );
        }
    }

    #[test]
    fn text_is_encoded_as_utf_8_only() {
        assert_eq!(answer("é", "encode", []), r"b'\xc3\xa9'");
        let refused = answer("é", "encode", ["latin-1".into()]);
        assert!(
            refused.starts_with("ValueError: text.encode: argument `encoding` (1): expected utf-8"),
            "{refused}"
        );
    }
}
