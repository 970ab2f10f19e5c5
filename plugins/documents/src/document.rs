//! The class `Document`.

use locum_guest::{Map, Proxy, Result, Value, object};

use crate::links::{self, Callbacks};
use crate::parsed::{Dialect, Heading, Link, Parsed};
use crate::policy::Ids;
use crate::{files, source};

/// A Markdown text that was read.
pub struct Document {
    /// Without the front matter.
    markdown: String,
    front_matter: Map,
    dialect: Dialect,
    outline: Vec<Heading>,
    links: Vec<Link>,
    text: String,
}

/// A Markdown text that was read: what is in it, and HTML of it. `parse` and `open` make one; it does not change.
#[object]
impl Document {
    /// Its title: that of the front matter, else its first heading of level 1, else its first heading, else null.
    #[getter]
    fn title(&self) -> Option<String> {
        if let Some(Value::Text(title)) = self.front_matter.get(&"title".into()) {
            return Some(title.clone());
        }
        let first = self.outline.iter().find(|heading| heading.level == 1);
        first
            .or(self.outline.first())
            .map(|heading| heading.text.clone())
    }

    /// The `key: value` lines between two lines of `---` at the start of the text, as a map of texts. They are no part of
    /// its HTML. Values of several lines are left out.
    #[getter]
    fn front_matter(&self) -> Map {
        self.front_matter.clone()
    }

    /// How many words its plain text has.
    #[getter]
    fn words(&self) -> usize {
        let words = self.text.split_whitespace();
        words
            .filter(|word| word.contains(char::is_alphanumeric))
            .count()
    }

    /// Its headings in order: a list of maps of `level` (1 to 6), `text`, and the `id` that it has in the HTML, to link to
    /// as `#id` (null without `heading_ids`).
    fn outline(&self) -> Vec<Heading> {
        self.outline.clone()
    }

    /// Its links and pictures in order, as they were written, also those that the HTML will not have: a list of maps of
    /// `kind` ("link" or "image"), `url`, `text` and `title` (null if it has none). Those in HTML are not among them.
    fn links(&self) -> Vec<Link> {
        self.links.clone()
    }

    /// Its words without their formatting, each block on a line of its own. HTML in the text is left out.
    fn text(&self) -> String {
        self.text.clone()
    }

    /// HTML of it that can be put into a page.
    ///
    /// `link` and `image` are called as `link(url, text)` for each link and picture, also those in HTML inside of the
    /// text, and answer the URL to use, or null: then the link is dropped and its text stays. URLs that are not relative,
    /// http, https or mailto are removed before, and when a callback answers one. What a callback raises, this raises.
    fn html(&self, link: Option<Proxy>, image: Option<Proxy>) -> Result<String> {
        html(&self.markdown, &self.dialect, &Callbacks { link, image })
    }

    /// Writes its HTML into a file, in a directory that the plugin was granted. A file that is there is replaced. The
    /// callbacks are those of `html`.
    fn save(&self, path: &str, link: Option<Proxy>, image: Option<Proxy>) -> Result<()> {
        files::write(path, &self.html(link, image)?)
    }

    /// As in `document "Locum" of 900 words`.
    fn __str__(&self) -> String {
        let title = self.title().map_or_else(
            || "without a title".to_owned(),
            |title| format!("{title:?}"),
        );
        format!("document {title} of {} words", self.words())
    }
}

impl Document {
    pub(crate) fn read(markdown: &str, dialect: Dialect) -> Document {
        let (front_matter, body) = source::split(markdown);
        let markdown = body.to_owned();
        let parsed = Parsed::new(&markdown, &dialect);
        let (links, text) = (parsed.links(), parsed.text());
        Document {
            front_matter,
            outline: parsed.outline,
            markdown,
            dialect,
            links,
            text,
        }
    }
}

/// HTML of a text without its front matter.
pub(crate) fn html(markdown: &str, dialect: &Dialect, callbacks: &Callbacks) -> Result<String> {
    let mut parsed = Parsed::new(markdown, dialect);
    let ids = Ids {
        known: std::mem::take(&mut parsed.ids),
        prefix: dialect.id_prefix.clone(),
    };
    links::clean(&parsed.into_html(), &ids, callbacks)
}
