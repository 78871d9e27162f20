//! Every variable of every thing, by the name it has in ZooKeeper or Kafka, with its value now: what the inspector shows.
mod broker;
mod clients;
mod controller;
mod ensemble;
mod heard;
mod host;
mod job;
mod message;
mod partition;
mod raft;
mod registration;

use crate::sim::Simulation;
use crate::view::{Flight, Place};
use crate::words::say;

/// Something that can be inspected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A ZooKeeper host or KRaft controller, by sid.
    Host(u8),
    /// A broker, by id.
    Broker(u8),
    /// A partition of the topic `jobs`.
    Partition(u8),
    /// A job, by its serial number.
    Job(u32),
    /// A message.
    Message(Flight),
    /// An application server with its producers, from 0.
    Producer(u8),
    /// A consumer, from 0.
    Consumer(u8),
    /// The dead-letter queue.
    DeadLetters,
    /// A logical cluster: an index into [`crate::view::View::ensembles`].
    Ensemble(usize),
}

/// One variable.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// Its name in the real software, or plain words where there is none.
    pub name: String,
    /// Its value now.
    pub value: String,
    /// What that means, in plain words; "" when the value says it all.
    pub note: &'static str,
    /// Where the real software keeps it: class, file or protocol field; "" when this is the simulation's own.
    pub source: &'static str,
    /// It contradicts the row that it is compared with: the first of its section.
    pub differs: bool,
}

/// Variables that belong together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Section {
    /// Its heading.
    pub title: String,
    /// The variables, in order.
    pub rows: Vec<Row>,
}

/// Everything about this subject now. Empty: there is no such thing.
pub fn facts(sim: &Simulation, subject: Subject) -> Vec<Section> {
    let mut sheet = Sheet::default();
    match subject {
        Subject::Host(sid) if sim.quorum().is_empty() => host::fill(sim, sid, &mut sheet),
        Subject::Host(sid) => controller::fill(sim, sid, &mut sheet),
        Subject::Broker(id) => broker::fill(sim, id, &mut sheet),
        Subject::Partition(p) => partition::fill(sim, p, &mut sheet),
        Subject::Job(serial) => job::fill(sim, serial, &mut sheet),
        Subject::Message(flight) => message::fill(sim, &flight, &mut sheet),
        Subject::Producer(i) => clients::producer(sim, i, &mut sheet),
        Subject::Consumer(i) => clients::consumer(sim, i, &mut sheet),
        Subject::DeadLetters => clients::dead_letters(sim, &mut sheet),
        Subject::Ensemble(i) => ensemble::fill(sim, i, &mut sheet),
    }
    sheet.sections.retain(|section| !section.rows.is_empty());
    sheet.sections
}

/// What this subject is called.
pub fn title(sim: &Simulation, subject: Subject) -> String {
    match subject {
        Subject::Host(sid) => host_name(sim, sid),
        Subject::Broker(id) => say!("broker ", id),
        Subject::Partition(p) => say!("partition jobs-", p),
        Subject::Job(serial) => say!("job ", serial),
        Subject::Message(f) => {
            say!(message::kind(f.kind), ", ", place(sim, f.from), " to ", place(sim, f.to))
        }
        Subject::Producer(i) => place(sim, Place::Producer(i)),
        Subject::Consumer(i) => place(sim, Place::Consumer(i)),
        Subject::DeadLetters => place(sim, Place::Tray),
        Subject::Ensemble(i) => say!("ensemble ", (b'A' + (i as u8).min(25)) as char),
    }
}

/// What a place is called.
pub fn place(sim: &Simulation, place: Place) -> String {
    match place {
        Place::Peer(sid) => host_name(sim, sid),
        Place::Broker(id) => say!("broker ", id),
        Place::Producer(i) => say!("application server ", u64::from(i) + 1),
        Place::Consumer(i) => say!("consumer ", u64::from(i) + 1),
        Place::Tray => "dead-letter queue".into(),
    }
}

fn host_name(sim: &Simulation, sid: u8) -> String {
    if sim.quorum().is_empty() { say!("zk", sid) } else { say!("controller ", sid) }
}

/// The same by host index.
fn host(sim: &Simulation, ix: u8) -> String {
    sim.sids().get(usize::from(ix)).map_or_else(String::new, |sid| host_name(sim, *sid))
}

/// Collects rows under headings.
#[derive(Default)]
struct Sheet {
    sections: Vec<Section>,
}

impl Sheet {
    /// Begins a section.
    #[inline(never)]
    fn open(&mut self, title: &str) {
        self.sections.push(Section { title: title.into(), rows: Vec::new() });
    }

    /// Adds a row to the section that was begun last.
    #[inline(never)] // a hundred places call it
    fn row(&mut self, name: &str, value: String, source: &'static str) {
        self.noted(name, value, source, "");
    }

    /// The same with a note.
    #[inline(never)]
    fn noted(&mut self, name: &str, value: String, source: &'static str, note: &'static str) {
        if let Some(section) = self.sections.last_mut() {
            section.rows.push(Row { name: name.into(), value, note, source, differs: false });
        }
    }

    /// The latest row contradicts what it is compared with.
    fn mark(&mut self, differs: bool) {
        if let Some(row) = self.sections.last_mut().and_then(|s| s.rows.last_mut()) {
            row.differs = differs;
        }
    }
}

/// `0x100000005`
fn zxid(z: u64) -> String {
    say!("0x", crate::words::hex(z))
}

fn yes(value: bool) -> String {
    if value { "yes" } else { "no" }.into()
}

/// `1–3, 5`, or `none`.
fn ids(ids: &[u8]) -> String {
    if ids.is_empty() { "none".into() } else { crate::words::ranges(ids) }
}

/// Brokers as bits, the same.
fn set(brokers: u32) -> String {
    ids(&crate::kafka::metadata::brokers(brokers).collect::<Vec<u8>>())
}

/// Hosts as bits by index, as sids.
fn hosts(sim: &Simulation, mask: u64) -> String {
    let sids = crate::ensemble::membership::bits(mask).filter_map(|ix| sim.sids().get(usize::from(ix)).copied());
    ids(&sids.collect::<Vec<u8>>())
}

/// `0:56.0, in 400 ms`
fn until(sim: &Simulation, at: u64) -> String {
    use crate::words::{clock, span};
    match at.checked_sub(sim.now()) {
        Some(left) => say!(clock(at), ", in ", span(left)),
        None => say!(clock(at), ", ", span(sim.now() - at), " ago"),
    }
}

/// `leader 3, epoch 2, ISR 1–3`
fn state(s: &crate::kafka::metadata::PartitionState) -> String {
    let leader = if s.leader == 0 { "none".to_string() } else { crate::words::number(u64::from(s.leader)) };
    say!("leader ", leader, ", epoch ", s.leader_epoch, ", ISR ", set(s.isr))
}

/// A cluster id as the page spells it.
fn cluster(id: Option<u8>) -> String {
    id.map_or("none".into(), |c| String::from((b'A' + c.min(25)) as char))
}
