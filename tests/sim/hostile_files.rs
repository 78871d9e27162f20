//! Files that are JSON and nonsense: every value of the shipped files is replaced, repeated, renamed or moved, and the command line is
//! given what a stranger would try. A failure names its seed.
use crate::common::{Dice, read};
use second_leader::native::document::Document;
use second_leader::native::json::Json;
use second_leader::native::rehearsal::rehearse;
use second_leader::presets::PRESETS;
use std::process::Command;

const SEEDS: u64 = 12_000;

/// What may stand in the place of any value.
fn nonsense(dice: &mut Dice) -> Json {
    let numbers = ["-0", "1e308", "-1", "0.0000001", "255", "256", "36001", "9007199254740993", "99999999999999999999"];
    let words =
        ["", " 10 ", "1,000", "１０", "NaN", "__proto__", "constructor", "zk1", "zk99", "end", "\u{0}", "💥", "a/b~c"];
    match dice.roll(9) {
        0 => Json::Null,
        1 => Json::Bool(dice.roll(2) == 0),
        2 | 3 => Json::Number(numbers[dice.roll(numbers.len() as u64) as usize].to_string()),
        4 | 5 => Json::text(words[dice.roll(words.len() as u64) as usize]),
        6 => Json::List((0..dice.roll(4)).map(Json::number).collect()),
        7 => Json::Object(vec![("at".to_string(), Json::number(1)), ("at".to_string(), Json::Null)]),
        _ => Json::text("x".repeat(5_000)),
    }
}

/// The values within a value, itself included.
fn size(json: &Json) -> u64 {
    1 + match json {
        Json::List(items) => items.iter().map(size).sum::<u64>(),
        Json::Object(members) => members.iter().map(|(_, value)| size(value)).sum(),
        _ => 0,
    }
}

/// Changes the value at this position, counted as [`size`] counts. Returns what is left to count.
fn change(json: &mut Json, mut at: u64, dice: &mut Dice) -> Option<u64> {
    if at == 0 {
        spoil(json, dice);
        return None;
    }
    at -= 1;
    match json {
        Json::List(items) => items.iter_mut().try_fold(at, |at, item| change(item, at, dice)),
        Json::Object(members) => members.iter_mut().try_fold(at, |at, (_, value)| change(value, at, dice)),
        _ => Some(at),
    }
}

fn spoil(json: &mut Json, dice: &mut Dice) {
    match (dice.roll(6), &mut *json) {
        (0, Json::Object(members)) if !members.is_empty() => {
            let twice = members[dice.roll(members.len() as u64) as usize].clone();
            members.push(twice);
        }
        (1, Json::Object(members)) if !members.is_empty() => {
            drop(members.remove(dice.roll(members.len() as u64) as usize))
        }
        (2, Json::Object(members)) if !members.is_empty() => {
            let at = dice.roll(members.len() as u64) as usize;
            members[at].0 = ["", "__proto__", "a/b~c\u{1}", "params", "sid"][dice.roll(5) as usize].to_string();
        }
        (0, Json::List(items)) => items.extend(items.clone()),
        (1, Json::List(items)) => items.reverse(),
        (2, Json::List(items)) => items.clear(),
        _ => *json = nonsense(dice),
    }
}

