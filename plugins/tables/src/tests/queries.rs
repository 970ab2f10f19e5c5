//! What is asked of a table.

use locum_guest::{Array, Items, Map, Proxy, Value, args, callback, ops, slice};

use super::{ORDERS, Plugin, cells, plugin};

fn orders() -> (Plugin, Proxy) {
    let plugin = plugin();
    let orders = plugin.csv(ORDERS);
    (plugin, orders)
}

fn numbers(table: &Proxy) -> Vec<i64> {
    cells(table, "order")
}

#[test]
fn rows_are_filtered_by_equality_comparison_and_callback() {
    let (_plugin, orders) = orders();
    let filter = |table: locum_guest::Result<Proxy>| numbers(&table.unwrap());
    let call = |arguments: (&str, &str, Value)| filter(orders.call("filter", arguments));
    assert_eq!(
        filter(orders.call("filter", args!(city = "Oslo"))),
        [1001, 1003, 1007]
    );
    assert_eq!(
        filter(orders.call("filter", args!(city = "Oslo", items = 2.0))),
        [1003, 1007]
    );
    assert_eq!(filter(orders.call("filter", args!(city = ()))), [1005]);
    assert_eq!(call(("amount", ">", 42.into())), [1001, 1004, 1005, 1007]);
    assert_eq!(call(("amount", "<=", 15.into())), [1002, 1006]);
    assert_eq!(call(("amount", "!=", 15.into())).len(), 6);
    assert_eq!(call(("date", ">=", "2024-02".into())), [1006, 1007]);
    assert_eq!(call(("note", "==", Value::Null)), [1002, 1005]);
    let cities = Value::List(vec!["Bergen".into(), "Tromsø".into()]);
    assert_eq!(call(("city", "in", cities.clone())), [1002, 1004, 1006]);
    assert_eq!(call(("city", "not in", cities)), [1001, 1003, 1005, 1007]);
    assert_eq!(call(("customer", "contains", "Żak".into())), [1003]);
    assert_eq!(
        call(("customer", "startswith", "Müller".into())),
        [1001, 1005, 1007]
    );
    let test = callback(|row: Map| {
        row.get(&"note".into())
            .is_some_and(|it| matches!(it, Value::Text(t) if t.len() > 10))
    });
    assert_eq!(filter(orders.call("filter", (test,))), [1001, 1003, 1007]);
}

#[test]
fn rows_are_in_order_and_what_is_missing_is_last() {
    let (_plugin, orders) = orders();
    let sorted =
        |descending: bool| -> Proxy { orders.call("sort", ("amount", descending)).unwrap() };
    assert_eq!(
        numbers(&sorted(false)),
        [1006, 1002, 1005, 1007, 1001, 1004, 1003]
    );
    assert_eq!(
        numbers(&sorted(true)),
        [1004, 1001, 1007, 1005, 1002, 1006, 1003]
    );
    let by_two: Proxy = orders.call("sort", (["express", "items"],)).unwrap();
    assert_eq!(numbers(&by_two), [1002, 1004, 1006, 1005, 1003, 1007, 1001]);
}

#[test]
fn groups_are_added_up_as_python_does() {
    let (_plugin, orders) = orders();
    let arguments = args!(
        "city",
        n = "count",
        total = ("amount", "sum"),
        mean = ("amount", "mean"),
        std = ("amount", "std"),
        median = ("amount", "median"),
        least = ("amount", "min"),
        most = ("date", "max"),
        customers = ("customer", "unique"),
        items = ("items", "sum"),
        express = ("express", "mean")
    );
    let by: Proxy = orders.call("group_by", arguments).unwrap();
    let city: Vec<Option<String>> = cells(&by, "city");
    assert_eq!(
        city.iter().map(Option::as_deref).collect::<Vec<_>>(),
        [Some("Oslo"), Some("Bergen"), Some("Tromsø"), None]
    );
    assert_eq!(cells::<i64>(&by, "n"), [3, 2, 1, 1]);
    close(&cells(&by, "total"), &[217.9, 22.25, 1000.0, 42.5]);
    close(&cells(&by, "mean"), &[108.95, 11.125, 1000.0, 42.5]);
    let std: Vec<Option<f64>> = cells(&by, "std");
    close(
        &[std[0].unwrap(), std[1].unwrap()],
        &[29.627774131716347, 5.480077554195743],
    );
    assert_eq!(std[2..], [None, None]);
    close(&cells(&by, "median"), &[108.95, 11.125, 1000.0, 42.5]);
    close(&cells(&by, "least"), &[88.0, 7.25, 1000.0, 42.5]);
    assert_eq!(cells::<String>(&by, "most")[1], "2024-02-01");
    assert_eq!(cells::<i64>(&by, "customers"), [2, 2, 1, 1]);
    assert_eq!(cells::<i64>(&by, "items"), [7, 1, 10, 1]);
    close(&cells(&by, "express"), &[1.0, 0.0, 0.0, 1.0]);
    let grouped: Proxy = orders.call("group", ("city", "express")).unwrap();
    assert_eq!(grouped.len().unwrap(), 4);
    let counts: Proxy = grouped.call("count", ()).unwrap();
    assert_eq!(cells::<i64>(&counts, "count"), [3, 2, 1, 1]);
    let listed: Proxy = grouped.call("agg", args!(all = ("order", "list"))).unwrap();
    assert_eq!(cells::<Vec<i64>>(&listed, "all")[0], [1001, 1003, 1007]);
}

