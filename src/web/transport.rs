//! Play, pause, restart, pace, and the timeline with its milestones.
use yew::Html;

use super::charts::two_leaders;
use super::dom::{button, el, t, valued};
use crate::metrics::Milestone;
use crate::player::{FASTEST, SLOWEST, Speed};
use crate::scene::{Track, milestone_words};
use crate::view::{Micros, View};
use crate::words;

/// What the bar needs to know besides the picture.
pub struct Playing {
    /// Does it stand still?
    pub paused: bool,
    /// The chosen speed.
    pub speed: Speed,
    /// The speed now, in thousandths.
    pub pace: u32,
    /// Would "slowly" change anything?
    pub slow: bool,
}

/// `0.25`, `1.5`, `60`.
fn factor(milli: u32) -> String {
    crate::params::format_value(
        crate::params::Key::HealAt,
        i64::from(if milli >= 10_000 { milli / 1000 * 1000 } else { milli }) * 1000,
    )
}

/// The speed slider's position (0–1000) for a speed, and back: logarithmic.
pub fn speed_position(milli: u32) -> i32 {
    let (low, high) = (f64::from(SLOWEST), f64::from(FASTEST));
    (js_sys::Math::log(f64::from(milli) / low) / js_sys::Math::log(high / low) * 1000.0).round() as i32
}

/// The speed (thousandths) for a position of the slider.
pub fn speed_at(position: i32) -> u32 {
    let (low, high) = (f64::from(SLOWEST), f64::from(FASTEST));
    let milli = low * js_sys::Math::pow(high / low, f64::from(position) / 1000.0);
    // Two digits are plenty, and 1× must be reachable.
    let unit = if milli >= 100_000.0 {
        10_000.0
    } else if milli >= 10_000.0 {
        1_000.0
    } else if milli >= 1_000.0 {
        100.0
    } else {
        10.0
    };
    ((milli / unit).round() * unit).clamp(low, high) as u32
}

/// A button with a picture.
fn icon(act: &'static str, class: &'static str, name: &'static str, d: &'static str) -> Html {
    el!("button", "type" = "button", "class" = class, "aria-label" = name, "title" = name, "data-act" = act;
        el!("svg", "width" = 16, "height" = 16, "aria-hidden" = "true"; el!("path", "d" = d)))
}

/// The row of buttons.
pub fn transport(view: &View, p: &Playing) -> Html {
    let auto = if p.speed == Speed::Auto { "true" } else { "false" };
    let pace = format!("{}×", factor(p.pace));
    let play = if p.paused {
        icon("toggle", "icon play", "Play", "M4,2L14,8L4,14Z")
    } else {
        icon("toggle", "icon play", "Pause", "M3,2h4v12h-4zM9,2h4v12h-4z")
    };
    let slider = el!(
        "input",
        "type" = "range",
        "id" = "speed",
        "min" = 0,
        "max" = 1000,
        "step" = 1,
        "aria-label" = "Speed",
        "aria-valuetext" = pace.clone()
    );
    el!("div", "class" = "transport", "part" = "toolbar", "role" = "group", "aria-label" = "Playback";
        play,
        icon("restart", "icon", "Restart", "M8,3a5,5 0 1 1 -4.800,3.600l1.700,.5a3.200,3.200 0 1 0 3.100,-2.300v2.200l-4,-3l4,-3z"),
        icon("back", "icon", "Previous milestone", "M11,3v10l-6,-5zM3,3h2v10h-2z"),
        icon("next", "icon", "Next milestone", "M5,3v10l6,-5zM11,3h2v10h-2z"),
        el!("span", "class" = "time";
            el!("b"; t(words::clock(view.now))), t([" of ", &words::clock_short(view.end)].concat())),
        el!("span", "class" = "speed", "part" = "slider";
            el!("button", "type" = "button", "class" = "auto", "aria-pressed" = auto, "data-act" = "auto"; t("Auto pace")),
            valued(speed_position(p.pace), slider),
            el!("span", "class" = "factor"; t(pace))),
        button("slowly", "big", if p.slow { "Add hosts quickly again" } else { "Add hosts slowly instead" }))
}

/// The timeline.
pub fn timeline(view: &View, known: &[(Milestone, Micros)], track: &Track, plan: Option<Micros>) -> Html {
    let shown: Vec<(Milestone, Micros)> = known.iter().filter(|(m, _)| *m != Milestone::End).copied().collect();
    let (left, now) = (track.x(0), track.x(view.now));
    let (from, to) = two_leaders(known, view.now).map_or((left, left), |(a, b)| (track.x(a), track.x(b)));
    let heal = plan.filter(|at| *at > view.now);
    let mut inner = vec![
        el!("rect", "class" = "track", "x" = left, "y" = 25, "width" = track.width - 2 * left, "height" = 6, "rx" = 3),
        el!("rect", "class" = "done", "x" = left, "y" = 25, "width" = now - left, "height" = 6, "rx" = 3),
        el!("rect", "class" = "two", "x" = from, "y" = 25, "width" = (to - from).max(0), "height" = 6),
    ];
    let tick = |class: &'static str, at: Micros, title: String| {
        let x = track.x(at);
        el!("line", "class" = class, "x1" = x, "x2" = x, "y1" = 19, "y2" = 37; el!("title"; t(title)))
    };
    for (m, at) in &shown {
        inner.push(tick("tick", *at, format!("{} at {}", milestone_words(*m), words::clock(*at))));
    }
    inner.extend(heal.map(|at| tick("tick plan", at, String::new())));
    for l in track.labels(&shown, heal) {
        inner.push(el!("text", "class" = "axis", "x" = l.x, "y" = if l.row == 0 { 14 } else { 50 }; t(l.text)));
    }
    let slider = el!(
        "input",
        "type" = "range",
        "id" = "time",
        "min" = 0,
        "max" = (view.end / 100_000) as i32,
        "step" = 1,
        "aria-label" = "Time",
        "aria-valuetext" = words::clock(view.now)
    );
    el!("div", "class" = "timeline";
        el!("svg", "width" = track.width, "height" = 56, "aria-hidden" = "true"; ..inner),
        valued((view.now / 100_000) as i32, slider))
}
