//! The dead-letter queue: a fallback of producers, and of consumers whose handler fails; drained slowly by a secondary job
//! system. It can be full, and it can be down.
use super::books::Clients;
use super::job::Known;
use super::producer_of;
use crate::event::{Actor, What};
use crate::message::{Due, JobMsg, JobRef};
use crate::metrics::Milestone;
use crate::sim::outbox::{MS, Outbox};
use crate::view::{FlightKind, Place};
use std::collections::VecDeque;

/// How long a job takes into the tray. [simplified]
const INTO_TRAY: u64 = 2 * MS;

/// A job in the queue.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Letter {
    pub(crate) job: JobRef,
    pub(crate) since: u64,
    pub(crate) of_handler: bool,
}

/// The queue and its drain.
#[derive(Clone, Debug)]
pub struct DeadLetters {
    pub(crate) tray: VecDeque<Letter>,
    /// Jobs that came, and jobs that went.
    pub(crate) counts: (u64, u64),
    /// The drain is open.
    pub open: bool,
    /// The secondary system is working on one.
    pub busy: bool,
}

impl DeadLetters {
    /// An empty tray.
    pub fn new(open: bool) -> DeadLetters {
        DeadLetters { tray: VecDeque::with_capacity(1 << 12), counts: (0, 0), open, busy: false }
    }

    /// Jobs waiting.
    pub fn depth(&self) -> u64 {
        self.tray.len() as u64
    }

    /// About how much memory a copy takes, in bytes.
    pub fn weight(&self) -> usize {
        self.tray.len() * size_of::<Letter>()
    }

    /// Invariant I12: what waits is what came less what went.
    pub fn balances(&self) -> bool {
        self.counts.0.checked_sub(self.counts.1) == Some(self.depth())
    }

    /// How long the oldest has waited, µs.
    pub fn oldest_age(&self, now: u64) -> u64 {
        self.tray.front().map_or(0, |letter| now - letter.since)
    }
}

impl Clients {
    /// Gives a job to the queue.
    pub fn dead_letter(&mut self, job: JobRef, out: &mut Outbox) {
        self.change(job, |j| j.known = Known::InTray);
        let from = Place::Producer(producer_of(job.serial));
        let msg = JobMsg::DeadLetter { of_handler: false };
        out.carry_job(job, FlightKind::DeadLetter, from, Place::Tray, INTO_TRAY, msg);
    }

    /// Gives a job to the queue whose handler has failed. What its producer knows stays as it is.
    pub(super) fn dead_letter_of_handler(&mut self, job: JobRef, consumer: u8, out: &mut Outbox) {
        let from = Place::Consumer(consumer);
        let msg = JobMsg::DeadLetter { of_handler: true };
        out.carry_job(job, FlightKind::DeadLetter, from, Place::Tray, INTO_TRAY, msg);
    }

    /// It arrives there. If there is no room, or the queue is down, nothing keeps it.
    pub fn on_dead_letter(&mut self, job: JobRef, of_handler: bool, out: &mut Outbox) {
        let capacity = self.settings.dlq_capacity;
        let full = capacity != 0 && self.dead_letters.depth() >= capacity;
        if full || !self.settings.dlq {
            let what = What::TurnedAway { job: job.serial, full: self.settings.dlq };
            out.emit(Actor::DeadLetters, what);
            return if of_handler { self.pass_over(job) } else { self.give_up(job, out) };
        }
        self.dead_letters.tray.push_back(Letter { job, since: out.now, of_handler });
        self.dead_letters.counts.0 += 1;
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
    pub fn drain(&mut self, out: &mut Outbox) {
        let time = self.settings.drain_time;
        let tray = &mut self.dead_letters;
        if !self.settings.dlq || !tray.open || tray.busy || time == 0 || tray.tray.is_empty() {
            return;
        }
        tray.busy = true;
        out.wake(out.now + time, Due::Drain);
    }

    /// The service time is over: the oldest leaves the tray.
    pub fn on_drain(&mut self, out: &mut Outbox) {
        self.dead_letters.busy = false;
        if !self.dead_letters.open || !self.settings.dlq {
            return;
        }
        if let Some(Letter { job, of_handler, .. }) = self.dead_letters.tray.pop_front() {
            self.dead_letters.counts.1 += 1;
            if !of_handler {
                self.change(job, |j| j.known = Known::Draining);
            }
            out.emit(Actor::DeadLetters, What::Drained { job: job.serial });
            let to = Place::Consumer(crate::limits::CONSUMERS - 1);
            out.carry_job(job, FlightKind::Drain, Place::Tray, to, INTO_TRAY, JobMsg::Drained { of_handler });
        }
        self.drain(out);
    }
}
