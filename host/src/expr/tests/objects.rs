//! What the language does with objects, which live at the other end.

use super::fixture::{Plugin, check};

#[test]
fn the_transcripts_of_the_seed_hold() {
    check(&[
        (
            "l = collections.list([i*i for i in range(10)]); str(l)",
            "'[0, 1, 4, 9, 16, 25, 36, 49, 64, 81]'",
        ),
        (
            "l = collections.list(range(10)); l[4], l[2:5], l[-1]",
            "[4, [2, 3, 4], 9]",
        ),
        (
            "l = collections.list([1, 2]); l == [1, 2], l != [1, 2]",
            "[True, False]",
        ),
        (
            "a = collections.list(); b = collections.list(); a.append(b); b.append('hello'); str(a), str(b)",
            "[\"[['hello']]\", \"['hello']\"]",
        ),
        (
            "a = collections.dict({i*i: i for i in range(4)}); [[key, a[key]] for key in a]",
            "[[0, 0], [1, 1], [4, 2], [9, 3]]",
        ),
        (
            "l = collections.list(range(10)); l.__getslice__(2, 7)",
            "[2, 3, 4, 5, 6]",
        ),
        ("l = collections.list(range(10)); l[20]", "IndexError: ..."),
    ]);
    let plugin = Plugin::new();
    assert!(
        plugin
            .run("collections.list([1])")
            .starts_with("<Proxy[list] #")
    );
    assert!(
        plugin
            .run("repr(collections.list([1]))")
            .starts_with("'<Proxy[list] #")
    );
    assert!(
        plugin
            .run("collections.list([1]).__iter__()")
            .starts_with("<Proxy[iterator] #")
    );
    assert!(plugin.run("[collections.list([1])]").starts_with("["));
    assert!(plugin.is_at_rest());
}

#[test]
fn items_of_objects_are_read_written_and_deleted() {
    check(&[
        (
            "l = collections.list([1, 2, 3]); l[0] = 9; del l[1]; l[1] += 5; list(l)",
            "[9, 8]",
        ),
        (
            "l = collections.list([0, 1, 2, 3]); l[1:3] = ['x']; list(l)",
            "[0, 'x', 3]",
        ),
        (
            "d = collections.dict(); d['a'] = 1; d['b'] = 2; len(d), 'a' in d, 'z' in d, dict(d)",
            "[2, True, False, {'a': 1, 'b': 2}]",
        ),
        (
            "a = [collections.list([1])]; a[0].append(2); a[0][0] = 7; list(a[0])",
            "[7, 2]",
        ),
        (
            "a = collections.list([[1]]); a[0][0] = 5",
            "TypeError: this is a copy of data, so assigning into it would be lost; assign the whole, or keep it in a variable",
        ),
    ]);
}

#[test]
fn an_object_changes_itself_where_it_can() {
    check(&[
        (
            "l = collections.list([1]); m = l; l += [2]; list(m), l is m",
            "[[1, 2], True]",
        ),
        (
            "c = counters.Counter(5); c += 1",
            "AttributeError: `Counter` has no attribute `__add__`...",
        ),
        ("l = collections.list([1]); l + [2]", "[1, 2]"),
        (
            "l = collections.list([1]); [0] + l, l * 2, 2 * l",
            "[[0, 1], [1, 1], [1, 1]]",
        ),
        ("x = [0]; x += collections.list([1, 2]); x", "[0, 1, 2]"),
        (
            "x = [0]; x.extend(collections.list([1, 2])); x",
            "[0, 1, 2]",
        ),
        ("', '.join(collections.list(['a', 'b']))", "'a, b'"),
        (
            "d = {'a': 1}; d.update(collections.dict({'b': 2})); d",
            "{'a': 1, 'b': 2}",
        ),
    ]);
}

#[test]
fn attributes_are_read_and_written_at_any_depth() {
    check(&[
        ("c = Counter(3); c.value", "3"),
        ("c = Counter(3); c.value = 7; c.value += 1; c.add()", "9"),
        ("c = Counter(3); c.camera.lens.zoom", "1.5"),
        (
            "c = Counter(3); c.camera.lens.zoom = 2; c.camera.lens.zoom *= 3; c.camera.lens.zoom",
            "6",
        ),
        (
            "c = Counter(3); lens = c.camera.lens; lens.scaled(4), type(lens)",
            "[8, 'Lens']",
        ),
        (
            "c = Counter(3); c.history[1], c.history[-2:], c.name.upper()",
            "[2, [1, 2], 'COUNTER']",
        ),
        (
            "c = Counter(3); c.history[0] = 5",
            "TypeError: this is a copy of data, so assigning into it would be lost; assign the whole, or keep it in a variable",
        ),
        (
            "Counter(3).add(by=2), Counter(3).describe(a=1, **{'b': 2})",
            "[5, {'a': 1, 'b': 2}]",
        ),
        (
            "c = Counter(3); c.nothing",
            "AttributeError: `Counter` has no attribute `nothing`",
        ),
    ]);
}

