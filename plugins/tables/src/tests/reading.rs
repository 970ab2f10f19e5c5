//! CSV and JSON lines, as they come.

use locum_guest::{Array, Bytes, Map, Proxy, Value, args};

use super::{ORDERS, cells, plugin};

fn types(table: &Proxy) -> String {
    let types: Map = table.get("types").unwrap();
    let shown = |(name, kind): &(Value, Value)| match (name, kind) {
        (Value::Text(name), Value::Text(kind)) => format!("{name}:{kind}"),
        _ => "?".to_owned(),
    };
    types.iter().map(shown).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_csv_file_of_the_real_world_is_read() {
    let plugin = plugin();
    let orders = plugin.csv(ORDERS);
    assert_eq!(orders.len().unwrap(), 7);
    assert_eq!(
        types(&orders),
        "order:int date:text city:text customer:text amount:float items:int express:bool note:text"
    );
    let customers: Vec<String> = cells(&orders, "customer");
    assert_eq!(customers[1], "O'Brien \"Ted\"");
    assert_eq!(customers[3], "田中 太郎");
    let notes: Vec<Option<String>> = cells(&orders, "note");
    assert_eq!(notes[1], None);
    assert_eq!(notes[2].as_deref(), Some("to be paid\nlater; see \"mail\""));
    let amounts: Vec<Option<f64>> = cells(&orders, "amount");
    assert_eq!(
        amounts,
        [
            Some(129.9),
            Some(15.0),
            None,
            Some(1000.0),
            Some(42.5),
            Some(7.25),
            Some(88.0)
        ]
    );
    let numbers: Array<i64> = orders.get_item("order").unwrap();
    assert_eq!(
        numbers.as_slice(),
        [1001, 1002, 1003, 1004, 1005, 1006, 1007]
    );
    let floats: Array<f64> = orders.call("column", ("items",)).unwrap();
    assert_eq!(floats.as_slice()[..5], [3.0, 1.0, 2.0, 10.0, 1.0]);
    assert!(floats.as_slice()[5].is_nan());
}

#[test]
fn bytes_are_read_as_text_is() {
    let plugin = plugin();
    let bytes = Bytes::from(ORDERS.as_bytes());
    let orders: Proxy = plugin.tables.call("read_csv", (bytes,)).unwrap();
    assert_eq!(orders.len().unwrap(), 7);
    let latin: Proxy = plugin
        .tables
        .call(
            "read_csv",
            args!(Bytes::from(b"k\xf8\n\xe5\n"), encoding = "latin-1"),
        )
        .unwrap();
    assert_eq!(cells::<String>(&latin, "kø"), ["å"]);
}

/// Cells of one column, and the type that it gets.
#[test]
fn a_column_has_the_first_type_that_all_of_its_cells_have() {
    let plugin = plugin();
    for (column, kind) in [
        ("1 -2 +3 0", "int"),
        ("9223372036854775807", "int"),
        ("9223372036854775808", "text"),
        ("1 2.5", "float"),
        ("1e5 -0.5 .5 2.", "float"),
        ("nan 1 -inf", "float"),
        ("0.10", "float"),
        ("007 12", "text"),
        ("00.5", "text"),
        ("1_000", "text"),
        ("0x10", "text"),
        ("1e", "text"),
        ("e5", "text"),
        ("- 1", "text"),
        ("true FALSE False", "bool"),
        ("true 1", "text"),
        ("yes no", "text"),
        ("2024-01-03", "text"),
        ("infinite", "text"),
    ] {
        let text = format!("c,d\n{},\n", column.replace(' ', ",\n"));
        let table = plugin.csv(&text);
        assert_eq!(types(&table), format!("c:{kind} d:text"), "{column}");
    }
}

#[test]
fn what_is_said_about_the_csv_is_heeded() {
    let plugin = plugin();
    let read = |text: &str| -> Proxy {
        let options = args!(
            text,
            delimiter = ";",
            header = false,
            columns = ["zip", "n"],
            types = Map::from_unique(vec![("zip".into(), "text".into())]),
            nulls = ["NA"]
        );
        plugin.tables.call("read_csv", options).unwrap()
    };
    let table = read("12345;1\n54321;NA\n");
    assert_eq!(types(&table), "zip:text n:int");
    assert_eq!(cells::<String>(&table, "zip"), ["12345", "54321"]);
    assert_eq!(cells::<Option<i64>>(&table, "n"), [Some(1), None]);
    let unnamed: Proxy = plugin
        .tables
        .call("read_csv", args!("1,2\n", header = false))
        .unwrap();
    assert_eq!(
        unnamed.get::<Vec<String>>("columns").unwrap(),
        ["column_1", "column_2"]
    );
    let doubled = plugin.csv("a,a,,a\n1,2,3,4\n");
    assert_eq!(
        doubled.get::<Vec<String>>("columns").unwrap(),
        ["a", "a_2", "column_3", "a_3"]
    );
}

#[test]
fn little_is_a_table_too() {
    let plugin = plugin();
    for (text, rows, columns) in [
        ("", 0, 0),
        ("a,b", 0, 2),
        ("a\n1", 1, 1),
        ("\u{feff}", 0, 0),
        ("a,b\n,\n", 1, 2),
    ] {
        let table = plugin.csv(text);
        assert_eq!(table.len().unwrap(), rows, "{text:?}");
        assert_eq!(
            table.get::<Vec<String>>("columns").unwrap().len(),
            columns,
            "{text:?}"
        );
        table.call::<Proxy>("describe", ()).unwrap();
        assert!(!table.text().unwrap().is_empty());
    }
}

#[test]
fn json_lines_are_read_in_the_order_of_their_names() {
    let plugin = plugin();
    let text = "{\"z\": 1, \"a\": \"x\"}\n\n{\"a\": null, \"z\": 2.5, \"tags\": [1, {\"b\": true}]}\r\n{\"on\": false}\n";
    let table: Proxy = plugin.tables.call("read_jsonl", (text,)).unwrap();
    assert_eq!(types(&table), "z:float a:text tags:any on:bool");
    assert_eq!(
        cells::<Option<f64>>(&table, "z"),
        [Some(1.0), Some(2.5), None]
    );
    let row: Value = table.get_item(1).unwrap();
    let expected = "{'z': 2.5, 'a': None, 'tags': [1, {'b': True}], 'on': None}";
    assert_eq!(locum_guest::ops::repr(&row).unwrap(), expected);
}

#[test]
fn data_is_a_table_by_rows_or_by_columns() {
    let plugin = plugin();
    let by_rows: Proxy = plugin
        .tables
        .call(
            "table",
            (serde_json::json!([{"n": 1, "t": "a"}, {"n": 2}]),),
        )
        .unwrap();
    assert_eq!(types(&by_rows), "n:int t:text");
    let columns = Map::from_unique(vec![
        ("n".into(), Array::from([1_u8, 2]).into()),
        ("x".into(), Array::from([0.5_f32, 1.5]).into()),
        ("t".into(), Value::List(vec!["a".into(), Value::Null])),
    ]);
    let by_columns: Proxy = plugin.tables.call("table", (columns,)).unwrap();
    assert_eq!(types(&by_columns), "n:int x:float t:text");
    assert_eq!(
        cells::<Option<String>>(&by_columns, "t"),
        [Some("a".to_owned()), None]
    );
}

#[test]
fn a_file_is_read_and_written_by_its_ending() {
    let plugin = plugin();
    let directory = std::env::temp_dir().join(format!("locum-tables-{}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    let orders = plugin.csv(ORDERS);
    for ending in ["csv", "tsv", "jsonl"] {
        let path = directory
            .join(format!("orders.{ending}"))
            .display()
            .to_string();
        orders.call::<()>("save", (&path,)).unwrap();
        let read: Proxy = plugin.tables.call("open", (&path,)).unwrap();
        let (a, b): (Value, Value) = (read.value().unwrap(), orders.value().unwrap());
        assert_eq!(a, b, "{ending}");
    }
    std::fs::remove_dir_all(&directory).unwrap();
}
