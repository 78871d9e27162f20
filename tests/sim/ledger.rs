//! Invariant I10 after every single step, whatever people do to the cluster.
use crate::common::{SECOND, assert_sound, check, preset};
use second_leader::ledger::{FATES, Fate};
use second_leader::scenario::{Command, Node, Scenario};
use second_leader::sim::Simulation;

/// A small generator, so that each seed is another sequence of interventions.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

/// Twenty interventions at random instants.
fn interventions(seed: u64) -> Vec<(u64, Command)> {
    let mut dice = Dice(seed.wrapping_add(1));
    let mut actions = Vec::new();
    for _ in 0..20 {
        let at = dice.roll(120_000) * 1000;
        let peer = Node::Peer(1 + dice.roll(11) as u8);
        let broker = 1 + dice.roll(10) as u8;
        actions.push((
            at,
            match dice.roll(11) {
                0 => Command::Stop(peer),
                1 => Command::Start(peer),
                2 => Command::Freeze(peer),
                3 => Command::Thaw(peer),
                4 => Command::Stop(Node::Broker(broker)),
                5 => Command::Start(Node::Broker(broker)),
                6 => Command::MoveBroker(broker),
                7 => Command::ReturnBroker(broker),
                8 => Command::KillSecondCluster,
                9 => Command::StartDrain,
                _ => Command::StopDrain,
            },
        ));
    }
    actions.sort_by_key(|(at, _)| *at);
    actions
}

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
        let scenario = check(Scenario { actions: interventions(seed), ..scenario });
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
