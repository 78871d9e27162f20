//! The command line, by running it: exit codes, what goes where, the shape of the JSON.
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

const BINARY: &str = env!("CARGO_BIN_EXE_second-leader");

/// Exit code, stdout and stderr.
pub fn cli(arguments: &[&str]) -> (i32, String, String) {
    let output = Command::new(BINARY).args(arguments).output().expect("the binary runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code().expect("an exit code"), text(output.stdout), text(output.stderr))
}

/// Asserts exit code 2, an empty stdout, and a message with all these parts.
pub fn assert_bad(arguments: &[&str], parts: &[&str]) {
    let (code, out, err) = cli(arguments);
    assert_eq!((code, out.as_str()), (2, ""), "{arguments:?}: {err}");
    for part in parts {
        assert!(err.contains(part), "{arguments:?}: no {part:?} in {err}");
    }
}

pub fn json(arguments: &[&str]) -> Value {
    let (code, out, err) = cli(arguments);
    assert_eq!((code, err.as_str()), (0, ""), "{arguments:?}");
    serde_json::from_str(&out).unwrap_or_else(|e| panic!("{arguments:?}: {e}: {out}"))
}

pub fn keys(value: &Value) -> Vec<&str> {
    let mut keys: Vec<&str> = value.as_object().expect("an object").keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}

/// Writes a scenario file that only this test uses; returns its path.
pub fn file(name: &str, text: &str) -> String {
    let path = std::env::temp_dir().join(format!("second-leader-{}-{name}.json", std::process::id()));
    std::fs::write(&path, text).expect("a temporary file");
    path.to_str().expect("UTF-8").to_string()
}

#[test]
fn a_run_prints_one_object_of_the_published_shape() {
    let result = json(&["run", "the-incident", "--json"]);
    let wanted = "engine events invariants leaders ledger metrics milestones modes outcome params schemaVersion seed traceHash until";
    assert_eq!(keys(&result).join(" "), wanted);
    let metrics = "acknowledged acknowledgedWrongSide deadLettered divergentOffsets dlqDepth dlqOldestAge dlqPeak dropped \
        duplicateEffects failedShare failedWhileSplit lost p50Ms p99Ms processed produced producedWhileSplit retried";
    assert_eq!(keys(&result["metrics"]).join(" "), metrics.split_whitespace().collect::<Vec<_>>().join(" "));
    let ledger = "committed deadLettered draining dropped inFlight lost processed retrying wrongSide";
    assert_eq!(keys(&result["ledger"]).join(" "), ledger);
    assert_eq!((&result["schemaVersion"], &result["seed"], &result["until"]), (&1.into(), &7.into(), &300.into()));
    assert_eq!(result["outcome"], "split");
    assert_eq!(result["leaders"].as_array().map(Vec::len), Some(2));
    assert_eq!(result["modes"]["3"], "leader");
    assert_eq!(keys(&result["modes"]).len(), 11);
    for milestone in result["milestones"].as_array().expect("milestones") {
        assert_eq!(keys(milestone), ["id", "time"]);
        assert!(milestone["time"].is_number());
    }
    for invariant in result["invariants"].as_array().expect("invariants") {
        assert_eq!(keys(invariant), ["firstBrokenAt", "held", "id"]);
        assert_eq!((&invariant["held"], &invariant["firstBrokenAt"]), (&true.into(), &Value::Null), "{invariant}");
    }
    assert!(!result["invariants"].as_array().expect("invariants").is_empty());
    let hash = result["traceHash"].as_str().expect("a hash");
    assert!(hash.len() == 16 && hash.bytes().all(|b| b.is_ascii_hexdigit()), "{hash}");
    let sum: u64 = result["ledger"].as_object().expect("a ledger").values().filter_map(Value::as_u64).sum();
    assert_eq!(result["metrics"]["produced"], sum, "conservation");
    assert!(result["events"].as_u64() > Some(1000));
}

#[test]
fn parameters_are_typed_and_complete() {
    let result = json(&["run", "--until", "1s", "--json", "--brokers", "2", "--dlq", "off", "--join-rate=33.5"]);
    let params = &result["params"];
    assert_eq!(keys(params).len(), second_leader::params::KEYS.len());
    assert_eq!(
        (&params["brokers"], &params["replicationFactor"], &params["minInsync"]),
        (&2.into(), &2.into(), &2.into())
    );
    assert_eq!(
        (&params["dlq"], &params["joinRate"], &params["backoff"]),
        (&false.into(), &33.5.into(), &"exponential".into())
    );
    assert_eq!((&result["outcome"], &result["until"]), (&"unfinished".into(), &1.into()));
}

#[test]
fn both_spellings_and_every_way_to_give_a_value_agree() {
    let run = |arguments: &[&str]| json(&[&["run", "--json", "--until", "20s"], arguments].concat());
    let a = run(&["--joinRate", "60", "--seed", "9"]);
    for other in [&["--join-rate", "60", "--seed=9"], &["--seed", "9", "--joinRate=60.0"]] {
        assert_eq!(run(other), a);
    }
    assert_ne!(run(&["--joinRate", "60", "--seed", "10"])["traceHash"], a["traceHash"]);
    for until in ["20", "20000ms", "0.333333333m"] {
        let b = json(&["run", "--json", "--joinRate", "60", "--seed", "9", "--until", until]);
        assert_eq!(b["traceHash"], a["traceHash"], "--until {until}");
    }
}

#[test]
fn bad_input_is_refused_with_the_field_the_value_and_the_range() {
    assert_bad(&["run", "--brokers", "500"], &["brokers", "500", "1–30"]);
    assert_bad(
        &["run", "--brokers", "x", "--retries=-1", "--until", "soon"],
        &["brokers = x", "retries = -1", "0–10", "until = soon"],
    );
    assert_bad(&["run", "--joinRat", "5"], &["--joinRat", "did you mean --joinRate?"]);
    assert_bad(&["run", "--heal", "pray"], &["heal", "pray", "none, kill, finishRollout, repoint, auto"]);
    assert_bad(
        &["run", "--brokers", "2", "--replicationFactor", "3"],
        &["replicationFactor = 3", "at most brokers, which is 2"],
    );
    assert_bad(&["run", "--brokers"], &["--brokers", "needs a value"]);
    assert_bad(&["run", "--brokers", "5", "--brokers", "6"], &["--brokers", "twice"]);
    assert_bad(&["run", "--json", "--trace"], &["--json", "--trace"]);
    assert_bad(&["run", "--json=yes"], &["--json", "takes no value"]);
    assert_bad(&["run", "unheard-of"], &["unheard-of", "neither a preset nor a file", "the-incident"]);
    assert_bad(&["run", "stuck", "patient"], &["patient", "too many"]);
    for until in ["-1", "1d", "", "s", "1e9", "100000s"] {
        assert_bad(&["run", "--until", until], &["--until", "120s"]);
    }
    assert_bad(&["dance"], &["dance", "run, sweep, check, presets, params"]);
    assert_bad(&["check"], &["needs a scenario file"]);
    assert_bad(&["params", "--write", "x"], &["--write"]);
}

#[test]
fn files_are_checked_and_run() {
    let good = file(
        "good",
        r#"{"schemaVersion": 1, "base": "stuck", "expect": [{"metric": "lost", "op": "==", "value": 0}]}"#,
    );
    let (code, out, err) = cli(&["check", &good]);
    assert_eq!((code, out.contains("ok"), err.as_str()), (0, true, ""));
    assert_eq!(json(&["run", &good, "--json"])["outcome"], "stuck");
    assert_bad(&["run", &good, "--newNodes", "51"], &["newNodes = 51", "0–50"]);

    let bad = file(
        "bad",
        r#"{"schemaVersion": 1, "params": {"brokers": 500, "speed": 1}, "actions": [{"at": 1, "do": "dance"}]}"#,
    );
    for command in ["check", "run"] {
        let parts = ["/params/brokers", "500", "1–30", "/params/speed", "/actions/0/do", "must be one of stopNode"];
        assert_bad(&[command, &bad], &parts);
    }
    assert_bad(&["check", &good, &bad], &["/params/brokers"]);
    assert_bad(&["check", "no-such-file.json"], &["no-such-file.json", "cannot be read"]);
    let binary = file("binary", "x");
    std::fs::write(&binary, [0xff, 0xfe, 0x00]).expect("a temporary file");
    assert_bad(&["check", &binary], &["UTF-8"]);
    let long = file("long", &" ".repeat(300_000));
    assert_bad(&["check", &long], &["256 KiB"]);
    for path in [good, bad, binary, long] {
        let _ = std::fs::remove_file(path);
    }
}

#[test]
fn a_lesson_is_played_when_it_is_checked() {
    let shipped = format!("{}/www/lessons/the-second-leader.json", env!("CARGO_MANIFEST_DIR"));
    let (code, out, err) = cli(&["check", &shipped]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.contains(": ok; 11 steps, 4 questions, 0 tasks, 1 run, played to 1:55."), "{out}");
    let (code, told, _) = cli(&["check", "--tell", &shipped]);
    assert!(code == 0 && told.contains("? Which new host will lead?") && told.contains("It is zk11."), "{told}");
    let never = r#"{"schemaVersion": 1, "base": "patient", "steps": [{"id": "a", "text": "Hosts come."},
        {"id": "b", "text": "Two!", "when": {"milestone": "secondLeader"}}, {"id": "c", "text": "Then."}]}"#;
    let path = file("never", never);
    assert_bad(&["check", &path], &["/steps/1", "never happens in this run"]);
    let _ = std::fs::remove_file(path);
}

