//! ZooKeeper: leader election, membership, discovery, sync, broadcast, and the tree that brokers depend on.
//!
//! Each [`Peer`] has its own server list and changes only itself; a second leader is nobody's decision.
pub mod broadcast;
pub mod election;
pub mod leader;
pub mod learner;
pub mod membership;
pub mod peer;
pub mod server;
pub mod vote;
pub mod znode;

pub use peer::{Peer, Power};

/// What a peer is doing. [source: QuorumPeer.ServerState]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PeerState {
    /// In leader election.
    #[default]
    Looking,
    /// Follows a leader, perhaps not synced yet.
    Following,
    /// Leads, perhaps without a quorum yet.
    Leading,
    /// Observes a leader.
    Observing,
}

/// Timing of one run, in µs. Every peer has the same.
#[derive(Clone, Copy, Debug)]
pub struct Timing {
    /// tickTime
    pub tick: u64,
    /// initLimit · tickTime: for a leader to find its quorum, for a learner to get in sync.
    pub init: u64,
    /// syncLimit · tickTime: how long silence is borne.
    pub sync: u64,
    /// A broker's session timeout.
    pub session: u64,
}

/// finalizeWait: how long a quorum waits for a better vote. [source]
pub const FINALIZE_WAIT: u64 = 200_000;
/// The first notification timeout; it doubles … [source]
pub const NOTIFY_FIRST: u64 = 200_000;
/// … up to this. [source: maxNotificationInterval]
pub const NOTIFY_MAX: u64 = 60_000_000;
/// How long an identical answer to an identical notification is left out. [simplified]
pub const ANSWER_PAUSE: u64 = 100_000;
/// A learner's attempts to connect, and the pause between two. [source: Learner.connectToLeader]
pub const CONNECT_TRIES: u8 = 5;
/// See [`CONNECT_TRIES`].
pub const CONNECT_PAUSE: u64 = 100_000;
/// From noticing that a learner's leader is gone to looking again. [recorded: 25–35 ms with the message that tells]
pub const TEARDOWN: u64 = 28_000;
/// Writing acceptedEpoch to disk. [recorded fit: LEADING to broadcast takes 150–175 ms]
pub const EPOCH_WRITE: u64 = 40_000;
/// Writing the synced state and currentEpoch to disk. [recorded fit, as above]
pub const SYNC_WRITE: u64 = 120_000;
