//! What people do in a scenario file: `{"at": 30, "do": "stopNode", "node": "zk2"}` and its kin.
use super::document::{LAST_SECOND, param_value};
use super::json::Json;
use super::outcome::value_json;
use super::reader::{Fields, Reader, pointer, whole};
use crate::limits::MAX_ACTIONS;
use crate::params::{Issue, KEYS, MILLION};
use crate::scenario::{Command, Link, Node};

/// Every action: its name, the fields it needs, and those it may have instead.
pub(super) const ACTIONS: &[(&str, &[&str], &[&str])] = &[
    ("stopNode", &["node"], &[]),
    ("startNode", &["node"], &[]),
    ("freezeNode", &["node"], &[]),
    ("thawNode", &["node"], &[]),
    ("moveBroker", &["broker"], &[]),
    ("returnBroker", &["broker"], &[]),
    ("killSecondCluster", &[], &[]),
    ("finishRollout", &[], &[]),
    ("startDrain", &[], &[]),
    ("stopDrain", &[], &[]),
    ("cutLink", &["from", "to"], &["nodes"]),
    ("mendLink", &["from", "to"], &["nodes", "node"]),
    ("isolate", &["node"], &[]),
    ("addNodes", &["count"], &[]),
    ("crashConsumer", &["node"], &[]),
    ("set", &["key", "value"], &[]),
];

/// An action as it stands in a file; `at` in µs.
pub(super) fn action_json(at: u64, command: Command) -> Json {
    let node = |node: Node| ("node", Json::text(node.name()));
    let broker = |id: u8| ("broker", Json::number(id));
    let link = |link: Link| match link.both {
        true => vec![("nodes", Json::List(vec![Json::text(link.from.name()), Json::text(link.to.name())]))],
        false => vec![("from", Json::text(link.from.name())), ("to", Json::text(link.to.name()))],
    };
    let (word, rest) = match command {
        Command::Stop(n) => ("stopNode", vec![node(n)]),
        Command::Start(n) => ("startNode", vec![node(n)]),
        Command::Freeze(n) => ("freezeNode", vec![node(n)]),
        Command::Thaw(n) => ("thawNode", vec![node(n)]),
        Command::MoveBroker(id) => ("moveBroker", vec![broker(id)]),
        Command::ReturnBroker(id) => ("returnBroker", vec![broker(id)]),
        Command::KillSecondCluster => ("killSecondCluster", vec![]),
        Command::FinishRollout => ("finishRollout", vec![]),
        Command::StartDrain => ("startDrain", vec![]),
        Command::StopDrain => ("stopDrain", vec![]),
        Command::CutLink(l) => ("cutLink", link(l)),
        Command::MendLink(l) => ("mendLink", link(l)),
        Command::Isolate(n) => ("isolate", vec![node(n)]),
        Command::Rejoin(n) => ("mendLink", vec![node(n)]),
        Command::AddNodes(count) => ("addNodes", vec![("count", Json::number(count))]),
        Command::CrashConsumer(c) => ("crashConsumer", vec![node(Node::Consumer(c))]),
        Command::Set(key, value) => {
            ("set", vec![("key", Json::text(key.param().key)), ("value", value_json(key, value))])
        }
    };
    let mut fields = vec![("at", Json::millionths(at)), ("do", Json::text(word))];
    fields.extend(rest);
    Json::Object(fields.into_iter().map(|(name, value)| (name.to_string(), value)).collect())
}

/// Reads one action without a time, to be done now: `{"do": "stopNode", "node": "zk2"}`. Errors: every problem, with its pointer.
pub fn read_command(text: &str) -> Result<Command, Vec<Issue>> {
    let mut json = Json::parse(text).map_err(|e| vec![Issue::new("/", "", format!("is not JSON: {e}"))])?;
    if json.get("at").is_some() {
        return Err(vec![Issue::new("/at", "", "is not a field here: it happens now")]);
    }
    if let Json::Object(members) = &mut json {
        members.push(("at".to_string(), Json::number(0)));
    }
    let mut reader = Reader::default();
    match reader.action("", &json) {
        Some((_, command)) if reader.issues.is_empty() => Ok(command),
        _ => Err(reader.issues),
    }
}

impl Reader {
    pub(super) fn actions(&mut self, at: &str, json: &Json) -> Vec<(u64, Command)> {
        let items = self.list(at, json, MAX_ACTIONS).unwrap_or_default();
        items.iter().enumerate().filter_map(|(i, item)| self.action(&format!("{at}/{i}"), item)).collect()
    }

    fn action(&mut self, at: &str, json: &Json) -> Option<(u64, Command)> {
        let (word, fields) = self.deed(at, json, &["at", "do"])?;
        if fields.get("at").is_none() {
            self.missing(at, "at");
        }
        let moment = fields.get("at").and_then(|(at, value)| self.decimal(&at, value, 0, LAST_SECOND * MILLION));
        let command = self.command(word, &fields);
        Some((u64::try_from(moment?).ok()?, command?))
    }

    /// What is done, without a time: `{"text": …, "do": "startDrain"}`.
    pub(super) fn task_command(&mut self, at: &str, json: &Json) -> Option<Command> {
        let (word, fields) = self.deed(at, json, &["text", "do"])?;
        self.command(word, &fields)
    }

