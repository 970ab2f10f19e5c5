//! The page: one file that needs no other, with no script in it.

use super::plots::{self, COLOURS};
use super::{Bars, Curve, Report, Row, text};

const STYLE: &str = include_str!("style.css");

/// All of the page.
pub(super) fn page(report: &Report) -> String {
    let colours = colours();
    let bars: String = report.bars.iter().map(bars).collect();
    let curves: String = report.curves.iter().map(curve).collect();
    let groups: String = report
        .groups()
        .into_iter()
        .map(|(name, rows)| group(name, &rows))
        .collect();
    let skipped: String = report
        .skipped
        .iter()
        .map(|it| format!("<li>{}</li>\n", escape(it)))
        .collect();
    let body = [
        summary(report),
        section(
            "The same job by several systems",
            "<div class=\"plots\">",
            &bars,
            "</div>",
        ),
        section("How it grows", "<div class=\"plots\">", &curves, "</div>"),
        section("Everything measured", "", &groups, ""),
        section("Skipped", "<ul>\n", &skipped, "</ul>"),
    ]
    .concat();
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>Locum, measured</title>\n<style>\n{colours}{STYLE}</style>\n</head>\n\
         <body>\n{body}</body>\n</html>\n"
    )
}

/// The plots' colours by name, and rules that put those names in the place of what the plots say: they are drawn in the
/// colours of the light.
fn colours() -> String {
    let (mut light, mut dark, mut rules) = (String::new(), String::new(), String::new());
    for colour in COLOURS {
        let name = colour.name;
        let hex = |it: plotters::style::RGBColor| format!("#{:02X}{:02X}{:02X}", it.0, it.1, it.2);
        let plain = hex(colour.light);
        light += &format!("--{name}: {plain}; ");
        dark += &format!("--{name}: {}; ", hex(colour.dark));
        for place in ["fill", "stroke"] {
            rules += &format!("svg [{place}=\"{plain}\"] {{ {place}: var(--{name}) }}\n");
        }
    }
    format!(
        ":root {{ {light}}}\n@media (prefers-color-scheme: dark) {{ :root {{ {dark}}} }}\n{rules}"
    )
}

/// A part with a heading; nothing where it has no content.
fn section(title: &str, before: &str, content: &str, after: &str) -> String {
    if content.is_empty() {
        return String::new();
    }
    let title = escape(title);
    format!("<section>\n<h2>{title}</h2>\n{before}{content}{after}\n</section>\n")
}

fn summary(report: &Report) -> String {
    let facts: String = report
        .machine
        .iter()
        .map(|(name, fact)| {
            format!(
                "<div><dt>{}</dt><dd>{}</dd></div>\n",
                escape(name),
                escape(fact)
            )
        })
        .collect();
    let short: String = report
        .rows
        .iter()
        .enumerate()
        .filter(|(_, row)| row.holds == Some(false))
        .map(|(index, row)| {
            let name = escape(&row.label());
            let median = escape(&row.value(row.median));
            let ratio = row.ratio.map(|it| format!(", ratio {}", text::ratio(it)));
            let aim = row.aim.as_ref().map(|it| format!(" (aim: {})", escape(it)));
            format!(
                "<li><a href=\"#row-{index}\">{name}</a>: {median}{}{}</li>\n",
                ratio.unwrap_or_default(),
                aim.unwrap_or_default(),
            )
        })
        .collect();
    let short = if short.is_empty() {
        short
    } else {
        format!("<h2>What falls short</h2>\n<ul>\n{short}</ul>\n")
    };
    let (held, judged) = report.held();
    let meter = if judged == 0 {
        String::new()
    } else {
        let share = 100.0 * held as f64 / judged as f64;
        format!("<div class=\"meter\"><div style=\"width: {share:.1}%\"></div></div>\n")
    };
    let tally = report.tally();
    format!(
        "<header>\n<h1>Locum, measured</h1>\n<p class=\"tally\">{tally}</p>\n{meter}\
         <dl>\n{facts}</dl>\n{short}</header>\n"
    )
}

fn bars(bars: &Bars) -> String {
    let kind = if text::shows_unit(bars.unit) {
        "log scale".to_owned()
    } else {
        format!("{}, log scale", bars.unit)
    };
    let said: Vec<_> = bars
        .bars
        .iter()
        .map(|(name, value)| format!("{name} {}", text::humanise(*value, bars.unit)))
        .collect();
    let said = format!("{}: {}", bars.title, said.join("; "));
    figure(&bars.title, &kind, &said, plots::bars(bars), "", &bars.note)
}

