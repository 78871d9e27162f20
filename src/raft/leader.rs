//! The leader: it appends, answers fetches, counts who has what, changes the voters one at a time, and resigns when no
//! majority fetches. [source: LeaderState, AddVoterHandler]
use super::active::Active;
use super::image::Record;
use super::log::Entry;
use super::node::{Node, State};
use super::wire::{FetchAnswer, RaftMsg, RaftTimer};
use super::{BEGIN_EVERY, CHECK_QUORUM, FETCH_WAIT, Happened};
use crate::limits::{MAX_SIDS, METADATA_BATCH};
use crate::sim::outbox::Outbox;

/// What a leader keeps in mind.
#[derive(Clone, Debug)]
pub struct Leadership {
    /// The offset of its epoch's first record: nothing is committed by it before that one is.
    pub start: u32,
    /// What each host has, by its last fetch.
    pub(crate) ends: [u32; MAX_SIDS],
    /// When each host fetched last.
    pub(crate) heard: [u64; MAX_SIDS],
    /// Fetches that wait for something to bring; 0 for none.
    parked: [u32; MAX_SIDS],
    /// Hosts that had everything when they fetched last, as bits.
    pub(crate) caught_up: u64,
    /// Voters that fetched since the quorum was last whole, as bits.
    fetched: u64,
    /// The host whose addition is not committed yet.
    pub(crate) newcomer: Option<u8>,
    /// The active controller, once the epoch's first record is committed.
    pub active: Option<Active>,
}

impl Leadership {
    fn new(start: u32, now: u64) -> Leadership {
        Leadership {
            start,
            ends: [0; MAX_SIDS],
            heard: [now; MAX_SIDS],
            parked: [0; MAX_SIDS],
            caught_up: 0,
            fetched: 0,
            newcomer: None,
            active: None,
        }
    }
}

impl Node {
    pub(super) fn leading(&mut self) -> Option<&mut Leadership> {
        match &mut self.state {
            State::Leader(leadership) => Some(leadership),
            _ => None,
        }
    }

    /// It was elected.
    pub(super) fn lead(&mut self, out: &mut Outbox) {
        self.leader = Some(self.ix);
        self.enter(State::Leader(Box::new(Leadership::new(self.log.end(), out.now))), out);
        self.append(Record::LeaderChange);
        self.call_on_voters(u64::MAX, out);
        out.wake_node(BEGIN_EVERY, self.ix, RaftTimer::Begin, self.spell);
        self.advance_hw(out);
    }

    /// At the beginning of a run: it has led for a while.
    pub fn install_leader(&mut self, out: &mut Outbox) {
        self.leader = Some(self.ix);
        let mut leadership = Leadership::new(0, out.now);
        leadership.ends.fill(self.log.end());
        self.state = State::Leader(Box::new(leadership));
        self.spell += 1;
        self.set_timer(CHECK_QUORUM, out);
        out.wake_node(BEGIN_EVERY, self.ix, RaftTimer::Begin, self.spell);
        self.activate(out);
    }

    /// BeginQuorumEpoch to these voters.
    fn call_on_voters(&self, which: u64, out: &mut Outbox) {
        for to in self.voters().iter().filter(|to| *to != self.ix && which >> to & 1 == 1) {
            out.send_raft(self.ix, to, RaftMsg::BeginEpoch { epoch: self.epoch });
        }
    }

    /// Calls again on voters that have not fetched. [simplified: a real leader calls on all of them]
    pub(super) fn on_begin_timer(&mut self, out: &mut Outbox) {
        let Some(l) = self.leads() else { return };
        let late = |at: &u64| out.now.saturating_sub(*at) >= BEGIN_EVERY;
        let silent = l.heard.iter().enumerate().filter(|(_, at)| late(at)).fold(0, |mask, (ix, _)| mask | 1 << ix);
        self.call_on_voters(silent, out);
        out.wake_node(BEGIN_EVERY, self.ix, RaftTimer::Begin, self.spell);
    }

    /// No majority fetched for too long: it gives up, and names its successors. [source: ResignedState]
    pub(super) fn resign(&mut self, out: &mut Outbox) {
        let voters = self.voters();
        if voters.len() < 2 {
            return self.set_timer(CHECK_QUORUM, out);
        }
        self.report(Happened::Resigned { epoch: self.epoch }, out);
        if let Some(l) = self.leads() {
            for to in voters.iter().filter(|to| *to != self.ix) {
                let mine = l.ends[usize::from(to)];
                let ahead = |v: &u8| *v != self.ix && (l.ends[usize::from(*v)], to) > (mine, *v);
                let place = voters.iter().filter(ahead).count() as u8;
                out.send_raft(self.ix, to, RaftMsg::EndEpoch { epoch: self.epoch, place });
            }
        }
        self.enter(State::Resigned, out);
    }

