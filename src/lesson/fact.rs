//! What can be asked of a run by name: numbers, words and nodes, for conditions, answers and texts.
use crate::export::METRICS;
use crate::ledger::{FATES, Fate};
use crate::maintenance::verdict::Outcome;
use crate::metrics::Milestone;
use crate::params::{KEYS, Key, Kind, MILLION, format_decimal};
use crate::scenario::Node;
use crate::sim::Simulation;
use crate::view::View;
use crate::words::{self, say};

/// A fact's name, understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact {
    /// One of [`METRICS`], by position: `failedShare`.
    Metric(usize),
    /// Leaders that serve: `leaders`.
    Leaders,
    /// Brokers that believe they are the controller: `controllers`.
    Controllers,
    /// How the maintenance went: `outcome`.
    Outcome,
    /// When it happened: `time:secondLeader`.
    Time(Milestone),
    /// How long from the first to the second: `between:secondLeader:secondClusterGone`.
    Between(Milestone, Milestone),
    /// An effective value: `param:joinRate`.
    Param(Key),
    /// Jobs in this state: `ledger:processed`.
    Fate(Fate),
    /// Voting members in the list that this host was given: `list:zk11`.
    List(u8),
    /// The majority of that list: `majority:zk11`.
    Majority(u8),
    /// A machine, by the part it plays: `node:secondLeader`.
    Node(Part),
}

/// A part that a machine plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Leads the ensemble that was there first.
    OldLeader,
    /// Leads the second one, and serves.
    SecondLeader,
    /// Believes it is the controller, in the second cluster.
    SecondController,
    /// The broker at which more attempts failed than at any other.
    WorstBroker,
}

/// Every part and its name.
pub const PARTS: &[(Part, &str)] = &[
    (Part::OldLeader, "oldLeader"),
    (Part::SecondLeader, "secondLeader"),
    (Part::SecondController, "secondController"),
    (Part::WorstBroker, "worstBroker"),
];

/// Every outcome.
pub const OUTCOMES: &[Outcome] =
    &[Outcome::Join, Outcome::Stuck, Outcome::Split, Outcome::Partial, Outcome::Unfinished];

/// What a fact is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    /// Millionths of the public unit.
    Number(i64),
    /// A word.
    Word(&'static str),
    /// A machine.
    Node(Node),
}

/// The unit of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Jobs, hosts, leaders.
    Count,
    /// s
    Seconds,
    /// ms
    Millis,
    /// A share of 1, shown and answered in percent.
    Share,
}

/// What a fact can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Numbers of this unit.
    Number(Unit),
    /// These words.
    Outcomes,
    /// `on`, `off`.
    Flag,
    /// One of these words.
    Words(&'static [&'static str]),
    /// Machines.
    Node,
}

impl Fact {
    /// Finds a fact by its name.
    pub fn find(name: &str) -> Option<Fact> {
        match name {
            "leaders" => return Some(Fact::Leaders),
            "controllers" => return Some(Fact::Controllers),
            "outcome" => return Some(Fact::Outcome),
            _ => {}
        }
        let Some((kind, rest)) = name.split_once(':') else {
            return METRICS.iter().position(|(metric, _)| *metric == name).map(Fact::Metric);
        };
        let host = || match Node::parse(rest) {
            Some(node @ Node::Peer(sid)) if node.name() == rest => Some(sid),
            _ => None,
        };
        match kind {
            "time" => Milestone::find(rest).map(Fact::Time),
            "between" => {
                let (from, to) = rest.split_once(':')?;
                Some(Fact::Between(Milestone::find(from)?, Milestone::find(to)?))
            }
            "param" => {
                let key = KEYS.iter().copied().find(|key| key.param().key == rest);
                key.filter(|key| key.param().kind != Kind::Sids).map(Fact::Param)
            }
            "ledger" => FATES.iter().find(|(_, fate)| *fate == rest).map(|(fate, _)| Fact::Fate(*fate)),
            "list" => host().map(Fact::List),
            "majority" => host().map(Fact::Majority),
            "node" => PARTS.iter().find(|(_, part)| *part == rest).map(|(part, _)| Fact::Node(*part)),
            _ => None,
        }
    }

    /// What it can be.
    pub fn shape(self) -> Shape {
        match self {
            Fact::Metric(i) => Shape::Number(match METRICS.get(i).map_or("", |(name, _)| name) {
                "dlqOldestAge" => Unit::Seconds,
                "failedShare" => Unit::Share,
                "p50Ms" | "p99Ms" => Unit::Millis,
                _ => Unit::Count,
            }),
            Fact::Time(_) | Fact::Between(..) => Shape::Number(Unit::Seconds),
            Fact::Param(key) => match key.param().kind {
                Kind::Flag => Shape::Flag,
                Kind::Choice(words) => Shape::Words(words),
                _ => Shape::Number(Unit::Count),
            },
            Fact::Outcome => Shape::Outcomes,
            Fact::Node(_) => Shape::Node,
            _ => Shape::Number(Unit::Count),
        }
    }

