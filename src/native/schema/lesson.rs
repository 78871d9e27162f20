//! The parts of the schema that lessons and their presentation are made of.
use super::{ACTIONS, KEYS, actions, any_of, list, milestones, number, object, pattern, refer, types, words};
use crate::lesson::fact::names;
use crate::lesson::ui::{FIELDS, MOTIONS, THEMES, VIEWS};
use crate::lesson::{OPS, SPOTS};
use crate::limits::{MAX_OPTIONS, MAX_PARAGRAPHS, MAX_TEXT};
use crate::native::json::Json;
use crate::native::lessons::question::{CHOICE, MAX_TOLERANCE, OPTION, VALUE};
use crate::native::lessons::{MAX_ID, MAX_SPOTS, MAX_TITLE, STEP};
use crate::panels::NAMES;
use crate::params::MILLION;
use crate::player::{FASTEST, SLOWEST};

/// A step's id.
pub const ID: &str = "^[a-z0-9-]+$";
/// A fact about one host.
pub const OF_HOST: &str = "^(list|majority):zk[0-9]{1,3}$";
/// A fact about two moments.
pub const BETWEEN: &str = "^between:[a-zA-Z]+:[a-zA-Z]+$";

/// A text of at most so many characters.
pub(super) fn prose(most: usize) -> Json {
    Json::object([("type", Json::text("string")), ("minLength", Json::number(1)), ("maxLength", Json::number(most))])
}

fn paragraphs() -> Json {
    let mut several = list(prose(MAX_TEXT), MAX_PARAGRAPHS);
    if let Json::Object(rows) = &mut several {
        rows.push(("minItems".to_string(), Json::number(1)));
    }
    any_of(vec![prose(MAX_TEXT), several])
}

fn flag() -> Json {
    Json::object([("type", Json::text("boolean"))])
}

/// A list in which nothing comes twice.
fn set(items: Json, most: usize) -> Json {
    let mut set = list(items, most);
    if let Json::Object(rows) = &mut set {
        rows.push(("uniqueItems".to_string(), Json::Bool(true)));
    }
    set
}

pub(super) fn step() -> Json {
    object(STEP.iter().map(|name| (*name, part(name))).collect(), &["id", "text"])
}

fn part(name: &str) -> Json {
    match name {
        "id" => Json::object([
            ("type", Json::text("string")),
            ("pattern", Json::text(ID)),
            ("maxLength", Json::number(MAX_ID)),
        ]),
        "when" => when(),
        "optional" | "pause" => flag(),
        "title" => prose(MAX_TITLE),
        "highlight" => {
            let names: Vec<&str> = SPOTS.iter().copied().chain(KEYS.iter().map(|key| key.param().key)).collect();
            list(any_of(vec![words(&names), pattern(super::NODE)]), MAX_SPOTS)
        }
        "controls" | "lock" => set(refer("key"), KEYS.len()),
        "panel" => words(&NAMES),
        "run" => refer("params"),
        "task" => task(),
        "question" => refer("question"),
        _ => paragraphs(),
    }
}

fn when() -> Json {
    let seconds = || number(0, crate::native::document::LAST_SECOND);
    any_of(vec![
        words(&["start", "end"]),
        object(vec![("milestone", refer("milestone"))], &["milestone"]),
        object(vec![("time", seconds())], &["time"]),
        object(vec![("after", prose(MAX_ID)), ("seconds", seconds())], &["after"]),
        object(vec![("fact", refer("fact")), ("op", op()), ("value", value())], &["fact", "op", "value"]),
    ])
}

fn task() -> Json {
    let fields = vec![("text", prose(MAX_TEXT)), ("param", refer("key")), ("op", op()), ("value", any_value())];
    let mut ways = vec![object(fields, &["param", "value"])];
    ways.extend(ACTIONS.iter().flat_map(|row| actions(row, &["text"])));
    any_of(ways)
}

fn op() -> Json {
    words(&OPS.iter().map(|(_, word)| *word).collect::<Vec<_>>())
}

fn value() -> Json {
    types(&["number", "string", "boolean"])
}

fn any_value() -> Json {
    types(&["number", "string", "boolean", "array"])
}

/// A fact's name.
pub(super) fn fact() -> Json {
    let names = names();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    any_of(vec![words(&names), pattern(OF_HOST), pattern(BETWEEN)])
}

fn instant() -> Json {
    any_of(vec![words(&["now"]), refer("moment")])
}

pub(super) fn condition() -> Json {
    let probe = || vec![("fact", refer("fact")), ("with", refer("params")), ("at", instant())];
    let right = any_of(vec![value(), object(probe(), &["fact"])]);
    object([probe(), vec![("op", op()), ("value", right)]].concat(), &["fact", "op", "value"])
}

pub(super) fn question() -> Json {
    let rows = |names: &[&'static str]| names.iter().map(|name| (*name, asked(name))).collect();
    any_of(vec![object(rows(VALUE), &["ask", "fact"]), object(rows(CHOICE), &["ask", "options"])])
}

fn asked(name: &str) -> Json {
    match name {
        "ask" => prose(MAX_TEXT),
        "fact" => refer("fact"),
        "with" => refer("params"),
        "at" => instant(),
        "tolerance" | "partial" => number(0, MAX_TOLERANCE),
        "pick" => words(&["smallest", "largest"]),
        "options" => {
            let rows = OPTION.iter().map(|name| match *name {
                "text" => (*name, prose(MAX_TEXT)),
                "with" => (*name, refer("params")),
                _ => (*name, refer("condition")),
            });
            let mut options = list(object(rows.collect(), &["text"]), MAX_OPTIONS);
            if let Json::Object(rows) = &mut options {
                rows.push(("minItems".to_string(), Json::number(2)));
            }
            options
        }
        _ => paragraphs(),
    }
}

pub(super) fn ui() -> Json {
    let row = |name: &&'static str| {
        let schema = match *name {
            "view" => words(VIEWS),
            "panels" => set(words(&NAMES), NAMES.len()),
            "controls" | "lock" => set(refer("key"), KEYS.len()),
            "autoplay" => flag(),
            "speed" => {
                let bound = |milli: u32| Json::Number(crate::params::format_decimal(i64::from(milli) * MILLION / 1000));
                let factor = Json::object([
                    ("type", Json::text("number")),
                    ("minimum", bound(SLOWEST)),
                    ("maximum", bound(FASTEST)),
                ]);
                any_of(vec![words(&["auto"]), factor])
            }
            "start" | "stopAt" => refer("moment"),
            "theme" => words(THEMES),
            "motion" => words(MOTIONS),
            _ => set(refer("milestone"), milestones().len()),
        };
        (*name, schema)
    };
    object(FIELDS.iter().map(row).collect(), &[])
}
