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

// ---- throw-away stub ----
#[allow(missing_docs)]
mod stub {
    use super::*;
    #[derive(Clone, Copy)]
    pub enum Outcome {
        Unfinished,
    }
    impl Outcome {
        pub fn name(self) -> &'static str {
            "unfinished"
        }
    }
    #[derive(Clone, Copy)]
    pub enum Mode {
        Leader,
    }
    impl Mode {
        pub fn name(self) -> &'static str {
            "leader"
        }
    }
    pub struct Verdict {
        pub outcome: Outcome,
        pub leaders: Vec<u8>,
        pub modes: Vec<(u8, Mode)>,
    }
    pub struct InvariantState {
        pub id: &'static str,
        pub says: &'static str,
        pub broken_at: Option<u64>,
    }
    pub struct Event;
    impl Event {
        pub fn write_line(&self, out: &mut Vec<u8>) {
            out.extend_from_slice(b"0.000000 zk1 Looking round=1");
        }
    }
    impl Simulation {
        pub fn steps(&self) -> u64 {
            0
        }
        pub fn advance_with(&mut self, until: u64, f: &mut dyn FnMut(&Event)) {
            f(&Event);
            self.now = until;
        }
        pub fn verdict(&self) -> Verdict {
            Verdict { outcome: Outcome::Unfinished, leaders: vec![3], modes: vec![(1, Mode::Leader)] }
        }
        pub fn milestones(&self) -> &[(crate::metrics::Milestone, u64)] {
            &[]
        }
        pub fn metrics(&self) -> crate::metrics::Metrics {
            Default::default()
        }
        pub fn ledger(&self) -> &crate::ledger::Ledger {
            static L: std::sync::OnceLock<crate::ledger::Ledger> = std::sync::OnceLock::new();
            L.get_or_init(Default::default)
        }
        pub fn invariants(&self) -> &[InvariantState] {
            &[]
        }
        pub fn stopped(&self) -> Option<&str> {
            None
        }
    }
}
