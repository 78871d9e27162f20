//! The learner's side: connect to the leader, accept its epoch, get in sync, follow. [source: Learner, Follower]
use super::peer::Peer;
use super::znode::{Txn, Znodes};
use super::{CONNECT_PAUSE, CONNECT_TRIES, EPOCH_WRITE, SYNC_WRITE};
use crate::event::{SyncMode, What, Why};
use crate::message::{Conn, Origin, PeerMsg, PeerTimer};
use crate::scenario::Role;
use crate::sim::outbox::Outbox;

/// What a leader sends to bring a learner up to date, chosen by zxid alone.
#[derive(Clone, Debug)]
pub enum SyncData {
    /// Transactions above the learner's zxid.
    Diff(Vec<(u64, Txn)>),
    /// Drop everything above this zxid, then these transactions.
    Trunc(u64, Vec<(u64, Txn)>),
    /// The whole tree, as of a zxid, and the transactions proposed since.
    Snap(Znodes, u64, Vec<(u64, Txn)>),
}

/// A peer that has a leader.
#[derive(Clone, Debug)]
pub struct Learner {
    /// The leader, by host index.
    pub leader: u8,
    /// The present connection.
    pub conn: Conn,
    /// Attempts to connect.
    pub tries: u8,
    /// Accepted by the leader: its first message has come.
    pub connected: bool,
    /// When the leader was last heard.
    pub heard: u64,
    /// The epoch it is to acknowledge once it is on disk, and whether it had accepted that one before.
    pub epoch: (u32, bool),
    /// Up to date: it serves.
    pub serving: bool,
    /// When it began, for the arc.
    pub since: u64,
}

impl Peer {
    /// Begins to follow or observe.
    pub fn follow(&mut self, leader: u8, out: &mut Outbox) {
        let (conn, now) = (out.unique(), out.now);
        let epoch = (0, false);
        self.learner =
            Some(Learner { leader, conn, tries: 0, connected: false, heard: now, epoch, serving: false, since: now });
        self.connect(out);
        out.wake_peer(self.timing.init, self.ix, PeerTimer::Silence, self.spell);
    }

    /// An established follower, at the beginning of a run.
    pub fn install_learner(&mut self, leader: u8, conn: Conn, epoch: u32, out: &mut Outbox) {
        let epoch = (epoch, true);
        let learner = Learner { leader, conn, tries: 1, connected: true, heard: 0, epoch, serving: true, since: 0 };
        self.learner = Some(learner);
        out.wake_peer(self.timing.sync, self.ix, PeerTimer::Silence, self.spell);
    }

    /// Sends FOLLOWERINFO (or OBSERVERINFO).
    pub fn connect(&mut self, out: &mut Outbox) {
        let (accepted_epoch, observer) = (self.accepted_epoch, self.role == Role::Observer);
        let Some(learner) = &mut self.learner else { return };
        learner.conn = out.unique();
        learner.tries += 1;
        let msg = PeerMsg::FollowerInfo { conn: learner.conn, accepted_epoch, observer };
        out.send_peer(self.ix, learner.leader, msg);
    }

    /// Silence for initLimit (before sync) or syncLimit (after it) ends the relation.
    pub fn on_silence_timer(&mut self, out: &mut Outbox) {
        let Some(learner) = &self.learner else { return };
        let limit = if learner.serving { self.timing.sync } else { self.timing.init };
        let silent = out.now - learner.heard;
        if silent >= limit {
            self.give_up(Why::Silence, out);
        } else {
            out.wake_peer(limit - silent, self.ix, PeerTimer::Silence, self.spell);
        }
    }

    /// A message that only a leader sends.
    pub fn on_leader_message(&mut self, from: u8, msg: PeerMsg, out: &mut Outbox) {
        let conn = match &msg {
            PeerMsg::Refused { conn }
            | PeerMsg::LeaderInfo { conn, .. }
            | PeerMsg::Sync { conn, .. }
            | PeerMsg::UpToDate { conn }
            | PeerMsg::Proposal { conn, .. }
            | PeerMsg::Commit { conn, .. }
            | PeerMsg::Inform { conn, .. }
            | PeerMsg::Revalidated { conn, .. }
            | PeerMsg::Ping { conn } => *conn,
            _ => return,
        };
        let now = out.now;
        let Some(learner) = self.learner.as_mut().filter(|l| l.leader == from && l.conn == conn) else { return };
        if let PeerMsg::Refused { .. } = msg {
            return match learner.tries < CONNECT_TRIES {
                true => out.wake_peer(CONNECT_PAUSE, self.ix, PeerTimer::Connect, self.spell),
                false => self.give_up(Why::NobodyLeads, out),
            };
        }
        learner.heard = now;
        learner.connected = true;
        match msg {
            PeerMsg::LeaderInfo { epoch, .. } => self.on_leader_info(epoch, out),
            PeerMsg::Sync { epoch, data, .. } => self.on_sync(epoch, *data, out),
            PeerMsg::UpToDate { .. } => self.on_up_to_date(out),
            PeerMsg::Proposal { zxid, txn, origin, .. } => self.on_proposal(zxid, txn, origin, out),
            PeerMsg::Commit { zxid, .. } => self.apply_log(zxid, out),
            PeerMsg::Inform { zxid, txn, origin, .. } => {
                self.expect(zxid, origin);
                self.append(zxid, txn);
                self.apply_log(zxid, out);
            }
            PeerMsg::Revalidated { session, client, open, .. } => self.admit(client, session, open, out),
            PeerMsg::Ping { .. } => out.send_peer(self.ix, from, PeerMsg::Pong { conn }),
            _ => {}
        }
    }

