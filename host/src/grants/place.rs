//! Directories and files of the host's that a plugin was given, each opened when it was given and never again.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::refused;
use crate::Result;

/// What may be done with a directory or a file.
///
/// ```
/// # use locum::Access;
/// # let folder = std::env::temp_dir();
/// use locum::fs::Directory;
///
/// let directory = Directory::open(&folder, Access::ReadOnly)?;
/// assert_eq!(directory.access(), Access::ReadOnly);
/// assert_eq!(directory.write("a.txt", b"").unwrap_err().type_name(), "PermissionError");
/// # Ok::<(), locum::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Access {
    /// Reading, and nothing that leaves a trace. `ro` in a manifest.
    #[serde(rename = "ro")]
    ReadOnly,
    /// Reading, writing, and in a directory creating and removing too. `rw` in a manifest.
    #[serde(rename = "rw")]
    ReadWrite,
}

/// A directory as the plugin sees it: one of the host's, or one in which only the files are that were given one by one.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// The name that the plugin finds it under.
    pub(crate) name: String,
    /// What is there.
    pub(crate) things: Things,
}

#[derive(Clone, Debug)]
pub(crate) enum Things {
    /// A directory of the host's with all that is in it.
    Dir(Arc<File>, Access),
    /// Some files of the host's, and the directory that one of them lies in, which stands for the one that is not there.
    Files {
        within: Arc<File>,
        files: BTreeMap<String, (Arc<File>, Access)>,
    },
}

impl Place {
    pub(crate) fn dir(name: String, path: &Path, access: Access) -> Result<Place> {
        let name = checked(name)?;
        let opened = open_dir(path).map_err(|why| can_not(path, &why))?;
        Ok(Place {
            name,
            things: Things::Dir(Arc::new(opened), access),
        })
    }

    pub(crate) fn file(name: String, path: &Path, access: Access) -> Result<Place> {
        let name = checked(name)?;
        let (within, file_name) = match name.rsplit_once('/') {
            Some(("", file)) => ("/", file),
            Some((within, file)) => (within, file),
            None => (".", &*name),
        };
        if matches!(file_name, "" | "." | "..") {
            return Err(refused(format!(
                "{name:?} is no name for a file that a plugin is given"
            )));
        }
        let opened = open_file(path, access).map_err(|why| can_not(path, &why))?;
        let parent = path.parent().filter(|parent| *parent != Path::new(""));
        let beside =
            open_dir(parent.unwrap_or(Path::new("."))).map_err(|why| can_not(path, &why))?;
        Ok(Place {
            name: within.to_owned(),
            things: Things::Files {
                within: Arc::new(beside),
                files: BTreeMap::from([(file_name.to_owned(), (Arc::new(opened), access))]),
            },
        })
    }
}

/// Adds a place to those that were given already.
pub(crate) fn add(places: &mut Vec<Place>, place: Place) -> Result<()> {
    let Some(known) = places
        .iter_mut()
        .find(|known| same(&known.name, &place.name))
    else {
        places.push(place);
        return Ok(());
    };
    match (&mut known.things, place.things) {
        (Things::Files { files, .. }, Things::Files { files: more, .. }) => {
            for (name, file) in more {
                if files.insert(name.clone(), file).is_some() {
                    return Err(refused(format!(
                        "the file `{name}` in `{}` was granted twice",
                        known.name
                    )));
                }
            }
            Ok(())
        }
        _ => Err(refused(format!(
            "`{}` was granted twice; give each directory, and the files beside it, names of their own",
            known.name
        ))),
    }
}

/// `/data`, `./data` and `data/` lead to the same place in a plugin, whose working directory is the root.
pub(crate) fn same(one: &str, other: &str) -> bool {
    fn parts(name: &str) -> impl Iterator<Item = &str> {
        name.split('/').filter(|part| !matches!(*part, "" | "."))
    }
    parts(one).eq(parts(other))
}

fn checked(name: String) -> Result<String> {
    let fits =
        !name.is_empty() && !name.contains('\0') && !name.split('/').any(|part| part == "..");
    if fits {
        Ok(name)
    } else {
        Err(refused(format!(
            "{name:?} is no name under which a plugin could find a directory or a file; give one as in `data` or `/etc/app`"
        )))
    }
}

fn can_not(path: &Path, why: &str) -> crate::Error {
    refused(format!("{} can not be granted: {why}", path.display()))
}

