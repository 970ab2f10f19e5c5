//! The host application that `locum new --host` makes, which would take minutes to build where that puts it.
//!
//! It works with the plugin `demo-plugin`, which the test `new` makes and builds; `PLUGIN` names the file.

#![allow(clippy::print_stdout)]

include!("../../src/bin/locum/new/templates/host/main.rs");
