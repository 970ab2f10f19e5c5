//! Doc comments: Markdown that somebody else wrote, read into text of a few shapes.
//!
//! What is not one of these shapes does not get through: HTML is text, a picture is its description, a link leads to a web
//! page, to a mailbox or within the page. No control character is left.

use std::borrow::Cow;

use pulldown_cmark::{
    BrokenLink, CodeBlockKind, CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd,
};

use crate::out;

/// How deep quotations, lists and their items lie in one another at most; what is deeper is shown at this depth.
const DEEPEST: usize = 12;

/// A piece of text between empty lines.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Block {
    Paragraph(Vec<Span>),
    /// From 1 on for the largest, as it was written.
    Heading(u8, Vec<Span>),
    Code(String),
    /// Numbered from there on, or with dots.
    List(Option<u64>, Vec<Vec<Block>>),
    Quote(Vec<Block>),
    /// Rows of cells, of which the first one is the heading.
    Table(Vec<Vec<Vec<Span>>>),
    Rule,
}

/// Text that looks the same from beginning to end. A line break is the text "\n".
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Span {
    pub(super) text: String,
    pub(super) strong: bool,
    pub(super) emphasis: bool,
    pub(super) code: bool,
    pub(super) link: Option<String>,
}

/// Reads a doc comment.
pub(super) fn read(doc: &str) -> Vec<Block> {
    let doc = out::plain(doc);
    let mut reader = Reader::default();
    // `[Counter]` without an address, as Rust's own documentation has it, is its text.
    let nowhere = |_: BrokenLink<'_>| Some((CowStr::from(""), CowStr::from("")));
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    for event in Parser::new_with_broken_link_callback(&doc, options, Some(nowhere)) {
        reader.read(event);
    }
    reader.finish()
}

/// The address of a link, if it is of a kind that may be followed.
fn allowed(address: &str) -> Option<String> {
    let lower = address.to_ascii_lowercase();
    let leads_out = ["http://", "https://", "mailto:"]
        .iter()
        .any(|start| lower.starts_with(start));
    let is_fine = leads_out || address.starts_with('#');
    let has_gap = address.chars().any(|c| c.is_whitespace() || out::steers(c));
    (is_fine && !has_gap).then(|| address.to_owned())
}

/// What is open around the text that is being read.
enum Open {
    Quote(Vec<Block>),
    Item(Vec<Block>),
    List(Option<u64>, Vec<Vec<Block>>),
    Table(Vec<Vec<Vec<Span>>>),
}

#[derive(Default)]
struct Reader {
    blocks: Vec<Block>,
    open: Vec<Open>,
    spans: Vec<Span>,
    /// The code so far, and whether it is Rust.
    code: Option<(String, bool)>,
    strong: usize,
    emphasis: usize,
    links: Vec<Option<String>>,
}

impl Reader {
    fn read(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.begin(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => match &mut self.code {
                Some((code, _)) => code.push_str(&text),
                None => self.text(&text, false),
            },
            Event::Code(text) => self.text(&text, true),
            // Not run, not hidden: shown.
            Event::Html(text) | Event::InlineHtml(text) => self.text(&text, false),
            Event::SoftBreak => self.text(" ", false),
            Event::HardBreak => self.text("\n", false),
            Event::Rule => {
                self.close_paragraph();
                self.put(Block::Rule);
            }
            Event::InlineMath(text) | Event::DisplayMath(text) => self.text(&text, true),
            Event::FootnoteReference(_) | Event::TaskListMarker(_) => {}
        }
    }

