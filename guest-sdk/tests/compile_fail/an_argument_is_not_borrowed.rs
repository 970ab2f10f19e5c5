use locum_guest::object;

struct Counter(i64);

#[object]
impl Counter {
    fn add_all(&mut self, all: &Vec<i64>) {
        self.0 += all.iter().sum::<i64>();
    }
}

fn main() {}
