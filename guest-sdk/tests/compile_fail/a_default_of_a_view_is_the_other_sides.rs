use locum_guest::{Result, proxy};

#[proxy]
trait Counter {
    fn add(&self, #[arg(default = 1)] by: i64) -> Result<i64>;
    fn sub(&self, #[arg(default)] by: i64) -> Result<i64>;
}

fn main() {}
