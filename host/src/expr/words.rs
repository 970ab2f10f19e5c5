//! The words of the language, for whoever helps with writing it: an editor that completes and explains.

use super::{builtins, token};

/// The words that can not be names, because the grammar uses them.
///
/// ```
/// assert!(locum::expr::KEYWORDS.contains(&"while"));
/// ```
pub const KEYWORDS: &[&str] = token::RESERVED;

/// What each function does, by their names, sorted.
const DOCS: &[(&str, &str)] = &[
    ("abs", "abs(number): without its sign."),
    ("all", "all(items): whether each of them is true."),
    ("any", "any(items): whether one of them is true."),
    (
        "array",
        "array(numbers, dtype=null): an array of lists of numbers, which travels as its bytes; dtype as in 'f64'.",
    ),
    (
        "bool",
        "bool(value): whether it is true: not zero, not empty, not null.",
    ),
    (
        "bytes",
        "bytes(what): of a text, of numbers from 0 to 255, or so many zeros.",
    ),
    ("chr", "chr(number): the character of that code."),
    (
        "dict",
        "dict(pairs, **named): a dict of pairs, or of names and values.",
    ),
    (
        "divmod",
        "divmod(a, b): the quotient, rounded down, and what is left.",
    ),
    (
        "enumerate",
        "enumerate(items, start=0): pairs of a number and an item.",
    ),
    (
        "filter",
        "filter(function, items): those for which the function is true.",
    ),
    (
        "float",
        "float(what): a number or a text as a floating-point number.",
    ),
    (
        "format",
        "format(value, spec=''): the value as `spec` says: '>8', ',.2f', '08x'.",
    ),
    ("hex", "hex(number): in hexadecimal, as in 0xff."),
    (
        "int",
        "int(what): a number without its fraction, or the integer that a text is.",
    ),
    ("iter", "iter(items): goes through them, for next()."),
    ("len", "len(value): how many items or characters there are."),
    ("list", "list(items): a list of them."),
    (
        "map",
        "map(function, items): what the function makes of each.",
    ),
    (
        "max",
        "max(items, key=null): the largest, by what `key` makes of each.",
    ),
    (
        "min",
        "min(items, key=null): the smallest, by what `key` makes of each.",
    ),
    (
        "next",
        "next(iterator, default): the next item, or the default when there is none.",
    ),
    ("ord", "ord(character): its code."),
    ("pow", "pow(base, exponent): the power."),
    (
        "print",
        "print(values, sep=' ', end='\\n'): writes their texts.",
    ),
    (
        "range",
        "range(stop), range(start, stop, step=1): numbers, without the last.",
    ),
    (
        "repr",
        "repr(value): as it would be written here; an object as its proxy.",
    ),
    ("reversed", "reversed(items): from the last to the first."),
    (
        "round",
        "round(number, digits=0): to so many digits, halves to the even one.",
    ),
    (
        "sorted",
        "sorted(items, key=null, reverse=false): in order, by what `key` makes of each.",
    ),
    (
        "str",
        "str(value): its text; that of an object is asked for.",
    ),
    ("sum", "sum(items, start=0): all of them together."),
    (
        "tuple",
        "tuple(items): a list of them; tuples are lists here.",
    ),
    ("type", "type(value): the name of its type."),
    (
        "zip",
        "zip(*lists): lists of the first items, the second ones, and so on.",
    ),
];

/// The names of the functions that are always there, sorted.
///
/// ```
/// assert!(locum::expr::builtin_names().any(|name| name == "sorted"));
/// ```
pub fn builtin_names() -> impl Iterator<Item = &'static str> {
    builtins::names()
}

/// How such a function is called, and what it does.
///
/// ```
/// let doc = locum::expr::builtin_doc("len").unwrap();
/// assert!(doc.starts_with("len(value): "));
/// ```
pub fn builtin_doc(name: &str) -> Option<&'static str> {
    let at = DOCS
        .binary_search_by(|(known, _)| (*known).cmp(name))
        .ok()?;
    Some(DOCS[at].1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_function_is_explained_and_no_other() {
        let documented: Vec<&str> = DOCS.iter().map(|(name, _)| *name).collect();
        assert_eq!(documented, builtin_names().collect::<Vec<_>>());
        for (name, doc) in DOCS {
            assert!(doc.starts_with(&format!("{name}(")), "{doc}");
        }
    }
}
