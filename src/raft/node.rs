//! One controller host: what survives a restart, what does not, how it starts and stops, and what it does with a message.
use super::image::Image;
use super::leader::Leadership;
use super::log::Log;
use super::wire::{FetchAnswer, RaftMsg, RaftTimer};
use super::{FETCH_TIMEOUT, Happened};
use crate::ensemble::Power;
use crate::ensemble::membership::Members;
use crate::event::{Actor, What};
use crate::scenario::Role;
use crate::sim::outbox::Outbox;

/// What a controller is in its epoch. [source: QuorumState]
#[derive(Clone, Debug, Default)]
pub enum State {
    /// Knows of no leader in this epoch.
    #[default]
    Unattached,
    /// Fetches from the leader; an observer if its log does not name it a voter.
    Follower,
    /// Asks for votes.
    Candidate(Poll),
    /// Leads.
    Leader(Box<Leadership>),
    /// Led this epoch and gave it up.
    Resigned,
}

/// A candidate's votes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Poll {
    /// Who granted, as bits.
    pub granted: u64,
    /// Who refused, as bits.
    pub rejected: u64,
    /// Elections lost in a row.
    pub retries: u32,
    /// It waits before it stands again.
    pub backing_off: bool,
}

/// A controller host.
#[derive(Clone, Debug)]
pub struct Node {
    /// Its index; hosts are numbered in sid order.
    pub ix: u8,
    /// Its node.id
    pub sid: u8,
    /// Added by the maintenance.
    pub fresh: bool,
    /// Is it running?
    pub power: Power,
    /// Participant: it is to become a voter. Observer: never.
    pub role: Role,
    /// controller.quorum.bootstrap.servers, as bits: where a node without a leader asks.
    pub bootstrap: u64,
    /// Partitions and copies of the topic, should it be created.
    pub topic: (u8, u8),

    // On disk: the quorum-state file, and the log.
    /// Its epoch.
    pub epoch: u32,
    pub(crate) voted: Option<u8>,
    /// The leader it knows in this epoch.
    pub leader: Option<u8>,
    /// The metadata log.
    pub log: Log,
    /// The operator added it: it has seen the list that names it committed.
    pub admitted: bool,

    // In memory.
    /// What it is.
    pub state: State,
    /// Everything below is committed, as far as it knows.
    pub hw: u32,
    /// What the log says up to there.
    pub image: Image,
    /// As a follower: it has everything its leader had when it last fetched.
    pub synced: bool,
    /// Since when, and until when, its state's timer runs.
    pub timer: (u64, u64),
    /// Counts states: timers of an older one are stale.
    pub(super) spell: u32,
    /// The fetch that waits for an answer; 0 for none.
    pub(super) fetching: u32,
    pub(super) tries: u32,
}

impl Node {
    /// A host that has never run.
    pub fn new(ix: u8, sid: u8, fresh: bool, bootstrap: u64, topic: (u8, u8)) -> Node {
        Node {
            ix,
            sid,
            fresh,
            power: Power::Planned,
            role: Role::Participant,
            bootstrap,
            topic,
            epoch: 0,
            voted: None,
            leader: None,
            log: Log::default(),
            admitted: false,
            state: State::Unattached,
            hw: 0,
            image: Image::default(),
            synced: false,
            timer: (0, 0),
            spell: 0,
            fetching: 0,
            tries: 0,
        }
    }

    /// Its name in events.
    pub fn actor(&self) -> Actor {
        Actor::Controller(self.sid)
    }

    /// Is the process running and answering?
    pub fn is_up(&self) -> bool {
        self.power == Power::Up
    }

    /// The voters by its own log.
    pub fn voters(&self) -> Members {
        self.log.voters()
    }

    /// Does its own log name it a voter?
    pub fn is_voter(&self) -> bool {
        self.voters().has(self.ix)
    }

    /// As the leader.
    pub fn leads(&self) -> Option<&Leadership> {
        match &self.state {
            State::Leader(leadership) => Some(leadership),
            _ => None,
        }
    }

    /// A leader that has committed a record of its own epoch, and whose epoch a majority of its voters that run share.
    ///
    /// It is an observer's word, not the node's: a leader that was cut off believes in itself until it checks its quorum.
    pub fn serves_as_leader(&self, nodes: &[Node]) -> bool {
        let with_it = |n: &&Node| n.is_up() && n.epoch == self.epoch;
        let backers = nodes.iter().filter(with_it).fold(0, |mask, n| mask | 1 << n.ix);
        self.is_up() && self.leads().is_some_and(|l| self.hw > l.start) && self.voters().is_quorum(backers)
    }

    pub(super) fn report(&self, what: Happened, out: &mut Outbox) {
        out.emit(self.actor(), What::Raft(what));
    }

    /// At the beginning of a run: a voter with this log, under this leader.
    pub fn install(&mut self, log: &Log, leader: u8, out: &mut Outbox) {
        self.power = Power::Up;
        (self.log, self.leader, self.epoch, self.admitted) = (log.clone(), Some(leader), log.last_epoch(), true);
        self.voted = Some(leader);
        self.commit_to(self.log.end(), out);
        if leader == self.ix {
            return self.install_leader(out);
        }
        self.enter(State::Follower, out);
        self.synced = true;
    }

