//! The plugins of a shell or script: several at once, each under a name, as one set of modules.
//!
//! A plugin without a name of its own has its modules where they are: `counters.Counter`. Of one that was given as
//! `NAME=FILE` they lie below its name; the only module of a plugin is called by it: `a.Counter`.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use locum::describe::{ClassInfo, ModuleInfo, PluginInfo};
use locum::expr::{self, Modules};
use locum::{Error, Host, Kind, Plugin, Proxy, Result, Template};

use crate::cli::GrantArgs;
use crate::failure::Failure;
use crate::monitor::MonitorArgs;
use crate::source::Source;
use crate::{grants, out, tools};

/// Plugins that are started anew when they have been stopped. A clone is the same session.
#[derive(Clone)]
pub(crate) struct Session(Arc<Inner>);

struct Inner {
    host: Host,
    grants: GrantArgs,
    seats: Mutex<Vec<Seat>>,
}

/// A plugin's place in a session.
#[derive(Clone)]
struct Seat {
    /// What its modules lie below.
    prefix: Option<String>,
    source: Arc<Source>,
    template: Template,
    plugin: Plugin,
    info: Arc<PluginInfo>,
}

impl Session {
    /// Starts the plugins that these words name: `FILE` or `NAME=FILE`; none of them is the built-in one.
    pub(crate) fn start(
        words: &[String],
        grants: &GrantArgs,
        monitor: &MonitorArgs,
    ) -> std::result::Result<Session, Failure> {
        let session = Session(Arc::new(Inner {
            host: monitor.host()?,
            grants: grants.clone(),
            seats: Mutex::default(),
        }));
        if words.is_empty() {
            session.seat(None, Source::embedded()?)?;
        }
        for word in words {
            session.add(word)?;
        }
        Ok(session)
    }

    /// Adds the plugin of a word, and returns what it is called.
    pub(crate) fn add(&self, word: &str) -> std::result::Result<String, Failure> {
        match word.split_once('=') {
            Some((name, file)) if is_name(name) => {
                self.seat(Some(name.to_owned()), Source::File(file.into()))
            }
            Some((name, _)) if !name.contains(['/', '.', '\\']) => Err(Failure::Usage(format!(
                "`{}` can not be the name of a plugin; a name is made of letters, digits and `_`, as in `a=counters.wasm`",
                out::line(name)
            ))),
            _ => self.seat(None, Source::File(word.into())),
        }
    }

    fn seat(&self, prefix: Option<String>, source: Source) -> std::result::Result<String, Failure> {
        let (options, grants) = grants::read(&self.0.grants)?;
        let template = source.template(&self.0.host, prefix.as_deref(), options, grants)?;
        let plugin = template.start()?;
        let info = Arc::new(plugin.describe()?);
        let name = plugin.name().to_owned();
        let seat = Seat {
            prefix,
            source: Arc::new(source),
            template,
            plugin,
            info,
        };
        let mut seats = self.seats();
        if let Some(twice) = twice(seats.iter().chain([&seat])) {
            let file = seat.source.file();
            return Err(Failure::Usage(format!(
                "two plugins have a module `{}`; give one of them a name of its own, as in `{}2={}`",
                out::line(&twice),
                out::line(&twice.replace('.', "_")),
                out::line(&file)
            )));
        }
        seats.push(seat);
        Ok(name)
    }

    /// The plugins, in the order in which they were added.
    pub(crate) fn plugins(&self) -> Vec<Plugin> {
        self.seats()
            .iter()
            .map(|seat| seat.plugin.clone())
            .collect()
    }

    /// What each plugin is called, the file that it came from, and what it tells about itself.
    pub(crate) fn list(&self) -> Vec<(String, String, Arc<PluginInfo>)> {
        let seats = self.seats();
        let seat = |seat: &Seat| {
            (
                seat.plugin.name().to_owned(),
                seat.source.file(),
                seat.info.clone(),
            )
        };
        seats.iter().map(seat).collect()
    }

    /// Stops whatever runs in plugins now, and returns the names of those that were stopped.
    pub(crate) fn stop_busy(&self) -> Vec<String> {
        let busy: Vec<Plugin> = self.plugins().into_iter().filter(Plugin::is_busy).collect();
        let stop = |plugin: Plugin| {
            plugin.kill();
            plugin.name().to_owned()
        };
        busy.into_iter().map(stop).collect()
    }

    /// Starts those plugins anew that are gone. Returns what they were called and are called now.
    pub(crate) fn revive(&self) -> Result<Vec<(String, String)>> {
        let mut revived = Vec::new();
        for seat in &mut *self.seats() {
            if seat.plugin.closed().is_some() {
                let before = seat.plugin.name().to_owned();
                seat.plugin = seat.template.start()?;
                revived.push((before, seat.plugin.name().to_owned()));
            }
        }
        Ok(revived)
    }

