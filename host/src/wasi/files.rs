//! `wasi:filesystem`: the places that were granted, with every wait under the plugin's [`Alarm`].
//!
//! wasmtime-wasi confines a plugin to the directories that it was given and minds what is read-only. What is added here:
//! directories are those that were opened when they were granted; files that were granted one by one are found in a
//! directory that has nothing else in it; what may block whoever opens it is not opened; what was refused is told.

use std::collections::HashMap;

use wasmtime::Result;
use wasmtime::component::{HasData, Resource};
use wasmtime_wasi::filesystem::{Descriptor, Dir, File, WasiFilesystemCtxView};
use wasmtime_wasi::p2::bindings::filesystem::{preopens, types as later};
use wasmtime_wasi::p2::bindings::sync::filesystem::types;
use wasmtime_wasi::p2::bindings::sync::io::streams;
use wasmtime_wasi::p2::{FsError, FsResult, ReaddirIterator};
use wasmtime_wasi::{FsPerms, OpenMode};

use super::Alarm;
use crate::grants::{self, Access, Place, Refusals, Things};

type Fd = Resource<Descriptor>;

/// A plugin's files, and what ends its waiting for them.
pub(crate) struct Files<'a> {
    pub(super) view: WasiFilesystemCtxView<'a>,
    pub(super) alarm: &'a Alarm,
    pub(super) places: &'a mut Places,
    pub(super) plugin: &'a str,
    pub(super) refusals: &'a Refusals,
}

/// Names [`Files`] to the linker.
pub(super) struct HasFiles;

impl HasData for HasFiles {
    type Data<'a> = Files<'a>;
}

/// What was granted, and which of a plugin's descriptors lead there.
pub(super) struct Places {
    granted: Vec<Granted>,
    known: HashMap<u32, Known>,
}

struct Granted {
    name: String,
    dir: Dir,
    access: Access,
    /// The only files that are there, if they were granted one by one.
    files: Option<HashMap<String, (File, Access)>>,
}

/// A directory that the plugin has open.
#[derive(Clone)]
struct Known {
    /// Which of those that were granted it is, or lies in.
    granted: usize,
    /// What it is called there.
    path: String,
}

impl Places {
    pub(super) fn new(places: &[Place]) -> Result<Places> {
        let granted = places.iter().map(Granted::new).collect::<Result<_>>()?;
        Ok(Places {
            granted,
            known: HashMap::new(),
        })
    }
}

impl Granted {
    fn new(place: &Place) -> Result<Granted> {
        let (dir, access, files) = match &place.things {
            Things::Dir(dir, access) => (dir, *access, None),
            Things::Files { within, files } => {
                let files = files.iter().map(|(name, (file, access))| {
                    let (perms, mode) = allowed(*access);
                    let file = File::new(file.try_clone()?, perms, mode, false);
                    Ok((name.clone(), (file, *access)))
                });
                (
                    within,
                    Access::ReadOnly,
                    Some(files.collect::<Result<_>>()?),
                )
            }
        };
        let (perms, mode) = allowed(access);
        Ok(Granted {
            name: place.name.clone(),
            // Not on the caller's own thread, which must be free when its time is up.
            dir: Dir::new(dir.try_clone()?, perms, mode, false),
            access,
            files,
        })
    }
}

fn allowed(access: Access) -> (FsPerms, OpenMode) {
    match access {
        Access::ReadOnly => (FsPerms::ReadOnly, OpenMode::READ),
        Access::ReadWrite => (FsPerms::ReadWrite, OpenMode::READ | OpenMode::WRITE),
    }
}

