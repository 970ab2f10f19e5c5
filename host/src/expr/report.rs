//! The picture of an error: the line of the source, and carets under the place.

use super::token::Span;

/// How many columns of a line are shown; a longer line is cut around the place.
const COLUMNS: usize = 100;

/// Columns of context before the place in a line that is cut.
const CONTEXT: usize = 30;

/// Line and column of a byte, both counted from one, the column in characters.
pub(super) fn position(source: &str, at: usize) -> (usize, usize) {
    let at = floor(source, at);
    let before = &source[..at];
    let line = before.matches('\n').count() + 1;
    let column = before
        .rsplit('\n')
        .next()
        .unwrap_or_default()
        .chars()
        .count()
        + 1;
    (line, column)
}

/// The message, the line in question and a mark under the place.
pub(super) fn render(message: &str, source: &str, span: Span) -> String {
    let start = floor(source, span.start);
    let end = floor(source, span.end).max(start);
    let line_start = source[..start].rfind('\n').map_or(0, |at| at + 1);
    let line_end = source[start..]
        .find('\n')
        .map_or(source.len(), |at| start + at);
    // A span over several lines is marked on its first one.
    let end = end.min(line_end);

    let before = visible(&source[line_start..start]);
    let place = visible(&source[start..end]);
    let after = visible(&source[end..line_end]);
    let (skipped, cut) = cut(before, place, after);

    let line = position(source, start).0.to_string();
    let margin = " ".repeat(line.len());
    let (text, indent, carets) = cut;
    let mark = format!(
        "{}{}",
        " ".repeat(skipped + indent),
        "^".repeat(carets.max(1))
    );
    format!("error: {message}\n{margin} |\n{line} | {text}\n{margin} | {mark}\n")
}

/// One line about a call of a function that did not come back.
pub(super) fn call(source: &str, span: Span) -> String {
    let start = floor(source, span.start);
    let end = floor(source, span.end).max(start);
    let first = source[start..end].lines().next().unwrap_or_default();
    let (_, (text, ..)) = cut(Vec::new(), visible(first), Vec::new());
    let (line, _) = position(source, start);
    format!("    called on line {line}: {text}\n")
}

/// Characters as a terminal shows them, with their columns: tabs as spaces, control characters made visible.
fn visible(text: &str) -> Vec<(char, usize)> {
    let mut shown = Vec::new();
    for c in text.chars() {
        match c {
            '\t' => shown.extend([(' ', 1); 4]),
            '\r' => {}
            c if c.is_control() => shown.push(('\u{fffd}', 1)),
            c => shown.push((c, width(c))),
        }
    }
    shown
}

type Shown = Vec<(char, usize)>;

/// The line as it is shown, the columns before the mark and those of the mark; first, what a leading `…` takes.
fn cut(before: Shown, place: Shown, after: Shown) -> (usize, (String, usize, usize)) {
    let columns = |shown: &[(char, usize)]| shown.iter().map(|(_, width)| width).sum::<usize>();
    let whole = columns(&before) + columns(&place) + columns(&after) <= COLUMNS;
    let skip = if whole {
        0
    } else {
        before.len().saturating_sub(CONTEXT)
    };
    let left = &before[skip..];
    let room = if whole { usize::MAX } else { COLUMNS };

    let mut text = String::new();
    let mut used = 0;
    if skip > 0 {
        text.push('…');
    }
    let mut ended = false;
    for (c, width) in left.iter().chain(&place).chain(&after) {
        if used + width > room {
            ended = true;
            break;
        }
        text.push(*c);
        used += width;
    }
    if ended {
        text.push('…');
    }
    let indent = columns(left);
    let carets = columns(&place).min(room.saturating_sub(indent));
    (usize::from(skip > 0), (text, indent, carets))
}

