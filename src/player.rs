//! A run that is being watched: play, pause, pace, seek, change, steer. Pure: the page tells it how much wall time went by.
use std::collections::VecDeque;
use std::rc::Rc;

use crate::metrics::Milestone;
use crate::params::{Issue, Params};
use crate::scenario::{Command, Scenario};
use crate::sim::Simulation;
use crate::view::{Micros, View};

mod pace;

use pace::Pacer;
pub use pace::{FASTEST, SLOWEST, Speed, auto_pace};

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

/// Steps between two looks at the clock.
const SLICE: u32 = 4_000;

/// A run being watched.
#[derive(Debug)]
pub struct Player {
    scenario: Scenario,
    chosen: Params,
    sim: Simulation,
    commands: Vec<(Micros, Command)>,
    replayed: usize,
    paused: bool,
    pacer: Pacer,
    carry: u64,
    touched: bool,
    asked: bool,
    asking: bool,
    stops: Vec<Milestone>,
    seeks: VecDeque<Seek>,
    told: usize,
    known: Vec<(Milestone, Micros)>,
    news: Vec<News>,
}

impl Player {
    /// Watches the scenario with these values. Contradictions are settled by lowering the dependent value.
    pub fn new(base: Scenario, chosen: Params) -> Player {
        let scenario = Scenario { params: chosen.effective_lenient().0, ..base };
        let sim = Simulation::new(&scenario);
        Player {
            scenario,
            chosen,
            sim,
            commands: Vec::new(),
            replayed: 0,
            paused: true,
            pacer: Pacer::default(),
            carry: 0,
            touched: false,
            asked: false,
            asking: false,
            stops: Vec::new(),
            seeks: VecDeque::new(),
            told: 0,
            known: Vec::new(),
            news: Vec::new(),
        }
    }

    /// What runs, with its effective values.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// The values somebody chose, before contradictions were settled.
    pub fn chosen(&self) -> &Params {
        &self.chosen
    }

    /// The simulation, for reading.
    pub fn sim(&self) -> &Simulation {
        &self.sim
    }

    /// Is it paused?
    pub fn paused(&self) -> bool {
        self.paused
    }

    /// Does it wait for an answer to "Which leader is right?"
    pub fn asking(&self) -> bool {
        self.asking
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
        &self.known
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

    /// Plays; from the start if it was over.
    pub fn play(&mut self) {
        self.asking = false;
        if self.over() {
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

    /// Back to the start, with the same values; what people did to the cluster is forgotten.
    pub fn restart(&mut self) {
        self.commands.clear();
        self.known.clear();
        self.told = 0;
        self.asking = false;
        self.rewind();
    }

    /// Nothing more will happen: the run is at its end, or hit a limit.
    fn over(&self) -> bool {
        self.sim.now() >= self.sim.end() || self.sim.stopped().is_some()
    }

    fn rewind(&mut self) {
        self.sim = Simulation::new(&self.scenario);
        self.replayed = 0;
        self.carry = 0;
        self.pacer.rewind();
    }

    /// Runs another scenario, or the same with other values, from the start.
    pub fn change(&mut self, base: Scenario, chosen: Params) {
        self.scenario = Scenario { params: chosen.effective_lenient().0, ..base };
        self.chosen = chosen;
        self.restart();
        self.news.push(News::ParamChange);
    }

    /// Does something to the cluster, now. What people did later than now did not happen any more.
    pub fn act(&mut self, command: Command) -> Result<(), Issue> {
        self.sim.apply(command)?;
        self.commands.truncate(self.replayed);
        self.commands.push((self.sim.now(), command));
        self.replayed = self.commands.len();
        let now = self.sim.now();
        self.known.retain(|(_, at)| *at <= now);
        self.told = self.told.min(self.known.len());
        Ok(())
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
                Target::Time(at) => Some(at.min(self.sim.end())),
                Target::Milestone(m) => self.known.iter().find(|(k, _)| *k == m).map(|(_, at)| *at),
            };
            moved = true;
            if let Some(at) = target {
                if at < self.sim.now() {
                    self.rewind();
                }
                if !self.run_to(at, spent) {
                    return true;
                }
                self.arrive(seek, News::Arrived(seek.id));
            } else if self.over() {
                let Target::Milestone(m) = seek.target else { return true };
                self.arrive(seek, News::Never(seek.id, m));
            } else {
                // Look for it a second at a time; once it is known, the loop above goes exactly there.
                let next = (self.sim.now() + 1_000_000).min(self.sim.end());
                if !self.run_to(next, spent) {
                    return true;
                }
                self.look();
            }
        }
        moved
    }

    fn arrive(&mut self, seek: Seek, news: News) {
        self.seeks.pop_front();
        self.look();
        if seek.id != 0 {
            self.news.push(news);
        }
        if seek.resume && !self.over() {
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
            return false;
        }
        self.pacer.spend(wall);
        let micros = wall * u64::from(self.pacer.now) + self.carry;
        self.carry = micros % 1000;
        let until = (self.sim.now() + micros / 1000).min(self.sim.end());
        // What did not fit into the frame is not owed: the run is slower then, it never freezes the page.
        self.run_to(until, spent);
        if self.over() {
            self.pause();
            self.news.push(News::Ended);
        }
        true
    }

    /// Advances, doing again what people did on the way. True: arrived.
    fn run_to(&mut self, until: Micros, spent: &mut dyn FnMut() -> bool) -> bool {
        loop {
            let due = self.commands.get(self.replayed).filter(|(at, _)| *at <= until).copied();
            let stop = due.map_or(until, |(at, _)| at);
            while !self.sim.advance(stop, SLICE) {
                if spent() {
                    return false;
                }
            }
            let Some((_, command)) = due else { return true };
            // It was possible the first time, and the run is the same to the byte.
            let again = self.sim.apply(command);
            debug_assert!(again.is_ok(), "{command:?} cannot be repeated");
            self.replayed += 1;
        }
    }

    /// Looks at the picture: learns what happened, adapts the pace, and stops where it should.
    pub fn look(&mut self) -> Rc<View> {
        let view = self.sim.view();
        if view.milestones.len() > self.known.len() {
            self.known.clone_from(&view.milestones);
        }
        while let Some(&(m, at)) = self.known.get(self.told) {
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
