use locum_guest::{Result, proxy};

#[proxy]
trait Counter {
    fn clear(&self);
    fn value(&self) -> i64;
    fn keys(&self) -> Vec<String>;
}

fn main() {}
