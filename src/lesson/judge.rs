//! Finds what is right: from the run that is shown, or from another one that is simulated for it, to the end if need be.
use super::fact::{Fact, Shape, Unit, Value, fill};
use super::play::Verdict;
use super::{Answer, At, Choice, Condition, Pick, Probe, Question, Right};
use crate::limits::ANSWER_STEPS;
use crate::metrics::Milestone;
use crate::params::{Key, MILLION, parse_decimal};
use crate::recording::Recording;
use crate::scenario::{Command, Node, Scenario};
use crate::sim::Simulation;
use crate::view::Micros;
use crate::words::say;

/// The run that is shown.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// The lesson's own scenario: what other runs are changes of.
    pub base: &'a Scenario,
    /// What runs.
    pub scenario: &'a Scenario,
    /// What the learner did, by time.
    pub commands: &'a [(Micros, Command)],
    /// Its present.
    pub sim: &'a Simulation,
}

impl<'a> Seen<'a> {
    /// The present of a recording, in a lesson on `base`.
    pub fn of(base: &'a Scenario, recording: &'a Recording) -> Seen<'a> {
        Seen { base, scenario: recording.scenario(), commands: recording.commands(), sim: recording.sim() }
    }
}

/// `base` with these values; contradictions are settled by lowering.
pub fn changed(base: &Scenario, with: &[(Key, i64)]) -> Scenario {
    let mut params = base.params.clone();
    for (key, value) in with {
        let _ = params.set(*key, *value); // checked when it was read
    }
    Scenario { params: params.effective_lenient().0, ..base.clone() }
}

/// Runs until `until`, doing what people do on the way. False: it would take too long.
fn advance(sim: &mut Simulation, commands: &mut &[(Micros, Command)], until: Micros) -> bool {
    loop {
        let due = commands.first().filter(|(at, _)| *at <= until).copied();
        let stop = due.map_or(until, |(at, _)| at);
        while !sim.advance(stop, 50_000) {
            if sim.steps() > ANSWER_STEPS {
                return false;
            }
        }
        if sim.stopped().is_some() {
            return false;
        }
        let Some((_, command)) = due else { return true };
        let _ = sim.apply(command); // what is impossible does not happen
        *commands = commands.get(1..).unwrap_or_default();
    }
}

/// A run at an instant, simulated from its beginning. `None`: it never comes to that, or it would take too long.
pub fn simulate(scenario: &Scenario, commands: &[(Micros, Command)], at: At) -> Option<Simulation> {
    let mut sim = Simulation::new(scenario);
    let mut left = commands;
    let moment = match at {
        At::Now | At::End => sim.end(),
        At::Time(at) => at.min(sim.end()),
        At::Milestone(m) => {
            let moment = find(&mut sim, &mut left, m)?;
            (sim, left) = (Simulation::new(scenario), commands);
            moment
        }
    };
    advance(&mut sim, &mut left, moment).then_some(sim)
}

/// When this happens, looking for it a second at a time.
fn find(sim: &mut Simulation, left: &mut &[(Micros, Command)], milestone: Milestone) -> Option<Micros> {
    loop {
        if let Some((_, at)) = sim.milestones().iter().find(|(m, _)| *m == milestone) {
            return Some(*at);
        }
        let now = sim.now();
        if now >= sim.end() || !advance(sim, left, (now + 1_000_000).min(sim.end())) {
            return None;
        }
    }
}

/// A run at an instant: the present one, or one simulated for the purpose.
#[derive(Debug)]
pub enum State<'a> {
    /// The one that is shown.
    Present(&'a Simulation),
    /// Another one.
    Other(Box<Simulation>),
}

impl State<'_> {
    /// The simulation.
    pub fn sim(&self) -> &Simulation {
        match self {
            State::Present(sim) => sim,
            State::Other(sim) => sim,
        }
    }
}