fn open_dir(path: &Path) -> Result<File, String> {
    use cap_std::ambient_authority;
    // Checked first, since its error says just what the system says.
    match fs::metadata(path) {
        Ok(found) if found.is_dir() => {}
        Ok(_) => return Err("it is no directory; use Grants::file".into()),
        Err(error) => return Err(error.to_string()),
    }
    let opened = cap_std::fs::Dir::open_ambient_dir(path, ambient_authority());
    opened
        .map(cap_std::fs::Dir::into_std_file)
        .map_err(|error| error.to_string())
}

fn open_file(path: &Path, access: Access) -> Result<File, String> {
    // What blocks whoever opens it, or does something when it is read, is no file.
    match fs::metadata(path) {
        Ok(found) if found.is_file() => {}
        Ok(found) if found.is_dir() => return Err("it is a directory; use Grants::dir".into()),
        Ok(_) => return Err("it is no regular file".into()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => return Err(error.to_string()),
    }
    let writes = access == Access::ReadWrite;
    OpenOptions::new()
        .read(true)
        .write(writes)
        .create(writes)
        .truncate(false)
        .open(path)
        .map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Grants;

    fn scratch() -> tempfile::TempDir {
        let scratch = tempfile::tempdir().unwrap();
        fs::write(scratch.path().join("a.txt"), "a").unwrap();
        scratch
    }

    #[track_caller]
    fn refused(answer: Result<Grants>, words: &str) {
        let error = answer.unwrap_err();
        assert!(error.message().contains(words), "{error}");
    }

    #[test]
    fn what_can_not_be_opened_is_not_granted() {
        let scratch = scratch();
        let (here, file) = (scratch.path(), scratch.path().join("a.txt"));
        refused(
            Grants::new().dir("x", here.join("missing"), Access::ReadOnly),
            "can not be granted: No such file",
        );
        refused(
            Grants::new().dir("x", &file, Access::ReadOnly),
            "it is no directory; use Grants::file",
        );
        refused(
            Grants::new().file("x", here, Access::ReadOnly),
            "it is a directory; use Grants::dir",
        );
        refused(
            Grants::new().file("x", here.join("missing"), Access::ReadOnly),
            "can not be granted: No such file",
        );
        refused(
            Grants::new().file("x", "/dev/null", Access::ReadOnly),
            "it is no regular file",
        );
    }

    #[test]
    fn a_name_is_given_once_however_it_is_written() {
        let scratch = scratch();
        let here = scratch.path();
        let given = || Grants::new().dir("data", here, Access::ReadOnly).unwrap();
        for name in ["data", "/data", "./data/", "data//."] {
            refused(
                given().dir(name, here, Access::ReadOnly),
                "was granted twice",
            );
        }
        let file = here.join("a.txt");
        refused(
            given().file("data/a.txt", &file, Access::ReadOnly),
            "was granted twice",
        );
        let one = Grants::new()
            .file("etc/a", &file, Access::ReadOnly)
            .unwrap();
        let two = one.clone().file("/etc/b", &file, Access::ReadOnly).unwrap();
        assert_eq!(two.places.len(), 1);
        refused(
            one.file("etc/a", &file, Access::ReadOnly),
            "the file `a` in `etc` was granted twice",
        );
    }

    #[test]
    fn a_name_that_no_plugin_could_find_is_refused() {
        let scratch = scratch();
        let (here, file) = (scratch.path(), scratch.path().join("a.txt"));
        for name in ["", "..", "a/../b", "a\0"] {
            refused(
                Grants::new().dir(name, here, Access::ReadOnly),
                "is no name under which",
            );
        }
        for name in ["etc/", "etc/.", "."] {
            refused(
                Grants::new().file(name, &file, Access::ReadOnly),
                "is no name for a file",
            );
        }
    }

    #[test]
    fn a_file_to_be_written_is_made_and_one_to_be_read_is_not() {
        let scratch = scratch();
        let new = scratch.path().join("new.txt");
        assert!(Grants::new().file("n", &new, Access::ReadOnly).is_err());
        assert!(!new.exists());
        Grants::new().file("n", &new, Access::ReadWrite).unwrap();
        assert!(new.exists());
        // What is there already stays.
        Grants::new()
            .file("a", scratch.path().join("a.txt"), Access::ReadWrite)
            .unwrap();
        assert_eq!(
            fs::read_to_string(scratch.path().join("a.txt")).unwrap(),
            "a"
        );
    }
}
