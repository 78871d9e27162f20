//! Followers and observers pull: fetch, append, truncate where the logs differ, fetch again.
use super::log::Entry;
use super::node::{Node, State};
use super::wire::{RaftMsg, RaftTimer};
use super::{FETCH_TIMEOUT, Happened, REQUEST_TIMEOUT, RETRY_PAUSE};
use crate::ensemble::membership::bits;
use crate::limits::METADATA_BATCH;
use crate::sim::outbox::Outbox;

impl Node {
    /// Asks for what comes next: the leader, or, without one, anybody of its list and of the bootstrap servers in turn.
    pub(super) fn fetch(&mut self, out: &mut Outbox) {
        let late = self.timer.1 <= out.now; // an observer whose leader does not answer asks somebody else
        let to = match self.leader.filter(|_| !late || self.is_voter()) {
            Some(leader) => leader,
            None => {
                let others = (self.voters().0 | self.bootstrap) & !(1 << self.ix);
                self.tries = self.tries.wrapping_add(1);
                let Some(at) = self.tries.checked_rem(others.count_ones()) else { return };
                bits(others).nth(at as usize).unwrap_or(0)
            }
        };
        self.fetching = out.unique();
        let (id, epoch) = (self.fetching, self.epoch);
        let msg = RaftMsg::Fetch { id, epoch, offset: self.log.end(), last_epoch: self.log.last_epoch() };
        out.send_raft(self.ix, to, msg);
        out.wake_node(REQUEST_TIMEOUT, self.ix, RaftTimer::Unanswered { id }, self.spell);
    }

    /// Fetches again in a moment.
    pub(super) fn pause(&mut self, out: &mut Outbox) {
        out.wake_node(RETRY_PAUSE, self.ix, RaftTimer::Fetch { id: self.fetching }, self.spell);
    }

    /// The leader's answer: records, perhaps none.
    pub(super) fn on_records(&mut self, records: &[Entry], hw: u32, out: &mut Outbox) {
        let voter = self.is_voter();
        for entry in records {
            self.log.push(*entry);
        }
        self.commit_to(hw.min(self.log.end()), out);
        if self.is_voter() != voter {
            out.stirred = true;
        }
        // Less than a full batch: that is all its leader had.
        if records.len() < METADATA_BATCH && !self.synced {
            self.synced = true;
            out.stirred = true;
            self.report(Happened::InSync { end: self.log.end() }, out);
        }
        self.put_off(FETCH_TIMEOUT, out.now);
        self.fetch(out);
    }

    /// Its log and the leader's differ: drop what the leader does not have. [source: truncateToEndOffset]
    pub(super) fn on_diverging(&mut self, epoch: u32, end: u32, out: &mut Outbox) {
        let (from, to) = (self.log.end(), end.min(self.log.end_of(epoch).1));
        if to < self.hw {
            return self.pause(out); // a committed record is never dropped
        }
        self.log.truncate(to);
        self.report(Happened::Truncated { from, to }, out);
        self.put_off(FETCH_TIMEOUT, out.now);
        self.fetch(out);
    }

    /// Everything below `hw` is committed.
    pub(super) fn commit_to(&mut self, hw: u32, out: &mut Outbox) {
        while self.hw < hw {
            if let Some(entry) = self.log.get(self.hw) {
                self.image.apply(&entry.record);
            }
            self.hw += 1;
        }
        if !self.admitted && self.is_voter() && self.log.voters_at() < self.hw {
            self.become_admitted(out);
        }
    }

    fn become_admitted(&mut self, out: &mut Outbox) {
        self.admitted = true;
        out.stirred = true;
        self.report(Happened::BecameVoter { epoch: self.epoch }, out);
    }

    /// The operator's tool on this host asks the leader to make it a voter.
    pub fn ask_to_join(&mut self, out: &mut Outbox) {
        if let (State::Follower, Some(leader)) = (&self.state, self.leader) {
            out.send_raft(self.ix, leader, RaftMsg::AddVoter);
        }
    }

    /// The leader's answer to the tool.
    pub(super) fn on_added(&mut self, epoch: u32, out: &mut Outbox) {
        if !self.admitted && epoch == self.epoch && self.is_voter() {
            self.become_admitted(out);
        }
    }
}
