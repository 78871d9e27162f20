//! `second-leader sweep`: many runs over a grid, a line for each cell. The same for any number of threads, and shards put one after the
//! other are the whole.
pub mod request;

use super::outcome::value_json;
use crate::export::{ENGINE, Json, METRICS, SCHEMA_VERSION};
use crate::params::{Key, MILLION, format_decimal, format_value};
use crate::sweep::{Axis, Cell, OUTCOMES, Sweep, Tally, Until, seeds, trial};
use request::SweepRequest;
use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;

/// Runs in each cell, unless it is said.
pub const RUNS: u32 = 100;

/// The positions of a share of the cells: they lie side by side, so that shares can be put one after the other.
fn share(cells: usize, (i, n): (usize, usize)) -> std::ops::Range<usize> {
    cells * (i - 1) / n..cells * i / n
}

/// Runs all of it and writes it. Errors: nobody reads any more.
pub fn sweep(sweep: &Sweep, request: &SweepRequest, out: &mut dyn Write) -> io::Result<()> {
    let cells = share(sweep.cells(), request.shard.unwrap_or((1, 1)));
    let jobs = request.jobs.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, |n| n.get()));
    let progress = Progress { all: cells.len(), shown: io::stderr().is_terminal() };
    // With numbers to tell, a run goes to its end; otherwise until its outcome is known.
    let until = match request.run.until {
        Some(at) => Until::Time(at),
        None if request.metrics.is_empty() => Until::Outcome,
        None => Until::End,
    };
    let mut rows = Vec::new();
    let mut write = |cell: &Cell, tally: &Tally| {
        if !request.json {
            rows.push(tally.percent());
            return Ok(());
        }
        writeln!(out, "{}", line(sweep, cell, tally, &request.metrics))
    };
    let (next, stop) = (AtomicUsize::new(cells.start), AtomicBool::new(false));
    let work = |tell: mpsc::Sender<(usize, Tally)>| {
        while !stop.load(Ordering::Relaxed) {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(cell) = sweep.cell(index).filter(|_| index < cells.end) else { return };
            if tell.send((index, tally(sweep, &cell, until, &request.metrics))).is_err() {
                return;
            }
        }
    };
    std::thread::scope(|scope| {
        let (tell, hear) = mpsc::channel();
        for _ in 0..jobs.min(cells.len()) {
            let tell = tell.clone();
            scope.spawn(|| work(tell));
        }
        drop(tell);
        let written = in_order(sweep, cells.start, hear, &progress, &mut write);
        stop.store(true, Ordering::Relaxed);
        written
    })?;
    progress.end();
    if request.json { Ok(()) } else { out.write_all(table(sweep, &cells, &rows).as_bytes()) }
}

/// Writes what comes in the order of the cells.
fn in_order(
    sweep: &Sweep,
    start: usize,
    hear: mpsc::Receiver<(usize, Tally)>,
    progress: &Progress,
    write: &mut dyn FnMut(&Cell, &Tally) -> io::Result<()>,
) -> io::Result<()> {
    let mut early = std::collections::BTreeMap::new();
    let mut next = start;
    for (index, tally) in hear {
        early.insert(index, tally);
        while let Some(tally) = early.remove(&next) {
            if let Some(cell) = sweep.cell(next) {
                write(&cell, &tally)?;
            }
            next += 1;
        }
        progress.tell(next - start + early.len());
    }
    Ok(())
}

/// All runs of a cell.
fn tally(sweep: &Sweep, cell: &Cell, until: Until, metrics: &[usize]) -> Tally {
    let mut tally = Tally::default();
    let Ok(scenario) = sweep.scenario(cell) else { return tally }; // `Sweep::check` has seen every cell
    for seed in seeds(&sweep.base, sweep.runs) {
        let trial = trial(&scenario, seed, until);
        tally.add(&trial, metrics.iter().map(|i| METRICS[*i].1(&trial.metrics)));
    }
    tally
}

