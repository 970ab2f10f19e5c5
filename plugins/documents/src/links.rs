//! The links and pictures of clean HTML, and what callbacks say to them.

use std::borrow::Cow;

use locum_guest::{Error, Proxy, Result, Value};

use crate::policy::{self, Ids, is_allowed};

/// Who decides about links and pictures.
#[derive(Default)]
pub(crate) struct Callbacks {
    pub(crate) link: Option<Proxy>,
    pub(crate) image: Option<Proxy>,
}

/// Any HTML, cleaned, with its links and pictures as the callbacks want them.
pub(crate) fn clean(html: &str, ids: &Ids, callbacks: &Callbacks) -> Result<String> {
    let html = rewrite(&policy::clean(html, ids), callbacks)?;
    match (&callbacks.link, &callbacks.image) {
        (None, None) => Ok(html),
        // Whatever they answered, and however it was put in: what goes out is clean.
        _ => Ok(policy::clean_again(&html, ids)),
    }
}

/// Goes through HTML as [`policy::clean`] writes it. A link without a URL, because the policy or a callback took it, is
/// its text; a picture without one is the text that stands for it.
fn rewrite(html: &str, callbacks: &Callbacks) -> Result<String> {
    let mut written = String::with_capacity(html.len());
    // Whether the links that are open now were kept. Links can not be nested, but then that is not for us to know.
    let mut open = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        let (text, tag) = rest.split_at(start);
        written.push_str(text);
        let (tag, behind) = tag.split_at(tag_length(tag));
        rest = behind;
        match element(tag) {
            "a" => {
                let kept = link(tag, rest, callbacks)?;
                open.push(kept.is_some());
                written.push_str(&kept.unwrap_or_default());
            }
            "/a" => {
                if open.pop().unwrap_or(false) {
                    written.push_str(tag);
                }
            }
            "img" => written.push_str(&image(tag, callbacks)?),
            _ => written.push_str(tag),
        }
    }
    written.push_str(rest);
    Ok(written)
}

/// The tag of a link, or nothing if it has no URL any more. `behind` is what follows it.
fn link<'a>(tag: &'a str, behind: &str, callbacks: &Callbacks) -> Result<Option<Cow<'a, str>>> {
    let Some(url) = attribute(tag, "href") else {
        return Ok(None);
    };
    let Some(callback) = &callbacks.link else {
        return Ok(Some(Cow::Borrowed(tag)));
    };
    let inside = behind
        .split_once("</a>")
        .map_or(behind, |(inside, _)| inside);
    let (url, text) = (unescape(url), text_of(inside));
    let answer = ask(callback, "link", &url, &text)?;
    Ok(answer.map(|answer| Cow::Owned(with_attribute(tag, "href", &answer))))
}

/// The tag of a picture, or the text that stands for it if it has no URL any more.
fn image<'a>(tag: &'a str, callbacks: &Callbacks) -> Result<Cow<'a, str>> {
    let alt = attribute(tag, "alt").unwrap_or_default();
    let Some(url) = attribute(tag, "src") else {
        return Ok(escape(&unescape(alt)));
    };
    let Some(callback) = &callbacks.image else {
        return Ok(Cow::Borrowed(tag));
    };
    let (url, text) = (unescape(url), unescape(alt));
    Ok(match ask(callback, "image", &url, &text)? {
        Some(answer) => Cow::Owned(with_attribute(tag, "src", &answer)),
        None => escape(&text),
    })
}

/// What the callback makes of a URL.
fn ask(callback: &Proxy, name: &str, url: &str, text: &str) -> Result<Option<String>> {
    match callback.invoke::<Value>((url, text))? {
        Value::Null => Ok(None),
        Value::Text(answer) => Ok(Some(answer).filter(|answer| is_allowed(answer))),
        other => Err(Error::type_error(format!(
            "the callback `{name}` answered {} for {url:?}: it answers a URL as text, or null to drop the {name}",
            other.type_name()
        ))),
    }
}

/// How long the tag is that the text begins with. A `>` in quotes does not end it.
fn tag_length(tag: &str) -> usize {
    let mut in_quotes = false;
    for (at, byte) in tag.bytes().enumerate() {
        match byte {
            b'"' => in_quotes = !in_quotes,
            b'>' if !in_quotes => return at + 1,
            _ => {}
        }
    }
    tag.len()
}

/// The name in a tag, with the slash of a closing one.
fn element(tag: &str) -> &str {
    let inside = tag.trim_start_matches('<');
    let end = inside.find([' ', '>']).unwrap_or(inside.len());
    &inside[..end]
}

/// Where the value of an attribute is in a tag.
fn value_range(tag: &str, name: &str) -> Option<std::ops::Range<usize>> {
    let mut at = 1 + element(tag).len();
    loop {
        let equals = at + tag[at..].find("=\"")?;
        let start = equals + 2;
        let end = start + tag[start..].find('"')?;
        if tag[at..equals].trim_start() == name {
            return Some(start..end);
        }
        at = end + 1;
    }
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    Some(&tag[value_range(tag, name)?])
}

fn with_attribute(tag: &str, name: &str, value: &str) -> String {
    match value_range(tag, name) {
        Some(range) => [&tag[..range.start], &escape(value), &tag[range.end..]].concat(),
        None => tag.to_owned(),
    }
}

/// The text in a piece of HTML; pictures are the text that stands for them.
fn text_of(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        text.push_str(&unescape(&rest[..start]));
        let (tag, behind) = rest[start..].split_at(tag_length(&rest[start..]));
        if element(tag) == "img" {
            text.push_str(&unescape(attribute(tag, "alt").unwrap_or_default()));
        }
        rest = behind;
    }
    text.push_str(&unescape(rest));
    text
}

/// What the cleaner writes for the characters that mean something in HTML; the ampersand last.
const ESCAPES: [(&str, &str); 5] = [
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&quot;", "\""),
    ("&nbsp;", "\u{a0}"),
    ("&amp;", "&"),
];

fn unescape(html: &str) -> Cow<'_, str> {
    if !html.contains('&') {
        return Cow::Borrowed(html);
    }
    let mut text = html.to_owned();
    for (escaped, plain) in ESCAPES {
        text = text.replace(escaped, plain);
    }
    Cow::Owned(text)
}

fn escape(text: &str) -> Cow<'static, str> {
    let mut html = text.to_owned();
    for (escaped, plain) in ESCAPES.iter().rev() {
        html = html.replace(plain, escaped);
    }
    Cow::Owned(html)
}
