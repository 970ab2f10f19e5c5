use locum_guest::object;

struct Counter(i64);

#[object]
impl Counter {
    #[constructor]
    fn at(start: i64) -> Self {
        Counter(start)
    }
    #[constructor]
    fn zero() -> Self {
        Counter(0)
    }
}

fn main() {}
