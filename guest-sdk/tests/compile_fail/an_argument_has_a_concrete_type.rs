use locum_guest::object;

struct Counter(i64);

#[object]
impl Counter {
    fn add_all(&mut self, all: impl Iterator<Item = i64>) {
        self.0 += all.sum::<i64>();
    }
}

fn main() {}
