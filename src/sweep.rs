//! Many runs over a grid of two parameters: how often is there a second leader, and what does it cost?
//!
//! Every cell has the same seeds, so that neighbours differ in their parameters alone, and any run can be seen by itself:
//! the scenario, the two values and the seed are all of it.
use crate::limits::{MAX_CELLS, MAX_TRIALS};
use crate::maintenance::verdict::Outcome;
use crate::metrics::Metrics;
use crate::params::{Issue, Key, Kind, MILLION};
use crate::scenario::Scenario;
use crate::sim::Simulation;
use crate::view::Micros;
use crate::words::say;

/// Between two looks at whether the outcome is known, µs.
const SLICE: Micros = 1_000_000;
/// Steps between two looks at whether a run has stopped.
const BUDGET: u32 = 1 << 20;

/// The outcomes, in the order in which they are counted.
pub const OUTCOMES: [Outcome; 5] =
    [Outcome::Join, Outcome::Stuck, Outcome::Split, Outcome::Partial, Outcome::Unfinished];

/// A parameter and the values it takes, in its own unit (see [`crate::params::Param`]).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Axis {
    /// Which parameter.
    pub key: Key,
    /// Its values, in order.
    pub values: Vec<i64>,
}

impl Axis {
    /// So many values from one to the other, both included, as evenly as the parameter allows. Errors: fewer than two; more than
    /// there are whole numbers; a parameter that has no numbers.
    pub fn between(key: Key, from: i64, to: i64, count: usize) -> Result<Axis, String> {
        let numbers = matches!(key.param().kind, Kind::Integer | Kind::Decimal);
        let steps = i128::try_from(count).unwrap_or(i128::MAX) - 1;
        let span = i128::from(to) - i128::from(from);
        if !numbers {
            return Err("has no numbers in between: list its values, as a,b".to_string());
        }
        if steps < 1 || steps >= MAX_CELLS as i128 {
            return Err(say!("must have 2–", MAX_CELLS, " values"));
        }
        if span.abs() < steps {
            return Err(say!("has only ", span.abs().saturating_add(1) as i64, " values there"));
        }
        // To the nearest one; halves go away from zero.
        let value = |i: i128| {
            let twice = 2 * span * i + steps * span.signum();
            from.saturating_add((twice / (2 * steps)) as i64)
        };
        Ok(Axis { key, values: (0..=steps).map(value).collect() })
    }
}

/// A grid of runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sweep {
    /// What is the same everywhere.
    pub base: Scenario,
    /// What changes from column to column.
    pub x: Axis,
    /// What changes from row to row; without it there is one row.
    pub y: Option<Axis>,
    /// Runs in each cell: the base's seed, and those that follow it.
    pub runs: u32,
}

/// One value of `x`, and of `y`: a place in the grid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// By position: row by row.
    pub index: usize,
    /// The value of `x`.
    pub x: i64,
    /// The value of `y`.
    pub y: Option<i64>,
}

impl Sweep {
    /// How many cells there are.
    pub fn cells(&self) -> usize {
        self.x.values.len() * self.y.as_ref().map_or(1, |y| y.values.len())
    }

    /// The cell at this position. `None`: there is none.
    pub fn cell(&self, index: usize) -> Option<Cell> {
        let width = self.x.values.len().max(1);
        let x = *self.x.values.get(index % width)?;
        let y = match &self.y {
            None if index >= width => return None,
            None => None,
            Some(y) => Some(*y.values.get(index / width)?),
        };
        Some(Cell { index, x, y })
    }

    /// What runs in a cell. Errors: what is not legal, or contradicts something.
    pub fn scenario(&self, cell: &Cell) -> Result<Scenario, Vec<Issue>> {
        let mut scenario = self.base.clone();
        let mut issues: Vec<Issue> = scenario.params.set(self.x.key, cell.x).err().into_iter().collect();
        if let (Some(axis), Some(value)) = (&self.y, cell.y) {
            issues.extend(scenario.params.set(axis.key, value).err());
        }
        if issues.is_empty() { scenario.check() } else { Err(issues) }
    }

