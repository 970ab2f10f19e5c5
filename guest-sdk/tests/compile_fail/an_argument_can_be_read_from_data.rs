use locum_guest::object;

struct Counter(i64);

struct Step(i64);

#[object]
impl Counter {
    fn add(&mut self, by: Step) {
        self.0 += by.0;
    }
}

fn main() {}