#[test]
fn spoilt_values_are_named_with_their_pointer() {
    let names = PRESETS.iter().map(|p| format!("www/scenarios/{}.json", p.id));
    let lessons = crate::lessons::SHIPPED.iter().map(|id| format!("www/lessons/{id}.json"));
    let full = r#"{"schemaVersion":1,"id":"a","base":"stuck","params":{"brokers":3,"removed":[1]},"plan":{"old":[1,2],"oldLeader":2,
      "fresh":[{"sid":3,"startMs":5,"list":[1,2,3],"role":"observer"}]},"actions":[{"at":1,"do":"stopNode","node":3},
      {"at":2,"do":"set","key":"writeRate","value":9},{"at":3,"do":"cutLink","from":"zk1","to":"zk2"}],
      "expect":[{"metric":"lost","op":"==","value":0}],"ui":{"view":"bare","panels":["why"],"speed":2,"start":"end","pauseAt":["end"]}}"#;
    let corpus: Vec<Json> = names
        .chain(lessons)
        .map(|name| read(&name))
        .chain([full.to_string()])
        .map(|t| Json::parse(&t).expect("JSON"))
        .collect();
    let (mut refused, mut sound) = (0, 0);
    for seed in 0..SEEDS {
        let mut dice = Dice::new(seed);
        let mut json = corpus[dice.roll(corpus.len() as u64) as usize].clone();
        for _ in 0..=dice.roll(3) {
            let at = dice.roll(size(&json));
            change(&mut json, at, &mut dice);
        }
        let text = json.line();
        let outcome = std::panic::catch_unwind(|| Document::read(&text));
        match outcome.unwrap_or_else(|_| panic!("seed {seed} makes the reader panic:\n{text}")) {
            Ok(document) => {
                sound += 1;
                assert!(document.scenario.check().is_ok(), "seed {seed}: {text}");
            }
            Err(issues) => {
                refused += 1;
                assert!(!issues.is_empty(), "seed {seed}");
                for issue in &issues {
                    assert!(issue.field.starts_with('/') && !issue.message.is_empty(), "seed {seed}: {issue:?}");
                    assert!(issue.value.chars().count() <= 60, "seed {seed}: {issue:?}");
                    let printed = issue.field.chars().chain(issue.value.chars()).chain(issue.message.chars());
                    assert!(!printed.clone().any(char::is_control), "seed {seed}: {issue:?}");
                    assert!(printed.count() < 2_500, "seed {seed}: {issue:?}");
                }
            }
        }
    }
    assert!(refused > SEEDS / 2 && sound > SEEDS / 50, "{refused} refused, {sound} sound");
}

#[test]
fn lessons_that_can_be_read_can_be_played() {
    let lesson = Json::parse(&read("www/lessons/the-second-leader.json")).expect("JSON");
    let mut played = 0;
    for seed in 0..400 {
        let (mut dice, mut json) = (Dice::new(seed), lesson.clone());
        let at = dice.roll(size(&json));
        change(&mut json, at, &mut dice);
        if let Ok(document) = Document::read(&json.line()) {
            played += 1;
            let issues = rehearse(&document).err().unwrap_or_default();
            assert!(issues.iter().all(|i| i.field.starts_with('/')), "seed {seed}: {issues:?}");
        }
        if played == 12 {
            return;
        }
    }
    panic!("only {played} could be read");
}

#[test]
fn the_command_line_refuses_what_strangers_try() {
    let dir = std::env::temp_dir().join(format!("second-leader-hostile-{}", std::process::id()));
    std::fs::create_dir_all(&dir).expect("a directory");
    let nested = "[".repeat(100_000);
    let files: &[(&str, &[u8], &str)] = &[
        ("empty", b"", "is not JSON"),
        ("utf8", b"{\"schemaVersion\":1,\"title\":\"\xff\xfe\"}", "UTF-8"),
        ("utf16", b"\xff\xfe{\0}\0", "UTF-8"),
        ("nul", b"\0\0\0", "is not JSON"),
        ("nested", nested.as_bytes(), "is not JSON"),
        ("newer", b"{\"schemaVersion\":7}", "newer version"),
        ("twice", b"{\"schemaVersion\":1,\"schemaVersion\":1}", "/schemaVersion"),
        ("proto", b"{\"schemaVersion\":1,\"__proto__\":{}}", "/__proto__"),
        ("text", b"{\"schemaVersion\":1,\"params\":{\"brokers\":\"10\"}}", "1–30"),
        ("huge", b"{\"schemaVersion\":1,\"params\":{\"seed\":1e308}}", "/params/seed"),
        ("late", b"{\"schemaVersion\":1,\"actions\":[{\"at\":1e9,\"do\":\"startDrain\"}]}", "/actions/0/at"),
        ("plan", b"{\"schemaVersion\":1,\"plan\":{\"old\":[],\"fresh\":[]}}", "/plan/old"),
        ("ui", b"{\"schemaVersion\":1,\"ui\":{\"view\":\"upside-down\"}}", "/ui/view"),
    ];
    for (name, bytes, says) in files {
        let path = dir.join(format!("{name}.json"));
        std::fs::write(&path, bytes).expect("written");
        for command in ["check", "run"] {
            let output =
                Command::new(env!("CARGO_BIN_EXE_second-leader")).arg(command).arg(&path).output().expect("it runs");
            let err = String::from_utf8_lossy(&output.stderr);
            assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{command} {name}: {err}");
            assert!(err.contains(says) && !err.contains("panicked"), "{command} {name}: {err}");
            assert!(err.len() < 3_000, "{command} {name}: {} bytes", err.len());
        }
    }
    std::fs::remove_dir_all(&dir).ok();
}

