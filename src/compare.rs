//! Two pictures of one instant, side by side: what differs, node by node, state by state, milestone by milestone.
use crate::ledger::FATES;
use crate::metrics::{MILESTONES, Milestone};
use crate::params::{KEYS, Key, MILLION, Params, format_value};
use crate::scenario::{Command, Node};
use crate::view::{BrokerPhase, BrokerView, Micros, PeerPhase, PeerView, View};
use crate::words::{self, say};

/// A node that is not the same in both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The node.
    pub node: Node,
    /// What it is in the first picture.
    pub here: String,
    /// … and in the second.
    pub there: String,
}

const NOBODY: &str = "not there";

/// What a host is, in a few words.
pub fn peer_words(view: &View, p: &PeerView) -> String {
    let phase = match p.phase {
        PeerPhase::Planned => return say!("planned"),
        PeerPhase::Booting => return say!("booting"),
        PeerPhase::Off => return say!("off"),
        PeerPhase::Frozen => return say!("frozen"),
        PeerPhase::Looking => return say!("looking"),
        PeerPhase::Following => "follows",
        PeerPhase::Observing => "observes",
        PeerPhase::Leading => "leads",
    };
    let of = p.ensemble.and_then(|i| view.ensembles.get(i)).map(|e| say!(" in ", e.label)).unwrap_or_default();
    let who = match p.leader {
        Some(leader) if p.phase != PeerPhase::Leading => say!(" zk", leader),
        _ => String::new(),
    };
    say!(phase, who, of, if p.serving { "" } else { ", not serving yet" })
}

/// What a broker is, in a few words.
pub fn broker_words(view: &View, b: &BrokerView) -> String {
    let home = match b.ensemble.and_then(|i| view.ensembles.get(i)) {
        Some(e) => say!("obeys ", e.label),
        None => say!("reaches no ensemble"),
    };
    match b.phase {
        BrokerPhase::Off => say!("off"),
        BrokerPhase::Starting => say!("starting"),
        BrokerPhase::Up => {
            let controller = if b.controller.is_some() { ", controller" } else { "" };
            say!(
                home,
                controller,
                ", leads ",
                b.leads,
                ", knows ",
                words::plural(u64::from(b.topics), "topic", "topics")
            )
        }
    }
}

/// Every node that is not the same in both, hosts first.
pub fn nodes(here: &View, there: &View) -> Vec<Difference> {
    let mut out = Vec::new();
    let mut sids: Vec<u8> = here.peers.iter().chain(&there.peers).map(|p| p.sid).collect();
    crate::order::sort_few(&mut sids, |sid| *sid);
    sids.dedup();
    for sid in sids {
        let word = |view: &View| {
            let peer = view.peers.iter().find(|p| p.sid == sid);
            peer.map_or_else(|| NOBODY.to_string(), |p| peer_words(view, p))
        };
        push(&mut out, Node::Peer(sid), word(here), word(there));
    }
    let mut ids: Vec<u8> = here.brokers.iter().chain(&there.brokers).map(|b| b.id).collect();
    crate::order::sort_few(&mut ids, |id| *id);
    ids.dedup();
    for id in ids {
        let word = |view: &View| {
            let broker = view.brokers.iter().find(|b| b.id == id);
            broker.map_or_else(|| NOBODY.to_string(), |b| broker_words(view, b))
        };
        push(&mut out, Node::Broker(id), word(here), word(there));
    }
    out
}

fn push(out: &mut Vec<Difference>, node: Node, here: String, there: String) {
    if here != there {
        out.push(Difference { node, here, there });
    }
}

/// One number in both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    /// What is counted: a state of the ledger, or a metric.
    pub name: &'static str,
    /// In the first.
    pub here: u64,
    /// In the second.
    pub there: u64,
}

/// The ledgers, state by state, after the number produced.
pub fn ledgers(here: &View, there: &View) -> Vec<Pair> {
    let produced = Pair { name: "produced", here: here.ledger.produced(), there: there.ledger.produced() };
    let fate = |(fate, name): &(crate::ledger::Fate, &'static str)| Pair {
        name,
        here: here.ledger.count(*fate),
        there: there.ledger.count(*fate),
    };
    std::iter::once(produced).chain(FATES.iter().map(fate)).collect()
}

