//! What the metadata log says: every record, and the state that a prefix of the log adds up to.
use crate::kafka::access::Rules;
use crate::kafka::metadata::{Assignment, BrokerSet, PartitionState, place};

/// A record of the metadata log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Record {
    /// The first record of an epoch. [source: LeaderChangeMessage]
    LeaderChange,
    /// The voters, as bits by host index. [source: VotersRecord]
    Voters {
        /// All of them.
        voters: u64,
    },
    /// A broker's process registered; it is fenced until its first heartbeat. [source: RegisterBrokerRecord]
    Register {
        /// The broker.
        broker: u8,
        /// Which of its lives: its incarnation.
        life: u32,
    },
    /// A broker may serve. [source: BrokerRegistrationChangeRecord]
    Unfence {
        /// The broker.
        broker: u8,
    },
    /// A broker may not serve: it was silent, or it stops. [source: BrokerRegistrationChangeRecord]
    Fence {
        /// The broker.
        broker: u8,
    },
    /// The topic `jobs`, dealt round robin to the brokers that serve. [source: TopicRecord and its PartitionRecords]
    Topic {
        /// Partitions.
        partitions: u8,
        /// Copies of each.
        replication: u8,
        /// Where the round robin starts, and its shift.
        start: (u8, u8),
    },
    /// Quotas and ACLs. [source: ClientQuotaRecord, AccessControlEntryRecord]
    Configure {
        /// What clients may do.
        rules: Rules,
    },
    /// Leader, epoch and ISR of one partition. [source: PartitionChangeRecord]
    Partition {
        /// The partition.
        partition: u8,
        /// Its state.
        state: PartitionState,
    },
}

impl Record {
    /// Its name in traces.
    pub fn name(&self) -> &'static str {
        match self {
            Record::LeaderChange => "leaderChange",
            Record::Voters { .. } => "voters",
            Record::Register { .. } => "registerBroker",
            Record::Unfence { .. } => "unfenceBroker",
            Record::Fence { .. } => "fenceBroker",
            Record::Configure { .. } => "configure",
            Record::Topic { .. } => "topic",
            Record::Partition { .. } => "partitionChange",
        }
    }

    /// Does it change what brokers are told?
    pub fn concerns_brokers(&self) -> bool {
        !matches!(self, Record::LeaderChange | Record::Voters { .. })
    }
}

/// The cluster as a prefix of the log has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Image {
    /// Brokers that registered once.
    pub registered: BrokerSet,
    /// … that may serve: the unfenced ones.
    pub live: BrokerSet,
    /// … and the life each registered in, by broker.
    lives: Vec<u32>,
    /// The topic `jobs`, if it exists.
    pub jobs: Vec<(Assignment, PartitionState)>,
    /// What clients may do.
    pub rules: Rules,
}

impl Image {
    /// The life in which this broker registered.
    pub fn life(&self, broker: u8) -> Option<u32> {
        (self.registered >> broker & 1 == 1).then(|| self.lives.get(usize::from(broker)).copied()).flatten()
    }

    /// Applies one record.
    pub fn apply(&mut self, record: &Record) {
        match *record {
            Record::LeaderChange | Record::Voters { .. } => {}
            Record::Configure { rules } => self.rules = rules,
            Record::Register { broker, life } => {
                self.registered |= 1 << broker;
                self.live &= !(1 << broker);
                if self.lives.len() <= usize::from(broker) {
                    self.lives.resize(32, 0);
                }
                self.lives[usize::from(broker)] = life;
            }
            Record::Unfence { broker } => self.live |= self.registered & 1 << broker,
            Record::Fence { broker } => self.live &= !(1 << broker),
            Record::Topic { partitions, replication, start } => {
                if self.jobs.is_empty() && self.live.count_ones() >= u32::from(replication) {
                    self.jobs = place(self.live, partitions, replication, start);
                }
            }
            Record::Partition { partition, state } => {
                if let Some((_, slot)) = self.jobs.get_mut(usize::from(partition)) {
                    *slot = state;
                }
            }
        }
    }
}
