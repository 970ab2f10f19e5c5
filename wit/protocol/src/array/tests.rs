//! Arrays by themselves, and through the codec.

use std::fmt::Debug;

use proptest::collection::vec;
use proptest::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::*;
use crate::{INLINE_BYTES, Kind, Parcel, PeerLimits, Value, codec, from_value, to_value};

/// What arrives of a value, after the check of whoever receives it.
fn arrived<T: DeserializeOwned>(value: &impl Serialize) -> Result<T> {
    let parcel = Parcel::encode(value)?;
    codec::check(
        &parcel.item,
        0,
        &parcel.buffers,
        &PeerLimits::default(),
        &mut Vec::new(),
    )?;
    parcel.decode()
}

fn refusal<T: Debug>(result: Result<T>) -> String {
    result.unwrap_err().to_string()
}

/// Its own elements at an address that is not aligned for any but bytes.
fn unaligned<T: Element>(array: &Array<T>) -> AnyArray {
    let bytes = bytemuck::cast_slice::<T, u8>(array.as_slice());
    let mut any = array.any.clone();
    // A vector of wide numbers is aligned; one byte later nothing in it is.
    let shifted = [&[0], bytes].concat();
    any.bytes = Bytes::from(&shifted[1..]);
    any
}

#[test]
fn a_shape_must_fit_the_elements() {
    let array = Array::new([2, 3], vec![1, 2, 3, 4, 5, 6]).unwrap();
    assert_eq!(
        (array.shape(), array.ndim(), array.len()),
        (&[2, 3][..], 2, 6)
    );
    assert_eq!(
        refusal(Array::new([2, 2], vec![1_u8])),
        "ValueError: an array of shape [2, 2] has 4 elements, got 1"
    );
    assert!(refusal(Array::<f64>::zeros([usize::MAX, 2])).contains("larger than the memory"));
    assert!(refusal(array.reshape([7])).contains("can not take the shape [7], which has 7"));
    assert_eq!(array.reshape([3, 2]).unwrap().get(&[2, 1]), Some(6));
}

#[test]
fn an_element_is_found_by_one_index_for_each_dimension() {
    let array = Array::from_fn([2, 3], |index| (10 * index[0] + index[1]) as i16).unwrap();
    assert_eq!(array.as_slice(), [0, 1, 2, 10, 11, 12]);
    assert_eq!(array.get(&[1, 2]), Some(12));
    for outside in [&[2, 0][..], &[0, 3], &[0], &[0, 0, 0], &[usize::MAX, 1]] {
        assert_eq!(array.get(outside), None, "{outside:?}");
    }
    let number = Array::new([], vec![5_u64]).unwrap();
    assert_eq!(
        (number.get(&[]), number.ndim(), number.len()),
        (Some(5), 0, 1)
    );
}

#[test]
fn a_clone_shares_its_elements_until_one_is_changed() {
    let mut array = Array::from([1.0, 2.0]);
    let place = array.as_slice().as_ptr();
    let clone = array.clone();
    assert_eq!(clone.as_slice().as_ptr(), place);
    array.make_mut()[0] = 5.0;
    assert_eq!(
        (array.as_slice(), clone.as_slice()),
        (&[5.0, 2.0][..], &[1.0, 2.0][..])
    );
    let place = array.as_slice().as_ptr();
    array.make_mut()[1] = 6.0;
    assert_eq!(
        array.as_slice().as_ptr(),
        place,
        "nobody shares it any more"
    );
}

#[test]
fn a_vector_is_taken_over_and_given_back() {
    let elements = vec![1_i32, -2, 3];
    let place = elements.as_ptr();
    let array = Array::from(elements);
    assert_eq!(array.as_slice().as_ptr(), place);
    let elements = array.into_vec();
    assert_eq!(elements.as_ptr(), place);
    assert_eq!((1..4_u16).collect::<Array<_>>().to_vec(), [1, 2, 3]);
    assert_eq!(Array::from(&[1_u8, 2][..]).iter().max(), Some(2));
}

#[test]
fn what_is_sent_is_what_the_array_holds_and_no_copy() {
    let array = Array::from_vec(vec![0.5_f64; INLINE_BYTES]);
    let parcel = Parcel::encode(&array).unwrap();
    assert_eq!(parcel.buffers[0].as_ptr(), array.as_slice().as_ptr().cast());
    let back: Array<f64> = parcel.decode().unwrap();
    assert_eq!(back.as_slice().as_ptr(), array.as_slice().as_ptr());
}

