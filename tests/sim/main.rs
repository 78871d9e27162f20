//! The native tests, in one binary. Each module says what it holds the simulation to.
#![cfg(not(target_arch = "wasm32"))]

mod cli;
mod closed_form;
mod common;
mod fingerprint;
mod golden;
mod incident;
mod ledger;
mod model_checking;
mod mutated_files;
mod noticed;
mod params;
mod peers;
mod presets;
mod properties;
mod recorded;
mod reference;
mod scenario_file;
mod swarm;
mod tidy;
mod twins;
mod world;
