//! A ZooKeeper server towards its clients, the brokers: connections, sessions, requests, watches.
//! Each server answers from its own tree. [source]
use super::peer::Peer;
use super::znode::{SessionId, Touched, Txn};
use crate::event::What;
use crate::message::{Answer, ClientMsg, Conn, Origin, PeerMsg, ServerMsg};
use crate::sim::outbox::Outbox;
use std::collections::VecDeque;

/// One connected broker.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Client {
    pub(crate) broker: u8,
    pub(crate) conn: Conn,
    /// `None` until its new session is committed.
    pub(crate) session: Option<SessionId>,
}

/// A server's clients.
#[derive(Clone, Debug, Default)]
pub struct Server {
    pub(crate) clients: Vec<Client>,
    /// Transactions that its own clients wait for: zxid and broker.
    pub waiting: VecDeque<(u64, u8)>,
}

impl Server {
    /// A broker that is connected at the beginning of a run.
    pub fn install(&mut self, broker: u8, conn: Conn, session: SessionId) {
        self.clients.push(Client { broker, conn, session: Some(session) });
    }

    /// The process ends, or stops serving: every connection breaks.
    pub fn close_all(&mut self, me: u8, out: &mut Outbox) {
        for client in self.clients.drain(..) {
            out.send_server(me, client.broker, client.conn, ServerMsg::Closed);
        }
        self.waiting.clear();
    }

    /// A session is closed: so is the connection of the client it belonged to.
    pub fn close_session(&mut self, me: u8, session: SessionId, out: &mut Outbox) {
        if let Some(at) = self.clients.iter().position(|c| c.session == Some(session)) {
            let client = self.clients.remove(at);
            out.send_server(me, client.broker, client.conn, ServerMsg::Closed);
        }
    }

    /// Tells whoever watches what changed in this server's tree.
    pub fn tell(&self, me: u8, touched: Touched, out: &mut Outbox) {
        if touched == Touched::default() {
            return;
        }
        let Touched { controller_gone, ids } = touched;
        for client in self.clients.iter().filter(|c| c.session.is_some()) {
            out.send_server(me, client.broker, client.conn, ServerMsg::Watch { controller_gone, ids });
        }
    }

    /// The brokers connected here.
    pub fn brokers(&self) -> impl Iterator<Item = u8> + '_ {
        self.clients.iter().map(|c| c.broker)
    }
}

impl Peer {
    /// A client says something.
    pub fn on_client(&mut self, broker: u8, conn: Conn, msg: ClientMsg, out: &mut Outbox) {
        if let ClientMsg::Connect { session, last_zxid } = msg {
            return self.on_connect(broker, conn, session, last_zxid, out);
        }
        let Some(at) = self.server.clients.iter().position(|c| c.broker == broker && c.conn == conn) else {
            return out.send_server(self.ix, broker, conn, ServerMsg::Closed);
        };
        let client = self.server.clients[at];
        match msg {
            ClientMsg::Closed => drop(self.server.clients.remove(at)),
            ClientMsg::Ping => {
                if let Some(session) = client.session {
                    self.pass_touch(session, out);
                    out.send_server(self.ix, broker, conn, ServerMsg::Pong);
                }
            }
            ClientMsg::Read => {
                let tree = Box::new(self.tree.clone());
                out.send_server(self.ix, broker, conn, ServerMsg::Tree(tree));
            }
            ClientMsg::Request(txn) => self.pass_on(txn, broker, out),
            ClientMsg::Connect { .. } => {}
        }
    }

    fn on_connect(&mut self, broker: u8, conn: Conn, session: Option<SessionId>, last_zxid: u64, out: &mut Outbox) {
        // A client that has seen a later state than this server's is refused; a fresh one is welcome. [recorded]
        if !self.serves() || last_zxid > self.applied {
            out.emit(self.actor(), What::SessionRefused { server: self.ix });
            let answer = if self.serves() { ServerMsg::Behind } else { ServerMsg::Refused };
            return out.send_server(self.ix, broker, conn, answer);
        }
        self.server.clients.retain(|c| c.broker != broker);
        match session {
            Some(session) => match &self.learner {
                Some(l) => {
                    let msg = PeerMsg::Revalidate { conn: l.conn, session, client: (broker, conn) };
                    out.send_peer(self.ix, l.leader, msg);
                }
                None => {
                    let open = self.has_open(session);
                    self.touch(session, out.now);
                    self.admit((broker, conn), session, open, out);
                }
            },
            None => {
                self.server.clients.push(Client { broker, conn, session: None });
                let session = out.unique();
                self.pass_on(Txn::CreateSession { session, broker }, broker, out);
            }
        }
    }

