//! Who agreed to whom: each leader's own list, the majority it needs, the members that gave it one, and what two of those
//! sets have in common. It answers "does a majority not forbid two leaders?"
//!
//! An observer's page: no host in a run ever compares two lists.
use crate::ensemble::leader::Phase;
use crate::ensemble::membership::{Members, bits};
use crate::ensemble::{Peer, PeerState};
use crate::raft::{Node, State};
use crate::sim::Simulation;
use crate::words::{self, say};

/// How far somebody has come who leads, or would like to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It looks for a leader, and votes for itself.
    Candidate,
    /// It was elected, and waits until a majority has its epoch and its log.
    Elected,
    /// It serves.
    Leader,
}

/// One who leads, or would like to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// Its sid.
    pub sid: u8,
    /// How far it has come.
    pub standing: Standing,
    /// Its epoch: the one it serves, or has proposed; 0 while there is none.
    pub epoch: u32,
    /// The voting members of its own list, when they agreed, by sid.
    pub list: Vec<u8>,
    /// The majority of that list.
    pub majority: u32,
    /// Members of its list that agreed: in sync when it began to serve, or accepting its epoch, or voting for it.
    pub agreed: Vec<u8>,
    /// Members of its list whose votes elected it, as it heard them. Empty for whoever leads since before the run.
    pub voted: Vec<u8>,
    /// Members of its list that are in sync now: heard within syncLimit, and itself. Empty before it serves.
    pub synced: Vec<u8>,
    masks: (u64, u64),
}

impl Side {
    /// Do enough of its own list agree?
    pub fn has_majority(&self) -> bool {
        Members(self.masks.0).is_quorum(self.masks.1)
    }
}

/// Two sides, beside each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The first, as an index into [`Quorums::sides`].
    pub a: usize,
    /// The second.
    pub b: usize,
    /// Hosts that are on both lists, by sid.
    pub on_both: Vec<u8>,
    /// Hosts that agreed to both.
    pub shared: Vec<u8>,
    /// Is it possible at all that a majority of one list and a majority of the other have nobody in common?
    pub can_part: bool,
    /// All that in words.
    pub says: String,
}

/// Everybody who leads or would like to, and every two of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quorums {
    /// Leaders first, then those that were elected, then candidates; by sid.
    pub sides: Vec<Side>,
    /// Every two of them, in that order.
    pub pairs: Vec<Pair>,
    /// The whole in a sentence or two.
    pub says: String,
}

/// Who leads on the word of whom, now.
pub fn quorums(sim: &Simulation) -> Quorums {
    let mut sides: Vec<Side> = if sim.quorum().is_empty() {
        sim.peers().iter().filter_map(|peer| of_peer(sim, peer)).collect()
    } else {
        sim.quorum().iter().filter_map(|node| of_node(sim, node)).collect()
    };
    crate::order::sort_few(&mut sides, |side| match side.standing {
        Standing::Leader => 0_u8,
        Standing::Elected => 1,
        Standing::Candidate => 2,
    });
    let mut pairs = Vec::new();
    for a in 0..sides.len() {
        for b in a + 1..sides.len() {
            pairs.push(pair(&sides, a, b, sim));
        }
    }
    let says = summary(&sides, &pairs, host(sim));
    Quorums { sides, pairs, says }
}

/// Can a majority of `a` and a majority of `b` have nobody in common? Never, if the two lists are the same.
pub fn can_part(a: Members, b: Members) -> bool {
    let both = Members(a.0 & b.0).len();
    let lacks = |list: Members| list.majority().saturating_sub(list.len() - both); // what it must take from the common ones
    lacks(a) + lacks(b) <= both
}

fn host(sim: &Simulation) -> &'static str {
    if sim.quorum().is_empty() { "zk" } else { "controller " }
}

fn sids(sim: &Simulation, mask: u64) -> Vec<u8> {
    bits(mask).filter_map(|ix| sim.sids().get(usize::from(ix)).copied()).collect()
}

fn side(sim: &Simulation, sid: u8, standing: Standing, epoch: u32, masks: (u64, u64)) -> Side {
    let (list, agreed) = (masks.0, masks.0 & masks.1);
    Side {
        sid,
        standing,
        epoch,
        list: sids(sim, list),
        majority: Members(list).majority(),
        agreed: sids(sim, agreed),
        voted: Vec::new(),
        synced: Vec::new(),
        masks: (list, agreed),
    }
}

fn of_peer(sim: &Simulation, peer: &Peer) -> Option<Side> {
    if !peer.is_up() {
        return None;
    }
    let list = peer.list.0;
    if let Some(leading) = peer.leading.as_ref().filter(|_| peer.state == PeerState::Leading) {
        let voted = list & backers(peer, leading.serves());
        let found = match leading.phase {
            Phase::Discovery => side(sim, peer.sid, Standing::Elected, 0, (list, voted)),
            Phase::Epoch => side(sim, peer.sid, Standing::Elected, leading.epoch, (list, leading.accepted)),
            Phase::Sync => side(sim, peer.sid, Standing::Elected, leading.epoch, (list, leading.in_sync)),
            Phase::Broadcast => side(sim, peer.sid, Standing::Leader, leading.epoch, leading.rests_on()),
        };
        let synced = if leading.serves() { leading.synced_since(peer.ix, sim.now(), peer.timing.sync) } else { 0 };
        return Some(Side { voted: sids(sim, voted), synced: sids(sim, synced & list), ..found });
    }
    let stands = peer.state == PeerState::Looking && peer.proposal.leader == Some(peer.ix);
    stands.then(|| side(sim, peer.sid, Standing::Candidate, 0, (list, backers(peer, false))))
}

