//! Time zero: an established ensemble with its leader, registered brokers with a controller, and one topic.
use super::Simulation;
use super::outbox::{MS, Outbox, SECOND};
use crate::client::Clients;
use crate::client::backoff::{Backoff, LAWS, drain_time};
use crate::client::books::ClientSettings;
use crate::client::long_lived::LongLived;
use crate::ensemble::membership::{Members, bits};
use crate::ensemble::vote::Vote;
use crate::ensemble::znode::{Txn, Znodes};
use crate::ensemble::{Peer, PeerState, Power, Timing};
use crate::kafka::access::{AUTHORIZERS, Rules};
use crate::kafka::controller::Controller;
use crate::kafka::metadata::{Metadata, place};
use crate::kafka::{Broker, BrokerPower, Settings};
use crate::limits::{CLIENTS_PER_PRODUCER, MAX_SAMPLES, PRODUCERS};
use crate::maintenance::{BEGIN, Host, Ops, POLICIES, Policy, schedule};
use crate::message::{Due, OpsDue};
use crate::params::Key::*;
use crate::params::{Key, Params};
use crate::rng::Stream;
use crate::scenario::{Role, Scenario};
use std::sync::Arc;

/// Session ids of the brokers at the beginning are their own ids.
const FIRST_CONTROLLER: u8 = 1;

/// Builds a run.
pub fn build(scenario: &Scenario) -> Simulation {
    let mut scenario = scenario.clone();
    scenario.params = scenario.params.effective_lenient().0;
    let p = &scenario.params;
    let sids = roster(&scenario);
    let brokers = num(p, Brokers) as usize;
    let delay = (num(p, NetDelayMinMs) / 1000, num(p, NetDelayMaxMs) / 1000); // millionths of a ms are ns
    let mut out = Outbox::new(num(p, Seed) as u32, sids.clone().into(), brokers, delay);
    out.network.loss = num(p, NetLoss);
    let mut ops = people(&scenario, &sids, &mut out);
    let (peers, quorum, brokers) = if num(p, Mode) == 1 {
        let (quorum, brokers) = super::quorum::establish(&scenario, &sids, &ops, &mut out);
        (Vec::new(), quorum, brokers)
    } else {
        let mut peers: Vec<Peer> = establish_peers(&scenario, &sids, &ops);
        let brokers = establish_kafka(&scenario, &mut peers, &ops, &mut out);
        (peers, Vec::new(), brokers)
    };
    let mut clients = Clients::new(client_settings(p));
    if num(p, ClientLifetime) > 0 {
        let metadata = brokers.last().and_then(|b| b.metadata.as_ref());
        let (lifetime, max_age) = (num(p, ClientLifetime), num(p, MetadataMaxAge));
        clients.long_lived = Some(Box::new(LongLived::new(lifetime, max_age, metadata, &mut out.chance)));
    }
    let end = run_length(&scenario, &ops);
    let sample_every = (end / MAX_SAMPLES as u64).next_multiple_of(SECOND / 2).max(SECOND / 2);
    ops.begin(&mut out);
    ops.plan_recovery(num(p, Heal), num(p, HealAt), &mut out);
    for (i, (at, _)) in scenario.actions.iter().enumerate() {
        out.wake_ops(*at, OpsDue::Action(i as u16));
    }
    clients.expect_arrival(&mut out);
    out.wake(sample_every, Due::Sample);
    out.wake(crate::detector::SCRAPE, Due::Scrape);
    let mut sim = Simulation {
        end,
        out,
        peers,
        quorum,
        brokers,
        clients,
        ops,
        held: Vec::new(),
        steps: 0,
        leaders: 0,
        split_by: 0,
        controllers: 0,
        up: 0,
        milestones: Vec::with_capacity(16),
        history: Vec::with_capacity(MAX_SAMPLES + 1),
        sample_every,
        detector: Default::default(),
        invariants: crate::invariant::ALL,
        marks: Vec::new(),
        went_back: false,
        ended: false,
        scenario,
    };
    sim.out.stirred = true;
    sim.settle();
    sim
}

