//! Settings that people change while everything runs.
use crate::common::{SECOND, advance, assert_binomial, assert_sound, run_until, scenario, since, trace};
use second_leader::metrics::Metrics;
use second_leader::params::{Key, parse_value};
use second_leader::scenario::{Command, SETTABLE, Scenario};
use second_leader::sim::Simulation;

fn setting(name: &str, text: &str) -> Command {
    let key = Key::find(name).unwrap_or_else(|| panic!("no parameter {name}"));
    Command::Set(key, parse_value(key, text).unwrap_or_else(|| panic!("{name} cannot be {text}")))
}

/// A calm cluster with these values, in which this is set at 30 s.
fn changed(values: &[(&str, &str)], sets: &[(&str, &str)]) -> Scenario {
    let calm = scenario(&[&[("newNodes", "0"), ("ackLoss", "0")], values].concat());
    Scenario { actions: sets.iter().map(|(name, text)| (30 * SECOND, setting(name, text))).collect(), ..calm }
}

/// What happened between 30 and 60 s.
fn after(scenario: &Scenario) -> Metrics {
    let (a, sim) = (run_until(scenario, 30 * SECOND - 1).metrics(), run_until(scenario, 60 * SECOND));
    assert_sound(&sim);
    let b = sim.metrics();
    Metrics {
        produced: b.produced - a.produced,
        retried: b.retried - a.retried,
        failed: b.failed - a.failed,
        dead_lettered: b.dead_lettered - a.dead_lettered,
        dropped: b.dropped - a.dropped,
        processed: b.processed - a.processed,
        duplicate_effects: b.duplicate_effects - a.duplicate_effects,
        duplicates_skipped: b.duplicates_skipped - a.duplicates_skipped,
        ..b
    }
}

#[test]
fn the_write_rate_changes_at_once_and_the_scenario_stays_as_it_was_given() {
    let faster = changed(&[("writeRate", "0.1")], &[("writeRate", "200")]);
    let produced = after(&faster).produced;
    assert!((5600..6400).contains(&produced), "{produced} in thirty seconds at 200 a second");
    let slower = changed(&[("writeRate", "200")], &[("writeRate", "0.1")]);
    assert!(after(&slower).produced < 15);
    let sim = run_until(&faster, 60 * SECOND);
    assert_eq!(sim.scenario().params, faster.params);
    assert!(trace(&faster, 60 * SECOND).contains("\n30.000000 operator set writeRate=200"));
}

#[test]
fn acknowledgements_begin_to_get_lost_and_producers_and_consumers_become_idempotent() {
    let loss = after(&changed(&[("idempotentConsumer", "off")], &[("ackLoss", "20")]));
    assert!(loss.duplicate_effects > 150 && loss.retried > 150, "{loss:?}");
    let memory = after(&changed(&[("idempotentConsumer", "off"), ("ackLoss", "10")], &[("idempotentConsumer", "on")]));
    // One that was on its way may still be there.
    assert!(memory.duplicate_effects <= 1 && memory.duplicates_skipped > 80, "{memory:?}");
    let numbered = after(&changed(&[("ackLoss", "10")], &[("idempotentProducer", "on")]));
    assert!(numbered.duplicates_skipped < 8 && numbered.retried > 80, "{numbered:?}");
}

#[test]
fn retries_and_back_off_change_for_the_next_failure() {
    let never = after(&changed(&[("ackLoss", "20")], &[("retries", "0")]));
    assert!(never.retried < 5 && never.failed > 150, "{never:?}");
    let more = after(&changed(&[("ackLoss", "20"), ("retries", "0")], &[("retries", "10"), ("backoff", "none")]));
    assert!(more.failed < 5 && more.retried > 200, "{more:?}");
    let slow = changed(
        &[("handlerFailure", "50")],
        &[("backoff", "constant"), ("backoffMs", "5000"), ("backoffMaxMs", "5000")],
    );
    assert!(run_until(&slow, 60 * SECOND).metrics().p99 > 10 * SECOND, "two waits of five seconds");
    let fails = after(&changed(&[("dlqRate", "1000")], &[("handlerFailure", "100"), ("retries", "0")]));
    assert!(fails.dead_lettered > 1100, "{fails:?}");
}