    /// Adds a record to its own log.
    pub(super) fn append(&mut self, record: Record) -> u32 {
        let offset = self.log.end();
        self.log.push(Entry { epoch: self.epoch, record });
        offset
    }

    /// A host fetches.
    pub(super) fn on_fetch(&mut self, from: u8, id: u32, epoch: u32, at: (u32, u32), out: &mut Outbox) {
        let (offset, last_epoch) = at;
        let (mine, me, end) = (self.epoch, self.ix, self.log.end());
        let agreed = self.log.end_of(last_epoch);
        let State::Leader(l) = &mut self.state else {
            return self.answer_fetch(from, id, FetchAnswer::NotLeader, out);
        };
        if epoch != mine {
            return self.answer_fetch(from, id, FetchAnswer::NotLeader, out);
        }
        l.heard[usize::from(from)] = out.now;
        if agreed.0 != last_epoch || agreed.1 < offset {
            let (epoch, end) = agreed;
            return self.answer_fetch(from, id, FetchAnswer::Diverging { epoch, end }, out);
        }
        l.ends[usize::from(from)] = offset;
        l.caught_up = l.caught_up & !(1 << from) | u64::from(offset == end) << from;
        l.parked[usize::from(from)] = id;
        let voters = self.log.voters();
        if voters.has(from) {
            l.fetched |= 1 << from;
            if voters.is_quorum(l.fetched | 1 << me) {
                l.fetched = 0;
                self.put_off(CHECK_QUORUM, out.now);
            }
            self.advance_hw(out);
        }
        if offset < end {
            self.release_one(from, id, out);
        } else {
            out.wake_node(FETCH_WAIT, me, RaftTimer::Release { from, id }, self.spell);
        }
    }

    fn answer_fetch(&self, to: u8, id: u32, answer: FetchAnswer, out: &mut Outbox) {
        let (epoch, leader) = (self.epoch, self.leader);
        out.send_raft(self.ix, to, RaftMsg::Fetched { id, epoch, leader, answer });
    }

    /// Answers a fetch that waits, with what there is.
    pub(super) fn release_one(&mut self, to: u8, id: u32, out: &mut Outbox) {
        let hw = self.hw;
        let Some(l) = self.leading() else { return };
        if l.parked[usize::from(to)] != id || id == 0 {
            return;
        }
        l.parked[usize::from(to)] = 0;
        let news = self.leads().map_or(0, |l| l.ends[usize::from(to)]);
        let records = self.log.from(news);
        let records = records[..records.len().min(METADATA_BATCH)].into();
        self.answer_fetch(to, id, FetchAnswer::Records { records, hw }, out);
    }

    /// There are new records: whoever waits gets them. [simplified: a real leader lingers up to 25 ms for more]
    pub(super) fn release_all(&mut self, out: &mut Outbox) {
        for to in 0..MAX_SIDS as u8 {
            let id = self.leads().map_or(0, |l| l.parked[usize::from(to)]);
            self.release_one(to, id, out);
        }
        self.advance_hw(out);
    }

    /// What a majority of its voters have is committed, once that includes a record of its own epoch. [source]
    fn advance_hw(&mut self, out: &mut Outbox) {
        let (me, end, was, voters) = (self.ix, self.log.end(), self.hw, self.log.voters());
        let Some(l) = self.leads() else { return };
        let has = |ix: u8| if ix == me { end } else { l.ends[usize::from(ix)].min(end) };
        let backed =
            |offset: u32| voters.is_quorum(voters.iter().filter(|v| has(*v) >= offset).fold(0, |m, v| m | 1 << v));
        let highest = voters.iter().map(has).filter(|offset| *offset > was && backed(*offset)).max();
        let Some(hw) = highest.filter(|hw| *hw > l.start) else { return };
        self.commit_to(hw, out);
        self.on_commit(was, out);
    }

