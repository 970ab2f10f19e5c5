//! `Grouped`: a table whose rows are in groups.

use locum_guest::{Map, Result, object};

use crate::group;
use crate::table::Table;

/// A table, and the columns whose equal cells make a group.
pub struct Grouped {
    table: Table,
    by: Vec<String>,
    groups: usize,
}

/// The rows of a table in groups; `group` of a table makes one.
#[object]
impl Grouped {
    /// A table with a row for each group: `agg(total=("amount", "sum"), n="count")`; see `Table.group_by`.
    fn agg(&self, #[arg(keywords)] aggregates: Map) -> Result<Table> {
        group::aggregated(&self.table, &self.by, aggregates)
    }

    /// A table with a row for each group, and how many rows that has.
    fn count(&self) -> Result<Table> {
        let count = Map::from_unique(vec![("count".into(), "count".into())]);
        group::aggregated(&self.table, &self.by, count)
    }

    /// How many groups there are.
    fn __len__(&self) -> usize {
        self.groups
    }

    /// `3 groups by city`.
    fn __str__(&self) -> String {
        let plural = if self.groups == 1 { "" } else { "s" };
        format!("{} group{plural} by {}", self.groups, self.by.join(", "))
    }
}

impl Grouped {
    pub(crate) fn new(table: Table, by: Vec<String>) -> Result<Grouped> {
        let groups = group::groups(&table, &by)?.len();
        Ok(Grouped { table, by, groups })
    }
}
