//! What is read of an item that has been checked.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::*;
use crate::limits::MAX_ITEM_DEPTH;
use crate::{Bytes, Parcel, Value, callback};

fn read<T: DeserializeOwned>(item: &[u8]) -> Result<T, CodecError> {
    T::deserialize(&mut Decoder::new(item, &[], &[]))
}

#[test]
fn what_came_in_at_the_deepest_place_goes_out_again() {
    let slice = [0xD9, 0x4C, 0x53, 0x83, 0x01, 0x02, 0xF6];
    let array = [0xD8, 0x40, 0x41, 0x07];
    for inner in [&slice[..], &array, &[0x01]] {
        let item = [&[0x81; MAX_ITEM_DEPTH], inner].concat();
        let value: Value = read(&item).unwrap();
        assert_eq!(Parcel::encode(&value).unwrap().item(), item);
    }
}

#[derive(Debug, PartialEq, Deserialize)]
enum Shape {
    Empty,
    Circle(f64),
}

#[test]
fn a_tag_that_is_passed_over_changes_nothing() {
    // 6(...), and the tag that says that an item is CBOR.
    for tags in [&[0xC6][..], &[0xD9, 0xD9, 0xF7, 0xC6]] {
        let under = |item: &[u8]| [tags, item].concat();
        assert_eq!(read::<Option<i64>>(&under(&[0xF6])).unwrap(), None);
        assert_eq!(read::<Option<i64>>(&under(&[0x05])).unwrap(), Some(5));
        assert_eq!(read::<i64>(&under(&[0xF9, 0x40, 0x00])).unwrap(), 2);
        assert_eq!(read::<Vec<u8>>(&under(&[0x42, 1, 2])).unwrap(), [1, 2]);
        assert_eq!(
            read::<Bytes>(&under(&[0x42, 1, 2])).unwrap(),
            [1, 2][..].into()
        );
        assert_eq!(read::<(u8, u8)>(&under(&[0x82, 1, 2])).unwrap(), (1, 2));
        let empty = under(&[0x65, b'E', b'm', b'p', b't', b'y']);
        assert_eq!(read::<Shape>(&empty).unwrap(), Shape::Empty);
        let circle = under(&[0xA1, 0x66, b'C', b'i', b'r', b'c', b'l', b'e', 0x02]);
        assert_eq!(read::<Shape>(&circle).unwrap(), Shape::Circle(2.0));
        // The tags of arrays and big integers do mean something.
        assert_eq!(
            read::<Vec<u16>>(&under(&[0xD8, 0x45, 0x42, 1, 0])).unwrap(),
            [1]
        );
        assert_eq!(read::<i128>(&under(&[0xC3, 0x41, 0x01])).unwrap(), -2);
    }
}

#[test]
fn an_object_under_a_tag_is_that_object_and_nothing_else() {
    let mut parcel = Parcel::encode(&callback(|| ())).unwrap();
    assert!(parcel.as_object().is_some());
    parcel.item = [&[0xC6], &*parcel.item].concat().into();
    assert!(parcel.as_object().is_some());
    let listed = Parcel::encode(&[callback(|| ())]).unwrap();
    assert!(listed.as_object().is_none());
}
