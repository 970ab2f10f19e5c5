//! What the compiler says to one mistake a file: each message tells what to write instead.

#![allow(missing_docs)]

#[test]
fn a_mistake_is_answered_with_what_to_write_instead() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/compile_fail/*.rs");
}
