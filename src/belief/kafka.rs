//! What a broker believes: its metadata, and whichever ZooKeeper server (or controller) answers it.
use super::Belief;
use crate::ensemble::membership::bits;
use crate::kafka::metadata::{Metadata, brokers};
use crate::kafka::{Broker, BrokerPower};
use crate::params::Key;
use crate::sim::Simulation;
use crate::view::{BrokerView, EnsembleView, PeerPhase, Place, View};
use crate::words::{self, say};

pub(super) fn fill(sim: &Simulation, view: &View, id: u8, b: &mut Belief) {
    let Some(me) = sim.brokers().iter().skip(1).find(|x| x.id == id) else { return };
    let Some(mine) = view.brokers.iter().find(|x| x.id == id) else { return };
    if let Some(slot) = b.broker(id) {
        *slot = BrokerView { cut: false, controller: None, ..mine.clone() };
    }
    b.learn(Place::Broker(id));
    if matches!(me.power, BrokerPower::Off | BrokerPower::Restarting) {
        b.says = say!("Broker ", id, " is not running: it believes nothing.");
        return;
    }
    servers(sim, me, mine.ensemble, b);
    if let Some(metadata) = &me.metadata {
        fellows(sim, metadata, mine.ensemble, Some(id), b);
    }
    match (&me.controller, &me.metadata) {
        (Some(own), _) => b.crown(id, own.epoch),
        (None, Some(m)) if me.link.is_none() && m.controller != id => b.crown(m.controller, m.controller_epoch),
        _ => {}
    }
    b.says = says(sim, me);
}

fn sid_of(sim: &Simulation, ix: u8) -> u8 {
    sim.sids().get(usize::from(ix)).copied().unwrap_or(0)
}

/// Servers in its connect string are names to it. One of them answers; whether that one leads it cannot see. In KRaft mode
/// whoever answers says who leads.
fn servers(sim: &Simulation, me: &Broker, led: Option<usize>, b: &mut Belief) {
    let hosts = me.link.as_ref().map_or(me.connect, |link| link.hosts);
    for ix in bits(hosts) {
        b.name(Place::Peer(sid_of(sim, ix)));
    }
    if let Some(ix) = me.link.as_ref().and_then(|link| link.obeys()) {
        let sid = sid_of(sim, ix);
        b.learn(Place::Peer(sid));
        if let Some(peer) = b.peer(sid) {
            (peer.phase, peer.leader, peer.serving, peer.ensemble) = (PeerPhase::Leading, Some(sid), true, led);
        }
        if let Some(slot) = led.and_then(|i| b.view.ensembles.get_mut(i)) {
            *slot = EnsembleView {
                label: slot.label,
                leader: sid,
                serving: true,
                members: vec![sid],
                ..EnsembleView::default()
            };
        }
        (b.view.leaders, b.view.controllers) = (1, 1);
    }
}

/// The brokers that some metadata names, with what it says of their partitions. `but`: whoever knows better of itself.
pub(super) fn fellows(sim: &Simulation, m: &Metadata, led: Option<usize>, but: Option<u8>, b: &mut Belief) {
    let min = sim.scenario().params.get(Key::MinInsync) as u32;
    let named = m.jobs.iter().fold(0, |set, (assignment, _)| set | assignment.set());
    for id in brokers(named & !m.live).filter(|id| Some(*id) != but) {
        b.name(Place::Broker(id));
    }
    for id in brokers(m.live).filter(|id| Some(*id) != but) {
        let mut broker = super::described(id, m.live, &m.jobs, (led, min));
        broker.cluster = Some((b'A' + m.cluster.min(25)) as char);
        b.know_broker(id, &broker);
    }
}

fn says(sim: &Simulation, me: &Broker) -> String {
    let mut text = say!("Broker ", me.id, " believes: ");
    match &me.metadata {
        Some(m) => text.push_str(&cluster(me, m)),
        None if me.controller.is_some() => text.push_str("it is the controller, and has announced nothing yet."),
        None => text.push_str("nothing of any cluster yet: no controller has told it anything."),
    }
    let server = me.session.server().map(|ix| sid_of(sim, ix));
    let quorum = me.link.as_ref().and_then(|link| link.obeys()).map(|ix| sid_of(sim, ix));
    match (server, quorum) {
        (Some(sid), _) => {
            text.push_str(&say!(" It talks to zk", sid, ", and cannot see whom zk", sid, " follows."));
        }
        (None, Some(sid)) => text.push_str(&say!(" It obeys controller ", sid, ".")),
        (None, None) if me.link.is_some() => text.push_str(" No controller answers it now."),
        (None, None) => text.push_str(" No ZooKeeper server answers it now."),
    }
    text
}

fn cluster(me: &Broker, m: &Metadata) -> String {
    let live: Vec<u8> = brokers(m.live).collect();
    let mut text = match live.as_slice() {
        [only] if *only == me.id => "it is the only broker there is".to_string(),
        _ => say!("there are ", words::plural(live.len() as u64, "broker", "brokers"), ", ", words::ranges(&live)),
    };
    match &me.controller {
        Some(own) => text.push_str(&say!("; it is the controller itself, epoch ", own.epoch)),
        None if me.link.is_some() => {}
        None => text.push_str(&say!("; broker ", m.controller, " is the controller, epoch ", m.controller_epoch)),
    }
    text.push_str(&match m.jobs.len() {
        0 => "; there is no topic.".to_string(),
        n => say!("; the topic jobs has ", words::plural(n as u64, "partition", "partitions"), "."),
    });
    text
}
