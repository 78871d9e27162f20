//! What exists only outside the browser: scenario files and the command line.
//!
//! Nothing in the core knows of this module. It reads files, prints, and calls the same [`crate::sim::Simulation`] that the
//! page runs.

pub mod actions;
pub mod arguments;
pub mod bookmark;
pub mod document;
pub mod embed;
pub mod expect;
pub mod json;
mod lessons;
pub mod listing;
pub mod outcome;
mod presentation;
mod reader;
pub mod rehearsal;
pub mod report;
#[cfg(not(target_arch = "wasm32"))]
pub mod run;
pub mod schema;
pub mod share;
pub mod sweep;
pub mod trial;
