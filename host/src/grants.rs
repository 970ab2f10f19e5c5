//! What a plugin may see of the world outside: nothing, unless it is given.

mod net;
mod output;
mod place;
mod refusals;
mod world;

use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;
use std::path::Path;

use crate::{Error, Kind, Result};

pub use self::output::{Captured, Input, Output, Stream};
pub use self::place::Access;
pub use self::world::{Clocks, Random};

pub(crate) use self::net::Pattern;
pub(crate) use self::output::Sink;
pub(crate) use self::place::{Place, Things, same};
pub(crate) use self::refusals::{Refusals, shown};

/// What a plugin may see of the world outside. A plugin that is given none sees nothing: no file, no network, no
/// environment, no arguments, no standard input; what it writes is dropped. It may ask the time and draw random numbers,
/// unless it is told to see others.
///
/// Given to one plugin ([`LoadOptions::grants`](crate::LoadOptions::grants)) or to all of a host's
/// ([`HostBuilder::grants`](crate::HostBuilder::grants)). Those of a plugin take the place of its host's.
///
/// ```
/// # std::env::set_current_dir(env!("OUT_DIR"))?;
/// # let data = std::env::temp_dir().join(format!("locum-grants-{}", std::process::id()));
/// # std::fs::create_dir_all(&data)?;
/// # std::fs::write(data.join("a.txt"), "a")?;
/// use locum::{Access, Grants, Host, LoadOptions, Output};
///
/// let grants = Grants::new()
///     .dir("data", &data, Access::ReadOnly)?
///     .file("settings.toml", data.join("settings.toml"), Access::ReadWrite)? // made, as it is not there
///     .env("LANG")?
///     .env_value("MODE", "quick")?
///     .arg("report")
///     .connect("192.0.2.7:443")?
///     .listen("127.0.0.1:*")?
///     .stdout(Output::inherit())
///     .stderr(Output::log());
/// let plugin = Host::new()?.load_with("hostile.wasm", LoadOptions::new().grants(grants))?;
/// let world = plugin.import("hostile.world")?;
/// assert_eq!(world.call::<Vec<String>>("list_dir", ("/data",))?, ["a.txt", "settings.toml"]);
/// assert_eq!(world.call::<Vec<String>>("arguments", ())?, ["report"]);
/// assert!(world.call::<()>("write_file", ("/data/a.txt", "b")).is_err()); // it may be read only
/// # std::fs::remove_dir_all(&data)?;
/// # Ok::<(), locum::Error>(())
/// ```
///
/// What was refused is told: in the error of the call that came to nothing by it, in
/// [`Plugin::refusals`](crate::Plugin::refusals), and in the log.
#[derive(Clone, Default)]
pub struct Grants {
    pub(crate) places: Vec<Place>,
    pub(crate) env: BTreeMap<String, String>,
    pub(crate) args: Vec<String>,
    pub(crate) input: Input,
    pub(crate) stdout: Output,
    pub(crate) stderr: Output,
    pub(crate) connect: Vec<Pattern>,
    pub(crate) listen: Vec<Pattern>,
    /// The same, as they were written.
    pub(crate) connect_texts: Vec<String>,
    pub(crate) listen_texts: Vec<String>,
    /// Names of hosts that the plugin may connect to, with what they stood for when they were granted.
    pub(crate) names: BTreeMap<String, Vec<IpAddr>>,
    pub(crate) clocks: Clocks,
    pub(crate) random: Random,
}

impl Grants {
    /// Nothing.
    pub fn new() -> Grants {
        Grants::default()
    }

    /// A directory of the host's, which the plugin finds under `name` (`data`, `/data`). It is opened now, once, and the
    /// plugin can not leave it: not by `..`, not by an absolute path, not by a link.
    ///
    /// # Errors
    /// [`ValueError`](Kind::ValueError) when there is no such directory, or the name is given already.
    pub fn dir(
        mut self,
        name: impl Into<String>,
        path: impl AsRef<Path>,
        access: Access,
    ) -> Result<Grants> {
        let place = Place::dir(name.into(), path.as_ref(), access)?;
        place::add(&mut self.places, place)?;
        Ok(self)
    }

    /// One file of the host's, which the plugin finds under `name` (`settings.toml`, `/etc/settings.toml`). It is opened
    /// now, once; what lies beside it stays out of sight. One that may be written is created when it is missing.
    ///
    /// # Errors
    /// [`ValueError`](Kind::ValueError) when it can not be opened, is no regular file, or the name is given already.
    pub fn file(
        mut self,
        name: impl Into<String>,
        path: impl AsRef<Path>,
        access: Access,
    ) -> Result<Grants> {
        let place = Place::file(name.into(), path.as_ref(), access)?;
        place::add(&mut self.places, place)?;
        Ok(self)
    }

    /// A variable of the host's own environment, with the value that it has now. One that is not set stays so.
    ///
    /// # Errors
    /// [`ValueError`](Kind::ValueError) when its value is not text.
    pub fn env(self, name: impl Into<String>) -> Result<Grants> {
        let name = name.into();
        match std::env::var(&name) {
            Ok(value) => self.env_value(name, value),
            Err(std::env::VarError::NotPresent) => Ok(self),
            Err(std::env::VarError::NotUnicode(_)) => Err(refused(format!(
                "the environment variable `{name}` is not text, so no plugin can be given it; use Grants::env_value"
            ))),
        }
    }

