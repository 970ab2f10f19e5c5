//! What the language does with data.

use super::fixture::{Plugin, check};

#[test]
fn expressions_have_the_values_that_python_gives() {
    check(&[
        ("1 + 2 * 3", "7"),
        (
            "7 // 2, -7 // 2, 7 % -3, 2 ** 10, 7 / 2",
            "[3, -4, -2, 1024, 3.5]",
        ),
        ("1 < 2 < 3, 1 < 2 > 3, 3 > 2 == 2", "[True, False, True]"),
        ("not 0 and 'x' or 'y'", "'x'"),
        ("'' or [] or 0", "0"),
        ("1 and [] and 2", "[]"),
        ("'a' if 0 else 'b'", "'b'"),
        (
            "2 in [1, 2], 'b' not in 'abc', 1 in {1: 2}",
            "[True, False, True]",
        ),
        (
            "None is None, True is not False, null is not None",
            "[True, True, False]",
        ),
        (
            "[1, 2] + [3], 'ab' * 2, 'a' 'b'",
            "[[1, 2, 3], 'abab', 'ab']",
        ),
        ("{'a': 1, 'b': 2}['b']", "2"),
        ("[0, 1, 2, 3, 4][1:-1], 'abc'[::-1]", "[[1, 2, 3], 'cba']"),
        ("[[1, 2], [3]][0][1]", "2"),
        ("-5 % 3, ~5, --3, +True", "[1, -6, 3, 1]"),
        ("0x10 | 0b1 ^ 1 << 2 & 6", "21"),
        ("1 == 1.0, [1] == [1.0], 'a' < 'b'", "[True, True, True]"),
        ("None", ""),
    ]);
}

#[test]
fn arrays_are_made_of_lists_and_calculated_with_as_a_whole() {
    check(&[
        ("array([1, 2, 3])", "array([1, 2, 3], 'i64')"),
        ("array([[1, 2.5]], 'f32') * 2", "array([[2.0, 5.0]], 'f32')"),
        (
            "array(range(6), 'u8', shape=[2, -1])",
            "array([[0, 1, 2], [3, 4, 5]], 'u8')",
        ),
        (
            "a = array([1, 2, 3], dtype='int16'); a.sum(), a.mean(), max(a)",
            "[6, 2.0, 3]",
        ),
        (
            "a = array([[1, 2], [3, 4]]); a.shape, a.dtype, len(a)",
            "[[2, 2], 'i64', 2]",
        ),
        ("array([[1, 2], [3, 4]]).size", "4"),
        (
            "array([[1, 2], [3, 4]])[1, 0], array([1, 2, 3])[::-1].tolist()",
            "[3, [3, 2, 1]]",
        ),
        (
            "a = array([[1, 2], [3, 4]]); a[0] = 9; a[:, 1] += 1; a",
            "array([[9, 10], [3, 5]], 'i64')",
        ),
        ("[2 * x for x in array([1.5])]", "[3.0]"),
        (
            "array([1, 2]) == array([1.0, 2.0]), 2 in array([1, 2])",
            "[True, True]",
        ),
        (
            "array(array([1.9], 'f64').astype('u8'))",
            "array([1], 'u8')",
        ),
    ]);
}

#[test]
fn a_result_is_the_value_of_the_last_statement() {
    check(&[
        ("1; 2", "2"),
        ("x = 1", ""),
        ("1; x = 2", ""),
        ("x = 1; x", "1"),
        ("", ""),
        ("pass", ""),
        ("2; for x in [1]: x", ""),
    ]);
}

#[test]
fn comprehensions_have_a_scope_of_their_own() {
    check(&[
        ("[i*i for i in range(5)]", "[0, 1, 4, 9, 16]"),
        ("[x for x in range(10) if x % 2 if x > 4]", "[5, 7, 9]"),
        (
            "[a + b for a in 'ab' for b in 'xy']",
            "['ax', 'ay', 'bx', 'by']",
        ),
        ("[x for row in [[1, 2], [3]] for x in row]", "[1, 2, 3]"),
        (
            "{k: v for k, v in [['a', 1], ['b', 2]]}",
            "{'a': 1, 'b': 2}",
        ),
        ("x = 5; y = [x for x in range(3)]; x, y", "[5, [0, 1, 2]]"),
        ("x = [1, 2]; [x for x in x]", "[1, 2]"),
        ("[x for x in [1]]; x", "NameError: `x` is not known"),
        ("x = 7; [x for x in [1, 1 // 0]]", "ArithmeticError: ..."),
        ("sum(x * x for x in range(4))", "14"),
    ]);
}

