//! Where sockets lie: a directory that belongs to this user alone.

use std::fs::{self, DirBuilder, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use super::system;
use crate::{Error, Kind, Result};

/// How many characters of a program's name are in the name of its socket: a whole path has room for some hundred.
const LONGEST_NAME: usize = 32;

/// How many sockets one process may have in a directory.
const MOST: u32 = 1000;

/// A directory that is known to be private.
pub(super) struct Private(PathBuf);

/// What a socket's name tells.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) pid: u32,
    pub(super) program: String,
}

/// Where this user's sockets may be, the preferred place first.
pub(super) fn candidates() -> Vec<PathBuf> {
    let dirs = directories::ProjectDirs::from("", "", "locum");
    let runtime = dirs
        .as_ref()
        .and_then(|dirs| dirs.runtime_dir().map(Path::to_owned));
    let cache = dirs.as_ref().map(|dirs| dirs.cache_dir().join("run"));
    let temporary = std::env::temp_dir().join(format!("locum-{}", system::user()));
    runtime
        .into_iter()
        .chain(cache)
        .chain([temporary])
        .collect()
}

/// This user's directory for sockets.
pub(super) fn of_user() -> Result<Private> {
    let mut refused = Vec::new();
    for directory in candidates() {
        match private(&directory) {
            Ok(found) => return Ok(found),
            Err(error) => refused.push(error.message().to_owned()),
        }
    }
    Err(Error::new(Kind::Load, refused.join("; ")))
}

/// Makes sure that a directory is there and that nobody else can do anything in it.
pub(super) fn private(directory: &Path) -> Result<Private> {
    let fails = |why: String| {
        let text = format!(
            "the monitor's socket can not lie in {}: {why}",
            directory.display()
        );
        Error::new(Kind::Load, text)
    };
    let mut builder = DirBuilder::new();
    builder.recursive(true).mode(0o700);
    builder
        .create(directory)
        .map_err(|error| fails(error.to_string()))?;
    check(directory).map_err(fails)?;
    Ok(Private(directory.to_owned()))
}

/// Whether a directory is this user's alone, or why not. Links to one are not followed.
pub(super) fn check(directory: &Path) -> std::result::Result<(), String> {
    let found = fs::symlink_metadata(directory).map_err(|error| error.to_string())?;
    if !found.is_dir() {
        return Err("it is no directory, or a link; remove it".to_owned());
    }
    if found.uid() != system::user() {
        return Err(
            "it belongs to another user; name one of your own, with Monitor::open_in".to_owned(),
        );
    }
    if found.mode() & 0o077 != 0 {
        return Err(format!(
            "others may use it (its mode is {:o}); make it private, with `chmod 700`",
            found.mode() & 0o777
        ));
    }
    Ok(())
}

/// The name of the program that runs.
pub(super) fn program() -> String {
    let path = std::env::current_exe().ok();
    let path = path.or_else(|| std::env::args_os().next().map(PathBuf::from));
    let name = path.as_deref().and_then(Path::file_stem);
    name.map_or_else(|| "program".into(), |name| name.to_string_lossy())
        .into_owned()
}

/// Opens a socket in the directory: `1234-server.sock`, or `1234-server.2.sock` if this process has one already.
pub(super) fn bind(directory: &Private) -> Result<(UnixListener, PathBuf)> {
    let pid = std::process::id();
    let letters = program();
    let letters = letters.chars().map(|it| {
        if it.is_ascii_alphanumeric() || "-_".contains(it) {
            it
        } else {
            '_'
        }
    });
    let program: String = letters.take(LONGEST_NAME).collect();
    for number in 1..=MOST {
        let name = match number {
            1 => format!("{pid}-{program}.sock"),
            number => format!("{pid}-{program}.{number}.sock"),
        };
        let path = directory.0.join(name);
        if fs::symlink_metadata(&path).is_ok() {
            // Of this process, or of one in another world that has the same number; or left behind by a dead one.
            if is_answered(&path) {
                continue;
            }
            let _ = fs::remove_file(&path);
        }
        return open(&path).map(|listener| (listener, path.clone())).map_err(|error| {
            let text = format!(
                "the monitor's socket {} can not be opened: {error}; a shorter directory may do, with Monitor::open_in",
                path.display()
            );
            Error::new(Kind::Load, text)
        });
    }
    let text = format!("this process has {MOST} monitors already; let hosts share one");
    Err(Error::new(Kind::LimitExceeded, text))
}

