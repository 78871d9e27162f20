//! The fate of every job: exclusive states that always sum to *produced* (invariant I10).

/// Where a job is. A job's state is the first that holds: processed; committed; on the wrong side; then what its
/// producer knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Fate {
    /// An attempt is under way.
    InFlight,
    /// Waiting for the next attempt.
    Retrying,
    /// Its record is in the surviving log, not yet processed.
    Committed,
    /// It had its effect.
    Processed,
    /// In the dead-letter tray.
    DeadLettered,
    /// On its way out of the tray.
    Draining,
    /// Its only record is in the other cluster's log.
    WrongSide,
    /// Acknowledged, and its only record is gone.
    Lost,
    /// Never acknowledged, and nothing kept it.
    Dropped,
}

/// Every fate with its JSON name, in the order of drawing.
pub const FATES: &[(Fate, &str)] = &[
    (Fate::Processed, "processed"),
    (Fate::InFlight, "inFlight"),
    (Fate::Retrying, "retrying"),
    (Fate::Committed, "committed"),
    (Fate::DeadLettered, "deadLettered"),
    (Fate::Draining, "draining"),
    (Fate::WrongSide, "wrongSide"),
    (Fate::Lost, "lost"),
    (Fate::Dropped, "dropped"),
];

/// How many jobs are in each state, and how many were produced.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    produced: u64,
    counts: [u64; 9],
}

impl Ledger {
    /// Jobs produced so far.
    pub fn produced(&self) -> u64 {
        self.produced
    }

    /// Jobs in this state now.
    pub fn count(&self, fate: Fate) -> u64 {
        self.counts[fate as usize]
    }

    /// A new job enters.
    pub fn enter(&mut self, fate: Fate) {
        self.produced += 1;
        self.counts[fate as usize] += 1;
    }

    /// A job changes its state.
    pub fn shift(&mut self, from: Fate, to: Fate) {
        self.counts[from as usize] -= 1;
        self.counts[to as usize] += 1;
    }

    /// Invariant I10: the states sum to *produced*.
    pub fn balances(&self) -> bool {
        self.counts.iter().sum::<u64>() == self.produced
    }
}
