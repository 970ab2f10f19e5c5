//! What is wrong, and what is said about it.

use locum_guest::{Bytes, Kind, Map, Proxy, Value, args, callback};

use super::{ORDERS, plugin};

#[test]
fn a_row_with_another_number_of_cells_is_told_by_its_line() {
    let plugin = plugin();
    for (text, told) in [
        (
            "a,b,c\n1,2,3\n4,5\n",
            "line 3: found 2 fields, expected 3 as the header has; are cells missing, or is the delimiter another one?",
        ),
        (
            "a,b\n\"x\ny\",1\n1,2,3\n",
            "line 4: found 3 fields, expected 2 as the header has; a cell that has the delimiter in it must be in quotes",
        ),
        (
            "a,b\r\n\r\n1\r\n",
            "line 3: found 1 field, expected 2 as the header has; are cells missing, or is the delimiter another one?",
        ),
    ] {
        let error = plugin.refused(text);
        assert_eq!((error.kind(), error.message()), (Kind::ValueError, told));
    }
}

#[test]
fn a_cell_that_has_not_the_type_is_told_by_line_and_column() {
    let plugin = plugin();
    let types = Map::from_unique(vec![("n".into(), "int".into())]);
    let error = plugin
        .tables
        .call::<Proxy>("read_csv", args!("n\n1\n\nx2\n", types = types))
        .unwrap_err();
    assert_eq!(
        error.message(),
        "line 4, column `n`: \"x2\" is no int; leave the type out, ask for \"text\", or name it in `nulls`"
    );
    let types = Map::from_unique(vec![("m".into(), "int".into())]);
    let error = plugin
        .tables
        .call::<Proxy>("read_csv", args!("n\n1\n", types = types))
        .unwrap_err();
    assert_eq!(error.kind(), Kind::KeyError);
    let types = Map::from_unique(vec![("n".into(), "integer".into())]);
    let error = plugin
        .tables
        .call::<Proxy>("read_csv", args!("n\n1\n", types = types))
        .unwrap_err();
    assert!(
        error
            .message()
            .contains("there are int, float, bool and text")
            || error.message().contains("did you mean"),
        "{error}"
    );
}

#[test]
fn bytes_that_are_no_text_are_told_by_their_line() {
    let plugin = plugin();
    let bytes = Bytes::from(b"a\nb\nk\xf8\n");
    let error = plugin
        .tables
        .call::<Proxy>("read_csv", (bytes,))
        .unwrap_err();
    assert_eq!(
        error.message(),
        "line 3: the byte 0xf8 is not UTF-8; if the text is in Latin-1, say encoding=\"latin-1\""
    );
    let error = plugin.tables.call::<Proxy>("read_csv", (12,)).unwrap_err();
    assert_eq!(error.kind(), Kind::TypeError);
    let error = plugin
        .tables
        .call::<Proxy>("read_csv", args!("a", delimiter = "ab"))
        .unwrap_err();
    assert!(
        error.message().starts_with("the delimiter is \"ab\""),
        "{error}"
    );
}

#[test]
fn a_line_that_is_no_json_object_is_told() {
    let plugin = plugin();
    for (text, told) in [
        (
            "{\"a\": 1}\n{\"a\": }\n",
            "line 2, character 7: expected value; each line is one JSON object",
        ),
        (
            "{\"a\": 1}\n\n[1]\n",
            "line 3: found list, expected an object of cells by column, such as {\"name\": \"Ada\"}",
        ),
        (
            "{\"a\": 1",
            "line 1, character 7: EOF while parsing an object; each line is one JSON object",
        ),
    ] {
        let error = plugin
            .tables
            .call::<Proxy>("read_jsonl", (text,))
            .unwrap_err();
        assert_eq!(error.message(), told);
    }
}

#[test]
fn a_column_that_is_not_there_is_answered_with_those_that_are() {
    let plugin = plugin();
    let orders = plugin.csv(ORDERS);
    let told = "there is no column `amout`; did you mean `amount`? the columns are `order`, `date`, `city`, `customer`, `amount`, `items`, `express`, `note`";
    for error in [
        orders.get_item::<Value>("amout").unwrap_err(),
        orders.call::<Proxy>("sort", ("amout",)).unwrap_err(),
        orders
            .call::<Proxy>("filter", args!(amout = 1))
            .unwrap_err(),
        orders
            .call::<Proxy>("group_by", args!("city", n = ("amout", "sum")))
            .unwrap_err(),
        orders.call::<Proxy>("select", ("amout",)).unwrap_err(),
        orders.call::<Proxy>("drop", ("amout",)).unwrap_err(),
    ] {
        assert_eq!((error.kind(), error.message()), (Kind::KeyError, told));
    }
    let error = orders
        .call::<Proxy>("join", (&orders, "amout"))
        .unwrap_err();
    assert!(
        error
            .message()
            .starts_with("in the left table, there is no column"),
        "{error}"
    );
}

