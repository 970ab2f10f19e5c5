//! Numbers and strings as Python writes them.

use super::error::Error;
use super::lexer::is_word;
use super::token::{Span, TokenKind};

/// Whether letters may stand before a quote: r, b and u, in either case.
pub(super) fn is_prefix(letters: &str) -> bool {
    matches!(
        letters.to_ascii_lowercase().as_str(),
        "r" | "b" | "u" | "br" | "rb"
    )
}

/// Reads the number that starts at a byte; returns it and where it ends.
pub(super) fn number(source: &str, start: usize) -> Result<(TokenKind, usize), Error> {
    let rest = &source[start..];
    let radix = match rest.as_bytes() {
        [b'0', b'x' | b'X', ..] => 16,
        [b'0', b'o' | b'O', ..] => 8,
        [b'0', b'b' | b'B', ..] => 2,
        _ => 10,
    };
    let prefix = if radix == 10 { 0 } else { 2 };
    let mut end = prefix + digits(&rest[prefix..], radix);
    let mut is_float = false;
    if radix == 10 {
        if rest[end..].starts_with('.') {
            is_float = true;
            end += 1;
            end += digits(&rest[end..], 10);
        }
        if let Some(length) = exponent(&rest[end..]) {
            is_float = true;
            end += length;
        }
    }
    let end = end
        + rest[end..]
            .find(|c| !is_word(c))
            .unwrap_or(rest.len() - end);

    let text = &rest[..end];
    let span = Span::new(start, start + end);
    let kind = if is_float {
        float(text)
    } else {
        int(text, prefix, radix)
    };
    kind.map(|kind| (kind, start + end))
        .map_err(|message| Error::syntax(message, span))
}

/// How many bytes of digits and underscores a text begins with.
fn digits(text: &str, radix: u32) -> usize {
    text.find(|c: char| c != '_' && !c.is_digit(radix))
        .unwrap_or(text.len())
}

/// The length of an exponent, if the text begins with a whole one.
fn exponent(text: &str) -> Option<usize> {
    let after = text.strip_prefix(['e', 'E'])?;
    let unsigned = after.strip_prefix(['+', '-']).unwrap_or(after);
    let length = digits(unsigned, 10);
    (length > 0).then(|| text.len() - unsigned.len() + length)
}

fn int(text: &str, prefix: usize, radix: u32) -> Result<TokenKind, String> {
    // After `0x` an underscore may come first.
    let digits = if prefix > 0 {
        text[prefix..].strip_prefix('_')
    } else {
        None
    }
    .unwrap_or(&text[prefix..]);
    let Some(plain) =
        without_underscores(digits).filter(|plain| plain.chars().all(|c| c.is_digit(radix)))
    else {
        return Err(no_number(text));
    };
    let decimal = radix == 10;
    if decimal && plain.len() > 1 && plain.starts_with('0') && plain.contains(|c| c != '0') {
        return Err(format!(
            "`{text}` begins with a zero; write 0o for octal, or leave the zero out"
        ));
    }
    match i128::from_str_radix(&plain, radix) {
        Ok(value) => Ok(TokenKind::Int(value)),
        Err(_) => Err("whole numbers have at most 128 bits here; this one has more".to_owned()),
    }
}

fn float(text: &str) -> Result<TokenKind, String> {
    // Where digits are missing on one side of the point, an underscore may not stand for them.
    let apart = text
        .split(['.', 'e', 'E', '+', '-'])
        .all(|part| part.is_empty() || without_underscores(part).is_some());
    let plain = text.replace('_', "");
    match plain.parse() {
        Ok(value) if apart => Ok(TokenKind::Float(value)),
        _ => Err(no_number(text)),
    }
}

fn no_number(text: &str) -> String {
    match text.strip_suffix(['j', 'J']) {
        Some(_) => format!("`{text}`: there are no complex numbers here"),
        None => format!("`{text}` is no number"),
    }
}

/// The digits alone; `None` unless each underscore stands between two of them.
fn without_underscores(digits: &str) -> Option<String> {
    let apart = !digits.is_empty()
        && !digits.starts_with('_')
        && !digits.ends_with('_')
        && !digits.contains("__");
    apart.then(|| digits.replace('_', ""))
}

