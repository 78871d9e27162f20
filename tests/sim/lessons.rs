//! Lessons: what is shipped plays to its end, whatever a learner answers; what is right comes from the run; what is wrong with a
//! file is named.
use crate::common::read;
use second_leader::lesson::fact::{Fact, fill, holes, names};
use second_leader::lesson::judge::{FULL, Seen};
use second_leader::lesson::play::{Look, Play, Score, Waits, horizon};
use second_leader::lesson::pupil::{Manner, take};
use second_leader::lesson::{Lesson, SPOTS, ui};
use second_leader::native::document::Document;
use second_leader::native::rehearsal::{answers_json, rehearse, transcript};
use second_leader::panels::NAMES;
use second_leader::params::Issue;
use second_leader::recording::Recording;
use second_leader::scenario::{Command, Scenario};

/// The shipped lessons.
pub const SHIPPED: &[&str] =
    &["the-second-leader", "why-slow-is-not-enough", "retries-dead-letters-idempotence", "four-ways-to-recover"];

/// The file of one of them.
pub fn shipped(id: &str) -> Document {
    Document::read(&read(&format!("www/lessons/{id}.json"))).unwrap_or_else(|issues| panic!("{id}: {issues:?}"))
}

/// A lesson on a base with these steps.
fn lesson(base: &str, steps: &str) -> Document {
    let text = format!(r#"{{"schemaVersion": 1, "base": "{base}", "steps": [{steps}]}}"#);
    Document::read(&text).unwrap_or_else(|issues| panic!("{issues:?}"))
}

/// The problems of such a lesson, as `pointer: message`.
fn issues(steps: &str) -> Vec<String> {
    let text = format!(r#"{{"schemaVersion": 1, "steps": [{steps}]}}"#);
    let shown = |issue: Issue| format!("{}: {}", issue.field, issue.message);
    Document::read(&text).err().unwrap_or_default().into_iter().map(shown).collect()
}

/// Somebody in a lesson, step by step.
struct Class {
    base: Scenario,
    recording: Recording,
    play: Play,
}

impl Class {
    fn new(document: &Document) -> Class {
        let base = document.scenario.clone().check().expect("sound");
        Class { recording: Recording::new(&base), base, play: Play::new(document.lesson.clone()) }
    }

    /// Looks, and lets the run go on, until a step is shown; its id.
    fn next(&mut self) -> Option<String> {
        loop {
            match self.play.look(&Seen::of(&self.base, &self.recording)) {
                Look::Shown(i) => return Some(self.play.lesson().steps[i].id.clone()),
                Look::Run(scenario) => self.recording = Recording::new(&scenario),
                Look::Over => return None,
                Look::Same if self.recording.over() || self.play.waits() != Waits::Nothing => return None,
                Look::Same => {
                    let next = horizon(self.recording.sim().now()).min(self.recording.sim().end());
                    self.recording.run_to(next, &mut || false);
                }
            }
        }
    }

    fn go_on(&mut self) {
        self.play.go_on(&Seen::of(&self.base, &self.recording));
    }

    fn answer(&mut self, given: &str) -> Option<u32> {
        self.play.answer(given, &Seen::of(&self.base, &self.recording)).map(|(verdict, _)| verdict.points)
    }
}

#[test]
fn every_shipped_lesson_is_sound_and_as_long_as_it_should_be() {
    let dir = std::fs::read_dir(format!("{}/www/lessons", env!("CARGO_MANIFEST_DIR"))).expect("www/lessons");
    assert_eq!(dir.count(), SHIPPED.len());
    for id in SHIPPED {
        let document = shipped(id);
        assert_eq!(document.scenario.id, *id);
        assert!((6..=12).contains(&document.lesson.steps.len()), "{id}");
        assert!((2..=4).contains(&document.lesson.questions()), "{id}");
        assert_eq!(document.ui.view, Some("lesson"), "{id}");
        assert!(rehearse(&document).is_ok_and(|summary| summary.contains("played to")), "{id}");
    }
}

#[test]
fn every_shipped_lesson_reaches_each_step_whatever_is_answered() {
    for id in SHIPPED {
        let document = shipped(id);
        let scenario = document.scenario.clone().check().expect("sound");
        let all = document.lesson.questions() as u32 * FULL;
        for (manner, points) in [(Manner::Right, all), (Manner::Wrong, 0)] {
            let played = take(&document.lesson, &scenario, manner);
            let came: Vec<usize> = played.came.iter().map(|(i, _)| *i).collect();
            let every: Vec<usize> = (0..document.lesson.steps.len()).collect();
            assert_eq!(came, every, "{id} {manner:?}");
            assert!(played.play.over() && played.unanswerable.is_empty() && played.impossible.is_empty(), "{id}");
            assert_eq!(played.play.score(), Score { points, of: all }, "{id} {manner:?}");
            let texts = played.said.iter().flatten().chain(played.play.verdicts().iter().flat_map(|v| &v.text));
            for text in texts {
                assert!(!text.contains(['{', '}']), "{id}: a value is missing in: {text}");
                assert!(!text.contains("nothing leads") && !text.contains("At nothing"), "{id}: {text}");
            }
        }
    }
}

#[test]
fn what_shipped_lessons_say_in_words_is_so() {
    let said = |id: &str| transcript(&shipped(id), Manner::Right);
    let incident = said("the-second-leader");
    assert!(incident.contains("zk3 leads; a decision needs two of the three") && incident.contains("It is zk11."));
    let slow = said("why-slow-is-not-enough");
    assert!(slow.contains("with the sixth new host, zk9 was elected"), "zk4 is the first: {slow}");
    assert!(slow.contains("= One host at a time"), "the two others split: {slow}");
    let retries = said("retries-dead-letters-idempotence");
    assert!(retries.contains("= Almost as many") && retries.contains("with idempotent consumers 0."), "{retries}");
    let ways = said("four-ways-to-recover");
    assert!(ways.contains("= Finish the roll-out (2 of 2)") && ways.contains("Leaders: 2; controllers: 1."), "{ways}");
}

#[test]
fn an_answer_is_right_nearly_right_or_wrong_by_its_tolerance() {
    let ask = r#"{"id": "q", "text": "x", "question": {"ask": "How many percent?", "fact": "failedShare", "tolerance": 1, "partial": 4,
        "then": "{yours}, {right}, {failedWhileSplit} of {producedWhileSplit}"}}"#;
    let document = lesson("the-incident", ask);
    for (given, points) in [("10", 2), ("9.3", 2), ("13", 1), ("6.3", 1), ("15", 0), ("-10", 0), ("0.1", 0)] {
        let mut class = Class::new(&document);
        assert_eq!(class.next().as_deref(), Some("q"));
        assert_eq!(class.answer("a tenth"), None, "no number; nothing happens");
        assert_eq!(class.answer(given), Some(points), "{given}");
        let verdict = class.play.verdict().expect("a verdict").clone();
        assert_eq!(verdict.right, "10.2\u{a0}%");
        assert_eq!(verdict.text, [format!("{given}\u{a0}%, 10.2\u{a0}%, 212 of 2\u{202f}078")]);
        assert_eq!(class.answer("10"), None, "once is enough");
    }
}

