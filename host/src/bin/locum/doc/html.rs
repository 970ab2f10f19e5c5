//! Documentation as one page of HTML: its style is inside of it, there is no script, and it fetches nothing.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::markup::{Block, Span};
use super::outline::{Member, Outline, Section};

const STYLE: &str = include_str!("style.css");

/// Nothing is loaded and nothing is run, whatever the text should come to say.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

pub(super) fn write(outline: &Outline) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="generator" content=(concat!("locum ", env!("CARGO_PKG_VERSION")));
                title { (outline.title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                nav aria-label="Contents" {
                    a.home href="#top" { (outline.title) }
                    @for module in &outline.modules { (contents(module)) }
                }
                main #top {
                    header {
                        h1 { (outline.title) }
                        p.facts { "A Locum plugin" @if !outline.language.is_empty() { ", written in " (outline.language) } }
                    }
                    @for module in &outline.modules { (section(module, 2)) }
                }
            }
        }
    };
    page.into_string() + "\n"
}

/// A module or class in the table of contents.
fn contents(section: &Section) -> Markup {
    html! {
        div.(section.kind) {
            a href=(to(&section.id)) { @if section.kind == "class" { (section.name) } @else { "module " (section.name) } }
            ul {
                @for member in section.groups.iter().flat_map(|group| &group.members) {
                    li { a href=(to(&member.id)) { (member.name) } }
                }
            }
            @for class in &section.classes { (contents(class)) }
        }
    }
}

fn section(section: &Section, level: u8) -> Markup {
    let name = section.signature.as_ref().unwrap_or(&section.name);
    html! {
        section.(section.kind) #(section.id) {
            (heading(level, html! {
                span.kind { (section.kind) } " " (name) " " a.anchor href=(to(&section.id)) aria-label="Link to this" { "#" }
            }))
            div.doc { (blocks(&section.doc)) }
            @for group in &section.groups {
                (heading(level + 1, html! { (group.title) }))
                @for it in &group.members { (member(it)) }
            }
            @for class in &section.classes { (self::section(class, level + 1)) }
        }
    }
}

fn member(member: &Member) -> Markup {
    let (name, rest) = match member.signature.strip_prefix(&member.name) {
        Some(rest) => (member.name.as_str(), rest),
        None => ("", member.signature.as_str()),
    };
    html! {
        div.member #(member.id) {
            p.signature {
                code { b { (name) } (rest) } " "
                a.anchor href=(to(&member.id)) aria-label="Link to this" { "#" }
            }
            div.doc { (blocks(&member.doc)) }
        }
    }
}

fn heading(level: u8, inside: Markup) -> Markup {
    match level {
        2 => html! { h2 { (inside) } },
        3 => html! { h3 { (inside) } },
        4 => html! { h4 { (inside) } },
        _ => html! { h5 { (inside) } },
    }
}

fn to(id: &str) -> String {
    format!("#{id}")
}

fn blocks(blocks: &[Block]) -> Markup {
    html! { @for it in blocks { (block(it)) } }
}

fn block(block: &Block) -> Markup {
    html! {
        @match block {
            Block::Paragraph(it) => { p { (spans(it)) } }
            // It is not one of the page's own headings, which are the table of contents.
            Block::Heading(_, it) => { p.heading { (spans(it)) } }
            Block::Code(code) => { pre { code { (code) } } }
            Block::List(None, items) => { ul { @for item in items { li { (blocks(item)) } } } }
            Block::List(Some(start), items) => { ol start=(start) { @for item in items { li { (blocks(item)) } } } }
            Block::Quote(inner) => { blockquote { (blocks(inner)) } }
            Block::Table(rows) => {
                div.table { table {
                    @for (at, row) in rows.iter().enumerate() {
                        tr { @for cell in row { @if at == 0 { th { (spans(cell)) } } @else { td { (spans(cell)) } } } }
                    }
                } }
            }
            Block::Rule => { hr; }
        }
    }
}

fn spans(spans: &[Span]) -> Markup {
    html! {
        @for span in spans {
            @match &span.link {
                // The other page learns nothing of this one.
                Some(link) => { a href=(link) rel="noreferrer noopener nofollow" { (styled(span)) } }
                None => { (styled(span)) }
            }
        }
    }
}

fn styled(span: &Span) -> Markup {
    let lines = html! {
        @for (at, line) in span.text.split('\n').enumerate() {
            @if at > 0 { br; }
            (line)
        }
    };
    match span {
        Span { code: true, .. } => html! { code { (lines) } },
        Span {
            strong: true,
            emphasis: true,
            ..
        } => html! { strong { em { (lines) } } },
        Span { strong: true, .. } => html! { strong { (lines) } },
        Span { emphasis: true, .. } => html! { em { (lines) } },
        _ => lines,
    }
}

#[cfg(test)]
mod tests {
    use super::super::markup::read;
    use super::*;

    fn written(doc: &str) -> String {
        blocks(&read(doc)).into_string()
    }

    #[test]
    fn doc_comments_become_html() {
        assert_eq!(
            written("A *b* `c<d>`\n\n1. [e](https://f)"),
            "<p>A <em>b</em> <code>c&lt;d&gt;</code></p><ol start=\"1\"><li>\
             <p><a href=\"https://f\" rel=\"noreferrer noopener nofollow\">e</a></p></li></ol>"
        );
    }

    #[test]
    fn what_a_plugin_says_is_text() {
        let evil = "<script>alert(1)</script>\n\n<img src=x onerror=alert(1)> \
                    [a](javascript:alert) [b](data:text/html,x) ![c](https://spy/pixel) [d](https://x\"onclick=y)\n\n\
                    ```\"><script>\n</code></pre><script>\n```\n\n| <b> |\n|-|\n| </table> |";
        let page = written(evil);
        let tags: Vec<&str> = page
            .split('<')
            .skip(1)
            .filter_map(|tag| tag.split(['>', ' ']).next())
            .collect();
        let known = [
            "p", "a", "code", "pre", "table", "tr", "th", "td", "div", "br",
        ];
        for tag in tags {
            assert!(
                known.contains(&tag.trim_start_matches('/')),
                "{tag} in {page}"
            );
        }
        for gone in ["javascript:", "data:", "spy", "\"onclick"] {
            assert!(!page.contains(gone), "{gone} in {page}");
        }
    }
}
