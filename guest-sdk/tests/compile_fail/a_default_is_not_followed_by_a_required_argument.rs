use locum_guest::object;

#[object]
fn between(#[arg(default = 0)] low: i64, high: i64) -> i64 {
    high - low
}

fn main() {}
