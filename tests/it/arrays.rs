//! Numeric arrays: whole, in shape, and without work per element.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use locum::{
    AnyArray, Array, Bytes, Element, Kind, PeerLimits, Proxy, Result, Value, args, callback, slice,
};
use locum_protocol::{INLINE_BYTES, WireParcel};
use locum_tests::{Message, SAMPLES, Subject, refused, wire};
use serde::{Deserialize, Serialize};

/// Data of the host's with arrays in it; the plugin `samples` has the same.
#[derive(Serialize, Deserialize)]
struct Recording {
    label: String,
    channels: Vec<Array<i16>>,
    spectrum: Option<Array<f32>>,
    frames: BTreeMap<String, (Array<u8>, Proxy)>,
}

fn echoed<T: Element>(subject: &Subject, array: &Array<T>) -> Result<Array<T>> {
    subject.import("samples")?.call("echo", (array,))
}

/// Counts up, so that no two elements that lie near each other are equal.
fn counting(shape: &[usize]) -> Array<f64> {
    let mut next = 0.0;
    let number = |_: &[usize]| {
        next += 0.5;
        next
    };
    Array::from_fn(shape, number).unwrap()
}

#[test]
fn r27_an_array_of_every_element_type_comes_back_as_it_was() {
    fn every<T: Element>(subject: &Subject, extremes: [T; 3]) -> Result<()> {
        let few = Array::from(extremes);
        assert_eq!(echoed(subject, &few)?, few);
        let many = Array::from(extremes.repeat(1000));
        assert_eq!(echoed(subject, &many)?, many);
        Ok(())
    }
    SAMPLES.over_both(|subject| {
        every(subject, [0, 1, u8::MAX])?;
        every(subject, [0, 1, u16::MAX])?;
        every(subject, [0, 1, u32::MAX])?;
        every(subject, [0, 1, u64::MAX])?;
        every(subject, [i8::MIN, -1, i8::MAX])?;
        every(subject, [i16::MIN, -1, i16::MAX])?;
        every(subject, [i32::MIN, -1, i32::MAX])?;
        every(subject, [i64::MIN, -1, i64::MAX])?;
        every(subject, [f32::MIN_POSITIVE, 0.1, f32::INFINITY])?;
        every(subject, [f64::MIN_POSITIVE, -0.1, f64::NEG_INFINITY])
    });
}

#[test]
fn r27_an_array_of_any_shape_comes_back_in_it() {
    SAMPLES.over_both(|subject| {
        for shape in [
            &[][..],
            &[0],
            &[3, 0, 2],
            &[1],
            &[7, 9],
            &[10, 20, 30],
            &[1; 32],
        ] {
            let array = counting(shape);
            let back = echoed(subject, &array)?;
            assert_eq!((back.shape(), &back), (shape, &array));
        }
        Ok(())
    });
}

#[test]
fn r27_a_not_a_number_keeps_all_its_bits() {
    SAMPLES.over_both(|subject| {
        let bits = [0x7FF8_0000_0000_0001, 0xFFF0_0000_0000_0002, 1 << 63];
        let array = Array::from(bits.map(f64::from_bits));
        let back = echoed(subject, &array)?;
        assert_eq!(back.map(f64::to_bits).to_vec(), bits);
        Ok(())
    });
}

#[test]
fn r27_a_plugin_calculates_on_the_elements() {
    SAMPLES.over_both(|subject| {
        let samples = subject.import("samples")?;
        let scaled: Array<f64> = samples.call("scale", args!(counting(&[2, 100]), by = 10))?;
        assert_eq!(scaled, counting(&[2, 100]).map(|x| 10.0 * x));
        let image = Array::new([2, 2], vec![0_u8, 1, 254, 255])?;
        let negative: Array<u8> = samples.call("negative", (&image,))?;
        assert_eq!(negative.as_slice(), [255, 254, 1, 0]);
        assert_eq!(
            image.as_slice(),
            [0, 1, 254, 255],
            "the host's own is as it was"
        );
        let table: Array<i64> = samples.call("table", (2, 3))?;
        assert_eq!(table, Array::new([2, 3], (0..6).collect())?);
        refused(
            samples.call::<Array<i64>>("table", (usize::MAX >> 33, usize::MAX >> 33)),
            Kind::ValueError,
            &["larger than the memory"],
        );
        Ok(())
    });
}

