//! Sending: how long each message takes, in what order, and what becomes of one that does not arrive.
use super::{Item, Outbox, SHORTEST};
use crate::client::Reason;
use crate::kafka::REQUEST_TIMEOUT;
use crate::message::{BrokerMsg, ClientMsg, Conn, Due, JobMsg, JobRef, PeerMsg, ServerMsg};
use crate::raft::wire::{Duty, FetchAnswer, LinkMsg, RaftMsg};
use crate::rng::Stream;
use crate::view::{Flight, FlightKind, Place};

/// Not before the one ahead on the same line: nothing overtakes in a TCP stream.
#[inline(always)]
fn behind(line: &mut u64, at: u64) -> u64 {
    *line = at.max(*line);
    *line
}

impl Outbox {
    /// How long messages take: least and most, µs.
    pub fn delay(&self) -> (u64, u64) {
        self.delay
    }

    /// How long messages take from now on: least and most, µs.
    pub fn set_delay(&mut self, least: u64, most: u64) {
        self.delay = (least, most.max(least));
    }

    /// What waited for a link that works again is on its way, in order.
    pub fn release(&mut self, items: Vec<Item>) {
        for item in items {
            let at = self.now + self.delay.1.max(SHORTEST);
            let (hosts, brokers) = (self.sids.len(), self.brokers);
            match item.due {
                Due::Peer { from, to, .. } | Due::Raft { from, to, .. } => {
                    self.peer_line[usize::from(from) * hosts + usize::from(to)] = at;
                }
                Due::Broker { from, to, .. } => self.broker_line[usize::from(from) * brokers + usize::from(to)] = at,
                Due::Link { node, broker, .. } => {
                    self.link_line[usize::from(node) * brokers + usize::from(broker)] = at;
                }
                Due::Job { msg: JobMsg::Deliver { partition, .. }, .. } => {
                    self.consumer_line[usize::from(partition)] = at
                }
                _ => {}
            }
            self.agenda.push(at, item);
        }
    }

    /// How long a message takes. `None`: it does not arrive, because its link is cut or nothing gets through.
    #[inline(always)]
    fn draw(&mut self, stream: Stream, from: Place, to: Place) -> Option<u64> {
        let delay = self.chance.between(stream, self.delay.0, self.delay.1).max(SHORTEST);
        let again = self.network.delay(&mut self.chance)?;
        (!self.network.is_cut(from, to, &self.sids)).then_some(delay + again)
    }

    #[inline(always)]
    fn fly(&mut self, kind: FlightKind, from: Place, to: Place, arrives: u64, hop: u8, job: u32) {
        self.flights.push(Flight { kind, from, to, sent: self.now, arrives, hop, job });
    }

    /// Makes an arrival due, or keeps it for when the link is mended.
    #[inline(always)]
    fn arrive(&mut self, at: Option<u64>, (from, to): (Place, Place), due: Due) {
        match at {
            Some(at) => self.wake(at, due),
            None => self.network.hold(from, to, Item { cause: self.cause, also: self.also, due }),
        }
    }

    /// Sends between ZooKeeper hosts: one TCP stream each way, so nothing overtakes. To itself it takes 50 µs.
    pub fn send_peer(&mut self, from: u8, to: u8, msg: PeerMsg) {
        if from == to {
            return self.wake(self.now + SHORTEST, Due::Peer { from, to, msg });
        }
        let places = (Place::Peer(self.sids[usize::from(from)]), Place::Peer(self.sids[usize::from(to)]));
        let lane = usize::from(from) * self.sids.len() + usize::from(to);
        let delay = self.draw(Stream::Election, places.0, places.1);
        let at = delay.map(|delay| behind(&mut self.peer_line[lane], self.now + delay));
        if let Some(at) = at {
            let kind = match msg {
                PeerMsg::Notification { .. } => FlightKind::Vote,
                PeerMsg::Ping { .. } | PeerMsg::Pong { .. } => FlightKind::Ping,
                PeerMsg::Touch { .. } | PeerMsg::Forward { .. } => FlightKind::Session,
                _ => FlightKind::Zab,
            };
            let hop = u8::from(matches!(msg, PeerMsg::Pong { .. }));
            self.fly(kind, places.0, places.1, at, hop, 0);
        }
        self.arrive(at, places, Due::Peer { from, to, msg });
    }

    /// Sends from a broker to a ZooKeeper server.
    pub fn send_client(&mut self, broker: u8, server: u8, conn: Conn, msg: ClientMsg) {
        let places = (Place::Broker(broker), Place::Peer(self.sids[usize::from(server)]));
        let at = self.send_session(places, 0);
        self.arrive(at, places, Due::Client { broker, server, conn, msg });
    }

    /// Sends from a ZooKeeper server to a broker.
    pub fn send_server(&mut self, server: u8, broker: u8, conn: Conn, msg: ServerMsg) {
        let places = (Place::Peer(self.sids[usize::from(server)]), Place::Broker(broker));
        let at = self.send_session(places, 1);
        self.arrive(at, places, Due::Server { server, broker, conn, msg });
    }

    fn send_session(&mut self, (from, to): (Place, Place), hop: u8) -> Option<u64> {
        let at = self.now + self.draw(Stream::Kafka, from, to)?;
        self.fly(FlightKind::Session, from, to, at, hop, 0);
        Some(at)
    }

