//! Texts that are broken, deep or large.

use super::*;

/// Runs on a stack as small as a plugin's.
fn on_a_small_stack(test: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new()
        .stack_size(512 << 10)
        .spawn(test)
        .unwrap()
        .join()
        .unwrap();
}

#[test]
fn deep_nesting_overflows_no_stack() {
    on_a_small_stack(|| {
        run(|documents| {
            let deep = [
                ("> ".repeat(3_000), String::new()),
                ("[".repeat(5_000), "](x)".repeat(5_000)),
                ("*a ".repeat(5_000), "*".repeat(5_000)),
                ("<div>".repeat(5_000), String::new()),
                ("<b><i>".repeat(2_000), "</b></i>".repeat(2_000)),
                ("![".repeat(3_000), "](x)".repeat(3_000)),
                ("<table><tr><td>".repeat(1_000), String::new()),
                (
                    (0..300)
                        .map(|depth| format!("{}- x\n", "  ".repeat(depth)))
                        .collect(),
                    String::new(),
                ),
            ];
            for (open, close) in deep {
                let markdown = format!("{open}a{close}");
                render(documents, &markdown)?;
                documents
                    .call::<Proxy>("parse", (&markdown,))?
                    .call::<String>("text", ())?;
                documents.call::<String>("clean", (markdown,))?;
            }
            Ok(())
        });
    });
}

#[test]
fn every_prefix_of_a_text_is_rendered() {
    run(|documents| {
        let ends = README.char_indices().map(|(at, _)| at);
        for end in ends.step_by(7) {
            let html = render(documents, &README[..end])?;
            assert!(!html.contains("<script"));
        }
        Ok(())
    });
}

#[test]
fn random_texts_are_rendered_and_cleaning_twice_changes_nothing() {
    const PIECES: &[&str] = &[
        "a",
        " ",
        "\n",
        "\n\n",
        "*",
        "**",
        "_",
        "`",
        "```",
        "[",
        "]",
        "(",
        ")",
        "!",
        "<",
        ">",
        "\"",
        "'",
        "&",
        "&lt;",
        "&#0;",
        ";",
        "\\",
        "<a href=",
        "<img src=",
        "</a>",
        "<b>",
        "</b>",
        "<!--",
        "-->",
        "<table>",
        "<td>",
        "|",
        "---",
        "- ",
        "1. ",
        "# ",
        "> ",
        "[^1]",
        "[^1]: ",
        "javascript:",
        "http://x",
        "<script>",
        "</script>",
        "<style>",
        "<svg>",
        "<math>",
        "\0",
        "\u{a0}",
        "é",
        "=",
        "onerror=",
        "~~",
        "\t",
    ];
    run(|documents| {
        // A generator of numbers that look random: the same ones in every run.
        let mut state = 0x9e37_79b9_7f4a_7c15u64;
        let mut next = |below: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 33) as usize % below
        };
        for _ in 0..3_000 {
            let length = 1 + next(40);
            let markdown: String = (0..length).map(|_| PIECES[next(PIECES.len())]).collect();
            let html: String = documents.call(
                "render",
                locum_guest::args!(&markdown, heading_ids = false, footnotes = false),
            )?;
            let again: String = documents.call("clean", (&html,))?;
            let [lines, again] = [html.as_str(), again.as_str()]
                .map(|html| html.split_whitespace().collect::<String>());
            assert_eq!(again, lines, "{markdown:?}");
            let document: Proxy = documents.call("parse", (&markdown,))?;
            document.call::<Value>("links", ())?;
        }
        Ok(())
    });
}

#[test]
fn many_headings_of_one_name_are_named_quickly() {
    run(|documents| {
        let html = render(documents, &"# a\n".repeat(20_000))?;
        assert!(html.contains("id=\"user-content-a-19999\""));
        Ok(())
    });
}
