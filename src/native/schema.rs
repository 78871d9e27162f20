//! The JSON Schema of scenario files, made of the tables that read them: for editors and other programs. The reader is
//! stricter: it also checks what parts of a file have to do with each other.
pub mod lesson;

use super::actions::ACTIONS;
use super::document::{FIELDS, LAST_SECOND};
use super::expect::OPERATORS;
use super::json::Json;
use super::outcome::value_json;
use crate::export::{METRICS, SCHEMA_VERSION};
use crate::limits::MAX_ACTIONS;
use crate::metrics::MILESTONES;
use crate::params::{KEYS, Key, Kind};
use crate::presets::PRESETS;
use crate::scenario::SETTABLE;

/// A language tag (BCP 47).
pub const LANGUAGE: &str = "^[A-Za-z0-9]{1,8}(-[A-Za-z0-9]{1,8})*$";
/// A machine's name, as [`crate::scenario::Node::parse`] reads it.
pub const NODE: &str = "^(zk|controller|broker|consumer|producer)?[0-9]{1,3}$";
/// A broker's name.
pub const BROKER: &str = "^broker[0-9]{1,3}$";

/// The whole schema.
pub fn schema_json() -> Json {
    let properties = FIELDS.iter().map(|name| (*name, field(name))).collect();
    let mut schema = vec![
        ("$schema".to_string(), Json::text("https://json-schema.org/draft/2020-12/schema")),
        ("title".to_string(), Json::text("A scenario of Second Leader")),
    ];
    let Json::Object(body) = object(properties, &["schemaVersion"]) else { return Json::Null };
    schema.extend(body);
    let defs = [
        ("params", params()),
        ("node", any_of(vec![pattern(NODE), integer(0, 255)])),
        (
            "sids",
            Json::object_of(vec![
                ("type", Json::text("array")),
                ("items", integer(1, 255)),
                ("minItems", Json::number(1)),
                ("maxItems", Json::number(255)),
                ("uniqueItems", Json::Bool(true)),
            ]),
        ),
        ("key", words(&KEYS.iter().map(|key| key.param().key).collect::<Vec<_>>())),
        ("milestone", words(&milestones())),
        ("moment", any_of(vec![number(0, LAST_SECOND), refer("milestone")])),
        ("step", lesson::step()),
        ("question", lesson::question()),
        ("condition", lesson::condition()),
        ("fact", lesson::fact()),
    ];
    schema.push(("$defs".to_string(), Json::object(defs)));
    Json::Object(schema)
}

fn field(name: &str) -> Json {
    match name {
        "schemaVersion" => Json::object([("const", Json::number(SCHEMA_VERSION))]),
        "base" => words(&PRESETS.iter().map(|preset| preset.id).collect::<Vec<_>>()),
        "params" => refer("params"),
        "plan" => plan(),
        "actions" => list(any_of(ACTIONS.iter().flat_map(|row| actions(row, &["at"])).collect()), MAX_ACTIONS),
        "steps" => list(refer("step"), crate::limits::MAX_STEPS),
        "ui" => lesson::ui(),
        "locale" => pattern(LANGUAGE),
        "expect" => {
            let metrics: Vec<&str> = METRICS.iter().map(|(name, _)| *name).collect();
            let fields = vec![
                ("metric", words(&metrics)),
                ("op", words(OPERATORS)),
                ("value", Json::object([("type", Json::text("number"))])),
            ];
            list(object(fields, &["metric", "op", "value"]), MAX_ACTIONS)
        }
        _ => Json::object([("type", Json::text("string"))]),
    }
}

/// Every parameter with its range, default and meaning.
fn params() -> Json {
    object(KEYS.iter().map(|key| (key.param().key, param(*key))).collect(), &[])
}

