//! Votes: who stands, who grants, who follows. [source: KafkaRaftClient, EpochElection; no pre-vote before Kafka 4.0]
use super::node::{Node, Poll, State};
use super::wire::RaftMsg;
use super::{BACKOFF_BASE, BACKOFF_MAX, CHECK_QUORUM, ELECTION_TIMEOUT, FETCH_TIMEOUT, Happened};
use crate::rng::Stream;
use crate::sim::outbox::Outbox;

/// An election timeout: one to two seconds.
fn election_timeout(out: &mut Outbox) -> u64 {
    ELECTION_TIMEOUT + out.chance.between(Stream::Election, 0, ELECTION_TIMEOUT - 1)
}

impl Node {
    /// Enters a state of the present epoch, with its timer.
    pub(super) fn enter(&mut self, state: State, out: &mut Outbox) {
        // Without a leader, the wait that was under way goes on. [source: transitionToUnattached]
        let left = self.timer.1.saturating_sub(out.now);
        let waiting = !matches!(self.state, State::Leader(_)) && left > 0 && self.spell > 0;
        self.state = state;
        self.spell += 1;
        (self.synced, self.fetching) = (false, 0);
        out.stirred = true;
        let after = match self.state {
            State::Leader(_) => CHECK_QUORUM,
            State::Follower => FETCH_TIMEOUT,
            State::Unattached if !self.is_voter() => FETCH_TIMEOUT,
            State::Unattached if waiting => left,
            State::Unattached | State::Candidate(_) | State::Resigned => election_timeout(out),
        };
        self.set_timer(after, out);
        if matches!(self.state, State::Follower) || (matches!(self.state, State::Unattached) && !self.is_voter()) {
            self.fetch(out);
        }
    }

    /// Moves to a higher epoch, or learns who leads this one. Older epochs are ignored.
    pub(super) fn hear(&mut self, epoch: u32, leader: Option<u8>, out: &mut Outbox) {
        let leader = leader.filter(|l| *l != self.ix);
        if epoch < self.epoch || (epoch == self.epoch && (leader.is_none() || self.leader.is_some())) {
            return;
        }
        if epoch > self.epoch {
            if self.leads().is_some() {
                self.report(Happened::SteppedDown { epoch }, out);
            }
            (self.epoch, self.voted) = (epoch, None);
        }
        self.leader = leader;
        match leader {
            Some(leader) => {
                self.report(Happened::LeaderFound { epoch, leader }, out);
                self.enter(State::Follower, out);
            }
            None => self.enter(State::Unattached, out),
        }
    }

    /// Stands for election in the next epoch.
    pub(super) fn stand(&mut self, out: &mut Outbox) {
        let retries = match self.state {
            State::Candidate(poll) => poll.retries + 1,
            _ => 1,
        };
        if self.leads().is_some() || !self.is_voter() {
            return;
        }
        self.epoch += 1;
        (self.voted, self.leader) = (Some(self.ix), None);
        let voters = self.voters();
        self.report(Happened::Standing { epoch: self.epoch, voters: voters.len() }, out);
        self.enter(State::Candidate(Poll { granted: 1 << self.ix, retries, ..Poll::default() }), out);
        let msg = RaftMsg::Vote { epoch: self.epoch, last_epoch: self.log.last_epoch(), end: self.log.end() };
        for to in voters.iter().filter(|to| *to != self.ix) {
            out.send_raft(self.ix, to, msg.clone());
        }
        self.count_votes(out);
    }

    /// Waits a random while before it stands again. [source: binaryExponentialElectionBackoffMs]
    pub(super) fn back_off(&mut self, out: &mut Outbox) {
        let State::Candidate(poll) = &mut self.state else { return };
        poll.backing_off = true;
        let sides = 2u32 << poll.retries.saturating_sub(1).min(10);
        let wait = (BACKOFF_BASE * u64::from(out.chance.below(Stream::Election, sides))).min(BACKOFF_MAX);
        self.spell += 1; // the election's own timer is stale now
        self.set_timer(wait, out);
    }

    /// A candidate asks. One vote per epoch, and only for a log that is at least as long. A host that is no voter by its
    /// own log answers as well: the candidate may know better. [source: KIP-853]
    pub(super) fn on_vote(&mut self, from: u8, epoch: u32, log: (u32, u32), out: &mut Outbox) {
        self.hear(epoch, None, out);
        let free = matches!(self.state, State::Unattached) && self.voted.is_none_or(|to| to == from);
        let long = log >= (self.log.last_epoch(), self.log.end());
        let granted = epoch == self.epoch && self.leader.is_none() && free && long;
        if granted && self.voted.is_none() {
            self.voted = Some(from);
            self.report(Happened::VoteGiven { epoch, to: from }, out);
            let after = election_timeout(out);
            self.spell += 1;
            self.set_timer(after, out);
            if !self.is_voter() {
                self.fetch(out);
            }
        }
        out.send_raft(self.ix, from, RaftMsg::Voted { epoch: self.epoch, leader: self.leader, granted });
    }

    /// The answer. Only voters of its own list count.
    pub(super) fn on_voted(&mut self, from: u8, epoch: u32, leader: Option<u8>, granted: bool, out: &mut Outbox) {
        self.hear(epoch, leader, out);
        let State::Candidate(poll) = &mut self.state else { return };
        if epoch != self.epoch {
            return;
        }
        let box_ = if granted { &mut poll.granted } else { &mut poll.rejected };
        *box_ |= 1 << from;
        self.count_votes(out);
    }

    fn count_votes(&mut self, out: &mut Outbox) {
        let State::Candidate(poll) = self.state else { return };
        let voters = self.voters();
        if voters.is_quorum(poll.granted) {
            let (votes, of) = ((poll.granted & voters.0).count_ones(), voters.len());
            self.report(Happened::Elected { epoch: self.epoch, votes, of }, out);
            self.lead(out);
        } else if !voters.is_quorum(voters.0 & !poll.rejected) && !poll.backing_off {
            self.back_off(out);
        }
    }

    /// Somebody leads this epoch.
    pub(super) fn on_begin(&mut self, from: u8, epoch: u32, out: &mut Outbox) {
        if epoch < self.epoch {
            return out.send_raft(self.ix, from, RaftMsg::Known { epoch: self.epoch, leader: self.leader });
        }
        self.hear(epoch, Some(from), out);
        if matches!(self.state, State::Follower) {
            self.put_off(FETCH_TIMEOUT, out.now);
        }
    }

    /// The leader gave up. The voters with the longest logs stand first. [source: EndQuorumEpoch]
    pub(super) fn on_end(&mut self, from: u8, epoch: u32, place: u8, out: &mut Outbox) {
        self.hear(epoch, Some(from), out);
        if epoch != self.epoch || self.leader != Some(from) || !self.is_voter() {
            return;
        }
        let wait = match place.checked_sub(1) {
            None => 0,
            Some(n) => (BACKOFF_BASE << n.min(8)).min(BACKOFF_MAX),
        };
        self.set_timer(wait, out);
    }
}
