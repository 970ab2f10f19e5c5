//! Documentation as Markdown, for a repository or a wiki: what is read in doc comments is written anew, escaped.

use std::fmt::Write;

use super::markup::{Block, Span};
use super::outline::{Outline, Section};

pub(super) fn write(outline: &Outline) -> String {
    let mut text = format!("# {}\n", escaped(&outline.title));
    for module in &outline.modules {
        section(&mut text, 2, module);
    }
    text
}

fn section(text: &mut String, level: usize, section: &Section) {
    let name = section.signature.as_ref().unwrap_or(&section.name);
    heading(text, level, &format!("{} {}", section.kind, code(name)));
    blocks(text, "", &section.doc);
    for group in &section.groups {
        heading(text, level + 1, group.title);
        for member in &group.members {
            let _ = write!(text, "\n- {}\n", code(&member.signature));
            blocks(text, "  ", &member.doc);
        }
    }
    for class in &section.classes {
        self::section(text, level + 1, class);
    }
}

fn heading(text: &mut String, level: usize, title: &str) {
    let _ = write!(text, "\n{} {title}\n", "#".repeat(level));
}

/// Blocks with an empty line before each.
fn blocks(text: &mut String, indent: &str, blocks: &[Block]) {
    for block in blocks {
        text.push('\n');
        self::block(text, indent, block);
    }
}

fn block(text: &mut String, indent: &str, block: &Block) {
    match block {
        Block::Paragraph(spans) => lines(text, indent, &begun(inline(spans, true))),
        // A heading within would be taken for one of the outline.
        Block::Heading(_, spans) => {
            let strong = format!("**{}**", inline(spans, false).trim());
            lines(text, indent, &strong);
        }
        Block::Code(code) => {
            let fence = "`".repeat(longest_run(code).max(2) + 1);
            lines(text, indent, &format!("{fence}text\n{code}\n{fence}"));
        }
        Block::List(start, items) => {
            for (at, item) in items.iter().enumerate() {
                let mark = match start {
                    Some(first) => format!("{}. ", first.saturating_add(at as u64)),
                    None => "- ".to_owned(),
                };
                let inner = format!("{indent}{}", " ".repeat(mark.len()));
                let mut inside = String::new();
                blocks(&mut inside, &inner, item);
                let inside = inside.trim_start_matches('\n');
                let inside = inside.strip_prefix(&inner).unwrap_or(inside);
                let _ = write!(text, "{indent}{mark}{inside}");
                if inside.is_empty() {
                    text.push('\n');
                }
            }
        }
        Block::Quote(inner) => {
            let mut inside = String::new();
            blocks(&mut inside, "", inner);
            for line in inside.trim_start_matches('\n').lines() {
                let _ = writeln!(text, "{}", format!("{indent}> {line}").trim_end());
            }
        }
        Block::Table(rows) => {
            for (at, row) in rows.iter().enumerate() {
                let cells: Vec<String> = row
                    .iter()
                    .map(|cell| inline(cell, false).replace('|', "\\|"))
                    .collect();
                let _ = writeln!(text, "{indent}| {} |", cells.join(" | "));
                if at == 0 {
                    let _ = writeln!(text, "{indent}|{}", "---|".repeat(row.len()));
                }
            }
        }
        Block::Rule => lines(text, indent, "---"),
    }
}

fn lines(text: &mut String, indent: &str, lines: &str) {
    for line in lines.lines() {
        let _ = writeln!(text, "{}", format!("{indent}{line}").trim_end());
    }
}

/// Running text, in one line unless it may be broken.
fn inline(spans: &[Span], breaks: bool) -> String {
    let mut text = String::new();
    let mut rest = spans;
    while let Some(first) = rest.first() {
        // What one link is on stands in one pair of brackets.
        let same = rest.iter().take_while(|span| span.link == first.link);
        let (linked, after) = rest.split_at(same.count());
        let inside: String = linked.iter().map(|span| styled(span, breaks)).collect();
        match &first.link {
            Some(link) => {
                let _ = write!(text, "[{inside}](<{}>)", address(link));
            }
            None => text.push_str(&inside),
        }
        rest = after;
    }
    text
}

fn styled(span: &Span, breaks: bool) -> String {
    let mark = match (span.strong, span.emphasis) {
        (true, true) => "***",
        (true, false) => "**",
        (false, true) => "*",
        (false, false) => "",
    };
    let text = if span.code {
        code(&span.text)
    } else {
        let line_break = if breaks { "\\\n" } else { " " };
        escaped(&span.text).replace('\n', line_break)
    };
    // A mark that touches a space marks nothing.
    let inner = text.trim();
    match text.split_once(inner) {
        Some((before, after)) if !inner.is_empty() => {
            format!("{before}{mark}{inner}{mark}{after}")
        }
        _ => text,
    }
}

/// An address in angle brackets, which only these can leave.
fn address(link: &str) -> String {
    link.replace('<', "%3C")
        .replace('>', "%3E")
        .replace('\\', "%5C")
}

/// A piece of code, whatever is in it.
fn code(text: &str) -> String {
    let text = text.replace('\n', " ");
    let fence = "`".repeat(longest_run(&text) + 1);
    let gap = if text.starts_with('`') || text.ends_with('`') {
        " "
    } else {
        ""
    };
    format!("{fence}{gap}{text}{gap}{fence}")
}

/// How many backticks follow each other at most.
fn longest_run(text: &str) -> usize {
    let runs = text.split(|c| c != '`').map(str::len);
    runs.max().unwrap_or(0)
}

/// Text that stands for itself.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if "\\`*_[]<>#|~&".contains(c) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

/// A paragraph whose beginning makes nothing else of it: no list, no rule, no line under a heading.
fn begun(text: String) -> String {
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    match text.as_bytes().get(digits) {
        Some(b'-' | b'+' | b'=') if digits == 0 => format!("\\{text}"),
        Some(b'.' | b')') if digits > 0 => {
            format!("{}\\{}", &text[..digits], &text[digits..])
        }
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::super::markup::read;
    use super::*;

    fn written(doc: &str) -> String {
        let mut text = String::new();
        blocks(&mut text, "", &read(doc));
        text
    }

    #[test]
    fn what_is_written_reads_as_what_was_read() {
        for doc in [
            "A *b* **c** ***d*** `e` and [f *g*](https://example.org/?h=i&j).",
            "- a\n- b\n\n  c\n\n  - d\n\nand\n\n3. e\n4. f",
            "> a\n>\n> > b\n\n---\n\nc\\\nd",
            "```\nlet a = \"```\";\n```",
            "| a | `b\\|c` |\n|-|-|\n| d | e |",
            "\\- a\n\n1\\. b\n\n\\# c \\*d\\* \\[e](f) &lt;g&gt; &amp;amp;",
            "`` a`b `` ~~~ c | d _e_f",
        ] {
            let first = read(doc);
            let again = read(&written(doc));
            assert_eq!(first, again, "{doc}\n=>\n{}", written(doc));
        }
    }

    #[test]
    fn html_and_addresses_of_scripts_do_not_get_through() {
        let text = written(
            "<script>alert(1)</script> a\n\n<b onclick=x>\n\n[c](javascript:d) ![e](http://f) [g](https://h/>i)",
        );
        assert!(text.contains("\\<script\\>"), "{text}");
        assert!(
            !text.contains("javascript") && !text.contains("http://f"),
            "{text}"
        );
        assert!(text.contains("](<https://h/%3Ei>)"), "{text}");
    }
}
