//! The arguments of one method call, matched with its parameters; every refusal names the method and the argument.

use std::ops::Range;

use super::super::arithmetic::truth;
use super::super::numbers::whole;
use super::super::suggest::closest;
use super::super::text::describe;
use crate::{Error, Map, Result, Value};

/// As the last parameter: the method takes keywords of any name.
const ANY_KEYWORDS: &str = "**";

/// Arguments by the place of their parameter.
pub(super) struct Arguments {
    kind: &'static str,
    method: &'static str,
    parameters: &'static [&'static str],
    given: Vec<Option<Value>>,
    keywords: Map,
}

impl Arguments {
    pub(super) fn bind(
        kind: &'static str,
        method: &'static str,
        parameters: &'static [&'static str],
        required: usize,
        args: Vec<Value>,
        keywords: Map,
    ) -> Result<Arguments> {
        let (parameters, any_keywords) = match parameters.split_last() {
            Some((&ANY_KEYWORDS, parameters)) => (parameters, true),
            _ => (parameters, false),
        };
        let mut arguments = Arguments {
            kind,
            method,
            parameters,
            given: Vec::new(),
            keywords: Map::new(),
        };
        if args.len() > parameters.len() {
            let (expected, got) = (at_most(parameters.len()), args.len());
            return Err(arguments.error(format!("expected {expected}, got {got}")));
        }
        arguments.given = args.into_iter().map(Some).collect();
        arguments.given.resize_with(parameters.len(), || None);
        if any_keywords {
            arguments.keywords = keywords;
        } else {
            arguments.bind_keywords(keywords)?;
        }
        match arguments
            .given
            .iter()
            .take(required)
            .position(Option::is_none)
        {
            Some(missing) => {
                Err(arguments.error(format!("{} is missing", arguments.name_of(missing))))
            }
            None => Ok(arguments),
        }
    }

    fn bind_keywords(&mut self, keywords: Map) -> Result<()> {
        for (key, value) in keywords {
            let Value::Text(name) = &key else {
                return Err(self.error(format!("a keyword must be a text, got {}", describe(&key))));
            };
            let Some(at) = self
                .parameters
                .iter()
                .position(|parameter| parameter == name)
            else {
                let hint = match closest(name, self.parameters.iter().copied()) {
                    Some(near) => format!("; did you mean `{near}`?"),
                    None => String::new(),
                };
                return Err(self.error(format!("there is no argument `{name}`{hint}")));
            };
            if self.given[at].replace(value).is_some() {
                return Err(self.error(format!("{} was given twice", self.name_of(at))));
            }
        }
        Ok(())
    }

    /// The argument at a place, if it was given. Each is taken once.
    pub(super) fn take(&mut self, at: usize) -> Option<Value> {
        self.given.get_mut(at).and_then(Option::take)
    }

    /// The argument at a place; nothing where none was given.
    pub(super) fn value(&mut self, at: usize) -> Value {
        self.take(at).unwrap_or_default()
    }

    /// A whole number; `None` when it was not given or is null.
    pub(super) fn int(&mut self, at: usize) -> Result<Option<i128>> {
        match self.value(at) {
            Value::Null => Ok(None),
            other => match whole(&other) {
                Some(int) => Ok(Some(int)),
                None => Err(self.unexpected(at, "an integer", &other)),
            },
        }
    }

    /// A text; `None` when it was not given or is null.
    pub(super) fn optional_text(&mut self, at: usize) -> Result<Option<String>> {
        match self.value(at) {
            Value::Null => Ok(None),
            Value::Text(text) => Ok(Some(text)),
            other => Err(self.unexpected(at, "a text", &other)),
        }
    }

    /// A text that must be there.
    pub(super) fn text(&mut self, at: usize) -> Result<String> {
        match self.value(at) {
            Value::Text(text) => Ok(text),
            other => Err(self.unexpected(at, "a text", &other)),
        }
    }

    /// Whether it was given and is true.
    pub(super) fn flag(&mut self, at: usize) -> Result<bool> {
        truth(&self.value(at))
    }

    /// How often at most; without bound when it was not given or is negative.
    pub(super) fn limit(&mut self, at: usize) -> Result<usize> {
        Ok(self.int(at)?.map_or(usize::MAX, |count| {
            usize::try_from(count).unwrap_or(usize::MAX)
        }))
    }

    /// The part of a sequence of `len` that the arguments `start`, at this place, and `stop`, at the next, leave to
    /// search; `None` when the one lies behind the other or behind the end.
    pub(super) fn range(&mut self, at: usize, len: usize) -> Result<Option<Range<usize>>> {
        let start = self.int(at)?.map_or(0, |start| from_start(start, len));
        let stop = self
            .int(at + 1)?
            .map_or(len, |stop| from_start(stop, len).min(len));
        Ok((start <= stop).then_some(start..stop))
    }

    /// All keywords, of a method that takes any.
    pub(super) fn keywords(&mut self) -> Map {
        std::mem::take(&mut self.keywords)
    }

    /// An error of this method.
    pub(super) fn error(&self, message: String) -> Error {
        Error::type_error(self.place(&message))
    }

    /// The message with the method in front of it.
    pub(super) fn place(&self, message: &str) -> String {
        format!("{}.{}: {message}", self.kind, self.method)
    }

    /// The error of an argument that is something else.
    pub(super) fn unexpected(&self, at: usize, expected: &str, got: &Value) -> Error {
        self.error(format!(
            "{}: expected {expected}, got {}",
            self.name_of(at),
            describe(got)
        ))
    }

    /// The error of another operation on an argument, with the argument in front of it.
    pub(super) fn explain(&self, at: usize, error: Error) -> Error {
        error.map_message(|message| self.place(&format!("{}: {message}", self.name_of(at))))
    }

    fn name_of(&self, at: usize) -> String {
        format!(
            "argument `{}` ({})",
            self.parameters.get(at).copied().unwrap_or_default(),
            at + 1
        )
    }
}