#[test]
fn objects_are_gone_through_as_they_come() {
    check(&[
        ("[n for n in Counter(4).countdown()]", "[3, 2, 1, 0]"),
        (
            "zip(Counter(0).forever(), 'abc')",
            "[[0, 'a'], [1, 'b'], [2, 'c']]",
        ),
        (
            "any(n > 1000 for n in [1]), any(Counter(0).forever())",
            "[False, True]",
        ),
        (
            "i = Counter(3).countdown(); next(i), next(i), list(i), next(i, None) is None",
            "[2, 1, [0], True]",
        ),
        (
            "i = iter(collections.list('ab')); type(i), next(i)",
            "['iterator', 'a']",
        ),
        ("a, b = collections.list([1, 2]); a + b", "3"),
        (
            "a, b = Counter(0).forever()",
            "ValueError: too many values to unpack: expected 2",
        ),
        (
            "sorted(collections.list([3, 1])), sum(collections.list([1, 2])), max(collections.list([1, 9]))",
            "[[1, 3], 3, 9]",
        ),
        (
            "len(collections.list('abc')), bool(collections.list()), abs(Counter(-4))",
            "[3, False, 4]",
        ),
        (
            "int(Counter(1))",
            "TypeError: `Counter` has no __int__, so int() can not use it",
        ),
        ("dict(collections.list([['a', 1]]))", "{'a': 1}"),
        ("max(*collections.list([1, 2]))", "2"),
        ("list(5)", "TypeError: ..."),
    ]);
}

#[test]
fn identity_is_of_objects() {
    check(&[
        (
            "a = Counter(1); b = a; c = Counter(1); a is b, a is c, a is not c, a is None",
            "[True, False, True, False]",
        ),
        (
            "a = collections.list([]); a.append(a); a[0] is a; a.pop() is a",
            "True",
        ),
        (
            "1 is 1",
            "TypeError: `is` tells objects apart, and data has no identity; compare it with `==`",
        ),
    ]);
}

#[test]
fn names_of_modules_and_members_need_no_import() {
    check(&[
        ("import collections; list(collections.list([1]))", "[1]"),
        (
            "import collections as c, counters; list(c.list([1])), counters.LIMIT",
            "[[1], 100]",
        ),
        (
            "import shapes.round; shapes.round.area(2), shapes.flat.area(2)",
            "[12.0, 2]",
        ),
        ("shapes.round.area(2), LIMIT", "[12.0, 100]"),
        ("import shapes.round as r; r.area(1)", "3.0"),
        (
            "from shapes.round import area, Circle as C; area(1), str(C([1]))",
            "[3.0, '[1]']",
        ),
        ("from shapes import round; round.area(1)", "3.0"),
        ("import shapes; shapes.flat.area(5)", "5"),
        ("m = collections; list(m.list([1]))", "[1]"),
        ("counters = 5; counters + 1", "6"),
        ("len = 3; len", "3"),
        ("list([1])", "[1]"),
        ("str(counters)", "'<module counters>'"),
    ]);
}

#[test]
fn a_name_that_is_not_there_is_answered_with_the_nearest() {
    check(&[
        (
            "Countr(1)",
            "NameError: `Countr` is not known; did you mean `Counter`?",
        ),
        (
            "colections.list()",
            "NameError: `colections` is not known; did you mean `collections`?",
        ),
        (
            "value = 1; vlaue",
            "NameError: `vlaue` is not known; did you mean `value`?",
        ),
        (
            "pritn(1)",
            "NameError: `pritn` is not known; did you mean `print`?",
        ),
        (
            "set([1])",
            "NameError: `set` is not known; sets are made with `collections.set([...])`",
        ),
        (
            "area(1)",
            "NameError: `area` is in several modules; write `shapes.round.area` or `shapes.flat.area`",
        ),
        (
            "shapes.rund",
            "ImportError: no module `shapes.rund`; did you mean `shapes.round`?",
        ),
        (
            "shapes",
            "ImportError: `shapes` is no module; there are `shapes.round`, `shapes.flat`",
        ),
        (
            "import colections",
            "ImportError: no module `colections`; did you mean `collections`?",
        ),
        (
            "collections.lst",
            "AttributeError: module `collections` has no attribute `lst`; did you mean `list`?",
        ),
        (
            "from counters import Countr",
            "AttributeError: module `counters` has no attribute `Countr`; did you mean `Counter`?",
        ),
        ("[1].apend(2)", "AttributeError: ..."),
        (
            "x = [1]; x.append",
            "AttributeError: `append` is a method of a list: call it, .append(...)",
        ),
        (
            "x = {'a': 1}; x.a",
            "AttributeError: the entries of a map are read with brackets: [\"a\"]",
        ),
        (
            "x = [1]; x.y = 2",
            "AttributeError: data of type list has no attributes to assign to",
        ),
        (
            "x = 1; x()",
            "TypeError: data of type int can not be called",
        ),
        (
            "del len",
            "NameError: `len` is no variable, so it can not be deleted",
        ),
    ]);
}
