//! The mistakes people make who write a lesson for the first time: each is named, with its place, and with what they may have meant;
//! and nothing is said about it twice.
use second_leader::lesson::pupil::Manner;
use second_leader::native::document::Document;
use second_leader::native::guess::word as near;
use second_leader::native::rehearsal::{rehearse, transcript};
use second_leader::params::Issue;

const LESSON: &str = r#"{
  "schemaVersion": 1, "id": "dead-letters", "base": "the-incident",
  "steps": [
    { "id": "hello", "when": "start", "text": "Each job has {param:retries} retries.", "highlight": ["tray"] },
    { "id": "predict", "when": { "milestone": "firstWriteFailed" }, "text": "It failed.",
      "question": { "ask": "How many jobs wait at most?", "fact": "dlqPeak", "at": "end", "tolerance": 10, "then": "{right}." } },
    { "id": "which", "text": "Think.",
      "question": { "ask": "Where do most fail?", "fact": "failedWhileSplit", "pick": "largest", "options": [
        { "text": "fast", "with": { "joinRate": 480 } }, { "text": "slow", "with": { "joinRate": 6 } } ] } },
    { "id": "slowly", "text": "Slowly.", "run": { "joinRate": 6 }, "panel": "charts" },
    { "id": "faster", "text": "Faster.", "task": { "text": "Set 10.", "param": "dlqRate", "op": ">=", "value": 10 } },
    { "id": "end", "when": "end", "text": "Before: {right:predict}. {score} of {scoreOf}." }
  ],
  "ui": { "panels": ["charts"] }
}"#;

/// What `check` says of the lesson with one mistake in it.
fn with(right: &str, wrong: &str) -> Vec<String> {
    assert_eq!(LESSON.matches(right).count(), 1, "{right}");
    let read = Document::read(&LESSON.replace(right, wrong));
    let issues = read.and_then(|document| rehearse(&document).map(|_| ())).err().unwrap_or_default();
    issues.iter().map(Issue::text).collect()
}

/// One problem, and it says all this.
#[track_caller]
fn one(right: &str, wrong: &str, parts: &[&str]) {
    let said = with(right, wrong);
    assert_eq!(said.len(), 1, "{wrong}: {said:#?}");
    assert!(parts.iter().all(|part| said[0].contains(part)), "{wrong}: {} lacks one of {parts:?}", said[0]);
}

#[test]
fn the_lesson_is_sound_before_a_mistake_is_made() {
    assert_eq!(with("\"Slowly.\"", "\"Slowly.\""), Vec::<String>::new());
}

