//! Where somebody is in a lesson, as one short JSON text for whoever keeps it (a learning platform): the answers, and the runs in
//! which they were given. Reading it simulates those runs again and judges every answer anew.
use super::actions::action_json;
use super::json::Json;
use super::outcome::value_json;
use super::reader::{Reader, whole};
use super::rehearsal::answers_json;
use crate::lesson::judge::{FULL, Seen, simulate};
use crate::lesson::play::{Play, Verdict};
use crate::lesson::{At, Lesson};
use crate::limits::ANSWER_STEPS;
use crate::params::KEYS;
use crate::recording::Recording;
use crate::scenario::{Command, Scenario};
use crate::view::Micros;

/// The longest bookmark that is written, in bytes. The runs of one that would be longer are left out.
pub const MAX_BOOKMARK: usize = 4096;
/// What is said to be right about an answer whose run is not known any more.
const EARLIER: &str = "as it was judged then";

/// In which run, and when, each answer of a [`Play`] was given; in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    runs: Vec<Json>,
    answers: Vec<(Option<usize>, Micros)>,
}

impl Marks {
    /// An answer was given just now, in a lesson on `base`.
    pub fn note(&mut self, base: &Scenario, recording: &Recording) {
        let run = self.find(base, recording);
        self.answers.push((run, recording.sim().now()));
    }

    /// The run that is shown; `None`: it cannot be told by what differs from the lesson's own.
    fn find(&mut self, base: &Scenario, recording: &Recording) -> Option<usize> {
        let run = run_json(base, recording)?;
        let known = self.runs.iter().position(|r| *r == run);
        Some(known.unwrap_or_else(|| {
            self.runs.push(run);
            self.runs.len() - 1
        }))
    }

    /// The bookmark of this moment, in the lesson of this id.
    pub fn write(&self, id: &str, play: &Play, base: &Scenario, recording: &Recording) -> String {
        let mut marks = self.clone();
        let now = (marks.find(base, recording), recording.sim().now());
        let text = marks.text(id, play, now);
        if text.len() <= MAX_BOOKMARK {
            return text;
        }
        let bare = Marks { runs: Vec::new(), answers: marks.answers.iter().map(|(_, at)| (None, *at)).collect() };
        bare.text(id, play, (None, now.1))
    }

    fn text(&self, id: &str, play: &Play, now: (Option<usize>, Micros)) -> String {
        let moment = |(run, at): (Option<usize>, Micros)| match run {
            Some(run) => format!("{run} {at}"),
            None => format!("- {at}"),
        };
        let answer = |(v, at): (&Verdict, &(Option<usize>, Micros))| {
            let points = if v.right.is_empty() { "-".to_string() } else { v.points.to_string() };
            Json::text(format!("{} {} {points} {}", v.step, v.given, moment(*at)))
        };
        Json::object([
            ("v", Json::number(1)),
            ("engine", Json::text(env!("CARGO_PKG_VERSION"))),
            ("lesson", Json::text(id)),
            ("place", Json::text(play.place().replace('\t', ","))),
            ("now", Json::text(moment(now))),
            ("answers", Json::List(play.verdicts().iter().zip(&self.answers).map(answer).collect())),
            ("runs", Json::List(self.runs.clone())),
        ])
        .line()
    }
}

/// What differs in a run from the lesson's own scenario: values, and what the learner did.
fn run_json(base: &Scenario, recording: &Recording) -> Option<Json> {
    let scenario = recording.scenario();
    if (&scenario.id, &scenario.plan, &scenario.actions) != (&base.id, &base.plan, &base.actions) {
        return None; // another scenario was chosen from the menu
    }
    let (own, here) = (base.params.effective_lenient().0, scenario.params.effective_lenient().0);
    let other = KEYS.iter().filter(|key| here.get(**key) != own.get(**key));
    let values = other.map(|key| (key.param().key.to_string(), value_json(*key, here.get(*key)))).collect();
    let did = recording.commands().iter().map(|(at, command)| action_json(*at, *command)).collect();
    Some(Json::object([("params", Json::Object(values)), ("did", Json::List(did))]))
}

/// A run, and what the learner did in it.
type Course = (Scenario, Vec<(Micros, Command)>);

/// Reads what [`run_json`] wrote. `None`: it is no such run.
fn read_run(base: &Scenario, json: &Json) -> Option<Course> {
    let mut reader = Reader::default();
    let mut params = base.params.effective_lenient().0;
    reader.params("", json.get("params")?, &mut params);
    let mut did = reader.actions("", json.get("did")?);
    did.sort_by_key(|(at, _)| *at);
    let scenario = Scenario { params, ..base.clone() };
    let all = Scenario { actions: scenario.actions.iter().chain(&did).copied().collect(), ..scenario.clone() };
    (reader.issues.is_empty() && all.check().is_ok()).then_some((scenario, did))
}