/// Reads the string, with its prefix, that starts at a byte; returns it and where it ends.
pub(super) fn text(source: &str, start: usize) -> Result<(TokenKind, usize), Error> {
    let rest = &source[start..];
    let prefix = rest.find(['"', '\'']).unwrap_or(0);
    let has = |letter: char| {
        rest[..prefix]
            .chars()
            .any(|c| c.eq_ignore_ascii_case(&letter))
    };
    let (raw, bytes) = (has('r'), has('b'));
    let body = &rest[prefix..];
    let quote = quote(body);

    let first = start + prefix + quote.len();
    let mut reader = Reader {
        source,
        at: first,
        bytes,
        out: Vec::new(),
    };
    loop {
        let rest = &source[reader.at..];
        let Some(c) = rest.chars().next() else {
            return Err(unclosed(quote, start, source.len()));
        };
        if rest.starts_with(quote) {
            break;
        }
        match c {
            '\n' if quote.len() == 1 => return Err(unclosed(quote, start, reader.at)),
            '\\' if raw => reader.raw_escape(),
            '\\' => reader.escape()?,
            c => reader.character(c)?,
        }
    }
    let end = reader.at + quote.len();
    let span = Span::new(start, end);
    let kind = match (bytes, reader.out) {
        (true, out) => TokenKind::Bytes(out),
        // Only whole characters were written.
        (false, out) => {
            TokenKind::Text(String::from_utf8(out).map_err(|e| Error::syntax(e.to_string(), span))?)
        }
    };
    Ok((kind, end))
}

/// The quotes that a text begins with.
pub(super) fn quote(text: &str) -> &'static str {
    let quotes = ["\"\"\"", "'''", "\"", "'"];
    let mut quotes = quotes.into_iter();
    quotes.find(|quote| text.starts_with(quote)).unwrap_or("'")
}

#[cold]
pub(super) fn unclosed(quote: &str, start: usize, end: usize) -> Error {
    let message = format!("this string is never closed; it needs a {quote} at its end");
    let error = Error::syntax(message, Span::new(start, end));
    if quote.len() == 3 {
        error.incomplete()
    } else {
        error
    }
}

/// The inside of a string, read character by character.
pub(super) struct Reader<'s> {
    source: &'s str,
    pub(super) at: usize,
    bytes: bool,
    /// UTF-8, or the bytes of a bytes literal.
    out: Vec<u8>,
}

