//! What the component and the JavaScript handle share: the player, and who wants to know its news.
use std::cell::{Cell, RefCell};

use wasm_bindgen::prelude::*;

use yew::Html;

use super::dom::Markup;
use super::paint::Painter;
use crate::player::{News, Player};
use crate::scenario::Scenario;

#[wasm_bindgen]
extern "C" {
    /// The element's side: what Rust asks of the page. See `www/second-leader.js`.
    pub type Host;

    /// An event happened: its name, a text and a number of its detail.
    #[wasm_bindgen(method)]
    fn emit(this: &Host, name: &str, text: &str, number: f64);

    /// A promise to seek is kept, or broken with this message.
    #[wasm_bindgen(method)]
    fn arrived(this: &Host, seek: u32, error: &str);

    /// The DOM was changed: place what is placed by number, put values into inputs (`fill`), focus what the selector
    /// `focus` finds.
    #[wasm_bindgen(method)]
    pub fn settle(this: &Host, width: i32, height: i32, fill: bool, focus: &str);

    /// Draw these marks on the stage of this number: 0, or 1 for the run beside it.
    #[wasm_bindgen(method)]
    pub fn draw(this: &Host, marks: &[f32], paused: bool, stage: u32);

    /// The stage of the run beside it has this size now.
    #[cfg(feature = "lab")]
    #[wasm_bindgen(method)]
    pub fn fit(this: &Host, width: i32, height: i32);

    /// A panel asks for something: `copy`, `save` or `say`, with a name, a media type and a text.
    #[cfg(feature = "lab")]
    #[wasm_bindgen(method)]
    fn ask(this: &Host, what: &str, name: &str, kind: &str, text: &str);

    /// Is another language than English spoken?
    #[wasm_bindgen(method)]
    fn foreign(this: &Host) -> bool;

    /// Markup with its texts in that language. See `www/locale.js`.
    #[wasm_bindgen(method)]
    fn translate(this: &Host, markup: &str) -> String;

    /// Milliseconds of wall time since the page began.
    #[wasm_bindgen(method)]
    fn now(this: &Host) -> f64;
}

/// Shared by everything that belongs to one instance.
pub struct Shared {
    /// The run.
    pub player: RefCell<Player>,
    /// The marks on the canvas.
    pub painter: RefCell<Painter>,
    /// … of the run beside it.
    #[cfg(feature = "lab")]
    pub twin_painter: RefCell<Painter>,
    /// On screen, in a visible tab?
    pub visible: Cell<bool>,
    /// Does the visitor want little motion?
    pub reduced: bool,
    /// What was wrong with the input, until dismissed.
    pub notices: RefCell<Vec<String>>,
    /// The element.
    pub host: Host,
    /// The scenario file it came from, if it did.
    pub own: RefCell<Option<Scenario>>,
    /// What a learning platform may know of the lesson that is under way, as JSON.
    #[cfg(feature = "lab")]
    pub lesson: RefCell<String>,
    /// A lesson is still to go on from where it was left.
    #[cfg(feature = "lab")]
    pub resuming: Cell<bool>,
    settled: RefCell<Vec<(u32, String)>>,
    /// The phase and the pace that were told last.
    told: Cell<(&'static str, u32)>,
}

impl Shared {
    /// A new instance's.
    pub fn new(player: Player, host: Host, reduced: bool, notices: Vec<String>, own: Option<Scenario>) -> Shared {
        let told = Cell::new((crate::metrics::phase(player.sim().milestones(), player.sim().heads().0), player.pace()));
        Shared {
            player: RefCell::new(player),
            painter: RefCell::default(),
            #[cfg(feature = "lab")]
            twin_painter: RefCell::default(),
            visible: Cell::new(true),
            reduced,
            notices: RefCell::new(notices),
            host,
            own: RefCell::new(own),
            #[cfg(feature = "lab")]
            lesson: RefCell::default(),
            #[cfg(feature = "lab")]
            resuming: Cell::new(false),
            settled: RefCell::default(),
            told,
        }
    }

    /// Makes nodes of markup, in the language of the page.
    pub fn nodes(&self, mut markup: Markup) -> Html {
        if self.host.foreign() {
            markup.0 = self.host.translate(&markup.0);
        }
        markup.nodes()
    }

    /// Says when a budget of wall time is spent.
    pub fn budget(&self, ms: f64) -> impl FnMut() -> bool {
        let end = self.host.now() + ms;
        move || self.host.now() >= end
    }

    /// Tells the element. Never called while anything here is borrowed: a listener may call right back.
    pub fn emit(&self, name: &str, text: &str, number: f64) {
        self.host.emit(name, text, number);
    }

    /// Passes on what a panel asks of the page.
    #[cfg(feature = "lab")]
    pub fn ask(&self, ask: super::lab::Ask) {
        use super::lab::Ask;
        match ask {
            Ask::Copy(text) => self.host.ask("copy", "", "", &text),
            Ask::CopyWords(text) => self.host.ask("copy", "", super::lab::WORDS, &text),
            Ask::Save(name, kind, text) => self.host.ask("save", &name, kind, &text),
            Ask::Say(text) => self.host.ask("say", "", "", &text),
            Ask::Lesson(name) => self.host.ask("lesson", &name, "", ""),
            Ask::Tell(name, detail) => self.host.ask("tell", name, "", &detail),
            Ask::Kept => self.resuming.set(false),
            Ask::Keep(report) => *self.lesson.borrow_mut() = report,
            Ask::Seek(_) | Ask::Open(..) | Ask::Focus(_) => {} // done by the lab itself
        }
    }

    /// Passes the player's news on.
    pub fn flush(&self) {
        let news = self.player.borrow_mut().take_news();
        let now = {
            let player = self.player.borrow();
            (crate::metrics::phase(player.sim().milestones(), player.sim().heads().0), player.pace())
        };
        let before = self.told.replace(now);
        for item in news {
            match item {
                News::Play => self.emit("play", "", 0.0),
                News::Pause => self.emit("pause", "", 0.0),
                News::Ended => self.emit("ended", "", 0.0),
                News::ParamChange => self.emit("paramchange", "", 0.0),
                News::Milestone(m, at) => self.emit("milestone", m.name(), at as f64 / 1e6),
                News::Arrived(id) => self.settled.borrow_mut().push((id, String::new())),
                News::Never(id, m) => {
                    let text = ["milestone ", m.name(), " never comes in this run"].concat();
                    self.settled.borrow_mut().push((id, text));
                }
            }
        }
        if now.0 != before.0 {
            self.emit("phasechange", now.0, 0.0);
        }
        if now.1 != before.1 {
            self.emit("ratechange", "", f64::from(now.1) / 1e3);
        }
    }

    /// The DOM now shows what was reached: answer.
    pub fn answer(&self) {
        for (id, error) in self.settled.take() {
            self.host.arrived(id, &error);
        }
    }
}
