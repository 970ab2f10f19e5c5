use locum_guest::object;

#[object]
struct Counter(i64);

fn main() {}
