//! Output of every kind, and too much of it.

use std::io::{self, Write};

use locum_guest::{Bytes, object};

fn write(to_stderr: bool, bytes: &[u8]) {
    // What comes of it is the host's business.
    let _ = if to_stderr {
        io::stderr().write_all(bytes)
    } else {
        io::stdout().write_all(bytes)
    };
    let _ = io::stdout().flush();
}

/// Writes `count` lines of `width` letters.
#[object]
pub(crate) fn shout(count: u64, width: usize, #[arg(default)] to_stderr: bool) {
    let mut line = vec![b'A'; width];
    line.push(b'\n');
    for _ in 0..count {
        write(to_stderr, &line);
    }
}

/// Writes these bytes as they are.
#[object]
pub(crate) fn shout_bytes(bytes: Bytes, #[arg(default)] to_stderr: bool) {
    write(to_stderr, &bytes);
}

/// Writes until it is stopped.
#[object]
pub(crate) fn shout_for_ever() {
    loop {
        shout(1000, 100, false);
    }
}
