//! The functions of the module.
#![expect(
    clippy::too_many_arguments,
    reason = "each is a choice that the caller makes by its name, or leaves"
)]

use locum_guest::{Proxy, Result, object};

use crate::document::{self, Document};
use crate::links::{self, Callbacks};
use crate::parsed::Dialect;
use crate::policy::Ids;
use crate::{files, source};

/// HTML of a Markdown text, that can be put into a page whoever wrote the text.
///
/// `link` and `image` are called as `link(url, text)` for each link and picture, and answer the URL to use, or null: then
/// the link is dropped and its text stays. What they raise, this raises.
///
/// The others are choices: `tables`, `footnotes`, `strikethrough` (`~~so~~`), `tasks` (`- [x]`); `heading_ids` to link to;
/// `html` to keep harmless HTML inside of the text, or else to show it as it was written; `id_prefix`, with which every id
/// begins, so that none is that of something else in the page.
#[object]
pub(crate) fn render(
    markdown: &str,
    link: Option<Proxy>,
    image: Option<Proxy>,
    #[arg(default = true)] tables: bool,
    #[arg(default = true)] footnotes: bool,
    #[arg(default = true)] strikethrough: bool,
    #[arg(default = true)] tasks: bool,
    #[arg(default = true)] heading_ids: bool,
    #[arg(default = true)] html: bool,
    #[arg(default = "user-content-")] id_prefix: String,
) -> Result<String> {
    let dialect = Dialect {
        tables,
        footnotes,
        strikethrough,
        tasks,
        heading_ids,
        html,
        id_prefix,
    };
    let (_, markdown) = source::split(markdown);
    document::html(markdown, &dialect, &Callbacks { link, image })
}

/// Reads a Markdown text: a `Document`, to ask for its title, headings, links, plain text and HTML.
///
/// The arguments are the choices of `render`.
#[object]
pub(crate) fn parse(
    markdown: &str,
    #[arg(default = true)] tables: bool,
    #[arg(default = true)] footnotes: bool,
    #[arg(default = true)] strikethrough: bool,
    #[arg(default = true)] tasks: bool,
    #[arg(default = true)] heading_ids: bool,
    #[arg(default = true)] html: bool,
    #[arg(default = "user-content-")] id_prefix: String,
) -> Document {
    let dialect = Dialect {
        tables,
        footnotes,
        strikethrough,
        tasks,
        heading_ids,
        html,
        id_prefix,
    };
    Document::read(markdown, dialect)
}

/// Reads a file of Markdown that the plugin was granted; the other arguments are the choices of `render`.
///
/// Raises `FileNotFoundError` when it is not there or was not granted, `ValueError` when it is not UTF-8.
#[object]
pub(crate) fn open(
    path: &str,
    #[arg(default = true)] tables: bool,
    #[arg(default = true)] footnotes: bool,
    #[arg(default = true)] strikethrough: bool,
    #[arg(default = true)] tasks: bool,
    #[arg(default = true)] heading_ids: bool,
    #[arg(default = true)] html: bool,
    #[arg(default = "user-content-")] id_prefix: String,
) -> Result<Document> {
    let dialect = Dialect {
        tables,
        footnotes,
        strikethrough,
        tasks,
        heading_ids,
        html,
        id_prefix,
    };
    Ok(Document::read(&files::read(path)?, dialect))
}

/// Any HTML without what could do harm: scripts, styles, forms, frames, handlers, ids and URLs other than relative ones,
/// http, https and mailto. `link` and `image` are the callbacks of `render`.
#[object]
pub(crate) fn clean(html: &str, link: Option<Proxy>, image: Option<Proxy>) -> Result<String> {
    links::clean(html, &Ids::default(), &Callbacks { link, image })
}
