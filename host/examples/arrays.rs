//! Numeric arrays: sent whole, worked with over there, read back in parts.

#![allow(clippy::print_stdout)]

use locum::{Array, Host, Proxy, Result, slice};

/// Python's containers; the build has made it.
const PLUGIN: &str = concat!(env!("OUT_DIR"), "/collections.wasm");

fn main() -> Result<()> {
    let plugin = Host::new()?.load(PLUGIN)?;

    // A minute of samples at 1 kHz from three sensors. Row-major: one row for each sample.
    let samples = Array::from_fn([60_000, 3], |index| {
        (index[0] % 100) as f64 + index[1] as f64
    })?;

    // The bytes go over once, and stay there as an object.
    let signal: Proxy = plugin.transfer(&samples)?;
    let (shape, dtype): (Vec<usize>, String) = (signal.get("shape")?, signal.get("dtype")?);
    println!("{signal:?}: {dtype} {shape:?}");
    assert_eq!((shape, dtype.as_str()), (vec![60_000, 3], "f64"));

    // It calculates where it is.
    let mean: f64 = signal.call("mean", ())?;
    let highest: f64 = signal.call("max", ())?;
    println!("mean {mean}, highest {highest}");
    assert_eq!((mean, highest), (50.5, 101.0));

    // Parts come back as arrays: the second sensor's first five samples, and the last row.
    let part: Array<f64> = signal.get_item((slice(..5), 1))?;
    let last: Array<f64> = signal.get_item(-1)?;
    println!("{part:?}\n{last:?}");
    assert_eq!(part, [1.0, 2.0, 3.0, 4.0, 5.0].into());
    assert_eq!(last, [99.0, 100.0, 101.0].into());

    // Parts are written: the third sensor was off. Then all of it comes home.
    signal.set_item((slice(..), 2), 0)?;
    let back: Array<f64> = signal.value()?;
    println!("{:?}", back.iter().take(6).collect::<Vec<_>>());
    assert_eq!(back.as_slice()[..6], [0.0, 1.0, 0.0, 1.0, 2.0, 0.0]);
    plugin.close()
}
