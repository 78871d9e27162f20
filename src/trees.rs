//! The znode trees side by side: every path, and its value in each server's own copy. What two leaders say of the same path
//! is in one row, so that a difference is seen.
use crate::ensemble::znode::Znodes;
use crate::kafka::access::Rules;
use crate::kafka::metadata::{Assignment, PartitionState};
use crate::params::{Key, format_value};
use crate::sim::Simulation;
use crate::words::{hex, number, ranges, say};

/// What a path is for: the four duties that ZooKeeper has for Kafka, and its own list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Duty {
    /// Who is the controller.
    Controller,
    /// Which brokers are members.
    Membership,
    /// Topics, their leaders and in-sync replicas.
    Topics,
    /// Quotas and permissions.
    Access,
    /// The ensemble's own list of servers.
    Ensemble,
}

/// The duties in order, with their names.
pub const DUTIES: &[(Duty, &str)] = &[
    (Duty::Controller, "Controller"),
    (Duty::Membership, "Membership"),
    (Duty::Topics, "Topics, leaders and ISRs"),
    (Duty::Access, "Quotas and ACLs"),
    (Duty::Ensemble, "Ensemble"),
];

/// One copy: a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copy {
    /// The host that holds it, by sid.
    pub sid: u8,
    /// The letter of the ensemble that it leads, if it does.
    pub leads: Option<char>,
    /// Does it answer brokers from this copy now?
    pub serving: bool,
    /// The last transaction in it: a zxid, or an offset of the metadata log.
    pub applied: u64,
}

/// One path: a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// The path, or with KRaft the record.
    pub path: String,
    /// What it is for.
    pub duty: Duty,
    /// Its value in each copy, in the order of [`Trees::copies`]. `None`: there is no such node.
    pub values: Vec<Option<String>>,
    /// The copies do not all say the same.
    pub differs: bool,
}

/// Several copies beside each other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trees {
    /// The columns.
    pub copies: Vec<Copy>,
    /// The rows: by duty, then in the order of the first copy that has them.
    pub rows: Vec<Path>,
}

type Values = Vec<(Duty, String, String)>;

/// The trees of all leaders, and of `also` if that is another host.
pub fn trees(sim: &Simulation, also: Option<u8>) -> Trees {
    let view = sim.view();
    let leaders = view.ensembles.iter().filter(|e| e.leader != 0).map(|e| (e.leader, Some(e.label)));
    let mut columns: Vec<(u8, Option<char>)> = leaders.collect();
    if let Some(sid) = also.filter(|sid| !columns.iter().any(|(leader, _)| leader == sid)) {
        columns.push((sid, None));
    }
    let mut copies = Vec::new();
    let mut contents: Vec<Values> = Vec::new();
    for (sid, leads) in columns {
        let Some((applied, values)) = content(sim, sid) else { continue };
        let serving = view.peers.iter().any(|p| p.sid == sid && p.serving);
        copies.push(Copy { sid, leads, serving, applied });
        contents.push(values);
    }
    let rows = align(&contents);
    Trees { copies, rows }
}

/// One row per path, with a value for each copy.
fn align(contents: &[Values]) -> Vec<Path> {
    let mut rows: Vec<Path> = Vec::new();
    for (column, values) in contents.iter().enumerate() {
        for (duty, path, value) in values {
            let at = rows.iter().position(|row| row.path == *path).unwrap_or_else(|| {
                let values = vec![None; contents.len()];
                rows.push(Path { path: path.clone(), duty: *duty, values, differs: false });
                rows.len() - 1
            });
            rows[at].values[column] = Some(value.clone());
        }
    }
    for row in &mut rows {
        row.differs = row.values.iter().any(|value| value != &row.values[0]);
    }
    let place = |row: &Path| DUTIES.iter().position(|(duty, _)| *duty == row.duty);
    crate::order::sort_few(&mut rows, |row| (place(row), natural(&row.path)));
    rows
}

/// Orders `/brokers/ids/2` before `/brokers/ids/10`.
fn natural(path: &str) -> (String, u32) {
    let mut head = String::new();
    let mut n = 0_u32;
    for c in path.chars() {
        match c.to_digit(10) {
            Some(digit) => n = n.saturating_mul(10).saturating_add(digit),
            None => head.push(c),
        }
    }
    (head, n)
}

