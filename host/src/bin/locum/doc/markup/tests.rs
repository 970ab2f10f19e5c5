//! What is read, and above all what is not.

use super::*;

fn text(text: &str) -> Span {
    Span {
        text: text.to_owned(),
        ..Span::default()
    }
}

#[test]
fn paragraphs_headings_and_styles() {
    let blocks = read("# One\n\ntwo **three**\n*four* `five`  \nsix");
    let expected = vec![
        Block::Heading(1, vec![text("One")]),
        Block::Paragraph(vec![
            text("two "),
            Span {
                strong: true,
                ..text("three")
            },
            text(" "),
            Span {
                emphasis: true,
                ..text("four")
            },
            text(" "),
            Span {
                code: true,
                ..text("five")
            },
            text("\nsix"),
        ]),
    ];
    assert_eq!(blocks, expected);
}

#[test]
fn lists_keep_what_is_in_their_items() {
    let item = |it: &str| vec![Block::Paragraph(vec![text(it)])];
    let inner = Block::List(None, vec![item("b")]);
    let first = vec![Block::Paragraph(vec![text("a")]), inner];
    let expected = vec![Block::List(Some(3), vec![first, item("c")])];
    assert_eq!(read("3. a\n   - b\n4. c"), expected);
}

#[test]
fn html_is_text() {
    for html in ["<b>x</b>", "<!-- y -->", "<script>\nz()\n</script>"] {
        let shown: String = spans_of(&read(html))
            .iter()
            .map(|span| span.text.as_str())
            .collect();
        assert!(shown.starts_with('<') && shown.ends_with('>'), "{shown}");
    }
}

#[test]
fn links_lead_to_pages_mailboxes_and_within_the_page_or_nowhere() {
    for (address, leads) in [
        ("https://example.org/a?b=c", true),
        ("HTTP://example.org", true),
        ("mailto:a@example.org", true),
        ("#counters.Counter", true),
        ("javascript:alert(1)", false),
        ("JavaScript:alert(1)", false),
        ("data:text/html,x", false),
        ("file:///etc/passwd", false),
        ("vbscript:x", false),
        ("//example.org", false),
        ("../other.html", false),
        ("java&#x73;cript:x", false),
    ] {
        let spans = spans_of(&read(&format!("[a]({address})")));
        assert_eq!(spans[0].text, "a");
        assert_eq!(spans[0].link.is_some(), leads, "{address}");
    }
    assert_eq!(spans_of(&read("[`Counter`]"))[0].text, "Counter");
    assert_eq!(spans_of(&read("![dot](https://spy/x.png)")), [text("dot")]);
}

#[test]
fn the_lines_that_rust_hides_are_hidden_in_rust_only() {
    let of = |info: &str| read(&format!("```{info}\n# use a;\n#[b]\nc\n```"));
    assert_eq!(of(""), [Block::Code("#[b]\nc".into())]);
    assert_eq!(of("rust,no_run"), [Block::Code("#[b]\nc".into())]);
    assert_eq!(of("python"), [Block::Code("# use a;\n#[b]\nc".into())]);
}

#[test]
fn no_control_character_is_left() {
    let blocks = read("a\u{1b}]8;;x\u{7}b `\u{9b}` [c](https://x/\u{202e})\n\n```\n\u{8}\n```");
    let shown = format!("{blocks:?}");
    assert!(!shown.chars().any(out::steers), "{shown}");
    assert!(shown.contains(r"\\x1b"), "{shown}");
}

#[test]
fn nothing_lies_deeper_than_so_many_levels() {
    fn depth(blocks: &[Block]) -> usize {
        let inner = blocks.iter().map(|block| match block {
            Block::Quote(inner) => 1 + depth(inner),
            Block::List(_, items) => 1 + items.iter().map(|item| depth(item)).max().unwrap_or(0),
            _ => 0,
        });
        inner.max().unwrap_or(0)
    }
    let lists: String = (0..500)
        .map(|n| format!("{}- x\n", "  ".repeat(n)))
        .collect();
    for doc in [">".repeat(50_000) + "x", "- ".repeat(20_000) + "x", lists] {
        let blocks = read(&doc);
        assert!(depth(&blocks) <= DEEPEST + 1, "{}", depth(&blocks));
        assert!(format!("{blocks:?}").contains('x'));
    }
}

/// All running text.
fn spans_of(blocks: &[Block]) -> Vec<Span> {
    let mut spans = Vec::new();
    for block in blocks {
        match block {
            Block::Paragraph(inner) | Block::Heading(_, inner) => spans.extend(inner.clone()),
            _ => {}
        }
    }
    spans
}
