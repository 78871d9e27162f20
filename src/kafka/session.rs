//! A broker's ZooKeeper client: which server, which session, and how it gets from CONNECT to REGISTER.
use super::RECONNECT;
use super::broker::{Broker, BrokerPower};
use super::controller::Controller;
use crate::ensemble::membership::{Members, bits};
use crate::ensemble::znode::{SessionId, Txn};
use crate::event::What;
use crate::message::{Answer, BrokerTimer, ClientMsg, Conn, ServerMsg};
use crate::sim::outbox::Outbox;

/// The connection and the session.
#[derive(Clone, Debug, Default)]
pub struct Session {
    /// The server it talks to, or tries.
    pub server: u8,
    pub(crate) conn: Conn,
    pub(crate) connected: bool,
    /// The session, kept across connections.
    pub id: Option<SessionId>,
    pub(crate) heard: u64,
    pub(crate) attempts: u32,
    /// The last zxid it has seen: a server behind it refuses it.
    pub last_zxid: u64,
    /// Registered in this session.
    pub registered: bool,
    /// Since when servers refuse it because they are behind what it has seen, µs; 0 = they do not.
    pub(crate) refused: u64,
}

impl Session {
    /// Server, connection and session, while all three stand.
    pub fn open(&self) -> Option<(u8, Conn, SessionId)> {
        self.id.filter(|_| self.connected).map(|id| (self.server, self.conn, id))
    }

    /// The server it is connected to.
    pub fn server(&self) -> Option<u8> {
        self.connected.then_some(self.server)
    }
}

impl Broker {
    /// An established session, at the beginning of a run.
    pub fn install_session(&mut self, server: u8, conn: Conn, id: SessionId, zxid: u64, out: &mut Outbox) {
        self.session = Session {
            server,
            conn,
            connected: true,
            id: Some(id),
            last_zxid: zxid,
            registered: true,
            ..Session::default()
        };
        // Spread over a third of the timeout, as brokers that started one after another are.
        let after = self.settings.session / 3 * u64::from(self.id) / 31 + 1;
        out.wake_broker(after, self.id, BrokerTimer::Heartbeat, self.life, 0);
    }

    /// Tries the next server of its connect string.
    pub fn connect_next(&mut self, out: &mut Outbox) {
        let hosts = Members(self.connect).len();
        if hosts == 0 {
            return;
        }
        let session = &mut self.session;
        session.attempts = session.attempts.wrapping_add(1);
        let at = u32::from(self.id).wrapping_add(session.attempts) % hosts;
        session.connected = false;
        session.server = bits(self.connect).nth(at as usize).unwrap_or(0);
        session.conn = out.unique();
        let msg = ClientMsg::Connect { session: session.id, last_zxid: session.last_zxid };
        out.send_client(self.id, session.server, session.conn, msg);
        // No answer at all (a frozen host): try the next one after a third of the timeout.
        out.wake_broker(self.settings.session / 3, self.id, BrokerTimer::Connect, self.life, session.conn);
    }

    /// The attempt with this connection number has had its time.
    pub fn on_connect_timer(&mut self, conn: u32, out: &mut Outbox) {
        if !self.session.connected && self.session.conn == conn {
            self.connect_next(out);
        }
    }

    /// Pings, or leaves a server that has been silent for two thirds of the timeout.
    pub fn on_heartbeat(&mut self, out: &mut Outbox) {
        let third = self.settings.session / 3;
        if let Some((server, conn, _)) = self.session.open() {
            if self.session.heard != 0 && out.now - self.session.heard > 2 * third {
                self.connect_next(out);
            } else {
                out.send_client(self.id, server, conn, ClientMsg::Ping);
            }
        }
        out.wake_broker(third, self.id, BrokerTimer::Heartbeat, self.life, 0);
    }

    /// Asks for a change of the tree.
    pub fn request(&mut self, txn: Txn, out: &mut Outbox) {
        if let Some((server, conn, _)) = self.session.open() {
            out.send_client(self.id, server, conn, ClientMsg::Request(txn));
        }
    }

    /// Reads the tree.
    pub fn read(&mut self, out: &mut Outbox) {
        if let Some((server, conn, _)) = self.session.open() {
            out.send_client(self.id, server, conn, ClientMsg::Read);
        }
    }

