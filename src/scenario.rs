//! What a run is made of: a scenario, its seed, and timed commands. Nothing else enters.
use crate::params::{Issue, Key, Params};
use crate::words::say;

/// The role a fresh host is configured with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It votes.
    Participant,
    /// It hears votes and is counted in no majority.
    Observer,
}

/// One fresh host of an explicit plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedHost {
    /// Its server id.
    pub sid: u8,
    /// When its process starts and it goes LOOKING, µs from the beginning of the run.
    pub start: u64,
    /// The server list it is given.
    pub list: Vec<u8>,
    /// Its role.
    pub role: Role,
}

/// An explicit membership change: replaces hosts, rates and policy. It is how recorded runs are replayed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The established ensemble.
    pub old: Vec<u8>,
    /// Its leader.
    pub old_leader: u8,
    /// The hosts that join.
    pub fresh: Vec<PlannedHost>,
}

/// Names a machine that an action acts on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Node {
    /// A ZooKeeper host, by sid.
    Peer(u8),
    /// A broker, by id.
    Broker(u8),
    /// A consumer, from 0.
    Consumer(u8),
    /// An application server with its producers, from 0.
    Producer(u8),
}

/// The way from one machine to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// From here …
    pub from: Node,
    /// … to there.
    pub to: Node,
    /// And back.
    pub both: bool,
}

/// Something a person does to the running cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// Kill the process.
    Stop(Node),
    /// Start it again, with its data.
    Start(Node),
    /// Hang the process (SIGSTOP). ZooKeeper hosts only.
    Freeze(Node),
    /// Let it go on.
    Thaw(Node),
    /// Restart a broker onto the new hosts' ensemble.
    MoveBroker(u8),
    /// Restart a broker onto the old ensemble.
    ReturnBroker(u8),
    /// The recovery `kill`, now.
    KillSecondCluster,
    /// Open the dead-letter drain.
    StartDrain,
    /// Close it.
    StopDrain,
    /// Nothing arrives over this link until it is mended; then what was sent arrives, in order, as TCP sends it again.
    CutLink(Link),
    /// The link works again.
    MendLink(Link),
    /// Cuts every link of this machine, both ways.
    Isolate(Node),
    /// Mends every link of this machine.
    Rejoin(Node),
    /// The maintenance goes on: this many more hosts, by the same policy and at the same rate.
    AddNodes(u8),
    /// The recovery `finishRollout`, now.
    FinishRollout,
    /// A consumer's process dies and starts again: it reads again from its last committed offsets.
    CrashConsumer(u8),
    /// A setting of the clients, the quotas or the network changes while everything runs.
    Set(Key, i64),
}

/// What [`Command::Set`] may change: everything that is not built at the beginning.
pub const SETTABLE: &[Key] = &[
    Key::NetDelayMinMs,
    Key::NetDelayMaxMs,
    Key::NetLoss,
    Key::WriteRate,
    Key::ClientPolicy,
    Key::Retries,
    Key::Backoff,
    Key::BackoffMs,
    Key::BackoffMaxMs,
    Key::AckLoss,
    Key::IdempotentProducer,
    Key::Dlq,
    Key::DlqRate,
    Key::DlqCapacity,
    Key::DlqDrain,
    Key::IdempotentConsumer,
    Key::HandlerFailure,
    Key::Heal,
    Key::Wiped,
];

/// The whole input of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scenario {
    /// A short name, as in a URL.
    pub id: String,
    /// For people.
    pub title: String,
    /// What it shows.
    pub description: String,
    /// The language tag (BCP 47) of its texts; empty for English.
    pub locale: String,
    /// The values.
    pub params: Params,
    /// An explicit membership change, if any.
    pub plan: Option<Plan>,
    /// What people do, when (µs).
    pub actions: Vec<(u64, Command)>,
}

impl Default for Scenario {
    fn default() -> Self {
        Scenario::of(Params::default())
    }
}

impl Scenario {
    /// The incident with these values.
    pub fn of(params: Params) -> Scenario {
        let (id, title) = ("the-incident".to_string(), "The incident".to_string());
        let (description, locale) = (String::new(), String::new());
        Scenario { id, title, description, locale, params, plan: None, actions: Vec::new() }
    }

