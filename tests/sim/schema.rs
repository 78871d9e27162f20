//! The published schema says what the reader does: what is shipped is valid, and what is broken is refused by both.
use crate::common::{assert_file, read};
use crate::lessons::SHIPPED;
use second_leader::native::document::Document;
use second_leader::native::json::Json;
use second_leader::native::schema::lesson::{BETWEEN, ID, OF_HOST};
use second_leader::native::schema::{BROKER, LANGUAGE, NODE, schema_json};
use second_leader::presets::PRESETS;

/// A validator of the part of JSON Schema that ours uses. Whatever else it meets is a failure of the test.
struct Schema(Json);

impl Schema {
    /// The first thing that is wrong with a value, as pointer and keyword.
    fn fault(&self, value: &Json) -> Option<String> {
        self.look(&self.0, value, "")
    }

    fn look(&self, schema: &Json, value: &Json, at: &str) -> Option<String> {
        let Json::Object(rules) = schema else { panic!("{at}: a schema is an object") };
        rules.iter().find_map(|(rule, with)| self.rule(schema, rule, with, value, at))
    }

    fn rule(&self, schema: &Json, rule: &str, with: &Json, value: &Json, at: &str) -> Option<String> {
        let bad = |wrong: bool| wrong.then(|| format!("{at}: {rule}"));
        match (rule, value) {
            ("$schema" | "$defs" | "title" | "description" | "default", _) => None,
            ("$ref", _) => {
                let name = text(with).strip_prefix("#/$defs/").expect("a local reference");
                let target = self.0.get("$defs").and_then(|defs| defs.get(name));
                self.look(target.unwrap_or_else(|| panic!("no definition {name}")), value, at)
            }
            ("type", _) => bad(!items(with).iter().any(|kind| is(value, text(kind)))),
            ("const", _) => bad(with != value),
            ("enum", _) => bad(!items(with).contains(value)),
            ("anyOf", _) => bad(items(with).iter().all(|way| self.look(way, value, at).is_some())),
            ("minimum", Json::Number(n)) => bad(number(n) < number(digits(with))),
            ("maximum", Json::Number(n)) => bad(number(n) > number(digits(with))),
            ("minLength", Json::Text(t)) => bad((t.chars().count() as f64) < number(digits(with))),
            ("maxLength", Json::Text(t)) => bad(t.chars().count() as f64 > number(digits(with))),
            ("pattern", Json::Text(t)) => bad(!matches(text(with), t)),
            ("minItems", Json::List(list)) => bad((list.len() as f64) < number(digits(with))),
            ("maxItems", Json::List(list)) => bad(list.len() as f64 > number(digits(with))),
            ("uniqueItems", Json::List(list)) => bad((1..list.len()).any(|i| list[..i].contains(&list[i]))),
            ("items", Json::List(list)) => {
                list.iter().enumerate().find_map(|(i, item)| self.look(with, item, &format!("{at}/{i}")))
            }
            ("required", Json::Object(_)) => bad(items(with).iter().any(|name| value.get(text(name)).is_none())),
            ("properties", Json::Object(members)) => members.iter().find_map(|(name, member)| {
                with.get(name).and_then(|schema| self.look(schema, member, &format!("{at}/{name}")))
            }),
            ("additionalProperties", Json::Object(members)) => {
                let known = schema.get("properties").expect("properties");
                bad(members.iter().any(|(name, _)| known.get(name).is_none()))
            }
            ("minimum" | "maximum" | "minLength" | "maxLength" | "pattern" | "minItems" | "maxItems", _) => None,
            ("uniqueItems" | "items" | "required" | "properties" | "additionalProperties", _) => None,
            _ => panic!("{at}: this test does not know {rule}"),
        }
    }
}

fn text(json: &Json) -> &str {
    match json {
        Json::Text(text) => text,
        other => panic!("not a string: {other:?}"),
    }
}

fn digits(json: &Json) -> &str {
    match json {
        Json::Number(digits) => digits,
        other => panic!("not a number: {other:?}"),
    }
}

fn number(digits: &str) -> f64 {
    digits.parse().expect("a number")
}

