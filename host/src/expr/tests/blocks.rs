//! Statements with blocks: how they are read, and what they do.

use super::fixture::{Plugin, check};
use crate::expr::{parse, wants_more};

fn complaint(source: &str) -> String {
    match parse(source) {
        Ok(_) => panic!("{source} was read"),
        Err(error) => error.message().to_owned(),
    }
}

#[test]
fn a_block_is_what_is_indented_below_its_line() {
    check(&[
        ("x = 1\nif x:\n    y = 2\n    z = 3\ny + z", "5"),
        ("if 0:\n  x = 1\nelif 1:\n  x = 2\nelse:\n  x = 3\nx", "2"),
        ("if 0: x = 1\nelif 0: x = 2\nelse: x = 3\nx", "3"),
        ("n = 0\nwhile n < 5:\n\tn += 1\nn", "5"),
        (
            "s = 0\nfor a in range(3):\n  for b in range(3):\n    s += a * b\n\n  # between\n  s += 100\ns",
            "309",
        ),
        ("  x = 1\n  if x:\n    x = 2\n  x", "2"),
        ("for x in [1, 2]: y = x; z = y\nz", "2"),
        ("if 1:\n  x = (1,\n2)\nx", "[1, 2]"),
        ("if 1:\n  x = '''a\nb'''\nx", "'a\\nb'"),
        ("if 1:\r\n  x = 5\r\nx", "5"),
        ("for x in [1]: if x: y = 7\ny", "7"),
        ("if 1:\n  pass\n1", "1"),
    ]);
}

#[test]
fn a_loop_is_left_and_goes_on_as_in_python() {
    check(&[
        ("for x in range(9):\n  if x == 3: break\nx", "3"),
        (
            "l = []\nfor x in range(5):\n  if x % 2: continue\n  l.append(x)\nl",
            "[0, 2, 4]",
        ),
        ("for x in []: pass\nelse: x = 'none'\nx", "'none'"),
        ("for x in [1]: break\nelse: x = 'all'\nx", "1"),
        ("n = 3\nwhile n: n -= 1\nelse: n = 'done'\nn", "'done'"),
        (
            "for a in [1, 2]:\n  for b in [1, 2]:\n    if b == 2: break\n  else: a = 0\n[a, b]",
            "[2, 2]",
        ),
        ("while True:\n  try: break\n  finally: x = 5\nx", "5"),
        (
            "for x in Counter(100).countdown():\n  if x < 97: break\nx",
            "96",
        ),
    ]);
    assert_eq!(complaint("break"), "there is no loop around this `break`");
    assert!(complaint("for x in y:\n  def f(): continue").contains("no loop"));
    assert!(complaint("for x in y: z\nelse: break").contains("no loop"));
}

#[test]
fn errors_are_caught_by_their_type() {
    check(&[
        (
            "try: [][1]\nexcept IndexError as e: x = str(e)\nx",
            "'list index out of range'",
        ),
        (
            "try:\n  Counter(1).fail()\nexcept Exhausted as e:\n  x = e.type, e.message\nx",
            "['Exhausted', 'the counter is worn out']",
        ),
        (
            "try: Counter(1).fail()\nexcept counters.Exhausted: x = 1\nx",
            "1",
        ),
        ("try: {}['a']\nexcept (ValueError, KeyError): x = 1\nx", "1"),
        ("try: {}['a']\nexcept LookupError: x = 1\nx", "1"),
        ("try: 1 // 0\nexcept ValueError: 1\nexcept: x = 2\nx", "2"),
        (
            "try: 1 // 0\nexcept Exception as e: x = type(e)\nx",
            "'ArithmeticError'",
        ),
        (
            "try: nothing\nexcept NameError as e: x = e.message\nx",
            "'`nothing` is not known'",
        ),
        ("try: 1\nexcept: x = 2\nelse: x = 3\nx", "3"),
        (
            "x = []\ntry: x.append(1)\nfinally: x.append(2)\nx",
            "[1, 2]",
        ),
        (
            "x = []\ntry:\n  try: 1 // 0\n  finally: x.append(1)\nexcept: x.append(2)\nx",
            "[1, 2]",
        ),
        ("try: 1 // 0\nexcept ValueError: 1", "ArithmeticError: ..."),
        ("try: 1\nexcept: 2\nelse: 1 // 0", "ArithmeticError: ..."),
        (
            "try: 1 // 0\nexcept: nothing",
            "NameError: `nothing` is not known",
        ),
        (
            "for x in [1, 0, 2]:\n  try: 1 // x\n  except: continue\nx",
            "2",
        ),
    ]);
}

