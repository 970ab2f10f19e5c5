//! Operators: what Python's `+ - * / // % ** << >> & | ^` and `- + ~ not` do.

use super::array_arithmetic;
use super::check_size;
use super::numbers::{self, Number};
use super::objects::{delegate, is_missing};
use crate::{Bytes, Error, Result, Value};

/// Defines the operators from one table, so that no name can be another's.
macro_rules! operators {
    ($($name:ident $symbol:literal $special:literal $reflected:literal $in_place:literal;)+) => {
        /// An operator with two operands.
        ///
        /// ```
        /// # use locum_protocol::ops::Arithmetic;
        /// let minus = Arithmetic::from_in_place("__isub__").unwrap();
        /// assert_eq!((minus.symbol(), minus.special()), ("-", "__sub__"));
        /// assert_eq!((minus.reflected(), minus.in_place()), ("__rsub__", "__isub__"));
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Arithmetic {
            $(#[doc = concat!("`", $symbol, "`")] $name,)+
        }

        impl Arithmetic {
            /// Every operator.
            pub const ALL: &[Arithmetic] = &[$(Arithmetic::$name,)+];

            /// The names of all their methods, in every form.
            pub const METHODS: &[&str] = &[$($special, $reflected, $in_place,)+];

            /// The operator that a method does in place: `__iadd__` is that of `+`.
            pub fn from_in_place(name: &str) -> Option<Arithmetic> {
                match name { $($in_place => Some(Arithmetic::$name),)+ _ => None }
            }

            /// How it is written: `+`.
            pub fn symbol(self) -> &'static str {
                match self { $(Arithmetic::$name => $symbol,)+ }
            }

            /// The method that a left operand answers it with: `__add__`.
            pub fn special(self) -> &'static str {
                match self { $(Arithmetic::$name => $special,)+ }
            }

            /// The method that a right operand answers it with: `__radd__`.
            pub fn reflected(self) -> &'static str {
                match self { $(Arithmetic::$name => $reflected,)+ }
            }

            /// The method that changes the left operand: `__iadd__`.
            pub fn in_place(self) -> &'static str {
                match self { $(Arithmetic::$name => $in_place,)+ }
            }
        }
    };
}

operators! {
    Add "+" "__add__" "__radd__" "__iadd__";
    Sub "-" "__sub__" "__rsub__" "__isub__";
    Mul "*" "__mul__" "__rmul__" "__imul__";
    Div "/" "__truediv__" "__rtruediv__" "__itruediv__";
    FloorDiv "//" "__floordiv__" "__rfloordiv__" "__ifloordiv__";
    Mod "%" "__mod__" "__rmod__" "__imod__";
    Pow "**" "__pow__" "__rpow__" "__ipow__";
    Shl "<<" "__lshift__" "__rlshift__" "__ilshift__";
    Shr ">>" "__rshift__" "__rrshift__" "__irshift__";
    And "&" "__and__" "__rand__" "__iand__";
    Or "|" "__or__" "__ror__" "__ior__";
    Xor "^" "__xor__" "__rxor__" "__ixor__";
}

/// An operator with one operand.
///
/// ```
/// # use locum_protocol::ops::Unary;
/// assert_eq!((Unary::Invert.symbol(), Unary::Invert.special()), ("~", "__invert__"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unary {
    /// `-`
    Neg,
    /// `+`
    Pos,
    /// `~`
    Invert,
    /// `abs`
    Abs,
    /// `not`
    Not,
}

impl Unary {
    /// How it is written: `-`.
    pub fn symbol(self) -> &'static str {
        match self {
            Unary::Neg => "-",
            Unary::Pos => "+",
            Unary::Invert => "~",
            Unary::Abs => "abs",
            Unary::Not => "not",
        }
    }

    /// The method that an object answers it with: `__neg__`; for `not` it is `__bool__`, whose answer is turned round.
    pub fn special(self) -> &'static str {
        match self {
            Unary::Neg => "__neg__",
            Unary::Pos => "__pos__",
            Unary::Invert => "__invert__",
            Unary::Abs => "__abs__",
            Unary::Not => "__bool__",
        }
    }
}

