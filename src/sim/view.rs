//! Builds the [`View`]: reads everything, changes nothing.
use super::Simulation;
use crate::ensemble::{Peer, PeerState, Power};
use crate::kafka::{Broker, BrokerPower};
use crate::maintenance::Step;
use crate::params::{Key, format_value};
use crate::view::{
    Arc, BrokerPhase, BrokerView, EnsembleView, PeerPhase, PeerView, Place, ReplicaView, RetryView, TrayView, View,
    Wait,
};
use crate::words::say;

/// The picture of this simulation now.
pub fn build(sim: &Simulation) -> View {
    let leaders = if sim.is_kraft() { vec![sim.quorum_leader()] } else { ensembles(sim) };
    let now = sim.out.now;
    let part = sim.ops.old | sim.ops.fresh;
    let metrics = sim.metrics();
    let tray = &sim.clients.dead_letters;
    let (attempt, since, until) = sim.clients.last_wait;
    let retrying = sim.clients.waiting > 0;
    View {
        now,
        end: sim.end,
        kraft: sim.is_kraft(),
        peers: if sim.is_kraft() {
            super::quorum_view::peers(sim, part)
        } else {
            sim.peers.iter().filter(|p| part >> p.ix & 1 == 1).map(|p| peer(sim, p, &leaders)).collect()
        },
        ensembles: if sim.is_kraft() {
            vec![super::quorum_view::ensemble(sim)]
        } else {
            leaders.iter().enumerate().map(|(i, ix)| ensemble(sim, i, *ix)).collect()
        },
        brokers: sim.brokers.iter().skip(1).map(|b| broker(sim, b, &leaders)).collect(),
        leaders: sim.leaders,
        controllers: sim.controllers,
        producers: crate::limits::PRODUCERS,
        consumers: crate::limits::CONSUMERS,
        tray: TrayView {
            exists: sim.clients.settings.dlq || tray.depth() > 0, // down, it still holds what is in it
            depth: tray.depth(),
            peak: metrics.dlq_peak,
            oldest: tray.oldest_age(now),
            draining: tray.busy && tray.open && sim.clients.settings.dlq,
        },
        retry: RetryView { waiting: sim.clients.waiting, attempt: if retrying { attempt } else { 0 }, since, until },
        ledger: sim.clients.ledger,
        metrics,
        milestones: sim.milestones.clone(),
        failing: sim.failing(),
        operator: operator(sim),
    }
}

/// The leaders of logical clusters. A is the one whose tree was there first, and keeps its place while it has no leader.
fn ensembles(sim: &Simulation) -> Vec<Option<u8>> {
    let leads = |p: &&Peer| p.is_up() && p.leading.is_some();
    let first = |p: &Peer| p.tree.cluster == Some(0);
    let a = sim.peers.iter().filter(leads).filter(|p| first(p)).max_by_key(|p| p.serves()).map(|p| p.ix);
    let others = sim.peers.iter().filter(leads).map(|p| Some(p.ix)).filter(|ix| *ix != a);
    std::iter::once(a).chain(others).collect()
}

fn ensemble(sim: &Simulation, i: usize, ix: Option<u8>) -> EnsembleView {
    let label = (b'A' + (i as u8).min(25)) as char;
    let none = EnsembleView { label, ..EnsembleView::default() };
    let Some(leader) = ix.map(|ix| &sim.peers[usize::from(ix)]) else { return none };
    EnsembleView {
        leader: leader.sid,
        serving: leader.serves_as_leader(),
        epoch: leader.leading.as_ref().map_or(0, |l| l.epoch),
        members: sim.peers.iter().filter(|p| p.is_up() && p.leader() == ix).map(|p| p.sid).collect(),
        list_len: leader.list.len(),
        majority: leader.list.majority(),
        broker_ids: leader.tree.ids.iter().map(|(b, _)| *b).collect(),
        controller: leader.tree.controller.map(|(b, _)| b),
        topics: u32::from(!leader.tree.jobs.is_empty()),
        ..none
    }
}

