//! Plays a lesson to its end, as `check` does: which steps never come, which questions have no answer, which tasks cannot be done.
use super::document::Document;
use super::json::Json;
use crate::lesson::judge::{FULL, simulate};
use crate::lesson::play::Play;
use crate::lesson::pupil::{Manner, Played, take_from};
use crate::lesson::showing::Showing;
use crate::lesson::ui::Moment;
use crate::lesson::{Answer, At, Deed, Lesson, Question, Task, When};
use crate::metrics::Milestone;
use crate::params::{Issue, Key, format_value};
use crate::scenario::Scenario;
use crate::sim::Simulation;
use crate::view::Micros;
use crate::words::{clock, plural};

/// Plays the lesson of a file, if it has one. Returns what to say about it. Errors: every problem, with its pointer.
pub fn rehearse(document: &Document) -> Result<String, Vec<Issue>> {
    let lesson = &document.lesson;
    let scenario = document.scenario.clone().check()?;
    let mut issues = moments(document, &scenario);
    if lesson.steps.is_empty() {
        return if issues.is_empty() { Ok(String::new()) } else { Err(issues) };
    }
    let played = take_from(lesson, &scenario, Manner::Right, start(document, &scenario));
    issues.extend(belated(lesson));
    let known = |field: &str| issues.iter().any(|issue| issue.field == [field, "/when"].concat());
    let more: Vec<Issue> = problems(&played).into_iter().filter(|issue| !known(&issue.field)).collect();
    issues.extend(more);
    issues.extend(hindered(document, &played));
    issues.extend(stopped(document, &scenario, &played));
    if issues.is_empty() { Ok(summary(lesson, &played)) } else { Err(issues) }
}

/// What it was, in a line.
fn summary(lesson: &Lesson, played: &Played) -> String {
    let count = |n: usize, one, many| plural(n as u64, one, many);
    let named = |what: &str, ids: Vec<&str>| match ids.is_empty() {
        true => String::new(),
        false => format!("; {what}: {}", ids.join(", ")),
    };
    let tasks = lesson.steps.iter().filter(|step| step.task.is_some()).count();
    let last = played.came.last().map_or(0, |(_, at)| *at);
    let ids = |wanted: &dyn Fn(usize) -> bool| {
        (lesson.steps.iter().enumerate()).filter(|(i, _)| wanted(*i)).map(|(_, step)| step.id.as_str()).collect()
    };
    let passed = ids(&|i| !played.came.iter().any(|(came, _)| *came == i));
    let several = ids(&|i| played.right.iter().any(|(step, right)| *step == i && right.len() > 1));
    format!(
        "; {}, {}, {}, {}, played to {}{}{}",
        count(played.came.len(), "step", "steps"),
        count(lesson.questions(), "question", "questions"),
        count(tasks, "task", "tasks"),
        count(played.runs, "run", "runs"),
        clock(last),
        named("passed over", passed),
        named("more than one right answer", several)
    )
}

/// When `start` or `stopAt` is, µs. `None`: never in this run.
fn instant(moment: Moment, scenario: &Scenario) -> Option<Micros> {
    let at = match moment {
        Moment::Time(at) => At::Time(at),
        Moment::Milestone(Milestone::End) => At::End,
        Moment::Milestone(m) => At::Milestone(m),
    };
    simulate(scenario, &[], at).map(|sim| sim.now())
}

/// Where a lesson begins, µs.
fn start(document: &Document, scenario: &Scenario) -> Micros {
    document.ui.start.and_then(|moment| instant(moment, scenario)).unwrap_or(0)
}

/// Instants of `ui` that the run does not come to.
fn moments(document: &Document, scenario: &Scenario) -> Vec<Issue> {
    let mut issues = Vec::new();
    let ui = &document.ui;
    let named = [("start", ui.start), ("stopAt", ui.stop_at)].into_iter();
    let stops = ui.pause_at.iter().map(|m| ("pauseAt", Some(Moment::Milestone(*m))));
    for (name, moment) in named.chain(stops) {
        let end = Simulation::new(scenario).end();
        let at = format!("/ui/{name}");
        match moment {
            Some(Moment::Time(late)) if late > end => {
                issues.push(Issue::new(at, clock(late), format!("is after the end of the run, {}", clock(end))));
            }
            Some(Moment::Milestone(m)) if instant(Moment::Milestone(m), scenario).is_none() => {
                issues.push(Issue::new(at, m.name(), "never happens in this run"));
            }
            _ => {}
        }
    }
    issues
}