    /// A preset by its id.
    pub fn preset(id: &str) -> Option<Scenario> {
        crate::presets::find(id).map(crate::presets::Preset::scenario)
    }

    /// Checks everything that the types do not: contradictions, the plan's sids, the actions' targets.
    /// Returns the scenario with its effective parameters. Errors: every issue found, with its JSON pointer.
    pub fn check(mut self) -> Result<Scenario, Vec<Issue>> {
        let mut issues = Vec::new();
        match self.params.effective() {
            Ok(p) => self.params = p,
            Err(found) => issues.extend(found.into_iter().map(|mut i| {
                i.field = say!("/params/", i.field);
                i
            })),
        }
        if let Some(plan) = &self.plan {
            plan.check(&mut issues);
        }
        for (i, (_, command)) in self.actions.iter().enumerate() {
            let others = self.hosts() - if let Command::AddNodes(n) = command { usize::from(*n) } else { 0 };
            if let Some((field, value, message)) = self.fault_among(*command, others) {
                issues.push(Issue::new(say!("/actions/", i, "/", field), value, message));
            }
        }
        if issues.is_empty() { Ok(self) } else { Err(issues) }
    }

    /// What is wrong with a command here: which field, its value, and why. `None`: nothing.
    pub fn fault(&self, command: Command) -> Option<(&'static str, String, String)> {
        self.fault_among(command, self.hosts())
    }

    /// The same, with this many hosts there already.
    fn fault_among(&self, command: Command, hosts: usize) -> Option<(&'static str, String, String)> {
        let no_host = |field, n: Node| Some((field, n.name(), "there is no such host".to_string()));
        match command {
            Command::MoveBroker(b) | Command::ReturnBroker(b) => {
                let last = self.params.get(Key::Brokers);
                (!self.has(Node::Broker(b))).then(|| ("broker", b.to_string(), say!("must be a broker in 1–", last)))
            }
            Command::Stop(n) | Command::Start(n) | Command::Freeze(n) | Command::Thaw(n) => {
                let freeze = matches!(command, Command::Freeze(_) | Command::Thaw(_));
                match n {
                    _ if !self.has(n) => no_host("node", n),
                    Node::Peer(_) => None,
                    Node::Broker(_) if !freeze => None,
                    Node::Broker(_) => Some(("node", n.name(), "only ZooKeeper hosts can be frozen".to_string())),
                    _ => Some(("node", n.name(), "only hosts and brokers can be stopped".to_string())),
                }
            }
            Command::CutLink(link) | Command::MendLink(link) => match link {
                Link { from, .. } if !self.has(from) => no_host("from", from),
                Link { to, .. } if !self.has(to) => no_host("to", to),
                Link { from, to, .. } if from == to => Some(("to", to.name(), "must be another host".to_string())),
                _ => None,
            },
            Command::Isolate(n) | Command::Rejoin(n) if !self.has(n) => no_host("node", n),
            Command::CrashConsumer(c) if !self.has(Node::Consumer(c)) => no_host("node", Node::Consumer(c)),
            Command::AddNodes(count) => {
                let room = crate::limits::MAX_HOSTS.saturating_sub(hosts);
                let message = || ["must be in 1–", &room.to_string(), ": a run has at most 59 hosts"].concat();
                (count == 0 || usize::from(count) > room).then(|| ("count", count.to_string(), message()))
            }
            Command::Set(key, value) => {
                let mut params = self.params.clone();
                match params.set(key, value) {
                    _ if !SETTABLE.contains(&key) => {
                        Some(("key", key.param().key.to_string(), "cannot change during a run".to_string()))
                    }
                    Err(issue) => Some(("value", issue.value, issue.message)),
                    Ok(()) => None,
                }
            }
            _ => None,
        }
    }

    /// Hosts there are or will be, without those that only a list names.
    fn hosts(&self) -> usize {
        let p = |k| self.params.get(k) as usize;
        let planned = |plan: &Plan| plan.old.len() + plan.fresh.len();
        let added = self.actions.iter().map(|(_, c)| if let Command::AddNodes(n) = c { usize::from(*n) } else { 0 });
        self.plan.as_ref().map_or(p(Key::OldNodes) + p(Key::NewNodes), planned) + added.sum::<usize>()
    }

