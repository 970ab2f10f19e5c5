use locum_guest::{Result, proxy};

#[proxy]
trait Counter {
    fn add(&self, by: i64) -> Result<i64> {
        Ok(by)
    }
    #[skip]
    fn double(&self) -> Result<i64>;
}

fn main() {}
