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

/// One course of events: all that is needed to have it again.
#[derive(Clone, Debug)]
pub struct Run {
    /// Its number.
    pub id: RunId,
    /// The name that somebody gave it; "" as long as nobody did.
    pub name: String,
    /// The run it was forked from or changed from, and when it left that (0: from the start).
    pub from: Option<(RunId, Micros)>,
    /// What runs, with its effective values.
    pub scenario: Scenario,
    /// The values somebody chose, before contradictions were settled.
    pub chosen: Params,
    /// What people did and when, by time, if it is not being watched; otherwise the recording knows.
    pub did: Vec<(Micros, Command)>,
    /// All that happened in it as far as it was ever simulated, by time.
    pub known: Vec<(Milestone, Micros)>,
    /// The latest instant that was ever simulated.
    pub furthest: Micros,
}

impl Run {
    pub(super) fn new(id: RunId, base: Scenario, chosen: Params, did: Vec<(Micros, Command)>) -> Run {
        let scenario = Scenario { params: chosen.effective_lenient().0, ..base };
        Run { id, name: String::new(), from: None, scenario, chosen, did, known: Vec::new(), furthest: 0 }
    }

    pub(super) fn record(&self) -> Recording {
        Recording::with(&self.scenario, self.did.clone(), self.furthest)
    }
}

impl Player {
    pub(super) fn new_id(&mut self) -> RunId {
        self.last_id += 1;
        self.last_id
    }

    /// The run that is shown, as it can be kept.
    pub(super) fn copy(&self) -> Run {
        let did = self.recording.commands().to_vec();
        Run { did, furthest: self.recording.furthest(), ..self.run.clone() }
    }

    /// Puts the run that is shown among the others, unless there is nothing in it to come back to. True: it is kept.
    pub(super) fn keep(&mut self) -> bool {
        let copy = self.copy();
        let worth = copy.furthest >= GLIMPSE || !copy.did.is_empty() || !copy.name.is_empty();
        if worth {
            self.put(copy);
        }
        worth
    }

    /// Keeps a run. Beyond the limit the oldest that has no name goes.
    fn put(&mut self, run: Run) {
        if self.others.len() + 1 >= MAX_RUNS {
            let twin = self.twin_id();
            let at = self.others.iter().position(|r| r.name.is_empty() && Some(r.id) != twin).unwrap_or(0);
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
        let past = self.copy();
        self.fork_off(past);
        self.recording.forget_future();
        self.forget_future();
    }

    /// The run that is shown.
    pub fn run(&self) -> &Run {
        &self.run
    }

    /// The way back in the run that is shown.
    pub fn recording(&self) -> &Recording {
        &self.recording
    }

    /// The other runs.
    pub fn others(&self) -> &[Run] {
        &self.others
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
    pub fn add(&mut self, base: Scenario, chosen: Params, did: Vec<(Micros, Command)>) -> RunId {
        let id = self.new_id();
        self.put(Run { from: Some((self.run.id, 0)), ..Run::new(id, base, chosen, did) });
        id
    }

    /// Shows a run from its start in which people will have done this; the one that was shown stays among the others.
    pub fn open(&mut self, base: Scenario, chosen: Params, did: Vec<(Micros, Command)>, name: &str) {
        self.change(base, chosen);
        self.run.did = did;
        self.recording = self.run.record();
        self.rename(self.run.id, name);
    }

    /// Shows another run, at the same time. False: there is none of this number.
    pub fn show(&mut self, id: RunId) -> bool {
        let Some(at) = self.others.iter().position(|run| run.id == id) else { return id == self.run.id };
        let now = self.sim().now();
        let mut run = self.copy();
        std::mem::swap(&mut run, &mut self.others[at]);
        let shown = run.id;
        self.recording = match self.twin.take() {
            // They change places.
            Some((twin, recording)) if twin == shown => {
                let before = std::mem::replace(&mut self.recording, recording);
                self.twin = Some((self.run.id, before));
                self.run = run;
                return self.arrive_at(now);
            }
            twin => {
                self.twin = twin;
                run.record()
            }
        };
        self.run = run;
        self.arrive_at(now)
    }

    fn arrive_at(&mut self, now: Micros) -> bool {
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
        self.twin.take_if(|(twin, _)| *twin == id);
    }

    /// Shows this run beside the other one, on the same clock; `None`: none.
    pub fn compare(&mut self, id: Option<RunId>) {
        let other = self.others.iter().find(|run| Some(run.id) == id);
        self.twin = other.map(|run| (run.id, run.record()));
    }

    pub(super) fn twin_id(&self) -> Option<RunId> {
        self.twin.as_ref().map(|(id, _)| *id)
    }

    /// The run beside it, and the way back in that.
    pub fn twin(&self) -> Option<(&Run, &Recording)> {
        let (id, recording) = self.twin.as_ref()?;
        Some((self.find(*id)?, recording))
    }

    /// Brings the run beside it to the same time. True: it moved.
    pub(super) fn follow(&mut self, spent: &mut dyn FnMut() -> bool) -> bool {
        let now = self.sim().now();
        let Some((id, recording)) = &mut self.twin else { return false };
        if recording.sim().now() == now.min(recording.sim().end()) {
            return false;
        }
        recording.seek(now, spent);
        let milestones = recording.sim().milestones();
        if let Some(run) = self.others.iter_mut().find(|run| run.id == *id)
            && milestones.len() > run.known.len()
        {
            run.known = milestones.to_vec();
        }
        true
    }
}
