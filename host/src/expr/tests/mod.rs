//! Laws of the language as a whole, on objects that live at the other end of a connected pair.

mod crossings;
mod data;
mod errors;
mod fixture;
mod grammar;
mod hostile;
mod objects;
