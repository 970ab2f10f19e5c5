//! Numeric arrays, as arguments, results and in the middle of data.

use std::collections::BTreeMap;

use locum_guest::{Array, Proxy, Result, object};
use serde::{Deserialize, Serialize};

/// An array of the same shape, with every element times `by`.
#[object]
pub(crate) fn scale(array: Array<f64>, #[arg(default = 2.0)] by: f64) -> Array<f64> {
    array.map(|element| element * by)
}

/// How many elements there are.
#[object]
pub(crate) fn array_length(array: Array<f64>) -> usize {
    array.len()
}

/// The array that it was given, as it came.
#[object]
pub(crate) fn echo_array(array: Array<f64>) -> Array<f64> {
    array
}

/// The same image, with every byte turned round where it lies.
#[object]
pub(crate) fn negative(mut image: Array<u8>) -> Array<u8> {
    for byte in image.make_mut() {
        *byte = !*byte;
    }
    image
}

/// A table of `rows` by `columns` numbers that count up from 0.
#[object]
pub(crate) fn table(rows: usize, columns: usize) -> Result<Array<i64>> {
    Array::from_fn([rows, columns], |index| {
        (index[0] * columns + index[1]) as i64
    })
}

/// The sum of numbers, by a function that knows lists only.
#[object]
pub(crate) fn total(numbers: Vec<f64>) -> f64 {
    numbers.iter().sum()
}

/// Data with arrays of several types in it, and objects between them.
#[derive(Serialize, Deserialize)]
pub(crate) struct Recording {
    label: String,
    channels: Vec<Array<i16>>,
    spectrum: Option<Array<f32>>,
    frames: BTreeMap<String, (Array<u8>, Proxy)>,
}

/// The same recording, its channels in the opposite order.
#[object]
pub(crate) fn reverse_channels(mut recording: Recording) -> Recording {
    recording.channels.reverse();
    recording
}
