//! Ending a script from another thread.

use std::thread;
use std::time::{Duration, Instant};

use super::fixture::Plugin;

#[test]
fn whatever_runs_is_interrupted_soon() {
    for source in [
        "while True: pass",
        "for x in Counter(0).forever(): pass",
        "sum(Counter(0).forever())",
        "max(Counter(0).forever())",
        "while True: all(range(1, 100)) and any([0] * 100)",
        "-1 in [x for x in Counter(0).forever() if x < 0]",
        "for x in range(100000): [y for y in range(100000)]",
        "f = lambda n: n and f(n - 1) + f(n - 1)\nwhile True: f(12)",
        "def f():\n  while True:\n    try: g()\n    except: pass\nf()",
        "while True:\n  try:\n    while True: 1\n  except Exception: pass",
        "while True:\n  try: sorted(range(100000), key=lambda x: -x)\n  except: pass",
        "c = Counter(1)\nwhile True: c.add(1)",
        "b = Bell()\nb.ring(lambda n: sum(Counter(0).forever()), 1)",
    ] {
        let plugin = Plugin::new();
        let (mut interpreter, _) = plugin.interpreter();
        let interrupter = interpreter.interrupter();
        let begun = Instant::now();
        let other = thread::spawn(move || {
            thread::sleep(Duration::from_millis(30));
            interrupter.interrupt();
        });
        let error = interpreter.eval(source).unwrap_err();
        other.join().unwrap();
        assert!(error.is_interrupt(), "{source}: {error}");
        assert_eq!(error.type_name(), "KeyboardInterrupt");
        assert!(begun.elapsed() < Duration::from_secs(20), "{source}");
        assert!(interpreter.interrupter().is_interrupted());
    }
}

#[test]
fn an_interrupt_lasts_until_it_is_cleared() {
    let plugin = Plugin::new();
    let (mut interpreter, _) = plugin.interpreter();
    let interrupter = interpreter.interrupter();
    interrupter.interrupt();
    assert!(interpreter.eval("x = 1").unwrap_err().is_interrupt());
    assert!(interpreter.eval("x").unwrap_err().is_interrupt());
    interrupter.clear();
    assert!(interpreter.eval("x = 1").is_ok() && !interrupter.is_interrupted());
}

#[test]
fn an_interrupt_is_caught_by_its_name_only_and_finally_runs() {
    let plugin = Plugin::new();
    let (mut interpreter, _) = plugin.interpreter();
    let interrupter = interpreter.interrupter();
    let stop = locum_protocol::callback(move || interrupter.interrupt());
    interpreter.set("stop", locum_protocol::Value::Object(stop));
    let clear = interpreter.interrupter();
    let mut value = |source: &str| {
        clear.clear();
        let shown = match interpreter.eval(source) {
            Ok(value) => format!("{:?}", value),
            Err(error) => error.to_string(),
        };
        clear.clear();
        let did = format!("{:?}", interpreter.get("did"));
        interpreter.set("did", locum_protocol::Value::Null);
        (shown, did)
    };
    let ended = "KeyboardInterrupt: interrupted";
    let (shown, did) = value("did = 0\ntry:\n  stop()\n  1\nexcept:\n  did = 1");
    assert_eq!((&*shown, &*did), (ended, "Some(Int(0))"));
    let (shown, did) = value(
        "try:\n  stop()\n  1\nexcept Exception: did = 1\nfinally:\n  for x in [1, 2]: did = x",
    );
    assert_eq!((&*shown, &*did), (ended, "Some(Int(2))"));
    let (shown, did) =
        value("try:\n  stop()\n  1\nexcept KeyboardInterrupt:\n  did = 1\ndid = did + 1");
    assert_eq!((&*shown, &*did), ("None", "Some(Int(2))"));
    let (shown, did) = value("try:\n  stop()\n  1\nfinally:\n  did = 1\n  stop()\n  did = 2");
    assert_eq!((&*shown, &*did), (ended, "Some(Int(1))"));
}

#[test]
fn modules_are_forgotten() {
    let plugin = Plugin::new();
    let (mut interpreter, _) = plugin.interpreter();
    interpreter
        .eval("import counters; x = Counter(1).value")
        .unwrap();
    interpreter.forget_modules();
    assert!(interpreter.eval("counters.Counter(2).value + x").is_ok());
}