#[test]
fn learning_platforms_read_what_could_be_chosen_and_what_is_right() {
    let ask = r#"{"id": "a", "text": "x", "question": {"ask": "How many percent?", "fact": "failedShare", "tolerance": 1, "at": "end"}},
        {"id": "b", "text": "x", "question": {"ask": "Who?", "fact": "node:secondController", "at": "secondController"}},
        {"id": "c", "text": "x", "question": {"ask": "Which?", "options": [
            {"text": "two", "is": {"fact": "dropped", "op": "<=", "value": 0}},
            {"text": "one", "is": {"fact": "dropped", "op": ">", "value": 0}}]}}"#;
    let document = lesson("the-incident", ask);
    let (base, recording) = (document.scenario.clone().check().expect("sound"), Class::new(&document).recording);
    let seen = Seen::of(&base, &recording);
    let told = document.lesson.steps.iter().filter_map(|step| step.question.as_ref()).map(|question| {
        let truth = seen.truth(question).expect("something is right");
        format!("{:?} {:?}", question.options(), question.correct(&truth))
    });
    let told: Vec<String> = told.collect();
    assert_eq!(told, ["[] [\"9.2021[:]11.2021\"]", "[] [\"broker10\"]", "[\"two\", \"one\"] [\"1\"]"]);
}

