use super::*;

fn refusal(bytes: &[u8]) -> String {
    let error = Component::load("a.wasm", bytes, None, &Limits::default())
        .err()
        .expect("it is refused");
    assert_eq!(error.kind(), Kind::Load);
    assert!(
        error.message().starts_with("a.wasm can not be loaded: "),
        "{error}"
    );
    error.message().to_owned()
}

#[test]
fn a_refusal_says_what_the_file_is_and_what_to_do() {
    for (bytes, words) in [
        (&b""[..], "the file is empty; build"),
        (
            b"hello",
            "not a WebAssembly file; build the plugin with --target wasm32-wasip2",
        ),
        (b"\0a", "the file is truncated; build"),
        (b"\0asm\x0d\0\x01", "the file is truncated; build"),
        (
            b"\0asm\x01\0\0\0",
            "a core module, not a component; build with --target wasm32-wasip2",
        ),
        (
            b"\0asm\x0a\0\x01\0",
            "version 10 layer 1, is not one that this host can read; build",
        ),
        (
            b"\0asm\x0d\0\x01\0\x01",
            "the file is truncated (unexpected end",
        ),
        (b"\0asm\x0d\0\x01\0\x7f\x01\0", "it does not compile: "),
        (
            b"  ;; a comment\n(component)",
            "WebAssembly text (.wat); make a binary of it with `wasm-tools parse`",
        ),
        (
            b"\x7fELF\x02\x01",
            "machine code (.cwasm or a native library); give the .wasm file",
        ),
        (
            b"\0asm\x0d\0\x01\0",
            "does not export `locum:plugin/objects@0.1.0` (it exports nothing); declare one with",
        ),
    ] {
        let text = refusal(bytes);
        assert!(text.contains(words), "{text}");
    }
}

#[test]
fn versions_are_compatible_while_they_only_add() {
    assert!(
        is_compatible("0.1.0", "0.1.0")
            && is_compatible("0.1.7", "0.1.0")
            && is_compatible("1.4.0", "1.0.2")
    );
    for theirs in ["0.2.0", "0.0.1", "1.1.0", "", "one"] {
        assert!(!is_compatible(theirs, "0.1.0"), "{theirs}");
    }
}

#[test]
fn another_version_is_named_with_the_way_out() {
    let newer = other_version("0.10.0", "0.9.0").message().to_owned();
    assert!(
        newer.contains("version 0.10.0") && newer.contains("upgrade the host"),
        "{newer}"
    );
    let older = other_version("0.9.0", "0.10.0").message().to_owned();
    assert!(
        older.contains("version 0.9.0") && older.contains("rebuild the plugin"),
        "{older}"
    );
}

#[test]
fn every_interface_of_wasi_0_2_is_provided_and_nothing_else() {
    for import in [
        "wasi:cli/environment@0.2.6",
        "wasi:io/streams@0.2.0",
        OBJECTS,
        LIFECYCLE,
    ] {
        assert!(is_provided(import), "{import}");
    }
    for import in [
        "wasi:http/outgoing-handler@0.2.0",
        "wasi:cli/run@0.3.0",
        "my:own/thing",
        "thing",
        "wasi:nn/graph",
    ] {
        assert!(!is_provided(import), "{import}");
    }
}