    /// Loads the files of the plugins again: all of them, or the one that is called so. Returns their names.
    pub(crate) fn reload(&self, name: Option<&str>) -> std::result::Result<Vec<String>, Failure> {
        let old: Vec<Seat> = self.seats().clone();
        let mut names = Vec::new();
        for (at, seat) in old.iter().enumerate() {
            if name.is_some_and(|name| !seat.is_called(name)) {
                continue;
            }
            let (options, grants) = grants::read(&self.0.grants)?;
            let prefix = seat.prefix.as_deref();
            let template = seat
                .source
                .template(&self.0.host, prefix, options, grants)?;
            let plugin = template.start()?;
            let info = Arc::new(plugin.describe()?);
            names.push(plugin.name().to_owned());
            let new = Seat {
                template,
                plugin,
                info,
                ..seat.clone()
            };
            // Only a version that starts takes the place of the one before.
            let before = std::mem::replace(&mut self.seats()[at], new);
            before.plugin.close()?;
        }
        match (name, names.is_empty()) {
            (Some(name), true) => {
                let known: Vec<String> = old
                    .iter()
                    .map(|seat| seat.plugin.name().to_owned())
                    .collect();
                Err(Failure::Usage(format!(
                    "no plugin is called `{}`; there are {}",
                    out::line(name),
                    known.join(", ")
                )))
            }
            _ => Ok(names),
        }
    }

    /// Ends the plugins after the work, whatever came of that.
    pub(crate) fn finish<R>(
        &self,
        result: std::result::Result<R, Failure>,
    ) -> std::result::Result<R, Failure> {
        let mut closed = Ok(());
        for plugin in self.plugins() {
            if plugin.closed().is_none() {
                closed = closed.and(plugin.close());
            }
        }
        let result = result?;
        closed?;
        Ok(result)
    }

    /// What is known of a module, by its name here.
    pub(crate) fn module(&self, name: &str) -> Option<ModuleInfo> {
        let seats = self.seats();
        let (seat, name) = find(&seats, name)?;
        seat.info
            .modules
            .iter()
            .find(|module| module.name == name)
            .cloned()
    }

    /// What is known of a class, by its name, in whichever plugin; that of a plugin of this name before others.
    pub(crate) fn class(&self, name: &str, plugin: Option<&str>) -> Option<ClassInfo> {
        let seats = self.seats();
        let mut seats: Vec<&Seat> = seats.iter().collect();
        seats.sort_by_key(|seat| Some(seat.plugin.name()) != plugin);
        let mut classes = seats
            .iter()
            .flat_map(|seat| seat.info.modules.iter())
            .flat_map(|module| module.classes.iter());
        classes.find(|class| class.name == name).cloned()
    }

    fn seats(&self) -> MutexGuard<'_, Vec<Seat>> {
        self.0.seats.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seat {
    fn is_called(&self, name: &str) -> bool {
        self.plugin.name() == name
            || self.prefix.as_deref() == Some(name)
            || self.source.name() == name
    }

    /// The names of its modules here, and there.
    fn modules(&self) -> Vec<(String, String)> {
        let modules = self
            .info
            .modules
            .iter()
            .map(|module| module.name.to_string());
        let Some(prefix) = &self.prefix else {
            return modules.map(|name| (name.clone(), name)).collect();
        };
        let mut names: Vec<_> = modules
            .map(|name| (format!("{prefix}.{name}"), name))
            .collect();
        if let [(here, _)] = &mut names[..] {
            *here = prefix.clone();
        }
        names
    }
}

impl Modules for Session {
    fn import(&self, name: &str) -> Result<Proxy> {
        if name == tools::MODULE {
            return Ok(Proxy::local(Arc::new(tools::module())));
        }
        let found = {
            let seats = self.seats();
            find(&seats, name).map(|(seat, name)| (seat.plugin.clone(), name))
        };
        if let Some((plugin, name)) = found {
            return plugin.import(&name);
        }
        // A plugin may know more than it lists.
        match &self.plugins()[..] {
            [only] => only.import(name),
            _ => Err(Error::new(
                Kind::NoSuchModule,
                format!("no plugin has a module `{name}`"),
            )),
        }
    }

    fn contents(&self) -> Result<Vec<(String, Vec<String>)>> {
        let mut contents = Vec::new();
        for seat in &*self.seats() {
            let mut members = expr::contents(&seat.info);
            for (here, there) in seat.modules() {
                let at = members.iter().position(|(name, _)| *name == there);
                contents.push((
                    here,
                    at.map(|at| members.swap_remove(at).1).unwrap_or_default(),
                ));
            }
        }
        // A plugin's names go before those of the tools.
        let theirs: HashSet<String> = contents
            .iter()
            .flat_map(|(_, members)| members.clone())
            .collect();
        let tools = tools::module();
        let tools = tools.info().functions.iter().map(|it| it.name.to_string());
        contents.push((
            tools::MODULE.to_owned(),
            tools.filter(|name| !theirs.contains(name)).collect(),
        ));
        Ok(contents)
    }
}

fn find<'s>(seats: &'s [Seat], name: &str) -> Option<(&'s Seat, String)> {
    seats.iter().find_map(|seat| {
        let found = seat.modules().into_iter().find(|(here, _)| here == name);
        found.map(|(_, there)| (seat, there))
    })
}

/// A module that two of these have.
fn twice<'s>(seats: impl Iterator<Item = &'s Seat>) -> Option<String> {
    let mut names: Vec<String> = seats
        .flat_map(|seat| seat.modules().into_iter().map(|(here, _)| here))
        .collect();
    names.sort();
    let twice = names.windows(2).find(|pair| pair[0] == pair[1]);
    twice.map(|pair| pair[0].clone())
}

fn is_name(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|c| c.is_alphabetic() || c == '_')
        && chars.all(|c| c.is_alphanumeric() || c == '_')
}
