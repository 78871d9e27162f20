//! Somebody who takes a lesson from its beginning to its end, without a page: to check that every step comes, and every question
//! has an answer.
use super::judge::{Seen, Truth, changed};
use super::play::{Look, Play, Waits, horizon};
use super::{Answer, At, Deed, Lesson, Probe, Question, Right};
use crate::limits::ANSWER_STEPS;
use crate::params::Key;
use crate::recording::Recording;
use crate::scenario::Scenario;
use crate::sim::Simulation;
use crate::view::Micros;

/// How it answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// Always right.
    Right,
    /// Always wrong.
    Wrong,
    /// It neither answers nor does what is asked: it goes on.
    Silent,
}

/// How it went.
#[derive(Clone, Debug)]
pub struct Played {
    /// The lesson at the end.
    pub play: Play,
    /// The steps that came, by position, and when (µs of the run that was shown then).
    pub came: Vec<(usize, Micros)>,
    /// What each of them said then.
    pub said: Vec<Vec<String>>,
    /// Questions that had no right answer in their run, or no wrong one, by position of their steps, and why.
    pub unanswerable: Vec<(usize, &'static str)>,
    /// Tasks that could not be done, or were not recognised when they were.
    pub impossible: Vec<usize>,
    /// Tasks that were done already when their step came.
    pub idle: Vec<usize>,
    /// Questions with options: the steps, by position, and the options that were right.
    pub right: Vec<(usize, Vec<usize>)>,
    /// Questions about an instant that their run does not come to, by position of their steps.
    pub late: Vec<usize>,
    /// Where the run that was shown last ends, µs.
    pub end: Micros,
    /// Runs that were shown.
    pub runs: usize,
    /// It would take too long to simulate.
    pub too_long: bool,
}

/// Takes the lesson.
pub fn take(lesson: &Lesson, base: &Scenario, manner: Manner) -> Played {
    take_from(lesson, base, manner, 0)
}

/// Takes the lesson; its first run is shown from an instant on (µs).
pub fn take_from(lesson: &Lesson, base: &Scenario, manner: Manner, start: Micros) -> Played {
    let mut pupil = Pupil {
        base: base.clone(),
        recording: Recording::new(base),
        manner,
        played: Played {
            play: Play::new(lesson.clone()),
            came: Vec::new(),
            said: Vec::new(),
            unanswerable: Vec::new(),
            impossible: Vec::new(),
            idle: Vec::new(),
            right: Vec::new(),
            late: Vec::new(),
            end: 0,
            runs: 1,
            too_long: false,
        },
    };
    if pupil.run_to(start) {
        pupil.work();
    }
    pupil.played.end = pupil.recording.sim().end();
    pupil.played
}

struct Pupil {
    base: Scenario,
    recording: Recording,
    manner: Manner,
    played: Played,
}

impl Pupil {
    fn work(&mut self) {
        loop {
            let seen = Seen::of(&self.base, &self.recording);
            match self.played.play.look(&seen) {
                Look::Over => return,
                Look::Run(scenario) => self.begin(&scenario),
                Look::Shown(i) => {
                    self.played.came.push((i, self.recording.sim().now()));
                    self.played.said.push(self.played.play.text().to_vec());
                    self.respond(i);
                }
                Look::Same if self.recording.over() => return,
                Look::Same => {
                    if !self.run_to(horizon(self.recording.sim().now())) {
                        return;
                    }
                }
            }
        }
    }

    /// Lets the run go on, a tenth of a second at a time. False: that would take too long.
    fn run_to(&mut self, until: Micros) -> bool {
        let until = until.min(self.recording.sim().end());
        while self.recording.sim().now() < until && !self.recording.over() {
            let next = horizon(self.recording.sim().now()).min(until);
            let mut slices = 0;
            let arrived = self.recording.run_to(next, &mut || {
                slices += 1;
                slices > 100 // one tenth of a second is not worth more
            });
            if !arrived || self.recording.sim().steps() > ANSWER_STEPS {
                self.played.too_long = true;
                return false;
            }
        }
        true
    }

    fn begin(&mut self, scenario: &Scenario) {
        self.recording = Recording::new(scenario);
        self.played.runs += 1;
    }

    /// Does what the step asks for.
    fn respond(&mut self, i: usize) {
        match self.played.play.waits() {
            Waits::Nothing => return,
            Waits::Answer if self.manner != Manner::Silent => self.answer(i),
            Waits::Task if self.played.play.done_already(&Seen::of(&self.base, &self.recording)) => {
                self.played.idle.push(i);
            }
            Waits::Task if self.manner != Manner::Silent => return self.do_it(i),
            _ => {}
        }
        self.played.play.go_on(&Seen::of(&self.base, &self.recording));
    }

    fn answer(&mut self, i: usize) {
        let seen = Seen::of(&self.base, &self.recording);
        let Some(question) = self.played.play.lesson().steps.get(i).and_then(|s| s.question.as_ref()) else { return };
        if is_late(question, &seen) {
            self.played.late.push(i);
        }
        if let Some(Truth::Options(right)) = seen.truth(question) {
            self.played.right.push((i, right));
        }
        let given =
            seen.truth(question).filter(|_| !seen.takes_anything(question)).and_then(|truth| match self.manner {
                Manner::Wrong => question.wrong(&truth),
                _ => Some(question.write(&truth)),
            });
        let trouble = || seen.trouble(question);
        let Some(given) = given else { return self.played.unanswerable.push((i, trouble())) };
        if self.played.play.answer(&given, &seen).is_none() {
            self.played.unanswerable.push((i, "cannot be answered"));
        }
    }

    fn do_it(&mut self, i: usize) {
        let Some(deed) = self.played.play.lesson().steps.get(i).and_then(|s| s.task.as_ref()).map(|t| t.deed.clone())
        else {
            return;
        };
        let done = match deed {
            Deed::Command(command) => self.recording.act(command).is_ok(),
            Deed::Value(..) => match deed.value() {
                Some(value) => {
                    let scenario = changed(self.recording.scenario(), &[value]);
                    self.begin(&scenario);
                    true
                }
                None => false,
            },
        };
        let seen = Seen::of(&self.base, &self.recording);
        // Looking is what recognises it; what comes with it is shown by the next look.
        if !done || !self.played.play.notices(&seen) {
            self.played.impossible.push(i);
            self.played.play.go_on(&seen);
        }
    }
}

/// Does it ask for an instant after the end of its run?
fn is_late(question: &Question, seen: &Seen) -> bool {
    let beyond = |with: &Option<Vec<(Key, i64)>>, at: At| match (at, with) {
        (At::Time(at), None) => at > seen.sim.end(),
        (At::Time(at), Some(with)) => at > Simulation::new(&changed(seen.base, with)).end(),
        _ => false,
    };
    let late = |probe: &Probe| beyond(&probe.with, probe.at);
    match &question.answer {
        Answer::Number { probe, .. } | Answer::Node(probe) => late(probe),
        Answer::Choice { options, pick: Some(pick) } => options.iter().any(|option| beyond(&option.with, pick.at)),
        Answer::Choice { options, pick: None } => options
            .iter()
            .filter_map(|option| option.is.as_ref())
            .any(|is| late(&is.left) || matches!(&is.right, Right::Probe(probe) if late(probe))),
    }
}
