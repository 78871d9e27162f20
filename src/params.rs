//! The one parameter table: sliders, URL, attributes, JSON, command line and random tests all read [`PARAMS`].
//!
//! Values are integers. A [`Kind::Decimal`] is kept in millionths, so a second is a microsecond count and nothing is
//! ever rounded by a float.

mod table;
mod text;

pub use table::{PARAM_COUNT, PARAMS, told};
pub use text::{format_decimal, format_value, parse_decimal, parse_value, range_message, range_text};

use crate::words::say;

/// One millionth: the unit of decimals.
pub const MILLION: i64 = 1_000_000;

/// Where a rule or number comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// GitHub's own availability report.
    Incident,
    /// The published dissection this project implements.
    Talk,
    /// Read in ZooKeeper 3.8 or Kafka 2.6–3.7 source.
    Code,
    /// Measured on real ZooKeeper and Kafka.
    Recorded,
    /// Ours, for teaching.
    Simplified,
}

impl Source {
    /// The word shown to readers.
    pub const fn label(self) -> &'static str {
        match self {
            Source::Incident => "incident",
            Source::Talk => "talk",
            Source::Code => "source",
            Source::Recorded => "recorded",
            Source::Simplified => "simplified",
        }
    }
}

/// What a value looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A whole number.
    Integer,
    /// A decimal, kept in millionths.
    Decimal,
    /// `on` (1) or `off` (0).
    Flag,
    /// One of these words, kept as its position.
    Choice(&'static [&'static str]),
    /// A set of sids, kept as bits: bit 0 is sid 1.
    Sids,
}

/// The part of the incident a parameter belongs to; also its heading on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Who joins, how fast, with which list.
    Maintenance,
    /// Timing constants of ZooKeeper and its network.
    ZooKeeper,
    /// Brokers and partitions.
    Kafka,
    /// Producers, retries, dead letters, consumers.
    Clients,
    /// How and when people step in.
    Recovery,
}

impl Group {
    /// The heading shown to readers.
    pub const fn label(self) -> &'static str {
        match self {
            Group::Maintenance => "The maintenance",
            Group::ZooKeeper => "ZooKeeper",
            Group::Kafka => "Kafka",
            Group::Clients => "The clients",
            Group::Recovery => "The recovery",
        }
    }
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Param {
    /// Its camelCase name: URL, JSON, JavaScript.
    pub key: &'static str,
    /// A short label for people.
    pub label: &'static str,
    /// The unit, or "".
    pub unit: &'static str,
    /// Its heading.
    pub group: Group,
    /// What its values look like.
    pub kind: Kind,
    /// The value when none is given (decimals in millionths, flags 0/1, choices by position).
    pub default: i64,
    /// The smallest legal value.
    pub min: i64,
    /// The largest legal value.
    pub max: i64,
    /// Does a slider want a logarithmic scale?
    pub log: bool,
    /// One plain sentence.
    pub help: &'static str,
    /// Where the rule comes from; the default of one that is `Simplified` is ours.
    pub source: Source,
}

macro_rules! keys {
    ($($name:ident),* $(,)?) => {
        /// Names a row of [`PARAMS`]; the order is the table's.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        #[allow(missing_docs)]
        pub enum Key { $($name),* }
        /// Every key, in table order.
        pub const KEYS: &[Key] = &[$(Key::$name),*];
    };
}
keys! {
    OldNodes, NewNodes, JoinRate, JoinJitter, BootTime, ListPolicy, Removed, OldEpoch, OldLeader,
    TickMs, InitLimit, SyncLimit, NetDelayMinMs, NetDelayMaxMs, NetLoss,
    Mode, Brokers, MovedBrokers, Partitions, ReplicationFactor, MinInsync, SessionTimeout, MoveMode, ClusterIdGuard, Quota, Acl,
    WriteRate, ClientPolicy, ClientLifetime, MetadataMaxAge, Retries, Backoff, BackoffMs, BackoffMaxMs, AckLoss,
    IdempotentProducer, Dlq, DlqRate, DlqCapacity, DlqDrain, IdempotentConsumer, HandlerFailure, MigrateAt,
    Heal, HealAt, Wiped, Seed,
}

impl Key {
    /// This key's row.
    pub fn param(self) -> &'static Param {
        &PARAMS[self as usize]
    }

    /// Finds a key by its camelCase or kebab-case name.
    pub fn find(name: &str) -> Option<Key> {
        KEYS.iter().copied().find(|k| k.param().key == name || kebab(k.param().key) == name)
    }
}

/// `joinRate` → `join-rate`.
pub fn kebab(key: &str) -> String {
    let mut out = String::with_capacity(key.len() + 4);
    for c in key.chars() {
        if c.is_ascii_uppercase() {
            out.push('-');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

/// Something wrong with an input: which field, what was found, what is allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    /// A parameter name, or a JSON pointer.
    pub field: String,
    /// The value that was found, as text.
    pub value: String,
    /// What is wrong and what is allowed.
    pub message: String,
}

impl Issue {
    /// An issue of `field` holding `value`.
    pub fn new(field: impl Into<String>, value: impl Into<String>, message: impl Into<String>) -> Issue {
        Issue { field: field.into(), value: value.into(), message: message.into() }
    }
}

impl Issue {
    /// `brokers = 500: must be a whole number in 1–30`.
    pub fn text(&self) -> String {
        let is = if self.value.is_empty() { "" } else { " = " };
        say!(&self.field, is, &self.value, ": ", &self.message)
    }
}

impl std::fmt::Display for Issue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text())
    }
}

