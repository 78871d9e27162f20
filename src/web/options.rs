//! What an element's attributes or a page's URL ask for, read leniently: bad values are clamped and mentioned.
use crate::metrics::Milestone;
use crate::params::{Issue, KEYS, Key, Kind, MILLION, Params, format_decimal, format_value, parse_value};
use crate::player::{Player, Speed, Target};
use crate::presets;
use crate::scenario::Scenario;
use crate::view::Micros;
use crate::words::say;
use wasm_bindgen::prelude::*;

/// The wishes, understood.
#[derive(Debug)]
pub struct Options {
    /// The shipped scenario it starts from.
    pub base: Scenario,
    /// Its values and the given ones.
    pub params: Params,
    /// Play at once? `None`: as the visitor's motion preference says.
    pub autoplay: Option<bool>,
    /// A chosen speed.
    pub speed: Option<Speed>,
    /// Where to begin.
    pub start: Option<Target>,
    /// Where to pause.
    pub pause_at: Vec<Milestone>,
    /// Where playing ends: an instant.
    pub end_at: Option<Micros>,
    /// What was wrong.
    pub notices: Vec<String>,
}

/// Seconds, or a milestone's name.
pub fn target(text: &str) -> Option<Target> {
    if let Some(m) = Milestone::find(text) {
        return Some(Target::Milestone(m));
    }
    parse_value(Key::HealAt, text).map(|v| Target::Time(u64::try_from(v).unwrap_or(0)))
}

/// The slowest and the fastest speed: millionths.
const SPEEDS: (i64, i64) = (50_000, 600 * MILLION);

/// `auto`, or a factor within 0.05–600.
pub fn speed(text: &str) -> Option<Speed> {
    match text {
        "auto" => Some(Speed::Auto),
        _ => parse_value(Key::HealAt, text).filter(|v| (SPEEDS.0..=SPEEDS.1).contains(v)).map(fixed),
    }
}

fn fixed(factor: i64) -> Speed {
    Speed::Fixed(u32::try_from(factor / 1000).unwrap_or(0))
}

/// The shipped scenarios' ids.
pub fn shipped() -> String {
    let known: Vec<&str> = presets::PRESETS.iter().map(|p| p.id).collect();
    known.join(", ")
}

/// Lines of `name=value`.
pub fn pairs(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.split('\n').filter_map(|line| line.split_once('='))
}

/// These values with the given ones, and what is wrong with them.
pub fn strictly(mut params: Params, pairs: &str) -> (Params, Vec<Issue>) {
    let mut issues = Vec::new();
    for (name, value) in super::options::pairs(pairs) {
        match Key::find(name) {
            Some(key) => issues.extend(params.set_text(key, value).err()),
            None => issues.push(Issue::new(name, value, say!("is not a parameter", meant(name)))),
        }
    }
    if issues.is_empty() {
        issues.extend(params.effective().err().into_iter().flatten());
    }
    (params, issues)
}

/// Issues, a line each: field, value, message, tabs between.
pub fn rows(issues: &[Issue]) -> String {
    let rows: Vec<String> = issues.iter().map(|i| [&*i.field, &i.value, &i.message].join("\t")).collect();
    rows.join("\n")
}

impl Options {
    /// Reads lines of a name (camelCase or kebab-case) and a value; later ones win. `own`: what it starts from when no preset is named.
    pub fn read(text: &str, own: Option<Scenario>) -> Options {
        let mut notices = Vec::new();
        let wanted = pairs(text).filter(|(k, _)| *k == "scenario").last().map(|(_, v)| v.trim());
        let base = match wanted.map(|id| (id, Scenario::preset(id))) {
            Some((_, Some(scenario))) => scenario,
            Some((id, None)) => {
                notices.push(say!("scenario=", short(id), " → the-incident (", shipped(), ")"));
                own.unwrap_or_else(Preset::first)
            }
            None => own.unwrap_or_else(Preset::first),
        };
        let params = base.params.clone();
        let mut o = Options {
            base,
            params,
            autoplay: None,
            speed: None,
            start: None,
            pause_at: Vec::new(),
            end_at: None,
            notices,
        };
        for (name, value) in pairs(text) {
            o.take(name, value.trim());
        }
        let lowered = o.params.effective_lenient().1;
        o.notices.extend(lowered);
        o
    }