    fn has_open(&self, session: SessionId) -> bool {
        self.leading.as_ref().is_some_and(|l| l.sessions.iter().any(|(s, _)| *s == session))
    }

    /// A learner asks whether a session is open.
    pub fn on_revalidate(&mut self, from: u8, conn: Conn, session: SessionId, client: (u8, Conn), out: &mut Outbox) {
        self.on_touch(from, conn, session, out);
        let open = self.has_open(session);
        out.send_peer(self.ix, from, PeerMsg::Revalidated { conn, session, client, open });
    }

    /// A client that came back is welcome if its session is open.
    pub fn admit(&mut self, client: (u8, Conn), session: SessionId, open: bool, out: &mut Outbox) {
        let (broker, conn) = client;
        if !open {
            return out.send_server(self.ix, broker, conn, ServerMsg::Expired);
        }
        self.server.clients.push(Client { broker, conn, session: Some(session) });
        out.send_server(self.ix, broker, conn, ServerMsg::Connected { session });
    }

    /// To the leader, which may be itself.
    fn pass_on(&mut self, txn: Txn, broker: u8, out: &mut Outbox) {
        let origin = Origin { server: self.ix, broker };
        if self.leading.is_some() {
            self.propose(txn, Some(origin), out);
        } else if let Some(learner) = &self.learner {
            out.send_peer(self.ix, learner.leader, PeerMsg::Forward { conn: learner.conn, txn, origin });
        }
    }

    fn pass_touch(&mut self, session: SessionId, out: &mut Outbox) {
        if self.leading.is_some() {
            self.touch(session, out.now);
        } else if let Some(learner) = &self.learner {
            out.send_peer(self.ix, learner.leader, PeerMsg::Touch { conn: learner.conn, session });
        }
    }

    /// A learner passes on that a session is alive.
    pub fn on_touch(&mut self, from: u8, conn: Conn, session: SessionId, out: &mut Outbox) {
        self.on_pong(from, conn, out);
        self.touch(session, out.now);
    }

    /// A learner passes on a request.
    pub fn on_forward(&mut self, from: u8, conn: Conn, txn: Txn, origin: Origin, out: &mut Outbox) {
        self.on_pong(from, conn, out);
        if self.leading.as_ref().is_some_and(|l| l.handlers().any(|(ix, h)| ix == from && h.conn == conn)) {
            self.propose(txn, Some(origin), out);
        }
    }

    /// Answers the clients whose transactions this server has applied by now.
    pub fn answer_clients(&mut self, out: &mut Outbox) {
        while let Some(&(zxid, broker)) = self.server.waiting.front()
            && zxid <= self.applied
        {
            self.server.waiting.pop_front();
            let Some(txn) = self.log.iter().rev().find(|(z, _)| *z == zxid).map(|(_, t)| *t) else { continue };
            let Some(client) = self.server.clients.iter_mut().find(|c| c.broker == broker) else { continue };
            let conn = client.conn;
            if let Txn::CreateSession { session, .. } = txn {
                client.session = Some(session);
                out.found(self.turned);
                out.send_server(self.ix, broker, conn, ServerMsg::Connected { session });
                out.found(0);
                continue;
            }
            let answer = Answer {
                cluster: self.tree.cluster,
                controller: self.tree.controller.map(|(b, _)| b),
                owned: self.tree.controller.is_some_and(|(_, session)| client.session == Some(session)),
                controller_epoch: self.tree.controller_epoch,
                zxid: self.applied,
            };
            out.send_server(self.ix, broker, conn, ServerMsg::Applied { txn, answer });
        }
    }
}
