use locum_guest::{Result, proxy};

#[proxy(name = "counters")]
trait Counters {
    fn total(&self) -> Result<i64>;
}

fn main() {}
