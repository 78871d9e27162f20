//! The leader's side: discovery, sync, broadcast, heartbeats, and stepping down. [source: Leader, LearnerHandler]
use super::learner::SyncData;
use super::peer::Peer;
use super::znode::SessionId;
use super::{EPOCH_WRITE, PeerState};
use crate::event::{Actor, What, Why};
use crate::message::{Conn, PeerMsg, PeerTimer};
use crate::sim::outbox::Outbox;
use std::collections::VecDeque;

/// How far a leader has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Waiting for a quorum of learners, to choose an epoch above all they accepted.
    Discovery,
    /// The epoch is chosen; waiting for a quorum to accept it.
    Epoch,
    /// Waiting for a quorum to be in sync.
    Sync,
    /// Serving.
    Broadcast,
}

/// One learner, as its leader sees it.
#[derive(Clone, Copy, Debug)]
pub struct Handler {
    /// Its connection.
    pub conn: Conn,
    /// It observes.
    pub observer: bool,
    /// Its acceptedEpoch when it connected.
    pub(crate) accepted_epoch: u32,
    /// Its zxid, once it acknowledged the epoch.
    pub(crate) zxid: Option<u64>,
    /// Sync was sent: it gets every proposal from here on.
    pub syncing: bool,
    /// … and has every one up to this zxid, once it acknowledges NEWLEADER.
    upto: u64,
    /// It has acknowledged NEWLEADER.
    pub synced: bool,
    /// When it was last heard.
    pub(crate) heard: u64,
}

/// A proposal that no quorum has logged yet.
#[derive(Clone, Debug)]
pub struct Outstanding {
    /// Its zxid.
    pub zxid: u64,
    /// Who has logged it, as bits.
    pub acks: u64,
    /// The list it brings, as bits; 0 for none.
    pub next: u64,
}

/// A peer that leads.
#[derive(Clone, Debug)]
pub struct Leading {
    /// How far it has come.
    pub phase: Phase,
    /// The new epoch, once chosen.
    pub epoch: u32,
    /// When it began, for the arc.
    pub since: u64,
    handlers: Box<[Option<Handler>]>,
    /// Participants of its list that connected; that accepted the epoch; that are in sync. Itself included.
    pub(crate) connected: u64,
    pub(crate) accepted: u64,
    pub(crate) in_sync: u64,
    basis: (u64, u64),
    /// Proposals without a quorum, oldest first.
    pub outstanding: VecDeque<Outstanding>,
    /// Half ticks so far.
    pub(crate) half_ticks: u64,
    /// When the last one was.
    pub(crate) ticked: u64,
    /// Sessions and when they expire.
    pub sessions: Vec<(SessionId, u64)>,
}

impl Leading {
    fn new(hosts: usize, now: u64) -> Leading {
        Leading {
            phase: Phase::Discovery,
            epoch: 0,
            since: now,
            handlers: vec![None; hosts].into(),
            connected: 0,
            accepted: 0,
            in_sync: 0,
            basis: (0, 0),
            outstanding: VecDeque::new(),
            half_ticks: 0,
            ticked: now,
            sessions: Vec::new(),
        }
    }

    /// Makes room for more learners.
    pub fn grow(&mut self, hosts: usize) {
        let mut handlers = std::mem::take(&mut self.handlers).into_vec();
        handlers.resize(hosts, None);
        self.handlers = handlers.into();
    }

    /// Has it a synced quorum?
    pub fn serves(&self) -> bool {
        self.phase == Phase::Broadcast
    }

    /// The list by which it became a leader that serves, and the members that were in sync, as bits.
    pub fn rests_on(&self) -> (u64, u64) {
        self.basis
    }

    /// Its learners.
    pub fn handlers(&self) -> impl Iterator<Item = (u8, &Handler)> {
        self.handlers.iter().enumerate().filter_map(|(ix, h)| h.as_ref().map(|h| (ix as u8, h)))
    }

    /// The learner behind this connection; it was heard just now.
    pub fn handler(&mut self, from: u8, conn: Conn, now: u64) -> Option<&mut Handler> {
        let handler = self.handlers.get_mut(usize::from(from))?.as_mut().filter(|h| h.conn == conn)?;
        handler.heard = now;
        Some(handler)
    }

