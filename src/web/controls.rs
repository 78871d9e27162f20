//! The panel of parameters, made from the one table.
use super::dom::{Markup, button, put};
use crate::caption::{Forecast, hint};
use crate::params::{Group, KEYS, Key, Kind, MILLION, Param, Params, format_value, parse_value};
use crate::presets::{self, PRESETS};
use crate::provenance;
use crate::scenario::Scenario;

/// What somebody changed.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// Another scenario.
    Scenario(String),
    /// A value, as text.
    Value(Key, String),
    /// All values back to the scenario's.
    Defaults,
}

/// What the panel shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Panel {
    /// The effective values.
    pub params: Params,
    /// The scenario they started from.
    pub scenario: String,
    /// Beside the stage (true) or folded away below it.
    pub wide: bool,
    /// What a file says of itself, and in which language.
    #[cfg(feature = "lab")]
    pub described: (String, String),
    /// What the last change did.
    pub note: String,
    /// Counts changes, so that a rejected text is replaced even when no value changed.
    pub revision: u32,
}

impl Panel {
    /// A scenario's, before anything was changed.
    pub fn of(scenario: Scenario, wide: bool) -> Panel {
        Panel {
            params: scenario.params,
            scenario: scenario.id,
            wide,
            #[cfg(feature = "lab")]
            described: (scenario.description, scenario.locale),
            note: String::new(),
            revision: 0,
        }
    }
}

/// Shown at once; the others are under "More".
const MAIN: &[Key] = &[
    Key::JoinRate,
    Key::NewNodes,
    Key::JoinJitter,
    Key::ListPolicy,
    Key::Brokers,
    Key::MovedBrokers,
    Key::WriteRate,
    Key::Retries,
    Key::Backoff,
    Key::Dlq,
    Key::DlqRate,
    Key::IdempotentConsumer,
    Key::Heal,
    Key::HealAt,
    Key::Seed,
];
/// What changes nothing in KRaft mode: there is no list to give, no second cluster to move to, and nothing to recover from.
const IDLE_IN_KRAFT: &[Key] = &[
    Key::ListPolicy,
    Key::Removed,
    Key::MovedBrokers,
    Key::MoveMode,
    Key::ClusterIdGuard,
    Key::SessionTimeout,
    Key::TickMs,
    Key::InitLimit,
    Key::SyncLimit,
    Key::Heal,
    Key::HealAt,
    Key::Wiped,
];
const GROUPS: [Group; 5] = [Group::Maintenance, Group::ZooKeeper, Group::Kafka, Group::Clients, Group::Recovery];

/// Writes the panel. Its inputs carry their value as `data-value`; the page puts it in whenever the panel changes and at
/// no other time, so that typing is never disturbed by a running simulation. They are heard at the root, by `data-key`.
pub fn panel(m: &mut Markup, props: &Panel) {
    let preset = presets::find(&props.scenario);
    let changed = preset.is_some_and(|p| !same(&p.params().effective_lenient().0, &props.params));
    put!(m; "<details class=controls part=controls", if props.wide { " open" } else { "" },
        "><summary>Change the incident</summary><div class=\"field choice pick\"><label for=scenario>Scenario</label>\
        <select id=scenario data-value=\"");
    m.quote(&props.scenario);
    put!(m; "\">");
    for p in PRESETS {
        put!(m; "<option value=", p.id, ">", p.title, "</option>");
    }
    if preset.is_none() {
        put!(m; "<option value=\"");
        m.quote(&props.scenario);
        put!(m; "\">the one that was loaded</option>");
    }
    put!(m; "</select></div>");
    about(m, props, preset.map_or("", |p| p.id));
    put!(m; "<p class=",
        if changed { "changed" } else { "none" }, ">Other values than the scenario's. ");
    button(m, "defaults", "", "Put them back");
    put!(m; "</p><p class=note>");
    m.quote(&props.note);
    put!(m; "</p><div>");
    for group in GROUPS {
        section(m, props, group, true);
    }
    put!(m; "</div><details class=more><summary>More</summary>");
    for group in GROUPS {
        section(m, props, group, false);
    }
    put!(m; "</details><details class=more><summary>Where the talk and reality differ</summary><ul data-words=differs></ul><p data-words=sources></p></details></details>");
}

fn same(a: &Params, b: &Params) -> bool {
    KEYS.iter().all(|k| a.get(*k) == b.get(*k))
}

fn section(m: &mut Markup, props: &Panel, group: Group, main: bool) {
    let kraft = props.params.get(Key::Mode) == 1;
    let shown =
        |k: &&Key| k.param().group == group && MAIN.contains(k) == main && !(kraft && IDLE_IN_KRAFT.contains(k));
    let mut keys = KEYS.iter().filter(shown).peekable();
    if keys.peek().is_none() {
        return;
    }
    put!(m; "<section><h3>", group.label(), "</h3>");
    for key in keys {
        field(m, *key, props.params.get(*key));
    }
    if group == Group::Maintenance && main {
        let (forecast, text) = hint(&props.params);
        let source = provenance::of_hint(&props.params, forecast).label();
        put!(m; "<p class=\"hint ", tone(forecast), "\">", text, " <span class=src>", source, "</span></p>");
    }
    put!(m; "</section>");
}

