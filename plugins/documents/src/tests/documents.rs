//! `Document`.

use locum_guest::{Proxy, Value, args};

use super::*;

const TEXT: &str = "---\ntitle: \"A title\"\nauthor: Ada\n# a comment\ntags:\n  - one\ndate: 2026-01-02\n---\n# First *one*\n\n\
                    Some words,\nand [a link](/x \"t\") ![pic *b*](y.png).\n\n## Second\n\n- a\n- b\n  - c\n\n\
                    | h | i |\n|---|---|\n| j | k |\n\n```\ncode\n```\n\n[![badge](b.svg)](javascript:x)\n";

#[test]
fn a_document_tells_what_is_in_it() {
    run(|documents| {
        let document: Proxy = documents.call("parse", (TEXT,))?;
        assert_eq!(
            document.get::<Option<String>>("title")?.as_deref(),
            Some("A title")
        );
        let matter: Value = document.get("front_matter")?;
        assert_eq!(
            ops::repr(&matter)?,
            "{'title': 'A title', 'author': 'Ada', 'tags': '', 'date': '2026-01-02'}"
        );
        assert_eq!(
            shown(&document, "outline", ())?,
            "[{'level': 1, 'text': 'First one', 'id': 'user-content-first-one'}, \
             {'level': 2, 'text': 'Second', 'id': 'user-content-second'}]"
        );
        assert_eq!(
            shown(&document, "links", ())?,
            "[{'kind': 'link', 'url': '/x', 'text': 'a link', 'title': 't'}, \
             {'kind': 'image', 'url': 'y.png', 'text': 'pic b', 'title': None}, \
             {'kind': 'link', 'url': 'javascript:x', 'text': 'badge', 'title': None}, \
             {'kind': 'image', 'url': 'b.svg', 'text': 'badge', 'title': None}]"
        );
        assert_eq!(
            document.call::<String>("text", ())?,
            "First one\nSome words, and a link pic b.\nSecond\na\nb\nc\nh\ti\nj\tk\ncode\nbadge"
        );
        assert_eq!(document.get::<usize>("words")?, 19);
        assert_eq!(
            document.call::<String>("__str__", ())?,
            "document \"A title\" of 19 words"
        );
        let html: String = document.call("html", ())?;
        assert!(
            html.starts_with("<h1 id=\"user-content-first-one\">First <em>one</em></h1>\n"),
            "{html}"
        );
        assert_eq!(html, render(documents, TEXT)?);
        Ok(())
    });
}

#[test]
fn the_title_is_the_best_that_there_is() {
    run(|documents| {
        let table = [
            ("## Low\n# High", Some("High")),
            ("### Only", Some("Only")),
            ("no heading", None),
            ("", None),
        ];
        for (markdown, title) in table {
            let document: Proxy = documents.call("parse", (markdown,))?;
            assert_eq!(
                document.get::<Option<String>>("title")?.as_deref(),
                title,
                "{markdown}"
            );
        }
        let document: Proxy = documents.call("parse", ("",))?;
        assert_eq!(
            document.call::<String>("__str__", ())?,
            "document without a title of 0 words"
        );
        Ok(())
    });
}

#[test]
fn what_only_looks_like_front_matter_is_text() {
    run(|documents| {
        let texts = [
            "---\nno key here\n---\nbody",
            "---\ntitle: never closed\n\nbody",
            "text\n\n---\ntitle: too late\n---\nbody",
            "---\n\n---\nbody",
            "---\nsee https://example.org\n---\nbody",
        ];
        for markdown in texts {
            let document: Proxy = documents.call("parse", (markdown,))?;
            assert_eq!(
                ops::repr(&document.get::<Value>("front_matter")?)?,
                "{}",
                "{markdown}"
            );
            let text: String = document.call("text", ())?;
            for line in markdown
                .lines()
                .filter(|line| !line.is_empty() && *line != "---")
            {
                assert!(text.contains(line), "{line:?} in {text:?}");
            }
        }
        let windows: Proxy =
            documents.call("parse", ("\u{feff}---\r\na: 'b'\r\n---\r\n# c\r\n",))?;
        assert_eq!(
            ops::repr(&windows.get::<Value>("front_matter")?)?,
            "{'a': 'b'}"
        );
        assert_eq!(windows.get::<String>("title")?, "c");
        Ok(())
    });
}

#[test]
fn a_real_readme_is_outlined() {
    run(|documents| {
        let document: Proxy = documents.call("parse", (README,))?;
        assert_eq!(document.get::<String>("title")?, "Locum");
        let outline: Vec<Value> = document.call("outline", ())?;
        assert_eq!(outline.len(), 1 + README.matches("\n## ").count());
        assert!(document.get::<usize>("words")? > 500);
        let links = shown(&document, "links", ())?;
        assert!(links.contains(
            "{'kind': 'link', 'url': 'https://rustup.rs', 'text': 'rustup', 'title': None}"
        ));
        Ok(())
    });
}

#[test]
fn a_document_is_opened_and_its_html_saved() {
    run(|documents| {
        let folder = std::env::temp_dir().join(format!("locum-documents-{}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        let path = |name: &str| folder.join(name).to_str().unwrap().to_owned();
        std::fs::write(path("a.md"), "# A <script>b</script>")?;
        let document: Proxy = documents.call("open", args!(path("a.md"), heading_ids = false))?;
        document.call::<()>("save", (path("a.html"),))?;
        assert_eq!(std::fs::read_to_string(path("a.html"))?, "<h1>A </h1>\n");
        let missing = path("none.md");
        let error = documents.call::<Proxy>("open", (&missing,)).unwrap_err();
        assert_eq!(error.type_name(), "FileNotFoundError");
        assert_eq!(
            error.message(),
            format!(
                "cannot read {missing:?}: there is no such file here; a plugin sees only the files that it was granted \
                 (Grants::dir and Grants::file, --allow-dir and --allow-file)"
            )
        );
        std::fs::write(path("b.md"), b"caf\xe9")?;
        let error = documents
            .call::<Proxy>("open", (path("b.md"),))
            .unwrap_err();
        assert!(
            error.to_string().ends_with("it is not text in UTF-8"),
            "{error}"
        );
        std::fs::remove_dir_all(&folder)?;
        Ok(())
    });
}
