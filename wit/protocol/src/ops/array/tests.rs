//! Arrays as data: items, attributes, methods, operators.

use std::sync::Arc;

use super::from_value;
use crate::ops::*;
use crate::{Array, Data, ElementType, Error, Kind, Map, Proxy, Result, Value, slice};

fn array<T: crate::Element>(dims: &[usize], elements: Vec<T>) -> Value {
    Array::new(dims, elements).unwrap().into()
}

/// 0 to 5 in two rows.
fn matrix() -> Value {
    array(&[2, 3], vec![0_i32, 1, 2, 3, 4, 5])
}

fn shown(result: Result<Value>) -> String {
    match result {
        Ok(value) => repr(&value).unwrap(),
        Err(error) => error.to_string(),
    }
}

fn method(value: &Value, name: &str, args: Vec<Value>) -> String {
    shown(call_method(&mut value.clone(), name, args, Map::new()))
}

fn key(keys: &[Value]) -> Value {
    Value::List(keys.to_vec())
}

#[test]
fn the_items_of_an_array_are_its_rows() {
    let matrix = matrix();
    assert_eq!(len(&matrix).unwrap(), 2);
    assert_eq!(
        shown(get_item(&matrix, &(-1i64).into())),
        "array([3, 4, 5], 'i32')"
    );
    assert_eq!(
        shown(iterate(&matrix).map(Value::List)),
        "[array([0, 1, 2], 'i32'), array([3, 4, 5], 'i32')]"
    );
    let line = array(&[3], vec![0.5, 1.5, 2.5]);
    assert_eq!(shown(get_item(&line, &1i64.into())), "1.5");
    assert_eq!(shown(iterate(&line).map(Value::List)), "[0.5, 1.5, 2.5]");
    assert_eq!(
        shown(get_item(&line, &3i64.into())),
        "IndexError: array index out of range"
    );
    assert_eq!(
        shown(get_item(&line, &"x".into())),
        "TypeError: array indices must be integers or slices, not text"
    );
    let number = array(&[], vec![7_u8]);
    assert!(len(&number).is_err() && iterate(&number).is_err());
    assert_eq!(shown(get_item(&number, &key(&[]))), "7");
}

#[test]
fn slices_and_indices_are_taken_dimension_by_dimension() {
    let matrix = matrix();
    let item = |keys: &[Value]| shown(get_item(&matrix, &key(keys)));
    assert_eq!(item(&[1i64.into(), (-1i64).into()]), "5");
    assert_eq!(
        item(&[slice(..).into(), 1i64.into()]),
        "array([1, 4], 'i32')"
    );
    assert_eq!(
        item(&[slice(..).step(-1).into(), slice(..).step(2).into()]),
        "array([[3, 5], [0, 2]], 'i32')"
    );
    assert_eq!(item(&[slice(5..).into()]), "array([], 'i32', shape=[0, 3])");
    assert_eq!(
        item(&[0i64.into(), 0i64.into(), 0i64.into()]),
        "IndexError: too many indices for an array of i32 of shape [2, 3]: 3"
    );
    assert_eq!(
        shown(get_item(&matrix, &slice(..).step(0).into())),
        "ValueError: slice step cannot be zero"
    );
}

#[test]
fn places_are_filled_with_a_number_or_with_an_array_of_their_shape() {
    let after = |key: &Value, value: Value| {
        let mut it = matrix();
        let shared = it.clone();
        let result = set_item(&mut it, key.clone(), value).map(|()| it);
        assert_eq!(shared, matrix(), "a clone keeps what it had");
        shown(result)
    };
    let first = key(&[slice(..).into(), 0i64.into()]);
    assert_eq!(
        after(&first, 9i64.into()),
        "array([[9, 1, 2], [9, 4, 5]], 'i32')"
    );
    assert_eq!(
        after(&first, vec![7i64, 8].into()),
        "array([[7, 1, 2], [8, 4, 5]], 'i32')"
    );
    let row = array(&[3], vec![1.0, 2.0, 3.0]);
    assert_eq!(
        after(&0i64.into(), row),
        "array([[1, 2, 3], [3, 4, 5]], 'i32')"
    );
    assert_eq!(
        after(&0i64.into(), vec![1i64, 2].into()),
        "ValueError: an array of i32 of shape [2] can not be put in a place of shape [3]"
    );
    assert_eq!(
        after(&0i64.into(), 0.5.into()),
        "ArithmeticError: the number 0.5 does not fit in an array of i32; convert the array with astype()"
    );
    assert!(after(&0i64.into(), "x".into()).starts_with("TypeError: expected an array of i32"));
    assert_eq!(
        del_item(&mut matrix(), &0i64.into()).unwrap_err().kind(),
        Kind::TypeError
    );
}

