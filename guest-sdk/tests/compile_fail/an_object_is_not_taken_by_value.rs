use locum_guest::object;

struct Counter(i64);

#[object]
impl Counter {
    fn add_other(&mut self, other: Counter) {
        self.0 += other.0;
    }
}

fn main() {}
