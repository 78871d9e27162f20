//! One ZooKeeper host: what survives a restart, what does not, and how it starts and stops.
use super::leader::Leading;
use super::learner::Learner;
use super::membership::Members;
use super::server::Server;
use super::vote::{Ballot, Heard, Vote};
use super::znode::{Txn, Znodes};
use super::{PeerState, Timing};
use crate::event::{Actor, EventId, What, Why};
use crate::limits::COMMIT_LOG;
use crate::message::{PeerMsg, PeerTimer};
use crate::scenario::Role;
use crate::sim::outbox::Outbox;
use std::collections::VecDeque;

/// Is the process running?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Power {
    /// Not in the inventory yet.
    Planned,
    /// Registered; starts at the given time (since, until).
    Booting(u64, u64),
    /// Stopped.
    Off,
    /// Running.
    Up,
    /// Hanging: it hears and says nothing until it is thawed.
    Frozen,
}

/// A ZooKeeper host.
#[derive(Clone, Debug)]
pub struct Peer {
    /// Its index; hosts are numbered in sid order.
    pub ix: u8,
    /// Its server id.
    pub sid: u8,
    /// Added by the maintenance.
    pub fresh: bool,
    /// Is it running?
    pub power: Power,
    /// Its configured role.
    pub role: Role,
    /// The server list *it was given*: the only one it counts.
    pub list: Members,
    /// The run's timing.
    pub timing: Timing,

    // On disk: survives a restart, unless wiped.
    /// acceptedEpoch
    pub accepted_epoch: u32,
    /// currentEpoch
    pub current_epoch: u32,
    /// The zxid of the last logged transaction.
    pub last_zxid: u64,
    /// Logged transactions, newest last; at most [`COMMIT_LOG`] are retained.
    pub log: VecDeque<(u64, Txn)>,
    /// The tree as it was before the first of them.
    pub base: Znodes,
    /// The tree, with everything up to `applied` in it.
    pub tree: Znodes,
    /// The last zxid applied to the tree.
    pub applied: u64,

    // In memory.
    /// What it does.
    pub state: PeerState,
    /// The event by which it came to lead, to serve or to follow, last; 0: it did from the beginning.
    pub turned: EventId,
    /// logicalclock: the election round.
    pub round: u64,
    /// Its own vote at the beginning of this election.
    pub initial: Vote,
    /// The vote it proposes while looking.
    pub proposal: Vote,
    /// The vote that ended its last election.
    pub vote: Vote,
    /// What it heard in this round (recvset).
    pub heard: Heard,
    /// What it heard from peers that have a leader (outofelection).
    pub settled: Heard,
    /// The last question of each host, its answer, and when.
    pub answered: Box<[(Ballot, Ballot, u64)]>,
    /// Until when it waits for a better vote; `None` while no quorum stands.
    pub finalizing: Option<u64>,
    /// The notification timeout.
    pub notify: u64,
    /// When the election timer was set and rings.
    pub election_timer: (u64, u64),
    /// Counts the election timer's settings: older ones are stale.
    pub generation: u32,
    /// Counts spells of following or leading: timers of older ones are stale.
    pub spell: u32,
    /// As a learner.
    pub learner: Option<Learner>,
    /// As a leader.
    pub leading: Option<Leading>,
    /// Towards the brokers.
    pub server: Server,
}

impl Peer {
    /// About how much memory a copy takes, in bytes.
    pub fn weight(&self) -> usize {
        let trees = self.tree.jobs.len() + self.base.jobs.len();
        self.log.len() * size_of::<(u64, Txn)>() + trees * 3 * size_of::<u64>() + size_of::<Peer>()
    }