#[test]
fn a_queue_that_is_down_drops_what_comes_and_keeps_what_is_in_it() {
    let mut scenario = scenario(&[("heal", "none")]);
    scenario.actions = vec![(30 * SECOND, setting("dlq", "off")), (50 * SECOND, setting("dlq", "on"))];
    let mut sim = Simulation::new(&scenario);
    advance(&mut sim, 30 * SECOND - 1);
    let before = sim.metrics();
    assert!(before.dlq_depth > 20 && before.dropped == 0);
    advance(&mut sim, 50 * SECOND - 1);
    let down = sim.metrics();
    assert_eq!(
        (down.dlq_depth, down.dead_lettered),
        (before.dlq_depth, before.dead_lettered),
        "nothing in, nothing out"
    );
    assert!(down.dropped > 40, "{}", down.dropped);
    assert!(sim.view().tray.exists && !sim.view().tray.draining);
    advance(&mut sim, 70 * SECOND);
    let back = sim.metrics();
    assert!(back.dead_lettered > down.dead_lettered && back.dropped <= down.dropped + 2);
    assert!(since(&trace(&scenario, 70 * SECOND), 51).any(|l| l.contains(" dlq drained ")));
    assert_sound(&sim);
}

#[test]
fn the_drain_gets_faster_and_the_tray_smaller() {
    let fast = Scenario { actions: vec![(40 * SECOND, setting("dlqRate", "100"))], ..scenario(&[("heal", "none")]) };
    assert!(run_until(&fast, 60 * SECOND).metrics().dlq_depth < 5);
    let small = Scenario { actions: vec![(40 * SECOND, setting("dlqCapacity", "10"))], ..fast };
    assert!(run_until(&small, 60 * SECOND).metrics().dropped > 50);
}

#[test]
fn clients_become_strict() {
    let mut scenario = scenario(&[("heal", "none"), ("ackLoss", "0"), ("writeRate", "200")]);
    scenario.actions = vec![(30 * SECOND, setting("clientPolicy", "strict"))];
    let text = trace(&scenario, 90 * SECOND);
    let late = |what: &str| since(&text, 32).filter(|l| l.contains(what)).count() as u64;
    let (failed, acked) = (late(" failed job="), late(" acknowledged job="));
    assert_binomial(failed, failed + acked, 0.2, "pairs that disagree");
}

/// Features that meet in one run.
const MIXED: &[&[(&str, &str)]] = &[
    &[("movedBrokers", "3"), ("handlerFailure", "5")],
    &[("movedBrokers", "3"), ("idempotentProducer", "on"), ("clientLifetime", "5"), ("ackLoss", "10")],
    &[("movedBrokers", "4"), ("replicationFactor", "1"), ("clientPolicy", "strict"), ("idempotentProducer", "on")],
    &[("quota", "3"), ("acl", "deny"), ("dlqCapacity", "30"), ("moveMode", "crash")],
    &[("clusterIdGuard", "on"), ("movedBrokers", "9"), ("clientLifetime", "36000"), ("metadataMaxAge", "1")],
    &[("migrateAt", "40"), ("idempotentConsumer", "off"), ("handlerFailure", "60"), ("dlq", "off")],
    &[
        ("heal", "finishRollout"),
        ("movedBrokers", "3"),
        ("idempotentProducer", "on"),
        ("quota", "20"),
        ("ackLoss", "20"),
    ],
];

#[test]
fn whatever_can_be_set_can_be_set_at_any_time_and_consumers_may_crash() {
    for seed in 0..28u32 {
        let values = MIXED[seed as usize % MIXED.len()];
        let mut scenario = scenario(&[values, &[("seed", &seed.to_string())]].concat());
        let mut dice = crate::common::Dice::new(u64::from(seed));
        for i in 0..60 {
            let key = SETTABLE[dice.roll(SETTABLE.len() as u64) as usize];
            let p = key.param();
            let most = if key == Key::WriteRate { p.min + 200_000_000 } else { p.max };
            let value = p.min + dice.roll((most - p.min) as u64 + 1) as i64;
            scenario.actions.push((i * 2 * SECOND, Command::Set(key, value)));
            let consumer = Command::CrashConsumer(dice.roll(3) as u8);
            scenario.actions.push((i * 2 * SECOND + dice.roll(SECOND), consumer));
        }
        let scenario = crate::common::check(scenario);
        let mut sim = Simulation::new(&scenario);
        while !sim.advance(130 * SECOND, 20) {
            assert!(sim.ledger().balances(), "seed {seed} at {}", sim.now());
            assert_eq!(sim.stopped(), None);
        }
        assert_sound(&sim);
        assert_eq!(sim.metrics().produced, sim.ledger().produced());
    }
}

#[test]
fn every_feature_balances_after_every_step() {
    for values in MIXED {
        let mut sim = Simulation::new(&scenario(values));
        while !sim.advance(100 * SECOND, 1) {
            assert!(sim.ledger().balances(), "{values:?} at {}", sim.now());
        }
        assert_sound(&sim);
    }
}
