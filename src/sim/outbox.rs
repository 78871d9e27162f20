//! The outbox: all that a handler may write to besides its own node. It sends, it wakes, it reports.
//!
//! The world behind it (time, chance, the agenda, the books) is the simulation's alone.
use super::network::Network;
use crate::agenda::Agenda;
use crate::client::Reason;
use crate::event::{Actor, Digest, Event, EventId, What};
use crate::kafka::REQUEST_TIMEOUT;
use crate::limits::RECENT_FLIGHTS;
use crate::message::{
    BrokerMsg, BrokerTimer, ClientMsg, Conn, Due, JobMsg, JobRef, OpsDue, PeerMsg, PeerTimer, ServerMsg,
};
use crate::rng::{Chance, Stream};
use crate::view::{Flight, FlightKind, Place};

/// Milliseconds in µs.
pub const MS: u64 = 1_000;
/// Seconds in µs.
pub const SECOND: u64 = 1_000_000;

/// No message takes less, µs: handling one takes time, even with a perfect network. [simplified]
const SHORTEST: u64 = 50;

/// What is due, and the event that caused it.
#[derive(Clone, Debug)]
pub struct Item {
    /// The event that made it due.
    pub cause: EventId,
    /// What.
    pub due: Due,
}

/// Messages sent lately, for drawing: a ring.
#[derive(Clone, Debug)]
pub struct Flights {
    ring: Vec<Flight>,
    next: usize,
}

impl Flights {
    #[inline(always)]
    fn push(&mut self, flight: Flight) {
        if self.ring.len() < RECENT_FLIGHTS {
            self.ring.push(flight);
        } else {
            self.ring[self.next] = flight;
        }
        self.next = (self.next + 1) % RECENT_FLIGHTS;
    }

    /// Oldest first.
    pub fn iter(&self) -> impl Iterator<Item = Flight> + '_ {
        let (new, old) = self.ring.split_at(self.next.min(self.ring.len()));
        old.iter().chain(new).copied()
    }
}

/// What the books must know of a handler's work; the nodes themselves never read it.
#[derive(Clone, Copy, Debug)]
pub enum Note {
    /// A record is committed at a leader.
    Committed {
        /// The job.
        job: JobRef,
        /// Its partition.
        partition: u8,
        /// Its offset.
        offset: u32,
        /// The leader.
        leader: u8,
        /// The cluster id of the leader: 0 is the one that was there first.
        cluster: u8,
    },
    /// A broker's process ended: what it led in another cluster is gone with it.
    BrokerLeft {
        /// The broker.
        broker: u8,
    },
}

/// See the module's first line.
#[derive(Clone, Debug)]
pub struct Outbox {
    /// Now, µs.
    pub now: u64,
    /// The dice.
    pub chance: Chance,
    /// What happened in this step.
    pub events: Vec<Event>,
    /// What the books must know of this step.
    pub notes: Vec<Note>,
    /// Sids by host index.
    pub sids: Box<[u8]>,
    /// The cluster whose log consumers read: the first one, until a roll-out abandons it.
    pub home: u8,
    /// Something that the leaders, the controllers or the script depend on changed in this step.
    pub stirred: bool,
    agenda: Agenda<Item>,
    cause: EventId,
    last_event: EventId,
    digest: Digest,
    line: Vec<u8>,
    flights: Flights,
    delay: (u64, u64),
    /// Lost packets and cut links.
    pub network: Network,
    peer_line: Box<[u64]>,
    broker_line: Box<[u64]>,
    consumer_line: Box<[u64]>,
    brokers: usize,
    next_id: u32,
    next_cluster: u8,
}

impl Outbox {
    /// A fresh world of `sids` and `brokers`, whose messages take `delay` (least, most) µs.
    pub fn new(seed: u32, sids: Box<[u8]>, brokers: usize, delay: (u64, u64)) -> Outbox {
        let n = sids.len();
        Outbox {
            now: 0,
            chance: Chance::new(seed),
            events: Vec::with_capacity(256),
            notes: Vec::with_capacity(256),
            home: 0,
            stirred: true,
            agenda: Agenda::new(1 << 14),
            cause: 0,
            last_event: 0,
            digest: Digest::default(),
            line: Vec::with_capacity(256),
            flights: Flights { ring: Vec::with_capacity(RECENT_FLIGHTS), next: 0 },
            delay,
            network: Network::default(),
            peer_line: vec![0; n * n].into(),
            broker_line: vec![0; (brokers + 1) * (brokers + 1)].into(),
            consumer_line: vec![0; 256].into(),
            brokers: brokers + 1,
            sids,
            next_id: 100,
            next_cluster: 0,
        }
    }

    /// Makes room for more hosts; their sids follow the highest.
    pub fn grow(&mut self, hosts: usize) {
        let (was, last) = (self.sids.len(), self.sids.last().copied().unwrap_or(0));
        let mut line = vec![0; hosts * hosts];
        for from in 0..was {
            line[from * hosts..from * hosts + was].copy_from_slice(&self.peer_line[from * was..(from + 1) * was]);
        }
        self.peer_line = line.into();
        let more = (1..=hosts - was).map(|i| last + i as u8);
        self.sids = self.sids.iter().copied().chain(more).collect();
    }

    /// A number nobody else has: session ids, connections.
    pub fn unique(&mut self) -> u32 {
        self.next_id += 1;
        self.next_id
    }

    /// A cluster id that a broker makes up in case it finds none. The first ensemble's is 0.
    pub fn new_cluster(&mut self) -> u8 {
        self.next_cluster = self.next_cluster.saturating_add(1);
        self.next_cluster
    }

