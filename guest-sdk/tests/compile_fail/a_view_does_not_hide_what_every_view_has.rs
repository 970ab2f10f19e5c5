use locum_guest::{Result, proxy};

#[proxy]
trait Counter {
    fn add(&self, by: i64) -> Result<i64>;
    fn start_add(&self) -> Result<i64>;
    fn clone(&self) -> Result<CounterProxy>;
}

fn main() {}