    /// Its value now. `None`: there is none (yet).
    pub fn value(self, sim: &Simulation) -> Option<Value> {
        let when = |m| sim.milestones().iter().find(|(found, _)| *found == m).map(|(_, at)| *at);
        let whole = |n: u64| i64::try_from(n).ok()?.checked_mul(MILLION).map(Value::Number);
        match self {
            Fact::Metric(i) => {
                let read = METRICS.get(i)?.1;
                i64::try_from(read(&sim.metrics())).ok().map(Value::Number)
            }
            Fact::Leaders => whole(u64::from(sim.heads().0)),
            Fact::Controllers => whole(u64::from(sim.heads().1)),
            Fact::Outcome => Some(Value::Word(sim.verdict().outcome.name())),
            Fact::Time(m) => i64::try_from(when(m)?).ok().map(Value::Number),
            Fact::Between(a, b) => i64::try_from(when(b)?.checked_sub(when(a)?)?).ok().map(Value::Number),
            Fact::Param(key) => param(key, sim.scenario().params.get(key)),
            Fact::Fate(fate) => whole(sim.ledger().count(fate)),
            Fact::List(sid) => whole(host(&sim.view(), sid, |p| p.list.len() as u64)?),
            Fact::Majority(sid) => whole(host(&sim.view(), sid, |p| u64::from(p.majority))?),
            Fact::Node(part) => part.node(&sim.view()).map(Value::Node),
        }
    }

    /// A value of it for people: `9.8 %`, `31 s`, `zk11`.
    pub fn text(self, value: Value) -> String {
        let number = match value {
            Value::Word(word) => return word.to_string(),
            Value::Node(node) => return node.name(),
            Value::Number(number) => number,
        };
        let positive = u64::try_from(number).unwrap_or(0);
        match self.shape() {
            Shape::Number(Unit::Share) => words::percent(positive),
            Shape::Number(Unit::Seconds) => words::span(positive),
            Shape::Number(Unit::Millis) => words::span(positive / 1000),
            _ if number % MILLION == 0 => words::count(positive / 1_000_000),
            _ => format_decimal(number),
        }
    }

    /// Its unit, as one writes it behind a number field.
    pub fn unit(self) -> &'static str {
        match self.shape() {
            Shape::Number(Unit::Seconds) => "s",
            Shape::Number(Unit::Millis) => "ms",
            Shape::Number(Unit::Share) => "%",
            _ => "",
        }
    }
}

/// A parameter's value.
fn param(key: Key, value: i64) -> Option<Value> {
    Some(match key.param().kind {
        Kind::Integer => Value::Number(value.checked_mul(MILLION)?),
        Kind::Decimal => Value::Number(value),
        Kind::Flag => Value::Word(if value == 0 { "off" } else { "on" }),
        Kind::Choice(words) => Value::Word(words.get(usize::try_from(value).ok()?)?),
        Kind::Sids => return None,
    })
}

/// Every name of a fact, without those that are about one host (`list:zk4`) or two moments (`between:end:end`).
pub fn names() -> Vec<String> {
    let mut names: Vec<String> = METRICS.iter().map(|(name, _)| name.to_string()).collect();
    names.extend(["leaders", "controllers", "outcome"].map(str::to_string));
    names.extend(crate::metrics::MILESTONES.iter().map(|(_, name)| say!("time:", *name)));
    names.extend(FATES.iter().map(|(_, name)| say!("ledger:", *name)));
    names.extend(PARTS.iter().map(|(_, name)| say!("node:", *name)));
    let keys = KEYS.iter().map(|key| key.param()).filter(|p| p.kind != Kind::Sids);
    names.extend(keys.map(|p| say!("param:", p.key)));
    names
}

fn host(view: &View, sid: u8, read: impl Fn(&crate::view::PeerView) -> u64) -> Option<u64> {
    let peer = view.peers.iter().find(|p| p.sid == sid)?;
    (!peer.list.is_empty()).then(|| read(peer))
}

impl Part {
    /// Who plays it now.
    fn node(self, view: &View) -> Option<Node> {
        match self {
            Part::OldLeader => view.ensembles.first().filter(|e| e.serving).map(|e| Node::Peer(e.leader)),
            Part::SecondLeader => view.ensembles.get(1).filter(|e| e.serving).map(|e| Node::Peer(e.leader)),
            Part::SecondController => {
                let found = view.brokers.iter().find(|b| b.controller.is_some() && b.cluster == Some('B'));
                found.map(|b| Node::Broker(b.id))
            }
            Part::WorstBroker => {
                let failed = |b: &crate::view::BrokerView| b.failures.iter().map(|(_, n)| *n).sum::<u32>();
                let most = view.brokers.iter().map(failed).max().filter(|most| *most > 0)?;
                let mut worst = view.brokers.iter().filter(|b| failed(b) == most);
                let first = worst.next()?;
                worst.next().is_none().then_some(Node::Broker(first.id))
            }
        }
    }
}

/// `text` with everything between braces replaced; what `find` does not know stays.
pub fn fill(text: &str, find: &mut dyn FnMut(&str) -> Option<String>) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, tail)) = after.split_once('}') else {
            out.push('{');
            out.push_str(after);
            return out;
        };
        match find(name) {
            Some(value) => out.push_str(&value),
            None => out.push_str(&say!("{", name, "}")),
        }
        rest = tail;
    }
    out.push_str(rest);
    out
}

/// The names between braces.
pub fn holes(text: &str) -> Vec<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}
