//! Random scenarios from a seed: whatever the values, a run ends, breaks no invariant and keeps its books. A failure names
//! its seed.
use crate::common::{Dice, SECOND, check, interventions};
use second_leader::params::{KEYS, Key, Kind, MILLION, Params};
use second_leader::scenario::Scenario;
use second_leader::sim::Simulation;

/// Values that would only make a test slow.
const CAPS: &[(Key, i64)] =
    &[(Key::WriteRate, 200 * MILLION), (Key::HealAt, 40 * MILLION), (Key::JoinJitter, 20 * MILLION)];

/// A random value of `key`: an end of its range, or anything in it, small ones as often as large ones.
fn value(key: Key, dice: &mut Dice) -> i64 {
    let p = key.param();
    let max = CAPS.iter().find(|(capped, _)| *capped == key).map_or(p.max, |(_, cap)| *cap);
    let span = (max - p.min) as u64;
    match (dice.roll(6), p.kind) {
        (0, _) => p.min,
        (1, _) => max,
        (_, Kind::Flag | Kind::Choice(_)) => p.min + dice.roll(span + 1) as i64,
        _ => {
            let small = span >> dice.roll(12);
            p.min + dice.roll(small.max(1) + 1).min(span) as i64
        }
    }
}

fn random_scenario(seed: u64) -> Scenario {
    let mut dice = Dice::new(seed);
    let mut params = Params::default();
    for &key in KEYS {
        if dice.roll(4) == 0 {
            params.set(key, value(key, &mut dice)).unwrap_or_else(|issue| panic!("seed {seed}: {issue}"));
        }
    }
    let (params, _) = params.effective_lenient();
    let mut scenario = Scenario::of(params);
    if dice.roll(2) == 0 {
        let (hosts, brokers) = (
            scenario.params.get(Key::OldNodes) + scenario.params.get(Key::NewNodes),
            scenario.params.get(Key::Brokers),
        );
        scenario.actions = interventions(seed, 60, hosts as u64, brokers as u64);
    }
    check(scenario)
}

#[test]
fn no_scenario_breaks_an_invariant() {
    for seed in 0..400 {
        let scenario = random_scenario(seed);
        let mut sim = Simulation::new(&scenario);
        while !sim.advance(70 * SECOND, 4096) && sim.stopped().is_none() {
            assert!(sim.ledger().balances(), "seed {seed}: {:?}", sim.ledger());
        }
        let _ = sim.view();
        for invariant in sim.invariants() {
            assert_eq!(invariant.broken_at, None, "seed {seed}: {} {}: {:?}", invariant.id, invariant.says, scenario);
        }
    }
}
