//! Consumers: at least once, with or without a memory of job ids. The primary and the secondary share that memory.
use super::books::Clients;
use super::job::Known;
use crate::event::{Actor, What};
use crate::limits::{CONSUMERS, MAX_UNCOMMITTED};
use crate::message::{Due, JobMsg, JobRef};
use crate::rng::Stream;
use crate::sim::outbox::Outbox;

/// auto.commit.interval.ms. All consumers commit at the same instants. [source; simplified]
const COMMIT_INTERVAL: u64 = 5_000_000;
/// From a consumer's crash to its return. [simplified]
const RESTART: u64 = 1_000_000;

/// What a copy of a job did when it was processed.
enum Effect {
    First(u64),
    Again,
}

/// One consumer: what it has read since it last committed its offsets.
#[derive(Clone, Debug)]
pub struct Consumer {
    /// Its process is down until then; 0: it runs.
    pub down_until: u64,
    /// Job, partition and offset, in the order of reading.
    pub(crate) read: Vec<(JobRef, u8, u32)>,
    /// The next commit, µs.
    pub(crate) next_commit: u64,
}

impl Consumer {
    /// One that runs.
    pub fn new() -> Consumer {
        Consumer { down_until: 0, read: Vec::with_capacity(1 << 12), next_commit: 0 }
    }

    /// About how much memory a copy takes, in bytes.
    pub fn weight(&self) -> usize {
        self.read.len() * size_of::<(JobRef, u8, u32)>()
    }

    /// It reads another cluster's log from here on: no offset of the old one means anything.
    pub fn leave(&mut self) {
        self.read.clear();
    }

    /// What it read before the latest commit is safe.
    fn commit(&mut self, now: u64) {
        if now >= self.next_commit || self.read.len() >= MAX_UNCOMMITTED {
            self.next_commit = (now / COMMIT_INTERVAL + 1) * COMMIT_INTERVAL;
            self.read.clear();
        }
    }
}

impl Default for Consumer {
    fn default() -> Self {
        Consumer::new()
    }
}

impl Clients {
    /// A committed record reaches its consumer. A record below the consumer's position was delivered before; one that finds
    /// the consumer down waits for it.
    /// Nobody reads a cluster that was abandoned.
    pub fn on_deliver(&mut self, job: JobRef, partition: u8, offset: u32, cluster: u8, out: &mut Outbox) {
        if cluster != out.home {
            return;
        }
        let consumer = &self.consumers[usize::from(partition % CONSUMERS)];
        if consumer.down_until != 0 {
            let at = consumer.down_until.max(out.now);
            return out.wake(at, Due::Job { job, msg: JobMsg::Deliver { offset, partition, cluster } });
        }
        if offset < self.positions[usize::from(partition)] {
            self.change(job, |j| j.undelivered = j.undelivered.saturating_sub(1));
            return;
        }
        self.read(job, partition, offset, out.now);
        self.handle(job, partition % CONSUMERS, 1, out);
    }

    /// The position moves on, and the next commit will cover it.
    fn read(&mut self, job: JobRef, partition: u8, offset: u32, now: u64) {
        self.positions[usize::from(partition)] = offset + 1;
        let consumer = &mut self.consumers[usize::from(partition % CONSUMERS)];
        consumer.commit(now);
        consumer.read.push((job, partition, offset));
    }

    /// The handler does the job, or fails and tries again as often and as patiently as a producer; then the job is a dead
    /// letter. The partition goes on meanwhile, and what waits for another try survives a crash: as in a retry topic.
    /// [simplified]
    pub fn handle(&mut self, job: JobRef, consumer: u8, attempt: u8, out: &mut Outbox) {
        if !self.handler_fails(job, out) {
            return self.process(job, Actor::Consumer(consumer), |j| j, out);
        }
        self.over_tried |= attempt > self.settings.retries_most + 1;
        out.emit(Actor::Consumer(consumer), What::HandlerFailed { job: job.serial, attempt });
        if attempt <= self.settings.retries {
            let wait = self.settings.backoff.wait(attempt, &mut out.chance);
            let msg = JobMsg::Handle { consumer, attempt: attempt + 1 };
            out.wake(out.now + wait, Due::Job { job, msg });
        } else if self.settings.dlq {
            self.dead_letter_of_handler(job, consumer, out);
        } else {
            self.pass_over(job);
        }
    }

