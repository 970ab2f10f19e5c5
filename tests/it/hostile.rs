//! What a hostile plugin tries, by the numbers of the threats that `host/SECURITY.md` lists. After each attempt the other
//! plugins go on, and the memory that it took is back.

mod arena;
mod code;
mod crashes;
#[cfg(unix)]
mod directory;
mod handles;
mod messages;
mod names;
mod others;
mod promises;
mod room;
mod settings;
mod time;
mod world;
