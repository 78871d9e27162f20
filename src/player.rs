//! Runs that are being watched: play, pause, pace, seek, step, change, steer, fork. Pure: the page tells it how much wall time
//! went by.
use std::collections::VecDeque;
use std::rc::Rc;

use crate::metrics::Milestone;
use crate::params::{Issue, Params};
use crate::recording::Recording;
use crate::scenario::{Command, Scenario};
use crate::sim::Simulation;
use crate::view::{Micros, View};

mod handover;
mod pace;
mod runs;

use pace::Pacer;
pub use pace::{FASTEST, SLOWEST, Speed, auto_pace};
pub use runs::{Run, RunId};

/// Where to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// An instant; beyond the end it is the end.
    Time(Micros),
    /// The instant at which something happens.
    Milestone(Milestone),
}

/// A journey that somebody waits for.
#[derive(Clone, Copy, Debug)]
struct Seek {
    /// Who asked: 0 is the slider, which nobody answers.
    id: u32,
    target: Target,
    /// Does it play on when it arrives?
    resume: bool,
}

/// What a watcher may want to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// It plays.
    Play,
    /// It stopped.
    Pause,
    /// It reached the end.
    Ended,
    /// Something happened for the first time in this run.
    Milestone(Milestone, Micros),
    /// It runs with other values, from the start.
    ParamChange,
    /// A seek arrived.
    Arrived(u32),
    /// A seek never will.
    Never(u32, Milestone),
}

/// The run being watched, and the others.
#[derive(Debug)]
pub struct Player {
    run: Run,
    recording: Recording,
    /// Runs that are not shown: what was before a fork or a change.
    others: Vec<Run>,
    last_id: RunId,
    /// Shown beside it, at the same time.
    twin: Option<(RunId, Recording)>,
    paused: bool,
    pacer: Pacer,
    carry: u64,
    touched: bool,
    asked: bool,
    asking: bool,
    stops: Vec<Milestone>,
    /// Playing goes no further.
    limit: Option<Micros>,
    seeks: VecDeque<Seek>,
    told: usize,
    news: Vec<News>,
}

impl Player {
    /// Watches the scenario with these values. Contradictions are settled by lowering the dependent value.
    pub fn new(base: Scenario, chosen: Params) -> Player {
        let run = Run::new(1, base, chosen, Vec::new());
        Player {
            recording: run.record(),
            run,
            others: Vec::new(),
            last_id: 1,
            twin: None,
            paused: true,
            pacer: Pacer::default(),
            carry: 0,
            touched: false,
            asked: false,
            asking: false,
            stops: Vec::new(),
            limit: None,
            seeks: VecDeque::new(),
            told: 0,
            news: Vec::new(),
        }
    }

    /// What runs, with its effective values.
    pub fn scenario(&self) -> &Scenario {
        self.recording.scenario()
    }

    /// The values somebody chose, before contradictions were settled.
    pub fn chosen(&self) -> &Params {
        &self.run.chosen
    }

    /// The simulation, for reading.
    pub fn sim(&self) -> &Simulation {
        self.recording.sim()
    }

    /// Is it paused?
    pub fn paused(&self) -> bool {
        self.paused
    }

    /// Does it wait for an answer to "Which leader is right?"
    pub fn asking(&self) -> bool {
        self.asking
    }

    /// The question was put aside.
    pub fn hush(&mut self) {
        self.asking = false;
    }

    /// Is a seek under way?
    pub fn seeking(&self) -> bool {
        !self.seeks.is_empty()
    }

    /// The chosen speed.
    pub fn speed(&self) -> Speed {
        self.pacer.speed
    }

    /// The speed right now, in thousandths.
    pub fn pace(&self) -> u32 {
        self.pacer.now
    }

    /// Everything that happened in this run so far, also what lies ahead after going back.
    pub fn known(&self) -> &[(Milestone, Micros)] {
        &self.run.known
    }

    /// Takes what happened since the last call.
    pub fn take_news(&mut self) -> Vec<News> {
        std::mem::take(&mut self.news)
    }

    /// From now on somebody else steers: it does not stop by itself any more.
    pub fn touch(&mut self) {
        self.touched = true;
    }

    /// Stops when these happen.
    pub fn stop_at(&mut self, stops: Vec<Milestone>) {
        self.stops = stops;
    }

    /// Plays no further than this instant, unless somebody plays on from there.
    pub fn end_at(&mut self, limit: Option<Micros>) {
        self.limit = limit;
    }

    /// Plays; from the start if it was over.
    pub fn play(&mut self) {
        self.asking = false;
        if self.recording.over() {
            self.rewind();
        }
        if self.paused {
            self.paused = false;
            self.news.push(News::Play);
        }
    }

    /// Pauses.
    pub fn pause(&mut self) {
        if !self.paused {
            self.paused = true;
            self.news.push(News::Pause);
        }
    }

    /// Chooses a speed.
    pub fn set_speed(&mut self, speed: Speed) {
        self.pacer.choose(speed);
    }

    /// Back to the start, with the same values. What people did to the cluster has not happened; it stays as another run.
    pub fn restart(&mut self) {
        if self.recording.commands().is_empty() {
            self.run.known.clear();
            self.told = 0;
            self.asking = false;
            return self.rewind();
        }
        let base = self.scenario().clone();
        let chosen = self.run.chosen.clone();
        self.begin(base, chosen);
    }

    fn rewind(&mut self) {
        self.recording.seek(0, &mut || false);
        self.carry = 0;
        self.pacer.rewind();
    }