fn close(got: &[f64], expected: &[f64]) {
    assert_eq!(got.len(), expected.len());
    for (got, expected) in got.iter().zip(expected) {
        assert!((got - expected).abs() < 1e-9, "{got} is not {expected}");
    }
}

#[test]
fn a_column_is_described_as_python_does() {
    let (_plugin, orders) = orders();
    let told: Proxy = orders.call("describe", ()).unwrap();
    let row = |name: &str| -> Value {
        let rows: Proxy = told.call("filter", args!(column = name)).unwrap();
        rows.get_item(0).unwrap()
    };
    let number = |row: &Value, name: &str| match row {
        Value::Map(map) => match map.get(&name.into()) {
            Some(Value::Float(it)) => *it,
            Some(Value::Int(it)) => *it as f64,
            other => panic!("{name}: {other:?}"),
        },
        _ => panic!("no row"),
    };
    let amount = row("amount");
    let names = [
        "count", "nulls", "unique", "mean", "std", "min", "q25", "median", "q75", "max",
    ];
    let got: Vec<f64> = names.iter().map(|name| number(&amount, name)).collect();
    close(
        &got,
        &[
            6.0,
            1.0,
            6.0,
            213.775,
            387.9441502974365,
            7.25,
            21.875,
            65.25,
            119.42500000000001,
            1000.0,
        ],
    );
    let items = row("items");
    close(
        &[
            number(&items, "mean"),
            number(&items, "std"),
            number(&items, "q25"),
            number(&items, "q75"),
        ],
        &[3.1666666666666665, 3.430257521916783, 1.25, 2.75],
    );
    let customer = ops::repr(&row("customer")).unwrap();
    assert!(
        customer.ends_with("'top': 'Müller, Anna', 'freq': 3}"),
        "{customer}"
    );
}

#[test]
fn tables_are_joined_in_four_ways() {
    let plugin = plugin();
    let people = plugin.csv("id,name,city\n1,Ada,London\n2,Bo,Oslo\n3,Cy,\n,Di,Oslo\n");
    let visits = plugin
        .csv("id,city,day\n2,Bergen,mon\n1.0,Paris,tue\n2,Oslo,wed\n9,Rome,thu\n,Nowhere,fri\n");
    let join = |how: &str| -> String {
        let joined: Proxy = people.call("join", (&visits, "id", how)).unwrap();
        let text: String = joined.call("to_csv", ()).unwrap();
        text.lines().collect::<Vec<_>>().join(" ")
    };
    let both = "1,Ada,London,Paris,tue 2,Bo,Oslo,Bergen,mon 2,Bo,Oslo,Oslo,wed";
    assert_eq!(join("inner"), format!("id,name,city,city_right,day {both}"));
    assert_eq!(
        join("left"),
        format!("id,name,city,city_right,day {both} 3,Cy,,, ,Di,Oslo,,")
    );
    let alone = "9.0,,,Rome,thu ,,,Nowhere,fri";
    let floats = both.replace("1,Ada", "1.0,Ada").replace("2,Bo", "2.0,Bo");
    assert_eq!(
        join("right"),
        format!("id,name,city,city_right,day {floats} {alone}")
    );
    assert!(join("outer").ends_with(alone) && join("outer").contains("3.0,Cy,,,"));
    let towns: Proxy = plugin.csv("town,country\nOslo,NO\nLondon,UK\n");
    let on = Map::from_unique(vec![("city".into(), "town".into())]);
    let joined: Proxy = people.call("join", (&towns, on)).unwrap();
    assert_eq!(cells::<String>(&joined, "country"), ["UK", "NO", "NO"]);
}