/// The items of a list, or the one value.
fn items(json: &Json) -> &[Json] {
    match json {
        Json::List(items) => items,
        one => std::slice::from_ref(one),
    }
}

fn is(value: &Json, kind: &str) -> bool {
    match (kind, value) {
        ("integer", Json::Number(n)) => number(n).fract() == 0.0,
        ("number", Json::Number(_)) | ("string", Json::Text(_)) | ("boolean", Json::Bool(_)) => true,
        ("array", Json::List(_)) | ("object", Json::Object(_)) => true,
        ("integer" | "number" | "string" | "boolean" | "array" | "object", _) => false,
        _ => panic!("no type {kind}"),
    }
}

/// The few patterns there are, by hand.
fn matches(pattern: &str, text: &str) -> bool {
    let all = |text: &str, fits: fn(char) -> bool| !text.is_empty() && text.chars().all(fits);
    let number = |text: &str| text.len() <= 3 && all(text, |c| c.is_ascii_digit());
    match pattern {
        ID => all(text, |c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'),
        NODE => {
            let kinds = ["zk", "controller", "broker", "consumer", "producer", ""];
            kinds.iter().any(|kind| text.strip_prefix(kind).is_some_and(number))
        }
        LANGUAGE => text.split('-').all(|part| part.len() <= 8 && all(part, |c| c.is_ascii_alphanumeric())),
        BROKER => text.strip_prefix("broker").is_some_and(number),
        OF_HOST => ["list:zk", "majority:zk"].iter().any(|kind| text.strip_prefix(kind).is_some_and(number)),
        BETWEEN => text
            .strip_prefix("between:")
            .and_then(|rest| rest.split_once(':'))
            .is_some_and(|(a, b)| all(a, |c| c.is_ascii_alphabetic()) && all(b, |c| c.is_ascii_alphabetic())),
        _ => panic!("this test does not know the pattern {pattern}"),
    }
}

fn shipped() -> Vec<String> {
    let scenarios = PRESETS.iter().map(|preset| format!("www/scenarios/{}.json", preset.id));
    scenarios.chain(SHIPPED.iter().map(|id| format!("www/lessons/{id}.json"))).collect()
}

#[test]
fn the_published_schema_is_made_of_the_tables() {
    assert_file("www/scenario.schema.json", &schema_json().pretty());
}

#[test]
fn everything_that_is_shipped_is_valid() {
    let schema = Schema(schema_json());
    for path in shipped() {
        let json = Json::parse(&read(&path)).expect("JSON");
        assert_eq!(schema.fault(&json), None, "{path}");
    }
}

#[test]
fn what_the_reader_takes_is_valid() {
    let schema = Schema(schema_json());
    for members in [
        r#""params": {"joinRate": 33.3, "dlq": false, "backoff": "none", "removed": [1, 2], "brokers": 3.0}"#,
        r#""plan": {"old": [1, 2], "oldLeader": 2, "fresh": [{"sid": 3, "startMs": 7.5, "list": [1, 3], "role": "observer"}]}"#,
        r#""actions": [{"at": 1, "do": "cutLink", "nodes": ["zk1", 2]}, {"at": 2, "do": "mendLink", "from": "zk1", "to": "zk2"},
            {"at": 3, "do": "set", "key": "dlq", "value": false}, {"at": 3, "do": "moveBroker", "broker": "broker2"},
            {"at": 4, "do": "addNodes", "count": 2}, {"at": 5, "do": "mendLink", "node": "zk1"}]"#,
        r#""ui": {"view": "bare", "speed": "auto", "start": 5, "stopAt": "end", "pauseAt": ["end"], "motion": "full"}"#,
        r#""steps": [{"id": "a", "text": ["x", "{between:secondLeader:end}"], "when": {"time": 3}, "highlight": ["zk1", "tray", "dlq"],
            "task": {"do": "stopNode", "node": "zk1"}},
            {"id": "b", "text": "y", "when": {"after": "a", "seconds": 1}, "optional": true, "pause": false,
            "question": {"ask": "?", "fact": "list:zk1", "with": {"retries": 0}, "at": "now", "tolerance": 1}}]"#,
    ] {
        let text = format!("{{\"schemaVersion\": 1, {members}}}");
        assert_eq!(Document::read(&text).map(|_| ()), Ok(()), "{members}");
        assert_eq!(schema.fault(&Json::parse(&text).expect("JSON")), None, "{members}");
    }
}

