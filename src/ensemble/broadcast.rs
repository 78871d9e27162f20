//! The broadcast phase: proposals, acknowledgements by a quorum of the leader's own list, commits; and sessions.
//! [source: Leader.propose, tryToCommit; SessionTrackerImpl]
use super::leader::Outstanding;
use super::membership::Members;
use super::peer::Peer;
use super::znode::{SessionId, Txn};
use crate::event::{Actor, What, Why};
use crate::message::{Conn, Origin, PeerMsg};
use crate::sim::outbox::Outbox;

impl Peer {
    /// Proposes a transaction to everybody in sync.
    pub fn propose(&mut self, txn: Txn, origin: Option<Origin>, out: &mut Outbox) {
        let zxid = self.last_zxid + 1;
        self.expect(zxid, origin);
        self.append(zxid, txn);
        let Some(leading) = &mut self.leading else { return };
        let next = if let Txn::Reconfig { members } = txn { members } else { 0 };
        leading.outstanding.push_back(Outstanding { zxid, acks: 1 << self.ix, next });
        for (ix, handler) in leading.handlers().filter(|(_, h)| h.syncing && !h.observer) {
            out.send_peer(self.ix, ix, PeerMsg::Proposal { conn: handler.conn, zxid, txn, origin });
        }
        self.commit(out);
    }

    /// A follower logged a proposal. Only members of its own list count.
    pub fn on_ack(&mut self, from: u8, conn: Conn, zxid: u64, out: &mut Outbox) {
        let now = out.now;
        let Some(leading) = &mut self.leading else { return };
        if leading.handler(from, conn, now).is_none() {
            return;
        }
        let Some(first) = leading.outstanding.front().map(|o| o.zxid) else { return };
        let at = zxid.checked_sub(first).and_then(|at| usize::try_from(at).ok());
        if let Some(o) = at.and_then(|at| leading.outstanding.get_mut(at)) {
            o.acks |= 1 << from;
        }
        self.commit(out);
    }

    /// Commits what a quorum has logged, in order.
    pub fn commit(&mut self, out: &mut Outbox) {
        loop {
            let Some(leading) = &mut self.leading else { return };
            let Some(first) = leading.outstanding.front() else { return };
            // A new list needs a quorum of the old one and of itself. [source]
            let agreed =
                self.list.is_quorum(first.acks) && (first.next == 0 || Members(first.next).is_quorum(first.acks));
            if !leading.serves() || !agreed {
                return;
            }
            let zxid = first.zxid;
            leading.outstanding.pop_front();
            let Some(txn) = self.log.iter().rev().find(|(z, _)| *z == zxid).map(|(_, txn)| *txn) else { return };
            let cause = out.cause();
            out.emit(Actor::Peer(self.sid), What::Committed { zxid, txn });
            for (ix, handler) in leading.handlers().filter(|(_, h)| h.syncing) {
                let conn = handler.conn;
                let msg = match handler.observer {
                    true => PeerMsg::Inform { conn, zxid, txn, origin: None },
                    false => PeerMsg::Commit { conn, zxid },
                };
                out.send_peer(self.ix, ix, msg);
            }
            if let Txn::CreateSession { session, .. } = txn {
                leading.sessions.push((session, out.now + self.timing.session));
            } else if let Txn::CloseSession { session } = txn {
                leading.sessions.retain(|(s, _)| *s != session);
            }
            self.apply_log(zxid, out);
            out.because(cause);
            if matches!(txn, Txn::Reconfig { .. }) && !self.list.has(self.ix) {
                return self.give_up(Why::Removed, out);
            }
        }
    }

    /// Proposes a new list, unless one is under way or too few of its members are in sync. [source: NewConfigNoQuorum]
    pub fn reconfigure(&mut self, members: Members, out: &mut Outbox) {
        let (me, now, sync) = (self.ix, out.now, self.timing.sync);
        let ready = self.leading.as_ref().is_some_and(|l| {
            l.outstanding.iter().all(|o| o.next == 0) && members.is_quorum(l.synced_since(me, now, sync))
        });
        if ready && self.tree.config != members.0 {
            self.propose(Txn::Reconfig { members: members.0 }, None, out);
        }
    }

    /// Closes the sessions that were silent for too long.
    pub fn expire_sessions(&mut self, out: &mut Outbox) {
        let now = out.now;
        loop {
            let Some(leading) = &mut self.leading else { return };
            let Some(at) = leading.sessions.iter().position(|(_, deadline)| *deadline <= now) else { return };
            let (session, _) = leading.sessions.remove(at);
            let broker = self.tree.sessions.iter().find(|(s, _)| *s == session).map_or(0, |(_, b)| *b);
            let cause = out.cause();
            out.emit(Actor::Peer(self.sid), What::SessionExpired { session, broker });
            self.propose(Txn::CloseSession { session }, None, out);
            out.because(cause);
        }
    }

    /// A client's session is alive. Expiry is rounded up to a tick. [source: ExpiryQueue]
    pub fn touch(&mut self, session: SessionId, now: u64) {
        let deadline = (now + self.timing.session).next_multiple_of(self.timing.tick);
        if let Some(leading) = &mut self.leading
            && let Some(slot) = leading.sessions.iter_mut().find(|(s, _)| *s == session)
        {
            slot.1 = deadline;
        }
    }
}
