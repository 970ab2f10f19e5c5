//! What whoever holds a directory can do with it: this program by its methods, a plugin by the same names.

use super::open::Mode;
use super::{Access, Directory, Entry, File, Metadata, pieces};
use crate::{Bytes, Items, Result, object};

/// A directory and all that is in it. Paths are relative to it and lead nowhere else.
#[object(crate = crate)]
impl Directory {
    /// What it is called.
    #[getter]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What may be done with it, as a plugin sees it: `"read-only"` or `"read-write"`.
    #[getter("access")]
    fn access_name(&self) -> &'static str {
        match self.access {
            Access::ReadOnly => "read-only",
            Access::ReadWrite => "read-write",
        }
    }

    /// Opens a file: `r` to read, `w` to write from nothing, `a` to append, `x` to create, each with a `+` to do both.
    ///
    /// # Errors
    /// `FileNotFoundError`, `FileExistsError` and their like; `IsADirectoryError`, and `OSError` for a FIFO, a device or a
    /// socket; `PermissionError` where the path leads out, or to write in a read-only directory;
    /// [`LimitExceeded`](crate::Kind::LimitExceeded) when too much is open.
    #[name("open")]
    pub fn open_file(&self, path: &str, #[arg(default = "r")] mode: &str) -> Result<File> {
        let mode = Mode::parse(mode)?;
        let (file, ticket, place) = self.open_at(path, mode)?;
        Ok(File::new(self, place.path, file, ticket, mode))
    }

    /// All of a file.
    ///
    /// # Errors
    /// Those of `open`, and [`LimitExceeded`](crate::Kind::LimitExceeded) for a large one, which is to be opened and read
    /// in pieces.
    pub fn read(&self, path: &str) -> Result<Bytes> {
        let (mut file, _ticket, place) = self.open_at(path, Mode::READ)?;
        let most = self.budget.limits.read_bytes;
        let bytes = pieces::read(&mut file, most.saturating_add(1), place, &self.leash)?;
        match bytes.len() > most {
            true => Err(place.too_large(most, "`open` it, and `read` it in pieces")),
            false => Ok(Bytes::from(bytes)),
        }
    }

    /// All of a file, which is UTF-8.
    ///
    /// # Errors
    /// Those of `read`, and `UnicodeDecodeError`.
    pub fn read_text(&self, path: &str) -> Result<String> {
        let bytes = self.read(path)?.into_vec();
        String::from_utf8(bytes).map_err(|error| {
            let at = error.utf8_error().valid_up_to() as u64;
            match self.place(path) {
                Ok(place) => place.is_no_text(at),
                Err(error) => error,
            }
        })
    }

    /// Makes a file of bytes or text, in place of the one that is there.
    ///
    /// # Errors
    /// Those of `open`.
    pub fn write(&self, path: &str, data: &[u8]) -> Result<()> {
        self.put(path, data, Mode::REPLACE)
    }

    /// Adds bytes or text to the end of a file, which is made if it is not there.
    ///
    /// # Errors
    /// Those of `open`.
    pub fn append(&self, path: &str, data: &[u8]) -> Result<()> {
        self.put(path, data, Mode::APPEND)
    }

    /// What is in a directory, by name.
    ///
    /// # Errors
    /// `FileNotFoundError`, `NotADirectoryError`, `PermissionError`; [`LimitExceeded`](crate::Kind::LimitExceeded) for a
    /// long list, which is to be gone through with `entries`.
    pub fn list(&self, #[arg(default = ".")] path: &str) -> Result<Vec<Entry>> {
        let most = self.budget.limits.entries;
        let mut found = Vec::new();
        for entry in self.listing(path)? {
            if found.len() == most {
                return Err(self.place(path)?.too_many(most));
            }
            found.push(entry?);
        }
        found.sort_by(|a: &Entry, b| a.name.cmp(&b.name));
        Ok(found)
    }

    /// What is in a directory, in no order, however much that is.
    ///
    /// # Errors
    /// Those of `list`, but for the last one.
    pub fn entries(&self, #[arg(default = ".")] path: &str) -> Result<Items<Entry>> {
        Ok(Items::from_results(self.listing(path)?))
    }

    /// Whether there is something at a path.
    ///
    /// # Errors
    /// `PermissionError` where the path leads out.
    pub fn exists(&self, path: &str) -> Result<bool> {
        let place = self.place(path)?;
        match self.dir().try_exists(place.as_path()) {
            Ok(exists) => Ok(exists),
            // Something in the middle of the path is a file.
            Err(error) if error.kind() == std::io::ErrorKind::NotADirectory => Ok(false),
            Err(error) => Err(place.error(&error)),
        }
    }

    /// What is at a path, without opening it; a symbolic link is followed.
    ///
    /// # Errors
    /// `FileNotFoundError`, `NotADirectoryError`, `PermissionError`.
    pub fn metadata(&self, path: &str) -> Result<Metadata> {
        let place = self.place(path)?;
        match self.dir().metadata(place.as_path()) {
            Ok(metadata) => Ok(Metadata::from(&metadata)),
            Err(error) => Err(place.error(&error)),
        }
    }

    /// Makes a directory; with `parents`, those on the way too, and none of them need to be new.
    ///
    /// # Errors
    /// `FileExistsError`, `FileNotFoundError`, `PermissionError`.
    pub fn create_dir(&self, path: &str, #[arg(default = false)] parents: bool) -> Result<()> {
        let place = self.place_to_change(path)?;
        let made = match parents {
            true => self.dir().create_dir_all(place.as_path()),
            false => self.dir().create_dir(place.as_path()),
        };
        made.map_err(|error| place.error(&error))
    }

    /// Removes a file, or a symbolic link, which is not followed.
    ///
    /// # Errors
    /// `FileNotFoundError`, `IsADirectoryError`, `PermissionError`.
    pub fn remove_file(&self, path: &str) -> Result<()> {
        let place = self.place_to_change(path)?;
        let removed = self.dir().remove_file(place.as_path());
        removed.map_err(|error| place.error(&error))
    }

    /// Removes an empty directory.
    ///
    /// # Errors
    /// `FileNotFoundError`, `NotADirectoryError`, `PermissionError`; `OSError` where it is not empty.
    pub fn remove_dir(&self, path: &str) -> Result<()> {
        let place = self.place_to_change(path)?;
        let removed = self.dir().remove_dir(place.as_path());
        removed.map_err(|error| place.error(&error))
    }

    /// Gives a file or a directory another name or place; a file that is there already is replaced.
    ///
    /// # Errors
    /// `FileNotFoundError`, `PermissionError` and the like, for whichever path it is.
    pub fn rename(&self, from: &str, to: &str) -> Result<()> {
        let (from, to) = (self.place_to_change(from)?, self.place_to_change(to)?);
        let renamed = self.dir().rename(from.as_path(), self.dir(), to.as_path());
        renamed.map_err(|error| {
            // The system does not say which of the two it means.
            match self.dir().symlink_metadata(from.as_path()) {
                Ok(_) => to.error(&error),
                Err(_) => from.error(&error),
            }
        })
    }

    /// A directory in this one, which leads nowhere else.
    ///
    /// # Errors
    /// `FileNotFoundError`, `NotADirectoryError`, `PermissionError`; [`LimitExceeded`](crate::Kind::LimitExceeded) when
    /// too much is open.
    pub fn subdir(&self, path: &str) -> Result<Directory> {
        let place = self.place(path)?;
        let ticket = self.ticket()?;
        match self.dir().open_dir(place.as_path()) {
            Ok(dir) => Ok(self.below(path, dir, ticket)),
            Err(error) => Err(place.error(&error)),
        }
    }

    /// The same directory, in which nothing can be changed.
    pub fn read_only(&self) -> Directory {
        Directory {
            access: Access::ReadOnly,
            ..self.clone()
        }
    }

    fn __str__(&self) -> String {
        format!("<directory `{}`, {}>", self.name, self.access_name())
    }

    #[skip]
    fn put(&self, path: &str, data: &[u8], mode: Mode) -> Result<()> {
        let (mut file, _ticket, place) = self.open_at(path, mode)?;
        pieces::write(&mut file, data, place, &self.leash)
    }
}
