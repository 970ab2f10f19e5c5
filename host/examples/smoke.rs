use locum::*;
fn main() -> anyhow::Result<()> {
    let host = Host::new()?;
    let t = std::time::Instant::now();
    let plugin = host.load(std::env::args().nth(1).unwrap())?;
    println!("load {:?}", t.elapsed());
    let counters = plugin.import("counters")?;
    let c: Proxy = counters.call("Counter", (10,))?;
    println!("{c:?} {c}");
    println!("{}", c.call::<i64>("add", (5,))?);
    c.call::<()>("watch", (callback(|n: i64| println!("now {n}")),))?;
    println!("{}", c.call::<i64>("add", args!(by = 2))?);
    println!("{:?}", c.call::<i64>("add", ("two",)).unwrap_err());
    println!("{:?}", c.call::<i64>("add", (i64::MAX,)).err());
    println!("{:?}", c.call::<i64>("add", (1,)).err());
    println!("{:?}", plugin);
    let plugin = host.load(std::env::args().nth(1).unwrap())?;
    let counters = plugin.import("counters")?;
    let c: Proxy = counters.call("Counter", (10,))?;
    for _ in 0..5 {
    let t = std::time::Instant::now();
    for _ in 0..1_000_000 { c.call::<i64>("add", (1,))?; }
    println!("call {:?}", t.elapsed() / 1_000_000);
    }
    let t = std::time::Instant::now();
    for _ in 0..100_000 { drop(counters.call::<Proxy>("Counter", (1,))?); }
    println!("create+release {:?} {:?}", t.elapsed() / 100_000, plugin.stats());
    plugin.close()?;
    println!("{:?}", c.call::<i64>("add", (1,)).err());
    Ok(())
}
