use std::rc::Rc;

use locum_guest::object;

struct Counter(Rc<i64>);

#[object]
impl Counter {
    fn value(&self) -> i64 {
        *self.0
    }
}

fn main() {}
