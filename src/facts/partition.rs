//! A partition: what each tree, each controller and each broker believes of it, beside each other.
use super::{Sheet, set, state};
use crate::kafka::metadata::{Assignment, PartitionState};
use crate::limits::CONSUMERS;
use crate::sim::Simulation;
use crate::words::{number, say};

type Jobs = [(Assignment, PartitionState)];

pub(super) fn fill(sim: &Simulation, p: u8, s: &mut Sheet) {
    let at = usize::from(p);
    if at >= sim.clients.positions.len() {
        return;
    }
    s.open("Who leads it, by whom you ask");
    let mut first = None;
    let mut ask = |name: &str, jobs: &Jobs, source: &'static str, note: &'static str, s: &mut Sheet| {
        let found = jobs.get(at).map(|(_, state)| *state);
        let value = found.as_ref().map_or("no such partition".into(), state);
        s.noted(name, value, source, note);
        s.mark(*first.get_or_insert(found) != found);
    };
    for (i, e) in sim.view().ensembles.iter().enumerate().filter(|(_, e)| e.leader != 0) {
        let name = super::title(sim, super::Subject::Ensemble(i));
        if let Some(peer) = sim.peers().iter().find(|peer| peer.sid == e.leader) {
            ask(&say!(name, ", zk", e.leader), &peer.tree.jobs, "/brokers/topics/jobs/partitions/N/state", "", s);
        } else if let Some(node) = sim.quorum().iter().find(|n| n.sid == e.leader) {
            ask(&say!("metadata log, controller ", e.leader), &node.image.jobs, "PartitionRecord", "", s);
        }
    }
    for b in sim.brokers().iter().skip(1) {
        if let Some(c) = &b.controller {
            ask(&say!("broker ", b.id, ", as controller"), &c.jobs, "ControllerContext", "", s);
        }
    }
    for b in sim.brokers().iter().skip(1).filter(|b| b.is_up()) {
        match &b.metadata {
            Some(m) => ask(&say!("broker ", b.id), &m.jobs, "MetadataCache", "", s),
            None => ask(&say!("broker ", b.id), &[], "MetadataCache", "it has no metadata", s),
        }
    }
    logs(sim, at, s);
    s.open("Its consumer");
    let position = sim.clients.positions.get(at).copied().unwrap_or(0);
    s.row(&say!("consumer ", u64::from(p % CONSUMERS) + 1), say!("reads offset ", position, " next"), "position");
}

/// What is on whose disk.
fn logs(sim: &Simulation, at: usize, s: &mut Sheet) {
    s.open("Logs");
    for b in sim.brokers().iter().skip(1) {
        let Some(r) = b.replicas.get(at) else { continue };
        let assigned = b.metadata.as_ref().and_then(|m| m.jobs.get(at)).is_some_and(|(a, _)| a.has(b.id));
        if r.leo == 0 && !assigned {
            continue; // it has never held a replica
        }
        let open = say!("LEO ", r.leo, ", high watermark ", r.hw());
        let value = if r.leader == b.id { say!(open, ", ISR ", set(r.isr)) } else { open };
        let note = match (b.is_up(), r.leader) {
            (false, _) => "its broker is down: the log stays on its disk",
            (true, 0) if !assigned => "no longer a replica here: the log stays on its disk",
            (true, leader) if leader == b.id => "it leads",
            (true, _) if r.joined => "it follows",
            _ => "it has not caught up with its leader",
        };
        s.noted(&say!("broker ", b.id), value, "Partition.log", note);
        if r.leader == b.id {
            let waiting = r.waiting.iter().filter(|since| **since != 0).count() as u64;
            s.row("writes that wait for replicas there", number(waiting), "DelayedProduce");
        }
    }
}
