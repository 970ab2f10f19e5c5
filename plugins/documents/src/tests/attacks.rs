//! Known attacks: what comes out has no element, attribute or URL that could run anything.

use locum_guest::callback;

use super::*;

/// Markdown and HTML that has run scripts, or disguised a page, somewhere.
const ATTACKS: &[&str] = &[
    // Scripts, and what breaks out of them.
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script\n>alert(1)</script\n>",
    "<script/x>alert(1)</script>",
    "<<script>alert(1)//<</script>",
    "<script>alert(1)",
    "</p><script>alert(1)</script><p>",
    "`<script>`<script>alert(1)</script>",
    "> <script>\n> alert(1)\n> </script>",
    "- <script>alert(1)</script>",
    "| a |\n|---|\n| <script>alert(1)</script> |",
    "# <script>alert(1)</script>",
    "[^1]\n\n[^1]: <script>alert(1)</script>",
    "```\"><script>alert(1)</script>\ncode\n```",
    "```\" onmouseover=alert(1) x=\"\ncode\n```",
    // Handlers.
    "<img src=x onerror=alert(1)>",
    "<img src=x onerror\n=alert(1)>",
    "<img/src=x/onerror=alert(1)>",
    "<img src=\"x\"onerror=\"alert(1)\">",
    "<img src=`x`onerror=alert(1)>",
    "<IMG SRC=x OnErRoR=alert(1)>",
    "<img src=x:x onerror&equals;alert(1)>",
    "<a href=# onclick=alert(1)>x</a>",
    "<a onmouseover=\"alert(1)\">x</a>",
    "<div onfocus=alert(1) tabindex=0 autofocus>x</div>",
    "<details open ontoggle=alert(1)>x</details>",
    "<body onload=alert(1)>",
    "<input autofocus onfocus=alert(1)>",
    "<p title=\"x\" onclick=\"alert(1)\">x</p>",
    "<b title='\"><img src=x onerror=alert(1)>'>x</b>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<video><source onerror=alert(1)></video>",
    "<audio src=x onerror=alert(1)>",
    // Schemes in every disguise, as Markdown.
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x]( javascript:alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x](javascript&colon;alert(1))",
    "[x](javascript&#58;alert(1))",
    "[x](javascript&#x3A;alert(1))",
    "[x](&#106;&#97;&#118;&#97;&#115;&#99;&#114;&#105;&#112;&#116;&#58;alert(1))",
    "[x](&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A;alert(1))",
    "[x](java&Tab;script:alert(1))",
    "[x](java&NewLine;script:alert(1))",
    "[x](java&#9;script:alert(1))",
    "[x](java&#10;script:alert(1))",
    "[x](&#1;javascript:alert(1))",
    "[x](&#14;  javascript:alert(1))",
    "[x](\\javascript:alert(1))",
    "[x](javascript://example.org/%0aalert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x](blob:https://example.org/1)",
    "[x](file:///etc/passwd)",
    "[x](feed:javascript:alert(1))",
    "[x](view-source:javascript:alert(1))",
    "<javascript:alert(1)>",
    "<JAVASCRIPT:alert(1)>",
    "[x][r]\n\n[r]: javascript:alert(1)",
    "[x]\n\n[x]: <javascript:alert(1)> 'title'",
    "![x](javascript:alert(1))",
    "![x](data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+)",
    "[![x](javascript:alert(1))](javascript:alert(2))",
    "[a](x \"t\" onclick=alert(1))",
    "[a](x\"onclick=alert(1)//)",
    "[a](<x\"onclick=\"alert(1)>)",
    "[a](x '\"><script>alert(1)</script>')",
    "![\" onerror=\"alert(1)](x)",
    "![a](x \"\\\" onerror=alert(1)\")",
    "[x](https://a.example\" onmouseover=\"alert(1))",
    // The same as HTML.
    "<a href=\"javascript:alert(1)\">x</a>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href=\" \tjavascript:alert(1)\">x</a>",
    "<a href=\"java\nscript:alert(1)\">x</a>",
    "<a href=\"java\tscript:alert(1)\">x</a>",
    "<a href=\"jav&#x09;ascript:alert(1)\">x</a>",
    "<a href=\"&#0000106&#0000097&#0000118&#0000097&#0000115&#0000099&#0000114&#0000105&#0000112&#0000116&#0000058alert(1)\">x</a>",
    "<a href=\"\u{1}javascript:alert(1)\">x</a>",
    "<a href=\"javascript\u{0}:alert(1)\">x</a>",
    "<a xlink:href=\"javascript:alert(1)\">x</a>",
    "<a href='x' href='javascript:alert(1)'>x</a>",
    "<area href=javascript:alert(1)>",
    "<img src=\"javascript:alert(1)\">",
    "<img src=x srcset=\"javascript:alert(1)\">",
    "<img dynsrc=javascript:alert(1) lowsrc=javascript:alert(1)>",
    "<blockquote cite=\"javascript:alert(1)\">x</blockquote>",
    "<q cite=\"javascript:alert(1)\">x</q>",
    "<table background=\"javascript:alert(1)\"><tr><td background=\"javascript:alert(1)\">x</table>",
    // Other elements that load or run something.
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>",
    "<object data=javascript:alert(1)></object>",
    "<embed src=javascript:alert(1)>",
    "<form action=javascript:alert(1)><input type=submit></form>",
    "<button formaction=javascript:alert(1)>x</button>",
    "<input type=image src=x onerror=alert(1)>",
    "<isindex action=javascript:alert(1) type=image>",
    "<base href=\"javascript:alert(1)//\">",
    "<meta http-equiv=refresh content=\"0;url=javascript:alert(1)\">",
    "<link rel=stylesheet href=javascript:alert(1)>",
    "<template><script>alert(1)</script></template>",
    "<portal src=javascript:alert(1)>",
    // Styles.
    "<style>body{background:url(javascript:alert(1))}</style>",
    "<style>@import 'javascript:alert(1)';</style>",
    "<div style=\"background:url(javascript:alert(1))\">x</div>",
    "<div style=\"width:expression(alert(1))\">x</div>",
    "<table><tr><td style=\"text-align: left; background: url(javascript:alert(1))\">x</table>",
    "<table><tr><td style=\"text-align: expression(alert(1))\">x</table>",
    "<p style=\"position:fixed;inset:0\">cover</p>",
    // Foreign content, and parsers that are led astray.
    "<svg onload=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href=\"javascript:alert(1)\"><text>x</text></a></svg>",
    "<svg><a><animate attributeName=href values=javascript:alert(1) /><text>x</text></a></svg>",
    "<svg><set attributeName=onmouseover to=alert(1)>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<svg></p><style><a id=\"</style><img src=1 onerror=alert(1)>\">",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
    "<math href=\"javascript:alert(1)\">x</math>",
    "<math><maction actiontype=statusline xlink:href=\"javascript:alert(1)\">x</maction></math>",
    "<math><annotation-xml encoding=\"text/html\"><script>alert(1)</script></annotation-xml></math>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<textarea><img title=\"</textarea><img src=x onerror=alert(1)>\"></textarea>",
    "<title><img title=\"</title><img src=x onerror=alert(1)>\"></title>",
    "<xmp><img title=\"</xmp><img src=x onerror=alert(1)>\"></xmp>",
    "<plaintext><script>alert(1)</script>",
    "<select><style></select><img src=x onerror=alert(1)></style>",
    "<form><math><mtext></form><form><mglyph><svg><mtext><textarea><path id=\"</textarea><img onerror=alert(1) src=1>\"></form>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<!-- --!><img src=x onerror=alert(1)> -->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<?xml version=\"1.0\"?><img src=x onerror=alert(1)>",
    "<!DOCTYPE html><img src=x onerror=alert(1)>",
    "<a title=\"a<!--\" href=\"x\">--><img src=x onerror=alert(1)>",
    "<b <script>alert(1)</script>0",
    "<\u{0}script>alert(1)</\u{0}script>",
    "\u{feff}<script>alert(1)</script>",
    "<img \u{b}onerror=alert(1) src=x>",
    "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    // Names that a page's scripts might ask for.
    "<a id=location name=cookie href=x>x</a>",
    "<img name=getElementById src=x>",
    "<form id=config><input name=attributes></form>",
    "---\ntitle: <script>alert(1)</script>\n---\nx",
];

