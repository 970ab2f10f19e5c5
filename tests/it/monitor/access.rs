//! Who may watch.

use std::fs::{self, Permissions};
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt, symlink};

use locum::monitor::Running;
use locum::{Kind, Monitor};
use locum_tests::refused;

use super::Watched;

fn mode(path: &std::path::Path) -> u32 {
    fs::symlink_metadata(path).unwrap().mode() & 0o777
}

#[test]
fn the_socket_and_its_directory_are_the_users_alone() {
    let scratch = tempfile::tempdir().unwrap();
    let directory = scratch.path().join("made/for/it");
    let monitor = Monitor::open_in(&directory).unwrap();
    assert_eq!((mode(&directory), mode(&monitor.path())), (0o700, 0o600));
    let kind = fs::symlink_metadata(monitor.path()).unwrap().file_type();
    assert!(kind.is_socket());
    let name = monitor.path().file_name().unwrap().to_owned();
    let name = name.to_str().unwrap();
    assert!(name.starts_with(&format!("{}-it", std::process::id())) && name.ends_with(".sock"));
    // A second one of this process has a name of its own, and nothing else lies there.
    let second = Monitor::open_in(&directory).unwrap();
    assert_ne!(second.path(), monitor.path());
    assert_eq!(fs::read_dir(&directory).unwrap().count(), 2);
}

#[test]
fn a_directory_that_others_may_use_is_refused_and_so_is_a_link() {
    let scratch = tempfile::tempdir().unwrap();
    for mode in [0o755, 0o701, 0o770] {
        fs::set_permissions(scratch.path(), Permissions::from_mode(mode)).unwrap();
        let words = ["others may use it", "chmod 700"];
        refused(Monitor::open_in(scratch.path()), Kind::Load, &words);
    }
    fs::set_permissions(scratch.path(), Permissions::from_mode(0o700)).unwrap();
    let link = scratch.path().join("link");
    symlink(tempfile::tempdir().unwrap().keep(), &link).unwrap();
    refused(Monitor::open_in(&link), Kind::Load, &["a link"]);
    let file = scratch.path().join("file");
    fs::write(&file, "").unwrap();
    refused(
        Monitor::open_in(&file),
        Kind::Load,
        &[&*file.display().to_string()],
    );
}

#[test]
fn a_path_that_is_too_long_for_a_socket_is_an_error_that_says_what_to_do() {
    let scratch = tempfile::tempdir().unwrap();
    let long = scratch.path().join("x".repeat(120));
    refused(
        Monitor::open_in(long),
        Kind::Load,
        &["Monitor::open_in", "shorter"],
    );
}

#[test]
fn where_no_host_is_none_is_found() {
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("1-gone.sock");
    refused(
        Running::at(&path),
        Kind::Load,
        &["no host answers at", "1-gone.sock"],
    );
    let watched = Watched::new();
    let path = watched.path();
    watched.monitor.close();
    refused(Running::at(path), Kind::Load, &["no host answers at"]);
}