impl<'s> Reader<'s> {
    /// Reads the inside of a text from a byte on.
    pub(super) fn text(source: &'s str, at: usize) -> Reader<'s> {
        Reader {
            source,
            at,
            bytes: false,
            out: Vec::new(),
        }
    }

    /// What was read, when it is no bytes literal.
    pub(super) fn into_text(self) -> Result<String, Error> {
        // Only whole characters were written.
        String::from_utf8(self.out)
            .map_err(|error| Error::syntax(error.to_string(), Span::new(self.at, self.at)))
    }

    pub(super) fn character(&mut self, c: char) -> Result<(), Error> {
        let end = self.at + c.len_utf8();
        if self.bytes && !c.is_ascii() {
            let message =
                format!("a bytes literal holds ASCII characters; write `{c}` as \\x escapes");
            return Err(Error::syntax(message, Span::new(self.at, end)));
        }
        // A line's end is one character, whatever the file uses.
        if !self.source[self.at..].starts_with("\r\n") {
            self.push(c);
        }
        self.at = end;
        Ok(())
    }

    /// In a raw string a backslash stays, and so does a quote after it.
    pub(super) fn raw_escape(&mut self) {
        self.out.push(b'\\');
        self.at += 1;
        if let Some(c @ ('\\' | '"' | '\'')) = self.source[self.at..].chars().next() {
            self.push(c);
            self.at += 1;
        }
    }

    pub(super) fn escape(&mut self) -> Result<(), Error> {
        let start = self.at;
        let rest = &self.source[start + 1..];
        // At the very end the missing quote is the error to report.
        let Some(c) = rest.chars().next() else {
            self.at += 1;
            return Ok(());
        };
        self.at += 1 + c.len_utf8();
        match c {
            '\n' => {}
            '\r' if rest.starts_with("\r\n") => self.at += 1,
            '\\' | '\'' | '"' => self.push(c),
            'a' => self.push('\u{7}'),
            'b' => self.push('\u{8}'),
            'f' => self.push('\u{c}'),
            'n' => self.push('\n'),
            'r' => self.push('\r'),
            't' => self.push('\t'),
            'v' => self.push('\u{b}'),
            '0'..='7' => {
                let length = rest
                    .bytes()
                    .take(3)
                    .take_while(|b| matches!(b, b'0'..=b'7'))
                    .count();
                self.at = start + 1 + length;
                self.code(u32::from_str_radix(&rest[..length], 8).unwrap_or(0), start)?;
            }
            'x' => self.hex(2, start)?,
            'u' if !self.bytes => self.hex(4, start)?,
            'U' if !self.bytes => self.hex(8, start)?,
            'N' if !self.bytes => {
                let message = "characters by name (\\N) are not there; write \\u and the number in hexadecimal";
                return Err(Error::syntax(message, Span::new(start, self.at)));
            }
            // As in Python, a backslash that begins no escape stands for itself.
            c => {
                self.out.push(b'\\');
                self.at = start + 1;
                self.character(c)?;
            }
        }
        Ok(())
    }

    fn hex(&mut self, length: usize, start: usize) -> Result<(), Error> {
        let rest = &self.source[self.at..];
        let found = rest
            .bytes()
            .take(length)
            .take_while(u8::is_ascii_hexdigit)
            .count();
        self.at += found;
        if found < length {
            let message = format!("this escape needs {length} hexadecimal digits");
            return Err(Error::syntax(message, Span::new(start, self.at)));
        }
        self.code(
            u32::from_str_radix(&rest[..length], 16).unwrap_or(u32::MAX),
            start,
        )
    }

    /// Adds the character, or in bytes the byte, of a number.
    fn code(&mut self, code: u32, start: usize) -> Result<(), Error> {
        match (self.bytes, u8::try_from(code), char::from_u32(code)) {
            (true, Ok(byte), _) => self.out.push(byte),
            (false, _, Some(c)) => self.push(c),
            _ => {
                let what = if self.bytes { "byte" } else { "character" };
                let message = format!("no {what} has the number {code:#x}");
                return Err(Error::syntax(message, Span::new(start, self.at)));
            }
        }
        Ok(())
    }

    fn push(&mut self, c: char) {
        self.out
            .extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::super::lexer::tokens;
    use super::*;

    fn read(source: &str) -> TokenKind {
        let tokens = tokens(source).unwrap();
        assert_eq!(tokens.len(), 2, "{source} is one token");
        tokens[0].kind.clone()
    }

    fn string(source: &str) -> String {
        match read(source) {
            TokenKind::Text(text) => text,
            other => panic!("{other:?}"),
        }
    }

    fn complaint(source: &str) -> String {
        tokens(source).unwrap_err().message().to_owned()
    }

    #[test]
    fn whole_numbers_come_in_four_bases() {
        for (source, value) in [
            ("0", 0),
            ("00", 0),
            ("1_000", 1000),
            ("0xFf", 255),
            ("0x_ff", 255),
            ("0o17", 15),
            ("0b1_01", 5),
            ("170141183460469231731687303715884105727", i128::MAX),
        ] {
            assert_eq!(read(source), TokenKind::Int(value), "{source}");
        }
    }

    #[test]
    fn floats_have_a_point_or_an_exponent() {
        for (source, value) in [
            ("1.5", 1.5),
            ("1.", 1.0),
            (".5", 0.5),
            ("1e3", 1000.0),
            ("1_0.2_5E-1", 1.025),
            ("1e999", f64::INFINITY),
        ] {
            assert_eq!(read(source), TokenKind::Float(value), "{source}");
        }
    }

    #[test]
    fn what_only_looks_like_a_number_is_refused() {
        for source in [
            "1_", "1__0", "0x", "0xg", "0b12", "0o8", "12ab", "1.5x", "1e", "1_.0", "1._5", "1e_5",
            "0_x1",
        ] {
            assert!(
                complaint(source).contains("is no number"),
                "{source}: {}",
                complaint(source)
            );
        }
        assert!(complaint("012").contains("0o"));
        assert!(complaint("2j").contains("complex"));
        assert!(complaint("170141183460469231731687303715884105728").contains("128 bits"));
    }

    #[test]
    fn strings_have_pythons_escapes() {
        assert_eq!(string(r#""a\tb\n\\\"\'""#), "a\tb\n\\\"'");
        assert_eq!(string(r"'\x41\u00e9\U0001F600\101\0\q'"), "Aé😀A\0\\q");
        assert_eq!(string("'a\\\nb'"), "ab");
        assert_eq!(string("u'x'"), "x");
    }

    #[test]
    fn raw_strings_keep_their_backslashes() {
        assert_eq!(string(r"r'\n\''"), r"\n\'");
        assert_eq!(string(r"R'\\'"), r"\\");
    }

    #[test]
    fn triple_quotes_reach_over_lines() {
        assert_eq!(string("'''a\n'b' \"c\"\r\nd'''"), "a\n'b' \"c\"\nd");
        assert_eq!(string("\"\"\"\"\"\""), "");
        assert!(tokens("'''a").unwrap_err().is_incomplete());
        assert!(!tokens("'a").unwrap_err().is_incomplete());
    }

    #[test]
    fn bytes_are_ascii_and_escapes() {
        assert_eq!(
            read(r"b'a\x00\xff\377'"),
            TokenKind::Bytes(b"a\x00\xff\xff".to_vec())
        );
        assert_eq!(read(r"rb'\x00'"), TokenKind::Bytes(br"\x00".to_vec()));
        assert_eq!(read(r"b'\u0041'"), TokenKind::Bytes(br"\u0041".to_vec()));
        assert!(complaint("b'é'").contains("ASCII"));
        assert!(complaint(r"b'\400'").contains("no byte"));
    }

    #[test]
    fn a_broken_string_says_what_it_needs() {
        assert!(complaint("'abc").contains("needs a ' at its end"));
        assert!(complaint("'ab\nc'").contains("never closed"));
        assert!(complaint(r"'\x4'").contains("2 hexadecimal digits"));
        assert!(complaint(r"'\ud800'").contains("no character"));
        assert!(complaint(r"'\N{BULLET}'").contains("by name"));
        assert!(complaint("'\\").contains("never closed"));
    }
}