impl<'a> Seen<'a> {
    /// The run that is shown, or the lesson's scenario with other values, at an instant.
    pub fn state(&self, with: Option<&[(Key, i64)]>, at: At) -> Option<State<'a>> {
        match (with, at) {
            (None, At::Now) => Some(State::Present(self.sim)),
            (None, at) => simulate(self.scenario, self.commands, at).map(|sim| State::Other(Box::new(sim))),
            (Some(with), at) => {
                let at = if at == At::Now { At::Time(self.sim.now()) } else { at };
                simulate(&changed(self.base, with), &[], at).map(|sim| State::Other(Box::new(sim)))
            }
        }
    }

    fn probe(&self, probe: &Probe) -> Option<Value> {
        let state = self.state(probe.with.as_deref(), probe.at)?;
        probe.fact.value(state.sim())
    }

    /// Does it hold? `None`: a side of it has no value.
    pub fn holds(&self, condition: &Condition) -> Option<bool> {
        let left = self.probe(&condition.left)?;
        let right = match &condition.right {
            Right::Value(value) => *value,
            Right::Probe(probe) => self.probe(probe)?,
        };
        Some(match (left, right) {
            (Value::Number(a), Value::Number(b)) => condition.op.holds(a.cmp(&b)),
            (a, b) if !condition.op.orders() => condition.op.holds(if a == b { 0.cmp(&0) } else { 0.cmp(&1) }),
            _ => false,
        })
    }

    /// How right an option is: the more, the better.
    fn weight(&self, option: &Choice, pick: Option<Pick>) -> Option<i64> {
        match (pick, &option.is) {
            (Some(pick), _) => match pick.fact.value(self.state(option.with.as_deref(), pick.at)?.sim())? {
                Value::Number(n) => Some(if pick.largest { n } else { -n }),
                _ => None,
            },
            (None, Some(condition)) => Some(i64::from(self.holds(condition) == Some(true))),
            (None, None) => None,
        }
    }

    /// The options that are right: those whose condition holds, or whose run has the smallest or largest value. Errors: why there are none.
    fn right_options(&self, options: &[Choice], pick: Option<Pick>) -> Result<Vec<usize>, &'static str> {
        let weights: Option<Vec<i64>> = options.iter().map(|option| self.weight(option, pick)).collect();
        let weights = weights.ok_or("has an option whose run has no such value, or takes too long to simulate")?;
        let best = if pick.is_some() { weights.iter().max().copied().unwrap_or(1) } else { 1 };
        let right: Vec<usize> = weights.iter().enumerate().filter(|(_, w)| **w == best).map(|(i, _)| i).collect();
        match right.len() {
            0 => Err("has no right answer in this run: no option's condition holds"),
            n if n == options.len() => Err("has no wrong answer in this run: every option is right"),
            _ => Ok(right),
        }
    }

    /// Is its tolerance so wide that 0 would be right where something else is?
    pub fn takes_anything(&self, question: &Question) -> bool {
        match self.truth(question) {
            Some(Truth::Number(n)) if n != 0 => question.points(&Truth::Number(n), Given::Number(0)) == FULL,
            _ => false,
        }
    }

    /// Why nothing is right, or everything.
    pub fn trouble(&self, question: &Question) -> &'static str {
        match &question.answer {
            Answer::Choice { options, pick } => {
                self.right_options(options, *pick).err().unwrap_or("has no wrong answer")
            }
            _ if self.truth(question).is_some() => "has a tolerance so wide that 0 is right, too",
            _ => "has no right answer: in its run there is no such value, or it takes too long to simulate",
        }
    }

    /// What is right. `None`: nothing is, in this run.
    pub fn truth(&self, question: &Question) -> Option<Truth> {
        match &question.answer {
            Answer::Number { probe, .. } => match self.probe(probe)? {
                Value::Number(n) => Some(Truth::Number(n)),
                _ => None,
            },
            Answer::Choice { options, pick } => self.right_options(options, *pick).ok().map(Truth::Options),
            Answer::Node(probe) => match self.probe(probe)? {
                Value::Node(node) => Some(Truth::Node(node)),
                _ => None,
            },
        }
    }

    /// What becomes of an answer, and what is right. `None`: it is none.
    pub fn verdict(&self, step: usize, question: &Question, given: &str) -> Option<(Verdict, Option<Truth>)> {
        let answer = question.read(given)?;
        let (given, yours) = (question.write_given(answer), question.words(answer));
        let truth = self.truth(question);
        let right = truth.as_ref().map_or(String::new(), |truth| question.right(truth));
        let points = truth.as_ref().map_or(0, |truth| question.points(truth, answer));
        let text = self.afterwards(question, if right.is_empty() { NOTHING } else { &right }, &yours);
        Some((Verdict { step, given, yours, right, points, text }, truth))
    }

    /// The texts shown after a question, with the values of its run.
    pub fn afterwards(&self, question: &Question, right: &str, yours: &str) -> Vec<String> {
        let (with, at, options): (Option<&[_]>, At, &[Choice]) = match &question.answer {
            Answer::Number { probe, .. } | Answer::Node(probe) => (probe.with.as_deref(), probe.at, &[]),
            Answer::Choice { options, pick } => (None, pick.map_or(At::End, |p| p.at), options),
        };
        let mut states: Vec<Option<State>> = (0..=options.len()).map(|_| None).collect();
        let mut value = |which: usize, name: &str| -> Option<String> {
            let fact = Fact::find(name)?;
            let slot = states.get_mut(which)?;
            if slot.is_none() {
                let with = if which == 0 { with } else { options.get(which - 1)?.with.as_deref() };
                *slot = self.state(with, at);
            }
            Some(slot.as_ref().and_then(|s| fact.value(s.sim())).map_or(NOTHING.to_string(), |v| fact.text(v)))
        };
        let mut find = |name: &str| match name {
            "right" => Some(right.to_string()),
            "yours" => Some(yours.to_string()),
            _ => match numbered(name) {
                Some((which, fact)) => value(which, fact),
                None => value(0, name),
            },
        };
        question.then.iter().map(|text| fill(text, &mut find)).collect()
    }
}

/// What a text says where there is no value.
pub const NOTHING: &str = "nothing";