/// `a op b`. Whole numbers have 128 bits, and a result that does not fit is an error.
///
/// Text, bytes and lists can be added to their like and multiplied by a number; `|` of two maps is both, the right one
/// winning. Arrays are calculated element by element, with a number or an array of the same shape.
///
/// ```
/// # use locum_protocol::ops::{Arithmetic, arithmetic};
/// # use locum_protocol::Kind;
/// assert_eq!(arithmetic(Arithmetic::Add, &1.into(), &1.5.into())?, 2.5.into());
/// assert_eq!(arithmetic(Arithmetic::Mul, &"ab".into(), &3.into())?, "ababab".into());
/// let error = arithmetic(Arithmetic::Sub, &"a".into(), &1.into()).unwrap_err();
/// assert_eq!(error.kind(), Kind::TypeError);
/// # Ok::<(), locum_protocol::Error>(())
/// ```
pub fn arithmetic(op: Arithmetic, a: &Value, b: &Value) -> Result<Value> {
    if let Some(answer) = delegate(a, op.special(), b, op.reflected()) {
        return answer;
    }
    if let Some(answer) = array_arithmetic::calculate(op, a, b) {
        return answer;
    }
    let answer = match op {
        Arithmetic::Add => concatenate(a, b),
        Arithmetic::Mul => repeat(a, b).or_else(|| repeat(b, a)),
        Arithmetic::And | Arithmetic::Or | Arithmetic::Xor => combine(op, a, b),
        _ => None,
    };
    if let Some(answer) = answer.or_else(|| numbers::calculate(op, Number::of(a)?, Number::of(b)?))
    {
        return answer;
    }
    let (left, right) = (a.type_name(), b.type_name());
    Err(Error::type_error(format!(
        "unsupported operand types for {}: {left} and {right}",
        op.symbol()
    )))
}

/// `op value`: `-`, `+` and `abs` of numbers, `~` of whole ones, `not` of anything.
///
/// ```
/// # use locum_protocol::ops::{Unary, unary};
/// assert_eq!(unary(Unary::Neg, &7.into())?, (-7).into());
/// assert_eq!(unary(Unary::Not, &"".into())?, true.into());
/// # Ok::<(), locum_protocol::Error>(())
/// ```
pub fn unary(op: Unary, value: &Value) -> Result<Value> {
    match (op, value) {
        (Unary::Not, value) => return Ok(Value::Bool(!truth(value)?)),
        (_, Value::Object(proxy)) => return proxy.call::<Value>(op.special(), ()),
        _ => {}
    }
    if let Value::Array(array) = value {
        match op {
            Unary::Neg => return array_arithmetic::negate(array),
            Unary::Abs => return array_arithmetic::absolute(array),
            Unary::Pos => return Ok(value.clone()),
            Unary::Invert | Unary::Not => {}
        }
    }
    match (op, Number::of(value)) {
        (Unary::Neg, Some(number)) => numbers::negate(number),
        (Unary::Abs, Some(number)) => numbers::absolute(number),
        (Unary::Pos, Some(Number::Int(int))) => Ok(Value::Int(int)),
        (Unary::Pos, Some(Number::Float(float))) => Ok(Value::Float(float)),
        (Unary::Invert, Some(Number::Int(int))) => Ok(Value::Int(!int)),
        _ => {
            let (symbol, got) = (op.symbol(), value.type_name());
            Err(Error::type_error(format!(
                "unsupported operand type for {symbol}: {got}"
            )))
        }
    }
}

/// Whether Python takes it for true: not nothing, not zero, not empty.
///
/// An object is asked `__bool__`, or without that `__len__`; with neither it is true.
///
/// ```
/// # use locum_protocol::ops;
/// assert!(ops::truth(&vec![0].into())?);
/// assert!(!ops::truth(&().into())? && !ops::truth(&0.0.into())?);
/// # Ok::<(), locum_protocol::Error>(())
/// ```
pub fn truth(value: &Value) -> Result<bool> {
    Ok(match value {
        Value::Null => false,
        Value::Bool(flag) => *flag,
        Value::Int(int) => *int != 0,
        Value::Float(float) => *float != 0.0,
        Value::Text(text) => !text.is_empty(),
        Value::Bytes(bytes) => !bytes.is_empty(),
        Value::List(items) => !items.is_empty(),
        Value::Array(array) => !array.is_empty(),
        Value::Map(map) => !map.is_empty(),
        Value::Slice(_) => true,
        Value::Object(proxy) => match proxy.call::<bool>("__bool__", ()) {
            Err(error) if is_missing(&error) => match proxy.call::<u64>("__len__", ()) {
                Err(error) if is_missing(&error) => true,
                length => length? != 0,
            },
            answer => answer?,
        },
    })
}

/// `+` of two of a kind; `None` when they are not.
fn concatenate(a: &Value, b: &Value) -> Option<Result<Value>> {
    let check = || check_size(size(a).checked_add(size(b)), "+");
    Some(match (a, b) {
        (Value::Text(a), Value::Text(b)) => check().map(|()| Value::Text([a.as_str(), b].concat())),
        (Value::Bytes(a), Value::Bytes(b)) => {
            check().map(|()| Bytes::from([&a[..], b].concat()).into())
        }
        (Value::List(a), Value::List(b)) => check().map(|()| Value::List([&a[..], b].concat())),
        _ => return None,
    })
}

