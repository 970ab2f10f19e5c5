//! The details of the plugin that is selected.

use locum::monitor::{Latency, Lent, Plugin, Snapshot, Supervisor, Traffic};
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Color;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Paragraph, Sparkline};

use super::super::rows::{self, Row};
use super::super::view::{BACK, View};
use super::Ink;
use crate::{out, units};

/// How many types and refusals are shown.
const MOST: usize = 12;

/// How many lines the figures and the sparkline need.
const FIGURES: usize = 12;

fn parts<'s>(now: &'s Snapshot, row: &Row) -> (Option<&'s Plugin>, Option<&'s Supervisor>) {
    let plugin = now.plugins.iter().find(|it| Some(it.id) == row.id);
    let supervisor = now.supervisors.iter().find(|it| match row.id {
        Some(_) => it.plugin == row.id,
        None => it.name == row.name,
    });
    (plugin, supervisor)
}

pub(super) fn height(now: &Snapshot, row: &Row) -> u16 {
    let lines = parts(now, row).0.map_or(0, |it| right(it).len());
    u16::try_from(lines.max(FIGURES) + 2).unwrap_or(u16::MAX)
}

pub(super) fn draw(
    frame: &mut Frame<'_>,
    view: &View,
    now: &Snapshot,
    row: &Row,
    ink: Ink,
    area: Rect,
) {
    let block = Block::bordered().title(Line::styled(format!(" {} ", row.name), ink.title()));
    let inner = block.inner(area);
    frame.render_widget(block, area);
    let [left, right_side] =
        Layout::horizontal([Constraint::Percentage(55), Constraint::Percentage(45)])
            .spacing(2)
            .areas(inner);
    let (plugin, supervisor) = parts(now, row);
    let mut lines = Vec::new();
    if let Some(it) = supervisor {
        lines.extend(supervised(it));
    }
    if let Some(it) = plugin {
        lines.extend(figures(it));
    }
    let [text, title, spark] = Layout::vertical([
        Constraint::Length(u16::try_from(lines.len()).unwrap_or(u16::MAX)),
        Constraint::Length(1),
        Constraint::Max(3),
    ])
    .areas(left);
    let lines: Vec<Line<'_>> = lines.into_iter().map(Line::raw).collect();
    frame.render_widget(Paragraph::new(lines), text);
    if let Some(history) = row.id.and_then(|id| view.history.get(&id)) {
        let slowest = history.slow.iter().copied().max().unwrap_or(0);
        let about = format!("p99 over time, up to {}", rows::nanos(Some(slowest)));
        frame.render_widget(Line::styled(about, ink.quiet()), title);
        let width = usize::from(spark.width).min(BACK);
        let shown = history.slow.len().saturating_sub(width);
        let data = history.slow.iter().skip(shown).copied();
        let sparkline = Sparkline::default()
            .data(data.collect::<Vec<u64>>())
            .style(ink.colour(Color::Cyan));
        frame.render_widget(sparkline, spark);
    }
    let lines = plugin.map(right).unwrap_or_default();
    let lines: Vec<Line<'_>> = lines
        .into_iter()
        .map(|(is_title, text)| match is_title {
            true => Line::from(Span::styled(text, ink.title())),
            false => Line::raw(text),
        })
        .collect();
    frame.render_widget(Paragraph::new(lines), right_side);
}

fn supervised(it: &Supervisor) -> Vec<String> {
    let mut lines = vec![format!(
        "supervised: {}, life {}, {} restarts",
        out::line(&it.state),
        it.life,
        it.restarts
    )];
    lines.extend(it.why.as_ref().map(|why| format!("  {}", out::line(why))));
    lines
}

fn figures(it: &Plugin) -> Vec<String> {
    let mut lines = vec![format!("up {}", rows::time(it.uptime_ms))];
    if let Some(ended) = &it.ended {
        let (how, why) = (out::line(&ended.how), out::line(&ended.why));
        lines[0] = format!("{how} {}: {why}", rows::ago(ended.ms_ago));
    }
    for (name, traffic) in [("into it", &it.out), ("from it", &it.inward)] {
        lines.push(calls(name, traffic));
        lines.extend(traffic.latency.as_ref().map(latency));
    }
    lines.push(format!(
        "sent {}, received {}, {} pending",
        rows::bytes(it.bytes_sent),
        rows::bytes(it.bytes_received),
        units::grouped(it.pending as u64),
    ));
    lines.push(format!(
        "memory {} of {}",
        rows::bytes(it.memory.bytes),
        rows::bytes(it.memory.limit)
    ));
    lines
}

fn calls(name: &str, it: &Traffic) -> String {
    format!(
        "calls {name}: {}, {} under way, {} failed while watched",
        units::grouped(it.calls),
        it.in_flight,
        units::grouped(it.failed)
    )
}

fn latency(it: &Latency) -> String {
    let time = |nanos: u64| rows::nanos(Some(nanos));
    format!(
        "  p50 {}, p90 {}, p99 {}, at most {}",
        time(it.p50_ns),
        time(it.p90_ns),
        time(it.p99_ns),
        time(it.max_ns)
    )
}

/// Objects and refusals; whether a line is a title.
fn right(it: &Plugin) -> Vec<(bool, String)> {
    let mut lines = Vec::new();
    let mut list = |title: &str, lent: &Lent| {
        lines.push((
            true,
            format!("{title}: {}", units::grouped(lent.count as u64)),
        ));
        let mut types: Vec<(&String, &usize)> = lent.types.iter().collect();
        types.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
        for (name, count) in types.iter().take(MOST) {
            lines.push((
                false,
                format!("{:>9} {}", units::grouped(**count as u64), out::line(name)),
            ));
        }
        if types.len() > MOST {
            lines.push((
                false,
                format!("          and {} more types", types.len() - MOST),
            ));
        }
    };
    list("its objects in use here", &it.imports);
    list("objects lent to it", &it.exports);
    if !it.refusals.is_empty() {
        lines.push((true, format!("refused: {}", it.refusals.len())));
        let refusals = it.refusals.iter().take(MOST);
        lines.extend(refusals.map(|it| (false, out::line(it).into_owned())));
    }
    lines
}
