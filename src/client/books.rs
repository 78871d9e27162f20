//! The books: every job that is not settled, its fate, and the ledger and metrics that follow from it.
use super::backoff::Backoff;
use super::consumer::Consumer;
use super::dead_letters::DeadLetters;
use super::job::{Job, Known};
use super::lately::Lately;
use super::long_lived::LongLived;
use crate::event::{Actor, What};
use crate::ledger::{Fate, Ledger};
use crate::limits::{CONSUMERS, MAX_LIVE_JOBS};
use crate::message::JobRef;
use crate::metrics::{Delays, Metrics, Milestone, Recent, Sample};
use crate::sim::outbox::Outbox;
use crate::view::Place;

/// Settings of the clients, µs and millionths.
#[derive(Clone, Copy, Debug)]
pub struct ClientSettings {
    /// Brokers there are.
    pub brokers: u8,
    /// Partitions there are.
    pub partitions: u8,
    /// Jobs per second, in millionths.
    pub rate: u64,
    /// Clients ask two brokers and compare their cluster ids.
    pub strict: bool,
    /// Attempts after the first.
    pub retries: u8,
    /// The most there ever were in this run.
    pub retries_most: u8,
    /// The back-off.
    pub backoff: Backoff,
    /// Is there a dead-letter queue?
    pub dlq: bool,
    /// Time the secondary system takes for one job, µs; 0 = it never takes one.
    pub drain_time: u64,
    /// Drain during the incident, or only after it.
    pub drain_during: bool,
    /// Dead letters the queue holds; 0 = any number.
    pub dlq_capacity: u64,
    /// Consumers remember job ids.
    pub idempotent: bool,
    /// Chance that a handler fails, in millionths of a percent.
    pub handler_failure: u64,
    /// From then on new jobs bypass Kafka, µs; 0 = never.
    pub migrate_at: u64,
}

/// Jobs with the offsets of their records.
type Records = Vec<(JobRef, u32)>;

/// All clients, and the books.
#[derive(Clone, Debug)]
pub struct Clients {
    /// Their settings.
    pub settings: ClientSettings,
    /// Cumulative numbers.
    pub metrics: Metrics,
    /// Jobs by fate.
    pub ledger: Ledger,
    /// From enqueued to processed.
    pub delays: Delays,
    /// … of the jobs processed lately.
    pub recent: Recent,
    /// When a job's last attempt last failed, µs; 0 when none did.
    pub last_failed: u64,
    /// The clients, if they live longer than one job.
    pub long_lived: Option<Box<LongLived>>,
    /// The dead-letter queue.
    pub dead_letters: DeadLetters,
    /// The consumers.
    pub consumers: Box<[Consumer]>,
    /// The next offset each partition's consumer takes.
    pub positions: Box<[u32]>,
    /// New jobs go to the secondary system.
    pub moved_out: bool,
    /// Second effects before consumers were given a memory, for invariant I9.
    pub forgiven: u64,
    /// Something was attempted more often than it may be (invariant I11: never).
    pub over_tried: bool,
    /// Two controllers exist.
    pub split: bool,
    /// The latest back-off: attempt that comes next, since, until.
    pub last_wait: (u8, u64, u64),
    /// Jobs in back-off.
    pub waiting: u32,
    /// Milestones reached in this step.
    pub reached: Vec<Milestone>,
    /// Too many jobs are unsettled.
    pub overflow: bool,
    /// Jobs that nobody had read when their cluster was abandoned.
    pub abandoned: u64,
    pub(crate) serial: u32,
    pub(super) next_arrival: u64,
    pub(crate) jobs: Vec<Job>,
    free: Vec<u32>,
    /// Per partition: jobs acknowledged or recorded by the other cluster's leader, and that leader.
    pub(crate) elsewhere: Box<[(u8, Records)]>,
    /// Per partition: where the other log left the first one, its end, and the first one's end.
    fork: Box<[Option<(u32, u32)>]>,
    ends: Box<[u32]>,
    /// The share of deliveries that failed lately.
    pub lately: Lately,
    sampled: Metrics,
}

