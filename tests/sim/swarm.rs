//! Random scenarios from a seed: whatever the values, a run ends, breaks no invariant and keeps its books. A failure names
//! its seed.
use crate::common::{Dice, SECOND, check, interventions};
use second_leader::params::{KEYS, Key, Kind, MILLION, Params, format_value};
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

/// What goes wrong in a scenario, if anything does.
fn trouble(scenario: &Scenario) -> Option<String> {
    let mut sim = Simulation::new(scenario);
    let (mut now, mut before) = (sim.now(), 0);
    while !sim.advance(70 * SECOND, 4096) && sim.stopped().is_none() {
        if !sim.ledger().balances() {
            return Some(format!("at {} µs {:?}", sim.now(), sim.ledger()));
        }
        if now == sim.now() && sim.steps() > before + 2_000_000 {
            return Some(format!("time stands still at {now} µs"));
        } else if now < sim.now() {
            (now, before) = (sim.now(), sim.steps());
        }
    }
    let _ = sim.view();
    let broken = sim.invariants().iter().find_map(|i| i.broken_at.map(|at| format!("{} at {at} µs: {}", i.id, i.says)));
    broken.or_else(|| sim.stopped().map(|why| format!("stopped: {why}")))
}

/// The values that differ from the defaults, as arguments of the command line.
fn described(scenario: &Scenario) -> String {
    let given = KEYS.iter().filter(|&&key| scenario.params.is_given(key));
    let values = given.map(|&key| format!("--{} {}", key.param().key, format_value(key, scenario.params.get(key))));
    format!("{} with {:?}", values.collect::<Vec<_>>().join(" "), scenario.actions)
}

#[test]
fn no_scenario_breaks_an_invariant() {
    let mut found = Vec::new();
    for seed in 0..400 {
        let scenario = random_scenario(seed);
        if let Some(what) = trouble(&scenario) {
            found.push(format!("seed {seed}: {what}\n  {}", described(&scenario)));
        }
    }
    assert!(found.is_empty(), "{} of 400:\n{}", found.len(), found.join("\n"));
}
