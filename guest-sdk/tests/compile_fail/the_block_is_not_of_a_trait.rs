use locum_guest::object;

struct Counter(i64);

#[object]
impl Clone for Counter {
    fn clone(&self) -> Self {
        Counter(self.0)
    }
}

fn main() {}
