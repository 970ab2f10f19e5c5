use locum_guest::{Result, proxy};

#[proxy]
trait Counter {
    #[constructor]
    fn new(&self, start: i64) -> Result<CounterProxy>;
}

fn main() {}
