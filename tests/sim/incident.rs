//! The incident, one sentence of it per test.
use crate::common::{
    MS, SECOND, advance, assert_binomial, assert_sound, preset, run, run_until, scenario, serving_leaders,
};
use second_leader::ledger::Fate;
use second_leader::metrics::Milestone;
use second_leader::sim::Simulation;

/// When a milestone came, µs.
fn at(sim: &Simulation, milestone: Milestone) -> Option<u64> {
    sim.milestones().iter().find(|(m, _)| *m == milestone).map(|(_, at)| *at)
}

fn seeded(id: &str, seed: u32) -> second_leader::scenario::Scenario {
    preset(id, &[("seed", &seed.to_string())])
}

#[test]
fn hosts_introduced_too_quickly_elect_a_second_leader() {
    for seed in 0..20 {
        let sim = run_until(&seeded("the-incident", seed), 59 * SECOND);
        assert_eq!(sim.verdict().outcome.name(), "split", "seed {seed}");
        assert_eq!(serving_leaders(&sim).len(), 2, "seed {seed}");
        let second = at(&sim, Milestone::SecondLeader).expect("a second leader");
        assert!((6 * SECOND..9 * SECOND).contains(&second), "seed {seed}: second leader at {second} µs");
    }
}

#[test]
fn the_same_hosts_introduced_slowly_join_the_leader_they_find() {
    for seed in 0..10 {
        let sim = run(&seeded("patient", seed));
        assert_eq!(sim.verdict().outcome.name(), "join", "seed {seed}");
        assert_eq!(at(&sim, Milestone::SecondLeader), None, "seed {seed}");
        assert_eq!(sim.metrics().failed, 0, "seed {seed}");
    }
}

#[test]
fn a_checklist_is_safe_at_any_rate() {
    for rate in ["1", "60", "480", "1200"] {
        for seed in ["1", "2", "3"] {
            let sim = run(&preset("checklist", &[("joinRate", rate), ("seed", seed)]));
            assert_eq!(at(&sim, Milestone::SecondLeader), None, "rate {rate} seed {seed}");
            assert_eq!(sim.metrics().failed_while_split, 0);
        }
    }
}

#[test]
fn a_broker_connects_to_the_second_cluster_and_elects_itself_controller() {
    let sim = run_until(&seeded("the-incident", 7), 30 * SECOND);
    let moved = at(&sim, Milestone::BrokerMoved).expect("a moved broker");
    let second = at(&sim, Milestone::SecondLeader).expect("a second leader");
    let controller = at(&sim, Milestone::SecondController).expect("a second controller");
    assert!(second <= moved && moved < controller, "{second} {moved} {controller}");
    let view = sim.view();
    assert_eq!(view.controllers, 2);
    let impostor = view.brokers.iter().find(|broker| broker.id == 10).expect("broker 10");
    assert_eq!((impostor.controller, impostor.topics, impostor.knows), (Some(1), 0, 1), "epoch 1, no topics, alone");
    assert_eq!(impostor.cluster, Some('B'));
}

#[test]
fn a_tenth_of_the_writes_fail() {
    let (mut failed, mut produced) = (0, 0);
    for seed in 0..20 {
        let m = run(&seeded("the-incident", seed)).metrics();
        assert_binomial(m.failed_while_split, m.produced_while_split, 0.1, &format!("seed {seed}"));
        failed += m.failed_while_split;
        produced += m.produced_while_split;
    }
    assert!(produced > 30_000, "only {produced} jobs while split");
    assert_binomial(failed, produced, 0.1, "twenty seeds");
}

#[test]
fn the_share_that_fails_is_the_share_of_brokers_that_moved() {
    for (brokers, share) in [("5", 0.2), ("20", 0.05)] {
        let m = run(&scenario(&[("brokers", brokers)])).metrics();
        assert_binomial(m.failed_while_split, m.produced_while_split, share, &format!("{brokers} brokers"));
    }
}

