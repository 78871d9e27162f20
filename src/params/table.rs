//! The rows. Order is that of [`super::Key`].
use super::{Group, Kind, MILLION, Param, Source};

/// How many parameters there are.
pub const PARAM_COUNT: usize = super::KEYS.len();

const fn int(key: &'static str, label: &'static str, unit: &'static str, default: i64, min: i64, max: i64) -> Param {
    Param {
        key,
        label,
        unit,
        group: Group::Maintenance,
        kind: Kind::Integer,
        default,
        min,
        max,
        log: false,
        help: "",
        source: Source::Simplified,
    }
}

/// A decimal whose default, minimum and maximum are given in thousandths.
const fn dec(key: &'static str, label: &'static str, unit: &'static str, default: i64, min: i64, max: i64) -> Param {
    let k = MILLION / 1000;
    let p = int(key, label, unit, default * k, min * k, max * k);
    Param { kind: Kind::Decimal, ..p }
}

const fn choice(key: &'static str, label: &'static str, words: &'static [&'static str], default: i64) -> Param {
    let p = int(key, label, "", default, 0, words.len() as i64 - 1);
    Param { kind: Kind::Choice(words), ..p }
}

const fn sids(key: &'static str, label: &'static str) -> Param {
    let p = int(key, label, "sids", 0, 0, 0b1_1111_1111);
    Param { kind: Kind::Sids, ..p }
}

const fn flag(key: &'static str, label: &'static str, default: i64) -> Param {
    let p = int(key, label, "", default, 0, 1);
    Param { kind: Kind::Flag, ..p }
}

impl Param {
    const fn of(self, group: Group, source: Source, help: &'static str) -> Param {
        Param { group, source, help: told(help), ..self }
    }
    const fn log(self) -> Param {
        Param { log: true, ..self }
    }
}

