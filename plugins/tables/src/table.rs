//! `Table`: the object, and what its queries share.

use std::sync::Arc;

use locum_guest::fs::DirectoryProxy;
use locum_guest::{Array, Error, Items, Map, Result, Shared, Value, object};

use crate::cell::Cell;
use crate::column::Column;
use crate::grouped::Grouped;
use crate::names::{check_unique, flat, no_column, no_name};
use crate::{build, describe, files, filter, group, join, order, show, write};

/// Columns that have names and are equally long. It is never changed.
#[derive(Clone, Debug, Default)]
pub struct Table {
    pub(crate) names: Vec<String>,
    pub(crate) columns: Vec<Arc<Column>>,
    pub(crate) len: usize,
}

/// A table of columns, each of one type. Queries make new tables and leave this one as it is.
///
/// `t["age"]` is a column: an array where it is numbers without a null, else a list. `t[0]` is a row, a dict; `t[-1]` is the
/// last one; `t[10:20]` is a table of those rows. Iterating gives the rows.
#[object]
impl Table {
    /// A table of data: a list of dicts, one a row, or a dict of columns, each a list or an array. As the function `table`.
    #[constructor]
    fn new(data: Value) -> Result<Table> {
        build::data(data)
    }

    /// The names of the columns, in order.
    #[getter]
    fn columns(&self) -> Vec<String> {
        self.names.clone()
    }

    /// The type of each column: a dict of `int`, `float`, `bool`, `text` or `any`.
    #[getter]
    fn types(&self) -> Map {
        let types = self
            .each()
            .map(|(name, column)| (name.into(), column.type_name().into()));
        types.collect()
    }

    /// How many rows it has.
    fn __len__(&self) -> usize {
        self.len
    }

    /// A column by its name, a row by its number (from the end if negative), or a table of the rows of a slice.
    ///
    /// Errors: KeyError with the columns that there are; IndexError for a row that is not there.
    fn __getitem__(&self, key: Value) -> Result<Value> {
        match key {
            Value::Text(name) => Ok(self.named(&name)?.value()),
            Value::Int(index) => Ok(Value::Map(self.row(self.position(index)?))),
            Value::Slice(slice) => match slice.indices(self.len) {
                Some(rows) => Ok(self.take(&rows.collect::<Vec<usize>>()).into_value()),
                None => Err(Error::value("the step of a slice can not be zero")),
            },
            other => Err(Error::type_error(format!(
                "a table is indexed by the name of a column, the number of a row or a slice, not by {}",
                other.type_name()
            ))),
        }
    }

    /// Whether there is a column of that name.
    fn __contains__(&self, name: &str) -> bool {
        self.names.iter().any(|known| known == name)
    }

    /// The rows, as dicts; see `rows`.
    fn __iter__(&self) -> Items<Value> {
        self.rows()
    }

    /// The rows as dicts, one after the other. They are fetched many at a time, so a long table needs no room at the caller's.
    fn rows(&self) -> Items<Value> {
        let table = self.clone();
        Items::new((0..self.len).map(move |row| Value::Map(table.row(row))))
    }

    /// A column of numbers as an array of f64, with NaN for null.
    ///
    /// Errors: KeyError when there is no such column, TypeError when it is not of numbers.
    fn column(&self, name: &str) -> Result<Array<f64>> {
        let column = self.named(name)?;
        column.floats().map(Array::from_vec).ok_or_else(|| {
            Error::type_error(format!(
                "column `{name}` is of type {}, not of numbers; t[{name:?}] gives it as a list",
                column.type_name()
            ))
        })
    }

    /// A table of some columns, in the order in which they are named: `select("name", "age")`.
    fn select(&self, #[arg(rest)] names: Vec<Value>) -> Result<Table> {
        let names = flat(names)?;
        check_unique(&names)?;
        let columns = names
            .iter()
            .map(|name| self.shared(name))
            .collect::<Result<_>>()?;
        Ok(Table {
            names,
            columns,
            len: self.len,
        })
    }

    /// A table without some columns: `drop("notes")`.
    fn drop(&self, #[arg(rest)] names: Vec<Value>) -> Result<Table> {
        let names = flat(names)?;
        for name in &names {
            self.named(name)?;
        }
        let kept = self.names.iter().filter(|name| !names.contains(name));
        self.select(kept.map(|name| name.as_str().into()).collect())
    }

    /// A table in which columns have other names: `rename(old="new")`, or with a dict `rename({"old name": "new"})`.
    fn rename(&self, mapping: Option<Map>, #[arg(keywords)] named: Map) -> Result<Table> {
        let mut renamed = self.clone();
        for (old, new) in mapping.into_iter().flatten().chain(named) {
            match (old, new) {
                (Value::Text(old), Value::Text(new)) => renamed.names[self.place(&old)?] = new,
                (Value::Text(_), other) | (other, _) => return Err(no_name(&other)),
            }
        }
        check_unique(&renamed.names)?;
        Ok(renamed)
    }

