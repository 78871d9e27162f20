//! What a scenario file expects of its run: `expect` in the file, checked by `run`.
use super::json::Json;
use super::reader::{Reader, decimal};
use crate::export::METRICS;
use crate::metrics::Metrics;
use crate::params::format_decimal;
use std::cmp::Ordering;

/// The comparisons that `op` may name.
pub const OPERATORS: &[&str] = &["==", "!=", "<", "<=", ">", ">="];

/// One expectation: `metric op value`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expectation {
    /// Position in [`METRICS`].
    metric: usize,
    /// One of [`OPERATORS`].
    op: &'static str,
    /// Millionths.
    value: i64,
}

impl Expectation {
    /// Reads one `{metric, op, value}`.
    pub(super) fn read(reader: &mut Reader, at: &str, json: &Json) -> Option<Expectation> {
        let fields = reader.fields(at, json, &["metric", "op", "value"])?;
        let mut word = |name: &str, known: &[&str]| {
            let Some((at, json)) = fields.get(name) else {
                reader.missing(at, name);
                return None;
            };
            let text = reader.text(&at, json)?;
            let found = known.iter().position(|k| *k == text);
            if found.is_none() {
                reader.bad(&at, json, format!("must be one of {}", known.join(", ")));
            }
            found
        };
        let names: Vec<&str> = METRICS.iter().map(|(name, _)| *name).collect();
        let metric = word("metric", &names);
        let op = word("op", OPERATORS);
        let value = match fields.get("value") {
            None => {
                reader.missing(at, "value");
                None
            }
            Some((at, json)) => {
                let value = decimal(json);
                if value.is_none() {
                    reader.bad(&at, json, "must be a number");
                }
                value
            }
        };
        Some(Expectation { metric: metric?, op: OPERATORS[op?], value: value? })
    }

    /// `None` when `metrics` are as expected; otherwise a sentence that says what was found.
    pub fn failure(&self, metrics: &Metrics) -> Option<String> {
        let (name, read) = METRICS[self.metric];
        let found = i64::try_from(read(metrics)).unwrap_or(i64::MAX);
        let order = found.cmp(&self.value);
        let held = match self.op {
            "==" => order == Ordering::Equal,
            "!=" => order != Ordering::Equal,
            "<" => order == Ordering::Less,
            "<=" => order != Ordering::Greater,
            ">" => order == Ordering::Greater,
            _ => order != Ordering::Less,
        };
        let (value, found) = (format_decimal(self.value), format_decimal(found));
        (!held).then(|| format!("expected {name} {} {value}, found {found}", self.op))
    }
}
