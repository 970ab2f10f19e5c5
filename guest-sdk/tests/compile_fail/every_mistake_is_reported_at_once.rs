use locum_guest::object;

struct Counter(i64);

#[object]
impl Counter {
    fn into_value(self) -> i64 {
        self.0
    }
    async fn value(&self) -> i64 {
        self.0
    }
    #[getter]
    fn double(&self, times: i64) -> i64 {
        self.0 * times
    }
}

fn main() {}
