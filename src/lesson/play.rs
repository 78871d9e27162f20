//! Where somebody is in a lesson: what is shown, what it waits for, what was answered. Pure: it looks at a run, and says what to do.
//!
//! Steps come in the order of the file, each when its turn has come and what it waits for is there; an optional one is passed
//! over when a later one is due first. Whoever runs the simulation looks at least every [`LOOK_EVERY`] of simulated time
//! ([`horizon`]), so that what is noticed, and when, does not depend on how fast it is played.
use super::fact::{Fact, fill};
use super::judge::{FULL, NOTHING, Seen, Truth, changed};
use super::{Deed, Lesson, Step, When};
use crate::params::MILLION;
use crate::scenario::{Command, Scenario};
use crate::view::Micros;
use crate::words::say;

mod state;

/// Simulated time between two looks, µs.
pub const LOOK_EVERY: Micros = 100_000;

/// The next instant at which to look.
pub fn horizon(now: Micros) -> Micros {
    (now / LOOK_EVERY + 1) * LOOK_EVERY
}

/// What a look found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Look {
    /// Nothing new.
    Same,
    /// This step is shown now (by position); the run pauses if [`Play::waits`] says so.
    Shown(usize),
    /// Begin this run, then look again.
    Run(Box<Scenario>),
    /// The last step is done.
    Over,
}

/// What the step that is shown waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waits {
    /// Nothing: the run goes on, and so does the lesson.
    Nothing,
    /// That the learner goes on.
    GoOn,
    /// That the learner answers (or goes on without).
    Answer,
    /// That the learner does what is asked (or goes on without).
    Task,
}

/// An answer and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The step, by position.
    pub step: usize,
    /// What was answered, as [`super::Question::read`] reads it.
    pub given: String,
    /// The same in words.
    pub yours: String,
    /// What is right, in words; "" when nothing is in this run, and the question does not count.
    pub right: String,
    /// Points of [`FULL`].
    pub points: u32,
    /// What is said about it.
    pub text: Vec<String>,
}

/// Points of a lesson.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Score {
    /// Points that were got …
    pub points: u32,
    /// … of so many, in the questions that were answered.
    pub of: u32,
}

/// See the module's first lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Play {
    lesson: Lesson,
    next: usize,
    shown: Option<usize>,
    waits: Waits,
    /// The filled paragraphs of the step that is shown.
    text: Vec<String>,
    since: Micros,
    /// When each step was done.
    done: Vec<Option<Micros>>,
    verdicts: Vec<Verdict>,
    /// The step whose run has begun, and which is shown next.
    begun: Option<usize>,
    last: Micros,
}

impl Play {
    /// At the beginning of a lesson.
    pub fn new(lesson: Lesson) -> Play {
        Play {
            done: vec![None; lesson.steps.len()],
            lesson,
            next: 0,
            shown: None,
            waits: Waits::Nothing,
            text: Vec::new(),
            since: 0,
            verdicts: Vec::new(),
            begun: None,
            last: 0,
        }
    }

    /// What is being learned.
    pub fn lesson(&self) -> &Lesson {
        &self.lesson
    }

    /// The step that is shown, with its position.
    pub fn shown(&self) -> Option<(usize, &Step)> {
        self.shown.and_then(|i| Some((i, self.lesson.steps.get(i)?)))
    }

    /// Every step that was shown so far, and is.
    pub fn past(&self) -> impl Iterator<Item = &Step> {
        let came = |i: usize| self.shown == Some(i) || self.done.get(i).is_some_and(Option::is_some);
        self.lesson.steps.iter().enumerate().filter(move |(i, _)| came(*i)).map(|(_, step)| step)
    }

    /// Its paragraphs, with the values of the run at the moment it was shown.
    pub fn text(&self) -> &[String] {
        &self.text
    }

    /// What it waits for.
    pub fn waits(&self) -> Waits {
        self.waits
    }

    /// Must the run stand still? While it waits for a task the learner may let it run.
    pub fn holds(&self) -> bool {
        let pauses = self.shown().is_some_and(|(_, step)| step.pause);
        match self.waits {
            Waits::GoOn => pauses,
            Waits::Answer => true,
            Waits::Nothing | Waits::Task => false,
        }
    }

    /// The verdict on the question of the step that is shown.
    pub fn verdict(&self) -> Option<&Verdict> {
        self.verdicts.iter().find(|v| Some(v.step) == self.shown)
    }

    /// Every answer, in the order in which they were given.
    pub fn verdicts(&self) -> &[Verdict] {
        &self.verdicts
    }

    /// Points so far. Questions without a right answer in their run do not count.
    pub fn score(&self) -> Score {
        let counted = self.verdicts.iter().filter(|v| !v.right.is_empty());
        counted.fold(Score::default(), |s, v| Score { points: s.points + v.points, of: s.of + FULL })
    }

    /// Is it at its end?
    pub fn over(&self) -> bool {
        self.next >= self.lesson.steps.len() && self.waits == Waits::Nothing
    }

    /// The first step that has not come yet and must, by position.
    pub fn missing(&self) -> Option<usize> {
        (self.next..self.lesson.steps.len()).find(|i| !self.lesson.steps[*i].optional)
    }

    /// Looks at the run.
    pub fn look(&mut self, seen: &Seen) -> Look {
        let now = seen.sim.now();
        if now < self.last {
            // Somebody went back, or another run began: nothing was done later than now.
            self.done.iter_mut().flatten().for_each(|at| *at = (*at).min(now));
            self.since = self.since.min(now);
        }
        self.last = now;
        match self.waits {
            Waits::Nothing => {}
            Waits::Task if self.did(seen) => self.finish(now),
            _ => return Look::Same,
        }
        if self.over() {
            return Look::Over;
        }
        match self.begun.or_else(|| self.due(seen)) {
            None => Look::Same,
            Some(i) => self.show(i, seen),
        }
    }

