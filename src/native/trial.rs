//! A run without a stage, for programs: what the package's core entry offers. Text and JSON come in and go out.
use super::document::Document;
use super::json::Json;
use super::listing;
use crate::export::{ENGINE, result_json};
use crate::params::{Issue, KEYS, MILLION, Params, parse_decimal};
use crate::scenario::Scenario;
use crate::sim::Simulation;
use crate::view::Micros;

/// Simulated time between two looks at whether somebody still wants it, µs.
const SLICE: Micros = 1_000_000;
/// Steps after which a slice ends early.
const STEPS: u32 = 50_000;
/// The longest run that can be asked for, in seconds: a day.
const LONGEST: i64 = 86_400;

/// The name and version of the program.
pub fn engine() -> &'static str {
    ENGINE
}

/// Every preset as a list of scenario files.
pub fn presets() -> String {
    listing::presets_json().line()
}

/// Every parameter as a list of objects.
pub fn params() -> String {
    listing::params_json().line()
}

/// What is wrong with a scenario file, as a list of `{field, value, message}`; empty when it is sound.
pub fn validate(file: &str) -> String {
    issues_json(&Document::read(file).err().unwrap_or_default())
}

/// Issues as a list of `{field, value, message}`.
pub fn issues_json(issues: &[Issue]) -> String {
    let row = |issue: &Issue| {
        Json::object([
            ("field", Json::text(&issue.field)),
            ("value", Json::text(&issue.value)),
            ("message", Json::text(&issue.message)),
        ])
    };
    Json::List(issues.iter().map(row).collect()).line()
}

/// A run that goes on slice by slice.
pub struct Trial {
    scenario: Scenario,
    sim: Simulation,
    until: Micros,
    trace: Option<Vec<u8>>,
}

impl Trial {
    /// Prepares a run of `scenario` (a preset's id, or the text of a scenario file) with `params` (a JSON object, or "") on top,
    /// until so many simulated seconds (a decimal; "" is the run's end). With `trace`, a line is kept for each event.
    /// Errors: everything that is wrong with the three.
    pub fn new(scenario: &str, params: &str, until: &str, trace: bool) -> Result<Trial, Vec<Issue>> {
        let mut found = match Scenario::preset(scenario) {
            Some(preset) => preset,
            None if !scenario.trim_start().starts_with('{') => {
                let message =
                    format!("must be a preset or a scenario file; presets: {}", super::document::preset_ids());
                let short: String = scenario.chars().take(60).collect();
                return Err(vec![Issue::new("scenario", short, message)]);
            }
            None => Document::read(scenario)?.scenario,
        };
        let mut issues = choose(&mut found.params, params);
        let end = match parse_decimal(until).filter(|at| (0..=LONGEST * MILLION).contains(at)) {
            Some(at) => u64::try_from(at).ok(),
            None if until.is_empty() => None,
            None => {
                issues.push(Issue::new("until", until, format!("must be seconds in 0–{LONGEST}")));
                None
            }
        };
        if !issues.is_empty() {
            return Err(issues);
        }
        let mut scenario = found.check()?;
        scenario.actions.sort_by_key(|(at, _)| *at); // stable: what is written first happens first
        let sim = Simulation::new(&scenario);
        let until = end.unwrap_or_else(|| sim.end());
        Ok(Trial { scenario, sim, until, trace: trace.then(Vec::new) })
    }

    /// Goes on for a while. True: it has arrived.
    pub fn work(&mut self) -> bool {
        let Some(lines) = &mut self.trace else {
            return self.sim.advance(self.until, STEPS) || self.sim.stopped().is_some();
        };
        let sids = self.sim.sids().to_vec();
        let next = self.until.min(self.sim.now() / SLICE * SLICE + SLICE);
        self.sim.advance_with(next, &mut |event| {
            event.write_line(&sids, lines);
            lines.push(b'\n');
        });
        next == self.until || self.sim.stopped().is_some()
    }

    /// The result as JSON, as `second-leader run --json` prints it.
    pub fn result(&self) -> String {
        let reached = if self.sim.stopped().is_some() { self.sim.now() } else { self.until };
        result_json(&self.scenario, &self.sim, reached)
    }

    /// The trace, as `second-leader run --trace` prints it; "" if it was not asked for.
    pub fn trace(&self) -> String {
        self.trace.as_ref().map(|lines| String::from_utf8_lossy(lines).into_owned()).unwrap_or_default()
    }

    /// Why it stopped before its time: a limit; "" if it did not.
    pub fn stopped(&self) -> String {
        self.sim.stopped().map(|why| why.to_string()).unwrap_or_default()
    }
}

/// Sets what `values` (a JSON object, or "") says; returns what is wrong with it.
fn choose(params: &mut Params, values: &str) -> Vec<Issue> {
    if values.is_empty() {
        return Vec::new();
    }
    let Ok(Json::Object(members)) = Json::parse(values) else {
        return vec![Issue::new("params", values, "must be an object of parameters")];
    };
    let set = |(name, value): &(String, Json)| match KEYS.iter().copied().find(|key| key.param().key == name) {
        Some(key) => params.set_text(key, &plain(value)).err(),
        None => Some(Issue::new(name, value.excerpt(), "is not a parameter")),
    };
    members.iter().filter_map(set).collect()
}

/// A JSON value as the command line would write it.
fn plain(value: &Json) -> String {
    match value {
        Json::Number(text) | Json::Text(text) => text.clone(),
        Json::List(items) => items.iter().map(plain).collect::<Vec<_>>().join(","),
        _ => value.line().trim().to_string(),
    }
}
