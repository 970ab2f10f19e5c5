//! What a plugin asks for: a file beside it, or a section inside it. Asking gives nothing; the host's grants do.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use wasmparser::{Chunk, Parser, Payload};

use crate::grants::{self, Things};
use crate::{Access, Error, Grants, Input, Kind, Limits, Result};

/// The custom section of a component, or of a module in it, that holds a manifest.
const SECTION: &str = "locum:manifest";

/// The longest manifest that is read.
const LARGEST: usize = 64 << 10;

/// What a plugin says that it needs, for people to read before they grant it. It is the plugin's own word: nothing is
/// given by it.
///
/// It is TOML, in a file `plugin.toml` (or `counters.plugin.toml` for `counters.wasm`) beside the component, or inside of
/// it, where `locum_guest::manifest!("../plugin.toml")` puts it:
///
/// ```toml
/// name = "report"                  # which plugin it is of, where several lie in one directory
///
/// [asks]
/// dirs = { data = "ro", out = "rw" }
/// files = { "settings.toml" = "ro" }
/// env = ["LANG"]
/// connect = ["example.org:443"]
/// listen = ["127.0.0.1:8080"]
/// stdin = true
/// memory = "128 MiB"
/// deadline = "30s"
/// ```
///
/// `locum inspect` shows it. What it asks for and was not granted is told where the plugin fails.
///
/// ```
/// # std::env::set_current_dir(env!("OUT_DIR"))?;
/// # use std::path::Path;
/// # use locum::{Access, Grants, Limits, Manifest};
/// let manifest = Manifest::read(
///     r#"
///     name = "report"
///     [asks]
///     dirs = { data = "ro" }
///     memory = "128 MiB"
///     "#,
/// )?;
/// assert_eq!(manifest.asks.dirs["data"], Access::ReadOnly);
/// let missing = manifest.missing(&Grants::new(), &Limits::default());
/// assert_eq!(missing.len(), 2); // the directory, and the memory
///
/// let inside = Manifest::of("hostile.wasm")?.unwrap(); // `locum_guest::manifest!` has put it there
/// assert_eq!(Manifest::inside(&std::fs::read("hostile.wasm")?)?, Some(inside));
/// # Ok::<(), locum::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Manifest {
    /// The plugin's name: that of its file, without the ending.
    pub name: Option<String>,
    /// What it asks for.
    pub asks: Asks,
}

/// What a plugin asks for, by the names that it would find it under.
///
/// ```
/// # use locum::{Asks, Manifest};
/// let asks: Asks = Manifest::read("[asks]\nenv = [\"LANG\"]\nmemory = \"1 MiB\"")?.asks;
/// assert_eq!((&*asks.env, asks.memory, asks.is_empty()), (&["LANG".to_owned()][..], Some(1 << 20), false));
/// assert!(Manifest::read("")?.asks.is_empty());
/// # Ok::<(), locum::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Asks {
    /// Directories.
    pub dirs: BTreeMap<String, Access>,
    /// Single files.
    pub files: BTreeMap<String, Access>,
    /// Variables of the environment.
    pub env: Vec<String>,
    /// Addresses to connect to.
    pub connect: Vec<String>,
    /// Addresses to listen at.
    pub listen: Vec<String>,
    /// Whether it reads its standard input.
    pub stdin: bool,
    /// Bytes of memory, as in `"128 MiB"`.
    #[serde(with = "size", skip_serializing_if = "Option::is_none")]
    pub memory: Option<usize>,
    /// How long one call may run, as in `"30s"`.
    #[serde(with = "time", skip_serializing_if = "Option::is_none")]
    pub deadline: Option<Duration>,
}

impl Manifest {
    /// Reads the text of a manifest.
    ///
    /// # Errors
    /// [`ValueError`](Kind::ValueError), saying where it goes wrong and what is known there.
    pub fn read(text: &str) -> Result<Manifest> {
        if text.len() > LARGEST {
            return Err(Error::new(
                Kind::ValueError,
                format!(
                    "a manifest has at most {LARGEST} bytes, and this one {}",
                    text.len()
                ),
            ));
        }
        toml::from_str(text)
            .map_err(|error| Error::new(Kind::ValueError, error.to_string().trim_end().to_owned()))
    }

