//! The object that `run --json` prints, and that the page exports.
use super::json::Json;
use crate::ledger::FATES;
use crate::metrics::Metrics;
use crate::params::{KEYS, Key, Kind, Params, format_value};
use crate::scenario::Scenario;
use crate::sim::Simulation;
use crate::words;

/// The name and version of this engine, as results carry it.
pub const ENGINE: &str = concat!("second-leader ", env!("CARGO_PKG_VERSION"));

/// The version of the scenario format that is read, and of the results that are printed.
pub const SCHEMA_VERSION: i64 = 1;

const JOBS: u64 = 1_000_000; // one job in millionths
const OBJECT: [char; 2] = ['{', '}'];
const LIST: [char; 2] = ['[', ']'];

/// A metric's public name, and how to read it in millionths of its public unit (jobs, seconds, milliseconds, a share).
pub type MetricRow = (&'static str, fn(&Metrics) -> u64);

/// Every public metric, in the order of printing.
pub const METRICS: &[MetricRow] = &[
    ("produced", |m| m.produced * JOBS),
    ("acknowledged", |m| m.acknowledged * JOBS),
    ("acknowledgedWrongSide", |m| m.acknowledged_wrong_side * JOBS),
    ("producedWhileSplit", |m| m.produced_while_split * JOBS),
    ("failedWhileSplit", |m| m.failed_while_split * JOBS),
    ("retried", |m| m.retried * JOBS),
    ("deadLettered", |m| m.dead_lettered * JOBS),
    ("dlqDepth", |m| m.dlq_depth * JOBS),
    ("dlqPeak", |m| m.dlq_peak * JOBS),
    ("dlqOldestAge", |m| m.dlq_oldest_age), // µs: millionths of a second
    ("processed", |m| m.processed * JOBS),
    ("duplicateEffects", |m| m.duplicate_effects * JOBS),
    ("lost", |m| m.lost * JOBS),
    ("dropped", |m| m.dropped * JOBS),
    ("divergentOffsets", |m| m.divergent_offsets * JOBS),
    ("failedShare", Metrics::failed_share),
    ("p50Ms", |m| m.p50 * 1000), // µs: thousandths of a millisecond
    ("p99Ms", |m| m.p99 * 1000),
];

/// The whole result of a run of `scenario` that went on until `until` (µs), on one line.
pub fn result_json(scenario: &Scenario, sim: &Simulation, until: u64) -> String {
    let mut json = Json::default();
    json.nest(OBJECT, |j| {
        j.key("schemaVersion").number(SCHEMA_VERSION.unsigned_abs());
        j.key("engine").text(ENGINE);
        value(j.key("seed"), Key::Seed, scenario.params.get(Key::Seed));
        params(j.key("params"), &scenario.params);
        j.key("until").millionths(until);
        verdict(j, sim);
        j.key("milestones").nest(LIST, |j| {
            for (milestone, at) in sim.milestones() {
                j.nest(OBJECT, |j| {
                    j.key("id").text(milestone.name());
                    j.key("time").millionths(*at);
                });
            }
        });
        let metrics = sim.metrics();
        j.key("metrics")
            .nest(OBJECT, |j| METRICS.iter().for_each(|(name, read)| j.key(name).millionths(read(&metrics))));
        j.key("ledger")
            .nest(OBJECT, |j| FATES.iter().for_each(|(fate, name)| j.key(name).number(sim.ledger().count(*fate))));
        j.key("events").number(sim.steps());
        invariants(j, sim);
        let hash = words::hex(sim.trace_hash());
        j.key("traceHash").text(&["0".repeat(16 - hash.len()), hash].concat());
    });
    json.finish()
}

/// How the ensemble was at the end of provisioning.
fn verdict(j: &mut Json, sim: &Simulation) {
    let verdict = sim.verdict();
    j.key("outcome").text(verdict.outcome.name());
    j.key("leaders").nest(LIST, |j| verdict.leaders.iter().for_each(|sid| j.number(u64::from(*sid))));
    j.key("modes").nest(OBJECT, |j| {
        for (sid, mode) in &verdict.modes {
            j.key(&words::number(u64::from(*sid))).text(mode.name());
        }
    });
}

fn invariants(j: &mut Json, sim: &Simulation) {
    j.key("invariants").nest(LIST, |j| {
        for i in sim.invariants() {
            j.nest(OBJECT, |j| {
                j.key("id").text(i.id);
                j.key("held").truth(i.broken_at.is_none());
                match i.broken_at {
                    Some(at) => j.key("firstBrokenAt").millionths(at),
                    None => j.key("firstBrokenAt").raw("null"),
                }
            });
        }
    });
}

/// Every parameter by name.
fn params(j: &mut Json, params: &Params) {
    j.nest(OBJECT, |j| KEYS.iter().for_each(|&key| value(j.key(key.param().key), key, params.get(key))));
}

/// A parameter's value: numbers, truths, words, and lists of sids.
fn value(j: &mut Json, key: Key, value: i64) {
    match key.param().kind {
        Kind::Integer | Kind::Decimal => j.raw(&format_value(key, value)),
        Kind::Flag => j.truth(value != 0),
        Kind::Choice(_) => j.text(&format_value(key, value)),
        Kind::Sids => {
            j.nest(LIST, |j| (1..=60).filter(|sid| value >> (sid - 1) & 1 == 1).for_each(|sid| j.number(sid)))
        }
    }
}
