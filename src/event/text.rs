//! The trace: one line per event, `time  actor  event  details  <cause ^circumstance`. Byte-identical natively and in wasm.
use super::{Actor, Event, SyncMode, What, Why};
use crate::ensemble::membership::bits;
use crate::scenario::Node;

/// Appends text and whole numbers to a buffer, without the formatting machinery: traces are written on the hot path.
pub(crate) struct Line<'a>(&'a mut Vec<u8>);

impl Line<'_> {
    #[inline(always)]
    pub(crate) fn text(&mut self, s: &str) -> &mut Self {
        self.0.extend_from_slice(s.as_bytes());
        self
    }

    fn number(&mut self, mut n: u64) -> &mut Self {
        let mut digits = [0u8; 20];
        let mut i = digits.len();
        loop {
            i -= 1;
            digits[i] = b'0' + (n % 10) as u8;
            n /= 10;
            if n == 0 {
                break;
            }
        }
        self.0.extend_from_slice(&digits[i..]);
        self
    }

    /// Microseconds as seconds with six digits.
    fn time(&mut self, micros: u64) -> &mut Self {
        self.number(micros / 1_000_000);
        let mut rest = micros % 1_000_000;
        let mut digits = *b".000000";
        for i in (1..7).rev() {
            digits[i] = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
        self.0.extend_from_slice(&digits);
        self
    }

    fn hex(&mut self, n: u64) -> &mut Self {
        self.text("0x");
        let top = (n.max(1).ilog2() / 4) as i32;
        for i in (0..=top).rev() {
            self.0.push(b"0123456789abcdef"[(n >> (i * 4) & 15) as usize]);
        }
        self
    }

    #[inline(always)]
    pub(crate) fn field(&mut self, name: &str, n: impl Into<u64>) -> &mut Self {
        self.text(name).number(n.into())
    }

    fn node(&mut self, node: Node) -> &mut Self {
        match node {
            Node::Peer(sid) => self.field("zk", sid),
            Node::Broker(id) => self.field("broker", id),
            Node::Producer(i) => self.field("producer", i + 1),
            Node::Consumer(i) => self.field("consumer", i + 1),
        }
    }

    /// A cluster's id: A is the first.
    fn cluster(&mut self, name: &str, cluster: u8) -> &mut Self {
        self.text(name).0.push(b'A' + cluster.min(25));
        self
    }

    fn set(&mut self, name: &str, set: u32) -> &mut Self {
        self.text(name);
        for (i, b) in bits(u64::from(set)).enumerate() {
            self.text(if i == 0 { "" } else { "," }).number(u64::from(b));
        }
        self
    }
}

impl Event {
    /// Writes this event's trace line, without a newline. `sids` names the hosts by index.
    pub fn write_line(&self, sids: &[u8], out: &mut Vec<u8>) {
        let mut line = Line(out);
        line.time(self.at).text(" ");
        match self.actor {
            Actor::Peer(sid) => line.field("zk", sid),
            Actor::Controller(sid) => line.field("controller", sid),
            Actor::Broker(id) => line.field("broker", id),
            Actor::Producer(i) => line.field("producer", i + 1),
            Actor::Consumer(i) => line.field("consumer", i + 1),
            Actor::DeadLetters => line.text("dlq"),
            Actor::Operator => line.text("operator"),
            Actor::Run => line.text("run"),
        };
        line.text(" ");
        self.what.write(sids, &mut line);
        if self.cause != 0 {
            line.field(" <", self.cause);
        }
        if self.also != 0 {
            line.field(" ^", self.also);
        }
    }
}

fn sid_of(sids: &[u8], ix: u8) -> u64 {
    sids.get(usize::from(ix)).copied().map_or(0, u64::from)
}

fn vote(line: &mut Line<'_>, sids: &[u8], v: &crate::ensemble::vote::Vote) {
    match v.leader {
        Some(ix) => line.field(" vote=zk", sid_of(sids, ix)),
        None => line.text(" vote=none"),
    };
    line.field(" peerEpoch=", v.peer_epoch).text(" zxid=").hex(v.zxid);
}