#[test]
fn r27_arrays_nest_anywhere_in_data_with_objects_between_them() {
    SAMPLES.over_both(|subject| {
        let counter = subject.make("Counter", (5,))?;
        let frame = |len: usize| (Array::from(vec![9_u8; len]), counter.clone());
        let recording = Recording {
            label: "birds".to_owned(),
            channels: vec![vec![1; 5].into(), vec![2; 5000].into()],
            spectrum: Some(Array::new([2, 1], vec![0.5, 1.5])?),
            frames: BTreeMap::from([("a".to_owned(), frame(3)), ("b".to_owned(), frame(5000))]),
        };
        let samples = subject.import("samples")?;
        let back: Recording = samples.call("reverse_channels", (&recording,))?;
        assert_eq!(back.label, "birds");
        assert_eq!(back.channels[0], recording.channels[1]);
        assert_eq!(back.channels[1], recording.channels[0]);
        assert_eq!(back.spectrum, recording.spectrum);
        assert_eq!(back.frames["b"].0.len(), 5000);
        assert!(back.frames["a"].1.same_object(&counter));
        Ok(())
    });
}

#[test]
fn r27_an_array_passes_through_a_relay_untouched() {
    SAMPLES.over_both(|subject| {
        let other = subject.another();
        let scale: Proxy = other.import("samples")?.get("scale")?;
        let (sent, samples) = (counting(&[30, 40]), subject.import("samples")?);
        let scaled: Array<f64> = samples.call("apply", (&scale, &sent, 2))?;
        assert_eq!(scaled, sent.map(|x| 2.0 * x));
        // A plugin hands one to the host, too.
        let seen = Arc::new(Mutex::new(Array::default()));
        let keep = seen.clone();
        let listener = callback(move |array: Array<f64>| *keep.lock().unwrap() = array);
        samples.call::<()>("apply", (listener, &sent))?;
        assert_eq!(*seen.lock().unwrap(), sent);
        drop((scale, samples));
        subject.settle();
        Ok(())
    });
}

#[test]
fn r27_a_list_of_numbers_is_an_array_where_one_is_asked_for() {
    SAMPLES.over_both(|subject| {
        let samples = subject.import("samples")?;
        let scaled: Array<f64> = samples.call("scale", ([1, 2, 3],))?;
        assert_eq!(scaled, [2.0, 4.0, 6.0].into());
        let scaled: Array<f64> = samples.call("scale", ([[1.5], [-2.0]],))?;
        assert_eq!(scaled, Array::new([2, 1], vec![3.0, -4.0])?);
        Ok(())
    });
}

#[test]
fn r27_an_array_is_a_list_where_one_is_asked_for() {
    SAMPLES.over_both(|subject| {
        let samples = subject.import("samples")?;
        assert_eq!(
            samples.call::<f64>("total", (Array::from([1_u8, 2, 3]),))?,
            6.0
        );
        let many = Array::from(vec![1_i32; 100_000]);
        assert_eq!(samples.call::<f64>("total", (many,))?, 100_000.0);
        let rows: Vec<Vec<i64>> = samples.call("table", (2, 2))?;
        assert_eq!(rows, [[0, 1], [2, 3]]);
        let bytes: Bytes = samples.call("negative", (Bytes::from(b"\x00\x0f"),))?;
        assert_eq!(bytes, Bytes::from(b"\xff\xf0"));
        Ok(())
    });
}

#[test]
fn r27_an_array_of_another_type_is_a_type_error_that_names_both() {
    SAMPLES.over_both(|subject| {
        let samples = subject.import("samples")?;
        let wrong = Array::from([1_i32, 2, 3]);
        refused(
            samples.call::<Value>("scale", (&wrong,)),
            Kind::TypeError,
            &[
                "scale: argument `array` (1): ",
                "expected an array of f64, got an array of i32 of shape [3]",
            ],
        );
        refused(
            samples.call::<Array<f32>>("scale", ([1],)),
            Kind::TypeError,
            &["expected an array of f32, got an array of f64 of shape [1]"],
        );
        let any: AnyArray = samples.call("echo", (&wrong,))?;
        assert_eq!((any.element_type().name(), any.shape()), ("i32", &[3][..]));
        assert!(Array::<f64>::try_from(any.clone()).is_err());
        assert_eq!(Array::<i32>::try_from(any)?, wrong);
        Ok(())
    });
}

