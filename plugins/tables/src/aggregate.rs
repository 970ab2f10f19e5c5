//! What can be said about several cells in one.

use std::collections::HashSet;

use locum_guest::{Error, Result, Value, ops};

use crate::cell::Cell;
use crate::column::Column;

/// A way to make one cell of several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Aggregate {
    Count,
    Sum,
    Mean,
    Std,
    Min,
    Max,
    Median,
    First,
    Last,
    Unique,
    List,
}

impl Aggregate {
    const NAMES: [(&str, Aggregate); 11] = [
        ("count", Aggregate::Count),
        ("sum", Aggregate::Sum),
        ("mean", Aggregate::Mean),
        ("std", Aggregate::Std),
        ("min", Aggregate::Min),
        ("max", Aggregate::Max),
        ("median", Aggregate::Median),
        ("first", Aggregate::First),
        ("last", Aggregate::Last),
        ("unique", Aggregate::Unique),
        ("list", Aggregate::List),
    ];

    pub(crate) fn read(name: &str) -> Result<Aggregate> {
        let known = Aggregate::NAMES.iter().find(|(known, _)| *known == name);
        known.map(|(_, aggregate)| *aggregate).ok_or_else(|| {
            let names = Aggregate::NAMES.map(|(name, _)| name);
            let advice = match ops::closest(name, names) {
                Some(name) => format!("did you mean \"{name}\"?"),
                None => format!("there are {}", names.join(", ")),
            };
            Error::value(format!("{name:?} is no function of groups; {advice}"))
        })
    }

    fn name(self) -> &'static str {
        let known = Aggregate::NAMES.iter().find(|(_, it)| *it == self);
        known.map_or("", |(name, _)| *name)
    }

    /// An error says why a column has none of it; `name` is that of the column.
    pub(crate) fn check(self, name: &str, column: &Column) -> Result<()> {
        let of_numbers = matches!(
            self,
            Aggregate::Sum | Aggregate::Mean | Aggregate::Std | Aggregate::Median
        );
        // A truth value counts as 0 or 1, so that sums and means count those that are true.
        if of_numbers && !column.is_numeric() && !matches!(column, Column::Bool(_)) {
            let function = self.name();
            return Err(Error::type_error(format!(
                "`{function}` needs numbers, and column `{name}` is of type {}",
                column.type_name()
            )));
        }
        Ok(())
    }

    /// What it gives for some rows of a column; nulls are passed over.
    pub(crate) fn of(self, column: &Column, rows: &[usize]) -> Result<Value> {
        let cells = || {
            rows.iter()
                .map(|row| column.get(*row))
                .filter(|cell| !cell.is_null())
        };
        let numbers = || {
            cells().filter_map(|cell| match cell {
                Cell::Bool(it) => Some(f64::from(u8::from(it))),
                cell => cell.number(),
            })
        };
        Ok(match self {
            Aggregate::Count => Value::Int(cells().count() as i128),
            Aggregate::Sum => match column {
                Column::Float(_) => Value::Float(numbers().sum()),
                Column::Int(_) => Value::Int(cells().map(whole).sum()),
                _ => Value::Int(
                    cells()
                        .filter(|cell| matches!(cell, Cell::Bool(true)))
                        .count() as i128,
                ),
            },
            Aggregate::Mean => float(mean(numbers())),
            Aggregate::Std => float(std(&numbers().collect::<Vec<_>>())),
            Aggregate::Median => {
                let mut sorted: Vec<f64> = numbers().collect();
                sorted.sort_unstable_by(f64::total_cmp);
                float(quantile(&sorted, 0.5))
            }
            Aggregate::Min | Aggregate::Max => {
                let mut best: Option<Cell<'_>> = None;
                for cell in cells() {
                    let is_better = match best {
                        None => true,
                        Some(best) => cell.compared(best)?.is_some_and(|order| match self {
                            Aggregate::Min => order.is_lt(),
                            _ => order.is_gt(),
                        }),
                    };
                    if is_better {
                        best = Some(cell);
                    }
                }
                best.map_or(Value::Null, Cell::value)
            }
            Aggregate::First => cells().next().map_or(Value::Null, Cell::value),
            Aggregate::Last => cells().next_back().map_or(Value::Null, Cell::value),
            Aggregate::Unique => {
                Value::Int(cells().map(Cell::key).collect::<HashSet<_>>().len() as i128)
            }
            Aggregate::List => Value::List(cells().map(Cell::value).collect()),
        })
    }
}

fn whole(cell: Cell<'_>) -> i128 {
    match cell {
        Cell::Int(it) => it.into(),
        _ => 0,
    }
}

fn float(number: Option<f64>) -> Value {
    number.map_or(Value::Null, Value::Float)
}

pub(crate) fn mean(numbers: impl Iterator<Item = f64>) -> Option<f64> {
    let (mut sum, mut count) = (0.0, 0_u64);
    for number in numbers {
        sum += number;
        count += 1;
    }
    (count > 0).then(|| sum / count as f64)
}

/// The standard deviation of a sample; `None` of fewer than two.
pub(crate) fn std(numbers: &[f64]) -> Option<f64> {
    let mean = mean(numbers.iter().copied())?;
    let squares: f64 = numbers.iter().map(|number| (number - mean).powi(2)).sum();
    (numbers.len() > 1).then(|| (squares / (numbers.len() - 1) as f64).sqrt())
}

/// The number below which a part of all lies, between two of them if need be.
pub(crate) fn quantile(sorted: &[f64], part: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let place = part * last as f64;
    let (low, high) = (
        sorted[place.floor() as usize],
        sorted[place.ceil() as usize],
    );
    // Where both are the same one, which may be infinite.
    Some(if low == high {
        low
    } else {
        low + (high - low) * place.fract()
    })
}
