use locum_guest::object;

struct Counter(i64);

#[object]
impl Counter {
    fn add<T: Into<i64>>(&mut self, by: T) {
        self.0 += by.into();
    }
}

fn main() {}
