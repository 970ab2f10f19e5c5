use locum_guest::{Result, proxy};

#[proxy]
trait Counter {
    fn total() -> Result<i64>;
    fn add(&mut self, by: i64) -> Result<i64>;
    fn finish(self) -> Result<i64>;
}

fn main() {}
