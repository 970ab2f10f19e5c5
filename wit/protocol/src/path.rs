//! Deferred attribute chains: `"scene.camera.lens"`, resolved by the owner in one crossing.

use crate::{Error, Kind, PeerLimits, Result};

/// Refuses a path that is too long or has an empty part. The empty path is the object itself.
pub(crate) fn check(path: &str, limits: &PeerLimits) -> Result<()> {
    if path.len() > limits.name_bytes {
        return Err(Error::new(
            Kind::LimitExceeded,
            format!(
                "a name of {} bytes; the limit is {} bytes (Limits::name_bytes)",
                path.len(),
                limits.name_bytes
            ),
        ));
    }
    if has_empty_part(path.as_bytes()) {
        return Err(Error::no_attribute(format!(
            "the path `{}` has an empty part; write names with single dots between them, as in `scene.camera`",
            path.escape_debug()
        )));
    }
    Ok(())
}

/// One pass: this is done for every call, and a search for `..` would cost more than the rest of it.
fn has_empty_part(path: &[u8]) -> bool {
    let mut after_dot = true;
    for &byte in path {
        if byte == b'.' && after_dot {
            return true;
        }
        after_dot = byte == b'.';
    }
    after_dot && !path.is_empty()
}

/// The parts before the last dot and the last name: what to walk, and what to do at its end.
pub(crate) fn split(path: &str) -> (Option<&str>, &str) {
    match path.rsplit_once('.') {
        Some((walk, last)) => (Some(walk), last),
        None => (None, path),
    }
}

/// One path after another.
pub(crate) fn join(first: &str, second: &str) -> String {
    match (first, second) {
        ("", path) | (path, "") => path.to_owned(),
        (first, second) => format!("{first}.{second}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_has_no_empty_parts() {
        let limits = PeerLimits::default();
        for good in ["", "a", "a.b", "__len__", "a.__str__"] {
            assert!(check(good, &limits).is_ok(), "{good}");
        }
        for bad in [".", "a.", ".a", "a..b"] {
            assert_eq!(
                check(bad, &limits).unwrap_err().kind(),
                Kind::NoSuchAttribute,
                "{bad}"
            );
        }
        assert_eq!(
            check(&"x".repeat(4097), &limits).unwrap_err().kind(),
            Kind::LimitExceeded
        );
    }
}
