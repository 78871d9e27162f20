//! What a client believes: the metadata that one broker told it, and nothing of ZooKeeper.
use super::Belief;
use crate::client::producer_of;
use crate::kafka::metadata::Metadata;
use crate::limits::PRODUCERS;
use crate::scenario::Node;
use crate::sim::Simulation;
use crate::view::{Place, View};
use crate::words::{self, say};

/// Long-lived: the client that does this server's latest job. Short-lived: the latest job of this server that is under way.
pub(super) fn producer(sim: &Simulation, view: &View, i: u8, b: &mut Belief) {
    b.learn(Place::Producer(i));
    let name = say!("The producers of application server ", u64::from(i) + 1);
    let clients = &sim.clients;
    if let Some(kept) = &clients.long_lived {
        let last = (0..u32::from(PRODUCERS)).map(|back| clients.serial.saturating_sub(back));
        let Some(serial) = last.filter(|s| *s > 0).find(|s| producer_of(*s) == i) else {
            b.says = say!(name, " have enqueued no job yet.");
            return;
        };
        let (_, client) = kept.of(serial);
        let stale = if client.expires <= sim.now() { " It is too old, so the next job asks again." } else { "" };
        b.says = match &client.metadata {
            Some(m) => say!("The client of job ", serial, " believes: ", told(m), stale),
            None => {
                say!("The client of job ", serial, " knows broker ", client.bootstrap, " by address and nothing else.")
            }
        };
        if let Some(m) = client.metadata.clone() {
            learn(sim, view, &m, b);
        } else {
            b.name(Place::Broker(client.bootstrap));
        }
        return;
    }
    let job = clients.jobs.iter().filter(|j| j.serial > 0 && producer_of(j.serial) == i).max_by_key(|j| j.serial);
    let Some(job) = job else {
        b.says = say!(name, " have no job under way, and keep nothing between two jobs.");
        return;
    };
    b.name(Place::Broker(job.bootstrap));
    let source = sim.brokers().get(usize::from(job.bootstrap)).filter(|x| x.is_up());
    let head = say!("Job ", job.serial, " asks broker ", job.bootstrap, " and no other. ");
    match source.and_then(|x| x.metadata.clone()) {
        Some(m) => {
            b.says = say!(head, "That one says: ", told(&m));
            learn(sim, view, &m, b);
        }
        None => b.says = say!(head, "That one has nothing to say."),
    }
}

fn told(m: &Metadata) -> String {
    let live: Vec<u8> = crate::kafka::metadata::brokers(m.live).collect();
    let topic = if m.jobs.is_empty() { "there is no topic jobs" } else { "it has the topic jobs" };
    say!(
        "this is cluster ",
        (b'A' + m.cluster.min(25)) as char,
        " with ",
        words::plural(live.len() as u64, "broker", "brokers"),
        " (",
        words::ranges(&live),
        "), and ",
        topic,
        "."
    )
}

/// A client sees which broker is the controller as well. [source: MetadataResponse.controllerId]
fn learn(sim: &Simulation, view: &View, m: &Metadata, b: &mut Belief) {
    let led = view.brokers.iter().find(|x| x.id == m.controller).and_then(|x| x.ensemble);
    super::kafka::fellows(sim, m, led, None, b);
    if !view.kraft {
        b.crown(m.controller, m.controller_epoch);
    }
}

/// A consumer knows its partitions and where it is in them.
pub(super) fn consumer(sim: &Simulation, i: u8, b: &mut Belief) {
    let at = Place::from(Node::Consumer(i));
    b.learn(at);
    let down = sim.clients.consumers.get(usize::from(i)).is_some_and(|c| c.down_until != 0);
    let name = say!("Consumer ", u64::from(i) + 1);
    b.says = if down {
        say!(name, " is not running: it believes nothing.")
    } else {
        say!(name, " knows the next offset of each partition it reads, and nothing of who leads them.")
    };
}
