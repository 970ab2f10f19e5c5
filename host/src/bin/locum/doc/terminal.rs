//! Documentation in the terminal: wrapped between words, and in the styles that the terminal has.

use unicode_width::UnicodeWidthStr;

use super::markup::{Block, Span};
use super::outline::{Outline, Section};
use crate::style::{Painter, Style};

/// How wide text is where nobody knows how wide it may be, and the widest that is pleasant to read.
pub(super) const USUAL_WIDTH: usize = 100;

/// The narrowest that text is made, however deep it stands.
const NARROWEST: usize = 24;

pub(super) fn write(outline: &Outline, painter: Painter, width: usize) -> String {
    let mut page = Page {
        painter,
        width,
        text: String::new(),
    };
    page.row(0, Some(Style::Heading), &outline.title);
    for module in &outline.modules {
        page.section(0, module);
    }
    page.text
}

struct Page {
    painter: Painter,
    width: usize,
    text: String,
}

impl Page {
    fn section(&mut self, indent: usize, section: &Section) {
        self.text.push('\n');
        let style = if section.kind == "module" {
            Style::Heading
        } else {
            Style::Name
        };
        let name = section.signature.as_ref().unwrap_or(&section.name);
        self.row(indent, Some(style), &format!("{} {name}", section.kind));
        let indent = indent + 2;
        self.blocks(indent, &section.doc);
        for group in &section.groups {
            self.text.push('\n');
            self.row(indent, Some(Style::Quiet), group.title);
            for member in &group.members {
                self.row(indent + 2, Some(Style::Name), &member.signature);
                self.blocks(indent + 4, &member.doc);
            }
        }
        for class in &section.classes {
            self.section(indent, class);
        }
    }

    fn blocks(&mut self, indent: usize, blocks: &[Block]) {
        for (at, block) in blocks.iter().enumerate() {
            if at > 0 {
                self.text.push('\n');
            }
            self.block(indent, block);
        }
    }

    fn block(&mut self, indent: usize, block: &Block) {
        match block {
            Block::Paragraph(spans) => self.spans(indent, spans),
            Block::Heading(_, spans) => {
                let strong = spans.iter().cloned().map(|span| Span {
                    strong: true,
                    ..span
                });
                self.spans(indent, &strong.collect::<Vec<_>>());
            }
            Block::Code(code) => {
                for line in code.lines() {
                    self.row(indent + 4, None, line);
                }
            }
            Block::List(start, items) => {
                for (at, item) in items.iter().enumerate() {
                    let mark = match start {
                        Some(first) => format!("{}. ", first.saturating_add(at as u64)),
                        None => "- ".to_owned(),
                    };
                    self.marked(indent, &mark, item);
                }
            }
            Block::Quote(blocks) => {
                let begin = self.text.len();
                self.blocks(indent + 2, blocks);
                self.mark_lines(begin, indent, "│ ");
            }
            Block::Table(rows) => self.table(indent, rows),
            Block::Rule => self.row(indent, Some(Style::Quiet), "* * *"),
        }
    }

    /// Blocks with a mark in front of their first line.
    fn marked(&mut self, indent: usize, mark: &str, blocks: &[Block]) {
        let begin = self.text.len();
        let inner = indent + mark.len();
        match blocks {
            // A list of short items stays dense.
            [first, rest @ ..] => {
                self.block(inner, first);
                rest.iter().for_each(|block| self.block(inner, block));
            }
            [] => self.row(inner, None, ""),
        }
        let line = self.text.split_off(begin);
        let rest = line.get(inner..).unwrap_or("\n");
        self.text.push_str(&format!("{:indent$}{mark}{rest}", ""));
    }

    /// Puts a mark at a column of each line from a place on.
    fn mark_lines(&mut self, begin: usize, indent: usize, mark: &str) {
        let lines = self.text.split_off(begin);
        for line in lines.lines() {
            let rest = line.get(indent + 2..).unwrap_or_default();
            self.text
                .push_str(format!("{:indent$}{mark}{rest}", "").trim_end());
            self.text.push('\n');
        }
    }

    fn table(&mut self, indent: usize, rows: &[Vec<Vec<Span>>]) {
        let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
        let plain = |cell: &[Span]| {
            cell.iter()
                .map(|span| span.text.as_str())
                .collect::<String>()
        };
        let widths: Vec<usize> = (0..columns)
            .map(|column| {
                let cells = rows.iter().filter_map(|row| row.get(column));
                cells.map(|cell| plain(cell).width()).max().unwrap_or(0)
            })
            .collect();
        for (at, row) in rows.iter().enumerate() {
            let mut line = String::new();
            for (cell, width) in row.iter().zip(&widths) {
                let text = plain(cell).replace('\n', " ");
                let gap = width.saturating_sub(text.width()) + 2;
                line.push_str(&text);
                line.push_str(&" ".repeat(gap));
            }
            let style = if at == 0 { Some(Style::Name) } else { None };
            self.row(indent, style, line.trim_end());
        }
    }