#[test]
fn what_is_right_follows_from_the_run_and_from_what_the_learner_did_in_it() {
    let ask = r#"{"id": "q", "text": "x", "question": {"ask": "How many leaders?", "fact": "leaders", "at": "end"}},
        {"id": "node", "text": "x", "when": {"time": 40}, "question": {"ask": "Who?", "fact": "node:secondController", "at": "now"}}"#;
    for (base, right) in [("the-incident", "1"), ("patient", "1")] {
        let mut class = Class::new(&lesson(base, ask));
        class.next();
        assert_eq!(class.answer(right), Some(FULL));
    }
    let unhealed = lesson("the-incident", ask);
    let mut class = Class::new(&unhealed);
    class.base.params.set_text(second_leader::params::Key::Heal, "none").expect("a heal");
    class.recording = Recording::new(&class.base);
    class.next();
    assert_eq!(class.answer("2"), Some(FULL), "nobody heals it");
    class.go_on();
    assert_eq!(class.next().as_deref(), Some("node"));
    assert_eq!(class.answer("broker10"), Some(FULL));
    // Now the learner steps in: the same question has another answer.
    let mut class = Class::new(&lesson(
        "the-incident",
        r#"{"id": "q", "text": "x", "when": {"time": 20}, "question":
        {"ask": "How many?", "fact": "leaders", "at": 30}}"#,
    ));
    class.recording.run_to(15_000_000, &mut || false);
    class.recording.act(Command::KillSecondCluster).expect("there is one");
    class.next();
    assert_eq!(class.answer("1"), Some(FULL));
}

#[test]
fn a_question_without_a_right_answer_does_not_count_and_is_reported() {
    let never = r#"{"id": "q", "text": "x", "question": {"ask": "Who?", "fact": "node:secondLeader", "at": "secondLeader"}},
        {"id": "both", "text": "x", "question": {"ask": "Which?", "options": [
            {"text": "a", "is": {"fact": "lost", "op": "==", "value": 0}},
            {"text": "b", "is": {"fact": "dropped", "op": "==", "value": 0}}]}}"#;
    let document = lesson("patient", never);
    let found = rehearse(&document).expect_err("two questions");
    let found: Vec<(&str, &str)> = found.iter().map(|i| (i.field.as_str(), i.value.as_str())).collect();
    assert_eq!(found, [("/steps/0/question", "q"), ("/steps/1/question", "both")]);
    let mut class = Class::new(&document);
    class.next();
    assert_eq!(class.answer("zk4"), Some(0));
    assert_eq!(class.play.score(), Score { points: 0, of: 0 });
}

#[test]
fn optional_steps_are_passed_over_when_a_later_one_is_due() {
    let steps = r#"{"id": "a", "text": "x"},
        {"id": "split", "optional": true, "text": "x", "when": {"milestone": "secondLeader"}},
        {"id": "joined", "optional": true, "text": "x", "when": {"fact": "outcome", "op": "==", "value": "join"}},
        {"id": "later", "text": "x", "when": {"time": 100}}"#;
    for (base, branch) in [("the-incident", "split"), ("patient", "joined")] {
        let document = lesson(base, steps);
        let played = take(&document.lesson, &document.scenario.clone().check().expect("sound"), Manner::Right);
        let came: Vec<&str> = played.came.iter().map(|(i, _)| document.lesson.steps[*i].id.as_str()).collect();
        assert_eq!(came, ["a", branch, "later"], "{base}");
    }
}

#[test]
fn a_step_that_begins_a_run_is_shown_at_its_beginning() {
    let steps = r#"{"id": "a", "text": "x"},
        {"id": "again", "text": "{param:joinRate}", "when": {"milestone": "secondLeader"}, "run": {"joinRate": 30}},
        {"id": "joined", "text": "x", "when": {"fact": "outcome", "op": "==", "value": "join"}}"#;
    let document = lesson("the-incident", steps);
    let played = take(&document.lesson, &document.scenario.clone().check().expect("sound"), Manner::Right);
    assert_eq!((played.came[1], played.said[1].clone(), played.runs), ((1, 0), vec!["30".to_string()], 2));
    assert!(played.play.over(), "what it waited for happened in the run before: {:?}", played.came);
}

