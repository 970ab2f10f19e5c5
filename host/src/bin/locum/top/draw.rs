//! Drawing what a [`View`] shows.

mod details;

use locum::monitor::Snapshot;
use ratatui::Frame;
use ratatui::layout::{Alignment, Constraint, Layout, Rect};
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Cell, Clear, Paragraph, Row as Cells, Table, TableState};

use super::rows::{self, Column, Row};
use super::view::View;
use crate::out;

const KEYS: &str = " q quit  s sort  r reverse  \u{2191}\u{2193} select  Enter details  p pause  Tab hosts  h help";

const HELP: &[&str] = &[
    "q, Ctrl-C        quit",
    "s                sort by the next column",
    "r                sort the other way round",
    "arrows, j, k     select a plugin; also Page Up, Page Down, Home, End",
    "Enter, Space     its objects by type, refusals, latencies; again: back",
    "p                pause: what comes meanwhile is not shown",
    "Tab              the list of hosts",
    "",
    "CALLS/S   in both directions, over the last interval",
    "P50, P99  how long calls into the plugin took in it, waiting for a busy plugin included",
    "MEMORY    of its WebAssembly, and how much of its limit that is",
    "OBJECTS   lent in both directions",
    "RESTARTS  by its supervisor, if it has one",
];

/// How many cells a bar of memory has.
const BAR: usize = 8;

/// How many cells a sparkline in the table has.
const SPARK: usize = 12;

/// Colours, or only what needs none.
#[derive(Clone, Copy)]
pub(super) struct Ink(pub(super) bool);

impl Ink {
    fn colour(self, colour: Color) -> Style {
        if self.0 {
            Style::new().fg(colour)
        } else {
            Style::new()
        }
    }

    fn title(self) -> Style {
        self.colour(Color::Cyan).add_modifier(Modifier::BOLD)
    }

    fn quiet(self) -> Style {
        Style::new().add_modifier(Modifier::DIM)
    }

    fn bad(self) -> Style {
        self.colour(Color::Red).add_modifier(Modifier::BOLD)
    }

    /// Of a bar that is so full.
    fn fill(self, share: f64) -> Style {
        match share {
            share if share >= 0.9 => self.bad(),
            share if share >= 0.7 => self.colour(Color::Yellow),
            _ => self.colour(Color::Green),
        }
    }
}

pub(super) fn draw(frame: &mut Frame<'_>, view: &View, ink: Ink) {
    let [top, middle, foot] = Layout::vertical([
        Constraint::Length(1),
        Constraint::Min(1),
        Constraint::Length(1),
    ])
    .areas(frame.area());
    frame.render_widget(heading(view, ink), top);
    if !view.hosts.is_empty() {
        hosts(frame, view, ink, middle);
    } else if let Some(now) = &view.now {
        watched(frame, view, now, ink, middle);
    }
    frame.render_widget(Paragraph::new(Line::styled(KEYS, ink.quiet())), foot);
    if view.has_help {
        help(frame, ink, middle);
    }
}

fn heading(view: &View, ink: Ink) -> Paragraph<'static> {
    let mut spans = vec![Span::styled(" locum top \u{2502} ", ink.title())];
    let text = match &view.now {
        _ if !view.hosts.is_empty() => {
            "which host? Enter watches the one that is selected".to_owned()
        }
        Some(now) => rows::heading(now),
        None => "waiting for the host".to_owned(),
    };
    spans.push(Span::raw(text));
    if view.is_paused {
        spans.push(Span::styled("  paused", ink.bad()));
    }
    if let Some(why) = &view.ended {
        spans.push(Span::styled(format!("  {}", out::line(why)), ink.bad()));
    }
    Paragraph::new(Line::from(spans))
}

fn hosts(frame: &mut Frame<'_>, view: &View, ink: Ink, area: Rect) {
    let rows = view.hosts.iter().map(|it| {
        let path = it.path().display().to_string();
        Cells::new([
            it.pid().to_string(),
            out::line(it.program()).into_owned(),
            out::line(&path).into_owned(),
        ])
    });
    let widths = [
        Constraint::Length(10),
        Constraint::Length(32),
        Constraint::Min(10),
    ];
    let header = Cells::new(["PID", "PROGRAM", "SOCKET"]).style(ink.title());
    let table = Table::new(rows, widths)
        .header(header)
        .row_highlight_style(Style::new().add_modifier(Modifier::REVERSED));
    let mut state = TableState::new().with_selected(view.chosen);
    frame.render_stateful_widget(table, area, &mut state);
}

fn watched(frame: &mut Frame<'_>, view: &View, now: &Snapshot, ink: Ink, area: Rect) {
    let notes = rows::notes(now);
    let selected = view.selected().and_then(|at| view.rows.get(at));
    let selected = selected.filter(|_| view.has_details);
    let room = area.height.saturating_sub(5);
    let below = match selected {
        Some(row) => details::height(now, row).min(room),
        None => 0,
    };
    let [table, beside, bottom] = Layout::vertical([
        Constraint::Min(3),
        Constraint::Length(u16::try_from(notes.len()).unwrap_or(4).min(4)),
        Constraint::Length(below),
    ])
    .areas(area);
    plugins(frame, view, ink, table);
    let notes = notes.into_iter().map(|it| Line::styled(it, ink.quiet()));
    frame.render_widget(Paragraph::new(notes.collect::<Vec<_>>()), beside);
    if let Some(row) = selected {
        details::draw(frame, view, now, row, ink, bottom);
    }
}

