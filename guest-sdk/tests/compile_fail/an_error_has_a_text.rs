use locum_guest::object;

struct Counter(i64);

struct Full;

#[object]
impl Counter {
    fn add(&mut self, by: i64) -> Result<i64, Full> {
        self.0.checked_add(by).ok_or(Full)
    }
}

fn main() {}