impl What {
    /// The event's name in traces and in the log.
    #[rustfmt::skip]
    pub fn name(&self) -> &'static str {
        match self {
            What::Registered => "registered", What::Booted { .. } => "booted", What::Looking { .. } => "looking",
            What::VoteChanged { .. } => "voteChanged", What::QuorumHeard { .. } => "quorumHeard",
            What::Asked { .. } => "askedAgain", What::Leading { .. } => "leading", What::Following { .. } => "following",
            What::Observing { .. } => "observing", What::EpochProposed { .. } => "epochProposed",
            What::Synced { .. } => "synced", What::Serving { .. } => "serving", What::Joined { .. } => "joined",
            What::GaveUp { .. } => "gaveUp", What::Stopped => "stopped", What::Started => "started",
            What::Frozen => "frozen", What::Thawed => "thawed", What::Wiped => "wiped",
            What::Committed { .. } => "committed", What::SessionOpened { .. } => "sessionOpened",
            What::SessionExpired { .. } => "sessionExpired", What::SessionRefused { .. } => "sessionRefused",
            What::BrokerStopping { .. } => "brokerStopping", What::BrokerRestarting { .. } => "brokerRestarting",
            What::ClusterRefused { .. } => "inconsistentClusterId", What::ClusterChanged { .. } => "clusterChanged",
            What::BrokerRegistered { .. } => "brokerRegistered", What::ControllerElected { .. } => "controllerElected",
            What::ControllerDenied { .. } => "controllerDenied", What::ControllerGone => "controllerGone",
            What::StaleController { .. } => "staleController", What::PartitionMoved { .. } => "partitionMoved",
            What::TopicCreated { .. } => "topicCreated", What::MetadataSent { .. } => "metadataSent",
            What::IsrExpanded { .. } => "isrExpanded", What::IsrShrunk { .. } => "isrShrunk", What::CaughtUp { .. } => "caughtUp",
            What::Produced { .. } => "produced", What::Acknowledged { .. } => "acknowledged",
            What::AttemptFailed { .. } => "attemptFailed", What::Failed { .. } => "failed",
            What::DeadLettered { .. } => "deadLettered", What::Dropped { .. } => "dropped",
            What::CopyRecognised { .. } => "copyRecognised",
            What::Appended { .. } => "appended", What::Processed { .. } => "processed",
            What::HandlerFailed { .. } => "handlerFailed", What::ConsumerCrashed { .. } => "consumerCrashed",
            What::ConsumerRestarted { .. } => "consumerRestarted", What::TurnedAway { .. } => "turnedAway",
            What::Migrated => "migrated",
            What::DuplicateEffect { .. } => "duplicateEffect", What::DuplicateSkipped { .. } => "duplicateSkipped",
            What::Drained { .. } => "drained", What::LostJob { .. } => "lost",
            What::MaintenanceStarted { .. } => "maintenanceStarted", What::MaintenanceEnded => "maintenanceEnded",
            What::HealStarted { .. } => "healStarted", What::HealNotNeeded => "healNotNeeded",
            What::RolloutStarted { .. } => "rolloutStarted", What::StepGivenUp { .. } => "stepGivenUp",
            What::HostsAdded { .. } => "hostsAdded", What::LinkCut { .. } => "linkCut",
            What::LinkMended { .. } => "linkMended",
            What::Isolated { .. } => "isolated", What::Reconnected { .. } => "reconnected", What::ClientReset { .. } => "clientReset",
            What::ConsumersMoved { .. } => "consumersMoved",
            What::HealEnded => "healEnded", What::DrainOpened => "drainOpened", What::DrainClosed => "drainClosed",
            What::Set { .. } => "set", What::Reached { .. } => "milestone", What::Raft(what) => what.name(),
        }
    }

    fn write(&self, sids: &[u8], line: &mut Line<'_>) {
        line.text(self.name());
        if !self.write_ensemble(sids, line) && !self.write_kafka(sids, line) {
            self.write_job(sids, line);
        }
    }

    fn write_ensemble(&self, sids: &[u8], line: &mut Line<'_>) -> bool {
        match *self {
            What::Booted { list, .. } => {
                line.text(" list=");
                for (i, ix) in list.iter().enumerate() {
                    line.text(if i == 0 { "" } else { "," }).number(sid_of(sids, ix));
                }
                if matches!(self, What::Booted { observer: true, .. }) {
                    line.text(" observer");
                }
            }
            What::Looking { round, vote: v } => {
                line.field(" round=", round);
                vote(line, sids, &v);
            }
            What::VoteChanged { vote: v, from, round } => {
                line.field(" round=", round);
                vote(line, sids, &v);
                line.field(" from=zk", sid_of(sids, from));
            }
            What::QuorumHeard { vote: v, agree, of } => {
                line.field(" votes=", agree).field("/", of);
                vote(line, sids, &v);
            }
            What::Asked { next_ms } => drop(line.field(" nextMs=", next_ms)),
            What::Leading { round, agree, of } => {
                line.field(" round=", round).field(" votes=", agree).field("/", of);
            }
            What::Following { leader, round } | What::Observing { leader, round } => {
                line.field(" leader=zk", sid_of(sids, leader)).field(" round=", round);
            }
            What::EpochProposed { epoch } => drop(line.field(" epoch=", epoch)),
            What::Synced { leader, mode, zxid } => {
                let word = match mode {
                    SyncMode::Diff => " DIFF",
                    SyncMode::Trunc => " TRUNC",
                    SyncMode::Snap => " SNAP",
                };
                line.field(" leader=zk", sid_of(sids, leader)).text(word).text(" zxid=").hex(zxid);
            }
            What::Serving { epoch, zxid, quorum, of } => {
                line.field(" epoch=", epoch).text(" zxid=").hex(zxid);
                line.field(" synced=", quorum).field("/", of);
            }
            What::Joined { leader, epoch } => {
                line.field(" leader=zk", sid_of(sids, leader)).field(" epoch=", epoch);
            }
            What::GaveUp { why } => drop(line.text(" ").text(why.name())),
            What::Committed { zxid, txn } => drop(line.text(" zxid=").hex(zxid).text(" ").text(txn.name())),
            _ => return false,
        }
        true
    }

    fn write_kafka(&self, sids: &[u8], line: &mut Line<'_>) -> bool {
        match *self {
            What::SessionOpened { session, server } => {
                line.field(" session=", session).field(" server=zk", sid_of(sids, server));
            }
            What::SessionExpired { session, broker } => {
                line.field(" session=", session).field(" broker=", broker);
            }
            What::SessionRefused { server } => drop(line.field(" server=zk", sid_of(sids, server))),
            What::BrokerStopping { clean } => drop(line.text(if clean { " clean" } else { " crash" })),
            What::BrokerRestarting { fresh_ensemble } => {
                line.text(if fresh_ensemble { " connect=newHosts" } else { " connect=oldHosts" });
            }
            What::BrokerRegistered { cluster, server } => {
                line.cluster(" cluster=", cluster).field(" server=zk", sid_of(sids, server));
            }
            What::ClusterRefused { mine, found } => drop(line.cluster(" disk=", mine).cluster(" tree=", found)),
            What::ClusterChanged { from, to } => drop(line.cluster(" from=", from).cluster(" to=", to)),
            What::ControllerElected { epoch } => drop(line.field(" epoch=", epoch)),
            What::ControllerDenied { owner } => drop(line.field(" owner=broker", owner)),
            What::StaleController { epoch, seen } => drop(line.field(" epoch=", epoch).field(" seen=", seen)),
            What::PartitionMoved { partition, leader, epoch, isr } => {
                line.field(" partition=", partition).field(" leader=", leader);
                line.field(" leaderEpoch=", epoch).set(" isr=", isr);
            }
            What::TopicCreated { partitions } => drop(line.field(" partitions=", partitions)),
            What::MetadataSent { epoch, brokers } => {
                line.field(" controllerEpoch=", epoch).set(" brokers=", brokers);
            }
            What::IsrExpanded { partition, isr } | What::IsrShrunk { partition, isr } => {
                line.field(" partition=", partition).set(" isr=", isr);
            }
            What::CaughtUp { partition, from, to } => {
                line.field(" partition=", partition).field(" from=", from).field(" to=", to);
            }
            _ => return false,
        }
        true
    }

    fn write_job(&self, sids: &[u8], line: &mut Line<'_>) {
        match *self {
            What::Produced { job, bootstrap, partition } => {
                line.field(" job=", job).field(" bootstrap=", bootstrap).field(" partition=", partition);
            }
            What::Acknowledged { job, by, attempt } => {
                line.field(" job=", job).field(" by=", by).field(" attempt=", attempt);
            }
            What::AttemptFailed { job, by, attempt, reason } => {
                line.field(" job=", job).field(" by=", by).field(" attempt=", attempt);
                line.text(" ").text(reason.name());
            }
            What::Failed { job, reason } => drop(line.field(" job=", job).text(" ").text(reason.name())),
            What::DeadLettered { job, depth } => drop(line.field(" job=", job).field(" depth=", depth)),
            What::Appended { job, partition, offset, cluster } => {
                line.field(" job=", job).field(" partition=", partition).field(" offset=", offset);
                line.cluster(" cluster=", cluster);
            }
            What::CopyRecognised { job, partition, offset } => {
                line.field(" job=", job).field(" partition=", partition).field(" offset=", offset);
            }
            What::Processed { job, delay } => drop(line.field(" job=", job).field(" delayUs=", delay)),
            What::HandlerFailed { job, attempt } => drop(line.field(" job=", job).field(" attempt=", attempt)),
            What::ConsumerCrashed { uncommitted } => drop(line.field(" uncommitted=", uncommitted)),
            What::ConsumerRestarted { again } => drop(line.field(" readsAgain=", again)),
            What::TurnedAway { job, full } => {
                line.field(" job=", job).text(if full { " full" } else { " down" });
            }
            What::Dropped { job }
            | What::DuplicateEffect { job }
            | What::DuplicateSkipped { job }
            | What::Drained { job } => drop(line.field(" job=", job)),
            What::LostJob { job, partition } => drop(line.field(" job=", job).field(" partition=", partition)),
            What::MaintenanceStarted { hosts } => drop(line.field(" hosts=", hosts)),
            What::HealStarted { hosts, brokers } => {
                line.field(" hosts=", hosts).field(" brokers=", brokers);
            }
            What::RolloutStarted { hosts } | What::HostsAdded { hosts } => drop(line.field(" hosts=", hosts)),
            What::StepGivenUp { sid } => drop(line.field(" host=zk", sid)),
            What::LinkCut { from, to, both } | What::LinkMended { from, to, both } => {
                line.text(" ").node(from).text(if both { " <> " } else { " > " }).node(to);
            }
            What::Isolated { node } | What::Reconnected { node } => drop(line.text(" ").node(node)),
            What::ClientReset { refused_ms } => drop(line.field(" refusedMs=", refused_ms)),
            What::ConsumersMoved { cluster } => line.text(" cluster=").0.push(b'A' + cluster.min(25)),
            What::Set { key, value } => {
                line.text(" ").text(key.param().key).text("=").text(&crate::params::format_value(key, value));
            }
            What::Reached { milestone } => drop(line.text(" ").text(milestone.name())),
            What::Raft(what) => what.write(sids, line),
            _ => {}
        }
    }
}