pub(super) fn num(p: &Params, key: Key) -> u64 {
    p.get(key).unsigned_abs()
}

/// Every sid that is a host or is named in a list, lowest first.
fn roster(scenario: &Scenario) -> Vec<u8> {
    let p = &scenario.params;
    let Some(plan) = &scenario.plan else { return (1..=(num(p, OldNodes) + num(p, NewNodes)) as u8).collect() };
    let mut sids = plan.old.clone();
    for host in &plan.fresh {
        sids.push(host.sid);
        sids.extend(&host.list);
    }
    crate::order::sort_few(&mut sids, |sid| *sid);
    sids.dedup();
    sids
}

fn mask(sids: &[u8], of: &[u8]) -> u64 {
    sids.iter().enumerate().filter(|(_, sid)| of.contains(sid)).fold(0, |mask, (ix, _)| mask | 1 << ix)
}

fn people(scenario: &Scenario, sids: &[u8], out: &mut Outbox) -> Ops {
    let p = &scenario.params;
    let patience = 2 * num(p, InitLimit) * num(p, TickMs) * MS;
    let Some(plan) = &scenario.plan else {
        let old = (1u64 << num(p, OldNodes)) - 1;
        let rate = num(p, JoinRate);
        let delta = (60 * SECOND * SECOND + rate / 2) / rate; // δ = 60 s / rate, to the nearest µs
        let hosts = schedule(num(p, NewNodes) as u8, delta, num(p, JoinJitter), num(p, OldNodes) as u8, out);
        // A KRaft quorum adds its voters by its own log, whatever list a host is given.
        let policy = if num(p, Mode) == 1 { 0 } else { num(p, ListPolicy) as usize };
        let policy = POLICIES[policy % POLICIES.len()];
        let hosts = match policy {
            Policy::ObserversFirst => hosts.into_iter().map(|h| Host { role: Role::Observer, ..h }).collect(),
            _ => hosts,
        };
        let mut ops = Ops::new(old, policy, hosts, num(p, BootTime), patience);
        (ops.removed, ops.delta, ops.wiped) = (num(p, Removed), delta, num(p, Wiped) == 1);
        return ops;
    };
    let ix_of = |sid: u8| sids.iter().position(|s| *s == sid).unwrap_or(0) as u8;
    // A host whose role is observer is an observer in every list that names it: it is counted in no majority.
    let observers: Vec<u8> = plan.fresh.iter().filter(|h| h.role == Role::Observer).map(|h| h.sid).collect();
    let observers = mask(sids, &observers);
    let host = |h: &crate::scenario::PlannedHost| Host {
        ix: ix_of(h.sid),
        at: h.start,
        list: Members(mask(sids, &h.list) & !observers),
        role: h.role,
    };
    let hosts = plan.fresh.iter().map(host).collect();
    let mut ops = Ops::new(mask(sids, &plan.old), Policy::Planned, hosts, 0, patience);
    (ops.wiped, ops.delta) = (num(p, Wiped) == 1, SECOND);
    ops
}

fn run_length(scenario: &Scenario, ops: &Ops) -> u64 {
    let p = &scenario.params;
    let last = ops.hosts.iter().map(|h| h.at).max().unwrap_or(BEGIN);
    // One by one, each host boots and then every server restarts: about a second each.
    let rolls: u64 = match ops.policy {
        Policy::OneByOne => (0..num(p, NewNodes)).map(|i| ops.boot + (num(p, OldNodes) + i + 1) * SECOND).sum(),
        Policy::DynamicReconfig => ops.boot + num(p, NewNodes) * SECOND,
        _ => ops.boot,
    };
    let retired = u64::from(ops.removed.count_ones()) * (num(p, OldNodes) + num(p, NewNodes)) * SECOND;
    let healed = if num(p, Heal) == 0 { 0 } else { num(p, HealAt) + 240 * SECOND };
    (300 * SECOND).max(last + rolls + retired + 40 * SECOND).max(healed)
}

