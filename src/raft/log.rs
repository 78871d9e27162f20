//! One node's metadata log: records with the epochs they were written in, and the voters that its latest list names.
use super::image::Record;
use crate::ensemble::membership::Members;
use crate::limits::METADATA_LOG;

/// A record and the epoch of the leader that wrote it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The leader's epoch.
    pub epoch: u32,
    /// The record.
    pub record: Record,
}

/// The log. Offsets count from 0. Nothing is ever compacted; the leader stops at [`METADATA_LOG`]. [simplified: snapshots]
#[derive(Clone, Debug, Default)]
pub struct Log {
    entries: Vec<Entry>,
    voters: Members,
    voters_at: u32,
}

impl Log {
    /// The offset that the next record gets.
    pub fn end(&self) -> u32 {
        self.entries.len() as u32
    }

    /// The epoch of the last record; 0 when there is none.
    pub fn last_epoch(&self) -> u32 {
        self.entries.last().map_or(0, |e| e.epoch)
    }

    /// The voters: the latest list in this log, committed or not. [source: KIP-853]
    pub fn voters(&self) -> Members {
        self.voters
    }

    /// The offset of that list.
    pub fn voters_at(&self) -> u32 {
        self.voters_at
    }

    /// The record at this offset.
    pub fn get(&self, offset: u32) -> Option<&Entry> {
        self.entries.get(offset as usize)
    }

    /// Records from this offset on.
    pub fn from(&self, offset: u32) -> &[Entry] {
        self.entries.get(offset as usize..).unwrap_or(&[])
    }

    /// The first `count` records.
    pub fn first(&self, count: u32) -> &[Entry] {
        self.entries.get(..count as usize).unwrap_or(&self.entries)
    }

    /// Is there no room for more?
    pub fn is_full(&self) -> bool {
        self.entries.len() >= METADATA_LOG
    }

    /// Adds a record.
    pub fn push(&mut self, entry: Entry) {
        if let Record::Voters { voters } = entry.record {
            (self.voters, self.voters_at) = (Members(voters), self.end());
        }
        self.entries.push(entry);
    }

    /// The largest epoch up to `epoch`, and where it ends. [source: endOffsetForEpoch]
    pub fn end_of(&self, epoch: u32) -> (u32, u32) {
        let end = self.entries.partition_point(|e| e.epoch <= epoch);
        let found = end.checked_sub(1).and_then(|last| self.entries.get(last)).map_or(0, |e| e.epoch);
        (found, end as u32)
    }

    /// Drops everything from `end` on: the voters are again those of the latest list that is left.
    pub fn truncate(&mut self, end: u32) {
        self.entries.truncate(end as usize);
        if self.voters_at < self.end() {
            return;
        }
        (self.voters, self.voters_at) = (Members::default(), 0);
        for (at, entry) in self.entries.iter().enumerate().rev() {
            if let Record::Voters { voters } = entry.record {
                (self.voters, self.voters_at) = (Members(voters), at as u32);
                return;
            }
        }
    }

    /// Every list of voters in it, oldest first, with its offset.
    pub fn lists(&self) -> impl Iterator<Item = (u32, u64)> + '_ {
        self.entries.iter().enumerate().filter_map(|(at, entry)| match entry.record {
            Record::Voters { voters } => Some((at as u32, voters)),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Entry, Log, Record};

    fn log(records: &[(u32, u64)]) -> Log {
        let mut log = Log::default();
        for &(epoch, voters) in records {
            let record = if voters == 0 { Record::LeaderChange } else { Record::Voters { voters } };
            log.push(Entry { epoch, record });
        }
        log
    }

    #[test]
    fn a_dropped_list_of_voters_gives_way_to_the_one_before_it() {
        let mut log = log(&[(1, 0b111), (1, 0), (2, 0), (2, 0b1111), (2, 0)]);
        assert_eq!((log.voters().0, log.voters_at()), (0b1111, 3));
        log.truncate(4);
        assert_eq!((log.voters().0, log.voters_at()), (0b1111, 3));
        log.truncate(3);
        assert_eq!((log.voters().0, log.voters_at()), (0b111, 0));
        log.truncate(0);
        assert!(log.voters().is_empty());
    }

    #[test]
    fn an_epoch_ends_where_the_next_one_begins() {
        let log = log(&[(1, 1), (1, 0), (3, 0), (3, 0), (7, 0)]);
        assert_eq!(
            [0, 1, 2, 3, 6, 7, 9].map(|e| log.end_of(e)),
            [(0, 0), (1, 2), (1, 2), (3, 4), (3, 4), (7, 5), (7, 5)]
        );
    }
}
