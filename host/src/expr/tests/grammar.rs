//! How sources are read.

use crate::expr::ast::*;
use crate::expr::parse;

/// The tree of a source that is one expression, with parentheses around everything.
fn tree(source: &str) -> String {
    let script = parse(source).unwrap_or_else(|error| panic!("{}", error.render()));
    match &script.statements[..] {
        [
            Statement {
                kind: StatementKind::Expression(expr),
                ..
            },
        ] => show(expr),
        other => panic!("{source}: {other:?}"),
    }
}

fn all<T>(parts: &[T], show: impl Fn(&T) -> String) -> String {
    parts.iter().map(show).collect::<Vec<_>>().join(", ")
}

fn show(expr: &Expr) -> String {
    let part = |part: &Option<Box<Expr>>| part.as_deref().map(show).unwrap_or_default();
    match &expr.kind {
        ExprKind::Constant(value) => locum_protocol::ops::repr(value).unwrap(),
        ExprKind::Name(name) => name.clone(),
        ExprKind::Chain(base, links) => {
            links
                .iter()
                .fold(show(base), |before, link| match &link.kind {
                    LinkKind::Attribute(name) => format!("({before}).{name}"),
                    LinkKind::Index(key) => format!("({before})[{}]", show(key)),
                    LinkKind::Call(arguments) => {
                        let keyword = |keyword: &Keyword| match keyword {
                            Keyword::One(name, expr) => format!("{name}={}", show(expr)),
                            Keyword::Spread(expr) => format!("**{}", show(expr)),
                        };
                        let all = [
                            all(&arguments.positional, item),
                            all(&arguments.keywords, keyword),
                        ];
                        let all: Vec<&str> = all
                            .iter()
                            .map(String::as_str)
                            .filter(|part| !part.is_empty())
                            .collect();
                        format!("({before})({})", all.join(", "))
                    }
                })
        }
        ExprKind::List(items) => format!("[{}]", all(items, item)),
        ExprKind::Dict(entries) => {
            let entry = |entry: &Entry| match entry {
                Entry::One(key, value) => format!("{}: {}", show(key), show(value)),
                Entry::Spread(expr) => format!("**{}", show(expr)),
            };
            format!("{{{}}}", all(entries, entry))
        }
        ExprKind::ListOf(it) => format!("[{}{}]", show(&it.element), clauses(&it.clauses)),
        ExprKind::DictOf(it) => {
            format!(
                "{{{}: {}{}}}",
                show(&it.element.0),
                show(&it.element.1),
                clauses(&it.clauses)
            )
        }
        ExprKind::Unary(operator, operand) => format!("({}{})", operator.symbol(), show(operand)),
        ExprKind::Not(operand) => format!("(not {})", show(operand)),
        ExprKind::Arithmetic(first, rest) => {
            let rest: String = rest
                .iter()
                .map(|(op, expr)| format!(" {} {}", op.symbol(), show(expr)))
                .collect();
            format!("({}{rest})", show(first))
        }
        ExprKind::Compare(first, rest) => {
            let symbol = |compare: &Compare| match compare {
                Compare::Order(order) => order.symbol(),
                Compare::In => "in",
                Compare::NotIn => "not in",
                Compare::Is => "is",
                Compare::IsNot => "is not",
            };
            let rest: String = rest
                .iter()
                .map(|(op, expr)| format!(" {} {}", symbol(op), show(expr)))
                .collect();
            format!("({}{rest})", show(first))
        }
        ExprKind::All(operands) => format!("({})", all(operands, show).replace(", ", " and ")),
        ExprKind::Any(operands) => format!("({})", all(operands, show).replace(", ", " or ")),
        ExprKind::Choice {
            condition,
            then,
            otherwise,
        } => {
            format!(
                "({} if {} else {})",
                show(then),
                show(condition),
                show(otherwise)
            )
        }
        ExprKind::Lambda(definition) => match &definition.body {
            Body::Expression(body) => {
                let names: Vec<&str> = definition.parameters.iter().map(|it| &*it.name).collect();
                format!("(lambda {}: {})", names.join(", "), show(body))
            }
            Body::Block(_) => unreachable!("a lambda is one expression"),
        },
        ExprKind::Format(pieces) => format!("f'{}'", pieces.iter().map(piece).collect::<String>()),
        ExprKind::Slice { start, stop, step } => {
            format!("{}:{}:{}", part(start), part(stop), part(step))
        }
    }
}

fn piece(it: &Piece) -> String {
    match it {
        Piece::Text(text) => text.clone(),
        Piece::Field(field) => {
            let spec: String = field.spec.iter().map(piece).collect();
            format!("{{{}:{spec}}}", show(&field.value))
        }
    }
}