    /// Running text, broken between words.
    fn spans(&mut self, indent: usize, spans: &[Span]) {
        let room = self.width.saturating_sub(indent).max(NARROWEST);
        let (mut line, mut used) = (String::new(), 0);
        for piece in pieces(spans) {
            let Piece::Word(word) = piece else {
                self.row(indent, None, &line);
                (line, used) = (String::new(), 0);
                continue;
            };
            let width: usize = word.iter().map(|span| span.text.width()).sum();
            if used > 0 && used + 1 + width > room {
                self.row(indent, None, &line);
                (line, used) = (String::new(), 0);
            }
            if used > 0 {
                line.push(' ');
                used += 1;
            }
            for span in &word {
                line.push_str(&self.painted(span));
            }
            used += width;
        }
        if used > 0 {
            self.row(indent, None, &line);
        }
    }

    fn painted(&self, span: &Span) -> String {
        let style = match span {
            Span { code: true, .. } => Style::Prompt,
            Span { strong: true, .. } => Style::Name,
            Span { emphasis: true, .. } => Style::Emphasis,
            _ => return span.text.clone(),
        };
        self.painter.paint(style, &span.text)
    }

    fn row(&mut self, indent: usize, style: Option<Style>, text: &str) {
        if !text.is_empty() {
            let text = style.map_or(text.to_owned(), |style| self.painter.paint(style, text));
            self.text.push_str(&format!("{:indent$}{text}", ""));
        }
        self.text.push('\n');
    }
}

enum Piece {
    /// What stands between two spaces, in its styles.
    Word(Vec<Span>),
    Break,
}

/// Running text, cut at its spaces. Where a link leads to stands behind it.
fn pieces(spans: &[Span]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut word: Vec<Span> = Vec::new();
    for (at, span) in spans.iter().enumerate() {
        for (at, part) in span.text.split(' ').enumerate() {
            if at > 0 {
                close(&mut word, &mut pieces);
            }
            for (at, part) in part.split('\n').enumerate() {
                if at > 0 {
                    close(&mut word, &mut pieces);
                    pieces.push(Piece::Break);
                }
                if !part.is_empty() {
                    let text = part.to_owned();
                    word.push(Span {
                        text,
                        ..span.clone()
                    });
                }
            }
        }
        // Once at the end of a link, although parts of it may look different.
        let goes_on = spans.get(at + 1).is_some_and(|next| next.link == span.link);
        if let Some(link) = span
            .link
            .as_ref()
            .filter(|link| !goes_on && **link != span.text)
            && !link.starts_with('#')
        {
            close(&mut word, &mut pieces);
            // What follows belongs to it: a comma, a full stop.
            word.push(Span {
                text: format!("<{link}>"),
                ..Span::default()
            });
        }
    }
    close(&mut word, &mut pieces);
    pieces
}

fn close(word: &mut Vec<Span>, pieces: &mut Vec<Piece>) {
    if !word.is_empty() {
        pieces.push(Piece::Word(std::mem::take(word)));
    }
}

#[cfg(test)]
mod tests {
    use super::super::markup::read;
    use super::*;

    fn written(doc: &str, width: usize) -> String {
        let mut page = Page {
            painter: Painter::new(false),
            width,
            text: String::new(),
        };
        page.blocks(2, &read(doc));
        page.text
    }

    #[test]
    fn text_is_broken_between_words_and_keeps_its_place() {
        let doc = "One two *three* four `five six`\nseven.\n\nAnother.";
        let expected = "  One two three four five\n  six seven.\n\n  Another.\n";
        assert_eq!(written(doc, 27), expected);
    }

    #[test]
    fn lists_quotations_code_and_tables_are_told_apart() {
        let doc = "- a\n  b\n- c\n\n7. d\n\n> e\n>\n> f\n\n```\nlet x = 1;\n# hidden\n```\n\n| g | h |\n|-|-|\n| i | jk |";
        let expected = "  - a b\n  - c\n\n  7. d\n\n  │ e\n  │\n  │ f\n\n      let x = 1;\n\n  g  h\n  i  jk\n";
        assert_eq!(written(doc, 60), expected);
    }

    #[test]
    fn where_a_link_leads_to_stands_behind_it_once() {
        let doc = "See [the *whole* page](https://example.org/a), <https://example.org/b> and [this](#here).";
        let shown =
            "  See the whole page <https://example.org/a>, https://example.org/b and this.\n";
        assert_eq!(written(doc, 100), shown);
    }

    #[test]
    fn nothing_steers_the_terminal() {
        let text = written("a\u{1b}[2J `\u{9b}31m` \u{202e}\n\n```\n\u{7}\n```", 80);
        assert!(
            text.chars().all(|c| c == '\n' || !crate::out::steers(c)),
            "{text:?}"
        );
    }
}
