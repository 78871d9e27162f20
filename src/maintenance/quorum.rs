//! How hosts join a KRaft quorum: they boot and observe at any rate, and the operator adds them to the voters one at a time.
//! The server list given does not matter: the voters are a record in the log.
use super::verdict::{Mode, Outcome, Verdict};
use super::{Ops, Policy};
use crate::ensemble::Power;
use crate::ensemble::membership::bits;
use crate::event::{Actor, What};
use crate::message::OpsDue;
use crate::metrics::Milestone;
use crate::raft::{ADD_PATIENCE, ADD_TOOL, Happened, Node, State};
use crate::scenario::Role;
use crate::sim::outbox::Outbox;

impl Ops {
    /// A host enters the inventory, and boots; with an explicit plan it starts at once.
    pub fn on_quorum_register(&mut self, i: u8, nodes: &mut [Node], reached: &mut Vec<Milestone>, out: &mut Outbox) {
        let Some(host) = self.hosts.get(usize::from(i)).copied() else { return };
        if self.called_off {
            return;
        }
        self.note_start(reached, out);
        self.registered |= 1 << host.ix;
        let boot = if self.policy == Policy::Planned { 0 } else { self.boot };
        let node = &mut nodes[usize::from(host.ix)];
        if boot > 0 {
            out.emit(node.actor(), What::Registered);
        }
        node.power = Power::Booting(out.now, out.now + boot);
        out.wake_ops(out.now + boot, OpsDue::Boot(host.ix));
    }

    /// A host starts: an observer until the log names it.
    pub fn on_quorum_boot(&mut self, ix: u8, nodes: &mut [Node], out: &mut Outbox) {
        let node = &mut nodes[usize::from(ix)];
        if !matches!(node.power, Power::Booting(_, until) if until == out.now) {
            return; // called off, or started by hand
        }
        let role = self.hosts.iter().find(|h| h.ix == ix).map_or(node.role, |h| h.role);
        node.start(role, out);
        self.note_fresh_start(ix, out);
    }

    /// The operator's queue: the next host in the plan's order that runs, is in sync and is no voter yet.
    pub fn advance_quorum(&mut self, nodes: &[Node], out: &mut Outbox) {
        if self.adding.is_some_and(|ix| nodes[usize::from(ix)].admitted) {
            self.adding = None;
        }
        let ready = |ix: &u8| nodes.get(usize::from(*ix)).is_some_and(may_be_added);
        if self.adding.is_none()
            && let Some(ix) = self.hosts.iter().map(|h| h.ix).find(ready)
        {
            self.adding = Some(ix);
            let cause = out.cause();
            out.emit(Actor::Operator, What::Raft(Happened::Queued { controller: ix }));
            out.wake_ops(out.now + ADD_TOOL, OpsDue::AddController(ix));
            out.because(cause);
        }
    }

    /// The tool has started on that host, or its patience is over.
    pub fn on_add_controller(&mut self, ix: u8, nodes: &mut [Node], out: &mut Outbox) {
        if self.adding != Some(ix) {
            return;
        }
        let node = &mut nodes[usize::from(ix)];
        if may_be_added(node) {
            node.ask_to_join(out);
            out.wake_ops(out.now + ADD_PATIENCE, OpsDue::AddController(ix));
        } else {
            self.adding = None; // others first; it queues again when it is in sync again
            out.stirred = true;
        }
    }
}

fn may_be_added(node: &Node) -> bool {
    node.is_up() && node.synced && !node.admitted && node.role == Role::Participant && node.fresh
}

impl Verdict {
    /// The verdict on a quorum. A host that joins counts once it is a voter: one that observes while it queues has no vote,
    /// and nothing would be lost without it. A host whose role is observer counts when it observes.
    pub fn of_quorum(nodes: &[Node], old: u64, fresh: u64) -> Verdict {
        let part = |n: &&Node| (old | fresh) >> n.ix & 1 == 1;
        let leaders: Vec<u8> = nodes.iter().filter(|n| n.serves_as_leader(nodes)).map(|n| n.sid).collect();
        let modes: Vec<(u8, Mode)> = nodes.iter().filter(part).map(|n| (n.sid, mode(n, nodes))).collect();
        let done = |ix: &u8| {
            let node = &nodes[usize::from(*ix)];
            match mode(node, nodes) {
                Mode::NotServing => false,
                Mode::Observer => node.role == Role::Observer,
                Mode::Leader | Mode::Follower => true,
            }
        };
        let served = bits(fresh).filter(done).count() as u32;
        Verdict { outcome: Outcome::of(leaders.len(), served, fresh), leaders, modes }
    }
}

/// What a controller does: a voter follows, anybody else observes, and both only while they are in sync with a leader.
fn mode(node: &Node, nodes: &[Node]) -> Mode {
    let leader = node.leader.map(|ix| &nodes[usize::from(ix)]);
    let led = leader.is_some_and(|l| l.epoch == node.epoch && l.serves_as_leader(nodes));
    match node.state {
        State::Leader(_) if node.serves_as_leader(nodes) => Mode::Leader,
        State::Follower if led && node.is_up() && node.synced && node.is_voter() => Mode::Follower,
        State::Follower if led && node.is_up() && node.synced => Mode::Observer,
        _ => Mode::NotServing,
    }
}