    /// Is every cell sound? Errors: too much is asked for, or what is wrong in the first cell that is not.
    pub fn check(&self) -> Result<(), Vec<Issue>> {
        let wrong = |field: &str, value: i64, message: String| Err(vec![Issue::new(field, say!(value), message)]);
        if self.runs == 0 || self.runs > MAX_TRIALS {
            return wrong("runs", self.runs.into(), say!("must be a whole number in 1–", MAX_TRIALS));
        }
        if self.cells() > MAX_CELLS {
            return wrong("cells", self.cells() as i64, say!("are too many: at most ", MAX_CELLS));
        }
        if let Some(y) = self.y.as_ref().filter(|y| y.key == self.x.key) {
            return Err(vec![Issue::new("y", y.key.param().key, "is on the other axis already")]);
        }
        if [Some(&self.x), self.y.as_ref()].into_iter().flatten().any(|axis| axis.key == Key::Seed) {
            return Err(vec![Issue::new("seed", "", "is no axis: every cell has as many seeds as runs")]);
        }
        (0..self.cells()).filter_map(|i| self.cell(i)).try_for_each(|cell| self.scenario(&cell).map(|_| ()))
    }
}

/// What happened in a run.
#[derive(Clone, Debug)]
pub struct Trial {
    /// Its seed.
    pub seed: i64,
    /// How the maintenance went.
    pub outcome: Outcome,
    /// Its numbers, where it stopped.
    pub metrics: Metrics,
}

/// How far a run goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// Until it is known how the maintenance went.
    Outcome,
    /// To its end.
    End,
    /// This far, µs.
    Time(Micros),
}

/// Runs a scenario with this seed.
pub fn trial(scenario: &Scenario, seed: i64, until: Until) -> Trial {
    let mut scenario = scenario.clone();
    let _ = scenario.params.set(Key::Seed, seed); // `seeds` keeps to its range
    let mut sim = Simulation::new(&scenario);
    let (last, slice) = match until {
        Until::Outcome => (sim.end(), SLICE),
        Until::End => (sim.end(), Micros::MAX),
        Until::Time(at) => (at, Micros::MAX),
    };
    let mut next = 0;
    while next < last && sim.stopped().is_none() {
        next = last.min(next.saturating_add(slice));
        while !sim.advance(next, BUDGET) && sim.stopped().is_none() {}
        if until == Until::Outcome && sim.verdict().outcome != Outcome::Unfinished {
            break;
        }
    }
    Trial { seed, outcome: sim.verdict().outcome, metrics: sim.metrics() }
}

/// The seeds of every cell: the base's, and those that follow; after the largest comes 0.
pub fn seeds(base: &Scenario, runs: u32) -> impl Iterator<Item = i64> {
    let p = Key::Seed.param();
    let (first, all) = (base.params.get(Key::Seed), p.max - p.min + 1);
    (0..i64::from(runs)).map(move |i| p.min + (first - p.min + i) % all)
}

/// What happened in a cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// How often each of [`OUTCOMES`].
    pub outcomes: [u32; OUTCOMES.len()],
    /// The first seed with each of them.
    pub first: [Option<i64>; OUTCOMES.len()],
    /// Smallest, sum and largest of each number that was asked for, in millionths.
    pub numbers: Vec<[u64; 3]>,
}

impl Tally {
    /// Counts a run, and these of its numbers (millionths), always the same ones.
    pub fn add(&mut self, trial: &Trial, numbers: impl Iterator<Item = u64>) {
        if let Some(i) = OUTCOMES.iter().position(|outcome| *outcome == trial.outcome) {
            self.outcomes[i] += 1;
            self.first[i].get_or_insert(trial.seed);
        }
        for (i, n) in numbers.enumerate() {
            match self.numbers.get_mut(i) {
                Some([least, sum, most]) => {
                    (*least, *sum, *most) = ((*least).min(n), sum.saturating_add(n), (*most).max(n))
                }
                None => self.numbers.push([n; 3]),
            }
        }
    }

    /// How many runs it has counted.
    pub fn runs(&self) -> u32 {
        self.outcomes.iter().sum()
    }

    /// In how many there was a second leader.
    pub fn splits(&self) -> u32 {
        self.outcomes[2]
    }

    /// In how many percent, in millionths.
    pub fn percent(&self) -> i64 {
        100 * MILLION * i64::from(self.splits()) / i64::from(self.runs().max(1))
    }
}