/// `*` of a text, bytes or a list with a whole number; `None` when they are not such. Fewer than none is none.
fn repeat(value: &Value, times: &Value) -> Option<Result<Value>> {
    if !matches!(value, Value::Text(_) | Value::Bytes(_) | Value::List(_)) {
        return None;
    }
    let Number::Int(times) = Number::of(times)? else {
        return None;
    };
    let times = usize::try_from(times.max(0)).unwrap_or(usize::MAX);
    if let Err(error) = check_size(size(value).checked_mul(times), "*") {
        return Some(Err(error));
    }
    Some(Ok(match value {
        // Nothing, any number of times, would pass the check and could still take for ever.
        value if times == 0 || size(value) == 0 => empty_like(value),
        Value::Text(text) => Value::Text(text.repeat(times)),
        Value::Bytes(bytes) => Bytes::from(bytes.repeat(times)).into(),
        Value::List(items) => Value::List(
            std::iter::repeat_n(items, times)
                .flatten()
                .cloned()
                .collect(),
        ),
        _ => return None,
    }))
}

fn empty_like(value: &Value) -> Value {
    match value {
        Value::Text(_) => Value::Text(String::new()),
        Value::Bytes(_) => Value::Bytes(Bytes::default()),
        _ => Value::List(Vec::new()),
    }
}

/// Bytes of a text, or of what a list holds and one for each item: what a copy of it costs, roughly.
fn size(value: &Value) -> usize {
    let mut total = 0usize;
    let mut left = vec![value];
    while let Some(value) = left.pop() {
        let own = match value {
            Value::Text(text) => text.len(),
            Value::Bytes(bytes) => bytes.len(),
            Value::Array(array) => array.bytes().len(),
            Value::List(items) => {
                left.extend(items);
                items.len()
            }
            Value::Map(map) => {
                left.extend(map.iter().flat_map(|(key, value)| [key, value]));
                map.len() * 2
            }
            _ => 0,
        };
        total = total.saturating_add(own);
    }
    total
}

