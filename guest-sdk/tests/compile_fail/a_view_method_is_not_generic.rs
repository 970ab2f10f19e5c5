use locum_guest::{Result, proxy};

#[proxy]
trait Counter {
    fn add<T>(&self, by: T) -> Result<i64>;
}

fn main() {}
