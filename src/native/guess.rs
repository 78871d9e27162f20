//! What somebody may have meant by a word that is none: the known word that is most like it.
use crate::export::METRICS;
use crate::lesson::fact::names;
use crate::params::KEYS;

/// No name that is known is longer.
const LONGEST: usize = 80;

/// The parameter whose name is most like `name`, if it is much like it.
pub fn parameter(name: &str) -> Option<&'static str> {
    word(name, KEYS.iter().map(|key| key.param().key))
}

/// The word of these that is most like `name`, if it is much like it. Capitals and hyphens do not matter.
pub fn word<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = if name.len() > LONGEST { String::new() } else { letters(name) };
    if wanted.is_empty() {
        return None;
    }
    let most = if wanted.len() > 9 { 3 } else { 2 };
    let far = |word: &str| distance(&wanted, &letters(word));
    let all = known.into_iter().map(|word| (far(word), word));
    all.filter(|(far, _)| *far <= most && far * 3 <= wanted.len()).min().map(|(_, word)| word)
}

/// The fact of a run that is most like `name`; also one that is named without its kind, as `joinRate` for `param:joinRate`.
pub fn fact(name: &str) -> Option<String> {
    let (all, wanted) = (names(), letters(name));
    let bare = all.iter().find(|fact| fact.split_once(':').is_some_and(|(_, rest)| letters(rest) == wanted));
    bare.cloned().or_else(|| word(name, all.iter().map(String::as_str)).map(str::to_string))
}

/// Every kind of fact there is.
pub fn facts() -> String {
    let metrics: Vec<&str> = METRICS.iter().map(|(metric, _)| *metric).collect();
    let kinds = "leaders, controllers, outcome, time:, between:, param:, ledger:, list:, majority:, node:";
    format!("{}, {kinds}", metrics.join(", "))
}

/// `; did you mean joinRate?` of these names, or nothing.
pub fn hint<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    said(word(name, known))
}

/// `; did you mean joinRate?`, or nothing.
pub fn said(near: Option<&str>) -> String {
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
