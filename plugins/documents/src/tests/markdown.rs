//! What Markdown becomes.

use locum_guest::args;

use super::*;

/// A text of nearly everything that CommonMark has, and the extensions.
const SAMPLE: &str = r#"
Title
=====

Some *emphasis*, **strong**, ~~gone~~, `code < html`, a [link](/a?b=1&c=2 "the title"), <https://example.org/x>,
a hard\
break, &copy; and "quotes".

> A quote
> > in a quote

1. one
2. two
   - nested
     ```rust
     let a = 1 < 2;
     ```

- [x] done
- [ ] not done

| left | right |
|:-----|------:|
| a    | b     |

![a picture](cat.png)

A note.[^n] [Reference][ref], again [ref].

***

[^n]: The note.

[ref]: mailto:me@example.org
"#;

#[test]
fn commonmark_and_its_extensions_become_html() {
    run(|documents| {
        let html = render(documents, SAMPLE)?;
        let parts = [
            "<h1 id=\"user-content-title\">Title</h1>",
            "<em>emphasis</em>, <strong>strong</strong>, <del>gone</del>, <code>code &lt; html</code>",
            "<a href=\"/a?b=1&amp;c=2\" title=\"the title\" rel=\"nofollow noopener noreferrer\">link</a>",
            "<a href=\"https://example.org/x\" rel=\"nofollow noopener noreferrer\">https://example.org/x</a>",
            "a hard<br>\nbreak, © and \"quotes\".",
            "<blockquote>\n<p>A quote</p>\n<blockquote>\n<p>in a quote</p>",
            "<pre><code class=\"language-rust\">let a = 1 &lt; 2;\n</code></pre>",
            "<img src=\"cat.png\" alt=\"a picture\">",
            "<a href=\"mailto:me@example.org\" rel=\"nofollow noopener noreferrer\">Reference</a>",
            "<hr>",
            "<th style=\"text-align: left\">left</th><th style=\"text-align: right\">right</th>",
            "<td style=\"text-align: left\">a</td>",
            "<sup class=\"footnote-reference\"><a href=\"#user-content-fn-n\"",
            "<div class=\"footnote-definition\" id=\"user-content-fn-n\">",
        ];
        for part in parts {
            assert!(html.contains(part), "{part}\nis not in\n{html}");
        }
        let boxes: Vec<&str> = html
            .split('<')
            .filter(|tag| tag.starts_with("input"))
            .collect();
        assert_eq!(boxes.len(), 2);
        assert!(
            boxes
                .iter()
                .all(|tag| tag.contains("type=\"checkbox\"") && tag.contains("disabled"))
        );
        assert!(
            boxes[0].contains("checked") && !boxes[1].contains("checked="),
            "{boxes:?}"
        );
        Ok(())
    });
}

#[test]
fn each_extension_can_be_left_out() {
    run(|documents| {
        let table = [
            ("tables", "a | b\n--|--\n1 | 2", "<table>"),
            ("footnotes", "a[^1]\n\n[^1]: b", "<sup"),
            ("strikethrough", "~~a~~", "<del>"),
            ("tasks", "- [x] a", "<input"),
            ("heading_ids", "# a", "id=\"user-content-a\""),
            ("html", "a <b>c</b>", "<b>"),
        ];
        for (option, markdown, sign) in table {
            assert!(render(documents, markdown)?.contains(sign), "{option}");
            let mut args = locum_guest::DynArgs {
                positional: vec![markdown.into()],
                keywords: Vec::new(),
            };
            args.keywords.push((option.into(), false.into()));
            let without: String = documents.call("render", args)?;
            assert!(!without.contains(sign), "{option}: {without}");
        }
        Ok(())
    });
}

#[test]
fn html_is_shown_as_it_was_written_where_it_is_not_wanted() {
    run(|documents| {
        let markdown = "a <b>c</b>\n\n<div onclick=x>\nblock & more\n</div>\n\nafter";
        let html: String = documents.call("render", args!(markdown, html = false))?;
        assert!(html.contains("<p>a &lt;b&gt;c&lt;/b&gt;</p>"), "{html}");
        assert!(
            html.contains("<p>&lt;div onclick=x&gt;\nblock &amp; more\n&lt;/div&gt;\n</p>"),
            "{html}"
        );
        assert!(html.contains("<p>after</p>"), "{html}");
        Ok(())
    });
}

#[test]
fn headings_have_ids_each_its_own_and_links_lead_to_them() {
    run(|documents| {
        let markdown = "# What's new?\n# What's new?\n# *a* `b`\n# ???\n# Größe 2\n# whats-new-1\n[there](#größe-2) [not](#x)";
        let html = render(documents, markdown)?;
        let ids: Vec<&str> = html
            .split("id=\"user-content-")
            .skip(1)
            .filter_map(|it| it.split('"').next())
            .collect();
        assert_eq!(
            ids,
            [
                "whats-new",
                "whats-new-1",
                "a-b",
                "section",
                "größe-2",
                "whats-new-1-1"
            ]
        );
        let html: String = documents.call(
            "render",
            args!("# A b\n\n[x](#a-b) [y](#c)", id_prefix = "t-"),
        )?;
        assert!(
            html.contains("<h1 id=\"t-a-b\">")
                && html.contains("href=\"#t-a-b\"")
                && html.contains("href=\"#c\"")
        );
        let html: String = documents.call("render", args!("# A", id_prefix = ""))?;
        assert_eq!(html, "<h1 id=\"a\">A</h1>\n");
        Ok(())
    });
}

#[test]
fn ids_of_its_own_are_all_that_a_text_may_have() {
    run(|documents| {
        let html = render(documents, "# a\n<h2 id=\"cookie\">b</h2><div id=a>c</div>")?;
        assert!(!html.contains("cookie"), "{html}");
        assert!(
            html.contains("<div id=\"user-content-a\">"),
            "not the page's: {html}"
        );
        Ok(())
    });
}

#[test]
fn a_real_readme_is_rendered_whole() {
    run(|documents| {
        let html = render(documents, README)?;
        assert_eq!(
            html.matches("<h2 ").count(),
            README.matches("\n## ").count()
        );
        assert_eq!(
            html.matches("<pre>").count() * 2,
            README.matches("\n```").count()
        );
        assert!(html.contains("<table>") && html.contains("<code class=\"language-rust\">"));
        assert!(html.contains("<a href=\"#user-content-speed\""));
        // Rendering what was rendered changes nothing: it was clean and well-formed.
        let ids = crate::policy::Ids {
            known: html
                .split("id=\"user-content-")
                .skip(1)
                .filter_map(|it| it.split('"').next())
                .map(String::from)
                .collect(),
            prefix: "user-content-".into(),
        };
        assert_eq!(crate::policy::clean_again(&html, &ids), html);
        Ok(())
    });
}

#[test]
fn harmless_html_stays() {
    run(|documents| {
        let markdown = "<details><summary>More</summary>\n\nH<sub>2</sub>O, <kbd>Ctrl</kbd>\n\n</details>\n\n\
                        <p align=\"center\"><img src=\"a.png\" width=\"20\" alt=\"A\"></p>";
        let html = render(documents, markdown)?;
        for part in [
            "<details><summary>More</summary>",
            "H<sub>2</sub>O, <kbd>Ctrl</kbd>",
            "<p align=\"center\">",
            "width=\"20\"",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
        Ok(())
    });
}
