//! What `run` says to people: a paragraph, the moments, and the numbers.
use crate::ledger::FATES;
use crate::params::{KEYS, Key, format_decimal, format_value};
use crate::report::Report;
use crate::scenario::Scenario;
use crate::sim::Simulation;
use std::fmt::Write;

/// The report of a run that went on until `until` (µs).
pub fn report(scenario: &Scenario, sim: &Simulation, until: u64) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = write_report(&mut out, scenario, sim, until);
    out
}

fn write_report(out: &mut String, scenario: &Scenario, sim: &Simulation, until: u64) -> std::fmt::Result {
    let seed = scenario.params.get(Key::Seed);
    writeln!(out, "{} (seed {seed}, {} s simulated)", scenario.title, seconds(until))?;
    if !scenario.description.is_empty() {
        writeln!(out, "{}", scenario.description)?;
    }
    let given: Vec<String> =
        KEYS.iter().filter(|&&key| scenario.params.is_given(key)).map(|&key| chosen(scenario, key)).collect();
    if !given.is_empty() {
        writeln!(out, "Chosen: {}", given.join(", "))?;
    }
    writeln!(out, "\n{}", Report::of(scenario, sim, &[]).paragraph)?;

    writeln!(out, "\nMoments")?;
    for (milestone, at) in sim.milestones() {
        writeln!(out, "  {:>10} s  {}", seconds(*at), milestone.name())?;
    }
    let m = sim.metrics();
    writeln!(out, "\nJobs")?;
    for (count, what) in [
        (m.produced, "produced"),
        (m.acknowledged, "acknowledged"),
        (m.acknowledged_wrong_side, "of them acknowledged on the wrong side"),
        (m.retried, "retries"),
        (m.dead_lettered, "entered the dead-letter queue"),
        (m.dlq_peak, "the deepest that the queue was"),
        (m.processed, "processed"),
        (m.duplicate_effects, "effects that happened twice"),
        (m.lost, "lost"),
        (m.dropped, "dropped"),
        (m.divergent_offsets, "offsets at which the two clusters hold different records"),
    ] {
        writeln!(out, "  {count:>10}  {what}")?;
    }
    let milliseconds = |micros: u64| format_decimal(i64::try_from(micros).unwrap_or(i64::MAX).saturating_mul(1000));
    writeln!(out, "  {:>10}  ms from enqueued to processed, median", milliseconds(m.p50))?;
    writeln!(out, "  {:>10}  ms, 99th percentile", milliseconds(m.p99))?;
    let waiting = FATES.iter().map(|(fate, name)| (sim.ledger().count(*fate), name)).filter(|(count, _)| *count > 0);
    let states: Vec<String> = waiting.map(|(count, name)| format!("{count} {name}")).collect();
    writeln!(
        out,
        "\nWhere they are now: {}.",
        if states.is_empty() { "nowhere".to_string() } else { states.join(", ") }
    )?;
    for broken in sim.invariants() {
        if let Some(at) = broken.broken_at {
            writeln!(out, "Invariant {} broke at {} s: {}", broken.id, seconds(at), broken.says)?;
        }
    }
    writeln!(out, "{} events, trace {:016x}", sim.steps(), sim.trace_hash())
}

fn chosen(scenario: &Scenario, key: Key) -> String {
    format!("{} {}", key.param().key, format_value(key, scenario.params.get(key)))
}

fn seconds(micros: u64) -> String {
    format_decimal(i64::try_from(micros).unwrap_or(i64::MAX))
}