#[test]
fn what_arrives_is_used_where_it_is_when_it_is_aligned() {
    let bytes: Bytes = zeros::<f64>(1000);
    let any = AnyArray::line(ElementType::F64, bytes);
    let array = Array::<f64>::try_from(any.clone()).unwrap();
    assert_eq!(array.as_slice().as_ptr().cast(), any.bytes.as_ptr());
}

#[test]
fn zeros_leave_as_the_vector_that_they_are_in() {
    let mut array = Array::<f64>::zeros([100]).unwrap();
    array.make_mut()[99] = 1.0;
    let place = array.as_slice().as_ptr();
    let bytes = array.any.bytes.into_vec();
    // Not so where an allocator gives bytes an odd address; then they are copied.
    if (bytes.as_ptr() as usize).is_multiple_of(8) && !cfg!(miri) {
        assert_eq!(bytes.as_ptr(), place.cast());
    }
    assert_eq!(bytes[792..], 1_f64.to_ne_bytes());
}

#[test]
fn an_array_of_another_type_is_refused_by_both_names() {
    let numbers = Array::from([1_i32, 2, 3]);
    assert_eq!(
        refusal(arrived::<Array<f64>>(&numbers)),
        "TypeError: expected an array of f64, got an array of i32 of shape [3]"
    );
    assert_eq!(
        refusal(arrived::<Vec<Array<u8>>>(&[&numbers])),
        "TypeError: expected an array of u8, got an array of i32 of shape [3] at `[0]`"
    );
    assert_eq!(
        refusal(arrived::<String>(&numbers)),
        "TypeError: expected text, got an array of i32 of shape [3]"
    );
    assert_eq!(
        refusal(arrived::<Array<f64>>(&"text")),
        "TypeError: expected an array of f64, got the text \"text\""
    );
    let map = std::collections::BTreeMap::from([("shape", 1)]);
    assert_eq!(
        refusal(arrived::<Array<f64>>(&map)),
        "TypeError: expected an array of f64, got a map"
    );
}

#[test]
fn lists_of_numbers_are_arrays_where_one_is_expected() {
    assert_eq!(
        arrived::<Array<f64>>(&(1, 2.5, -3)).unwrap(),
        [1.0, 2.5, -3.0].into()
    );
    assert_eq!(
        arrived::<Array<u8>>(&[1.0, 255.0]).unwrap(),
        [1, 255].into()
    );
    let nested = [[[1], [2]], [[3], [4]], [[5], [6]]];
    let array: Array<i64> = arrived(&nested).unwrap();
    assert_eq!(array, Array::new([3, 2, 1], (1..7).collect()).unwrap());
    let empty: Array<i64> = arrived(&[[0; 0], [0; 0]]).unwrap();
    assert_eq!(empty.shape(), [2, 0]);
    assert_eq!(arrived::<Array<f32>>(&[0; 0]).unwrap(), Array::default());
    assert_eq!(
        arrived::<Array<u8>>(&Bytes::from(b"ab")).unwrap(),
        [97, 98].into()
    );
}

#[test]
fn what_is_no_array_among_lists_is_refused_at_its_place() {
    let refused = |value: Value| refusal(arrived::<Array<u8>>(&value));
    let list = |items: &[Value]| Value::List(items.to_vec());
    assert_eq!(
        refused(vec![1i64, 300].into()),
        "ValueError: expected an integer from 0 to 255, got the integer 300 at `[1]`"
    );
    assert_eq!(
        refused(vec![0.5].into()),
        "TypeError: expected an integer, got the number 0.5 at `[0]`"
    );
    assert!(refused(list(&[1i64.into(), "x".into()])).contains("got the text \"x\" at `[1]`"));
    let (one, two) = (Value::from(vec![1i64]), Value::from(vec![1i64, 2]));
    for ragged in [
        list(&[one.clone(), two]),
        list(&[one.clone(), 1i64.into()]),
        list(&[1i64.into(), one.clone()]),
        list(&[list(&[]), one.clone()]),
        list(&[list(&[]), 1i64.into()]),
        list(&[vec![one.clone()].into(), one]),
    ] {
        assert!(refused(ragged).contains("lists of different lengths or depths are no array"));
    }
    let deep = (0..33).fold(Value::from(1i64), |inner, _| Value::List(vec![inner]));
    assert!(refused(deep).contains("at most 32 dimensions"));
}

