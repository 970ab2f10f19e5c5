//! Whatever serde can write arrives as it was.

use std::collections::{BTreeMap, BTreeSet};

use locum::{Array, Bytes, Map, Slice, Value};
use proptest::collection::{btree_map, btree_set, vec};
use proptest::prelude::*;
use serde::{Deserialize, Serialize};

use super::{received, sent, tries};

/// Every shape that serde knows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Any {
    Unit,
    Null(()),
    Bool(bool),
    Signed(i8, i16, i32, i64),
    Unsigned(u8, u16, u32, u64),
    Wide(i128),
    WideUnsigned(u128),
    Single(f32),
    Double(f64),
    Char(char),
    Text(String),
    Bytes(Bytes),
    Slice(Slice),
    Samples(Array<i16>),
    Image(Array<u8>),
    Named(UnitStruct, Newtype),
    Maybe(Option<Box<Any>>),
    List(Vec<Any>),
    Tuple(Box<(Any, bool, Any)>),
    Map(BTreeMap<String, Any>),
    ByNumber(BTreeMap<i64, Any>),
    ByTuple(BTreeMap<(bool, String), u8>),
    Set(BTreeSet<char>),
    Struct {
        first: Box<Any>,
        second: Option<i64>,
        third: Vec<Option<String>>,
    },
    Tagged(Box<Tagged>),
    Untagged(Vec<Untagged>),
    Flat(Flat),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct UnitStruct;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Newtype(i64);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind")]