fn param(key: Key) -> Json {
    let p = key.param();
    let bounds = || vec![("minimum", value_json(key, p.min)), ("maximum", value_json(key, p.max))];
    let mut rows = match p.kind {
        Kind::Integer => [vec![("type", Json::text("integer"))], bounds()].concat(),
        Kind::Decimal => [vec![("type", Json::text("number"))], bounds()].concat(),
        Kind::Flag => vec![("type", Json::text("boolean"))],
        Kind::Choice(options) => vec![("enum", Json::List(options.iter().map(|word| Json::text(*word)).collect()))],
        Kind::Sids => vec![("type", Json::text("array")), ("items", integer(1, 60))],
    };
    let help = if p.unit.is_empty() { p.help.to_string() } else { format!("{} [{}]", p.help, p.unit) };
    rows.push(("description", Json::text(help)));
    if key != Key::OldLeader {
        rows.push(("default", value_json(key, p.default)));
    }
    Json::object_of(rows)
}

fn plan() -> Json {
    let host = vec![
        ("sid", integer(1, 255)),
        ("startMs", number(0, LAST_SECOND * 1000)),
        ("list", refer("sids")),
        ("role", words(&["participant", "observer"])),
    ];
    let hosts = list(object(host, &["sid", "startMs", "list"]), 255);
    let fields = vec![("old", refer("sids")), ("oldLeader", integer(1, 255)), ("fresh", hosts)];
    object(fields, &["old", "fresh"])
}

/// The ways to write one action: with what it needs, or with each of the fields it may have instead. `own` come first.
fn actions((word, needs, instead): &(&str, &[&str], &[&str]), own: &[&'static str]) -> Vec<Json> {
    let one = |fields: Vec<&str>| {
        let mut rows: Vec<(&str, Json)> = own.iter().map(|name| (*name, argument(name))).collect();
        rows.push(("do", Json::object([("const", Json::text(*word))])));
        rows.extend(fields.iter().map(|name| (*name, argument(name))));
        let required: Vec<&str> =
            own.iter().copied().filter(|name| *name != "text").chain(["do"]).chain(fields.clone()).collect();
        object(rows, &required)
    };
    let mut ways = vec![one(needs.to_vec())];
    ways.extend(instead.iter().map(|name| one(vec![name])));
    ways
}

/// An argument of an action.
fn argument(name: &str) -> Json {
    match name {
        "at" => number(0, LAST_SECOND),
        "text" => lesson::prose(crate::limits::MAX_TEXT),
        "broker" => any_of(vec![integer(1, 255), pattern(BROKER)]),
        "nodes" => Json::object([
            ("type", Json::text("array")),
            ("items", refer("node")),
            ("minItems", Json::number(2)),
            ("maxItems", Json::number(2)),
        ]),
        "count" => integer(1, 59),
        "key" => words(&SETTABLE.iter().map(|key| key.param().key).collect::<Vec<_>>()),
        "value" => types(&["number", "boolean", "string"]),
        _ => refer("node"),
    }
}

fn milestones() -> Vec<&'static str> {
    MILESTONES.iter().map(|(_, name)| *name).collect()
}

fn object(properties: Vec<(&str, Json)>, required: &[&str]) -> Json {
    Json::object([
        ("type", Json::text("object")),
        ("properties", Json::object_of(properties)),
        ("required", Json::List(required.iter().map(|name| Json::text(*name)).collect())),
        ("additionalProperties", Json::Bool(false)),
    ])
}

fn words(words: &[&str]) -> Json {
    Json::object([("enum", Json::List(words.iter().map(|word| Json::text(*word)).collect()))])
}

fn types(types: &[&str]) -> Json {
    Json::object([("type", Json::List(types.iter().map(|word| Json::text(*word)).collect()))])
}

fn pattern(text: &str) -> Json {
    Json::object([("type", Json::text("string")), ("pattern", Json::text(text))])
}

fn refer(name: &str) -> Json {
    Json::object([("$ref", Json::text(format!("#/$defs/{name}")))])
}

fn any_of(ways: Vec<Json>) -> Json {
    Json::object([("anyOf", Json::List(ways))])
}

fn list(items: Json, most: usize) -> Json {
    Json::object([("type", Json::text("array")), ("items", items), ("maxItems", Json::number(most))])
}

fn bounded(kind: &str, min: i64, max: i64) -> Json {
    Json::object([("type", Json::text(kind)), ("minimum", Json::number(min)), ("maximum", Json::number(max))])
}

fn integer(min: i64, max: i64) -> Json {
    bounded("integer", min, max)
}

fn number(min: i64, max: i64) -> Json {
    bounded("number", min, max)
}