#[test]
fn a_name_that_is_nearly_right_is_answered_with_the_right_one() {
    one("firstWriteFailed", "firstWriteFail", &["/steps/1/when/milestone", "did you mean firstWriteFailed?"]);
    one(
        "{ \"milestone\": \"firstWriteFailed\" }",
        "\"firstWriteFailed\"",
        &[r#"did you mean {"milestone": "firstWriteFailed"}?"#],
    );
    one("\"dlqPeak\"", "\"dlqPeek\"", &["/steps/1/question/fact", "did you mean dlqPeak?"]);
    one("{param:retries}", "{param:retry}", &["/steps/0/text", "did you mean {param:retries}?"]);
    one("{right:predict}", "{right:predit}", &["/steps/5/text", "did you mean {right:predict}?"]);
    one("{param:retries}", "{majority:secondLeader}", &["{majority:zk11}"]);
    one("{param:retries}", "{between:secondLeader}", &["{between:secondLeader:secondClusterGone}"]);
    one("\"tolerance\"", "\"tolerence\"", &["/steps/1/question/tolerence", "did you mean tolerance?"]);
    one("\"panel\": \"charts\"", "\"panel\": \"chart\"", &["/steps/3/panel", "did you mean charts?"]);
    one("\"panels\": [\"charts\"]", "\"panels\": [\"chart\"]", &["/ui/panels/0", "did you mean charts?"]);
    one("\"highlight\": [\"tray\"]", "\"highlight\": [\"leger\"]", &["/steps/0/highlight/0", "did you mean ledger?"]);
    one("\"base\": \"the-incident\"", "\"base\": \"the-incidnt\"", &["/base", "did you mean the-incident?"]);
    assert_eq!(near("zookeper", ["kafka", "zookeeper"]), Some("zookeeper"));
    assert_eq!((near("=", ["==", "!="]), near("lunch", ["start", "end"])), (None, None), "not at any price");
}

#[test]
fn what_follows_from_a_mistake_is_not_said_again() {
    one("\"id\": \"predict\"", "\"id\": \"Predict\"", &["/steps/1/id", "a–z"]);
    one(
        "\"question\": { \"ask\": \"How",
        "\"predict\": { \"ask\": \"How",
        &["/steps/1/predict", "is not a field here"],
    );
    one("\"text\": \"Slowly.\"", "\"txt\": \"Slowly.\"", &["/steps/3/txt", "did you mean text?"]);
}

#[test]
fn what_can_be_said_elsewhere_but_not_here_is_said_to_be_so() {
    one("{param:retries}", "{right}", &["needs the id of a question: {right:id}"]);
    one("{param:retries}", "{yours:which}", &["no step before this one asks and is called which"]);
    one("{right:predict}", "{right:slowly}", &["the step slowly asks nothing"]);
    one(
        "\"then\": \"{right}.\"",
        "\"then\": \"{2:lost}.\"",
        &["/steps/1/question/then", "the question has no options"],
    );
}

#[test]
fn a_text_that_is_no_json_is_answered_with_what_people_forget() {
    for (right, wrong, advice) in [
        ("\"when\": \"start\",", "\"when\": \"start\"", "is a comma missing before it?"),
        ("\"panels\": [\"charts\"] }", "\"panels\": [\"charts\"], }", "one too many"),
        ("\"when\": \"start\"", "\"when\": 'start'", "straight double quotes"),
        ("\"when\": \"start\"", "\"when\": “start”", "straight double quotes"),
        ("\"ui\"", "// how it looks\n\"ui\"", "no comments"),
        ("\"base\": \"the-incident\"", "\"base\": \"the-incident", "quote missing"),
        (
            "\"ui\": { \"panels\": [\"charts\"] }\n}",
            "\"ui\": { \"panels\": [\"charts\"] }",
            "is a closing } or ] or quote missing?",
        ),
    ] {
        one(right, wrong, &["/: is not JSON: ", " at line ", advice]);
    }
}

#[test]
fn a_step_that_waits_after_the_end_of_its_run_is_a_problem() {
    let after = |step: &str| {
        let end =
            "{ \"id\": \"end\", \"when\": \"end\", \"text\": \"Before: {right:predict}. {score} of {scoreOf}.\" }";
        with(end, &format!("{end}, {step}"))
    };
    for when in [r#"{"milestone": "firstLooking"}"#, r#"{"time": 12}"#, r#"{"fact": "lost", "op": ">=", "value": 0}"#] {
        let said = after(&format!(r#"{{"id": "more", "when": {when}, "text": "More."}}"#));
        assert!(
            said.len() == 1 && said[0].starts_with("/steps/6/when = more: waits for something, after the step end"),
            "{said:?}"
        );
        assert!(
            after(&format!(r#"{{"id": "more", "when": {when}, "optional": true, "text": "More."}}"#)).is_empty(),
            "a branch"
        );
        let again = format!(
            r#"{{"id": "again", "text": "Again.", "run": {{}}}}, {{"id": "more", "when": {when}, "text": "More."}}"#
        );
        assert!(after(&again).is_empty(), "in another run");
    }
    assert!(after(r#"{"id": "more", "text": "More."}"#).is_empty(), "another card");
}

#[test]
fn instants_that_a_run_does_not_come_to_are_problems() {
    let ui = |value: &str| with("\"ui\": { ", &format!("\"ui\": {{ {value}, "));
    assert_eq!(ui("\"start\": 9999"), ["/ui/start = 166:39.0: is after the end of the run, 5:00.0"]);
    assert_eq!(
        ui("\"stopAt\": 5"),
        ["/ui/stopAt = 0:05.0: stops the run before the step predict, which comes at 0:09.5"]
    );
    assert!(ui("\"stopAt\": \"firstDeadLetter\"").is_empty(), "all of the first run's steps have come by then");
    for name in ["start", "stopAt", "pauseAt"] {
        let value = if name == "pauseAt" { "[\"secondController\"]" } else { "\"secondController\"" };
        let never =
            with("\"base\": \"the-incident\"", &format!("\"base\": \"patient\", \"ui\": {{ \"{name}\": {value} }}"));
        let text = format!(
            "{{\"schemaVersion\": 1, \"base\": \"patient\", \"steps\": [{{\"id\": \"a\", \"text\": \"A.\"}}], \"ui\": {{\"{name}\": {value}}}}}"
        );
        let document = Document::read(&text).expect("sound");
        let said: Vec<String> = rehearse(&document).err().unwrap_or_default().iter().map(Issue::text).collect();
        assert_eq!(said, [format!("/ui/{name} = secondController: never happens in this run")]);
        assert!(!never.is_empty(), "given twice");
    }
    one("\"at\": \"end\"", "\"at\": 1000", &["/steps/1/question/at", "after the end of its run"]);
    one("\"at\": \"end\"", "\"at\": \"finish\"", &["must be seconds in 0–36000, or one of now, maintenanceStart"]);
}

#[test]
fn a_lesson_that_starts_later_is_read_as_it_is_shown() {
    let text = LESSON.replace("\"ui\": { ", "\"ui\": { \"start\": \"secondLeader\", ");
    let told = transcript(&Document::read(&text).expect("sound"), Manner::Right);
    assert!(told.starts_with("0:07.4  hello\n"), "{told}");
}

#[test]
fn check_tells_wrong_options_and_new_runs_too() {
    let told = transcript(&Document::read(LESSON).expect("sound"), Manner::Right);
    for part in
        ["      + fast\n      - slow\n", "        ~ a new run: joinRate 6\n", "        ~ a new run: dlqRate 10\n"]
    {
        assert!(told.contains(part), "{part} is not in\n{told}");
    }
    let two = LESSON.replace("\"joinRate\": 480 } }", "\"joinRate\": 480 } }, { \"text\": \"as fast\", \"with\": {} }");
    let summary = rehearse(&Document::read(&two).expect("sound")).expect("sound");
    assert!(summary.ends_with("; more than one right answer: which"), "{summary}");
}
