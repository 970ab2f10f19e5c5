//! Tables as objects: a host holds a [`Table`], asks it, and gets tables.
//!
//! A table is columns, each a vector of one type (`column`); a query makes a new table, whose columns are those of the old
//! one where nothing changes. `table` is the object; `read` and `files` are the functions that make one, with `csv_text`,
//! `jsonl` and `infer` behind them, and `build` for data; `filter`, `group`, `join`, `order` and `describe` are the queries;
//! `write` and `show` turn a table into text.

// The objects.
mod grouped;
mod table;

// What they hold.
mod cell;
mod column;
mod names;

// How they are made.
mod build;
mod csv_text;
mod files;
mod infer;
mod jsonl;
mod read;

// What is asked of them.
mod aggregate;
mod describe;
mod filter;
mod group;
mod join;
mod order;

// What they look like.
mod show;
mod write;

#[cfg(test)]
mod tests;

pub use grouped::Grouped;
pub use table::Table;

use read::{open, read_csv, read_jsonl};

locum_guest::plugin! {
    /// Tables as live objects: read CSV and JSON lines, then filter, group, sort and join, over there.
    ///
    /// `read_csv(text)`, `read_jsonl(text)`, `open(path)` and `table(data)` make a `Table`. Its queries (`filter`, `sort`,
    /// `group_by`, `join` ..) give new tables and leave it as it is; the columns that a query does not change are shared.
    ///
    /// The types of columns are `int` (64 bits), `float`, `bool`, `text` and `any` (mixed and nested data); a cell of
    /// each may be null. In CSV a column has the first of these types that all of its cells have: an empty cell is null;
    /// `int` is digits with a sign perhaps, but without leading zeros; `float` is a decimal number, `NaN` or `inf`; `bool` is
    /// `true` or `false` in lower case, upper case or capitalised. Everything else is `text`: `007`, and whole numbers of more
    /// than 64 bits.
    mod tables { read_csv, read_jsonl, open, read::table, Table, Grouped }
}
