use locum_guest::{Result, proxy};

#[proxy]
trait Counter {
    #[getter]
    fn zoom(&self, times: i64) -> Result<f64>;
}

fn main() {}
