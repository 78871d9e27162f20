//! A run one can go back in: a scenario, what people did and when, checkpoints on the way, and simulating again from the
//! nearest one. A checkpoint is a copy of the simulation, so what is reached again is the same to the byte.
use std::collections::VecDeque;
use std::ops::Range;

use crate::event::{Event, EventId};
use crate::limits::{NEAR_CHECKPOINTS, RECORDING_BYTES};
use crate::params::Issue;
use crate::scenario::{Command, Scenario};
use crate::sim::Simulation;
use crate::view::Micros;

/// Copying a simulation takes 10 kB gzip of code. The first picture's module does without, and simulates again from the beginning.
const CHECKPOINTS: bool = cfg!(feature = "checkpoints");
/// Steps between two looks at the clock, and at whether a checkpoint is due.
const SLICE: u32 = 4_000;
/// Steps between two checkpoints of a run, until they are too many: about 2 ms natively.
const SPACING: u64 = 20_000;
/// Steps between the latest ones, which make stepping back quick.
const NEAR_SPACING: u64 = 8_000;

/// A copy of the simulation, and how many commands it has seen.
#[derive(Clone, Debug)]
struct Checkpoint {
    sim: Simulation,
    replayed: usize,
    weight: usize,
}

/// See the module's first lines.
#[derive(Debug)]
pub struct Recording {
    scenario: Scenario,
    commands: Vec<(Micros, Command)>,
    sim: Simulation,
    replayed: usize,
    furthest: Micros,
    /// By time.
    kept: Vec<Checkpoint>,
    /// The latest ones before the present, closer together.
    near: VecDeque<Checkpoint>,
    spacing: u64,
    /// It serves one look beside the present, and keeps nothing.
    aside: bool,
}

impl Recording {
    /// At time zero; nobody has done anything yet. The scenario must have passed [`Scenario::check`].
    pub fn new(scenario: &Scenario) -> Recording {
        Recording::with(scenario, Vec::new(), 0)
    }

    /// At time zero, with what people will do, by time, and the latest instant that was ever simulated. Commands that turn out to be
    /// impossible are left out on the way.
    pub fn with(scenario: &Scenario, commands: Vec<(Micros, Command)>, furthest: Micros) -> Recording {
        Recording {
            scenario: scenario.clone(),
            commands,
            sim: Simulation::new(scenario),
            replayed: 0,
            furthest,
            kept: Vec::new(),
            near: VecDeque::new(),
            spacing: SPACING,
            aside: false,
        }
    }

    /// What runs.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// What people did and will do, by time.
    pub fn commands(&self) -> &[(Micros, Command)] {
        &self.commands
    }

    /// The present.
    pub fn sim(&self) -> &Simulation {
        &self.sim
    }

    /// The latest instant that was ever simulated, µs.
    pub fn furthest(&self) -> Micros {
        self.furthest
    }

    /// Is there a future: was more simulated than the present, or is something planned?
    pub fn has_future(&self) -> bool {
        self.furthest > self.sim.now() || self.replayed < self.commands.len()
    }

    /// Nothing more will happen: the run is at its end, or hit a limit.
    pub fn over(&self) -> bool {
        self.sim.now() >= self.sim.end() || self.sim.stopped().is_some()
    }

    /// About how much memory all this takes, in bytes.
    pub fn weight(&self) -> usize {
        self.kept.iter().chain(&self.near).map(|c| c.weight).sum::<usize>() + self.sim.weight()
    }

    /// Checkpoints there are.
    pub fn checkpoints(&self) -> usize {
        self.kept.len() + self.near.len()
    }

    /// Does something to the cluster, now. Whatever people had done later has not happened. Errors: there is no such node, or
    /// it cannot do that; then nothing has changed.
    pub fn act(&mut self, command: Command) -> Result<(), Issue> {
        let now = self.sim.now();
        // Whatever else is due at this instant comes first: so it will when this is simulated again.
        while !self.sim.advance(now, SLICE) {}
        self.sim.apply(command)?;
        self.forget_future();
        self.commands.push((now, command));
        self.replayed += 1;
        Ok(())
    }

