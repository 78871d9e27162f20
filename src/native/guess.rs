//! What somebody may have meant by a word that is none: the known word that is most like it.
use crate::export::METRICS;
use crate::ledger::FATES;
use crate::lesson::fact::{Fact, PARTS};
use crate::metrics::MILESTONES;
use crate::params::KEYS;

/// No word that is known is longer.
const LONGEST: usize = 40;

/// The parameter whose name is most like `name`, if it is much like it.
pub fn parameter(name: &str) -> Option<&'static str> {
    word(name, KEYS.iter().map(|key| key.param().key))
}

/// The word of these that is most like `name`, if it is much like it. Capitals and hyphens do not matter.
pub fn word<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    if name.len() > LONGEST {
        return None;
    }
    let wanted = letters(name);
    known
        .map(|word| (distance(&wanted, &letters(word)), word))
        .filter(|(far, _)| *far <= 2 && far * 3 <= wanted.len())
        .min()
        .map(|(_, word)| word)
}

/// The fact of a run that is most like `name`; also one that is named without its kind, as `joinRate` for `param:joinRate`.
pub fn fact(name: &str) -> Option<String> {
    let plain = METRICS.iter().map(|(metric, _)| *metric).chain(["leaders", "controllers", "outcome"]);
    let of = |kind: &str, names: &mut dyn Iterator<Item = &'static str>| -> Vec<String> {
        names.map(|name| format!("{kind}:{name}")).collect()
    };
    let mut all: Vec<String> = plain.map(str::to_string).collect();
    all.extend(of("param", &mut KEYS.iter().map(|key| key.param().key)));
    all.extend(of("time", &mut MILESTONES.iter().map(|(_, name)| *name)));
    all.extend(of("ledger", &mut FATES.iter().map(|(_, name)| *name)));
    all.extend(of("node", &mut PARTS.iter().map(|(_, name)| *name)));
    all.retain(|name| Fact::find(name).is_some());
    let wanted = letters(name);
    let bare = all.iter().find(|fact| fact.split_once(':').is_some_and(|(_, rest)| letters(rest) == wanted));
    bare.cloned().or_else(|| word(name, all.iter().map(String::as_str)).map(str::to_string))
}

/// Every kind of fact there is.
pub fn facts() -> String {
    let metrics: Vec<&str> = METRICS.iter().map(|(metric, _)| *metric).collect();
    let kinds = "leaders, controllers, outcome, time:, between:, param:, ledger:, list:, majority:, node:";
    format!("{}, {kinds}", metrics.join(", "))
}

/// `; did you mean joinRate?`, or nothing.
pub fn hint(near: Option<&str>) -> String {
    near.map_or(String::new(), |near| format!("; did you mean {near}?"))
}

/// Our names are ASCII, and the tables for all of Unicode are large.
fn letters(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// How many characters must be changed, added or removed to make one text the other.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = i;
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let cost = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = cost.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}
