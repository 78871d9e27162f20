//! The network between machines: packets that are lost and sent again, and links that are cut.
//!
//! Everything here is TCP. What is sent over a cut link waits in the sender's buffer, and arrives in order when the link is
//! mended, or is of no use any more because its connection was given up. A cut is noticed by silence, never by an error.
use crate::message::{Due, PeerMsg};
use crate::rng::{Chance, Stream};
use crate::scenario::Node;
use crate::sim::outbox::{Item, MS};
use crate::view::Place;

/// The first retransmission of a lost packet; each further one takes twice as long. [source: RFC 6298 as Linux does it]
const RETRANSMIT: u64 = 200 * MS;
/// Losses in a row that a message survives.
const TRIES: u32 = 8;
/// Messages kept for cut links; what comes beyond finds the sender's buffer full.
const HELD: usize = 1 << 14;
/// A hundred percent, in millionths of a percent.
const ALL: u64 = 100_000_000;

/// Rows of the table of cut links: 64 hosts, 32 brokers, 4 producers, 3 consumers.
const PLACES: usize = 103;

/// Where a machine is in the table. `None`: the dead-letter tray, which nothing cuts off.
fn row(place: Place, sids: &[u8]) -> Option<usize> {
    match place {
        Place::Peer(sid) => sids.iter().position(|s| *s == sid),
        Place::Broker(id) => Some(64 + usize::from(id)),
        Place::Producer(i) => Some(96 + usize::from(i)),
        Place::Consumer(i) => Some(100 + usize::from(i)),
        _ => None,
    }
}

impl From<Node> for Place {
    fn from(node: Node) -> Place {
        match node {
            Node::Peer(sid) => Place::Peer(sid),
            Node::Broker(id) => Place::Broker(id),
            Node::Producer(i) => Place::Producer(i),
            Node::Consumer(i) => Place::Consumer(i),
        }
    }
}

/// Lost packets and cut links.
#[derive(Clone, Debug, Default)]
pub struct Network {
    /// Chance that a packet is lost, in millionths of a percent.
    pub loss: u64,
    /// For each sender, the receivers it does not reach, as bits. Empty while nothing was ever cut.
    cuts: Vec<u128>,
    /// What waits for a link to be mended, in order of sending.
    pub(crate) held: Vec<(Place, Place, Item)>,
}

impl Network {
    /// How much later a message arrives because its packets were lost, µs. `None`: never.
    #[inline(always)]
    pub fn delay(&self, chance: &mut Chance) -> Option<u64> {
        if self.loss == 0 {
            return Some(0);
        }
        self.retransmit(chance)
    }

    fn retransmit(&self, chance: &mut Chance) -> Option<u64> {
        if self.loss >= ALL {
            return None;
        }
        let lost = |chance: &mut Chance| u64::from(chance.below(Stream::Loss, ALL as u32)) < self.loss;
        let tries = (0..TRIES).take_while(|_| lost(chance)).count() as u32;
        Some(RETRANSMIT * ((1 << tries) - 1))
    }

    /// Does nothing get from here to there?
    #[inline(always)]
    pub fn is_cut(&self, from: Place, to: Place, sids: &[u8]) -> bool {
        !self.cuts.is_empty() && self.is_listed(from, to, sids)
    }

    fn is_listed(&self, from: Place, to: Place, sids: &[u8]) -> bool {
        let (Some(from), Some(to)) = (row(from, sids), row(to, sids)) else { return false };
        self.cuts.get(from).is_some_and(|row| row >> to & 1 == 1)
    }

    /// Keeps a message until its link is mended. A host keeps one notification per receiver: the newest. [source:
    /// QuorumCnxManager.SEND_CAPACITY]
    pub fn hold(&mut self, from: Place, to: Place, item: Item) {
        let vote = |item: &Item| matches!(item.due, Due::Peer { msg: PeerMsg::Notification { .. }, .. });
        if vote(&item) {
            self.held.retain(|(f, t, i)| (*f, *t) != (from, to) || !vote(i));
        }
        if self.held.len() < HELD {
            self.held.push((from, to, item));
        }
    }

    /// Cuts a link, one way.
    pub fn cut(&mut self, from: Place, to: Place, sids: &[u8]) {
        if let (Some(from), Some(to)) = (row(from, sids), row(to, sids)) {
            self.cuts.resize(PLACES, 0);
            self.cuts[from] |= 1 << to;
        }
    }

    /// Mends a link, one way, and returns what waited for it.
    pub fn mend(&mut self, from: Place, to: Place, sids: &[u8]) -> Vec<Item> {
        let (true, Some(f), Some(t)) = (self.is_cut(from, to, sids), row(from, sids), row(to, sids)) else {
            return Vec::new();
        };
        self.cuts[f] &= !(1 << t);
        if self.cuts.iter().all(|row| *row == 0) {
            self.cuts.clear();
        }
        let mut waiting = Vec::new();
        let mut kept = Vec::with_capacity(self.held.len());
        for (f, t, item) in self.held.drain(..) {
            if (f, t) == (from, to) { waiting.push(item) } else { kept.push((f, t, item)) }
        }
        self.held = kept;
        waiting
    }

    /// Is any link of this machine cut?
    pub fn touches(&self, place: Place, sids: &[u8]) -> bool {
        let Some(at) = row(place, sids) else { return false };
        self.cuts.iter().enumerate().any(|(from, row)| row >> at & 1 == 1 || (from == at && *row != 0))
    }
}

#[cfg(test)]
mod tests {
    use super::{ALL, Network, RETRANSMIT};
    use crate::ensemble::PeerState;
    use crate::ensemble::vote::Vote;
    use crate::message::{Due, PeerMsg};
    use crate::rng::Chance;
    use crate::sim::outbox::Item;
    use crate::view::Place;

    #[test]
    fn each_lost_packet_doubles_the_wait() {
        let (network, mut chance) = (Network { loss: ALL / 2, ..Network::default() }, Chance::new(7));
        let mut seen: Vec<u64> = (0..2000).filter_map(|_| network.delay(&mut chance)).collect();
        seen.sort_unstable();
        seen.dedup();
        let wanted: Vec<u64> = (0..=8).map(|lost| RETRANSMIT * ((1 << lost) - 1)).collect();
        assert_eq!(seen, wanted);
    }

    #[test]
    fn of_votes_only_the_newest_waits_for_a_cut_link() {
        let (from, to) = (Place::Peer(1), Place::Peer(2));
        let mut network = Network::default();
        network.cut(from, to, &[1, 2]);
        for round in 1..4 {
            let msg = PeerMsg::Notification { vote: Vote::default(), round, state: PeerState::Looking };
            network.hold(from, to, Item { cause: 0, also: 0, due: Due::Peer { from: 0, to: 1, msg } });
        }
        assert!(network.is_cut(from, to, &[1, 2]) && !network.is_cut(to, from, &[1, 2]), "one way");
        let waiting = network.mend(from, to, &[1, 2]);
        assert!(matches!(
            waiting[..],
            [Item { due: Due::Peer { msg: PeerMsg::Notification { round: 3, .. }, .. }, .. }]
        ));
    }
}
