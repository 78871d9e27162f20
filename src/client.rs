//! The clients of Kafka: producers that enqueue jobs, their retries and dead letters, and consumers.
pub mod backoff;
pub mod books;
pub mod consumer;
pub mod dead_letters;
pub mod job;
pub mod lately;
pub mod long_lived;
pub mod migration;
pub mod producer;
pub mod witness;

pub use books::Clients;

/// The producer that a job comes from, from 0.
pub fn producer_of(serial: u32) -> u8 {
    (serial % u32::from(crate::limits::PRODUCERS)) as u8
}

/// Why an attempt failed, by Kafka's own names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Reason {
    /// Nobody listens there.
    ConnectionRefused,
    /// The broker cannot create the topic: it knows fewer brokers than replicas are wanted.
    InvalidReplicationFactor,
    /// The partition has no leader that the broker knows of.
    LeaderNotAvailable,
    /// The broker that was asked does not lead the partition.
    NotLeader,
    /// The ISR is smaller than min.insync.replicas.
    NotEnoughReplicas,
    /// Committed, but the ISR had become smaller than min.insync.replicas.
    NotEnoughReplicasAfterAppend,
    /// The in-sync replicas did not all answer within request.timeout.ms.
    RequestTimedOut,
    /// The connection broke, or the answer was lost.
    NetworkException,
    /// Two brokers told the client two cluster ids. No Kafka client looks. [talk]
    ConflictingMetadata,
    /// The application may not write to this topic. Trying again would not help.
    TopicAuthorizationFailed,
}

/// Every reason with Kafka's spelling and a few plain words.
pub const REASONS: &[(Reason, &str, &str)] = &[
    (Reason::ConnectionRefused, "CONNECTION_REFUSED", "nobody listens"),
    (Reason::InvalidReplicationFactor, "INVALID_REPLICATION_FACTOR", "no such topic here"),
    (Reason::LeaderNotAvailable, "LEADER_NOT_AVAILABLE", "no leader"),
    (Reason::NotLeader, "NOT_LEADER_OR_FOLLOWER", "not the leader"),
    (Reason::NotEnoughReplicas, "NOT_ENOUGH_REPLICAS", "too few replicas"),
    (Reason::NotEnoughReplicasAfterAppend, "NOT_ENOUGH_REPLICAS_AFTER_APPEND", "too few replicas"),
    (Reason::RequestTimedOut, "REQUEST_TIMED_OUT", "timed out"),
    (Reason::NetworkException, "NETWORK_EXCEPTION", "answer lost"),
    (Reason::ConflictingMetadata, "CONFLICTING_CLUSTER_ID", "two clusters"),
    (Reason::TopicAuthorizationFailed, "TOPIC_AUTHORIZATION_FAILED", "not allowed"),
];

impl Reason {
    /// Does a client ask for metadata again before it tries again? [source: InvalidMetadataException]
    pub fn spoils_metadata(self) -> bool {
        !matches!(
            self,
            Reason::NotEnoughReplicas
                | Reason::NotEnoughReplicasAfterAppend
                | Reason::RequestTimedOut
                | Reason::TopicAuthorizationFailed
        )
    }

    /// Kafka's spelling.
    pub fn name(self) -> &'static str {
        REASONS[self as usize].1
    }

    /// A few plain words.
    pub fn plain(self) -> &'static str {
        REASONS[self as usize].2
    }
}
