use locum_guest::{Result, proxy};

#[proxy]
trait Counter<T> {
    fn add(&self, by: T) -> Result<T>;
}

fn main() {}
