//! One job that is not settled, and its fate.
use crate::ledger::Fate;

/// What a job's producer knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// An attempt is under way.
    Trying,
    /// Waiting for the next attempt.
    Waiting,
    /// Acknowledged.
    Acked,
    /// Given to the dead-letter queue.
    InTray,
    /// On its way out of the tray.
    Draining,
    /// The drain is done with it.
    Drained,
    /// Given up.
    GivenUp,
}

/// A job that is not settled.
#[derive(Clone, Copy, Debug)]
pub struct Job {
    /// Its number, from 1; 0 marks a free slot.
    pub serial: u32,
    /// When it was enqueued, µs.
    pub produced: u64,
    /// The broker it asks for metadata, through all its retries.
    pub bootstrap: u8,
    /// A second broker that it asks; 0 for none.
    pub witness: u8,
    /// Its partition.
    pub partition: u8,
    /// Attempts begun.
    pub attempts: u8,
    /// What its producer knows.
    pub known: Known,
    /// Enqueued while two controllers existed.
    pub while_split: bool,
    /// It had its effect.
    pub processed: bool,
    /// Its record is in the surviving log.
    pub committed: bool,
    /// Committed records on their way to a consumer.
    pub undelivered: u8,
    /// Records in the other cluster's log.
    pub elsewhere: u8,
    /// A leader of the other cluster committed it once.
    pub strayed: bool,
    /// It counts as acknowledged on the wrong side.
    pub misplaced: bool,
    /// Its consumer went on without having done it, and nothing kept it.
    pub passed_over: bool,
    /// It has reached a leader at least once: a follower's log may hold a copy.
    pub sent: bool,
    /// Where the ledger counts it.
    pub(crate) fate: Fate,
}

impl Job {
    /// A job that was just enqueued.
    pub fn new(serial: u32, produced: u64, bootstrap: u8, partition: u8, while_split: bool) -> Job {
        Job {
            serial,
            produced,
            bootstrap,
            witness: 0,
            partition,
            attempts: 0,
            known: Known::Trying,
            while_split,
            processed: false,
            committed: false,
            undelivered: 0,
            elsewhere: 0,
            strayed: false,
            misplaced: false,
            passed_over: false,
            sent: false,
            fate: Fate::InFlight,
        }
    }

    /// The first that holds: processed; committed; on the wrong side; then what its producer knows. (I10)
    pub(super) fn judge(&self) -> Fate {
        match self.known {
            _ if self.processed => Fate::Processed,
            _ if self.committed => Fate::Committed,
            _ if self.elsewhere > 0 => Fate::WrongSide,
            Known::Trying => Fate::InFlight,
            Known::Waiting => Fate::Retrying,
            Known::Acked => Fate::Lost,
            Known::InTray => Fate::DeadLettered,
            Known::Draining | Known::Drained => Fate::Draining,
            Known::GivenUp => Fate::Dropped,
        }
    }

    /// Can nothing happen to it any more?
    pub(super) fn settled(&self) -> bool {
        let done = matches!(self.known, Known::Acked | Known::Drained | Known::GivenUp);
        // A job that was given up after it reached a leader may have a copy that is committed later.
        let nowhere = self.fate == Fate::Lost || (self.known == Known::GivenUp && !self.sent);
        done && self.undelivered == 0 && self.elsewhere == 0 && (self.processed || self.passed_over || nowhere)
    }
}