    /// A host that has never run.
    pub fn new(ix: u8, sid: u8, fresh: bool, hosts: usize, timing: Timing) -> Peer {
        Peer {
            ix,
            sid,
            fresh,
            power: Power::Planned,
            role: Role::Participant,
            list: Members::default(),
            timing,
            accepted_epoch: 0,
            current_epoch: 0,
            last_zxid: 0,
            log: VecDeque::new(),
            base: Znodes::default(),
            tree: Znodes::default(),
            applied: 0,
            state: PeerState::Looking,
            turned: 0,
            round: 0,
            initial: Vote::default(),
            proposal: Vote::default(),
            vote: Vote::default(),
            heard: Heard::new(hosts),
            settled: Heard::new(hosts),
            answered: vec![(Ballot::default(), Ballot::default(), 0); hosts].into(),
            finalizing: None,
            notify: super::NOTIFY_FIRST,
            election_timer: (0, 0),
            generation: 0,
            spell: 0,
            learner: None,
            leading: None,
            server: Server::default(),
        }
    }

    /// Makes room to hear more hosts.
    pub fn grow(&mut self, hosts: usize) {
        self.heard.grow(hosts);
        self.settled.grow(hosts);
        let mut answered = std::mem::take(&mut self.answered).into_vec();
        answered.resize(hosts, (Ballot::default(), Ballot::default(), 0));
        self.answered = answered.into();
        if let Some(leading) = &mut self.leading {
            leading.grow(hosts);
        }
    }

    /// Its name in events.
    pub fn actor(&self) -> Actor {
        Actor::Peer(self.sid)
    }

    /// Is the process running and answering?
    pub fn is_up(&self) -> bool {
        self.power == Power::Up
    }

    /// In the broadcast phase: a leader with a synced quorum, or a learner that is up to date.
    pub fn serves(&self) -> bool {
        self.is_up()
            && (self.leading.as_ref().is_some_and(Leading::serves) || self.learner.as_ref().is_some_and(|l| l.serving))
    }

    /// A leader with a synced quorum of its own list.
    pub fn serves_as_leader(&self) -> bool {
        self.is_up() && self.leading.as_ref().is_some_and(Leading::serves)
    }

    /// The host it follows, or itself while it leads.
    pub fn leader(&self) -> Option<u8> {
        match self.state {
            PeerState::Leading => Some(self.ix),
            PeerState::Following | PeerState::Observing => self.learner.as_ref().map(|l| l.leader),
            PeerState::Looking => None,
        }
    }

    /// The process starts with this list.
    pub fn start(&mut self, list: Members, role: Role, out: &mut Outbox) {
        (self.list, self.role) = (list, role);
        self.power = Power::Up;
        self.round = 0;
        out.stirred = true;
        out.emit(self.actor(), What::Booted { list, observer: role == Role::Observer });
        // A restarted server replays its log before it does anything else. [source: ZKDatabase.loadDataBase]
        self.apply_log(u64::MAX, out);
        self.look(out);
    }

    /// The process ends: connections break, memory is gone, the disk stays.
    pub fn stop(&mut self, out: &mut Outbox) {
        if matches!(self.power, Power::Up | Power::Frozen) {
            out.emit(self.actor(), What::Stopped);
        }
        self.hang_up(out);
        self.state = PeerState::Looking;
        self.generation += 1;
        self.power = Power::Off;
        out.stirred = true;
    }

    /// The disk is wiped.
    pub fn wipe(&mut self, out: &mut Outbox) {
        (self.accepted_epoch, self.current_epoch, self.last_zxid, self.applied) = (0, 0, 0, 0);
        self.log.clear();
        (self.base, self.tree) = (Znodes::default(), Znodes::default());
        out.emit(self.actor(), What::Wiped);
    }

    /// Closes every connection and forgets leader and learners.
    pub fn hang_up(&mut self, out: &mut Outbox) {
        self.spell += 1;
        self.server.close_all(self.ix, out);
        if let Some(learner) = self.learner.take() {
            out.send_peer(self.ix, learner.leader, PeerMsg::Closed { conn: learner.conn });
        }
        if let Some(leading) = self.leading.take() {
            for (ix, handler) in leading.handlers() {
                out.send_peer(self.ix, ix, PeerMsg::Closed { conn: handler.conn });
            }
        }
    }

