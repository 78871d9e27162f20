//! What people do to the running cluster: stop, start, freeze, thaw; move brokers and bring them home.
use super::Simulation;
use super::outbox::{Outbox, SECOND};
use crate::ensemble::{Peer, Power};
use crate::event::What;
use crate::kafka::broker::Next;
use crate::maintenance::PROCESS_START;
use crate::maintenance::recovery::{RECOVERIES, Recovery};
use crate::message::{Due, OpsDue};
use crate::metrics::Milestone;
use crate::params::Key;
use crate::scenario::{Command, Node};

impl Simulation {
    pub(super) fn move_broker(&mut self, broker: u8) {
        let (clean, fresh) = (self.clean_moves(), self.ops.fresh);
        if let Some(b) = self.brokers.get_mut(usize::from(broker)).filter(|b| !b.on_fresh) {
            b.leave(clean, Next::Restart(fresh, true), &mut self.out);
            self.reach(Milestone::BrokerMoved);
        }
    }

    fn clean_moves(&self) -> bool {
        self.scenario.params.get(Key::MoveMode) == 0
    }

    /// After a `kill`: there is no ensemble left to hand anything over to.
    pub(super) fn return_brokers(&mut self) {
        let cause = self.out.cause();
        for broker in self.brokers.iter_mut().filter(|b| b.on_fresh) {
            broker.leave(false, Next::Restart(self.ops.old, false), &mut self.out);
            self.out.because(cause);
        }
    }

    /// The recovery that the scenario names.
    pub(super) fn heal(&mut self) {
        let kind = RECOVERIES.get(usize::from(self.ops.plan)).copied();
        let (ops, peers, out) = (&mut self.ops, &mut self.peers, &mut self.out);
        match kind.unwrap_or(Recovery::None) {
            Recovery::None => {}
            Recovery::Kill => ops.kill(true, peers, &self.brokers, out),
            Recovery::Auto => ops.kill(false, peers, &self.brokers, out),
            Recovery::FinishRollout => ops.finish_rollout(peers, &mut self.brokers, out),
            Recovery::Repoint => ops.repoint(&mut self.brokers, out),
        }
    }

    pub(super) fn command(&mut self, command: Command) {
        if self.is_kraft() && self.quorum_command(command) {
            return;
        }
        match command {
            Command::Stop(Node::Peer(sid)) => self.with_peer(sid, |p, out| p.stop(out)),
            Command::Start(Node::Peer(sid)) => self.with_peer(sid, start_peer),
            Command::Freeze(Node::Peer(sid)) => self.with_peer(sid, |p, out| {
                if p.power == Power::Up {
                    p.power = Power::Frozen;
                    out.stirred = true;
                    out.emit(p.actor(), What::Frozen);
                }
            }),
            Command::Thaw(Node::Peer(sid)) => self.thaw(sid),
            Command::Stop(Node::Broker(id)) => {
                self.brokers[usize::from(id)].leave(false, Next::Stay, &mut self.out);
            }
            Command::Start(Node::Broker(id)) => self.brokers[usize::from(id)].start(&mut self.out),
            Command::MoveBroker(id) => self.move_broker(id),
            Command::ReturnBroker(id) => {
                let next = Next::Restart(self.ops.old, false);
                self.brokers[usize::from(id)].leave(true, next, &mut self.out);
            }
            Command::KillSecondCluster => self.ops.kill(true, &mut self.peers, &self.brokers, &mut self.out),
            Command::FinishRollout => self.ops.finish_rollout(&mut self.peers, &mut self.brokers, &mut self.out),
            Command::AddNodes(count) => self.add_nodes(count),
            Command::StartDrain => self.clients.set_drain(true, &mut self.out),
            Command::StopDrain => self.clients.set_drain(false, &mut self.out),
            Command::CrashConsumer(consumer) => self.clients.crash_consumer(consumer, &mut self.out),
            Command::CutLink(link) => self.cut_link(link),
            Command::MendLink(link) => self.mend_link(link),
            Command::Isolate(node) => self.isolate(node, true),
            Command::Rejoin(node) => self.isolate(node, false),
            // Nothing but hosts and brokers can be stopped or frozen, and the door says so.
            Command::Stop(_) | Command::Start(_) | Command::Freeze(_) | Command::Thaw(_) => {}
            Command::Set(key, value) => self.set(key, value),
        }
    }

    fn with_peer(&mut self, sid: u8, act: impl FnOnce(&mut Peer, &mut Outbox)) {
        if let Some(peer) = self.peers.iter_mut().find(|p| p.sid == sid) {
            act(peer, &mut self.out);
            let ix = peer.ix;
            if peer.power == Power::Off {
                self.held.retain(|(p, _, _)| *p != ix);
            }
        }
    }

    /// What it has not heard comes first, then its timers: sockets are drained by their own threads.
    fn thaw(&mut self, sid: u8) {
        let Some(peer) = self.peers.iter_mut().find(|p| p.sid == sid && p.power == Power::Frozen) else { return };
        peer.power = Power::Up;
        self.out.stirred = true;
        self.out.emit(peer.actor(), What::Thawed);
        let ix = peer.ix;
        let is_timer = |due: &Due| matches!(due, Due::PeerTimer { .. });
        let (mut mine, rest): (Vec<_>, Vec<_>) = std::mem::take(&mut self.held).into_iter().partition(|h| h.0 == ix);
        self.held = rest;
        crate::order::sort_few(&mut mine, |(_, _, due)| is_timer(due));
        for (_, cause, due) in mine {
            self.out.redeliver(self.out.now, cause, due);
        }
    }

    /// The maintenance rolls brokers onto the new hosts: the highest ids, one per second.
    pub(super) fn move_brokers(&mut self) {
        let count = self.scenario.params.get(Key::MovedBrokers) as usize;
        let n = self.brokers.len() - 1;
        for i in 0..count.min(n) {
            let at = self.out.now + i as u64 * SECOND;
            self.out.wake_ops(at, OpsDue::Move((n - i) as u8));
        }
    }
}

/// A stopped host's process starts with the list it had.
fn start_peer(peer: &mut Peer, out: &mut Outbox) {
    if peer.power == Power::Off && !peer.list.is_empty() {
        out.emit(peer.actor(), What::Started);
        peer.power = Power::Booting(out.now, out.now + PROCESS_START);
        out.wake_ops(out.now + PROCESS_START, OpsDue::Restart(peer.ix));
    }
}

/// … and is there.
pub(super) fn restart_peer(peer: &mut Peer, out: &mut Outbox) {
    if matches!(peer.power, Power::Booting(_, until) if until == out.now) {
        peer.start(peer.list, peer.role, out);
    }
}
