# The counter, and what makes and watches it.
# src/counter_capnp.rs is generated from this, by `capnp compile -o rust:src counter.capnp`. That wants Cap'n Proto's
# compiler, and its plugin for Rust: `cargo install capnpc@0.27.0`.
@0x8b5a20f4e6e226af;

interface Factory {
  create @0 (depth :UInt32) -> (counter :Counter);
}

interface Counter {
  add @0 (by :Int64) -> (count :Int64);
  inner @1 () -> (counter :Counter);
  callBack @2 (listener :Listener, times :UInt32);
  size @3 (data :Data) -> (size :UInt64);
  echo @4 (data :Data) -> (data :Data);
}

interface Listener {
  tell @0 (n :Int64);
}