/// Opens it under another name first: who looks for sockets that nobody answers at shall not meet it half open.
fn open(path: &Path) -> io::Result<UnixListener> {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let draft = path.with_file_name(format!(".{}-{number}", std::process::id()));
    let _ = fs::remove_file(&draft);
    let opened = UnixListener::bind(&draft).and_then(|listener| {
        listener.set_nonblocking(true)?;
        fs::set_permissions(&draft, Permissions::from_mode(0o600))?;
        fs::rename(&draft, path)?;
        Ok(listener)
    });
    if opened.is_err() {
        let _ = fs::remove_file(&draft);
    }
    opened
}

/// What a socket's name tells; `None`: it is none of ours.
pub(super) fn read_name(path: &Path) -> Option<Named> {
    let name = path.file_name()?.to_str()?.strip_suffix(".sock")?;
    let (pid, program) = name.split_once('-')?;
    let program = program.split('.').next()?;
    Some(Named {
        pid: pid.parse().ok()?,
        program: program.to_owned(),
    })
}

/// Whether somebody serves at a socket.
fn is_answered(path: &Path) -> bool {
    match UnixStream::connect(path) {
        Ok(_) => true,
        Err(error) => error.kind() != io::ErrorKind::ConnectionRefused,
    }
}

/// The sockets in a directory at which somebody serves. Those that a process has left behind are removed.
pub(super) fn sockets(directory: &Path) -> Vec<PathBuf> {
    if check(directory).is_err() {
        return Vec::new();
    }
    let entries = fs::read_dir(directory).into_iter().flatten();
    let paths = entries.filter_map(|entry| entry.ok().map(|entry| entry.path()));
    let mut found = Vec::new();
    for path in paths.filter(|path| read_name(path).is_some()) {
        if is_answered(&path) {
            found.push(path);
        } else {
            let _ = fs::remove_file(&path);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sockets_name_tells_its_process_and_program() {
        let named = |name: &str| read_name(Path::new(name)).map(|it| (it.pid, it.program));
        assert_eq!(named("/x/12-my-app.sock"), Some((12, "my-app".into())));
        assert_eq!(named("/x/12-app.2.sock"), Some((12, "app".into())));
        for other in [
            "/x/.12-0",
            "/x/app.sock",
            "/x/12.sock",
            "/x/a-b.sock",
            "/x/12-app",
        ] {
            assert_eq!(named(other), None, "{other}");
        }
    }

    #[test]
    fn a_directory_that_others_may_use_or_that_is_a_link_is_refused() {
        let scratch = tempfile::tempdir().unwrap();
        let open = scratch.path().join("open");
        fs::create_dir(&open).unwrap();
        fs::set_permissions(&open, Permissions::from_mode(0o750)).unwrap();
        assert!(check(&open).unwrap_err().contains("chmod 700"));
        let link = scratch.path().join("link");
        std::os::unix::fs::symlink(scratch.path(), &link).unwrap();
        assert!(check(&link).unwrap_err().contains("a link"));
        let made = scratch.path().join("a/b");
        private(&made).unwrap();
        assert_eq!(fs::metadata(&made).unwrap().mode() & 0o777, 0o700);
    }

    #[test]
    fn a_socket_that_was_left_behind_is_removed_by_who_looks_and_one_that_is_served_stays() {
        let scratch = tempfile::tempdir().unwrap();
        let directory = private(&scratch.path().join("run")).unwrap();
        let (listener, served) = bind(&directory).unwrap();
        let (gone, left) = bind(&directory).unwrap();
        drop(gone);
        fs::write(directory.0.join("12-file.sock"), "").unwrap();
        fs::write(directory.0.join("other"), "").unwrap();
        assert_eq!(sockets(&directory.0), std::slice::from_ref(&served));
        assert!(!left.exists() && directory.0.join("other").exists());
        // The next one takes the name that is free, and none that is served.
        let (_, next) = bind(&directory).unwrap();
        assert_eq!(next, left);
        assert!(served.exists());
        drop(listener);
    }

    #[test]
    fn a_directory_of_another_user_is_refused() {
        let scratch = tempfile::tempdir().unwrap();
        // Only the superuser can give something away, and to everybody else its directories are another's.
        let given = std::os::unix::fs::chown(scratch.path(), Some(54_321), None);
        let others = given.map_or(Path::new("/"), |()| scratch.path());
        assert!(check(others).unwrap_err().contains("another user"));
        // Who is at the other end is what the system says of it.
        let (one, _other) = UnixStream::pair().unwrap();
        assert_eq!(system::user_of(&one).unwrap(), system::user());
    }
}
