//! Scenario files: what is read, what is refused, and that nothing makes the reader panic.
use second_leader::lesson::ui::{Moment, Pace};
use second_leader::metrics::Milestone;
use second_leader::native::document::{Document, MAX_FILE};
use second_leader::native::json::Json;
use second_leader::native::share::scenario_json;
use second_leader::params::{Issue, Key};
use second_leader::scenario::{Command, Link, Node, Role};

/// The issues of a file, as `pointer: message`.
fn issues(text: &str) -> Vec<String> {
    let shown = |issue: Issue| format!("{}: {}", issue.field, issue.message);
    Document::read(text).err().unwrap_or_default().into_iter().map(shown).collect()
}

/// Asserts that a file with these members has exactly one issue, at `pointer`, whose message contains `part`.
fn assert_refused(members: &str, pointer: &str, part: &str) {
    let found = issues(&format!("{{\"schemaVersion\":1,{members}}}"));
    assert_eq!(found.len(), 1, "{members}: {found:?}");
    let (at, message) = found[0].split_once(": ").expect("pointer: message");
    assert_eq!(at, pointer, "{members}: {found:?}");
    assert!(message.contains(part), "{members}: {message}");
}

#[test]
fn a_full_file_is_read() {
    let text = r#"{
      "$schema": "../scenario.schema.json", "schemaVersion": 1, "id": "lesson-3", "title": "Three", "description": "…",
      "locale": "de", "base": "more-brokers",
      "params": {"joinRate": 33.333333, "retries": 0, "dlq": false, "backoff": "jittered", "writeRate": 1e2},
      "plan": {"old": [1, 2, 3], "oldLeader": 2, "fresh": [
        {"sid": 200, "startMs": 1500.5, "list": [1, 2, 3, 200], "role": "observer"},
        {"sid": 7, "startMs": 0, "list": [7]}]},
      "actions": [{"at": 30.5, "do": "stopNode", "node": "zk2"}, {"at": 10, "do": "moveBroker", "broker": 10},
        {"at": 12, "do": "stopNode", "node": "broker3"}, {"at": 13, "do": "freezeNode", "node": 200},
        {"at": 14, "do": "stopDrain"}],
      "expect": [{"metric": "lost", "op": "==", "value": 0}]
    }"#;
    let document = Document::read(text).expect("a sound file");
    let s = document.scenario;
    assert_eq!((s.id.as_str(), s.title.as_str()), ("lesson-3", "Three"));
    assert_eq!(s.locale, "de");
    assert_eq!(s.params.get(Key::JoinRate), 33_333_333);
    assert_eq!(s.params.get(Key::WriteRate), 100_000_000);
    assert_eq!([Key::MovedBrokers, Key::Retries, Key::Dlq, Key::Backoff].map(|key| s.params.get(key)), [3, 0, 0, 3]);
    assert!(s.params.is_given(Key::MovedBrokers) && !s.params.is_given(Key::Brokers));
    let plan = s.plan.expect("a plan");
    assert_eq!((plan.old_leader, plan.fresh[0].start, plan.fresh[0].role), (2, 1_500_500, Role::Observer));
    assert_eq!((plan.fresh[1].start, plan.fresh[1].role), (0, Role::Participant));
    let wanted = [
        (30_500_000, Command::Stop(Node::Peer(2))),
        (10_000_000, Command::MoveBroker(10)),
        (12_000_000, Command::Stop(Node::Broker(3))),
        (13_000_000, Command::Freeze(Node::Peer(200))),
        (14_000_000, Command::StopDrain),
    ];
    assert_eq!(s.actions, wanted);
    assert_eq!(document.expect.len(), 1);
}

#[test]
fn the_smallest_file_is_the_incident() {
    let document = Document::read("{\"schemaVersion\": 1}").expect("a sound file");
    assert_eq!(document.scenario, second_leader::scenario::Scenario::default());
}