/// The znode tree of one server, as paths and values.
pub fn tree(sim: &Simulation, sid: u8) -> Vec<(&'static str, String)> {
    let Some(peer) = sim.peers.iter().find(|p| p.sid == sid) else { return super::quorum_view::duties(sim, sid) };
    let tree = &peer.tree;
    let mut out = Vec::new();
    let mut put =
        |path: &'static str, value: String| out.push((path, if value.is_empty() { "none".into() } else { value }));
    put("/controller", tree.controller.map_or(String::new(), |(b, _)| ["broker ", &b.to_string()].concat()));
    put(
        "/controller_epoch",
        if tree.controller_epoch == 0 { String::new() } else { tree.controller_epoch.to_string() },
    );
    let mut ids = String::new();
    for (broker, _) in &tree.ids {
        ids.push_str(&broker.to_string());
        ids.push(' ');
    }
    put("/brokers/ids", ids);
    let partitions = tree.jobs.len();
    put(
        "/brokers/topics",
        if partitions == 0 { String::new() } else { ["jobs, partitions: ", &partitions.to_string()].concat() },
    );
    let min = sim.scenario.params.get(Key::MinInsync);
    put(
        "/config/topics",
        if partitions == 0 { String::new() } else { ["jobs: min.insync.replicas ", &min.to_string()].concat() },
    );
    let quota = format_value(Key::Quota, i64::from(tree.rules.quota) * 1000);
    let per_broker = || ["producers: ", &quota, " jobs/s per broker"].concat();
    put("/config/clients", if tree.rules.quota == 0 { String::new() } else { per_broker() });
    put("/kafka-acl", if tree.rules.acl { "jobs: all applications but one may write".into() } else { String::new() });
    out
}

fn phase(peer: &Peer) -> PeerPhase {
    match (peer.power, peer.state) {
        (Power::Planned, _) => PeerPhase::Planned,
        (Power::Booting(..), _) => PeerPhase::Booting,
        (Power::Off, _) => PeerPhase::Off,
        (Power::Frozen, _) => PeerPhase::Frozen,
        (Power::Up, PeerState::Looking) => PeerPhase::Looking,
        (Power::Up, PeerState::Following) => PeerPhase::Following,
        (Power::Up, PeerState::Observing) => PeerPhase::Observing,
        (Power::Up, PeerState::Leading) => PeerPhase::Leading,
    }
}

fn arc(peer: &Peer) -> Option<Arc> {
    let of = |wait, since, until| Some(Arc { wait, since, until });
    match (peer.power, peer.state) {
        (Power::Booting(since, until), _) => of(Wait::Boot, since, until),
        (Power::Up, PeerState::Looking) => {
            let (since, until) = peer.election_timer;
            let wait = if peer.finalizing.is_some() { Wait::Finalize } else { Wait::Notify };
            of(wait, since, until)
        }
        (Power::Up, _) if !peer.serves() => {
            let since = peer.learner.as_ref().map(|l| l.since).or(peer.leading.as_ref().map(|l| l.since))?;
            of(Wait::Sync, since, since + peer.timing.init)
        }
        _ => None,
    }
}

