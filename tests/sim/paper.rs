//! The incident as it was told, sentence by sentence: GitHub's report first, then the talk. Each test holds the sentence above
//! it. The sentences are told again in our words.
use crate::common::{SECOND, assert_binomial, preset, run, run_until, scenario};
use second_leader::event::{Actor, What};
use second_leader::ledger::Fate;
use second_leader::metrics::Milestone;
use second_leader::sim::Simulation;
use std::collections::BTreeMap;

/// The incident half way: a second leader, a second controller, failing writes.
fn half_way() -> Simulation {
    run_until(&preset("the-incident", &[]), 55 * SECOND)
}

fn at(sim: &Simulation, milestone: Milestone) -> u64 {
    sim.milestones().iter().find(|(m, _)| *m == milestone).map(|(_, at)| *at).expect("it happened")
}

/// Report: ZooKeeper nodes were being re-provisioned, as routine upgrades are, and were introduced too quickly.
#[test]
fn hosts_are_introduced_faster_than_they_can_join() {
    let sim = run_until(&preset("the-incident", &[]), 6 * SECOND - 1);
    let booting = sim.peers().iter().filter(|p| p.fresh && !p.is_up()).count();
    assert_eq!(booting, 8, "all are in the inventory before the first one is up");
}

/// Report: a second leader was elected, and with it a second, logically distinct cluster was there.
#[test]
fn a_second_leader_is_elected_and_a_second_cluster_is_there() {
    let view = half_way().view();
    let [a, b] = &view.ensembles[..] else { panic!("two ensembles") };
    assert!(a.serving && b.serving && a.members.iter().all(|sid| !b.members.contains(sid)));
    assert_eq!(a.members.len() + b.members.len(), 11);
}

/// Report: one Kafka broker of the cluster behind the job service connected to it and elected itself controller.
#[test]
fn one_broker_connects_to_it_and_elects_itself_controller() {
    let view = half_way().view();
    let controllers: Vec<u8> = view.brokers.iter().filter(|b| b.controller.is_some()).map(|b| b.id).collect();
    assert_eq!(controllers, [1, 10]);
    assert_eq!(view.brokers[9].ensemble, Some(1), "it obeys the second ensemble");
}

/// Report: two clusters now told clients contradictory things about the cluster's state.
#[test]
fn two_clusters_tell_clients_different_things() {
    let view = half_way().view();
    let says: Vec<(u32, u32)> = view.brokers.iter().map(|b| (b.knows, b.topics)).collect();
    assert_eq!(says[..9], [(9, 1); 9]);
    assert_eq!(says[9], (1, 0), "the moved one knows itself, and no topic");
}

/// Report: about a tenth of the writes to the job service failed.
#[test]
fn about_a_tenth_of_the_writes_fail() {
    let m = half_way().metrics();
    assert_binomial(m.failed_while_split, m.produced_while_split, 0.1, "writes that failed");
}

/// Report: it lasted two hours and thirty-two minutes.
#[test]
fn it_lasts_until_somebody_ends_it() {
    let long = scenario(&[("healAt", "9120"), ("writeRate", "4")]);
    let sim = run_until(&long, 9119 * SECOND);
    let m = sim.metrics();
    assert_eq!(sim.heads(), (2, 2), "after 2 h 32 min as after ten seconds");
    assert_binomial(m.failed_while_split, m.produced_while_split, 0.1, "writes that failed");
}

/// Report: traffic and workers were moved to a secondary job system.
#[test]
fn moving_the_traffic_to_a_secondary_system_ends_the_failures_not_the_split() {
    let sim = run_until(&scenario(&[("migrateAt", "30"), ("heal", "none")]), 200 * SECOND);
    let before = run_until(&scenario(&[("migrateAt", "30"), ("heal", "none")]), 32 * SECOND);
    assert_eq!(sim.heads(), (2, 2));
    assert_eq!(sim.metrics().failed, before.metrics().failed, "what is new does not fail");
    assert_eq!(sim.ledger().count(Fate::Processed), sim.metrics().produced);
}

/// Report: clients retried and queues were redundant, so jobs were late and none was lost.
#[test]
fn jobs_are_late_and_none_is_lost() {
    let sim = run(&preset("the-incident", &[]));
    let m = sim.metrics();
    assert!(m.dead_lettered > 100 && m.p99 > 10 * SECOND, "late");
    assert_eq!((m.lost, m.dropped, sim.ledger().count(Fate::Processed)), (0, 0, m.produced), "and all there");
}

