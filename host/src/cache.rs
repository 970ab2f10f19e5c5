//! Compiled plugins on disk, so that a plugin is compiled once and not at every start.
//!
//! Loading compiled code runs it without any check, so a file is believed only when it can be nobody else's: the
//! directory and the file belong to this user, nobody else may read or write either, neither is a link, and the file
//! bears a checksum over its key and its content. **Invariant:** nothing but [`Cache::keep`] writes what
//! [`Cache::find`] loads. Whatever is wrong, the plugin is compiled anew; a cache never makes a load fail.

use std::fs::{self, DirBuilder, File, Metadata, OpenOptions};
use std::hash::{Hash, Hasher};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use sha2::{Digest, Sha256};
use wasmtime::Engine;
use wasmtime::component::Component;
use xxhash_rust::xxh3::Xxh3;

/// Last in every file, behind the checksum; the last byte is the version of this layout. What is compiled comes first, where
/// it can be mapped into memory as it lies.
const MAGIC: &[u8; 8] = b"locumcw\x02";
const DIGEST: usize = 32;
const CHECKSUM: usize = 16;

/// How large all files together may become.
const LARGEST: u64 = 512 << 20;

/// A directory of compiled plugins.
#[derive(Clone, Debug)]
pub(crate) struct Cache {
    directory: PathBuf,
}

impl Cache {
    /// In the user's own cache directory, if there is one.
    pub(crate) fn of_user() -> Option<Cache> {
        directories::ProjectDirs::from("", "", "locum")
            .map(|dirs| Cache::at(dirs.cache_dir().join("compiled")))
    }

    /// In that directory, which is made on first use.
    pub(crate) fn at(directory: impl Into<PathBuf>) -> Cache {
        Cache {
            directory: directory.into(),
        }
    }

    /// The compiled form of `wasm`, if this user has kept it here for this very engine.
    pub(crate) fn find(&self, engine: &Engine, wasm: &[u8]) -> Option<Component> {
        let key = key(engine, wasm);
        let owner = self.open().ok()?;
        let path = self.path(&key);
        let file = check(&path, &key, &owner).ok()?;
        load(engine, &path, file)
    }

    /// Keeps the compiled form of `wasm`. Says nothing when it can not: then it is compiled again next time.
    pub(crate) fn keep(&self, engine: &Engine, wasm: &[u8], component: &Component) {
        let key = key(engine, wasm);
        let _ = self.open().and_then(|_| {
            let payload = component.serialize().map_err(io::Error::other)?;
            write(&self.path(&key), &key, &payload)?;
            self.prune()
        });
    }

    fn path(&self, key: &[u8; DIGEST]) -> PathBuf {
        let name: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
        self.directory.join(name)
    }

    /// Makes sure that the directory is there and private, and says whose it is.
    fn open(&self) -> io::Result<Owner> {
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&self.directory)?;
        let found = fs::symlink_metadata(&self.directory)?;
        let owner = Owner::this_user(&self.directory)?;
        if !found.is_dir() || !owner.alone(&found) {
            return Err(refused("the directory is not private to this user"));
        }
        Ok(owner)
    }

    /// Removes the files that were not used for the longest time, until the rest is small enough.
    fn prune(&self) -> io::Result<()> {
        let mut files: Vec<(SystemTime, u64, PathBuf)> = fs::read_dir(&self.directory)?
            .filter_map(|entry| {
                let entry = entry.ok()?;
                let found = entry.metadata().ok().filter(Metadata::is_file)?;
                Some((found.modified().ok()?, found.len(), entry.path()))
            })
            .collect();
        files.sort();
        let mut total: u64 = files.iter().map(|(_, size, _)| size).sum();
        for (_, size, path) in files {
            if total <= LARGEST {
                break;
            }
            // One that can not be removed (in use, on some systems) is left, and the next oldest goes.
            if fs::remove_file(path).is_ok() {
                total -= size;
            }
        }
        Ok(())
    }
}

/// What is compiled from the same bytes, by the same engine in the same way, for the same version of this crate.
fn key(engine: &Engine, wasm: &[u8]) -> [u8; DIGEST] {
    let mut hasher = ShaHasher(Sha256::new());
    env!("CARGO_PKG_VERSION").hash(&mut hasher);
    engine.precompile_compatibility_hash().hash(&mut hasher);
    hasher.0.update(Sha256::digest(wasm));
    hasher.0.finalize().into()
}

/// The checksum is over the key too, so that a file under another's name is not believed. It finds damage; it keeps nobody
/// out who could write the file, since they could write a checksum of whatever strength too. So it is a fast one.
struct Checksum(Xxh3);

impl Checksum {
    fn new(key: &[u8; DIGEST]) -> Checksum {
        let mut hasher = Xxh3::new();
        hasher.update(key);
        Checksum(hasher)
    }

    fn add(&mut self, payload: &[u8]) {
        self.0.update(payload);
    }

    fn bytes(&self) -> [u8; CHECKSUM] {
        self.0.digest128().to_le_bytes()
    }
}