fn curve(curve: &Curve) -> String {
    let kind = match (curve.log_x, curve.log_y) {
        (true, true) => "log scales",
        (true, false) => "log scale across",
        (false, true) => "log scale upwards",
        (false, false) => "",
    };
    let said = format!("{}: {} over {}", curve.title, curve.y, curve.x);
    let legend: String = curve
        .lines
        .iter()
        .zip(plots::line_colours(curve))
        .map(|((name, _), colour)| {
            format!(
                "<li><i style=\"background: var(--{})\"></i>{}</li>\n",
                colour.name,
                escape(name)
            )
        })
        .collect();
    let missing = match plots::missing(curve) {
        0 => String::new(),
        count => paragraph(&format!("Points without a place on these axes: {count}.")),
    };
    let points = points(curve);
    let below = format!("<ul class=\"legend\">\n{legend}</ul>\n{missing}{points}");
    figure(
        &curve.title,
        kind,
        &said,
        plots::curve(curve),
        &below,
        &curve.note,
    )
}

/// A plot with all that is around it. `said` is for those who cannot see it.
fn figure(
    title: &str,
    kind: &str,
    said: &str,
    plot: Result<String, String>,
    below: &str,
    note: &str,
) -> String {
    let plot = match plot {
        Ok(svg) => format!(
            "<div role=\"img\" aria-label=\"{}\">\n{svg}</div>\n",
            escape(said)
        ),
        Err(why) => format!("<p class=\"why\">{}</p>\n", escape(&why)),
    };
    format!(
        "<figure>\n<figcaption>{} <small>{}</small></figcaption>\n{plot}{below}{}</figure>\n",
        escape(title),
        escape(kind),
        paragraph(note)
    )
}

fn paragraph(note: &str) -> String {
    if note.is_empty() {
        return String::new();
    }
    format!("<p class=\"note\">{}</p>\n", escape(note))
}

/// The points of a curve as a table to unfold: a plot tells no exact values, and those without a place on it at all.
fn points(curve: &Curve) -> String {
    let ((x_name, x_unit), (y_name, y_unit)) = (plots::unit(&curve.x), plots::unit(&curve.y));
    let mut xs: Vec<f64> = curve
        .lines
        .iter()
        .flat_map(|(_, points)| points.iter().map(|it| it.0))
        .collect();
    xs.sort_by(f64::total_cmp);
    xs.dedup_by(|one, other| one.total_cmp(other).is_eq());
    let names: String = curve
        .lines
        .iter()
        .map(|(name, _)| format!("<th class=\"number\">{}</th>", escape(name)))
        .collect();
    let rows: String = xs
        .iter()
        .map(|x| {
            let cells: String = curve
                .lines
                .iter()
                .map(|(_, points)| {
                    let point = points.iter().find(|it| it.0.total_cmp(x).is_eq());
                    let value = point.map(|it| text::humanise(it.1, y_unit));
                    number(&value.unwrap_or_default())
                })
                .collect();
            format!("<tr>{}{cells}</tr>\n", number(&text::humanise(*x, x_unit)))
        })
        .collect();
    format!(
        "<details><summary>The numbers: {}</summary>\n<div class=\"wide\"><table>\n\
         <thead><tr><th class=\"number\">{}</th>{names}</tr></thead>\n<tbody>\n{rows}</tbody>\n\
         </table></div></details>\n",
        escape(y_name),
        escape(x_name)
    )
}

fn group(name: &str, rows: &[(usize, &Row)]) -> String {
    let rows: String = rows.iter().map(|(index, it)| row(*index, it)).collect();
    format!(
        "<h3>{}</h3>\n<div class=\"wide\"><table class=\"rows\">\n<thead><tr>\
         <th class=\"name\">what</th><th class=\"number\">median</th><th class=\"number\">best</th>\
         <th class=\"against\">against</th><th class=\"number ratio\">ratio</th><th class=\"aim\">aim</th>\
         <th class=\"verdict\">holds?</th><th>note</th></tr></thead>\n<tbody>\n{rows}</tbody>\n</table></div>\n",
        escape(name)
    )
}

fn row(index: usize, row: &Row) -> String {
    let against = row.against.as_deref().unwrap_or_default();
    let against = match row.against_median {
        Some(median) => format!("{} <b>{}</b>", escape(against), escape(&row.value(median))),
        None => escape(against),
    };
    let (class, mark) = match row.holds {
        Some(true) => ("good", "\u{2713} "),
        Some(false) => ("bad", "\u{2717} "),
        None => ("", ""),
    };
    format!(
        "<tr id=\"row-{index}\"><th scope=\"row\">{}</th>{}{}<td>{against}</td>{}<td>{}</td>\
         <td class=\"{class}\">{mark}{}</td><td class=\"note\">{}</td></tr>\n",
        escape(&row.label()),
        number(&row.value(row.median)),
        number(&row.value(row.min)),
        number(&row.ratio.map(text::ratio).unwrap_or_default()),
        escape(row.aim.as_deref().unwrap_or_default()),
        row.verdict(),
        escape(&row.note)
    )
}

fn number(text: &str) -> String {
    format!("<td class=\"number\">{}</td>", escape(text))
}

fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for letter in text.chars() {
        match letter {
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '&' => escaped += "&amp;",
            '"' => escaped += "&quot;",
            '\'' => escaped += "&#39;",
            _ => escaped.push(letter),
        }
    }
    escaped
}
