//! Markdown that nobody vouches for, as HTML that can be put into a page.
//!
//! A text goes through the files in this order: `source` takes the front matter off, `parsed` reads the rest and gives
//! headings their ids, `policy` says which HTML may stay and lets `ammonia` see to it, `links` asks the callbacks about
//! what is left. What a callback answered goes through `policy` once more: it has the last word.

// The class, and the functions beside it.
mod document;
mod functions;

// From Markdown to HTML.
mod parsed;
mod source;

// From any HTML to harmless HTML.
mod links;
mod policy;

mod files;

#[cfg(test)]
mod tests;

pub use document::Document;

use functions::{clean, open, parse, render};

locum_guest::plugin! {
    /// Makes HTML that can be put into a page, of Markdown from whatever origin.
    ///
    /// `render(markdown)` is that in one call. `parse(markdown)` and `open(path)` give a `Document`, which also tells its
    /// title, its headings, its links and its plain text. `clean(html)` is for text that is HTML already.
    ///
    /// Of HTML only what formats text is left: no scripts, styles, forms or frames, and no URLs but those that are
    /// relative, http, https or mailto. A callback may decide about each link and picture that is left.
    mod documents { Document, clean, open, parse, render }
}