fn item(item: &Item) -> String {
    match item {
        Item::One(expr) => show(expr),
        Item::Spread(expr) => format!("*{}", show(expr)),
    }
}

fn clauses(clauses: &[Clause]) -> String {
    let clause = |clause: &Clause| {
        let conditions: String = clause
            .conditions
            .iter()
            .map(|c| format!(" if {}", show(c)))
            .collect();
        format!(
            " for {} in {}{conditions}",
            target(&clause.target),
            show(&clause.source)
        )
    };
    clauses.iter().map(clause).collect()
}

fn target(it: &Target) -> String {
    match &it.kind {
        TargetKind::Name(name) => name.clone(),
        TargetKind::Attribute(base, name) => format!("({}).{name}", show(base)),
        TargetKind::Index(base, key) => format!("({})[{}]", show(base), show(key)),
        TargetKind::Unpack(targets) => format!("({})", all(targets, target)),
    }
}

fn complaint(source: &str) -> String {
    match parse(source) {
        Ok(script) => panic!("{source} was read: {:?}", script.statements),
        Err(error) => error.message().to_owned(),
    }
}

#[test]
fn operators_bind_as_in_python() {
    for (source, read) in [
        ("1 + 2 * 3 - 4", "(1 + (2 * 3) - 4)"),
        ("a - b + c - d", "(a - b + c - d)"),
        (
            "a | b ^ c & d << e + f * g",
            "(a | (b ^ (c & (d << (e + (f * g))))))",
        ),
        (
            "a * b + c << d & e ^ f | g",
            "((((((a * b) + c) << d) & e) ^ f) | g)",
        ),
        ("-x ** 2", "(-(x ** 2))"),
        ("2 ** -x", "(2 ** (-x))"),
        ("2 ** 3 ** 2", "(2 ** (3 ** 2))"),
        ("-x.y[0]", "(-((x).y)[0])"),
        ("~-+x", "(~(-(+x)))"),
        ("not a == b", "(not (a == b))"),
        ("not a and not b or c", "(((not a) and (not b)) or c)"),
        ("a or b and c or d", "(a or (b and c) or d)"),
        ("a < b <= c != d", "(a < b <= c != d)"),
        ("(a < b) < c", "((a < b) < c)"),
        ("a not in b", "(a not in b)"),
        ("a is not b in c", "(a is not b in c)"),
        ("not a in b", "(not (a in b))"),
        ("a + b < c | d", "((a + b) < (c | d))"),
        ("a if b else c if d else e", "(a if b else (c if d else e))"),
        (
            "a or b if c and d else not e",
            "((a or b) if (c and d) else (not e))",
        ),
        ("(a + b) * c", "((a + b) * c)"),
        ("a // b % c / d", "(a // b % c / d)"),
    ] {
        assert_eq!(tree(source), read, "{source}");
    }
}

#[test]
fn chains_go_on_as_long_as_they_like() {
    assert_eq!(tree("a.b(1)[2].c"), "((((a).b)(1))[2]).c");
    assert_eq!(tree("'x'.upper()"), "(('x').upper)()");
    assert_eq!(tree("1 .real"), "(1).real");
    assert_eq!(tree("p.import.print.None"), "(((p).import).print).None");
}

#[test]
fn calls_take_what_pythons_take() {
    assert_eq!(tree("f()"), "(f)()");
    assert_eq!(
        tree("f(1, *a, b=2, from=3, **c,)"),
        "(f)(1, *a, b=2, from=3, **c)"
    );
    assert_eq!(
        tree("f(a == b, (c), d if e else g)"),
        "(f)((a == b), c, (d if e else g))"
    );
    assert_eq!(tree("f(x for x in y)"), "(f)([x for x in y])");
    assert!(complaint("f(a=1, 2)").contains("can not follow"));
    assert!(complaint("f(a=1, a=2)").contains("twice"));
    assert!(complaint("f(None=1)").contains("a value"));
    assert!(complaint("f(1, x for x in y)").contains("brackets"));
    assert!(complaint("f(1 2)").contains("expected `)`"));
}

#[test]
fn indices_may_be_slices() {
    assert_eq!(tree("a[1]"), "(a)[1]");
    assert_eq!(tree("a[:]"), "(a)[::]");
    assert_eq!(tree("a[1:5:2]"), "(a)[1:5:2]");
    assert_eq!(tree("a[::-1]"), "(a)[::(-1)]");
    assert_eq!(tree("a[1:, :2]"), "(a)[[1::, :2:]]");
    assert!(complaint("a[]").contains("expected an index, got `]`"));
}

