use locum_guest::{Result, proxy};

#[proxy]
trait Counter {
    async fn add(&self, by: i64) -> Result<i64>;
}

fn main() {}
