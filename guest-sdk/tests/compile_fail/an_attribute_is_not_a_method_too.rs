use locum_guest::object;

struct Counter(i64);

#[object]
impl Counter {
    #[getter]
    fn value(&self) -> i64 {
        self.0
    }
    #[name("value")]
    fn take_value(&mut self) -> i64 {
        std::mem::take(&mut self.0)
    }
}

fn main() {}
