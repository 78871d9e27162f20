//! People cut and mend links.
use super::Simulation;
use crate::event::{Actor, What};
use crate::scenario::{Link, Node};

impl Simulation {
    pub(super) fn cut_link(&mut self, Link { from, to, both }: Link) {
        self.out.emit(Actor::Operator, What::LinkCut { from, to, both });
        self.set_link(from, to, true);
        if both {
            self.set_link(to, from, true);
        }
    }

    pub(super) fn mend_link(&mut self, Link { from, to, both }: Link) {
        self.out.emit(Actor::Operator, What::LinkMended { from, to, both });
        self.set_link(from, to, false);
        if both {
            self.set_link(to, from, false);
        }
    }

    /// Cuts or mends every link of a machine.
    pub(super) fn isolate(&mut self, node: Node, cut: bool) {
        self.out.emit(Actor::Operator, if cut { What::Isolated { node } } else { What::Reconnected { node } });
        for other in self.machines().into_iter().filter(|other| *other != node) {
            self.set_link(node, other, cut);
            self.set_link(other, node, cut);
        }
    }

    fn machines(&self) -> Vec<Node> {
        let peers = self.out.sids.iter().map(|sid| Node::Peer(*sid));
        let brokers = self.brokers.iter().skip(1).map(|b| Node::Broker(b.id));
        let producers = (0..crate::limits::PRODUCERS).map(Node::Producer);
        peers.chain(brokers).chain(producers).chain((0..crate::limits::CONSUMERS).map(Node::Consumer)).collect()
    }

    fn set_link(&mut self, from: Node, to: Node, cut: bool) {
        let out = &mut self.out;
        if cut {
            return out.network.cut(from.into(), to.into(), &out.sids);
        }
        let waiting = out.network.mend(from.into(), to.into(), &out.sids);
        out.release(waiting);
    }
}