/// Whose votes for itself it has heard in its round. One that serves has a vote of its new epoch by now: the leader named
/// in the votes decides.
fn backers(peer: &Peer, serves: bool) -> u64 {
    let vote = if peer.state == PeerState::Looking { peer.proposal } else { peer.vote };
    let votes = |ix: &u8| {
        peer.heard.get(*ix).is_some_and(|ballot| {
            let same = if serves { ballot.vote.leader == vote.leader } else { ballot.vote == vote };
            same && ballot.round == peer.round
        })
    };
    bits(peer.heard.from).filter(votes).fold(0, |mask, ix| mask | 1 << ix)
}

/// In KRaft whoever fetches from a leader in its epoch has agreed to it; a candidate counts the votes it was granted.
fn of_node(sim: &Simulation, node: &Node) -> Option<Side> {
    if !node.is_up() {
        return None;
    }
    let voters = node.voters().0;
    match &node.state {
        State::Leader(leading) => {
            let follows = |n: &&Node| n.is_up() && n.epoch == node.epoch && n.leader == Some(node.ix);
            let agreed = sim.quorum().iter().filter(follows).fold(0, |mask, n| mask | 1 << n.ix);
            let standing = if node.hw > leading.start { Standing::Leader } else { Standing::Elected };
            let found = side(sim, node.sid, standing, node.epoch, (voters, agreed));
            let synced = if standing == Standing::Leader { sids(sim, agreed & voters) } else { Vec::new() };
            Some(Side { synced, ..found })
        }
        State::Candidate(poll) if !poll.backing_off => {
            Some(side(sim, node.sid, Standing::Candidate, node.epoch, (voters, poll.granted)))
        }
        _ => None,
    }
}

fn pair(sides: &[Side], a: usize, b: usize, sim: &Simulation) -> Pair {
    let (left, right) = (&sides[a], &sides[b]);
    let shared = sids(sim, left.masks.1 & right.masks.1);
    let can_part = can_part(Members(left.masks.0), Members(right.masks.0));
    let on_both = sids(sim, left.masks.0 & right.masks.0);
    let says = compare(left, right, &shared, can_part, host(sim));
    Pair { a, b, on_both, shared, can_part, says }
}

/// `3 of its list of 3`
fn count(side: &Side) -> String {
    say!(side.agreed.len(), " of its list of ", side.list.len())
}

fn compare(a: &Side, b: &Side, shared: &[u8], can_part: bool, host: &str) -> String {
    let mut text = say!(host, a.sid, " has ", count(a), ", ", host, b.sid, " has ", count(b), ". ");
    if !a.has_majority() || !b.has_majority() {
        let short = if a.has_majority() { b } else { a };
        text.push_str(&say!(host, short.sid, " has no majority: it needs ", short.majority, ". "));
        text.push_str(match (a.masks.0 == b.masks.0, can_part) {
            (true, _) => "Both count the same list, and two majorities of one list always share a member.",
            (_, true) => "They count two lists, and a majority of each can be found without a common member.",
            (_, false) => "They count two lists so much alike that any two majorities of them share a member.",
        });
        return text;
    }
    text.push_str(match (shared, a.masks.0 == b.masks.0) {
        ([], _) => "Each is a majority, of another list. Nobody agreed to both, so nobody could object. ",
        (_, true) => "Both are majorities of the same list, so they share a member: ",
        (_, false) => "Each is a majority, of another list. They share a member all the same: ",
    });
    if shared.is_empty() {
        text.push_str("Only two majorities of one and the same list always share a member.");
    } else {
        text.push_str(&say!(host, words::ranges(shared), "."));
    }
    text
}

fn summary(sides: &[Side], pairs: &[Pair], host: &str) -> String {
    let leaders: Vec<&Side> = sides.iter().filter(|s| s.standing == Standing::Leader).collect();
    match (leaders.as_slice(), sides) {
        ([], []) => "Nobody leads, and nobody has asked for votes.".into(),
        ([], [first, ..]) => {
            let best = sides.iter().max_by_key(|s| s.agreed.len()).unwrap_or(first);
            say!("Nobody leads yet. ", host, best.sid, " has ", count(best), " and needs ", best.majority, ".")
        }
        ([one], _) => say!(
            "One leader: ",
            host,
            one.sid,
            " has ",
            count(one),
            " and needs ",
            one.majority,
            ". Every other majority of this list contains one of them, so a second leader would need another list."
        ),
        (many, _) => {
            let two = |p: &&Pair| [p.a, p.b].iter().all(|i| sides[*i].standing == Standing::Leader);
            let first = pairs.iter().find(two).map_or("", |p| &p.says);
            say!(many.len(), " leaders, and each has its majority. ", first)
        }
    }
}
