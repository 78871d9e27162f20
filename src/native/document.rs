//! Scenario files: JSON in, a [`Scenario`] out, and back. Everything that is wrong with a file is listed, with its JSON
//! pointer; nothing unknown is ignored.
use super::actions::action_json;
use super::expect::Expectation;
use super::json::Json;
use super::outcome::value_json;
use super::reader::{Reader, decimal, pointer, whole};
use crate::export::SCHEMA_VERSION;
use crate::lesson::Lesson;
use crate::lesson::ui::Ui;
use crate::limits::MAX_ACTIONS;
use crate::params::{Issue, KEYS, Key, Kind, MILLION, Params, range_message};
use crate::presets::{PRESETS, Preset};
use crate::scenario::{Plan, PlannedHost, Role, Scenario};

/// The longest scenario file that is read, in bytes.
pub const MAX_FILE: usize = 256 * 1024;
/// The latest moment that a file can name, in seconds.
pub(super) const LAST_SECOND: i64 = 36_000;

pub(super) const FIELDS: &[&str] = &[
    "$schema",
    "schemaVersion",
    "id",
    "title",
    "description",
    "locale",
    "base",
    "params",
    "plan",
    "actions",
    "steps",
    "ui",
    "expect",
];

/// What a scenario file holds.
#[derive(Clone, Debug, Default)]
pub struct Document {
    /// The input of a run, not yet checked for contradictions.
    pub scenario: Scenario,
    /// What its author expects of the run.
    pub expect: Vec<Expectation>,
    /// The lesson that it tells; without steps there is none.
    pub lesson: Lesson,
    /// How it wants to be shown.
    pub ui: Ui,
}

impl Document {
    /// Reads a scenario file. Errors: every problem found, each with its JSON pointer.
    pub fn read(text: &str) -> Result<Document, Vec<Issue>> {
        if text.len() > MAX_FILE {
            let size = format!("{} bytes", text.len());
            return Err(vec![Issue::new("/", size, "a scenario file has at most 256 KiB")]);
        }
        let json = Json::parse(text).map_err(|e| vec![Issue::new("/", "", format!("is not JSON: {e}"))])?;
        let mut reader = Reader::default();
        if let Some(newer) = json.get("schemaVersion").and_then(whole).filter(|v| *v > SCHEMA_VERSION) {
            let message = format!("was made by a newer version; this one reads {SCHEMA_VERSION}");
            return Err(vec![Issue::new("/schemaVersion", newer.to_string(), message)]);
        }
        let document = reader.document(&json);
        match document {
            Some(document) if reader.issues.is_empty() => Ok(document),
            _ => Err(reader.issues),
        }
    }
}

/// What a parameter may be in a file.
pub fn range(key: Key) -> String {
    if key.param().kind == Kind::Flag { "must be true or false".to_string() } else { range_message(key) }
}

/// A preset as a scenario file.
pub fn preset_json(preset: &Preset) -> Json {
    let params = preset.params();
    let given = KEYS.iter().filter(|&&key| params.is_given(key));
    let values = given.map(|&key| (key.param().key.to_string(), value_json(key, params.get(key)))).collect();
    let mut fields = vec![
        ("schemaVersion", Json::number(SCHEMA_VERSION)),
        ("id", Json::text(preset.id)),
        ("title", Json::text(preset.title)),
        ("description", Json::text(preset.caption)),
        ("locale", Json::text("en")),
        ("params", Json::Object(values)),
    ];
    if !preset.actions.is_empty() {
        let actions = preset.scenario().actions;
        fields.push(("actions", Json::List(actions.iter().map(|(at, command)| action_json(*at, *command)).collect())));
    }
    Json::Object(fields.into_iter().map(|(name, value)| (name.to_string(), value)).collect())
}

impl Reader {
    fn document(&mut self, json: &Json) -> Option<Document> {
        let fields = self.fields("", json, FIELDS)?;
        match fields.get("schemaVersion") {
            None => self.missing("", "schemaVersion"),
            Some((_, value)) if whole(value) == Some(SCHEMA_VERSION) => {}
            Some((at, value)) => self.bad(&at, value, format!("must be {SCHEMA_VERSION}")),
        }
        let mut scenario = Scenario::default();
        if let Some((at, value)) = fields.get("base")
            && let Some(id) = self.text(&at, value)
        {
            match Scenario::preset(id) {
                Some(preset) => scenario = preset,
                None => self.bad(&at, value, format!("must be a preset: {}", preset_ids())),
            }
        }
        fields.get("$schema").map(|(at, value)| self.text(&at, value));
        if let Some((at, value)) = fields.get("locale") {
            scenario.locale = self.locale(&at, value);
        }
        let mut take = |name: &str, into: &mut String| {
            if let Some((at, value)) = fields.get(name)
                && let Some(text) = self.text(&at, value)
            {
                *into = text.to_string();
            }
        };
        take("id", &mut scenario.id);
        take("title", &mut scenario.title);
        take("description", &mut scenario.description);
        if let Some((at, value)) = fields.get("params") {
            self.params(&at, value, &mut scenario.params);
        }
        if let Some((at, value)) = fields.get("plan") {
            scenario.plan = self.plan(&at, value);
        }
        if let Some((at, value)) = fields.get("actions") {
            scenario.actions = self.actions(&at, value);
        }
        let mut expect = Vec::new();
        if let Some((at, value)) = fields.get("expect") {
            let items = self.list(&at, value, MAX_ACTIONS).unwrap_or_default();
            expect.extend(
                items.iter().enumerate().filter_map(|(i, item)| Expectation::read(self, &format!("{at}/{i}"), item)),
            );
        }
        self.cross_check(&scenario);
        let lesson = fields.get("steps").map(|(at, value)| self.steps(&at, value, &scenario)).unwrap_or_default();
        let ui = fields.get("ui").map(|(at, value)| self.ui(&at, value)).unwrap_or_default();
        Some(Document { scenario, expect, lesson, ui })
    }

