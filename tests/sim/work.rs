//! What becomes of jobs after Kafka: handlers that fail, consumers that crash, a tray that is full or down, the migration.
use crate::common::{MS, SECOND, assert_binomial, assert_sound, count, run_until, scenario, trace};
use second_leader::ledger::Fate;
use second_leader::scenario::{Command, Scenario};
use second_leader::sim::Simulation;

const CALM: [(&str, &str); 2] = [("newNodes", "0"), ("ackLoss", "0")];

fn calm(more: &[(&str, &str)]) -> Scenario {
    scenario(&[&CALM[..], more].concat())
}

/// Runs step by step, looking at the books after each.
fn audit(scenario: &Scenario, until: u64) -> Simulation {
    let mut sim = Simulation::new(scenario);
    while !sim.advance(until, 1) {
        assert!(sim.ledger().balances(), "at {} µs {:?}", sim.now(), sim.ledger());
    }
    assert_sound(&sim);
    sim
}

#[test]
fn a_handler_that_fails_tries_again_as_often_as_a_producer() {
    let text = trace(&calm(&[("handlerFailure", "50"), ("retries", "2")]), 120 * SECOND);
    let done = count(&text, " consumer1 processed")
        + count(&text, " consumer2 processed")
        + count(&text, " consumer3 processed");
    let dead = count(&text, " deadLettered ");
    assert_binomial(dead, done + dead, 0.125, "three failures in a row");
    assert_eq!((count(&text, "attempt=4"), count(&text, " dropped")), (0, 0));
    let waits =
        run_until(&calm(&[("handlerFailure", "50"), ("retries", "2"), ("dlq", "off")]), 60 * SECOND).metrics().p99;
    assert!((300 * MS..330 * MS).contains(&waits), "{waits} µs: 100 + 200 ms of back-off");
}

#[test]
fn if_every_handler_fails_every_job_is_done_by_the_secondary_system() {
    let sim = audit(&calm(&[("handlerFailure", "100"), ("dlqRate", "1000")]), 60 * SECOND);
    let m = sim.metrics();
    assert!(m.dead_lettered > 2000 && m.failed == 0, "no producer failed, and yet {} dead letters", m.dead_lettered);
    assert!(m.processed + 80 > m.produced, "{} of {}: the rest is under way", m.processed, m.produced);
    assert_eq!((m.duplicate_effects, m.duplicates_skipped, m.dropped, m.lost), (0, 0, 0, 0));
    assert_eq!(sim.ledger().count(Fate::DeadLettered), 0, "in the books they are committed until they are done");
    assert!(sim.ledger().count(Fate::Committed) > 10);
}

#[test]
fn without_a_queue_a_job_whose_handler_fails_stays_undone_in_the_log() {
    let sim = audit(&calm(&[("handlerFailure", "100"), ("dlq", "off"), ("retries", "0")]), 60 * SECOND);
    let m = sim.metrics();
    assert_eq!((m.processed, m.dropped, m.lost), (0, 0, 0));
    assert!(sim.ledger().count(Fate::Committed) + 10 > m.produced);
}

/// Crashes consumer 1 at 33 s: three seconds after a commit.
fn crash(more: &[(&str, &str)]) -> Scenario {
    Scenario { actions: vec![(33 * SECOND, Command::CrashConsumer(0))], ..calm(more) }
}

#[test]
fn a_consumer_that_crashes_reads_again_what_it_had_not_committed() {
    let text = trace(&crash(&[("idempotentConsumer", "off")]), 60 * SECOND);
    let crashed = text.lines().find(|l| l.contains("consumerCrashed")).expect("a crash");
    let uncommitted: u64 = crashed.split(['=', ' ']).nth(4).and_then(|n| n.parse().ok()).expect("how many");
    // Seven of twenty partitions, forty jobs a second, three seconds since the commit at 30 s.
    assert!((20..70).contains(&uncommitted), "{uncommitted}");
    assert_eq!(count(&text, " consumer1 duplicateEffect"), uncommitted, "each has its effect again");
    assert_eq!(count(&text, "duplicateEffect"), uncommitted, "and nobody else's");
    let waited =
        text.lines().skip_while(|l| !l.contains("consumerCrashed")).filter(|l| l.contains(" consumer1 ")).nth(1);
    assert!(waited.is_some_and(|l| l.starts_with("34.000000") && l.contains("consumerRestarted")), "{waited:?}");
}

#[test]
fn an_idempotent_consumer_skips_what_it_reads_again_and_nothing_is_missed() {
    let sim = audit(&crash(&[]), 60 * SECOND);
    let m = sim.metrics();
    assert!(m.duplicates_skipped > 20 && m.duplicate_effects == 0);
    assert!(m.processed + 10 > m.produced, "what arrived meanwhile waited: {} of {}", m.processed, m.produced);
}

#[test]
fn a_consumer_that_is_down_cannot_crash_again_and_handlers_on_the_way_survive() {
    let again = [33_000, 33_500, 34_200].map(|ms| (ms * MS, Command::CrashConsumer(0)));
    let values = [("handlerFailure", "30"), ("idempotentConsumer", "off"), ("dlqRate", "1000")];
    let scenario = Scenario { actions: again.to_vec(), ..calm(&values) };
    assert_eq!(count(&trace(&scenario, 60 * SECOND), "consumerCrashed"), 2);
    let m = audit(&scenario, 60 * SECOND).metrics();
    assert!(m.processed + 60 > m.produced && m.duplicate_effects > 20);
}

#[test]
fn a_job_that_finds_the_tray_full_is_dropped() {
    let sim = audit(&scenario(&[("dlqCapacity", "20"), ("heal", "none"), ("dlqRate", "1")]), 100 * SECOND);
    let m = sim.metrics();
    assert_eq!((m.dlq_peak, m.lost), (20, 0));
    assert!(m.dropped > 100, "{}", m.dropped);
    let text = trace(&scenario(&[("dlqCapacity", "20"), ("heal", "none"), ("dlqRate", "1")]), 100 * SECOND);
    let away = count(&text, " dlq turnedAway");
    // With acknowledgements lost, a job in a hundred thousand was committed all the same.
    assert!(away >= m.dropped && away < m.dropped + 3, "{away} turned away, {} dropped", m.dropped);
}

#[test]
fn a_queue_without_a_limit_turns_nobody_away() {
    let text = trace(&scenario(&[("heal", "none"), ("dlqRate", "0")]), 100 * SECOND);
    assert_eq!(count(&text, "turnedAway"), 0);
}

#[test]
fn from_the_migration_on_new_jobs_bypass_kafka_and_none_fails() {
    let values = [("migrateAt", "30"), ("heal", "none"), ("dlqRate", "20")];
    let text = trace(&scenario(&values), 100 * SECOND);
    assert_eq!(count(&text, " operator migrated"), 1);
    let late = |what: &str| {
        let after = text.lines().skip_while(|l| !l.contains(" operator migrated"));
        after.skip_while(|l| !l.starts_with("33.")).filter(|l| l.contains(what)).count()
    };
    assert_eq!((late(" appended "), late(" failed "), late("attemptFailed")), (0, 0, 0));
    assert!(late(" acknowledged ") > 2000 && late(" dlq processed ") > 2000);
    let m = audit(&scenario(&values), 100 * SECOND).metrics();
    assert!(m.processed + 5 > m.produced && m.lost + m.dropped == 0, "{} of {}", m.processed, m.produced);
}
