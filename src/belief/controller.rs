//! What a KRaft controller believes: the voters its log names, the leader of its epoch, and the committed metadata.
use super::Belief;
use crate::ensemble::Power;
use crate::ensemble::membership::bits;
use crate::kafka::metadata::brokers;
use crate::params::Key;
use crate::raft::{Node, State};
use crate::sim::Simulation;
use crate::view::{EnsembleView, PeerPhase, PeerView, Place, View};
use crate::words::say;

pub(super) fn fill(sim: &Simulation, view: &View, sid: u8, b: &mut Belief) {
    let Some(me) = sim.quorum().iter().find(|n| n.sid == sid) else { return };
    let leads = me.leads().is_some_and(|l| me.hw > l.start);
    let serving = leads || me.synced;
    if let (Some(mine), Some(slot)) = (view.peers.iter().find(|p| p.sid == sid), b.peer(sid)) {
        let ensemble = serving.then_some(0);
        *slot = PeerView { diverged: false, cut: false, serving, ensemble, ..mine.clone() };
    }
    b.learn(Place::Peer(sid));
    if !matches!(me.power, Power::Up | Power::Frozen) {
        b.says = say!("controller ", sid, " is not running: it believes nothing.");
        return;
    }
    others(sim, me, serving, b);
    ensemble(sim, me, serving, b);
    let min = sim.scenario().params.get(Key::MinInsync) as u32;
    for id in brokers(me.image.live) {
        let broker = super::described(id, me.image.live, &me.image.jobs, (serving.then_some(0), min));
        b.know_broker(id, &broker);
    }
    let hangs = if me.power == Power::Frozen { " hangs. It last believed: " } else { " believes: " };
    b.says = say!("controller ", sid, hangs, head(sim, me));
}

fn sid_of(sim: &Simulation, ix: u8) -> u8 {
    sim.sids().get(usize::from(ix)).copied().unwrap_or(0)
}

/// Its leader, if it is another; itself, if it leads.
fn leader_of(me: &Node) -> Option<u8> {
    match me.state {
        State::Leader(_) => Some(me.ix),
        State::Follower => me.leader.filter(|ix| *ix != me.ix),
        _ => None,
    }
}

fn others(sim: &Simulation, me: &Node, serving: bool, b: &mut Belief) {
    for ix in bits(me.voters().0 | me.bootstrap).filter(|ix| *ix != me.ix) {
        b.name(Place::Peer(sid_of(sim, ix)));
    }
    if let Some(ix) = leader_of(me).filter(|ix| *ix != me.ix) {
        let sid = sid_of(sim, ix);
        b.learn(Place::Peer(sid));
        if let Some(peer) = b.peer(sid) {
            (peer.phase, peer.leader, peer.epoch) = (PeerPhase::Leading, Some(sid), me.epoch);
            (peer.serving, peer.ensemble) = (serving, serving.then_some(0));
        }
    }
    let Some(leading) = me.leads() else { return };
    // A leader knows what everybody has who fetched from it in this epoch.
    let fetched = |ix: &u8| leading.ends.get(usize::from(*ix)).is_some_and(|end| *end > leading.start);
    for ix in (0..sim.sids().len() as u8).filter(|ix| *ix != me.ix).filter(fetched) {
        let (sid, voter) = (sid_of(sim, ix), me.voters().has(ix));
        b.learn(Place::Peer(sid));
        if let Some(peer) = b.peer(sid) {
            peer.phase = if voter { PeerPhase::Following } else { PeerPhase::Observing };
            (peer.leader, peer.epoch, peer.observer) = (Some(me.sid), me.epoch, !voter);
            (peer.serving, peer.ensemble) = (serving, serving.then_some(0));
            peer.zxid = u64::from(leading.ends[usize::from(ix)]);
        }
    }
}

fn ensemble(sim: &Simulation, me: &Node, serving: bool, b: &mut Belief) {
    let Some(leader) = leader_of(me).filter(|_| serving).map(|ix| sid_of(sim, ix)) else { return };
    let members = b.view.peers.iter().filter(|p| p.ensemble == Some(0)).map(|p| p.sid).collect();
    if let Some(slot) = b.view.ensembles.first_mut() {
        *slot = EnsembleView {
            label: slot.label,
            leader,
            serving,
            epoch: me.epoch,
            members,
            list_len: me.voters().len(),
            majority: me.voters().majority(),
            broker_ids: brokers(me.image.live).collect(),
            controller: None,
            topics: u32::from(!me.image.jobs.is_empty()),
        };
    }
    (b.view.leaders, b.view.controllers) = (1, 1);
}

fn head(sim: &Simulation, me: &Node) -> String {
    let (of, needs) = (me.voters().len(), me.voters().majority());
    let log = say!("Its log names ", of, " voters; ", needs, " are a majority.");
    match (&me.state, leader_of(me)) {
        (State::Leader(_), _) => say!("it leads epoch ", me.epoch, " and is the active controller. ", log),
        (State::Follower, Some(ix)) if me.is_voter() => {
            say!("controller ", sid_of(sim, ix), " leads epoch ", me.epoch, ". ", log)
        }
        (State::Follower, Some(ix)) => {
            say!(
                "controller ",
                sid_of(sim, ix),
                " leads epoch ",
                me.epoch,
                ". It is no voter itself: it observes. ",
                log
            )
        }
        (State::Candidate(poll), _) => {
            let granted = (poll.granted & me.voters().0).count_ones();
            say!("nobody leads epoch ", me.epoch, ". It asks for votes and has ", granted, ". ", log)
        }
        _ => say!("nobody it knows of leads epoch ", me.epoch, ". ", log),
    }
}