fn write(path: &Path, key: &[u8; DIGEST], payload: &[u8]) -> io::Result<()> {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let draft = path.with_extension(format!("{}-{number}.tmp", std::process::id()));
    let written = create_private(&draft).and_then(|mut file| {
        let mut sum = Checksum::new(key);
        sum.add(payload);
        file.write_all(payload)?;
        file.write_all(&sum.bytes())?;
        file.write_all(MAGIC)?;
        // Renamed when whole, so that nobody ever finds half of it.
        fs::rename(&draft, path)
    });
    if written.is_err() {
        let _ = fs::remove_file(&draft);
    }
    written
}

fn create_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Makes sure that a file is this user's own, and whole.
fn check(path: &Path, key: &[u8; DIGEST], owner: &Owner) -> io::Result<File> {
    let named = fs::symlink_metadata(path)?;
    let mut file = File::open(path)?;
    let opened = file.metadata()?;
    // What was opened is what bears the name: a link would differ, and so would a file put there in between.
    if !opened.is_file() || !same_file(&named, &opened) || !owner.alone(&opened) {
        return Err(refused("the file is not private to this user"));
    }
    let damaged = || refused("the file is damaged");
    let tail = MAGIC.len() + CHECKSUM;
    let mut left = usize::try_from(opened.len())
        .ok()
        .and_then(|len| len.checked_sub(tail))
        .ok_or_else(damaged)?;
    // In pieces, so that nothing of its size has to be found and filled only to be looked at.
    let mut piece = vec![0; left.clamp(1, PIECE)];
    let mut sum = Checksum::new(key);
    while left > 0 {
        let piece = &mut piece[..left.min(PIECE)];
        file.read_exact(piece)?;
        sum.add(piece);
        left -= piece.len();
    }
    let mut read = [0; MAGIC.len() + CHECKSUM];
    file.read_exact(&mut read)?;
    if read[..CHECKSUM] != sum.bytes() || read[CHECKSUM..] != *MAGIC {
        return Err(damaged());
    }
    // Used now, so pruned last.
    let _ = file.set_modified(SystemTime::now());
    Ok(file)
}

/// How much of a file is looked at at a time.
const PIECE: usize = 64 << 10;

/// Loads a file that was checked: as it lies, or by a copy where no file may be run (a directory that is mounted so).
#[allow(unsafe_code)]
fn load(engine: &Engine, path: &Path, mut file: File) -> Option<Component> {
    // SAFETY: `deserialize_file` wants a file that `serialize` filled and that nobody changes while it is mapped. `check`
    // has seen that it lies in a directory that nobody but this user can write to, under a checksum that `write` put there
    // together with what `keep` serialized. This user's Locum never changes a file: it renames whole ones into place, and
    // removes them. wasmtime itself checks that it was made by the same version for the same configuration.
    let mapped = unsafe { Component::deserialize_file(engine, path) };
    mapped.ok().or_else(|| {
        let mut payload = Vec::new();
        file.rewind().ok()?;
        file.read_to_end(&mut payload).ok()?;
        payload.truncate(payload.len().checked_sub(MAGIC.len() + CHECKSUM)?);
        // SAFETY: as above; this is the very file that was checked.
        unsafe { Component::deserialize(engine, payload) }.ok()
    })
}

fn refused(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::PermissionDenied, why)
}

/// Lets a SHA-256 see what is hashed; unlike the standard hasher it is the same in every process.
struct ShaHasher(Sha256);

impl Hasher for ShaHasher {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn finish(&self) -> u64 {
        unreachable!("the digest is taken, not this")
    }
}

/// Whose files are believed.
#[cfg(unix)]
struct Owner(u32);

#[cfg(unix)]
impl Owner {
    /// Who owns what this process creates; there is no other way to ask for that without `unsafe`.
    fn this_user(directory: &Path) -> io::Result<Owner> {
        use std::os::unix::fs::MetadataExt;
        static NEXT: AtomicU64 = AtomicU64::new(0);
        // A process does not change its user, as far as this library goes.
        static USER: OnceLock<u32> = OnceLock::new();
        if let Some(user) = USER.get() {
            return Ok(Owner(*user));
        }
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let probe = directory.join(format!("{}-{number}.probe", std::process::id()));
        let uid = create_private(&probe)?.metadata()?.uid();
        fs::remove_file(&probe)?;
        Ok(Owner(*USER.get_or_init(|| uid)))
    }

    /// Whether nobody else can write to it or read it.
    fn alone(&self, found: &Metadata) -> bool {
        use std::os::unix::fs::MetadataExt;
        found.uid() == self.0 && found.mode() & 0o077 == 0
    }
}

#[cfg(unix)]
fn same_file(one: &Metadata, other: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

/// Elsewhere the user's profile directory is private by itself, and links in it are the user's own.
#[cfg(not(unix))]
struct Owner;

#[cfg(not(unix))]
impl Owner {
    fn this_user(_directory: &Path) -> io::Result<Owner> {
        Ok(Owner)
    }

    fn alone(&self, _found: &Metadata) -> bool {
        true
    }
}

#[cfg(not(unix))]
fn same_file(one: &Metadata, other: &Metadata) -> bool {
    !one.is_symlink() && one.len() == other.len()
}

#[cfg(test)]
mod tests;
