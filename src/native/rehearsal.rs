//! Plays a lesson to its end, as `check` does: which steps never come, which questions have no answer, which tasks cannot be done.
use super::document::Document;
use crate::lesson::pupil::{Manner, Played, take};
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
    let issues = problems(&played);
    if !issues.is_empty() {
        return Err(issues);
    }
    let count = |n: usize, one, many| plural(n as u64, one, many);
    let tasks = lesson.steps.iter().filter(|step| step.task.is_some()).count();
    let last = played.came.last().map_or(0, |(_, at)| *at);
    Ok(format!(
        "; {}, {}, {}, {}, played to {}",
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
    let none = "has no right answer in this run, or every answer is right";
    issues.extend(played.unanswerable.iter().map(|i| Issue::new(at(i, "/question"), id(i), none)));
    let task = "is not recognised in this run when it is done";
    issues.extend(played.impossible.iter().map(|i| Issue::new(at(i, "/task"), id(i), task)));
    issues
}