#[test]
fn columns_are_chosen_renamed_added_and_left_out() {
    let (_plugin, orders) = orders();
    let few: Proxy = orders.call("select", ("city", ["order"])).unwrap();
    assert_eq!(
        few.get::<Vec<String>>("columns").unwrap(),
        ["city", "order"]
    );
    let renamed: Proxy = few.call("rename", args!(city = "town")).unwrap();
    assert_eq!(
        renamed.get::<Vec<String>>("columns").unwrap(),
        ["town", "order"]
    );
    let twice: Proxy = few
        .call(
            "with_column",
            (
                "twice",
                callback(|row: Map| match row.get(&"order".into()) {
                    Some(Value::Int(it)) => (it * 2) as i64,
                    _ => 0,
                }),
            ),
        )
        .unwrap();
    assert_eq!(cells::<i64>(&twice, "twice")[..2], [2002, 2004]);
    let replaced: Proxy = twice.call("with_column", ("city", "Rome")).unwrap();
    assert_eq!(cells::<String>(&replaced, "city").len(), 7);
    let array = Array::from([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]);
    let added: Proxy = few.call("with_column", ("x", array)).unwrap();
    let dropped: Proxy = added.call("drop", ("city", "order")).unwrap();
    assert_eq!(dropped.get::<Vec<String>>("columns").unwrap(), ["x"]);
    assert_eq!(
        few.get::<Vec<String>>("columns").unwrap().len(),
        2,
        "a query leaves its table as it is"
    );
}

#[test]
fn rows_are_had_by_number_by_slice_and_one_after_the_other() {
    let (_plugin, orders) = orders();
    let last: Map = orders.get_item(-1).unwrap();
    assert_eq!(last.get(&"city".into()), Some(&"Oslo".into()));
    let some: Proxy = orders.get_item(slice(1..4)).unwrap();
    assert_eq!(numbers(&some), [1002, 1003, 1004]);
    let backwards: Proxy = orders.get_item(slice(..).step(-3)).unwrap();
    assert_eq!(numbers(&backwards), [1007, 1004, 1001]);
    let head: Proxy = orders.call("head", (2,)).unwrap();
    let tail: Proxy = orders.call("tail", (1,)).unwrap();
    assert_eq!(
        (numbers(&head), numbers(&tail)),
        (vec![1001, 1002], vec![1007])
    );
    let rows: Items<Map> = orders.call("rows", ()).unwrap();
    assert_eq!(
        rows.map(|row| row.unwrap().len()).collect::<Vec<_>>(),
        [8; 7]
    );
    let cities: Vec<Option<String>> = orders.call("unique", ("city",)).unwrap();
    assert_eq!(cities.len(), 4);
}

#[test]
fn a_hundred_thousand_rows_are_no_trouble() {
    let plugin = plugin();
    let mut text = String::from("id,name,amount,day\n");
    for row in 0..100_000 {
        text.push_str(&format!(
            "{row},customer {},{}.25,2024-{:02}-11\n",
            row % 977,
            row % 1000,
            row % 12 + 1
        ));
    }
    let begun = std::time::Instant::now();
    let table = plugin.csv(&text);
    let read = begun.elapsed();
    let by: Proxy = table
        .call(
            "group_by",
            args!("name", total = ("amount", "sum"), n = "count"),
        )
        .unwrap();
    let sorted: Proxy = by.call("sort", ("total", true)).unwrap();
    assert_eq!(
        (table.len().unwrap(), sorted.len().unwrap()),
        (100_000, 977)
    );
    let total: f64 = cells::<f64>(&by, "total").iter().sum();
    assert_eq!(total, 100.0 * 499_500.0 + 25_000.0);
    // Of a debug build, and of a busy machine, too; it takes about a tenth of this.
    assert!(
        begun.elapsed().as_secs_f64() < 3.0,
        "{read:?} to read, {:?} in all",
        begun.elapsed()
    );
}