    /// Shows another run from its start; the one that was shown stays among the others.
    fn begin(&mut self, base: Scenario, chosen: Params) {
        let from = if self.keep() { Some((self.run.id, 0)) } else { self.run.from };
        let id = self.new_id();
        self.run = Run::new(id, base, chosen, Vec::new());
        self.run.from = from;
        self.recording = self.run.record();
        (self.told, self.asking) = (0, false);
        self.rewind();
    }

    /// Runs another scenario, or the same with other values, from the start.
    pub fn change(&mut self, base: Scenario, chosen: Params) {
        self.begin(base, chosen);
        self.news.push(News::ParamChange);
    }

    /// Does something to the cluster, now. In the past it forks: the future that was known stays as another run.
    pub fn act(&mut self, command: Command) -> Result<(), Issue> {
        let past = self.recording.has_future().then(|| self.copy());
        self.recording.act(command)?;
        if let Some(past) = past {
            self.fork_off(past);
        }
        self.forget_future();
        Ok(())
    }

    /// What was known to lie ahead has not happened.
    fn forget_future(&mut self) {
        let now = self.sim().now();
        self.run.known.retain(|(_, at)| *at <= now);
        self.told = self.told.min(self.run.known.len());
    }

    /// Goes somewhere. `id` 0 is the slider: it replaces the slider's earlier wish, and nobody is answered.
    pub fn seek(&mut self, id: u32, target: Target) {
        self.asking = false;
        let resume = id == 0 && !self.paused || self.seeks.back().is_some_and(|s| s.id == 0 && s.resume && id == 0);
        if id == 0 {
            self.seeks.retain(|s| s.id != 0);
        }
        self.seeks.push_back(Seek { id, target, resume });
        if !resume {
            self.pause();
        }
    }

    /// Works on seeks until done or `spent` says that the time is up. True: something moved.
    pub fn work(&mut self, spent: &mut dyn FnMut() -> bool) -> bool {
        let mut moved = false;
        while let Some(seek) = self.seeks.front().copied() {
            let target = match seek.target {
                Target::Time(at) => Some(at),
                Target::Milestone(m) => self.known().iter().find(|(k, _)| *k == m).map(|(_, at)| *at),
            };
            moved = true;
            let recording = &mut self.recording;
            if let Some(at) = target {
                if !recording.seek(at, spent) {
                    return true;
                }
                self.arrive(seek, News::Arrived(seek.id));
            } else if recording.over() {
                let Target::Milestone(m) = seek.target else { return true };
                self.arrive(seek, News::Never(seek.id, m));
            } else {
                // Look for it a second at a time; once it is known, the loop above goes exactly there.
                let next = (recording.sim().now() + 1_000_000).min(recording.sim().end());
                if !recording.run_to(next, spent) {
                    return true;
                }
                self.look();
            }
        }
        moved | self.follow(spent)
    }

    /// To the next (true) or the previous thing that happens, and stays there.
    pub fn step(&mut self, forward: bool) {
        self.pause();
        self.asking = false;
        let recording = &mut self.recording;
        if forward {
            recording.step_forward()
        } else {
            recording.step_back()
        };
        self.look();
    }

    fn arrive(&mut self, seek: Seek, news: News) {
        self.seeks.pop_front();
        self.look();
        if seek.id != 0 {
            self.news.push(news);
        }
        if seek.resume && !self.recording.over() {
            self.play();
        } else {
            self.pause();
        }
    }

    /// Lets wall time (µs) go by. Returns true when the picture moved.
    pub fn frame(&mut self, wall: u64, spent: &mut dyn FnMut() -> bool) -> bool {
        if self.seeking() {
            return self.work(spent);
        }
        if self.paused {
            return self.follow(spent);
        }
        let until = self.due(wall);
        self.go(until, spent)
    }

    /// Where so much wall time (µs) leads at the present pace.
    pub fn due(&mut self, wall: u64) -> Micros {
        self.pacer.spend(wall);
        let micros = wall * u64::from(self.pacer.now) + self.carry;
        self.carry = micros % 1000;
        let now = self.sim().now();
        let limit = self.limit.filter(|at| *at > now).unwrap_or(Micros::MAX);
        (now + micros / 1000).min(self.sim().end()).min(limit)
    }

    /// Plays on to an instant. Returns true: the picture moved.
    pub fn go(&mut self, until: Micros, spent: &mut dyn FnMut() -> bool) -> bool {
        let recording = &mut self.recording;
        // What did not fit into the frame is not owed: the run is slower then, it never freezes the page.
        recording.run_to(until, spent);
        let over = recording.over();
        let stop = self.sim().now() == self.limit.unwrap_or(Micros::MAX);
        self.follow(spent);
        if stop && !over {
            self.pause();
        }
        if over {
            self.pause();
            self.news.push(News::Ended);
        }
        true
    }

    /// Looks at the picture: learns what happened, adapts the pace, and stops where it should.
    pub fn look(&mut self) -> Rc<View> {
        let view = self.sim().view();
        let known = &mut self.run.known;
        if view.milestones.len() > known.len() {
            known.clone_from(&view.milestones);
        }
        while let Some(&(m, at)) = self.run.known.get(self.told) {
            self.told += 1;
            self.news.push(News::Milestone(m, at));
            if self.stops.contains(&m) && !self.seeking() {
                self.pause();
            }
            if m == Milestone::FirstDeadLetter && !self.touched && !self.asked && !self.paused && view.leaders > 1 {
                self.asked = true;
                self.asking = true;
                self.pause();
            }
        }
        self.pacer.look(&view);
        Rc::new(view)
    }
}
