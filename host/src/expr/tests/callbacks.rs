//! Functions of a script in the hands of a plugin.

use std::thread;

use locum_protocol::Value;

use super::fixture::Plugin;

#[test]
fn a_plugin_calls_a_function_while_a_statement_runs() {
    let plugin = Plugin::new();
    let (mut interpreter, printed) = plugin.interpreter();
    let source =
        "b = Bell()\nseen = []\nb.ring(lambda n: print('now', n), 1)\nb.ring(seen.append, 2)";
    assert!(
        interpreter.eval(source).is_err(),
        "a method of data is no object"
    );
    assert_eq!(*printed.lock().unwrap(), "now 1\n");
    let source =
        "def note(n):\n  seen.append(n)\n  return n * 2\n[b.ring(note, n) for n in [3, 4]], seen";
    let value = interpreter.eval(source).unwrap().unwrap();
    assert_eq!(
        value,
        Value::List(vec![vec![6i64, 8].into(), vec![3i64, 4].into()])
    );
}

#[test]
fn what_a_function_raises_reaches_the_plugin_and_comes_back() {
    let plugin = Plugin::new();
    let (mut interpreter, _) = plugin.interpreter();
    let error = interpreter
        .eval("b = Bell()\ndef bad(n):\n  raise Odd('not ' + str(n))\nb.ring(bad, 1)")
        .unwrap_err();
    assert_eq!(error.to_string(), "Odd: not 1");
    let trace = error.cause().unwrap().trace().join("\n");
    assert!(trace.contains("in line 3 of the script"), "{trace}");
    let caught = "try: b.ring(bad, 2)\nexcept Odd as e: x = str(e)\nx";
    assert_eq!(interpreter.eval(caught).unwrap().unwrap(), "not 2".into());
    let wrong = interpreter.eval("b.ring(lambda: 1, 2)").unwrap_err();
    assert_eq!(
        wrong.to_string(),
        "TypeError: lambda(): it takes 0 arguments, got 1"
    );
}

#[test]
fn a_function_comes_home_as_itself() {
    let plugin = Plugin::new();
    let source = "b = Bell()\nf = lambda n: n\ng = b.ring(lambda h: h, f)\nl = collections.list([f])\ng is f, l[0] is f";
    assert_eq!(plugin.run(source), "[True, True]");
    // What the other end lets go while it is being called, it tells with its next message.
    plugin.run("collections.list()");
    assert!(plugin.is_at_rest());
}

#[test]
fn a_function_that_is_kept_is_called_later_and_from_other_threads() {
    let plugin = Plugin::new();
    let (mut interpreter, _) = plugin.interpreter();
    interpreter
        .eval("b = Bell()\ntotal = collections.list()\nl = []\ndef add(n):\n  l.append(n)\n  total.append(n)\nb.keep(add)")
        .unwrap();
    interpreter.eval("b.later(1); b.later(2)").unwrap();
    assert_eq!(interpreter.get("l").unwrap(), vec![1i64, 2].into());
    let Some(Value::Object(bell)) = interpreter.get("b") else {
        panic!("b is an object")
    };
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let bell = bell.clone();
            thread::spawn(move || (0..50i64).for_each(|n| bell.call("later", (n,)).unwrap()))
        })
        .collect();
    for n in 0..200 {
        interpreter.eval(&format!("l.append({n})\nlen(l)")).unwrap();
    }
    threads
        .into_iter()
        .for_each(|thread| thread.join().unwrap());
    assert_eq!(
        interpreter.eval("len(l), len(total)").unwrap().unwrap(),
        vec![402i64, 202].into()
    );
}

#[test]
fn a_function_ends_with_its_interpreter() {
    let plugin = Plugin::new();
    let (mut interpreter, _) = plugin.interpreter();
    interpreter.eval("b = Bell()\nb.keep(lambda n: n)").unwrap();
    let Some(Value::Object(bell)) = interpreter.get("b") else {
        panic!("b is an object")
    };
    drop(interpreter);
    let error = bell.call::<Value>("later", (1,)).unwrap_err();
    assert!(error.message().contains("has ended"), "{error}");
    bell.call::<()>("forget", ()).unwrap();
    drop(bell);
    assert!(plugin.is_at_rest());
}

#[test]
fn no_lock_is_held_while_an_object_is_let_go_or_compared() {
    // A Bell that is let go rings what it keeps; two bells compare by ringing.
    let plugin = Plugin::new();
    let (mut interpreter, _) = plugin.interpreter();
    interpreter
        .eval("log = []\ndef note(n):\n  log.append(n)\n  return True\ndef bell():\n  b = Bell()\n  b.keep(note)\n  return b")
        .unwrap();
    for source in [
        "x = bell()\nx = 1",
        "x = bell()\ndel x",
        "x = [bell()]\nx[0] = 1",
        "x = [bell(), bell()]\nx[0:1] = [1]",
        "x = {'a': bell()}\nx['a'] = 1",
        "x = {'a': bell()}\ndel x['a']",
        "x = {'a': bell()}\nx.update({'a': 1})",
        "x = [bell()]\nx.clear()",
        "x = [bell()]\nx.pop()",
        "x = [bell(), bell()]\nx.sort()",
        "x = [bell()]\nx.remove(1)",
        "x = [1, bell()]\nx.remove(bell())",
        "x = [bell()]\nx.count(5)",
        "x = {}\nx.pop(bell())",
        "x = [1]\nx.append(bell(), 2)",
        "x = [bell()]\nx += [bell()]",
        "x = {bell(): 1}\nx[bell()]",
    ] {
        // Whether it is an error matters not; that it ends does.
        let _ = interpreter.eval(source);
        let _ = interpreter.eval("x = None");
    }
    assert_ne!(interpreter.get("log").unwrap(), Value::List(Vec::new()));
}
