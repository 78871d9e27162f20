//! The panel of lessons, and the step of the lesson that is under way, above the stage.
use super::{Ask, Ctx};
use crate::lesson::play::{Look, Waits};
use crate::lesson::showing::Showing;
use crate::lesson::{Answer, Deed, Question, judge::Seen};
use crate::params::Key;
use crate::player::{Player, Speed};
use crate::web::dom::{Markup, put};
use crate::words::say;

mod course;

use course::{Coming, Course};

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

/// How fast it goes on for somebody who does not want to wait.
const HURRY: Speed = Speed::Fixed(30_000);

/// See the module's first line.
#[derive(Default)]
pub struct Panel {
    course: Option<Course>,
    coming: Option<Coming>,
    draft: String,
    error: String,
    /// The learner does not want to wait for the next step.
    hurries: bool,
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
        put!(m; "</ul><p class=oops>");
        m.quote(&self.error);
        put!(m; "</p>");
    }

    /// Is a lesson under way?
    pub fn teaches(&self) -> bool {
        self.course.is_some()
    }

    /// The file of the run that has just begun: its lesson begins, too. A file without steps has none.
    fn begin(&mut self, text: &str, player: &mut Player, asks: &mut Vec<Ask>) {
        (self.error, self.draft) = (String::new(), String::new());
        (self.course, self.coming) = (Course::read(text), None);
        if let Some(course) = &self.course {
            player.compare(None);
            course.began(player, asks);
        }
    }

    /// The lesson looks at the run. Returns a panel that the step that comes wants open.
    pub fn watch(&mut self, player: &mut Player, asks: &mut Vec<Ask>) -> Option<&'static str> {
        if player.seeking() {
            return None;
        }
        if let Some(coming) = self.coming.take() {
            let course = self.course.insert(coming.arrive(player));
            course.began(player, asks);
            asks.push(Ask::Kept);
            (self.error, self.draft) = (String::new(), String::new());
        }
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
                    if std::mem::take(&mut self.hurries) {
                        player.set_speed(Speed::Auto);
                    }
                    if let Some((_, step)) = course.play.shown() {
                        panel = step.panel;
                        let text = course.play.text().join("\n");
                        let stop = if step.title.ends_with(['?', '!']) { "\n" } else { ".\n" };
                        asks.push(Ask::Say(say!(&step.title, stop, text)));
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
        course.ended(player, asks);
        panel
    }

    /// A person used a control.
    pub fn act(&mut self, verb: &str, arg: &str, player: &mut Player, asks: &mut Vec<Ask>) -> bool {
        match verb {
            "start" => {
                self.error.clear();
                asks.push(Ask::Lesson(arg.to_string()));
            }
            "begin" => self.begin(arg, player, asks),
            "resume" => self.resume(arg, player, asks),
            "failed" => self.error = say!("The lesson could not be loaded: ", arg),
            "leave" => {
                (self.course, self.coming) = (None, None);
                asks.push(Ask::Keep(String::new()));
            }
            "draft" => self.draft = arg.to_string(),
            "answer" => self.answer(arg, player, asks),
            "do" => self.do_it(player),
            "hurry" => {
                self.hurries = true;
                player.set_speed(HURRY);
                player.play();
            }
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

    /// Does what the step asks for, for somebody who has not found it. What cannot be done is passed over.
    fn do_it(&mut self, player: &mut Player) {
        let Some(course) = &mut self.course else { return };
        let Some(task) = course.play.shown().and_then(|(_, step)| step.task.as_ref()) else { return };
        let done = match (task.deed.value(), &task.deed) {
            (Some((key, value)), _) => {
                let mut params = player.chosen().clone();
                let set = params.set(key, value).is_ok();
                if set {
                    player.change(player.scenario().clone(), params);
                }
                set
            }
            (None, Deed::Command(command)) => player.act(*command).is_ok(),
            (None, Deed::Value(..)) => false,
        };
        if !done {
            course.play.go_on(&Seen::of(&course.base, player.recording()));
        }
        player.play();
    }

    /// Goes on from a bookmark; see [`Coming::read`].
    fn resume(&mut self, arg: &str, player: &mut Player, asks: &mut Vec<Ask>) {
        match Coming::read(arg, player) {
            Some(coming) => (self.course, self.coming) = (None, Some(coming)),
            None => asks.push(Ask::Kept),
        }
    }

    fn answer(&mut self, arg: &str, player: &Player, asks: &mut Vec<Ask>) {
        let Some(course) = &mut self.course else { return };
        let given = if arg.is_empty() { self.draft.as_str() } else { arg };
        match course.answer(given, player, asks) {
            Some(()) => self.error.clear(),
            None => self.error = "That is not an answer to this question.".to_string(),
        }
    }

    /// The step that is shown.
    pub fn draw_step(&self, m: &mut Markup, player: &Player) {
        let Some(course) = &self.course else {
            put!(m; "<section class=lesson hidden></section>");
            return;
        };
        let (play, shown, locale) = (&course.play, course.play.shown(), &course.base.locale);
        let spots: Vec<String> =
            shown.map_or(Vec::new(), |(_, s)| s.highlight.iter().map(|spot| spot.name()).collect());
        put!(m; "<section class=lesson tabindex=-1 aria-label=\"Lesson\" data-spots=\"", spots.join(" "), "\"");
        self.showing(m, &Showing::of(&course.ui, play.past()));
        put!(m; "><p class=lesson-head><b>");
        m.quote_in(&course.base.locale, &course.title);
        let steps = play.lesson().steps.len() as i32;
        put!(m; "</b><span class=sub> step ", shown.map_or(0, |(i, _)| i as i32 + 1), " of ", steps);
        let score = play.score();
        if score.of > 0 {
            put!(m; " · ", score.points, " of ", score.of, " points");
        }
        put!(m; "</span><button type=button data-act=lessons:leave>Leave the lesson</button></p>");
        if let Some((_, step)) = shown {
            put!(m; "<h3>");
            m.quote_in(locale, &step.title);
            put!(m; "</h3>");
            for text in play.text() {
                paragraph(m, locale, text);
            }
            if let Some(task) = step.task.as_ref().filter(|_| play.waits() == Waits::Task) {
                paragraph(m, locale, &task.text);
            }
            if let Some(question) = &step.question {
                self.question(m, course, question);
            }
        }
        put!(m; "<p class=actions>");
        if play.over() {
            put!(m; "<b>The lesson is over.</b>");
        } else if play.waits() != Waits::Nothing {
            let (act, word) = match play.waits() {
                Waits::Answer => ("go", "Go on without an answer"),
                Waits::Task => ("do", "Do it for me"),
                _ => ("go", "Go on"),
            };
            put!(m; "<button type=button class=", if play.waits() == Waits::GoOn { "primary" } else { "plain" },
                " data-act=lessons:", act, ">", word, "</button>");
        } else {
            let ended = player.sim().now() >= player.sim().end();
            put!(m; "<span class=sub>", if ended {
                "The run is at its end, and what the next step waits for did not happen in it. Restart it, or leave the lesson."
            } else {
                "The run goes on until the next step."
            }, "</span>");
            if !ended && !self.hurries {
                put!(m; " <button type=button data-act=lessons:hurry>Fast forward</button>");
            }
        }
        put!(m; "</p></section>");
    }

    /// How much of the page is shown now, for the element to do.
    fn showing(&self, m: &mut Markup, showing: &Showing) {
        let mut names = |attribute: &str, names: &[&str]| {
            put!(m; " data-", attribute, "=\"", if names.is_empty() { "none".to_string() } else { names.join(",") }, "\"");
        };
        let keys = |keys: &[Key]| keys.iter().map(|key| key.param().key).collect::<Vec<_>>();
        if let Some(view) = showing.view {
            names("view", &[view]);
        }
        if let Some(panels) = &showing.panels {
            names("panels", panels);
        }
        if let Some(controls) = &showing.controls {
            names("controls", &keys(controls));
        }
        names("lock", &keys(&showing.lock));
    }

    fn question(&self, m: &mut Markup, course: &Course, question: &Question) {
        let (play, locale) = (&course.play, &course.base.locale);
        put!(m; "<div class=ask role=group aria-label=\"A question\"><p><b>");
        m.quote_in(locale, &question.ask);
        put!(m; "</b></p>");
        match (play.verdict(), &question.answer) {
            (Some(verdict), _) => {
                let word = match verdict.points {
                    0 if verdict.right.is_empty() => "",
                    0 => "Not this time. ",
                    crate::lesson::judge::FULL => "Right. ",
                    _ => "Nearly. ",
                };
                put!(m; "<p class=sub><span>You said:</span> <span>");
                m.quote(&verdict.yours);
                put!(m; "</span></p><p class=verdict><b>", word, "</b>");
                for text in &verdict.text {
                    put!(m; "<span>");
                    m.quote(text);
                    put!(m; "</span> ");
                }
                put!(m; "</p>");
            }
            (None, Answer::Choice { options, .. }) => {
                put!(m; "<ul class=options>");
                for (i, option) in options.iter().enumerate() {
                    put!(m; "<li><button type=button data-act=lessons:answer data-arg=", i as i32 + 1, ">");
                    m.quote_in(locale, &option.text);
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
        put!(m; "<p class=oops>");
        m.quote(&self.error);
        put!(m; "</p></div>");
    }
}

fn paragraph(m: &mut Markup, locale: &str, text: &str) {
    put!(m; "<p>");
    m.quote_in(locale, text);
    put!(m; "</p>");
}
