//! Numbers as people read them, and text that has to fit into a plot.

/// A value with its unit: `21.6 us`, `64 KiB`. Units that have no such steps leave a plain number: `12,345`.
pub(super) fn humanise(value: f64, unit: &str) -> String {
    match unit {
        "ns" => scaled(value, 1000.0, &["ns", "us", "ms", "s"]),
        "bytes" => scaled(value, 1024.0, &["B", "KiB", "MiB", "GiB"]),
        _ => number(value),
    }
}

/// Whether [`humanise`] names the unit.
pub(super) fn shows_unit(unit: &str) -> bool {
    matches!(unit, "ns" | "bytes")
}

/// A ratio, precise enough that 1.504 does not look like what an aim of 1.5 allows.
pub(super) fn ratio(ratio: f64) -> String {
    match ratio {
        0.1..10.0 => format!("{ratio:.3}"),
        10.0..100.0 => format!("{ratio:.2}"),
        _ => number(ratio),
    }
}

fn scaled(value: f64, base: f64, units: &[&str]) -> String {
    if !value.is_finite() {
        return number(value);
    }
    let (mut value, mut step) = (value, 0);
    // Rounded, so that 999.9 ns is not "1,000 ns".
    while value.abs().round() >= base && step + 1 < units.len() {
        value /= base;
        step += 1;
    }
    format!("{} {}", number(value), units[step])
}

/// Three significant digits, all of those before the point, and thousands set apart.
fn number(value: f64) -> String {
    if !value.is_finite() {
        return "n/a".to_owned();
    }
    if value.abs() >= 1e15 {
        return format!("{value:.2e}");
    }
    let magnitude = value.abs().log10().floor().clamp(-4.0, 2.0); // of zero it is -inf
    let digits = (2.0 - magnitude) as usize;
    let text = format!("{:.digits$}", value.abs());
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let mut grouped = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let fraction = fraction.trim_end_matches('0');
    if !fraction.is_empty() {
        grouped = format!("{grouped}.{fraction}");
    }
    let sign = if value < 0.0 && grouped != "0" {
        "-"
    } else {
        ""
    };
    format!("{sign}{grouped}")
}

/// About how wide a text is in a plot. Whose fonts the reader has is not known, so this is for wide ones.
pub(super) fn width(text: &str, size: i32) -> i32 {
    let ems: f64 = text
        .chars()
        .map(|it| match it {
            'i' | 'j' | 'l' | '.' | ',' | ' ' | ':' => 0.36,
            'm' | 'w' | 'M' | 'W' | '@' | '%' => 1.0,
            ' '..='~' => 0.64,
            _ => 1.05,
        })
        .sum();
    (ems * f64::from(size)).ceil() as i32
}

/// A text in lines that are no wider than that. Words too long for a line are split.
pub(super) fn wrap(text: &str, size: i32, most: i32) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let line = lines.last().map_or("", String::as_str);
        let longer = format!("{line}{}{word}", if line.is_empty() { "" } else { " " });
        if width(&longer, size) <= most {
            lines.pop();
            lines.push(longer);
            continue;
        }
        let mut rest = String::new();
        for letter in word.chars() {
            if !rest.is_empty() && width(&format!("{rest}{letter}"), size) > most {
                lines.push(std::mem::take(&mut rest));
            }
            rest.push(letter);
        }
        lines.push(rest);
    }
    if lines.len() > 1 {
        lines.retain(|line| !line.is_empty());
    }
    lines
}
