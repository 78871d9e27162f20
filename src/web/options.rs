//! What an element's attributes or a page's URL ask for, read leniently: bad values are clamped and mentioned.
use crate::metrics::{MILESTONES, Milestone};
use crate::params::{Issue, KEYS, Key, Kind, Params, format_decimal, format_value, parse_value};
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

/// The slowest and the fastest speed: thousandths.
const SLOWEST: i64 = 50;
const FASTEST: i64 = 600_000;

/// `auto`, or a factor. Out of 0.05–600 it is the nearest within, and beside it what to say of that.
fn speed_near(text: &str) -> Option<(Speed, bool)> {
    if text == "auto" {
        return Some((Speed::Auto, true));
    }
    let milli = parse_value(Key::HealAt, text)? / 1000;
    let near = milli.clamp(SLOWEST, FASTEST);
    Some((Speed::Fixed(u32::try_from(near).unwrap_or(0)), near == milli))
}

/// `auto`, or a factor within 0.05–600.
pub fn speed(text: &str) -> Option<Speed> {
    speed_near(text).filter(|(_, within)| *within).map(|(speed, _)| speed)
}

/// The shipped scenarios' ids.
pub fn shipped() -> String {
    let known: Vec<&str> = presets::PRESETS.iter().map(|p| p.id).collect();
    known.join(", ")
}

/// The milestones' names.
fn milestones() -> String {
    let names: Vec<&str> = MILESTONES.iter().map(|(_, name)| *name).collect();
    names.join(", ")
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
            None => issues.push(Issue::new(name, value, no_parameter(name))),
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
            "autoplay" => {
                let on = !matches!(value, "off" | "false" | "0");
                if on && !matches!(value, "" | "on" | "true" | "1") {
                    self.notices.push(say!("autoplay=", short(value), " → on (on, off)"));
                }
                self.autoplay = Some(on);
            }
            "speed" => self.take_speed(value),
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
                        None => {
                            self.notices.push(say!("pauseAt=", short(word), " is no milestone (", milestones(), ")"));
                        }
                    }
                }
            }
            _ => {
                let near = resembling(name).map_or(String::new(), meant);
                self.notices.push(say!(short(name), "=", short(value), " is not a parameter", near));
            }
        }
    }

    fn take_speed(&mut self, value: &str) {
        let found = speed_near(value);
        if !matches!(found, Some((_, true))) {
            let now = match found {
                Some((Speed::Fixed(near), _)) => format_decimal(i64::from(near) * 1000),
                _ => "auto".to_string(),
            };
            self.notices.push(say!("speed=", short(value), " → ", now, " (auto, 0.05–600)"));
        }
        self.speed = found.map(|(speed, _)| speed).or(self.speed);
    }

    /// A time or a milestone; what is neither is `otherwise`.
    fn moment(&mut self, name: &str, value: &str, otherwise: &str) -> Option<Target> {
        let found = match target(value) {
            Some(Target::Time(_)) => {
                let at = parse_value(Key::HealAt, value).unwrap_or(0);
                let near = at.clamp(0, Key::HealAt.param().max);
                if near == at {
                    return target(value);
                }
                Some(near)
            }
            None => None,
            milestone => return milestone,
        };
        let now = found.map_or(otherwise.to_string(), format_decimal);
        self.notices.push(say!(name, "=", short(value), " → ", now, " (seconds in 0–36000, ", milestones(), ")"));
        found.map(|at| Target::Time(u64::try_from(at).unwrap_or(0)))
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

/// The parameter whose name begins most like this one, in whatever case: all but its last letters.
fn resembling(name: &str) -> Option<Key> {
    let letters = |name: &str| -> Vec<u8> {
        name.bytes().filter(u8::is_ascii_alphanumeric).map(|b| b.to_ascii_lowercase()).collect()
    };
    let wanted = letters(name);
    let same = |key: &Key| letters(key.param().key).iter().zip(&wanted).take_while(|(a, b)| a == b).count();
    let best = KEYS.iter().copied().max_by_key(same)?;
    let same = same(&best);
    (same > 2 && same + 2 >= wanted.len()).then_some(best)
}

fn meant(key: Key) -> String {
    say!("; did you mean ", key.param().key, "?")
}

/// What is wrong with the name of a parameter that is none.
fn no_parameter(name: &str) -> String {
    let known = || {
        let names: Vec<&str> = KEYS.iter().map(|key| key.param().key).collect();
        say!("; known: ", names.join(", "))
    };
    say!("is not a parameter", resembling(name).map_or_else(known, meant))
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
