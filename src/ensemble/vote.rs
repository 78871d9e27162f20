//! Votes, their total order, and what a peer has heard.
use super::PeerState;

/// A vote. The derived order is ZooKeeper's totalOrderPredicate: epoch, then zxid, then sid (hosts are numbered in sid
/// order). `leader: None` is the empty vote of an observer, or of a peer outside its own list. [source]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Vote {
    /// The epoch of the proposed leader.
    pub peer_epoch: u32,
    /// Its last logged zxid.
    pub zxid: u64,
    /// The proposed leader, by host index.
    pub leader: Option<u8>,
}

/// One notification's content as kept by the hearer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ballot {
    /// Whom the sender votes for, or follows.
    pub vote: Vote,
    /// The sender's round (electionEpoch).
    pub round: u64,
    /// What the sender was doing.
    pub state: PeerState,
}

impl Ballot {
    /// Does `other` count for the same result? Among those still looking everything must match; among those that have a
    /// leader only the leader and its epoch do. [source: Vote.equals]
    pub fn agrees(&self, other: &Ballot) -> bool {
        if self.state == PeerState::Looking || other.state == PeerState::Looking {
            self.vote == other.vote && self.round == other.round
        } else {
            self.vote.leader == other.vote.leader && self.vote.peer_epoch == other.vote.peer_epoch
        }
    }
}

/// The latest ballot heard from each host (recvset, outofelection).
#[derive(Clone, Debug)]
pub struct Heard {
    pub(crate) from: u64,
    ballots: Box<[Ballot]>,
}

impl Heard {
    /// Nothing heard yet, with room for this many hosts.
    pub fn new(hosts: usize) -> Heard {
        Heard { from: 0, ballots: vec![Ballot::default(); hosts].into_boxed_slice() }
    }

    /// Makes room for more hosts.
    pub fn grow(&mut self, hosts: usize) {
        let mut ballots = std::mem::take(&mut self.ballots).into_vec();
        ballots.resize(hosts, Ballot::default());
        self.ballots = ballots.into();
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.from = 0;
    }

    /// Keeps a ballot, replacing the sender's earlier one.
    pub fn put(&mut self, from: u8, ballot: Ballot) {
        self.from |= 1 << from;
        self.ballots[usize::from(from)] = ballot;
    }

    /// What this host said last.
    pub fn get(&self, from: u8) -> Option<&Ballot> {
        (self.from >> from & 1 == 1).then(|| &self.ballots[usize::from(from)])
    }

    /// The hosts that agree with `ballot`, as bits.
    pub fn agreeing(&self, ballot: &Ballot) -> u64 {
        let agrees = |ix: &u8| self.ballots[usize::from(*ix)].agrees(ballot);
        super::membership::bits(self.from).filter(agrees).fold(0, |mask, ix| mask | 1 << ix)
    }
}
