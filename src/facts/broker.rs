//! A broker: which server it talks to, where its metadata comes from, and what it says of its partitions.
use super::{Sheet, cluster, hosts, set, state, until, yes};
use crate::kafka::broker::Next;
use crate::kafka::metadata::Metadata;
use crate::kafka::{Broker, BrokerPower};
use crate::params::{Key, format_value};
use crate::sim::Simulation;
use crate::words::{self, number, say};

pub(super) fn fill(sim: &Simulation, id: u8, s: &mut Sheet) {
    let Some(me) = sim.brokers().iter().skip(1).find(|b| b.id == id) else { return };
    s.open("State");
    s.row("state", power(me).into(), "BrokerState");
    s.row("broker.id", number(u64::from(id)), "server.properties");
    if me.link.is_none() {
        let note = if me.on_fresh { "the new hosts" } else { "" };
        s.noted("zookeeper.connect", hosts(sim, me.connect), "server.properties", note);
    }
    s.row("cluster.id", cluster(me.cluster), if me.link.is_some() { "BrokerRegistration" } else { "/cluster/id" });
    let note = if me.home.is_some() && me.cluster.is_some() && me.home != me.cluster {
        "its logs belong to another cluster than the one it is in"
    } else {
        ""
    };
    s.noted("cluster.id on its disk", cluster(me.home), "meta.properties", note);
    if !matches!(me.power, BrokerPower::Off | BrokerPower::Restarting) {
        super::registration::fill(sim, me, s);
        controls(me, s);
    }
    source(sim, me, s);
    partitions(me, s);
    limits(sim, me, s);
}

fn power(me: &Broker) -> &'static str {
    match (me.power, me.leaving) {
        (BrokerPower::Off, _) => "NOT_RUNNING",
        (BrokerPower::Restarting, _) => "NOT_RUNNING: its process restarts",
        (_, Some(Next::Stay)) => "PENDING_CONTROLLED_SHUTDOWN: it is going to stop",
        (_, Some(Next::Restart(..))) => "PENDING_CONTROLLED_SHUTDOWN: it is going to restart",
        (BrokerPower::Starting, _) => "STARTING: not registered yet",
        (BrokerPower::Up, _) => "RUNNING",
    }
}

fn controls(me: &Broker, s: &mut Sheet) {
    let Some(c) = &me.controller else { return };
    s.open("As controller");
    s.row("controller epoch", number(u64::from(c.epoch)), "ControllerContext.epoch");
    s.row("live brokers", set(c.live), "ControllerContext.liveBrokers");
    s.row("brokers that shut down", set(c.leaving), "ControllerContext.shuttingDownBrokerIds");
    s.row("partitions", number(c.jobs.len() as u64), "ControllerContext.partitionLeadershipInfo");
    s.row("writes to ZooKeeper under way", number(u64::from(c.pending)), "");
    s.row("has read the tree", yes(c.ready), "KafkaController.onControllerFailover");
}

/// Where it has its metadata from, and whether that is still the controller anywhere.
fn source(sim: &Simulation, me: &Broker, s: &mut Sheet) {
    s.open("Metadata it answers with");
    if me.seen_epoch > 0 {
        s.row("highest controller epoch seen", number(u64::from(me.seen_epoch)), "KafkaController.controllerEpoch");
    }
    let Some(m) = &me.metadata else {
        s.noted("metadata", "none".into(), "MetadataCache", "no controller has told it anything in this life");
        return;
    };
    if me.link.is_some() {
        s.row("told by", say!("controller of epoch ", m.controller_epoch), "UpdateMetadata");
        s.row("up to metadata offset", number(u64::from(m.offset)), "__cluster_metadata-0");
    } else {
        s.noted(
            "told by",
            say!("broker ", m.controller, ", epoch ", m.controller_epoch),
            "UpdateMetadata",
            still(sim, me, m),
        );
    }
    s.row("cluster.id", cluster(Some(m.cluster)), "MetadataResponse.clusterId");
    s.row("live brokers", set(m.live), "MetadataResponse.brokers");
    let topics = match m.jobs.len() {
        0 => "no topic".into(),
        n => say!("jobs, ", words::plural(n as u64, "partition", "partitions")),
    };
    let note = match (m.jobs.len(), m.live.count_ones() < u32::from(me.settings.replication)) {
        (0, true) => "it knows too few brokers to create one: INVALID_REPLICATION_FACTOR",
        (0, false) if me.asked_topic => "it has asked for one",
        _ => "",
    };
    s.noted("topics", topics, "MetadataResponse.topics", note);
}

/// Is whoever told it still a controller with that epoch?
fn still(sim: &Simulation, me: &Broker, m: &Metadata) -> &'static str {
    if m.controller == me.id && me.controller.is_some() {
        return "itself";
    }
    let source = sim.brokers().iter().find(|b| b.id == m.controller && b.is_up());
    match source.and_then(|b| b.controller.as_ref()) {
        Some(c) if c.epoch == m.controller_epoch => "",
        Some(_) => "that one is a controller still, and of another epoch",
        None => "that one is no controller any more",
    }
}

fn partitions(me: &Broker, s: &mut Sheet) {
    s.open("Its partitions");
    let Some(m) = &me.metadata else { return };
    for (p, (assignment, told)) in m.jobs.iter().enumerate().filter(|(_, (a, _))| a.has(me.id)) {
        let Some(r) = me.replicas.get(p) else { continue };
        let log = say!("; LEO ", r.leo, ", high watermark ", r.hw());
        let below = told.isr.count_ones() < me.settings.min_insync;
        let note = match (r.leader == me.id, below, told.isr >> me.id & 1 == 1) {
            (true, true, _) => "it leads; below min.insync.replicas: it takes no write",
            (true, false, _) => "it leads",
            (_, _, false) => "it follows, and is not in sync",
            (_, true, _) => "below min.insync.replicas",
            _ => "",
        };
        let value = say!(state(told), ", replicas ", super::ids(&assignment.0), log);
        s.noted(&say!("jobs-", p), value, "LeaderAndIsr", note);
        s.mark(r.known && (r.leader, r.epoch) != (told.leader, told.leader_epoch));
    }
}

fn limits(sim: &Simulation, me: &Broker, s: &mut Sheet) {
    s.open("Quota and permissions");
    let rules = me.metadata.as_ref().map(|m| m.rules).unwrap_or_default();
    let quota = match rules.quota {
        0 => "none".into(),
        quota => say!(format_value(Key::Quota, i64::from(quota) * 1000), " jobs/s"),
    };
    s.row("producer quota", quota, "/config/clients");
    if me.bucket.throttled > 0 {
        s.row("writes that had to wait", words::count(u64::from(me.bucket.throttled)), "throttle-time");
        s.row("the latest waits until", until(sim, me.bucket.until), "");
    }
    s.row("ACLs", if rules.acl { "all applications but one may write" } else { "none" }.into(), "/kafka-acl");
    let word = format_value(Key::Acl, sim.scenario().params.get(Key::Acl));
    s.row("authorizer", word, "authorizer.class.name");
    s.open("Attempts that failed here");
    for (reason, n) in crate::client::REASONS.iter().map(|(r, ..)| *r).zip(me.failures).filter(|(_, n)| *n > 0) {
        s.noted(reason.name(), words::count(u64::from(n)), "Errors", reason.plain());
    }
}
