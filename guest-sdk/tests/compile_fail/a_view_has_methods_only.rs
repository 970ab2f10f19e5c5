use locum_guest::{Result, proxy};

#[proxy]
trait Counter {
    const LIMIT: i64;
    type Item;
    fn add(&self, by: i64) -> Result<i64>;
}

fn main() {}
