//! What stands between braces in a lesson's texts: it must be a fact of a run, or something that can be said there.
use super::{Earlier, Reader};
use crate::lesson::fact::{Fact, holes};
use crate::lesson::judge::numbered;
use crate::native::guess;
use crate::native::json::Json;
use crate::scenario::{Node, Scenario};

impl Reader {
    /// Whatever stands between braces must be a fact, or something that `also` knows.
    pub(super) fn holes(&mut self, at: &str, text: &str, scenario: Option<&Scenario>, also: &dyn Fn(&str) -> Said) {
        let json = Json::text(text);
        if text.matches('{').count() != holes(text).len() || text.matches('}').count() != holes(text).len() {
            self.bad(at, &json, "has a brace without its partner");
        }
        for name in holes(text) {
            match (also(name), Fact::find(name)) {
                (Said::Yes, _) => {}
                (Said::No(why), _) => self.bad(at, &json, format!("speaks of {{{name}}}: {why}")),
                (Said::Unknown, Some(fact)) => self.there_is(at, &json, fact, scenario),
                (Said::Unknown, None) => {
                    self.bad(
                        at,
                        &json,
                        format!("speaks of {{{name}}}, which is no fact of a run{}", meant(name, true)),
                    );
                }
            }
        }
    }

    /// A fact about a host needs the host.
    pub(super) fn there_is(&mut self, at: &str, json: &Json, fact: Fact, scenario: Option<&Scenario>) {
        if let (Fact::List(sid) | Fact::Majority(sid), Some(scenario)) = (fact, scenario)
            && !scenario.has(Node::Peer(sid))
        {
            self.bad(at, json, format!("there is no host zk{sid}"));
        }
    }
}

/// Can a text say this here?
pub(super) enum Said {
    /// It can.
    Yes,
    /// It would be understood, but not here.
    No(String),
    /// It is none of the things that only lessons know.
    Unknown,
}

/// What somebody may have meant by a name that is no fact.
pub(super) fn meant(name: &str, braces: bool) -> String {
    let shown = |name: &str| if braces { format!("{{{name}}}") } else { name.to_string() };
    match name.split_once(':').map_or(name, |(kind, _)| kind) {
        kind @ ("list" | "majority") => format!("; {kind} is of a host: {}", shown(&format!("{kind}:zk11"))),
        "between" => {
            format!("; between is of two milestones: {}", shown("between:secondLeader:secondClusterGone"))
        }
        _ => match guess::fact(name) {
            Some(near) => format!("; did you mean {}?", shown(&near)),
            None => format!("; known: {}", guess::facts()),
        },
    }
}

impl Earlier {
    /// What a step's text can say of the answers so far.
    pub(super) fn says(&self, name: &str) -> Said {
        let Some((kind @ ("yours" | "right"), id)) = name.split_once(':') else {
            return match name {
                "score" | "scoreOf" => Said::Yes,
                "yours" | "right" => Said::No(format!("in a step's text it needs the id of a question: {{{name}:id}}")),
                _ => Said::Unknown,
            };
        };
        let asks = || self.ids.iter().filter(|(_, asks)| *asks).map(|(id, _)| id.as_str());
        if self.unsure || asks().any(|earlier| earlier == id) {
            return Said::Yes;
        }
        if self.ids.iter().any(|(earlier, _)| earlier == id) {
            return Said::No(format!("the step {id} asks nothing"));
        }
        let hint = guess::word(id, asks()).map_or(String::new(), |near| format!("; did you mean {{{kind}:{near}}}?"));
        Said::No(format!("no step before this one asks and is called {id}{hint}"))
    }
}

/// What is said after an answer: `{right}`, `{yours}`, and the facts of an option's run, `{2:lost}`.
pub(super) fn after_answer(name: &str, options: usize) -> Said {
    match (name, numbered(name)) {
        ("right" | "yours", _) => Said::Yes,
        (_, Some(_)) if options == 0 => Said::No("the question has no options".to_string()),
        (_, Some((n, _))) if n > options => Said::No(format!("the question has {options} options")),
        (_, Some((_, fact))) if Fact::find(fact).is_some() => Said::Yes,
        (_, Some((_, fact))) => Said::No(format!("{fact} is no fact of a run{}", meant(fact, false))),
        _ => Said::Unknown,
    }
}
