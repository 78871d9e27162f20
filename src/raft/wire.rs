//! What travels in a KRaft cluster: between controllers, and between brokers and controllers.
#![allow(missing_docs)] // each message says what it is; its fields are the protocol's own names
use super::log::Entry;
use crate::kafka::metadata::Metadata;
use crate::message::BrokerMsg;
use std::sync::Arc;

/// Between controllers. Every message carries its sender's epoch.
#[derive(Clone, Debug)]
pub enum RaftMsg {
    /// A candidate asks for a vote; its log ends with a record of `last_epoch` before `end`.
    Vote { epoch: u32, last_epoch: u32, end: u32 },
    /// The answer.
    Voted { epoch: u32, leader: Option<u8>, granted: bool },
    /// The sender leads this epoch.
    BeginEpoch { epoch: u32 },
    /// The sender no longer leads it; `place` is the receiver's among those who may succeed it.
    EndEpoch { epoch: u32, place: u8 },
    /// What the sender knows, for one that is behind.
    Known { epoch: u32, leader: Option<u8> },
    /// Give me what comes after `offset`; the record before it is of `last_epoch`.
    Fetch { id: u32, epoch: u32, offset: u32, last_epoch: u32 },
    /// The answer.
    Fetched { id: u32, epoch: u32, leader: Option<u8>, answer: FetchAnswer },
    /// Nobody listens there.
    Refused { id: u32 },
    /// The operator's tool on a new host: make me a voter.
    AddVoter,
    /// It is one: the list that names it is committed.
    Added { epoch: u32 },
}

/// The content of a fetch's answer.
#[derive(Clone, Debug)]
pub enum FetchAnswer {
    /// Records, perhaps none, and the high watermark.
    Records { records: Box<[Entry]>, hw: u32 },
    /// The logs differ: the leader's `epoch` ends at `end`.
    Diverging { epoch: u32, end: u32 },
    /// Not the leader of that epoch.
    NotLeader,
}

/// Timers of a controller. State timers carry the spell they were set in; a stale one is ignored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RaftTimer {
    /// The state's own: fetch timeout, election timeout, back-off, or a leader's check of its quorum.
    State,
    /// Fetch again.
    Fetch { id: u32 },
    /// The fetch has had no answer.
    Unanswered { id: u32 },
    /// A leader answers a fetch that waited.
    Release { from: u8, id: u32 },
    /// A leader calls on voters that do not fetch.
    Begin,
    /// The active controller looks for silent brokers.
    Sessions,
}

/// From a broker to a controller.
#[derive(Clone, Debug)]
pub enum Duty {
    /// BrokerRegistration, with the broker's cluster id.
    Register { cluster: u8 },
    /// BrokerHeartbeat; `offset` is where the broker's metadata ends.
    Heartbeat { offset: u32 },
    /// What a broker tells its controller in either mode.
    Tell(BrokerMsg),
}

/// From a controller to a broker.
#[derive(Clone, Debug)]
pub enum LinkMsg {
    /// Ask the leader instead.
    NotController { leader: Option<u8> },
    /// Registered, fenced until the first heartbeat.
    Registered,
    /// INCONSISTENT_CLUSTER_ID
    WrongCluster,
    /// DUPLICATE_BROKER_REGISTRATION: its earlier life has not been silent for long enough.
    Duplicate,
    /// STALE_BROKER_EPOCH: this life is not registered.
    Unknown,
    /// The answer to a heartbeat: it may serve. And the voters, as bits.
    Beat { voters: u64 },
    /// The controlled shutdown may end.
    ShutdownDone,
    /// The metadata as committed.
    Update(Arc<Metadata>),
}
