use locum_guest::{Result, proxy};

struct Point;

#[proxy]
trait Counter {
    fn go_to(&self, point: Point) -> Result<()>;
}

fn main() {}