fn tone(forecast: Forecast) -> &'static str {
    match forecast {
        Forecast::Join => "join",
        Forecast::Split => "split",
        Forecast::Stuck => "stuck",
        Forecast::Open => "open",
    }
}

fn field(m: &mut Markup, key: Key, value: i64) {
    let p = key.param();
    let kind = match p.kind {
        Kind::Flag => "flag",
        Kind::Choice(_) => "choice",
        Kind::Sids => "sids",
        Kind::Integer | Kind::Decimal => "number",
    };
    put!(m; "<div class=\"field ", kind, "\" data-key=", p.key, ">");
    if p.kind == Kind::Flag {
        put!(m; "<input type=checkbox id=", p.key, " data-value=", format_value(key, value), " />");
    }
    put!(m; "<span class=name><label for=", p.key, " id=label-", p.key, ">", p.label, "</label> <span class=src>", p.source.label(),
        "</span><button type=button class=versus data-lab=runs data-arg=", p.key, " title=\"Compare with another value\" aria-label=\"Compare with another value of ",
        p.label, "\">⇄</button></span>");
    match p.kind {
        Kind::Flag => {}
        Kind::Choice(words) => {
            put!(m; "<select id=", p.key, " data-value=", format_value(key, value), ">");
            for word in words {
                put!(m; "<option value=", *word, ">", spaced(word), "</option>");
            }
            put!(m; "</select>");
        }
        Kind::Integer | Kind::Decimal => number(m, key, p, value),
        Kind::Sids => {
            put!(m; "<input type=text id=", p.key, " data-value=\"", format_value(key, value), "\" />");
        }
    }
    put!(m; "</div>");
}

/// `renderedAtBoot` as `rendered at boot`.
fn spaced(word: &str) -> String {
    crate::params::kebab(word).replace('-', " ")
}

fn number(m: &mut Markup, key: Key, p: &'static Param, value: i64) {
    let text = format_value(key, value);
    put!(m; "<span class=value><input type=number id=", p.key, " min=", format_value(key, p.min), " max=", format_value(key, p.max),
        " step=any inputmode=decimal data-value=", text.as_str(), " /><span class=unit>", p.unit,
        "</span></span><input type=range class=slide min=0 max=", steps(key) as i32, " step=1 aria-labelledby=label-", p.key,
        " aria-valuetext=\"", text, " ", p.unit, "\" data-value=", position_of(key, value) as i32, " />");
}

/// The value at a slider's position, as text.
pub fn text_at(key: Key, position: i64) -> String {
    format_value(key, value_at(key, position))
}

/// How many steps a slider has.
fn steps(key: Key) -> i64 {
    let p = key.param();
    match p.kind {
        _ if p.log => 200,
        Kind::Integer if p.max - p.min <= 1_000 => p.max - p.min,
        _ => 400,
    }
}

/// Where logarithmic sliders that include 0 begin to grow.
fn floor_of(key: Key) -> f64 {
    let p = key.param();
    let least = if p.min > 0 { p.min } else { p.max / 100_000 };
    least.max(1) as f64
}

fn position_of(key: Key, value: i64) -> i64 {
    let (p, steps) = (key.param(), steps(key));
    if !p.log {
        return (value - p.min) * steps / (p.max - p.min).max(1);
    }
    let low = floor_of(key);
    let share = js_sys::Math::log(value as f64 / low) / js_sys::Math::log(p.max as f64 / low);
    if value <= 0 { 0 } else { (share * steps as f64).round().max(0.0).min(steps as f64) as i64 }
}

fn value_at(key: Key, position: i64) -> i64 {
    let (p, steps) = (key.param(), steps(key));
    if position <= 0 {
        return p.min;
    }
    if position >= steps {
        return p.max;
    }
    if !p.log {
        let exact = p.min + (p.max - p.min) * position / steps;
        let unit = if p.kind == Kind::Decimal && p.max - p.min >= 40 * MILLION {
            MILLION / 2
        } else if p.kind == Kind::Decimal {
            MILLION / 10
        } else {
            1
        };
        return ((exact + unit / 2) / unit * unit).clamp(p.min, p.max);
    }
    let low = floor_of(key);
    let exact = low * js_sys::Math::pow(p.max as f64 / low, position as f64 / steps as f64);
    // Two significant digits: 48 s, 470 hosts/min, never 473.151.
    let mut unit = 1.0;
    while exact / unit >= 100.0 {
        unit *= 10.0;
    }
    let rounded = ((exact / unit).round() * unit) as i64;
    parse_value(key, &format_value(key, rounded)).unwrap_or(rounded).clamp(p.min, p.max)
}

/// What the scenario shows: the page has the words of the presets.
#[cfg(not(feature = "lab"))]
fn about(m: &mut Markup, _: &Panel, preset: &str) {
    put!(m; "<p class=about data-words=\"about/", preset, "\"></p>");
}

/// What the scenario shows: the page has the words of the presets; a file brings its own.
#[cfg(feature = "lab")]
fn about(m: &mut Markup, props: &Panel, preset: &str) {
    let (words, locale) = &props.described;
    if words.is_empty() || presets::find(preset).is_some_and(|p| p.caption == words) {
        put!(m; "<p class=about data-words=\"about/", preset, "\"></p>");
    } else {
        // Not a paragraph: the page has written into that.
        put!(m; "<div class=about>");
        m.quote_in(locale, words);
        put!(m; "</div>");
    }
}
