//! The numbers of a run: cumulative counts, delays, milestones, and the samples that charts draw.

/// Moments that a lesson, a link or a test can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Milestone {
    /// The first host enters the inventory.
    MaintenanceStart,
    /// The first new host looks for a leader.
    FirstLooking,
    /// A second leader serves.
    SecondLeader,
    /// A broker restarts onto the second ensemble.
    BrokerMoved,
    /// A second broker believes it is the controller.
    SecondController,
    /// A job's attempts have all failed.
    FirstWriteFailed,
    /// The first job enters the dead-letter queue.
    FirstDeadLetter,
    /// An alarm of the cluster's monitoring fires while there are two leaders or two controllers.
    Detected,
    /// One leader again.
    SecondClusterGone,
    /// The dead-letter queue is empty again, and the incident over.
    DlqEmpty,
    /// The run is over.
    End,
}

/// Every milestone with its public name, in order.
pub const MILESTONES: &[(Milestone, &str)] = &[
    (Milestone::MaintenanceStart, "maintenanceStart"),
    (Milestone::FirstLooking, "firstLooking"),
    (Milestone::SecondLeader, "secondLeader"),
    (Milestone::BrokerMoved, "brokerMoved"),
    (Milestone::SecondController, "secondController"),
    (Milestone::FirstWriteFailed, "firstWriteFailed"),
    (Milestone::FirstDeadLetter, "firstDeadLetter"),
    (Milestone::Detected, "detected"),
    (Milestone::SecondClusterGone, "secondClusterGone"),
    (Milestone::DlqEmpty, "dlqEmpty"),
    (Milestone::End, "end"),
];

impl Milestone {
    /// Its public name.
    pub fn name(self) -> &'static str {
        MILESTONES[self as usize].1
    }

    /// Finds one by its public name.
    pub fn find(name: &str) -> Option<Milestone> {
        MILESTONES.iter().find(|(_, n)| *n == name).map(|(m, _)| *m)
    }
}

/// Where a run stands, by what has happened in it and how many leaders there are: `calm`, `joining`, `split`, `recovering` or
/// `recovered`. A run without a second leader stays `joining`.
pub fn phase(happened: &[(Milestone, u64)], leaders: u32) -> &'static str {
    let reached = |m: Milestone| happened.iter().any(|(h, _)| *h == m);
    if leaders > 1 {
        "split"
    } else if !reached(Milestone::SecondLeader) {
        if reached(Milestone::MaintenanceStart) { "joining" } else { "calm" }
    } else if reached(Milestone::DlqEmpty) {
        "recovered"
    } else {
        "recovering"
    }
}

/// Cumulative numbers, in jobs unless said otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Metrics {
    /// Jobs enqueued by the application.
    pub produced: u64,
    /// Jobs whose producer got an acknowledgement.
    pub acknowledged: u64,
    /// … of them by the other cluster alone: their record is not in the surviving log.
    pub acknowledged_wrong_side: u64,
    /// Jobs enqueued while two controllers exist.
    pub produced_while_split: u64,
    /// … of them, jobs whose attempts all ended without an acknowledgement, before the dead-letter queue.
    pub failed_while_split: u64,
    /// Jobs whose attempts all ended without an acknowledgement, at any time.
    pub failed: u64,
    /// Attempts after the first.
    pub retried: u64,
    /// Jobs that entered the dead-letter queue.
    pub dead_lettered: u64,
    /// Jobs in the queue now.
    pub dlq_depth: u64,
    /// The deepest it was.
    pub dlq_peak: u64,
    /// How long its oldest has waited, µs.
    pub dlq_oldest_age: u64,
    /// Jobs that had their effect.
    pub processed: u64,
    /// Effects after a job's first.
    pub duplicate_effects: u64,
    /// Second copies that an idempotent consumer recognised.
    pub duplicates_skipped: u64,
    /// Acknowledged jobs whose only record is gone.
    pub lost: u64,
    /// Jobs never acknowledged that nothing kept.
    pub dropped: u64,
    /// (partition, offset) pairs at which the two clusters' logs held different records.
    pub divergent_offsets: u64,
    /// Median delay from enqueued to processed, µs.
    pub p50: u64,
    /// 99th percentile of that delay, µs.
    pub p99: u64,
}