const ELEMENTS: &[&str] = &[
    "a",
    "b",
    "blockquote",
    "br",
    "code",
    "del",
    "details",
    "div",
    "em",
    "h1",
    "h2",
    "hr",
    "img",
    "input",
    "li",
    "ol",
    "p",
    "pre",
    "q",
    "strong",
    "sup",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
];
const ATTRIBUTES: &[&str] = &[
    "alt", "checked", "class", "disabled", "href", "id", "open", "rel", "src", "start", "style",
    "title", "type",
];

/// Reads HTML as a browser would its well-formed part, and gives what is not allowed in it. Written apart from what it
/// examines.
fn harm(html: &str) -> Option<String> {
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        rest = &rest[start + 1..];
        let closing = rest.starts_with('/');
        rest = rest.strip_prefix('/').unwrap_or(rest);
        let end = rest
            .find(|letter: char| !letter.is_ascii_alphanumeric())
            .unwrap_or(rest.len());
        let (name, behind) = rest.split_at(end);
        rest = behind;
        if !ELEMENTS.contains(&name) {
            return Some(format!("the element {name:?}"));
        }
        while !rest.starts_with('>') {
            if closing {
                return Some("attributes in a closing tag".into());
            }
            let Some((attribute, value)) = rest
                .strip_prefix(' ')
                .and_then(|rest| rest.split_once("=\""))
            else {
                return Some(format!("what is no attribute, in {name}: {rest:?}"));
            };
            let Some((value, behind)) = value.split_once('"') else {
                return Some("an attribute that does not end".into());
            };
            if !ATTRIBUTES.contains(&attribute) {
                return Some(format!("the attribute {attribute:?}"));
            }
            if matches!(attribute, "href" | "src") {
                let plain: String = value
                    .replace("&amp;", "&")
                    .chars()
                    .filter(|letter| !letter.is_ascii_control() && *letter != ' ')
                    .flat_map(char::to_lowercase)
                    .collect();
                let scheme = plain
                    .split_once(':')
                    .map(|(scheme, _)| scheme)
                    .unwrap_or_default();
                // A scheme begins with a letter.
                let is_scheme = scheme.starts_with(|letter: char| letter.is_ascii_alphabetic())
                    && scheme
                        .chars()
                        .all(|letter| letter.is_ascii_alphanumeric() || "+-.".contains(letter));
                if is_scheme && !["http", "https", "mailto"].contains(&scheme) {
                    return Some(format!("the URL {value:?}"));
                }
            }
            if attribute == "style"
                && !value.starts_with("text-align: ") | value.contains([';', '('])
            {
                return Some(format!("the style {value:?}"));
            }
            if attribute == "id" && !value.starts_with("user-content-") {
                return Some(format!("the id {value:?}"));
            }
            rest = behind;
        }
        rest = &rest[1..];
    }
    None
}

