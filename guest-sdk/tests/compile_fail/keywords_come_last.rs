use locum_guest::{Map, object};

#[object]
fn options(#[arg(keywords)] named: Map, first: i64) -> i64 {
    first + named.len() as i64
}

fn main() {}
