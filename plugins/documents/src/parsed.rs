//! What is in a Markdown text.

use std::collections::{HashMap, HashSet};

use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd, html};
use serde::Serialize;

/// Which extensions of Markdown are read, and how.
#[derive(Clone)]
pub(crate) struct Dialect {
    pub(crate) tables: bool,
    pub(crate) footnotes: bool,
    pub(crate) strikethrough: bool,
    pub(crate) tasks: bool,
    pub(crate) heading_ids: bool,
    /// Whether HTML inside of the text is kept, as far as it is harmless, or shown as it was written.
    pub(crate) html: bool,
    /// What every id begins with, so that none is that of something else in the page.
    pub(crate) id_prefix: String,
}

/// A heading.
#[derive(Clone, Serialize)]
pub(crate) struct Heading {
    pub(crate) level: u8,
    pub(crate) text: String,
    id: Option<String>,
}

/// A link or a picture, as it was written.
#[derive(Clone, Serialize)]
pub(crate) struct Link {
    kind: &'static str,
    url: String,
    text: String,
    title: Option<String>,
}

/// A text that was read.
pub(crate) struct Parsed<'a> {
    events: Vec<Event<'a>>,
    pub(crate) outline: Vec<Heading>,
    /// The ids of headings and footnotes, without their prefix.
    pub(crate) ids: HashSet<String>,
}

/// What is put before the name of a footnote, so that its id is not that of a heading.
const FOOTNOTE: &str = "fn-";

impl<'a> Parsed<'a> {
    pub(crate) fn new(markdown: &'a str, dialect: &Dialect) -> Parsed<'a> {
        let mut options = Options::empty();
        options.set(Options::ENABLE_TABLES, dialect.tables);
        options.set(Options::ENABLE_FOOTNOTES, dialect.footnotes);
        options.set(Options::ENABLE_STRIKETHROUGH, dialect.strikethrough);
        options.set(Options::ENABLE_TASKLISTS, dialect.tasks);
        let mut parsed = Parsed {
            events: Parser::new_ext(markdown, options).collect(),
            outline: Vec::new(),
            ids: HashSet::new(),
        };
        if !dialect.html {
            parsed.show_html();
        }
        parsed.name_footnotes();
        parsed.name_headings(dialect);
        parsed
    }

    /// HTML of it, to be cleaned.
    pub(crate) fn into_html(self) -> String {
        let mut written = String::new();
        html::push_html(&mut written, self.events.into_iter());
        written
    }

    /// Its words without their formatting, each block on a line of its own. HTML is left out.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        for event in &self.events {
            match event {
                Event::Text(words) | Event::Code(words) => text.push_str(words),
                Event::SoftBreak => text.push(' '),
                Event::End(TagEnd::TableCell) => text.push('\t'),
                Event::HardBreak | Event::Start(Tag::List(_)) => new_line(&mut text),
                Event::End(end) if is_block(*end) => new_line(&mut text),
                _ => {}
            }
        }
        text.truncate(text.trim_end().len());
        text
    }

    /// Its links and pictures, in the order in which they begin. Those in HTML are left out.
    pub(crate) fn links(&self) -> Vec<Link> {
        let mut links: Vec<Link> = Vec::new();
        let mut open: Vec<usize> = Vec::new();
        for event in &self.events {
            match event {
                Event::Start(Tag::Link {
                    dest_url, title, ..
                }) => {
                    open.push(links.len());
                    links.push(Link::new("link", dest_url, title));
                }
                Event::Start(Tag::Image {
                    dest_url, title, ..
                }) => {
                    open.push(links.len());
                    links.push(Link::new("image", dest_url, title));
                }
                Event::End(TagEnd::Link | TagEnd::Image) => drop(open.pop()),
                event => {
                    for at in &open {
                        links[*at].text.push_str(words(event));
                    }
                }
            }
        }
        links
    }

    /// HTML becomes the text that it was written as.
    fn show_html(&mut self) {
        for event in &mut self.events {
            match event {
                Event::Html(text) | Event::InlineHtml(text) => {
                    *event = Event::Text(std::mem::replace(text, CowStr::Borrowed("")));
                }
                Event::Start(Tag::HtmlBlock) => *event = Event::Start(Tag::Paragraph),
                Event::End(TagEnd::HtmlBlock) => *event = Event::End(TagEnd::Paragraph),
                _ => {}
            }
        }
    }

    fn name_footnotes(&mut self) {
        for event in &mut self.events {
            match event {
                Event::FootnoteReference(name) => *name = format!("{FOOTNOTE}{name}").into(),
                Event::Start(Tag::FootnoteDefinition(name)) => {
                    let id = format!("{FOOTNOTE}{name}");
                    self.ids.insert(id.clone());
                    *name = id.into();
                }
                _ => {}
            }
        }
    }

    fn name_headings(&mut self, dialect: &Dialect) {
        let mut names = Names::default();
        let mut start = None;
        for at in 0..self.events.len() {
            match &self.events[at] {
                Event::Start(Tag::Heading { .. }) => {
                    start = Some(at);
                    continue;
                }
                Event::End(TagEnd::Heading(_)) => {}
                _ => continue,
            }
            let Some(start) = start.take() else { continue };
            let text: String = self.events[start..at].iter().map(words).collect();
            let text = text.trim().to_owned();
            if let Event::Start(Tag::Heading { level, id, .. }) = &mut self.events[start] {
                let name = dialect.heading_ids.then(|| names.name(&text));
                self.outline.push(Heading {
                    level: *level as u8,
                    text,
                    id: name
                        .as_ref()
                        .map(|name| format!("{}{name}", dialect.id_prefix)),
                });
                self.ids.extend(name.clone());
                *id = name.map(CowStr::from);
            }
        }
    }
}

impl Link {
    fn new(kind: &'static str, url: &str, title: &str) -> Link {
        Link {
            kind,
            url: url.to_owned(),
            text: String::new(),
            title: (!title.is_empty()).then(|| title.to_owned()),
        }
    }
}

/// The words that an event adds to a line.
fn words<'e>(event: &'e Event<'_>) -> &'e str {
    match event {
        Event::Text(words) | Event::Code(words) => words,
        Event::SoftBreak | Event::HardBreak => " ",
        _ => "",
    }
}

fn new_line(text: &mut String) {
    text.truncate(text.trim_end_matches([' ', '\t']).len());
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
}

fn is_block(end: TagEnd) -> bool {
    matches!(
        end,
        TagEnd::Paragraph
            | TagEnd::Heading(_)
            | TagEnd::CodeBlock
            | TagEnd::Item
            | TagEnd::TableHead
            | TagEnd::TableRow
            | TagEnd::FootnoteDefinition
    )
}

/// Names for headings, as GitHub makes them: each once.
#[derive(Default)]
struct Names {
    taken: HashSet<String>,
    /// The number that was last put behind a name.
    last: HashMap<String, usize>,
}

impl Names {
    fn name(&mut self, heading: &str) -> String {
        let mut base: String = heading
            .chars()
            .flat_map(char::to_lowercase)
            .filter_map(|letter| match letter {
                ' ' => Some('-'),
                letter if letter.is_alphanumeric() || matches!(letter, '-' | '_') => Some(letter),
                _ => None,
            })
            .collect();
        if base.is_empty() {
            base.push_str("section");
        }
        let mut name = base.clone();
        while !self.taken.insert(name.clone()) {
            let number = self.last.entry(base.clone()).or_default();
            *number += 1;
            name = format!("{base}-{number}");
        }
        name
    }
}