#[test]
fn displays_hold_any_number_of_elements() {
    assert_eq!(tree("[]"), "[]");
    assert_eq!(tree("()"), "[]");
    assert_eq!(tree("(1,)"), "[1]");
    assert_eq!(tree("(1)"), "1");
    assert_eq!(tree("1, 2,"), "[1, 2]");
    assert_eq!(tree("[1, *a, 2,]"), "[1, *a, 2]");
    assert_eq!(tree("{}"), "{}");
    assert_eq!(tree("{'a': 1, **b, 2: c,}"), "{'a': 1, **b, 2: c}");
    assert_eq!(tree("'a' \"b\" '''c'''"), "'abc'");
    assert_eq!(tree("b'a' b'b'"), "b'ab'");
    assert!(complaint("{1, 2}").contains("collections.set([...])"));
    assert!(complaint("{x for x in y}").contains("collections.set"));
    assert!(complaint("'a' b'b'").contains("can not be joined"));
    assert!(complaint("*a").contains("`*`"));
}

#[test]
fn comprehensions_have_any_number_of_clauses() {
    assert_eq!(
        tree("[x*x for x in a if x if y]"),
        "[(x * x) for x in a if x if y]"
    );
    assert_eq!(
        tree("[x for a in b for x in a]"),
        "[x for a in b for x in a]"
    );
    assert_eq!(
        tree("[k for k, v in d.items()]"),
        "[k for (k, v) in ((d).items)()]"
    );
    assert_eq!(tree("{k: v for (k, v) in d}"), "{k: v for (k, v) in d}");
    assert_eq!(
        tree("[x if x else y for x in a or b]"),
        "[(x if x else y) for x in (a or b)]"
    );
}

#[test]
fn statements_end_with_the_line_or_a_semicolon() {
    let count = |source| parse(source).unwrap().statements.len();
    assert_eq!(count(""), 0);
    assert_eq!(count("# nothing\n\n;;\n"), 0);
    assert_eq!(count("a; b\nc;\n"), 3);
    assert_eq!(count("f(1,\n  2)\ng()"), 2);
    assert_eq!(count("  a\n  b"), 2);
    assert_eq!(count("x = [\n 1,\n 2 # two\n]\ny = 'a\\\nb'"), 2);
    assert!(
        complaint("a b").contains("expected an operator, or the end of the statement, got `b`")
    );
    assert!(complaint("print x").contains("print(...)"));
}

#[test]
fn targets_are_names_attributes_and_items() {
    let kinds = |source: &str| match &parse(source).unwrap().statements[0].kind {
        StatementKind::Assign { targets, .. } => all(targets, target),
        StatementKind::Augment {
            target: it,
            operator,
            ..
        } => format!("{} {}", operator.in_place(), target(it)),
        StatementKind::Delete(targets) => all(targets, target),
        other => panic!("{other:?}"),
    };
    assert_eq!(kinds("a = b.c = d[1:2] = 5"), "a, (b).c, (d)[1:2:]");
    assert_eq!(kinds("a, (b, c) = d"), "(a, (b, c))");
    assert_eq!(kinds("[a, b] = c"), "(a, b)");
    assert_eq!(kinds("a.b[c].d **= 2"), "__ipow__ (((a).b)[c]).d");
    assert_eq!(kinds("x //= 2"), "__ifloordiv__ x");
    assert_eq!(kinds("del a, b[0]"), "a, (b)[0]");
    assert!(complaint("f() = 1").contains("the result of a call can not be assigned to"));
    assert!(complaint("1 = x").contains("a constant can not"));
    assert!(complaint("a + b = 1").contains("the result of an operator"));
    assert!(complaint("a, b += 1").contains("at once"));
    assert!(complaint("del a.b").contains("del a[i]"));
    assert!(complaint("del f()").contains("call"));
    assert!(complaint("() = 1").contains("a list can not"));
    assert!(complaint("f(a.b=1)").contains("expected `)`"));
    assert!(complaint("x if y else z = 1").contains("a conditional"));
}

#[test]
fn imports_name_modules_and_what_to_call_them() {
    let kinds = |source: &str| {
        format!(
            "{:?}",
            parse(source)
                .unwrap()
                .statements
                .iter()
                .map(|s| &s.kind)
                .collect::<Vec<_>>()
        )
    };
    assert_eq!(
        kinds("import a.b, c as d"),
        "[Import { module: \"a.b\", alias: None }, Import { module: \"c\", alias: Some(\"d\") }]"
    );
    assert_eq!(
        kinds("from a.b import X, y as z")
            .matches("ImportFrom")
            .count(),
        2
    );
    assert_eq!(
        kinds("from a import (\n x,\n y,\n)")
            .matches("ImportFrom")
            .count(),
        2
    );
    assert!(complaint("import").contains("expected the name of a module, got the end"));
    assert!(complaint("from a import *").contains("`*` is not supported"));
    assert!(complaint("import a as 1").contains("expected a name"));
}

