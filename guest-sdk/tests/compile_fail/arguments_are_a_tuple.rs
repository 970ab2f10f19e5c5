use locum_guest::{Proxy, Result};

fn watch(counter: &Proxy) -> Result<i64> {
    counter.call("add", 1)
}

fn main() {}