    /// A job that was done already is recognised before any handler sees it, if consumers have a memory.
    fn handler_fails(&self, job: JobRef, out: &mut Outbox) -> bool {
        let chance = self.settings.handler_failure;
        let sees = |processed: bool| !(processed && self.settings.idempotent);
        chance > 0
            && self.get(job).is_some_and(|j| sees(j.processed))
            && u64::from(out.chance.below(Stream::Handlers, 100_000_000)) < chance
    }

    /// Nobody will do this job: its record is in the log, and its consumer went on.
    pub(super) fn pass_over(&mut self, job: JobRef) {
        self.change(job, |j| {
            j.undelivered = j.undelivered.saturating_sub(1);
            j.passed_over = true;
        });
    }

    /// A consumer's process dies. What it read since its last commit it will read again.
    pub fn crash_consumer(&mut self, consumer: u8, out: &mut Outbox) {
        let Some(c) = self.consumers.get_mut(usize::from(consumer)).filter(|c| c.down_until == 0) else { return };
        c.commit(out.now);
        c.down_until = out.now + RESTART;
        let uncommitted = c.read.len() as u32;
        out.emit(Actor::Consumer(consumer), What::ConsumerCrashed { uncommitted });
        out.wake(out.now + RESTART, Due::ConsumerBack(consumer));
    }

    /// It is back, and starts from its last committed offsets.
    pub fn on_consumer_back(&mut self, consumer: u8, out: &mut Outbox) {
        let c = &mut self.consumers[usize::from(consumer)];
        c.down_until = 0;
        let again = std::mem::take(&mut c.read);
        let back = out.emit(Actor::Consumer(consumer), What::ConsumerRestarted { again: again.len() as u32 });
        for (job, partition, offset) in again {
            out.because(back);
            self.read(job, partition, offset, out.now);
            let known = self.change(job, |j| j.undelivered = j.undelivered.saturating_add(1));
            match known {
                Some(()) => self.handle(job, consumer, 1, out),
                None => self.account(job.serial, Actor::Consumer(consumer), Effect::Again, out), // done, and forgotten
            }
        }
    }

    /// A dead letter reaches the secondary system's consumer, whose handler does not fail. [simplified]
    pub fn on_drained(&mut self, job: JobRef, of_handler: bool, out: &mut Outbox) {
        if of_handler {
            self.change(job, |j| j.undelivered = j.undelivered.saturating_sub(1));
        }
        let done = |known: Known| if known == Known::Draining { Known::Drained } else { known };
        self.process(job, Actor::DeadLetters, done, out);
    }

    pub(super) fn process(&mut self, job: JobRef, actor: Actor, known: impl Fn(Known) -> Known, out: &mut Outbox) {
        let now = out.now;
        let from_log = actor != Actor::DeadLetters;
        let effect = self.change(job, |j| {
            j.known = known(j.known);
            if from_log {
                j.undelivered = j.undelivered.saturating_sub(1);
            }
            if std::mem::replace(&mut j.processed, true) { Effect::Again } else { Effect::First(now - j.produced) }
        });
        if let Some(effect) = effect {
            self.account(job.serial, actor, effect, out);
        }
    }

    fn account(&mut self, job: u32, actor: Actor, effect: Effect, out: &mut Outbox) {
        match effect {
            Effect::First(delay) => {
                self.metrics.processed += 1;
                self.delays.record(delay);
                self.recent.record(delay);
                out.emit(actor, What::Processed { job, delay });
            }
            Effect::Again if self.settings.idempotent => {
                self.metrics.duplicates_skipped += 1;
                out.emit(actor, What::DuplicateSkipped { job });
            }
            Effect::Again => {
                self.metrics.duplicate_effects += 1;
                out.emit(actor, What::DuplicateEffect { job });
            }
        }
    }
}