#[test]
fn a_task_is_recognised_when_it_is_done_and_not_before() {
    let steps = r#"{"id": "act", "text": "x", "when": {"time": 20}, "task": {"do": "moveBroker", "broker": 4}},
        {"id": "set", "text": "x", "task": {"param": "dlqRate", "op": ">", "value": 5}}, {"id": "end", "text": "x"}"#;
    let mut class = Class::new(&lesson("the-incident", steps));
    assert_eq!(class.next().as_deref(), Some("act"));
    class.recording.act(Command::MoveBroker(5)).expect("it can");
    assert_eq!(class.next(), None, "another broker");
    assert_eq!(class.play.waits(), Waits::Task);
    class.recording.act(Command::MoveBroker(4)).expect("it can");
    assert_eq!(class.next().as_deref(), Some("set"));
    assert_eq!(class.next(), None);
    class.recording.act(Command::Set(second_leader::params::Key::DlqRate, 6_000_000)).expect("it can");
    assert_eq!(class.next().as_deref(), Some("end"), "set while it runs");
}

#[test]
fn after_so_many_seconds_means_after_the_step_was_done() {
    let steps = r#"{"id": "a", "text": "x", "when": {"time": 5}, "pause": false},
        {"id": "b", "text": "x", "when": {"after": "a", "seconds": 2.5}, "pause": false},
        {"id": "c", "text": "x", "when": "end"}"#;
    let document = lesson("patient", steps);
    let played = take(&document.lesson, &document.scenario.clone().check().expect("sound"), Manner::Silent);
    assert_eq!(played.came, [(0, 5_000_000), (1, 7_500_000), (2, 300_000_000)]);
}

