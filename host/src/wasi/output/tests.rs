use super::*;

fn writer(limits: &Limits, output: &Output) -> Writer {
    Writer::new("p", limits, output, output)
}

fn write(pipe: &mut Pipe, bytes: impl AsRef<[u8]>) {
    pipe.write(Bytes::copy_from_slice(bytes.as_ref())).unwrap();
}

/// What comes of writing these pieces to the standard output, until the plugin ends.
fn lines_of(limits: &Limits, pieces: &[&[u8]]) -> Vec<String> {
    let lines = Arc::new(Mutex::new(Vec::new()));
    let to = Arc::clone(&lines);
    let output = Output::lines(move |_, line| locked(&to).push(line.to_owned()));
    let writer = writer(limits, &output);
    for piece in pieces {
        write(&mut writer.stdout(), piece);
    }
    drop(writer);
    std::mem::take(&mut *locked(&lines))
}

fn limits(output_bytes: usize, line_bytes: usize) -> Limits {
    Limits {
        output_bytes,
        line_bytes,
        ..Limits::default()
    }
}

#[test]
fn the_last_lines_are_kept_and_the_room_for_them_is_bounded() {
    let writer = writer(&Limits::default(), &Output::discard());
    let mut stderr = writer.stderr();
    for number in 0..10_000 {
        write(&mut stderr, format!("line {number}\n"));
    }
    assert_eq!(writer.stderr_tail(2), ["line 9998", "line 9999"]);
    write(&mut stderr, vec![b'x'; 3 * KEPT]);
    assert_eq!(writer.last_stderr.bytes(Stream::Stderr).len(), KEPT);
    assert!(writer.stderr_tail(1)[0].ends_with('…'));
}

#[test]
fn what_is_shown_can_not_harm_a_terminal() {
    let writer = writer(&Limits::default(), &Output::discard());
    let text = b"\x1b[31mred\x07 \xff\ttab\r\n\n  \nnote: run with `RUST_BACKTRACE=1`\nlast";
    write(&mut writer.stderr(), text);
    assert_eq!(
        writer.stderr_tail(8),
        ["\\x1b[31mred\\x07 \u{fffd} tab", "last"]
    );
}

#[test]
fn raw_pieces_arrive_as_they_were_written() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let to = Arc::clone(&seen);
    let output = Output::pieces(move |stream, bytes| locked(&to).push((stream, bytes.to_vec())));
    let writer = writer(&Limits::default(), &output);
    write(&mut writer.stdout(), b"\x1b[0m\xff");
    write(&mut writer.stderr(), "end");
    let expected = [
        (Stream::Stdout, b"\x1b[0m\xff".to_vec()),
        (Stream::Stderr, b"end".to_vec()),
    ];
    assert_eq!(*locked(&seen), expected);
}

#[test]
fn lines_are_put_together_from_pieces_and_the_last_one_needs_no_newline() {
    let pieces: &[&[u8]] = &[b"on", b"e\ntwo\r\n\nfo", b"ur"];
    assert_eq!(
        lines_of(&Limits::default(), pieces),
        ["one", "two", "", "four"]
    );
}

#[test]
fn lines_hold_no_control_characters_and_no_broken_text() {
    let pieces: &[&[u8]] = &[b"\x1b[2Jhi\x07\n", b"\xff\xfe\n", "\u{202e}x\n".as_bytes()];
    let expected = ["\\x1b[2Jhi\\x07", "\u{fffd}\u{fffd}", "\\u202ex"];
    assert_eq!(lines_of(&Limits::default(), pieces), expected);
}

#[test]
fn a_line_is_as_long_as_its_limit_allows_and_a_longer_one_comes_in_pieces() {
    let limits = limits(1 << 20, 10);
    assert_eq!(lines_of(&limits, &[b"0123456789\n"]), ["0123456789"]);
    assert_eq!(lines_of(&limits, &[b"0123456789a\n"]), ["0123456789", "a"]);
    // Not in the middle of a character.
    let text = "12345678éé".as_bytes();
    assert_eq!(lines_of(&limits, &[text]), ["12345678é", "é"]);
    // And whatever it is, it is never kept for long.
    let lines = lines_of(&limits, &[&[0x80; 1000]]);
    assert!(lines.len() >= 100);
}

#[test]
fn as_much_is_passed_on_as_the_limit_allows_and_what_is_dropped_is_told() {
    let limits = limits(100, 1000);
    assert_eq!(lines_of(&limits, &[&[b'x'; 100]]), ["x".repeat(100)]);
    let lines = lines_of(&limits, &[&[b'x'; 100], &[b'y'; 1000]]);
    assert_eq!(lines.len(), 2, "{lines:?}");
    // The clock goes on, so some of the second one may have been allowed.
    assert!(lines[0].starts_with(&"x".repeat(100)) && lines[0].len() < 200);
    assert!(lines[1].ends_with(
        "bytes of output were dropped: 100 are passed on in a second (Limits::output_bytes)"
    ));
}

#[test]
fn an_allowance_comes_again_with_time_and_never_more_than_a_seconds() {
    let mut allowance = Allowance::new(1000);
    assert_eq!(allowance.take(900), (900, 0));
    allowance.filled -= std::time::Duration::from_secs(3600);
    assert_eq!(allowance.take(5000).0, 1000);
    allowance.filled -= std::time::Duration::from_secs(1);
    let (taken, dropped) = allowance.take(10);
    assert_eq!((taken, dropped), (10, 4000));
    let mut endless = Allowance::new(usize::MAX);
    endless.filled -= std::time::Duration::from_secs(3600);
    assert_eq!(endless.take(usize::MAX), (usize::MAX, 0));
}

#[test]
fn no_output_at_all_is_a_limit_too() {
    assert_eq!(Allowance::new(0).take(5), (0, 0));
    let lines = lines_of(&limits(0, 10), &[b"abc\n"]);
    assert_eq!(lines.len(), 1);
    assert!(lines[0].starts_with("4 bytes of output were dropped"));
}