#[test]
fn what_is_broken_is_refused_by_both() {
    let schema = Schema(schema_json());
    let step = |rest: &str| format!(r#""steps": [{{"id": "a", "text": "x", {rest}}}]"#);
    let long = format!(r#""steps": [{{"id": "a", "text": "{}"}}]"#, "x".repeat(2_001));
    let many = format!(r#""steps": [{}]"#, vec![r#"{"id": "a", "text": "x"}"#; 61].join(","));
    let broken = [
        r#""inventedLater": 1"#.to_string(),
        r#""base": "unheard-of""#.into(),
        r#""title": 5"#.into(),
        r#""params": {"brokers": 500}"#.into(),
        r#""params": {"brokers": 1.5}"#.into(),
        r#""params": {"dlq": "on"}"#.into(),
        r#""params": {"backoff": "often"}"#.into(),
        r#""params": {"speed": 1}"#.into(),
        r#""plan": {"old": [1]}"#.into(),
        r#""plan": {"old": [1, 1], "fresh": []}"#.into(),
        r#""plan": {"old": [], "fresh": []}"#.into(),
        r#""actions": [{"at": 1, "do": "dance"}]"#.into(),
        r#""actions": [{"do": "startDrain"}]"#.into(),
        r#""actions": [{"at": 1, "do": "startDrain", "node": 1}]"#.into(),
        r#""actions": [{"at": 1, "do": "stopNode", "node": "zk"}]"#.into(),
        r#""actions": [{"at": 1, "do": "set", "key": "brokers", "value": 1}]"#.into(),
        r#""expect": [{"metric": "luck", "op": "==", "value": 0}]"#.into(),
        r#""expect": [{"metric": "lost", "op": "~", "value": 0}]"#.into(),
        r#""ui": {"view": "huge"}"#.into(),
        r#""ui": {"speed": 601}"#.into(),
        r#""ui": {"pauseAt": ["lunch"]}"#.into(),
        r#""ui": {"panels": ["why", "why"]}"#.into(),
        r#""steps": [{"text": "x"}]"#.into(),
        r#""steps": [{"id": "A b", "text": "x"}]"#.into(),
        r#""steps": [{"id": "a", "text": []}]"#.into(),
        long,
        many,
        step(r#""colour": "red""#),
        step(r#""when": "soon""#),
        step(r#""when": {"milestone": "lunch"}"#),
        step(r#""when": {"time": -1}"#),
        step(r#""when": {"fact": "luck", "op": "==", "value": 1}"#),
        step(r#""when": {"fact": "lost", "op": "~", "value": 1}"#),
        step(r#""highlight": ["cellar"]"#),
        step(r#""panel": "cellar""#),
        step(r#""run": {"brokers": 500}"#),
        step(r#""task": {"param": "joinrate", "value": 1}"#),
        step(r#""task": {"do": "dance"}"#),
        step(r#""question": {"ask": "?"}"#),
        step(r#""question": {"ask": "?", "fact": "luck"}"#),
        step(r#""question": {"ask": "?", "fact": "lost", "tolerance": -1}"#),
        step(r#""question": {"ask": "?", "fact": "lost", "at": "lunch"}"#),
        step(r#""question": {"ask": "?", "fact": "lost", "answer": 0}"#),
        step(r#""question": {"ask": "?", "options": [{"text": "x", "is": {"fact": "lost", "op": "==", "value": 0}}]}"#),
        step(
            r#""question": {"ask": "?", "fact": "lost", "pick": "best", "options": [{"text": "a", "with": {}}, {"text": "b", "with": {}}]}"#,
        ),
    ];
    for members in broken {
        let text = format!("{{\"schemaVersion\": 1, {members}}}");
        assert!(Document::read(&text).is_err(), "the reader takes {members}");
        assert!(schema.fault(&Json::parse(&text).expect("JSON")).is_some(), "the schema takes {members}");
    }
    assert!(schema.fault(&Json::parse("{}").expect("JSON")).is_some(), "a version is required");
}
