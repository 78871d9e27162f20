//! Second Leader: how a cluster came to have two leaders, simulated message by message.
//!
//! ZooKeeper hosts are added too quickly. Each is given the server list as it is when it boots, so they list each other;
//! each counts a majority *of its own list*; enough of them need nobody else, and elect a second leader. A Kafka broker
//! restarts, reaches the second ensemble, finds `/controller` free and takes it. Clients that ask this broker for metadata
//! are told of a cluster without topics: a tenth of the writes fail, are retried, and end in the dead-letter queue.
//!
//! **The contract.** A run is a [`scenario::Scenario`] and timed [`scenario::Command`]s, and nothing else. Time is an
//! argument, in whole microseconds; chance comes from one seed. The same input gives the same trace, byte for byte,
//! natively and in wasm. Nothing here reads a clock, touches a page, or panics on bad input: inputs are checked before
//! they enter ([`scenario::Scenario::check`], [`params::Params::set_text`]).
//!
//! The map: [`params`] and [`scenario`] come in; [`sim`] runs [`ensemble`] (ZooKeeper) or [`raft`] (KRaft), [`kafka`], [`client`] and
//! [`maintenance`]; [`event`] says what happened, [`view`] what is.
#![forbid(unsafe_code)]
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::float_arithmetic))]

pub mod agenda;
pub mod belief;
pub mod caption;
pub mod chart;
pub mod client;
pub mod compare;
#[cfg(feature = "checkpoints")]
pub mod decide;
pub mod describe;
pub mod detector;
pub mod ensemble;
pub mod event;
#[cfg(feature = "trace")]
pub mod export;
pub mod facts;
pub mod invariant;
pub mod kafka;
pub mod ledger;
#[cfg(feature = "trace")]
pub mod lesson;
pub mod limits;
#[cfg(feature = "trace")]
pub mod log;
pub mod maintenance;
pub mod markup;
pub mod message;
pub mod metrics;
#[cfg(any(all(not(target_arch = "wasm32"), feature = "trace"), feature = "lab", feature = "core"))]
pub mod native;
pub mod order;
pub mod panels;
pub mod params;
pub mod picture;
pub mod player;
pub mod presets;
pub mod provenance;
pub mod quorum_sets;
pub mod raft;
pub mod recording;
pub mod report;
pub mod rng;
pub mod scenario;
pub mod scene;
pub mod sim;
#[cfg(feature = "trace")]
pub mod spacetime;
pub mod stage;
pub mod sweep;
pub mod trees;
pub mod view;
#[cfg(all(target_arch = "wasm32", not(feature = "core")))]
pub mod web;
#[cfg(feature = "trace")]
pub mod why;
pub mod words;
