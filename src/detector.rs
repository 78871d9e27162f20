//! What the cluster's monitoring sees and when it raises the alarm: rules that people really use, looked at every 15 s.
//!
//! The monitoring asks every host and every broker over a network of its own, and sums over all of them: it is told of one
//! cluster, as everybody is. It is an observer: no node ever hears of it. [simplified]
use crate::ensemble::Power;
use crate::metrics::Milestone;
use crate::sim::Simulation;
use crate::view::Micros;

/// Between two looks. [source: Prometheus' own prometheus.yml, scrape_interval and evaluation_interval]
pub const SCRAPE: Micros = 15_000_000;
/// The window of error rates, in looks: a minute. [source: CloudWatch's recommended alarms, period]
pub const WINDOW: usize = 4;
/// Producer errors from which an alarm rises, in percent. [source: CloudWatch's recommended alarms for client errors, 0.05]
pub const ERRORS_PERCENT: u64 = 5;
/// How long a host may take to serve, or a broker to come back, before somebody is called. [source: Lenses' alert 1000]
pub const PATIENCE: Micros = 60_000_000;
/// Rules there are.
pub const COUNT: usize = 10;

/// One rule: what it looks at, and when it calls somebody.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// The metric or question, by its real name.
    pub metric: &'static str,
    /// When it fires, as people say it.
    pub says: &'static str,
    /// Who recommends it.
    pub source: &'static str,
    /// How long the condition must last, µs.
    pub hold: Micros,
}

const fn rule(metric: &'static str, says: &'static str, source: &'static str, hold: Micros) -> Rule {
    Rule { metric, says, source, hold }
}

/// Every rule.
#[rustfmt::skip]
pub const RULES: [Rule; COUNT] = [
    rule("sum(zk_server_leader) > 1", "more than one host answers that it leads",
        "mntr on every host; awesome-prometheus-alerts, Zookeeper too many leaders", 0),
    rule("sum(zk_server_leader) == 0", "no host answers that it leads",
        "mntr on every host; awesome-prometheus-alerts, Zookeeper missing leader", 0),
    rule("zk_up, zk_server_state", "a host does not answer, or serves nobody, for a minute",
        "srvr on every host; awesome-prometheus-alerts, Zookeeper down; the minute is ours", PATIENCE),
    rule("sum(ActiveControllerCount) != 1", "the brokers together count another number of controllers than one",
        "Confluent, Monitoring Kafka: alert if the sum is anything other than 1", 0),
    rule("up{job=\"kafka\"} == 0", "a broker is down for a minute", "Lenses, alert 1000", PATIENCE),
    rule("UnderReplicatedPartitions > 0", "a partition lacks an in-sync replica",
        "Confluent, Monitoring Kafka: alert if greater than 0", 0),
    rule("UnderMinIsrPartitionCount > 0", "a partition has fewer in-sync replicas than min.insync.replicas",
        "Confluent, Monitoring Kafka: alert if greater than 0", 0),
    rule("record-error-rate", "five percent of the writes fail, over a minute",
        "CloudWatch, recommended alarms: client errors above 0.05", 0),
    rule("dead-letter queue depth > 0", "a dead letter waits",
        "Amazon SQS, dead-letter queues: alarm on ApproximateNumberOfMessagesVisible", 0),
    rule("dead-letter queue depth grows", "more dead letters wait at each look, for a minute",
        "Amazon SQS, dead-letter queues; the window is ours", PATIENCE),
];

/// What the first three rules ask in KRaft mode.
const KRAFT: [&str; 3] =
    ["sum(current-state == leader) > 1", "sum(current-state == leader) == 0", "raft-metrics current-state"];

impl Rule {
    /// The metric's name in this run.
    pub fn metric_in(place: usize, kraft: bool) -> &'static str {
        let name = RULES.get(place).map_or("", |rule| rule.metric);
        if kraft { KRAFT.get(place).copied().unwrap_or(name) } else { name }
    }
}

/// Where the rules stand in [`RULES`].
const ERRORS: usize = 7;
const GROWS: usize = 9;

/// One rule in one run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Alarm {
    /// Its condition holds since this look.
    since: Option<Micros>,
    /// It rings now.
    pub firing: bool,
    /// When it first rang.
    pub fired: Option<Micros>,
    /// When it first rang while there were two leaders or two controllers.
    pub fired_in_split: Option<Micros>,
    /// When it last fell silent.
    pub cleared: Option<Micros>,
    /// How often it rang.
    pub times: u32,
}

/// What one look finds.
#[derive(Clone, Copy, Debug, Default)]
pub struct Seen {
    /// Conditions that hold, by rule.
    holds: [bool; COUNT],
    /// Deliveries that ended, and those of them that failed, since the beginning.
    writes: (u64, u64),
    depth: u64,
}

/// The monitoring: every rule, and what the last looks found.
#[derive(Clone, Debug, Default)]
pub struct Detector {
    alarms: [Alarm; COUNT],
    writes: [(u64, u64); WINDOW],
    depth: u64,
    /// When there was again exactly one leader and one controller.
    pub(crate) mended: Micros,
}

