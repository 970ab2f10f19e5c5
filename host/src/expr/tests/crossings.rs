//! How often a source crosses to the other end: a call of a method is one crossing, whatever the number of dots.

use super::fixture::Plugin;

/// What is sent by a source, when its modules are known already.
fn sent(source: &str) -> Vec<String> {
    let before = "import collections, counters; c = Counter(3); l = collections.list([1, 2, 3])";
    Plugin::new().crossings(before, source)
}

#[test]
fn a_chain_is_one_crossing() {
    assert_eq!(sent("c.value"), ["get value"]);
    assert_eq!(sent("c.add(2)"), ["call add"]);
    assert_eq!(sent("c.camera.lens.zoom"), ["get camera.lens.zoom"]);
    assert_eq!(sent("c.camera.lens.scaled(2)"), ["call camera.lens.scaled"]);
    assert_eq!(sent("(c.camera).lens.zoom"), ["get camera.lens.zoom"]);
    assert_eq!(sent("c.camera.lens.zoom = 2"), ["set camera.lens.zoom"]);
    assert_eq!(sent("c.history[0]"), ["call history.__getitem__"]);
}

#[test]
fn an_operation_is_one_crossing() {
    assert_eq!(sent("l[0]"), ["call __getitem__"]);
    assert_eq!(sent("l[0] = 5"), ["call __setitem__"]);
    assert_eq!(sent("del l[0]"), ["call __delitem__"]);
    assert_eq!(sent("len(l)"), ["call __len__"]);
    assert_eq!(sent("2 in l"), ["call __contains__"]);
    assert_eq!(sent("str(l)"), ["call __str__"]);
    assert_eq!(sent("l == [1]"), ["call __eq__"]);
    assert_eq!(sent("l += [4]"), ["call __iadd__"]);
    assert_eq!(sent("not l"), ["call __bool__"]);
    assert_eq!(sent("0 < len(l) < 5"), ["call __len__"]);
}

#[test]
fn a_module_is_asked_for_once() {
    assert_eq!(
        Plugin::new()
            .crossings("", "collections.list(); collections.dict()")
            .join(", "),
        "describe, import collections, call list, call dict"
    );
    assert_eq!(
        Plugin::new()
            .crossings("", "Counter(1); Counter(2)")
            .join(", "),
        "describe, import counters, call Counter, call Counter"
    );
    assert_eq!(sent("counters.Counter(1)"), ["call Counter"]);
    assert_eq!(sent("import counters"), [""; 0]);
}

#[test]
fn what_needs_no_crossing_makes_none() {
    for source in [
        "c",
        "repr(l)",
        "type(c)",
        "c is l",
        "x = [c, l]; x[0] is c",
        "d = {'c': c}; d['c'] is c",
        "True or c.value",
    ] {
        assert_eq!(sent(source), [""; 0], "{source}");
    }
}

#[test]
fn items_come_in_chunks() {
    assert_eq!(sent("list(l)"), ["call __iter__", "call __next_chunk__"]);
    assert_eq!(
        sent("for x in c.countdown(): pass"),
        ["call countdown", "call __iter__", "call __next_chunk__"]
    );
}
