//! Naive twins: the same rules written the slow and obvious way, compared over random input. A failure names its seed.
use crate::common::Dice;
use second_leader::agenda::Agenda;
use second_leader::client::backoff::{Backoff, Law};
use second_leader::ensemble::PeerState;
use second_leader::ensemble::membership::Members;
use second_leader::ensemble::vote::{Ballot, Heard, Vote};
use second_leader::kafka::metadata::place;
use second_leader::rng::{Chance, Stream};
use std::collections::{BTreeMap, BTreeSet};

const SEEDS: u64 = 2_000;

/// A random set of host indices below `most`.
fn some_hosts(dice: &mut Dice, most: u64) -> BTreeSet<u8> {
    let share = 1 + dice.roll(4);
    (0..most as u8).filter(|_| dice.roll(4) < share).collect()
}

fn mask(hosts: &BTreeSet<u8>) -> u64 {
    hosts.iter().map(|ix| 1u64 << ix).sum()
}

#[test]
fn a_quorum_is_more_than_half_of_the_list_and_of_nobody_else() {
    for seed in 0..SEEDS {
        let mut dice = Dice::new(seed);
        let (list, acks) = (some_hosts(&mut dice, 64), some_hosts(&mut dice, 64));
        let members = Members(mask(&list));
        let counted = list.intersection(&acks).count();
        assert_eq!(members.is_quorum(mask(&acks)), 2 * counted > list.len(), "seed {seed}: {acks:?} of {list:?}");
        assert_eq!(members.iter().collect::<Vec<_>>(), list.iter().copied().collect::<Vec<_>>(), "seed {seed}");
        assert_eq!(members.len() as usize, list.len(), "seed {seed}");
        assert_eq!(members.is_empty(), list.is_empty(), "seed {seed}");
        assert!((0..64).all(|ix| members.has(ix) == list.contains(&ix)), "seed {seed}");
        // The smallest number of members that is a quorum, found by trying.
        let by_trying = (0..=list.len()).find(|n| members.is_quorum(mask(&list.iter().copied().take(*n).collect())));
        assert_eq!(by_trying.unwrap_or(1), members.majority() as usize, "seed {seed}: {list:?}");
    }
}

#[test]
fn two_quorums_of_one_list_meet() {
    for seed in 0..SEEDS {
        let mut dice = Dice::new(seed);
        let (list, a, b) = (some_hosts(&mut dice, 9), some_hosts(&mut dice, 9), some_hosts(&mut dice, 9));
        let members = Members(mask(&list));
        if members.is_quorum(mask(&a)) && members.is_quorum(mask(&b)) {
            assert_ne!(mask(&a) & mask(&b) & mask(&list), 0, "seed {seed}: {a:?} and {b:?} of {list:?}");
        }
    }
}

/// [source: FastLeaderElection.totalOrderPredicate, without weights]
fn total_order_predicate(new: (u64, u64, u64), cur: (u64, u64, u64)) -> bool {
    let ((new_id, new_zxid, new_epoch), (cur_id, cur_zxid, cur_epoch)) = (new, cur);
    (new_epoch > cur_epoch)
        || ((new_epoch == cur_epoch) && ((new_zxid > cur_zxid) || ((new_zxid == cur_zxid) && (new_id > cur_id))))
}

#[test]
fn the_order_of_votes_is_the_total_order_predicate() {
    for seed in 0..SEEDS * 10 {
        let mut dice = Dice::new(seed);
        // Few values, so that equal fields are common; some zxids that differ in their upper half only.
        let mut vote = || {
            let (peer_epoch, zxid, leader) = (dice.roll(3) as u32, dice.roll(3) << (32 * dice.roll(2)), dice.roll(4));
            let leader = (leader > 0).then_some(leader as u8);
            (Vote { peer_epoch, zxid, leader }, (leader.map_or(0, u64::from), zxid, u64::from(peer_epoch)))
        };
        let ((a, plain_a), (b, plain_b)) = (vote(), vote());
        assert_eq!(a > b, total_order_predicate(plain_a, plain_b), "seed {seed}: {a:?} and {b:?}");
        assert_eq!(a == b, plain_a == plain_b, "seed {seed}: {a:?} and {b:?}");
    }
}

#[test]
fn what_was_heard_last_from_each_host_counts() {
    let states = [PeerState::Looking, PeerState::Following, PeerState::Leading, PeerState::Observing];
    for seed in 0..SEEDS {
        let mut dice = Dice::new(seed);
        let ballot = |dice: &mut Dice| Ballot {
            vote: Vote { peer_epoch: dice.roll(2) as u32, zxid: dice.roll(2), leader: Some(dice.roll(2) as u8) },
            round: dice.roll(2),
            state: states[dice.roll(4) as usize],
        };
        let (mut heard, mut twin) = (Heard::new(9), BTreeMap::new());
        for _ in 0..30 {
            if dice.roll(12) == 0 {
                heard.clear();
                twin.clear();
            }
            let (from, said) = (dice.roll(9) as u8, ballot(&mut dice));
            heard.put(from, said);
            twin.insert(from, said);
            let question = ballot(&mut dice);
            let agree = |said: &Ballot| {
                let looks = [said.state, question.state].contains(&PeerState::Looking);
                let same = (said.vote.leader, said.vote.peer_epoch) == (question.vote.leader, question.vote.peer_epoch);
                same && (!looks || (said.vote.zxid, said.round) == (question.vote.zxid, question.round))
            };
            let agreeing = twin.iter().filter(|(_, said)| agree(said)).map(|(from, _)| *from).collect();
            assert_eq!(heard.agreeing(&question), mask(&agreeing), "seed {seed}: {twin:?}, {question:?}");
            assert!((0..9).all(|ix| heard.get(ix) == twin.get(&ix)), "seed {seed}");
        }
    }
}

