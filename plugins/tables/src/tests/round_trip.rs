//! What is written is read as the same.

use locum_guest::{Map, Proxy, Value};

use super::{ORDERS, plugin};

/// Numbers that look random, and are the same each time.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }
}

#[test]
fn a_real_file_is_the_same_after_csv_and_json() {
    let plugin = plugin();
    let orders = plugin.csv(ORDERS);
    let expected: Value = orders.value().unwrap();
    let csv: String = orders.call("to_csv", ()).unwrap();
    assert_eq!(plugin.csv(&csv).value::<Value>().unwrap(), expected);
    let json: String = orders.call("to_jsonl", ()).unwrap();
    let read: Proxy = plugin.tables.call("read_jsonl", (json,)).unwrap();
    assert_eq!(read.value::<Value>().unwrap(), expected);
}

#[test]
fn any_table_of_texts_and_numbers_is_the_same_after_csv() {
    let plugin = plugin();
    let pieces = [
        "a", "\"", ",", ";", "\n", "\r\n", " ", "ø", "🚚", "\t", "'", "\\", "x,\"y\"", "#",
        "\u{feff}",
    ];
    let mut random = Random(7);
    for _ in 0..300 {
        let rows = 1 + random.below(6);
        let text = |random: &mut Random| -> Value {
            // A letter first, so that it is text whatever comes after.
            let piece = |_| pieces[random.below(pieces.len())];
            match (0..4).map(piece).collect::<String>() {
                text if text.starts_with('a') => Value::Null,
                text => Value::Text(format!("t{text}")),
            }
        };
        let mut names = vec![
            Value::Text("t\"x, y\"".into()),
            "f".into(),
            "i".into(),
            "b".into(),
        ];
        let mut columns: Vec<Vec<Value>> = vec![Vec::new(); 4];
        for _ in 0..rows {
            columns[0].push(text(&mut random));
            let exponent = random.below(600) as i32 - 300;
            columns[1].push(Value::Float(
                (random.below(2_000_000) as f64 - 1e6) * 10_f64.powi(exponent),
            ));
            columns[2].push(Value::Int(random.below(1 << 30) as i128 - (1 << 29)));
            columns[3].push(Value::Bool(random.below(2) == 1));
        }
        let lists = columns.into_iter().map(Value::List);
        let data: Map = names.drain(..).zip(lists).collect();
        let table: Proxy = plugin.tables.call("table", (data,)).unwrap();
        for delimiter in [",", ";", "\t"] {
            let csv: String = table.call("to_csv", (delimiter,)).unwrap();
            let read: Proxy = plugin
                .tables
                .call("read_csv", (csv.as_str(), delimiter))
                .unwrap();
            let (before, after): (Value, Value) = (table.value().unwrap(), read.value().unwrap());
            assert_eq!(after, before, "{csv}");
        }
    }
}
