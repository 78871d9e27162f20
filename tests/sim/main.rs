//! The native tests, in one binary. Each module says what it holds the simulation to.
#![cfg(not(target_arch = "wasm32"))]

mod access;
mod captions;
mod cli;
mod clients;
mod closed_form;
mod common;
mod docs;
mod fidelity;
mod fingerprint;
mod golden;
mod incident;
mod kafka;
mod ledger;
mod model_checking;
mod mutated_files;
mod network;
mod noticed;
mod params;
mod peers;
mod policies;
mod presets;
mod properties;
mod queues;
mod raft;
mod recorded;
mod recovery;
mod reference;
mod scenario_file;
mod settings;
mod swarm;
mod tidy;
mod twins;
mod work;
mod world;
