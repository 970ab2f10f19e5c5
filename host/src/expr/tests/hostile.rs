//! No input makes the language panic, or takes the stack or the memory.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use super::fixture::Plugin;
use crate::expr::{Interrupter, parse, wants_more};

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        (self.0 >> 33) as usize % sides
    }
}

const PIECES: &[&str] = &[
    "a",
    "b",
    "x",
    "1",
    "2.5",
    "0x",
    "1_",
    "'s'",
    "'",
    "\"\"\"",
    "b'x'",
    "r'",
    "\\",
    "\n",
    ";",
    " ",
    "\t",
    "#",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    ":",
    ".",
    "=",
    "==",
    "+",
    "-",
    "*",
    "**",
    "/",
    "//",
    "%",
    "<<",
    ">>",
    "<",
    ">=",
    "!=",
    "~",
    "&",
    "|",
    "^",
    "+=",
    "**=",
    ":=",
    "for ",
    " in ",
    "if ",
    " else ",
    "not ",
    " and ",
    " or ",
    " is ",
    "import ",
    "from ",
    " as ",
    "del ",
    "pass",
    "None",
    "True",
    "lambda ",
    "lambda a: ",
    "def f(a, b=1): ",
    "def g(*c):\n ",
    "return ",
    "global x\n",
    "f(1)",
    "f(",
    "while ",
    "elif ",
    "else:",
    "try:",
    "except:",
    "except Exception as e:",
    "finally:",
    "raise ",
    "assert ",
    "break",
    "continue",
    "\n  ",
    "\n    ",
    "\n\t",
    "f'",
    "f'{",
    "}'",
    "!r",
    ":>5",
    "sorted(x, key=",
    "map(f, ",
    "Bell().ring(f, ",
    "é",
    "日",
    "\u{301}",
    "\u{feff}",
    "\0",
    "list",
    "len",
    "range(3)",
    "print",
    "Counter(1)",
    "collections",
    ".append(",
    ".value",
    "[0]",
    "[1:",
    "9999999999999999999999",
    "*x",
    "**x",
];

/// Interrupts what runs for long: `while 1: pass` is a script too.
#[derive(Clone, Default)]
struct Watch(Arc<Mutex<Option<(Instant, Interrupter)>>>);

impl Watch {
    fn begin(&self, interrupter: Option<Interrupter>) {
        *self.0.lock().unwrap() = interrupter.map(|it| (Instant::now(), it));
    }

    fn run(self, ended: &AtomicBool) {
        while !ended.load(Ordering::Relaxed) {
            thread::sleep(Duration::from_millis(10));
            if let Some((begun, interrupter)) = &*self.0.lock().unwrap()
                && begun.elapsed() > Duration::from_millis(50)
            {
                interrupter.interrupt();
            }
        }
    }
}

/// Ends the watch, also when a law is broken.
struct End<'e>(&'e AtomicBool);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[test]
fn whatever_is_read_or_run_there_is_an_answer() {
    let plugin = Plugin::new();
    let mut dice = Dice(7);
    let (watch, ended) = (Watch::default(), AtomicBool::new(false));
    thread::scope(|scope| {
        let watcher = watch.clone();
        let ended = &ended;
        scope.spawn(move || watcher.run(ended));
        let _end = End(ended);
        for _ in 0..10_000 {
            let length = 1 + dice.throw(18);
            let source: String = (0..length)
                .map(|_| PIECES[dice.throw(PIECES.len())])
                .collect();
            wants_more(&source);
            let (mut interpreter, _) = plugin.interpreter();
            watch.begin(Some(interpreter.interrupter()));
            let result = interpreter.eval(&source);
            watch.begin(None);
            if let Err(error) = result {
                assert!(
                    source.get(error.span()).is_some() && error.render().starts_with("error: "),
                    "{source}"
                );
            }
        }
    });
    // What was let go while the other end was being called is told with the next message.
    plugin.run("collections.list()");
    assert!(plugin.is_at_rest());
}

#[test]
fn every_beginning_of_a_source_has_an_answer() {
    let source = "def f(a, *b):\n  try: f'{a!r:>{b}}'\n  except (A, B) as e:\n    raise\n  finally:\n\twhile x: break\nimport a.b as c\nfor k, v in {'é': [1, *x], **d}.items(): x[k:v:-1] **= f(a, b=2)(c)[0] if not y else -z ** 2 \
                  ; del x[0]\nr'\\'' b'\\x00' '''日\n''' 0x_1f + 1.5e-3 # end";
    for end in (0..=source.len()).filter(|end| source.is_char_boundary(*end)) {
        for start in (0..end)
            .filter(|start| source.is_char_boundary(*start))
            .step_by(7)
        {
            if let Err(error) = parse(&source[start..end]) {
                error.render();
            }
        }
    }
}

