//! What is being typed, looked at piece by piece: for colours, and to see what is to be completed.
//!
//! It is not finished and may be wrong, so that the language's own lexer, which refuses such, is of no use here.

use locum::expr;

/// What a piece of a source is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Word,
    Keyword,
    Number,
    Text,
    Comment,
    Other,
}

/// The pieces of a source, which cover all of it, with where each ends.
pub(super) fn pieces(source: &str) -> Vec<(Piece, usize)> {
    let mut pieces = Vec::new();
    let mut at = 0;
    while let Some(c) = source[at..].chars().next() {
        let rest = &source[at..];
        let (piece, length) = match c {
            '#' => (Piece::Comment, rest.find('\n').unwrap_or(rest.len())),
            '"' | '\'' => (Piece::Text, text(rest, c)),
            c if c.is_ascii_digit() => (
                Piece::Number,
                run(rest, |c| c.is_ascii_alphanumeric() || c == '.' || c == '_'),
            ),
            c if is_word(c) => {
                let length = run(rest, is_word);
                let piece = if expr::KEYWORDS.contains(&&rest[..length]) {
                    Piece::Keyword
                } else {
                    Piece::Word
                };
                (piece, length)
            }
            c => (Piece::Other, c.len_utf8()),
        };
        at += length;
        pieces.push((piece, at));
    }
    pieces
}

pub(super) fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn run(text: &str, is_part: impl Fn(char) -> bool) -> usize {
    text.find(|c| !is_part(c)).unwrap_or(text.len())
}

/// The length of a text that begins here, to its end or that of the source.
fn text(rest: &str, quote: char) -> usize {
    let triple = quote.to_string().repeat(3);
    if rest.starts_with(&triple) {
        return rest[3..].find(&triple).map_or(rest.len(), |end| end + 6);
    }
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '\n' => return at,
            c if c == quote => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// What stands before the cursor.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Before<'a> {
    /// The names of a chain, with dots between them: `a.b.` of `x = f(a.b.c`.
    pub(super) chain: Vec<&'a str>,
    /// What has been typed of the last name.
    pub(super) word: &'a str,
    /// The chain that is called, when the cursor is among the arguments of a call.
    pub(super) call: Option<Vec<&'a str>>,
}

/// Looks at a source that ends at the cursor. `None` inside of a text or a comment, or where a chain begins with what is no
/// name.
pub(super) fn before(source: &str) -> Option<Before<'_>> {
    let pieces = pieces(source);
    if let Some((Piece::Text, end)) = pieces.last() {
        let start = pieces.len().checked_sub(2).map_or(0, |at| pieces[at].1);
        // One that is closed has been left.
        return (!is_open(&source[start..*end])).then(|| Before {
            chain: Vec::new(),
            word: "",
            call: call(source),
        });
    }
    if let Some((Piece::Comment | Piece::Number, _)) = pieces.last() {
        return None;
    }
    let start = source
        .rfind(|c| !is_word(c))
        .map_or(0, |at| at + char_at(source, at));
    let word = &source[start..];
    let chain = if source[..start].ends_with('.') {
        chain_before(&source[..start - 1])?
    } else {
        Vec::new()
    };
    Some(Before {
        chain,
        word,
        call: call(source),
    })
}

fn char_at(source: &str, at: usize) -> usize {
    source[at..].chars().next().map_or(1, char::len_utf8)
}

fn is_open(text: &str) -> bool {
    let Some(quote) = text.chars().next() else {
        return false;
    };
    self::text(&format!("{text}\n"), quote) > text.len()
        || text.len() == 1
        || !text.ends_with(quote)
}

/// The names with dots between them that this ends with. `None` where there are none, or something comes before them that
/// they are attributes of.
fn chain_before(source: &str) -> Option<Vec<&str>> {
    let start = source
        .rfind(|c| !is_word(c) && c != '.')
        .map_or(0, |at| at + char_at(source, at));
    let names: Vec<&str> = source[start..].split('.').collect();
    let all_names = names
        .iter()
        .all(|name| name.chars().next().is_some_and(|c| !c.is_ascii_digit()));
    all_names.then_some(names)
}

/// The chain before the innermost bracket that is open, if that is one of a call.
fn call(source: &str) -> Option<Vec<&str>> {
    let mut open = Vec::new();
    let mut start = 0;
    for (piece, end) in pieces(source) {
        if piece == Piece::Other {
            match &source[start..end] {
                "(" | "[" | "{" => open.push(start),
                ")" | "]" | "}" => drop(open.pop()),
                _ => {}
            }
        }
        start = end;
    }
    let at = open.pop()?;
    source[at..]
        .starts_with('(')
        .then(|| chain_before(&source[..at]))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_cover_the_source_whatever_it_is() {
        for source in [
            "",
            "x = 'é' + \"un",
            "for i in 3.5: # go\n  '''a\nb",
            "'\\",
            "💥é1_a",
        ] {
            let mut start = 0;
            for (_, end) in pieces(source) {
                assert!(end > start && source.is_char_boundary(end), "{source}");
                start = end;
            }
            assert_eq!(start, source.len(), "{source}");
            let _ = before(source);
        }
    }

    #[test]
    fn words_texts_numbers_and_comments_are_told_apart() {
        let found: Vec<Piece> = pieces("for x1 in 'a#b': 2.5 # c")
            .into_iter()
            .map(|(piece, _)| piece)
            .filter(|piece| *piece != Piece::Other)
            .collect();
        use Piece::*;
        assert_eq!(found, [Keyword, Word, Keyword, Text, Number, Comment]);
    }

    #[test]
    fn the_chain_and_the_call_before_the_cursor_are_found() {
        let of = |source| {
            before(source).map(|it| (it.chain.join("."), it.word, it.call.map(|it| it.join("."))))
        };
        let call = |name: &str| Some(name.to_owned());
        assert_eq!(of("coun"), Some((String::new(), "coun", None)));
        assert_eq!(of("x = a.b.c"), Some(("a.b".to_owned(), "c", None)));
        assert_eq!(of("a."), Some(("a".to_owned(), "", None)));
        assert_eq!(of("f(1, b"), Some((String::new(), "b", call("f"))));
        assert_eq!(of("m.f([1, 2], "), Some((String::new(), "", call("m.f"))));
        assert_eq!(of("f([b"), Some((String::new(), "b", None)));
        assert_eq!(of("f('a', x"), Some((String::new(), "x", call("f"))));
        assert_eq!(of("'in a te"), None);
        assert_eq!(of("# a com"), None);
        assert_eq!(of("f().x"), None);
        assert_eq!(of("l[0].x"), None);
        assert_eq!(of("1.5"), None);
    }
}