/// A text that the released page fetches when it is first shown, and does not carry: www/words.json, made from here.
pub const fn told(text: &'static str) -> &'static str {
    if cfg!(feature = "trace") { text } else { "" }
}

use Group::{Clients, Kafka, Maintenance, Recovery, ZooKeeper};
use Source::{Code, Incident, Recorded, Simplified, Talk};

/// Every parameter there is.
#[rustfmt::skip]
pub const PARAMS: &[Param] = &[
    int("oldNodes", "Old hosts", "hosts", 3, 1, 9)
        .of(Maintenance, Simplified, "Members of the ensemble before the maintenance."),
    int("newNodes", "New hosts", "hosts", 8, 0, 50)
        .of(Maintenance, Simplified, "Hosts that the maintenance adds."),
    dec("joinRate", "Join rate", "hosts/min", 480_000, 1_000, 1_200_000).log()
        .of(Maintenance, Incident, "How fast new hosts enter the inventory."),
    dec("joinJitter", "Join jitter", "s", 0, 0, 600_000)
        .of(Maintenance, Talk, "Adds a random delay of up to this long to each host."),
    dec("bootTime", "Boot time", "s", 3_000, 100, 300_000)
        .of(Maintenance, Simplified, "From entering the inventory to the start."),
    choice("listPolicy", "Server list given", &["renderedAtBoot", "finalList", "oneByOne", "observersFirst", "dynamicReconfig"], 0)
        .of(Maintenance, Recorded, "Which server list a new host is given."),
    sids("removed", "Old hosts removed")
        .of(Maintenance, Recorded, "Old hosts that no new list names, as 1,2."),
    int("oldEpoch", "Old epoch", "", 1, 1, 1_000)
        .of(Maintenance, Recorded, "The epoch of the established ensemble. A fresh one starts at 1."),
    int("oldLeader", "Old leader", "", 0, 1, 9)
        .of(Maintenance, Recorded, "The sid that leads first; else the highest."),

    int("tickMs", "tickTime", "ms", 2_000, 100, 10_000).of(ZooKeeper, Code, "ZooKeeper's unit of time."),
    int("initLimit", "initLimit", "ticks", 10, 1, 100)
        .of(ZooKeeper, Code, "A leader's wait for its quorum, a learner's for its sync."),
    int("syncLimit", "syncLimit", "ticks", 5, 1, 100)
        .of(ZooKeeper, Code, "How long a leader or follower bears silence."),
    dec("netDelayMinMs", "Network delay, least", "ms", 500, 0, 5_000_000).of(ZooKeeper, Recorded, "One way."),
    dec("netDelayMaxMs", "Network delay, most", "ms", 4_000, 0, 5_000_000).of(ZooKeeper, Recorded, "One way."),
    dec("netLoss", "Packets lost", "%", 0, 0, 100_000)
        .of(ZooKeeper, Simplified, "TCP sends a lost packet again after 200 ms, then twice that, and so on."),

    choice("mode", "Cluster run by", &["zookeeper", "kraft"], 0)
        .of(Kafka, Code, "kraft: Kafka's own quorum, whose leader adds voters one at a time (3.9). The list policy, ZooKeeper's limits and the recovery do not matter then."),
    int("brokers", "Brokers", "", 10, 1, 30).of(Kafka, Recorded, "Kafka brokers."),
    int("movedBrokers", "Brokers moved", "", 1, 0, 30)
        .of(Kafka, Incident, "Brokers that restart onto the second ensemble once it serves."),
    int("partitions", "Partitions", "", 20, 1, 100).of(Kafka, Recorded, "Partitions of the topic jobs."),
    int("replicationFactor", "Replication factor", "", 3, 1, 30).of(Kafka, Recorded, "Copies of each partition."),
    int("minInsync", "min.insync.replicas", "", 2, 1, 30)
        .of(Kafka, Recorded, "In-sync copies a write with acks=all needs."),
    dec("sessionTimeout", "Session timeout", "s", 18_000, 4_000, 40_000)
        .of(Kafka, Code, "zookeeper.session.timeout.ms of a broker."),
    choice("moveMode", "A broker moves by", &["clean", "crash"], 0)
        .of(Kafka, Simplified, "clean: it hands over first. crash: its session must expire."),
    flag("clusterIdGuard", "Cluster id guard", 0)
        .of(Kafka, Code, "On: a broker stays down in a cluster with another id (Kafka 2.4 and later)."),
    dec("quota", "Producer quota", "jobs/s", 0, 0, 10_000_000).log()
        .of(Kafka, Simplified, "Per broker; 0 = none. Answers above it are delayed. The second tree has no quotas."),
    choice("acl", "ACLs", &["off", "allowIfNone", "deny"], 0)
        .of(Kafka, Talk, "What a broker does where the tree has no ACLs, as the second one has none."),

    dec("writeRate", "Jobs", "jobs/s", 40_000, 100, 10_000_000).log()
        .of(Clients, Simplified, "Jobs enqueued per second, Poisson."),
    choice("clientPolicy", "Clients believe", &["sticky", "strict"], 0)
        .of(Clients, Recorded, "sticky: one broker. strict: two, and only if their cluster ids agree (talk)."),
    dec("clientLifetime", "Client lifetime", "s", 0, 0, 36_000_000).log()
        .of(Clients, Recorded, "0: a client per job, as a web request. Else clients that keep their metadata."),
    dec("metadataMaxAge", "Metadata age", "s", 300_000, 1_000, 600_000)
        .of(Clients, Code, "metadata.max.age.ms of long-lived clients."),
    int("retries", "Retries", "", 3, 0, 10)
        .of(Clients, Talk, "Attempts after the first, before the dead-letter queue."),
    choice("backoff", "Back-off", &["none", "constant", "exponential", "jittered"], 2)
        .of(Clients, Code, "How the wait before a retry grows."),
    int("backoffMs", "First back-off", "ms", 100, 1, 60_000).log().of(Clients, Code, "The wait before the first retry (retry.backoff.ms)."),
    int("backoffMaxMs", "Longest back-off", "ms", 1_000, 1, 60_000).log().of(Clients, Code, "No wait is longer (retry.backoff.max.ms)."),
    dec("ackLoss", "Lost acknowledgements", "%", 200, 0, 20_000)
        .of(Clients, Simplified, "Lost after the commit: the retry writes a second copy."),
    flag("idempotentProducer", "Idempotent producer", 0)
        .of(Clients, Code, "A leader that has a retried write already answers with its first offset."),
    flag("dlq", "Dead-letter queue", 1)
        .of(Clients, Talk, "Where a job waits when all its attempts failed."),
    dec("dlqRate", "Drain rate", "jobs/s", 2_000, 0, 10_000_000).log()
        .of(Clients, Simplified, "Dead letters worked off per second."),
    int("dlqCapacity", "Queue capacity", "jobs", 0, 0, 1_000_000).log()
        .of(Clients, Simplified, "0 = unbounded. What finds it full is dropped."),
    choice("dlqDrain", "Drain", &["during", "after"], 0)
        .of(Clients, Simplified, "While the incident lasts, or only after it."),
    flag("idempotentConsumer", "Idempotent consumer", 1)
        .of(Clients, Talk, "A second copy has no second effect."),
    dec("handlerFailure", "Handler fails", "%", 0, 0, 100_000)
        .of(Clients, Simplified, "Chance that a consumer fails to do a job; it tries again as often as a producer."),
    dec("migrateAt", "Migrate at", "s", 0, 0, 36_000_000).log()
        .of(Clients, Incident, "From then on new jobs bypass Kafka, as GitHub's did. 0 = never."),

    choice("heal", "Recovery", &["none", "kill", "finishRollout", "repoint", "auto"], 1)
        .of(Recovery, Recorded, "kill: stop the second cluster and take its hosts back one by one. finishRollout: restart the old hosts with the new list. repoint: only take the brokers back. auto: the talk's assumption; real ZooKeeper does not heal by itself."),
    dec("healAt", "Recovery at", "s", 60_000, 0, 36_000_000).log()
        .of(Recovery, Simplified, "When people step in."),
    flag("wiped", "Wipe hosts first", 1)
        .of(Recovery, Recorded, "Off: a host comes back with its own log, which is compared by number only."),
    int("seed", "Seed", "", 7, 0, u32::MAX as i64)
        .of(Recovery, Simplified, "Same scenario and seed, same run, to the byte."),
];
const _: () = assert!(PARAMS.len() == PARAM_COUNT);
