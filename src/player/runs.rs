//! The runs a watcher has: the one that is shown, what was before a fork or a change, and the one beside it.
use super::Player;
use crate::limits::MAX_RUNS;
use crate::metrics::Milestone;
use crate::params::Params;
use crate::recording::Recording;
use crate::scenario::{Command, Scenario};
use crate::view::Micros;

/// A run's number, from 1.
pub type RunId = u32;

/// A run that somebody watched for less, and did nothing in, is not worth keeping, µs of simulated time.
const GLIMPSE: Micros = 1_000_000;

/// One course of events.
#[derive(Clone, Debug)]
pub struct Run {
    /// Its number.
    pub id: RunId,
    /// The name that somebody gave it; "" as long as nobody did.
    pub name: String,
    /// The run it was forked from or changed from, and when it left that (0: from the start).
    pub from: Option<(RunId, Micros)>,
    /// The values somebody chose, before contradictions were settled.
    pub chosen: Params,
    /// All that happened in it as far as it was ever simulated, by time.
    pub known: Vec<(Milestone, Micros)>,
    pub(super) recording: Recording,
}

impl Run {
    pub(super) fn new(id: RunId, base: Scenario, chosen: Params) -> Run {
        Run::with(id, base, chosen, Vec::new())
    }

    /// A run in which people will have done this.
    pub(super) fn with(id: RunId, base: Scenario, chosen: Params, commands: Vec<(Micros, Command)>) -> Run {
        let scenario = Scenario { params: chosen.effective_lenient().0, ..base };
        let recording = Recording::with(&scenario, commands);
        Run { id, name: String::new(), from: None, chosen, known: Vec::new(), recording }
    }

    /// The same without its checkpoints.
    pub(super) fn copy(&self) -> Run {
        let mut copy = self.clone();
        copy.recording.shrink();
        copy
    }

    /// What it is made of: scenario, actions, and the way back.
    pub fn recording(&self) -> &Recording {
        &self.recording
    }
}

impl Player {
    pub(super) fn new_id(&mut self) -> RunId {
        self.last_id += 1;
        self.last_id
    }

    /// Puts the run that is shown among the others, unless there is nothing in it to come back to.
    pub(super) fn keep(&mut self) {
        let run = &self.run;
        let seen = run.recording.furthest() >= GLIMPSE || !run.recording.commands().is_empty();
        if seen || !run.name.is_empty() {
            let copy = self.run.copy();
            self.put(copy);
        }
    }

    /// Keeps a run. Beyond the limit the oldest that has no name goes.
    fn put(&mut self, run: Run) {
        if self.others.len() + 1 >= MAX_RUNS {
            let twin = self.twin;
            let dispensable = |r: &Run| r.name.is_empty() && Some(r.id) != twin;
            let at = self.others.iter().position(dispensable).unwrap_or(0);
            self.others.remove(at);
        }
        self.others.push(run);
    }

    /// The run that is shown left `past` just now.
    pub(super) fn fork_off(&mut self, past: Run) {
        self.run.from = Some((past.id, self.sim().now()));
        self.run.id = self.new_id();
        self.run.name.clear();
        self.put(past);
    }

    /// From here on another run is shown, the same up to now; the one that was shown stays as it is.
    pub fn fork(&mut self) {
        let past = self.run.copy();
        self.fork_off(past);
        self.run.recording.forget_future();
        self.forget_future();
    }

    /// The run that is shown.
    pub fn run(&self) -> &Run {
        &self.run
    }

    /// All runs, oldest first.
    pub fn runs(&self) -> Vec<&Run> {
        let mut runs: Vec<&Run> = self.others.iter().chain([&self.run]).collect();
        crate::order::sort_few(&mut runs, |run| run.id);
        runs
    }

    /// The run of this number.
    pub fn find(&self, id: RunId) -> Option<&Run> {
        self.others.iter().chain([&self.run]).find(|run| run.id == id)
    }

    /// Adds a run without showing it: what somebody will have done in this scenario.
    pub fn add(&mut self, base: Scenario, chosen: Params, commands: Vec<(Micros, Command)>) -> RunId {
        let id = self.new_id();
        self.put(Run { from: Some((self.run.id, 0)), ..Run::with(id, base, chosen, commands) });
        id
    }

    /// Shows another run, at the same time. False: there is none of this number.
    pub fn show(&mut self, id: RunId) -> bool {
        let Some(at) = self.others.iter().position(|run| run.id == id) else { return id == self.run.id };
        let now = self.sim().now();
        if self.twin == Some(id) {
            self.twin = Some(self.run.id); // they change places
        }
        std::mem::swap(&mut self.run, &mut self.others[at]);
        if self.twin != Some(self.others[at].id) {
            self.others[at].recording.shrink();
        }
        self.told = self.run.known.len();
        self.asking = false;
        self.seek(0, super::Target::Time(now));
        true
    }

    /// Names a run; "" takes its name away.
    pub fn rename(&mut self, id: RunId, name: &str) {
        let short: String = name.trim().chars().take(60).collect();
        if let Some(run) = self.others.iter_mut().chain([&mut self.run]).find(|run| run.id == id) {
            run.name = short;
        }
    }

    /// Forgets a run that is not shown.
    pub fn delete(&mut self, id: RunId) {
        self.others.retain(|run| run.id != id);
        self.twin = self.twin.filter(|twin| *twin != id);
    }

    /// Shows this run beside the other one, on the same clock; `None`: none.
    pub fn compare(&mut self, id: Option<RunId>) {
        if let Some(twin) = self.twin_at() {
            self.others[twin].recording.shrink();
        }
        self.twin = id.filter(|id| self.others.iter().any(|run| run.id == *id));
    }

    /// The run beside it.
    pub fn twin(&self) -> Option<&Run> {
        self.twin_at().and_then(|at| self.others.get(at))
    }

    fn twin_at(&self) -> Option<usize> {
        self.others.iter().position(|run| Some(run.id) == self.twin)
    }

    /// Brings the run beside it to the same time. True: it moved.
    pub(super) fn follow(&mut self, spent: &mut dyn FnMut() -> bool) -> bool {
        let Some(at) = self.twin_at() else { return false };
        let now = self.sim().now();
        let run = &mut self.others[at];
        if run.recording.sim().now() == now.min(run.recording.sim().end()) {
            return false;
        }
        run.recording.seek(now, spent);
        let milestones = run.recording.sim().milestones();
        if milestones.len() > run.known.len() {
            run.known = milestones.to_vec();
        }
        true
    }
}
