//! The terminal: keys come from it, and what is drawn goes there. It is given back as it was at the end, after a panic and
//! after a signal too.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, TryRecvError};
use std::thread;
use std::time::Duration;

use locum::monitor::{Running, Snapshot};
use ratatui::crossterm::event::{self, Event, KeyEventKind};

use super::draw::{self, Ink};
use super::view::{View, Wish};
use crate::failure::Failure;
use crate::monitor;
use crate::style::Painter;

/// How long a key may take to be seen.
const TICK: Duration = Duration::from_millis(50);

/// Where snapshots come from: `Err` is the last one, and says why.
type Feed = Receiver<Result<Snapshot, String>>;

pub(super) fn run(hosts: Vec<Running>, interval: Duration) -> Result<(), Failure> {
    let is_over = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&is_over);
    ctrlc::set_handler(move || flag.store(true, Ordering::Relaxed))
        .map_err(|error| Failure::Usage(format!("signals can not be caught: {error}")))?;
    let mut view = View::new();
    let mut feed = None;
    match <[Running; 1]>::try_from(hosts) {
        Ok([only]) => feed = Some(watch(&only, interval)?),
        Err(several) => view.choose(several),
    }
    let shown = |error: std::io::Error| {
        Failure::Usage(format!(
            "the terminal can not be used: {error}; print one table with --once"
        ))
    };
    // It gives the terminal back when something panics.
    let mut terminal = ratatui::try_init().map_err(shown)?;
    let ink = Ink(Painter::stdout().has_colours());
    let result = loop {
        if is_over.load(Ordering::Relaxed) {
            break Ok(());
        }
        take_all(&mut view, &mut feed);
        if let Err(error) = terminal.draw(|frame| draw::draw(frame, &view, ink)) {
            break Err(shown(error));
        }
        let wish = match wish(&mut view) {
            Ok(wish) => wish,
            Err(error) => break Err(shown(error)),
        };
        match wish {
            Wish::Nothing => {}
            Wish::Quit => break Ok(()),
            Wish::List => {
                feed = None;
                match monitor::find(None) {
                    Ok(hosts) => view.choose(hosts),
                    Err(failure) => break Err(failure),
                }
            }
            Wish::Watch(host) => match watch(&host, interval) {
                Ok(new) => {
                    feed = Some(new);
                    view.watch();
                }
                // It has ended since.
                Err(_) => match monitor::find(None) {
                    Ok(hosts) => view.choose(hosts),
                    Err(failure) => break Err(failure),
                },
            },
        }
    };
    ratatui::restore();
    result
}

/// A thread that waits for snapshots. It ends when nobody takes them any more.
fn watch(host: &Running, interval: Duration) -> Result<Feed, Failure> {
    let snapshots = host.watch(interval)?;
    let (give, take) = mpsc::sync_channel(2);
    thread::spawn(move || {
        for snapshot in snapshots {
            let snapshot = snapshot.map_err(|error| error.message().to_owned());
            if give.send(snapshot).is_err() {
                return;
            }
        }
        let _ = give.send(Err("the host has ended".to_owned()));
    });
    Ok(take)
}

fn take_all(view: &mut View, feed: &mut Option<Feed>) {
    while let Some(open) = feed {
        match open.try_recv() {
            Ok(Ok(snapshot)) => view.take(snapshot),
            Ok(Err(why)) => view.end(why),
            Err(TryRecvError::Empty) => return,
            Err(TryRecvError::Disconnected) => *feed = None,
        }
    }
}

/// What the next key asks for, if one comes soon.
fn wish(view: &mut View) -> std::io::Result<Wish> {
    if !event::poll(TICK)? {
        return Ok(Wish::Nothing);
    }
    match event::read()? {
        Event::Key(key) if key.kind == KeyEventKind::Press => Ok(view.key(key)),
        _ => Ok(Wish::Nothing),
    }
}