impl Clients {
    /// Clients that have done nothing yet.
    pub fn new(settings: ClientSettings) -> Clients {
        let partitions = usize::from(settings.partitions);
        Clients {
            settings,
            metrics: Metrics::default(),
            ledger: Ledger::default(),
            delays: Delays::default(),
            recent: Recent::default(),
            last_failed: 0,
            long_lived: None,
            dead_letters: DeadLetters::new(settings.drain_during),
            consumers: (0..CONSUMERS).map(|_| Consumer::new()).collect(),
            positions: vec![0; partitions].into(),
            moved_out: false,
            forgiven: 0,
            over_tried: false,
            split: false,
            last_wait: (0, 0, 0),
            waiting: 0,
            reached: Vec::with_capacity(8),
            overflow: false,
            abandoned: 0,
            serial: 0,
            next_arrival: 0,
            jobs: Vec::with_capacity(1 << 12),
            free: Vec::with_capacity(1 << 12),
            elsewhere: vec![(0, Vec::new()); partitions].into(),
            fork: vec![None; partitions].into(),
            ends: vec![0; partitions].into(),
            lately: Lately::default(),
            sampled: Metrics::default(),
        }
    }

    /// Enters a job. `None`: too many are unsettled already.
    pub fn enter(&mut self, job: Job) -> Option<JobRef> {
        self.ledger.enter(job.fate);
        self.metrics.produced += 1;
        let serial = job.serial;
        if let Some(slot) = self.free.pop() {
            self.jobs[slot as usize] = job;
            return Some(JobRef { slot, serial });
        }
        if self.jobs.len() >= MAX_LIVE_JOBS {
            self.overflow = true;
            return None;
        }
        self.jobs.push(job);
        Some(JobRef { slot: self.jobs.len() as u32 - 1, serial })
    }

    /// The job, unless it is settled and forgotten.
    pub fn get(&self, job: JobRef) -> Option<&Job> {
        self.jobs.get(job.slot as usize).filter(|j| j.serial == job.serial)
    }

    /// Changes a job, and moves it in the ledger if its fate changed. `None`: it is settled and forgotten.
    pub fn change<T>(&mut self, job: JobRef, change: impl FnOnce(&mut Job) -> T) -> Option<T> {
        let slot = self.jobs.get_mut(job.slot as usize).filter(|j| j.serial == job.serial)?;
        let result = change(slot);
        let fate = slot.judge();
        if fate != slot.fate {
            self.ledger.shift(slot.fate, fate);
            slot.fate = fate;
        }
        if slot.settled() {
            slot.serial = 0;
            self.free.push(job.slot);
        }
        Some(result)
    }

    /// A leader committed a record.
    pub fn on_committed(&mut self, job: JobRef, partition: u8, offset: u32, cluster: u8, leader: u8, out: &mut Outbox) {
        let p = usize::from(partition);
        let what = What::Appended { job: job.serial, partition, offset, cluster };
        out.note(Actor::Broker(leader), what);
        if cluster == out.home {
            self.ends[p] = self.ends[p].max(offset + 1);
            let placed = self.change(job, |j| {
                j.committed = true;
                j.undelivered = j.undelivered.saturating_add(1);
                std::mem::take(&mut j.misplaced)
            });
            // Rare: an attempt that failed when its leader moved was replicated all the same, and is committed now.
            self.metrics.acknowledged_wrong_side -= u64::from(placed == Some(true));
        } else {
            let fork = self.fork[p].get_or_insert((offset, offset));
            fork.1 = fork.1.max(offset + 1);
            let known = self.change(job, |j| {
                j.elsewhere = j.elsewhere.saturating_add(1);
                j.strayed = true;
            });
            let (by, jobs) = &mut self.elsewhere[p];
            *by = leader;
            if known.is_some() {
                jobs.push((job, offset));
            }
        }
        if let Some((from, end)) = self.fork[p] {
            // Offsets at which both logs hold a record, and not the same one. Counted as they appear.
            let both = if cluster == out.home { offset >= from && offset < end } else { offset < self.ends[p] };
            self.metrics.divergent_offsets += u64::from(both);
        }
    }