/// When something happened in either run, if it did, µs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    /// What.
    pub milestone: Milestone,
    /// In the first.
    pub here: Option<Micros>,
    /// In the second.
    pub there: Option<Micros>,
}

/// The milestones that are known of either run.
pub fn milestones(here: &[(Milestone, Micros)], there: &[(Milestone, Micros)]) -> Vec<Times> {
    let at = |known: &[(Milestone, Micros)], m| known.iter().find(|(k, _)| *k == m).map(|(_, at)| *at);
    let times = MILESTONES.iter().map(|(m, _)| Times { milestone: *m, here: at(here, *m), there: at(there, *m) });
    times.filter(|t| t.here.is_some() || t.there.is_some()).collect()
}

/// The parameters in which two runs differ, as `join rate 480 → 24 hosts/min`.
pub fn values(here: &Params, there: &Params) -> Vec<String> {
    let changed = |key: &&Key| here.get(**key) != there.get(**key);
    let text = |key: &Key| {
        let p = key.param();
        let [from, to] = [here, there].map(|params| format_value(*key, params.get(*key)));
        say!(p.label, " ", from, " → ", to, if p.unit.is_empty() { "" } else { " " }, p.unit)
    };
    KEYS.iter().filter(changed).map(text).collect()
}

/// What somebody did, in a few words.
pub fn command_words(command: Command) -> String {
    let link = |l: crate::scenario::Link| say!(l.from.name(), if l.both { " and " } else { " to " }, l.to.name());
    match command {
        Command::Stop(n) => say!("stop ", n.name()),
        Command::Start(n) => say!("start ", n.name()),
        Command::Freeze(n) => say!("freeze ", n.name()),
        Command::Thaw(n) => say!("thaw ", n.name()),
        Command::MoveBroker(b) => say!("move broker ", b, " to the new hosts"),
        Command::ReturnBroker(b) => say!("bring broker ", b, " back"),
        Command::KillSecondCluster => say!("stop the second cluster"),
        Command::StartDrain => say!("open the drain"),
        Command::StopDrain => say!("close the drain"),
        Command::CutLink(l) => say!("cut the link ", link(l)),
        Command::MendLink(l) => say!("mend the link ", link(l)),
        Command::Isolate(n) => say!("isolate ", n.name()),
        Command::Rejoin(n) => say!("reconnect ", n.name()),
        Command::AddNodes(n) => say!("add ", words::plural(u64::from(n), "host", "hosts")),
        Command::FinishRollout => say!("finish the roll-out"),
        Command::CrashConsumer(c) => say!("crash consumer ", c + 1),
        Command::Set(key, value) => say!("set ", key.param().label, " to ", format_value(key, value)),
    }
}

/// What people did in either run only, with the time.
pub fn actions(here: &[(Micros, Command)], there: &[(Micros, Command)]) -> [Vec<String>; 2] {
    let only = |mine: &[(Micros, Command)], others: &[(Micros, Command)]| {
        let mine = mine.iter().filter(|did| !others.contains(did));
        mine.map(|(at, command)| say!(words::clock(*at), " ", command_words(*command))).collect()
    };
    [only(here, there), only(there, here)]
}

/// Another value of a parameter that is worth a look beside this one: its default, or one well away from it.
pub fn alternative(key: Key, value: i64) -> i64 {
    use crate::params::Kind;
    let p = key.param();
    if key == Key::JoinRate && value > p.min {
        return (value / 20).max(p.min); // a rate at which each host joins before the next one boots
    }
    match p.kind {
        _ if value != p.default && (p.min..=p.max).contains(&p.default) => p.default,
        Kind::Flag => 1 - value,
        Kind::Choice(words) => (value + 1) % words.len() as i64,
        Kind::Sids => value,
        Kind::Integer if value < p.min => p.min,
        Kind::Integer | Kind::Decimal => {
            let (less, more) = ((value / 4).max(p.min), value.saturating_mul(4).clamp(p.min, p.max));
            match () {
                () if less != value => less,
                () if more != value => more,
                () if p.kind == Kind::Integer => p.min + (p.max - p.min + 3) / 4,
                () => p.min + ((p.max - p.min) / 4).max(MILLION) / MILLION * MILLION,
            }
        }
    }
}
