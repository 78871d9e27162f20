//! Producers: short-lived clients, as web requests that enqueue a job. Each job draws its bootstrap broker once and keeps
//! that source of metadata through all its retries. [recorded 59 of 59]
use super::books::{ClientSettings, Clients};
use super::job::{Job, Known};
use super::long_lived::Step;
use super::witness::witness;
use super::{Reason, producer_of};
use crate::event::{Actor, What};
use crate::message::{Due, JobMsg, JobRef};
use crate::metrics::Milestone;
use crate::rng::Stream;
use crate::sim::outbox::Outbox;
use crate::view::{FlightKind, Place};

impl Clients {
    /// The next job arrives. `up` are the brokers that accept connections, as bits.
    pub fn on_arrival(&mut self, up: u32, out: &mut Outbox) {
        if out.now != self.next_arrival {
            return; // the rate was changed since, and another one drawn
        }
        self.serial += 1;
        let (serial, s) = (self.serial, self.settings);
        let mut draw = |n: u8| out.chance.below(Stream::Jobs, u32::from(n)) as u8;
        let (mut bootstrap, partition) = (draw(s.brokers) + 1, draw(s.partitions));
        if let Some(clients) = &mut self.long_lived {
            bootstrap = clients.bootstrap(serial);
        }
        let migrated = self.migrated(out);
        if migrated {
            bootstrap = 0;
        }
        let job = Job::new(serial, out.now, bootstrap, partition, self.split);
        self.metrics.produced_while_split += u64::from(self.split);
        if let Some(job) = self.enter(job) {
            out.emit(Actor::Producer(producer_of(serial)), What::Produced { job: serial, bootstrap, partition });
            if migrated {
                self.bypass(job, out);
            } else {
                self.attempt(job, up, out);
            }
        }
        out.because(0);
        self.expect_arrival(out);
    }

    /// Draws when the next job arrives.
    pub fn expect_arrival(&mut self, out: &mut Outbox) {
        self.next_arrival = out.now + out.chance.exponential(Stream::Arrivals, self.settings.rate);
        out.wake(self.next_arrival, Due::Arrival);
    }

    /// An attempt: connect, ask for metadata, produce. A broker that is down is drawn again at once, at no cost.
    pub fn attempt(&mut self, job: JobRef, up: u32, out: &mut Outbox) {
        let kept = self.kept_step(job, up, out);
        let ClientSettings { brokers, strict, retries_most, .. } = self.settings;
        let Some((asked, attempts)) = self.change(job, |j| {
            j.attempts += 1;
            j.known = Known::Trying;
            if let Some(Step::Ask(broker)) = kept {
                j.bootstrap = broker;
            }
            while kept.is_none() && up != 0 && up >> j.bootstrap & 1 == 0 {
                j.bootstrap = out.chance.below(Stream::Redraws, u32::from(brokers)) as u8 + 1;
            }
            j.witness = if strict { witness(j.bootstrap, j.witness, up, &mut out.chance) } else { 0 };
            (j.bootstrap, j.attempts)
        }) else {
            return;
        };
        self.over_tried |= attempts > retries_most + 1;
        if let Some(Step::Produce(leader)) = kept {
            return self.produce(job, leader, 0, out);
        }
        let from = Place::Producer(producer_of(job.serial));
        let msg = JobMsg::Ask { broker: asked, first: None };
        out.send_job(job, FlightKind::Request, from, Place::Broker(asked), 0, msg);
    }

    /// What a long-lived client does with the job, if clients are.
    fn kept_step(&mut self, job: JobRef, up: u32, out: &mut Outbox) -> Option<Step> {
        self.long_lived.as_ref()?;
        let partition = self.get(job)?.partition;
        let clients = self.long_lived.as_mut()?;
        Some(clients.step(job.serial, partition, up, out.now, &mut out.chance))
    }

    /// The metadata is here: produce to the leader it names.
    pub(super) fn on_metadata(&mut self, job: JobRef, broker: u8, leader: Result<u8, Reason>, out: &mut Outbox) {
        if let Some(clients) = self.long_lived.as_mut().filter(|_| leader != Err(Reason::ConflictingMetadata)) {
            clients.learn(job.serial, out.now);
        }
        match leader {
            Ok(leader) => self.produce(job, leader, 2, out),
            Err(reason) => self.on_failure(job, broker, reason, out),
        }
    }

    fn produce(&mut self, job: JobRef, leader: u8, hop: u8, out: &mut Outbox) {
        self.change(job, |j| j.sent = true);
        let from = Place::Producer(producer_of(job.serial));
        out.send_job(
            job,
            FlightKind::Request,
            from,
            Place::Broker(leader),
            hop,
            JobMsg::Produce { broker: leader, waited: false },
        );
    }

    /// The leader answered.
    pub fn on_done(&mut self, job: JobRef, broker: u8, result: Result<(), Reason>, out: &mut Outbox) {
        if let Err(reason) = result {
            return self.on_failure(job, broker, reason, out);
        }
        let Some((attempt, elsewhere)) = self.change(job, |j| {
            j.known = Known::Acked;
            j.misplaced = j.strayed && !j.committed;
            (j.attempts, j.misplaced)
        }) else {
            return;
        };
        self.metrics.acknowledged += 1;
        self.metrics.acknowledged_wrong_side += u64::from(elsewhere);
        self.lately.count(false, out.now);
        let what = What::Acknowledged { job: job.serial, by: broker, attempt };
        out.emit(Actor::Producer(producer_of(job.serial)), what);
    }

    fn on_failure(&mut self, job: JobRef, by: u8, reason: Reason, out: &mut Outbox) {
        let Some(&Job { attempts: attempt, while_split, .. }) = self.get(job) else { return };
        let actor = Actor::Producer(producer_of(job.serial));
        out.emit(actor, What::AttemptFailed { job: job.serial, by, attempt, reason });
        if let Some(clients) = self.long_lived.as_mut().filter(|_| reason.spoils_metadata()) {
            clients.doubt(job.serial);
        }
        if attempt <= self.settings.retries && reason != Reason::TopicAuthorizationFailed {
            let wait = self.settings.backoff.wait(attempt, &mut out.chance);
            self.change(job, |j| j.known = Known::Waiting);
            self.metrics.retried += 1;
            self.waiting += 1;
            self.last_wait = (attempt + 1, out.now, out.now + wait);
            return out.wake(out.now + wait, Due::Job { job, msg: JobMsg::Retry });
        }
        self.metrics.failed += 1;
        self.last_failed = out.now;
        self.metrics.failed_while_split += u64::from(while_split);
        self.lately.count(true, out.now);
        if self.metrics.failed == 1 {
            self.reached.push(Milestone::FirstWriteFailed);
        }
        out.emit(actor, What::Failed { job: job.serial, reason });
        if self.settings.dlq {
            self.dead_letter(job, out);
        } else {
            self.give_up(job, out);
        }
    }

    /// The back-off is over.
    pub fn on_retry(&mut self, job: JobRef, up: u32, out: &mut Outbox) {
        self.waiting = self.waiting.saturating_sub(1);
        self.attempt(job, up, out);
    }

    /// Nothing keeps it.
    pub(super) fn give_up(&mut self, job: JobRef, out: &mut Outbox) {
        let dropped = self.change(job, |j| {
            j.known = Known::GivenUp;
            !j.committed && !j.processed && j.elsewhere == 0
        });
        if dropped == Some(true) {
            out.emit(Actor::Producer(producer_of(job.serial)), What::Dropped { job: job.serial });
        }
    }
}
