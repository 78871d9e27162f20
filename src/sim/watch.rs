//! The monitoring's looks, and what it and the report may ask of a run.
use super::Simulation;
use crate::detector::{self, Detector};
use crate::message::Due;
use crate::metrics::Milestone;
use crate::view::Micros;

impl Simulation {
    /// What the cluster's monitoring has noticed.
    pub fn detector(&self) -> &Detector {
        &self.detector
    }

    /// When a job's last attempt last failed, µs; 0 when none did.
    pub fn last_failed(&self) -> Micros {
        self.clients.last_failed
    }

    /// When people last began a recovery, µs.
    pub fn stepped_in(&self) -> Option<Micros> {
        self.ops.stepped_in()
    }

    /// Jobs in the dead-letter queue.
    pub(crate) fn dead_letters(&self) -> u64 {
        self.clients.dead_letters.depth()
    }

    /// Hosts that were taken out for good, as bits.
    pub(crate) fn retired(&self) -> u64 {
        self.ops.retired()
    }

    /// The monitoring looks.
    pub(super) fn on_scrape(&mut self) {
        let seen = detector::look(self);
        let split = self.leaders > 1 || self.controllers > 1;
        let fired = self.detector.scrape(self.out.now, seen, split);
        self.out.wake(self.out.now + detector::SCRAPE, Due::Scrape);
        if fired {
            self.out.because(self.split_by);
            self.reach(Milestone::Detected);
        }
    }
}