/// Talk: Kafka needs ZooKeeper for four things: the controller, the membership, the topics, and ACLs with quotas.
#[test]
fn the_tree_holds_all_four_duties() {
    let sim = run_until(&scenario(&[("quota", "50"), ("acl", "deny")]), 20 * SECOND);
    let tree: BTreeMap<&str, String> = sim.tree(3).into_iter().collect();
    for path in ["/controller", "/brokers/ids", "/brokers/topics", "/config/clients", "/kafka-acl"] {
        assert!(tree.get(path).is_some_and(|value| value != "none"), "{path}: {:?}", tree.get(path));
    }
    let empty: BTreeMap<&str, String> = sim.tree(11).into_iter().collect();
    assert!(["/config/clients", "/kafka-acl", "/brokers/topics"].iter().all(|path| empty[path] == "none"));
}

/// Talk: each partition has a leader, and leaders and replicas are spread over the brokers.
#[test]
fn leaders_and_replicas_are_spread_over_the_brokers() {
    let view = run_until(&preset("patient", &[]), SECOND).view();
    assert!(view.brokers.iter().all(|b| b.leads == 2 && b.replicas.len() == 6), "20 leaders, 60 replicas, 10 brokers");
}

/// Talk: had more brokers joined the second cluster, the writes would have succeeded there and data would have diverged.
#[test]
fn had_more_brokers_joined_the_data_would_have_diverged() {
    let m = run_until(&preset("more-brokers", &[]), 55 * SECOND).metrics();
    assert!(m.acknowledged_wrong_side > 100 && m.divergent_offsets > 20);
}

/// Talk: by hand, one kills the second cluster, removes its nodes and repairs the entries.
#[test]
fn by_hand_the_second_cluster_is_killed_and_its_hosts_come_home() {
    let sim = run(&preset("the-incident", &[]));
    let view = sim.view();
    assert_eq!((view.leaders, view.controllers), (1, 1));
    assert!(view.peers.iter().all(|p| p.serving && !p.diverged) && view.brokers.iter().all(|b| b.knows == 10));
}

/// Talk: three retries with exponential back-off; then the dead-letter queue.
#[test]
fn three_retries_with_exponential_back_off_then_the_dead_letter_queue() {
    let mut attempts: BTreeMap<u32, Vec<u64>> = BTreeMap::new();
    let mut letters = Vec::new();
    Simulation::new(&preset("the-incident", &[])).advance_with(30 * SECOND, &mut |event| match event.what {
        What::AttemptFailed { job, by: 10, .. } => attempts.entry(job).or_default().push(event.at),
        What::DeadLettered { job, .. } => letters.push(job),
        _ => {}
    });
    assert!(letters.len() > 30);
    for job in letters.iter().filter_map(|job| attempts.get(job)) {
        let [a, b, c, d] = job[..] else { panic!("one attempt and three retries: {job:?}") };
        for (wait, nominal) in [(b - a, 100_000), (c - b, 200_000), (d - c, 400_000)] {
            assert!((nominal..nominal + 10_000).contains(&wait), "{wait} µs");
        }
    }
}

/// Talk: consumers must be idempotent, for the same job may come twice.
#[test]
fn consumers_must_be_idempotent() {
    let twice = run(&preset("not-idempotent", &[])).metrics();
    let once = run(&preset("not-idempotent", &[("idempotentConsumer", "on")])).metrics();
    assert!(twice.duplicate_effects > 50);
    assert_eq!(once.duplicate_effects, 0);
}

/// Talk: provisioning must be automated, and with jitter.
#[test]
fn automated_provisioning_with_jitter_makes_a_second_leader_rare() {
    let split = |jitter: &str| {
        let runs = (0..60u32).filter(|seed| {
            let values = [("joinJitter", jitter), ("seed", &seed.to_string()), ("heal", "none"), ("writeRate", "0.1")];
            run_until(&scenario(&values), 110 * SECOND).milestones().iter().any(|(m, _)| *m == Milestone::SecondLeader)
        });
        runs.count()
    };
    let (none, some, much) = (split("0"), split("9"), split("60"));
    assert_eq!(none, 60);
    assert!(none > some && some > much && much <= 6, "{none}, {some}, {much} of 60");
}

/// Talk: later versions do without ZooKeeper; the foundations stay.
#[test]
fn without_zookeeper_the_foundations_stay() {
    let mut elected = 0;
    let mut sim = Simulation::new(&preset("kraft", &[]));
    sim.advance_with(60 * SECOND, &mut |event| elected += u32::from(matches!(event.actor, Actor::Controller(_))));
    assert!(elected > 8, "voters, epochs and majorities, under other names");
    assert_eq!(sim.heads(), (1, 1));
    assert!(at(&sim, Milestone::MaintenanceStart) < 4 * SECOND);
}