#[test]
fn an_expectation_that_does_not_hold_is_reported() {
    let expect = r#"[{"metric": "produced", "op": "<", "value": 5}, {"metric": "lost", "op": "<=", "value": 0}]"#;
    let path = file("expect", &format!("{{\"schemaVersion\": 1, \"base\": \"patient\", \"expect\": {expect}}}"));
    let (code, out, err) = cli(&["run", &path, "--json"]);
    assert_eq!(code, 1, "{err}");
    assert!(serde_json::from_str::<Value>(&out).is_ok(), "the result is printed all the same");
    assert!(err.contains("expected produced < 5, found ") && !err.contains("lost"), "{err}");
    let _ = std::fs::remove_file(path);
}

#[test]
fn actions_happen() {
    let actions = r#"[{"at": 10, "do": "startNode", "node": 3}, {"at": 5, "do": "stopNode", "node": "zk3"}]"#;
    let text = format!(r#"{{"schemaVersion": 1, "params": {{"newNodes": 0, "heal": "none"}}, "actions": {actions}}}"#);
    let path = file("actions", &text);
    let result = json(&["run", &path, "--json", "--until", "30s"]);
    let (code, trace, _) = cli(&["run", &path, "--trace", "--until", "30s"]);
    assert_eq!(code, 0);
    assert!(trace.lines().count() > 10);
    assert_eq!(result["modes"].as_object().map(|modes| modes.len()), Some(3));
    let _ = std::fs::remove_file(path);
}

#[test]
fn the_trace_is_the_same_each_time_and_its_reader_may_leave() {
    let (code, first, err) = cli(&["run", "--trace", "--until", "12s"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert_eq!(cli(&["run", "--trace", "--until", "12s"]).1, first);
    assert!(first.ends_with('\n') && first.lines().count() > 100);

    let mut child = Command::new(BINARY)
        .args(["run", "--trace"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    let mut line = String::new();
    let mut reader = BufReader::new(child.stdout.take().expect("its output"));
    reader.read_line(&mut line).expect("a line");
    drop(reader);
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn the_report_is_for_people() {
    let (code, out, err) = cli(&["run", "the-incident"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.contains("a second leader served: zk11 of the new hosts, beside zk3"), "{out}");
    assert!(out.contains("Nothing was lost, and nothing was done twice."), "{out}");
    assert!(out.contains("secondLeader") && out.contains("seed 7"), "{out}");
}

#[test]
fn lists_and_help() {
    let presets = json(&["presets", "--json"]);
    assert_eq!(presets.as_array().map(Vec::len), Some(second_leader::presets::PRESETS.len()));
    let params = json(&["params", "--json"]);
    let row = params.as_array().expect("rows").iter().find(|row| row["key"] == "joinRate").expect("joinRate");
    assert_eq!((&row["default"], &row["min"], &row["max"]), (&480.into(), &1.into(), &1200.into()));
    for (arguments, part) in [
        (&["presets"][..], "final-list-trap"),
        (&["params"], "joinRate"),
        (&["--help"], "second-leader run"),
        (&["run", "--help"], "second-leader run"),
        (&[], "second-leader run"),
        (&["--version"], env!("CARGO_PKG_VERSION")),
    ] {
        let (code, out, err) = cli(arguments);
        assert_eq!((code, err.as_str()), (0, ""), "{arguments:?}");
        assert!(out.contains(part), "{arguments:?}: {out}");
    }
}
