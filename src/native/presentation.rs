//! Reads `ui`: how a scenario file wants to be shown. Names and ranges are those of the URL.
use super::document::LAST_SECOND;
use super::guess::hint;
use super::json::Json;
use super::reader::{Reader, decimal};
use crate::lesson::ui::{FIELDS, MOTIONS, Moment, Pace, THEMES, Ui, VIEWS};
use crate::metrics::{MILESTONES, Milestone};
use crate::panels::NAMES;
use crate::params::{MILLION, format_decimal};
use crate::player::{FASTEST, SLOWEST};

impl Reader {
    pub(super) fn ui(&mut self, at: &str, json: &Json) -> Ui {
        let mut ui = Ui::default();
        let Some(fields) = self.fields(at, json, FIELDS) else { return ui };
        for name in FIELDS {
            let Some((at, value)) = fields.get(name) else { continue };
            match *name {
                "view" => ui.view = self.one_of(&at, value, VIEWS),
                "panels" => ui.panels = Some(self.words(&at, value, &NAMES)),
                "controls" => ui.controls = Some(self.keys(&at, value)),
                "lock" => ui.lock = self.keys(&at, value),
                "autoplay" => ui.autoplay = self.flag(&at, value),
                "speed" => ui.speed = self.pace(&at, value),
                "start" => ui.start = self.moment(&at, value, &[]),
                "stopAt" => ui.stop_at = self.moment(&at, value, &[]),
                "theme" => ui.theme = self.one_of(&at, value, THEMES),
                "motion" => ui.motion = self.one_of(&at, value, MOTIONS),
                _ => {
                    let names: Vec<&'static str> = MILESTONES.iter().map(|(_, name)| *name).collect();
                    let words = self.words(&at, value, &names);
                    ui.pause_at = words.into_iter().filter_map(Milestone::find).collect();
                }
            }
        }
        ui
    }

    /// `"auto"`, or a factor.
    fn pace(&mut self, at: &str, json: &Json) -> Option<Pace> {
        if matches!(json, Json::Text(word) if word == "auto") {
            return Some(Pace::Auto);
        }
        let (slowest, fastest) = (i64::from(SLOWEST) * 1000, i64::from(FASTEST) * 1000);
        let value = decimal(json).filter(|speed| (slowest..=fastest).contains(speed));
        if value.is_none() {
            let range = format!("{}–{}", format_decimal(slowest), format_decimal(fastest));
            self.bad(at, json, format!("must be \"auto\", or a number in {range}"));
        }
        u32::try_from(value? / 1000).ok().map(Pace::Fixed)
    }

    /// Seconds, or a milestone; `also` are the other words that the caller takes.
    pub(super) fn moment(&mut self, at: &str, json: &Json, also: &[&'static str]) -> Option<Moment> {
        let names: Vec<&'static str> = also.iter().copied().chain(MILESTONES.iter().map(|(_, name)| *name)).collect();
        let found = match json {
            Json::Text(word) => Milestone::find(word).map(Moment::Milestone),
            _ => decimal(json)
                .filter(|at| (0..=LAST_SECOND * MILLION).contains(at))
                .and_then(|at| u64::try_from(at).ok())
                .map(Moment::Time),
        };
        if found.is_none() {
            let meant = match json {
                Json::Text(word) => hint(word, names.iter().copied()),
                _ => String::new(),
            };
            self.bad(at, json, format!("must be seconds in 0–{LAST_SECOND}, or one of {}{meant}", names.join(", ")));
        }
        found
    }
}