#[test]
fn an_array_is_a_list_where_one_is_expected() {
    let matrix = Array::new([2, 3], vec![1_u8, 2, 3, 4, 5, 6]).unwrap();
    let rows: Vec<Vec<i64>> = arrived(&matrix).unwrap();
    assert_eq!(rows, [[1, 2, 3], [4, 5, 6]]);
    let fixed: ([f64; 3], (u8, u8, u8)) = arrived(&matrix).unwrap();
    assert_eq!(fixed, ([1.0, 2.0, 3.0], (4, 5, 6)));
    let maybe: Vec<Option<Vec<f32>>> = arrived(&matrix).unwrap();
    assert_eq!(maybe[1], Some(vec![4.0, 5.0, 6.0]));
    assert_eq!(
        arrived::<Vec<i64>>(&Array::from([1.0, -2.0])).unwrap(),
        [1, -2]
    );
    assert_eq!(
        refusal(arrived::<Vec<i64>>(&Array::from([1.0, 0.5]))),
        "TypeError: expected an integer, got the number 0.5 at `[1]`"
    );
    assert_eq!(
        refusal(arrived::<[u8; 2]>(&Array::from([1_u8, 2, 3]))),
        "ValueError: expected a list of 2, got 3"
    );
    assert_eq!(
        arrived::<Bytes>(&Array::from([97_u8, 98])).unwrap(),
        Bytes::from(b"ab")
    );
    let values: Vec<Value> = arrived(&Array::from([1.5_f32])).unwrap();
    assert_eq!(values, [Value::Float(1.5)]);
}

#[test]
fn an_array_without_elements_does_not_become_endless_lists() {
    let hollow = Array::<u8>::zeros([1 << 30, 0]).unwrap();
    assert_eq!(arrived::<Array<u8>>(&hollow).unwrap().shape(), [1 << 30, 0]);
    let error = arrived::<Vec<Vec<u8>>>(&hollow).unwrap_err();
    assert_eq!(error.kind(), Kind::LimitExceeded);
    assert!(error.message().contains("take it as an array"), "{error}");
    let few: Vec<Vec<u8>> = arrived(&Array::<u8>::zeros([3, 0]).unwrap()).unwrap();
    assert_eq!(few, [[0; 0]; 3]);
}

#[test]
fn arrays_stand_anywhere_inside_of_data() {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(untagged)]
    enum Signal {
        Samples { samples: Array<f32> },
        Name(String),
    }
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Flat {
        #[serde(flatten)]
        signal: Signal,
    }
    let samples = Array::new([2, 2], vec![0.1, 0.2, 0.3, 0.4]).unwrap();
    let flat = Flat {
        signal: Signal::Samples { samples },
    };
    assert_eq!(arrived::<Flat>(&flat).unwrap(), flat);
    let value = to_value(&flat).unwrap();
    assert_eq!(from_value::<Flat>(&value).unwrap(), flat);
}

