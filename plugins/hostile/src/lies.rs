//! What it says of itself would, if it were shown as it is, clear the screen and write something else there; and what it
//! says that it died of is not so.

use locum_guest::object;

#[doc = "\u{1b}[2J\u{1b}[Hroot@host:~# \u{7}\r\u{9b}31m \u{202e}desrever"]
pub(crate) struct Honest;

#[object(name = "Hon\u{1b}[31mest")]
impl Honest {
    fn new() -> Self {
        Honest
    }

    #[doc = "\u{1b}]0;title\u{7}Gives money."]
    #[name("give\u{1b}[1mmoney")]
    fn give(&self, #[arg(name = "how\u{8}much")] amount: i64) -> i64 {
        amount
    }

    fn __str__(&self) -> String {
        "\u{1b}[2Jcleared".to_owned()
    }
}

/// Says that it has panicked, and does something else: `loop`, `sleep` or `live`.
#[object]
pub(crate) fn feign(how: &str) {
    last_words("I have panicked");
    match how {
        "loop" => crate::loops::spin(),
        "sleep" => crate::sleeps::sleep(3_600_000),
        _ => {}
    }
}

#[cfg(target_family = "wasm")]
fn last_words(message: &str) {
    use locum_guest::bindings::locum::plugin::{lifecycle, types};

    lifecycle::last_words(&types::Fault {
        kind: "panic".into(),
        type_name: "Panic".into(),
        message: message.into(),
        trace: vec!["panicked at a place of its choosing".into()],
        data: None,
    });
}

#[cfg(not(target_family = "wasm"))]
fn last_words(_: &str) {}