    /// Whatever was simulated or planned beyond the present has not happened.
    pub fn forget_future(&mut self) {
        let now = self.sim.now();
        self.commands.truncate(self.replayed);
        self.furthest = now;
        self.kept.retain(|c| c.sim.now() < now);
        self.near.retain(|c| c.sim.now() < now);
    }

    /// The latest checkpoint that `fits`.
    fn best(&self, fits: &dyn Fn(&Simulation) -> bool) -> Option<&Checkpoint> {
        self.kept.iter().chain(&self.near).filter(|c| fits(&c.sim)).max_by_key(|c| c.sim.steps())
    }

    /// Puts the latest checkpoint that `fits`, or the beginning, in the place of the present, unless that lies between it and
    /// the goal.
    fn return_to(&mut self, keep_present: bool, fits: &dyn Fn(&Simulation) -> bool) {
        let best = if CHECKPOINTS { self.best(fits) } else { None };
        if keep_present && fits(&self.sim) && best.is_none_or(|b| self.sim.steps() >= b.sim.steps()) {
            return;
        }
        (self.sim, self.replayed) = match best {
            Some(best) if CHECKPOINTS => (best.sim.clone(), best.replayed),
            _ => (Simulation::new(&self.scenario), 0),
        };
        let steps = self.sim.steps();
        self.near.retain(|c| c.sim.steps() <= steps);
    }

    /// Goes to an instant, in either direction; beyond the end it is the end. `spent` says when the time is up. True: arrived;
    /// otherwise call again.
    pub fn seek(&mut self, at: Micros, spent: &mut dyn FnMut() -> bool) -> bool {
        let at = at.min(self.sim.end());
        self.return_to(true, &|sim| sim.now() <= at);
        self.run_to(at, spent)
    }

    /// Advances, doing again what people did on the way. True: arrived.
    pub fn run_to(&mut self, until: Micros, spent: &mut dyn FnMut() -> bool) -> bool {
        loop {
            let due = self.commands.get(self.replayed).filter(|(at, _)| *at <= until).copied();
            let stop = due.map_or(until, |(at, _)| at);
            while !self.sim.advance(stop, SLICE) {
                self.remember();
                if spent() {
                    return false;
                }
            }
            self.remember();
            let Some((_, command)) = due else { return true };
            self.repeat(command);
        }
    }

    /// Does again what somebody did; what was never possible is forgotten.
    fn repeat(&mut self, command: Command) {
        match self.sim.apply(command) {
            Ok(()) => self.replayed += 1,
            Err(_) => drop(self.commands.remove(self.replayed)),
        }
    }

    /// Keeps a checkpoint if one is due.
    fn remember(&mut self) {
        self.furthest = self.furthest.max(self.sim.now());
        if !CHECKPOINTS || self.aside {
            return;
        }
        let end = self.kept.last().map_or(0, |c| c.sim.steps());
        let steps = self.sim.steps();
        let last = self.kept.iter().rev().map(|c| c.sim.steps()).find(|s| *s <= steps).unwrap_or(0);
        let nearest = self.near.back().map_or(0, |c| c.sim.steps()).max(last);
        let far = steps >= end + self.spacing;
        if !far && steps < nearest + NEAR_SPACING {
            return;
        }
        let weight = self.sim.weight();
        if weight > RECORDING_BYTES / 6 {
            return; // a run this heavy is simulated again from further back
        }
        let checkpoint = Checkpoint { sim: self.sim.clone(), replayed: self.replayed, weight };
        if far {
            self.kept.push(checkpoint);
            self.thin();
        } else {
            self.near.push_back(checkpoint);
            if self.near.len() > NEAR_CHECKPOINTS {
                self.near.pop_front();
            }
        }
    }

