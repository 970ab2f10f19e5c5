#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| locum_fuzz::bodies::messages(bytes));
