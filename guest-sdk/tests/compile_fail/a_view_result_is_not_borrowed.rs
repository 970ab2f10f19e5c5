use locum_guest::{Result, proxy};

#[proxy]
trait Counter {
    fn title(&self) -> Result<&str>;
    fn items(&self) -> Result<impl Iterator<Item = i64>>;
}

fn main() {}
