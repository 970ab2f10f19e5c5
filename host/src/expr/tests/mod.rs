//! Laws of the language as a whole, on objects that live at the other end of a connected pair.

mod blocks;
mod callbacks;
mod crossings;
mod data;
mod errors;
mod fixture;
mod functions;
mod grammar;
mod hostile;
mod interrupts;
mod objects;
mod reference;
