//! The recovery `kill`: stop the second cluster, send the brokers home, wipe its hosts and add them one at a time.
//! [recorded: the old ensemble does not notice; each wiped host follows after about 0.6 s]
use super::{Ops, Step};
use crate::ensemble::Peer;
use crate::ensemble::Power;
use crate::ensemble::membership::bits;
use crate::event::{Actor, What};
use crate::kafka::Broker;
use crate::message::OpsDue;
use crate::sim::outbox::{Outbox, SECOND};

impl Ops {
    /// The leader that people keep: the one most old hosts follow.
    pub fn main_leader(&self, peers: &[Peer]) -> Option<u8> {
        let backers = |leader: u8| bits(self.old).filter(|ix| peers[usize::from(*ix)].leader() == Some(leader)).count();
        let leaders = peers.iter().filter(|p| p.serves_as_leader()).map(|p| p.ix);
        leaders.max_by_key(|ix| (backers(*ix), std::cmp::Reverse(*ix)))
    }

    /// Stops everything that does not serve under the main leader, and plans its return. Without a second leader there
    /// is nothing to kill: a logged no-op.
    pub fn kill(&mut self, peers: &mut [Peer], brokers: &[Broker], out: &mut Outbox) {
        let leaders = peers.iter().filter(|p| p.serves_as_leader()).count();
        let Some(main) = self.main_leader(peers).filter(|_| leaders > 1 && !self.healing) else {
            out.emit(Actor::Operator, What::HealNotNeeded);
            return;
        };
        if self.verdict.is_none() {
            self.verdict = Some(super::verdict::Verdict::of(peers, self.old, self.fresh));
        }
        (self.called_off, self.healing) = (true, true);
        self.script.clear();
        self.current = None;
        let in_main = |p: &Peer| p.serves() && p.leader() == Some(main);
        let targets: Vec<u8> = bits(self.fresh).filter(|ix| !in_main(&peers[usize::from(*ix)])).collect();
        self.joined = bits(self.fresh).filter(|ix| !targets.contains(ix)).fold(0, |mask, ix| mask | 1 << ix);
        let moved = brokers.iter().filter(|b| b.on_fresh).count() as u32;
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
        out.wake_ops(out.now + SECOND, OpsDue::ReturnBrokers);
        self.advance(peers, out);
    }
}
