//! Second Leader.
#![forbid(unsafe_code)]

pub mod caption;
pub mod client;
pub mod ledger;
pub mod limits;
pub mod metrics;
pub mod params;
pub mod player;
pub mod presets;
pub mod scenario;
pub mod scene;
pub mod sim;
pub mod view;
#[cfg(target_arch = "wasm32")]
pub mod web;
pub mod words;
