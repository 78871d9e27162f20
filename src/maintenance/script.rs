//! What is done one thing after the other: the next step waits until the host of the present one serves.
use super::{Ops, PROCESS_START, Policy};
use crate::ensemble::Peer;
use crate::ensemble::membership::{Members, bits};
use crate::event::{Actor, What};
use crate::message::OpsDue;
use crate::sim::outbox::{Outbox, SECOND};

/// How long a roll-out waits for one host before it goes on without it. [recorded: 17 s]
const PATIENCE: u64 = 17 * SECOND;

/// One step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// A new host boots.
    Fresh(u8),
    /// A server restarts with the new list.
    Roll(u8),
    /// A host comes back, wiped or not.
    Rejoin(u8),
    /// The ensemble agrees on a new member. [source: reconfig -add]
    Admit(u8),
    /// An old host is taken out.
    Retire(u8),
}

impl Step {
    /// The host it is about.
    pub fn host(self) -> u8 {
        match self {
            Step::Fresh(ix) | Step::Roll(ix) | Step::Rejoin(ix) | Step::Admit(ix) | Step::Retire(ix) => ix,
        }
    }
}

impl Ops {
    /// The members that everybody is to know next: those let in, and the one that is joining.
    pub(super) fn target(&self) -> u64 {
        let joining = self.current.filter(|s| matches!(s, Step::Fresh(_))).map_or(0, |s| 1 << s.host());
        self.old & !self.retired | self.joined | joining
    }

    /// Goes on with the script when the step it waits for is done.
    pub fn advance(&mut self, peers: &mut [Peer], out: &mut Outbox) {
        loop {
            if let Some(step) = self.current {
                if !self.is_done(step, peers, out) {
                    return;
                }
                self.finish(step, peers, out);
            }
            if self.script.is_empty() {
                self.plan_next(peers);
            }
            let Some(step) = self.script.pop_front() else { return };
            self.begin_step(step, peers, out);
        }
    }

    fn is_done(&self, step: Step, peers: &mut [Peer], out: &mut Outbox) -> bool {
        match step {
            Step::Fresh(ix) | Step::Roll(ix) => peers[usize::from(ix)].serves(),
            Step::Rejoin(ix) => {
                let peer = &peers[usize::from(ix)];
                peer.serves() && peer.leader() == self.main_leader(peers)
            }
            Step::Admit(ix) => self.agreed(self.target() | 1 << ix, peers, out),
            Step::Retire(ix) if self.policy == Policy::DynamicReconfig => {
                self.agreed(self.target() & !(1 << ix), peers, out)
            }
            Step::Retire(_) => true,
        }
    }

    /// Has the ensemble agreed on this list? If not, its leader is asked to propose it.
    fn agreed(&self, members: u64, peers: &mut [Peer], out: &mut Outbox) -> bool {
        let Some(leader) = self.main_leader(peers) else { return false };
        let leader = &mut peers[usize::from(leader)];
        if leader.tree.config != members {
            leader.reconfigure(Members(members), out);
        }
        leader.tree.config == members
    }

    fn finish(&mut self, step: Step, peers: &mut [Peer], out: &mut Outbox) {
        self.current = None;
        match step {
            Step::Fresh(ix) => {
                self.joined |= 1 << ix & self.fresh;
                self.plan_roll(ix, peers);
            }
            Step::Admit(ix) | Step::Rejoin(ix) => self.joined |= 1 << ix & self.fresh,
            Step::Retire(ix) => {
                self.retired |= 1 << ix;
                if peers[usize::from(ix)].is_up() {
                    peers[usize::from(ix)].stop(out);
                }
                if self.policy == Policy::OneByOne {
                    self.plan_roll(ix, peers);
                }
            }
            Step::Roll(_) => {}
        }
        if self.healing && self.script.is_empty() {
            self.healing = false;
            out.emit(Actor::Operator, What::HealEnded);
        }
    }

    /// With nothing left to do: who waits to be let in, or, when all are in, to be taken out?
    fn plan_next(&mut self, peers: &[Peer]) {
        if self.called_off || self.fresh == 0 || !matches!(self.policy, Policy::OneByOne | Policy::DynamicReconfig) {
            return;
        }
        let waiting = bits(self.fresh & !self.joined).find(|ix| peers[usize::from(*ix)].serves());
        if let Some(ix) = waiting.filter(|_| self.policy == Policy::DynamicReconfig) {
            return self.script.push_back(Step::Admit(ix));
        }
        if self.joined == self.fresh
            && let Some(ix) = bits(self.removed & !self.retired).next()
        {
            self.script.push_back(Step::Retire(ix));
        }
    }

    fn begin_step(&mut self, step: Step, peers: &mut [Peer], out: &mut Outbox) {
        self.current = Some(step);
        self.steps += 1;
        let peer = &mut peers[usize::from(step.host())];
        match step {
            Step::Fresh(ix) => self.boot_host(ix, self.boot, peers, out),
            Step::Roll(ix) => {
                peer.stop(out);
                self.boot_host(ix, PROCESS_START, peers, out);
                if self.rolled_out {
                    out.wake_ops(out.now + PATIENCE, OpsDue::GiveUpStep(self.steps));
                }
            }
            Step::Rejoin(ix) => {
                if peer.is_up() {
                    peer.stop(out); // somebody started it by hand meanwhile
                }
                if self.wiped {
                    peer.wipe(out);
                }
                self.boot_host(ix, PROCESS_START, peers, out);
            }
            Step::Admit(_) | Step::Retire(_) => {}
        }
    }

    /// The host has had its time: on with the next.
    pub fn on_give_up_step(&mut self, number: u32, peers: &mut [Peer], out: &mut Outbox) {
        if let Some(step) = self.current.filter(|_| number == self.steps) {
            out.emit(Actor::Operator, What::StepGivenUp { sid: peers[usize::from(step.host())].sid });
            self.finish(step, peers, out);
            self.advance(peers, out);
        }
    }

    /// Everybody else gets the new list: ascending, the leader last.
    fn plan_roll(&mut self, but: u8, peers: &[Peer]) {
        let others = self.target() & !(1 << but);
        let leader = bits(others).find(|ix| peers[usize::from(*ix)].serves_as_leader());
        let rest = bits(others).filter(|ix| Some(*ix) != leader);
        for ix in rest.chain(leader).collect::<Vec<_>>().into_iter().rev() {
            self.script.push_front(Step::Roll(ix));
        }
    }
}