#[test]
fn a_for_has_its_body_on_its_line() {
    let body = |source: &str| match &parse(source).unwrap().statements[0].kind {
        StatementKind::For { body, .. } => body.len(),
        other => panic!("{other:?}"),
    };
    assert_eq!(body("for x in y: a; b; c"), 3);
    assert_eq!(body("for x, y in z, w: a\nb"), 1);
    assert_eq!(body("for x in y: for z in x: a; b"), 1);
    assert!(complaint("for x in y: a\n  b").contains("not part of it"));
    assert!(complaint("for x in y a").contains("expected `:`"));
    assert!(complaint("for f() in y: a").contains("call"));
}

#[test]
fn what_python_has_and_this_has_not_is_said() {
    for source in ["class A: x", "with x: y", "[yield x]", "async def f(): x"] {
        assert!(
            complaint(source).contains("there is no `"),
            "{source}: {}",
            complaint(source)
        );
    }
    assert!(
        complaint("(x := 1)").contains("`:=`"),
        "{}",
        complaint("(x := 1)")
    );
    assert!(complaint("x == 1 = 2").contains("a comparison can not"));
    assert!(complaint("a = = b").contains("got `=`"));
    assert!(complaint("a @ b").contains("got `@`"));
}

#[test]
fn nesting_is_limited_and_says_so() {
    for (open, close) in [
        ("(", ")"),
        ("[", "]"),
        ("{1:", "}"),
        ("f(", ")"),
        ("x[", "]"),
        ("-", ""),
        ("not ", ""),
    ] {
        let nested = |levels| format!("{}1{}", open.repeat(levels), close.repeat(levels));
        assert!(parse(&nested(50)).is_ok(), "{open}");
        assert!(
            complaint(&nested(100)).contains("more than 64 levels"),
            "{open}"
        );
        assert!(parse(&nested(10_000)).is_err());
    }
    for open in [
        "2**",
        "x if y else ",
        "for x in y: ",
        "if x: ",
        "while x: ",
        "try: ",
        "def f(): ",
        "lambda: ",
        "lambda x=",
        "def f(x=",
        "x if lambda: ",
        "raise (",
        "assert x, (",
        "f'{",
        "f'{x:{",
        "f\"{f'{",
        "for x in (",
        "for [",
        "[x for x in ",
        "[x for x in y if ",
        "(x for x in ",
        "{x: y for x in ",
        "f(x for x in ",
        "[*",
        "{**",
        "f(*",
        "f(**",
        "f(a=",
        "{x:",
        "{",
        "x[:",
        "x[::",
        "(a, ",
        "x = [",
        "x[0] = (",
        "del (",
        "a and (",
        "x[y] + f(",
        "[x if ",
        "f()(",
        "-(",
        "not (",
    ] {
        assert!(parse(&open.repeat(10_000)).is_err(), "{open}");
        let closed: String = open
            .chars()
            .rev()
            .filter_map(|c| "([{".find(c).map(|at| &")]}"[at..=at]))
            .collect();
        assert!(
            parse(&format!(
                "{}x{}",
                open.repeat(10_000),
                closed.repeat(10_000)
            ))
            .is_err(),
            "{open}"
        );
    }
    for endless in [
        "2**",
        "x if y else ",
        "for x in y: ",
        "if x: ",
        "def f(): ",
        "lambda: ",
    ] {
        assert!(
            complaint(&endless.repeat(10_000)).contains("64 levels"),
            "{endless}"
        );
    }
    assert!(complaint(&format!("[x {}]", "for x in y ".repeat(10_000))).contains("64 levels"));
    assert!(complaint(&format!("{} = 1", "(".repeat(10_000))).contains("never closed"));
}

#[test]
fn length_is_not_limited() {
    for link in [".a", "[0]", "()", " + 1", " and b", " < 2", ", 3", "; x"] {
        assert!(
            parse(&format!("x{}", link.repeat(10_000))).is_ok(),
            "{link}"
        );
    }
}

#[test]
fn the_unfinished_is_told_from_the_wrong() {
    for source in [
        "f(",
        "[1,\n2",
        "x = {'a': (1",
        "'''abc",
        "f'''{a}",
        "f'{(1, ",
        "a + \\",
        "if x:",
        "if x:\n",
        "if x:\n  y\nelse:",
        "for x in y: # all",
        "while x:\n  if y:",
        "def f(a):\n\n",
        "try:\n  x\n",
        "try: x",
        "try:\n  x\nexcept A as b:",
    ] {
        assert!(parse(source).unwrap_err().is_incomplete(), "{source}");
    }
    for source in [
        "f)",
        "1 +",
        "'abc",
        "x = ",
        "(]",
        "if x",
        "if x:\ny",
        "try:\n  x\ny",
        "f'{a",
        "else:",
        "return",
    ] {
        assert!(!parse(source).unwrap_err().is_incomplete(), "{source}");
    }
}
