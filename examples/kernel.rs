//! The simulation alone, for `make bench`: built for wasm32 and timed in a real browser beside the native build.
#![forbid(unsafe_code)]
#![cfg_attr(not(target_arch = "wasm32"), allow(unused))]

use second_leader::params::{Key, Params};
use second_leader::recording::Recording;
use second_leader::scenario::Scenario;

fn scenario(key: Key, value: &str) -> Scenario {
    let mut params = Params::default();
    let _ = params.set_text(key, value);
    Scenario::of(params)
}

/// Runs the default incident at 1000 jobs a second for this many simulated seconds; returns the number of events.
#[cfg(target_arch = "wasm32")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn kernel(seconds: u32) -> f64 {
    let mut sim = second_leader::sim::Simulation::new(&scenario(Key::WriteRate, "1000"));
    while !sim.advance(u64::from(seconds) * 1_000_000, 1 << 20) && sim.stopped().is_none() {}
    sim.steps() as f64
}

/// The longest run there is, recorded to its end.
#[cfg(target_arch = "wasm32")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub struct Past(Recording);

#[cfg(target_arch = "wasm32")]
#[wasm_bindgen::prelude::wasm_bindgen]
impl Past {
    /// Simulates it.
    #[wasm_bindgen(constructor)]
    #[allow(clippy::new_without_default)]
    pub fn new() -> Past {
        let mut recording = Recording::new(&scenario(Key::HealAt, "8880"));
        recording.run_to(recording.sim().end(), &mut || false);
        Past(recording)
    }

    /// Goes to this share of it, in millionths.
    pub fn seek(&mut self, share: u32) {
        let at = self.0.sim().end() / 1_000_000 * u64::from(share);
        self.0.seek(at, &mut || false);
    }

    /// One step back.
    pub fn back(&mut self) {
        self.0.step_back();
    }
}

fn main() {}
