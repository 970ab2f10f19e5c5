//! Blocks by indentation: what a line's beginning opens and closes.

use super::error::Error;
use super::token::Span;

/// The indentations of the blocks that are open, outermost first.
pub(super) struct Indents<'s> {
    /// That of the first line is the outermost, so that a script may be indented as a whole.
    open: Vec<&'s str>,
}

/// What a line begins with.
#[derive(Debug, PartialEq)]
pub(super) enum Step {
    /// It belongs to the same block as the line before.
    Same,
    /// A block.
    In,
    /// The ends of so many blocks.
    Out(usize),
}

impl<'s> Indents<'s> {
    pub(super) fn new() -> Indents<'s> {
        Indents { open: Vec::new() }
    }

    /// How many blocks are open.
    pub(super) fn blocks(&self) -> usize {
        self.open.len().saturating_sub(1)
    }

    /// Looks at the line whose blanks are at `span`.
    pub(super) fn line(&mut self, blanks: &'s str, span: Span) -> Result<Step, Error> {
        if blanks.contains(' ') && blanks.contains('\t') {
            let message =
                "tabs and spaces are mixed in front of this line; use one of them everywhere";
            return Err(indentation(message, span));
        }
        let Some(&top) = self.open.last() else {
            self.open.push(blanks);
            return Ok(Step::Same);
        };
        if blanks == top {
            return Ok(Step::Same);
        }
        if blanks.starts_with(top) {
            self.open.push(blanks);
            return Ok(Step::In);
        }
        if let Some(at) = self.open.iter().rposition(|open| *open == blanks) {
            let closed = self.open.len() - 1 - at;
            self.open.truncate(at + 1);
            return Ok(Step::Out(closed));
        }
        if !top.starts_with(blanks) {
            let (this, before) = (kind(blanks), kind(top));
            let message = format!(
                "this line is indented by {this} and the lines above by {before}; use one of them everywhere"
            );
            return Err(indentation(&message, span));
        }
        let widths: Vec<String> = self.open.iter().map(|it| it.len().to_string()).collect();
        let message = format!(
            "this line is indented by {}, and the blocks around it by {}; begin it where one of them begins",
            blanks.len(),
            widths.join(", ")
        );
        Err(indentation(&message, span))
    }
}

fn kind(blanks: &str) -> &'static str {
    if blanks.contains('\t') {
        "tabs"
    } else {
        "spaces"
    }
}

#[cold]
fn indentation(message: &str, span: Span) -> Error {
    Error::syntax(message, span)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(lines: &[&'static str]) -> Result<Vec<Step>, String> {
        let mut indents = Indents::new();
        let step = |blanks| indents.line(blanks, Span::default());
        let steps: Result<_, Error> = lines.iter().copied().map(step).collect();
        steps.map_err(|error| error.message().to_owned())
    }

    #[test]
    fn a_deeper_line_opens_a_block_and_a_less_deep_one_closes_all_down_to_its_own() {
        use Step::*;
        assert_eq!(
            steps(&["", "  ", "  ", "      ", ""]),
            Ok(vec![Same, In, Same, In, Out(2)])
        );
        assert_eq!(steps(&["  ", "   ", "  "]), Ok(vec![Same, In, Out(1)]));
        assert_eq!(
            steps(&["", "\t", "\t\t", "\t"]),
            Ok(vec![Same, In, In, Out(1)])
        );
    }

    #[test]
    fn what_fits_nowhere_is_refused() {
        let refused = |lines| steps(lines).unwrap_err();
        assert!(refused(&["", " \t"]).contains("mixed"));
        assert!(refused(&["", "\t", "    "]).contains("by spaces and the lines above by tabs"));
        assert!(refused(&["", "    ", "  "]).contains("by 2, and the blocks around it by 0, 4"));
        assert!(refused(&["  ", ""]).contains("by 0, and the blocks around it by 2"));
    }
}