#[test]
fn the_deepest_tree_that_can_be_read_can_be_run() {
    let plugin = Plugin::new();
    // Every level of precedence at every level of nesting.
    let open = "1 if (0 or (1 and not (2 == (3 | 4 ^ 5 & 6 << 7 + 8 * -9 ** ";
    let deep = |levels: usize| format!("{}1{}", open.repeat(levels), "))) ) else 0".repeat(levels));
    assert!(
        parse(&deep(100))
            .unwrap_err()
            .message()
            .contains("64 levels")
    );
    let most = (1..100)
        .rev()
        .find(|levels| parse(&deep(*levels)).is_ok())
        .unwrap();
    assert!(most >= 5);
    plugin.run(&deep(most));
    let left = |levels: usize| {
        format!(
            "{}1{}",
            "(".repeat(levels),
            "*1+1<<0&1^1|1==1 and 1 or 0)".repeat(levels)
        )
    };
    let most = (1..100)
        .rev()
        .find(|levels| parse(&left(*levels)).is_ok())
        .unwrap();
    assert!(most >= 60);
    plugin.run(&left(most));
    assert!(plugin.run(&left(20)).ends_with(['0', '1', 'e']));
}

#[test]
fn values_do_not_grow_without_bound() {
    let plugin = Plugin::new();
    for (source, name) in [
        ("x = [1]\nfor i in range(100): x = [x]", "TooDeep"),
        ("x = [1]\nfor i in range(100): x = {'a': x}", "TooDeep"),
        ("x = [1]\nfor i in range(100): x.append(x)", "LimitExceeded"),
        ("x = [1]\nfor i in range(100): x[0] = x", "TooDeep"),
        (
            "x = [1]\nfor i in range(100): x = [x for y in [1]]",
            "TooDeep",
        ),
        ("x = [1]\nfor i in range(100): x = zip([x])", "TooDeep"),
        ("x = [1]\nfor i in range(100): x = [1, x] + []", "TooDeep"),
        ("x = [1]\nfor i in range(40): x = [x, x]", "LimitExceeded"),
        ("x = 'a'\nfor i in range(60): x = x + x", "LimitExceeded"),
        ("x = [1]\nfor i in range(60): x += x", "LimitExceeded"),
        ("'a' * 10 ** 30", "LimitExceeded"),
        ("10 ** 12 * [0]", "LimitExceeded"),
        ("range(10 ** 30)", "LimitExceeded"),
        (
            "range(1 - 2 ** 126 - 2 ** 126, 2 ** 126 - 1 + 2 ** 126)",
            "LimitExceeded",
        ),
        ("bytes(10 ** 12)", "LimitExceeded"),
        ("list(Counter(0).forever())", "LimitExceeded"),
        ("10 ** 10 ** 10", "ArithmeticError"),
        ("1 << 10 ** 10", "ArithmeticError"),
        ("2 ** 127", "ArithmeticError"),
        ("abs(-2 ** 126 - 2 ** 126)", "ArithmeticError"),
        (
            "enumerate('ab', 2 ** 126 - 1 + 2 ** 126)",
            "ArithmeticError",
        ),
    ] {
        let answer = plugin.run(source);
        assert!(
            answer.starts_with(name),
            "{source}: {}",
            &answer[..answer.len().min(200)]
        );
    }
}

#[test]
fn huge_keys_and_bounds_are_just_not_there() {
    let plugin = Plugin::new();
    for (source, shown) in [
        ("[1, 2][2**100:]", "[]"),
        ("[1, 2][-2**100:2**100]", "[1, 2]"),
        ("[1, 2][::2**100]", "[1]"),
        (
            "range(2**120, -2**120, -2**120)",
            &format!("[{}, 0]", 1i128 << 120),
        ),
        ("x = [1]; x[2**100]", "IndexError"),
        ("round(1.5, 2**100), round(15, -2**100)", "[1.5, 0]"),
    ] {
        let answer = plugin.run(source);
        assert!(
            answer == shown || answer.starts_with("IndexError") && shown == "IndexError",
            "{source}: {answer}"
        );
    }
}
