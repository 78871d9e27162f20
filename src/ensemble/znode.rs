//! The znode tree that each ZooKeeper server holds, and the transactions that change it.
//!
//! All four duties are in it: `/controller` and `/controller_epoch`, `/brokers/ids`, `/brokers/topics`, and
//! `/config` + `/kafka-acl`. Every server has its own copy; only its leader's proposals change it.
use crate::kafka::access::Rules;
use crate::kafka::metadata::{Assignment, PartitionState};

/// A session id.
pub type SessionId = u32;

/// A change to the tree. Applying one is deterministic, so every server that applies the same log has the same tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Txn {
    /// A client opened a session.
    CreateSession {
        /// Its id.
        session: SessionId,
        /// The broker it belongs to.
        broker: u8,
    },
    /// A session closed or expired: its ephemerals go.
    CloseSession {
        /// Its id.
        session: SessionId,
    },
    /// `/brokers/ids/N` (ephemeral), and `/cluster/id` if there is none.
    Register {
        /// The owner.
        session: SessionId,
        /// The broker.
        broker: u8,
        /// The cluster id it made up, should there be none.
        cluster: u8,
    },
    /// `/cluster/id`, if there is none: a broker that checks ids writes one before it registers. [source]
    NameCluster {
        /// The id it made up.
        cluster: u8,
    },
    /// `/controller` (ephemeral) and `/controller_epoch` + 1, if nobody holds it.
    TakeController {
        /// The owner.
        session: SessionId,
        /// The broker.
        broker: u8,
    },
    /// `/brokers/topics/jobs`: Kafka's round robin over the brokers registered now.
    CreateTopic {
        /// Partitions.
        partitions: u8,
        /// Copies of each.
        replication: u8,
        /// Where the round robin starts, and its shift.
        start: (u8, u8),
    },
    /// `/brokers/topics/jobs/partitions/P/state`.
    SetPartition {
        /// The partition.
        partition: u8,
        /// Leader, epoch and ISR.
        state: PartitionState,
    },
    /// `/config/clients` and `/kafka-acl`.
    Configure {
        /// What clients may do.
        rules: Rules,
    },
    /// `/zookeeper/config`: the voting members from here on, as bits by host index. [source: reconfig, ZooKeeper 3.5]
    Reconfig {
        /// The new list.
        members: u64,
    },
}

impl Txn {
    /// Its name in traces.
    pub fn name(&self) -> &'static str {
        match self {
            Txn::CreateSession { .. } => "createSession",
            Txn::CloseSession { .. } => "closeSession",
            Txn::Register { .. } => "registerBroker",
            Txn::NameCluster { .. } => "nameCluster",
            Txn::TakeController { .. } => "takeController",
            Txn::CreateTopic { .. } => "createTopic",
            Txn::SetPartition { .. } => "setPartition",
            Txn::Configure { .. } => "configure",
            Txn::Reconfig { .. } => "reconfig",
        }
    }
}

/// What a transaction changed that somebody watches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Touched {
    /// `/controller` is gone.
    pub controller_gone: bool,
    /// The children of `/brokers/ids` changed.
    pub ids: bool,
}

/// One server's tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Znodes {
    /// Open sessions and their brokers.
    pub sessions: Vec<(SessionId, u8)>,
    /// `/cluster/id`
    pub cluster: Option<u8>,
    /// `/brokers/ids/*` with the owning session, by broker.
    pub ids: Vec<(u8, SessionId)>,
    /// `/controller` with the owning session.
    pub controller: Option<(u8, SessionId)>,
    /// `/controller_epoch`
    pub controller_epoch: u32,
    /// `/brokers/topics/jobs`, if it exists: replicas and state of each partition.
    pub jobs: Vec<(Assignment, PartitionState)>,
    /// `/config/clients` and `/kafka-acl`.
    pub rules: Rules,
    /// `/zookeeper/config`: 0 while the list is the one in each server's own file.
    pub config: u64,
}

impl Znodes {
    /// The registered brokers, as bits.
    pub fn live(&self) -> u32 {
        self.ids.iter().fold(0, |mask, (b, _)| mask | 1 << b)
    }

    /// Is this session open?
    pub fn has_session(&self, session: SessionId) -> bool {
        self.sessions.iter().any(|(s, _)| *s == session)
    }

    /// Applies one transaction; what cannot be done (the node exists already) changes nothing.
    pub fn apply(&mut self, txn: &Txn) -> Touched {
        let mut touched = Touched::default();
        match *txn {
            Txn::CreateSession { session, broker } => self.sessions.push((session, broker)),
            Txn::CloseSession { session } => {
                self.sessions.retain(|(s, _)| *s != session);
                let before = self.ids.len();
                self.ids.retain(|(_, s)| *s != session);
                touched.ids = self.ids.len() != before;
                if self.controller.is_some_and(|(_, s)| s == session) {
                    self.controller = None;
                    touched.controller_gone = true;
                }
            }
            Txn::Register { session, broker, cluster } if self.has_session(session) => {
                self.cluster.get_or_insert(cluster);
                self.ids.retain(|(b, _)| *b != broker);
                self.ids.push((broker, session));
                crate::order::sort_few(&mut self.ids, |id| *id);
                touched.ids = true;
            }
            Txn::Configure { rules } => self.rules = rules,
            Txn::NameCluster { cluster } => {
                self.cluster.get_or_insert(cluster);
            }
            Txn::TakeController { session, broker } if self.controller.is_none() && self.has_session(session) => {
                self.controller = Some((broker, session));
                self.controller_epoch += 1;
            }
            Txn::CreateTopic { partitions, replication, start } if self.jobs.is_empty() => {
                let live = self.live();
                if live.count_ones() >= u32::from(replication) {
                    self.jobs = crate::kafka::metadata::place(live, partitions, replication, start);
                }
            }
            Txn::SetPartition { partition, state } => {
                if let Some((_, slot)) = self.jobs.get_mut(usize::from(partition))
                    && state.leader_epoch >= slot.leader_epoch
                {
                    *slot = state;
                }
            }
            Txn::Reconfig { members } => self.config = members,
            Txn::Register { .. } | Txn::TakeController { .. } | Txn::CreateTopic { .. } => {}
        }
        touched
    }
}
