//! Long-lived clients: they bootstrap once, keep the metadata they got, and refresh it when it is old or proves wrong.
//!
//! Jobs are dealt to them in turn. Nothing here sets a timer: a client ages when it is looked at. [simplified]
use super::witness::pick;
use crate::kafka::metadata::Metadata;
use crate::limits::{CLIENTS_PER_PRODUCER, PRODUCERS};
use crate::rng::{Chance, Stream};
use std::sync::Arc;

/// How many there are.
const CLIENTS: usize = PRODUCERS as usize * CLIENTS_PER_PRODUCER as usize;

/// What a client does first with a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Produce to the leader that its metadata names.
    Produce(u8),
    /// Ask this broker for metadata.
    Ask(u8),
}

/// One of them.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    /// The process ends then, and another begins.
    pub(crate) dies: u64,
    /// The broker it asked first, drawn at its birth.
    pub(crate) bootstrap: u8,
    /// What it believes …
    pub(crate) metadata: Option<Arc<Metadata>>,
    /// … until then.
    pub(crate) expires: u64,
    /// An answer that is on its way.
    pub(crate) coming: Option<Arc<Metadata>>,
}

/// All of them.
#[derive(Clone, Debug)]
pub struct LongLived {
    lifetime: u64,
    max_age: u64,
    clients: Box<[Client]>,
}

impl LongLived {
    /// Clients that have been there for a while: `metadata` is of different age in each, and so are they. Times in µs.
    pub fn new(lifetime: u64, max_age: u64, metadata: Option<&Arc<Metadata>>, chance: &mut Chance) -> LongLived {
        let live = metadata.map_or(0, |m| m.live);
        let client = |_| Client {
            dies: chance.between(Stream::LongLived, 1, lifetime),
            bootstrap: pick(live, Stream::LongLived, chance),
            metadata: metadata.cloned(),
            expires: chance.between(Stream::LongLived, 1, max_age),
            coming: None,
        };
        LongLived { lifetime, max_age, clients: (0..CLIENTS).map(client).collect() }
    }

    fn client(&mut self, serial: u32) -> &mut Client {
        &mut self.clients[serial as usize % CLIENTS]
    }

    /// The client that does this job, and its place among them.
    pub(crate) fn of(&self, serial: u32) -> (usize, &Client) {
        let at = serial as usize % CLIENTS;
        (at, &self.clients[at])
    }

    /// The broker that the client of this job bootstrapped from.
    pub fn bootstrap(&mut self, serial: u32) -> u8 {
        self.client(serial).bootstrap
    }

    /// What the client of this job does with it. `up` are the brokers that accept connections; one that does not is passed
    /// over at no cost. Who knows of no such broker bootstraps anew. [source: rebootstrap, since Kafka 3.8]
    pub fn step(&mut self, serial: u32, partition: u8, up: u32, now: u64, chance: &mut Chance) -> Step {
        let lifetime = self.lifetime;
        let c = self.client(serial);
        if now >= c.dies {
            (c.dies, c.metadata, c.bootstrap) = (now + lifetime, None, pick(up, Stream::LongLived, chance));
        }
        let live = c.metadata.as_ref().map_or(0, |m| m.live);
        if let Some(metadata) = &c.metadata
            && now < c.expires
            && let Some((_, state)) = metadata.jobs.get(usize::from(partition))
            && state.leader != 0
        {
            return Step::Produce(state.leader);
        }
        let mut ask = if c.metadata.is_none() { c.bootstrap } else { pick(live & up, Stream::LongLived, chance) };
        if up >> ask & 1 == 0 {
            ask = pick(up, Stream::LongLived, chance).max(1);
            c.bootstrap = ask;
        }
        Step::Ask(ask)
    }

    /// A broker answers with this.
    pub fn offer(&mut self, serial: u32, metadata: Option<&Arc<Metadata>>) {
        self.client(serial).coming = metadata.cloned();
    }

    /// The answer is here. One that names no broker is ignored. [source: NetworkClient.handleSuccessfulResponse]
    pub fn learn(&mut self, serial: u32, now: u64) {
        let max_age = self.max_age;
        let c = self.client(serial);
        if let Some(metadata) = c.coming.take() {
            (c.metadata, c.expires) = (Some(metadata), now + max_age);
        }
    }

    /// What it believes proved wrong: it asks before the next attempt.
    pub fn doubt(&mut self, serial: u32) {
        self.client(serial).expires = 0;
    }
}