    /// The process starts, with what is on its disk. [source: QuorumState.initialize]
    pub fn start(&mut self, role: Role, out: &mut Outbox) {
        self.role = role;
        self.power = Power::Up;
        out.stirred = true;
        self.report(Happened::Started { epoch: self.epoch, voter: self.is_voter() }, out);
        match self.leader {
            // It cannot lead an epoch twice: what it wrote last may be gone.
            Some(leader) if leader == self.ix => self.enter(State::Resigned, out),
            Some(_) => self.enter(State::Follower, out),
            None => self.enter(State::Unattached, out),
        }
    }

    /// The process ends: memory is gone, the disk stays.
    pub fn stop(&mut self, out: &mut Outbox) {
        if matches!(self.power, Power::Up | Power::Frozen) {
            out.emit(self.actor(), What::Stopped);
        }
        self.power = Power::Off;
        self.state = State::Unattached;
        (self.hw, self.fetching, self.synced, self.timer) = (0, 0, false, (0, 0));
        self.image = Image::default();
        self.spell += 1;
        out.stirred = true;
    }

    /// Sets the state's timer.
    pub(super) fn set_timer(&mut self, after: u64, out: &mut Outbox) {
        self.timer = (out.now, out.now + after);
        out.wake_node(after, self.ix, RaftTimer::State, self.spell);
    }

    /// Puts the end of the state's timer off; it looks again when it rings.
    pub(super) fn put_off(&mut self, after: u64, now: u64) {
        self.timer = (now, now + after);
    }

    /// A timer rings.
    pub fn on_timer(&mut self, timer: RaftTimer, spell: u32, out: &mut Outbox) {
        if spell != self.spell || !self.is_up() {
            return;
        }
        match timer {
            RaftTimer::State if self.timer.1 > out.now => {
                out.wake_node(self.timer.1 - out.now, self.ix, RaftTimer::State, self.spell);
            }
            RaftTimer::State => self.on_state_timer(out),
            RaftTimer::Fetch { id } if id == self.fetching => self.fetch(out),
            RaftTimer::Unanswered { id } if id == self.fetching => self.fetch(out),
            RaftTimer::Fetch { .. } | RaftTimer::Unanswered { .. } => {}
            RaftTimer::Release { from, id } => self.release_one(from, id, out),
            RaftTimer::Begin => self.on_begin_timer(out),
            RaftTimer::Sessions => self.on_sessions(out),
        }
    }

    fn on_state_timer(&mut self, out: &mut Outbox) {
        match &self.state {
            State::Follower if !self.is_voter() => {
                // An observer asks somebody else. [source: pollFollowerAsObserver]
                self.synced = false;
                out.stirred = true;
                self.fetch(out);
                out.wake_node(FETCH_TIMEOUT, self.ix, RaftTimer::State, self.spell);
            }
            State::Unattached if !self.is_voter() => self.set_timer(FETCH_TIMEOUT, out),
            State::Candidate(poll) if !poll.backing_off => self.back_off(out),
            State::Candidate(_) | State::Follower | State::Unattached => self.stand(out),
            State::Resigned if self.is_voter() => self.stand(out),
            State::Resigned => self.enter(State::Unattached, out),
            State::Leader(_) => self.resign(out),
        }
    }

    /// A message from another controller.
    pub fn on_message(&mut self, from: u8, msg: RaftMsg, out: &mut Outbox) {
        match msg {
            RaftMsg::Vote { epoch, last_epoch, end } => self.on_vote(from, epoch, (last_epoch, end), out),
            RaftMsg::Voted { epoch, leader, granted } => self.on_voted(from, epoch, leader, granted, out),
            RaftMsg::BeginEpoch { epoch } => self.on_begin(from, epoch, out),
            RaftMsg::EndEpoch { epoch, place } => self.on_end(from, epoch, place, out),
            RaftMsg::Known { epoch, leader } => self.hear(epoch, leader, out),
            RaftMsg::Fetch { id, epoch, offset, last_epoch } => {
                self.on_fetch(from, id, epoch, (offset, last_epoch), out)
            }
            RaftMsg::Fetched { id, epoch, leader, answer } => self.on_fetched(from, id, (epoch, leader), answer, out),
            RaftMsg::Refused { id } if id == self.fetching => self.pause(out),
            RaftMsg::Refused { .. } => {}
            RaftMsg::AddVoter => self.on_add_voter(from, out),
            RaftMsg::Added { epoch } => self.on_added(epoch, out),
        }
    }

    fn on_fetched(&mut self, from: u8, id: u32, said: (u32, Option<u8>), answer: FetchAnswer, out: &mut Outbox) {
        self.hear(said.0, said.1, out);
        if id != self.fetching {
            return;
        }
        let theirs = matches!(self.state, State::Follower) && self.leader == Some(from) && said.0 == self.epoch;
        match answer {
            FetchAnswer::Records { records, hw } if theirs => self.on_records(&records, hw, out),
            FetchAnswer::Diverging { epoch, end } if theirs => self.on_diverging(epoch, end, out),
            _ => self.pause(out),
        }
    }
}
