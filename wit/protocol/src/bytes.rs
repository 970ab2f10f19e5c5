//! Bytes that are shared, whoever owns them: a vector of bytes, or a vector of numbers seen as its bytes.

use std::any::Any;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::sync::Arc;

use bytemuck::Pod;
use bytemuck::allocation::{pod_collect_to_vec, try_cast_vec};

/// Bytes that travel beside the message instead of in it when there are many; a clone shares them.
///
/// ```
/// # use locum_protocol::Bytes;
/// # use std::sync::Arc;
/// # use locum_protocol::{Modules, pair};
/// # let (plugin, _host) = pair(("host", Arc::new(Modules::default())), ("plugin", Arc::new(Modules::default())));
/// let blob = Bytes::from(vec![7; 1 << 20]);
/// let there = plugin.transfer(&blob)?; // one copy
/// assert_eq!(there.len()?, 1 << 20);
/// let back: Bytes = there.value()?;
/// assert_eq!(back, blob);
/// assert_eq!(back.into_vec().len(), 1 << 20);
/// # Ok::<(), locum_protocol::Error>(())
/// ```
#[derive(Clone)]
pub struct Bytes(Owner);

#[derive(Clone)]
enum Owner {
    /// What arrived, or was made of bytes.
    Bytes(Arc<Vec<u8>>),
    /// The elements of an array that was made here.
    Elements(Arc<dyn Elements>),
}

/// A vector of numbers, whatever their type.
trait Elements: Any + Send + Sync {
    fn bytes(&self) -> &[u8];
    fn bytes_mut(&mut self) -> &mut [u8];
    fn into_any(self: Arc<Self>) -> Arc<dyn Any + Send + Sync>;
}

impl<T: Pod + Send + Sync> Elements for Vec<T> {
    fn bytes(&self) -> &[u8] {
        bytemuck::cast_slice(self)
    }
    fn bytes_mut(&mut self) -> &mut [u8] {
        bytemuck::cast_slice_mut(self)
    }
    fn into_any(self: Arc<Self>) -> Arc<dyn Any + Send + Sync> {
        self
    }
}

impl Bytes {
    /// The bytes as a vector; copied when a clone still shares them, or when they are the elements of an array made from
    /// a vector of wider numbers.
    pub fn into_vec(self) -> Vec<u8> {
        match self.0 {
            Owner::Bytes(bytes) => Arc::unwrap_or_clone(bytes),
            Owner::Elements(elements) => elements.bytes().to_vec(),
        }
    }

    /// The bytes of a vector of numbers, which stays where it is.
    pub(crate) fn from_elements<T: Pod + Send + Sync>(elements: Vec<T>) -> Bytes {
        // Only numbers of one byte have the alignment of bytes, with which the vector must be freed again.
        match try_cast_vec(elements) {
            Ok(bytes) => Bytes::from(bytes),
            Err((_, elements)) => Bytes(Owner::Elements(Arc::new(elements))),
        }
    }

    /// The numbers that they are the bytes of, as a vector. Copied unless they were given as such a vector and no clone
    /// shares them.
    pub(crate) fn into_elements<T: Pod + Send + Sync>(self) -> Vec<T> {
        let elements = match self.0 {
            Owner::Elements(elements) => elements,
            Owner::Bytes(bytes) => {
                return match Arc::try_unwrap(bytes).map(try_cast_vec) {
                    Ok(Ok(elements)) => elements,
                    Ok(Err((_, bytes))) => pod_collect_to_vec(&bytes),
                    Err(shared) => pod_collect_to_vec(&shared),
                };
            }
        };
        let inner: &dyn Any = &*elements;
        if !inner.is::<Vec<T>>() {
            return pod_collect_to_vec(elements.bytes());
        }
        let vector = elements.into_any().downcast::<Vec<T>>();
        Arc::unwrap_or_clone(vector.expect("it was asked the line above"))
    }

    /// The bytes to change; `None` while a clone shares them.
    pub(crate) fn get_mut(&mut self) -> Option<&mut [u8]> {
        match &mut self.0 {
            Owner::Bytes(bytes) => Arc::get_mut(bytes).map(Vec::as_mut_slice),
            Owner::Elements(elements) => Arc::get_mut(elements).map(|it| it.bytes_mut()),
        }
    }

    /// Whether no clone shares them.
    pub(crate) fn is_unshared(&mut self) -> bool {
        self.get_mut().is_some()
    }
}

impl Default for Bytes {
    fn default() -> Self {
        Bytes::from(Vec::new())
    }
}

impl Deref for Bytes {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        match &self.0 {
            Owner::Bytes(bytes) => bytes,
            Owner::Elements(elements) => elements.bytes(),
        }
    }
}

impl AsRef<[u8]> for Bytes {
    fn as_ref(&self) -> &[u8] {
        self
    }
}

impl From<Vec<u8>> for Bytes {
    fn from(bytes: Vec<u8>) -> Self {
        Bytes(Owner::Bytes(Arc::new(bytes)))
    }
}

impl From<&[u8]> for Bytes {
    fn from(bytes: &[u8]) -> Self {
        Bytes::from(bytes.to_vec())
    }
}

impl<const N: usize> From<&[u8; N]> for Bytes {
    fn from(bytes: &[u8; N]) -> Self {
        Bytes::from(bytes.to_vec())
    }
}

impl PartialEq for Bytes {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Bytes {}

impl PartialOrd for Bytes {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Bytes {
    fn cmp(&self, other: &Self) -> Ordering {
        (**self).cmp(&**other)
    }
}

impl Hash for Bytes {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (**self).hash(state);
    }
}

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "b\"{}\"", self.escape_ascii())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_elements_of_a_vector_are_bytes_where_they_are() {
        let numbers = vec![1.5_f64, -2.0];
        let place = numbers.as_ptr().cast::<u8>();
        let bytes = Bytes::from_elements(numbers);
        assert_eq!(bytes.as_ptr(), place);
        let numbers: Vec<f64> = bytes.into_elements();
        assert_eq!(numbers.as_ptr().cast(), place);
    }

    #[test]
    fn what_is_shared_or_of_another_type_is_copied() {
        let bytes = Bytes::from_elements(vec![1_u32, 2]);
        let shared = bytes.clone();
        assert_eq!(shared.into_elements::<u32>(), [1, 2]);
        assert_eq!(bytes.clone().into_elements::<u16>().len(), 4);
        assert_eq!(bytes.clone().into_vec().len(), 8);
        assert_eq!(bytes, Bytes::from(bytes.to_vec()));
    }

    #[test]
    fn bytes_are_taken_over_as_numbers_of_one_byte() {
        let bytes = vec![1_u8, 255];
        let place = bytes.as_ptr();
        let numbers = Bytes::from(bytes).into_elements::<i8>();
        assert_eq!(
            (numbers.as_ptr().cast(), &numbers[..]),
            (place, &[1, -1][..])
        );
    }
}
