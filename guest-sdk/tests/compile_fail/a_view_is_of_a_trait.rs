use locum_guest::proxy;

#[proxy]
struct Counter(i64);

fn main() {}
