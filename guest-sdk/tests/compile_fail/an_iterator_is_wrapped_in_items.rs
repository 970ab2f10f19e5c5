use locum_guest::object;

struct Counter(i64);

#[object]
impl Counter {
    fn doubles(&self) -> impl Iterator<Item = i64> + use<> {
        (0..self.0).map(|n| 2 * n)
    }
}

fn main() {}