    /// A broker's process ended: what it led in the other cluster is lost the same instant.
    pub fn on_broker_left(&mut self, broker: u8, out: &mut Outbox) {
        for p in 0..self.elsewhere.len() {
            if self.elsewhere[p].0 != broker {
                continue;
            }
            let jobs = std::mem::take(&mut self.elsewhere[p].1);
            self.fork[p] = None;
            for (job, _) in jobs {
                let Some(lost) = self.change(job, |j| {
                    j.elsewhere = j.elsewhere.saturating_sub(1);
                    j.elsewhere == 0 && j.known == Known::Acked && !j.committed && !j.processed
                }) else {
                    continue;
                };
                if lost {
                    out.note(Actor::Broker(broker), What::LostJob { job: job.serial, partition: p as u8 });
                }
            }
        }
    }

    /// The old cluster is abandoned: consumers read the other one's log from its beginning, and what was acknowledged there
    /// is on the wrong side no more. [simplified: people reconfigure the consumers as part of the roll-out]
    pub fn move_home(&mut self, cluster: u8, out: &mut Outbox) {
        out.home = cluster;
        self.consumers.iter_mut().for_each(Consumer::leave);
        out.emit(Actor::Operator, What::ConsumersMoved { cluster });
        self.abandon(out);
        for p in 0..self.elsewhere.len() {
            let (leader, jobs) = std::mem::take(&mut self.elsewhere[p]);
            (self.positions[p], self.fork[p], self.ends[p]) = (0, None, 0);
            for (job, offset) in jobs {
                let placed = self.change(job, |j| {
                    j.elsewhere = j.elsewhere.saturating_sub(1);
                    (j.committed, j.undelivered) = (true, j.undelivered.saturating_add(1));
                    std::mem::take(&mut j.misplaced)
                });
                self.metrics.acknowledged_wrong_side -= u64::from(placed == Some(true));
                self.ends[p] = offset + 1;
                if placed.is_some() {
                    out.deliver(job, Place::Broker(leader), p as u8, offset);
                }
            }
        }
    }

    /// Nobody reads the old log any more: what no consumer had read is lost, unless it is elsewhere too.
    fn abandon(&mut self, out: &mut Outbox) {
        for slot in 0..self.jobs.len() as u32 {
            let serial = self.jobs[slot as usize].serial;
            let unread = |j: &mut Job| {
                let unread = std::mem::take(&mut j.undelivered) > 0 && !j.processed;
                j.committed &= !unread;
                (unread && j.known == Known::Acked && j.elsewhere == 0).then_some(j.partition)
            };
            if serial != 0
                && let Some(Some(partition)) = self.change(JobRef { slot, serial }, unread)
            {
                self.abandoned += 1;
                out.note(Actor::Operator, What::LostJob { job: serial, partition });
            }
        }
    }

    /// About how much memory a copy takes, in bytes.
    pub fn weight(&self) -> usize {
        let records: usize = self.elsewhere.iter().map(|(_, records)| records.len()).sum();
        self.jobs.len() * size_of::<Job>()
            + self.free.len() * 4
            + records * size_of::<(JobRef, u32)>()
            + self.dead_letters.weight()
            + self.consumers.iter().map(Consumer::weight).sum::<usize>()
    }

    /// The numbers now.
    pub fn numbers(&self, now: u64) -> Metrics {
        Metrics {
            dlq_depth: self.dead_letters.depth(),
            lost: self.ledger.count(Fate::Lost),
            dropped: self.ledger.count(Fate::Dropped),
            dlq_oldest_age: self.dead_letters.oldest_age(now),
            p50: self.delays.percentile(500),
            p99: self.delays.percentile(990),
            ..self.metrics
        }
    }

    /// One point of the charts: what happened since the previous one.
    pub fn sample(&mut self, at: u64) -> Sample {
        let (m, was) = (self.metrics, self.sampled);
        self.sampled = m;
        let since = |now: u64, then: u64| (now - then) as u32;
        let (p50, p99) = self.recent.sample();
        Sample {
            at,
            produced: since(m.produced, was.produced),
            acknowledged: since(m.acknowledged, was.acknowledged),
            retried: since(m.retried, was.retried),
            failed: since(m.failed, was.failed),
            dead_lettered: since(m.dead_lettered, was.dead_lettered),
            processed: since(m.processed, was.processed),
            dlq_depth: self.dead_letters.depth() as u32,
            p50,
            p99,
            ..Sample::default()
        }
    }
}