#[test]
fn r27_an_array_that_was_left_there_is_worked_with_by_proxy() {
    SAMPLES.over_both(|subject| {
        let array = subject.transfer(&counting(&[100, 3]))?;
        assert_eq!((array.type_name(), array.len()?), ("array", 100));
        assert_eq!(array.get::<(usize, usize)>("shape")?, (100, 3));
        assert_eq!(array.get::<(String, usize)>("dtype").ok(), None);
        assert_eq!(array.get::<String>("dtype")?, "f64");
        assert_eq!(array.call::<f64>("sum", ())?, 22_575.0);
        assert_eq!(array.call::<f64>("max", ())?, 150.0);
        assert_eq!(array.get_item::<f64>((1, 0))?, 2.0);
        let rows: Array<f64> = array.get_item(slice(-2..))?;
        assert_eq!(rows.shape(), [2, 3]);
        let rows: Vec<Array<f64>> = array.iter()?.collect::<Result<_>>()?;
        assert_eq!(rows[99], [149.0, 149.5, 150.0].into());
        array.set_item((slice(..), 0), 0)?;
        array.set_item(1, [7, 8, 9])?;
        let changed: Array<f64> = array.value()?;
        assert_eq!(changed.as_slice()[..6], [0.0, 1.0, 1.5, 7.0, 8.0, 9.0]);
        let doubled: Array<f64> = array.call("__mul__", (2,))?;
        assert_eq!(doubled.get(&[1, 2]), Some(18.0));
        assert!(array.repr()?.ends_with("'f64', shape=[100, 3])"));
        Ok(())
    });
}

#[test]
fn r27_a_plugin_tells_of_arrays_by_their_element_type() {
    SAMPLES.over_both(|subject| {
        let info = subject.peer().describe()?;
        let functions = &info.modules[0].functions;
        let scale = functions.iter().find(|it| it.name == "scale").unwrap();
        assert_eq!(scale.params[0].type_name, "array[f64]");
        assert_eq!(scale.returns, "array[f64]");
        Ok(())
    });
}

// ---- without copies ----

/// A parcel as it goes over the wire.
fn sent(value: &impl Serialize) -> WireParcel {
    let (peer, wire) = wire(PeerLimits::default());
    let object = peer.import("x").unwrap();
    wire.sent();
    object.set("value", value).unwrap();
    match wire.sent().remove(0) {
        Message::SetAttr(_, _, parcel) => parcel,
        other => panic!("{other:?}"),
    }
}

/// A parcel as it is read at the other end.
fn received<R: serde::de::DeserializeOwned + 'static>(parcel: WireParcel) -> Result<R> {
    let (peer, wire) = wire(PeerLimits::default());
    let object = peer.import("x")?;
    wire.answer(parcel);
    object.get("value")
}

#[test]
fn r27_what_is_sent_is_the_vector_that_the_array_was_made_from() {
    let elements = vec![0.5_f64; INLINE_BYTES];
    let place = elements.as_ptr().cast::<u8>();
    let array = Array::new([2, INLINE_BYTES / 2], elements).unwrap();
    let parcel = sent(&vec![Some(&array)]);
    assert_eq!(parcel.buffers[0].as_ptr(), place);
    assert!(parcel.item.len() < 32, "nothing of it is in the item");
}

#[test]
fn r27_what_arrived_is_the_array_where_it_is() {
    let parcel = sent(&Array::from(vec![0.5_f64; INLINE_BYTES]));
    // As a door hands it over: a vector of bytes, which allocators align for any number.
    let bytes = parcel.buffers[0].to_vec();
    let place = bytes.as_ptr();
    let parcel = WireParcel {
        buffers: vec![bytes.into()],
        ..parcel
    };
    let array: Array<f64> = received(parcel).unwrap();
    if (place as usize).is_multiple_of(align_of::<f64>()) {
        assert_eq!(array.as_slice().as_ptr().cast(), place);
        let again = sent(&array);
        assert_eq!(
            again.buffers[0].as_ptr(),
            place,
            "and so it is when it is sent on"
        );
    }
    assert_eq!(array.len(), INLINE_BYTES);
}

// ---- from a peer that breaks the rules ----

fn item(bytes: &[u8]) -> WireParcel {
    WireParcel {
        item: bytes.into(),
        ..WireParcel::default()
    }
}

/// An answer that no decoder shall see.
#[track_caller]
fn is_refused(parcel: WireParcel, words: &[&str]) {
    refused(received::<Value>(parcel.clone()), Kind::Decode, words);
    refused(received::<Array<f64>>(parcel), Kind::Decode, words);
}

#[test]
fn r27_elements_that_are_cut_off_are_refused() {
    let words = ["7 bytes are no array of f64, whose elements have 8 bytes each"];
    is_refused(item(&[0xD8, 86, 0x47, 0, 0, 0, 0, 0, 0, 0]), &words);
    let beside = WireParcel {
        item: [0xD8, 86, 0xD9, 0x4C, 0x42, 0].into(),
        buffers: vec![Bytes::from(&[0; 7])],
        ..WireParcel::default()
    };
    is_refused(beside, &words);
    is_refused(
        item(&[0xD8, 86, 0x48, 0]),
        &["8 bytes are announced, 1 are there"],
    );
}