#[test]
fn the_version_is_required_and_newer_ones_are_named() {
    assert_eq!(issues("{}"), ["/schemaVersion: is missing"]);
    let newer = issues(r#"{"schemaVersion": 2, "inventedLater": true}"#);
    assert!(newer.len() == 1 && newer[0].contains("made by a newer version"), "{newer:?}");
    for version in ["0", "\"1\"", "1.5", "null", "-1"] {
        assert_eq!(issues(&format!("{{\"schemaVersion\": {version}}}")), ["/schemaVersion: must be 1"]);
    }
}

#[test]
fn unknown_fields_are_refused_wherever_they_are() {
    assert_refused(r#""foo": 1"#, "/foo", "is not a field");
    assert_refused(r#""a/b~": 1"#, "/a~1b~0", "is not a field");
    assert_refused(r#""params": {"brokres": 1}"#, "/params/brokres", "did you mean brokers?");
    assert_refused(r#""params": {"join-rate": 1}"#, "/params/join-rate", "did you mean joinRate?");
    assert_refused(r#""plan": {"old": [1], "fresh": [], "x": 1}"#, "/plan/x", "is not a field");
    let fresh = r#""plan": {"old": [1], "fresh": [{"sid": 2, "startMs": 0, "list": [2], "x": 1}]}"#;
    assert_refused(fresh, "/plan/fresh/0/x", "is not a field");
    assert_refused(r#""actions": [{"at": 1, "do": "startDrain", "node": 1}]"#, "/actions/0/node", "is not a field");
    let expect = r#""expect": [{"metric": "lost", "op": "==", "value": 0, "x": 1}]"#;
    assert_refused(expect, "/expect/0/x", "is not a field");
}

#[test]
fn wrong_types_and_ranges_are_refused() {
    for (value, part) in
        [("500", "1–30"), ("\"10\"", "whole number"), ("1.5", "whole number"), ("true", "whole number")]
    {
        assert_refused(&format!("\"params\": {{\"brokers\": {value}}}"), "/params/brokers", part);
    }
    assert_refused(r#""params": {"brokers": 3.0000001}"#, "/params/brokers", "whole number");
    assert_refused(r#""params": {"joinRate": 0}"#, "/params/joinRate", "1–1200");
    assert_refused(r#""params": {"joinRate": null}"#, "/params/joinRate", "1–1200");
    assert_refused(r#""params": {"joinRate": 1e300}"#, "/params/joinRate", "1–1200");
    assert_refused(r#""params": {"dlq": "on"}"#, "/params/dlq", "true or false");
    assert_refused(r#""params": {"backoff": "often"}"#, "/params/backoff", "jittered");
    assert_refused(r#""params": {"listPolicy": "likeThat"}"#, "/params/listPolicy", "oneByOne");
    assert_refused(r#""params": {"heal": "pray"}"#, "/params/heal", "none, kill");
    assert_refused(r#""params": []"#, "/params", "object");
    assert_refused(r#""base": "unheard-of""#, "/base", "the-incident");
    assert_refused(r#""title": 5"#, "/title", "string");
    assert_refused(r#""plan": {"old": [0], "fresh": []}"#, "/plan/old/0", "1–255");
    assert_refused(r#""plan": {"old": [1, 1], "fresh": []}"#, "/plan/old/1", "twice");
    assert_refused(r#""plan": {"old": [1], "oldLeader": 2, "fresh": []}"#, "/plan/oldLeader", "one of");
    assert_refused(r#""plan": {"old": [1]}"#, "/plan/fresh", "missing");
    assert_refused(r#""actions": [{"at": -1, "do": "startDrain"}]"#, "/actions/0/at", "0–36000");
    assert_refused(r#""actions": [{"at": 1, "do": "stopNode"}]"#, "/actions/0/node", "missing");
    assert_refused(r#""actions": [{"at": 1, "do": "stopNode", "node": "zk99"}]"#, "/actions/0/node", "no such host");
    assert_refused(r#""actions": [{"at": 1, "do": "moveBroker", "broker": 11}]"#, "/actions/0/broker", "1–10");
    assert_refused(
        r#""actions": [{"at": 1, "do": "freezeNode", "node": "broker1"}]"#,
        "/actions/0/node",
        "only ZooKeeper",
    );
    assert_refused(r#""actions": [{"at": 1, "do": "dance"}]"#, "/actions/0/do", "stopNode");
    assert_refused(r#""expect": [{"metric": "luck", "op": "==", "value": 0}]"#, "/expect/0/metric", "produced");
    assert_refused(r#""expect": [{"metric": "lost", "op": "~", "value": 0}]"#, "/expect/0/op", ">=");
}

#[test]
fn every_action_can_be_written() {
    let text = r#"{"schemaVersion": 1, "actions": [
      {"at": 1, "do": "cutLink", "from": "zk1", "to": "zk3"},
      {"at": 2, "do": "cutLink", "nodes": ["zk1", "broker4"]},
      {"at": 3, "do": "mendLink", "nodes": ["broker4", 1]},
      {"at": 4, "do": "isolate", "node": "producer2"},
      {"at": 5, "do": "mendLink", "node": "producer2"},
      {"at": 6, "do": "addNodes", "count": 2},
      {"at": 7, "do": "crashConsumer", "node": "consumer3"},
      {"at": 8, "do": "set", "key": "writeRate", "value": 80},
      {"at": 9, "do": "set", "key": "dlq", "value": false},
      {"at": 10, "do": "finishRollout"},
      {"at": 11, "do": "stopNode", "node": "zk13"}]}"#;
    let read = Document::read(text).expect("sound");
    let link = |from, to, both| Link { from, to, both };
    let commands: Vec<Command> = read.scenario.actions.iter().map(|(_, command)| *command).collect();
    assert_eq!(
        commands,
        [
            Command::CutLink(link(Node::Peer(1), Node::Peer(3), false)),
            Command::CutLink(link(Node::Peer(1), Node::Broker(4), true)),
            Command::MendLink(link(Node::Broker(4), Node::Peer(1), true)),
            Command::Isolate(Node::Producer(1)),
            Command::Rejoin(Node::Producer(1)),
            Command::AddNodes(2),
            Command::CrashConsumer(2),
            Command::Set(Key::WriteRate, 80_000_000),
            Command::Set(Key::Dlq, 0),
            Command::FinishRollout,
            Command::Stop(Node::Peer(13)),
        ]
    );
    let refused = |action: &str, at: &str, says: &str| {
        assert_refused(&format!("\"actions\": [{{\"at\": 1, {action}}}]"), &format!("/actions/0/{at}"), says);
    };
    refused(r#""do": "cutLink", "from": "zk1", "to": "zk1""#, "to", "another host");
    refused(r#""do": "cutLink", "nodes": ["zk1"]"#, "nodes", "two hosts");
    refused(r#""do": "cutLink", "from": "zk1""#, "to", "missing");
    refused(r#""do": "isolate", "node": "consumer4""#, "node", "no such host");
    refused(r#""do": "addNodes", "count": 0"#, "count", "1–59");
    refused(r#""do": "addNodes", "count": 49"#, "count", "1–48");
    refused(r#""do": "crashConsumer", "node": "zk1""#, "node", "must be a consumer");
    refused(r#""do": "set", "key": "writeRate", "value": 0"#, "value", "0.1–10000");
    refused(r#""do": "set", "key": "brokers", "value": 3"#, "key", "cannot change during a run");
    refused(r#""do": "set", "key": "luck", "value": 3"#, "key", "is not a parameter");
    refused(r#""do": "stopNode", "node": "producer1""#, "node", "only hosts and brokers");
}

#[test]
fn old_hosts_to_remove_are_a_list_of_sids() {
    let read = |list: &str| Document::read(&format!("{{\"schemaVersion\": 1, \"params\": {{\"removed\": {list}}}}}"));
    assert_eq!(read("[1, 3]").expect("sound").scenario.params.get(Key::Removed), 0b101);
    assert_eq!(read("[]").expect("sound").scenario.params.get(Key::Removed), 0);
    assert_refused(r#""params": {"removed": [0]}"#, "/params/removed", "1–9");
    assert_refused(r#""params": {"removed": "1"}"#, "/params/removed", "1–9");
    assert_refused(r#""params": {"oldNodes": 3, "removed": [4]}"#, "/params/removed", "at most oldNodes");
}

#[test]
fn how_it_wants_to_be_shown_is_read_with_the_names_and_ranges_of_the_url() {
    let all = r#"{"view": "lesson", "panels": ["why", "log"], "controls": ["joinRate"], "lock": ["retries"], "autoplay": false,
        "speed": 0.05, "start": "secondLeader", "stopAt": 90.5, "pauseAt": ["firstDeadLetter"], "theme": "contrast",
        "motion": "reduced"}"#;
    let ui = Document::read(&format!("{{\"schemaVersion\": 1, \"ui\": {all}}}")).expect("sound").ui;
    assert_eq!((ui.view, ui.theme, ui.motion), (Some("lesson"), Some("contrast"), Some("reduced")));
    assert_eq!(
        (ui.panels, ui.controls, ui.lock),
        (Some(vec!["why", "log"]), Some(vec![Key::JoinRate]), vec![Key::Retries])
    );
    assert_eq!((ui.autoplay, ui.speed), (Some(false), Some(Pace::Fixed(50))));
    assert_eq!(ui.start, Some(Moment::Milestone(Milestone::SecondLeader)));
    assert_eq!((ui.stop_at, ui.pause_at), (Some(Moment::Time(90_500_000)), vec![Milestone::FirstDeadLetter]));
    for (field, value, part) in [
        ("view", "\"huge\"", "full, lesson, bare"),
        ("panels/0", "[\"cellar\"]", "must be one of inspect"),
        ("panels/1", "[\"why\", \"why\"]", "twice"),
        ("controls/0", "[\"joinrate\"]", "did you mean joinRate?"),
        ("lock", "true", "array"),
        ("autoplay", "\"on\"", "true or false"),
        ("speed", "0.01", "0.05–600"),
        ("speed", "\"fast\"", "0.05–600"),
        ("start", "-1", "0–36000"),
        ("stopAt", "\"lunch\"", "secondLeader"),
        ("pauseAt/0", "[5]", "string"),
        ("theme", "\"pink\"", "contrast"),
        ("motion", "null", "string"),
        ("volume", "11", "is not a field"),
    ] {
        let name = field.split('/').next().expect("a name");
        assert_refused(&format!("\"ui\": {{\"{name}\": {value}}}"), &format!("/ui/{field}"), part);
    }
    assert_refused(r#""ui": []"#, "/ui", "object");
}

#[test]
fn contradictions_are_refused_when_both_were_given() {
    assert_refused(
        r#""params": {"brokers": 2, "replicationFactor": 3}"#,
        "/params/replicationFactor",
        "at most brokers",
    );
    assert!(Document::read(r#"{"schemaVersion": 1, "params": {"brokers": 2}}"#).is_ok());
    assert_refused(r#""base": "more-brokers", "params": {"brokers": 2}"#, "/params/movedBrokers", "at most brokers");
}

#[test]
fn all_problems_are_listed_at_once() {
    let found =
        issues(r#"{"foo": 1, "params": {"brokers": 500, "dlq": 1}, "actions": [{}, {"at": 1, "do": "dance"}]}"#);
    let pointers: Vec<&str> = found.iter().map(|issue| issue.split(": ").next().unwrap_or("")).collect();
    let wanted = ["/foo", "/schemaVersion", "/params/brokers", "/params/dlq", "/actions/0/do", "/actions/1/do"];
    assert_eq!(pointers, wanted);
}

#[test]
fn repeated_keys_are_refused() {
    assert_refused(r#""params": {"brokers": 5, "brokers": 5}"#, "/params/brokers", "twice");
    assert_refused(r#""id": "a", "id": "b""#, "/id", "twice");
}

#[test]
fn limits_are_kept() {
    let actions = vec![r#"{"at": 1, "do": "startDrain"}"#; 201].join(",");
    assert_refused(&format!("\"actions\": [{actions}]"), "/actions", "at most 200");
    let padded = format!("{{\"schemaVersion\": 1, \"description\": \"{}\"}}", "x".repeat(MAX_FILE));
    assert!(issues(&padded)[0].contains("256 KiB"));
    let hosts: Vec<String> = (4..=60).map(|sid| format!("{{\"sid\":{sid},\"startMs\":0,\"list\":[{sid}]}}")).collect();
    let crowd = format!("\"plan\": {{\"old\": [1, 2, 3], \"fresh\": [{}]}}", hosts.join(","));
    assert_refused(&crowd, "/plan", "59 hosts");
}

#[test]
fn garbage_never_panics() {
    for text in ["", " ", "null", "[]", "3", "\"x\"", "{", "{\"schemaVersion\":1", "\u{0}", "{\"schemaVersion\":1}}"] {
        assert!(!issues(text).is_empty(), "{text:?}");
    }
    assert!(issues(&"[".repeat(100_000))[0].contains("not JSON"));
    assert!(issues(&"{\"a\":".repeat(20_000))[0].contains("not JSON"));
    // Every value in every place of a sound file.
    let file = r#"{"schemaVersion":1,"id":"a","base":"stuck","params":{"brokers":3,"dlq":true},"plan":{"old":[1,2],"oldLeader":2,
      "fresh":[{"sid":3,"startMs":5,"list":[1,2,3],"role":"observer"}]},"actions":[{"at":1,"do":"stopNode","node":3}],
      "expect":[{"metric":"lost","op":"==","value":0}]}"#;
    let sound = Json::parse(file).expect("JSON");
    assert_eq!(issues(&sound.line()), [""; 0]);
    let strange = [
        "null",
        "true",
        "-1",
        "1e999",
        "1e308",
        "0.5",
        "\"\\u0000\"",
        "[]",
        "{}",
        "[[[]]]",
        "{\"\":{}}",
        "99999999999999999999",
    ];
    for place in 0..count(&sound) {
        for value in strange.iter().filter_map(|text| Json::parse(text).ok()) {
            let mut changed = sound.clone();
            replace(&mut changed, &mut place.clone(), &value);
            let _ = Document::read(&changed.line());
        }
    }
}

fn count(json: &Json) -> usize {
    1 + match json {
        Json::List(items) => items.iter().map(count).sum::<usize>(),
        Json::Object(members) => members.iter().map(|(_, value)| count(value)).sum(),
        _ => 0,
    }
}

/// Replaces the value that comes `left`-th in reading order.
fn replace(json: &mut Json, left: &mut usize, value: &Json) -> bool {
    if *left == 0 {
        *json = value.clone();
        return true;
    }
    *left -= 1;
    match json {
        Json::List(items) => items.iter_mut().any(|item| replace(item, left, value)),
        Json::Object(members) => members.iter_mut().any(|(_, item)| replace(item, left, value)),
        _ => false,
    }
}

#[test]
fn json_is_written_as_it_is_read() {
    let text = r#"{"b":[1,2.5,-3],"a":{"x":"q\"\\\n\u0001é","y":[],"z":{}},"t":true,"n":null}"#;
    let json = Json::parse(text).expect("JSON");
    assert_eq!(json.line(), text);
    assert_eq!(Json::parse(&json.pretty()).expect("JSON"), json);
    assert_eq!(Json::parse("\u{feff}1"), Ok(Json::number(1)), "a byte order mark is not an error");
}

#[test]
fn a_file_says_in_which_language_its_texts_are() {
    for tag in ["klingonisch", "de_AT", "", "de-", "<b>"] {
        assert_refused(&format!("\"locale\":\"{tag}\""), "/locale", "a language tag");
    }
    for (tag, kept) in [("en", ""), ("pt-BR", "pt-BR"), ("zh-Hant-TW", "zh-Hant-TW")] {
        let file = format!("{{\"schemaVersion\":1,\"title\":\"T\",\"locale\":\"{tag}\"}}");
        let scenario = Document::read(&file).expect("a sound file").scenario;
        assert_eq!(scenario.locale, kept);
        let again =
            Document::read(&scenario_json(&scenario, &scenario.params, &[], None).line()).expect("a sound link");
        assert_eq!(again.scenario.locale, kept);
    }
}
