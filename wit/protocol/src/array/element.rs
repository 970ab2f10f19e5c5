//! The numbers that an array can be of.

use std::fmt;

use crate::Value;

/// A number that arrays are made of: `u8` to `u64`, `i8` to `i64`, `f32` and `f64`.
///
/// ```
/// # use locum_protocol::{Array, Element, ElementType};
/// fn mean<T: Element + Into<f64>>(array: &Array<T>) -> f64 {
///     array.iter().map(Into::into).sum::<f64>() / array.len() as f64
/// }
/// assert_eq!(mean(&Array::from_vec(vec![1_u8, 2, 6])), 3.0);
/// assert_eq!(<f32 as Element>::TYPE, ElementType::F32);
/// ```
pub trait Element:
    sealed::Sealed + Copy + Default + PartialEq + PartialOrd + fmt::Debug + Send + Sync + 'static
{
    /// Which of them it is.
    const TYPE: ElementType;
}

/// The type of an array's elements, when it is only known when the array arrives.
///
/// ```
/// # use locum_protocol::ElementType;
/// let kind = ElementType::from_name("float32").unwrap(); // numpy's name, or Rust's
/// assert_eq!((kind.name(), kind.size()), ("f32", 4));
/// assert!(kind.is_float() && kind.is_signed());
/// assert_eq!(ElementType::from_name("complex64"), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum ElementType {
    U8,
    U16,
    U32,
    U64,
    I8,
    I16,
    I32,
    I64,
    F32,
    F64,
}

impl ElementType {
    /// Every type.
    pub const ALL: [ElementType; 10] = [
        ElementType::U8,
        ElementType::U16,
        ElementType::U32,
        ElementType::U64,
        ElementType::I8,
        ElementType::I16,
        ElementType::I32,
        ElementType::I64,
        ElementType::F32,
        ElementType::F64,
    ];

    /// Rust's name for it: `f64`.
    pub fn name(self) -> &'static str {
        match self {
            ElementType::U8 => "u8",
            ElementType::U16 => "u16",
            ElementType::U32 => "u32",
            ElementType::U64 => "u64",
            ElementType::I8 => "i8",
            ElementType::I16 => "i16",
            ElementType::I32 => "i32",
            ElementType::I64 => "i64",
            ElementType::F32 => "f32",
            ElementType::F64 => "f64",
        }
    }

    /// The type of that name, Rust's (`f64`) or numpy's (`float64`).
    pub fn from_name(name: &str) -> Option<ElementType> {
        let short = |long: &str, letter: &str| {
            name.strip_prefix(long)
                .map(|bits| [letter, bits].concat())
                .and_then(|short| ElementType::ALL.into_iter().find(|it| it.name() == short))
        };
        ElementType::ALL
            .into_iter()
            .find(|it| it.name() == name)
            .or_else(|| short("float", "f"))
            .or_else(|| short("uint", "u"))
            .or_else(|| short("int", "i"))
    }

    /// Bytes of one element.
    pub fn size(self) -> usize {
        match self {
            ElementType::U8 | ElementType::I8 => 1,
            ElementType::U16 | ElementType::I16 => 2,
            ElementType::U32 | ElementType::I32 | ElementType::F32 => 4,
            ElementType::U64 | ElementType::I64 | ElementType::F64 => 8,
        }
    }

    /// Whether its elements are floating-point numbers.
    pub fn is_float(self) -> bool {
        matches!(self, ElementType::F32 | ElementType::F64)
    }

    /// Whether its elements can be less than 0.
    pub fn is_signed(self) -> bool {
        !matches!(
            self,
            ElementType::U8 | ElementType::U16 | ElementType::U32 | ElementType::U64
        )
    }
}

