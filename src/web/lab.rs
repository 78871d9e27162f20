//! The panels in which a run is explained: what anything holds, why something happened, what else could have happened. They are
//! part of the second build of this program (feature `lab`), which the element loads when a panel is first opened; what a visitor
//! had by then is handed over to it ([`crate::player::Player::hand_over`]).
//!
//! A panel is a struct with three functions, called for the open one only:
//! - `refresh(&mut self, &Ctx)` after every message and at most some seven times a second while it plays: looks at the run and
//!   keeps what it will show. Costly work is done here, and only when what it depends on has changed.
//! - `draw(&self, &mut Markup, &Ctx)` writes markup from what it kept.
//! - `act(&mut self, verb, arg, &mut Player) -> bool`: a person used a control of this panel. In markup, a button with
//!   `data-act="why:seek" data-arg=12` calls `act("seek", "12", …)` of the panel `why`; an input, a select or a textarea with
//!   `data-in="log:text"` calls `act("text", its value, …)` while it is edited. False: nothing it knows.
//!
//! What one panel asks of another, or of the page, it writes into [`Ask`]s.
pub use runs::title as run_title;

use super::dom::{Markup, put};
use crate::panels;
use crate::player::Player;
use crate::scenario::Node;
use crate::scene::Track;
use crate::view::{Micros, View};

mod charts;
mod decide;
mod inspect;
mod lessons;
mod log;
mod quorum;
mod report;
mod runs;
mod share;
mod spacetime;
mod table;
mod why;

/// What a panel may look at.
pub struct Ctx<'a> {
    /// The run, the way back, and the others.
    pub player: &'a Player,
    /// The picture now.
    pub view: &'a View,
    /// The panel's width in CSS pixels.
    pub width: i32,
    /// The node whose dialog is open.
    pub selected: Option<Node>,
}

impl Ctx<'_> {
    /// The time axis that the timeline above uses, too.
    pub fn track(&self) -> Track {
        Track { width: self.width, end: self.view.end }
    }
}

/// The media type of a file that is a text for people: it is saved in the language of the page.
pub const WORDS: &str = "text/plain;charset=utf-8";

