//! Properties of everything that comes in from outside, over random input. What fails is shrunk to the smallest that does,
//! and printed with its seed; `PROPERTY_SEED=n` tries other input.
use crate::common::check;
use proptest::prelude::{Just, Strategy, any, prop, prop_oneof};
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestCaseResult, TestRunner};
use proptest::{prop_assert, prop_assert_eq};
use second_leader::native::document::Document;
use second_leader::native::json::Json;
use second_leader::native::outcome::value_json;
use second_leader::params::{KEYS, Key, Kind, MILLION, Params};
use second_leader::scenario::{Command, Node, Plan, PlannedHost, Role, Scenario};
use second_leader::sim::Simulation;

/// Tries `cases` values of `input`.
fn for_any<S: Strategy>(cases: u32, input: S, test: impl Fn(S::Value) -> TestCaseResult) {
    let seed = std::env::var("PROPERTY_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(7);
    let config = Config { cases, failure_persistence: None, rng_seed: RngSeed::Fixed(seed), ..Config::default() };
    TestRunner::new(config).run(&input, test).unwrap_or_else(|e| panic!("PROPERTY_SEED={seed}: {e}"));
}

/// Words that a scenario file knows, so that random files get past the first door.
const WORDS: &[&str] = &[
    "schemaVersion",
    "id",
    "title",
    "base",
    "params",
    "plan",
    "actions",
    "expect",
    "steps",
    "old",
    "oldLeader",
    "fresh",
    "sid",
    "startMs",
    "list",
    "role",
    "at",
    "do",
    "node",
    "broker",
    "metric",
    "op",
    "value",
    "brokers",
    "replicationFactor",
    "joinRate",
    "dlq",
    "backoff",
    "seed",
    "stopNode",
    "moveBroker",
    "startDrain",
    "observer",
    "more-brokers",
    "zk2",
    "broker3",
    "lost",
    "==",
    "jittered",
    "a~b/c",
    "",
];

fn any_json() -> impl Strategy<Value = Json> {
    let word = || prop_oneof![4 => prop::sample::select(WORDS).prop_map(str::to_string), 1 => "[ -~é]{0,6}"];
    let number = prop_oneof![
        3 => (0..12i64).prop_map(|n| n.to_string()),
        1 => any::<i64>().prop_map(|n| n.to_string()),
        1 => any::<f64>().prop_filter("JSON has no infinity", |x| x.is_finite()).prop_map(|x| format!("{x:e}")),
        1 => Just("1".repeat(30)),
    ];
    let leaf = prop_oneof![
        1 => Just(Json::Null),
        1 => any::<bool>().prop_map(Json::Bool),
        3 => number.prop_map(Json::Number),
        3 => word().prop_map(Json::Text),
    ];
    leaf.prop_recursive(5, 60, 8, move |inner| {
        prop_oneof![
            1 => prop::collection::vec(inner.clone(), 0..5).prop_map(Json::List),
            3 => prop::collection::vec((word(), inner), 0..8).prop_map(Json::Object),
        ]
    })
}

/// Does this pointer lead to something, or to a member that could be added to something?
fn leads_somewhere(pointer: &str, json: &Json) -> bool {
    if pointer == "/" {
        return true; // the whole file
    }
    let steps: Vec<String> = pointer.split('/').skip(1).map(|s| s.replace("~1", "/").replace("~0", "~")).collect();
    let mut here = vec![json];
    for (i, step) in steps.iter().enumerate() {
        let next: Vec<&Json> = here
            .iter()
            .flat_map(|json| match json {
                Json::List(items) => {
                    step.parse().ok().and_then(|i: usize| items.get(i)).into_iter().collect::<Vec<_>>()
                }
                Json::Object(members) => {
                    members.iter().filter(|(key, _)| key == step).map(|(_, value)| value).collect()
                }
                _ => Vec::new(),
            })
            .collect();
        let addable = here.iter().any(|json| matches!(json, Json::Object(_)));
        if next.is_empty() {
            return addable && i + 1 == steps.len();
        }
        here = next;
    }
    pointer.starts_with('/')
}

#[test]
fn any_json_is_read_or_refused_with_pointers_that_lead_somewhere() {
    for_any(4_000, any_json(), |json| {
        let read = Json::parse(&json.line()).map_err(TestCaseError::fail)?;
        match Document::read(&json.line()) {
            Ok(document) => prop_assert!(document.scenario.check().is_ok(), "read, but unsound"),
            Err(issues) => {
                prop_assert!(!issues.is_empty());
                for issue in issues {
                    prop_assert!(leads_somewhere(&issue.field, &read), "{issue}");
                    prop_assert!(!issue.message.is_empty());
                }
            }
        }
        Ok(())
    });
}

/// A file with one wrong value says which, and says nothing else.
#[test]
fn one_wrong_value_in_a_sound_file_is_one_issue_at_its_place() {
    let wrong = (prop::sample::select(KEYS), any::<i64>());
    for_any(2_000, (scenarios(false), wrong), |(scenario, (key, value))| {
        let p = key.param();
        let kind = matches!(p.kind, Kind::Integer | Kind::Decimal);
        let unit = if p.kind == Kind::Decimal { MILLION } else { 1 };
        if kind && (p.min / unit..=p.max / unit).contains(&value) {
            return Ok(());
        }
        let mut json = scenario_json(&scenario);
        if let Json::Object(members) = &mut json
            && let Some((_, Json::Object(params))) = members.iter_mut().find(|(name, _)| name == "params")
        {
            params.retain(|(name, _)| name != p.key);
            params.push((p.key.to_string(), Json::number(value)));
        }
        let issues = Document::read(&json.line()).err().unwrap_or_default();
        let fields: Vec<&str> = issues.iter().map(|issue| issue.field.as_str()).collect();
        prop_assert_eq!(fields, [format!("/params/{}", p.key)]);
        Ok(())
    });
}

/// Any legal value of any parameter, or none.
fn all_params() -> impl Strategy<Value = Params> {
    let value = |key: &Key| {
        let p = key.param();
        let small = p.min..=p.min + (p.max - p.min) / 50;
        prop_oneof![3 => Just(None), 1 => (p.min..=p.max).prop_map(Some), 1 => small.prop_map(Some)]
    };
    KEYS.iter().map(value).collect::<Vec<_>>().prop_map(|values| {
        let mut params = Params::default();
        for (&key, value) in KEYS.iter().zip(values) {
            if let Some(value) = value {
                params.set(key, value).expect("a legal value");
            }
        }
        params.effective_lenient().0
    })
}

fn plans() -> impl Strategy<Value = Plan> {
    let host = |sid: u8| {
        let list = prop::sample::subsequence((1..=12u8).collect::<Vec<_>>(), 1..=12).prop_shuffle();
        let role = prop_oneof![Just(Role::Participant), Just(Role::Observer)];
        (0..60_000_000u64, list, role).prop_map(move |(start, list, role)| PlannedHost { sid, start, list, role })
    };
    (1..=5u8, 0..=6u8).prop_flat_map(move |(old, fresh)| {
        let hosts: Vec<_> = (old + 1..=old + fresh).map(host).collect();
        (1..=old, hosts).prop_map(move |(old_leader, fresh)| Plan { old: (1..=old).collect(), old_leader, fresh })
    })
}

/// A sound scenario; `quick` ones take little time to run.
fn scenarios(quick: bool) -> impl Strategy<Value = Scenario> {
    let actions = prop::collection::vec((0..60_000_000u64, 0..9u8, any::<u8>()), 0..8);
    (all_params(), prop::option::of(plans()), actions).prop_map(move |(mut params, plan, actions)| {
        if quick {
            let rate = params.get(Key::WriteRate).min(50 * MILLION);
            params.set(Key::WriteRate, rate).expect("a legal value");
        }
        let mut scenario = Scenario { plan, ..Scenario::of(params) };
        for (at, what, number) in actions {
            let brokers = scenario.params.get(Key::Brokers) as u8;
            let (broker, node) = (1 + number % brokers, Node::Peer(1 + number % 3));
            let command = match what {
                0 => Command::Stop(node),
                1 => Command::Start(node),
                2 => Command::Freeze(node),
                3 => Command::Thaw(node),
                4 => Command::MoveBroker(broker),
                5 => Command::ReturnBroker(broker),
                6 => Command::Stop(Node::Broker(broker)),
                7 => Command::KillSecondCluster,
                _ => Command::StopDrain,
            };
            if scenario.fault(command).is_none() {
                scenario.actions.push((at, command));
            }
        }
        check(scenario)
    })
}

/// A scenario as a file.
fn scenario_json(scenario: &Scenario) -> Json {
    let given = KEYS.iter().filter(|&&key| scenario.params.is_given(key));
    let params = given.map(|&key| (key.param().key.to_string(), value_json(key, scenario.params.get(key)))).collect();
    let sids = |sids: &[u8]| Json::List(sids.iter().map(Json::number).collect());
    let host = |host: &PlannedHost| {
        Json::object([
            ("sid", Json::number(host.sid)),
            ("startMs", Json::millionths(host.start * 1000)),
            ("list", sids(&host.list)),
            ("role", Json::text(if host.role == Role::Observer { "observer" } else { "participant" })),
        ])
    };
    let action = |(at, command): &(u64, Command)| {
        let (word, argument) = match *command {
            Command::Stop(node) => ("stopNode", Some(("node", Json::text(node.name())))),
            Command::Start(node) => ("startNode", Some(("node", Json::text(node.name())))),
            Command::Freeze(node) => ("freezeNode", Some(("node", Json::text(node.name())))),
            Command::Thaw(node) => ("thawNode", Some(("node", Json::text(node.name())))),
            Command::MoveBroker(id) => ("moveBroker", Some(("broker", Json::number(id)))),
            Command::ReturnBroker(id) => ("returnBroker", Some(("broker", Json::number(id)))),
            Command::KillSecondCluster => ("killSecondCluster", None),
            Command::StartDrain => ("startDrain", None),
            _ => ("stopDrain", None),
        };
        let members = [("at", Json::millionths(*at)), ("do", Json::text(word))];
        Json::Object(members.into_iter().chain(argument).map(|(name, value)| (name.to_string(), value)).collect())
    };
    let mut members = vec![
        ("schemaVersion".to_string(), Json::number(1)),
        ("params".to_string(), Json::Object(params)),
        ("actions".to_string(), Json::List(scenario.actions.iter().map(action).collect())),
    ];
    if let Some(plan) = &scenario.plan {
        let plan = Json::object([
            ("old", sids(&plan.old)),
            ("oldLeader", Json::number(plan.old_leader)),
            ("fresh", Json::List(plan.fresh.iter().map(host).collect())),
        ]);
        members.push(("plan".to_string(), plan));
    }
    Json::Object(members)
}

#[test]
fn any_sound_scenario_survives_being_written_and_read() {
    for_any(2_000, scenarios(false), |scenario| {
        for text in [scenario_json(&scenario).line(), scenario_json(&scenario).pretty()] {
            let document = Document::read(&text).map_err(|issues| TestCaseError::fail(format!("{issues:?} {text}")))?;
            prop_assert_eq!(&check(document.scenario), &scenario);
        }
        Ok(())
    });
}

#[test]
fn any_sound_scenario_runs_twice_the_same_whatever_the_pace() {
    for_any(60, (scenarios(true), 1..5_000u32), |(scenario, budget)| {
        let until = 12 * MILLION as u64;
        let (mut whole, mut pieces) = (Simulation::new(&scenario), Simulation::new(&scenario));
        while !whole.advance(until, 1 << 20) {}
        while !pieces.advance(until, budget) {}
        prop_assert_eq!(whole.trace_hash(), pieces.trace_hash());
        prop_assert_eq!(whole.steps(), pieces.steps());
        prop_assert_eq!(whole.ledger(), pieces.ledger());
        prop_assert!(whole.ledger().balances());
        Ok(())
    });
}

#[test]
fn the_lenient_reader_agrees_with_the_strict_one_or_says_what_it_changed() {
    let text = prop_oneof![
        (-2_000i64..40_000).prop_map(|n| n.to_string()),
        "[+-]?[0-9]{0,20}[.]?[0-9]{0,8}",
        prop::sample::select(WORDS).prop_map(str::to_string),
        "\\PC{0,12}",
        Just("on".to_string()),
    ];
    for_any(20_000, (prop::sample::select(KEYS), text), |(key, text)| {
        let (mut lenient, mut strict) = (Params::default(), Params::default());
        let notice = lenient.set_lenient(key, &text);
        let refused = strict.set_text(key, &text).is_err();
        let p = key.param();
        let value = lenient.get(key);
        prop_assert!((p.min..=p.max).contains(&value) || value == p.default, "{} = {value}", p.key);
        prop_assert_eq!(notice.is_some(), refused, "a notice iff something was changed: {:?}", notice);
        let only_this = KEYS.iter().all(|&other| other == key || lenient.get(other) == other.param().default);
        prop_assert!(only_this, "other values changed");
        if refused {
            prop_assert_eq!(strict, Params::default(), "half applied");
        } else {
            prop_assert_eq!(strict, lenient);
        }
        Ok(())
    });
}