    /// Is this acknowledgement lost? `chance` is in millionths of a percent.
    pub fn loses_ack(&mut self, chance: u64) -> bool {
        chance > 0 && u64::from(self.chance.below(Stream::Acks, 100_000_000)) < chance
    }

    /// The next due item's time.
    pub fn next_at(&self) -> Option<u64> {
        self.agenda.next_at()
    }

    /// Begins the next step: sets the time and the cause.
    pub fn begin(&mut self) -> Option<Due> {
        let (at, item) = self.agenda.pop()?;
        self.now = at;
        self.events.clear();
        self.notes.clear();
        self.cause = item.cause;
        Some(item.due)
    }

    /// Begins a step that somebody outside asked for.
    pub fn interrupt(&mut self, now: u64) {
        self.now = now;
        self.events.clear();
        self.notes.clear();
        self.cause = 0;
    }

    /// The cause that events and messages get now.
    pub fn cause(&self) -> EventId {
        self.cause
    }

    /// Events so far.
    pub fn event_count(&self) -> u64 {
        self.last_event
    }

    /// Digest of the trace so far.
    pub fn digest(&self) -> u64 {
        self.digest.value()
    }

    /// Messages sent lately.
    pub fn flights(&self) -> &Flights {
        &self.flights
    }

    /// Reports what happened; what the handler sends from here on is its consequence.
    pub fn emit(&mut self, actor: Actor, what: What) -> EventId {
        self.last_event += 1;
        let event = Event { id: self.last_event, at: self.now, cause: self.cause, actor, what };
        self.line.clear();
        event.write_line(&self.sids, &mut self.line);
        self.digest.line(&self.line);
        self.events.push(event);
        self.cause = event.id;
        event.id
    }

    /// Reports something without making it the cause of what follows.
    pub fn note(&mut self, actor: Actor, what: What) {
        let cause = self.cause;
        self.emit(actor, what);
        self.cause = cause;
    }

    /// Makes `cause` the cause of what follows; returns the present one.
    pub fn because(&mut self, cause: EventId) -> EventId {
        std::mem::replace(&mut self.cause, cause)
    }

    /// Puts something on the agenda.
    pub fn wake(&mut self, at: u64, due: Due) {
        debug_assert!(at >= self.now, "nothing is due in the past");
        self.agenda.push(at, Item { cause: self.cause, due });
    }

    /// Puts something back on the agenda, with the cause it had.
    pub fn redeliver(&mut self, at: u64, cause: EventId, due: Due) {
        self.agenda.push(at, Item { cause, due });
    }

    /// Sets a ZooKeeper host's timer.
    pub fn wake_peer(&mut self, after: u64, peer: u8, timer: PeerTimer, generation: u32) {
        self.wake(self.now + after, Due::PeerTimer { peer, timer, generation });
    }

    /// Sets a broker's timer.
    pub fn wake_broker(&mut self, after: u64, broker: u8, timer: BrokerTimer, generation: u32, arg: u32) {
        self.wake(self.now + after, Due::BrokerTimer { broker, timer, generation, arg });
    }

    /// Sets something for the people.
    pub fn wake_ops(&mut self, at: u64, due: OpsDue) {
        self.wake(at.max(self.now), Due::Ops(due));
    }

    /// How long messages take from now on: least and most, µs.
    pub fn set_delay(&mut self, least: u64, most: u64) {
        self.delay = (least, most.max(least));
    }

    /// What waited for a link that works again is on its way, in order.
    pub fn release(&mut self, items: Vec<Item>) {
        for item in items {
            let at = self.now + self.delay.1.max(SHORTEST);
            match item.due {
                Due::Peer { from, to, .. } => {
                    self.peer_line[usize::from(from) * self.sids.len() + usize::from(to)] = at;
                }
                Due::Broker { from, to, .. } => {
                    self.broker_line[usize::from(from) * self.brokers + usize::from(to)] = at
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
            None => self.network.hold(from, to, Item { cause: self.cause, due }),
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
        let at = delay.map(|delay| (self.now + delay).max(self.peer_line[lane]));
        if let Some(at) = at {
            self.peer_line[lane] = at;
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
        let at = delay.map(|delay| (self.now + delay).max(self.broker_line[lane]));
        if let Some(at) = at {
            self.broker_line[lane] = at;
            let kind = match msg {
                BrokerMsg::Records { .. } | BrokerMsg::Fetched { .. } => FlightKind::Replicate,
                _ => FlightKind::Control,
            };
            let hop = if matches!(msg, BrokerMsg::Fetched { .. }) { 4 } else { 3 };
            self.fly(kind, places.0, places.1, at, hop, 0);
        }
        self.arrive(at, places, Due::Broker { from, to, msg });
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
                let (JobMsg::Ask { broker }
                | JobMsg::Answer { broker, .. }
                | JobMsg::Produce { broker }
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
        let lane = &mut self.consumer_line[usize::from(partition)];
        let at = delay.map(|delay| (self.now + delay).max(*lane));
        if let Some(at) = at {
            *lane = at;
            self.fly(FlightKind::Deliver, from, to, at, 4, job.serial);
        }
        self.arrive(at, (from, to), Due::Job { job, msg: JobMsg::Deliver { offset, partition } });
    }

    /// Draws a flight that takes this long, and makes its end due.
    pub fn carry_job(&mut self, job: JobRef, kind: FlightKind, from: Place, to: Place, after: u64, msg: JobMsg) {
        let at = self.now + after;
        self.fly(kind, from, to, at, 0, job.serial);
        self.wake(at, Due::Job { job, msg });
    }
}
