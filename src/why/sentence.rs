//! A plain sentence for every event, and where what it says comes from.
use crate::ensemble::membership::bits;
use crate::event::{Actor, Event, What};
use crate::params::Source;
use crate::scenario::Node;
use crate::words::{self, say};

mod election;
mod jobs;
mod kafka;
mod people;
mod quorum;

pub(super) use jobs::reason_words;

/// A sentence, without its full stop, and its source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The sentence.
    pub text: String,
    /// Where what it says comes from.
    pub source: Source,
}

pub(super) fn said(source: Source, text: String) -> Said {
    Said { text, source }
}

/// What this event says. `sids` names the hosts by index ([`crate::sim::Simulation::sids`]).
pub fn sentence(event: &Event, sids: &[u8]) -> Said {
    let who = who(event.actor);
    let what = &event.what;
    if let What::Raft(what) = what {
        return quorum::tell(&who, what, sids);
    }
    election::tell(&who, what, sids)
        .or_else(|| election::tell_host(&who, what, sids))
        .or_else(|| kafka::tell(&who, what, sids))
        .or_else(|| jobs::tell(&who, event))
        .unwrap_or_else(|| people::tell(what, sids))
}

/// Who did it, at the beginning of a sentence.
pub fn who(actor: Actor) -> String {
    match actor {
        Actor::Peer(sid) => say!("zk", sid),
        Actor::Controller(sid) => say!("Controller ", sid),
        Actor::Broker(id) => say!("Broker ", id),
        Actor::Producer(i) => say!("Producer ", u32::from(i) + 1),
        Actor::Consumer(i) => say!("Consumer ", u32::from(i) + 1),
        Actor::DeadLetters => "Dead-letter queue".to_string(),
        Actor::Operator => "People".to_string(),
        Actor::Run => "Run".to_string(),
    }
}

/// A machine in the middle of a sentence.
fn node(node: Node) -> String {
    match node {
        Node::Peer(sid) => say!("zk", sid),
        Node::Broker(id) => say!("broker ", id),
        Node::Producer(i) => say!("producer ", u32::from(i) + 1),
        Node::Consumer(i) => say!("consumer ", u32::from(i) + 1),
    }
}

fn sid(sids: &[u8], ix: u8) -> u8 {
    sids.get(usize::from(ix)).copied().unwrap_or(0)
}

fn zk(sids: &[u8], ix: u8) -> String {
    say!("zk", sid(sids, ix))
}

/// Hosts given as bits by index, as ranges of sids.
fn hosts(sids: &[u8], mask: u64) -> String {
    let named: Vec<u8> = bits(mask).map(|ix| sid(sids, ix)).collect();
    words::ranges(&named)
}

/// `broker 10`, `brokers 1, 2 and 3`, `no broker`: brokers as bits by id.
pub(super) fn brokers(set: u32) -> String {
    let ids: Vec<u8> = bits(u64::from(set)).collect();
    match ids.len() {
        0 => "no broker".to_string(),
        1 => say!("broker ", words::list(&ids)),
        _ => say!("brokers ", words::list(&ids)),
    }
}

/// A cluster by its letter: A was there first.
pub(super) fn cluster(id: u8) -> char {
    char::from(b'A' + id.min(25))
}