#[test]
fn what_can_not_be_done_is_told_with_a_way_out() {
    let plugin = plugin();
    let orders = plugin.csv(ORDERS);
    let filter =
        |arguments: (&str, &str, Value)| orders.call::<Proxy>("filter", arguments).unwrap_err();
    let group = |what: (&str, &str)| {
        orders
            .call::<Proxy>("group_by", args!("city", n = what))
            .unwrap_err()
    };
    for (error, told) in [
        (
            filter(("city", ">", 3.into())),
            "row 0, column `city`: the text \"Oslo\" and 3 have no order between them",
        ),
        (
            filter(("city", "=>", 3.into())),
            "\"=>\" is no comparison; ",
        ),
        (
            filter(("amount", ">", Value::Null)),
            "`>` needs a value to compare with",
        ),
        (
            filter(("amount", "contains", "1".into())),
            "`contains` is for text, and column `amount` is of type float",
        ),
        (
            filter(("amount", "in", 1.into())),
            "`in` needs a list of values, got int",
        ),
        (
            group(("city", "sum")),
            "`sum` needs numbers, and column `city` is of type text",
        ),
        (
            group(("amount", "summ")),
            "\"summ\" is no function of groups; did you mean \"sum\"?",
        ),
        (
            orders.call::<Proxy>("filter", (1,)).unwrap_err(),
            "filter takes name=value",
        ),
        (
            orders
                .call::<Proxy>("join", (&orders, "city", "lft"))
                .unwrap_err(),
            "how is \"lft\"; did you mean \"left\"?",
        ),
        (
            orders
                .call::<Proxy>("with_column", ("x", [1, 2]))
                .unwrap_err(),
            "column `x` has 2 cells, and the table has 7 rows",
        ),
        (
            orders.call::<Value>("column", ("city",)).unwrap_err(),
            "column `city` is of type text, not of numbers",
        ),
        (
            orders.get_item::<Value>(7).unwrap_err(),
            "there is no row 7; the table has 7 rows",
        ),
        (
            orders
                .call::<Proxy>("rename", args!(city = "note"))
                .unwrap_err(),
            "the column `note` is there twice",
        ),
        (
            orders.call::<()>("save", ("orders.xls",)).unwrap_err(),
            "\"orders.xls\" does not say what to write",
        ),
        (
            plugin
                .tables
                .call::<Proxy>("open", ("data/nowhere.csv",))
                .unwrap_err(),
            "\"data/nowhere.csv\" can not be read: ",
        ),
        (
            plugin.tables.call::<Proxy>("table", ([1],)).unwrap_err(),
            "row 0 is of type int; expected a dict",
        ),
    ] {
        assert!(error.message().starts_with(told), "{error}\n{told}");
    }
    let error = plugin
        .tables
        .call::<Proxy>("open", ("data/nowhere.csv",))
        .unwrap_err();
    assert!(
        error.message().contains("--allow-dir data=./data:ro"),
        "{error}"
    );
}

#[test]
fn an_error_of_a_callback_comes_through() {
    let plugin = plugin();
    let orders = plugin.csv(ORDERS);
    let fails = callback(|_: Map| -> locum_guest::Result<bool> {
        Err(locum_guest::Error::raise("OutOfPaper", "tray 2"))
    });
    let error = orders.call::<Proxy>("filter", (&fails,)).unwrap_err();
    assert_eq!(
        (error.type_name(), error.message()),
        ("OutOfPaper", "tray 2")
    );
}

#[test]
fn a_table_can_be_asked_while_it_is_filtered() {
    let plugin = plugin();
    let orders = plugin.csv(ORDERS);
    let same = orders.clone();
    let test = callback(move |row: Map| -> locum_guest::Result<bool> {
        let amounts: Vec<Option<f64>> = super::cells(&same, "amount");
        let most = amounts.into_iter().flatten().fold(0.0, f64::max);
        Ok(row.get(&"amount".into()) == Some(&most.into()))
    });
    let found: Proxy = orders.call("filter", (test,)).unwrap();
    assert_eq!(super::cells::<i64>(&found, "order"), [1004]);
}