#[test]
fn no_job_is_lost_with_a_dead_letter_queue() {
    for seed in 0..20 {
        let mut sim = Simulation::new(&seeded("the-incident", seed));
        let minute_before = sim.end() - 60 * SECOND;
        advance(&mut sim, minute_before);
        let old = sim.metrics().produced;
        let end = sim.end();
        advance(&mut sim, end);
        assert_sound(&sim);
        let (m, ledger) = (sim.metrics(), *sim.ledger());
        assert!(m.dead_lettered > 100, "seed {seed}: {} dead letters", m.dead_lettered);
        assert_eq!((m.lost, m.dropped, m.dlq_depth, m.acknowledged_wrong_side), (0, 0, 0, 0), "seed {seed}");
        // Everything produced up to a minute before the end had exactly one effect: what is left is a second's worth.
        let unfinished = ledger.produced() - ledger.count(Fate::Processed);
        assert!(unfinished < 80, "seed {seed}: {unfinished} unfinished");
        assert!(ledger.count(Fate::Processed) >= old, "seed {seed}");
        assert_eq!(m.duplicate_effects, 0, "seed {seed}");
    }
}

#[test]
fn every_job_of_which_a_minute_has_passed_had_exactly_one_effect() {
    for seed in 0..5 {
        let mut sim = Simulation::new(&seeded("the-incident", seed));
        let (end, sids) = (sim.end(), sim.sids().to_vec());
        let (mut effects, mut line) = (std::collections::BTreeMap::new(), Vec::new());
        sim.advance_with(end, &mut |event| {
            line.clear();
            event.write_line(&sids, &mut line);
            let text = String::from_utf8_lossy(&line);
            let mut words = text.split(' ');
            let time = words.next().and_then(second_leader::params::parse_decimal).expect("a time");
            let what = words.nth(1).expect("an event");
            let job = words.find_map(|word| word.strip_prefix("job=")).map(str::to_string);
            match (what, job) {
                ("produced", Some(job)) if time as u64 <= end - 60 * SECOND => {
                    effects.insert(job, 0);
                }
                ("processed" | "duplicateEffect", Some(job)) => {
                    effects.entry(job).and_modify(|count| *count += 1);
                }
                _ => {}
            }
        });
        assert!(effects.len() > 9000, "seed {seed}: {} jobs", effects.len());
        let odd: Vec<_> = effects.iter().filter(|(_, count)| **count != 1).collect();
        assert!(odd.is_empty(), "seed {seed}: effects of jobs: {odd:?}");
    }
}

#[test]
fn the_backlog_drains_after_the_second_cluster_is_killed() {
    for seed in 0..20 {
        let sim = run(&seeded("the-incident", seed));
        let gone = at(&sim, Milestone::SecondClusterGone).expect("the second cluster goes");
        let empty = at(&sim, Milestone::DlqEmpty).expect("the queue empties");
        assert!((60 * SECOND..62 * SECOND).contains(&gone), "seed {seed}: gone at {gone}");
        assert!((95 * SECOND..140 * SECOND).contains(&empty), "seed {seed}: empty at {empty}");
        let peak = sim.metrics().dlq_peak;
        assert!((60..160).contains(&peak), "seed {seed}: peak {peak}");
        assert_eq!(serving_leaders(&sim).len(), 1, "seed {seed}");
        let joined = sim.view().peers.iter().filter(|peer| peer.serving).count();
        assert_eq!(joined, 11, "seed {seed}: the wiped hosts come back one by one");
    }
}

#[test]
fn without_a_dead_letter_queue_some_are_dropped() {
    for seed in 0..5 {
        let m = run(&seeded("no-dead-letters", seed)).metrics();
        assert!(m.dropped > 100, "seed {seed}: {} dropped", m.dropped);
        assert_eq!((m.dropped, m.dead_lettered, m.lost), (m.failed, 0, 0), "seed {seed}: what fails is dropped");
    }
}

#[test]
fn consumers_that_are_not_idempotent_do_work_twice() {
    for seed in ["1", "2", "3"] {
        let careless = run(&preset("not-idempotent", &[("seed", seed)])).metrics();
        assert!(careless.duplicate_effects > 50, "{} duplicates", careless.duplicate_effects);
        let careful = run(&preset("not-idempotent", &[("seed", seed), ("idempotentConsumer", "on")])).metrics();
        assert_eq!(careful.duplicate_effects, 0);
        assert!(careful.duplicates_skipped > 50, "{} skipped", careful.duplicates_skipped);
    }
}

