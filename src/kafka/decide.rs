//! What a controller decides, whoever it is: pure functions of who may serve and how the partitions stand.
use super::metadata::{Assignment, BrokerSet, PartitionState};
use crate::event::What;

/// Leaders that are gone are replaced by the first live ISR replica in assignment order, and those that are gone leave the
/// ISRs; a sole member stays in its ISR, leaderless. Unclean election is off. Returns what changed. [source]
pub fn elect(able: BrokerSet, jobs: &mut [(Assignment, PartitionState)]) -> Vec<(u8, PartitionState)> {
    let mut changes = Vec::new();
    for (p, (assignment, state)) in jobs.iter_mut().enumerate() {
        let staying = state.isr & able;
        let isr = if staying == 0 { state.isr } else { staying };
        let leader = match able >> state.leader & 1 == 1 && state.leader != 0 {
            true => state.leader,
            false => assignment.0.iter().copied().find(|b| staying >> b & 1 == 1).unwrap_or(0),
        };
        if leader == state.leader && isr == state.isr {
            continue;
        }
        *state = PartitionState { leader, leader_epoch: state.leader_epoch + 1, isr };
        changes.push((p as u8, *state));
    }
    changes
}

/// May a leader have this ISR? Only of its present epoch, and only brokers that may serve. [source: AlterPartition]
pub fn accepts_isr(state: &PartitionState, leader_epoch: u32, isr: BrokerSet, able: BrokerSet) -> bool {
    state.leader_epoch == leader_epoch && isr & !able == 0
}

/// What to call a change from one ISR to another.
pub fn isr_event(partition: u8, was: BrokerSet, isr: BrokerSet) -> What {
    if isr & !was == 0 { What::IsrShrunk { partition, isr } } else { What::IsrExpanded { partition, isr } }
}
