//! Lessons: steps that wait for something to happen in a run, say something about it, and ask. What is right is computed from
//! the run; nothing in a lesson knows it.
//!
//! A [`Lesson`] is data, read from the `steps` of a scenario file. A [`play::Play`] is where somebody is in it: it looks at the
//! run and says what to show. Same lesson, same run, same answers: the same verdicts.
pub mod fact;
pub mod judge;
pub mod platform;
pub mod play;
pub mod pupil;
pub mod showing;
pub mod ui;

use crate::metrics::Milestone;
use crate::params::Key;
use crate::scenario::{Command, Node};
use crate::view::Micros;
use fact::{Fact, Value};
use std::cmp::Ordering;

/// Somebody's lesson.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lesson {
    /// In the order in which they come.
    pub steps: Vec<Step>,
}

/// One thing that is said, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its name, unique in its lesson.
    pub id: String,
    /// What it waits for, once its turn has come.
    pub when: When,
    /// It is passed over when a later step is due first.
    pub optional: bool,
    /// Its heading; "" for none.
    pub title: String,
    /// Its paragraphs. `{failedShare}` and the like are filled in when it is shown.
    pub text: Vec<String>,
    /// What to point at.
    pub highlight: Vec<Spot>,
    /// Does the run stop here until the learner goes on?
    pub pause: bool,
    /// Controls to show from here on. `None`: as before.
    pub controls: Option<Vec<Key>>,
    /// Controls that cannot be moved from here on. `None`: as before, unless `controls` are given: then none.
    pub lock: Option<Vec<Key>>,
    /// A panel to open: one of [`crate::panels::NAMES`].
    pub panel: Option<&'static str>,
    /// A new run begins with this step: the scenario's, with these values. `None`: the run goes on.
    pub run: Option<Vec<(Key, i64)>>,
    /// What the learner is asked to do.
    pub task: Option<Task>,
    /// What the learner is asked.
    pub question: Option<Question>,
}

/// What a step waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum When {
    /// Nothing: it comes as soon as the step before it is done.
    Next,
    /// So much simulated time after that step (by position) was done, µs.
    After(usize, Micros),
    /// This has happened.
    Milestone(Milestone),
    /// It is at least this late, µs.
    Time(Micros),
    /// Something is true of the run.
    Holds(Condition),
}

/// What a step points at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spot {
    /// A machine.
    Node(Node),
    /// A part of the page: one of [`SPOTS`].
    Part(&'static str),
    /// The control of a parameter.
    Control(Key),
}

/// The parts of the page that a step can point at.
pub const SPOTS: &[&str] =
    &["banner", "zookeeper", "kafka", "clients", "tray", "ledger", "chart", "timeline", "recovery"];

impl Spot {
    /// Its name in files.
    pub fn name(self) -> String {
        match self {
            Spot::Node(node) => node.name(),
            Spot::Part(name) => name.to_string(),
            Spot::Control(key) => key.param().key.to_string(),
        }
    }

    /// Finds one by name.
    pub fn find(name: &str) -> Option<Spot> {
        let part = SPOTS.iter().find(|part| **part == name).map(|part| Spot::Part(part));
        let control = || crate::params::KEYS.iter().copied().find(|k| k.param().key == name).map(Spot::Control);
        // A bare number is a node elsewhere; in a list of names it would be a riddle.
        let node = || Node::parse(name).filter(|n| n.name() == name).map(Spot::Node);
        part.or_else(control).or_else(node)
    }
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// `==`
    Is,
    /// `!=`
    IsNot,
    /// `<`
    Below,
    /// `<=`
    AtMost,
    /// `>`
    Above,
    /// `>=`
    AtLeast,
}

/// Every comparison and how it is written.
pub const OPS: &[(Op, &str)] =
    &[(Op::Is, "=="), (Op::IsNot, "!="), (Op::Below, "<"), (Op::AtMost, "<="), (Op::Above, ">"), (Op::AtLeast, ">=")];

impl Op {
    /// Does it hold for values in this order?
    pub fn holds(self, order: Ordering) -> bool {
        match self {
            Op::Is => order == Ordering::Equal,
            Op::IsNot => order != Ordering::Equal,
            Op::Below => order == Ordering::Less,
            Op::AtMost => order != Ordering::Greater,
            Op::Above => order == Ordering::Greater,
            Op::AtLeast => order != Ordering::Less,
        }
    }

    /// Is it about more than being the same?
    pub fn orders(self) -> bool {
        !matches!(self, Op::Is | Op::IsNot)
    }
}

/// `fact op right`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// The left side.
    pub left: Probe,
    /// How they are compared.
    pub op: Op,
    /// The right side.
    pub right: Right,
}

/// The right side of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Right {
    /// A value.
    Value(Value),
    /// A fact, perhaps of another run.
    Probe(Probe),
}

/// A fact of a run at an instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probe {
    /// Which.
    pub fact: Fact,
    /// Of the run that is shown (`None`), or of the lesson's scenario with these values, in which nobody interferes.
    pub with: Option<Vec<(Key, i64)>>,
    /// When.
    pub at: At,
}

/// An instant of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// The present of the run that is shown.
    Now,
    /// The end of the run.
    End,
    /// µs from its beginning.
    Time(Micros),
    /// When this happens.
    Milestone(Milestone),
}

/// What a learner is asked to do, and how it is recognised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// In words; "" when the step's text says it.
    pub text: String,
    /// What counts as having done it.
    pub deed: Deed,
}

/// Something a learner does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// A parameter has such a value: in the scenario of the run that is shown, or set while it runs.
    Value(Key, Op, i64),
    /// This was done to the cluster since the step was shown.
    Command(Command),
}

/// What a learner is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// In words.
    pub ask: String,
    /// What kind of answer, and how the right one is found.
    pub answer: Answer,
    /// What is said afterwards: `{right}`, `{yours}`, and values of the run at the question's instant.
    pub then: Vec<String>,
}

/// What kind of answer, and how the right one is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// A number, in the fact's shown unit (shares in percent).
    Number {
        /// What it is.
        probe: Probe,
        /// So far off is still right, in millionths of the shown unit.
        tolerance: i64,
        /// So far off is half right.
        partial: i64,
    },
    /// One of these.
    Choice {
        /// To choose from.
        options: Vec<Choice>,
        /// The right one is the one in whose run this is smallest or largest; `None`: the one whose condition holds.
        pick: Option<Pick>,
    },
    /// A machine.
    Node(Probe),
}

/// One answer to choose from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// In words.
    pub text: String,
    /// It stands for the lesson's scenario with these values.
    pub with: Option<Vec<(Key, i64)>>,
    /// It is right if this holds.
    pub is: Option<Condition>,
}

/// How to pick among runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pick {
    /// By this …
    pub fact: Fact,
    /// … at this instant.
    pub at: At,
    /// The largest, or the smallest.
    pub largest: bool,
}

impl Lesson {
    /// The position of a step.
    pub fn find(&self, id: &str) -> Option<usize> {
        self.steps.iter().position(|step| step.id == id)
    }

    /// Questions there are.
    pub fn questions(&self) -> usize {
        self.steps.iter().filter(|step| step.question.is_some()).count()
    }
}