/// A bound counted from the start, not yet cut to the length.
fn from_start(bound: i128, len: usize) -> usize {
    let bound = if bound < 0 {
        bound.saturating_add(len as i128).max(0)
    } else {
        bound
    };
    usize::try_from(bound).unwrap_or(usize::MAX)
}

fn at_most(arguments: usize) -> String {
    match arguments {
        0 => "no arguments".to_owned(),
        1 => "at most 1 argument".to_owned(),
        more => format!("at most {more} arguments"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bind(args: &[Value], keywords: &[(&str, Value)]) -> Result<Arguments> {
        let keywords = keywords
            .iter()
            .map(|(key, value)| ((*key).into(), value.clone()))
            .collect();
        Arguments::bind(
            "list",
            "insert",
            &["index", "item"],
            2,
            args.to_vec(),
            keywords,
        )
    }

    fn refusal<T>(result: Result<T>) -> String {
        result
            .err()
            .map(|error| error.to_string())
            .unwrap_or_default()
    }

    #[test]
    fn arguments_are_matched_by_place_and_by_name() {
        let mut arguments = bind(&[1i64.into()], &[("item", "x".into())]).unwrap();
        assert_eq!(
            (arguments.int(0).unwrap(), arguments.text(1).unwrap()),
            (Some(1), "x".to_owned())
        );
    }

    #[test]
    fn what_does_not_match_names_the_method_and_the_argument() {
        let one = || Value::from(1i64);
        let three = refusal(bind(&[one(), one(), one()], &[]));
        assert_eq!(
            three,
            "TypeError: list.insert: expected at most 2 arguments, got 3"
        );
        assert_eq!(
            refusal(bind(&[one()], &[])),
            "TypeError: list.insert: argument `item` (2) is missing"
        );
        let twice = refusal(bind(&[one(), one()], &[("item", one())]));
        assert_eq!(
            twice,
            "TypeError: list.insert: argument `item` (2) was given twice"
        );
        let unknown = refusal(bind(&[one()], &[("itme", one())]));
        assert_eq!(
            unknown,
            "TypeError: list.insert: there is no argument `itme`; did you mean `item`?"
        );
    }

    #[test]
    fn an_argument_of_another_type_says_what_was_expected_and_what_came() {
        let mut arguments = bind(&["two".into(), 1i64.into()], &[]).unwrap();
        let refused = refusal(arguments.int(0));
        assert_eq!(
            refused,
            r#"TypeError: list.insert: argument `index` (1): expected an integer, got the text "two""#
        );
    }

    #[test]
    fn a_range_is_cut_as_python_cuts_it() {
        let range = |start: i128, stop: i128| {
            bind(&[start.into(), stop.into()], &[])
                .unwrap()
                .range(0, 5)
                .unwrap()
                .map(|it| (it.start, it.end))
        };
        assert_eq!(range(1, 3), Some((1, 3)));
        assert_eq!(range(-2, i128::MAX), Some((3, 5)));
        assert_eq!(range(i128::MIN, -1), Some((0, 4)));
        assert_eq!(range(5, 5), Some((5, 5)));
        assert_eq!(range(6, 9), None);
        assert_eq!(range(3, 1), None);
    }
}
