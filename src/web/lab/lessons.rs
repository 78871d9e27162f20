//! The panel of lessons, and the step of the lesson that is under way, above the stage.
use super::{Ask, Ctx};
use crate::export::Json;
use crate::lesson::judge::{FULL, Seen};
use crate::lesson::play::{Look, Play, Waits};
use crate::lesson::{Answer, Question};
use crate::native::bookmark::{Bookmark, Marks, report_json};
use crate::native::document::Document;
use crate::player::{Player, Target};
use crate::scenario::Scenario;
use crate::web::dom::{Markup, put};
use crate::words::say;

/// The shipped lessons: file names and titles.
const SHIPPED: &[(&str, &str, &str)] = &[
    ("the-second-leader", "The second leader", "The incident from end to end."),
    ("why-slow-is-not-enough", "Why slow is not enough", "What the join rate decides, and what it does not."),
    (
        "retries-dead-letters-idempotence",
        "Retries, dead letters and idempotence",
        "What keeps a job when a write fails, and what that costs.",
    ),
    ("four-ways-to-recover", "Four ways to recover", "The same incident, and four things people can do."),
];

/// A lesson under way.
struct Course {
    title: String,
    id: String,
    base: Scenario,
    play: Play,
    marks: Marks,
    /// Whoever listens was told that it is over.
    told: bool,
}

impl Course {
    fn new(document: Document) -> Course {
        let base = document.scenario;
        let (title, id, play) = (base.title.clone(), base.id.clone(), Play::new(document.lesson));
        Course { title, id, base, play, marks: Marks::default(), told: false }
    }

    /// What a platform may know of this place: see [`report_json`].
    fn report(&self, player: &Player) -> Ask {
        let state = self.marks.write(&self.id, &self.play, &self.base, player.recording());
        Ask::Keep(report_json(&self.id, &self.title, &self.play, &state))
    }

    /// It begins, or goes on where somebody left it.
    fn began(&self, player: &Player, asks: &mut Vec<Ask>) {
        asks.push(self.report(player));
        let detail = event(&[("lesson", &self.id), ("title", &self.title)], self.points());
        asks.push(Ask::Tell("lessonstart", detail));
    }

    /// Points so far, of those there are.
    fn points(&self) -> [u32; 2] {
        let counted = self.play.verdicts().iter().filter(|v| !v.right.is_empty()).count();
        let open = self.play.lesson().questions().saturating_sub(self.play.verdicts().len());
        [self.play.score().points, FULL * (counted + open) as u32]
    }
}

/// See the module's first line.
#[derive(Default)]
pub struct Panel {
    course: Option<Course>,
    /// A lesson that goes on as soon as its run is where it was left.
    coming: Option<(Document, Bookmark)>,
    draft: String,
    error: String,
}

impl Panel {
    /// Nothing to look at: [`Panel::watch`] does.
    pub fn refresh(&mut self, _: &Ctx) {}

    /// What can be learned.
    pub fn draw(&self, m: &mut Markup, _: &Ctx) {
        put!(m; "<p class=note>A lesson plays the run, stops where something can be learned, and asks. What is right is computed from the \
            very run you see.</p><ul class=runs>");
        for (name, title, about) in SHIPPED {
            put!(m; "<li><span class=run-name><b>", *title, "</b><span class=sub> ", *about, "</span></span><button type=button \
                data-act=lessons:start data-arg=", *name, " aria-label=\"Begin: ", *title, "\">Begin</button></li>");
        }
        put!(m; "</ul><p class=oops role=status>");
        m.quote(&self.error);
        put!(m; "</p>");
    }

    /// Is a lesson under way?
    pub fn teaches(&self) -> bool {
        self.course.is_some()
    }

    fn load(&mut self, text: &str, player: &mut Player, asks: &mut Vec<Ask>) -> Result<(), String> {
        let document = read(text)?;
        player.touch();
        player.compare(None);
        self.begin(document, player, asks);
        Ok(())
    }

    /// From its first step.
    fn begin(&mut self, document: Document, player: &mut Player, asks: &mut Vec<Ask>) {
        let course = Course::new(document);
        player.change(course.base.clone(), course.base.params.clone());
        course.began(player, asks);
        (self.course, self.coming) = (Some(course), None);
        (self.error, self.draft) = (String::new(), String::new());
        player.play();
    }

    /// From where a bookmark (the first line) was made in this file; from the beginning if it was not.
    fn resume(&mut self, text: &str, player: &mut Player, asks: &mut Vec<Ask>) -> Result<(), String> {
        let (bookmark, text) = text.split_once('\n').unwrap_or_default();
        let Some(found) = Bookmark::read(bookmark, &read(text)?) else { return self.load(text, player, asks) };
        player.touch();
        player.compare(None);
        player.open(found.scenario.clone(), found.scenario.params.clone(), found.did.clone(), "");
        player.pause();
        player.seek(0, Target::Time(found.at));
        (self.course, self.coming) = (None, Some((read(text)?, found)));
        Ok(())
    }

