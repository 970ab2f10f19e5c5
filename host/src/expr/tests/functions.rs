//! Functions of a script.

use super::fixture::{Plugin, check};
use crate::expr::parse;

fn complaint(source: &str) -> String {
    match parse(source) {
        Ok(_) => panic!("{source} was read"),
        Err(error) => error.message().to_owned(),
    }
}

#[test]
fn a_function_takes_its_arguments_as_in_python() {
    check(&[
        (
            "def f(a, b=2): return [a, b]\nf(1), f(1, 3), f(b=4, a=0)",
            "[[1, 2], [1, 3], [0, 4]]",
        ),
        ("f = lambda a, b=1: a + b\nf(1), f(1, b=5)", "[2, 6]"),
        ("(lambda: 5)()", "5"),
        (
            "def f(*rest, sep='-', **named): return [rest, sep, named]\nf(1, 2, sep='+', x=3)",
            "[[1, 2], '+', {'x': 3}]",
        ),
        ("def f(a, *, b): return a - b\nf(5, b=3)", "2"),
        (
            "def f(a: int, b: list[int] = 1) -> int: return a\nf(3)",
            "3",
        ),
        ("def f(): pass\nf() is None", "True"),
        ("def f():\n  return\nf() is None", "True"),
        ("def f():\n  return 1, 2\na, b = f()\nb", "2"),
        ("x = 1\ndef f(a=x): return a\nx = 2\nf()", "1"),
        ("def f(a): return a\nf()", "TypeError: f(): `a` is missing"),
        (
            "def f(a): return a\nf(1, 2)",
            "TypeError: f(): it takes 1 argument, got 2",
        ),
        (
            "def f(a): return a\nf(1, a=2)",
            "TypeError: f(): `a` is given twice",
        ),
        (
            "def f(a): return a\nf(1, b=2)",
            "TypeError: f(): there is no parameter `b`",
        ),
        ("(lambda *, a: a)(1)", "TypeError: lambda(): ..."),
        ("5(1)", "TypeError: data of type int can not be called"),
    ]);
    assert!(complaint("def f(a, a): b").contains("two parameters `a`"));
    assert!(complaint("def f(a=1, b): c").contains("needs a default"));
    assert!(complaint("def f(**a, b): c").contains("nothing follows"));
    assert!(complaint("def f(*a, *b): c").contains("second `*`"));
    assert!(complaint("def f(a):\n  global a").contains("can not be `global`"));
    assert!(complaint("return 1").contains("no function around"));
    assert!(complaint("lambda x").contains("expected `:`"));
}

#[test]
fn variables_of_a_function_are_its_own() {
    check(&[
        ("x = 1\ndef f():\n  x = 2\n  return x\nf(), x", "[2, 1]"),
        ("x = 1\ndef f():\n  global x\n  x = 2\nf()\nx", "2"),
        ("def f(): return x\nx = 5\nf()", "5"),
        ("x = []\ndef f(y): x.append(y)\nf(1); f(2); x", "[1, 2]"),
        (
            "x = [1]\ndef f(y):\n  y.append(2)\n  return y\nf(x), x",
            "[[1, 2], [1]]",
        ),
        (
            "def f():\n  for i in [1, 2]: pass\n  import counters\n  return i\nf()\ni",
            "NameError: `i` is not known",
        ),
        (
            "x = 1\ndef f():\n  x += 1\nf()",
            "NameError: `x` has no value yet...",
        ),
        (
            "x = 1\ndef f():\n  y = x\n  x = 2\nf()",
            "NameError: `x` has no value yet...",
        ),
        ("x = 1\ndef f():\n  del x\nf()", "NameError: ..."),
        (
            "x = 9\nf = lambda x: [x for x in [x, x + 1]]\nf(1), x",
            "[[1, 2], 9]",
        ),
        ("len = lambda x: 'mine'\nlen([])", "'mine'"),
    ]);
}

