//! Bookmarks of lessons: what a learning platform keeps leads back to the same place, with the same points; garbage leads nowhere.
use crate::common::{Dice, read};
use crate::lessons::SHIPPED;
use second_leader::lesson::Deed;
use second_leader::lesson::judge::{Seen, changed};
use second_leader::lesson::play::{Look, Play, Waits, horizon};
use second_leader::native::bookmark::{Bookmark, MAX_BOOKMARK, Marks, report_json};
use second_leader::native::document::Document;
use second_leader::native::json::Json;
use second_leader::recording::Recording;
use second_leader::scenario::{Command, Node, Scenario};

/// Somebody who takes a lesson, and may do something to the cluster on the way.
struct Pupil {
    document: Document,
    base: Scenario,
    recording: Recording,
    play: Play,
    marks: Marks,
}

impl Pupil {
    fn new(text: &str) -> Pupil {
        let document = Document::read(text).unwrap_or_else(|issues| panic!("{issues:?}"));
        let base = document.scenario.clone();
        let play = Play::new(document.lesson.clone());
        Pupil { recording: Recording::new(&base), base, play, document, marks: Marks::default() }
    }

    fn shipped(id: &str) -> Pupil {
        Pupil::new(&read(&format!("www/lessons/{id}.json")))
    }

    /// To the next step; false at the end.
    fn next(&mut self) -> bool {
        loop {
            match self.play.look(&Seen::of(&self.base, &self.recording)) {
                Look::Shown(_) => return true,
                Look::Run(scenario) => self.recording = Recording::new(&scenario),
                Look::Over => return false,
                Look::Same => {
                    let next = horizon(self.recording.sim().now()).min(self.recording.sim().end());
                    assert!(next > self.recording.sim().now(), "the lesson waits for something");
                    self.recording.run_to(next, &mut || false);
                }
            }
        }
    }

    /// Does what the step asks for: answers rightly, or wrongly.
    fn respond(&mut self, rightly: bool) {
        let seen = Seen::of(&self.base, &self.recording);
        let step = self.play.shown().expect("a step").1.clone();
        match self.play.waits() {
            Waits::Answer => {
                let question = step.question.expect("a question");
                let truth = seen.truth(&question).expect("something is right");
                let given = if rightly { question.write(&truth) } else { question.wrong(&truth).expect("wrong") };
                self.play.answer(&given, &seen).expect("an answer");
                self.marks.note(&self.base, &self.recording);
            }
            Waits::Task => {
                match step.task.expect("a task").deed {
                    Deed::Command(command) => self.recording.act(command).expect("possible"),
                    deed => {
                        self.recording =
                            Recording::new(&changed(self.recording.scenario(), &[deed.value().expect("a value")]))
                    }
                }
                return;
            }
            _ => {}
        }
        self.play.go_on(&Seen::of(&self.base, &self.recording));
    }

    fn bookmark(&self) -> String {
        self.marks.write(&self.base.id, &self.play, &self.base, &self.recording)
    }

    /// Where a bookmark leads in this lesson, and the bookmark that is made there.
    fn reopened(&self, text: &str) -> Option<(Play, String)> {
        let found = Bookmark::read(text, &self.base, &self.document.lesson)?;
        let mut recording = Recording::with(&found.scenario, found.did.clone(), found.at);
        recording.seek(found.at, &mut || false);
        let seen = Seen::of(&self.base, &recording);
        let (play, marks) = found.open(self.document.lesson.clone(), &seen)?;
        let again = marks.write(&self.base.id, &play, &self.base, &recording);
        Some((play, again))
    }
}

/// The points and their most, as a platform is told.
fn points(play: &Play) -> String {
    let report = Json::parse(&report_json("x", "", play, "")).expect("JSON");
    format!("{:?} of {:?}", report.get("points"), report.get("of"))
}

