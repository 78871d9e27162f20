//! What a run is made of: a scenario, its seed, and timed commands. Nothing else enters.
use crate::params::{Issue, Params};

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
}

/// The whole input of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scenario {
    /// A short name, as in a URL.
    pub id: String,
    /// For people.
    pub title: String,
    /// What it shows.
    pub description: String,
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
        Scenario { id, title, description: String::new(), params, plan: None, actions: Vec::new() }
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
                i.field = format!("/params/{}", i.field);
                i
            })),
        }
        if let Some(plan) = &self.plan {
            plan.check(&mut issues);
        }
        for (i, (_, command)) in self.actions.iter().enumerate() {
            if let Some((field, value, message)) = self.fault(*command) {
                issues.push(Issue::new(format!("/actions/{i}/{field}"), value, message));
            }
        }
        if issues.is_empty() { Ok(self) } else { Err(issues) }
    }

    /// What is wrong with a command here: which field, its value, and why. `None`: nothing.
    pub fn fault(&self, command: Command) -> Option<(&'static str, String, String)> {
        let frozen = matches!(command, Command::Freeze(Node::Broker(_)) | Command::Thaw(Node::Broker(_)));
        match command {
            Command::MoveBroker(b) | Command::ReturnBroker(b) => {
                let last = self.params.get(crate::params::Key::Brokers);
                (!self.has(Node::Broker(b))).then(|| ("broker", b.to_string(), format!("must be a broker in 1–{last}")))
            }
            Command::Stop(n) | Command::Start(n) | Command::Freeze(n) | Command::Thaw(n) => {
                let message = match (self.has(n), frozen) {
                    (false, _) => "there is no such host",
                    (true, true) => "only ZooKeeper hosts can be frozen",
                    (true, false) => return None,
                };
                Some(("node", n.name(), message.to_string()))
            }
            Command::KillSecondCluster | Command::StartDrain | Command::StopDrain => None,
        }
    }

    fn has(&self, node: Node) -> bool {
        use crate::params::Key;
        let p = |k| self.params.get(k);
        match (node, &self.plan) {
            (Node::Broker(b), _) => b >= 1 && i64::from(b) <= p(Key::Brokers),
            (Node::Peer(s), Some(plan)) => plan.old.contains(&s) || plan.fresh.iter().any(|f| f.sid == s),
            (Node::Peer(s), None) => s >= 1 && i64::from(s) <= p(Key::OldNodes) + p(Key::NewNodes),
        }
    }
}

impl Node {
    /// `zk4` or `broker10`.
    pub fn name(self) -> String {
        match self {
            Node::Peer(s) => format!("zk{s}"),
            Node::Broker(b) => format!("broker{b}"),
        }
    }

    /// Reads `zk4` (`controller4` with KRaft), `broker10`, or a bare sid.
    pub fn parse(text: &str) -> Option<Node> {
        if let Some(id) = text.strip_prefix("broker") {
            return id.parse().ok().map(Node::Broker);
        }
        text.strip_prefix("zk").or(text.strip_prefix("controller")).unwrap_or(text).parse().ok().map(Node::Peer)
    }
}

impl Plan {
    fn check(&self, issues: &mut Vec<Issue>) {
        let mut hosts = Vec::new();
        let mut note = |field: String, sid: u8, message: &str| issues.push(Issue::new(field, sid.to_string(), message));
        let mut sids: Vec<u8> = Vec::new();
        for (i, &sid) in self.old.iter().enumerate() {
            let field = format!("/plan/old/{i}");
            if sid == 0 {
                note(field, sid, "must be a sid in 1–255");
            } else if hosts.contains(&sid) {
                note(field, sid, "is named twice");
            }
            hosts.push(sid);
        }
        for (i, host) in self.fresh.iter().enumerate() {
            let field = format!("/plan/fresh/{i}/sid");
            if host.sid == 0 {
                note(field, host.sid, "must be a sid in 1–255");
            } else if hosts.contains(&host.sid) {
                note(field, host.sid, "is named twice");
            }
            hosts.push(host.sid);
            let mut listed = Vec::new();
            for (j, &sid) in host.list.iter().enumerate() {
                let field = format!("/plan/fresh/{i}/list/{j}");
                if sid == 0 {
                    note(field, sid, "must be a sid in 1–255");
                } else if listed.contains(&sid) {
                    note(field, sid, "is named twice");
                }
                listed.push(sid);
            }
            if host.list.is_empty() {
                note(format!("/plan/fresh/{i}/list"), host.sid, "needs at least one sid");
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