#[test]
fn a_function_in_a_function_has_copies_of_what_was_around_it() {
    check(&[
        ("def adder(n): return lambda m: n + m\nadder(3)(4)", "7"),
        (
            "fs = [lambda: i for i in range(3)]\n[f() for f in fs]",
            "[0, 1, 2]",
        ),
        (
            "def f(n):\n  def g(m): return h(m) + n\n  def h(m): return m * 2\n  return g(1)\nf(1)",
            "NameError: `h` is not known...",
        ),
        (
            "def f(n):\n  def h(m): return m * 2\n  def g(m): return h(m) + n\n  return g(1)\nf(1)",
            "3",
        ),
        (
            "def f():\n  def fac(n): return 1 if n < 2 else n * fac(n - 1)\n  return fac(5)\nf()",
            "120",
        ),
        (
            "def f(a):\n  def g():\n    def h(): return a\n    return h\n  return g()()\nf(6)",
            "6",
        ),
        (
            "def f():\n  l = []\n  def g(): l.append(1)\n  g()\n  return l\nf()",
            "TypeError: `l` is a copy...",
        ),
        (
            "def f():\n  c = Counter(1)\n  g = lambda n: c.add(n)\n  g(4)\n  return c.value\nf()",
            "5",
        ),
    ]);
}

#[test]
fn recursion_has_an_end() {
    let plugin = Plugin::new();
    assert_eq!(
        plugin.run("def fac(n): return 1 if n < 2 else n * fac(n - 1)\nfac(20)"),
        "2432902008176640000"
    );
    // Without optimisation a call takes many times the stack.
    let deep = if cfg!(debug_assertions) { 30 } else { 150 };
    let sum = format!(
        "def sum_to(n):\n  if n == 0:\n    return 0\n  return n + sum_to(n - 1)\nsum_to({deep})"
    );
    assert_eq!(plugin.run(&sum), (deep * (deep + 1) / 2).to_string());
    for endless in [
        "def f(): return f()\nf()",
        "def f(n):\n  if n:\n    for x in [1]:\n      while True:\n        try:\n          return [1 + f(n + 1) * 2 for y in [1]]\n        finally:\n          pass\nf(1)",
        "f = lambda: g()\ng = lambda: f()\nf()",
        "f = lambda x: sorted([2, 1], key=f)\nf(1)",
        "f = lambda x: map(f, [1])\nf(1)",
        "b = Bell()\nf = lambda x: b.ring(f, x)\nf(1)",
    ] {
        let answer = plugin.run(endless);
        assert!(answer.starts_with("TooDeep: "), "{endless}: {answer}");
    }
    assert!(plugin.is_at_rest());
}

#[test]
fn functions_of_the_language_take_functions() {
    check(&[
        ("sorted([3, -1, 2], key=abs)", "[-1, 2, 3]"),
        (
            "sorted(['b', 'A'], key=lambda t: t.lower(), reverse=True)",
            "['b', 'A']",
        ),
        (
            "sorted([[1, 'b'], [0, 'b']], key=lambda row: row[1])",
            "[[1, 'b'], [0, 'b']]",
        ),
        ("l = [3, -1]; l.sort(key=abs, reverse=True); l", "[3, -1]"),
        (
            "max(['a', 'ccc', 'bb'], key=len), min(3, -5, key=abs)",
            "['ccc', 3]",
        ),
        (
            "map(str, [1, 2]), map(lambda a, b: a * b, [1, 2], [3, 4])",
            "[['1', '2'], [3, 8]]",
        ),
        (
            "filter(None, [0, 1]), filter(lambda x: x > 1, [1, 2])",
            "[[1], [2]]",
        ),
        ("f = len; f([1, 2])", "2"),
        ("print(len)", ""),
        ("map(collections.list, [[1], [2]])[1][0]", "2"),
        (
            "divmod(7, 2), pow(2, 5), chr(65), ord('a'), hex(255)",
            "[[3, 1], 32, 'A', 97, '0xff']",
        ),
        (
            "sorted([1], kye=abs)",
            "TypeError: sorted() has no keyword `kye`",
        ),
        (
            "map(5, [1])",
            "TypeError: data of type int can not be called",
        ),
    ]);
}

