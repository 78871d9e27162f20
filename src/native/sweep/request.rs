//! Reads what is asked of `sweep`.
use crate::export::METRICS;
use crate::limits::MAX_TRIALS;
use crate::native::arguments::{Argument, Arguments, RunRequest, nearest};
use crate::params::{Key, Params};
use crate::sweep::Axis;

/// A sweep that somebody asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SweepRequest {
    /// What is the same everywhere, and where each run stops; without `until`, when its outcome is known.
    pub run: RunRequest,
    /// What changes from column to column.
    pub x: Option<Axis>,
    /// What changes from row to row.
    pub y: Option<Axis>,
    /// Runs in each cell.
    pub runs: Option<u32>,
    /// Numbers to tell of each cell: positions in [`METRICS`].
    pub metrics: Vec<usize>,
    /// Threads.
    pub jobs: Option<usize>,
    /// This share of the cells, from 1, of so many.
    pub shard: Option<(usize, usize)>,
    /// A line of JSON for each cell instead of a table.
    pub json: bool,
}

impl Arguments {
    /// What follows `sweep`.
    pub fn sweep(&mut self) -> SweepRequest {
        let mut request = SweepRequest::default();
        while let Some(argument) = self.shift() {
            match argument {
                Argument::Word(word) if request.run.source.is_none() => request.run.source = Some(word),
                Argument::Flag(name, attached) => self.wish(&mut request, &name, attached),
                word => self.unknown(word),
            }
        }
        if request.x.is_none() && self.is_sound() {
            self.bad("x", "", "is missing: what changes from column to column, as joinRate=10..600:25");
        }
        request
    }

    fn wish(&mut self, request: &mut SweepRequest, name: &str, attached: Option<String>) {
        match name {
            "json" => request.json |= self.plain(name, attached),
            "x" => request.x = self.read(name, attached, axis),
            "y" => request.y = self.read(name, attached, axis),
            "runs" => {
                let message = || format!("must be a whole number in 1–{MAX_TRIALS}");
                request.runs = self.read(name, attached, |text| {
                    text.parse().ok().filter(|n| (1..=MAX_TRIALS).contains(n)).ok_or_else(message)
                });
            }
            "jobs" => {
                let message = || "must be a whole number in 1–256".to_string();
                request.jobs = self.read(name, attached, |text| {
                    text.parse().ok().filter(|n| (1..=256).contains(n)).ok_or_else(message)
                });
            }
            "shard" => request.shard = self.read(name, attached, shard),
            "metric" => request.metrics.extend(self.read(name, attached, metrics).unwrap_or_default()),
            _ => self.common(&mut request.run, name, attached),
        }
    }

    /// The value of an option, or what is wrong with it.
    fn read<T>(
        &mut self,
        name: &str,
        attached: Option<String>,
        read: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        let text = self.value(name, attached)?;
        read(&text).map_err(|message| self.bad(name, &text, message)).ok()
    }
}

/// Reads `joinRate=10..600:25`, or `listPolicy=renderedAtBoot,finalList`.
fn axis(text: &str) -> Result<Axis, String> {
    const SHAPE: &str = "must be NAME=FROM..TO:COUNT or NAME=A,B,C, as joinRate=10..600:25";
    let (name, values) = text.split_once('=').ok_or(SHAPE)?;
    let key = Key::find(name).ok_or_else(|| {
        let hint = nearest(name).map_or(String::new(), |near| format!("; did you mean {near}?"));
        format!("names no parameter{hint}")
    })?;
    let value = |text: &str| {
        let mut params = Params::default();
        params.set_text(key, text).map_err(|issue| format!("has {text}, which {}", issue.message))?;
        Ok::<i64, String>(params.get(key))
    };
    let Some((from, rest)) = values.split_once("..") else {
        let values = values.split(',').map(value).collect::<Result<_, _>>()?;
        return Ok(Axis { key, values });
    };
    let (to, count) = rest.split_once(':').ok_or(SHAPE)?;
    let count = count.parse().map_err(|_| SHAPE)?;
    Axis::between(key, value(from)?, value(to)?, count)
}

/// Reads `2/8`: the second of eight.
fn shard(text: &str) -> Result<(usize, usize), String> {
    let parts = text.split_once('/').and_then(|(i, n)| Some((i.parse().ok()?, n.parse().ok()?)));
    parts.filter(|(i, n)| (1..=*n).contains(i)).ok_or_else(|| "must be I/N with I in 1–N, as 2/8".to_string())
}

/// Reads `lost,failedShare`.
fn metrics(text: &str) -> Result<Vec<usize>, String> {
    let names = || METRICS.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
    let find = |name: &str| METRICS.iter().position(|(known, _)| *known == name.trim());
    text.split(',').map(|name| find(name).ok_or_else(|| format!("must be of {}", names()))).collect()
}
