use locum_guest::object;

struct Counter(i64);

#[object]
impl Counter {
    fn into_value(self) -> i64 {
        self.0
    }
}

fn main() {}