#[test]
fn a_function_tells_what_it_is() {
    check(&[
        (
            "def area(w, h=1, *more, unit='m', **rest): pass\nstr(area)",
            "\"<function area(w, h=1, *more, unit='m', **rest)>\"",
        ),
        ("f = lambda x: x\nf", "<Proxy[function] here>"),
        (
            "def f(): 'what it is for'\nf.__name__, f.__doc__",
            "['f', 'what it is for']",
        ),
        (
            "f = lambda: 1\nf == f, f == len, bool(f), f is f",
            "[True, False, True, True]",
        ),
        (
            "f = lambda: 1\nf.x",
            "AttributeError: a function has no attribute `x`...",
        ),
    ]);
    let plugin = Plugin::new();
    let (mut interpreter, _) = plugin.interpreter();
    interpreter.eval("def f(a, b=[1]): 'doc'").unwrap();
    let Some(locum_protocol::Value::Object(f)) = interpreter.get("f") else {
        panic!("f is an object")
    };
    let info = f.describe().unwrap();
    let call = info.constructor.unwrap();
    assert_eq!((&*call.name, &*call.doc), ("f", "doc"));
    assert_eq!(call.params[1].default.as_deref(), Some("[1]"));
}

#[test]
fn an_error_in_a_function_shows_where_it_was_called() {
    let plugin = Plugin::new();
    let (mut interpreter, _) = plugin.interpreter();
    interpreter
        .eval("def inner(l):\n    return l[5]\ndef outer(l):\n    return inner(l) + 1")
        .unwrap();
    let error = interpreter.eval("x = [1]\nouter(x)").unwrap_err();
    assert_eq!(
        error.render(),
        "error: IndexError: list index out of range\n  |\n2 |     return l[5]\n  |            ^^^^\n    called on line 4: \
         inner(l)\n    called on line 2: outer(x)\n"
    );
    let error = interpreter
        .eval("sorted([1], key=lambda x: inner([x]))")
        .unwrap_err();
    assert!(
        error.render().contains("2 |     return l[5]"),
        "{}",
        error.render()
    );
    assert!(
        error.render().contains("called on line 1: inner([x])"),
        "{}",
        error.render()
    );
    let error = interpreter.eval("inner()").unwrap_err();
    assert!(
        error.render().contains("1 | inner()\n"),
        "{}",
        error.render()
    );
    let error = interpreter.eval("def f(): return f()\nf()").unwrap_err();
    assert!(error.render().contains("calls before\n") && error.render().len() < 2000);
}

#[test]
fn texts_are_put_together() {
    check(&[
        (
            "x = 3.14159; f'{x:.2f} and {x!r:>10}'",
            "'3.14 and    3.14159'",
        ),
        ("f'{1 + 1}' 'a' f'{\"b\"}'", "'2ab'"),
        ("f'{{{1}}}', f''", "['{1}', '']"),
        ("w = 6; f'[{1:>{w}}]'", "'[     1]'"),
        ("x = 5; f'{x=}, {x = :03}'", "'x=5, x = 005'"),
        ("d = {'a': 1}; f'{d['a']} {d[\"a\"]:02}'", "'1 01'"),
        (
            "f'{[i for i in range(3)]} {(lambda a: a)(1)}'",
            "'[0, 1, 2] 1'",
        ),
        ("f'a\\n{1}\\x41', rf'\\n{1}'", "['a\\n1A', '\\\\n1']"),
        ("f'''{\n1\n}\n'''", "'1\\n'"),
        (
            "c = Counter(2); f'{c} {c:>12}'",
            "'Counter(2)   Counter(2)'",
        ),
        (
            "f'{1, 2}', f'{1 != 2}', f'{ {1: 2}[1] }'",
            "['[1, 2]', 'True', '2']",
        ),
        ("f'{f\"{1}\"}'", "'1'"),
        (
            "format(1234.5, ',.2f'), format('a', '>3')",
            "['1,234.50', '  a']",
        ),
        ("f'{1:q}'", "ValueError: `q` is no format..."),
        ("f'{nothing}'", "NameError: `nothing` is not known"),
    ]);
    for (source, part) in [
        ("f'{}'", "no expression between"),
        ("f'{1'", "no `}`"),
        ("f'}'", "single `}`"),
        ("f'{1!x}'", "`r` or `s`"),
        ("f'{1 2}'", "the end of the field"),
        ("f'{a b'", "never closed"),
        ("f'{)}'", "closes nothing"),
        ("f'abc", "never closed"),
        ("f'{1:'", "no `}`"),
    ] {
        let got = complaint(source);
        assert!(
            got.contains(part) || got.contains("never closed"),
            "{source}: {got}"
        );
    }
}
