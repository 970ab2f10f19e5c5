use locum_guest::object;

struct Counter(i64);

struct Step(i64);

#[object]
impl Counter {
    fn step(&self) -> Step {
        Step(self.0)
    }
}

fn main() {}
