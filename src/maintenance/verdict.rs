//! How the maintenance went: who leads, who serves.
use crate::ensemble::membership::bits;
use crate::ensemble::{Peer, PeerState};

/// The outcome in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Every fresh host serves under the old leader (also when there is no fresh host).
    Join,
    /// No fresh host serves.
    Stuck,
    /// More than one leader serves.
    Split,
    /// Some fresh hosts serve.
    Partial,
    /// The run ended before the verdict.
    Unfinished,
}

impl Outcome {
    /// With so many leaders that serve, and so many of the fresh hosts (bits).
    pub fn of(leaders: usize, served: u32, fresh: u64) -> Outcome {
        match leaders {
            2.. => Outcome::Split,
            _ if served == fresh.count_ones() => Outcome::Join,
            _ if served == 0 => Outcome::Stuck,
            _ => Outcome::Partial,
        }
    }

    /// Its public name.
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Join => "join",
            Outcome::Stuck => "stuck",
            Outcome::Split => "split",
            Outcome::Partial => "partial",
            Outcome::Unfinished => "unfinished",
        }
    }
}

/// What a host does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Leads with a synced quorum.
    Leader,
    /// Follows, up to date.
    Follower,
    /// Observes, up to date.
    Observer,
    /// None of these.
    NotServing,
}

impl Mode {
    /// Its public name.
    pub fn name(self) -> &'static str {
        match self {
            Mode::Leader => "leader",
            Mode::Follower => "follower",
            Mode::Observer => "observer",
            Mode::NotServing => "not-serving",
        }
    }
}

/// The ensemble at one instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// In one word.
    pub outcome: Outcome,
    /// Sids of the leaders that serve.
    pub leaders: Vec<u8>,
    /// What each host does, by sid.
    pub modes: Vec<(u8, Mode)>,
}

impl Verdict {
    /// The verdict on these peers.
    pub fn of(peers: &[Peer], old: u64, fresh: u64) -> Verdict {
        let part = |p: &&Peer| (old | fresh) >> p.ix & 1 == 1;
        let leaders: Vec<u8> = peers.iter().filter(|p| p.serves_as_leader()).map(|p| p.sid).collect();
        let modes: Vec<(u8, Mode)> = peers.iter().filter(part).map(|p| (p.sid, mode(p, peers))).collect();
        let served = bits(fresh).filter(|ix| mode(&peers[usize::from(*ix)], peers) != Mode::NotServing).count() as u32;
        Verdict { outcome: Outcome::of(leaders.len(), served, fresh), leaders, modes }
    }
}

/// What this peer does, as its own status command would say; a learner whose leader is gone does not serve.
fn mode(peer: &Peer, peers: &[Peer]) -> Mode {
    if !peer.serves() {
        return Mode::NotServing;
    }
    match peer.state {
        PeerState::Leading => Mode::Leader,
        _ if !peer.leader().is_some_and(|l| peers[usize::from(l)].serves_as_leader()) => Mode::NotServing,
        PeerState::Observing => Mode::Observer,
        _ => Mode::Follower,
    }
}