#[test]
fn data_is_copied_when_it_is_bound() {
    check(&[
        ("a = [1]; b = a; b.append(2); a, b", "[[1], [1, 2]]"),
        (
            "a = [[1], [2]]; a[0].append(5); a[-1][0] = 7; a",
            "[[1, 5], [7]]",
        ),
        (
            "d = {'a': {'b': [1]}}; d['a']['b'].append(2); d['a']['c'] = 3; d",
            "{'a': {'b': [1, 2], 'c': 3}}",
        ),
        ("a = [3, 1, 2]; a.sort(reverse=True); a", "[3, 2, 1]"),
        ("a = [1, 2]; a.pop()", "2"),
        ("a = [1]; a.append(a.pop()); a", "[1]"),
        ("a = [1]; a.append(a); a", "[1, [1]]"),
        ("[1].append(2)", ""),
        ("'abc'.upper(), 'a,b'.split(',')", "['ABC', ['a', 'b']]"),
        (
            "m = {'a': 1}; m.update(b=2); list(m.items())",
            "[['a', 1], ['b', 2]]",
        ),
    ]);
}

#[test]
fn assignment_reaches_every_kind_of_target() {
    check(&[
        ("a = b = [1]; a.append(2); a, b", "[[1, 2], [1]]"),
        ("a, b = 1, 2; a, b = b, a; a, b", "[2, 1]"),
        ("(a, [b, c]) = 1, 'xy'; c", "'y'"),
        ("a = [0, 0]; a[0], a[1] = 5, 6; a", "[5, 6]"),
        ("a = [0, 1, 2, 3]; a[1:3] = [9]; a", "[0, 9, 3]"),
        ("a = [0, 1, 2, 3]; del a[1], a[0]; a", "[2, 3]"),
        ("a = {'x': 1}; del a['x']; a", "{}"),
        ("a = 1; del a; a", "NameError: `a` is not known"),
        (
            "a, b = 1, 2, 3",
            "ValueError: too many values to unpack: expected 2",
        ),
        (
            "a, b = [1]",
            "ValueError: not enough values to unpack: expected 2, got 1",
        ),
        ("for k, v in {'a': 1}.items(): x = k * 3; y = v", ""),
        ("t = 0; for i in range(4): t += i; t", ""),
        ("t = 0\nfor i in range(4): t += i; i\nt, i", "[6, 3]"),
    ]);
}

#[test]
fn augmented_assignment_evaluates_its_target_once() {
    check(&[
        (
            "x = 5; x += 2; x *= 3; x //= 2; x **= 2; x -= 1; x %= 50; x",
            "49",
        ),
        (
            "x = 6; x <<= 2; x |= 1; x &= 0x1f; x ^= 3; x >>= 1; x",
            "13",
        ),
        ("x = [1]; x += (2, 3); x += 'ab'; x", "[1, 2, 3, 'a', 'b']"),
        ("a = [1, 2]; a[-1] += 5; a", "[1, 7]"),
        (
            "i = [0]; a = [1, 2, 3]; a[i.append(9) or 1] += 5; i, a",
            "[[0, 9], [1, 7, 3]]",
        ),
        ("d = {'n': 1}; d['n'] += 1; d", "{'n': 2}"),
        ("x = [1]; x += 5", "TypeError: ..."),
        ("z += 1", "NameError: `z` is not known"),
    ]);
}