#[test]
fn another_format_gets_the_shape_and_a_list() {
    let array = Array::new([1, 2], vec![1.0_f32, 0.1]).unwrap();
    let json = serde_json::to_string(&array).unwrap();
    assert_eq!(json, r#"{"dtype":"f32","shape":[1,2],"data":[1.0,0.1]}"#);
    assert_eq!(serde_json::from_str::<Array<f32>>(&json).unwrap(), array);
    let list: Array<i8> = serde_json::from_str("[[1], [-2]]").unwrap();
    assert_eq!(list.shape(), [2, 1]);
    let wrong = r#"{"shape":[3],"data":[1]}"#;
    assert!(serde_json::from_str::<Array<i8>>(wrong).is_err());
}

#[test]
fn an_array_is_shown_as_lists_with_its_type_and_shape() {
    let shown = |array: &dyn Debug| format!("{array:?}");
    let matrix = Array::new([2, 2], vec![1, 2, 3, 4]).unwrap();
    assert_eq!(
        shown(&matrix),
        "array([[1, 2], [3, 4]], 'i32', shape=[2, 2])"
    );
    let floats = Array::from([0.1_f32, 1e16, f32::NAN, -0.0]);
    assert_eq!(
        shown(&floats),
        "array([0.1, 1e+16, nan, -0.0], 'f32', shape=[4])"
    );
    let long = Array::from_vec((0..1000_u16).collect());
    assert_eq!(
        shown(&long),
        "array([0, 1, 2, ..., 997, 998, 999], 'u16', shape=[1000])"
    );
    let image = Array::<u8>::zeros([1000, 2]).unwrap();
    assert_eq!(
        shown(&image),
        "array([[0, 0], [0, 0], [0, 0], ..., [0, 0], [0, 0], [0, 0]], 'u8', shape=[1000, 2])"
    );
    let narrow = Array::<u8>::zeros([2; 16]).unwrap();
    assert!(shown(&narrow).starts_with("array(..., 'u8', shape=[2, 2,"));
    let hollow = Array::<u8>::zeros([1 << 30, 0]).unwrap();
    assert_eq!(shown(&hollow), "array([], 'u8', shape=[1073741824, 0])");
    let number = Array::new([], vec![5_i8]).unwrap();
    assert_eq!(shown(&number), "array(5, 'i8', shape=[])");
}

#[test]
fn arrays_are_equal_when_their_shapes_and_numbers_are() {
    let array = Array::from([1.0, 2.0]);
    assert_eq!(array, Array::from([1.0, 2.0]));
    assert_ne!(array, array.reshape([2, 1]).unwrap());
    assert_ne!(Array::from([f64::NAN]), Array::from([f64::NAN]));
    assert_eq!(Value::from(array), Value::from(Array::from([1_u8, 2])));
    assert_ne!(Value::from(Array::from([1_u8])), Value::from(vec![1i64]));
}

fn keeps_everything<T: Element>(elements: Vec<T>, shape: &[usize]) {
    let array = Array::new(shape, elements).unwrap();
    let back: Array<T> = arrived(&array).unwrap();
    // By their bytes: a NaN must come through too.
    assert_eq!(back.any.bytes, array.any.bytes);
    assert_eq!(back.shape(), shape);
    let value: Value = arrived(&array).unwrap();
    let again: Array<T> = from_value(&value).unwrap();
    assert_eq!(again.any.bytes, array.any.bytes);
    let moved = Array::<T>::try_from(unaligned(&array)).unwrap();
    assert_eq!(moved.any.bytes, array.any.bytes);
    assert_eq!(moved.as_slice().len(), array.len());
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: if cfg!(miri) { 4 } else { 64 },
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn an_array_of_any_type_and_shape_arrives_as_it_was(
        dims in vec(0..6_usize, 0..5),
        seed in any::<u64>(),
    ) {
        let count: usize = dims.iter().product();
        for element in ElementType::ALL {
            with_element!(element, T => {
                let mut state = seed;
                let elements = (0..count).map(|_| {
                    state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                    bytemuck::pod_read_unaligned::<T>(&state.to_ne_bytes()[..size_of::<T>()])
                });
                keeps_everything(elements.collect(), &dims);
            });
        }
    }

    #[test]
    fn an_array_of_numbers_is_the_list_of_them(numbers in vec(any::<i32>(), 0..300)) {
        let array = Array::from(&numbers[..]);
        prop_assert_eq!(&arrived::<Vec<i32>>(&array).unwrap(), &numbers);
        prop_assert_eq!(&arrived::<Array<i32>>(&numbers).unwrap(), &array);
    }

    #[test]
    fn no_bytes_under_the_tags_of_arrays_do_harm(
        tag in prop_oneof![Just(40_u8), 64..88_u8],
        inner in prop_oneof![Just(None), (64..88_u8).prop_map(Some)],
        dims in vec(any::<u64>(), 0..4),
        bytes in vec(any::<u8>(), 0..40),
    ) {
        let mut item = vec![0xD8, tag];
        if tag == 40 {
            item.extend([0x82, 0x80 | dims.len() as u8]);
            // Some that fit, some that do not.
            for len in &dims {
                item.push(0x1B);
                item.extend((len % 9 * (len >> 60).max(1)).to_be_bytes());
            }
            item.extend(inner.map(|inner| [0xD8, inner]).unwrap_or_default());
        }
        item.extend([0x58, bytes.len() as u8]);
        item.extend(&bytes);
        let checked = codec::check(&item, 0, &[], &PeerLimits::default(), &mut Vec::new());
        let parcel = Parcel {
            item: item.into(),
            ..Parcel::default()
        };
        let value = parcel.decode::<Value>();
        let _ = parcel.decode::<Vec<f64>>();
        let _ = parcel.decode::<Array<f64>>();
        match checked {
            Ok(()) => {
                let Ok(Value::Array(array)) = value else {
                    return Err(TestCaseError::fail("not what was checked"));
                };
                prop_assert_eq!(array.len() * array.element_type().size(), bytes.len());
                prop_assert_eq!(array.len(), count(array.shape()));
            }
            Err(error) => prop_assert_eq!(error.kind(), Kind::Decode),
        }
    }
}