impl fmt::Display for ElementType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Runs code with the Rust type of an [`ElementType`].
macro_rules! with_element {
    ($element:expr, $T:ident => $body:expr) => {
        match $element {
            $crate::ElementType::U8 => {
                type $T = u8;
                $body
            }
            $crate::ElementType::U16 => {
                type $T = u16;
                $body
            }
            $crate::ElementType::U32 => {
                type $T = u32;
                $body
            }
            $crate::ElementType::U64 => {
                type $T = u64;
                $body
            }
            $crate::ElementType::I8 => {
                type $T = i8;
                $body
            }
            $crate::ElementType::I16 => {
                type $T = i16;
                $body
            }
            $crate::ElementType::I32 => {
                type $T = i32;
                $body
            }
            $crate::ElementType::I64 => {
                type $T = i64;
                $body
            }
            $crate::ElementType::F32 => {
                type $T = f32;
                $body
            }
            $crate::ElementType::F64 => {
                type $T = f64;
                $body
            }
        }
    };
}
pub(crate) use with_element;

pub(crate) mod sealed {
    use super::Value;

    /// What this crate needs of an element.
    pub trait Sealed: bytemuck::Pod + serde::Serialize + std::fmt::Debug {
        /// The number; `None` when it does not fit.
        fn from_int(int: i128) -> Option<Self>;
        /// The number; `None` when the type has whole numbers only and this is none of them.
        fn from_float(float: f64) -> Option<Self>;
        /// The number as data.
        fn value(self) -> Value;
    }
}

/// What an `i128` is always less than; its negation is one.
const INT_END: f64 = 170_141_183_460_469_231_731_687_303_715_884_105_728.0;

macro_rules! whole {
    ($($ty:ident $variant:ident)+) => {$(
        impl Element for $ty {
            const TYPE: ElementType = ElementType::$variant;
        }
        impl sealed::Sealed for $ty {
            #[inline]
            fn from_int(int: i128) -> Option<Self> {
                int.try_into().ok()
            }
            #[inline]
            fn from_float(float: f64) -> Option<Self> {
                let is_whole = float.trunc() == float && float.abs() < INT_END;
                if is_whole { (float as i128).try_into().ok() } else { None }
            }
            #[inline]
            fn value(self) -> Value {
                Value::Int(self.into())
            }
        }
    )+};
}

macro_rules! floating {
    ($($ty:ident $variant:ident)+) => {$(
        impl Element for $ty {
            const TYPE: ElementType = ElementType::$variant;
        }
        impl sealed::Sealed for $ty {
            #[inline]
            fn from_int(int: i128) -> Option<Self> {
                Some(int as $ty)
            }
            #[inline]
            fn from_float(float: f64) -> Option<Self> {
                Some(float as $ty)
            }
            #[inline]
            fn value(self) -> Value {
                Value::Float(self.into())
            }
        }
    )+};
}

whole! { u8 U8 u16 U16 u32 U32 u64 U64 i8 I8 i16 I16 i32 I32 i64 I64 }
floating! { f32 F32 f64 F64 }

#[cfg(test)]
mod tests {
    use super::sealed::Sealed;
    use super::*;

    #[test]
    fn a_type_is_known_by_the_names_of_rust_and_of_numpy() {
        for element in ElementType::ALL {
            assert_eq!(ElementType::from_name(element.name()), Some(element));
            assert_eq!(with_element!(element, T => size_of::<T>()), element.size());
            assert_eq!(with_element!(element, T => T::TYPE), element);
        }
        assert_eq!(ElementType::from_name("float32"), Some(ElementType::F32));
        assert_eq!(ElementType::from_name("uint8"), Some(ElementType::U8));
        assert_eq!(ElementType::from_name("int64"), Some(ElementType::I64));
        for unknown in ["", "f16", "float", "int128", "F64"] {
            assert_eq!(ElementType::from_name(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn a_number_that_does_not_fit_is_no_element() {
        assert_eq!(u8::from_int(255), Some(255));
        assert_eq!(u8::from_int(256), None);
        assert_eq!(i8::from_float(-128.0), Some(-128));
        for float in [0.5, 128.0, f64::NAN, f64::INFINITY, 1e300] {
            assert_eq!(i8::from_float(float), None, "{float}");
        }
        assert_eq!(f64::from_int(i128::MAX), Some(INT_END));
        assert_eq!(f32::from_float(0.1), Some(0.1));
    }
}