#[test]
fn more_brokers_acknowledge_on_the_wrong_side_and_lose_exactly_those() {
    let (mut wrong, mut produced) = (0, 0);
    for seed in 0..10 {
        let mut sim = Simulation::new(&seeded("more-brokers", seed));
        advance(&mut sim, 59 * SECOND);
        let before = sim.metrics();
        assert_eq!(before.lost, 0, "seed {seed}: nothing is lost while the second cluster lives");
        // A record whose acknowledgement is still under way is already on the wrong side.
        let under_way = sim.ledger().count(Fate::WrongSide) - before.acknowledged_wrong_side;
        assert!(under_way < 5, "seed {seed}: {under_way}");
        assert!(before.divergent_offsets > 0, "seed {seed}");
        let end = sim.end();
        advance(&mut sim, end);
        assert_sound(&sim);
        let m = sim.metrics();
        assert_eq!(m.lost, m.acknowledged_wrong_side, "seed {seed}: exactly those");
        assert_eq!((m.dropped, sim.ledger().count(Fate::WrongSide)), (0, 0), "seed {seed}");
        wrong += m.acknowledged_wrong_side;
        produced += m.produced_while_split;
    }
    // Brokers move one a second and return one a second, so the share is a little below 3/10.
    let share = wrong as f64 / produced as f64;
    assert!((0.27..0.31).contains(&share), "{share} acknowledged on the wrong side");
}

#[test]
fn with_two_of_three_replicas_reachable_the_second_side_still_fails_them() {
    let m = run(&scenario(&[("movedBrokers", "2")])).metrics();
    assert_eq!(m.acknowledged_wrong_side, 0, "two brokers cannot hold three replicas");
    assert!(m.failed_while_split * 5 > m.produced_while_split, "at least the two brokers' share fails");
}

#[test]
fn it_does_not_heal_by_itself() {
    let sim = run(&scenario(&[("heal", "none")]));
    assert_eq!(serving_leaders(&sim).len(), 2);
    assert_eq!(at(&sim, Milestone::SecondClusterGone), None);
    assert_eq!(sim.view().controllers, 2);
}

#[test]
fn killing_a_second_cluster_that_is_not_there_changes_nothing() {
    let healed = run(&preset("patient", &[]));
    let untouched = run(&preset("patient", &[("heal", "none")]));
    assert_eq!(healed.verdict().leaders, untouched.verdict().leaders);
    assert_eq!(healed.metrics(), untouched.metrics());
}

#[test]
fn with_no_new_hosts_nothing_happens() {
    let sim = run(&scenario(&[("newNodes", "0"), ("ackLoss", "0")]));
    let m = sim.metrics();
    assert_eq!((m.failed, m.retried, m.dead_lettered, m.produced_while_split), (0, 0, 0, 0));
    assert_eq!(serving_leaders(&sim), [3]);
    assert!(m.p99 < 200 * MS, "p99 {} µs", m.p99);
}

#[test]
fn the_same_seed_gives_the_same_run_and_another_seed_another() {
    let hash = |seed| run(&seeded("the-incident", seed)).trace_hash();
    assert_eq!(hash(7), hash(7));
    assert_ne!(hash(7), hash(8));
}

#[test]
fn the_pace_at_which_a_run_is_looked_at_does_not_matter() {
    let scenario = seeded("the-incident", 7);
    let whole = run(&scenario);
    let mut steps = Simulation::new(&scenario);
    let mut now = 0;
    while now < whole.end() {
        now = whole.end().min(now + 16_667);
        advance(&mut steps, now);
        let _ = steps.view();
    }
    let mut traced = Simulation::new(&scenario);
    let mut lines = 0;
    traced.advance_with(whole.end(), &mut |_| lines += 1);
    assert!(lines > 1000);
    for sim in [&steps, &traced] {
        assert_eq!((sim.trace_hash(), sim.steps()), (whole.trace_hash(), whole.steps()));
        assert_eq!(sim.metrics(), whole.metrics());
    }
}