    /// Those in sync and heard within `limit`, and itself. [source: LearnerHandler.synced]
    pub fn synced_since(&self, me: u8, now: u64, limit: u64) -> u64 {
        let fresh = |(_, h): &(u8, &Handler)| h.synced && !h.observer && now - h.heard <= limit;
        self.handlers().filter(fresh).fold(1 << me, |mask, (ix, _)| mask | 1 << ix)
    }
}

impl Peer {
    /// Begins to lead: wait for a quorum.
    pub fn lead(&mut self, out: &mut Outbox) {
        let mut leading = Leading::new(out.sids.len(), out.now);
        leading.connected = 1 << self.ix;
        self.leading = Some(leading);
        out.wake_peer(self.timing.init, self.ix, PeerTimer::InitLimit, self.spell);
        self.discover(out);
    }

    /// An established leader of `followers`, at the beginning of a run.
    pub fn install_leader(&mut self, followers: &[(u8, Conn)], out: &mut Outbox) {
        let mut leading = Leading::new(out.sids.len(), out.now);
        (leading.phase, leading.epoch) = (Phase::Broadcast, self.current_epoch);
        leading.in_sync = followers.iter().fold(1 << self.ix, |mask, (ix, _)| mask | 1 << ix);
        leading.basis = (self.list.0, leading.in_sync);
        for &(ix, conn) in followers {
            let accepted_epoch = self.current_epoch;
            let zxid = Some(self.last_zxid);
            let handler = Handler {
                conn,
                observer: false,
                accepted_epoch,
                zxid,
                syncing: true,
                upto: 0,
                synced: true,
                heard: out.now,
            };
            leading.handlers[usize::from(ix)] = Some(handler);
        }
        let deadline = out.now + self.timing.session;
        leading.sessions = self.tree.sessions.iter().map(|(s, _)| (*s, deadline)).collect();
        self.leading = Some(leading);
        out.wake_peer(self.timing.tick / 2, self.ix, PeerTimer::Tick, self.spell);
    }

    /// A learner connects. Whoever leads accepts it, on its list or not: outside of it, it has no vote.
    pub fn on_follower_info(&mut self, from: u8, conn: Conn, accepted_epoch: u32, observer: bool, out: &mut Outbox) {
        let listed = self.list.has(from);
        let Some(leading) = self.leading.as_mut().filter(|_| self.state == PeerState::Leading) else {
            return out.send_peer(self.ix, from, PeerMsg::Refused { conn });
        };
        let handler = Handler {
            conn,
            observer,
            accepted_epoch,
            zxid: None,
            syncing: false,
            upto: 0,
            synced: false,
            heard: out.now,
        };
        leading.handlers[usize::from(from)] = Some(handler);
        if leading.phase == Phase::Discovery {
            if listed && !observer {
                leading.connected |= 1 << from;
            }
            self.discover(out);
        } else {
            let epoch = leading.epoch;
            out.send_peer(self.ix, from, PeerMsg::LeaderInfo { conn, epoch });
        }
    }

    /// With a quorum connected: the new epoch is one above the highest that any of them accepted.
    fn discover(&mut self, out: &mut Outbox) {
        let Some(leading) = &mut self.leading else { return };
        if !self.list.is_quorum(leading.connected) {
            return;
        }
        let highest = leading.handlers().map(|(_, h)| h.accepted_epoch).max().unwrap_or(0);
        leading.epoch = highest.max(self.accepted_epoch) + 1;
        leading.phase = Phase::Epoch;
        self.accepted_epoch = leading.epoch;
        let epoch = leading.epoch;
        out.emit(Actor::Peer(self.sid), What::EpochProposed { epoch });
        for (ix, handler) in leading.handlers() {
            out.send_peer(self.ix, ix, PeerMsg::LeaderInfo { conn: handler.conn, epoch });
        }
        out.wake_peer(EPOCH_WRITE, self.ix, PeerTimer::EpochWritten, self.spell);
    }

