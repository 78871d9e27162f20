//! Reads `steps`: a lesson. What each field means is in docs/TEACH.md; every problem is noted with its pointer.
mod holes;
pub(super) mod question;

use super::document::LAST_SECOND;
use super::guess::{self, hint};
use super::json::Json;
use super::reader::{Fields, Reader};
use crate::lesson::{Deed, Lesson, OPS, Spot, Step, Task, When};
use crate::limits::{MAX_PARAGRAPHS, MAX_STEPS, MAX_TEXT};
use crate::metrics::{MILESTONES, Milestone};
use crate::panels::NAMES;
use crate::params::{KEYS, Key, MILLION, Params};
use crate::scenario::Scenario;

/// Every field of a step.
pub(super) const STEP: &[&str] = &[
    "id",
    "when",
    "optional",
    "title",
    "text",
    "highlight",
    "pause",
    "controls",
    "lock",
    "panel",
    "run",
    "task",
    "question",
];
/// The longest id of a step, and its longest title.
pub(super) const MAX_ID: usize = 40;
pub(super) const MAX_TITLE: usize = 120;
/// What a step can point at, at once.
pub(super) const MAX_SPOTS: usize = 20;

/// What `when` can be.
const WHEN: &str = "must be \"start\", \"end\", or an object with one of milestone, time, after, fact";

/// What the steps before are called, and whether they ask: a later one may speak of them.
struct Earlier {
    ids: Vec<(String, bool)>,
    /// One of them is wrong itself: what speaks of it says nothing new.
    unsure: bool,
}

impl Reader {
    pub(super) fn steps(&mut self, at: &str, json: &Json, scenario: &Scenario) -> Lesson {
        let mut lesson = Lesson::default();
        // With other problems it is not certain which machines there are.
        let scenario = self.issues.is_empty().then_some(scenario);
        let mut earlier = Earlier { ids: Vec::new(), unsure: false };
        let all: Vec<&str> = match json {
            Json::List(items) => items.iter().filter_map(|item| id(item)).collect(),
            _ => Vec::new(),
        };
        for (i, item) in self.list(at, json, MAX_STEPS).unwrap_or_default().iter().enumerate() {
            let at = format!("{at}/{i}");
            let sound = self.issues.len();
            lesson.steps.extend(self.lesson_step(&at, item, &earlier, &all, scenario));
            earlier.unsure |= self.issues.len() > sound;
            earlier.ids.push((id(item).unwrap_or("").to_string(), item.get("question").is_some()));
        }
        lesson
    }

    fn lesson_step(
        &mut self,
        at: &str,
        json: &Json,
        earlier: &Earlier,
        all: &[&str],
        scenario: Option<&Scenario>,
    ) -> Option<Step> {
        let fields = self.fields(at, json, STEP)?;
        for name in ["id", "text"].into_iter().filter(|name| fields.get(name).is_none()) {
            self.missing(at, name);
        }
        let id = fields.get("id").and_then(|(at, value)| self.step_id(&at, value, earlier));
        let mut flag = |name: &str, default| match fields.get(name) {
            Some((at, value)) => self.flag(&at, value).unwrap_or(default),
            None => default,
        };
        let (pause, optional) = (flag("pause", true), flag("optional", false));
        let when = fields.get("when").and_then(|(at, value)| self.when(&at, value, earlier, all, scenario));
        let title = fields.get("title").and_then(|(at, value)| self.prose(&at, value, MAX_TITLE)).unwrap_or_default();
        let text = fields.get("text").map(|(at, value)| self.paragraphs(&at, value)).unwrap_or_default();
        for (at, text) in &text {
            self.holes(at, text, scenario, &|name| earlier.says(name));
        }
        let mut keys = |name: &str| fields.get(name).map(|(at, value)| self.keys(&at, value));
        let (controls, lock) = (keys("controls"), keys("lock"));
        let step = Step {
            id: id.unwrap_or_default(), // what is wrong with it is noted; so is the rest
            when: when.unwrap_or(When::Next),
            optional,
            title,
            text: text.into_iter().map(|(_, text)| text).collect(),
            highlight: self.highlight(&fields, scenario),
            pause,
            controls,
            panel: fields.get("panel").and_then(|(at, value)| self.one_of(&at, value, &NAMES)),
            run: fields.get("run").map(|(at, value)| self.values(&at, value, scenario)),
            task: fields.get("task").and_then(|(at, value)| self.task(&at, value, scenario)),
            question: fields.get("question").and_then(|(at, value)| self.question(&at, value, scenario)),
            lock,
        };
        self.step_clashes(at, &step, json);
        Some(step)
    }

