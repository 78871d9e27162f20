//! More hosts than were planned: they join a run that goes on.
use super::Simulation;
use crate::ensemble::Peer;
use crate::params::Key;
use crate::raft::Node;

impl Simulation {
    /// Adds hosts whose sids follow the highest; the maintenance takes them in by its policy.
    pub(super) fn add_nodes(&mut self, count: u8) {
        let first = self.out.sids.len();
        let hosts = first + usize::from(count);
        let last = self.out.sids.last().copied().unwrap_or(0);
        if hosts > crate::limits::MAX_SIDS || last.checked_add(count).is_none() {
            return;
        }
        self.out.grow(hosts);
        self.peers.iter_mut().for_each(|peer| peer.grow(hosts));
        let p = &self.scenario.params;
        let topic = (p.get(Key::Partitions) as u8, p.get(Key::ReplicationFactor) as u8);
        let timing = self.peers.first().map(|peer| peer.timing);
        for ix in first..hosts {
            let sid = self.out.sids[ix];
            match timing {
                Some(timing) => self.peers.push(Peer::new(ix as u8, sid, true, hosts, timing)),
                None => self.quorum.push(Node::new(ix as u8, sid, true, self.ops.old, topic)),
            }
        }
        self.ops.on_more(first as u8..hosts as u8, &mut self.out);
    }
}
