//! The methods that Python's builtins have, by kind of value.

mod arguments;
mod array;
mod bytes;
mod letters;
pub(super) mod list;
pub(super) mod map;
mod number;
pub(super) mod search;
mod split;
mod text;

use arguments::Arguments;
pub use array::element_type;

use super::suggest::closest;
use crate::{Error, Map, Result, Value};

/// Calls a method of a value: `append` of a list, `upper` of a text. An object's methods are called through its proxy.
///
/// ```
/// # use locum_protocol::{Map, Value, ops};
/// let mut list = Value::from(vec![1, 2]);
/// ops::call_method(&mut list, "append", vec![3.into()], Map::new())?;
/// assert_eq!(list, vec![1, 2, 3].into());
/// let upper = ops::call_method(&mut "a".into(), "upper", vec![], Map::new())?;
/// assert_eq!(upper, "A".into());
/// # Ok::<(), locum_protocol::Error>(())
/// ```
pub fn call_method(
    value: &mut Value,
    name: &str,
    args: Vec<Value>,
    keywords: Map,
) -> Result<Value> {
    match value {
        Value::List(items) => list::call_method(items, name, args, keywords),
        Value::Map(map) => map::call_method(map, name, args, keywords),
        Value::Text(text) => {
            let (method, arguments) =
                find(text::METHODS, "text", name)?.bind("text", args, keywords)?;
            (method.run)(text, arguments)
        }
        Value::Bytes(bytes) => {
            let (method, arguments) =
                find(bytes::METHODS, "bytes", name)?.bind("bytes", args, keywords)?;
            (method.run)(bytes, arguments)
        }
        Value::Array(array) => {
            let (method, arguments) =
                find(array::METHODS, "array", name)?.bind("array", args, keywords)?;
            (method.run)(array, arguments)
        }
        Value::Int(int) => number::call(number::OF_INTS, "int", *int, name, args, keywords),
        Value::Bool(flag) => number::call(
            number::OF_INTS,
            "bool",
            i128::from(*flag),
            name,
            args,
            keywords,
        ),
        Value::Float(float) => {
            number::call(number::OF_FLOATS, "float", *float, name, args, keywords)
        }
        Value::Object(proxy) => Err(Error::type_error(format!(
            "expected data, got an object ({}); call `{name}` through its proxy",
            proxy.type_name()
        ))),
        Value::Null | Value::Slice(_) => Err(no_method(value.type_name(), name, &[])),
    }
}

/// The methods that [`call_method`] knows for a value of this kind.
///
/// ```
/// # use locum_protocol::ops;
/// assert!(ops::method_names(&"text".into()).contains(&"split"));
/// assert!(ops::method_names(&().into()).is_empty());
/// ```
pub fn method_names(value: &Value) -> &'static [&'static str] {
    match value {
        Value::List(_) => list::METHOD_NAMES,
        Value::Map(_) => map::METHOD_NAMES,
        Value::Text(_) => text::METHOD_NAMES,
        Value::Bytes(_) => bytes::METHOD_NAMES,
        Value::Array(_) => array::METHOD_NAMES,
        Value::Int(_) | Value::Bool(_) => number::NAMES_OF_INTS,
        Value::Float(_) => number::NAMES_OF_FLOATS,
        Value::Null | Value::Slice(_) | Value::Object(_) => &[],
    }
}

/// A method: its name, its parameters in order, how many of them must be given, and the function.
struct Method<F> {
    name: &'static str,
    parameters: &'static [&'static str],
    required: usize,
    run: F,
}

impl<F> Method<F> {
    /// Matches arguments with parameters.
    fn bind(
        &self,
        kind: &'static str,
        args: Vec<Value>,
        keywords: Map,
    ) -> Result<(&Self, Arguments)> {
        let arguments = Arguments::bind(
            kind,
            self.name,
            self.parameters,
            self.required,
            args,
            keywords,
        )?;
        Ok((self, arguments))
    }
}

fn find<F>(methods: &'static [Method<F>], kind: &str, name: &str) -> Result<&'static Method<F>> {
    methods
        .iter()
        .find(|method| method.name == name)
        .ok_or_else(|| {
            let known: Vec<&str> = methods.iter().map(|method| method.name).collect();
            no_method(kind, name, &known)
        })
}

fn no_method(kind: &str, name: &str, known: &[&str]) -> Error {
    let hint = match closest(name, known.iter().copied()) {
        Some(near) => format!("; did you mean `{near}`?"),
        None => String::new(),
    };
    let shown: String = name.chars().take(80).flat_map(char::escape_debug).collect();
    Error::no_attribute(format!("`{kind}` has no method `{shown}`{hint}"))
}

/// The names in a table of methods.
const fn names<const N: usize, F>(methods: &[Method<F>]) -> [&'static str; N] {
    let mut names = [""; N];
    let mut at = 0;
    while at < N {
        names[at] = methods[at].name;
        at += 1;
    }
    names
}

/// What the tests of the methods have in common.
#[cfg(test)]
mod testing {
    use super::*;
    use crate::ops::repr;

    /// The `repr` of what a method answers, or its error.
    pub(super) fn answer(
        value: impl Into<Value>,
        name: &str,
        args: impl IntoIterator<Item = Value>,
    ) -> String {
        answer_with(value, name, args, &[])
    }

    pub(super) fn answer_with(
        value: impl Into<Value>,
        name: &str,
        args: impl IntoIterator<Item = Value>,
        keywords: &[(&str, Value)],
    ) -> String {
        let keywords = keywords
            .iter()
            .map(|(key, value)| ((*key).into(), value.clone()))
            .collect();
        match call_method(
            &mut value.into(),
            name,
            args.into_iter().collect(),
            keywords,
        ) {
            Ok(value) => repr(&value).unwrap(),
            Err(error) => error.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::testing::answer;
    use super::*;
    use crate::{Bytes, slice};

    #[test]
    fn an_unknown_method_gets_a_suggestion() {
        assert_eq!(
            answer("x", "fnd", []),
            "AttributeError: `text` has no method `fnd`; did you mean `find`?"
        );
        assert_eq!(answer(vec![1i64], "apend", []), {
            "AttributeError: `list` has no method `apend`; did you mean `append`?"
        });
        assert_eq!(
            answer((), "upper", []),
            "AttributeError: `null` has no method `upper`"
        );
    }

    #[test]
    fn any_method_survives_any_arguments() {
        let some = || -> Vec<Value> {
            let map = [("a".into(), 1i64.into())].into_iter().collect::<Map>();
            vec![
                Value::Null,
                true.into(),
                (-1i64).into(),
                i128::MIN.into(),
                i128::MAX.into(),
                f64::NAN.into(),
                "".into(),
                "aé a".into(),
                Bytes::from(b"a\xff").into(),
                vec!["a", "b"].into(),
                Vec::<Value>::new().into(),
                map.into(),
                slice(..).into(),
            ]
        };
        for value in some() {
            for name in method_names(&value) {
                let _ = call_method(&mut value.clone(), name, vec![], Map::new());
                for first in some() {
                    let _ = call_method(&mut value.clone(), name, vec![first.clone()], Map::new());
                    for second in some() {
                        let two = vec![first.clone(), second.clone()];
                        let _ = call_method(&mut value.clone(), name, two.clone(), Map::new());
                        for third in some() {
                            let three = [two.clone(), vec![third]].concat();
                            let _ = call_method(&mut value.clone(), name, three, Map::new());
                        }
                    }
                }
            }
        }
    }
}
