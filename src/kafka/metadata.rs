//! What brokers tell clients and each other: partitions, replicas, leaders, ISRs; and where replicas are placed.

use super::access::Rules;

/// Brokers as bits by id.
pub type BrokerSet = u32;

/// The replicas of one partition, in assignment order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment(pub Box<[u8]>);

impl Assignment {
    /// Does this broker hold a replica?
    pub fn has(&self, broker: u8) -> bool {
        self.0.contains(&broker)
    }

    /// All of them, as bits.
    pub fn set(&self) -> BrokerSet {
        self.0.iter().fold(0, |mask, b| mask | 1 << b)
    }
}

/// Leader and in-sync replicas of one partition.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PartitionState {
    /// The leader; 0 means none (−1 in ZooKeeper).
    pub leader: u8,
    /// Grows with each leader.
    pub leader_epoch: u32,
    /// The in-sync replicas.
    pub isr: BrokerSet,
}

/// One controller's announcement: what a broker answers metadata requests with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Metadata {
    /// The cluster id of the controller.
    pub cluster: u8,
    /// The controller.
    pub controller: u8,
    /// Its epoch. Brokers ignore smaller ones than they have seen.
    pub controller_epoch: u32,
    /// Live brokers.
    pub live: BrokerSet,
    /// The topic `jobs`; empty when it does not exist.
    pub jobs: Vec<(Assignment, PartitionState)>,
    /// Where it ends in the metadata log; 0 with ZooKeeper.
    pub offset: u32,
    /// What its clients may do.
    pub rules: Rules,
}

/// The set brokers, lowest first.
pub fn brokers(set: BrokerSet) -> impl Iterator<Item = u8> {
    crate::ensemble::membership::bits(u64::from(set))
}

/// Kafka's rack-unaware round robin. `start` is the first broker's position and the shift of the followers, both drawn
/// from the seed. [source: AdminUtils.assignReplicasToBrokersRackUnaware]
pub fn place(live: BrokerSet, partitions: u8, replication: u8, start: (u8, u8)) -> Vec<(Assignment, PartitionState)> {
    let ids: Vec<u8> = brokers(live).collect();
    let n = ids.len();
    if n == 0 {
        return Vec::new();
    }
    let mut shift = usize::from(start.1);
    let mut out = Vec::with_capacity(usize::from(partitions));
    for p in 0..usize::from(partitions) {
        if p > 0 && p % n == 0 {
            shift += 1;
        }
        let first = (p + usize::from(start.0)) % n;
        let follower = |j: usize| (first + 1 + (shift + j) % (n - 1).max(1)) % n;
        let rest = (0..usize::from(replication).saturating_sub(1)).map(|j| ids[follower(j)]);
        let replicas: Box<[u8]> = std::iter::once(ids[first]).chain(rest).collect();
        let assignment = Assignment(replicas);
        let state = PartitionState { leader: assignment.0[0], leader_epoch: 0, isr: assignment.set() };
        out.push((assignment, state));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::place;

    #[test]
    fn replicas_are_dealt_round_robin_and_never_twice_to_one_broker() {
        for (n, rf) in [(1u32, 1u8), (3, 3), (10, 3), (30, 5)] {
            let live = ((1u64 << (n + 1)) - 2) as u32;
            for (p, (assignment, state)) in place(live, 100, rf, (2, 1)).iter().enumerate() {
                assert_eq!(assignment.0.len(), usize::from(rf));
                assert_eq!(assignment.set().count_ones(), u32::from(rf), "partition {p} of {n} brokers");
                assert_eq!(state.isr, assignment.set());
                assert_eq!(u32::from(assignment.0[0]), (p as u32 + 2) % n + 1);
            }
        }
    }
}