/// A cell as a line of JSON: everything that is needed to see one of its runs, and what happened in all of them.
fn line(sweep: &Sweep, cell: &Cell, tally: &Tally, metrics: &[usize]) -> String {
    const OBJECT: [char; 2] = ['{', '}'];
    let mut json = Json::default();
    let place = |json: &mut Json, name: &str, key: Key, value: i64| {
        json.key(name).nest(OBJECT, |j| j.key(key.param().key).raw(&value_json(key, value).line()));
    };
    let [share, low, high] = interval(tally.splits(), tally.runs());
    json.nest(OBJECT, |j| {
        j.key("schemaVersion").number(SCHEMA_VERSION.unsigned_abs());
        j.key("engine").text(ENGINE);
        j.key("scenario").text(&sweep.base.id);
        j.key("cell").number(cell.index as u64);
        place(j, "x", sweep.x.key, cell.x);
        if let (Some(axis), Some(value)) = (&sweep.y, cell.y) {
            place(j, "y", axis.key, value);
        }
        j.key("seed").number(sweep.base.params.get(Key::Seed).unsigned_abs());
        j.key("runs").number(tally.runs().into());
        j.key("outcomes").nest(OBJECT, |j| {
            for (outcome, count) in OUTCOMES.iter().zip(tally.outcomes) {
                j.key(outcome.name()).number(count.into());
            }
        });
        j.key("split").nest(OBJECT, |j| {
            for (name, value) in [("share", share), ("low", low), ("high", high)] {
                j.key(name).millionths(value);
            }
        });
        j.key("firstSeed").nest(OBJECT, |j| {
            for (outcome, seed) in OUTCOMES.iter().zip(tally.first) {
                if let Some(seed) = seed {
                    j.key(outcome.name()).number(seed.unsigned_abs());
                }
            }
        });
        if !metrics.is_empty() {
            j.key("metrics").nest(OBJECT, |j| {
                for (i, [least, sum, most]) in metrics.iter().zip(&tally.numbers) {
                    j.key(METRICS[*i].0).nest(OBJECT, |j| {
                        for (name, value) in
                            [("mean", sum / u64::from(tally.runs().max(1))), ("min", *least), ("max", *most)]
                        {
                            j.key(name).millionths(value);
                        }
                    });
                }
            });
        }
    });
    json.finish()
}

/// A share, and the ends of its 95 % interval after Wilson, in millionths.
fn interval(hits: u32, runs: u32) -> [u64; 3] {
    const ONE: u128 = 1_000_000;
    const Z: u128 = 1_959_964; // standard deviations to either side
    const Z2: u128 = Z * Z / ONE;
    let (k, n) = (u128::from(hits), u128::from(runs.max(1)));
    let middle = k * ONE + Z2 / 2;
    let half = Z * (k * (n - k) * ONE * ONE / n + Z2 * ONE / 4).isqrt() / ONE;
    let of = |value: u128| value * ONE / (n * ONE + Z2);
    let low = if hits == 0 { 0 } else { of(middle.saturating_sub(half)) };
    let high = if hits == runs { ONE } else { of(middle + half) };
    [k * ONE / n, low, high].map(|share| share as u64)
}

/// The share of runs with a second leader, for people.
fn table(sweep: &Sweep, cells: &std::ops::Range<usize>, percents: &[i64]) -> String {
    let name = |axis: &Axis| {
        let unit = axis.key.param().unit;
        format!("{}{}{unit}", axis.key.param().key, if unit.is_empty() { "" } else { ", " })
    };
    let first = sweep.base.params.get(Key::Seed);
    let mut out = format!(
        "Runs with a second leader, in percent: {}, {} runs in each cell (seeds from {first})\n",
        sweep.base.id, sweep.runs
    );
    let heads: Vec<String> = sweep.x.values.iter().map(|value| format_value(sweep.x.key, *value)).collect();
    let width = heads.iter().map(|head| head.chars().count()).max().unwrap_or(0).max(5) + 2;
    let labels: Vec<String> = match &sweep.y {
        None => vec![String::new()],
        Some(y) => y.values.iter().map(|value| format_value(y.key, *value)).collect(),
    };
    let left = labels.iter().map(|label| label.chars().count()).max().unwrap_or(0);
    let axes = sweep.y.as_ref().map_or(String::new(), |y| format!(", down: {}", name(y)));
    out.push_str(&format!("across: {}{axes}\n\n{:left$}", name(&sweep.x), ""));
    for head in &heads {
        out.push_str(&format!("{head:>width$}"));
    }
    for (row, label) in labels.iter().enumerate() {
        out.push_str(&format!("\n{label:>left$}"));
        for column in 0..heads.len() {
            let index = row * heads.len() + column;
            let percent = index.checked_sub(cells.start).and_then(|i| percents.get(i));
            let text = percent
                .map_or("·".to_string(), |p| format_decimal((p + MILLION / 20) / (MILLION / 10) * (MILLION / 10)));
            out.push_str(&format!("{text:>width$}"));
        }
    }
    out.push('\n');
    out
}

/// How far it is, on a terminal.
struct Progress {
    all: usize,
    shown: bool,
}

impl Progress {
    fn tell(&self, done: usize) {
        if self.shown {
            let _ = write!(io::stderr(), "\r{done} of {} cells", self.all); // nothing is lost when it cannot be told
        }
    }

    fn end(&self) {
        if self.shown {
            let _ = writeln!(io::stderr());
        }
    }
}
