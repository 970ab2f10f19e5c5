//! The expression language reads anything: it answers with what it read or with where it stopped.

use locum::expr;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::tries;

/// Pieces from which sources of some sense are made.
const PIECES: &[&str] = &[
    "x",
    "collections",
    ".",
    "list",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    ":",
    "=",
    "==",
    "+",
    "-",
    "*",
    "**",
    "//",
    "and",
    "or",
    "not",
    "in",
    "is",
    "if",
    "else",
    "for",
    "lambda",
    "import",
    "del",
    "1",
    "0x",
    "1e",
    "1.5",
    "'a'",
    "'",
    "\"",
    "b'\\x00'",
    "'''",
    "\\",
    "\n",
    ";",
    "#",
    " ",
    "True",
    "None",
    "<",
    ">=",
    "!=",
    "!",
    "@",
    "é",
    "\u{1F600}",
    "print",
    "f'{x}'",
    "...",
    "_",
    "99999999999999999999999999999999999999999",
];

fn reads(source: &str) -> Result<(), TestCaseError> {
    match expr::parse(source) {
        Ok(script) => prop_assert_eq!(script.source(), source),
        Err(error) => {
            let span = error.span();
            prop_assert!(
                span.start <= span.end && span.end <= source.len(),
                "{span:?}"
            );
            prop_assert!(
                source.is_char_boundary(span.start) && source.is_char_boundary(span.end),
                "{span:?}"
            );
            prop_assert!(!error.message().is_empty() && !error.render().is_empty());
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(tries(4000))]

    #[test]
    fn any_text_is_read_or_refused(source in any::<String>()) {
        reads(&source)?;
    }

    #[test]
    fn any_row_of_pieces_is_read_or_refused(pieces in vec(select(PIECES), 0..30), gap in select(&["", " "][..])) {
        reads(&pieces.join(gap))?;
    }
}

proptest! {
    #![proptest_config(tries(64))]

    #[test]
    fn any_depth_is_read_or_refused(piece in select(PIECES), depth in 1..20_000_usize) {
        reads(&piece.repeat(depth))?;
        reads(&format!("{}x", "(".repeat(depth)))?;
    }
}
