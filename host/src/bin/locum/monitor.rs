//! `--monitor`: letting the host of a command be watched by `locum top` and `locum trace`; and finding those that can be.

use clap::Args;
use locum::monitor::{self, Running};
use locum::{Host, Monitor};

use crate::failure::Failure;
use crate::out;

/// For commands that run long.
#[derive(Args, Default)]
pub(crate) struct MonitorArgs {
    /// Let `locum top` and `locum trace` watch this, from another terminal of the same user
    #[arg(long)]
    pub(crate) monitor: bool,
}

impl MonitorArgs {
    /// The host that the command works with.
    pub(crate) fn host(&self) -> Result<Host, Failure> {
        let mut builder = Host::builder();
        if self.monitor {
            builder = builder.monitor(Monitor::open()?);
        }
        Ok(builder.build()?)
    }
}

/// How a host comes to be watched, for those who find none.
const HOW: &str = "a program opens its host to `locum top` and `locum trace` of the same user by `let host = \
                   Host::builder().monitor(Monitor::open()?).build()?;` (locum's feature `monitor`), a command like \
                   `locum eval --watch` by `--monitor`";

/// The hosts that are meant: by the number of a process, the name of a program or the path of a socket. There is at least one.
pub(crate) fn find(target: Option<&str>) -> Result<Vec<Running>, Failure> {
    let running = monitor::running();
    let Some(target) = target else {
        if running.is_empty() {
            return Err(Failure::Usage(format!("no host can be watched: {HOW}")));
        }
        return Ok(running);
    };
    if target.contains('/') {
        return Ok(vec![Running::at(target)?]);
    }
    let (others, found): (Vec<_>, Vec<_>) = running
        .into_iter()
        .partition(|it| it.program() != target && it.pid().to_string() != target);
    if !found.is_empty() {
        return Ok(found);
    }
    let others = match others.is_empty() {
        true => HOW.to_owned(),
        false => format!("there are {}", list(&others)),
    };
    Err(Failure::Usage(format!(
        "no host `{target}` can be watched: {others}"
    )))
}

/// The only one that is meant.
pub(crate) fn find_one(target: Option<&str>, command: &str) -> Result<Running, Failure> {
    let mut found = find(target)?;
    match (found.pop(), &*found) {
        (Some(one), []) => Ok(one),
        (Some(one), others) => {
            let (pid, all) = (one.pid(), [others, &[one]].concat());
            // Two in one process have different sockets.
            let name = match all.iter().filter(|it| it.pid() == pid).count() {
                1 => pid.to_string(),
                _ => all[0].path().display().to_string(),
            };
            Err(Failure::Usage(format!(
                "several hosts can be watched: {}; name one, as in `locum {command} {name}`",
                list(&all)
            )))
        }
        (None, _) => Err(Failure::Usage(format!("no host can be watched: {HOW}"))),
    }
}

fn list(hosts: &[Running]) -> String {
    let named = |it: &Running| format!("{} {}", it.pid(), out::line(it.program()));
    hosts.iter().map(named).collect::<Vec<_>>().join(", ")
}