    /// A table of the rows that pass a test. The tests that are given must all be passed:
    ///
    /// - by equality: `filter(city="Oslo", member=True)`; null equals null
    /// - by comparison: `filter("age", ">", 30)`, with `==`, `!=`, `<`, `<=`, `>`, `>=`, `in` and `not in` (a list),
    ///   `contains`, `startswith` and `endswith` (text). A null passes `==` and `!=` only.
    /// - by a callback, which is called with each row, a dict, and says whether the row stays: `filter(test)`
    ///
    /// Errors: KeyError for a column that is not there, TypeError for what can not be compared, with the row.
    fn filter(
        &self,
        column_or_test: Option<Value>,
        comparison: Option<String>,
        operand: Option<Value>,
        #[arg(keywords)] equal: Map,
    ) -> Result<Table> {
        let mut rows = filter::all_equal(self, equal)?;
        match (column_or_test, comparison) {
            (None, None) => {}
            (Some(Value::Text(name)), Some(comparison)) => {
                filter::compared(
                    self,
                    &mut rows,
                    &name,
                    &comparison,
                    &operand.unwrap_or_default(),
                )?;
            }
            (Some(Value::Object(test)), None) => filter::tested(self, &mut rows, &test)?,
            _ => {
                return Err(Error::type_error(
                    "filter takes name=value, a column with a comparison and a value (\"age\", \">\", 30), or a callback",
                ));
            }
        }
        Ok(self.take(&rows))
    }

    /// A table with one more column at the end, or with another in the place of the one of that name.
    ///
    /// - `values`: a list or an array with a cell for each row; a callback, which is called with each row, a dict, and gives
    ///   its cell; or one value for all rows
    ///
    /// Errors: ValueError when there are not as many cells as rows.
    fn with_column(&self, name: &str, values: Value) -> Result<Table> {
        let column = match values {
            Value::Object(callback) => {
                let cell = |row| callback.invoke::<Value>((self.row(row),));
                build::column((0..self.len).map(cell).collect::<Result<_>>()?)
            }
            values @ (Value::List(_) | Value::Array(_)) => {
                build::given(values)?.unwrap_or(Column::Any(Vec::new()))
            }
            value => build::column(vec![value; self.len]),
        };
        if column.len() != self.len {
            return Err(Error::value(format!(
                "column `{name}` has {} cells, and the table has {} rows",
                column.len(),
                self.len
            )));
        }
        let mut table = self.clone();
        match self.names.iter().position(|known| known == name) {
            Some(at) => table.columns[at] = Arc::new(column),
            None => {
                table.names.push(name.to_owned());
                table.columns.push(Arc::new(column));
            }
        }
        Ok(table)
    }

    /// A table whose rows are in the order of a column, or of several: the later ones decide where the earlier ones are equal.
    /// Rows that are equal in all of them stay in their order. Nulls are last, and NaN before them, whatever the direction.
    ///
    /// - `by`: the name of a column, or a list of names
    /// - `descending`: whether the greatest is first
    fn sort(&self, by: Value, #[arg(default = false)] descending: bool) -> Result<Table> {
        Ok(self.take(&order::sorted(self, &flat(vec![by])?, descending)?))
    }

    /// Puts rows together that are equal in a column, or in all of several; what is to be known of each group is asked of the
    /// result: `t.group("city").agg(total=("amount", "sum"))`.
    fn group(&self, #[arg(rest)] by: Vec<Value>) -> Result<Grouped> {
        Grouped::new(self.clone(), flat(by)?)
    }

    /// A table with a row for each group of rows that are equal in a column, in the order in which they first appear:
    /// `group_by("city", total=("amount", "sum"), n="count")`.
    ///
    /// - `by`: the name of a column, or a list of names
    /// - each keyword: the name of a column of the result, and what is in it: [column, function] or `"count"`, which counts
    ///   rows. Functions: `count` (of what is not null), `sum`, `mean`, `std`, `min`, `max`, `median`, `first`, `last`,
    ///   `unique` (how many different ones), `list`
    fn group_by(&self, by: Value, #[arg(keywords)] aggregates: Map) -> Result<Table> {
        group::aggregated(self, &flat(vec![by])?, aggregates)
    }

    /// A table of the rows of this one together with those of another one that are equal in some columns.
    ///
    /// - `on`: the name of a column that both have, a list of names, or a dict {here: there}
    /// - `how`: `inner` (rows that have a partner), `left` (all rows of this one), `right` (all of the other one) or `outer`
    ///   (all of both); where there is no partner, cells are null
    /// - `suffix`: what the name of a column of the other table gets when this one has that name too
    ///
    /// A null is equal to nothing. The rows are in the order of this table, those without a partner here at the end.
    fn join(
        &self,
        other: Shared<Table>,
        on: Value,
        #[arg(default = "inner")] how: &str,
        #[arg(default = "_right")] suffix: &str,
    ) -> Result<Table> {
        join::joined(self, &*other.borrow()?, on, how, suffix)
    }