    /// The manifest of a plugin's file: the one beside it, or else the one inside of it. `None` when it has none.
    ///
    /// # Errors
    /// [`ValueError`](Kind::ValueError) for one that can not be read.
    pub fn of(path: impl AsRef<Path>) -> Result<Option<Manifest>> {
        let path = path.as_ref();
        if let Some(beside) = Manifest::beside(path)? {
            return Ok(Some(beside));
        }
        let bytes = std::fs::read(path).map_err(|error| unreadable(&path.display(), &error))?;
        Manifest::inside(&bytes)
    }

    /// The manifest in a file beside a plugin's.
    pub(crate) fn beside(path: &Path) -> Result<Option<Manifest>> {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        for (name, is_its_own) in [
            (&*format!("{stem}.plugin.toml"), true),
            ("plugin.toml", false),
        ] {
            let file = path.with_file_name(name);
            let text = match std::fs::read_to_string(&file) {
                Ok(text) => text,
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
                Err(error) => return Err(unreadable(&file.display(), &error)),
            };
            let manifest = Manifest::read(&text)
                .map_err(|error| unreadable(&file.display(), &error.message()))?;
            // One that names another plugin is that one's.
            if is_its_own || manifest.name.as_ref().is_none_or(|name| *name == stem) {
                return Ok(Some(manifest));
            }
        }
        Ok(None)
    }

    /// The manifest inside of a component.
    ///
    /// # Errors
    /// [`ValueError`](Kind::ValueError) for one that can not be read.
    pub fn inside(bytes: &[u8]) -> Result<Option<Manifest>> {
        let Some(section) = section(bytes) else {
            return Ok(None);
        };
        let text = std::str::from_utf8(section).map_err(|error| unreadable(&SECTION, &error))?;
        let manifest = Manifest::read(text.trim_end_matches('\0'));
        manifest
            .map(Some)
            .map_err(|error| unreadable(&format!("the section `{SECTION}`"), &error.message()))
    }

    /// What it asks for and does not get, each in words that name the grant that is missing.
    pub fn missing(&self, grants: &Grants, limits: &Limits) -> Vec<String> {
        let asks = &self.asks;
        let mut missing = Vec::new();
        let mut miss = |what: String, how: &str, option: String| {
            missing.push(format!(
                "it asks for {what}, which was not granted ({how}, --{option})"
            ));
        };
        let shown = |name: &str| grants::shown(name);
        for (name, access) in &asks.dirs {
            if !grants.has_dir(name, *access) {
                let (name, access) = (shown(name), access.short());
                let what = format!("the directory `{name}` ({access})");
                miss(
                    what,
                    "Grants::dir",
                    format!("allow-dir {name}=PATH:{access}"),
                );
            }
        }
        for (name, access) in &asks.files {
            if !grants.has_file(name, *access) {
                let (name, access) = (shown(name), access.short());
                let what = format!("the file `{name}` ({access})");
                miss(
                    what,
                    "Grants::file",
                    format!("allow-file {name}=PATH:{access}"),
                );
            }
        }
        for name in asks
            .env
            .iter()
            .filter(|name| !grants.env.contains_key(*name))
        {
            let name = shown(name);
            let what = format!("the environment variable `{name}`");
            miss(what, "Grants::env", format!("allow-env {name}"));
        }
        for address in asks
            .connect
            .iter()
            .filter(|it| !cover(&grants.connect_texts, it))
        {
            let address = shown(address);
            let what = format!("connections to {address}");
            miss(what, "Grants::connect", format!("allow-net {address}"));
        }
        for address in asks
            .listen
            .iter()
            .filter(|it| !cover(&grants.listen_texts, it))
        {
            let address = shown(address);
            let what = format!("listening at {address}");
            miss(what, "Grants::listen", format!("allow-listen {address}"));
        }
        if asks.stdin && grants.input == Input::Empty {
            miss(
                "standard input".into(),
                "Grants::stdin",
                "allow-stdin".into(),
            );
        }
        if let Some(memory) = asks.memory.filter(|memory| *memory > limits.memory_bytes) {
            let size = bytesize::ByteSize(memory as u64)
                .display()
                .iec()
                .to_string();
            let option = format!("max-memory '{size}'");
            miss(format!("{size} of memory"), "Limits::memory_bytes", option);
        }
        if let Some(deadline) = asks.deadline.filter(|deadline| *deadline > limits.deadline) {
            let time = humantime::format_duration(deadline).to_string();
            let option = format!("deadline '{time}'");
            miss(format!("{time} for a call"), "Limits::deadline", option);
        }
        missing
    }
}