    /// A language tag; empty for English, as for what is shipped.
    fn locale(&mut self, at: &str, json: &Json) -> String {
        let tag = self.text(at, json).unwrap_or("en");
        let part = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric());
        if tag.len() > 35 || !tag.split('-').all(part) {
            self.bad(at, json, "must be a language tag, like en, de or pt-BR");
        }
        if tag == "en" { String::new() } else { tag.to_string() }
    }

    /// Notes contradictions between the parts that were read without a problem.
    fn cross_check(&mut self, scenario: &Scenario) {
        let clean = |part: &str| !self.issues.iter().any(|issue| issue.field.starts_with(part));
        let mut sound = Scenario::of(Params::default());
        if clean("/params") && clean("/base") {
            sound.params = scenario.params.clone();
            if clean("/plan") {
                sound.plan = scenario.plan.clone();
                if clean("/actions") {
                    sound.actions = scenario.actions.clone();
                }
            }
        }
        self.issues.extend(sound.check().err().into_iter().flatten());
    }

    pub(super) fn params(&mut self, at: &str, json: &Json, params: &mut Params) {
        for (name, value) in self.object(at, json).unwrap_or_default() {
            let at = pointer(at, name);
            let key = KEYS.iter().copied().find(|key| key.param().key == name);
            let Some(key) = key else {
                let hint =
                    super::arguments::nearest(name).map_or(String::new(), |near| format!("; did you mean {near}?"));
                self.bad(&at, value, format!("is not a parameter{hint}"));
                continue;
            };
            let read = param_value(key, value).filter(|number| params.set(key, *number).is_ok());
            match (read, key.param().kind) {
                (Some(_), _) => {}
                (None, Kind::Flag) => self.bad(&at, value, "must be true or false"),
                (None, _) => self.bad(&at, value, range(key)),
            }
        }
    }

    fn plan(&mut self, at: &str, json: &Json) -> Option<Plan> {
        let fields = self.fields(at, json, &["old", "oldLeader", "fresh"])?;
        let mut required = |name: &str| {
            let found = fields.get(name);
            if found.is_none() {
                self.missing(at, name);
            }
            found
        };
        let (old, fresh) = (required("old"), required("fresh"));
        let old = old.and_then(|(at, value)| self.sids(&at, value));
        let old_leader = match fields.get("oldLeader") {
            Some((at, value)) => self.sid(&at, value),
            None => old.as_ref().and_then(|old| old.iter().max().copied()).or(Some(0)),
        };
        let mut hosts = Some(Vec::new());
        if let Some((at, value)) = fresh {
            for (i, item) in self.list(&at, value, 255).unwrap_or_default().iter().enumerate() {
                let host = self.planned_host(&format!("{at}/{i}"), item);
                hosts = hosts.zip(host).map(|(mut hosts, host)| {
                    hosts.push(host);
                    hosts
                });
            }
        }
        Some(Plan { old: old?, old_leader: old_leader?, fresh: hosts? })
    }

    fn planned_host(&mut self, at: &str, json: &Json) -> Option<PlannedHost> {
        let fields = self.fields(at, json, &["sid", "startMs", "list", "role"])?;
        for name in ["sid", "startMs", "list"] {
            if fields.get(name).is_none() {
                self.missing(at, name);
            }
        }
        let sid = fields.get("sid").and_then(|(at, value)| self.sid(&at, value));
        let latest = LAST_SECOND * 1000 * MILLION;
        let start = fields.get("startMs").and_then(|(at, value)| self.decimal(&at, value, 0, latest));
        let list = fields.get("list").and_then(|(at, value)| self.sids(&at, value));
        let role = match fields.get("role") {
            None => Some(Role::Participant),
            Some((_, Json::Text(word))) if word == "participant" => Some(Role::Participant),
            Some((_, Json::Text(word))) if word == "observer" => Some(Role::Observer),
            Some((at, value)) => {
                self.bad(&at, value, "must be one of participant, observer");
                None
            }
        };
        let start = u64::try_from(start? / 1000).ok()?; // millionths of a millisecond → µs
        Some(PlannedHost { sid: sid?, start, list: list?, role: role? })
    }
}

/// The ids of the presets, for messages.
pub fn preset_ids() -> String {
    PRESETS.iter().map(|preset| preset.id).collect::<Vec<_>>().join(", ")
}

/// A JSON value as a value of `key`, if it has the right type.
pub(super) fn param_value(key: Key, json: &Json) -> Option<i64> {
    match (key.param().kind, json) {
        (Kind::Integer, _) => whole(json),
        (Kind::Decimal, _) => decimal(json),
        (Kind::Flag, Json::Bool(value)) => Some(i64::from(*value)),
        (Kind::Sids, Json::List(sids)) => sids.iter().try_fold(0, |mask, sid| {
            let sid = whole(sid).filter(|sid| (1..=60).contains(sid))?;
            Some(mask | 1 << (sid - 1))
        }),
        (Kind::Choice(words), Json::Text(text)) => {
            words.iter().position(|w| w == text).and_then(|i| i64::try_from(i).ok())
        }
        _ => None,
    }
}