    /// A table that describes each column in a row: its type, how many cells are there (`count`), `nulls` and different ones
    /// (`unique`); of numbers `mean`, `std` (of a sample), `min`, the quartiles `q25`, `median` and `q75`, and `max`; of other
    /// types the most frequent one (`top`) and how often it is there (`freq`).
    fn describe(&self) -> Table {
        describe::described(self)
    }

    /// A table of the first rows.
    fn head(&self, #[arg(default = 5)] rows: usize) -> Table {
        self.take(&(0..rows.min(self.len)).collect::<Vec<_>>())
    }

    /// A table of the last rows.
    fn tail(&self, #[arg(default = 5)] rows: usize) -> Table {
        self.take(&(self.len.saturating_sub(rows)..self.len).collect::<Vec<_>>())
    }

    /// The different cells of a column, in the order in which they first appear.
    fn unique(&self, name: &str) -> Result<Vec<Value>> {
        let column = self.named(name)?;
        let mut known = std::collections::HashSet::new();
        let news = column.cells().filter(|cell| known.insert(cell.key()));
        Ok(news.map(Cell::value).collect())
    }

    /// All rows, as a list of dicts.
    fn to_list(&self) -> Vec<Value> {
        (0..self.len).map(|row| Value::Map(self.row(row))).collect()
    }

    /// As CSV, with a header. A null is an empty cell.
    fn to_csv(&self, #[arg(default = ",")] delimiter: &str) -> Result<String> {
        write::csv(self, delimiter)
    }

    /// As JSON lines: an object for each row. NaN and infinity, which JSON lacks, are null.
    fn to_jsonl(&self) -> Result<String> {
        write::jsonl(self)
    }

    /// Writes it into a file: CSV (`.csv`), with tabs (`.tsv`), or JSON lines (`.jsonl`, `.ndjson`).
    ///
    /// - `path`: leads into a directory that the plugin was granted; with `directory`, it is relative to that
    /// - `directory`: a directory object of the host's
    fn save(&self, path: &str, directory: Option<DirectoryProxy>) -> Result<()> {
        let ending = path
            .rsplit_once('.')
            .map(|(_, ending)| ending.to_ascii_lowercase());
        let text = match ending.as_deref() {
            Some("csv") => write::csv(self, ",")?,
            Some("tsv") => write::csv(self, "\t")?,
            Some("jsonl" | "ndjson") => write::jsonl(self)?,
            _ => {
                return Err(Error::value(format!(
                    "{path:?} does not say what to write; let it end in .csv, .tsv, .jsonl or .ndjson"
                )));
            }
        };
        files::write(path, text, directory)
    }

    /// Its first and last rows, aligned, with its size.
    fn __str__(&self) -> String {
        show::table(self)
    }

    #[value]
    fn to_data(&self) -> Vec<Value> {
        self.to_list()
    }
}

impl Table {
    /// A table of columns that are equally long.
    pub(crate) fn of(columns: Vec<(String, Column)>, len: usize) -> Table {
        let (names, columns) = columns
            .into_iter()
            .map(|(name, column)| (name, Arc::new(column)))
            .unzip();
        Table {
            names,
            columns,
            len,
        }
    }

    pub(crate) fn into_value(self) -> Value {
        Value::Object(Shared::new(self).proxy())
    }

    pub(crate) fn each(&self) -> impl Iterator<Item = (&str, &Column)> {
        self.names
            .iter()
            .map(String::as_str)
            .zip(self.columns.iter().map(|column| &**column))
    }

    pub(crate) fn place(&self, name: &str) -> Result<usize> {
        let place = self.names.iter().position(|known| known == name);
        place.ok_or_else(|| no_column(name, self.names.iter().map(String::as_str)))
    }

    pub(crate) fn named(&self, name: &str) -> Result<&Column> {
        Ok(&self.columns[self.place(name)?])
    }

    fn shared(&self, name: &str) -> Result<Arc<Column>> {
        Ok(self.columns[self.place(name)?].clone())
    }

    pub(crate) fn row(&self, row: usize) -> Map {
        let cells = self
            .each()
            .map(|(name, column)| (name.into(), column.get(row).value()));
        Map::from_unique(cells.collect())
    }

    /// A table of some rows, in their order.
    pub(crate) fn take(&self, rows: &[usize]) -> Table {
        Table {
            names: self.names.clone(),
            columns: self
                .columns
                .iter()
                .map(|column| Arc::new(column.take(rows)))
                .collect(),
            len: rows.len(),
        }
    }

    fn position(&self, index: i128) -> Result<usize> {
        let len = self.len as i128;
        let at = if index < 0 { index + len } else { index };
        usize::try_from(at)
            .ok()
            .filter(|at| *at < self.len)
            .ok_or_else(|| {
                Error::index(format!("there is no row {index}; the table has {len} rows"))
            })
    }
}
