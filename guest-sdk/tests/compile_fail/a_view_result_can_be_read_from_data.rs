use locum_guest::{Result, proxy};

struct Point;

#[proxy]
trait Counter {
    fn position(&self) -> Result<Point>;
}

fn main() {}
