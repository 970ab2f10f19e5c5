//! The functions that are always there, as Python has them: `len`, `sorted`, `print` and so on.

pub(super) mod format;
mod numbers;
pub(super) mod order;
mod sequences;
mod text;

use locum_protocol::{DynArgs, Error, Kind, Map, Result, Value};

use super::budget::Budget;
use super::frame::Frame;

/// A function of the language.
pub(super) struct Builtin {
    pub(super) name: &'static str,
    run: Run,
}

type Run = fn(Call<'_, '_>) -> Result<Value>;

/// By their names, sorted.
const BUILTINS: &[Builtin] = &table([
    ("abs", numbers::abs),
    ("all", sequences::all),
    ("any", sequences::any),
    ("array", sequences::array),
    ("bool", numbers::bool),
    ("bytes", text::bytes),
    ("chr", text::chr),
    ("dict", sequences::dict),
    ("divmod", numbers::divmod),
    ("enumerate", sequences::enumerate),
    ("filter", sequences::filter),
    ("float", numbers::float),
    ("format", format::builtin),
    ("hex", text::hex),
    ("int", numbers::int),
    ("iter", sequences::iter),
    ("len", sequences::len),
    ("list", sequences::list),
    ("map", sequences::map),
    ("max", order::max),
    ("min", order::min),
    ("next", sequences::next),
    ("ord", text::ord),
    ("pow", numbers::pow),
    ("print", text::print),
    ("range", sequences::range),
    ("repr", text::repr),
    ("reversed", sequences::reversed),
    ("round", numbers::round),
    ("sorted", order::sorted),
    ("str", text::str),
    ("sum", sequences::sum),
    ("tuple", sequences::list),
    ("type", text::type_of),
    ("zip", sequences::zip),
]);

const fn table<const N: usize>(rows: [(&'static str, Run); N]) -> [Builtin; N] {
    let mut builtins = [const {
        Builtin {
            name: "",
            run: numbers::abs,
        }
    }; N];
    let mut at = 0;
    while at < N {
        builtins[at] = Builtin {
            name: rows[at].0,
            run: rows[at].1,
        };
        at += 1;
    }
    builtins
}

/// The function of that name.
pub(super) fn find(name: &str) -> Option<&'static Builtin> {
    let at = BUILTINS.binary_search_by(|builtin| builtin.name.cmp(name));
    at.ok().map(|at| &BUILTINS[at])
}

/// The names of all of them.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    BUILTINS.iter().map(|builtin| builtin.name)
}

impl Builtin {
    pub(super) fn call(&self, arguments: DynArgs, frame: &mut Frame<'_>) -> Result<Value> {
        let DynArgs {
            positional,
            keywords,
        } = arguments;
        (self.run)(Call {
            name: self.name,
            positional,
            keywords,
            frame,
        })
    }
}

/// A call of a function, while its arguments are being looked at.
struct Call<'c, 's> {
    name: &'static str,
    positional: Vec<Value>,
    keywords: Vec<(String, Value)>,
    frame: &'c mut Frame<'s>,
}

impl Call<'_, '_> {
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
    fn take<const N: usize>(&mut self, least: usize) -> Result<[Option<Value>; N]> {
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
        let mut given = std::mem::take(&mut self.positional).into_iter();
        Ok(std::array::from_fn(|_| given.next()))
    }

    /// The one argument.
    fn one(&mut self) -> Result<Value> {
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
fn collect(frame: &Frame<'_>, value: Value) -> Result<Vec<Value>> {
    let mut budget = Budget::inside(1);
    frame
        .go_through(value)?
        .map(|item| {
            let item = item?;
            budget.take(&item)?;
            Ok(item)
        })
        .collect()
}

/// The entries of something like a dict: a map, an object with `items`, or pairs.
pub(super) fn mapping(frame: &Frame<'_>, value: Value) -> Result<Map> {
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
    for pair in frame.go_through(pairs)? {
        let pair = pair?;
        budget.take(&pair)?;
        let mut pair = frame
            .unpack(pair, 2)
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
pub(super) fn for_data(
    frame: &Frame<'_>,
    method: &str,
    arguments: DynArgs,
) -> Result<(Vec<Value>, Map)> {
    let mut positional = arguments.positional;
    if let [object @ Value::Object(_)] = positional.as_mut_slice() {
        match method {
            "extend" | "join" => *object = Value::List(collect(frame, std::mem::take(object))?),
            "update" => *object = Value::Map(mapping(frame, std::mem::take(object))?),
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
