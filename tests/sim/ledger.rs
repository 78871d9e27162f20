//! Invariant I10 after every single step, whatever people do to the cluster.
use crate::common::{SECOND, assert_sound, check, interventions, preset};
use second_leader::ledger::{FATES, Fate};
use second_leader::scenario::Scenario;
use second_leader::sim::Simulation;

/// Runs step by step and looks at the books after each.
fn audit(scenario: &Scenario, until: u64, name: &str) -> Simulation {
    let mut sim = Simulation::new(scenario);
    let mut most = 0;
    loop {
        let reached = sim.advance(until, 1);
        let ledger = sim.ledger();
        assert!(ledger.balances(), "{name}: at {} µs {ledger:?}", sim.now());
        let settled = [Fate::Processed, Fate::Lost, Fate::Dropped].map(|fate| ledger.count(fate)).iter().sum::<u64>();
        assert!(ledger.produced() >= most && settled <= ledger.produced(), "{name}");
        most = ledger.produced();
        assert_eq!(sim.stopped(), None, "{name}");
        if reached {
            break;
        }
    }
    assert_sound(&sim);
    let m = sim.metrics();
    let ledger = sim.ledger();
    assert_eq!(m.produced, ledger.produced(), "{name}");
    assert_eq!(m.processed, ledger.count(Fate::Processed), "{name}");
    assert_eq!(m.lost, ledger.count(Fate::Lost), "{name}");
    assert_eq!(m.dropped, ledger.count(Fate::Dropped), "{name}");
    assert!(m.failed_while_split <= m.produced_while_split && m.dlq_depth <= m.dlq_peak, "{name}");
    sim
}

#[test]
fn every_preset_balances_after_every_step() {
    for preset in second_leader::presets::PRESETS {
        audit(&check(preset.scenario()), 130 * SECOND, preset.id);
    }
}

#[test]
fn it_balances_whatever_people_do() {
    for seed in 0..30 {
        let id = ["the-incident", "more-brokers", "not-idempotent", "no-dead-letters"][seed as usize % 4];
        let scenario = preset(id, &[("seed", &seed.to_string()), ("retries", &(seed % 4).to_string())]);
        let scenario = check(Scenario { actions: interventions(seed, 120, 11, 10), ..scenario });
        audit(&scenario, 150 * SECOND, &format!("{id}, interventions {seed}"));
    }
}

#[test]
fn it_balances_with_extreme_values() {
    let extremes: &[&[(&str, &str)]] = &[
        &[("writeRate", "2000"), ("movedBrokers", "10"), ("dlqRate", "0")],
        &[("brokers", "1"), ("movedBrokers", "1"), ("partitions", "1")],
        &[("brokers", "3"), ("minInsync", "3"), ("movedBrokers", "1")],
        &[("replicationFactor", "1"), ("movedBrokers", "4"), ("ackLoss", "20")],
        &[("moveMode", "crash"), ("movedBrokers", "3"), ("sessionTimeout", "4")],
        &[("retries", "0"), ("backoff", "none"), ("dlqDrain", "after")],
        &[("retries", "10"), ("backoff", "jittered"), ("backoffMaxMs", "60000")],
        &[("netDelayMinMs", "0"), ("netDelayMaxMs", "0")],
        &[("netDelayMinMs", "300"), ("netDelayMaxMs", "900")],
        &[("oldNodes", "9"), ("newNodes", "50"), ("joinRate", "1200")],
        &[("oldNodes", "1"), ("newNodes", "2"), ("tickMs", "100"), ("initLimit", "1"), ("syncLimit", "1")],
    ];
    for values in extremes {
        audit(&crate::common::scenario(values), 40 * SECOND, &format!("{values:?}"));
    }
}

#[test]
fn the_states_are_those_that_are_published() {
    let mut names: Vec<&str> = FATES.iter().map(|(_, name)| *name).collect();
    names.sort_unstable();
    let wanted =
        ["committed", "deadLettered", "draining", "dropped", "inFlight", "lost", "processed", "retrying", "wrongSide"];
    assert_eq!(names, wanted);
}
