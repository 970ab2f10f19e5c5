//! Deferred attribute chains: `"scene.camera.lens"`, resolved by the owner in one crossing.

use crate::{Error, Kind, PeerLimits, Result};

/// A path that was looked at: what to walk, and what to do at its end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Route<'a> {
    /// All of it.
    pub(crate) path: &'a str,
    /// Where its last name begins; 0 when that is all there is.
    last: usize,
}

impl<'a> Route<'a> {
    /// The parts before the last dot, and the last name.
    #[inline]
    pub(crate) fn split(self) -> (Option<&'a str>, &'a str) {
        match self.last {
            0 => (None, self.path),
            last => (Some(&self.path[..last - 1]), &self.path[last..]),
        }
    }

    /// Of a path that was made here, or was looked at before.
    pub(crate) fn of(path: &'a str) -> Route<'a> {
        let last = path.rfind('.').map_or(0, |dot| dot + 1);
        Route { path, last }
    }
}

/// Refuses a path that is too long or has an empty part. The empty path is the object itself.
///
/// One pass, since this is done at both ends of every call.
#[inline]
pub(crate) fn check<'a>(path: &'a str, limits: &PeerLimits) -> Result<Route<'a>> {
    if path.len() > limits.name_bytes {
        return Err(too_long(path, limits));
    }
    // Where the name begins that is being looked at.
    let mut last = 0;
    for (at, byte) in path.bytes().enumerate() {
        if byte == b'.' {
            if at == last {
                return Err(empty_part(path));
            }
            last = at + 1;
        }
    }
    if last == path.len() && last > 0 {
        return Err(empty_part(path));
    }
    Ok(Route { path, last })
}

#[cold]
fn too_long(path: &str, limits: &PeerLimits) -> Error {
    Error::new(
        Kind::LimitExceeded,
        format!(
            "a name of {} bytes; the limit is {} bytes (Limits::name_bytes)",
            path.len(),
            limits.name_bytes
        ),
    )
}

#[cold]
fn empty_part(path: &str) -> Error {
    Error::no_attribute(format!(
        "the path `{}` has an empty part; write names with single dots between them, as in `scene.camera`",
        path.escape_debug()
    ))
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
        for (good, parts) in [
            ("", (None, "")),
            ("a", (None, "a")),
            ("a.b", (Some("a"), "b")),
            ("__len__", (None, "__len__")),
            ("a.bc.__str__", (Some("a.bc"), "__str__")),
        ] {
            assert_eq!(check(good, &limits).unwrap().split(), parts, "{good}");
            assert_eq!(Route::of(good).split(), parts, "{good}");
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
