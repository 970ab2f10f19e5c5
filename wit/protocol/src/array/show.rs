//! Arrays as text, the middle left out of long ones.

use super::{AnyArray, with_element};

/// Arrays of more elements than this are shown by their edges.
const MOST: usize = 100;
/// How many elements are shown at either end of a dimension.
const EDGE: usize = 3;

/// `array([[1, 2], [3, 4]], 'i32')`, as an expression would write it; of long dimensions only the edges, `...` between
/// them. The shape comes with it where the lists do not show it, or when that is asked for.
pub(crate) fn show(array: &AnyArray, with_shape: bool) -> String {
    let dims = array.shape();
    let elided = array.len() > MOST;
    let mut out = String::from("array(");
    // Many short dimensions would still be many elements.
    let shown = dims
        .iter()
        .try_fold(1, |all: usize, len| all.checked_mul((*len).min(2 * EDGE)));
    if elided && shown.is_none_or(|shown| shown > MOST * EDGE) {
        out.push_str("...");
    } else if array.is_empty() {
        out.push_str("[]");
    } else {
        write(&mut out, array, dims, 0, elided);
    }
    out.push_str(&format!(", '{}'", array.element_type()));
    let is_visible = !elided && (!array.is_empty() || dims.len() == 1);
    if with_shape || !is_visible {
        out.push_str(&format!(", shape={dims:?}"));
    }
    out.push(')');
    out
}

/// Writes the part of an array whose first element is at `at`.
fn write(out: &mut String, array: &AnyArray, dims: &[usize], at: usize, elided: bool) {
    let Some((len, inner)) = dims.split_first() else {
        out.push_str(&element(array, at));
        return;
    };
    let step = super::count(inner);
    out.push('[');
    let mut index = 0;
    while index < *len {
        if index > 0 {
            out.push_str(", ");
        }
        if elided && index == EDGE && *len > 2 * EDGE {
            out.push_str("...");
            index = len - EDGE;
            continue;
        }
        write(out, array, inner, at + index * step, elided);
        index += 1;
    }
    out.push(']');
}

fn element(array: &AnyArray, at: usize) -> String {
    let size = array.element_type().size();
    let bytes = array.bytes().get(at * size..(at + 1) * size);
    with_element!(array.element_type(), T => {
        let element: T = bytes.map_or_else(T::default, bytemuck::pod_read_unaligned);
        // An f32 has digits of its own: as a double it would show those that it does not have.
        exponent_as_python(format!("{element:?}"))
    })
}

/// A number as Rust shows it, as Python does: `1e+16`, `1e-05`, `nan`.
pub(crate) fn exponent_as_python(shown: String) -> String {
    if shown == "NaN" {
        return "nan".to_owned();
    }
    // Rust switches to exponents at the same sizes; only the exponent looks different.
    let Some((digits, exponent)) = shown.split_once('e') else {
        return shown;
    };
    let (sign, exponent) = match exponent.strip_prefix('-') {
        Some(exponent) => ('-', exponent),
        None => ('+', exponent),
    };
    format!("{digits}e{sign}{exponent:0>2}")
}
