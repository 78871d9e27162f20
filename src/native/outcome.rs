//! The object that `run --json` prints.
use super::json::Json;
use crate::ledger::FATES;
use crate::metrics::Metrics;
pub use crate::metrics::{METRICS, MetricRow};
use crate::params::{KEYS, Key, Kind, Params, format_value};
use crate::scenario::Scenario;
use crate::sim::Simulation;

/// The name and version of this engine, as results carry it.
pub const ENGINE: &str = concat!("second-leader ", env!("CARGO_PKG_VERSION"));

/// The version of the scenario format that is read, and of the results that are printed.
pub const SCHEMA_VERSION: i64 = 1;

/// A parameter's value as JSON: numbers, booleans and words.
pub fn value_json(key: Key, value: i64) -> Json {
    match key.param().kind {
        Kind::Integer | Kind::Decimal => Json::Number(format_value(key, value)),
        Kind::Flag => Json::Bool(value != 0),
        Kind::Choice(_) => Json::Text(format_value(key, value)),
        Kind::Sids => {
            let sids = (1..=60).filter(|sid| value >> (sid - 1) & 1 == 1);
            Json::List(sids.map(|sid: i64| Json::Number(sid.to_string())).collect())
        }
    }
}

/// Every parameter by name.
pub fn params_json(params: &Params) -> Json {
    Json::Object(KEYS.iter().map(|&key| (key.param().key.to_string(), value_json(key, params.get(key)))).collect())
}

fn metrics_json(metrics: &Metrics) -> Json {
    Json::Object(METRICS.iter().map(|(name, read)| (name.to_string(), Json::millionths(read(metrics)))).collect())
}

/// The whole result of a run of `scenario` that went on until `until` (µs).
pub fn result_json(scenario: &Scenario, sim: &Simulation, until: u64) -> Json {
    let verdict = sim.verdict();
    let modes = verdict.modes.iter().map(|(sid, mode)| (sid.to_string(), Json::text(mode.name())));
    let milestones = sim
        .milestones()
        .iter()
        .map(|(milestone, at)| Json::object([("id", Json::text(milestone.name())), ("time", Json::millionths(*at))]));
    let ledger = FATES.iter().map(|(fate, name)| (name.to_string(), Json::number(sim.ledger().count(*fate))));
    let invariants = sim.invariants().iter().map(|i| {
        Json::object([
            ("id", Json::text(i.id)),
            ("held", Json::Bool(i.broken_at.is_none())),
            ("firstBrokenAt", i.broken_at.map_or(Json::Null, Json::millionths)),
        ])
    });
    Json::object([
        ("schemaVersion", Json::number(SCHEMA_VERSION)),
        ("engine", Json::text(ENGINE)),
        ("seed", value_json(Key::Seed, scenario.params.get(Key::Seed))),
        ("params", params_json(&scenario.params)),
        ("until", Json::millionths(until)),
        ("outcome", Json::text(verdict.outcome.name())),
        ("leaders", Json::List(verdict.leaders.iter().map(Json::number).collect())),
        ("modes", Json::Object(modes.collect())),
        ("milestones", Json::List(milestones.collect())),
        ("metrics", metrics_json(&sim.metrics())),
        ("ledger", Json::Object(ledger.collect())),
        ("events", Json::number(sim.steps())),
        ("invariants", Json::List(invariants.collect())),
        ("traceHash", Json::text(format!("{:016x}", sim.trace_hash()))),
    ])
}