fn plugins(frame: &mut Frame<'_>, view: &View, ink: Ink, area: Rect) {
    let right = |text: String| Cell::from(Line::from(text).alignment(Alignment::Right));
    let title = |column: Column| {
        let mark = match (column == view.column, view.is_reversed) {
            (false, _) => "",
            (true, false) => "\u{2193}",
            (true, true) => "\u{2191}",
        };
        format!("{}{mark}", column.title())
    };
    let header = Cells::new([
        Cell::from(title(Column::Plugin)),
        Cell::from("STATE"),
        right(title(Column::Calls)),
        Cell::from(""),
        right(title(Column::P50)),
        right(title(Column::P99)),
        right(title(Column::Memory)),
        Cell::from("OF LIMIT"),
        right(title(Column::Objects)),
        right(title(Column::Restarts)),
    ])
    .style(ink.title());
    let cells = |row: &Row| {
        let cells = Cells::new([
            Cell::from(row.name.clone()),
            Cell::from(state(row, ink)),
            right(rows::rate(row.calls_per_second)),
            Cell::from(Span::styled(spark(view, row), ink.colour(Color::Cyan))),
            right(rows::nanos(row.latency.map(|it| it.p50_ns))),
            right(rows::nanos(row.latency.map(|it| it.p99_ns))),
            right(rows::bytes(row.memory)),
            Cell::from(bar(row, ink)),
            right(row.objects.to_string()),
            right(rows::count(row.restarts)),
        ]);
        if row.is_alive {
            cells
        } else {
            cells.style(ink.quiet())
        }
    };
    let spark = u16::try_from(SPARK).unwrap_or(12);
    let widths = [
        Constraint::Min(16),
        Constraint::Length(16),
        Constraint::Length(10),
        Constraint::Length(spark),
        Constraint::Length(8),
        Constraint::Length(8),
        Constraint::Length(10),
        Constraint::Length(BAR as u16),
        Constraint::Length(8),
        Constraint::Length(9),
    ];
    let table = Table::new(view.rows.iter().map(cells), widths)
        .header(header)
        .row_highlight_style(Style::new().add_modifier(Modifier::REVERSED));
    let mut state = TableState::new().with_selected(view.selected());
    frame.render_stateful_widget(table, area, &mut state);
}

fn state(row: &Row, ink: Ink) -> Span<'static> {
    let text = match (row.is_alive, row.in_flight, row.refusals) {
        (true, 0, 0) => row.state.clone(),
        (true, 0, refusals) => format!("{} !{refusals}", row.state),
        (true, running, 0) => format!("{} \u{25b6}{running}", row.state),
        (true, running, refusals) => format!("{} \u{25b6}{running} !{refusals}", row.state),
        (false, ..) => row.state.clone(),
    };
    let style = match row.is_alive {
        true if row.refusals == 0 => ink.colour(Color::Green),
        true => ink.colour(Color::Yellow),
        false if row.state.starts_with("died") => ink.bad(),
        false => Style::new(),
    };
    Span::styled(text, style)
}

/// The last calls per second, the newest at the right.
fn spark(view: &View, row: &Row) -> String {
    let history = row.id.and_then(|id| view.history.get(&id));
    let figures = history
        .map(|it| it.calls.iter().copied())
        .into_iter()
        .flatten();
    let figures: Vec<u64> = figures.collect();
    let last = &figures[figures.len().saturating_sub(SPARK)..];
    let most = last.iter().copied().max().unwrap_or(0).max(1);
    let level = |figure: &u64| {
        const LEVELS: [char; 9] = [
            ' ', '\u{2581}', '\u{2582}', '\u{2583}', '\u{2584}', '\u{2585}', '\u{2586}',
            '\u{2587}', '\u{2588}',
        ];
        let share = *figure as f64 / most as f64;
        // What is not nothing is seen.
        LEVELS[((share * 8.0).ceil() as usize).min(8)]
    };
    let drawn: String = last.iter().map(level).collect();
    format!("{drawn:>SPARK$}")
}

/// How full a plugin's memory is.
fn bar(row: &Row, ink: Ink) -> Line<'static> {
    if row.limit == 0 {
        return Line::default();
    }
    let share = (row.memory as f64 / row.limit as f64).clamp(0.0, 1.0);
    let full = (share * BAR as f64).ceil() as usize;
    Line::from(vec![
        Span::styled("\u{2588}".repeat(full), ink.fill(share)),
        Span::styled("\u{2591}".repeat(BAR - full), ink.quiet()),
    ])
}

fn help(frame: &mut Frame<'_>, ink: Ink, area: Rect) {
    let width = HELP.iter().map(|it| it.chars().count()).max().unwrap_or(0) + 4;
    let width = u16::try_from(width).unwrap_or(80).min(area.width);
    let height = u16::try_from(HELP.len() + 2).unwrap_or(20).min(area.height);
    let area = area.centered(Constraint::Length(width), Constraint::Length(height));
    let lines: Vec<Line<'_>> = HELP.iter().map(|it| Line::raw(format!(" {it}"))).collect();
    let block = Block::bordered().title(Line::styled(" help ", ink.title()));
    frame.render_widget(Clear, area);
    frame.render_widget(Paragraph::new(lines).block(block), area);
}