#[test]
fn back_off_doubles_in_a_loop() {
    for seed in 0..SEEDS {
        let mut dice = Dice::new(seed);
        let first = 1 + dice.roll(60_000_000);
        let longest = first + dice.roll(60_000_000);
        let retry = 1 + dice.roll(255) as u8 % 60;
        let mut wait = first;
        for _ in 1..retry {
            wait = if wait * 2 > longest { longest } else { wait * 2 };
        }
        let of = |law| Backoff { law, first, longest }.wait(retry, &mut Chance::new(seed as u32));
        assert_eq!(of(Law::None), 0, "seed {seed}");
        assert_eq!(of(Law::Constant), first, "seed {seed}");
        assert_eq!(of(Law::Exponential), wait, "seed {seed}: retry {retry} of {first}–{longest}");
        let share = Chance::new(seed as u32).between(Stream::Backoff, 800_000, 1_200_000);
        let jittered = (wait * share / 1_000_000).min(longest);
        assert_eq!(of(Law::Jittered), jittered, "seed {seed}: retry {retry} of {first}–{longest}");
        assert!((800_000..=1_200_000).contains(&share), "seed {seed}");
    }
}

#[test]
fn the_agenda_is_a_list_sorted_by_time_and_arrival() {
    for seed in 0..SEEDS / 4 {
        let mut dice = Dice::new(seed);
        let (mut agenda, mut list) = (Agenda::new(1), Vec::new());
        let crowd = 1 + dice.roll(30);
        for arrival in 0..400u64 {
            // Up and down: sometimes it fills, sometimes it empties.
            if dice.roll(100) < if arrival / 100 % 2 == 0 { 70 } else { 30 } {
                let at = dice.roll(crowd);
                agenda.push(at, arrival);
                list.push((at, arrival));
                list.sort_unstable();
            } else {
                let first = (!list.is_empty()).then(|| list.remove(0));
                assert_eq!(agenda.pop(), first, "seed {seed}");
            }
            assert_eq!(agenda.next_at(), list.first().map(|(at, _)| *at), "seed {seed}");
            assert_eq!((agenda.len(), agenda.is_empty()), (list.len(), list.is_empty()), "seed {seed}");
        }
    }
}

/// [source: AdminUtils.assignReplicasToBrokersRackUnaware and replicaIndex]
fn assign_replicas(brokers: &[u8], partitions: usize, factor: usize, start: usize, shift: usize) -> Vec<Vec<u8>> {
    let n = brokers.len();
    let replica_index = |first: usize, shift: usize, j: usize| (first + 1 + (shift + j) % (n - 1)) % n;
    let mut result = Vec::new();
    let mut next_shift = shift;
    for current_partition in 0..partitions {
        if current_partition > 0 && current_partition % n == 0 {
            next_shift += 1;
        }
        let first = (current_partition + start) % n;
        let mut replicas = vec![brokers[first]];
        for j in 0..factor - 1 {
            replicas.push(brokers[replica_index(first, next_shift, j)]);
        }
        result.push(replicas);
    }
    result
}

#[test]
fn replicas_are_placed_as_kafka_places_them() {
    for seed in 0..SEEDS {
        let mut dice = Dice::new(seed);
        let ids: Vec<u8> = (1..=30).filter(|_| dice.roll(3) > 0).collect();
        if ids.is_empty() {
            continue;
        }
        let live = ids.iter().map(|id| 1u32 << id).sum();
        let (partitions, factor) = (1 + dice.roll(100) as u8, 1 + dice.roll(ids.len() as u64) as u8);
        let start = (dice.roll(30) as u8, dice.roll(30) as u8);
        let placed = place(live, partitions, factor, start);
        let replicas: Vec<Vec<u8>> = placed.iter().map(|(assignment, _)| assignment.0.to_vec()).collect();
        let twin = assign_replicas(&ids, partitions.into(), factor.into(), start.0.into(), start.1.into());
        assert_eq!(replicas, twin, "seed {seed}: {partitions} partitions × {factor} on {ids:?} from {start:?}");
        for (assignment, state) in &placed {
            let all: BTreeSet<u8> = assignment.0.iter().copied().collect();
            assert_eq!(all.len(), usize::from(factor), "seed {seed}: nobody holds two replicas");
            assert_eq!((state.leader, state.leader_epoch), (assignment.0[0], 0), "seed {seed}: the preferred leader");
            assert_eq!(u64::from(state.isr), mask(&all), "seed {seed}: all are in sync");
            assert!((0..=30).all(|id| assignment.has(id) == all.contains(&id)), "seed {seed}");
        }
    }
}
