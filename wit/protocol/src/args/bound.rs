//! Arguments read for the parameters of a function, in order, by place or by name.

use serde::Deserialize;

use super::Args;
use crate::codec::{CodecError, Decoder};
use crate::describe::{FunctionInfo, Takes};
use crate::ops::closest;
use crate::{Error, Map, Result, Value};

/// Arguments being read for the parameters of one function; made by the code that the macros write.
#[doc(hidden)]
pub struct Bound<'a> {
    args: &'a Args,
    owner: &'static str,
    function: &'static FunctionInfo,
    next: Decoder<'a>,
    /// Positional arguments that have been read.
    read: usize,
    /// Parameters that have been read.
    param: usize,
}

impl<'a> Bound<'a> {
    #[inline]
    pub(super) fn new(
        args: &'a Args,
        owner: &'static str,
        function: &'static FunctionInfo,
    ) -> Result<Self> {
        let bound = Bound {
            args,
            owner,
            function,
            next: args.at(args.start),
            read: 0,
            param: 0,
        };
        let first = bound.function.params.get(..args.count);
        let fits = first.is_some_and(|it| it.iter().all(|param| param.takes == Takes::One));
        // By place, and no more than there are: as nearly all calls are.
        if !(fits && args.keywords.is_empty()) {
            bound.refuse_surplus()?;
        }
        Ok(bound)
    }

    #[inline(never)]
    fn refuse_surplus(&self) -> Result<()> {
        let params = &*self.function.params;
        let takes = |what| params.iter().any(|param| param.takes == what);
        if self.args.count > params.len() || params.iter().any(|param| param.takes != Takes::One) {
            let most = params
                .iter()
                .take_while(|param| param.takes == Takes::One)
                .count();
            if self.args.count > most && !takes(Takes::Rest) {
                return Err(self.surplus(most));
            }
        }
        for keyword in &self.args.keywords {
            let name = self.args.name(keyword);
            let known = params
                .iter()
                .position(|param| param.takes == Takes::One && param.name == name);
            match known {
                Some(index) if index < self.args.count && self.is_positional(index) => {
                    return Err(Error::type_error(format!(
                        "{}: argument `{name}` ({}) is given twice, by place and by name",
                        self.callee(),
                        index + 1
                    )));
                }
                None if !takes(Takes::Keywords) => return Err(self.unknown_keyword(name)),
                _ => {}
            }
        }
        Ok(())
    }

    /// Whether a parameter may be given by place: none after `rest` may.
    fn is_positional(&self, index: usize) -> bool {
        self.function.params[..index]
            .iter()
            .all(|param| param.takes == Takes::One)
    }

    #[cold]
    fn surplus(&self, most: usize) -> Error {
        let plural = if most == 1 { "" } else { "s" };
        let fewer = self
            .function
            .params
            .iter()
            .any(|param| param.default.is_some());
        let most = match most {
            0 => "no".to_owned(),
            most if fewer => format!("at most {most}"),
            most => most.to_string(),
        };
        Error::type_error(format!(
            "{} takes {most} argument{plural}, got {}",
            self.callee(),
            self.args.count
        ))
    }

    #[cold]
    fn unknown_keyword(&self, name: &str) -> Error {
        let names = self
            .function
            .params
            .iter()
            .filter(|p| p.takes == Takes::One)
            .map(|param| &*param.name);
        let advice = match closest(name, names.clone()) {
            Some(known) => format!("; did you mean `{known}`?"),
            None if names.clone().next().is_none() => "; it takes none".to_owned(),
            None => format!(
                "; it has {}",
                names
                    .map(|name| format!("`{name}`"))
                    .collect::<Vec<_>>()
                    .join(", ")
            ),
        };
        Error::type_error(format!(
            "{} has no argument `{}`{advice}",
            self.callee(),
            name.escape_debug()
        ))
    }

    fn callee(&self) -> String {
        match self.owner {
            "" => self.function.name.to_string(),
            owner => format!("{owner}.{}", self.function.name),
        }
    }

    fn find(&mut self) -> Option<Decoder<'a>> {
        let name = &self.function.params[self.param].name;
        let keyword = self
            .args
            .keywords
            .iter()
            .find(|keyword| self.args.name(keyword) == name)?;
        Some(self.args.at(keyword.value))
    }

    /// The next parameter's argument, if it was given.
    #[inline]
    fn given<T: Deserialize<'a>>(&mut self) -> Result<Option<T>> {
        let value = if self.read < self.args.count {
            self.read += 1;
            T::deserialize(&mut self.next)
        } else if self.args.keywords.is_empty() {
            return Ok(None);
        } else {
            match self.find() {
                Some(mut decoder) => T::deserialize(&mut decoder),
                None => return Ok(None),
            }
        };
        value.map(Some).map_err(|error| self.wrong(error))
    }

    #[cold]
    fn wrong(&self, error: CodecError) -> Error {
        let place = format!(
            "{}: argument `{}` ({})",
            self.callee(),
            self.function.params[self.param].name,
            self.param + 1
        );
        Error::from(error).map_message(|message| format!("{place}: {message}"))
    }

    /// The next parameter, which must be given.
    #[inline]
    pub fn required<T: Deserialize<'a>>(&mut self) -> Result<T> {
        match self.given()? {
            Some(value) => {
                self.param += 1;
                Ok(value)
            }
            None => Err(self.missing()),
        }
    }

    #[cold]
    fn missing(&self) -> Error {
        let param = &self.function.params[self.param];
        let wanted = if param.type_name.is_empty() {
            String::new()
        } else {
            format!(" ({})", param.type_name)
        };
        Error::type_error(format!(
            "{}: argument `{}`{wanted} is missing",
            self.callee(),
            param.name
        ))
    }

    /// The next parameter, or its default.
    #[inline]
    pub fn optional<T: Deserialize<'a>>(&mut self, default: impl FnOnce() -> T) -> Result<T> {
        let value = self.given()?;
        self.param += 1;
        Ok(value.unwrap_or_else(default))
    }

    /// All positional arguments that are left.
    pub fn rest<T: Deserialize<'a>>(&mut self) -> Result<Vec<T>> {
        let mut rest = Vec::new();
        while self.read < self.args.count {
            self.read += 1;
            rest.push(T::deserialize(&mut self.next).map_err(|error| self.wrong(error))?);
        }
        self.param += 1;
        Ok(rest)
    }

    /// All keyword arguments that no parameter took.
    pub fn keywords(&mut self) -> Result<Map> {
        let mut map = Map::new();
        for keyword in &self.args.keywords {
            let name = self.args.name(keyword);
            if self
                .function
                .params
                .iter()
                .any(|param| param.takes == Takes::One && param.name == name)
            {
                continue;
            }
            let value = Value::deserialize(&mut self.args.at(keyword.value))
                .map_err(|error| self.wrong(error))?;
            map.insert(Value::Text(name.to_owned()), value);
        }
        self.param += 1;
        Ok(map)
    }
}
