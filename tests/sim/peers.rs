//! ZooKeeper by itself: leaders that die or hang, as recorded; votes repeated at the recorded times.
use crate::common::{MS, SECOND, advance, assert_sound, check, leads, read, scenario, serving_leaders};
use second_leader::scenario::{Command, Node, Scenario};
use second_leader::sim::Simulation;
use second_leader::view::{PeerPhase, Place};
use serde_json::Value;

/// Five hosts, no maintenance, and these actions.
fn five(seed: u32, actions: &[(u64, Command)]) -> Scenario {
    let seed = seed.to_string();
    let values = [("oldNodes", "5"), ("newNodes", "0"), ("heal", "none"), ("writeRate", "1"), ("seed", seed.as_str())];
    check(Scenario { actions: actions.to_vec(), ..scenario(&values) })
}

/// Advances in steps of a millisecond until `done`; returns when that was. Panics when it takes too long.
fn wait(sim: &mut Simulation, most: u64, what: &str, done: impl Fn(&Simulation) -> bool) -> u64 {
    let limit = sim.now() + most;
    while !done(sim) {
        assert!(sim.now() < limit, "{what} did not happen within {most} µs");
        let next = sim.now() + MS;
        advance(sim, next);
    }
    sim.now()
}

fn phase(sim: &Simulation, sid: u8) -> PeerPhase {
    sim.view().peers.iter().find(|peer| peer.sid == sid).expect("the host").phase
}

fn anybody_looks(sim: &Simulation) -> bool {
    sim.view().peers.iter().any(|peer| peer.phase == PeerPhase::Looking)
}

/// Smallest and largest value of a field over the recorded runs, in µs.
fn window(file: &str, field: &str) -> (u64, u64) {
    let json: Value = serde_json::from_str(&read(&format!("tests/recorded/{file}"))).expect("JSON");
    let runs = json["runs"].as_array().expect("runs").iter();
    let values: Vec<u64> = runs.filter_map(|run| run[field].as_u64()).map(|ms| ms * MS).collect();
    (*values.iter().min().expect("a value"), *values.iter().max().expect("a value"))
}

#[test]
fn when_the_leader_is_killed_another_serves_half_a_second_later() {
    let (least, most) = window("zk-02-leader-killed.json", "kill_to_broadcast_ms");
    for seed in 0..20 {
        let killed = 10 * SECOND + u64::from(seed) * 137 * MS;
        let mut sim = Simulation::new(&five(seed, &[(killed, Command::Stop(Node::Peer(5)))]));
        advance(&mut sim, killed);
        let served = wait(&mut sim, 2 * SECOND, "a new leader", |sim| serving_leaders(sim).iter().any(|&sid| sid != 5));
        let took = served - killed;
        // The recorded processes also pay for fsync and class loading; a third either way.
        assert!((least * 2 / 3..=most * 4 / 3).contains(&took), "seed {seed}: {took} µs, recorded {least}–{most}");
        assert_eq!(serving_leaders(&sim), [4], "seed {seed}: the highest zxid, then the highest sid");
        assert_sound(&sim);
    }
}

#[test]
fn a_killed_leader_that_comes_back_follows() {
    let actions = [(10 * SECOND, Command::Stop(Node::Peer(5))), (20 * SECOND, Command::Start(Node::Peer(5)))];
    let mut sim = Simulation::new(&five(7, &actions));
    advance(&mut sim, 25 * SECOND);
    assert_eq!(serving_leaders(&sim), [4]);
    let view = sim.view();
    let back = view.peers.iter().find(|peer| peer.sid == 5).expect("zk5");
    assert_eq!((back.phase, back.serving, back.leader), (PeerPhase::Following, true, Some(4)));
    assert_eq!(back.epoch, 2, "it takes the new epoch");
    assert_sound(&sim);
}

