//! `Value`.

use locum_guest::{Result, Shared, Value, object, ops};

use crate::own;
use crate::typecode::Typecode;

/// One value of one of C's types.
pub struct Cell {
    typecode: Typecode,
    value: Value,
}

/// One value of one of C's types, to get and set: the `Value` of Python's managers. Its value form is that value.
#[object(name = "Value")]
impl Cell {
    /// A value of the type that `typecode` stands for: `b B h H i I l L q Q` for whole numbers by size, `f d` for others,
    /// `u` for a character, `c` for a byte.
    fn new(typecode: &str, value: Value) -> Result<Self> {
        let mut cell = Cell {
            typecode: Typecode::of(typecode, true)?,
            value: Value::Null,
        };
        cell.set(value)?;
        Ok(cell)
    }

    /// What it is now.
    #[getter]
    fn value(&self) -> Value {
        self.get()
    }

    #[setter]
    fn set_value(&mut self, value: Value) -> Result<()> {
        self.set(value)
    }

    /// The letter of its type.
    #[getter]
    fn typecode(&self) -> char {
        self.typecode.letter()
    }

    /// What it is now.
    pub(crate) fn get(&self) -> Value {
        self.value.clone()
    }

    /// Makes it another value, of the same type.
    fn set(&mut self, value: Value) -> Result<()> {
        let mut bytes = Vec::new();
        self.typecode.write(&value, &mut bytes)?;
        self.value = self.typecode.read(&bytes);
        Ok(())
    }

    /// `Value('i', 5)`.
    fn __str__(&self) -> Result<String> {
        Ok(format!(
            "Value('{}', {})",
            self.typecode.letter(),
            ops::repr(&self.value)?
        ))
    }

    #[value]
    fn to_data(this: &Shared<Self>) -> Result<Value> {
        own::copy(this)
    }
}
