//! Second Leader.
#![forbid(unsafe_code)]

pub mod client;
pub mod ledger;
pub mod limits;
pub mod metrics;
pub mod params;
pub mod presets;
pub mod scenario;
pub mod sim;
pub mod view;