    /// Its own acceptedEpoch is on disk.
    pub fn on_own_epoch_written(&mut self, out: &mut Outbox) {
        let ix = self.ix;
        let Some(leading) = &mut self.leading else { return };
        leading.accepted |= 1 << ix;
        self.check_epoch_quorum(out);
    }

    /// A learner accepted the epoch.
    pub fn on_ack_epoch(&mut self, from: u8, conn: Conn, current_epoch: Option<u32>, zxid: u64, out: &mut Outbox) {
        let (now, mine) = (out.now, (self.current_epoch, self.last_zxid));
        let listed = self.list.has(from);
        let Some(leading) = &mut self.leading else { return };
        let phase = leading.phase;
        let Some(handler) = leading.handler(from, conn, now) else { return };
        handler.zxid = Some(zxid);
        let votes = listed && !handler.observer;
        if phase == Phase::Epoch {
            if current_epoch.is_some_and(|epoch| (epoch, zxid) > mine) {
                return self.give_up(Why::LearnerAhead, out);
            }
            if votes && current_epoch.is_some() {
                leading.accepted |= 1 << from;
            }
            self.check_epoch_quorum(out);
        } else {
            self.sync_learner(from, out);
        }
    }

    fn check_epoch_quorum(&mut self, out: &mut Outbox) {
        let Some(leading) = &mut self.leading else { return };
        if leading.phase != Phase::Epoch || !self.list.is_quorum(leading.accepted) {
            return;
        }
        leading.phase = Phase::Sync;
        leading.in_sync = 1 << self.ix;
        self.current_epoch = leading.epoch;
        let ready: Vec<u8> = leading.handlers().filter(|(_, h)| h.zxid.is_some()).map(|(ix, _)| ix).collect();
        for ix in ready {
            self.sync_learner(ix, out);
        }
        self.check_sync_quorum(out); // an ensemble of one is its own quorum
    }

    /// DIFF, TRUNC or SNAP by zxid only, never by content. [source: LearnerHandler.syncFollower]
    fn sync_learner(&mut self, ix: u8, out: &mut Outbox) {
        let mine = self.last_zxid;
        let Some(leading) = &mut self.leading else { return };
        let epoch = leading.epoch;
        let Some(handler) = leading.handlers.get_mut(usize::from(ix)).and_then(Option::as_mut) else { return };
        let theirs = handler.zxid.unwrap_or(0);
        (handler.syncing, handler.upto) = (true, mine);
        let conn = handler.conn;
        let data = Box::new(self.sync_data(theirs));
        out.send_peer(self.ix, ix, PeerMsg::Sync { conn, epoch, data });
    }

    fn sync_data(&self, theirs: u64) -> SyncData {
        let at = self.log.partition_point(|(z, _)| *z <= theirs); // the first that the learner lacks
        let above = |from: usize| self.log.iter().skip(from).copied().collect();
        let last = at.checked_sub(1).and_then(|i| self.log.get(i)).map(|(z, _)| *z);
        // The first number of an epoch stands for no transaction: whoever has it has all that came before.
        let begun = theirs & 0xffff_ffff == 0;
        let next = self.log.get(at).map(|(z, _)| *z >> 32);
        match last {
            _ if theirs == self.last_zxid => SyncData::Diff(Vec::new()),
            _ if theirs > self.last_zxid && !begun => SyncData::Trunc(self.last_zxid, Vec::new()),
            Some(last) if last == theirs || begun => SyncData::Diff(above(at)),
            // It has logged what this leader never saw: it may have been a leader. Not across epochs.
            Some(last) if next == Some(theirs >> 32) => SyncData::Trunc(last, above(at)),
            _ => {
                let from = self.log.partition_point(|(z, _)| *z <= self.applied);
                SyncData::Snap(self.tree.clone(), self.applied, above(from))
            }
        }
    }

