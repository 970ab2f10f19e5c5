use locum_guest::object;

struct Counter(i64);

#[object]
impl Counter {
    fn add(&mut self, by: i64) {
        self.0 += by;
    }
    #[name("add")]
    fn add_twice(&mut self, by: i64) {
        self.0 += 2 * by;
    }
}

fn main() {}