/// The nearest start of a character at or before a byte.
fn floor(source: &str, at: usize) -> usize {
    let mut at = at.min(source.len());
    while !source.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// How many columns a terminal gives a character.
fn width(c: char) -> usize {
    match u32::from(c) {
        // Marks that sit on the character before them, joiners, and variation selectors.
        0x0300..=0x036f
        | 0x1ab0..=0x1aff
        | 0x200b..=0x200f
        | 0x20d0..=0x20ff
        | 0xfe00..=0xfe0f
        | 0xfe20..=0xfe2f => 0,
        // East Asian wide and full-width forms, and emoji.
        0x1100..=0x115f
        | 0x2e80..=0x303e
        | 0x3041..=0xa4cf
        | 0xac00..=0xd7a3
        | 0xf900..=0xfaff
        | 0xfe30..=0xfe6f
        | 0xff00..=0xff60
        | 0xffe0..=0xffe6
        | 0x1f300..=0x1f64f
        | 0x1f680..=0x1f6ff
        | 0x1f900..=0x1f9ff
        | 0x20000..=0x3fffd => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(source: &str, place: &str) -> String {
        let start = source.find(place).unwrap();
        render("it broke", source, Span::new(start, start + place.len()))
    }

    #[test]
    fn the_mark_stands_under_the_place() {
        assert_eq!(
            mark("l[20]", "l[20]"),
            "error: it broke\n  |\n1 | l[20]\n  | ^^^^^\n"
        );
        assert_eq!(
            mark("x = 1\ny = a.b", "a.b"),
            "error: it broke\n  |\n2 | y = a.b\n  |     ^^^\n"
        );
    }

    #[test]
    fn tabs_and_wide_characters_keep_the_mark_in_place() {
        assert_eq!(
            mark("\tx + y", "y"),
            "error: it broke\n  |\n1 |     x + y\n  |         ^\n"
        );
        assert_eq!(
            mark("'日本' + y", "y"),
            "error: it broke\n  |\n1 | '日本' + y\n  |          ^\n"
        );
        assert_eq!(
            mark("'e\u{301}' + y", "y"),
            "error: it broke\n  |\n1 | 'e\u{301}' + y\n  |       ^\n"
        );
        assert_eq!(
            mark("f('日')", "'日'"),
            "error: it broke\n  |\n1 | f('日')\n  |   ^^^^\n"
        );
    }

    #[test]
    fn the_margin_grows_with_the_line_number() {
        let source = format!("{}oops", "\n".repeat(99));
        assert_eq!(
            mark(&source, "oops"),
            "error: it broke\n    |\n100 | oops\n    | ^^^^\n"
        );
    }

    #[test]
    fn a_span_over_lines_is_marked_on_its_first() {
        assert_eq!(
            mark("x = f(1,\r\n  2)", "f(1,\r\n  2)"),
            "error: it broke\n  |\n1 | x = f(1,\n  |     ^^^^\n"
        );
    }

    #[test]
    fn the_end_of_the_source_is_a_place_too() {
        assert_eq!(
            render("no", "1 +", Span::new(3, 3)),
            "error: no\n  |\n1 | 1 +\n  |    ^\n"
        );
        assert_eq!(
            render("no", "", Span::new(0, 0)),
            "error: no\n  |\n1 | \n  | ^\n"
        );
        assert_eq!(
            render("no", "a\n", Span::new(2, 2)),
            "error: no\n  |\n2 | \n  | ^\n"
        );
    }

    #[test]
    fn a_long_line_is_cut_around_the_place() {
        let source = format!("{} + oops + {}", "a".repeat(500), "b".repeat(500));
        let picture = mark(&source, "oops");
        let lines: Vec<&str> = picture.lines().collect();
        assert!(
            lines[2].starts_with("1 | …aaa")
                && lines[2].ends_with("bbb…")
                && lines[2].chars().count() < 120
        );
        let column = |line: &str, what: &str| line[..line.find(what).unwrap()].chars().count();
        assert_eq!(column(lines[2], "oops"), column(lines[3], "^^^^"));
        let all = "a".repeat(500);
        assert_eq!(
            mark(&all, &all)
                .lines()
                .nth(3)
                .unwrap()
                .matches('^')
                .count(),
            COLUMNS
        );
    }

    #[test]
    fn any_span_can_be_shown() {
        let source = "é\n\t日x";
        for start in 0..12 {
            for end in 0..12 {
                render("no", source, Span::new(start, end));
                position(source, start);
            }
        }
    }
}
