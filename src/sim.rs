//! The simulation: it alone owns state, time and chance.
use crate::metrics::Sample;
use crate::params::Issue;
use crate::scenario::{Command, Scenario};
use crate::view::{Flight, Micros, View};

/// A run.
#[derive(Clone, Debug)]
pub struct Simulation {
    scenario: Scenario,
    now: Micros,
}

impl Simulation {
    /// Prepares a run. The scenario must have passed [`Scenario::check`].
    pub fn new(scenario: &Scenario) -> Simulation {
        Simulation { scenario: scenario.clone(), now: 0 }
    }
    /// Simulated time.
    pub fn now(&self) -> Micros {
        self.now
    }
    /// Where the run ends.
    pub fn end(&self) -> Micros {
        300_000_000
    }
    /// What is being run.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }
    /// Runs until `until`, or until `budget` steps are spent. True: `until` was reached.
    pub fn advance(&mut self, until: Micros, budget: u32) -> bool {
        let _ = budget;
        self.now = until;
        true
    }
    /// Does something to the cluster, now.
    pub fn apply(&mut self, command: Command) -> Result<(), Issue> {
        let _ = command;
        Ok(())
    }
    /// The picture.
    pub fn view(&self) -> View {
        unimplemented!()
    }
    /// Messages sent lately, in order of sending.
    pub fn flights(&self) -> impl Iterator<Item = Flight> + '_ {
        std::iter::empty()
    }
    /// The charts' points, oldest first.
    pub fn history(&self) -> &[Sample] {
        &[]
    }
    /// How often the cluster was steered by hand (commands applied).
    pub fn trace_hash(&self) -> u64 {
        0
    }
}