    /// What a step cannot be at once.
    fn step_clashes(&mut self, at: &str, step: &Step, json: &Json) {
        let whole = |name: &str| json.get(name).cloned().unwrap_or(Json::Null);
        if step.task.is_some() && step.question.is_some() {
            self.bad(&format!("{at}/task"), &whole("task"), "cannot stand beside a question: make it two steps");
        }
        if let Some(Task { deed: Deed::Value(key, ..), .. }) = &step.task
            && step.lock.as_ref().is_some_and(|lock| lock.contains(key))
        {
            self.bad(
                &format!("{at}/lock"),
                &whole("lock"),
                format!("locks {}, which the task is about", key.param().key),
            );
        }
    }

    fn step_id(&mut self, at: &str, json: &Json, earlier: &Earlier) -> Option<String> {
        let text = self.text(at, json)?;
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if text.is_empty() || text.len() > MAX_ID || !text.chars().all(plain) {
            self.bad(at, json, format!("must be 1–{MAX_ID} of a–z, 0–9 and -"));
            return None;
        }
        if earlier.ids.iter().any(|(id, _)| id == text) {
            self.bad(at, json, "is the id of another step, too");
            return None;
        }
        Some(text.to_string())
    }

    fn when(
        &mut self,
        at: &str,
        json: &Json,
        earlier: &Earlier,
        all: &[&str],
        scenario: Option<&Scenario>,
    ) -> Option<When> {
        if let Json::Text(word) = json {
            return match word.as_str() {
                "start" => Some(When::Time(0)),
                "end" => Some(When::Milestone(Milestone::End)),
                _ => {
                    self.bad(at, json, WHEN.to_string() + &as_object(word));
                    None
                }
            };
        }
        if json.get("fact").is_some() {
            return self.condition(at, json, scenario, true).map(When::Holds);
        }
        const KINDS: [&str; 4] = ["milestone", "time", "after", "fact"];
        if !matches!(json, Json::Object(_)) || KINDS.iter().filter(|kind| json.get(kind).is_some()).count() != 1 {
            self.bad(at, json, WHEN);
            return None;
        }
        let known: &[&str] = if json.get("after").is_some() {
            &["after", "seconds"]
        } else if json.get("time").is_some() {
            &["time"]
        } else {
            &["milestone"]
        };
        let fields = self.fields(at, json, known)?;
        let mut seconds = |name: &str| {
            let (at, value) = fields.get(name)?;
            u64::try_from(self.decimal(&at, value, 0, LAST_SECOND * MILLION)?).ok()
        };
        if fields.get("time").is_some() {
            return seconds("time").map(When::Time);
        }
        if let Some((at, value)) = fields.get("after") {
            let wait = if fields.get("seconds").is_some() { seconds("seconds")? } else { 0 };
            return self.after(&at, value, earlier, all).map(|step| When::After(step, wait));
        }
        match fields.get("milestone") {
            Some((at, value)) => self.milestone(&at, value).map(When::Milestone),
            None => {
                self.bad(at, json, WHEN);
                None
            }
        }
    }

    /// The position of an earlier step.
    fn after(&mut self, at: &str, json: &Json, earlier: &Earlier, all: &[&str]) -> Option<usize> {
        let id = self.text(at, json)?;
        let found = earlier.ids.iter().position(|(earlier, _)| earlier == id);
        if found.is_none() && all.contains(&id) {
            self.bad(at, json, "must be an earlier step: this one could never come");
        } else if found.is_none() && !earlier.unsure {
            let ids: Vec<&str> = earlier.ids.iter().map(|(id, _)| id.as_str()).collect();
            let meant = hint(id, ids.iter().copied());
            self.bad(at, json, format!("is no step; earlier steps: {}{meant}", ids.join(", ")));
        }
        found
    }

    /// A text of at most so many characters.
    pub(super) fn prose(&mut self, at: &str, json: &Json, most: usize) -> Option<String> {
        let text = self.text(at, json)?;
        if text.trim().is_empty() || text.chars().count() > most {
            self.bad(at, json, format!("must have 1–{most} characters"));
            return None;
        }
        Some(text.to_string())
    }

    /// A text, or a list of texts; each with its pointer.
    fn paragraphs(&mut self, at: &str, json: &Json) -> Vec<(String, String)> {
        let Json::List(_) = json else {
            if !matches!(json, Json::Text(_)) {
                self.bad(at, json, "must be a text, or a list of texts");
                return Vec::new();
            }
            return self.prose(at, json, MAX_TEXT).map(|text| (at.to_string(), text)).into_iter().collect();
        };
        let items = self.list(at, json, MAX_PARAGRAPHS).unwrap_or_default();
        if items.is_empty() {
            self.bad(at, json, format!("needs 1–{MAX_PARAGRAPHS} texts"));
        }
        let mut found = Vec::new();
        for (i, item) in items.iter().enumerate() {
            let at = format!("{at}/{i}");
            found.extend(self.prose(&at, item, MAX_TEXT).map(|text| (at, text)));
        }
        found
    }