#[test]
fn when_the_leader_hangs_it_takes_nine_to_ten_seconds_to_notice() {
    for seed in 0..10 {
        let frozen = 10 * SECOND + u64::from(seed) * 311 * MS;
        let actions = [(frozen, Command::Freeze(Node::Peer(5))), (frozen + 15 * SECOND, Command::Thaw(Node::Peer(5)))];
        let mut sim = Simulation::new(&five(seed, &actions));
        advance(&mut sim, frozen);
        let noticed = wait(&mut sim, 12 * SECOND, "somebody looking", anybody_looks) - frozen;
        assert!(
            (9 * SECOND - 10 * MS..=10 * SECOND + 10 * MS).contains(&noticed),
            "seed {seed}: noticed after {noticed} µs"
        );
        let served = wait(&mut sim, 2 * SECOND, "a new leader", |sim| {
            sim.view().peers.iter().any(|peer| peer.sid != 5 && leads(peer))
        });
        assert!(served - frozen < 11 * SECOND, "seed {seed}: served after {} µs", served - frozen);
        assert_eq!(phase(&sim, 5), PeerPhase::Frozen);
        advance(&mut sim, frozen + 18 * SECOND);
        assert_eq!(serving_leaders(&sim), [4], "seed {seed}: the thawed leader steps down");
        assert_eq!(phase(&sim, 5), PeerPhase::Following, "seed {seed}");
        assert_sound(&sim);
    }
}

#[test]
fn a_leader_without_a_quorum_steps_down() {
    let stops = [1, 2, 3].map(|sid| (10 * SECOND, Command::Stop(Node::Peer(sid))));
    let mut sim = Simulation::new(&five(7, &stops));
    advance(&mut sim, 25 * SECOND);
    assert_eq!(serving_leaders(&sim), [0; 0], "two of five are no majority");
    assert_sound(&sim);
}

#[test]
fn an_ensemble_survives_two_of_five_and_gets_them_back() {
    let mut actions = vec![(10 * SECOND, Command::Stop(Node::Peer(1))), (11 * SECOND, Command::Freeze(Node::Peer(2)))];
    actions.extend([(30 * SECOND, Command::Start(Node::Peer(1))), (31 * SECOND, Command::Thaw(Node::Peer(2)))]);
    let mut sim = Simulation::new(&five(7, &actions));
    advance(&mut sim, 29 * SECOND);
    assert_eq!(serving_leaders(&sim), [5]);
    advance(&mut sim, 40 * SECOND);
    assert_eq!(serving_leaders(&sim), [5]);
    assert_eq!(sim.view().peers.iter().filter(|peer| peer.serving).count(), 5);
    assert_sound(&sim);
}

#[test]
fn a_host_that_hears_nobody_repeats_its_vote_at_the_recorded_times() {
    let json: Value = serde_json::from_str(&read("tests/recorded/zk-06-looking-backoff.json")).expect("JSON");
    let nominal: Vec<u64> =
        json["nominal_times_ms"].as_array().expect("times").iter().map(|ms| ms.as_u64().expect("ms") * MS).collect();
    // Four of five stop, so the fifth looks alone; votes to hosts that are down are sent all the same.
    let mut actions: Vec<_> = [1, 2, 3, 4].map(|sid| (5 * SECOND, Command::Stop(Node::Peer(sid)))).to_vec();
    actions.push((6 * SECOND, Command::Stop(Node::Peer(5))));
    actions.push((20 * SECOND, Command::Start(Node::Peer(5))));
    let mut sim = Simulation::new(&five(7, &actions));
    advance(&mut sim, 20 * SECOND - 1);
    let (mut sent, start) = (Vec::new(), 20 * SECOND);
    let until = start + 110 * SECOND;
    while sim.now() < until {
        let next = sim.now() + 50 * MS;
        advance(&mut sim, next);
        for flight in sim.flights() {
            if flight.kind == second_leader::view::FlightKind::Vote
                && flight.from == Place::Peer(5)
                && flight.sent >= start
            {
                sent.push(flight.sent);
            }
        }
        sent.sort_unstable();
        sent.dedup();
    }
    assert!(!sent.is_empty(), "it sends votes");
    let began = sent[0];
    assert!(began - start < SECOND, "it looks as soon as it starts");
    let repeated: Vec<u64> = sent[1..].iter().map(|at| at - began).collect();
    assert_eq!(repeated.len(), nominal.len(), "repeated at {repeated:?}, recorded {nominal:?}");
    for (found, wanted) in repeated.iter().zip(&nominal) {
        assert!(found.abs_diff(*wanted) <= 20 * MS, "repeated at {repeated:?}, recorded {nominal:?}");
    }
}