/// `& | ^` where they do not mean numbers: of two bools they give a bool, and `|` joins maps.
fn combine(op: Arithmetic, a: &Value, b: &Value) -> Option<Result<Value>> {
    match (op, a, b) {
        (Arithmetic::And, Value::Bool(a), Value::Bool(b)) => Some(Ok(Value::Bool(a & b))),
        (Arithmetic::Or, Value::Bool(a), Value::Bool(b)) => Some(Ok(Value::Bool(a | b))),
        (Arithmetic::Xor, Value::Bool(a), Value::Bool(b)) => Some(Ok(Value::Bool(a ^ b))),
        (Arithmetic::Or, Value::Map(left), Value::Map(right)) => {
            Some(check_size(size(a).checked_add(size(b)), "|").map(|()| {
                let mut joined = left.clone();
                for (key, value) in right.iter() {
                    joined.insert(key.clone(), value.clone());
                }
                Value::Map(joined)
            }))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::{MAX_SIZE, repr};
    use crate::{Kind, Map};

    fn shown(op: Arithmetic, a: impl Into<Value>, b: impl Into<Value>) -> String {
        match arithmetic(op, &a.into(), &b.into()) {
            Ok(value) => repr(&value).unwrap(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn numbers_calculate_as_in_python() {
        assert_eq!(shown(Arithmetic::Add, 1i64, 2i64), "3");
        assert_eq!(shown(Arithmetic::Div, 4i64, 2i64), "2.0");
        assert_eq!(shown(Arithmetic::Mul, true, 2.5), "2.5");
        assert_eq!(shown(Arithmetic::Add, true, true), "2");
        assert_eq!(shown(Arithmetic::And, true, false), "False");
        assert_eq!(shown(Arithmetic::Xor, true, 2i64), "3");
        assert_eq!(shown(Arithmetic::FloorDiv, -7i64, 2.0), "-4.0");
        assert_eq!(
            shown(Arithmetic::Mod, 1i64, 0i64),
            "ArithmeticError: division by zero"
        );
        assert_eq!(
            shown(Arithmetic::Div, 1.0, 0.0),
            "ArithmeticError: division by zero"
        );
    }

    #[test]
    fn sequences_are_added_and_repeated() {
        assert_eq!(shown(Arithmetic::Add, "a", "b"), "'ab'");
        assert_eq!(shown(Arithmetic::Add, vec![1i64], vec!["x"]), "[1, 'x']");
        assert_eq!(
            shown(Arithmetic::Add, Bytes::from(b"a"), Bytes::from(b"b")),
            "b'ab'"
        );
        assert_eq!(shown(Arithmetic::Mul, "ab", 3i64), "'ababab'");
        assert_eq!(shown(Arithmetic::Mul, 2i64, vec![0i64, 1]), "[0, 1, 0, 1]");
        assert_eq!(shown(Arithmetic::Mul, Bytes::from(b"a"), -1i64), "b''");
        assert_eq!(shown(Arithmetic::Mul, "", i128::MAX), "''");
        assert_eq!(shown(Arithmetic::Mul, Vec::<Value>::new(), i128::MAX), "[]");
    }

    #[test]
    fn what_is_not_defined_names_the_operator_and_both_types() {
        assert_eq!(
            shown(Arithmetic::Add, 1i64, "a"),
            "TypeError: unsupported operand types for +: int and text"
        );
        assert_eq!(
            shown(Arithmetic::Mul, "a", 1.0),
            "TypeError: unsupported operand types for *: text and float"
        );
        assert_eq!(
            shown(Arithmetic::Or, 1.0, 1i64),
            "TypeError: unsupported operand types for |: float and int"
        );
        assert_eq!(
            unary(Unary::Invert, &1.0.into()).unwrap_err().message(),
            "unsupported operand type for ~: float"
        );
    }

    #[test]
    fn results_that_are_too_large_are_refused_before_they_are_made() {
        let big: Value = "x".repeat(MAX_SIZE).into();
        let refused = |op, a: &Value, b: &Value| {
            arithmetic(op, a, b).unwrap_err().kind() == Kind::LimitExceeded
        };
        assert!(refused(Arithmetic::Mul, &"ab".into(), &i128::MAX.into()));
        assert!(refused(
            Arithmetic::Mul,
            &vec![0i64].into(),
            &(MAX_SIZE + 1).into()
        ));
        assert!(refused(Arithmetic::Add, &big, &"x".into()));
        // What is inside counts too.
        assert!(refused(
            Arithmetic::Mul,
            &vec![big.clone()].into(),
            &2i64.into()
        ));
        assert!(arithmetic(Arithmetic::Add, &big, &"".into()).is_ok());
    }

    #[test]
    fn joining_maps_lets_the_right_one_win() {
        let map = |entries: &[(&str, i64)]| {
            entries
                .iter()
                .map(|(k, v)| ((*k).into(), (*v).into()))
                .collect::<Map>()
        };
        let joined = shown(
            Arithmetic::Or,
            map(&[("a", 1), ("b", 2)]),
            map(&[("c", 3), ("a", 9)]),
        );
        assert_eq!(joined, "{'a': 9, 'b': 2, 'c': 3}");
    }

    #[test]
    fn one_operand_is_negated_inverted_or_doubted() {
        assert_eq!(unary(Unary::Neg, &5i64.into()).unwrap(), Value::Int(-5));
        assert_eq!(unary(Unary::Pos, &true.into()).unwrap(), Value::Int(1));
        assert_eq!(unary(Unary::Invert, &5i64.into()).unwrap(), Value::Int(-6));
        assert_eq!(unary(Unary::Not, &"".into()).unwrap(), Value::Bool(true));
        assert_eq!(unary(Unary::Abs, &5i64.into()).unwrap(), Value::Int(5));
        assert_eq!(unary(Unary::Abs, &(-2.5).into()).unwrap(), (2.5).into());
        assert_eq!(unary(Unary::Abs, &true.into()).unwrap(), Value::Int(1));
        let least = unary(Unary::Abs, &i128::MIN.into());
        assert_eq!(least.unwrap_err().kind(), Kind::ArithmeticError);
    }

    #[test]
    fn nothing_zero_and_empty_are_false() {
        for value in [
            Value::Null,
            false.into(),
            0i64.into(),
            (-0.0).into(),
            "".into(),
            Map::new().into(),
        ] {
            assert!(!truth(&value).unwrap(), "{value:?}");
        }
        for value in [
            true.into(),
            2i64.into(),
            f64::NAN.into(),
            " ".into(),
            vec![0i64].into(),
        ] {
            assert!(truth(&value).unwrap(), "{value:?}");
        }
    }

    #[test]
    fn each_operator_has_four_names_of_its_own() {
        let mut names = std::collections::HashSet::new();
        for op in Arithmetic::ALL {
            let stem = op.special().trim_matches('_');
            assert_eq!(op.reflected(), format!("__r{stem}__"));
            assert_eq!(op.in_place(), format!("__i{stem}__"));
            assert_eq!(Arithmetic::from_in_place(op.in_place()), Some(*op));
            assert_eq!(Arithmetic::from_in_place(op.special()), None);
            assert!(
                [op.symbol(), op.special(), op.reflected(), op.in_place()]
                    .into_iter()
                    .all(|it| names.insert(it))
            );
        }
    }
}
