use std::time::{Duration, Instant};

use super::*;

fn capture() -> (Wasi, Capture) {
    let wasi = Wasi::without_grants(ResourceTable::new(), Arc::default(), None);
    let stderr = Capture {
        stream: Stream::Stderr,
        kept: Arc::clone(&wasi.stderr),
        sink: None,
    };
    (wasi, stderr)
}

fn write(capture: &mut Capture, bytes: impl AsRef<[u8]>) {
    capture
        .write(Bytes::copy_from_slice(bytes.as_ref()))
        .unwrap();
}

#[test]
fn the_last_lines_are_kept_and_the_room_for_them_is_bounded() {
    let (wasi, mut stderr) = capture();
    for number in 0..10_000 {
        write(&mut stderr, format!("line {number}\n"));
    }
    assert_eq!(wasi.stderr_tail(2), ["line 9998", "line 9999"]);
    write(&mut stderr, vec![b'x'; 3 * KEPT]);
    assert_eq!(locked(&wasi.stderr).len(), KEPT);
    assert!(wasi.stderr_tail(1)[0].ends_with('…'));
}

#[test]
fn what_is_shown_can_not_harm_a_terminal() {
    let (wasi, mut stderr) = capture();
    write(
        &mut stderr,
        b"\x1b[31mred\x07 \xff\ttab\r\n\n  \nnote: run with `RUST_BACKTRACE=1`\nlast",
    );
    assert_eq!(
        wasi.stderr_tail(8),
        ["\\u{1b}[31mred\\u{7} \u{fffd} tab", "last"]
    );
}

#[test]
fn a_sink_gets_all_of_it() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let to = Arc::clone(&seen);
    let mut capture = Capture::new(
        Stream::Stdout,
        Some(Arc::new(move |stream, bytes: &[u8]| {
            to.lock().unwrap().push((stream, bytes.len()))
        })),
    );
    write(&mut capture, vec![0; 2 * KEPT]);
    write(&mut capture, "end");
    assert_eq!(
        *seen.lock().unwrap(),
        [(Stream::Stdout, 2 * KEPT), (Stream::Stdout, 3)]
    );
}

#[test]
fn a_wait_ends_when_it_is_ready_or_when_the_alarm_rings() {
    let alarm = Alarm::default();
    assert_eq!(alarm.wait(async { 3 }).unwrap(), 3);
    let sleep = |duration| alarm.wait(async move { tokio::time::sleep(duration).await });
    sleep(Duration::from_millis(5)).unwrap();

    let start = Instant::now();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            std::thread::sleep(Duration::from_millis(20));
            alarm.ring();
        });
        assert!(sleep(Duration::from_secs(60)).is_err());
    });
    assert!(start.elapsed() < Duration::from_secs(30));
    assert!(
        alarm.wait(async {}).is_err(),
        "and nothing can be waited for any more"
    );
}

#[test]
fn a_thread_that_drives_async_tasks_can_wait() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(async {
        Alarm::default()
            .wait(async { tokio::time::sleep(Duration::from_millis(5)).await })
            .unwrap();
    });
}
