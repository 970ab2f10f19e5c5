use locum_guest::{Map, Result, proxy};

#[proxy]
trait Counter {
    fn update(&self, #[arg(keywords)] named: Map, by: i64) -> Result<()>;
    fn extend(&self, #[arg(rest)] items: &[i64], #[arg(rest)] more: &[i64]) -> Result<()>;
}

fn main() {}
