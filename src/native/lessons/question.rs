//! Reads questions: what is asked, and how the right answer is found in a run. The answer itself is never in the file.
use super::holes::{after_answer, meant};
use crate::lesson::fact::{Fact, OUTCOMES, Shape, Unit, Value};
use crate::lesson::ui::Moment;
use crate::lesson::{Answer, At, Choice, Condition, Pick, Probe, Question, Right};
use crate::limits::{MAX_OPTIONS, MAX_TEXT};
use crate::metrics::Milestone;
use crate::native::json::Json;
use crate::native::reader::{Fields, Reader, decimal};
use crate::params::{Kind, MILLION};
use crate::scenario::{Node, Scenario};

/// Fields of a question with options, and of one without.
pub(in crate::native) const CHOICE: &[&str] = &["ask", "options", "fact", "pick", "at", "then"];
pub(in crate::native) const VALUE: &[&str] = &["ask", "fact", "with", "at", "tolerance", "partial", "then"];
/// Fields of an option.
pub(in crate::native) const OPTION: &[&str] = &["text", "with", "is"];

/// The widest tolerance.
pub(in crate::native) const MAX_TOLERANCE: i64 = 1_000_000;

impl Reader {
    pub(super) fn question(&mut self, at: &str, json: &Json, scenario: Option<&Scenario>) -> Option<Question> {
        let choice = json.get("options").is_some();
        let fields = self.fields(at, json, if choice { CHOICE } else { VALUE })?;
        let needed: &[&str] = if choice { &["ask"] } else { &["ask", "fact"] };
        for name in needed.iter().filter(|name| fields.get(name).is_none()) {
            self.missing(at, name);
        }
        let ask = fields.get("ask").and_then(|(at, value)| self.prose(&at, value, MAX_TEXT));
        let answer =
            if choice { self.choice(at, &fields, scenario) } else { self.value_question(at, &fields, scenario) };
        let options = match &answer {
            Some(Answer::Choice { options, .. }) => options.len(),
            Some(_) => 0,
            None => MAX_OPTIONS, // what is wrong with them is said already
        };
        let then = fields.get("then").map(|(at, value)| self.paragraphs(&at, value)).unwrap_or_default();
        for (at, text) in &then {
            self.holes(at, text, scenario, &|name| after_answer(name, options));
        }
        Some(Question { ask: ask?, answer: answer?, then: then.into_iter().map(|(_, text)| text).collect() })
    }

    /// A number or a machine, as the fact is.
    fn value_question(&mut self, at: &str, fields: &Fields, scenario: Option<&Scenario>) -> Option<Answer> {
        let probe = self.probe(fields, scenario)?;
        let mut width = |name: &str| -> Option<i64> {
            match fields.get(name) {
                Some((at, value)) => self.decimal(&at, value, 0, MAX_TOLERANCE * MILLION),
                None => Some(0),
            }
        };
        let (tolerance, partial) = (width("tolerance")?, width("partial")?);
        if let Some((at, value)) = fields.get("partial").filter(|_| partial < tolerance) {
            self.bad(&at, value, "must be at least the tolerance");
        }
        match probe.fact.shape() {
            Shape::Node => {
                for name in ["tolerance", "partial"] {
                    if let Some((at, value)) = fields.get(name) {
                        self.bad(&at, value, "is for numbers; this fact is a machine");
                    }
                }
                Some(Answer::Node(probe))
            }
            Shape::Number(_) => Some(Answer::Number { probe, tolerance, partial: partial.max(tolerance) }),
            _ => {
                let (_, value) = fields.get("fact")?;
                self.bad(&format!("{at}/fact"), value, "is a word: ask with options");
                None
            }
        }
    }

    fn choice(&mut self, at: &str, fields: &Fields, scenario: Option<&Scenario>) -> Option<Answer> {
        let pick = self.pick(at, fields, scenario)?;
        let (options_at, value) = fields.get("options")?;
        let items = self.list(&options_at, value, MAX_OPTIONS)?;
        if items.len() < 2 {
            self.bad(&options_at, value, "needs 2–8 options");
        }
        let mut options = Vec::new();
        for (i, item) in items.iter().enumerate() {
            options.extend(self.option(&format!("{options_at}/{i}"), item, pick.is_some(), scenario));
        }
        (options.len() == items.len()).then_some(Answer::Choice { options, pick })
    }

    /// `fact` and `pick` belong together. The outer `None`: something is wrong.
    fn pick(&mut self, at: &str, fields: &Fields, scenario: Option<&Scenario>) -> Option<Option<Pick>> {
        let when = self.at(fields)?;
        match (fields.get("fact"), fields.get("pick")) {
            (None, None) => {
                if let Some((at, value)) = fields.get("at") {
                    self.bad(&at, value, "belongs to pick; without it each option says when");
                }
                Some(None)
            }
            (Some(_), None) => {
                self.missing(at, "pick");
                None
            }
            (None, Some(_)) => {
                self.missing(at, "fact");
                None
            }
            (Some((fact_at, value)), Some((pick_at, word))) => {
                let fact = self.fact(&fact_at, value, scenario);
                let word = self.one_of(&pick_at, word, &["smallest", "largest"]);
                let fact = fact?;
                if !matches!(fact.shape(), Shape::Number(_)) {
                    self.bad(&fact_at, value, "is no number: none is the smallest");
                    return None;
                }
                Some(Some(Pick { fact, at: when, largest: word? == "largest" }))
            }
        }
    }

