use locum_guest::{Result, proxy};

#[proxy]
trait Counter {
    fn total() -> Result<i64>;
    fn clear(&self);
    #[getter]
    fn value(&self, times: i64) -> Result<i64>;
    fn add(&self, (a, b): (i64, i64)) -> Result<i64>;
    const LIMIT: i64;
}

fn main() {}