    /// The run is where it was left.
    fn go_on(&mut self, player: &mut Player, asks: &mut Vec<Ask>) {
        let Some((document, found)) = self.coming.take() else { return };
        let mut course = Course::new(document);
        let seen = Seen::of(&course.base, player.recording());
        let Some((play, marks)) = found.open(course.play.lesson().clone(), &seen) else {
            let Course { base, play, .. } = course;
            let document = Document { scenario: base, lesson: play.lesson().clone(), ..Document::default() };
            return self.begin(document, player, asks);
        };
        (course.told, course.play, course.marks) = (play.over(), play, marks);
        if course.play.waits() == Waits::Nothing && !course.play.over() {
            player.play();
        }
        course.began(player, asks);
        self.course = Some(course);
        (self.error, self.draft) = (String::new(), String::new());
    }

    /// The lesson looks at the run. Returns a panel that the step that comes wants open.
    pub fn watch(&mut self, player: &mut Player, asks: &mut Vec<Ask>) -> Option<&'static str> {
        if player.seeking() {
            return None;
        }
        self.go_on(player, asks);
        let course = self.course.as_mut()?;
        let mut panel = None;
        loop {
            match course.play.look(&Seen::of(&course.base, player.recording())) {
                Look::Run(scenario) => {
                    let params = scenario.params.clone();
                    player.change(*scenario, params);
                    player.play();
                }
                Look::Shown(_) => {
                    self.draft.clear();
                    if let Some((_, step)) = course.play.shown() {
                        panel = step.panel;
                        let text = course.play.text().join(" ");
                        asks.push(Ask::Say(say!(&step.title, ". ", text)));
                    }
                    asks.push(course.report(player));
                    break;
                }
                Look::Same | Look::Over => break,
            }
        }
        if course.play.holds() {
            player.pause();
        }
        if course.play.over() && !course.told {
            course.told = true;
            asks.push(course.report(player));
            let detail = event(&[("lesson", &course.id), ("title", &course.title)], course.points());
            asks.push(Ask::Tell("lessonend", detail));
        }
        panel
    }

    /// A person used a control.
    pub fn act(&mut self, verb: &str, arg: &str, player: &mut Player, asks: &mut Vec<Ask>) -> bool {
        match verb {
            "start" => {
                self.error.clear();
                asks.push(Ask::Lesson(arg.to_string()));
            }
            "load" => self.error = self.load(arg, player, asks).err().unwrap_or_default(),
            "resume" => self.error = self.resume(arg, player, asks).err().unwrap_or_default(),
            "failed" => self.error = say!("The lesson could not be loaded: ", arg),
            "leave" => {
                self.course = None;
                asks.push(Ask::Keep(String::new()));
            }
            "draft" => self.draft = arg.to_string(),
            "answer" => self.answer(arg, player, asks),
            "go" => {
                let Some(course) = &mut self.course else { return false };
                course.play.go_on(&Seen::of(&course.base, player.recording()));
                if !course.play.holds() {
                    player.play();
                }
            }
            _ => return false,
        }
        true
    }

    fn answer(&mut self, arg: &str, player: &Player, asks: &mut Vec<Ask>) {
        let Some(course) = &mut self.course else { return };
        let given = if arg.is_empty() { self.draft.as_str() } else { arg };
        let seen = Seen::of(&course.base, player.recording());
        let shown = course.play.shown().map(|(_, step)| (step.id.clone(), step.question.clone()));
        let Some(verdict) = course.play.answer(given, &seen).cloned() else {
            self.error = "That is not an answer to this question.".to_string();
            return;
        };
        let Some((id, Some(question))) = shown else { return };
        self.error.clear();
        course.marks.note(&course.base, player.recording());
        asks.push(Ask::Say(verdict.text.join(" ")));
        asks.push(course.report(player));
        let kind = match question.answer {
            Answer::Number { .. } => "number",
            Answer::Choice { .. } => "choice",
            Answer::Node(_) => "machine",
        };
        let texts = [
            ("lesson", &course.id),
            ("step", &id),
            ("kind", &kind.to_string()),
            ("question", &question.ask),
            ("given", &verdict.given),
            ("yours", &verdict.yours),
            ("right", &verdict.right),
        ];
        let of = if verdict.right.is_empty() { 0 } else { FULL };
        asks.push(Ask::Tell("answer", event(&texts, [verdict.points, of])));
    }

    /// The step that is shown.
    pub fn draw_step(&self, m: &mut Markup) {
        let Some(course) = &self.course else {
            put!(m; "<section class=lesson hidden></section>");
            return;
        };
        let (play, shown) = (&course.play, course.play.shown());
        let spots: Vec<String> =
            shown.map_or(Vec::new(), |(_, s)| s.highlight.iter().map(|spot| spot.name()).collect());
        put!(m; "<section class=lesson aria-label=\"Lesson\" data-spots=\"", spots.join(" "), "\"><p class=lesson-head><b>");
        m.quote(&course.title);
        let steps = play.lesson().steps.len() as i32;
        put!(m; "</b><span class=sub> step ", shown.map_or(0, |(i, _)| i as i32 + 1), " of ", steps);
        let score = play.score();
        if score.of > 0 {
            put!(m; " · ", score.points, " of ", score.of, " points");
        }
        put!(m; "</span><button type=button data-act=lessons:leave>Leave the lesson</button></p>");
        if let Some((_, step)) = shown {
            put!(m; "<h3>");
            m.quote(&step.title);
            put!(m; "</h3>");
            for text in play.text() {
                paragraph(m, text);
            }
            if let Some(task) = step.task.as_ref().filter(|_| play.waits() == Waits::Task) {
                paragraph(m, &task.text);
            }
            if let Some(question) = &step.question {
                self.question(m, play, question);
            }
        }
        put!(m; "<p class=actions>");
        if play.over() {
            put!(m; "<b>The lesson is over.</b>");
        } else if play.waits() != Waits::Nothing {
            let word = match play.waits() {
                Waits::Answer => "Go on without an answer",
                Waits::Task => "Go on without",
                _ => "Go on",
            };
            put!(m; "<button type=button class=", if play.waits() == Waits::GoOn { "primary" } else { "plain" },
                " data-act=lessons:go>", word, "</button>");
        } else {
            put!(m; "<span class=sub>The run goes on until the next step.</span>");
        }
        put!(m; "</p></section>");
    }

    fn question(&self, m: &mut Markup, play: &Play, question: &Question) {
        put!(m; "<div class=ask role=group aria-label=\"A question\"><p><b>");
        m.quote(&question.ask);
        put!(m; "</b></p>");
        match (play.verdict(), &question.answer) {
            (Some(verdict), _) => {
                let word = match verdict.points {
                    0 if verdict.right.is_empty() => "",
                    0 => "Not this time. ",
                    FULL => "Right. ",
                    _ => "Nearly. ",
                };
                put!(m; "<p class=sub>You said: ");
                m.quote(&verdict.yours);
                put!(m; "</p><p class=verdict role=status><b>", word, "</b>");
                m.quote(&verdict.text.join(" "));
                put!(m; "</p>");
            }
            (None, Answer::Choice { options, .. }) => {
                put!(m; "<ul class=options>");
                for (i, option) in options.iter().enumerate() {
                    put!(m; "<li><button type=button data-act=lessons:answer data-arg=", i as i32 + 1, ">");
                    m.quote(&option.text);
                    put!(m; "</button></li>");
                }
                put!(m; "</ul>");
            }
            (None, answer) => {
                let machine = matches!(answer, Answer::Node(_));
                put!(m; "<p class=actions><label for=answer>", if machine { "Your answer, like zk5 or broker2" } else { "Your answer" },
                    "</label> <input type=text id=answer autocomplete=off data-in=lessons:draft value=\"");
                m.quote(&self.draft);
                put!(m; "\"/> <span class=unit>", question.unit(), "</span><button type=button class=primary data-act=lessons:answer>Answer</button></p>");
            }
        }
        put!(m; "<p class=oops role=status>");
        m.quote(&self.error);
        put!(m; "</p></div>");
    }
}

/// Reads a lesson's file.
fn read(text: &str) -> Result<Document, String> {
    let document = Document::read(text).map_err(|issues| {
        let all: Vec<String> = issues.iter().map(|issue| issue.text()).collect();
        all.join("; ")
    })?;
    if document.lesson.steps.is_empty() { Err("this file has no steps".to_string()) } else { Ok(document) }
}

/// The detail of an event, as JSON: these texts, then `points` and `of`.
fn event(texts: &[(&str, &String)], [points, of]: [u32; 2]) -> String {
    let mut json = Json::default();
    json.nest(['{', '}'], |json| {
        for (name, text) in texts {
            json.key(name).text(text);
        }
        json.key("points").number(points.into());
        json.key("of").number(of.into());
    });
    json.finish()
}

fn paragraph(m: &mut Markup, text: &str) {
    put!(m; "<p>");
    m.quote(text);
    put!(m; "</p>");
}
