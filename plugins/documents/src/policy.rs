//! Which HTML may stay.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use ammonia::{Builder, Url, url::ParseError};

/// The schemes that a URL may have; it may also be relative.
const SCHEMES: [&str; 3] = ["http", "https", "mailto"];

/// The elements that may stay: they format text. Of all others the text stays, but not of scripts and styles.
const ELEMENTS: &[&str] = &[
    "a",
    "abbr",
    "b",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "dd",
    "del",
    "details",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "input",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "small",
    "span",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "u",
    "ul",
    "var",
    "wbr",
];

/// The attributes that an element may have.
const ATTRIBUTES: &[(&str, &[&str])] = &[
    ("a", &["href"]),
    ("img", &["alt", "height", "src", "width"]),
    ("input", &["checked"]),
    ("ol", &["start"]),
    ("td", &["align", "colspan", "rowspan", "style"]),
    ("th", &["align", "colspan", "rowspan", "scope", "style"]),
    ("code", &["class"]),
    ("div", &["align", "class", "id"]),
    ("sup", &["class"]),
    ("p", &["align"]),
    ("details", &["open"]),
    ("h1", &["align", "id"]),
    ("h2", &["align", "id"]),
    ("h3", &["align", "id"]),
    ("h4", &["align", "id"]),
    ("h5", &["align", "id"]),
    ("h6", &["align", "id"]),
];

/// The classes that the Markdown writer gives.
const CLASSES: [&str; 3] = [
    "footnote-definition",
    "footnote-definition-label",
    "footnote-reference",
];

/// The alignments of a table's columns, as the Markdown writer gives them.
const STYLES: [&str; 3] = [
    "text-align: left",
    "text-align: center",
    "text-align: right",
];

/// The ids that a text may have: those of its own headings and footnotes. Others could be taken for something of the
/// page's, also by its scripts.
#[derive(Clone, Default)]
pub(crate) struct Ids {
    pub(crate) known: HashSet<String>,
    pub(crate) prefix: String,
}

impl Ids {
    fn prefixed(&self, id: &str) -> Option<String> {
        self.known
            .contains(id)
            .then(|| format!("{}{id}", self.prefix))
    }

    fn has_prefixed(&self, id: &str) -> bool {
        id.strip_prefix(&self.prefix)
            .is_some_and(|id| self.known.contains(id))
    }
}

/// Whether a URL is relative, or of one of the schemes. It is read as browsers do, who see no tabs and newlines in it.
pub(crate) fn is_allowed(url: &str) -> bool {
    match Url::parse(url) {
        Ok(url) => SCHEMES.contains(&url.scheme()),
        Err(error) => error == ParseError::RelativeUrlWithoutBase,
    }
}

/// The HTML without all that could do harm, well-formed: each element closed, each attribute in double quotes, `<` and
/// `>` nowhere but around tags. Ids are given their prefix.
pub(crate) fn clean(html: &str, ids: &Ids) -> String {
    let ids = ids.clone();
    let mut builder = builder();
    builder.attribute_filter(
        move |element, attribute, value| match (element, attribute) {
            (_, "id") => ids.prefixed(value).map(Cow::Owned),
            ("a", "href") => {
                let own = value.strip_prefix('#').and_then(|id| ids.prefixed(id));
                Some(own.map_or(Cow::Borrowed(value), |id| Cow::Owned(format!("#{id}"))))
            }
            _ => filter(element, attribute, value),
        },
    );
    builder.clean(html).to_string()
}

/// The same for what was clean once, and has its prefixes.
pub(crate) fn clean_again(html: &str, ids: &Ids) -> String {
    let ids = ids.clone();
    let mut builder = builder();
    builder.attribute_filter(move |element, attribute, value| match attribute {
        "id" => ids.has_prefixed(value).then_some(Cow::Borrowed(value)),
        _ => filter(element, attribute, value),
    });
    builder.clean(html).to_string()
}

fn filter<'v>(element: &str, attribute: &str, value: &'v str) -> Option<Cow<'v, str>> {
    let may_stay = match (element, attribute) {
        ("code", "class") => is_language(value),
        (_, "class") => CLASSES.contains(&value),
        (_, "style") => STYLES.contains(&value),
        _ => true,
    };
    may_stay.then_some(Cow::Borrowed(value))
}

/// The class that tells a highlighter which language a piece of code is in.
fn is_language(class: &str) -> bool {
    class.strip_prefix("language-").is_some_and(|name| {
        !name.is_empty()
            && name.chars().all(|letter| {
                letter.is_alphanumeric() || matches!(letter, '+' | '-' | '#' | '.' | '_')
            })
    })
}

fn builder() -> Builder<'static> {
    let mut builder = Builder::default();
    builder
        .tags(ELEMENTS.iter().copied().collect())
        .tag_attributes(
            ATTRIBUTES
                .iter()
                .map(|(element, names)| (*element, names.iter().copied().collect()))
                .collect(),
        )
        .generic_attributes(HashSet::from(["lang", "title"]))
        // An input can only be the box of a task.
        .set_tag_attribute_values(HashMap::from([(
            "input",
            HashMap::from([("disabled", ""), ("type", "checkbox")]),
        )]))
        .url_schemes(HashSet::from(SCHEMES))
        .link_rel(Some("nofollow noopener noreferrer"));
    builder
}