#[test]
fn r27_elements_that_are_no_bytes_are_refused() {
    let words = ["the elements of an array of f64 are bytes"];
    for inner in [
        &[0x01][..],
        &[0x80],
        &[0x61, b'a'],
        &[0xC1, 0x40],
        &[0x5F, 0xFF],
    ] {
        is_refused(item(&[&[0xD8, 86], inner].concat()), &words);
    }
    let elsewhere = item(&[0xD8, 86, 0xD9, 0x4C, 0x42, 0]);
    is_refused(elsewhere, &["it names 1 of the 0 buffers beside it"]);
}

#[test]
fn r27_a_shape_that_is_not_that_of_the_elements_is_refused() {
    let shaped = |dims: &[u8], bytes: &[u8]| {
        let elements = [&[0xD8, 64, 0x40 | bytes.len() as u8], bytes].concat();
        item(&[&[0xD8, 40, 0x82][..], dims, &elements].concat())
    };
    assert!(received::<Array<u8>>(shaped(&[0x82, 1, 2], &[7, 8])).is_ok());
    is_refused(
        shaped(&[0x82, 2, 2], &[7, 8]),
        &["an array of shape [2, 2] has 4 elements, got 2"],
    );
    let huge = [0x82, 0x1B, 0x80, 0, 0, 0, 0, 0, 0, 0, 2];
    is_refused(shaped(&huge, &[]), &["larger than the memory"]);
    is_refused(shaped(&[0x81, 0x20], &[7]), &["a whole number from 0"]);
    is_refused(shaped(&[0x9F, 1, 0xFF], &[7]), &["[[length...], elements]"]);
    is_refused(shaped(&[0x01], &[7]), &["[[length...], elements]"]);
    let many = [&[0x98, 33][..], &[1; 33]].concat();
    is_refused(shaped(&many, &[7]), &["at most 32 dimensions, got 33"]);
}

#[test]
fn r27_a_shape_over_anything_but_elements_is_refused() {
    for inner in [
        &[0x82, 1, 2][..],
        &[0xD8, 40, 0x82, 0x80, 0xD8, 64, 0x41, 1],
        &[0x42, 1, 2],
    ] {
        let parcel = item(&[&[0xD8, 40, 0x82, 0x81, 2], inner].concat());
        is_refused(parcel, &["[[length...], elements]"]);
    }
    is_refused(item(&[0xD8, 40, 0x81, 0x80]), &["[[length...], elements]"]);
    is_refused(item(&[0xD8, 40, 0x01]), &["[[length...], elements]"]);
}

#[test]
fn r27_elements_with_their_highest_byte_first_are_turned_round() {
    let parcel = item(&[0xD8, 65, 0x44, 1, 2, 3, 4]);
    assert_eq!(
        received::<Array<u16>>(parcel).unwrap(),
        [0x0102, 0x0304].into()
    );
    let parcel = item(&[&[0xD8, 82, 0x48][..], &1.5_f64.to_be_bytes()].concat());
    assert_eq!(received::<Array<f64>>(parcel).unwrap(), [1.5].into());
    let clamped = item(&[0xD8, 68, 0x42, 1, 2]);
    assert_eq!(received::<Array<u8>>(clamped).unwrap(), [1, 2].into());
}

#[test]
fn r27_arrays_that_no_type_here_holds_are_refused_with_what_to_send() {
    for (tag, words) in [
        (&[0xD8, 84][..], "an array of f16; send f32 (tag 85)"),
        (&[0xD8, 80], "an array of f16; send f32 (tag 85)"),
        (&[0xD8, 87], "an array of f128; send f64 (tag 86)"),
        (&[0xD8, 76], "tag 76, which means nothing"),
        (
            &[0xD9, 0x04, 0x10],
            "column-major order; send it in row-major order (tag 40)",
        ),
    ] {
        is_refused(item(&[tag, &[0x42, 0, 0]].concat()), &[words]);
    }
}

#[test]
fn r27_an_array_counts_for_little_against_the_limit_of_values() {
    let mut limits = PeerLimits::default();
    limits.items = 8;
    let (peer, wire) = wire(limits);
    let object = peer.import("x").unwrap();
    wire.answer(sent(&Array::from(vec![1_u8; 10_000])));
    assert_eq!(object.get::<Array<u8>>("a").unwrap().len(), 10_000);
    wire.answer(sent(&Array::new([1; 12], vec![1_u8]).unwrap()));
    refused(
        object.get::<Value>("a"),
        Kind::LimitExceeded,
        &["Limits::items"],
    );
}
