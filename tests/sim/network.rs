//! Lost packets and cut links.
use crate::common::{SECOND, assert_sound, check, run, run_until, scenario, serving_leaders};
use second_leader::event::What;
use second_leader::scenario::{Command, Link, Node, Scenario};
use second_leader::sim::Simulation;

fn five(actions: Vec<(u64, Command)>) -> Scenario {
    let quiet = scenario(&[("oldNodes", "5"), ("newNodes", "0"), ("heal", "none"), ("movedBrokers", "0")]);
    check(Scenario { actions, ..quiet })
}

#[test]
fn an_isolated_leader_steps_down_and_the_others_elect_a_new_one() {
    let actions = vec![(10 * SECOND, Command::Isolate(Node::Peer(5))), (40 * SECOND, Command::Rejoin(Node::Peer(5)))];
    let sim = run_until(&five(actions.clone()), 24 * SECOND);
    assert_eq!(serving_leaders(&sim), [4], "within syncLimit and an election");
    let sim = run_until(&five(actions), 45 * SECOND);
    assert_eq!(serving_leaders(&sim), [4], "the old one follows when it is back");
    assert!(sim.view().peers.iter().all(|p| p.serving));
    assert_sound(&sim);
}

#[test]
fn a_minority_behind_a_cut_never_has_a_leader() {
    let cut = |a, b| (10 * SECOND, Command::CutLink(Link { from: Node::Peer(a), to: Node::Peer(b), both: true }));
    let mut actions = Vec::new();
    for minority in [4, 5] {
        actions.extend([1, 2, 3].map(|other| cut(minority, other)));
    }
    let sim = run_until(&five(actions), 60 * SECOND);
    assert_eq!(serving_leaders(&sim), [3]);
    let serving: Vec<u8> = sim.view().peers.iter().filter(|p| p.serving).map(|p| p.sid).collect();
    assert_eq!(serving, [1, 2, 3]);
}

#[test]
fn a_follower_that_hears_its_leader_but_is_not_heard_is_dropped_by_no_quorum_only() {
    // One way: zk1's answers do not arrive. The leader still has a quorum, and keeps serving.
    let cut = Command::CutLink(Link { from: Node::Peer(1), to: Node::Peer(5), both: false });
    let mend = Command::MendLink(Link { from: Node::Peer(1), to: Node::Peer(5), both: false });
    let sim = run(&five(vec![(10 * SECOND, cut), (60 * SECOND, mend)]));
    assert_eq!(serving_leaders(&sim), [5]);
    assert!(sim.view().peers.iter().all(|p| p.serving));
}

#[test]
fn producers_cut_off_from_a_broker_wait_for_the_request_timeout_and_lose_nothing() {
    let cut = Command::Isolate(Node::Broker(4));
    let actions = vec![(10 * SECOND, cut), (20 * SECOND, Command::Rejoin(Node::Broker(4)))];
    let sim = run(&five(actions));
    let m = sim.metrics();
    assert!(m.retried > 10, "what was sent to it timed out after 30 s");
    assert_eq!((m.lost, m.dropped, m.processed), (0, 0, m.produced));
}

#[test]
fn one_packet_in_a_hundred_lost_makes_things_slower_and_no_second_leader() {
    let sim = run(&scenario(&[("netLoss", "1"), ("newNodes", "0"), ("heal", "none")]));
    let clean = run(&scenario(&[("newNodes", "0"), ("heal", "none")]));
    assert_eq!(serving_leaders(&sim), [3]);
    assert!(sim.metrics().p99 > clean.metrics().p99 + 100_000, "a retransmission takes 200 ms");
    let m = sim.metrics();
    assert!(m.lost + m.dropped == 0 && m.produced - m.processed < 10, "the last few are on their way");
}

#[test]
fn nothing_at_all_gets_through_a_network_that_loses_everything() {
    let sim = run_until(&scenario(&[("netLoss", "100"), ("newNodes", "0"), ("heal", "none")]), 60 * SECOND);
    assert_eq!(serving_leaders(&sim), [] as [u8; 0], "the leader heard nobody for syncLimit");
    assert_eq!(sim.metrics().acknowledged, 0);
}

#[test]
fn the_incident_happens_on_a_bad_network_too() {
    let sim = run(&scenario(&[("netLoss", "2"), ("netDelayMaxMs", "20")]));
    assert_eq!(sim.verdict().outcome.name(), "split");
    assert_eq!((sim.metrics().lost, sim.metrics().dropped), (0, 0));
}

#[test]
fn a_replica_that_lags_for_thirty_seconds_leaves_the_isr_and_comes_back_when_it_catches_up() {
    for mode in ["zookeeper", "kraft"] {
        // Broker 4 reaches whoever controls it, and no other broker: nothing tells but the records it lacks.
        let mut cut = scenario(&[("mode", mode), ("newNodes", "0"), ("movedBrokers", "0"), ("heal", "none")]);
        for other in (1..=10).filter(|b| *b != 4) {
            let link = Link { from: Node::Broker(4), to: Node::Broker(other), both: true };
            // The controller must hear it: with ZooKeeper that is broker 1.
            if mode == "kraft" || other != 1 {
                cut.actions.extend([(10 * SECOND, Command::CutLink(link)), (70 * SECOND, Command::MendLink(link))]);
            }
        }
        let (mut shrunk, mut expanded) = (Vec::new(), Vec::new());
        let mut sim = Simulation::new(&check(cut));
        sim.advance_with(150 * SECOND, &mut |event| match event.what {
            What::IsrShrunk { .. } => shrunk.push(event.at / SECOND),
            What::IsrExpanded { .. } => expanded.push(event.at / SECOND),
            _ => {}
        });
        assert!(shrunk.len() > 3 && shrunk.iter().all(|at| (40..=70).contains(at)), "{mode}: shrunk at {shrunk:?} s");
        assert!(expanded.iter().all(|at| *at >= 70) && expanded.len() >= shrunk.len() / 2, "{mode}: {expanded:?} s");
        let view = sim.view();
        assert!(view.brokers.iter().all(|b| b.replicas.iter().all(|r| r.in_sync)), "{mode}: all are in sync again");
        assert_sound(&sim);
    }
}
