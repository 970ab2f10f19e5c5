//! What a plugin may be called.

/// A name in its two forms.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Name {
    /// The package's: `word-counts`.
    pub(super) package: String,
    /// The crate's, the file's and the module's: `word_counts`.
    pub(super) module: String,
}

/// What can not be the name of a crate, and so of no plugin.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate",
    "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl",
    "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref",
    "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Crates that a plugin of the same name would get in the way of.
const TAKEN: &[&str] = &[
    "alloc",
    "core",
    "proc_macro",
    "std",
    "test",
    "build",
    "deps",
    "examples",
    "incremental",
    "locum",
    "locum_guest",
    "locum_macros",
    "locum_protocol",
    "serde",
    "wit_bindgen",
];

/// Directories and devices that some systems keep for themselves.
const DEVICES: &[&str] = &["aux", "con", "nul", "prn"];

const LONGEST: usize = 64;

impl Name {
    /// Reads a name; the error says what is wrong with it and what to type instead.
    pub(super) fn check(name: &str) -> Result<Name, String> {
        match wrong(name) {
            None => Ok(Name {
                package: name.to_owned(),
                module: name.replace('-', "_"),
            }),
            Some(why) => Err(format!(
                "a plugin can not be called `{}`: {why}; take one like `{}`",
                name.escape_debug(),
                better(name)
            )),
        }
    }
}

/// What is wrong with a name, if anything is.
fn wrong(name: &str) -> Option<String> {
    let module = name.replace('-', "_");
    if name.is_empty() {
        return Some("it is empty".to_owned());
    }
    if let Some(strange) = name.chars().find(|c| !is_plain(*c)) {
        return Some(format!("`{}` may not be in it", strange.escape_debug()));
    }
    if name.len() > LONGEST {
        return Some(format!("it is longer than {LONGEST} letters"));
    }
    let why = if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        "it does not begin with a letter"
    } else if KEYWORDS.contains(&&*module) {
        "it is a keyword of Rust"
    } else if TAKEN.contains(&&*module) {
        "there is a crate of that name, which plugins need"
    } else if DEVICES.contains(&&*module.to_ascii_lowercase()) {
        "some systems keep it for a device"
    } else {
        return None;
    };
    Some(why.to_owned())
}

fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-' || c == '_'
}

/// A name that would do, as near as can be.
fn better(name: &str) -> String {
    // A path was meant: its last part.
    let last = name
        .rsplit(['/', '\\'])
        .find(|part| !part.is_empty())
        .unwrap_or_default();
    let letters: String = last
        .chars()
        .map(|c| {
            if is_plain(c) {
                c.to_ascii_lowercase()
            } else {
                '-'
            }
        })
        .collect();
    let letters = letters.trim_start_matches(|c: char| !c.is_ascii_alphabetic());
    let letters: String = letters.trim_end_matches('-').chars().take(32).collect();
    match wrong(&letters) {
        None => letters,
        Some(_) if letters.is_empty() => "counters".to_owned(),
        Some(_) => format!("my-{letters}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_two_forms() {
        let name = Name::check("word-counts").unwrap();
        assert_eq!(
            (&*name.package, &*name.module),
            ("word-counts", "word_counts")
        );
        assert!(Name::check("a1_b").is_ok());
    }

    #[test]
    fn a_bad_name_is_answered_with_a_good_one() {
        for (name, why, instead) in [
            ("", "empty", "`counters`"),
            ("Größe", "`ö`", "`gr--e`"),
            ("../my plugin", "`.`", "`my-plugin`"),
            ("plugins/words", "`/`", "`words`"),
            ("2d", "letter", "`d`"),
            ("-x", "letter", "`x`"),
            ("match", "keyword", "`my-match`"),
            ("locum-guest", "crate of that name", "`my-locum-guest`"),
            ("std", "crate of that name", "`my-std`"),
            ("AUX", "device", "`my-aux`"),
            ("a\u{1b}b", "`\\u{1b}`", "`a-b`"),
        ] {
            let told = Name::check(name).unwrap_err();
            assert!(told.contains(why) && told.ends_with(instead), "{told}");
        }
        assert!(Name::check(&"x".repeat(65)).unwrap_err().contains("longer"));
    }
}
