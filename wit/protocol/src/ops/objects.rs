//! Operators whose operand is an object: its special method decides.

use crate::{Error, Kind, Result, Value};

/// Calls `method` of the left operand with the right one, or `reflected` of the right one with the left.
///
/// `None` when neither is an object. The right one is asked also when the left one has no such method.
pub(super) fn delegate(
    left: &Value,
    method: &str,
    right: &Value,
    reflected: &str,
) -> Option<Result<Value>> {
    match (left, right) {
        (Value::Object(left), right) => Some(left.operate(method, reflected, right)),
        (left, Value::Object(right)) => Some(right.call(reflected, (left,))),
        _ => None,
    }
}

/// Whether the object has no such method, so that a rule for objects without it applies.
pub(super) fn is_missing(error: &Error) -> bool {
    error.kind() == Kind::NoSuchAttribute
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::ops::*;
    use crate::{Data, Proxy};

    fn object(value: impl Into<Value>) -> Value {
        Value::Object(Proxy::local(Arc::new(Data::new(value.into()))))
    }

    #[test]
    fn an_object_answers_on_either_side_of_an_operator() {
        let (five, data) = (object(5i64), Value::from(3i64));
        assert_eq!(
            arithmetic(Arithmetic::Sub, &five, &data).unwrap(),
            Value::Int(2)
        );
        assert_eq!(
            arithmetic(Arithmetic::Sub, &data, &five).unwrap(),
            Value::Int(-2)
        );
        assert_eq!(
            arithmetic(Arithmetic::Pow, &object(2i64), &five).unwrap(),
            Value::Int(32)
        );
        assert_eq!(unary(Unary::Neg, &five).unwrap(), Value::Int(-5));
        assert_eq!(unary(Unary::Not, &five).unwrap(), Value::Bool(false));
    }

    #[test]
    fn an_object_compares_on_either_side() {
        let (five, data) = (object(5i64), Value::from(3i64));
        assert!(compare_with(Comparison::Gt, &five, &data).unwrap());
        assert!(compare_with(Comparison::Lt, &data, &five).unwrap());
        assert!(compare_with(Comparison::Eq, &Value::Int(5), &five).unwrap());
        assert!(compare_with(Comparison::Ne, &five, &data).unwrap());
        assert!(compare(&data, &five).unwrap().is_lt());
        assert!(compare(&five, &object(5i64)).unwrap().is_eq());
    }

    #[test]
    fn objects_inside_of_data_are_asked_too() {
        let list = Value::List(vec![object(3i64), object(1i64), Value::Int(2)]);
        assert!(contains(&list, &Value::Int(1)).unwrap());
        assert!(equal(&list, &vec![3i64, 1, 2].into()).unwrap());
        assert_eq!(repr(&list).unwrap(), "[3, 1, 2]");
        let Value::List(mut items) = list else { return };
        list::call_method(&mut items, "sort", vec![], Default::default()).unwrap();
        assert_eq!(repr(&Value::List(items)).unwrap(), "[1, 2, 3]");
    }

    #[test]
    fn items_of_an_object_are_its_own() {
        let mut it = object(vec![1i64, 2, 3]);
        set_item(&mut it, 0i64.into(), "a".into()).unwrap();
        del_item(&mut it, &1i64.into()).unwrap();
        assert_eq!(
            (len(&it).unwrap(), text(&it).unwrap().as_str()),
            (2, "['a', 3]")
        );
        assert_eq!(get_item(&it, &0i64.into()).unwrap(), "a".into());
        assert!(contains(&it, &3i64.into()).unwrap());
        assert_eq!(iterate(&it).unwrap_err().kind(), Kind::TypeError);
    }
}