/// Every problem of a file, a line each.
fn told(json: &str) -> Vec<String> {
    Document::read(json).err().unwrap_or_default().iter().map(|issue| issue.text()).collect()
}

#[test]
fn one_mistake_is_one_message_that_says_what_was_meant() {
    let cases = [
        (r#""params":{"joinrate":3}"#, "/params/joinrate = 3: is not a parameter; did you mean joinRate?"),
        (
            r#""actions":[{"at":1,"do":"stopNode","nod":"zk1"}]"#,
            "/actions/0/nod = \"zk1\": is not a field here; did you mean node?",
        ),
        (r#""ui":{"panel":["why"]}"#, "/ui/panel = [\"why\"]: is not a field here; did you mean panels?"),
        (r#""steps":[{"id":"a","texts":"b"}]"#, "/steps/0/texts = \"b\": is not a field here; did you mean text?"),
        (
            r#""steps":[{"id":"a","text":"b","question":{"ask":"c","fact":"losst"}}]"#,
            "/steps/0/question/fact = \"losst\": is no fact of a run; did you mean lost?",
        ),
        (
            r#""steps":[{"id":"a","text":"b","question":{"ask":"c","fact":"joinRate"}}]"#,
            "/steps/0/question/fact = \"joinRate\": is no fact of a run; did you mean param:joinRate?",
        ),
        (
            r#""steps":[{"id":"a","text":"{time:secondleader}"}]"#,
            "/steps/0/text = \"{time:secondleader}\": speaks of {time:secondleader}, which is no fact of a run; \
             did you mean {time:secondLeader}?",
        ),
        (
            r#""steps":[{"id":"a","text":"b","question":{"ask":"c","fact":"lost","pick":"largest","then":"{1:lost} {2:lost}",
              "options":[{"with":{}},{"text":"e","with":{"retries":1}}]}}]"#,
            "/steps/0/question/options/0/text: is missing",
        ),
        (
            r#""steps":[{"id":"a","text":"b"},{"id":"c","text":"d","when":{"after":"x"}}]"#,
            "/steps/1/when/after = \"x\": is no step; earlier steps: a",
        ),
    ];
    for (member, says) in cases {
        assert_eq!(told(&format!("{{\"schemaVersion\":1,{member}}}")), [says], "{member}");
    }
}

#[test]
fn what_is_no_name_at_all_is_told_with_the_names_there_are() {
    let says = told(
        r#"{"schemaVersion":1,"params":{"zzz":3},"steps":[{"id":"a","text":"b","question":{"ask":"c","fact":"zzz"}}]}"#,
    );
    assert!(says[0].starts_with("/params/zzz = 3: is not a parameter; known: oldNodes, newNodes, "), "{says:?}");
    assert!(says[1].contains("is no fact of a run; known: ") && says[1].contains("failedShare"), "{says:?}");
}

#[test]
fn a_bad_name_of_a_step_hides_nothing_else_that_is_wrong_with_it() {
    let says = told(
        r#"{"schemaVersion":1,"steps":[{"id":"A b","text":"b","highlight":["zk99x"],"panel":"x","question":{"ask":""}}]}"#,
    );
    for field in
        ["/steps/0/id", "/steps/0/highlight/0", "/steps/0/panel", "/steps/0/question/ask", "/steps/0/question/fact"]
    {
        assert!(says.iter().any(|line| line.starts_with(field)), "{field}: {says:?}");
    }
}
