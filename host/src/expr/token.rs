//! The pieces that the lexer cuts a source into.

/// A range of bytes in the source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Span {
    pub(super) fn new(start: usize, end: usize) -> Span {
        Span { start, end }
    }

    /// From the start of this one to the end of the other.
    pub(super) fn to(self, other: Span) -> Span {
        Span {
            start: self.start,
            end: other.end,
        }
    }
}

/// One piece and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) span: Span,
}

/// What a piece is. The text of a word is its span in the source.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum TokenKind {
    Word,
    Int(i128),
    Float(f64),
    Text(String),
    Bytes(Vec<u8>),
    /// A text with expressions in it.
    Format(Vec<Part>),
    Op(&'static str),
    Semicolon,
    /// A line's end outside of brackets.
    Newline,
    /// Before the first statement of a block.
    Indent,
    /// Behind the last statement of a block.
    Dedent,
    /// What follows the last token, always once.
    End,
}

/// A part of a text with expressions in it.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Part {
    Text(String),
    Field(FieldTokens),
}

/// `{expression!conversion:spec}`
#[derive(Clone, Debug, PartialEq)]
pub(super) struct FieldTokens {
    /// The expression; the last token is [`TokenKind::End`].
    pub(super) tokens: Vec<Token>,
    pub(super) conversion: Option<char>,
    pub(super) spec: Vec<Part>,
}

/// Operators and punctuation; a longer one stands before its beginnings.
pub(super) const OPERATORS: &[&str] = &[
    "**=", "//=", "<<=", ">>=", "...", "**", "//", "<<", ">>", "<=", ">=", "==", "!=", "+=", "-=",
    "*=", "/=", "%=", "&=", "|=", "^=", "@=", "->", ":=", "(", ")", "[", "]", "{", "}", ",", ":",
    ".", "=", "+", "-", "*", "/", "%", "<", ">", "&", "|", "^", "~", "@",
];

/// Words that can not be names, because the grammar uses them.
pub(super) const RESERVED: &[&str] = &[
    "None", "True", "False", "null", "true", "false", "and", "or", "not", "in", "is", "if", "elif",
    "else", "for", "while", "break", "continue", "import", "from", "as", "del", "pass", "try",
    "except", "finally", "raise", "assert", "def", "lambda", "return", "global",
];

/// Python's words for what this language leaves out.
const ABSENT: &[&str] = &["class", "yield", "with", "async", "await", "nonlocal"];

/// Whether a word is kept from being a name.
pub(super) fn is_reserved(word: &str) -> bool {
    RESERVED.contains(&word) || is_absent(word)
}

/// Whether a word begins something that Python has and this language has not.
pub(super) fn is_absent(word: &str) -> bool {
    ABSENT.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_longer_operator_is_tried_before_its_beginnings() {
        for (at, long) in OPERATORS.iter().enumerate() {
            for short in &OPERATORS[..at] {
                assert!(!long.starts_with(short), "`{short}` hides `{long}`");
            }
        }
    }
}
