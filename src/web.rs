//! The page's side: one stateful component, its stateless parts, a canvas, and the class that JavaScript holds.
//!
//! Nothing here computes a fact: it shows a [`crate::view::View`], laid out by [`crate::scene::Scene`] and worded by
//! [`crate::caption`].
#![allow(clippy::float_arithmetic)] // drawing and sliders; nothing here enters a run
#![allow(clippy::manual_clamp)] // f64::clamp prints its bounds when it panics: 12 kB gzip of float formatting

#[cfg(feature = "lab")]
pub mod api;
mod app;
mod charts;
mod controls;
mod dom;
mod fates;
mod handle;
mod inspect;
#[cfg(feature = "lab")]
pub mod lab;
mod options;
mod paint;
mod shared;
mod transport;

pub use handle::{Sandbox, check, mount, parameters};
pub use shared::Host;
