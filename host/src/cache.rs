//! Compiled plugins on disk, so that a plugin is compiled once and not at every start.
//!
//! Loading compiled code runs it without any check, so a file is believed only when it can be nobody else's: the
//! directory and the file belong to this user, nobody else may read or write either, neither is a link, and the file
//! bears a checksum over its key and its content. **Invariant:** nothing but [`Cache::keep`] writes what
//! [`Cache::find`] loads. Whatever is wrong, the plugin is compiled anew; a cache never makes a load fail.

use std::fs::{self, DirBuilder, File, Metadata, OpenOptions};
use std::hash::{Hash, Hasher};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use sha2::{Digest, Sha256};
use wasmtime::Engine;
use wasmtime::component::Component;
use xxhash_rust::xxh3::Xxh3;

/// First in every file; the last byte is the version of this layout.
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
        let payload = read(&self.path(&key), &key, &owner).ok()?;
        load(engine, &payload)
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
            fs::remove_file(path)?;
            total -= size;
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
fn checksum(key: &[u8; DIGEST], payload: &[u8]) -> [u8; CHECKSUM] {
    let mut hasher = Xxh3::new();
    hasher.update(key);
    hasher.update(payload);
    hasher.digest128().to_le_bytes()
}

fn write(path: &Path, key: &[u8; DIGEST], payload: &[u8]) -> io::Result<()> {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let draft = path.with_extension(format!("{}-{number}.tmp", std::process::id()));
    let written = create_private(&draft).and_then(|mut file| {
        file.write_all(MAGIC)?;
        file.write_all(&checksum(key, payload))?;
        file.write_all(payload)?;
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

fn read(path: &Path, key: &[u8; DIGEST], owner: &Owner) -> io::Result<Vec<u8>> {
    let named = fs::symlink_metadata(path)?;
    let mut file = File::open(path)?;
    let opened = file.metadata()?;
    // What was opened is what bears the name: a link would differ, and so would a file put there in between.
    if !opened.is_file() || !same_file(&named, &opened) || !owner.alone(&opened) {
        return Err(refused("the file is not private to this user"));
    }
    let mut head = [0; MAGIC.len() + CHECKSUM];
    file.read_exact(&mut head)?;
    let mut payload = Vec::with_capacity(usize::try_from(opened.len()).unwrap_or(0));
    file.read_to_end(&mut payload)?;
    let (magic, sum) = head.split_at(MAGIC.len());
    if magic != MAGIC || sum != checksum(key, &payload) {
        return Err(refused("the file is damaged"));
    }
    // Used now, so pruned last.
    let _ = file.set_modified(SystemTime::now());
    Ok(payload)
}

#[allow(unsafe_code)]
fn load(engine: &Engine, payload: &[u8]) -> Option<Component> {
    // SAFETY: `deserialize` wants bytes that `serialize` made. `read` gives out only what lies in a directory that
    // nobody but this user can write to, under a checksum that `write` put there together with what `keep` serialized.
    // wasmtime itself checks that they were made by the same version for the same configuration.
    unsafe { Component::deserialize(engine, payload) }.ok()
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
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let probe = directory.join(format!("{}-{number}.probe", std::process::id()));
        let uid = create_private(&probe)?.metadata()?.uid();
        fs::remove_file(&probe)?;
        Ok(Owner(uid))
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