fn content(sim: &Simulation, sid: u8) -> Option<(u64, Values)> {
    let min = sim.scenario().params.get(Key::MinInsync);
    if let Some(peer) = sim.peers().iter().find(|p| p.sid == sid) {
        return Some((peer.applied, tree(sim, &peer.tree, min)));
    }
    let node = sim.quorum().iter().find(|n| n.sid == sid)?;
    let mut out = Values::new();
    let epoch = say!("epoch ", node.epoch);
    if let Some(leader) = node.leader.and_then(|ix| sim.sids().get(usize::from(ix))) {
        put(&mut out, Duty::Controller, "active controller", say!("controller ", *leader, ", ", epoch));
    }
    for id in crate::kafka::metadata::brokers(node.image.registered) {
        let word = if node.image.live >> id & 1 == 1 { "may serve" } else { "fenced" };
        put(&mut out, Duty::Membership, &say!("BrokerRegistration ", id), word.into());
    }
    jobs(&mut out, &node.image.jobs, min, ("TopicRecord jobs", "PartitionRecord jobs-", "", "ConfigRecord jobs"));
    rules(&mut out, node.image.rules, ("ClientQuotaRecord", "AccessControlEntryRecord"));
    let voters = node.voters().iter().filter_map(|ix| sim.sids().get(usize::from(ix)).copied()).collect::<Vec<u8>>();
    put(&mut out, Duty::Ensemble, "VotersRecord", ranges(&voters));
    Some((u64::from(node.hw), out))
}

fn put(out: &mut Values, duty: Duty, path: &str, value: String) {
    out.push((duty, path.into(), value));
}

fn tree(sim: &Simulation, tree: &Znodes, min: i64) -> Values {
    let mut out = Values::new();
    let session = |id: u32| say!(", session 0x", hex(u64::from(id)));
    if let Some((broker, owner)) = tree.controller {
        put(&mut out, Duty::Controller, "/controller", say!("broker ", broker, session(owner)));
    }
    if tree.controller_epoch > 0 {
        put(&mut out, Duty::Controller, "/controller_epoch", number(u64::from(tree.controller_epoch)));
    }
    if let Some(cluster) = tree.cluster {
        put(&mut out, Duty::Membership, "/cluster/id", String::from((b'A' + cluster.min(25)) as char));
    }
    for (broker, owner) in &tree.ids {
        put(&mut out, Duty::Membership, &say!("/brokers/ids/", *broker), say!("ephemeral", session(*owner)));
    }
    let paths = ("/brokers/topics/jobs", "/brokers/topics/jobs/partitions/", "/state", "/config/topics/jobs");
    jobs(&mut out, &tree.jobs, min, paths);
    rules(&mut out, tree.rules, ("/config/clients", "/kafka-acl"));
    if tree.config != 0 {
        let list = crate::ensemble::membership::bits(tree.config);
        let sids: Vec<u8> = list.filter_map(|ix| sim.sids().get(usize::from(ix)).copied()).collect();
        put(&mut out, Duty::Ensemble, "/zookeeper/config", ranges(&sids));
    }
    out
}

type JobPaths = (&'static str, &'static str, &'static str, &'static str);

/// The topic with its partitions, and its configuration.
fn jobs(out: &mut Values, jobs: &[(Assignment, PartitionState)], min: i64, (topic, before, after, config): JobPaths) {
    if jobs.is_empty() {
        return;
    }
    put(out, Duty::Topics, topic, say!("partitions ", jobs.len()));
    put(out, Duty::Topics, config, say!("min.insync.replicas ", min));
    for (p, (assignment, state)) in jobs.iter().enumerate() {
        let isr: Vec<u8> = crate::kafka::metadata::brokers(state.isr).collect();
        let leader = if state.leader == 0 { "−1".to_string() } else { number(u64::from(state.leader)) };
        let mut replicas = assignment.0.to_vec();
        crate::order::sort_few(&mut replicas, |id| *id);
        let value =
            say!("leader ", leader, ", epoch ", state.leader_epoch, ", ISR ", ranges(&isr), " of ", ranges(&replicas));
        put(out, Duty::Topics, &say!(before, p, after), value);
    }
}

fn rules(out: &mut Values, rules: Rules, (quota, acl): (&str, &str)) {
    if rules.quota > 0 {
        let each = format_value(Key::Quota, i64::from(rules.quota) * 1000);
        put(out, Duty::Access, quota, say!("producers: ", each, " jobs/s per broker"));
    }
    if rules.acl {
        put(out, Duty::Access, acl, "jobs: all applications but one may write".into());
    }
}