/// A place in a lesson, read from a bookmark; the run is still to be brought to its moment.
#[derive(Clone, Debug)]
pub struct Bookmark {
    place: String,
    verdicts: Vec<Verdict>,
    marks: Marks,
    /// Steps that were simulated to judge its answers anew.
    spent: u64,
    /// What runs.
    pub scenario: Scenario,
    /// What the learner did in it.
    pub did: Vec<(Micros, Command)>,
    /// The moment.
    pub at: Micros,
}

impl Bookmark {
    /// Reads a bookmark of this lesson on `base`. `None`: it is none, or not of this lesson.
    pub fn read(text: &str, base: &Scenario, lesson: &Lesson) -> Option<Bookmark> {
        if text.len() > 2 * MAX_BOOKMARK {
            return None;
        }
        let json = Json::parse(text).ok()?;
        let word = |name: &str| match json.get(name)? {
            Json::Text(text) => Some(text.as_str()),
            _ => None,
        };
        let list = |name: &str| match json.get(name)? {
            Json::List(items) => Some(items),
            _ => None,
        };
        if json.get("v").and_then(whole)? != 1 || word("lesson")? != base.id {
            return None;
        }
        let runs = list("runs")?.iter().map(|run| read_run(base, run)).collect::<Option<Vec<_>>>()?;
        let mut bookmark = Bookmark {
            place: word("place")?.replace(',', "\t"),
            verdicts: Vec::new(),
            marks: Marks { runs: list("runs")?.clone(), answers: Vec::new() },
            spent: 0,
            scenario: base.clone(),
            did: Vec::new(),
            at: 0,
        };
        for answer in list("answers")? {
            let Json::Text(answer) = answer else { return None };
            bookmark.answer(answer, base, lesson, &runs)?;
        }
        let (run, at) = moment(&word("now")?.split(' ').collect::<Vec<_>>(), runs.len())?;
        if let Some((scenario, did)) = run.and_then(|run| runs.into_iter().nth(run)) {
            (bookmark.scenario, bookmark.did, bookmark.at) = (scenario, did, at);
        }
        Some(bookmark)
    }

    /// One answer: `step given points run at`.
    fn answer(&mut self, text: &str, base: &Scenario, lesson: &Lesson, runs: &[Course]) -> Option<()> {
        let words: Vec<&str> = text.split(' ').collect();
        let [step, given, points, ref rest @ ..] = words[..] else { return None };
        let step: usize = step.parse().ok()?;
        let question = lesson.steps.get(step)?.question.as_ref()?;
        let (run, at) = moment(rest, runs.len())?;
        if self.verdicts.iter().any(|v| v.step == step) {
            return None;
        }
        let known = run.and_then(|run| runs.get(run)).filter(|_| self.spent < ANSWER_STEPS);
        let judged = known.and_then(|(scenario, commands)| {
            let sim = simulate(scenario, commands, At::Time(at));
            self.spent += sim.as_ref().map_or(ANSWER_STEPS, |sim| sim.steps());
            let sim = sim?;
            Seen { base, scenario, commands, sim: &sim }.verdict(step, question, given).map(|(verdict, _)| verdict)
        });
        let kept = || {
            let right = if points == "-" { String::new() } else { EARLIER.to_string() };
            let points = if points == "-" { 0 } else { points.parse().ok().filter(|p| *p <= FULL)? };
            let yours = question.words(question.read(given)?);
            Some(Verdict { step, given: given.to_string(), yours, right, points, text: Vec::new() })
        };
        self.verdicts.push(judged.or_else(kept)?);
        self.marks.answers.push((run, at));
        Some(())
    }

    /// Goes on from there, once the run is at its moment. `None`: it is not of this lesson.
    pub fn open(self, lesson: Lesson, seen: &Seen) -> Option<(Play, Marks)> {
        Some((Play::go_on_from(lesson, &self.place, self.verdicts, seen)?, self.marks))
    }
}

/// `run at`, of so many runs.
fn moment(words: &[&str], runs: usize) -> Option<(Option<usize>, Micros)> {
    let [run, at] = words else { return None };
    let run = if *run == "-" { None } else { Some(run.parse().ok().filter(|run| *run < runs)?) };
    Some((run, at.parse().ok()?))
}

/// What a platform may know of somebody's place: the points of all questions that count (`of`), the answers, the step, and the
/// bookmark itself as `state`.
pub fn report_json(id: &str, title: &str, play: &Play, state: &str) -> String {
    let uncounted = play.verdicts().iter().filter(|v| v.right.is_empty()).count();
    let of = FULL as usize * play.lesson().questions().saturating_sub(uncounted);
    let step = play.shown().map_or("", |(_, step)| step.id.as_str());
    let answers = answers_json(play).get("answers").cloned().unwrap_or(Json::Null);
    Json::object([
        ("lesson", Json::text(id)),
        ("title", Json::text(title)),
        ("points", Json::number(play.score().points)),
        ("of", Json::number(of)),
        ("over", Json::Bool(play.over())),
        ("step", Json::text(step)),
        ("answers", answers),
        ("state", Json::text(state)),
    ])
    .line()
}
