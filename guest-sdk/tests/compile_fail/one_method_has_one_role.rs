use locum_guest::object;

struct Counter(i64);

#[object]
impl Counter {
    #[getter]
    #[value]
    fn value(&self) -> i64 {
        self.0
    }
}

fn main() {}