impl Why {
    /// The reason in traces.
    pub fn name(self) -> &'static str {
        match self {
            Why::LeaderGone => "leaderGone",
            Why::Silence => "silence",
            Why::NobodyLeads => "nobodyLeads",
            Why::StaleEpoch => "staleEpoch",
            Why::LearnerAhead => "learnerAhead",
            Why::NoQuorum => "noQuorum",
            Why::LostQuorum => "lostQuorum",
            Why::Removed => "removed",
        }
    }
}

/// A 64-bit digest of the trace text, a word at a time. Not cryptographic; the same on every target.
#[derive(Clone, Copy, Debug)]
pub struct Digest(u64);

impl Default for Digest {
    fn default() -> Self {
        Digest(0x9e37_79b9_7f4a_7c15)
    }
}

impl Digest {
    /// Adds one line.
    pub fn line(&mut self, bytes: &[u8]) {
        let mut h = self.0 ^ bytes.len() as u64;
        let mut words = bytes.chunks_exact(8);
        for word in &mut words {
            let mut w = [0u8; 8];
            w.copy_from_slice(word);
            h = mix(h ^ u64::from_le_bytes(w));
        }
        let mut last = [0u8; 8];
        let rest = words.remainder();
        last[..rest.len()].copy_from_slice(rest);
        self.0 = mix(h ^ u64::from_le_bytes(last));
    }

    /// The digest of all lines so far.
    pub fn value(&self) -> u64 {
        mix(self.0)
    }
}

#[inline(always)]
fn mix(h: u64) -> u64 {
    let h = h.wrapping_mul(0xff51_afd7_ed55_8ccd);
    h ^ h >> 32
}