#[test]
fn the_examiner_finds_harm_where_there_is_some() {
    let bad = [
        "<script>",
        "<p onclick=\"x\">",
        "<p onclick=x>",
        "<a href=\"javascript:alert(1)\">x</a>",
        "<a href=\" java\tscript:x\">",
        "<p id=\"x\">",
        "<td style=\"color: red\">",
        "<img/src=\"x\">",
        "a < b",
    ];
    for html in bad {
        assert!(harm(html).is_some(), "{html}");
    }
    assert_eq!(
        harm("<p>a &lt; b <a href=\"/x:y\" rel=\"z\">c</a><br></p>"),
        None
    );
}

#[test]
fn no_attack_survives_in_markdown() {
    run(|documents| {
        for attack in ATTACKS {
            for markdown in [
                attack.to_string(),
                format!("before\n\n{attack}\n\nafter"),
                format!("words {attack} *words*"),
            ] {
                let html = render(documents, &markdown)?;
                assert_eq!(harm(&html), None, "{markdown:?} became {html:?}");
            }
        }
        Ok(())
    });
}

#[test]
fn no_attack_survives_in_html() {
    run(|documents| {
        for attack in ATTACKS {
            let html: String = documents.call("clean", (*attack,))?;
            assert_eq!(harm(&html), None, "{attack:?} became {html:?}");
        }
        Ok(())
    });
}

#[test]
fn no_attack_survives_another_around_it() {
    run(|documents| {
        for outer in ATTACKS {
            for inner in ATTACKS.iter().step_by(3) {
                let html = render(documents, &outer.replacen('x', inner, 1))?;
                assert_eq!(harm(&html), None, "{inner:?} in {outer:?} became {html:?}");
            }
        }
        Ok(())
    });
}

#[test]
fn no_attack_survives_that_a_callback_answers() {
    run(|documents| {
        for attack in ATTACKS {
            // Also without the Markdown around it.
            let bare = attack.trim_start_matches("[x](").trim_end_matches(')');
            for answer in [attack.to_string(), bare.to_owned()] {
                let answers = callback(move |_url: String, _text: String| answer.clone());
                let markdown = "[a](b) ![c](d) <a href=e title='\"'>f</a> <img src=g>";
                let html: String = documents.call("render", (markdown, &answers, &answers))?;
                assert_eq!(harm(&html), None, "{attack:?} became {html:?}");
            }
        }
        Ok(())
    });
}

#[test]
fn the_text_of_what_was_removed_stays() {
    run(|documents| {
        let table = [
            (
                "[read *this*](javascript:alert(1))",
                "<p>read <em>this</em></p>\n",
            ),
            (
                "![a <cat>](data:image/png;base64,AAAA)",
                "<p>a &lt;cat&gt;</p>\n",
            ),
            ("<font color=red>red</font>", "<p>red</p>\n"),
            ("<a name=x>y</a>", "<p>y</p>\n"),
            ("a<script>b</script>c", "<p>ac</p>\n"),
        ];
        for (markdown, html) in table {
            assert_eq!(render(documents, markdown)?, html);
        }
        Ok(())
    });
}

#[test]
fn urls_that_only_look_dangerous_stay() {
    run(|documents| {
        for url in [
            "/javascript:x",
            "#javascript:x",
            "?q=javascript:x",
            "./data:x",
            "//example.org/a",
            "HTTPS://example.org",
            "a.html",
        ] {
            let html = render(documents, &format!("[x]({url})"))?;
            assert!(html.contains("<a href=\""), "{url}: {html}");
        }
        Ok(())
    });
}
