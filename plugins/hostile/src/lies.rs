//! What it says of itself would, if it were shown as it is, clear the screen and write something else there.

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