    /// A ZooKeeper server says something.
    pub fn on_server(&mut self, server: u8, conn: Conn, msg: ServerMsg, out: &mut Outbox) {
        if conn != self.session.conn || matches!(self.power, BrokerPower::Off | BrokerPower::Restarting) {
            return;
        }
        self.session.heard = out.now;
        match msg {
            ServerMsg::Connected { session } => self.on_session(session, server, out),
            ServerMsg::Expired => {
                self.session.id = None;
                self.session.registered = false;
                self.resign(out);
                self.connect_next(out);
            }
            ServerMsg::Refused | ServerMsg::Closed | ServerMsg::Behind => {
                let pause = if matches!(msg, ServerMsg::Behind) { self.on_behind(out) } else { RECONNECT };
                self.session.connected = false;
                out.wake_broker(pause, self.id, BrokerTimer::Connect, self.life, conn);
                out.stirred = true;
            }
            ServerMsg::Pong => {}
            ServerMsg::Applied { txn, answer } => self.on_applied(txn, answer, out),
            ServerMsg::Tree(tree) if self.settings.guard && !self.session.registered => {
                self.compare_cluster(tree.cluster, out);
            }
            ServerMsg::Tree(tree) => self.on_tree(&tree, out),
            ServerMsg::Watch { controller_gone, ids } => {
                if controller_gone && self.session.registered {
                    self.take_controller(out);
                }
                if ids && self.controller.is_some() {
                    self.read(out);
                }
            }
        }
    }

    /// Every server it reaches is behind what it has seen. After a session timeout of that, people start its client
    /// anew, and it forgets what it saw. [simplified: a real client tries for ever]
    /// Returns how long it waits before the next server.
    fn on_behind(&mut self, out: &mut Outbox) -> u64 {
        let since = &mut self.session.refused;
        if *since == 0 {
            *since = out.now;
        } else if out.now - *since > self.settings.session {
            let refused_ms = ((out.now - *since) / 1000) as u32;
            out.emit(self.actor(), What::ClientReset { refused_ms });
            let Session { server, conn, attempts, .. } = self.session;
            self.session = Session { server, conn, attempts, ..Session::default() };
            if self.spare != 0 {
                (self.connect, self.on_fresh) = (self.spare, true);
            }
            self.resign(out);
        }
        5 * RECONNECT
    }

    fn on_session(&mut self, session: SessionId, server: u8, out: &mut Outbox) {
        (self.session.connected, self.session.refused) = (true, 0);
        self.session.id = Some(session);
        out.stirred = true;
        if self.session.registered {
            // Watches may have fired while it was away: look again.
            self.take_controller(out);
            if self.controller.is_some() {
                self.read(out);
            }
            return;
        }
        out.emit(self.actor(), What::SessionOpened { session, server });
        if self.settings.guard {
            return self.read(out); // whose tree is it?
        }
        self.register(out);
    }

    /// `/brokers/ids/N`; and `/cluster/id`, should there be none.
    pub fn register(&mut self, out: &mut Outbox) {
        if let Some(session) = self.session.id {
            let cluster = out.new_cluster();
            self.request(Txn::Register { session, broker: self.id, cluster }, out);
        }
    }

    fn take_controller(&mut self, out: &mut Outbox) {
        if let (Some(session), None) = (self.session.id, &self.controller) {
            self.request(Txn::TakeController { session, broker: self.id }, out);
        }
    }

    fn on_applied(&mut self, txn: Txn, answer: Answer, out: &mut Outbox) {
        self.session.last_zxid = self.session.last_zxid.max(answer.zxid);
        match txn {
            Txn::Register { .. } => {
                self.session.registered = true;
                self.power = BrokerPower::Up;
                self.enter_cluster(answer.cluster, out);
                out.stirred = true;
                let (cluster, server) = (answer.cluster.unwrap_or(0), self.session.server);
                self.turned = out.emit(self.actor(), What::BrokerRegistered { cluster, server });
                self.take_controller(out);
            }
            Txn::TakeController { .. } => match answer.controller {
                Some(_) if answer.owned && self.controller.is_none() => {
                    let epoch = answer.controller_epoch;
                    self.controller = Some(Controller::new(epoch));
                    self.seen_epoch = self.seen_epoch.max(epoch);
                    out.stirred = true;
                    out.emit(self.actor(), What::ControllerElected { epoch });
                    self.read(out);
                }
                // Its own, of a session that is about to expire, is as much in the way as anybody's. [source: elect]
                Some(owner) if !answer.owned => out.note(self.actor(), What::ControllerDenied { owner }),
                _ => {}
            },
            Txn::SetPartition { .. } => self.on_partition_set(out),
            Txn::CreateTopic { .. } => self.read(out),
            Txn::CreateSession { .. } | Txn::CloseSession { .. } | Txn::Configure { .. } | Txn::Reconfig { .. } => {}
            Txn::NameCluster { .. } => self.compare_cluster(answer.cluster, out),
        }
    }
}