fn establish_peers(scenario: &Scenario, sids: &[u8], ops: &Ops) -> Vec<Peer> {
    let p = &scenario.params;
    let tick = num(p, TickMs) * MS;
    // A server clamps what a client asks for to 2–20 ticks. [source]
    let session = num(p, SessionTimeout).clamp(2 * tick, 20 * tick);
    let timing = Timing { tick, init: num(p, InitLimit) * tick, sync: num(p, SyncLimit) * tick, session };
    let make = |(ix, &sid): (usize, &u8)| {
        let fresh = ops.old >> ix & 1 == 0;
        Peer::new(ix as u8, sid, fresh, sids.len(), timing)
    };
    sids.iter().enumerate().map(make).collect()
}

/// What all brokers have in common.
pub(super) fn settings(p: &Params, session: u64) -> Settings {
    Settings {
        partitions: num(p, Partitions) as u8,
        replication: num(p, ReplicationFactor) as u8,
        min_insync: num(p, MinInsync) as u32,
        session,
        ack_loss: num(p, AckLoss),
        guard: num(p, ClusterIdGuard) == 1,
        idempotent: num(p, IdempotentProducer) == 1,
        quotas: num(p, Quota) > 0,
        authorizer: AUTHORIZERS[num(p, Acl) as usize % AUTHORIZERS.len()],
        producer_ids: if num(p, ClientLifetime) > 0 { PRODUCERS * CLIENTS_PER_PRODUCER } else { 0 },
    }
}

/// What clients of the first cluster may do; `None`: whatever they like, and nothing says so.
pub(super) fn rules(p: &Params) -> Option<Rules> {
    let quota = num(p, Quota).div_ceil(1000) as u32;
    let rules = Rules { quota, acl: num(p, Acl) != 0 };
    (rules != Rules::default()).then_some(rules)
}

/// Where the round robin of the first topic starts, and its shift.
pub(super) fn first_places(n: u8, out: &mut Outbox) -> (u8, u8) {
    (out.chance.below(Stream::Placement, n.into()) as u8, out.chance.below(Stream::Placement, n.into()) as u8)
}

/// The old ensemble follows its leader; every broker has a session and the first is the controller.
fn establish_kafka(scenario: &Scenario, peers: &mut [Peer], ops: &Ops, out: &mut Outbox) -> Vec<Broker> {
    let p = &scenario.params;
    let n = num(p, Brokers) as u8;
    let settings = settings(p, peers.first().map_or(SECOND, |peer| peer.timing.session));
    let live = ((1u64 << (n + 1)) - 2) as u32;
    let start = first_places(n, out);
    let jobs = place(live, settings.partitions, settings.replication, start);
    let rules = rules(p);
    let log = history(n, settings, (start, rules), num(p, OldEpoch) as u32);
    let zxid = log.last().map_or(0, |(zxid, _)| *zxid);
    establish_ensemble(scenario, peers, ops, &log, out);
    let rules = rules.unwrap_or_default();
    let metadata = Arc::new(Metadata {
        cluster: 0,
        controller: FIRST_CONTROLLER,
        controller_epoch: 1,
        live,
        jobs,
        offset: 0,
        rules,
    });
    let servers: Vec<u8> = bits(ops.old).collect();
    let mut brokers = vec![Broker::new(0, 0, settings)]; // ids count from 1
    for id in 1..=n {
        let mut broker = Broker::new(id, ops.old, settings);
        broker.power = BrokerPower::Up;
        (broker.cluster, broker.home) = (Some(0), Some(0));
        broker.seen_epoch = 1;
        broker.metadata = Some(Arc::clone(&metadata));
        if id == FIRST_CONTROLLER {
            broker.controller = Some(Controller::established(1, &metadata));
        }
        for (partition, (assignment, state)) in metadata.jobs.iter().enumerate() {
            if assignment.has(id) {
                broker.install_replica(partition, *state);
            }
        }
        let server = servers[usize::from(id) % servers.len()];
        let conn = out.unique();
        broker.install_session(server, conn, u32::from(id), zxid, out);
        peers[usize::from(server)].server.install(id, conn, u32::from(id));
        brokers.push(broker);
    }
    brokers
}

