use locum_guest::object;

struct Counter(i64);

#[object]
impl Counter {
    #[setter]
    fn set_value(&mut self, value: i64) {
        self.0 = value;
    }
}

fn main() {}
