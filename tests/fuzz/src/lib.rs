//! What the fuzz targets run, without wasmtime: `locum-protocol`, and those files of the host that depend on nothing else.

// The host calls it so.
extern crate locum_protocol as locum;

pub mod bodies;

// As the files of the host find them.
use locum_protocol::text as escape;
use locum_protocol::{Error, Result, describe};

#[path = "../../../host/src/bindgen/mod.rs"]
#[allow(dead_code)]
mod bindgen;

#[path = "../../../host/src/expr/mod.rs"]
#[allow(dead_code, unused_imports)]
mod expr;

#[path = "../../../host/src/bin/locum/report.rs"]
#[allow(dead_code)]
mod report;

#[path = "../../../host/src/bin/locum/signature.rs"]
mod signature;

#[path = "../../../host/src/bin/locum/style.rs"]
#[allow(dead_code)]
mod style;

#[path = "../../src/wire.rs"]
#[allow(dead_code)]
mod far;

use far::{LENT, Message, wire, wire_to};