impl Files<'_> {
    /// Waits for what may take its time.
    fn wait<T>(
        &mut self,
        run: impl AsyncFnOnce(&mut WasiFilesystemCtxView<'_>) -> FsResult<T>,
    ) -> FsResult<T> {
        self.alarm
            .wait(run(&mut self.view))
            .map_err(FsError::trap)?
    }

    /// The same for something with a path in it: a refusal is told.
    fn on_path<T>(
        &mut self,
        fd: &Fd,
        path: &str,
        writes: bool,
        run: impl AsyncFnOnce(&mut WasiFilesystemCtxView<'_>) -> FsResult<T>,
    ) -> FsResult<T> {
        self.whole_directory(fd, path, writes)?;
        let known = self.places.known.get(&fd.rep()).cloned();
        let done = self.wait(run);
        if let Err(error) = &done {
            self.explain(known, path, writes, error.downcast_ref());
        }
        done
    }

    /// Where files were granted one by one, there is no directory around them.
    fn whole_directory(&mut self, fd: &Fd, path: &str, writes: bool) -> FsResult<()> {
        match self.files_of(fd) {
            None => Ok(()),
            Some(_) => Err(self.refuse(fd, path, writes)),
        }
    }

    fn granted_of(&self, fd: &Fd) -> Option<&Granted> {
        let known = self.places.known.get(&fd.rep())?;
        self.places.granted.get(known.granted)
    }

    fn files_of(&self, fd: &Fd) -> Option<&HashMap<String, (File, Access)>> {
        self.granted_of(fd)?.files.as_ref()
    }

    /// Tells what was refused, and makes the answer to it.
    #[cold]
    fn refuse(&self, fd: &Fd, path: &str, writes: bool) -> FsError {
        let code = later::ErrorCode::NotPermitted;
        self.explain(
            self.places.known.get(&fd.rep()).cloned(),
            path,
            writes,
            Some(&code),
        );
        code.into()
    }

    #[cold]
    fn explain(
        &self,
        known: Option<Known>,
        path: &str,
        writes: bool,
        code: Option<&later::ErrorCode>,
    ) {
        if matches!(code, Some(later::ErrorCode::NoEntry)) {
            self.refusals.no_entry();
        }
        let refused = matches!(code, Some(later::ErrorCode::NotPermitted));
        let Some(known) = known.filter(|_| refused) else {
            return;
        };
        let Some(granted) = self.places.granted.get(known.granted) else {
            return;
        };
        let name = grants::shown(&granted.name);
        let path = grants::shown(&joined(&known.path, path));
        let (what, method, option) = match granted.access {
            _ if granted.files.is_some() => (format!("`{path}` in `{name}`"), "file", "allow-file"),
            Access::ReadOnly if writes => (
                format!("writing to `{path}` in `{name}`, which is read-only"),
                "dir",
                "allow-dir NAME=PATH:rw",
            ),
            _ => (
                format!("`{path}` in `{name}`, which leads out of it or is no regular file"),
                "dir",
                "allow-dir",
            ),
        };
        self.refusals.add(self.plugin, &what, method, option);
    }

    /// Opens one of the files that were granted one by one.
    fn open_granted(
        &mut self,
        fd: &Fd,
        path: &str,
        oflags: types::OpenFlags,
        flags: types::DescriptorFlags,
    ) -> FsResult<Fd> {
        let found = self.files_of(fd).and_then(|files| files.get(path)).cloned();
        let Some((mut file, access)) = found else {
            return Err(self.refuse(fd, path, false));
        };
        let truncates = oflags.contains(types::OpenFlags::TRUNCATE);
        let writes = truncates || flags.contains(types::DescriptorFlags::WRITE);
        if writes && access == Access::ReadOnly {
            let name = grants::shown(&joined(&self.name_of(fd), path));
            let what = format!("writing to `{name}`, which is read-only");
            self.refusals
                .add(self.plugin, &what, "file", "allow-file NAME=PATH:rw");
            return Err(later::ErrorCode::NotPermitted.into());
        }
        if oflags.contains(types::OpenFlags::DIRECTORY) {
            return Err(later::ErrorCode::NotDirectory.into());
        }
        if oflags.contains(types::OpenFlags::CREATE | types::OpenFlags::EXCLUSIVE) {
            return Err(later::ErrorCode::Exist.into());
        }
        if !writes {
            (file.perms, file.open_mode) = allowed(Access::ReadOnly);
        }
        let opened = self.view.table.push(Descriptor::File(file))?;
        if truncates {
            let rep = opened.rep();
            self.wait(async |view| {
                later::HostDescriptor::set_size(view, Resource::new_borrow(rep), 0).await
            })?;
        }
        Ok(opened)
    }

    /// Looks at one of the files that were granted one by one, or at the directory that holds nothing else.
    fn look_at_granted<T>(
        &mut self,
        fd: Fd,
        path: &str,
        look: impl FnOnce(&mut Self, Fd) -> FsResult<T>,
    ) -> FsResult<T> {
        if matches!(path, "" | ".") {
            return look(self, fd);
        }
        let found = self.files_of(&fd).and_then(|files| files.get(path));
        let Some((file, _)) = found.cloned() else {
            self.refusals.no_entry();
            return Err(later::ErrorCode::NoEntry.into());
        };
        let opened = self.view.table.push(Descriptor::File(file))?;
        let found = look(self, Resource::new_borrow(opened.rep()));
        self.view.table.delete(opened)?;
        found
    }

    fn name_of(&self, fd: &Fd) -> String {
        self.granted_of(fd)
            .map_or_else(String::new, |granted| granted.name.clone())
    }
}

/// Whether opening it can neither block nor do anything but open.
fn is_harmless(kind: later::DescriptorType) -> bool {
    use later::DescriptorType::{Directory, RegularFile, SymbolicLink};
    matches!(kind, Directory | RegularFile | SymbolicLink)
}

fn joined(directory: &str, path: &str) -> String {
    match directory {
        "" | "." => path.to_owned(),
        directory => format!("{directory}/{path}"),
    }
}

impl preopens::Host for Files<'_> {
    fn get_directories(&mut self) -> Result<Vec<(Fd, String)>> {
        let Places { granted, known } = &mut *self.places;
        let mut directories = Vec::with_capacity(granted.len());
        for (index, granted) in granted.iter().enumerate() {
            let fd = self.view.table.push(Descriptor::Dir(granted.dir.clone()))?;
            let path = String::new();
            known.insert(
                fd.rep(),
                Known {
                    granted: index,
                    path,
                },
            );
            directories.push((fd, granted.name.clone()));
        }
        Ok(directories)
    }
}

