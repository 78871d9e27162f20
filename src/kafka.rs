//! Kafka: brokers that obey whichever ensemble they reach, controllers, partitions, replication, metadata.
pub mod access;
pub mod broker;
pub mod controller;
pub mod decide;
pub mod identity;
pub mod link;
pub mod metadata;
pub mod partition;
pub mod producers;
pub mod session;

pub use broker::{Broker, BrokerPower};

/// What all brokers of a run have in common.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Partitions of `jobs`.
    pub partitions: u8,
    /// replication.factor
    pub replication: u8,
    /// min.insync.replicas
    pub min_insync: u32,
    /// zookeeper.session.timeout.ms, µs.
    pub session: u64,
    /// Chance of a lost acknowledgement, in millionths of a percent.
    pub ack_loss: u64,
    /// A broker stays down in a cluster with another id than the one on its disk.
    pub guard: bool,
    /// Producers number their batches, and leaders recognise copies.
    pub idempotent: bool,
    /// Producer ids there are; 0: one per job.
    pub producer_ids: u8,
    /// There are quotas somewhere.
    pub quotas: bool,
    /// Who may write.
    pub authorizer: access::Authorizer,
}

#[cfg(test)]
impl Settings {
    /// So many partitions with so many copies, of which `min_insync` must answer; nothing else is switched on.
    pub fn plain(partitions: u8, replication: u8, min_insync: u32) -> Settings {
        let (session, ack_loss) = (18_000_000, 0);
        let (guard, idempotent, producer_ids, quotas) = (false, false, 0, false);
        let authorizer = access::Authorizer::Off;
        Settings {
            partitions,
            replication,
            min_insync,
            session,
            ack_loss,
            guard,
            idempotent,
            producer_ids,
            quotas,
            authorizer,
        }
    }
}

/// How long a restart takes. [simplified]
pub const RESTART: u64 = 1_000_000;
/// From a broker's registration to the controller's announcement. [recorded fit: metadata agrees 0.7 s later]
pub const ADMISSION: u64 = 700_000;
/// How long a controlled shutdown may take before the broker stops anyway. [simplified]
pub const SHUTDOWN_LIMIT: u64 = 1_000_000;
/// request.timeout.ms [source]
pub const REQUEST_TIMEOUT: u64 = 30_000_000;
/// Pause before the next ZooKeeper server is tried. [simplified: up to 1 s]
pub const RECONNECT: u64 = 200_000;
/// Pause before a follower asks its leader again. [simplified]
pub const FETCH_PAUSE: u64 = 100_000;
