use locum_guest::plugin;

plugin! {
    mod numbers { ONE = 1 }
    mod numbers { TWO = 2 }
}

fn main() {}
