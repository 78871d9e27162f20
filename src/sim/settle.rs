//! After each step: the books, the milestones, and whatever depends on who leads.
use super::Simulation;
use super::outbox::Note;
use crate::ensemble::PeerState;
use crate::event::{Actor, What};
use crate::metrics::Milestone;

impl Simulation {
    /// After each step: the books, and whatever depends on who leads.
    pub(super) fn settle(&mut self) {
        for i in 0..self.out.notes.len() {
            match self.out.notes[i] {
                Note::Committed { job, partition, offset, leader, cluster } => {
                    self.clients.on_committed(job, partition, offset, cluster, leader, &mut self.out);
                }
                Note::BrokerLeft { broker } => self.clients.on_broker_left(broker, &mut self.out),
            }
        }
        while std::mem::take(&mut self.out.stirred) {
            self.on_stirred();
        }
        while let Some(milestone) = self.clients.reached.pop() {
            self.reach(milestone);
        }
        if self.clients.dead_letters.depth() == 0
            && self.controllers <= 1
            && (self.has_reached(Milestone::SecondClusterGone) || self.has_reached(Milestone::SecondController))
        {
            self.reach_after_dead_letters();
        }
    }

    fn reach_after_dead_letters(&mut self) {
        if self.has_reached(Milestone::FirstDeadLetter) {
            self.reach(Milestone::DlqEmpty);
        }
    }

    fn has_reached(&self, milestone: Milestone) -> bool {
        self.milestones.iter().any(|(m, _)| *m == milestone)
    }

    /// A milestone counts the first time.
    pub(super) fn reach(&mut self, milestone: Milestone) {
        if !self.has_reached(milestone) {
            self.milestones.push((milestone, self.out.now));
            self.out.note(Actor::Run, What::Reached { milestone });
        }
    }

    fn on_stirred(&mut self) {
        let (leaders, controllers) = self.heads_now();
        self.up = self.brokers.iter().filter(|b| b.is_up()).fold(0, |mask, b| mask | 1 << b.id);
        self.clients.split = controllers > 1;
        let (was, had) = (self.leaders, self.controllers);
        (self.leaders, self.controllers) = (leaders, controllers);
        if (was, had) != (1, 1) && (leaders, controllers) == (1, 1) {
            self.detector.mended = self.out.now;
        }
        if self.peers.iter().any(|p| p.fresh && p.is_up() && p.state == PeerState::Looking) {
            self.reach(Milestone::FirstLooking);
        }
        if leaders > 1 && was <= 1 || controllers > 1 && had <= 1 {
            self.split_by = self.out.cause();
        }
        if leaders > 1 && was <= 1 && !self.thawing() {
            self.reach(Milestone::SecondLeader);
            self.move_brokers();
        }
        if controllers > 1 && had <= 1 {
            self.reach(Milestone::SecondController);
        }
        if leaders <= 1 && self.has_reached(Milestone::SecondLeader) {
            self.reach(Milestone::SecondClusterGone);
        }
        if !self.clients.settings.drain_during && controllers != had {
            self.clients.set_drain(controllers <= 1, &mut self.out);
        }
        self.follow_home();
        self.ops.advance(&mut self.peers, &mut self.out);
        self.ops.advance_quorum(&self.quorum, &mut self.out);
        self.check_invariants();
    }

    /// After a roll-out, consumers stay as long as a broker of their cluster is there.
    fn follow_home(&mut self) {
        let home = self.out.home;
        let mut clusters = self.brokers.iter().filter(|b| b.is_up()).filter_map(|b| b.cluster);
        if self.ops.rolled_out
            && clusters.clone().all(|c| c != home)
            && let Some(next) = clusters.next()
        {
            self.clients.move_home(next, &mut self.out);
        }
    }

    /// A leader that was just thawed has not noticed yet that it lost its followers: it is no second ensemble.
    fn thawing(&self) -> bool {
        self.out.events.last().is_some_and(|e| e.what == What::Thawed)
    }
}