    /// The name of an action, and its fields besides its `own`, none of which is missing.
    fn deed<'a>(&mut self, at: &str, json: &'a Json, own: &[&str]) -> Option<(&'static str, Fields<'a>)> {
        let Some(Json::Text(word)) = json.get("do") else {
            match (self.object(at, json), json.get("do")) {
                (Some(_), Some(value)) => self.bad(&pointer(at, "do"), value, "must be a string"),
                (Some(_), None) => self.missing(at, "do"),
                (None, _) => {}
            }
            return None;
        };
        let Some((word, needs, instead)) = ACTIONS.iter().find(|(name, ..)| name == word) else {
            let all: Vec<&str> = ACTIONS.iter().map(|(name, ..)| *name).collect();
            self.bad(&pointer(at, "do"), &Json::text(word), format!("must be one of {}", all.join(", ")));
            return None;
        };
        let fields = self.fields(at, json, &[own, *needs, *instead].concat())?;
        let other = instead.iter().any(|name| fields.get(name).is_some());
        for name in needs.iter().filter(|_| !other) {
            if fields.get(name).is_none() {
                self.missing(at, name);
            }
        }
        Some((word, fields))
    }

    fn command(&mut self, word: &str, fields: &Fields) -> Option<Command> {
        let mut node = |name| fields.get(name).and_then(|(at, value)| self.node(&at, value));
        Some(match word {
            "stopNode" => Command::Stop(node("node")?),
            "startNode" => Command::Start(node("node")?),
            "freezeNode" => Command::Freeze(node("node")?),
            "thawNode" => Command::Thaw(node("node")?),
            "isolate" => Command::Isolate(node("node")?),
            "mendLink" if fields.get("node").is_some() => Command::Rejoin(node("node")?),
            "cutLink" => Command::CutLink(self.link(fields)?),
            "mendLink" => Command::MendLink(self.link(fields)?),
            "killSecondCluster" => Command::KillSecondCluster,
            "finishRollout" => Command::FinishRollout,
            "startDrain" => Command::StartDrain,
            "stopDrain" => Command::StopDrain,
            "addNodes" => {
                let (at, value) = fields.get("count")?;
                Command::AddNodes(self.whole(&at, value, 1, 59).and_then(|n| u8::try_from(n).ok())?)
            }
            "crashConsumer" => match node("node")? {
                Node::Consumer(c) => Command::CrashConsumer(c),
                _ => {
                    let (at, value) = fields.get("node")?;
                    self.bad(&at, value, "must be a consumer, such as \"consumer1\"");
                    return None;
                }
            },
            "set" => self.set(fields)?,
            _ => {
                let (at, value) = fields.get("broker")?;
                let broker = self.broker(&at, value)?;
                if word == "moveBroker" { Command::MoveBroker(broker) } else { Command::ReturnBroker(broker) }
            }
        })
    }

    /// `from` and `to`, one way; or two `nodes`, both ways.
    fn link(&mut self, fields: &Fields) -> Option<Link> {
        let Some((at, value)) = fields.get("nodes") else {
            let mut node = |name| fields.get(name).and_then(|(at, value)| self.node(&at, value));
            let (from, to) = (node("from"), node("to"));
            return Some(Link { from: from?, to: to?, both: false });
        };
        match self.list(&at, value, 2)? {
            [a, b] => {
                let (from, to) = (self.node(&format!("{at}/0"), a), self.node(&format!("{at}/1"), b));
                Some(Link { from: from?, to: to?, both: true })
            }
            _ => {
                self.bad(&at, value, "must name two hosts");
                None
            }
        }
    }

    fn set(&mut self, fields: &Fields) -> Option<Command> {
        let ((key_at, name), (at, value)) = (fields.get("key")?, fields.get("value")?);
        let Some(key) = KEYS.iter().copied().find(|key| matches!(name, Json::Text(text) if text == key.param().key))
        else {
            self.bad(&key_at, name, "is not a parameter");
            return None;
        };
        let read = param_value(key, value).filter(|v| (key.param().min..=key.param().max).contains(v));
        if read.is_none() {
            self.bad(&at, value, super::document::range(key));
        }
        Some(Command::Set(key, read?))
    }

    /// A sid, or a name such as `"zk4"`, `"broker10"`, `"consumer1"`.
    fn node(&mut self, at: &str, json: &Json) -> Option<Node> {
        let node = match json {
            Json::Text(text) => Node::parse(text),
            _ => whole(json).and_then(|sid| u8::try_from(sid).ok()).map(Node::Peer),
        };
        if node.is_none() {
            self.bad(at, json, "must be a sid, or a name such as \"zk4\" or \"broker10\"");
        }
        node
    }

    /// A broker id, or `"broker10"`.
    fn broker(&mut self, at: &str, json: &Json) -> Option<u8> {
        match json {
            Json::Text(text) => match Node::parse(text) {
                Some(Node::Broker(id)) => Some(id),
                _ => {
                    self.bad(at, json, "must be a broker: its number, or a name such as \"broker10\"");
                    None
                }
            },
            _ => self.whole(at, json, 1, 255).and_then(|id| u8::try_from(id).ok()),
        }
    }
}