    /// Sends between brokers: nothing overtakes.
    pub fn send_broker(&mut self, from: u8, to: u8, msg: BrokerMsg) {
        if from == to {
            return self.wake(self.now + SHORTEST, Due::Broker { from, to, msg });
        }
        let places = (Place::Broker(from), Place::Broker(to));
        let lane = usize::from(from) * self.brokers + usize::from(to);
        let delay = self.draw(Stream::Kafka, places.0, places.1);
        let at = delay.map(|delay| behind(&mut self.broker_line[lane], self.now + delay));
        if let Some(at) = at {
            let kind = match msg {
                BrokerMsg::Records { .. } | BrokerMsg::Fetched { .. } => FlightKind::Replicate,
                _ => FlightKind::Control,
            };
            let hop = if matches!(msg, BrokerMsg::Fetched { .. }) { 4 } else { 3 };
            self.fly(kind, places.0, places.1, at, hop, 0);
        }
        self.arrive(at, places, Due::Broker { from, to, msg });
    }

    /// Sends between KRaft controllers: nothing overtakes.
    pub fn send_raft(&mut self, from: u8, to: u8, msg: RaftMsg) {
        let places = (Place::Peer(self.sids[usize::from(from)]), Place::Peer(self.sids[usize::from(to)]));
        let lane = usize::from(from) * self.sids.len() + usize::from(to);
        let delay = self.draw(Stream::Election, places.0, places.1);
        let at = delay.map(|delay| behind(&mut self.peer_line[lane], self.now + delay));
        if let Some(at) = at {
            let (kind, hop) = match &msg {
                RaftMsg::Vote { .. } => (FlightKind::Vote, 0),
                RaftMsg::Voted { .. } => (FlightKind::Vote, 1),
                RaftMsg::Fetch { .. } | RaftMsg::Refused { .. } => (FlightKind::Ping, 0),
                RaftMsg::Fetched { answer: FetchAnswer::Records { records, .. }, .. } if records.is_empty() => {
                    (FlightKind::Ping, 1)
                }
                _ => (FlightKind::Zab, 0),
            };
            self.fly(kind, places.0, places.1, at, hop, 0);
        }
        self.arrive(at, places, Due::Raft { from, to, msg });
    }

    /// Sends from a broker to a KRaft controller.
    pub fn send_duty(&mut self, broker: u8, node: u8, life: u32, duty: Duty) {
        let places = (Place::Broker(broker), Place::Peer(self.sids[usize::from(node)]));
        let at = self.send_session(places, 0);
        self.arrive(at, places, Due::Duty { broker, node, life, duty });
    }

    /// Sends from a KRaft controller to a broker: nothing overtakes.
    pub fn send_link(&mut self, node: u8, broker: u8, life: u32, msg: LinkMsg) {
        let places = (Place::Peer(self.sids[usize::from(node)]), Place::Broker(broker));
        let lane = usize::from(node) * self.brokers + usize::from(broker);
        let delay = self.draw(Stream::Kafka, places.0, places.1);
        let at = delay.map(|delay| behind(&mut self.link_line[lane], self.now + delay));
        if let Some(at) = at {
            let kind = if matches!(msg, LinkMsg::Update(_)) { FlightKind::Control } else { FlightKind::Session };
            self.fly(kind, places.0, places.1, at, 1, 0);
        }
        self.arrive(at, places, Due::Link { node, broker, life, msg });
    }

    /// Sends something about a job; `kind`, the places and `hop` are for drawing. A client that hears nothing for
    /// request.timeout.ms gives the attempt up.
    pub fn send_job(&mut self, job: JobRef, kind: FlightKind, from: Place, to: Place, hop: u8, msg: JobMsg) {
        match self.draw(Stream::Clients, from, to).filter(|delay| *delay < REQUEST_TIMEOUT) {
            Some(delay) => {
                let at = self.now + delay;
                self.fly(kind, from, to, at, hop, job.serial);
                self.wake(at, Due::Job { job, msg });
            }
            None => {
                let (JobMsg::Ask { broker, .. }
                | JobMsg::Answer { broker, .. }
                | JobMsg::Produce { broker, .. }
                | JobMsg::Done { broker, .. }) = msg
                else {
                    return;
                };
                let msg = JobMsg::Done { broker, result: Err(Reason::RequestTimedOut) };
                self.wake(self.now + REQUEST_TIMEOUT, Due::Job { job, msg });
            }
        }
    }

    /// Sends a committed record to its consumer: a partition's records arrive in order.
    pub fn deliver(&mut self, job: JobRef, from: Place, partition: u8, offset: u32) {
        let to = Place::Consumer(partition % crate::limits::CONSUMERS);
        let delay = self.draw(Stream::Clients, from, to);
        let at = delay.map(|delay| behind(&mut self.consumer_line[usize::from(partition)], self.now + delay));
        if let Some(at) = at {
            self.fly(FlightKind::Deliver, from, to, at, 4, job.serial);
        }
        self.arrive(at, (from, to), Due::Job { job, msg: JobMsg::Deliver { offset, partition, cluster: self.home } });
    }

    /// Draws a flight that takes this long, and makes its end due.
    pub fn carry_job(&mut self, job: JobRef, kind: FlightKind, from: Place, to: Place, after: u64, msg: JobMsg) {
        let at = self.now + after;
        self.fly(kind, from, to, at, 0, job.serial);
        self.wake(at, Due::Job { job, msg });
    }
}