impl types::Host for Files<'_> {
    fn convert_error_code(&mut self, error: FsError) -> Result<types::ErrorCode> {
        types::Host::convert_error_code(&mut self.view, error)
    }

    fn filesystem_error_code(
        &mut self,
        error: Resource<streams::Error>,
    ) -> Result<Option<types::ErrorCode>> {
        types::Host::filesystem_error_code(&mut self.view, error)
    }
}

/// Methods on a descriptor by itself.
macro_rules! on_descriptor {
    ($($name:ident($($arg:ident: $type:ty),*) -> $out:ty;)*) => {$(
        fn $name(&mut self, fd: Fd $(, $arg: $type)*) -> FsResult<$out> {
            let done = self.wait(async |view| {
                later::HostDescriptor::$name(view, fd $(, $arg.into())*).await
            });
            done.map(Into::into)
        }
    )*};
}

/// Methods on a path below a descriptor; whether they write, and which of their arguments is the path.
macro_rules! on_path {
    ($($name:ident, $writes:literal, $path:ident: ($($arg:ident: $type:ty),*) -> $out:ty;)*) => {$(
        fn $name(&mut self, fd: Fd $(, $arg: $type)*) -> FsResult<$out> {
            let (at, path) = (Resource::new_borrow(fd.rep()), $path.clone());
            let done = self.on_path(&at, &path, $writes, async |view| {
                later::HostDescriptor::$name(view, fd $(, $arg.into())*).await
            });
            done.map(Into::into)
        }
    )*};
}