/// `2:lost`: the fact in the run of the second option.
pub fn numbered(name: &str) -> Option<(usize, &str)> {
    let (which, fact) = name.split_once(':')?;
    which.parse().ok().filter(|n| *n >= 1).map(|n| (n, fact))
}

/// What is right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Truth {
    /// This number, in millionths of the public unit.
    Number(i64),
    /// One of these options, by position.
    Options(Vec<usize>),
    /// This machine.
    Node(Node),
}

/// What a learner answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Given {
    /// A number, in millionths of the *shown* unit: a share in percent.
    Number(i64),
    /// An option, by position.
    Option(usize),
    /// A machine.
    Node(Node),
}

/// Points for an answer that is right; half of them for one that is nearly right.
pub const FULL: u32 = 2;

impl Question {
    /// The fact that a number or a machine is asked for.
    fn fact(&self) -> Option<Fact> {
        match &self.answer {
            Answer::Number { probe, .. } | Answer::Node(probe) => Some(probe.fact),
            Answer::Choice { .. } => None,
        }
    }

    /// Millionths of the shown unit for one of the public unit: 100 for shares.
    pub(super) fn scale(&self) -> i64 {
        let share = self.fact().is_some_and(|fact| fact.shape() == Shape::Number(Unit::Share));
        if share { 100 } else { 1 }
    }

    /// The unit in which a number is asked for; "" for none.
    pub fn unit(&self) -> &'static str {
        self.fact().map_or("", Fact::unit)
    }

    /// Reads an answer: `9.8`, an option's number from 1, or `zk11`. `None`: it is none.
    pub fn read(&self, text: &str) -> Option<Given> {
        let text = text.trim();
        match &self.answer {
            Answer::Number { .. } => parse_decimal(text).map(Given::Number),
            Answer::Choice { options, .. } => {
                let number: usize = text.parse().ok()?;
                number.checked_sub(1).filter(|i| *i < options.len()).map(Given::Option)
            }
            Answer::Node(_) => Node::parse(text).map(Given::Node),
        }
    }

    /// An answer as [`Question::read`] reads it.
    pub fn write(&self, truth: &Truth) -> String {
        match truth {
            Truth::Number(n) => crate::params::format_decimal(n.saturating_mul(self.scale())),
            Truth::Options(right) => say!(right.first().copied().unwrap_or(0) + 1),
            Truth::Node(node) => node.name(),
        }
    }

    /// The same for what was answered: one spelling for each.
    pub fn write_given(&self, given: Given) -> String {
        match given {
            Given::Number(n) => crate::params::format_decimal(n),
            Given::Option(i) => say!(i + 1),
            Given::Node(node) => node.name(),
        }
    }

    /// An answer in words.
    pub fn words(&self, given: Given) -> String {
        match (given, &self.answer) {
            (Given::Number(n), _) => {
                let unit = self.fact().map_or("", Fact::unit);
                say!(crate::params::format_decimal(n), if unit.is_empty() { "" } else { "\u{a0}" }, unit)
            }
            (Given::Option(i), Answer::Choice { options, .. }) => {
                options.get(i).map_or(String::new(), |o| o.text.clone())
            }
            (Given::Node(node), _) => node.name(),
            (Given::Option(_), _) => String::new(),
        }
    }

    /// What is right, in words.
    pub fn right(&self, truth: &Truth) -> String {
        match truth {
            Truth::Number(n) => self.fact().map_or(String::new(), |fact| fact.text(Value::Number(*n))),
            Truth::Options(right) => {
                let words: Vec<String> = right.iter().map(|i| self.words(Given::Option(*i))).collect();
                words.join(" / ")
            }
            Truth::Node(node) => node.name(),
        }
    }

    /// Points, of [`FULL`].
    pub fn points(&self, truth: &Truth, given: Given) -> u32 {
        match (truth, given, &self.answer) {
            (Truth::Number(right), Given::Number(given), Answer::Number { tolerance, partial, .. }) => {
                let off = right.saturating_mul(self.scale()).abs_diff(given);
                match i64::try_from(off) {
                    Ok(off) if off <= *tolerance => FULL,
                    Ok(off) if off <= *partial => FULL / 2,
                    _ => 0,
                }
            }
            (Truth::Options(right), Given::Option(i), _) if right.contains(&i) => FULL,
            (Truth::Node(right), Given::Node(node), _) if *right == node => FULL,
            _ => 0,
        }
    }

    /// An answer that is wrong, to try a lesson with. `None`: every answer would be right.
    pub fn wrong(&self, truth: &Truth) -> Option<String> {
        match (truth, &self.answer) {
            (Truth::Number(right), Answer::Number { partial, .. }) => {
                let off = right.saturating_mul(self.scale()).saturating_add(*partial).saturating_add(MILLION);
                Some(crate::params::format_decimal(off))
            }
            (Truth::Options(right), Answer::Choice { options, .. }) => {
                (0..options.len()).find(|i| !right.contains(i)).map(|i| say!(i + 1))
            }
            (Truth::Node(right), _) => [Node::Peer(1), Node::Peer(2)].into_iter().find(|n| n != right).map(Node::name),
            _ => None,
        }
    }
}