    /// The next step that is due.
    fn due(&self, seen: &Seen) -> Option<usize> {
        for (i, step) in self.lesson.steps.iter().enumerate().skip(self.next) {
            if self.is_due(&step.when, seen) {
                return Some(i);
            }
            if !step.optional {
                return None;
            }
        }
        None
    }

    fn is_due(&self, when: &When, seen: &Seen) -> bool {
        let now = seen.sim.now();
        match when {
            When::Next => true,
            When::After(step, wait) => self.done.get(*step).copied().flatten().is_some_and(|at| now >= at + wait),
            When::Milestone(m) => seen.sim.milestones().iter().any(|(found, _)| found == m),
            When::Time(at) => now >= *at,
            When::Holds(condition) => seen.holds(condition) == Some(true),
        }
    }

    fn show(&mut self, i: usize, seen: &Seen) -> Look {
        let Some(step) = self.lesson.steps.get(i) else { return Look::Same };
        if let (Some(with), None) = (&step.run, self.begun) {
            self.begun = Some(i);
            return Look::Run(Box::new(changed(seen.base, with)));
        }
        self.text = step.text.iter().map(|text| self.fill(text, seen)).collect();
        self.waits = match step {
            Step { question: Some(_), .. } => Waits::Answer,
            Step { task: Some(_), .. } => Waits::Task,
            Step { pause: true, .. } => Waits::GoOn,
            _ => Waits::Nothing,
        };
        (self.shown, self.next, self.begun) = (Some(i), i + 1, None);
        self.since = seen.sim.now();
        if self.waits == Waits::Nothing {
            self.finish(self.since);
        }
        Look::Shown(i)
    }

    /// A step's text with the values of the run that is shown, and the answers so far (`{yours:id}`, `{right:id}`).
    fn fill(&self, text: &str, seen: &Seen) -> String {
        fill(text, &mut |name| {
            let (kind, id) = name.split_once(':').unwrap_or((name, ""));
            let answered = || self.verdicts.iter().find(|v| self.lesson.find(id) == Some(v.step));
            match kind {
                "yours" => Some(answered().map_or(NOTHING.to_string(), |v| v.yours.clone())),
                "right" => Some(answered().map_or(NOTHING.to_string(), |v| v.right.clone())),
                "score" => Some(say!(self.score().points)),
                "scoreOf" => Some(say!(self.score().of)),
                _ => {
                    let fact = Fact::find(name)?;
                    Some(fact.value(seen.sim).map_or(NOTHING.to_string(), |value| fact.text(value)))
                }
            }
        })
    }

    fn finish(&mut self, now: Micros) {
        self.waits = Waits::Nothing;
        if let Some(done) = self.shown.and_then(|i| self.done.get_mut(i)) {
            *done = Some(now);
        }
    }

    /// Has the learner done what the step asks for?
    fn did(&self, seen: &Seen) -> bool {
        let Some(task) = self.shown().and_then(|(_, step)| step.task.as_ref()) else { return false };
        match task.deed {
            Deed::Command(command) => seen.commands.iter().any(|(at, did)| *at >= self.since && *did == command),
            Deed::Value(key, op, value) => {
                let set = seen.commands.iter().rev().find_map(|(_, did)| match did {
                    Command::Set(k, v) if *k == key => Some(*v),
                    _ => None,
                });
                op.holds(set.unwrap_or_else(|| seen.scenario.params.get(key)).cmp(&value))
            }
        }
    }

    /// Is what the step asks for done already?
    pub fn done_already(&self, seen: &Seen) -> bool {
        self.waits == Waits::Task && self.did(seen)
    }

    /// Is the task done? Then the lesson goes on; [`Play::look`] asks this, too.
    pub fn notices(&mut self, seen: &Seen) -> bool {
        let noticed = self.waits == Waits::Task && self.did(seen);
        if noticed {
            self.finish(seen.sim.now());
        }
        noticed
    }

    /// The learner goes on; a question or a task that is still open stays so.
    pub fn go_on(&mut self, seen: &Seen) {
        if self.waits != Waits::Nothing {
            self.finish(seen.sim.now());
        }
    }

    /// The learner answers; what becomes of it, and what is right. `None`: nothing is asked, or this is no answer to it; nothing changes then.
    pub fn answer(&mut self, given: &str, seen: &Seen) -> Option<(&Verdict, Option<Truth>)> {
        if self.waits != Waits::Answer {
            return None;
        }
        let (step, question) = self.shown().and_then(|(i, step)| Some((i, step.question.as_ref()?)))?;
        let (verdict, truth) = seen.verdict(step, question, given)?;
        self.verdicts.push(verdict);
        self.waits = Waits::GoOn;
        self.verdicts.last().map(|verdict| (verdict, truth))
    }
}

impl Deed {
    /// A value that satisfies what is asked for, to do it for somebody. `None`: a command is asked for.
    pub fn value(&self) -> Option<(crate::params::Key, i64)> {
        let Deed::Value(key, op, value) = *self else { return None };
        let unit = if key.param().kind == crate::params::Kind::Decimal { MILLION } else { 1 };
        let p = key.param();
        let wanted = |v: &i64| op.holds(v.cmp(&value)) && (p.min..=p.max).contains(v);
        [value, value - unit, value + unit, p.default, p.min, p.max].into_iter().find(wanted).map(|v| (key, v))
    }
}
