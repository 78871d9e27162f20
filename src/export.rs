//! A run as files: its samples as CSV, its result as JSON, its events as a trace. Pictures are in [`crate::picture`] and
//! [`crate::chart`].
mod json;
pub use json::Json;
mod result;

pub use result::{ENGINE, METRICS, MetricRow, SCHEMA_VERSION, result_json};

use crate::event::EventId;
use crate::metrics::Sample;
use crate::params::format_decimal;
use crate::recording::Recording;
use crate::words;

/// The columns of the samples, with their units. Counts are of the time since the row before.
pub const COLUMNS: [&str; 13] = [
    "time (s)",
    "produced (jobs)",
    "acknowledged (jobs)",
    "retried (attempts)",
    "failed (jobs)",
    "failed share (%)",
    "dead-lettered (jobs)",
    "processed (jobs)",
    "dead letters waiting (jobs)",
    "median delay (ms)",
    "99th percentile of the delay (ms)",
    "leaders",
    "controllers",
];

/// Millionths as a plain decimal.
fn decimal(millionths: u64) -> String {
    format_decimal(i64::try_from(millionths).unwrap_or(i64::MAX))
}

/// One row, in the order of [`COLUMNS`]. A delay is empty when nothing was processed.
pub fn row(s: &Sample) -> [String; COLUMNS.len()] {
    let count = |n: u32| words::number(n.into());
    let ms = |micros: u64| if micros == 0 { String::new() } else { decimal(micros * 1_000) };
    [
        decimal(s.at),
        count(s.produced),
        count(s.acknowledged),
        count(s.retried),
        count(s.failed),
        decimal(s.failed_share() * 100),
        count(s.dead_lettered),
        count(s.processed),
        count(s.dlq_depth),
        ms(s.p50),
        ms(s.p99),
        words::number(s.leaders.into()),
        words::number(s.controllers.into()),
    ]
}

/// The samples as CSV by RFC 4180: a header with units, a row each, lines that end with CR LF.
pub fn samples_csv(history: &[Sample]) -> String {
    let mut out = String::new();
    line(&COLUMNS, &mut out);
    for sample in history {
        line(&row(sample), &mut out);
    }
    out
}

fn line<T: AsRef<str>>(fields: &[T], out: &mut String) {
    for (i, field) in fields.iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        quote(field.as_ref(), out);
    }
    out.push_str("\r\n");
}

/// A field, in quotes if it needs them.
fn quote(field: &str, out: &mut String) {
    if !field.contains([',', '"', '\r', '\n']) {
        return out.push_str(field);
    }
    out.push('"');
    for c in field.chars() {
        if c == '"' {
            out.push(c);
        }
        out.push(c);
    }
    out.push('"');
}

/// The trace of the run so far, a line per event: simulated again, as nothing keeps it.
pub fn trace_text(recording: &Recording) -> String {
    let mut out = Vec::new();
    let last: EventId = recording.sim().event_count();
    recording.replay(1..last + 1, &mut |sim, event| {
        event.write_line(sim.sids(), &mut out);
        out.push(b'\n');
        true
    });
    String::from_utf8(out).unwrap_or_default()
}
