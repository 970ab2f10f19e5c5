use std::fs;

use super::*;
use crate::Limits;
use crate::engine::{self, Kind};

/// The smallest component there is.
const EMPTY: &[u8] = b"\0asm\x0d\0\x01\0";

/// A cache in a directory of its own, which goes with it.
struct Scratch(Cache);

impl Scratch {
    fn new(test: &str) -> Scratch {
        Scratch(Cache::at(
            std::env::temp_dir().join(format!("locum-cache-{}-{test}", std::process::id())),
        ))
    }

    fn keep(&self) {
        let engine = usual_engine().unwrap();
        self.0.keep(
            engine,
            EMPTY,
            &Component::from_binary(engine, EMPTY).unwrap(),
        );
    }

    fn finds(&self) -> bool {
        self.0.find(usual_engine().unwrap(), EMPTY).is_some()
    }

    fn file(&self) -> PathBuf {
        let mut files = fs::read_dir(&self.0.directory).unwrap();
        let file = files.next().unwrap().unwrap().path();
        assert!(files.next().is_none(), "drafts and probes are gone");
        file
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0.directory);
    }
}

fn usual_engine() -> wasmtime::Result<&'static Engine> {
    engine::engine(Kind::of(&Limits::default()))
}

#[test]
fn what_was_kept_is_found_and_nothing_else() {
    let cache = Scratch::new("kept");
    assert!(!cache.finds());
    cache.keep();
    assert!(cache.finds());
    let other = [EMPTY, b"\0\x01\0"].concat();
    assert!(cache.0.find(usual_engine().unwrap(), &other).is_none());
}

#[test]
fn a_damaged_or_foreign_file_is_not_believed_and_is_replaced() {
    let cache = Scratch::new("damaged");
    cache.keep();
    let (file, whole) = (cache.file(), fs::read(cache.file()).unwrap());
    let end = whole.len();
    for place in [
        0,
        7,
        40,
        end / 2,
        end - 25,
        end - 24,
        end - 9,
        end - 8,
        end - 1,
    ] {
        let mut damaged = whole.clone();
        damaged[place] ^= 1;
        fs::write(&file, &damaged).unwrap();
        assert!(!cache.finds(), "byte {place} was changed");
    }
    for length in [0, 8, 23, 24, 40, end - 1] {
        fs::write(&file, &whole[..length]).unwrap();
        assert!(!cache.finds(), "{length} bytes are left");
    }
    cache.keep();
    assert!(cache.finds());
}

#[test]
fn a_file_under_the_key_of_another_is_not_believed() {
    let cache = Scratch::new("renamed");
    cache.keep();
    let other = [EMPTY, b"\0\x01\0"].concat();
    fs::rename(
        cache.file(),
        cache.0.path(&key(usual_engine().unwrap(), &other)),
    )
    .unwrap();
    assert!(cache.0.find(usual_engine().unwrap(), &other).is_none());
}

#[cfg(unix)]
#[test]
fn what_others_may_touch_is_not_believed() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let allow =
        |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();

    let cache = Scratch::new("shared");
    cache.keep();
    let (file, directory) = (cache.file(), cache.0.directory.clone());
    assert_eq!(
        fs::metadata(&file).unwrap().permissions().mode() & 0o777,
        0o600
    );
    assert_eq!(
        fs::metadata(&directory).unwrap().permissions().mode() & 0o777,
        0o700
    );

    allow(&file, 0o644);
    assert!(!cache.finds(), "others may read the file");
    allow(&file, 0o600);

    let aside = directory.with_extension("aside");
    fs::rename(&file, &aside).unwrap();
    symlink(&aside, &file).unwrap();
    assert!(!cache.finds(), "the file is a link");
    fs::rename(&aside, &file).unwrap();
    assert!(cache.finds());

    allow(&directory, 0o755);
    assert!(!cache.finds(), "others may look into the directory");
    allow(&directory, 0o700);

    fs::rename(&directory, &aside).unwrap();
    symlink(&aside, &directory).unwrap();
    assert!(!cache.finds(), "the directory is a link");
    fs::remove_file(&directory).unwrap();
    fs::rename(&aside, &directory).unwrap();
    assert!(cache.finds());
}

#[test]
fn a_directory_that_can_not_be_made_is_no_error() {
    let cache = Cache::at("/dev/null/locum");
    let engine = usual_engine().unwrap();
    cache.keep(
        engine,
        EMPTY,
        &Component::from_binary(engine, EMPTY).unwrap(),
    );
    assert!(cache.find(engine, EMPTY).is_none());
}

#[test]
fn the_files_used_last_survive_pruning() {
    let cache = Scratch::new("pruned");
    cache.keep();
    let (file, directory) = (cache.file(), cache.0.directory.clone());
    let old = directory.join("old");
    // Sparse: it takes no room, and counts in full.
    File::create(&old).unwrap().set_len(LARGEST).unwrap();
    File::open(&old)
        .unwrap()
        .set_modified(SystemTime::UNIX_EPOCH)
        .unwrap();
    cache.0.prune().unwrap();
    assert!(file.exists() && !old.exists());
}
