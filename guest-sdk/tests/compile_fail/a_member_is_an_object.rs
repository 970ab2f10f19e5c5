use locum_guest::plugin;

struct Counter(i64);

plugin! { mod counters { Counter } }

fn main() {
    Counter(1).0;
}
