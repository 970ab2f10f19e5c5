//! The plugin as its host sees it. What is expected was worked out by Python's csv and statistics modules.

mod malformed;
mod queries;
mod reading;
mod round_trip;
mod shown;

use locum_guest::{Connected, Error, Proxy, Value, connect};

use crate::LocumPlugin;

/// Orders as a shop's program exports them: with a byte order mark, CR LF, quotes, a line break in a cell and empty cells.
pub(crate) const ORDERS: &str = concat!(
    "\u{feff}order,date,city,customer,amount,items,express,note\r\n",
    "1001,2024-01-03,Oslo,\"Müller, Anna\",129.90,3,true,first order\r\n",
    "1002,2024-01-03,Bergen,\"O'Brien \"\"Ted\"\"\",15,1,false,\r\n",
    "1003,2024-01-05,Oslo,Łukasz Żak,,2,true,\"to be paid\nlater; see \"\"mail\"\"\"\r\n",
    "1004,2024-01-09,Tromsø,田中 太郎,1e3,10,false,bulk\r\n",
    "1005,2024-01-11,,\"Müller, Anna\",42.5,1,true,\r\n",
    "1006,2024-02-01,Bergen,=SUM(A1),7.25,,false,formula?\r\n",
    "1007,2024-02-02,Oslo,\"Müller, Anna\",88.00,2,true,express 🚚\r\n",
);

/// The plugin, and its module.
pub(crate) struct Plugin {
    _plugin: Connected,
    pub(crate) tables: Proxy,
}

pub(crate) fn plugin() -> Plugin {
    let plugin = connect::<LocumPlugin>();
    let tables = plugin.import("tables").unwrap();
    Plugin {
        _plugin: plugin,
        tables,
    }
}

impl Plugin {
    pub(crate) fn csv(&self, text: &str) -> Proxy {
        self.tables.call("read_csv", (text,)).unwrap()
    }

    /// The error of reading that CSV.
    pub(crate) fn refused(&self, text: &str) -> Error {
        self.tables.call::<Proxy>("read_csv", (text,)).unwrap_err()
    }
}

/// A column as a list, whatever it travels as.
pub(crate) fn cells<T: for<'de> locum_guest::Deserialize<'de>>(
    table: &Proxy,
    name: &str,
) -> Vec<T> {
    let value: Value = table.get_item(name).unwrap();
    locum_guest::from_value(&value).unwrap()
}
