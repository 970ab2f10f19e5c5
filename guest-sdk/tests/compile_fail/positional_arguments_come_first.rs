use locum_guest::{Proxy, Result, args};

fn watch(counter: &Proxy) -> Result<i64> {
    counter.call("add", args!(by = 1, 2))
}

fn main() {}
