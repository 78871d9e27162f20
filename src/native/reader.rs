//! Reads a JSON value field by field and notes every problem with its pointer, instead of stopping at the first.
use super::guess::{self, hint};
use super::json::Json;
use crate::metrics::{MILESTONES, Milestone};
use crate::params::{Issue, KEYS, Key, MILLION, format_decimal, parse_decimal};

/// The problems found so far.
#[derive(Debug, Default)]
pub(super) struct Reader {
    pub(super) issues: Vec<Issue>,
    /// Pointers of fields that are there under a wrong name: they are not missing as well.
    meant: Vec<String>,
}

/// The known members of an object, by name.
pub(super) struct Fields<'a> {
    at: String,
    members: &'a [(String, Json)],
}

impl<'a> Fields<'a> {
    /// The value of `name` and its pointer, if it is there.
    pub(super) fn get(&self, name: &str) -> Option<(String, &'a Json)> {
        let (key, value) = self.members.iter().find(|(key, _)| key == name)?;
        Some((pointer(&self.at, key), value))
    }
}

/// `at` and one more step, escaped as RFC 6901 wants it and safe to print.
pub(super) fn pointer(at: &str, key: &str) -> String {
    let mut out = format!("{at}/");
    for c in key.chars() {
        match c {
            '~' => out.push_str("~0"),
            '/' => out.push_str("~1"),
            c if c.is_control() => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    out
}

/// What is wrong with the name of a parameter that is none.
pub(super) fn no_parameter(name: &str) -> String {
    match guess::parameter(name) {
        Some(near) => format!("is not a parameter; did you mean {near}?"),
        None => {
            let all: Vec<&str> = KEYS.iter().map(|key| key.param().key).collect();
            format!("is not a parameter; known: {}", all.join(", "))
        }
    }
}

impl Reader {
    /// Notes a problem.
    pub(super) fn bad(&mut self, at: &str, value: &Json, message: impl Into<String>) {
        self.issues.push(Issue::new(at, value.excerpt(), message));
    }

    /// Notes that something is not there, unless it is there and spelt otherwise.
    pub(super) fn missing(&mut self, at: &str, name: &str) {
        let at = pointer(at, name);
        if !self.meant.contains(&at) {
            self.issues.push(Issue::new(at, "", "is missing"));
        }
    }

    /// The members of an object, all of which must be in `known` and given once.
    pub(super) fn fields<'a>(&mut self, at: &str, json: &'a Json, known: &[&str]) -> Option<Fields<'a>> {
        let members = self.object(at, json)?;
        for (key, value) in members {
            if known.contains(&key.as_str()) {
                continue;
            }
            let free = known.iter().copied().filter(|name| members.iter().all(|(key, _)| key != name));
            match guess::word(key, free) {
                Some(near) => {
                    self.meant.push(pointer(at, near));
                    self.bad(&pointer(at, key), value, format!("is not a field here; did you mean {near}?"));
                }
                None => self.bad(&pointer(at, key), value, format!("is not a field here; known: {}", known.join(", "))),
            }
        }
        Some(Fields { at: at.to_string(), members })
    }

    /// The members of an object, each of which must be given once.
    pub(super) fn object<'a>(&mut self, at: &str, json: &'a Json) -> Option<&'a [(String, Json)]> {
        let Json::Object(members) = json else {
            let here = if at.is_empty() { "/" } else { at };
            self.bad(here, json, "must be an object");
            return None;
        };
        let mut seen = std::collections::BTreeSet::new();
        for (key, value) in members {
            if !seen.insert(key) {
                self.bad(&pointer(at, key), value, "is given twice");
            }
        }
        Some(members)
    }

    /// The items of an array, at most `most`.
    pub(super) fn list<'a>(&mut self, at: &str, json: &'a Json, most: usize) -> Option<&'a [Json]> {
        match json {
            Json::List(items) if items.len() <= most => Some(items),
            Json::List(items) => {
                self.issues.push(Issue::new(at, format!("{} items", items.len()), format!("must have at most {most}")));
                None
            }
            _ => {
                self.bad(at, json, "must be an array");
                None
            }
        }
    }

    /// A string.
    pub(super) fn text<'a>(&mut self, at: &str, json: &'a Json) -> Option<&'a str> {
        match json {
            Json::Text(text) => Some(text),
            _ => {
                self.bad(at, json, "must be a string");
                None
            }
        }
    }

    /// `true` or `false`.
    pub(super) fn flag(&mut self, at: &str, json: &Json) -> Option<bool> {
        match json {
            Json::Bool(value) => Some(*value),
            _ => {
                self.bad(at, json, "must be true or false");
                None
            }
        }
    }

    /// One of these words.
    pub(super) fn one_of(&mut self, at: &str, json: &Json, words: &[&'static str]) -> Option<&'static str> {
        let text = self.text(at, json)?;
        let found = words.iter().copied().find(|word| *word == text);
        if found.is_none() {
            self.bad(at, json, format!("must be one of {}{}", words.join(", "), hint(text, words.iter().copied())));
        }
        found
    }

    /// A list of such words, none twice.
    pub(super) fn words(&mut self, at: &str, json: &Json, words: &[&'static str]) -> Vec<&'static str> {
        let mut found = Vec::new();
        for (i, item) in self.list(at, json, words.len()).unwrap_or_default().iter().enumerate() {
            let at = format!("{at}/{i}");
            match self.one_of(&at, item, words) {
                Some(word) if found.contains(&word) => self.bad(&at, item, "is named twice"),
                word => found.extend(word),
            }
        }
        found
    }

    /// A list of parameters.
    pub(super) fn keys(&mut self, at: &str, json: &Json) -> Vec<Key> {
        let mut found = Vec::new();
        for (i, item) in self.list(at, json, KEYS.len()).unwrap_or_default().iter().enumerate() {
            let at = format!("{at}/{i}");
            match (self.key(&at, item), item) {
                (Some(key), _) if found.contains(&key) => self.bad(&at, item, "is named twice"),
                (key, _) => found.extend(key),
            }
        }
        found
    }

    /// A parameter's name.
    pub(super) fn key(&mut self, at: &str, json: &Json) -> Option<Key> {
        let name = self.text(at, json)?;
        let key = KEYS.iter().copied().find(|key| key.param().key == name);
        if key.is_none() {
            self.bad(at, json, no_parameter(name));
        }
        key
    }

    /// A milestone's name.
    pub(super) fn milestone(&mut self, at: &str, json: &Json) -> Option<Milestone> {
        let names: Vec<&'static str> = MILESTONES.iter().map(|(_, name)| *name).collect();
        self.one_of(at, json, &names).and_then(Milestone::find)
    }

    /// A whole number in `min`–`max`.
    pub(super) fn whole(&mut self, at: &str, json: &Json, min: i64, max: i64) -> Option<i64> {
        let value = whole(json).filter(|v| (min..=max).contains(v));
        if value.is_none() {
            self.bad(at, json, format!("must be a whole number in {min}–{max}"));
        }
        value
    }

    /// A decimal in `min`–`max`, as millionths (the bounds too).
    pub(super) fn decimal(&mut self, at: &str, json: &Json, min: i64, max: i64) -> Option<i64> {
        let value = decimal(json).filter(|v| (min..=max).contains(v));
        if value.is_none() {
            self.bad(at, json, format!("must be a number in {}–{}", format_decimal(min), format_decimal(max)));
        }
        value
    }

    /// A server id.
    pub(super) fn sid(&mut self, at: &str, json: &Json) -> Option<u8> {
        self.whole(at, json, 1, 255).and_then(|v| u8::try_from(v).ok())
    }

    /// A server list: at least one id, none twice. `None` when any is bad.
    pub(super) fn sids(&mut self, at: &str, json: &Json) -> Option<Vec<u8>> {
        let items = self.list(at, json, 255)?;
        if items.is_empty() {
            self.bad(at, json, "needs at least one sid");
        }
        let mut sids = Vec::with_capacity(items.len());
        for (i, item) in items.iter().enumerate() {
            let sid = self.sid(&format!("{at}/{i}"), item);
            if sid.is_some() && sids.contains(&sid) {
                self.bad(&format!("{at}/{i}"), item, "is named twice");
            }
            sids.push(sid);
        }
        sids.into_iter().collect()
    }
}

/// The millionths of a JSON number.
pub(super) fn decimal(json: &Json) -> Option<i64> {
    match json {
        Json::Number(text) => parse_decimal(text),
        _ => None,
    }
}

/// A JSON number without a fraction; `3.0` is one, `3.0000001` is not.
pub(super) fn whole(json: &Json) -> Option<i64> {
    match json {
        Json::Number(text) if !text.contains('.') => parse_decimal(text).map(|v| v / MILLION),
        _ => None,
    }
}
