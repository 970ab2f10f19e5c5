use locum_guest::object;

struct Counter(i64);

#[object]
impl Counter {
    async fn value(&self) -> i64 {
        self.0
    }
}

fn main() {}