    /// A variable of the environment with a value of the host's choosing.
    ///
    /// # Errors
    /// [`ValueError`](Kind::ValueError) for a name that no environment can hold.
    pub fn env_value(
        mut self,
        name: impl Into<String>,
        value: impl Into<String>,
    ) -> Result<Grants> {
        let (name, value) = (name.into(), value.into());
        if name.is_empty() || name.contains(['=', '\0']) || value.contains('\0') {
            return Err(refused(format!(
                "{name:?} can not be a variable of an environment: a name has no `=`, neither part a NUL"
            )));
        }
        self.env.insert(name, value);
        Ok(self)
    }

    /// One more argument of its command line. By custom the first one is the program's name.
    #[must_use]
    pub fn arg(mut self, arg: impl Into<String>) -> Grants {
        self.args.push(arg.into());
        self
    }

    /// What the plugin reads from its standard input. Default: nothing.
    #[must_use]
    pub fn stdin(mut self, input: Input) -> Grants {
        self.input = input;
        self
    }

    /// Where its standard output goes. Default: nowhere.
    #[must_use]
    pub fn stdout(mut self, output: Output) -> Grants {
        self.stdout = output;
        self
    }

    /// Where its standard error goes. Default: nowhere; the last of it is kept all the same, for the error that tells
    /// how the plugin ended.
    #[must_use]
    pub fn stderr(mut self, output: Output) -> Grants {
        self.stderr = output;
        self
    }

    /// Where both go.
    ///
    /// ```
    /// # std::env::set_current_dir(env!("OUT_DIR"))?;
    /// # use std::time::{Duration, SystemTime};
    /// # use locum::{Captured, Clocks, Grants, Host, Input, LoadOptions, Output, Random, Stream};
    /// let captured = Captured::new(4096);
    /// let grants = Grants::new() // for a run that can be repeated
    ///     .output(Output::capture(&captured))
    ///     .stdin(Input::Bytes(b"question".to_vec()))
    ///     .clocks(Clocks::Frozen(SystemTime::UNIX_EPOCH + Duration::from_secs(3600)))
    ///     .random(Random::Seeded(7));
    /// let plugin = Host::new()?.load_with("hostile.wasm", LoadOptions::new().grants(grants))?;
    /// assert_eq!(plugin.import("hostile.world")?.call::<String>("input", ())?, "question");
    /// assert_eq!(captured.text(Stream::Stdout), "");
    /// # Ok::<(), locum::Error>(())
    /// ```
    #[must_use]
    pub fn output(self, output: Output) -> Grants {
        self.stdout(output.clone()).stderr(output)
    }

    /// An address that the plugin may connect to, by TCP and by UDP: `192.0.2.7:443`, `[::1]:53`, `10.0.0.0/8:5432`,
    /// `example.org:443`, `*:53`, `127.0.0.1:*`. A name is looked up now; the plugin may look up this name, and no other.
    ///
    /// # Errors
    /// [`ValueError`](Kind::ValueError) for what is no such address, or a name that is not known.
    pub fn connect(mut self, address: &str) -> Result<Grants> {
        let (pattern, name) = Pattern::read(address, true)?;
        if let Some(name) = name {
            self.names.insert(name, pattern.addresses());
        }
        self.connect.push(pattern);
        self.connect_texts.push(address.to_owned());
        Ok(self)
    }

    /// An address of this machine's at which the plugin may listen and receive: `127.0.0.1:8080`, `0.0.0.0:0`, `[::]:*`.
    ///
    /// # Errors
    /// [`ValueError`](Kind::ValueError) for what is no such address.
    pub fn listen(mut self, address: &str) -> Result<Grants> {
        self.listen.push(Pattern::read(address, false)?.0);
        self.listen_texts.push(address.to_owned());
        Ok(self)
    }

    /// The clocks that the plugin sees. Default: the real ones.
    #[must_use]
    pub fn clocks(mut self, clocks: Clocks) -> Grants {
        self.clocks = clocks;
        self
    }

    /// The random numbers that the plugin sees. Default: real ones.
    #[must_use]
    pub fn random(mut self, random: Random) -> Grants {
        self.random = random;
        self
    }
}

/// By their names: what is in an environment or an input may be a secret.
impl fmt::Debug for Grants {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let places: Vec<&str> = self.places.iter().map(|place| &*place.name).collect();
        let env: Vec<&str> = self.env.keys().map(|name| &**name).collect();
        f.debug_struct("Grants")
            .field("places", &places)
            .field("env", &env)
            .field("args", &self.args.len())
            .field("stdout", &self.stdout)
            .field("stderr", &self.stderr)
            .field("connect", &self.connect_texts)
            .field("listen", &self.listen_texts)
            .field("clocks", &self.clocks)
            .finish_non_exhaustive()
    }
}

/// A grant that can not be given.
pub(crate) fn refused(text: String) -> Error {
    Error::new(Kind::ValueError, text)
}
