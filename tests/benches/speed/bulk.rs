//! Bulk data: one MiB of bytes or of numbers, beside the copies that it needs.

use std::hint::black_box;

use locum::{Array, Bytes};
use wasmtime::Result;

use crate::measure::{Aim, Bench};
use crate::plugins::Plugins;
use crate::report::Curve;

const GROUP: &str = "bulk data";
const MIB: usize = 1 << 20;

pub(crate) fn run(bench: &mut Bench) -> Result<()> {
    let plugins = Plugins::start()?;
    let samples = plugins.first.import("samples")?;
    let bytes = Bytes::from(vec![7_u8; MIB]);
    let array = Array::from(vec![0.5_f64; MIB / 8]);
    type Job<'a> = (&'a str, usize, Box<dyn FnMut() + 'a>);
    let jobs: [Job<'_>; 4] = [
        (
            "1 MiB of bytes as an argument",
            1,
            Box::new(|| {
                let len: usize = samples.call("length", (&bytes,)).expect("it takes bytes");
                assert_eq!(len, MIB);
            }),
        ),
        (
            "1 MiB of bytes, there and back",
            2,
            Box::new(|| {
                let back: Bytes = samples.call("echo", (&bytes,)).expect("it echoes");
                assert_eq!(back.len(), MIB);
            }),
        ),
        (
            "1 MiB of Array<f64> as an argument",
            1,
            Box::new(|| {
                let len: usize = samples
                    .call("array_length", (&array,))
                    .expect("it takes arrays");
                assert_eq!(len, MIB / 8);
            }),
        ),
        (
            "1 MiB of Array<f64>, there and back",
            2,
            Box::new(|| {
                let back: Array<f64> = samples.call("echo_array", (&array,)).expect("it echoes");
                assert_eq!(back.len(), MIB / 8);
            }),
        ),
    ];
    for (name, copies, job) in jobs {
        let copy = copies_of(&bytes, copies);
        let Some((figure, copy)) = bench.pair(GROUP, (name, job), ("", Box::new(copy))) else {
            continue;
        };
        let against = match copies {
            1 => "one memcpy",
            _ => "two memcpy",
        };
        bench.note(
            GROUP,
            name,
            "ns",
            figure,
            Some((against, copy)),
            Aim::Ratio(1.3),
        );
    }
    sizes(bench, &plugins)
}

/// Copies from one place to the next, as a message goes from one memory to another: the places are made before.
fn copies_of(bytes: &[u8], copies: usize) -> impl FnMut() + use<> {
    let mut places = vec![bytes.to_vec(); copies + 1];
    move || {
        for at in 0..copies {
            let (from, to) = places.split_at_mut(at + 1);
            to[0].copy_from_slice(black_box(&from[at]));
            black_box(&mut to[0]);
        }
    }
}

/// How the time of an echo grows with its size.
fn sizes(bench: &mut Bench, plugins: &Plugins) -> Result<()> {
    let samples = plugins.first.import("samples")?;
    let mut points = Vec::new();
    for size in [64, 1 << 10, 16 << 10, 256 << 10, 4 << 20] {
        let bytes = Bytes::from(vec![7_u8; size]);
        let name = format!("echo of {size} bytes");
        let job = || {
            let back: Bytes = samples.call("echo", (&bytes,)).expect("it echoes");
            assert_eq!(back.len(), size);
        };
        if let Some(figure) = bench.one(GROUP, (&name, Box::new(job))) {
            bench.note(GROUP, &name, "ns", figure, None, Aim::None);
            points.push((size as f64, figure.median));
        }
    }
    bench.report.curves.push(Curve {
        title: "An echo of so many bytes".into(),
        x: "size (bytes)".into(),
        y: "time there and back (ns)".into(),
        log_x: true,
        log_y: true,
        lines: vec![("Locum".into(), points)],
        note: String::new(),
    });
    Ok(())
}
