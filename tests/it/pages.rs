//! The pages of the book: what they say is what happens, and what they link to is there. Their examples are run by rustdoc.

use std::collections::BTreeSet;

use crate::documented::examples;
use locum::Kind;

const TROUBLESHOOTING: &str = include_str!("../../host/docs/troubleshooting.md");
const PAGES: [(&str, &str); 4] = [
    ("host/docs/tour.md", include_str!("../../host/docs/tour.md")),
    (
        "host/docs/coming-from.md",
        include_str!("../../host/docs/coming-from.md"),
    ),
    ("host/docs/troubleshooting.md", TROUBLESHOOTING),
    (
        "guest-sdk/docs/tour.md",
        include_str!("../../guest-sdk/docs/tour.md"),
    ),
];

/// A part of a page, from its heading to the next one of the second level; `# ` begins hidden lines, too.
fn section<'p>(page: &'p str, heading: &str) -> Option<&'p str> {
    let start = page.find(&format!("\n{heading}\n"))? + heading.len() + 2;
    let rest = &page[start..];
    Some(rest.find("\n## ").map_or(rest, |end| &rest[..end]))
}

/// The first block of plain text in a part.
fn message(section: &str) -> Option<&str> {
    let (_, rest) = section.split_once("```text\n")?;
    rest.split_once("\n```").map(|(message, _)| message)
}

/// The text as a literal of Rust.
fn literal(text: &str) -> String {
    format!("{text:?}")
}

/// What is missing where the page tells of one kind.
fn complaint(page: &str, kind: Kind) -> Option<String> {
    let heading = format!("## `{kind:?}`");
    let Some(section) = section(page, &heading) else {
        return Some(format!("there is no heading {heading:?}"));
    };
    let Some(message) = message(section) else {
        return Some(format!("{heading:?} has no message"));
    };
    let examples = examples::run_of(section);
    let shows = |words: &str| examples.iter().any(|code| code.contains(words));
    if !shows(&literal(message)) {
        return Some(format!(
            "no example of {heading:?} that runs asserts its message"
        ));
    }
    (!shows(&format!("Kind::{kind:?}")))
        .then(|| format!("no example of {heading:?} that runs asserts its kind"))
}

#[test]
fn every_kind_of_error_has_its_place_with_a_message_that_an_example_provokes() {
    let complaints: Vec<String> = Kind::all()
        .filter_map(|kind| complaint(TROUBLESHOOTING, kind))
        .collect();
    assert!(complaints.is_empty(), "{complaints:#?}");
}

#[test]
fn a_message_that_no_example_provokes_is_found() {
    let page = "\n## `Busy`\n\n```text\nBusy: no\n```\n\n```\nassert_eq!(text, \"Busy: yes\"); // Kind::Busy\n```\n";
    assert!(complaint(page, Kind::Busy).is_some_and(|it| it.contains("asserts its message")));
    let true_page = page.replace("Busy: no", "Busy: yes");
    assert_eq!(complaint(&true_page, Kind::Busy), None);
    assert!(complaint(page, Kind::Load).is_some_and(|it| it.contains("no heading")));
}

/// What rustdoc makes of a heading, to be linked to.
fn anchor(heading: &str) -> String {
    let kept = |letter: char| match letter {
        ' ' => Some('-'),
        letter if letter.is_alphanumeric() || "-_".contains(letter) => Some(letter),
        _ => None,
    };
    let text = heading.trim_start_matches('#').trim().to_lowercase();
    text.chars().filter_map(kept).collect()
}

#[test]
fn every_link_to_a_heading_leads_to_one() {
    let mut broken = Vec::new();
    for (name, page) in PAGES {
        let headings = page.lines().filter(|line| line.starts_with('#'));
        let anchors: BTreeSet<String> = headings.map(anchor).collect();
        let links = page.split("](#").skip(1);
        let links = links.filter_map(|rest| rest.split_once(')').map(|(link, _)| link));
        for link in links {
            if !anchors.contains(link) {
                broken.push(format!("{name}: #{link}"));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}