    fn option(&mut self, at: &str, json: &Json, pick: bool, scenario: Option<&Scenario>) -> Option<Choice> {
        let fields = self.fields(at, json, OPTION)?;
        let needed = ["text", if pick { "with" } else { "is" }];
        for name in needed.into_iter().filter(|name| fields.get(name).is_none()) {
            self.missing(at, name);
        }
        if let (true, Some((at, value))) = (pick, fields.get("is")) {
            self.bad(&at, value, "cannot stand beside pick, which decides");
        }
        let text = fields.get("text").and_then(|(at, value)| self.prose(&at, value, MAX_TEXT));
        let with = fields.get("with").map(|(at, value)| self.values(&at, value, scenario));
        let is = match fields.get("is") {
            Some((at, value)) => Some(self.condition(&at, value, scenario, false)?),
            None => None,
        };
        (is.is_some() || pick).then_some(())?;
        Some(Choice { text: text?, with, is })
    }

    /// `{"fact", "with", "at", "op", "value"}`. One that a step waits for (`live`) is about the run that is shown, now.
    pub(super) fn condition(
        &mut self,
        at: &str,
        json: &Json,
        scenario: Option<&Scenario>,
        live: bool,
    ) -> Option<Condition> {
        let known: &[&str] = if live { &["fact", "op", "value"] } else { &["fact", "with", "at", "op", "value"] };
        let fields = self.fields(at, json, known)?;
        for name in ["fact", "op", "value"].into_iter().filter(|name| fields.get(name).is_none()) {
            self.missing(at, name);
        }
        let left = self.probe(&fields, scenario);
        let op = fields.get("op").and_then(|(at, value)| self.op(&at, value));
        let (left, op) = (left?, op?);
        let (value_at, value) = fields.get("value")?;
        if op.orders() && !matches!(left.fact.shape(), Shape::Number(_)) {
            let (op_at, word) = fields.get("op")?;
            self.bad(&op_at, word, "must be == or !=: this fact is no number");
            return None;
        }
        let right = match value {
            Json::Object(_) if live => {
                self.bad(&value_at, value, "must be a value");
                None
            }
            Json::Object(_) => {
                let inner = self.fields(&value_at, value, &["fact", "with", "at"])?;
                let probe = self.probe(&inner, scenario)?;
                if std::mem::discriminant(&probe.fact.shape()) != std::mem::discriminant(&left.fact.shape()) {
                    self.bad(&value_at, value, "cannot be compared with this fact");
                    return None;
                }
                Some(Right::Probe(probe))
            }
            _ => self.fact_value(&value_at, value, left.fact).map(Right::Value),
        };
        let left = if live { Probe { at: At::Now, ..left } } else { left };
        Some(Condition { left, op, right: right? })
    }

    /// `fact`, `with` and `at` of an object.
    fn probe(&mut self, fields: &Fields, scenario: Option<&Scenario>) -> Option<Probe> {
        let with = fields.get("with").map(|(at, value)| self.values(&at, value, scenario));
        let at = self.at(fields);
        let (fact_at, value) = fields.get("fact")?;
        let fact = self.fact(&fact_at, value, scenario)?;
        Some(Probe { fact, with, at: at? })
    }

    fn fact(&mut self, at: &str, json: &Json, scenario: Option<&Scenario>) -> Option<Fact> {
        let name = self.text(at, json)?;
        let fact = Fact::find(name);
        match fact {
            Some(fact) => self.there_is(at, json, fact, scenario),
            None => self.bad(at, json, format!("is no fact of a run{}", meant(name, false))),
        }
        fact
    }

    /// `"now"`, `"end"` (the default), a milestone, or seconds.
    fn at(&mut self, fields: &Fields) -> Option<At> {
        let Some((at, value)) = fields.get("at") else { return Some(At::End) };
        match value {
            Json::Text(word) if word == "now" => Some(At::Now),
            _ => match self.moment(&at, value, &["now"])? {
                Moment::Milestone(Milestone::End) => Some(At::End),
                Moment::Milestone(m) => Some(At::Milestone(m)),
                Moment::Time(at) => Some(At::Time(at)),
            },
        }
    }

    /// A value that this fact can have.
    fn fact_value(&mut self, at: &str, json: &Json, fact: Fact) -> Option<Value> {
        let words: Vec<&'static str> = match fact.shape() {
            Shape::Number(_) => {
                let number = decimal(json);
                let share = fact.shape() == Shape::Number(Unit::Share);
                match number {
                    None => self.bad(at, json, "must be a number"),
                    Some(n) if share && !(0..=MILLION).contains(&n) => {
                        self.bad(at, json, "must be in 0–1: it is compared with a share, and 5 percent are 0.05");
                        return None;
                    }
                    Some(_) => {}
                }
                return number.map(Value::Number);
            }
            Shape::Node => {
                let node = match json {
                    Json::Text(name) => Node::parse(name).filter(|node| node.name() == *name),
                    _ => None,
                };
                if node.is_none() {
                    self.bad(at, json, "must be a machine, such as \"zk11\" or \"broker10\"");
                }
                return node.map(Value::Node);
            }
            Shape::Flag => {
                return self.flag(at, json).map(|on| Value::Word(if on { "on" } else { "off" }));
            }
            Shape::Outcomes => OUTCOMES.iter().map(|outcome| outcome.name()).collect(),
            Shape::Words(words) => words.to_vec(),
        };
        debug_assert!(!matches!(fact, Fact::Param(key) if key.param().kind == Kind::Flag));
        self.one_of(at, json, &words).map(Value::Word)
    }
}