/// Whether one of the addresses that were granted is the one that is asked for, or stands for all of its kind.
fn cover(granted: &[String], asked: &str) -> bool {
    let split = |text| str::rsplit_once(text, ':').unwrap_or((text, ""));
    let (host, port) = split(asked);
    granted.iter().any(|text| {
        let (hosts, ports) = split(text);
        (hosts == host || hosts == "*") && (ports == port || ports == "*")
    })
}

impl Asks {
    /// Whether it asks for nothing.
    pub fn is_empty(&self) -> bool {
        *self == Asks::default()
    }
}

impl Grants {
    fn has_dir(&self, name: &str, asked: Access) -> bool {
        self.places.iter().any(|place| {
            let fits = grants::same(&place.name, name);
            fits && matches!(&place.things, Things::Dir(_, access) if access.covers(asked))
        })
    }

    fn has_file(&self, name: &str, asked: Access) -> bool {
        let (within, file) = name.rsplit_once('/').unwrap_or((".", name));
        self.places.iter().any(|place| match &place.things {
            // In a directory that was granted, all files were.
            Things::Dir(_, access) => access.covers(asked) && grants::same(&place.name, within),
            Things::Files { files, .. } => {
                let granted = files
                    .get(file)
                    .filter(|_| grants::same(&place.name, within));
                granted.is_some_and(|(_, access)| access.covers(asked))
            }
        })
    }
}

impl Access {
    /// `ro` or `rw`.
    fn short(self) -> &'static str {
        match self {
            Access::ReadOnly => "ro",
            Access::ReadWrite => "rw",
        }
    }

    fn covers(self, asked: Access) -> bool {
        self == Access::ReadWrite || asked == Access::ReadOnly
    }
}

/// The content of the section, wherever in the component it is.
fn section(bytes: &[u8]) -> Option<&[u8]> {
    let (mut around, mut parser, mut rest) = (Vec::new(), Parser::new(0), bytes);
    loop {
        let Chunk::Parsed { consumed, payload } = parser.parse(rest, true).ok()? else {
            return None;
        };
        rest = rest.get(consumed..)?;
        match payload {
            Payload::CustomSection(custom) if custom.name() == SECTION => {
                return Some(custom.data());
            }
            // The bulk of a plugin, and nothing for us in it.
            Payload::CodeSectionStart { size, .. } => {
                parser.skip_section();
                rest = rest.get(size as usize..)?;
            }
            Payload::ModuleSection { parser: inner, .. }
            | Payload::ComponentSection { parser: inner, .. } => {
                around.push(std::mem::replace(&mut parser, inner));
            }
            Payload::End(_) => parser = around.pop()?,
            _ => {}
        }
    }
}

fn unreadable(what: &dyn std::fmt::Display, why: &dyn std::fmt::Display) -> Error {
    Error::new(
        Kind::ValueError,
        format!("the manifest in {what} can not be read: {why}"),
    )
}

/// `"128 MiB"`.
mod size {
    use bytesize::ByteSize;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(size: &Option<usize>, to: S) -> Result<S::Ok, S::Error> {
        match size {
            Some(size) => to.collect_str(&ByteSize(*size as u64).display().iec()),
            None => to.serialize_none(),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<usize>, D::Error> {
        let text = String::deserialize(from)?;
        let size: ByteSize = text.parse().map_err(|why| {
            D::Error::custom(format!(
                "{text:?} is no size ({why}); give one as in \"128 MiB\""
            ))
        })?;
        Ok(Some(usize::try_from(size.as_u64()).unwrap_or(usize::MAX)))
    }
}

/// `"30s"`.
mod time {
    use std::time::Duration;

    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(
        time: &Option<Duration>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        match time {
            Some(time) => to.collect_str(&humantime::format_duration(*time)),
            None => to.serialize_none(),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<Duration>, D::Error> {
        let text = String::deserialize(from)?;
        let time = humantime::parse_duration(&text).map_err(|why| {
            D::Error::custom(format!(
                "{text:?} is no time ({why}); give one as in \"30s\""
            ))
        })?;
        Ok(Some(time))
    }
}

#[cfg(test)]
mod tests;
