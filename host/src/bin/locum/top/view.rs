//! The state of the screen: what is shown, and what keys do to it. It knows no terminal.

use std::collections::{HashMap, VecDeque};

use locum::monitor::{Running, Snapshot};
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::rows::{self, Column, Row};

/// How many intervals a sparkline looks back.
pub(super) const BACK: usize = 120;

/// What a key asks of whoever has the terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wish {
    Nothing,
    Quit,
    /// Another host is to be watched.
    Watch(Running),
    /// The list of hosts is to be made anew.
    List,
}

/// Figures of one plugin, the last one last.
#[derive(Default)]
pub(super) struct History {
    pub(super) calls: VecDeque<u64>,
    /// The latency that one in a hundred exceeds, nanoseconds.
    pub(super) slow: VecDeque<u64>,
}

pub(super) struct View {
    /// Hosts to choose from; empty while one is watched.
    pub(super) hosts: Vec<Running>,
    pub(super) chosen: usize,
    pub(super) now: Option<Snapshot>,
    before: Option<Snapshot>,
    pub(super) rows: Vec<Row>,
    pub(super) history: HashMap<u64, History>,
    pub(super) column: Column,
    pub(super) is_reversed: bool,
    /// The row that is selected, by number and name: rows move.
    selected: Option<(Option<u64>, String)>,
    pub(super) has_details: bool,
    pub(super) has_help: bool,
    pub(super) is_paused: bool,
    /// Why nothing new comes.
    pub(super) ended: Option<String>,
}

impl View {
    pub(super) fn new() -> View {
        View {
            hosts: Vec::new(),
            chosen: 0,
            now: None,
            before: None,
            rows: Vec::new(),
            history: HashMap::new(),
            column: Column::Calls,
            is_reversed: false,
            selected: None,
            has_details: false,
            has_help: false,
            is_paused: false,
            ended: None,
        }
    }

    /// Shows hosts to choose from.
    pub(super) fn choose(&mut self, hosts: Vec<Running>) {
        *self = View {
            chosen: self.chosen.min(hosts.len().saturating_sub(1)),
            hosts,
            ..View::new()
        };
    }

    /// Shows a host, of which snapshots will come.
    pub(super) fn watch(&mut self) {
        *self = View::new();
    }

    /// A snapshot has come.
    pub(super) fn take(&mut self, snapshot: Snapshot) {
        if self.is_paused {
            return;
        }
        let before = self.now.replace(snapshot);
        self.before = before;
        self.note();
        self.sort();
    }

    /// Nothing more will come.
    pub(super) fn end(&mut self, why: String) {
        self.ended = Some(why);
    }

    fn note(&mut self) {
        let Some(now) = &self.now else {
            return;
        };
        self.history
            .retain(|id, _| now.plugins.iter().any(|it| it.id == *id));
        for it in &now.plugins {
            let history = self.history.entry(it.id).or_default();
            let rate = rows::calls_per_second(self.before.as_ref(), now, it);
            put(&mut history.calls, rate.unwrap_or(0.0).round() as u64);
            let latency = it.out.latency.or(it.inward.latency);
            put(&mut history.slow, latency.map_or(0, |it| it.p99_ns));
        }
    }

    fn sort(&mut self) {
        if let Some(now) = &self.now {
            self.rows = rows::rows(self.before.as_ref(), now, self.column, self.is_reversed);
        }
    }

    /// Which row is selected: the first one, unless another was chosen that is still there.
    pub(super) fn selected(&self) -> Option<usize> {
        let chosen = self.selected.as_ref().and_then(|(id, name)| {
            let is_it = |row: &Row| row.id == *id && (id.is_some() || row.name == *name);
            self.rows.iter().position(is_it)
        });
        chosen.or((!self.rows.is_empty()).then_some(0))
    }

    fn select(&mut self, at: usize) {
        if let Some(row) = self.rows.get(at.min(self.rows.len().saturating_sub(1))) {
            self.selected = Some((row.id, row.name.clone()));
        }
    }

    /// A key was pressed.
    pub(super) fn key(&mut self, key: KeyEvent) -> Wish {
        let is_control = key.modifiers.contains(KeyModifiers::CONTROL);
        if is_control && matches!(key.code, KeyCode::Char('c' | 'd')) {
            return Wish::Quit;
        }
        if self.has_help {
            self.has_help = false;
            return match key.code {
                KeyCode::Char('q') => Wish::Quit,
                _ => Wish::Nothing,
            };
        }
        match key.code {
            KeyCode::Char('q') => return Wish::Quit,
            KeyCode::Char('h' | '?') => self.has_help = true,
            KeyCode::Tab => return Wish::List,
            _ if !self.hosts.is_empty() => return self.key_at_list(key.code),
            _ => return self.key_at_table(key.code),
        }
        Wish::Nothing
    }

    fn key_at_list(&mut self, key: KeyCode) -> Wish {
        let last = self.hosts.len().saturating_sub(1);
        match key {
            KeyCode::Up | KeyCode::Char('k') => self.chosen = self.chosen.saturating_sub(1),
            KeyCode::Down | KeyCode::Char('j') => self.chosen = (self.chosen + 1).min(last),
            KeyCode::Enter | KeyCode::Char(' ') => {
                let chosen = self.hosts.get(self.chosen).cloned();
                return chosen.map_or(Wish::Nothing, Wish::Watch);
            }
            KeyCode::Esc => return Wish::Quit,
            _ => {}
        }
        Wish::Nothing
    }

    fn key_at_table(&mut self, key: KeyCode) -> Wish {
        let at = self.selected().unwrap_or(0);
        match key {
            KeyCode::Esc if self.has_details => self.has_details = false,
            KeyCode::Esc => return Wish::Quit,
            KeyCode::Char('s') => {
                self.column = self.column.next();
                self.sort();
            }
            KeyCode::Char('r') => {
                self.is_reversed = !self.is_reversed;
                self.sort();
            }
            KeyCode::Char('p') => self.is_paused = !self.is_paused,
            KeyCode::Enter | KeyCode::Char(' ') => self.has_details = !self.has_details,
            KeyCode::Up | KeyCode::Char('k') => self.select(at.saturating_sub(1)),
            KeyCode::Down | KeyCode::Char('j') => self.select(at + 1),
            KeyCode::PageUp => self.select(at.saturating_sub(10)),
            KeyCode::PageDown => self.select(at + 10),
            KeyCode::Home => self.select(0),
            KeyCode::End => self.select(usize::MAX),
            _ => {}
        }
        Wish::Nothing
    }
}

fn put(figures: &mut VecDeque<u64>, figure: u64) {
    if figures.len() == BACK {
        figures.pop_front();
    }
    figures.push_back(figure);
}