#[test]
fn an_array_tells_its_type_and_its_shape() {
    let told = |name| shown(attribute(&matrix(), name).ok_or(Error::value("none")));
    assert_eq!(
        (told("dtype"), told("shape")),
        ("'i32'".into(), "[2, 3]".into())
    );
    assert_eq!((told("ndim"), told("size")), ("2".into(), "6".into()));
    assert_eq!(attribute(&matrix(), "T"), None);
    assert!(
        attribute_names(&matrix())
            .iter()
            .all(|name| attribute(&matrix(), name).is_some())
    );
    assert!(attribute_names(&"text".into()).is_empty());
}

#[test]
fn arrays_are_summed_up() {
    let of = |value: Value| ["sum", "mean", "min", "max"].map(|name| method(&value, name, vec![]));
    assert_eq!(of(matrix()), ["15", "2.5", "0", "5"]);
    assert_eq!(
        of(array(&[2], vec![u64::MAX, u64::MAX - 1]))[..1],
        ["36893488147419103229"]
    );
    assert_eq!(
        of(array(&[2], vec![u64::MAX, u64::MAX - 1]))[2],
        "18446744073709551614"
    );
    assert_eq!(
        of(array(&[3], vec![1.0_f32, f64::NAN as f32, 0.5])),
        ["nan"; 4]
    );
    let tenths: f64 = method(&array(&[5000], vec![0.1; 5000]), "sum", vec![])
        .parse()
        .unwrap();
    assert!((tenths - 500.0).abs() < 1e-9);
    let empty = of(array(&[0], Vec::<f64>::new()));
    assert_eq!(
        (&*empty[0], &*empty[1]),
        (
            "0.0",
            "ValueError: array.mean: an array without elements has none"
        )
    );
}

#[test]
fn arrays_change_shape_and_type_and_become_lists() {
    let with = |name, args: Vec<Value>| method(&matrix(), name, args);
    assert_eq!(with("tolist", vec![]), "[[0, 1, 2], [3, 4, 5]]");
    assert_eq!(
        with("reshape", vec![vec![3i64, -1].into()]),
        "array([[0, 1], [2, 3], [4, 5]], 'i32')"
    );
    assert_eq!(
        with("reshape", vec![(-1i64).into()]),
        "array([0, 1, 2, 3, 4, 5], 'i32')"
    );
    assert!(with("reshape", vec![vec![-1i64, -1].into()]).contains("at most one of them -1"));
    assert!(with("reshape", vec![vec![4i64, -1].into()]).starts_with("ValueError: array.reshape"));
    assert_eq!(
        with("astype", vec!["float32".into()])[..12],
        *"array([[0.0,"
    );
    assert!(with("astype", vec!["f16".into()]).contains("no element type; there are u8, u16"));
    let floats = array(&[2], vec![-1.9, 300.0]);
    assert_eq!(
        method(&floats, "astype", vec!["i16".into()]),
        "array([-1, 300], 'i16')"
    );
    assert_eq!(
        method(&floats, "astype", vec!["i8".into()]),
        "ArithmeticError: array.astype: the number 300.0 does not fit in i8"
    );
    let hollow = array(&[1 << 30, 0], Vec::<u8>::new());
    assert!(method(&hollow, "tolist", vec![]).starts_with("LimitExceeded"));
    assert!(iterate(&hollow).is_err());
}

