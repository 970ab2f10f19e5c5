use locum_guest::object;

struct Counter(i64);

#[object]
impl Counter {
    fn write_to(&self, list: &mut Vec<i64>) {
        list.push(self.0);
    }
}

fn main() {}