    /// Gives up its leader or its leadership, and looks again after the teardown.
    pub fn give_up(&mut self, why: Why, out: &mut Outbox) {
        let was_leading = self.leading.is_some();
        out.emit(self.actor(), What::GaveUp { why });
        self.hang_up(out);
        out.stirred = true;
        let pause = if was_leading { super::TEARDOWN / 3 } else { super::TEARDOWN };
        out.wake_peer(pause, self.ix, PeerTimer::Look, self.spell);
    }

    /// Appends to the log.
    pub fn append(&mut self, zxid: u64, txn: Txn) {
        if zxid <= self.last_zxid {
            return;
        }
        if self.log.len() == COMMIT_LOG
            && self.log.front().is_some_and(|(z, _)| *z <= self.applied)
            && let Some((_, txn)) = self.log.pop_front()
        {
            self.base.apply(&txn);
        }
        self.log.push_back((zxid, txn));
        self.last_zxid = zxid;
    }

    /// Applies logged transactions up to `zxid` to the tree, and tells whoever watches.
    pub fn apply_log(&mut self, zxid: u64, out: &mut Outbox) {
        if self.applied >= zxid.min(self.last_zxid) {
            return;
        }
        let start = self.log.partition_point(|(z, _)| *z <= self.applied);
        for i in start..self.log.len() {
            let (z, txn) = self.log[i];
            if z > zxid {
                break;
            }
            let touched = self.tree.apply(&txn);
            self.applied = z;
            self.adopt_config(out);
            self.server.tell(self.ix, touched, out);
            if let Txn::CloseSession { session } = txn {
                self.server.close_session(self.ix, session, out);
            }
        }
    }

    /// A list that is part of the tree replaces the one in the server's own file.
    pub fn adopt_config(&mut self, out: &mut Outbox) {
        if self.tree.config != 0 && self.list.0 != self.tree.config {
            self.list = Members(self.tree.config);
            out.stirred = true;
        }
    }

    /// A timer rings.
    pub fn on_timer(&mut self, timer: PeerTimer, generation: u32, out: &mut Outbox) {
        let current = if timer == PeerTimer::Election { self.generation } else { self.spell };
        if generation != current || !self.is_up() {
            return;
        }
        match timer {
            PeerTimer::Election => self.on_election_timer(out),
            PeerTimer::Look => self.look(out),
            PeerTimer::Connect => self.connect(out),
            PeerTimer::Silence => self.on_silence_timer(out),
            PeerTimer::EpochWritten => self.on_epoch_written(out),
            PeerTimer::SyncWritten => self.on_sync_written(out),
            PeerTimer::Tick => self.on_tick(out),
            PeerTimer::InitLimit => self.on_init_limit(out),
        }
    }

    /// A message arrives from another host (or itself).
    pub fn on_message(&mut self, from: u8, msg: PeerMsg, out: &mut Outbox) {
        match msg {
            PeerMsg::Notification { vote, round, state } => {
                self.on_notification(from, Ballot { vote, round, state }, out);
            }
            PeerMsg::FollowerInfo { conn, accepted_epoch, observer } => {
                self.on_follower_info(from, conn, accepted_epoch, observer, out);
            }
            PeerMsg::AckEpoch { conn, current_epoch, zxid } => self.on_ack_epoch(from, conn, current_epoch, zxid, out),
            PeerMsg::AckNewLeader { conn } => self.on_ack_new_leader(from, conn, out),
            PeerMsg::Ack { conn, zxid } => self.on_ack(from, conn, zxid, out),
            PeerMsg::Pong { conn } => self.on_pong(from, conn, out),
            PeerMsg::Touch { conn, session } => self.on_touch(from, conn, session, out),
            PeerMsg::Forward { conn, txn, origin } => self.on_forward(from, conn, txn, origin, out),
            PeerMsg::Revalidate { conn, session, client } => self.on_revalidate(from, conn, session, client, out),
            PeerMsg::Closed { conn } => self.on_closed(from, conn, out),
            other => self.on_leader_message(from, other, out),
        }
    }
}