    /// Is there such a node, now or later?
    pub fn has(&self, node: Node) -> bool {
        let named = |s: u8, plan: &Plan| plan.old.contains(&s) || plan.fresh.iter().any(|f| f.sid == s);
        match node {
            Node::Broker(b) => b >= 1 && i64::from(b) <= self.params.get(Key::Brokers),
            Node::Consumer(c) => c < crate::limits::CONSUMERS,
            Node::Producer(p) => p < crate::limits::PRODUCERS,
            Node::Peer(s) => match &self.plan {
                Some(plan) => named(s, plan),
                None => s >= 1 && usize::from(s) <= self.hosts(),
            },
        }
    }
}

impl Node {
    /// `zk4`, `broker10`, `consumer1` or `producer1`.
    pub fn name(self) -> String {
        let (kind, number) = match self {
            Node::Peer(s) => ("zk", s),
            Node::Broker(b) => ("broker", b),
            Node::Consumer(c) => ("consumer", c.saturating_add(1)),
            Node::Producer(p) => ("producer", p.saturating_add(1)),
        };
        [kind, &number.to_string()].concat()
    }

    /// Reads a name (`controller4` is `zk4`), or a bare sid.
    pub fn parse(text: &str) -> Option<Node> {
        let of = |kind: &str| text.strip_prefix(kind).map(str::parse::<u8>);
        let counted = |id: Result<u8, _>| id.ok()?.checked_sub(1);
        if let Some(id) = of("broker") {
            return id.ok().map(Node::Broker);
        }
        if let Some(id) = of("consumer") {
            return counted(id).map(Node::Consumer);
        }
        if let Some(id) = of("producer") {
            return counted(id).map(Node::Producer);
        }
        of("zk").or(of("controller")).unwrap_or_else(|| text.parse()).ok().map(Node::Peer)
    }
}

impl Plan {
    fn check(&self, issues: &mut Vec<Issue>) {
        let mut hosts = Vec::new();
        let mut note = |field: String, sid: u8, message: &str| issues.push(Issue::new(field, sid.to_string(), message));
        let mut sids: Vec<u8> = Vec::new();
        for (i, &sid) in self.old.iter().enumerate() {
            let field = say!("/plan/old/", i);
            if sid == 0 {
                note(field, sid, "must be a sid in 1–255");
            } else if hosts.contains(&sid) {
                note(field, sid, "is named twice");
            }
            hosts.push(sid);
        }
        for (i, host) in self.fresh.iter().enumerate() {
            let field = say!("/plan/fresh/", i, "/sid");
            if host.sid == 0 {
                note(field, host.sid, "must be a sid in 1–255");
            } else if hosts.contains(&host.sid) {
                note(field, host.sid, "is named twice");
            }
            hosts.push(host.sid);
            let mut listed = Vec::new();
            for (j, &sid) in host.list.iter().enumerate() {
                let field = say!("/plan/fresh/", i, "/list/", j);
                if sid == 0 {
                    note(field, sid, "must be a sid in 1–255");
                } else if listed.contains(&sid) {
                    note(field, sid, "is named twice");
                }
                listed.push(sid);
            }
            if host.list.is_empty() {
                note(say!("/plan/fresh/", i, "/list"), host.sid, "needs at least one sid");
            }
            sids.extend(listed);
        }
        if self.old.is_empty() {
            note("/plan/old".to_string(), 0, "needs at least one sid");
        } else if !self.old.contains(&self.old_leader) {
            note("/plan/oldLeader".to_string(), self.old_leader, "must be one of plan.old");
        }
        if hosts.len() > crate::limits::MAX_HOSTS {
            issues.push(Issue::new("/plan", hosts.len().to_string(), "at most 59 hosts"));
        }
        sids.extend(hosts);
        crate::order::sort_few(&mut sids, |sid| *sid);
        sids.dedup();
        if sids.len() > crate::limits::MAX_SIDS {
            issues.push(Issue::new("/plan", sids.len().to_string(), "at most 64 different sids in all lists"));
        }
    }
}
