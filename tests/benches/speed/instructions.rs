//! Instructions instead of time: the same number whatever else the machine does. The bench runs itself under callgrind, twice,
//! and what the second run executes more is what its further rounds took.

use locum::Proxy;
use wasmtime::Result;

use crate::floor;
use crate::plugins::{Plugins, host};
use crate::starting::first_call;

/// Does one of the main paths so often, and nothing else: what is run under callgrind.
pub(crate) fn only(path: &str, rounds: u32) -> Result<()> {
    let plugins = Plugins::start()?;
    let counter = plugins.counter()?;
    let (_nodes, deep) = plugins.chain(4)?;
    match path {
        "call" => measured(rounds, &mut || {
            counter.call::<i64>("add", (1,)).expect("it counts");
        }),
        "floor" => measured(rounds, &mut floor::call()?),
        "callback" => {
            let waiting = plugins.first.import("samples.waiting")?;
            let echo = locum::callback(|n: i64| n);
            measured(1, &mut || {
                let _: i64 = waiting
                    .call("call_often", (&echo, rounds))
                    .expect("it calls");
            });
        }
        "path" => measured(rounds, &mut || {
            deep.call::<u64>("add", (1,)).expect("it counts");
        }),
        "create" => {
            let class: Proxy = plugins.first.import("samples")?.get("Counter")?;
            measured(rounds, &mut || {
                class.invoke::<Proxy>((1,)).expect("it is made");
            });
        }
        "start" => {
            let template = host()?.template(env!("PLUGIN_COLLECTIONS"))?;
            measured(rounds, &mut || {
                let plugin = template.start().expect("it starts");
                first_call(&plugin).expect("it answers");
            });
        }
        "load" => {
            let host = host()?;
            measured(rounds, &mut || {
                let plugin = host.load(env!("PLUGIN_COLLECTIONS")).expect("it loads");
                first_call(&plugin).expect("it answers");
            });
        }
        _ => panic!("there is no path `{path}`"),
    }
    Ok(())
}

/// What callgrind looks at.
#[inline(never)]
fn measured(rounds: u32, run: &mut dyn FnMut()) {
    for _ in 0..rounds {
        run();
    }
}