enum Tagged {
    Nothing,
    Something {
        text: String,
        numbers: Vec<i64>,
        inner: Option<Box<Tagged>>,
    },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
enum Untagged {
    Number(i64),
    Text(String),
    Pair(bool, f64),
    Named { name: String },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Flat {
    own: u8,
    #[serde(flatten)]
    rest: BTreeMap<String, i64>,
}

fn number() -> impl Strategy<Value = f64> {
    any::<f64>().prop_filter("NaN equals nothing", |x| !x.is_nan())
}

fn bytes() -> impl Strategy<Value = Bytes> {
    // Short ones travel in the item, long ones beside it.
    prop_oneof![vec(any::<u8>(), 0..20), vec(any::<u8>(), 505..520)].prop_map(Bytes::from)
}

fn image() -> impl Strategy<Value = Array<u8>> {
    (0..9_usize, 0..9_usize).prop_flat_map(|(rows, columns)| {
        vec(any::<u8>(), rows * columns)
            .prop_map(move |bytes| Array::new([rows, columns], bytes).unwrap())
    })
}

fn slice() -> impl Strategy<Value = Slice> {
    any::<(Option<i64>, Option<i64>, Option<i64>)>().prop_map(|(start, stop, step)| Slice {
        start,
        stop,
        step,
    })
}

fn tagged() -> impl Strategy<Value = Tagged> {
    let leaf = Just(Tagged::Nothing);
    leaf.prop_recursive(3, 8, 1, |inner| {
        (
            any::<String>(),
            vec(any::<i64>(), 0..3),
            proptest::option::of(inner),
        )
            .prop_map(|(text, numbers, inner)| Tagged::Something {
                text,
                numbers,
                inner: inner.map(Box::new),
            })
    })
}

fn untagged() -> impl Strategy<Value = Untagged> {
    prop_oneof![
        any::<i64>().prop_map(Untagged::Number),
        any::<String>().prop_map(Untagged::Text),
        (any::<bool>(), number()).prop_map(|(a, b)| Untagged::Pair(a, b)),
        any::<String>().prop_map(|name| Untagged::Named { name }),
    ]
}

fn leaf() -> impl Strategy<Value = Any> {
    prop_oneof![
        prop_oneof![
            Just(Any::Unit),
            Just(Any::Null(())),
            any::<bool>().prop_map(Any::Bool),
            any::<(i8, i16, i32, i64)>().prop_map(|(a, b, c, d)| Any::Signed(a, b, c, d)),
            any::<(u8, u16, u32, u64)>().prop_map(|(a, b, c, d)| Any::Unsigned(a, b, c, d)),
            any::<i128>().prop_map(Any::Wide),
            any::<u128>().prop_map(Any::WideUnsigned),
            any::<f32>()
                .prop_filter("NaN", |x| !x.is_nan())
                .prop_map(Any::Single),
            number().prop_map(Any::Double),
        ],
        prop_oneof![
            any::<char>().prop_map(Any::Char),
            any::<String>().prop_map(Any::Text),
            bytes().prop_map(Any::Bytes),
            slice().prop_map(Any::Slice),
            vec(any::<i16>(), 0..300).prop_map(|it| Any::Samples(it.into())),
            image().prop_map(Any::Image),
            any::<i64>().prop_map(|n| Any::Named(UnitStruct, Newtype(n))),
            btree_map(any::<(bool, String)>(), any::<u8>(), 0..4).prop_map(Any::ByTuple),
            btree_set(any::<char>(), 0..4).prop_map(Any::Set),
            tagged().prop_map(|it| Any::Tagged(Box::new(it))),
            vec(untagged(), 0..4).prop_map(Any::Untagged),
            (any::<u8>(), btree_map("[a-z]{4,6}", any::<i64>(), 0..4))
                .prop_map(|(own, rest)| Any::Flat(Flat { own, rest })),
        ],
    ]
}

fn anything() -> impl Strategy<Value = Any> {
    leaf().prop_recursive(6, 40, 5, |inner| {
        let boxed = inner.clone().prop_map(Box::new);
        prop_oneof![
            proptest::option::of(boxed.clone()).prop_map(Any::Maybe),
            vec(inner.clone(), 0..5).prop_map(Any::List),
            (inner.clone(), any::<bool>(), inner.clone()).prop_map(|it| Any::Tuple(Box::new(it))),
            btree_map(any::<String>(), inner.clone(), 0..4).prop_map(Any::Map),
            btree_map(any::<i64>(), inner, 0..4).prop_map(Any::ByNumber),
            (
                boxed,
                any::<Option<i64>>(),
                vec(any::<Option<String>>(), 0..3)
            )
                .prop_map(|(first, second, third)| Any::Struct {
                    first,
                    second,
                    third
                }),
        ]
    })
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i128>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        bytes().prop_map(Value::from),
        slice().prop_map(Value::from),
        vec(any::<f64>(), 0..90).prop_map(|it| Value::from(Array::from(it))),
        image().prop_map(Value::from),
    ];
    let is_nan = |value: &Value| matches!(value, Value::Float(x) if x.is_nan());
    leaf.prop_recursive(6, 40, 5, move |inner| {
        // A key that equals no key, itself included, could be there twice.
        let key = inner
            .clone()
            .prop_filter("NaN as a key", move |key| !is_nan(key));
        prop_oneof![
            vec(inner.clone(), 0..5).prop_map(Value::from),
            vec((key, inner), 0..4)
                .prop_map(|entries| Value::from(entries.into_iter().collect::<Map>())),
        ]
    })
}

proptest! {
    #![proptest_config(tries(512))]

    #[test]
    fn any_data_arrives_as_it_was(data in anything()) {
        let back: Any = received(sent(&data).unwrap()).unwrap();
        prop_assert_eq!(back, data);
    }

    #[test]
    fn any_data_is_a_value_too_and_comes_back_from_it(data in anything()) {
        let is_beyond = |error: &locum::Error| error.message().contains("out of range");
        match received::<Value>(sent(&data).unwrap()) {
            Ok(value) => {
                let back: Any = locum::from_value(&value).unwrap();
                prop_assert_eq!(back, data);
            }
            // A value holds integers of 128 bits with a sign.
            Err(error) => prop_assert!(is_beyond(&error), "{error}"),
        }
    }

    #[test]
    fn any_value_arrives_as_it_was(value in value()) {
        let back: Value = received(sent(&value).unwrap()).unwrap();
        // By their text: equality alone would take 1.0 for 1, and NaN for nothing.
        prop_assert_eq!(format!("{back:?}"), format!("{value:?}"));
    }

    #[test]
    fn any_double_keeps_all_its_bits(bits in any::<u64>()) {
        let number = f64::from_bits(bits);
        let back: f64 = received(sent(&number).unwrap()).unwrap();
        prop_assert!(back.to_bits() == bits || (back.is_nan() && number.is_nan()));
    }

    #[test]
    fn any_integer_arrives_in_any_type_that_holds_it(number in any::<i64>(), shift in 0..64_u32) {
        let number = number >> shift;
        let parcel = sent(&number).unwrap();
        macro_rules! arrives {
            ($($ty:ty)+) => {$(
                let back = received::<$ty>(parcel.clone());
                match <$ty>::try_from(number) {
                    Ok(number) => prop_assert_eq!(back.unwrap(), number),
                    Err(_) => {
                        let error = back.unwrap_err();
                        prop_assert_eq!(error.kind(), locum::Kind::ValueError, "{}", error);
                    }
                }
            )+};
        }
        arrives!(i8 i16 i32 i64 i128 u8 u16 u32 u64 u128);
    }
}
