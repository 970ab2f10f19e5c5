//! A table as people see it.

use locum_guest::Proxy;

use super::{ORDERS, plugin};

#[test]
fn a_table_is_shown_aligned() {
    let plugin = plugin();
    let orders = plugin.csv(ORDERS);
    let few: Proxy = orders
        .call(
            "select",
            (["order", "customer", "amount", "express", "note"],),
        )
        .unwrap();
    let expected = "\
order  customer       amount  express  note
─────  ────────────  ───────  ───────  ────────────────────────────────
 1001  Müller, Anna    129.9  true     first order
 1002  O'Brien \"Ted\"     15.0  false    –
 1003  Łukasz Żak          –  true     to be paid⏎later; see \"mail\"
 1004  田中 太郎      1000.0  false    bulk
 1005  Müller, Anna     42.5  true     –
 1006  =SUM(A1)         7.25  false    formula?
 1007  Müller, Anna     88.0  true     express 🚚
7 rows × 5 columns";
    let shown = few.text().unwrap();
    let plain = |text: &str| text.replace('─', "");
    assert_eq!(
        plain(&shown).split_whitespace().collect::<Vec<_>>(),
        plain(expected).split_whitespace().collect::<Vec<_>>()
    );
    let widths: Vec<usize> = shown
        .lines()
        .take(3)
        .map(|line| line.find("amount").or(line.find("129.9")).unwrap_or(0))
        .collect();
    assert_eq!(
        widths[0] + 1,
        widths[2] - "ü".len() + 1,
        "numbers stand at the right\n{shown}"
    );
}

#[test]
fn what_has_no_room_is_left_out() {
    let plugin = plugin();
    let mut csv: String = (0..40)
        .map(|column| format!("column number {column}"))
        .collect::<Vec<_>>()
        .join(",");
    for row in 0..100 {
        csv.push_str(&format!("\n{row}{}", ",some text".repeat(39)));
    }
    let shown = plugin.csv(&csv).text().unwrap();
    let lines: Vec<&str> = shown.lines().collect();
    assert_eq!(lines.len(), 2 + 16 + 1);
    assert!(
        lines.iter().all(|line| line.chars().count() <= 170),
        "{shown}"
    );
    assert!(
        lines[12].trim_start().starts_with('…') && lines[17].trim_start().starts_with("99"),
        "{shown}"
    );
    assert!(
        lines[18].starts_with("100 rows × 40 columns; not shown: column number 6"),
        "{shown}"
    );
    let long = plugin
        .csv(&format!("a\n{}\n\u{1b}[2J\n", "x".repeat(1000)))
        .text()
        .unwrap();
    assert!(
        long.contains("…")
            && !long.contains('\u{1b}')
            && long.lines().all(|line| line.chars().count() < 40),
        "{long}"
    );
}