    /// Records from `was` to its high watermark are committed.
    fn on_commit(&mut self, was: u32, out: &mut Outbox) {
        let mut news = false;
        let cause = out.cause();
        for offset in was..self.hw {
            let Some(Entry { record, .. }) = self.log.get(offset).copied() else { continue };
            self.report(Happened::Committed { offset, record }, out);
            news |= record.concerns_brokers();
            if let Record::Voters { voters } = record {
                self.report(Happened::VotersChanged { voters: voters.count_ones() }, out);
                self.welcome(out);
            }
            out.because(cause);
        }
        out.stirred = true;
        if self.leads().is_some_and(|l| l.active.is_none()) {
            self.take_over(out);
        } else {
            self.tell_brokers(news, out);
        }
    }

    fn welcome(&mut self, out: &mut Outbox) {
        let (me, epoch) = (self.ix, self.epoch);
        if let Some(newcomer) = self.leading().and_then(|l| l.newcomer.take()) {
            out.send_raft(me, newcomer, RaftMsg::Added { epoch });
        }
    }

    /// A host asks to become a voter. One change at a time, only after a commit in this epoch, and only for a host that has
    /// caught up; otherwise the operator asks again. [source: AddVoterHandler]
    pub(super) fn on_add_voter(&mut self, from: u8, out: &mut Outbox) {
        let (now, voters, settled) = (out.now, self.log.voters(), self.log.voters_at() < self.hw);
        let Some(l) = self.leads() else { return };
        if voters.has(from) {
            if settled {
                out.send_raft(self.ix, from, RaftMsg::Added { epoch: self.epoch });
            }
            return;
        }
        let recent = now.saturating_sub(l.heard[usize::from(from)]) <= CHECK_QUORUM;
        if !settled || self.hw <= l.start || l.caught_up >> from & 1 == 0 || !recent || self.log.is_full() {
            return;
        }
        let list = voters.0 | 1 << from;
        self.report(Happened::VoterProposed { controller: from, voters: list.count_ones() }, out);
        self.append(Record::Voters { voters: list });
        if let Some(l) = self.leading() {
            l.newcomer = Some(from);
        }
        self.release_all(out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::outbox::Outbox;

    /// Host 2 leads hosts 0–2; hosts 3 and 4 observe.
    fn quorum() -> (Node, Outbox) {
        let mut out = Outbox::new(7, Box::new([1, 2, 3, 4, 5]), 1, (500, 4000));
        let mut log = crate::raft::log::Log::default();
        for record in [Record::Voters { voters: 0b111 }, Record::LeaderChange] {
            log.push(Entry { epoch: 1, record });
        }
        let mut leader = Node::new(2, 3, false, 0b111, (1, 1));
        leader.install(&log, 2, &mut out);
        (leader, out)
    }

    fn has_all(leader: &mut Node, from: u8, out: &mut Outbox) {
        let (end, id) = (leader.log.end(), out.unique());
        leader.on_fetch(from, id, 1, (end, 1), out);
    }

    #[test]
    fn voters_change_one_at_a_time_and_by_a_majority_of_the_new_list() {
        let (mut leader, mut out) = quorum();
        [3, 4].into_iter().for_each(|host| has_all(&mut leader, host, &mut out));
        leader.on_add_voter(3, &mut out);
        leader.on_add_voter(4, &mut out);
        assert_eq!(leader.voters().0, 0b1111, "the first is on the list at once, the second has to wait");
        has_all(&mut leader, 0, &mut out);
        assert_eq!(leader.hw, 2, "two of four are no majority");
        has_all(&mut leader, 3, &mut out);
        assert_eq!(leader.hw, 3, "the new voter counts itself in");
        leader.on_add_voter(4, &mut out);
        assert_eq!(leader.voters().0, 0b11111);
    }

    #[test]
    fn a_host_that_has_not_caught_up_is_not_added() {
        let (mut leader, mut out) = quorum();
        let id = out.unique();
        leader.on_fetch(3, id, 1, (0, 0), &mut out);
        leader.on_add_voter(3, &mut out);
        assert_eq!(leader.voters().0, 0b111);
    }

    #[test]
    fn a_fetch_from_a_log_that_differs_counts_for_nothing() {
        let (mut leader, mut out) = quorum();
        leader.on_fetch(0, 9, 1, (5, 1), &mut out);
        leader.on_fetch(1, 9, 1, (1, 7), &mut out);
        assert_eq!(leader.leads().map(|l| (l.ends[0], l.ends[1])), Some((2, 2)));
    }
}
