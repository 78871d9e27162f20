//! The recoveries. Each is what people would do, or hope for, and has its own price.
use super::{Ops, Step};
use crate::ensemble::Peer;
use crate::ensemble::Power;
use crate::ensemble::membership::bits;
use crate::event::{Actor, What};
use crate::kafka::Broker;
use crate::kafka::broker::Next;
use crate::message::OpsDue;
use crate::sim::outbox::{Outbox, SECOND};

/// What people do at `healAt`, in the order of the parameter `heal`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recovery {
    /// Nothing.
    None,
    /// Stop the second cluster, send the brokers home, take its hosts back one at a time.
    Kill,
    /// Restart the old hosts with the new list, one at a time.
    FinishRollout,
    /// Take the moved brokers back; the second ensemble stays.
    Repoint,
    /// The second cluster's hosts find the first by themselves. [talk: real ZooKeeper does not do this]
    Auto,
}

/// The recoveries by their place in the parameter.
pub const RECOVERIES: [Recovery; 5] =
    [Recovery::None, Recovery::Kill, Recovery::FinishRollout, Recovery::Repoint, Recovery::Auto];

impl Ops {
    /// The leader that people keep: the one most old hosts follow.
    pub fn main_leader(&self, peers: &[Peer]) -> Option<u8> {
        let backers = |leader: u8| bits(self.old).filter(|ix| peers[usize::from(*ix)].leader() == Some(leader)).count();
        let leaders = peers.iter().filter(|p| p.serves_as_leader()).map(|p| p.ix);
        leaders.max_by_key(|ix| (backers(*ix), std::cmp::Reverse(*ix)))
    }

    /// What people mean to do at this time, or that they mean to do nothing.
    pub fn plan_recovery(&mut self, kind: u64, at: u64, out: &mut Outbox) {
        self.plan = kind as u8;
        if kind != 0 && !self.noted && at >= out.now {
            self.noted = true;
            out.wake_ops(at, OpsDue::Heal);
        }
    }

    /// Is there a second leader that something could be done about?
    fn second(&self, peers: &[Peer]) -> Option<u8> {
        let leaders = peers.iter().filter(|p| p.serves_as_leader()).count();
        self.main_leader(peers).filter(|_| leaders > 1)
    }

    /// Stops everything that does not serve under the main leader, and plans its return, one at a time. [recorded: the old
    /// ensemble does not notice; each wiped host follows after about 0.6 s] With `by_hand` the moved brokers are
    /// restarted too; without, they must find home by themselves. Without a second leader: a logged no-op.
    pub fn kill(&mut self, by_hand: bool, peers: &mut [Peer], brokers: &[Broker], out: &mut Outbox) {
        let Some(main) = self.second(peers) else { return out_of_work(out) };
        self.judge(peers);
        (self.called_off, self.healing) = (true, true);
        self.wiped |= !by_hand;
        self.script.clear();
        self.current = None;
        let in_main = |p: &Peer| p.serves() && p.leader() == Some(main);
        let targets: Vec<u8> = bits(self.fresh).filter(|ix| !in_main(&peers[usize::from(*ix)])).collect();
        self.joined = bits(self.fresh).filter(|ix| !targets.contains(ix)).fold(0, |mask, ix| mask | 1 << ix);
        let moved = if by_hand { brokers.iter().filter(|b| b.on_fresh).count() as u32 } else { 0 };
        self.stepped_in = Some(out.now);
        out.emit(Actor::Operator, What::HealStarted { hosts: targets.len() as u32, brokers: moved });
        let cause = out.cause();
        for &ix in &targets {
            let peer = &mut peers[usize::from(ix)];
            if matches!(peer.power, Power::Up | Power::Frozen) {
                peer.stop(out);
            }
            peer.power = Power::Off;
            self.script.push_back(Step::Rejoin(ix));
            out.because(cause);
        }
        if by_hand {
            out.wake_ops(out.now + SECOND, OpsDue::ReturnBrokers);
        }
        self.advance(peers, out);
    }

    /// Every old host restarts with the new list, ascending; the next when it follows, or after 17 s. [recorded: with equal
    /// epochs they follow the second leader, and several different trees serve; with a higher old epoch they refuse it and
    /// look for ever]
    ///
    /// Brokers whose sessions nobody knows any more are given the new hosts to connect to. [simplified]
    pub fn finish_rollout(&mut self, peers: &mut [Peer], brokers: &mut [Broker], out: &mut Outbox) {
        if self.fresh == 0 || self.rolled_out || self.healing {
            return out_of_work(out);
        }
        self.judge(peers);
        (self.called_off, self.healing, self.rolled_out) = (true, true, true);
        self.script.clear();
        self.current = None;
        self.stepped_in = Some(out.now);
        out.emit(Actor::Operator, What::RolloutStarted { hosts: self.old.count_ones() });
        for broker in brokers {
            broker.spare = self.fresh;
        }
        self.script.extend(bits(self.old).map(Step::Roll));
        self.advance(peers, out);
    }

    /// Only the moved brokers are taken back: their sessions close, and with them their ids and `/controller` go from the
    /// second tree. The second ensemble stays, and with it the danger.
    pub fn repoint(&mut self, brokers: &mut [Broker], out: &mut Outbox) {
        let moved = brokers.iter().filter(|b| b.on_fresh).count() as u32;
        if moved == 0 {
            return out_of_work(out);
        }
        self.stepped_in = Some(out.now);
        out.emit(Actor::Operator, What::HealStarted { hosts: 0, brokers: moved });
        let cause = out.cause();
        for broker in brokers.iter_mut().filter(|b| b.on_fresh) {
            broker.leave(true, Next::Restart(self.old, false), out);
            out.because(cause);
        }
    }

    /// The verdict is the instant before people step in.
    fn judge(&mut self, peers: &[Peer]) {
        if self.verdict.is_none() {
            self.verdict = Some(super::verdict::Verdict::of(peers, self.old, self.fresh));
        }
    }
}

fn out_of_work(out: &mut Outbox) {
    out.emit(Actor::Operator, What::HealNotNeeded);
}