/// A complete set of values, and which of them somebody chose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Params {
    values: [i64; PARAM_COUNT],
    given: u64,
}

impl Default for Params {
    fn default() -> Self {
        let mut values = [0; PARAM_COUNT];
        for (value, param) in values.iter_mut().zip(PARAMS) {
            *value = param.default;
        }
        Params { values, given: 0 }
    }
}

/// The pairs that must not contradict each other: the second must be at most the first.
const AT_MOST: &[(Key, Key)] = &[
    (Key::Brokers, Key::ReplicationFactor),
    (Key::ReplicationFactor, Key::MinInsync),
    (Key::Brokers, Key::MovedBrokers),
    (Key::OldNodes, Key::OldLeader),
    (Key::NetDelayMaxMs, Key::NetDelayMinMs),
    (Key::BackoffMaxMs, Key::BackoffMs),
];

impl Params {
    /// The value of `key` (decimals in millionths).
    pub fn get(&self, key: Key) -> i64 {
        self.values[key as usize]
    }

    /// Was this value chosen by somebody, or is it the default?
    pub fn is_given(&self, key: Key) -> bool {
        self.given >> (key as u8) & 1 == 1
    }

    /// Sets a value. Errors: outside its range; nothing changes then.
    pub fn set(&mut self, key: Key, value: i64) -> Result<(), Issue> {
        let p = key.param();
        if value < p.min || value > p.max {
            return Err(Issue::new(p.key, format_value(key, value), text::range_message(key)));
        }
        self.put(key, value);
        Ok(())
    }

    /// Sets a value from text, strictly. Errors: not a value, or outside its range; nothing changes then.
    pub fn set_text(&mut self, key: Key, text: &str) -> Result<(), Issue> {
        match parse_value(key, text) {
            Some(value) => self.set(key, value),
            None => Err(Issue::new(key.param().key, text, text::range_message(key))),
        }
    }

    /// Sets a value from text, never failing: numbers are rounded where only whole ones serve, and clamped; anything else becomes the
    /// default. Returns what was changed, as `brokers=500 → 30 (1–30)`.
    pub fn set_lenient(&mut self, key: Key, text: &str) -> Option<String> {
        let p = key.param();
        let parsed = parse_value(key, text);
        let near = || match p.kind {
            Kind::Integer => parse_decimal(text.trim()).map(|v| v.saturating_add(MILLION / 2).div_euclid(MILLION)),
            _ => None,
        };
        let value = parsed.or_else(near).map_or(p.default, |v| v.clamp(p.min, p.max));
        self.put(key, value);
        (parsed != Some(value)).then(|| {
            let given: String = text.chars().take(40).collect();
            say!(p.key, "=", given, " → ", text::shown(key, value), " (", text::range_text(key), ")")
        })
    }

    fn put(&mut self, key: Key, value: i64) {
        self.values[key as usize] = value;
        self.given |= 1 << (key as u8);
    }

    /// Takes a value back to its default.
    pub fn clear(&mut self, key: Key) {
        self.values[key as usize] = key.param().default;
        self.given &= !(1 << (key as u8));
    }

    /// Resolves contradictions between values: a default gives way silently.
    /// Errors: two given values contradict each other.
    pub fn effective(&self) -> Result<Params, Vec<Issue>> {
        let (fixed, lowered) = self.resolve();
        if lowered.is_empty() {
            return Ok(fixed);
        }
        let issue = |&(limit, key): &(Key, Key)| {
            let (l, p) = (limit.param().key, key.param().key);
            let bound = format_value(limit, self.get(limit));
            Issue::new(p, format_value(key, self.get(key)), say!("must be at most ", l, ", which is ", bound))
        };
        Err(lowered.iter().map(issue).collect())
    }

    /// Resolves contradictions by lowering the dependent value, with a notice for each that was given.
    pub fn effective_lenient(&self) -> (Params, Vec<String>) {
        let (fixed, lowered) = self.resolve();
        let notice = |&(limit, key): &(Key, Key)| {
            let (from, to) = (format_value(key, self.get(key)), text::shown(key, fixed.get(key)));
            say!(key.param().key, "=", from, " → ", to, " (at most ", limit.param().key, ")")
        };
        let notices = lowered.iter().map(notice).collect();
        (fixed, notices)
    }

    /// The resolved values, and the pairs in which both were given and contradicted.
    fn resolve(&self) -> (Params, Vec<(Key, Key)>) {
        let mut p = self.clone();
        let mut clashes = Vec::new();
        let old = (1 << p.get(Key::OldNodes)) - 1;
        if p.get(Key::Removed) > old {
            clashes.extend(self.is_given(Key::Removed).then_some((Key::OldNodes, Key::Removed)));
            p.values[Key::Removed as usize] &= old; // only hosts that there are
        }
        if p.get(Key::OldLeader) == 0 {
            p.values[Key::OldLeader as usize] = p.get(Key::OldNodes); // "the highest sid"
        }
        for &(limit, key) in AT_MOST {
            if p.get(key) <= p.get(limit) {
                continue;
            }
            if self.is_given(key) && !self.is_given(limit) && matches!(key, Key::NetDelayMinMs | Key::BackoffMs) {
                p.values[limit as usize] = p.get(key); // the default bound gives way to the value
                continue;
            }
            if self.is_given(limit) && self.is_given(key) || (self.is_given(key) && !self.is_given(limit)) {
                clashes.push((limit, key));
            }
            p.values[key as usize] = p.get(limit);
        }
        (p, clashes)
    }
}
