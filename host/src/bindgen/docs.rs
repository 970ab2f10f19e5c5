//! What a plugin says, as comments that stay comments.

use std::borrow::Cow;

/// Names longer than this are cut in sentences about them.
const SHORT: usize = 80;

/// Text for one line of a comment: without what ends a line or turns its direction round.
pub(super) fn line(text: &str) -> Cow<'_, str> {
    if !text.contains(is_hostile) {
        return Cow::Borrowed(text);
    }
    let escaped = text.chars().fold(String::new(), |mut line, c| {
        match is_hostile(c) {
            true => line.extend(c.escape_unicode()),
            false => line.push(c),
        }
        line
    });
    Cow::Owned(escaped)
}

/// The beginning of a name, for a sentence about it.
pub(super) fn short(name: &str) -> String {
    let start: String = name.chars().take(SHORT).collect();
    line(&start).into_owned()
}

/// Control characters, and those that the compiler refuses in comments because they reorder what is read.
fn is_hostile(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The lines of a doc comment. Blocks of code are shown and not run, links and HTML are text.
pub(super) fn lines(doc: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut paragraph = Vec::new();
    let mut in_block = false;
    for written in doc.trim().lines() {
        let trimmed = written.trim();
        let is_fence = trimmed.starts_with("```") || trimmed.starts_with("~~~");
        if is_fence {
            end_paragraph(&mut paragraph, &mut lines);
            lines.push(if in_block { "```" } else { "```text" }.to_owned());
            in_block = !in_block;
        } else if in_block {
            lines.push(line(&without_fences(written.trim_end())).into_owned());
        } else if trimmed.is_empty() {
            end_paragraph(&mut paragraph, &mut lines);
            if lines.last().is_some_and(|last| !last.is_empty()) {
                lines.push(String::new());
            }
        } else {
            // Without indentation, which would make it a block of code.
            let words: Vec<&str> = trimmed.split_whitespace().collect();
            paragraph.push(line(&without_fences(&words.join(" "))).into_owned());
        }
    }
    end_paragraph(&mut paragraph, &mut lines);
    if in_block {
        lines.push("```".to_owned());
    }
    lines
}

fn end_paragraph(paragraph: &mut Vec<String>, lines: &mut Vec<String>) {
    if !paragraph.is_empty() {
        lines.extend(as_text(&paragraph.join("\n")).lines().map(str::to_owned));
        paragraph.clear();
    }
}

/// Text in which no block of code can begin or end.
fn without_fences(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut run = 0;
    let mut before = None;
    for c in text.chars() {
        run = if Some(c) == before { run + 1 } else { 1 };
        before = Some(c);
        if run < 3 || !matches!(c, '`' | '~') {
            kept.push(c);
        }
    }
    kept
}

/// A paragraph in which only `code` is marked up: brackets and angles outside of it are escaped, so that they make no
/// links and no HTML.
fn as_text(paragraph: &str) -> String {
    let mut text = String::with_capacity(paragraph.len());
    let mut rest = paragraph;
    while let Some(c) = rest.chars().next() {
        let code = if c == '`' { code_span(rest) } else { None };
        let len = match code {
            Some(code) => {
                text.push_str(code);
                code.len()
            }
            None => {
                if matches!(c, '[' | ']' | '<' | '`' | '&') {
                    text.push('\\');
                }
                text.push(c);
                c.len_utf8()
            }
        };
        rest = &rest[len..];
    }
    text
}

/// The `code` that text begins with: what is between two equal runs of backticks.
fn code_span(text: &str) -> Option<&str> {
    let run = text.len() - text.trim_start_matches('`').len();
    let mut at = run;
    loop {
        at += text[at..].find('`')?;
        let len = text[at..].len() - text[at..].trim_start_matches('`').len();
        at += len;
        if len == run {
            return Some(&text[..at]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_stays_one_line() {
        assert_eq!(line("a\nb\r\u{202e}c"), "a\\u{a}b\\u{d}\\u{202e}c");
        assert!(matches!(line("as it is: é"), Cow::Borrowed(_)));
        assert_eq!(short(&"x".repeat(1000)).len(), SHORT);
    }

    #[test]
    fn paragraphs_and_code_in_the_text_stay() {
        let doc = "  Adds `by`,\n  and `[..]` too.\n\n\nReturns it.  ";
        assert_eq!(
            lines(doc),
            ["Adds `by`,", "and `[..]` too.", "", "Returns it."]
        );
        assert!(lines(" \n ").is_empty());
    }

    #[test]
    fn code_is_shown_and_not_run() {
        let shown =
            lines("Like\n```rust\n  evil();\n```\nso\n\n    evil();\n\n- a\n\n>     evil();");
        let expected = [
            "Like",
            "```text",
            "  evil();",
            "```",
            "so",
            "",
            "evil();",
            "",
            "- a",
            "",
            "> evil();",
        ];
        assert_eq!(shown, expected);
        assert_eq!(
            lines("~~~\na ``` b"),
            ["```text", "a `` b", "```"],
            "ended where the text ends"
        );
        assert_eq!(lines("> ```\n> evil();"), ["> \\`\\`", "> evil();"]);
    }

    #[test]
    fn links_and_html_are_text() {
        assert_eq!(
            lines("[x] <b> `[x] <b>` ` &amp;"),
            ["\\[x\\] \\<b> `[x] <b>` \\` \\&amp;"]
        );
    }
}
