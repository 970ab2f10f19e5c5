//! What calls allocate on the host. Only the thread that calls is counted, whatever other tests do.

use allocation_counter::measure;
use locum::{Bytes, LoadOptions, Proxy, Result};
use locum_tests::SAMPLES;

const CALLS: u64 = 1000;

#[test]
fn a_call_allocates_nothing_on_the_host_but_what_is_returned() -> Result<()> {
    let subject = SAMPLES.in_wasm_with(LoadOptions::new(), Vec::new());
    let counter: Proxy = subject.make("Counter", (0,))?;
    let call = || counter.call::<i64>("add", (1,));
    // What is made once: a thread's own things, the plugin's first answer.
    call()?;
    let mut sum = 0;
    let made = measure(|| {
        for _ in 0..CALLS {
            sum = call().expect("it counts");
        }
    });
    assert_eq!(sum, CALLS as i64 + 1);
    // The bytes of each answer, as wasmtime lifts them; the arguments lie in place.
    assert_eq!(made.count_total, CALLS, "{made:?}");
    assert_eq!(made.count_current, 0, "{made:?}");
    Ok(())
}

#[test]
fn longer_arguments_are_allocated_once() -> Result<()> {
    let subject = SAMPLES.in_wasm_with(LoadOptions::new(), Vec::new());
    let samples = subject.import("samples")?;
    let bytes = Bytes::from(vec![7; 100]);
    let call = || samples.call::<usize>("length", (&bytes,));
    assert_eq!(call()?, 100);
    let made = measure(|| {
        for _ in 0..CALLS {
            call().expect("it has a length");
        }
    });
    assert_eq!(
        made.count_total,
        2 * CALLS,
        "what is sent and what is returned: {made:?}"
    );
    Ok(())
}
