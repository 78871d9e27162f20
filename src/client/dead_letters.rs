//! The dead-letter queue: a producer-side fallback, drained slowly by a secondary job system.
use super::books::{Clients, Known};
use super::producer_of;
use crate::event::{Actor, What};
use crate::message::{Due, JobMsg, JobRef};
use crate::metrics::Milestone;
use crate::sim::outbox::{MS, Outbox};
use crate::view::{FlightKind, Place};
use std::collections::VecDeque;

/// How long a job takes into the tray. [simplified]
const INTO_TRAY: u64 = 2 * MS;

/// The queue and its drain.
#[derive(Clone, Debug)]
pub struct DeadLetters {
    tray: VecDeque<(JobRef, u64)>,
    /// The drain is open.
    pub open: bool,
    /// The secondary system is working on one.
    pub busy: bool,
}

impl DeadLetters {
    /// An empty tray.
    pub fn new(open: bool) -> DeadLetters {
        DeadLetters { tray: VecDeque::with_capacity(1 << 12), open, busy: false }
    }

    /// Jobs waiting.
    pub fn depth(&self) -> u64 {
        self.tray.len() as u64
    }

    /// How long the oldest has waited, µs.
    pub fn oldest_age(&self, now: u64) -> u64 {
        self.tray.front().map_or(0, |(_, since)| now - since)
    }
}

impl Clients {
    /// Gives a job to the queue.
    pub fn dead_letter(&mut self, job: JobRef, out: &mut Outbox) {
        self.change(job, |j| j.known = Known::InTray);
        let from = Place::Producer(producer_of(job.serial));
        out.carry_job(job, FlightKind::DeadLetter, from, Place::Tray, INTO_TRAY, JobMsg::DeadLetter);
    }

    /// It arrives there.
    pub fn on_dead_letter(&mut self, job: JobRef, out: &mut Outbox) {
        self.dead_letters.tray.push_back((job, out.now));
        let depth = self.dead_letters.depth();
        self.metrics.dead_lettered += 1;
        self.metrics.dlq_peak = self.metrics.dlq_peak.max(depth);
        if self.metrics.dead_lettered == 1 {
            self.reached.push(Milestone::FirstDeadLetter);
        }
        out.emit(Actor::DeadLetters, What::DeadLettered { job: job.serial, depth: depth as u32 });
        self.drain(out);
    }

    /// Opens or closes the drain.
    pub fn set_drain(&mut self, open: bool, out: &mut Outbox) {
        if self.dead_letters.open != open {
            self.dead_letters.open = open;
            out.emit(Actor::DeadLetters, if open { What::DrainOpened } else { What::DrainClosed });
            self.drain(out);
        }
    }

    /// The secondary system takes the next one, if it is idle. The service time is constant: M/D/1.
    fn drain(&mut self, out: &mut Outbox) {
        let time = self.settings.drain_time;
        let tray = &mut self.dead_letters;
        if !tray.open || tray.busy || time == 0 || tray.tray.is_empty() {
            return;
        }
        tray.busy = true;
        out.wake(out.now + time, Due::Drain);
    }

    /// The service time is over: the oldest leaves the tray.
    pub fn on_drain(&mut self, out: &mut Outbox) {
        self.dead_letters.busy = false;
        if !self.dead_letters.open {
            return;
        }
        if let Some((job, _)) = self.dead_letters.tray.pop_front() {
            self.change(job, |j| j.known = Known::Draining);
            out.emit(Actor::DeadLetters, What::Drained { job: job.serial });
            let to = Place::Consumer(crate::limits::CONSUMERS - 1);
            out.carry_job(job, FlightKind::Drain, Place::Tray, to, INTO_TRAY, JobMsg::Drained);
        }
        self.drain(out);
    }
}
