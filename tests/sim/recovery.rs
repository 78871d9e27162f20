//! Every recovery, with what it really costs. [recorded: zk-05-recovery.json]
use crate::common::{SECOND, advance, preset, run, run_until, scenario, serving_leaders};
use second_leader::event::{SyncMode, What};
use second_leader::ledger::Fate;
use second_leader::metrics::Milestone;
use second_leader::scenario::{Command, Node};
use second_leader::sim::Simulation;

fn reached(sim: &Simulation, milestone: Milestone) -> Option<u64> {
    sim.milestones().iter().find(|(m, _)| *m == milestone).map(|(_, at)| *at)
}

fn diverged(sim: &Simulation) -> Vec<u8> {
    sim.view().peers.iter().filter(|p| p.diverged).map(|p| p.sid).collect()
}

/// What a server's tree says at `path`.
fn node(sim: &Simulation, sid: u8, path: &str) -> String {
    sim.tree(sid).into_iter().find(|(p, _)| *p == path).map(|(_, value)| value).expect("a path of the tree")
}

#[test]
fn a_split_does_not_heal_by_itself() {
    // [recorded] 180 s, 36 samples, two leaders in all of them, no election message.
    let mut sim = run_until(&scenario(&[("heal", "none")]), 30 * SECOND);
    let looking = |sim: &Simulation| sim.view().peers.iter().filter(|p| !p.serving).count();
    for _ in 0..36 {
        let until = sim.now() + 5 * SECOND;
        advance(&mut sim, until);
        assert_eq!((serving_leaders(&sim), looking(&sim)), (vec![3, 11], 0));
    }
}

#[test]
fn hosts_that_were_killed_and_wiped_come_home_one_at_a_time() {
    let sim = run_until(&preset("the-incident", &[]), 75 * SECOND);
    assert_eq!(serving_leaders(&sim), [3]);
    assert!(sim.view().peers.iter().all(|p| p.serving), "all eleven follow");
    assert!(diverged(&sim).is_empty(), "and have the same tree");
}

#[test]
fn hosts_that_come_back_unwiped_follow_with_another_tree_and_nothing_tells() {
    // [recorded] DIFF and TRUNC compare zxids, never content: the rejoined host keeps what the old ensemble never had.
    let sim = run_until(&preset("the-incident", &[("wiped", "off")]), 90 * SECOND);
    assert_eq!(serving_leaders(&sim), [3]);
    assert!(sim.view().peers.iter().all(|p| p.serving), "everything looks healthy");
    assert_eq!(diverged(&sim), [4, 5, 6, 7, 8, 9, 10, 11], "and is not");
    assert_ne!(node(&sim, 4, "/brokers/ids"), node(&sim, 3, "/brokers/ids"));
}

#[test]
fn a_host_that_is_ahead_has_its_log_truncated_to_the_leaders_number() {
    // [recorded: unwiped_longer] More happens on the new side than on the old one: TRUNC, and the replay of its own log.
    let mut split = scenario(&[("wiped", "off")]);
    for i in 0..20 {
        let at = (12 + 2 * i) * SECOND;
        split.actions.push((at, Command::Stop(Node::Broker(10))));
        split.actions.push((at + SECOND, Command::Start(Node::Broker(10))));
    }
    let mut truncated = false;
    let mut sim = Simulation::new(&split);
    sim.advance_with(100 * SECOND, &mut |event| {
        truncated |= matches!(event.what, What::Synced { mode: SyncMode::Trunc, .. });
    });
    assert!(truncated, "the second cluster's zxid was higher");
    assert!(!diverged(&sim).is_empty());
}

#[test]
fn finishing_the_roll_out_leaves_one_leader_and_several_trees() {
    // [recorded: equal epochs] The old hosts follow the second leader one after the other; the old leader steps down.
    let mut sim = run_until(&scenario(&[("heal", "finishRollout")]), 75 * SECOND);
    assert_eq!(serving_leaders(&sim), [11]);
    assert_eq!(diverged(&sim), [1, 2, 3], "their trees are the beginning of their own logs");
    // The brokers' sessions are unknown there. They start anew, in the other cluster; the consumers follow them.
    let end = sim.end();
    advance(&mut sim, end);
    assert!(sim.view().brokers.iter().all(|b| b.cluster == Some('B')));
    assert_eq!(sim.ledger().count(Fate::Processed), sim.metrics().produced);
}

#[test]
fn with_a_higher_old_epoch_only_the_empty_cluster_serves() {
    // [recorded: old epoch 3] "Leaders epoch, 1 is less than accepted epoch, 3"; 17 s are spent on each.
    let sim = run(&scenario(&[("heal", "finishRollout"), ("oldEpoch", "3")]));
    assert_eq!(serving_leaders(&sim), [11]);
    let dark: Vec<u8> = sim.view().peers.iter().filter(|p| !p.serving).map(|p| p.sid).collect();
    assert_eq!(dark, [1, 2, 3]);
    assert!(sim.view().brokers.iter().filter(|b| b.cluster == Some('A')).count() == 9, "nobody can register anywhere");
    assert!(sim.metrics().dlq_depth > 100, "and the backlog grows");
}

#[test]
fn repointing_the_brokers_is_half_a_repair() {
    let sim = run(&scenario(&[("heal", "repoint")]));
    let view = sim.view();
    assert_eq!((view.leaders, view.controllers), (2, 1), "2 leaders, 1 controller");
    assert_eq!(node(&sim, 11, "/brokers/ids"), "none", "its entries are gone from the second tree");
    assert_eq!(sim.ledger().count(Fate::Processed), sim.metrics().produced, "the jobs come home all the same");
    assert!(reached(&sim, Milestone::DlqEmpty).is_some());
}

#[test]
fn the_automatic_heal_of_the_talk_also_loses_what_the_wrong_side_acknowledged() {
    let sim = run(&scenario(&[("heal", "auto"), ("movedBrokers", "3")]));
    assert_eq!(serving_leaders(&sim), [3]);
    assert!(sim.view().brokers.iter().all(|b| b.cluster == Some('A')), "their sessions expired, and they found home");
    let m = sim.metrics();
    assert!(m.lost > 100);
    assert_eq!(m.lost, m.acknowledged_wrong_side);
}

#[test]
fn a_client_that_has_seen_more_than_the_server_is_refused() {
    // [recorded] "Refusing session request for client … as it has seen zxid …"
    let mut refused = 0;
    let mut sim = Simulation::new(&scenario(&[("heal", "finishRollout")]));
    sim.advance_with(70 * SECOND, &mut |event| {
        refused += u32::from(matches!(event.what, What::SessionRefused { .. }));
    });
    assert!(refused > 9, "each of nine brokers asked at least twice: {refused}");
}