impl Metrics {
    /// Share of the jobs enqueued while split that failed, in millionths.
    pub fn failed_share(&self) -> u64 {
        match self.produced_while_split {
            0 => 0,
            n => (self.failed_while_split * 1_000_000 + n / 2) / n,
        }
    }
}

/// One point of the charts: what happened since the previous one, and what is at its end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sample {
    /// The end of the interval, µs.
    pub at: u64,
    /// Jobs produced in it.
    pub produced: u32,
    /// Jobs acknowledged in it.
    pub acknowledged: u32,
    /// Attempts after the first, in it.
    pub retried: u32,
    /// Jobs whose attempts all failed in it.
    pub failed: u32,
    /// Jobs dead-lettered in it.
    pub dead_lettered: u32,
    /// Jobs that had their effect in it.
    pub processed: u32,
    /// Depth of the queue at its end.
    pub dlq_depth: u32,
    /// Median delay of the jobs processed in the last five to ten samples, µs; 0 when there were none.
    pub p50: u64,
    /// 99th percentile of their delays, µs.
    pub p99: u64,
    /// Leaders that serve at its end …
    pub leaders: u8,
    /// … and brokers that believe they are the controller.
    pub controllers: u8,
}

impl Sample {
    /// Share of the deliveries that ended in it and failed, in millionths.
    pub fn failed_share(&self) -> u64 {
        let all = u64::from(self.acknowledged) + u64::from(self.failed);
        (u64::from(self.failed) * 1_000_000).checked_div(all).unwrap_or(0)
    }
}

const SUB: u32 = 5; // 32 buckets per octave: an error of at most 1.6 %
const BUCKETS: usize = 40 << SUB;

/// Delays in logarithmic buckets, so that percentiles need no memory per job.
#[derive(Clone, Debug)]
pub struct Delays {
    counts: Box<[u32]>,
    total: u64,
}

impl Default for Delays {
    fn default() -> Self {
        Delays { counts: vec![0; BUCKETS].into_boxed_slice(), total: 0 }
    }
}

impl Delays {
    /// Counts one delay in µs.
    pub fn record(&mut self, micros: u64) {
        self.counts[bucket(micros)] += 1;
        self.total += 1;
    }

    /// The delay that `permille` of 1000 jobs did not exceed, in µs; 0 when there are none.
    pub fn percentile(&self, permille: u64) -> u64 {
        rank(self.total, self.counts.iter().copied(), permille)
    }
}

fn rank(total: u64, counts: impl Iterator<Item = u32>, permille: u64) -> u64 {
    if total == 0 {
        return 0;
    }
    let rank = (total * permille).div_ceil(1000).max(1);
    let mut seen = 0;
    for (i, n) in counts.enumerate() {
        seen += u64::from(n);
        if seen >= rank {
            return middle(i);
        }
    }
    0
}

/// Samples after which the older half of a [`Recent`] is forgotten: 2.5 s of a usual run.
const HALF: u32 = 5;

/// The delays of the last few samples, in two halves: enough jobs for a 99th percentile, and no memory per job.
#[derive(Clone, Debug, Default)]
pub struct Recent {
    older: Delays,
    newer: Delays,
    samples: u32,
}

impl Recent {
    /// Counts one delay in µs.
    pub fn record(&mut self, micros: u64) {
        self.newer.record(micros);
    }

    /// Ends a sample: the delays that 50 and 99 of 100 jobs did not exceed, µs.
    pub fn sample(&mut self) -> (u64, u64) {
        let total = self.older.total + self.newer.total;
        let counts = || self.older.counts.iter().zip(&self.newer.counts).map(|(a, b)| a + b);
        let found = (rank(total, counts(), 500), rank(total, counts(), 990));
        self.samples += 1;
        if self.samples.is_multiple_of(HALF) {
            std::mem::swap(&mut self.older, &mut self.newer);
            self.newer.counts.fill(0);
            self.newer.total = 0;
        }
        found
    }
}

fn bucket(micros: u64) -> usize {
    let v = micros + (1 << SUB);
    let octave = 63 - v.leading_zeros() - SUB;
    let sub = (v >> octave) as usize & ((1 << SUB) - 1);
    (((octave as usize) << SUB) + sub).min(BUCKETS - 1)
}

fn middle(i: usize) -> u64 {
    let (octave, sub) = (i >> SUB, (i & ((1 << SUB) - 1)) as u64);
    let low = ((1 << SUB) + sub) << octave;
    low + (1 << octave) / 2 - (1 << SUB)
}
