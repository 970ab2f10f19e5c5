use locum_guest::plugin;

plugin! {}

fn main() {}
