//! Rules that no other test noticed when mutation testing broke them. See docs/MUTATIONS.md.
use crate::common::{MS, SECOND, assert_sound, preset, run_until, scenario};
use second_leader::ensemble::membership::Members;
use second_leader::ensemble::vote::{Ballot, Vote};
use second_leader::ensemble::{ANSWER_PAUSE, Peer, PeerState, Power, Timing};
use second_leader::event::What;
use second_leader::ledger::Fate;
use second_leader::message::{Due, PeerMsg};
use second_leader::scenario::{Command, Node, Scenario};
use second_leader::sim::Simulation;
use second_leader::sim::outbox::Outbox;
use std::collections::BTreeSet;

/// Everything that happens until `until`, with its time.
fn events(scenario: &Scenario, until: u64) -> (Simulation, Vec<(u64, What)>) {
    let mut sim = Simulation::new(scenario);
    let mut seen = Vec::new();
    sim.advance_with(until, &mut |event| seen.push((event.at, event.what)));
    assert_sound(&sim);
    (sim, seen)
}

#[test]
fn a_killed_brokers_session_expires_after_its_timeout_the_first_time_and_the_next() {
    let (killed, back, again) = (10 * SECOND, 40 * SECOND, 60 * SECOND);
    let broker = Node::Broker(4);
    let actions = vec![(killed, Command::Stop(broker)), (back, Command::Start(broker)), (again, Command::Stop(broker))];
    let values = [("newNodes", "0"), ("heal", "none"), ("writeRate", "1"), ("sessionTimeout", "12")];
    let (_, seen) = events(&Scenario { actions, ..scenario(&values) }, 100 * SECOND);
    let expired: Vec<(u64, u8)> = seen
        .iter()
        .filter_map(|(at, what)| match what {
            What::SessionExpired { broker, .. } => Some((*at, *broker)),
            _ => None,
        })
        .collect();
    assert_eq!(expired.iter().map(|(_, broker)| *broker).collect::<Vec<_>>(), [4, 4], "{expired:?}");
    for ((at, _), killed) in expired.into_iter().zip([killed, again]) {
        // The last heartbeat was at most a third of the timeout before; expiry is rounded up to a tick and seen at one.
        let after = at - killed;
        assert!(
            (8 * SECOND..=12 * SECOND + 4 * SECOND).contains(&after),
            "expired {after} µs after the broker was killed"
        );
    }
}

#[test]
fn a_job_that_was_committed_is_never_reported_as_dropped() {
    let values =
        [("newNodes", "0"), ("heal", "none"), ("retries", "0"), ("dlq", "off"), ("ackLoss", "20"), ("writeRate", "40")];
    let (sim, seen) = events(&scenario(&values), 20 * SECOND);
    let failed = seen.iter().filter(|(_, what)| matches!(what, What::Failed { .. })).count();
    let dropped = seen.iter().filter(|(_, what)| matches!(what, What::Dropped { .. })).count();
    assert!(failed > 50, "acknowledgements are lost: {failed}");
    assert_eq!(
        (dropped, sim.ledger().count(Fate::Dropped)),
        (0, 0),
        "what is committed is not lost with its acknowledgement"
    );
}

/// A host that is up, with this list and no leader.
fn host(list: u64) -> Peer {
    let timing = Timing { tick: 2 * SECOND, init: 20 * SECOND, sync: 10 * SECOND, session: 18 * SECOND };
    let mut peer = Peer::new(0, 1, true, 5, timing);
    (peer.power, peer.list) = (Power::Up, Members(list));
    peer
}

/// The votes that a handler sent to host 1.
fn votes(out: &mut Outbox, now: u64, act: impl FnOnce(&mut Outbox)) -> usize {
    out.interrupt(now);
    act(out);
    let mut sent = 0;
    while let Some(due) = out.begin() {
        sent += usize::from(matches!(due, Due::Peer { to: 1, msg: PeerMsg::Notification { .. }, .. }));
    }
    sent
}

#[test]
fn the_same_question_gets_the_same_answer_once_in_a_tenth_of_a_second() {
    let mut out = Outbox::new(1, Box::new([1, 2, 3, 4, 5]), 0, (1, 1));
    let mut peer = host(0b001);
    let vote = Vote { peer_epoch: 0, zxid: 0, leader: Some(1) };
    let question = Ballot { vote, round: 1, state: PeerState::Looking };
    let other = Ballot { round: 2, ..question };
    let start = 5 * SECOND;
    let mut asked = |at: u64, ballot: Ballot| votes(&mut out, at, |out| peer.on_notification(1, ballot, out));
    assert_eq!(asked(start, question), 1, "a stranger is answered");
    assert_eq!(asked(start + 50 * MS, question), 0);
    assert_eq!(asked(start + ANSWER_PAUSE - 1, question), 0);
    assert_eq!(asked(start + ANSWER_PAUSE, question), 1, "the pause is over");
    assert_eq!(asked(start + ANSWER_PAUSE + MS, other), 1, "another question");
}

#[test]
fn a_leader_is_joined_only_once_it_has_said_itself_that_it_leads() {
    let mut out = Outbox::new(1, Box::new([1, 2, 3, 4, 5]), 0, (1, 1));
    let mut peer = host(0b11111);
    let vote = Vote { peer_epoch: 1, zxid: 0, leader: Some(4) };
    let mut tell = |peer: &mut Peer, from: u8, state: PeerState| {
        out.interrupt(SECOND);
        peer.on_notification(from, Ballot { vote, round: 3, state }, &mut out);
    };
    for from in [1, 2, 3] {
        tell(&mut peer, from, PeerState::Following);
        assert_eq!(peer.state, PeerState::Looking, "a quorum of followers is not enough");
    }
    tell(&mut peer, 4, PeerState::Leading);
    assert_eq!((peer.state, peer.leader(), peer.round), (PeerState::Following, Some(4), 3));
}

#[test]
fn the_tray_and_the_delays_are_told_in_numbers() {
    let sim = run_until(&scenario(&[]), 59 * SECOND);
    let numbers = sim.metrics();
    assert_eq!(numbers.dlq_depth, sim.ledger().count(Fate::DeadLettered));
    assert!(numbers.dlq_depth > 10, "{}", numbers.dlq_depth);
    assert!((5 * SECOND..55 * SECOND).contains(&numbers.dlq_oldest_age), "{} µs", numbers.dlq_oldest_age);
    assert!((MS..SECOND).contains(&numbers.p50), "{} µs", numbers.p50);
    assert!(numbers.p99 > numbers.p50, "a tenth of the jobs waits in the tray: {} µs", numbers.p99);
}

#[test]
fn offsets_diverge_where_both_logs_hold_another_record() {
    let (sim, seen) = events(&preset("more-brokers", &[]), 59 * SECOND);
    let logs = |wanted: bool| {
        let at = |(_, what): &(u64, What)| match *what {
            What::Appended { partition, offset, cluster, .. } if (cluster == 0) == wanted => Some((partition, offset)),
            _ => None,
        };
        seen.iter().filter_map(at).collect::<BTreeSet<_>>()
    };
    // What was there before the fork is in no second log; the last records may be on their way to being committed.
    let both = logs(true).intersection(&logs(false)).count() as u64;
    let counted = sim.metrics().divergent_offsets;
    assert!(both > 50 && counted <= both && both - counted <= 3, "{counted} counted, {both} in both logs");
}
