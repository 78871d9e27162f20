//! Play, pause, restart, pace, and the timeline with its milestones.
use super::charts::two_leaders;
use super::dom::{Markup, button, put};
use crate::metrics::Milestone;
use crate::player::{FASTEST, SLOWEST, Speed};
use crate::scene::{Track, milestone_words};
use crate::view::{Micros, View};
use crate::words;
use crate::words::say;

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
    ((milli / unit).round() * unit).max(low).min(high) as u32
}

/// A button with a picture.
fn icon(m: &mut Markup, act: &str, name: &str, d: &str) {
    put!(m; "<button type=button class=\"icon ", act, "\" aria-label=\"", name, "\" title=\"", name, "\" data-act=", act,
        "><svg width=16 height=16 aria-hidden=true><path d=\"", d, "\"/></svg></button>");
}

/// The row of buttons.
pub fn transport(m: &mut Markup, view: &View, p: &Playing) {
    let pace = say!(factor(p.pace), "×");
    let (play, d) = if p.paused { ("Play", "M4,2L14,8L4,14Z") } else { ("Pause", "M3,2h4v12h-4zM9,2h4v12h-4z") };
    put!(m; "<div class=transport part=toolbar role=group aria-label=Playback>");
    icon(m, "toggle", play, d);
    icon(m, "restart", "Restart", "M8,3a5,5 0 1 1 -4.8,3.6l1.7,.5a3.2,3.2 0 1 0 3.1,-2.3v2.2l-4,-3l4,-3z");
    icon(m, "back", "Previous milestone", "M11,3v10l-6,-5zM3,3h2v10h-2z");
    icon(m, "next", "Next milestone", "M5,3v10l6,-5zM11,3h2v10h-2z");
    icon(m, "backward", "One event back", "M10,3v10l-6,-5zM12,3h1v10h-1z");
    icon(m, "forward", "One event forward", "M6,3v10l6,-5zM3,3h1v10h-1z");
    put!(m; "<span class=time><b>", words::clock(view.now), "</b>\u{a0}of ", words::clock_short(view.end),
        "</span><span class=speed part=slider><button type=button class=auto aria-pressed=",
        if p.speed == Speed::Auto { "true" } else { "false" },
        " data-act=auto>Auto pace</button><input type=range id=speed min=0 max=1000 step=20 aria-label=Speed aria-valuetext=",
        pace.as_str(), " value=", speed_position(p.pace), " /><span class=factor>", pace, "</span></span>");
    put!(m; "<span class=choose><button type=button data-lab=runs data-arg=slowly>Both side by side</button>");
    button(m, "slowly", "big", if p.slow { "Add hosts quickly again" } else { "Add hosts slowly instead" });
    put!(m; "</span></div>");
}

/// The timeline.
pub fn timeline(m: &mut Markup, view: &View, known: &[(Milestone, Micros)], track: &Track, plan: Option<Micros>) {
    let shown: Vec<(Milestone, Micros)> = known.iter().filter(|(m, _)| *m != Milestone::End).copied().collect();
    let (left, now) = (track.x(0), track.x(view.now));
    let (from, to) = two_leaders(known, view.now).map_or((left, left), |(a, b)| (track.x(a), track.x(b)));
    let heal = plan.filter(|at| *at > view.now);
    put!(m; "<div class=timeline part=slider><svg width=", track.width, " height=56 aria-hidden=true><rect class=track x=", left, " y=25 width=",
        track.width - 2 * left, " height=6 rx=3 /><rect class=done x=", left, " y=25 width=", now - left,
        " height=6 rx=3 /><rect class=two x=", from, " y=25 width=", (to - from).max(0), " height=6 />");
    for (milestone, at) in &shown {
        put!(m; "<path class=tick d=M", track.x(*at), ",19v18><title>", milestone_words(*milestone), " at ", words::clock(*at), "</title></path>");
    }
    if let Some(at) = heal {
        put!(m; "<path class=\"tick plan\" d=M", track.x(at), ",19v18 />");
    }
    for l in track.labels(&shown, heal) {
        let go = l.milestone.map_or("", |m| m.name());
        put!(m; "<text class=axis data-act=goto data-arg=\"", go, "\" x=", l.x, " y=", if l.row == 0 { 14 } else { 50 }, ">", l.text, "</text>");
    }
    put!(m; "</svg><input type=range id=time min=0 max=", (view.end / 100_000) as i32, " step=1 aria-label=Time aria-valuetext=",
        words::clock(view.now), " value=", (view.now / 100_000) as i32, " /></div>");
}
