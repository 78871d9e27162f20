//! The outbox: all that a handler may write to besides its own node. It sends, it wakes, it reports.
//!
//! The world behind it (time, chance, the agenda, the books) is the simulation's alone.
mod posting;

use super::network::Network;
use crate::agenda::Agenda;
#[cfg(feature = "trace")]
use crate::event::Digest;
use crate::event::{Actor, Event, EventId, What};
use crate::limits::RECENT_FLIGHTS;
use crate::message::{BrokerTimer, Due, JobRef, OpsDue, PeerTimer};
use crate::raft::wire::RaftTimer;
use crate::rng::{Chance, Stream};
use crate::view::Flight;

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
    /// The circumstance that goes with it; see [`Outbox::found`].
    pub also: EventId,
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
    pub(crate) agenda: Agenda<Item>,
    cause: EventId,
    also: EventId,
    last_event: EventId,
    #[cfg(feature = "trace")]
    digest: Digest,
    #[cfg(feature = "trace")]
    line: Vec<u8>,
    flights: Flights,
    delay: (u64, u64),
    /// Lost packets and cut links.
    pub network: Network,
    peer_line: Box<[u64]>,
    broker_line: Box<[u64]>,
    consumer_line: Box<[u64]>,
    link_line: Box<[u64]>,
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
            also: 0,
            last_event: 0,
            #[cfg(feature = "trace")]
            digest: Digest::default(),
            #[cfg(feature = "trace")]
            line: Vec::with_capacity(256),
            flights: Flights { ring: Vec::with_capacity(RECENT_FLIGHTS), next: 0 },
            delay,
            network: Network::default(),
            peer_line: vec![0; n * n].into(),
            broker_line: vec![0; (brokers + 1) * (brokers + 1)].into(),
            consumer_line: vec![0; 256].into(),
            link_line: vec![0; n * (brokers + 1)].into(),
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
        let mut line = std::mem::take(&mut self.link_line).into_vec();
        line.resize(hosts * self.brokers, 0);
        self.link_line = line.into();
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

    /// About how much memory a copy takes, in bytes.
    pub fn weight(&self) -> usize {
        self.agenda.slots() * size_of::<Option<Item>>() + self.flights.ring.len() * size_of::<Flight>()
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
        (self.cause, self.also) = (item.cause, item.also);
        Some(item.due)
    }

    /// Begins a step that somebody outside asked for.
    pub fn interrupt(&mut self, now: u64) {
        self.now = now;
        self.events.clear();
        self.notes.clear();
        (self.cause, self.also) = (0, 0);
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
    #[cfg(feature = "trace")]
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
        let also = std::mem::take(&mut self.also);
        let event = Event { id: self.last_event, at: self.now, cause: self.cause, also, actor, what };
        #[cfg(feature = "trace")]
        {
            self.line.clear();
            event.write_line(&self.sids, &mut self.line);
            self.digest.line(&self.line);
        }
        self.events.push(event);
        self.cause = event.id;
        event.id
    }

    /// Reports something without making it the cause of what follows.
    pub fn note(&mut self, actor: Actor, what: What) {
        let (cause, also) = (self.cause, std::mem::take(&mut self.also));
        self.emit(actor, what);
        (self.cause, self.also) = (cause, also);
    }

    /// The handler ran into a circumstance that this event brought about (0: that was there from the beginning). The next event
    /// reported names it; until then it travels with what is sent.
    #[inline(always)]
    pub fn found(&mut self, event: EventId) {
        self.also = event;
    }

    /// Makes `cause` the cause of what follows; returns the present one.
    pub fn because(&mut self, cause: EventId) -> EventId {
        std::mem::replace(&mut self.cause, cause)
    }

    /// Puts something on the agenda.
    pub fn wake(&mut self, at: u64, due: Due) {
        debug_assert!(at >= self.now, "nothing is due in the past");
        self.agenda.push(at, Item { cause: self.cause, also: self.also, due });
    }

    /// Puts something back on the agenda, with the cause it had.
    pub fn redeliver(&mut self, at: u64, cause: EventId, due: Due) {
        self.agenda.push(at, Item { cause, also: 0, due });
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

    /// Sets a KRaft controller's timer.
    pub fn wake_node(&mut self, after: u64, node: u8, timer: RaftTimer, spell: u32) {
        self.wake(self.now + after, Due::RaftTimer { node, timer, spell });
    }
}