#[test]
fn the_functions_of_the_language_do_what_pythons_do() {
    check(&[
        ("len('日本'), len([1]), len({})", "[2, 1, 0]"),
        (
            "str(1.0), str('a'), str(), repr('a'), str([1, 'a'])",
            "['1.0', 'a', '', \"'a'\", \"[1, 'a']\"]",
        ),
        (
            "list('ab'), tuple(range(2)), list({'k': 1}), list()",
            "[['a', 'b'], [0, 1], ['k'], []]",
        ),
        (
            "dict(), dict([['a', 1]], b=2), dict({'x': 1})",
            "[{}, {'a': 1, 'b': 2}, {'x': 1}]",
        ),
        (
            "sorted([3, 1, 2]), sorted('ba', reverse=True)",
            "[[1, 2, 3], ['b', 'a']]",
        ),
        (
            "reversed([1, 2]), enumerate('ab', 1)",
            "[[2, 1], [[1, 'a'], [2, 'b']]]",
        ),
        ("zip([1, 2, 3], 'ab'), zip()", "[[[1, 'a'], [2, 'b']], []]"),
        (
            "range(3), range(1, 3), range(5, 0, -2), range(0)",
            "[[0, 1, 2], [1, 2], [5, 3, 1], []]",
        ),
        (
            "sum([1, 2.5]), sum([[1], [2]], []), min(3, 1, 2), max([1, 5]), min([], default=0)",
            "[3.5, [1, 2], 1, 5, 0]",
        ),
        (
            "any([0, 1]), all([0, 1]), any([]), all([])",
            "[True, False, False, True]",
        ),
        (
            "abs(-3), abs(-2.5), round(2.5), round(2.675, 2), round(-3.5), round(15, -1)",
            "[3, 2.5, 2, 2.67, -4, 20]",
        ),
        (
            "int('0x1f', 16), int(-2.9), int(' 12 '), int(True), float('1e3'), float(2)",
            "[31, -2, 12, 1, 1000.0, 2.0]",
        ),
        (
            "bool([]), bool('a'), bytes('é'), bytes([1, 255]), bytes(2)",
            r"[False, True, b'\xc3\xa9', b'\x01\xff', b'\x00\x00']",
        ),
        (
            "type(1), type('a'), type(None), type([])",
            "['int', 'text', 'null', 'list']",
        ),
        (
            "i = iter([1, 2]); next(i), next(i), next(i, 'end')",
            "[1, 2, 'end']",
        ),
    ]);
}

#[test]
fn a_function_says_what_it_can_not_do() {
    check(&[
        ("len()", "TypeError: len() takes 1 argument, got 0"),
        (
            "range(1, 2, 3, 4)",
            "TypeError: range() takes 1 to 3 arguments, got 4",
        ),
        (
            "range(0, 5, 0)",
            "ValueError: the step of range() can not be 0",
        ),
        (
            "range('a')",
            "TypeError: a bound of range() is a whole number, got text",
        ),
        (
            "sorted([1], key=1)",
            "TypeError: data of type int can not be called",
        ),
        (
            "max([])",
            "ValueError: max() of nothing, and no default was given",
        ),
        (
            "int('x')",
            "ValueError: \"x\" is no whole number in base 10",
        ),
        (
            "int(1e40)",
            "ArithmeticError: the result does not fit into a whole number of 128 bits",
        ),
        (
            "bytes([256])",
            "ValueError: a byte is between 0 and 255, got 256",
        ),
        (
            "dict([1])",
            "TypeError: a dict is made of pairs of a key and a value: ...",
        ),
        (
            "next([1])",
            "TypeError: next() needs an iterator, got list; make one with iter()",
        ),
        (
            "i = iter([]); next(i)",
            "StopIteration: the iterator has ended",
        ),
        (
            "print(1, sep=2)",
            "TypeError: print(): `sep` is text, got int",
        ),
        ("x = len; str(x)", "'<function len>'"),
        (
            "len.x",
            "AttributeError: a function has no attribute `x`; call it",
        ),
    ]);
}

#[test]
fn what_is_printed_goes_to_the_sink() {
    let plugin = Plugin::new();
    let source = "print('a', 1, [None], b'x')\nprint()\nprint(1, 2, sep='-', end='')\nfor i in range(2): print(i, end=';')";
    assert_eq!(plugin.eval(source).unwrap().1, "a 1 [None] b'x'\n\n1-20;1;");
}

#[test]
fn spread_arguments_are_put_in_their_places() {
    check(&[
        ("a = [1, 2]; [0, *a, *'xy']", "[0, 1, 2, 'x', 'y']"),
        ("d = {'a': 1}; {'z': 0, **d, 'a': 2}", "{'z': 0, 'a': 2}"),
        ("max(*[1, 5], 3)", "5"),
        ("o = {'reverse': True}; sorted([1, 2], **o)", "[2, 1]"),
        (
            "sorted([1], reverse=True, **{'reverse': 1})",
            "TypeError: the keyword `reverse` is given twice",
        ),
        (
            "len(**{1: 2})",
            "TypeError: keywords are text, this one is of type int",
        ),
    ]);
}
