//! The simulation alone, for `make bench`: built for wasm32 and timed in a real browser beside the native build.
#![forbid(unsafe_code)]

/// Runs the default incident at 1000 jobs a second for this many simulated seconds; returns the number of events.
#[cfg(target_arch = "wasm32")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn kernel(seconds: u32) -> f64 {
    use second_leader::params::{Key, Params};
    let mut params = Params::default();
    let checked = params
        .set_text(Key::WriteRate, "1000")
        .map_err(|issue| vec![issue])
        .and_then(|()| second_leader::scenario::Scenario::of(params).check());
    let Ok(scenario) = checked else { return 0.0 };
    let mut sim = second_leader::sim::Simulation::new(&scenario);
    while !sim.advance(u64::from(seconds) * 1_000_000, 1 << 20) && sim.stopped().is_none() {}
    sim.steps() as f64
}

fn main() {}