/// `stopAt`, before a step of the first run has come.
fn stopped(document: &Document, scenario: &Scenario, played: &Played) -> Option<Issue> {
    let stop = instant(document.ui.stop_at?, scenario)?;
    let steps = &document.lesson.steps;
    let first = played.came.iter().map(|(i, at)| (steps.get(*i), *at));
    let mut first = first.map_while(|(step, at)| step.filter(|step| step.run.is_none()).map(|step| (step, at)));
    let (step, at) = first.find(|(_, at)| *at > stop)?;
    let message = format!("stops the run before the step {}, which comes at {}", step.id, clock(at));
    Some(Issue::new("/ui/stopAt", clock(stop), message))
}

/// Steps that wait for something after a step that waits for the end.
fn belated(lesson: &Lesson) -> Vec<Issue> {
    let mut issues = Vec::new();
    let mut over: Option<&str> = None;
    for (i, step) in lesson.steps.iter().enumerate() {
        let last = step.when == When::Milestone(Milestone::End);
        let waits = matches!(step.when, When::Milestone(_) | When::Time(_) | When::Holds(_)) && !last;
        over = over.filter(|_| step.run.is_none());
        if let Some(over) = over.filter(|_| waits && !step.optional) {
            let message = format!(
                "waits for something, after the step {over}, which waits for the end of the run: put it before that one, or begin a new `run`"
            );
            issues.push(Issue::new(format!("/steps/{i}/when"), step.id.clone(), message));
        }
        if last {
            over = Some(&step.id);
        }
        over = over.filter(|_| !matches!(&step.task, Some(Task { deed: Deed::Value(..), .. })));
    }
    issues
}

/// What is wrong with how it went.
fn problems(played: &Played) -> Vec<Issue> {
    let at = |i: &usize, part: &str| format!("/steps/{i}{part}");
    let id = |i: &usize| played.play.lesson().steps.get(*i).map_or(String::new(), |step| step.id.clone());
    let mut issues = Vec::new();
    if played.too_long {
        issues.push(Issue::new("/steps", "", "takes too long to play: make the run shorter, or its rates lower"));
    } else if let Some(never) = played.play.missing() {
        let end = clock(played.end);
        issues.push(Issue::new(at(&never, ""), id(&never), format!("never happens in this run, which ends at {end}")));
    }
    issues.extend(played.unanswerable.iter().map(|(i, why)| Issue::new(at(i, "/question"), id(i), *why)));
    let late = "is about an instant after the end of its run";
    issues.extend(played.late.iter().map(|i| Issue::new(at(i, "/question/at"), id(i), late)));
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

/// A lesson as somebody takes it who answers in this manner: every text that was shown, filled in; what there was to choose from; what
/// began a new run.
pub fn transcript(document: &Document, manner: Manner) -> String {
    let Ok(scenario) = document.scenario.clone().check() else { return String::new() };
    let played = take_from(&document.lesson, &scenario, manner, start(document, &scenario));
    let mut out = String::new();
    for ((i, at), said) in played.came.iter().zip(&played.said) {
        let Some(step) = document.lesson.steps.get(*i) else { continue };
        if let Some(run) = &step.run {
            out.push_str(&format!("        ~ a new run{}\n", values(run)));
        }
        let title = if step.title.is_empty() { String::new() } else { format!("  {}", step.title) };
        out.push_str(&format!("{}  {}{title}\n", clock(*at), step.id));
        said.iter().for_each(|text| out.push_str(&format!("    {text}\n")));
        if let Some(task) = &step.task {
            out.push_str(&format!("    > {}\n", task.text));
            if let (Some(value), true) = (task.deed.value(), manner != Manner::Silent) {
                out.push_str(&format!("        ~ a new run{}\n", values(&[value])));
            }
        }
        if let Some(question) = &step.question {
            out.push_str(&format!("    ? {}\n", question.ask));
            options(&mut out, question, played.right.iter().find(|(step, _)| step == i).map(|(_, right)| right));
        }
        for verdict in played.play.verdicts().iter().filter(|v| v.step == *i) {
            out.push_str(&format!("    = {} ({} of {FULL})\n", verdict.yours, verdict.points));
            verdict.text.iter().for_each(|text| out.push_str(&format!("    {text}\n")));
        }
    }
    out
}

/// What a question offers; those that are right have a plus.
fn options(out: &mut String, question: &Question, right: Option<&Vec<usize>>) {
    let Answer::Choice { options, .. } = &question.answer else { return };
    for (n, option) in options.iter().enumerate() {
        let mark = if right.is_some_and(|right| right.contains(&n)) { '+' } else { '-' };
        out.push_str(&format!("      {mark} {}\n", option.text));
    }
}

/// `: joinRate 6, retries 0`
fn values(with: &[(Key, i64)]) -> String {
    let each: Vec<String> =
        with.iter().map(|(key, value)| format!("{} {}", key.param().key, format_value(*key, *value))).collect();
    if each.is_empty() { String::new() } else { format!(": {}", each.join(", ")) }
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
