//! Fingerprints of peers for the model checker: everything about one that can make a difference later, and nothing else.
use second_leader::ensemble::vote::{Ballot, Vote};
use second_leader::ensemble::{Peer, PeerState};
use second_leader::message::PeerTimer;
use second_leader::scenario::Role;
use std::cell::RefCell;
use std::fmt::Write;
use std::hash::{DefaultHasher, Hash, Hasher};

thread_local! {
    static TEXT: RefCell<String> = const { RefCell::new(String::new()) };
}

fn hash_vote<H: Hasher>(vote: &Vote, to: &mut H) {
    (vote.peer_epoch, vote.zxid, vote.leader).hash(to);
}

/// Adds a ballot.
pub fn hash_ballot<H: Hasher>(ballot: &Ballot, to: &mut H) {
    hash_vote(&ballot.vote, to);
    (ballot.round, ballot.state as u8).hash(to);
}

/// The fingerprint of a peer with these timers. What it heard is forgotten when it looks again.
pub fn fingerprint(peer: &Peer, timers: &[(PeerTimer, u32)]) -> u64 {
    let to = &mut DefaultHasher::new();
    (std::mem::discriminant(&peer.power), peer.list.0, peer.role == Role::Observer, peer.state as u8).hash(to);
    (peer.accepted_epoch, peer.current_epoch, peer.last_zxid, peer.applied, peer.round).hash(to);
    hash_vote(&peer.vote, to);
    if peer.state == PeerState::Looking {
        hash_vote(&peer.initial, to);
        hash_vote(&peer.proposal, to);
        peer.finalizing.is_some().hash(to);
        for ix in 0..9 {
            for heard in [&peer.heard, &peer.settled] {
                heard.get(ix).is_some().hash(to);
                heard.get(ix).into_iter().for_each(|ballot| hash_ballot(ballot, to));
            }
        }
    }
    for (question, answer, at) in &peer.answered {
        if *at != 0 {
            hash_ballot(question, to);
            hash_ballot(answer, to);
        }
        at.hash(to);
    }
    if let Some(l) = &peer.learner {
        (l.leader, l.conn, l.tries, l.connected, l.epoch, l.serving).hash(to);
    }
    if let Some(leading) = &peer.leading {
        TEXT.with_borrow_mut(|text| {
            text.clear();
            write!(text, "{leading:?}").expect("a String takes everything");
            let (before, rest) = text.split_once("half_ticks: ").expect("the count of ticks");
            (before, rest.split_once(',').expect("more fields").1).hash(to);
        });
    }
    timers.iter().for_each(|(timer, _)| (*timer as u8).hash(to));
    to.finish() | 1
}
