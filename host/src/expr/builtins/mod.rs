//! The functions that are always there, as Python has them: `len`, `sorted`, `print` and so on.

mod numbers;
mod sequences;
mod text;

use locum_protocol::{DynArgs, Error, Kind, Map, Result, Value};

use super::budget::Budget;
use super::iterate::{iterate, unpack};

/// A function of the language.
pub(super) struct Builtin {
    pub(super) name: &'static str,
    run: fn(Call<'_>) -> Result<Value>,
}

const BUILTINS: &[Builtin] = &[
    Builtin {
        name: "abs",
        run: numbers::abs,
    },
    Builtin {
        name: "all",
        run: sequences::all,
    },
    Builtin {
        name: "any",
        run: sequences::any,
    },
    Builtin {
        name: "array",
        run: sequences::array,
    },
    Builtin {
        name: "bool",
        run: numbers::bool,
    },
    Builtin {
        name: "bytes",
        run: text::bytes,
    },
    Builtin {
        name: "dict",
        run: sequences::dict,
    },
    Builtin {
        name: "enumerate",
        run: sequences::enumerate,
    },
    Builtin {
        name: "float",
        run: numbers::float,
    },
    Builtin {
        name: "int",
        run: numbers::int,
    },
    Builtin {
        name: "iter",
        run: sequences::iter,
    },
    Builtin {
        name: "len",
        run: sequences::len,
    },
    Builtin {
        name: "list",
        run: sequences::list,
    },
    Builtin {
        name: "max",
        run: sequences::max,
    },
    Builtin {
        name: "min",
        run: sequences::min,
    },
    Builtin {
        name: "next",
        run: sequences::next,
    },
    Builtin {
        name: "print",
        run: text::print,
    },
    Builtin {
        name: "range",
        run: sequences::range,
    },
    Builtin {
        name: "repr",
        run: text::repr,
    },
    Builtin {
        name: "reversed",
        run: sequences::reversed,
    },
    Builtin {
        name: "round",
        run: numbers::round,
    },
    Builtin {
        name: "sorted",
        run: sequences::sorted,
    },
    Builtin {
        name: "str",
        run: text::str,
    },
    Builtin {
        name: "sum",
        run: sequences::sum,
    },
    Builtin {
        name: "tuple",
        run: sequences::list,
    },
    Builtin {
        name: "type",
        run: text::type_of,
    },
    Builtin {
        name: "zip",
        run: sequences::zip,
    },
];

/// The function of that name.
pub(super) fn find(name: &str) -> Option<&'static Builtin> {
    BUILTINS.iter().find(|builtin| builtin.name == name)
}

/// The names of all of them.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    BUILTINS.iter().map(|builtin| builtin.name)
}

impl Builtin {
    pub(super) fn call(&self, arguments: DynArgs, print: &mut dyn FnMut(&str)) -> Result<Value> {
        let DynArgs {
            positional,
            keywords,
        } = arguments;
        (self.run)(Call {
            name: self.name,
            positional,
            keywords,
            print,
        })
    }
}

/// A call of a function, while its arguments are being looked at.
struct Call<'c> {
    name: &'static str,
    positional: Vec<Value>,
    keywords: Vec<(String, Value)>,
    print: &'c mut dyn FnMut(&str),
}

impl Call<'_> {
    /// Takes a keyword argument out.
    fn keyword(&mut self, name: &str) -> Option<Value> {
        let at = self
            .keywords
            .iter()
            .position(|(keyword, _)| keyword == name)?;
        Some(self.keywords.remove(at).1)
    }

    /// Refuses the keyword arguments that were not taken.
    fn no_more_keywords(&self) -> Result<()> {
        match self.keywords.first() {
            None => Ok(()),
            Some((keyword, _)) => Err(Error::type_error(format!(
                "{}() has no keyword `{keyword}`",
                self.name
            ))),
        }
    }

    /// The positional arguments, of which the first `least` must be given, and no keywords.
    fn take<const N: usize>(self, least: usize) -> Result<[Option<Value>; N]> {
        self.no_more_keywords()?;
        let count = self.positional.len();
        if count < least || count > N {
            let expected = match (least, N) {
                (0, 0) => "no arguments".to_owned(),
                (1, 1) => "1 argument".to_owned(),
                (least, most) if least == most => format!("{most} arguments"),
                (least, most) => format!("{least} to {most} arguments"),
            };
            return Err(Error::type_error(format!(
                "{}() takes {expected}, got {count}",
                self.name
            )));
        }
        let mut given = self.positional.into_iter();
        Ok(std::array::from_fn(|_| given.next()))
    }

    /// The one argument.
    fn one(self) -> Result<Value> {
        let [value] = self.take(1)?;
        Ok(value.unwrap_or_default())
    }
}

/// Asks an object for something by a special method's name; `None` when it has no such method.
fn ask(value: &Value, special: &str) -> Result<Option<Value>> {
    let Value::Object(proxy) = value else {
        return Ok(None);
    };
    match proxy.call(special, ()) {
        Ok(answer) => Ok(Some(answer)),
        Err(error) if error.kind() == Kind::NoSuchAttribute => Ok(None),
        Err(error) => Err(error),
    }
}

/// A whole number, for a parameter that takes nothing else.
fn whole(value: &Value, what: &str) -> Result<i128> {
    match value {
        Value::Int(number) => Ok(*number),
        Value::Bool(number) => Ok(i128::from(*number)),
        other => Err(Error::type_error(format!(
            "{what} is a whole number, got {}",
            other.type_name()
        ))),
    }
}

/// All items of a value, as far as one list may hold them.
fn collect(value: Value) -> Result<Vec<Value>> {
    let mut budget = Budget::inside(1);
    iterate(value)?
        .map(|item| {
            let item = item?;
            budget.take(&item)?;
            Ok(item)
        })
        .collect()
}

/// The entries of something like a dict: a map, an object with `items`, or pairs.
pub(super) fn mapping(value: Value) -> Result<Map> {
    let pairs = match value {
        Value::Map(map) => return Ok(map),
        object @ Value::Object(_) => match ask(&object, "items")? {
            Some(items) => items,
            None => object,
        },
        pairs => pairs,
    };
    let mut budget = Budget::inside(1);
    let mut map = Map::new();
    for pair in iterate(pairs)? {
        let pair = pair?;
        budget.take(&pair)?;
        let mut pair = unpack(pair, 2)
            .map_err(|error| {
                error.map_message(|m| format!("a dict is made of pairs of a key and a value: {m}"))
            })?
            .into_iter();
        map.insert(
            pair.next().unwrap_or_default(),
            pair.next().unwrap_or_default(),
        );
    }
    Ok(map)
}

/// The arguments of a method of data, which wants data: what is to be gone through is fetched.
pub(super) fn for_data(method: &str, arguments: DynArgs) -> Result<(Vec<Value>, Map)> {
    let mut positional = arguments.positional;
    if let [object @ Value::Object(_)] = positional.as_mut_slice() {
        match method {
            "extend" | "join" => *object = Value::List(collect(std::mem::take(object))?),
            "update" => *object = Value::Map(mapping(std::mem::take(object))?),
            _ => {}
        }
    }
    let keywords = arguments
        .keywords
        .into_iter()
        .map(|(name, value)| (Value::Text(name), value))
        .collect();
    Ok((positional, keywords))
}
