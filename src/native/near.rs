//! "Did you mean …?": the name that somebody meant who wrote another.

/// `; did you mean …?`, or nothing when no name is like it.
pub(super) fn hint<'a>(name: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    near(name, names).map_or(String::new(), |near| format!("; did you mean {near}?"))
}

/// The name that looks most like `name`, if any does.
pub fn near<'a>(name: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = if name.len() > 80 { String::new() } else { plain(name) };
    if wanted.is_empty() {
        return None;
    }
    let far = |other: &str| distance(&wanted, &plain(other));
    let close = |d: usize| d * 3 <= wanted.len() && d <= if wanted.len() > 9 { 3 } else { 2 };
    names.into_iter().map(|other| (far(other), other)).filter(|(d, _)| close(*d)).min().map(|(_, other)| other)
}

/// Small letters and digits alone: `join-rate` is `joinRate`. Our names are ASCII, and the tables for all of Unicode are large.
fn plain(name: &str) -> String {
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
