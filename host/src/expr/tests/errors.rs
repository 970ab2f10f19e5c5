//! Where errors point, and how they look.

use locum_protocol::Kind;

use super::fixture::Plugin;

/// The part of the source that an error points at.
fn place(source: &str) -> String {
    let error = Plugin::new().eval(source).unwrap_err();
    source[error.span()].to_owned()
}

#[test]
fn an_error_points_at_the_part_that_failed() {
    for (source, part) in [
        ("l = collections.list([1]); l[20]", "l[20]"),
        ("x = 1 + Counter(1).fail() * 2", "Counter(1).fail()"),
        ("Counter(1).nothing.more", "Counter(1).nothing.more"),
        ("Counter(1).fail().more", "Counter(1).fail()"),
        ("1 + 2 + 'a' + 3", "1 + 2 + 'a'"),
        ("[1, 2 // 0, 3]", "2 // 0"),
        ("1 < 2 < 'a'", "2 < 'a'"),
        ("f(x)", "f"),
        ("len(xx)", "xx"),
        ("len(5)", "len(5)"),
        ("Counter('a').add('b')", "Counter('a').add('b')"),
        ("[x for x in 5]", "5"),
        ("for x in [1, 2]: 1 // (x - 2)", "1 // (x - 2)"),
        ("a, b = 1, 2, 3", "a, b"),
        ("a = [1]; a[5] = 2", "a[5]"),
        ("a = [1]; del a[5]", "a[5]"),
        ("a = 'x'; a += 1", "a += 1"),
        ("import nowhere", "import nowhere"),
        (
            "from counters import nothing",
            "from counters import nothing",
        ),
        ("import counters, nowhere", "nowhere"),
        ("[1, 2]['a':]", "'a'"),
        ("-'a'", "-'a'"),
        ("{**5}", "5"),
    ] {
        let got = place(source);
        // An import's span begins with its name, in whatever position.
        assert!(
            got == part || part.ends_with(&got) && part.contains("import "),
            "{source}: {got}"
        );
    }
}

#[test]
fn an_error_is_drawn_under_its_line() {
    let error = Plugin::new()
        .eval("l = collections.list([1])\nx = 2\nif x:\n\ty = x + l[20]")
        .unwrap_err();
    assert_eq!(
        error.render(),
        "error: IndexError: list index out of range\n  |\n4 |     y = x + l[20]\n  |             ^^^^^\n"
    );
    assert_eq!(error.position(), (4, 10));
}

#[test]
fn a_raised_error_is_kept_and_an_own_one_has_no_cause() {
    let plugin = Plugin::new();
    let error = plugin.eval("Counter(1).fail()").unwrap_err();
    assert_eq!(error.to_string(), "Exhausted: the counter is worn out");
    let cause = error.cause().unwrap();
    assert_eq!(cause.kind(), Kind::Raised);
    assert!(
        cause
            .trace()
            .iter()
            .any(|line| line.contains("fail at fixture")),
        "{:?}",
        cause.trace()
    );
    assert!(plugin.eval("1 +").unwrap_err().cause().is_none());
    assert!(plugin.eval("x").unwrap_err().cause().is_none());
}

#[test]
fn what_was_done_before_an_error_stays_done() {
    let plugin = Plugin::new();
    assert_eq!(
        plugin.run("x = collections.list([1]); x.append(2); x.append(y)"),
        "NameError: `y` is not known"
    );
    assert!(plugin.is_at_rest());
}

#[test]
fn a_script_knows_its_own_source_when_another_fails() {
    use crate::expr::{Interpreter, Modules, parse};
    use locum_protocol::{Proxy, Result, Value};
    struct Nothing;
    impl Modules for Nothing {
        fn import(&self, name: &str) -> Result<Proxy> {
            Err(locum_protocol::no_module(name, [].into_iter()))
        }
        fn contents(&self) -> Result<Vec<(String, Vec<String>)>> {
            Ok(Vec::new())
        }
    }
    let mut interpreter = Interpreter::new(Nothing, |_: &str| ());
    let (first, second) = (parse("x + 1").unwrap(), parse("y").unwrap());
    assert!(
        interpreter
            .run(&second)
            .unwrap_err()
            .render()
            .contains("1 | y\n")
    );
    interpreter.set("x", Value::Int(1));
    assert_eq!(interpreter.run(&first).unwrap(), Some(Value::Int(2)));
    assert_eq!(
        interpreter.run(&first).unwrap(),
        Some(Value::Int(2)),
        "a script runs any number of times"
    );
    assert_eq!(
        (interpreter.names(), interpreter.get("x")),
        (vec!["x".to_owned()], Some(Value::Int(1)))
    );
    assert_eq!(first.source(), "x + 1");
}
