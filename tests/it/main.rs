//! Behaviour of Locum. Tests are named as laws, with the point of SEEDS.md that they show in front; most run twice, over
//! memory and over wasm.

#![allow(missing_docs)]

// The seeds' points.
mod arrays;
mod attributes;
mod calls;
mod containers;
mod directories;
mod errors;
mod iteration;
mod lifetime;
mod modes;
mod operators;
mod order;
mod passing;
mod peers;
mod proxies;
mod text;
mod values;
mod waiting;

// The protocol.
mod fuzzing;
mod golden;
mod properties;

// What is refused, and how.
mod bad_arguments;
mod bad_files;
mod bad_handles;
mod bad_messages;
mod garbage;
mod grants;
mod hostile;
mod pools;
mod supervision;

// The log, and who watches from outside.
#[cfg(unix)]
mod monitor;
mod observability;

// What it costs.
mod allocations;

// The macros.
mod bindings;
mod expansion;
mod views;

// The documentation.
mod cookbook;
mod documented;
mod pages;
mod readme;