/// Looks at everything.
pub fn look(sim: &Simulation) -> Seen {
    let metrics = sim.metrics_raw();
    let depth = sim.dead_letters();
    let peers = || sim.peers().iter().filter(|p| p.is_up());
    let nodes = || sim.quorum().iter().filter(|n| n.is_up());
    let leaders = peers().filter(|p| p.serves_as_leader()).count() + nodes().filter(|n| n.leads().is_some()).count();
    let brokers = || sim.brokers().iter().skip(1);
    let running = || brokers().filter(|b| b.is_up());
    let controllers = match sim.quorum().is_empty() {
        true => running().filter(|b| b.controller.is_some()).count(),
        false => leaders,
    };
    let (mut under, mut below) = (false, false);
    for broker in running() {
        let Some(metadata) = &broker.metadata else { continue };
        for ((assignment, state), replica) in metadata.jobs.iter().zip(&broker.replicas) {
            let leads = replica.leader == broker.id;
            under |= leads && assignment.set() & !state.isr != 0;
            below |= leads && state.isr.count_ones() < broker.settings.min_insync;
        }
    }
    let holds = [
        leaders > 1,
        leaders == 0,
        idle_host(sim),
        controllers != 1,
        brokers().any(|b| !b.is_up()),
        under,
        below,
        false, // the last two depend on earlier looks
        depth > 0,
        false,
    ];
    Seen { holds, writes: (metrics.acknowledged + metrics.failed, metrics.failed), depth }
}

/// A host of the inventory does not answer, or answers that it serves nobody.
fn idle_host(sim: &Simulation) -> bool {
    let retired = sim.retired();
    let listed = |power: Power, ix: u8| power != Power::Planned && retired >> ix & 1 == 0;
    sim.peers().iter().any(|p| listed(p.power, p.ix) && !p.serves())
        || sim.quorum().iter().any(|n| listed(n.power, n.ix) && (!n.is_up() || !n.synced && n.leads().is_none()))
}

impl Detector {
    /// Every rule's state, in the order of [`RULES`].
    pub fn alarms(&self) -> &[Alarm; COUNT] {
        &self.alarms
    }

    /// A look. True: an alarm began to ring while there were two leaders or two controllers.
    pub(crate) fn scrape(&mut self, now: Micros, mut seen: Seen, split: bool) -> bool {
        let (all, failed) = (seen.writes.0 - self.writes[0].0, seen.writes.1 - self.writes[0].1);
        seen.holds[ERRORS] = failed > 0 && failed * 100 >= all * ERRORS_PERCENT;
        seen.holds[GROWS] = seen.depth > self.depth;
        self.writes.rotate_left(1);
        self.writes[WINDOW - 1] = seen.writes;
        self.depth = seen.depth;
        let mut rang = false;
        for ((alarm, rule), holds) in self.alarms.iter_mut().zip(&HOLDS).zip(seen.holds) {
            rang |= alarm.update(now, holds, *rule, split);
        }
        rang && split
    }
}

/// How long each condition must last, in the order of [`RULES`]: the page carries these, not the texts.
const HOLDS: [Micros; COUNT] = {
    let mut holds = [0; COUNT];
    let mut i = 0;
    while i < COUNT {
        holds[i] = RULES[i].hold;
        i += 1;
    }
    holds
};

impl Alarm {
    /// True: it begins to ring.
    fn update(&mut self, now: Micros, holds: bool, hold: Micros, split: bool) -> bool {
        if !holds {
            self.since = None;
            if std::mem::take(&mut self.firing) {
                self.cleared = Some(now);
            }
            return false;
        }
        let since = *self.since.get_or_insert(now);
        if self.firing || now - since < hold {
            return false;
        }
        self.firing = true;
        self.times += 1;
        self.fired = self.fired.or(Some(now));
        if split {
            self.fired_in_split = self.fired_in_split.or(Some(now));
        }
        true
    }
}

/// How long it took, all in µs of the run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Times {
    /// When a second leader, or else a second controller, was there.
    pub broke: Option<Micros>,
    /// When the first alarm rang.
    pub detected: Option<Micros>,
    /// When there was one leader and one controller again, the last write had failed and the dead letters were drained.
    pub mitigated: Option<Micros>,
}

impl Times {
    /// Of this run so far.
    pub fn of(sim: &Simulation) -> Times {
        let at = |m: Milestone| sim.milestones().iter().find(|(k, _)| *k == m).map(|(_, at)| *at);
        let broke = at(Milestone::SecondLeader).or(at(Milestone::SecondController));
        let drained = match at(Milestone::FirstDeadLetter) {
            Some(_) if sim.dead_letters() > 0 => None,
            Some(_) => at(Milestone::DlqEmpty),
            None => Some(0),
        };
        let whole = sim.heads() == (1, 1);
        let ended = drained.map(|at| at.max(sim.detector().mended).max(sim.last_failed()));
        Times { broke, detected: at(Milestone::Detected), mitigated: ended.filter(|_| whole && broke.is_some()) }
    }

    /// From the second leader to the first alarm.
    pub fn to_detect(&self) -> Option<Micros> {
        Some(self.detected?.saturating_sub(self.broke?))
    }

    /// From the first alarm until it was over.
    pub fn to_mitigate(&self) -> Option<Micros> {
        Some(self.mitigated?.saturating_sub(self.detected?))
    }
}