fn peer(sim: &Simulation, peer: &Peer, leaders: &[Option<u8>]) -> PeerView {
    let sid_of = |ix: u8| sim.out.sids[usize::from(ix)];
    let leader = if peer.is_up() { peer.leader() } else { None };
    let counted = leader.is_none_or(|l| sim.peers[usize::from(l)].list.has(peer.ix));
    let looking = peer.is_up() && peer.state == PeerState::Looking;
    PeerView {
        sid: peer.sid,
        fresh: peer.fresh,
        observer: peer.role == crate::scenario::Role::Observer,
        phase: phase(peer),
        serving: peer.serves(),
        leader: leader.map(sid_of),
        ensemble: leader.and_then(|l| leaders.iter().position(|ix| *ix == Some(l))),
        epoch: peer.current_epoch,
        accepted_epoch: peer.accepted_epoch,
        zxid: peer.last_zxid,
        round: peer.round,
        vote: if looking { peer.proposal.leader.map(sid_of) } else { peer.vote.leader.map(sid_of) },
        votes: if looking { peer.votes() } else { 0 },
        list: peer.list.iter().map(sid_of).collect(),
        majority: peer.list.majority(),
        counted,
        cut: sim.out.network.touches(Place::Peer(peer.sid), &sim.out.sids),
        diverged: leader.is_some_and(|l| has_diverged(peer, &sim.peers[usize::from(l)])),
        arc: arc(peer),
    }
}

/// Both have applied the same number of transactions, and not the same ones.
fn has_diverged(peer: &Peer, leader: &Peer) -> bool {
    peer.serves() && leader.serves() && peer.applied == leader.applied && peer.tree != leader.tree
}

fn broker(sim: &Simulation, broker: &Broker, leaders: &[Option<u8>]) -> BrokerView {
    let server = broker.session.server().map(|ix| &sim.peers[usize::from(ix)]);
    let leader = server.filter(|p| p.is_up()).and_then(Peer::leader).or_else(|| broker.link.as_ref()?.obeys());
    let metadata = broker.metadata.as_deref();
    let min = sim.scenario.params.get(Key::MinInsync) as u32;
    let replicas = metadata.map_or_else(Vec::new, |m| {
        let held = m.jobs.iter().enumerate().filter(|(_, (assignment, _))| assignment.has(broker.id));
        held.map(|(p, (_, state))| ReplicaView {
            partition: p as u8,
            leads: broker.replicas[p].leader == broker.id,
            in_sync: state.isr >> broker.id & 1 == 1,
            below_min: state.isr.count_ones() < min,
        })
        .collect()
    });
    BrokerView {
        id: broker.id,
        phase: match broker.power {
            BrokerPower::Off => BrokerPhase::Off,
            BrokerPower::Restarting | BrokerPower::Starting => BrokerPhase::Starting,
            BrokerPower::Up => BrokerPhase::Up,
        },
        ensemble: leader.and_then(|l| leaders.iter().position(|ix| *ix == Some(l))),
        cluster: broker.cluster.map(|c| (b'A' + c.min(25)) as char),
        controller: broker.controller.as_ref().filter(|_| broker.is_up()).map(|c| c.epoch),
        leads: replicas.iter().filter(|r| r.leads).count() as u32,
        topics: metadata.map_or(0, |m| u32::from(!m.jobs.is_empty())),
        knows: broker.knows(),
        replicas,
        failures: Simulation::failures(broker),
        throttled: broker.bucket.throttled,
        cut: sim.out.network.touches(Place::Broker(broker.id), &sim.out.sids),
        throttling: broker.bucket.until > sim.out.now,
    }
}

fn operator(sim: &Simulation) -> String {
    let name = |ix: u8| say!("zk", sim.out.sids[usize::from(ix)]);
    if let Some(ix) = sim.ops.adding {
        return super::quorum_view::operator(sim, ix);
    }
    match sim.ops.current {
        Some(Step::Fresh(ix)) => say!(name(ix), " joins; the next host waits until it follows"),
        Some(Step::Roll(ix)) => say!(name(ix), " restarts with the new server list"),
        Some(Step::Rejoin(ix)) if sim.ops.wiped => {
            say!(name(ix), " comes back, wiped; the next host waits until it follows")
        }
        Some(Step::Rejoin(ix)) => {
            say!(name(ix), " comes back with its own log; the next host waits until it follows")
        }
        Some(Step::Admit(ix)) => {
            say!("The ensemble agrees on ", name(ix), " as a member; the next host waits for that")
        }
        Some(Step::Retire(ix)) => say!(name(ix), " is taken out"),
        None => String::new(),
    }
}