    /// Drops every second checkpoint while they take too much memory.
    fn thin(&mut self) {
        while self.weight() > RECORDING_BYTES && self.kept.len() > 2 {
            let mut i = 0;
            self.kept.retain(|_| {
                i += 1;
                i % 2 == 1
            });
            self.spacing *= 2;
        }
    }

    /// Executes the next step, or the next thing that people did. False: the run is over.
    fn one(&mut self) -> bool {
        let end = self.sim.end();
        let next = self.sim.next_at().unwrap_or(Micros::MAX);
        match self.commands.get(self.replayed).copied() {
            Some((at, command)) if next > at && at <= end => {
                self.sim.advance(at, 1);
                self.repeat(command);
            }
            _ if self.sim.stopped().is_some() => return false,
            _ if next <= end && self.sim.step() => {}
            _ => {
                let was = (self.sim.now(), self.sim.event_count());
                self.sim.advance(end, 1);
                return was != (self.sim.now(), self.sim.event_count());
            }
        }
        true
    }

    /// Goes on until something has happened. False: nothing more will.
    pub fn step_forward(&mut self) -> bool {
        let before = self.sim.event_count();
        while self.sim.event_count() == before {
            if !self.one() {
                return false;
            }
        }
        self.remember();
        true
    }

    /// Goes back to the instant before the last thing that happened: right after the one before. False: nothing has happened.
    pub fn step_back(&mut self) -> bool {
        let (now, count) = (self.sim.now(), self.sim.event_count());
        let mut least = count;
        while least > 0 {
            self.return_to(false, &|sim| sim.event_count() < least);
            let start = self.sim.event_count();
            // The counts after the last two moments at which something happened, and when the last was.
            let (mut last, mut before, mut at) = (0, 0, 0);
            while self.sim.event_count() < count && self.one() {
                self.remember();
                if self.sim.event_count() > last.max(start) {
                    (before, last, at) = (last, self.sim.event_count(), self.sim.now());
                }
            }
            let wanted = if at < now { last } else { before };
            if wanted > 0 || start == 0 {
                return self.after(wanted);
            }
            least = start.min(least - 1);
        }
        false
    }

    /// Goes to the moment right after which so many events had happened.
    fn after(&mut self, count: EventId) -> bool {
        self.return_to(false, &|sim| sim.event_count() < count);
        while self.sim.event_count() < count && self.one() {}
        true
    }

    /// Simulates a stretch again beside the present and shows every event whose number is in `ids`, in order, with the state
    /// right after it; also what lies ahead. Stops when `visit` says false.
    pub fn replay(&self, ids: Range<EventId>, visit: &mut dyn FnMut(&Simulation, &Event) -> bool) {
        let mut again = self.beside(&|sim| sim.event_count() < ids.start.max(1));
        while again.sim.event_count() + 1 < ids.end {
            let before = again.sim.event_count();
            if !again.one() {
                return;
            }
            for event in again.sim.events().iter().filter(|e| e.id > before && ids.contains(&e.id)) {
                if !visit(&again.sim, event) {
                    return;
                }
            }
        }
    }

    /// The state at an instant, simulated beside the present.
    pub fn at(&self, at: Micros) -> Simulation {
        let mut again = self.beside(&|sim| sim.now() <= at);
        again.run_to(at.min(self.sim.end()), &mut || false);
        again.sim
    }

    /// The same run at the latest checkpoint that `fits`, without checkpoints of its own.
    fn beside(&self, fits: &dyn Fn(&Simulation) -> bool) -> Recording {
        let best = self.best(fits);
        Recording {
            scenario: self.scenario.clone(),
            commands: self.commands.clone(),
            sim: best.map_or_else(|| Simulation::new(&self.scenario), |c| c.sim.clone()),
            replayed: best.map_or(0, |c| c.replayed),
            furthest: 0,
            kept: Vec::new(),
            near: VecDeque::new(),
            spacing: SPACING,
            aside: true,
        }
    }
}
