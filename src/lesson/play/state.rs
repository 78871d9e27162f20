//! What is remembered of somebody's place in a lesson, as text, and going on from there. The run is not part of it.
use super::{FULL, Lesson, Play, Seen, Verdict, Waits};
use crate::view::Micros;
use crate::words::say;

impl Play {
    /// Where it is, as words with tabs between: `next shown waits since`, then when each step was done.
    pub fn place(&self) -> String {
        let waits = match self.waits {
            Waits::Nothing => "nothing",
            Waits::GoOn => "goOn",
            Waits::Answer => "answer",
            Waits::Task => "task",
        };
        let shown = self.shown.map_or(String::new(), |i| say!(i));
        let mut out = say!(self.next, "\t", shown, "\t", waits, "\t", self.since);
        for at in &self.done {
            out.push('\t');
            out.push_str(&at.map_or(String::new(), |at| say!(at)));
        }
        out
    }

    /// All there is to remember, as text: the place, then a line for each answer.
    pub fn state(&self) -> String {
        let mut out = self.place();
        for v in &self.verdicts {
            let fields = [say!(v.step), v.given.clone(), v.yours.clone(), v.right.clone(), say!(v.points)];
            for (i, field) in fields.iter().chain(&v.text).enumerate() {
                out.push(if i == 0 { '\n' } else { '\t' });
                out.extend(field.chars().map(|c| if c.is_control() { ' ' } else { c }));
            }
        }
        out
    }

    /// Goes on from what [`Play::state`] said; the run must be the same, at the same instant. `None`: it is not of this lesson.
    pub fn restore(lesson: Lesson, state: &str, seen: &Seen) -> Option<Play> {
        let mut lines = state.split('\n');
        let place = lines.next()?;
        let verdicts = lines.map(|line| verdict(line, &lesson)).collect::<Option<Vec<_>>>()?;
        Play::go_on_from(lesson, place, verdicts, seen)
    }

    /// Goes on from what [`Play::place`] said, with these answers. `None`: it is not of this lesson.
    pub fn go_on_from(lesson: Lesson, place: &str, verdicts: Vec<Verdict>, seen: &Seen) -> Option<Play> {
        let mut fields = place.split('\t');
        let steps = lesson.steps.len();
        let position = |text: &str| text.parse::<usize>().ok().filter(|i| *i <= steps);
        let mut play = Play::new(lesson);
        play.next = position(fields.next()?)?;
        let shown = fields.next()?;
        play.shown = if shown.is_empty() { None } else { Some(position(shown).filter(|i| *i < play.next)?) };
        play.waits = match fields.next()? {
            "nothing" => Waits::Nothing,
            _ if play.shown.is_none() => return None,
            "goOn" => Waits::GoOn,
            "answer" => Waits::Answer,
            "task" => Waits::Task,
            _ => return None,
        };
        let now = seen.sim.now();
        let instant = |text: &str| text.parse::<Micros>().ok().map(|at| at.min(now));
        play.since = instant(fields.next()?)?;
        for done in &mut play.done {
            let at = fields.next()?;
            *done = if at.is_empty() { None } else { Some(instant(at)?) };
        }
        let suits = play.shown().is_none_or(|(_, step)| match play.waits {
            Waits::Answer => step.question.is_some(),
            Waits::Task => step.task.is_some(),
            _ => true,
        });
        if fields.next().is_some() || !suits {
            return None;
        }
        (play.verdicts, play.last) = (verdicts, now);
        play.text = play.shown().map_or(Vec::new(), |(_, s)| s.text.iter().map(|t| play.fill(t, seen)).collect());
        Some(play)
    }
}

/// A line of [`Play::state`].
fn verdict(line: &str, lesson: &Lesson) -> Option<Verdict> {
    let mut fields = line.split('\t');
    let mut field = || fields.next().map(str::to_string);
    let step: usize = field()?.parse().ok()?;
    lesson.steps.get(step)?.question.as_ref()?;
    let (given, yours, right) = (field()?, field()?, field()?);
    let points = field()?.parse().ok().filter(|p| *p <= FULL)?;
    Some(Verdict { step, given, yours, right, points, text: fields.map(str::to_string).collect() })
}