#[test]
fn a_bookmark_leads_back_to_the_same_place_in_every_lesson() {
    for id in SHIPPED {
        let mut pupil = Pupil::shipped(id);
        let (mut steps, mut longest) = (0, 0);
        while pupil.next() {
            steps += 1;
            for answered in [false, true] {
                if answered {
                    pupil.respond(steps % 3 != 0);
                    if pupil.play.waits() == Waits::Task {
                        continue; // a new run has begun, at which the lesson has not looked yet
                    }
                }
                let text = pupil.bookmark();
                longest = longest.max(text.len());
                let (play, again) = pupil.reopened(&text).unwrap_or_else(|| panic!("{id}: {text}"));
                assert_eq!(play.verdicts(), pupil.play.verdicts(), "{id}, step {steps}");
                assert_eq!((play.place(), points(&play)), (pupil.play.place(), points(&pupil.play)), "{id}");
                assert_eq!(again, text, "{id}, step {steps}");
            }
        }
        assert!(pupil.play.over() && longest < 2000, "{id}: {longest} bytes");
    }
}

#[test]
fn what_a_learner_did_to_the_cluster_decides_again() {
    let text = r#"{"schemaVersion": 1, "id": "mine", "steps": [
        {"id": "wait", "when": {"time": 5}, "text": "x"},
        {"id": "q", "when": {"time": 20}, "text": "x", "question": {"ask": "How many?", "fact": "leaders", "at": "now"}},
        {"id": "end", "text": "{yours:q}"}]}"#;
    let mut pupil = Pupil::new(text);
    assert!(pupil.next());
    for sid in 4..=11 {
        pupil.recording.act(Command::Stop(Node::Peer(sid))).ok();
    }
    pupil.respond(true);
    assert!(pupil.next());
    pupil.respond(true);
    assert_eq!(pupil.play.verdicts()[0].given, "1", "with the new hosts stopped there is one");
    let (play, again) = pupil.reopened(&pupil.bookmark()).expect("a place");
    assert_eq!((play.verdicts(), again), (pupil.play.verdicts(), pupil.bookmark()));
}

#[test]
fn a_bookmark_is_short_whatever_a_learner_did() {
    let mut pupil = Pupil::shipped("the-second-leader");
    assert!(pupil.next());
    let own = pupil.bookmark();
    for i in 0..300_u32 {
        let node = Node::Peer(1 + (i % 3) as u8);
        pupil.recording.act(if i % 2 == 0 { Command::Stop(node) } else { Command::Start(node) }).ok();
        let next = pupil.recording.sim().now() + 10_000;
        pupil.recording.run_to(next, &mut || false);
    }
    let text = pupil.bookmark();
    assert!(text.len() <= MAX_BOOKMARK && text.len() < own.len() + 400, "{} bytes", text.len());
    assert!(pupil.reopened(&text).is_some(), "{text}");
}

#[test]
fn a_bookmark_of_another_lesson_or_of_nothing_is_none() {
    let pupil = Pupil::shipped("the-second-leader");
    let mut other = Pupil::shipped("why-slow-is-not-enough");
    assert!(other.next());
    let foreign = other.bookmark();
    for text in [
        "",
        "null",
        "0",
        "[]",
        "{}",
        "{\"v\":1}",
        "\u{feff}",
        "NaN",
        "{\"v\":2,\"lesson\":\"the-second-leader\"}",
        foreign.as_str(),
    ] {
        assert!(pupil.reopened(text).is_none(), "{text}");
    }
    assert!(pupil.reopened(&"[".repeat(100_000)).is_none());
}

#[test]
fn damaged_bookmarks_never_panic_and_never_give_more_points_than_there_are() {
    let mut pupil = Pupil::shipped("why-slow-is-not-enough");
    while pupil.next() && pupil.play.verdicts().len() < 2 {
        pupil.respond(true);
    }
    let sound = pupil.bookmark();
    let mut led = 0;
    for seed in 0..150 {
        let mut dice = Dice::new(seed);
        let mut bytes = sound.clone().into_bytes();
        for _ in 0..=dice.roll(3) {
            let at = dice.roll(bytes.len() as u64) as usize;
            match dice.roll(4) {
                0 => bytes[at] = b"0129-,. \"{}[]ax"[dice.roll(15) as usize],
                1 => drop(bytes.drain(at..(at + dice.roll(12) as usize).min(bytes.len()))),
                2 => drop(bytes.splice(at..at, b"99999999999999999999".iter().copied())),
                _ => bytes.truncate(at.max(1)),
            }
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((play, again)) = pupil.reopened(&text) {
            led += 1;
            let score = play.score();
            assert!(score.points <= score.of && again.len() <= MAX_BOOKMARK, "seed {seed}: {text}");
        }
    }
    assert!((5..145).contains(&led), "some lead somewhere, some nowhere: {led}");
}
