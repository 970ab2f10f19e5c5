use locum_guest::object;

struct Counter(i64);

#[object]
impl Counter {
    #[getter]
    fn value(&self, by: i64) -> i64 {
        self.0 + by
    }
}

fn main() {}