impl types::HostDescriptor for Files<'_> {
    on_descriptor! {
        advise(offset: u64, len: u64, advice: types::Advice) -> ();
        sync_data() -> ();
        get_flags() -> types::DescriptorFlags;
        get_type() -> types::DescriptorType;
        set_size(size: u64) -> ();
        set_times(accessed: types::NewTimestamp, modified: types::NewTimestamp) -> ();
        read(len: u64, offset: u64) -> (Vec<u8>, bool);
        write(bytes: Vec<u8>, offset: u64) -> u64;
        sync() -> ();
        stat() -> types::DescriptorStat;
        metadata_hash() -> types::MetadataHashValue;
    }

    on_path! {
        create_directory_at, true, path: (path: String) -> ();
        set_times_at, true, path: (flags: types::PathFlags, path: String, accessed: types::NewTimestamp, modified: types::NewTimestamp) -> ();
        readlink_at, false, path: (path: String) -> String;
        remove_directory_at, true, path: (path: String) -> ();
        symlink_at, true, to: (from: String, to: String) -> ();
        unlink_file_at, true, path: (path: String) -> ();
    }

    fn stat_at(
        &mut self,
        fd: Fd,
        flags: types::PathFlags,
        path: String,
    ) -> FsResult<types::DescriptorStat> {
        if self.files_of(&fd).is_some() {
            return self.look_at_granted(fd, &path, |files, fd| files.stat(fd));
        }
        let at = Resource::new_borrow(fd.rep());
        let found = self.on_path(&at, &path.clone(), false, async |view| {
            later::HostDescriptor::stat_at(view, fd, flags.into(), path).await
        });
        found.map(Into::into)
    }

    fn metadata_hash_at(
        &mut self,
        fd: Fd,
        flags: types::PathFlags,
        path: String,
    ) -> FsResult<types::MetadataHashValue> {
        if self.files_of(&fd).is_some() {
            return self.look_at_granted(fd, &path, |files, fd| files.metadata_hash(fd));
        }
        let at = Resource::new_borrow(fd.rep());
        let found = self.on_path(&at, &path.clone(), false, async |view| {
            later::HostDescriptor::metadata_hash_at(view, fd, flags.into(), path).await
        });
        found.map(Into::into)
    }

    fn open_at(
        &mut self,
        fd: Fd,
        path_flags: types::PathFlags,
        path: String,
        oflags: types::OpenFlags,
        flags: types::DescriptorFlags,
    ) -> FsResult<Fd> {
        if self.files_of(&fd).is_some() {
            return self.open_granted(&fd, &path, oflags, flags);
        }
        let at = Resource::new_borrow(fd.rep());
        let known = self.places.known.get(&fd.rep()).cloned();
        let writes = oflags.intersects(types::OpenFlags::CREATE | types::OpenFlags::TRUNCATE)
            || flags.contains(types::DescriptorFlags::WRITE);
        // A FIFO would block whoever opens it, and a device may do anything. Whoever puts one there in between blocks a
        // thread of the host's, and the plugin no longer than its deadline.
        let there = self.wait(async |view| {
            let fd = Resource::new_borrow(at.rep());
            later::HostDescriptor::stat_at(view, fd, path_flags.into(), path.clone()).await
        });
        if there.is_ok_and(|there| !is_harmless(there.type_)) {
            return Err(self.refuse(&fd, &path, writes));
        }
        let below = path.clone();
        let opened = self.on_path(&at, &below, writes, async |view| {
            let (path_flags, oflags, flags) = (path_flags.into(), oflags.into(), flags.into());
            later::HostDescriptor::open_at(view, fd, path_flags, path, oflags, flags).await
        })?;
        if let (Some(known), Ok(Descriptor::Dir(_))) = (known, self.view.table.get(&opened)) {
            let path = joined(&known.path, &below);
            let granted = known.granted;
            self.places
                .known
                .insert(opened.rep(), Known { granted, path });
        }
        Ok(opened)
    }

    fn link_at(
        &mut self,
        fd: Fd,
        flags: types::PathFlags,
        from: String,
        to_fd: Fd,
        to: String,
    ) -> FsResult<()> {
        self.whole_directory(&to_fd, &to, true)?;
        let at = Resource::new_borrow(fd.rep());
        self.on_path(&at, &from.clone(), true, async |view| {
            later::HostDescriptor::link_at(view, fd, flags.into(), from, to_fd, to).await
        })
    }

    fn rename_at(&mut self, fd: Fd, from: String, to_fd: Fd, to: String) -> FsResult<()> {
        self.whole_directory(&to_fd, &to, true)?;
        let at = Resource::new_borrow(fd.rep());
        self.on_path(&at, &from.clone(), true, async |view| {
            later::HostDescriptor::rename_at(view, fd, from, to_fd, to).await
        })
    }

    fn read_directory(&mut self, fd: Fd) -> FsResult<Resource<ReaddirIterator>> {
        let at = Resource::new_borrow(fd.rep());
        self.on_path(&at, ".", false, async |view| {
            later::HostDescriptor::read_directory(view, fd).await
        })
    }

    fn is_same_object(&mut self, one: Fd, other: Fd) -> Result<bool> {
        let compared = later::HostDescriptor::is_same_object(&mut self.view, one, other);
        self.alarm.wait(compared)?
    }

    fn read_via_stream(&mut self, fd: Fd, offset: u64) -> FsResult<Resource<streams::InputStream>> {
        later::HostDescriptor::read_via_stream(&mut self.view, fd, offset)
    }

    fn write_via_stream(
        &mut self,
        fd: Fd,
        offset: u64,
    ) -> FsResult<Resource<streams::OutputStream>> {
        later::HostDescriptor::write_via_stream(&mut self.view, fd, offset)
    }

    fn append_via_stream(&mut self, fd: Fd) -> FsResult<Resource<streams::OutputStream>> {
        later::HostDescriptor::append_via_stream(&mut self.view, fd)
    }

    fn drop(&mut self, fd: Fd) -> Result<()> {
        self.places.known.remove(&fd.rep());
        later::HostDescriptor::drop(&mut self.view, fd)
    }
}

impl types::HostDirectoryEntryStream for Files<'_> {
    fn read_directory_entry(
        &mut self,
        stream: Resource<ReaddirIterator>,
    ) -> FsResult<Option<types::DirectoryEntry>> {
        let entry = self.wait(async |view| {
            later::HostDirectoryEntryStream::read_directory_entry(view, stream).await
        });
        entry.map(|entry| entry.map(Into::into))
    }

    fn drop(&mut self, stream: Resource<ReaddirIterator>) -> Result<()> {
        later::HostDirectoryEntryStream::drop(&mut self.view, stream)
    }
}