#[test]
fn errors_are_raised_by_their_name() {
    check(&[
        ("raise ValueError('no')", "ValueError: no"),
        ("raise Odd('it ' + 'is')", "Odd: it is"),
        ("raise KeyError", "KeyError: "),
        ("raise counters.Exhausted('x')", "Exhausted: x"),
        ("try: raise Odd('a')\nexcept Odd as e: raise e", "Odd: a"),
        ("try: raise Odd('a')\nexcept Odd: raise", "Odd: a"),
        ("raise", "RuntimeError: ..."),
        (
            "raise 5",
            "TypeError: only errors can be raised, got int...",
        ),
        ("raise Odd(1, 2)", "TypeError: ..."),
        ("raise nothing()", "NameError: `nothing` is not known"),
        (
            "try: raise IndexError('x')\nexcept LookupError: x = 1\nx",
            "1",
        ),
        (
            "try: raise FileNotFoundError('x')\nexcept OSError: x = 1\nx",
            "1",
        ),
        ("try: 1 // 0\nexcept: pass\nraise", "RuntimeError: ..."),
        ("assert 1 < 2\n5", "5"),
        ("assert 1 > 2", "AssertionError: this does not hold: 1 > 2"),
        ("assert 1 > 2, 'a' + 'b'", "AssertionError: ab"),
    ]);
    assert!(complaint("raise A from b").contains("from"));
}

#[test]
fn an_error_that_is_raised_again_keeps_its_place() {
    let source = "try:\n  [1][5]\nexcept IndexError as e:\n  x = 1\n  raise e";
    let error = Plugin::new().eval(source).unwrap_err();
    assert_eq!(&source[error.span()], "[1][5]");
    assert_eq!(error.position().0, 2);
    let line = "try:\n  [1][5]\nexcept IndexError as e: n = e.line\nn, len(e.trace)";
    assert_eq!(Plugin::new().run(line), "[2, 0]");
}

#[test]
fn a_wrong_indentation_is_told_with_its_remedy() {
    for (source, part) in [
        ("x = 1\n  y = 2", "nothing there opens a block"),
        (
            "for x in y: a\n  b",
            "the body of the `for` above stands on its own line",
        ),
        (
            "if x:\ny = 2",
            "the body of the `if` on line 1 is missing; indent",
        ),
        (
            "if x:\n    y\n  z",
            "indented by 2, and the blocks around it by 0, 4",
        ),
        (
            "if x:\n\ty\n    z",
            "indented by spaces and the lines above by tabs",
        ),
        ("if x:\n \ty", "tabs and spaces are mixed"),
        ("  x\ny", "indented by 0, and the blocks around it by 2"),
        ("if x:\n  y\n    z", "nothing there opens a block"),
        (
            "else: x",
            "this `else` has no `if`, `for`, `while` or `try` above it",
        ),
        ("if x: y\n  else: z", "not part of it"),
        ("elif x: y", "this `elif` has no `if`"),
        (
            "try: x\nfinally: y\nexcept: z",
            "this `except` has no `try`",
        ),
        (
            "try: x\nexcept: y\nexcept A: z",
            "catches everything; put it last",
        ),
        (
            "try: x\nexcept A, B: y",
            "several types stand in parentheses",
        ),
        ("try: x\ny", "expected `except` or `finally`"),
        ("if x\n  y", "expected `:` before the body of the `if`"),
        ("if x = 1: y", "expected `:`"),
    ] {
        let got = complaint(source);
        assert!(got.contains(part), "{source}: {got}");
    }
}

#[test]
fn more_is_wanted_until_what_was_begun_is_ended() {
    for source in [
        "f(",
        "'''a",
        "if x:",
        "if x:\n  y",
        "if x:\n  y\n  z",
        "for x in y: z",
        "def f():\n  return 1",
        "try:\n  x\n",
        "x = 1\nwhile x:\n    x -= 1",
        "if x:\n  y\nelse:\n",
    ] {
        assert!(wants_more(source), "{source}");
    }
    for source in [
        "",
        "x",
        "x = 1\n",
        "if x:\n  y\n",
        "for x in y: z\n",
        "if x:\n  y\n    ",
        "def f():\n  return 1\n\n",
        "1 +",
        "f)",
        "if x:\ny",
        "if x:\n  y\nz",
    ] {
        assert!(!wants_more(source), "{source}");
    }
}