    /// A learner has everything on disk.
    pub fn on_ack_new_leader(&mut self, from: u8, conn: Conn, out: &mut Outbox) {
        let now = out.now;
        let listed = self.list.has(from);
        let Some(leading) = &mut self.leading else { return };
        let phase = leading.phase;
        let Some(handler) = leading.handler(from, conn, now) else { return };
        handler.synced = true;
        let upto = handler.upto;
        if listed && !handler.observer {
            leading.in_sync |= 1 << from;
        }
        // What it was sent with the sync is on its disk too: proposals that wait for a quorum count it.
        for o in leading.outstanding.iter_mut().filter(|o| o.zxid <= upto) {
            o.acks |= 1 << from;
        }
        if phase == Phase::Broadcast {
            out.send_peer(self.ix, from, PeerMsg::UpToDate { conn });
            self.commit(out);
        } else {
            self.check_sync_quorum(out);
        }
    }

    fn check_sync_quorum(&mut self, out: &mut Outbox) {
        let Some(leading) = &mut self.leading else { return };
        if leading.phase != Phase::Sync || !self.list.is_quorum(leading.in_sync) {
            return;
        }
        self.apply_log(u64::MAX, out);
        let Some(leading) = &mut self.leading else { return };
        leading.phase = Phase::Broadcast;
        leading.basis = (self.list.0, leading.in_sync & self.list.0);
        leading.ticked = out.now;
        let quorum = (leading.in_sync & self.list.0).count_ones();
        let epoch = leading.epoch;
        let deadline = out.now + self.timing.session;
        leading.sessions = self.tree.sessions.iter().map(|(s, _)| (*s, deadline)).collect();
        self.last_zxid = self.last_zxid.max(u64::from(epoch) << 32);
        self.applied = self.applied.max(self.last_zxid);
        self.vote.peer_epoch = epoch;
        out.stirred = true;
        out.found(self.turned);
        let what = What::Serving { epoch, zxid: self.last_zxid, quorum, of: self.list.len() };
        self.turned = out.emit(Actor::Peer(self.sid), what);
        for (ix, handler) in leading.handlers().filter(|(_, h)| h.synced) {
            out.send_peer(self.ix, ix, PeerMsg::UpToDate { conn: handler.conn });
        }
        out.wake_peer(self.timing.tick / 2, self.ix, PeerTimer::Tick, self.spell);
    }

    /// initLimit is over.
    pub fn on_init_limit(&mut self, out: &mut Outbox) {
        if self.leading.as_ref().is_some_and(|l| !l.serves()) {
            self.give_up(Why::NoQuorum, out);
        }
    }

    /// Every half tick: ping; every tick: count those in sync, expire sessions.
    pub fn on_tick(&mut self, out: &mut Outbox) {
        let (me, now, tick, sync) = (self.ix, out.now, self.timing.tick, self.timing.sync);
        let Some(leading) = &mut self.leading else { return };
        leading.half_ticks += 1;
        // A process that was frozen finds its tick overdue and looks at once. [recorded: LOOKING 11 ms after the thaw]
        let overslept = now - leading.ticked > tick;
        leading.ticked = now;
        if overslept || leading.half_ticks.is_multiple_of(2) {
            if !self.list.is_quorum(leading.synced_since(me, now, sync)) {
                return self.give_up(Why::LostQuorum, out);
            }
            self.expire_sessions(out);
        }
        let Some(leading) = &self.leading else { return };
        for (ix, handler) in leading.handlers().filter(|(_, h)| h.syncing) {
            out.send_peer(me, ix, PeerMsg::Ping { conn: handler.conn });
        }
        out.wake_peer(tick / 2, me, PeerTimer::Tick, self.spell);
    }

    /// A learner answers a ping.
    pub fn on_pong(&mut self, from: u8, conn: Conn, out: &mut Outbox) {
        let now = out.now;
        if let Some(leading) = &mut self.leading {
            leading.handler(from, conn, now);
        }
    }

    /// The other end of a connection closed it.
    pub fn on_closed(&mut self, from: u8, conn: Conn, out: &mut Outbox) {
        if let Some(leading) = &mut self.leading
            && leading.handlers[usize::from(from)].is_some_and(|h| h.conn == conn)
        {
            leading.handlers[usize::from(from)] = None;
            leading.connected &= !(1 << from) | 1 << self.ix;
            return;
        }
        if self.learner.as_ref().is_some_and(|l| l.leader == from && l.conn == conn) {
            self.give_up(Why::LeaderGone, out);
        }
    }
}