    fn highlight(&mut self, fields: &Fields, scenario: Option<&Scenario>) -> Vec<Spot> {
        let Some((at, value)) = fields.get("highlight") else { return Vec::new() };
        let mut found = Vec::new();
        for (i, item) in self.list(&at, value, MAX_SPOTS).unwrap_or_default().iter().enumerate() {
            let at = format!("{at}/{i}");
            let Some(name) = self.text(&at, item) else { continue };
            match Spot::find(name) {
                Some(Spot::Node(node)) if scenario.is_some_and(|s| !s.has(node)) => {
                    self.bad(&at, item, "there is no such machine in this scenario");
                }
                Some(spot) => found.push(spot),
                None => {
                    let parts = crate::lesson::SPOTS.join(", ");
                    let names = crate::lesson::SPOTS.iter().copied().chain(KEYS.iter().map(|key| key.param().key));
                    let meant = hint(name, names);
                    self.bad(
                        &at,
                        item,
                        format!("must be a machine (zk11, broker10), a parameter, or one of {parts}{meant}"),
                    );
                }
            }
        }
        found
    }

    /// Values of parameters that make another run of the scenario.
    pub(super) fn values(&mut self, at: &str, json: &Json, scenario: Option<&Scenario>) -> Vec<(Key, i64)> {
        let before = self.issues.len();
        let mut params = Params::default();
        self.params(at, json, &mut params);
        let given: Vec<Key> = KEYS.iter().copied().filter(|key| params.is_given(*key)).collect();
        let values: Vec<(Key, i64)> = given.iter().map(|key| (*key, params.get(*key))).collect();
        if let Some(scenario) = scenario.filter(|_| self.issues.len() == before) {
            let mut all = scenario.params.clone();
            for (key, value) in &values {
                let _ = all.set(*key, *value); // in its range, or it would not be here
            }
            for mut issue in all.effective().err().unwrap_or_default() {
                issue.field = format!("{at}/{}", issue.field);
                self.issues.push(issue);
            }
        }
        values
    }

    fn task(&mut self, at: &str, json: &Json, scenario: Option<&Scenario>) -> Option<Task> {
        let text = match json.get("text") {
            Some(value) => self.prose(&format!("{at}/text"), value, MAX_TEXT)?,
            None => String::new(),
        };
        if json.get("do").is_some() {
            let command = self.task_command(at, json)?;
            if let Some((field, value, message)) = scenario.and_then(|s| s.fault(command)) {
                self.issues.push(crate::params::Issue::new(format!("{at}/{field}"), value, message));
                return None;
            }
            return Some(Task { text, deed: Deed::Command(command) });
        }
        let fields = self.fields(at, json, &["text", "param", "op", "value"])?;
        for name in ["param", "value"].into_iter().filter(|name| fields.get(name).is_none()) {
            self.missing(at, name);
        }
        let op = match fields.get("op") {
            Some((at, value)) => self.op(&at, value)?,
            None => crate::lesson::Op::Is,
        };
        let key = fields.get("param").and_then(|(at, value)| self.key(&at, value))?;
        let (value_at, value) = fields.get("value")?;
        let read = super::document::param_value(key, value);
        let Some(value_read) = read.filter(|v| (key.param().min..=key.param().max).contains(v)) else {
            self.bad(&value_at, value, super::document::range(key));
            return None;
        };
        let deed = Deed::Value(key, op, value_read);
        if deed.value().is_none() {
            self.bad(&value_at, value, "cannot be done: no value is like that");
            return None;
        }
        Some(Task { text, deed })
    }

    pub(super) fn op(&mut self, at: &str, json: &Json) -> Option<crate::lesson::Op> {
        let words: Vec<&'static str> = OPS.iter().map(|(_, word)| *word).collect();
        let word = self.one_of(at, json, &words)?;
        OPS.iter().find(|(_, w)| *w == word).map(|(op, _)| *op)
    }
}

/// How a milestone is written that somebody named as a word.
fn as_object(word: &str) -> String {
    let known = guess::word(word, MILESTONES.iter().map(|(_, name)| *name));
    known.map_or(String::new(), |name| format!("; did you mean {{\"milestone\": \"{name}\"}}?"))
}

fn id(json: &Json) -> Option<&str> {
    match json.get("id") {
        Some(Json::Text(id)) => Some(id),
        _ => None,
    }
}
