//! What a lesson shows and locks at each step, and that nobody is asked to move what is hidden.
use crate::common::read;
use crate::lessons::{SHIPPED, shipped};
use second_leader::lesson::showing::Showing;
use second_leader::native::document::Document;
use second_leader::native::rehearsal::rehearse;
use second_leader::params::{Issue, Key};

#[test]
fn a_step_changes_what_is_shown_and_what_is_locked_from_then_on() {
    let document = Document::read(
        r#"{"schemaVersion": 1, "base": "the-incident", "steps": [
            {"id": "a", "text": "One."},
            {"id": "b", "text": "Two.", "controls": ["retries", "joinRate"], "lock": ["joinRate"], "panel": "log"},
            {"id": "c", "text": "Three.", "lock": ["retries"]}],
            "ui": {"view": "lesson", "panels": ["why"], "controls": ["joinRate"], "lock": ["joinRate"]}}"#,
    )
    .expect("sound");
    let after = |n: usize| {
        let showing = Showing::of(&document.ui, &document.lesson.steps[..n]);
        let names = |keys: &[Key]| keys.iter().map(|key| key.param().key).collect::<Vec<_>>().join(",");
        (
            names(showing.controls.as_deref().unwrap_or(&[])),
            names(&showing.lock),
            showing.panels.unwrap_or_default().join(","),
        )
    };
    assert_eq!(after(1), ("joinRate".into(), "joinRate".into(), "why".into()), "what the file wants");
    assert_eq!(after(2), ("retries,joinRate".into(), "joinRate".into(), "why,log".into()), "what the step wants");
    assert_eq!(after(3), ("retries,joinRate".into(), "retries".into(), "why,log".into()), "a lock alone");
}

#[test]
fn a_task_about_a_control_that_is_hidden_or_locked_is_a_problem() {
    let task = |more: &str, ui: &str| {
        let text = format!(
            r#"{{"schemaVersion": 1, "base": "the-incident", "steps": [{{"id": "a", "text": "One.",
                "task": {{"text": "Slower.", "param": "joinRate", "value": 60}}{more}}}], "ui": {ui}}}"#
        );
        let document = Document::read(&text).unwrap_or_else(|issues| panic!("{issues:?}"));
        rehearse(&document).err().map(|issues| issues.iter().map(Issue::text).collect::<Vec<_>>().join("; "))
    };
    let hidden = task("", r#"{"controls": ["retries"]}"#).expect("a problem");
    assert!(hidden.starts_with("/steps/0/task = a: is about a parameter that is hidden or locked here"), "{hidden}");
    assert!(task("", r#"{"lock": ["joinRate"]}"#).is_some());
    assert_eq!(task(r#", "controls": ["joinRate"]"#, r#"{"lock": ["joinRate"]}"#), None);
}

#[test]
fn the_menu_of_lessons_says_what_their_files_say() {
    let menu = read("src/web/lab/lessons.rs");
    for id in SHIPPED {
        let scenario = shipped(id).scenario;
        assert!(menu.contains(&format!("\"{id}\"")) && menu.contains(&format!("\"{}\"", scenario.title)), "{id}");
    }
}

#[test]
fn an_empty_list_of_locks_unlocks_what_the_file_locks() {
    let document = Document::read(
        r#"{"schemaVersion": 1, "base": "the-incident", "steps": [{"id": "a", "text": "One.", "lock": []}],
            "ui": {"lock": ["joinRate"]}}"#,
    )
    .expect("sound");
    assert_eq!(Showing::of(&document.ui, &document.lesson.steps).lock, []);
}

/// Everything that `check` says of a lesson with this step and this base.
fn said(base: &str, step: &str) -> String {
    let text = format!(r#"{{"schemaVersion": 1, "base": "{base}", "steps": [{{"id": "a", {step}}}]}}"#);
    let all = |issues: Vec<Issue>| issues.iter().map(Issue::text).collect::<Vec<_>>().join("; ");
    match Document::read(&text) {
        Ok(document) => rehearse(&document).unwrap_or_else(all),
        Err(issues) => all(issues),
    }
}

#[test]
fn what_a_teacher_gets_wrong_is_named_with_what_is_allowed() {
    let done = r#""text": "x", "task": {"text": "Off.", "param": "dlq", "value": false}"#;
    assert_eq!(said("no-dead-letters", done), "/steps/0/task = a: is done already when the step comes");
    let word = said("the-incident", r#""text": "x", "task": {"text": "Off.", "param": "dlq", "value": "off"}"#);
    assert_eq!(word, "/steps/0/task/value = \"off\": must be true or false");
    let share = said("the-incident", r#""text": "x", "when": {"fact": "failedShare", "op": ">", "value": 5}"#);
    assert!(share.starts_with("/steps/0/when/value = 5: must be in 0–1"), "{share}");
    for when in ["12", "{}", r#"{"milestone": "secondLeader", "time": 3}"#] {
        let said = said("the-incident", &format!(r#""text": "x", "when": {when}"#));
        assert!(said.contains("or an object with one of milestone, time, after, fact"), "{said}");
    }
    let text = said("the-incident", r#""text": 5"#);
    assert_eq!(text, "/steps/0/text = 5: must be a text, or a list of texts");
    let ask = |question: &str| said("more-brokers", &format!(r#""text": "x", "question": {{"ask": "?", {question}}}"#));
    let wide = ask(r#""fact": "deadLettered", "tolerance": 100000"#);
    assert_eq!(wide, "/steps/0/question = a: has a tolerance so wide that 0 is right, too");
    let option = |op: &str| format!(r#"{{"text": "o{op}", "is": {{"fact": "lost", "op": "{op}", "value": 0}}}}"#);
    let none = ask(&format!(r#""options": [{}, {}]"#, option("<"), option("==")));
    assert_eq!(none, "/steps/0/question = a: has no right answer in this run: no option's condition holds");
    let all = ask(&format!(r#""options": [{}, {}]"#, option(">="), option(">")));
    assert_eq!(all, "/steps/0/question = a: has no wrong answer in this run: every option is right");
    let partial = r#""text": "x", "question": {"ask": "?", "fact": "lost", "tolerance": 9, "partial": 3}"#;
    assert_eq!(said("the-incident", partial), "/steps/0/question/partial = 3: must be at least the tolerance");
}