/// What a panel asks of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Go to this instant, and stay there.
    Seek(Micros),
    /// Open this panel, and let it act: verb and argument.
    Open(Tab, &'static str, String),
    /// Put this text into the clipboard, and say so.
    Copy(String),
    /// The same with a text for people, in the language of the page.
    CopyWords(String),
    /// Offer this file for download: name, media type, content.
    Save(String, &'static str, String),
    /// Tell screen readers.
    Say(String),
    /// Give the focus to what this selector finds, once it is there.
    Focus(&'static str),
    /// Fetch the lesson of this name, and let the panel of lessons load it.
    Lesson(String),
    /// An event for whoever embeds this: its name, and its detail as JSON.
    Tell(&'static str, String),
    /// What a learning platform may know of the lesson that is under way, as JSON; "" when there is none.
    Keep(String),
    /// The lesson is where it was left, or was left nowhere.
    Kept,
}

/// A panel, in the order of [`panels::TABLE`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // each is its name there
pub enum Tab {
    Inspect,
    Why,
    Log,
    SpaceTime,
    Quorum,
    Charts,
    Runs,
    Report,
    Decide,
    Table,
    Share,
    Lessons,
}

/// Every panel, in the same order.
const TABS: [Tab; panels::TABLE.len()] = [
    Tab::Inspect,
    Tab::Why,
    Tab::Log,
    Tab::SpaceTime,
    Tab::Quorum,
    Tab::Charts,
    Tab::Runs,
    Tab::Report,
    Tab::Decide,
    Tab::Table,
    Tab::Share,
    Tab::Lessons,
];

/// Calls the same function of whichever panel this is.
macro_rules! of_panel {
    ($lab:expr, $tab:expr, $call:ident($($arg:expr),*)) => {
        match $tab {
            Tab::Inspect => $lab.inspect.$call($($arg),*),
            Tab::Why => $lab.why.$call($($arg),*),
            Tab::Log => $lab.log.$call($($arg),*),
            Tab::SpaceTime => $lab.spacetime.$call($($arg),*),
            Tab::Quorum => $lab.quorum.$call($($arg),*),
            Tab::Charts => $lab.charts.$call($($arg),*),
            Tab::Runs => $lab.runs.$call($($arg),*),
            Tab::Report => $lab.report.$call($($arg),*),
            Tab::Decide => $lab.decide.$call($($arg),*),
            Tab::Table => $lab.table.$call($($arg),*),
            Tab::Share => $lab.share.$call($($arg),*),
            Tab::Lessons => $lab.lessons.$call($($arg),*),
        }
    };
}

impl Tab {
    fn find(name: &str) -> Option<Tab> {
        panels::NAMES.iter().position(|n| *n == name).and_then(|i| TABS.get(i)).copied()
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        panels::NAMES[self as usize]
    }
}

/// All panels, and which is open.
#[derive(Default)]
pub struct Lab {
    /// The open one.
    pub tab: Option<Tab>,
    inspect: inspect::Panel,
    why: why::Panel,
    log: log::Panel,
    spacetime: spacetime::Panel,
    quorum: quorum::Panel,
    charts: charts::Panel,
    runs: runs::Panel,
    report: report::Panel,
    decide: decide::Panel,
    lessons: lessons::Panel,
    table: table::Panel,
    share: share::Panel,
    asks: Vec<Ask>,
}

impl Lab {
    /// Looks at the run.
    pub fn refresh(&mut self, ctx: &Ctx) {
        let Some(tab) = self.tab else { return };
        of_panel!(self, tab, refresh(ctx))
    }

    /// The open panel.
    pub fn draw(&self, m: &mut Markup, ctx: &Ctx) {
        let Some(tab) = self.tab else {
            put!(m; "<section class=panel hidden></section>");
            return;
        };
        let name = tab.name();
        put!(m; "<section key=", name, " class=\"panel panel-", name, "\" part=\"panel", if tab == Tab::Log { " log" } else { "" }, "\" role=region tabindex=-1 aria-label=\"", panels::title(name), "\">");
        of_panel!(self, tab, draw(m, ctx));
        put!(m; "</section>");
    }

    /// A person used a control of a panel (`what` is `panel:verb`), or the tab strip (`tab`).
    pub fn act(&mut self, what: &str, arg: &str, player: &mut Player) -> bool {
        if what == "tab" {
            let tab = Tab::find(arg);
            self.tab = if self.tab == tab { None } else { tab };
            return true;
        }
        let Some((panel, verb)) = what.split_once(':') else { return false };
        let Some(tab) = Tab::find(panel) else { return false };
        if verb == "open" {
            self.tab = Some(tab); // from elsewhere on the page
        }
        let asks = &mut self.asks;
        of_panel!(self, tab, act(verb, arg, player, asks))
    }

    /// Is a panel still at work, though the run stands still?
    pub fn busy(&self) -> bool {
        self.tab == Some(Tab::Decide) && self.decide.busy()
    }

    /// Is a lesson under way?
    pub fn teaches(&self) -> bool {
        self.lessons.teaches()
    }

    /// The lesson looks at the run.
    pub fn watch(&mut self, player: &mut Player) {
        if let Some(tab) = self.lessons.watch(player, &mut self.asks).and_then(Tab::find) {
            self.tab = Some(tab);
        }
    }

    /// The step of the lesson that is shown.
    pub fn draw_lesson(&self, m: &mut Markup, player: &Player) {
        self.lessons.draw_step(m, player);
    }

    /// What panels ask of the page.
    pub fn take_asks(&mut self) -> Vec<Ask> {
        std::mem::take(&mut self.asks)
    }

    /// Does what panels ask of each other.
    pub fn settle(&mut self, player: &mut Player) {
        let mut rest = Vec::new();
        for ask in std::mem::take(&mut self.asks) {
            match ask {
                Ask::Seek(at) => player.seek(0, crate::player::Target::Time(at)),
                Ask::Open(tab, verb, arg) => {
                    self.tab = Some(tab);
                    self.act(&[tab.name(), ":", verb].concat(), &arg, player);
                }
                other => rest.push(other),
            }
        }
        self.asks.append(&mut rest);
    }
}