    fn begin(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::BlockQuote(_) => self.open(Open::Quote(Vec::new())),
            Tag::CodeBlock(kind) => {
                self.close_paragraph();
                self.code = Some((String::new(), is_rust(&kind)));
            }
            Tag::List(start) => self.open(Open::List(start, Vec::new())),
            Tag::Item => self.open(Open::Item(Vec::new())),
            Tag::Paragraph | Tag::Heading { .. } | Tag::HtmlBlock => self.close_paragraph(),
            Tag::Table(_) => self.open(Open::Table(Vec::new())),
            Tag::TableHead | Tag::TableRow => {
                if let Some(Open::Table(rows)) = self.open.last_mut() {
                    rows.push(Vec::new());
                }
            }
            Tag::Strong => self.strong += 1,
            Tag::Emphasis | Tag::Strikethrough => self.emphasis += 1,
            Tag::Link { dest_url, .. } => self.links.push(allowed(&dest_url)),
            Tag::Image { .. } => self.links.push(None),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph | TagEnd::HtmlBlock => self.close_paragraph(),
            TagEnd::Heading(level) => {
                let spans = std::mem::take(&mut self.spans);
                self.put(Block::Heading(number(level), spans));
            }
            TagEnd::CodeBlock => {
                if let Some((code, is_rust)) = self.code.take() {
                    self.put(Block::Code(shown(&code, is_rust)));
                }
            }
            TagEnd::BlockQuote(_) | TagEnd::Item | TagEnd::List(_) => self.close(),
            TagEnd::Table => {
                if let Some(Open::Table(rows)) = self.open.pop() {
                    self.put(Block::Table(rows));
                }
            }
            TagEnd::TableCell => {
                let cell = std::mem::take(&mut self.spans);
                if let Some(Open::Table(rows)) = self.open.last_mut()
                    && let Some(row) = rows.last_mut()
                {
                    row.push(cell);
                }
            }
            TagEnd::Strong => self.strong = self.strong.saturating_sub(1),
            TagEnd::Emphasis | TagEnd::Strikethrough => {
                self.emphasis = self.emphasis.saturating_sub(1);
            }
            TagEnd::Link | TagEnd::Image => {
                self.links.pop();
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str, code: bool) {
        let span = Span {
            text: String::new(),
            strong: self.strong > 0,
            emphasis: self.emphasis > 0,
            code,
            link: self.links.iter().rev().find_map(Clone::clone),
        };
        let text = Cow::from(text);
        match self.spans.last_mut() {
            Some(last) if same_look(last, &span) => last.text.push_str(&text),
            _ => self.spans.push(Span {
                text: text.into_owned(),
                ..span
            }),
        }
    }

    fn open(&mut self, what: Open) {
        self.close_paragraph();
        self.open.push(what);
    }

    /// Closes a quotation, a list or an item.
    fn close(&mut self) {
        self.close_paragraph();
        let closed = self.open.pop();
        let is_too_deep = self.open.len() >= DEEPEST;
        match closed {
            Some(Open::Item(blocks)) => match self.open.last_mut() {
                Some(Open::List(_, items)) => items.push(blocks),
                _ => blocks.into_iter().for_each(|block| self.put(block)),
            },
            Some(Open::Quote(blocks)) if is_too_deep => {
                blocks.into_iter().for_each(|block| self.put(block));
            }
            Some(Open::List(_, items)) if is_too_deep => {
                items
                    .into_iter()
                    .flatten()
                    .for_each(|block| self.put(block));
            }
            Some(Open::Quote(blocks)) => self.put(Block::Quote(blocks)),
            Some(Open::List(start, items)) => self.put(Block::List(start, items)),
            Some(Open::Table(_)) | None => {}
        }
    }

    fn close_paragraph(&mut self) {
        let mut spans = std::mem::take(&mut self.spans);
        if let Some(last) = spans.last_mut() {
            last.text.truncate(last.text.trim_end().len());
        }
        if spans.iter().any(|span| !span.text.trim().is_empty()) {
            self.put(Block::Paragraph(spans));
        }
    }

    /// Adds a block to what is open.
    fn put(&mut self, block: Block) {
        match self.open.last_mut() {
            Some(Open::Quote(blocks) | Open::Item(blocks)) => blocks.push(block),
            Some(Open::List(_, items)) => items.push(vec![block]),
            // A table has nothing but cells.
            Some(Open::Table(_)) => {}
            None => self.blocks.push(block),
        }
    }

    fn finish(mut self) -> Vec<Block> {
        self.close_paragraph();
        self.blocks
    }
}

fn same_look(a: &Span, b: &Span) -> bool {
    (a.strong, a.emphasis, a.code, &a.link) == (b.strong, b.emphasis, b.code, &b.link)
}

fn number(level: HeadingLevel) -> u8 {
    level as u8
}

/// Whether a block of code is Rust, which it is when nothing else is said.
fn is_rust(kind: &CodeBlockKind<'_>) -> bool {
    const RUST: [&str; 6] = [
        "",
        "rust",
        "ignore",
        "no_run",
        "should_panic",
        "compile_fail",
    ];
    match kind {
        CodeBlockKind::Indented => true,
        CodeBlockKind::Fenced(info) => {
            let first = info.split([',', ' ']).next().unwrap_or_default();
            RUST.contains(&first)
        }
    }
}

/// Code, of Rust without the lines that its documentation hides: those that begin with `# `.
fn shown(code: &str, is_rust: bool) -> String {
    let is_hidden = |line: &str| {
        let line = line.trim_start();
        is_rust && (line == "#" || line.starts_with("# "))
    };
    let shown: Vec<&str> = code.lines().filter(|line| !is_hidden(line)).collect();
    shown.join("\n")
}

#[cfg(test)]
mod tests;
