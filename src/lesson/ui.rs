//! How a lesson wants to be shown: the `ui` of a scenario file. Names and values are those of the URL.
use crate::metrics::Milestone;
use crate::params::Key;
use crate::view::Micros;

/// How much of the page is shown.
pub const VIEWS: &[&str] = &["full", "lesson", "bare"];
/// Colours.
pub const THEMES: &[&str] = &["auto", "light", "dark", "contrast"];
/// How much may move.
pub const MOTIONS: &[&str] = &["auto", "full", "reduced"];
/// Every field of `ui`.
pub const FIELDS: &[&str] =
    &["view", "panels", "controls", "lock", "autoplay", "speed", "start", "stopAt", "pauseAt", "theme", "motion"];

/// An instant, as `start` and `stopAt` name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// µs from the beginning.
    Time(Micros),
    /// When this happens.
    Milestone(Milestone),
}

/// A wish for the speed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// As there is to see.
    Auto,
    /// Thousandths: 1000 is real time.
    Fixed(u32),
}

/// How it wants to be shown. What is `None` is left to the page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ui {
    /// One of [`VIEWS`].
    pub view: Option<&'static str>,
    /// Some of [`crate::panels::NAMES`].
    pub panels: Option<Vec<&'static str>>,
    /// Controls to show.
    pub controls: Option<Vec<Key>>,
    /// Controls to show, but not to move.
    pub lock: Vec<Key>,
    /// Play at once?
    pub autoplay: Option<bool>,
    /// How fast.
    pub speed: Option<Pace>,
    /// Where to begin.
    pub start: Option<Moment>,
    /// Where to end.
    pub stop_at: Option<Moment>,
    /// Where to pause.
    pub pause_at: Vec<Milestone>,
    /// One of [`THEMES`].
    pub theme: Option<&'static str>,
    /// One of [`MOTIONS`].
    pub motion: Option<&'static str>,
}
