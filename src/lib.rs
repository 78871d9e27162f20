//! Second Leader.
#![forbid(unsafe_code)]

pub mod client;
pub mod ledger;
pub mod limits;
pub mod metrics;
#[cfg(not(target_arch = "wasm32"))]
pub mod native;
pub mod params;
pub mod presets;
pub mod scenario;
pub mod sim;
pub mod view;
