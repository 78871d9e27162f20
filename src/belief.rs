//! View as this node: the picture as one node believes it to be. What it cannot know is blank and listed as such, never
//! guessed: two leaders exist for whoever sees the whole, and for nobody inside.
mod clients;
mod controller;
mod host;
mod kafka;
pub mod picture;

use crate::ledger::Ledger;
use crate::metrics::Metrics;
use crate::scenario::Node;
use crate::sim::Simulation;
use crate::view::{
    BrokerPhase, BrokerView, EnsembleView, PeerPhase, PeerView, Place, ReplicaView, RetryView, TrayView, View,
};

/// What one node believes.
#[derive(Clone, Debug)]
pub struct Belief {
    /// The picture, as far as it knows. Places that are [`Belief::unknown`] or [`Belief::named`] are blank in it. Ensembles
    /// keep the index and the letter that they have in the whole, so that they keep their hue; the others are empty.
    pub view: View,
    /// It does not know that these exist.
    pub unknown: Vec<Place>,
    /// It knows their name or address, and neither what they do nor what they are.
    pub named: Vec<Place>,
    /// One or two sentences that sum it up.
    pub says: String,
}

impl Belief {
    /// Does it know what this one does?
    pub fn knows(&self, place: Place) -> bool {
        !self.unknown.contains(&place) && !self.named.contains(&place)
    }
}

/// The picture as this node believes it. `view` is the whole, at the same instant.
pub fn belief(sim: &Simulation, view: &View, node: Node) -> Belief {
    let mut blank = blank(view);
    match node {
        Node::Peer(sid) if view.kraft => controller::fill(sim, view, sid, &mut blank),
        Node::Peer(sid) => host::fill(sim, view, sid, &mut blank),
        Node::Broker(id) => kafka::fill(sim, view, id, &mut blank),
        Node::Producer(i) => clients::producer(sim, view, i, &mut blank),
        Node::Consumer(i) => clients::consumer(sim, i, &mut blank),
    }
    blank
}

/// Nothing is known: every host, broker and client is there in outline only.
fn blank(view: &View) -> Belief {
    let places = view.peers.iter().map(|p| Place::Peer(p.sid));
    let places = places.chain(view.brokers.iter().map(|b| Place::Broker(b.id)));
    let places = places.chain((0..view.producers).map(Place::Producer));
    let places = places.chain((0..view.consumers).map(Place::Consumer)).chain([Place::Tray]);
    Belief {
        unknown: places.collect(),
        named: Vec::new(),
        says: String::new(),
        view: View {
            peers: view.peers.iter().map(outline).collect(),
            ensembles: view.ensembles.iter().map(letter).collect(),
            brokers: view.brokers.iter().map(silhouette).collect(),
            leaders: 0,
            controllers: 0,
            tray: TrayView::default(),
            retry: RetryView::default(),
            ledger: Ledger::default(),
            metrics: Metrics::default(),
            milestones: Vec::new(),
            failing: 0,
            operator: String::new(),
            ..*view
        },
    }
}

fn outline(peer: &PeerView) -> PeerView {
    PeerView {
        sid: peer.sid,
        fresh: peer.fresh,
        observer: false,
        phase: PeerPhase::Planned,
        serving: false,
        leader: None,
        ensemble: None,
        epoch: 0,
        accepted_epoch: 0,
        zxid: 0,
        round: 0,
        vote: None,
        votes: 0,
        list: Vec::new(),
        majority: 0,
        counted: true,
        diverged: false,
        cut: false,
        arc: None,
    }
}

fn letter(ensemble: &EnsembleView) -> EnsembleView {
    EnsembleView { label: ensemble.label, ..EnsembleView::default() }
}

fn silhouette(broker: &BrokerView) -> BrokerView {
    BrokerView {
        id: broker.id,
        phase: BrokerPhase::Off,
        ensemble: None,
        cluster: None,
        controller: None,
        leads: 0,
        topics: 0,
        knows: 0,
        replicas: Vec::new(),
        failures: Vec::new(),
        throttled: 0,
        throttling: false,
        cut: false,
    }
}

impl Belief {
    /// From here on this place is known.
    fn learn(&mut self, place: Place) {
        self.unknown.retain(|p| *p != place);
        self.named.retain(|p| *p != place);
    }

    /// From here on its name is known, if nothing more was.
    fn name(&mut self, place: Place) {
        if self.unknown.contains(&place) {
            self.unknown.retain(|p| *p != place);
            self.named.push(place);
        }
    }

    fn peer(&mut self, sid: u8) -> Option<&mut PeerView> {
        self.view.peers.iter_mut().find(|p| p.sid == sid)
    }

    fn broker(&mut self, id: u8) -> Option<&mut BrokerView> {
        self.view.brokers.iter_mut().find(|b| b.id == id)
    }

    /// A registered broker with the replicas that these partitions give it.
    fn know_broker(&mut self, id: u8, like: &BrokerView) {
        self.learn(Place::Broker(id));
        if let Some(broker) = self.broker(id) {
            *broker = BrokerView { id, ..like.clone() };
        }
    }

    /// This broker is the controller, with this epoch: the only one it knows of.
    fn crown(&mut self, id: u8, epoch: u32) {
        if let Some(broker) = self.broker(id) {
            broker.controller = Some(epoch);
            self.view.controllers = 1;
        }
    }
}

/// What partitions say of one broker: its replicas, and which of them it leads.
fn replicas(
    jobs: &[(crate::kafka::metadata::Assignment, crate::kafka::metadata::PartitionState)],
    id: u8,
    min_insync: u32,
) -> Vec<ReplicaView> {
    let held = jobs.iter().enumerate().filter(|(_, (assignment, _))| assignment.has(id));
    held.map(|(p, (_, state))| ReplicaView {
        partition: p as u8,
        leads: state.leader == id,
        in_sync: state.isr >> id & 1 == 1,
        below_min: state.isr.count_ones() < min_insync,
    })
    .collect()
}

/// A live broker, as partitions and a set of live brokers describe it.
fn described(
    id: u8,
    live: u32,
    jobs: &[(crate::kafka::metadata::Assignment, crate::kafka::metadata::PartitionState)],
    (ensemble, min_insync): (Option<usize>, u32),
) -> BrokerView {
    let replicas = replicas(jobs, id, min_insync);
    BrokerView {
        id,
        phase: BrokerPhase::Up,
        ensemble,
        cluster: None,
        controller: None,
        leads: replicas.iter().filter(|r| r.leads).count() as u32,
        topics: u32::from(!jobs.is_empty()),
        knows: live.count_ones(),
        replicas,
        failures: Vec::new(),
        throttled: 0,
        throttling: false,
        cut: false,
    }
}
