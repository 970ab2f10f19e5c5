//! Callbacks that decide about links and pictures.

use std::sync::{Arc, Mutex};

use locum_guest::{Error, Kind, Proxy, args, callback};

use super::*;

/// What a callback was asked: URLs and texts.
type Heard = Arc<Mutex<Vec<(String, String)>>>;

/// A callback that keeps what it is asked, and answers the URL itself.
fn listening() -> (Proxy, Heard) {
    let heard = Heard::default();
    let ears = heard.clone();
    let callback = callback(move |url: String, text: String| {
        ears.lock().unwrap().push((url.clone(), text));
        url
    });
    (callback, heard)
}

#[test]
fn each_link_is_asked_about_with_its_url_and_text() {
    run(|documents| {
        let (link, heard) = listening();
        let markdown = "[a *b* `c` <d>](/x?a=1&b=2) [![pic](p.png)](y) <https://e.example> <a href='z\"'>&lt;html&gt;</a> \
                        [bad](javascript:x) [r] [n](#n)\n\n[r]: /r";
        let html: String = documents.call("render", (markdown, &link))?;
        let expected = [
            ("/x?a=1&b=2", "a b c "),
            ("y", "pic"),
            ("https://e.example", "https://e.example"),
            ("z\"", "<html>"),
            ("/r", "r"),
            ("#n", "n"),
        ];
        let expected: Vec<(String, String)> =
            expected.map(|(url, text)| (url.into(), text.into())).into();
        assert_eq!(*heard.lock().unwrap(), expected);
        assert_eq!(
            html,
            render(documents, markdown)?,
            "what is answered as it was asked stays as it was"
        );
        Ok(())
    });
}

#[test]
fn each_picture_is_asked_about_with_its_url_and_text() {
    run(|documents| {
        let (image, heard) = listening();
        let markdown = "![a *b* & \"c\"](x.png \"t\") <img src=y.png> ![bad](data:x) [l](z)";
        documents.call::<String>("render", args!(markdown, image = &image))?;
        let expected = vec![
            ("x.png".into(), "a b & \"c\"".into()),
            ("y.png".into(), String::new()),
        ];
        assert_eq!(*heard.lock().unwrap(), expected);
        Ok(())
    });
}

#[test]
fn what_a_callback_answers_takes_the_place_of_the_url() {
    run(|documents| {
        let link =
            callback(|url: String, _: String| format!("https://out.example/?to={url}&\"x\""));
        let image = callback(|url: String, _: String| format!("/proxy/{url}"));
        let html: String = documents.call(
            "render",
            args!("[a](b \"t\") ![c](d)", link = link, image = image),
        )?;
        assert_eq!(
            html,
            "<p><a href=\"https://out.example/?to=b&amp;&quot;x&quot;\" title=\"t\" rel=\"nofollow noopener noreferrer\">a</a> \
             <img src=\"/proxy/d\" alt=\"c\"></p>\n"
        );
        Ok(())
    });
}

#[test]
fn null_drops_a_link_and_its_text_stays() {
    run(|documents| {
        let link = callback(|url: String, _: String| {
            Some(url).filter(|url| url.starts_with("https://good.example/"))
        });
        let none = callback(|_: String, _: String| None::<String>);
        let markdown = "[*bad* one](http://bad.example) [good](https://good.example/) ![a \"cat\" & <dog>](cat.png)";
        let html: String = documents.call("render", (markdown, link, none))?;
        assert_eq!(
            html,
            "<p><em>bad</em> one <a href=\"https://good.example/\" rel=\"nofollow noopener noreferrer\">good</a> \
             a \"cat\" &amp; &lt;dog&gt;</p>\n"
        );
        Ok(())
    });
}

#[test]
fn a_url_that_is_not_allowed_is_removed_when_it_is_answered_too() {
    run(|documents| {
        for answer in [
            "javascript:alert(1)",
            " java\nscript:x",
            "data:text/html,x",
            "JAVASCRIPT:x",
            "ftp://x",
            "http://[",
        ] {
            let link = callback(move |_: String, _: String| answer);
            let html: String = documents.call("render", ("[a](b) ![c](d)", &link, &link))?;
            assert_eq!(html, "<p>a c</p>\n", "{answer}");
        }
        Ok(())
    });
}

#[test]
fn what_a_callback_raises_its_caller_gets() {
    run(|documents| {
        let link = callback(|url: String, _: String| -> Result<String> {
            Err(Error::key(format!("no {url}")))
        });
        let error = documents
            .call::<String>("render", ("[a](b)", &link))
            .unwrap_err();
        assert_eq!((error.kind(), error.message()), (Kind::KeyError, "no b"));
        assert_eq!(
            render(documents, "still *here*")?,
            "<p>still <em>here</em></p>\n"
        );
        let document: Proxy = documents.call("parse", ("[a](b)",))?;
        assert_eq!(
            document
                .call::<String>("html", (&link,))
                .unwrap_err()
                .kind(),
            Kind::KeyError
        );
        documents
            .call::<String>("render", ("no links", &link))
            .map(drop)
    });
}

#[test]
fn an_answer_that_is_no_url_is_refused() {
    run(|documents| {
        let link = callback(|_: String, _: String| 5);
        let error = documents
            .call::<String>("render", ("[a](b)", &link))
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "TypeError: the callback `link` answered int for \"b\": it answers a URL as text, or null to drop the link"
        );
        Ok(())
    });
}

#[test]
fn a_callback_may_ask_the_document_that_asks_it() {
    run(|documents| {
        let document: Proxy = documents.call("parse", ("# T\n\n[a](b)",))?;
        let same = document.clone();
        let link = callback(move |_: String, _: String| same.get::<String>("title"));
        let html: String = document.call("html", (link,))?;
        assert!(html.contains("href=\"T\""), "{html}");
        Ok(())
    });
}

#[test]
fn html_that_is_cleaned_asks_too() {
    run(|documents| {
        let link = callback(|url: String, text: String| format!("{url}#{text}"));
        let html: String = documents.call("clean", ("<p><a href=a target=_top>b</a><i>c", link))?;
        assert_eq!(
            html,
            "<p><a href=\"a#b\" rel=\"nofollow noopener noreferrer\">b</a><i>c</i></p>"
        );
        Ok(())
    });
}

#[test]
fn the_example_of_the_readme_is_true() {
    run(|documents| {
        let link = callback(|url: String, _text: String| match url.starts_with("http") {
            true => format!("/leave?to={url}"),
            false => url,
        });
        let image =
            callback(|url: String, _alt: String| Some(url).filter(|url| url.starts_with('/')));
        let text = "Hello [you](https://example.org) ![cat](https://example.org/cat.png) <script>alert(1)</script>";
        let html: String = documents.call(
            "render",
            args!(text, link = link, image = image, tables = false),
        )?;
        let readme = include_str!("../../README.md");
        assert!(
            readme.contains(text) && readme.contains(html.trim_end()),
            "{html}"
        );
        let html: String = documents.call(
            "render",
            args!(
                "# Hi\n\n[x](javascript:alert(1)) *there*",
                heading_ids = false
            ),
        )?;
        assert!(readme.contains(&ops::repr(&html.into())?));
        Ok(())
    });
}
