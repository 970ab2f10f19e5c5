//! Plugins that are kept going: started again when they die, replaced while they run.

mod arena;
mod hooks;
mod lives;
mod reload;
mod restart;
mod roots;
mod settings;
