//! Plays a lesson to its end, as `check` does: which steps never come, which questions have no answer, which tasks cannot be done.
use super::document::Document;
use super::json::Json;
use crate::lesson::judge::FULL;
use crate::lesson::play::Play;
use crate::lesson::pupil::{Manner, Played, take};
use crate::lesson::showing::Showing;
use crate::params::Issue;
use crate::words::{clock, plural};

/// Plays the lesson of a file, if it has one. Returns what to say about it. Errors: every problem, with its pointer.
pub fn rehearse(document: &Document) -> Result<String, Vec<Issue>> {
    let lesson = &document.lesson;
    if lesson.steps.is_empty() {
        return Ok(String::new());
    }
    let scenario = document.scenario.clone().check()?;
    let played = take(lesson, &scenario, Manner::Right);
    let mut issues = problems(&played);
    issues.extend(hindered(document, &played));
    if !issues.is_empty() {
        return Err(issues);
    }
    let count = |n: usize, one, many| plural(n as u64, one, many);
    let tasks = lesson.steps.iter().filter(|step| step.task.is_some()).count();
    let last = played.came.last().map_or(0, |(_, at)| *at);
    let passed: Vec<&str> = (lesson.steps.iter().enumerate())
        .filter(|(i, _)| !played.came.iter().any(|(came, _)| came == i))
        .map(|(_, step)| step.id.as_str())
        .collect();
    let passed = if passed.is_empty() { String::new() } else { format!("; passed over: {}", passed.join(", ")) };
    Ok(format!(
        "; {}, {}, {}, {}, played to {}{passed}",
        count(played.came.len(), "step", "steps"),
        count(lesson.questions(), "question", "questions"),
        count(tasks, "task", "tasks"),
        count(played.runs, "run", "runs"),
        clock(last)
    ))
}

/// What is wrong with how it went.
fn problems(played: &Played) -> Vec<Issue> {
    let at = |i: &usize, part: &str| format!("/steps/{i}{part}");
    let id = |i: &usize| played.play.lesson().steps.get(*i).map_or(String::new(), |step| step.id.clone());
    let mut issues = Vec::new();
    if played.too_long {
        issues.push(Issue::new("/steps", "", "takes too long to play: make the run shorter, or its rates lower"));
    } else if let Some(never) = played.play.missing() {
        issues.push(Issue::new(at(&never, ""), id(&never), "never happens in this run"));
    }
    issues.extend(played.unanswerable.iter().map(|(i, why)| Issue::new(at(i, "/question"), id(i), *why)));
    let idle = "is done already when the step comes";
    issues.extend(played.idle.iter().map(|i| Issue::new(at(i, "/task"), id(i), idle)));
    let task = "is not recognised in this run when it is done";
    issues.extend(played.impossible.iter().map(|i| Issue::new(at(i, "/task"), id(i), task)));
    issues
}

/// Tasks that are about a control that the lesson itself hides or locks.
fn hindered(document: &Document, played: &Played) -> Vec<Issue> {
    let steps = &document.lesson.steps;
    let mut issues = Vec::new();
    for (n, (i, _)) in played.came.iter().enumerate() {
        let Some((step, task)) = steps.get(*i).and_then(|step| Some((step, step.task.as_ref()?))) else { continue };
        let before = played.came.iter().take(n + 1).filter_map(|(i, _)| steps.get(*i));
        if !Showing::of(&document.ui, before).allows(&task.deed) {
            let message = "is about a parameter that is hidden or locked here: name it in this step's `controls`";
            issues.push(Issue::new(format!("/steps/{i}/task"), step.id.clone(), message));
        }
    }
    issues
}

/// A lesson as somebody reads it who answers in this manner: every text that was shown, filled in.
pub fn transcript(document: &Document, manner: Manner) -> String {
    let Ok(scenario) = document.scenario.clone().check() else { return String::new() };
    let played = take(&document.lesson, &scenario, manner);
    let mut out = String::new();
    for ((i, at), said) in played.came.iter().zip(&played.said) {
        let Some(step) = document.lesson.steps.get(*i) else { continue };
        out.push_str(&format!("{}  {}  {}\n", clock(*at), step.id, step.title));
        said.iter().for_each(|text| out.push_str(&format!("    {text}\n")));
        if let Some(task) = &step.task {
            out.push_str(&format!("    > {}\n", task.text));
        }
        if let Some(question) = &step.question {
            out.push_str(&format!("    ? {}\n", question.ask));
        }
        for verdict in played.play.verdicts().iter().filter(|v| v.step == *i) {
            out.push_str(&format!("    = {} ({} of {FULL})\n", verdict.yours, verdict.points));
            verdict.text.iter().for_each(|text| out.push_str(&format!("    {text}\n")));
        }
    }
    out
}

/// The answers and points so far, for whoever keeps marks: `{"points", "of", "answers": [{"step", "given", "right", …}]}`.
pub fn answers_json(play: &Play) -> Json {
    let answers = play.verdicts().iter().map(|verdict| {
        let id = play.lesson().steps.get(verdict.step).map_or("", |step| step.id.as_str());
        Json::object([
            ("step", Json::text(id)),
            ("given", Json::text(verdict.given.clone())),
            ("yours", Json::text(verdict.yours.clone())),
            ("right", Json::text(verdict.right.clone())),
            ("points", Json::number(verdict.points)),
            ("of", Json::number(if verdict.right.is_empty() { 0 } else { FULL })),
        ])
    });
    let score = play.score();
    Json::object([
        ("points", Json::number(score.points)),
        ("of", Json::number(score.of)),
        ("answers", Json::List(answers.collect())),
    ])
}