/// What was done to the tree before time zero: a session and an id for each broker, the controller, the topic and its
/// partitions. Every old host has it in its log.
fn history(brokers: u8, settings: Settings, tree: ((u8, u8), Option<Rules>), epoch: u32) -> Vec<(u64, Txn)> {
    let (start, rules) = tree;
    let mut txns = Vec::new();
    for broker in 1..=brokers {
        let session = u32::from(broker);
        txns.push(Txn::CreateSession { session, broker });
        txns.push(Txn::Register { session, broker, cluster: 0 });
    }
    txns.push(Txn::TakeController { session: u32::from(FIRST_CONTROLLER), broker: FIRST_CONTROLLER });
    let (partitions, replication) = (settings.partitions, settings.replication);
    txns.push(Txn::CreateTopic { partitions, replication, start });
    let mut tree = Znodes::default();
    for txn in &txns {
        tree.apply(txn);
    }
    let states = tree.jobs.iter().enumerate();
    txns.extend(states.map(|(p, (_, state))| Txn::SetPartition { partition: p as u8, state: *state }));
    txns.extend(rules.map(|rules| Txn::Configure { rules }));
    (2..).map(|counter| u64::from(epoch) << 32 | counter).zip(txns).collect()
}

fn establish_ensemble(scenario: &Scenario, peers: &mut [Peer], ops: &Ops, log: &[(u64, Txn)], out: &mut Outbox) {
    let p = &scenario.params;
    let old_leader = scenario.plan.as_ref().map_or(num(p, OldLeader) as u8, |plan| plan.old_leader);
    let epoch = num(p, OldEpoch) as u32;
    let zxid = log.last().map_or(0, |(zxid, _)| *zxid);
    let leader = out.sids.iter().position(|s| *s == old_leader).unwrap_or(0) as u8;
    let mut followers = Vec::new();
    for ix in bits(ops.old) {
        let peer = &mut peers[usize::from(ix)];
        peer.power = Power::Up;
        peer.list = Members(ops.old);
        (peer.accepted_epoch, peer.current_epoch) = (epoch, epoch);
        (peer.last_zxid, peer.applied) = (zxid, zxid);
        peer.log.extend(log);
        for (_, txn) in log {
            peer.tree.apply(txn);
        }
        (peer.round, peer.vote) = (1, Vote { peer_epoch: epoch, zxid: 0, leader: Some(leader) });
        if ix != leader {
            peer.state = PeerState::Following;
            let conn = out.unique();
            peer.install_learner(leader, conn, epoch, out);
            followers.push((ix, conn));
        }
    }
    let peer = &mut peers[usize::from(leader)];
    peer.state = PeerState::Leading;
    peer.install_leader(&followers, out);
}

fn client_settings(p: &Params) -> ClientSettings {
    let law = LAWS[num(p, Key::Backoff) as usize % LAWS.len()];
    ClientSettings {
        brokers: num(p, Brokers) as u8,
        partitions: num(p, Partitions) as u8,
        rate: num(p, WriteRate),
        strict: num(p, ClientPolicy) == 1,
        retries: num(p, Retries) as u8,
        retries_most: num(p, Retries) as u8,
        backoff: Backoff { law, first: num(p, BackoffMs) * MS, longest: num(p, BackoffMaxMs) * MS },
        dlq: num(p, Dlq) == 1,
        drain_time: drain_time(num(p, DlqRate)),
        drain_during: num(p, DlqDrain) == 0,
        dlq_capacity: num(p, DlqCapacity),
        idempotent: num(p, IdempotentConsumer) == 1,
        handler_failure: num(p, HandlerFailure),
        migrate_at: num(p, MigrateAt),
    }
}
