//! Kafka's brokers: which cluster they enter, what they refuse, and how they slow clients down.
use crate::common::{SECOND, advance, assert_sound, count, preset, run, run_until, scenario, trace};
use second_leader::sim::Simulation;
use second_leader::view::BrokerPhase;

#[test]
fn with_the_cluster_id_guard_a_moved_broker_stays_down_and_nothing_fails() {
    let guarded = scenario(&[("clusterIdGuard", "on"), ("ackLoss", "0"), ("heal", "none")]);
    let text = trace(&guarded, 100 * SECOND);
    assert_eq!(count(&text, " broker10 inconsistentClusterId disk=A tree=B"), 1, "the event names both ids");
    assert_eq!(count(&text, "cluster=B"), 0, "nobody registers there");
    let sim = run_until(&guarded, 100 * SECOND);
    let view = sim.view();
    assert_eq!((view.leaders, view.controllers), (2, 1), "two ensembles, one controller");
    let broker = &view.brokers[9];
    assert_eq!((broker.phase, broker.controller), (BrokerPhase::Off, None));
    assert!(view.brokers.iter().flat_map(|b| &b.replicas).all(|r| !r.below_min), "one of three replicas is missing");
    assert_eq!(sim.metrics().failed, 0, "clients that draw it are refused and draw again, at no cost");
    assert_sound(&sim);
}

#[test]
fn the_guarded_broker_comes_home_when_the_second_cluster_is_killed() {
    let sim = run(&scenario(&[("clusterIdGuard", "on"), ("movedBrokers", "3")]));
    let view = sim.view();
    assert!(view.brokers.iter().all(|b| b.phase == BrokerPhase::Up && b.cluster == Some('A')));
    assert_eq!((sim.metrics().lost, sim.metrics().acknowledged_wrong_side), (0, 0));
}

#[test]
fn without_the_guard_it_enters_whatever_cluster_it_finds() {
    let text = trace(&preset("the-incident", &[]), 30 * SECOND);
    assert_eq!((count(&text, "inconsistentClusterId"), count(&text, "brokerRegistered cluster=B")), (0, 1));
}

#[test]
fn with_the_guard_too_few_live_replicas_fail_the_writes_of_their_partitions() {
    // With five brokers and two of them down, some partitions have one replica left.
    let values =
        [("clusterIdGuard", "on"), ("brokers", "5"), ("movedBrokers", "2"), ("heal", "none"), ("ackLoss", "0")];
    let mut sim = Simulation::new(&scenario(&values));
    advance(&mut sim, 100 * SECOND);
    let view = sim.view();
    let starving = |b: &&second_leader::view::BrokerView| b.replicas.iter().any(|r| r.leads && r.below_min);
    assert!(view.brokers.iter().filter(starving).count() > 0, "too few in sync somewhere");
    assert!(sim.metrics().failed > 0);
}
