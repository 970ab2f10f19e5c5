use locum_guest::object;

#[object]
fn add(#[arg(defualt = 1)] by: i64) -> i64 {
    by
}

fn main() {}