#[test]
fn operators_work_element_by_element() {
    let with = |op, a: Value, b: Value| shown(arithmetic(op, &a, &b));
    let bytes = || array(&[2], vec![1_u8, 200]);
    assert_eq!(
        with(Arithmetic::Add, bytes(), 1i64.into()),
        "array([2, 201], 'u8')"
    );
    assert_eq!(
        with(Arithmetic::Sub, 201i64.into(), bytes()),
        "array([200, 1], 'u8')"
    );
    assert_eq!(
        with(Arithmetic::Div, bytes(), 2i64.into()),
        "array([0.5, 100.0], 'f64')"
    );
    assert_eq!(
        with(Arithmetic::Mul, bytes(), 0.5.into()),
        "array([0.5, 100.0], 'f64')"
    );
    assert_eq!(
        with(Arithmetic::FloorDiv, bytes(), 7i64.into()),
        "array([0, 28], 'u8')"
    );
    assert_eq!(
        with(Arithmetic::Add, bytes(), array(&[2], vec![-2_i8, 1])),
        "array([-1, 201], 'i16')"
    );
    assert_eq!(
        with(Arithmetic::Mul, array(&[1], vec![0.1_f32]), 2i64.into()),
        "array([0.2], 'f32')"
    );
    assert_eq!(
        with(Arithmetic::Div, array(&[1], vec![1.0]), 0i64.into()),
        "array([inf], 'f64')"
    );
    assert_eq!(
        shown(unary(Unary::Neg, &matrix())),
        "array([[0, -1, -2], [-3, -4, -5]], 'i32')"
    );
    assert_eq!(
        with(Arithmetic::Add, bytes(), 100i64.into()),
        "ArithmeticError: the integer 300 does not fit in an array of u8; convert the array with astype()"
    );
    assert_eq!(
        with(Arithmetic::Mod, bytes(), 0i64.into()),
        "ArithmeticError: division by zero"
    );
    assert_eq!(
        with(Arithmetic::Add, bytes(), matrix()),
        "ValueError: + of an array of u8 of shape [2] and an array of i32 of shape [2, 3]: the shapes differ"
    );
    assert_eq!(
        with(Arithmetic::Add, bytes(), vec![1i64].into()),
        "TypeError: unsupported operand types for +: array and list"
    );
}

#[test]
fn as_a_whole_an_array_is_compared_and_true_like_a_list() {
    assert!(equal(&matrix(), &matrix()).unwrap());
    assert!(!equal(&matrix(), &5i64.into()).unwrap());
    assert!(compare(&matrix(), &matrix()).is_err());
    assert!(truth(&matrix()).unwrap() && !truth(&array(&[0], Vec::<u8>::new())).unwrap());
    assert!(
        contains(&matrix(), &5.0.into()).unwrap() && !contains(&matrix(), &"5".into()).unwrap()
    );
}

#[test]
fn lists_and_arrays_become_arrays() {
    let made = |value: Value, element| shown(from_value(&value, element).map(Value::Array));
    assert_eq!(made(vec![1i64, 2].into(), None), "array([1, 2], 'i64')");
    assert_eq!(
        made(key(&[1i64.into(), 2.5.into()]), None),
        "array([1.0, 2.5], 'f64')"
    );
    assert_eq!(
        made(vec![vec![1i64], vec![2]].into(), Some(ElementType::U8)),
        "array([[1], [2]], 'u8')"
    );
    assert_eq!(
        made(5i64.into(), Some(ElementType::F32)),
        "array(5.0, 'f32')"
    );
    assert_eq!(
        made(matrix(), Some(ElementType::I8))[..18],
        *"array([[0, 1, 2], "
    );
    assert!(
        made("x".into(), None).starts_with("TypeError: expected an array of i64, got the text")
    );
}

#[test]
fn an_array_that_was_left_there_answers_like_one() {
    let object = Proxy::local(Arc::new(Data::new(matrix())));
    assert_eq!((object.type_name(), object.len().unwrap()), ("array", 2));
    assert_eq!(object.get::<Vec<usize>>("shape").unwrap(), [2, 3]);
    assert_eq!(object.get::<String>("dtype").unwrap(), "i32");
    assert_eq!(object.call::<i64>("sum", ()).unwrap(), 15);
    assert_eq!(object.get_item::<i32>((1, 2)).unwrap(), 5);
    let rows: Vec<Array<i32>> = object.iter().unwrap().collect::<Result<_>>().unwrap();
    assert_eq!(rows[1], [3, 4, 5].into());
    object.set_item(slice(..1), 7).unwrap();
    assert_eq!(
        object.value::<Array<i32>>().unwrap().as_slice(),
        [7, 7, 7, 3, 4, 5]
    );
    let error = object.get::<Value>("shap").unwrap_err();
    assert!(error.message().contains("did you mean `shape`?"), "{error}");
}
