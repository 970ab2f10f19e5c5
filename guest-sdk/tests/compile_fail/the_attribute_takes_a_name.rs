use locum_guest::object;

struct Counter(i64);

#[object(rename = "counter")]
impl Counter {
    fn value(&self) -> i64 {
        self.0
    }
}

fn main() {}
