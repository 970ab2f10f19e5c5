use locum_guest::object;

struct Counter(i64);

#[object]
impl Counter {
    #[getter]
    fn value(&self) -> i64 {
        self.0
    }
    #[setter]
    fn set_value(&mut self) {
        self.0 = 0;
    }
}

fn main() {}