    /// A follower that accepted a higher epoch refuses this leader. [source, I4]
    fn on_leader_info(&mut self, epoch: u32, out: &mut Outbox) {
        if epoch < self.accepted_epoch {
            return self.give_up(Why::StaleEpoch, out);
        }
        let known = epoch == self.accepted_epoch;
        self.accepted_epoch = epoch;
        if let Some(learner) = &mut self.learner {
            learner.epoch = (epoch, known);
        }
        out.wake_peer(EPOCH_WRITE, self.ix, PeerTimer::EpochWritten, self.spell);
    }

    /// acceptedEpoch is on disk.
    pub fn on_epoch_written(&mut self, out: &mut Outbox) {
        if self.leading.is_some() {
            return self.on_own_epoch_written(out);
        }
        let Some(learner) = &self.learner else { return };
        let current_epoch = (!learner.epoch.1).then_some(self.current_epoch);
        let msg = PeerMsg::AckEpoch { conn: learner.conn, current_epoch, zxid: self.last_zxid };
        out.send_peer(self.ix, learner.leader, msg);
    }

    fn on_sync(&mut self, epoch: u32, data: SyncData, out: &mut Outbox) {
        let mode = match data {
            SyncData::Diff(entries) => {
                entries.into_iter().for_each(|(zxid, txn)| self.append(zxid, txn));
                SyncMode::Diff
            }
            SyncData::Trunc(zxid, entries) => {
                self.truncate(zxid);
                entries.into_iter().for_each(|(zxid, txn)| self.append(zxid, txn));
                SyncMode::Trunc
            }
            SyncData::Snap(tree, zxid, entries) => {
                self.log.clear();
                self.base = tree.clone();
                (self.tree, self.last_zxid, self.applied) = (tree, zxid, zxid);
                self.adopt_config(out);
                entries.into_iter().for_each(|(zxid, txn)| self.append(zxid, txn));
                SyncMode::Snap
            }
        };
        let zxid = self.last_zxid;
        let Some(learner) = &mut self.learner else { return };
        learner.epoch.0 = epoch;
        let leader = learner.leader;
        out.emit(self.actor(), What::Synced { leader, mode, zxid });
        out.wake_peer(SYNC_WRITE, self.ix, PeerTimer::SyncWritten, self.spell);
    }

    /// Drops everything above `zxid`. The tree becomes the replay of what is left of *its own* log.
    fn truncate(&mut self, zxid: u64) {
        while self.log.back().is_some_and(|(z, _)| *z > zxid) {
            self.log.pop_back();
        }
        self.last_zxid = zxid.min(self.last_zxid);
        if self.applied > self.last_zxid {
            self.tree = self.base.clone();
            for (_, txn) in &self.log {
                self.tree.apply(txn);
            }
            self.applied = self.last_zxid;
        }
    }

    /// The synced state and currentEpoch are on disk.
    pub fn on_sync_written(&mut self, out: &mut Outbox) {
        let Some(learner) = &self.learner else { return };
        self.current_epoch = learner.epoch.0;
        out.send_peer(self.ix, learner.leader, PeerMsg::AckNewLeader { conn: learner.conn });
    }

    fn on_up_to_date(&mut self, out: &mut Outbox) {
        self.apply_log(u64::MAX, out);
        let Some(learner) = &mut self.learner else { return };
        learner.serving = true;
        let (leader, epoch) = (learner.leader, learner.epoch.0);
        self.vote.peer_epoch = epoch; // updateElectionVote: what it answers to others from now on
        out.stirred = true;
        self.turned = out.emit(self.actor(), What::Joined { leader, epoch });
        // The silence limit is syncLimit from now on: a new timer, and the old one is stale.
        self.spell += 1;
        out.wake_peer(self.timing.sync, self.ix, PeerTimer::Silence, self.spell);
    }

    fn on_proposal(&mut self, zxid: u64, txn: Txn, origin: Option<Origin>, out: &mut Outbox) {
        self.expect(zxid, origin);
        self.append(zxid, txn);
        let Some(learner) = &self.learner else { return };
        out.send_peer(self.ix, learner.leader, PeerMsg::Ack { conn: learner.conn, zxid });
    }

    /// Remembers that one of its own clients waits for this transaction.
    pub fn expect(&mut self, zxid: u64, origin: Option<Origin>) {
        if let Some(origin) = origin
            && origin.server == self.ix
        {
            self.server.waiting.push_back((zxid, origin.broker));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::ensemble::znode::Txn;
    use crate::ensemble::{Peer, Timing};
    use crate::limits::COMMIT_LOG;
    use crate::sim::outbox::Outbox;

    #[test]
    fn a_truncated_log_replays_to_the_tree_it_had_then_however_long_it_was() {
        let timing = Timing { tick: 1, init: 1, sync: 1, session: 1 };
        let mut out = Outbox::new(7, Box::new([1]), 1, (0, 0));
        let mut peer = Peer::new(0, 1, false, 1, timing);
        let all = COMMIT_LOG as u32 + 100;
        for zxid in 1..=all {
            peer.append(u64::from(zxid), Txn::CreateSession { session: zxid, broker: 1 });
            peer.apply_log(u64::from(zxid), &mut out);
        }
        peer.truncate(u64::from(all) - 50);
        assert_eq!((peer.tree.sessions.len(), peer.last_zxid), (all as usize - 50, u64::from(all) - 50));
    }
}
