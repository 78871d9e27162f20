//! What happened, in the past tense. The log, the golden traces, the milestones and the causal chains are these values.
#[cfg(feature = "trace")]
mod text;
#[cfg(feature = "trace")]
pub use text::Digest;
#[cfg(feature = "trace")]
pub(crate) use text::Line;

use crate::client::Reason;
use crate::ensemble::membership::Members;
use crate::ensemble::vote::Vote;
use crate::ensemble::znode::Txn;
use crate::metrics::Milestone;
use crate::params::Key;
use crate::scenario::Node;

/// An event's number, from 1: its line in the trace. 0 means "no cause".
pub type EventId = u64;

/// Who did it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A ZooKeeper host, by sid.
    Peer(u8),
    /// A KRaft controller host, by sid.
    Controller(u8),
    /// A broker, by id.
    Broker(u8),
    /// A producer, from 0.
    Producer(u8),
    /// A consumer, from 0.
    Consumer(u8),
    /// The dead-letter queue and its secondary job system.
    DeadLetters,
    /// The people and their tools.
    Operator,
    /// The observer of the whole: milestones.
    Run,
}

/// How a learner was brought up to date. By zxid only, never by content. [source]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SyncMode {
    /// The missing transactions.
    Diff,
    /// Drop what the leader does not have.
    Trunc,
    /// The whole tree.
    Snap,
}

/// Why a peer went back to looking, or left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// Its leader closed the connection.
    LeaderGone,
    /// It heard nothing from its leader for syncLimit (or initLimit) ticks.
    Silence,
    /// Five attempts to connect were refused.
    NobodyLeads,
    /// The leader's epoch is less than the one it accepted.
    StaleEpoch,
    /// A learner is ahead of the leader.
    LearnerAhead,
    /// No quorum of its own list within initLimit.
    NoQuorum,
    /// Not enough synced followers.
    LostQuorum,
    /// The new list does not name it.
    Removed,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // each variant says what happened; the fields are the protocol's own names
pub enum What {
    Registered,
    Booted { list: Members, observer: bool },
    Looking { round: u64, vote: Vote },
    VoteChanged { vote: Vote, from: u8, round: u64 },
    QuorumHeard { vote: Vote, agree: u32, of: u32 },
    Asked { next_ms: u32 },
    Leading { round: u64, agree: u32, of: u32 },
    Following { leader: u8, round: u64 },
    Observing { leader: u8, round: u64 },
    EpochProposed { epoch: u32 },
    Synced { leader: u8, mode: SyncMode, zxid: u64 },
    Serving { epoch: u32, zxid: u64, quorum: u32, of: u32 },
    Joined { leader: u8, epoch: u32 },
    GaveUp { why: Why },
    Stopped,
    Started,
    Frozen,
    Thawed,
    Wiped,
    Committed { zxid: u64, txn: Txn },
    SessionOpened { session: u32, server: u8 },
    SessionExpired { session: u32, broker: u8 },
    SessionRefused { server: u8 },
    BrokerStopping { clean: bool },
    BrokerRestarting { fresh_ensemble: bool },
    BrokerRegistered { cluster: u8, server: u8 },
    ClusterRefused { mine: u8, found: u8 },
    ClusterChanged { from: u8, to: u8 },
    ControllerElected { epoch: u32 },
    ControllerDenied { owner: u8 },
    ControllerGone,
    StaleController { epoch: u32, seen: u32 },
    PartitionMoved { partition: u8, leader: u8, epoch: u32, isr: u32 },
    TopicCreated { partitions: u32 },
    MetadataSent { epoch: u32, brokers: u32 },
    IsrExpanded { partition: u8, isr: u32 },
    IsrShrunk { partition: u8, isr: u32 },
    CaughtUp { partition: u8, from: u32, to: u32 },
    Produced { job: u32, bootstrap: u8, partition: u8 },
    Acknowledged { job: u32, by: u8, attempt: u8 },
    AttemptFailed { job: u32, by: u8, attempt: u8, reason: Reason },
    Failed { job: u32, reason: Reason },
    DeadLettered { job: u32, depth: u32 },
    Dropped { job: u32 },
    Appended { job: u32, partition: u8, offset: u32, cluster: u8 },
    CopyRecognised { job: u32, partition: u8, offset: u32 },
    Processed { job: u32, delay: u64 },
    HandlerFailed { job: u32, attempt: u8 },
    ConsumerCrashed { uncommitted: u32 },
    ConsumerRestarted { again: u32 },
    TurnedAway { job: u32, full: bool },
    Migrated,
    DuplicateEffect { job: u32 },
    DuplicateSkipped { job: u32 },
    Drained { job: u32 },
    LostJob { job: u32, partition: u8 },
    MaintenanceStarted { hosts: u32 },
    MaintenanceEnded,
    HealStarted { hosts: u32, brokers: u32 },
    HealNotNeeded,
    RolloutStarted { hosts: u32 },
    StepGivenUp { sid: u8 },
    HostsAdded { hosts: u32 },
    LinkCut { from: Node, to: Node, both: bool },
    LinkMended { from: Node, to: Node, both: bool },
    Isolated { node: Node },
    Reconnected { node: Node },
    ClientReset { refused_ms: u32 },
    ConsumersMoved { cluster: u8 },
    HealEnded,
    DrainOpened,
    DrainClosed,
    Set { key: Key, value: i64 },
    Reached { milestone: Milestone },
    Raft(crate::raft::Happened),
}

/// One thing that happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its number.
    pub id: EventId,
    /// When, µs.
    pub at: u64,
    /// The event that caused it; 0 for none.
    pub cause: EventId,
    /// The circumstance that it ran into, as the event that brought it about; 0 for none. A write fails because it was tried
    /// (its cause), and because of what its broker had been told (this).
    pub also: EventId,
    /// Who.
    pub actor: Actor,
    /// What.
    pub what: What,
}