    fn take(&mut self, name: &str, value: &str) {
        if let Some(key) = Key::find(name) {
            self.notices.extend(self.params.set_lenient(key, value));
            return;
        }
        match name {
            "scenario" => {}
            // What the page itself found wrong; no attribute can have this name.
            "!" => self.notices.push(value.to_string()),
            "autoplay" => self.autoplay = Some(!matches!(value, "off" | "false" | "0")),
            "speed" if value == "auto" => self.speed = Some(Speed::Auto),
            "speed" => self.speed = self.number(name, value, SPEEDS, "auto", "auto, 0.05–600").map(fixed),
            "start" => self.start = self.moment("start", value, "0"),
            "stopAt" | "stop-at" => match self.moment("stopAt", value, "the end") {
                Some(Target::Time(at)) => self.end_at = Some(at),
                Some(Target::Milestone(m)) => self.pause_at.push(m),
                None => {}
            },
            "pauseAt" | "pause-at" => {
                for word in value.split(',').map(str::trim).filter(|w| !w.is_empty()) {
                    match Milestone::find(word) {
                        Some(m) => self.pause_at.push(m),
                        None => self.notices.push(say!("pauseAt=", short(word), " is no milestone")),
                    }
                }
            }
            _ => self.notices.push(say!(short(name), "=", short(value), " is not a parameter", meant(name))),
        }
    }

    /// A number within bounds (millionths), or else the nearest; what is none is `otherwise`. Tells what it changed.
    fn number(&mut self, name: &str, value: &str, (min, max): (i64, i64), otherwise: &str, range: &str) -> Option<i64> {
        let given = parse_value(Key::HealAt, value);
        let near = given.map(|v| v.clamp(min, max));
        if near.is_none() || near != given {
            let now = near.map_or(otherwise.to_string(), format_decimal);
            self.notices.push(say!(name, "=", short(value), " → ", now, " (", range, ")"));
        }
        near
    }

    /// A time or a milestone.
    fn moment(&mut self, name: &str, value: &str, otherwise: &str) -> Option<Target> {
        if let Some(m) = Milestone::find(value) {
            return Some(Target::Milestone(m));
        }
        let range = "seconds in 0–36000, or a milestone";
        let at = self.number(name, value, (0, Key::HealAt.param().max), otherwise, range)?;
        Some(Target::Time(u64::try_from(at).unwrap_or(0)))
    }

    /// A player that does what was asked.
    pub fn player(&self, reduced: bool) -> Player {
        let mut player = Player::new(self.base.clone(), self.params.clone());
        self.direct(&mut player, reduced);
        player
    }

    /// Applies the presentation to a player.
    pub fn direct(&self, player: &mut Player, reduced: bool) {
        player.set_speed(self.speed.unwrap_or(Speed::Auto));
        if self.speed.is_some() || !self.pause_at.is_empty() || self.end_at.is_some() {
            player.touch();
        }
        player.stop_at(self.pause_at.clone());
        player.end_at(self.end_at);
        if self.autoplay.unwrap_or(!reduced && self.start.is_none()) {
            player.play();
        }
        if let Some(start) = self.start {
            player.seek(0, start);
        }
    }
}

/// Names the scenario a page opens with.
struct Preset;

impl Preset {
    fn first() -> Scenario {
        presets::PRESETS.first().map(presets::Preset::scenario).unwrap_or_default()
    }
}

/// `; did you mean joinRate?`, in the build with the panels; the first one has no room for it.
fn meant(name: &str) -> String {
    #[cfg(feature = "lab")]
    return crate::native::guess::said(crate::native::guess::parameter(name));
    #[cfg(not(feature = "lab"))]
    {
        let _ = name;
        String::new()
    }
}

/// Other people's text, cut to a length that a notice can bear.
fn short(text: &str) -> String {
    text.chars().take(40).collect()
}

/// Every parameter, a line each: key, label, unit, kind, default, minimum, maximum, words, source; tabs between. What each means is in
/// words.json.
#[wasm_bindgen]
pub fn parameters() -> String {
    let mut out = String::new();
    for key in KEYS {
        let p = key.param();
        let (kind, words) = match p.kind {
            Kind::Integer => ("integer", String::new()),
            Kind::Decimal => ("decimal", String::new()),
            Kind::Flag => ("flag", String::new()),
            Kind::Choice(words) => ("choice", words.join(",")),
            Kind::Sids => ("sids", String::new()),
        };
        let [default, min, max] = [p.default, p.min, p.max].map(|v| format_value(*key, v));
        let row = [p.key, p.label, p.unit, kind, &default, &min, &max, &words, p.source.label()].join("\t");
        out.push_str(&row);
        out.push('\n');
    }
    out
}
