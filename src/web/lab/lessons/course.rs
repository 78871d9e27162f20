//! A lesson under way, and what is told of it to whoever keeps marks.
use crate::export::Json;
use crate::lesson::judge::{FULL, Seen, Truth};
use crate::lesson::play::{Play, Verdict};
use crate::lesson::ui::Ui;
use crate::lesson::{Answer, Question};
use crate::native::bookmark::{Bookmark, Marks, report_json};
use crate::native::document::Document;
use crate::player::{Player, Target};
use crate::scenario::Scenario;
use crate::web::lab::Ask;
use crate::words::say;

/// A lesson under way.
pub struct Course {
    pub title: String,
    pub id: String,
    pub base: Scenario,
    pub play: Play,
    pub ui: Ui,
    marks: Marks,
    /// Whoever listens was told that it is over.
    told: bool,
}

impl Course {
    /// The lesson of a file, at its beginning. `None`: it has none.
    pub fn read(text: &str) -> Option<Course> {
        let document = Document::read(text).ok().filter(|document| !document.lesson.steps.is_empty())?;
        let (base, play) = (document.scenario, Play::new(document.lesson));
        let (title, id) = (base.title.clone(), base.id.clone());
        Some(Course { title, id, base, play, ui: document.ui, marks: Marks::default(), told: false })
    }

    /// What a platform may know of this place: see [`report_json`].
    pub fn report(&self, player: &Player) -> Ask {
        let state = self.marks.write(&self.id, &self.play, &self.base, player.recording());
        Ask::Keep(report_json(&self.id, &self.title, &self.play, &state))
    }

    /// It begins, or goes on where somebody left it.
    pub fn began(&self, player: &Player, asks: &mut Vec<Ask>) {
        self.tell("lessonstart", player, asks);
    }

    /// Tells that it is over, once.
    pub fn ended(&mut self, player: &Player, asks: &mut Vec<Ask>) {
        if self.play.over() && !std::mem::replace(&mut self.told, true) {
            self.tell("lessonend", player, asks);
        }
    }

    fn tell(&self, name: &'static str, player: &Player, asks: &mut Vec<Ask>) {
        asks.push(self.report(player));
        let counted = self.play.verdicts().iter().filter(|v| !v.right.is_empty()).count();
        let open = self.play.lesson().questions().saturating_sub(self.play.verdicts().len());
        let of = FULL * (counted + open) as u32;
        let texts = [("lesson", self.id.as_str()), ("title", &self.title), ("locale", self.locale())];
        asks.push(Ask::Tell(name, event(&texts, &[], [self.play.score().points, of])));
    }

    /// Takes an answer. `None`: it is none; nothing changes then.
    pub fn answer(&mut self, given: &str, player: &Player, asks: &mut Vec<Ask>) -> Option<()> {
        let (id, question) = self.play.shown().map(|(_, step)| (step.id.clone(), step.question.clone()))?;
        let (verdict, truth) = self.play.answer(given, &Seen::of(&self.base, player.recording()))?;
        let verdict = verdict.clone();
        self.marks.note(&self.base, player.recording());
        // What is bold on the card is said first.
        let points = match verdict.points {
            0 if verdict.right.is_empty() => "",
            0 => "No points.\n",
            FULL => "All points.\n",
            _ => "Some points.\n",
        };
        asks.push(Ask::Say(say!(points, verdict.text.join("\n"))));
        asks.push(self.report(player));
        asks.push(Ask::Tell("answer", self.answered(&id, &question?, &verdict, truth.as_ref())));
        Some(())
    }

    /// The language of its texts, which are told as the file has them.
    fn locale(&self) -> &str {
        if self.base.locale.is_empty() { "en" } else { &self.base.locale }
    }

    fn answered(&self, step: &str, question: &Question, verdict: &Verdict, truth: Option<&Truth>) -> String {
        let kind = match question.answer {
            Answer::Number { .. } => "number",
            Answer::Choice { .. } => "choice",
            Answer::Node(_) => "machine",
        };
        let texts = [
            ("lesson", self.id.as_str()),
            ("step", step),
            ("kind", kind),
            ("question", &question.ask),
            ("given", &verdict.given),
            ("yours", &verdict.yours),
            ("right", &verdict.right),
            ("locale", self.locale()),
        ];
        let correct = truth.map_or(Vec::new(), |truth| question.correct(truth));
        let correct: Vec<&str> = correct.iter().map(String::as_str).collect();
        let lists = [("options", question.options()), ("correct", correct)];
        event(&texts, &lists, [verdict.points, if verdict.right.is_empty() { 0 } else { FULL }])
    }
}

/// A lesson that goes on as soon as its run is where it was left.
pub struct Coming {
    course: Course,
    found: Bookmark,
}

impl Coming {
    /// A bookmark (the first line) of this file. `None`: it is none, and nothing changes.
    pub fn read(text: &str, player: &mut Player) -> Option<Coming> {
        let (bookmark, file) = text.split_once('\n')?;
        let course = Course::read(file)?;
        let found = Bookmark::read(bookmark, &course.base, course.play.lesson())?;
        player.touch();
        player.compare(None);
        player.open(found.scenario.clone(), found.scenario.params.clone(), found.did.clone(), "");
        player.pause();
        player.seek(0, Target::Time(found.at));
        Some(Coming { course, found })
    }

    /// The run is there: the lesson goes on; from its beginning if that is no place in it.
    pub fn arrive(self, player: &mut Player) -> Course {
        let Coming { mut course, found } = self;
        let seen = Seen::of(&course.base, player.recording());
        match found.open(course.play.lesson().clone(), &seen) {
            Some((play, marks)) => (course.told, course.play, course.marks) = (play.over(), play, marks),
            None => player.change(course.base.clone(), course.base.params.clone()),
        }
        if !course.play.holds() && !course.play.over() {
            player.play();
        }
        course
    }
}

/// The detail of an event, as JSON: these texts and lists, then `points` and `of`.
fn event(texts: &[(&str, &str)], lists: &[(&str, Vec<&str>)], [points, of]: [u32; 2]) -> String {
    let mut json = Json::default();
    json.nest(['{', '}'], |json| {
        for (name, text) in texts {
            json.key(name).text(text);
        }
        for (name, list) in lists {
            json.key(name).nest(['[', ']'], |json| list.iter().for_each(|text| json.text(text)));
        }
        json.key("points").number(points.into());
        json.key("of").number(of.into());
    });
    json.finish()
}