#[test]
fn where_somebody_is_can_be_kept_and_gone_on_from() {
    let document = shipped("the-second-leader");
    let mut class = Class::new(&document);
    for id in ["welcome", "hosts-come", "majority"] {
        assert_eq!(class.next().as_deref(), Some(id));
        if id != "majority" {
            class.go_on();
        }
    }
    assert_eq!(class.answer("7"), Some(0));
    let seen = Seen::of(&class.base, &class.recording);
    let again = Play::restore(document.lesson.clone(), &class.play.state(), &seen).expect("its own state");
    assert_eq!(again, class.play);
    for broken in ["", "99\t\tnothing\t0", "1\t5\tgoOn\t0", "x", "1\t0\tsleep\t0"] {
        assert!(Play::restore(document.lesson.clone(), broken, &seen).is_none(), "{broken}");
    }
    assert!(Play::restore(Lesson::default(), &class.play.state(), &seen).is_none(), "another lesson");
    let marks = answers_json(&class.play).line();
    assert!(
        marks.starts_with(r#"{"points":0,"of":2,"answers":[{"step":"majority","given":"7","yours":"7","right":"6""#)
    );
}

/// Steps, the pointer to what is wrong with them, and a part of the message.
const WRONG: &[(&str, &str, &str)] = &[
    (r#"{"id": "a", "text": "x"}, {"id": "a", "text": "x"}"#, "/steps/1/id", "another step"),
    (r#"{"id": "a", "text": "x", "when": {"milestone": "lunch"}}"#, "/steps/0/when/milestone", "secondLeader"),
    (r#"{"id": "a", "text": "x", "when": {"after": "b"}}, {"id": "b", "text": "x"}"#, "/steps/0/when/after", "earlier"),
    (r#"{"id": "a", "text": "x", "when": {"after": "z"}}"#, "/steps/0/when/after", "is no step"),
    (r#"{"id": "a", "text": "x", "when": {}}"#, "/steps/0/when", "milestone, time, after, fact"),
    (
        r#"{"id": "a", "text": "x", "when": {"fact": "outcome", "op": ">", "value": "join"}}"#,
        "/steps/0/when/op",
        "no number",
    ),
    (
        r#"{"id": "a", "text": "x", "when": {"fact": "outcome", "op": "==", "value": "win"}}"#,
        "/steps/0/when/value",
        "join, stuck",
    ),
    (r#"{"id": "a", "text": "x", "highlight": ["zk12"]}"#, "/steps/0/highlight/0", "no such machine"),
    (r#"{"id": "a", "text": "x", "highlight": ["broker11"]}"#, "/steps/0/highlight/0", "no such machine"),
    (r#"{"id": "a", "text": "the {luck} of it"}"#, "/steps/0/text", "no fact"),
    (r#"{"id": "a", "text": ["x", "a { brace"]}"#, "/steps/0/text/1", "brace"),
    (r#"{"id": "a", "text": "{list:zk12}"}"#, "/steps/0/text", "no host zk12"),
    (r#"{"id": "a", "text": "{yours:b}"}"#, "/steps/0/text", "no fact"),
    (
        r#"{"id": "a", "text": "x", "run": {"brokers": 2, "replicationFactor": 3}}"#,
        "/steps/0/run/replicationFactor",
        "at most",
    ),
    (r#"{"id": "a", "text": "x", "task": {"do": "stopNode", "node": "zk99"}}"#, "/steps/0/task/node", "no such host"),
    (
        r#"{"id": "a", "text": "x", "task": {"param": "retries", "op": ">", "value": 10}}"#,
        "/steps/0/task/value",
        "cannot be done",
    ),
    (
        r#"{"id": "a", "text": "x", "lock": ["retries"], "task": {"param": "retries", "value": 1}}"#,
        "/steps/0/lock",
        "the task is about",
    ),
    (r#"{"id": "a", "text": "x", "question": {"ask": "?", "fact": "luck"}}"#, "/steps/0/question/fact", "no fact"),
    (
        r#"{"id": "a", "text": "x", "question": {"ask": "?", "fact": "outcome"}}"#,
        "/steps/0/question/fact",
        "ask with options",
    ),
    (
        r#"{"id": "a", "text": "x", "question": {"ask": "?", "fact": "lost", "then": "{1:lost}"}}"#,
        "/steps/0/question/then",
        "no fact",
    ),
    (
        r#"{"id": "a", "text": "x", "question": {"ask": "?", "fact": "node:oldLeader", "tolerance": 1}}"#,
        "/steps/0/question/tolerance",
        "machine",
    ),
    (
        r#"{"id": "a", "text": "x", "question": {"ask": "?", "fact": "lost", "options": [{"text": "a", "with": {}}, {"text": "b", "with": {}}]}}"#,
        "/steps/0/question/pick",
        "missing",
    ),
];

#[test]
fn everything_that_is_wrong_with_a_lesson_is_named() {
    for (steps, pointer, part) in WRONG {
        let found = issues(steps);
        assert_eq!(found.len(), 1, "{steps}: {found:?}");
        let (at, message) = found[0].split_once(": ").expect("pointer: message");
        assert!(at == *pointer && message.contains(part), "{steps}: {found:?}");
    }
    let three = issues(r#"{"id": "A", "text": 5, "when": {"time": -1}}"#);
    assert_eq!(three.len(), 3, "all of them at once: {three:?}");
}

#[test]
fn every_name_of_a_fact_is_one_and_texts_are_filled() {
    for name in names() {
        assert!(Fact::find(&name).is_some(), "{name}");
    }
    for name in ["", "luck", "time:", "time:lunch", "list:4", "list:broker4", "between:end", "param:removed", "node:me"]
    {
        assert_eq!(Fact::find(name), None, "{name}");
    }
    let filled = fill("{a} and {b}{a", &mut |name| (name == "a").then(|| "1".to_string()));
    assert_eq!(filled, "1 and {b}{a");
    assert_eq!(holes("{a} and {b}{c"), ["a", "b"]);
}

#[test]
fn the_teachers_guide_is_about_this_program() {
    let guide = read("docs/TEACH.md");
    let example = guide.split("```json\n").nth(1).and_then(|rest| rest.split("```").next()).expect("an example");
    let document = Document::read(example).unwrap_or_else(|issues| panic!("{issues:?}"));
    assert!(rehearse(&document).is_ok_and(|summary| guide.contains(summary.trim_start_matches("; "))));
    let scenario = document.scenario.clone().check().expect("sound");
    for manner in [Manner::Right, Manner::Wrong, Manner::Silent] {
        assert!(take(&document.lesson, &scenario, manner).came.len() >= 4, "{manner:?}");
    }
    let named = |name: &str| guide.contains(&format!("`{name}`"));
    let plain = names().into_iter().filter(|name| !name.contains(':'));
    for name in plain.chain(SPOTS.iter().chain(&NAMES).chain(ui::FIELDS).map(|name| name.to_string())) {
        assert!(named(&name), "docs/TEACH.md does not name {name}");
    }
    for (_, milestone) in second_leader::metrics::MILESTONES {
        assert!(named(milestone), "docs/TEACH.md does not name {milestone}");
    }
    for (_, part) in second_leader::lesson::fact::PARTS {
        assert!(named(&format!("node:{part}")), "docs/TEACH.md does not name {part}");
    }
}
