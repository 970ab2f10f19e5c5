use locum_guest::{object, plugin};

#[object]
fn double(n: i64) -> i64 {
    2 * n
}

plugin! { double }

fn main() {}
