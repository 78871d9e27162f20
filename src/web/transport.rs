//! Play, pause, restart, pace, and the timeline with its milestones.
use yew::Html;

use super::charts::two_leaders;
use super::dom::{button, view};
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
    ((milli / unit).round() * unit).max(low).min(high) as u32
}

/// The row of buttons.
pub fn transport(view: &View, p: &Playing) -> Html {
    let pace = format!("{}×", factor(p.pace));
    let (play, icon) = if p.paused { ("Play", "M4,2L14,8L4,14Z") } else { ("Pause", "M3,2h4v12h-4zM9,2h4v12h-4z") };
    view!(
        "<div class=transport part=toolbar role=group aria-label=Playback>
        <button type=button class=\"icon play\" aria-label={} title={} data-act=toggle>
        <svg width=16 height=16 aria-hidden=true><path d={}/></svg></button>
        <button type=button class=icon aria-label=Restart title=Restart data-act=restart><svg width=16 height=16 aria-hidden=true>
        <path d=\"M8,3a5,5 0 1 1 -4.8,3.6l1.7,.5a3.2,3.2 0 1 0 3.1,-2.3v2.2l-4,-3l4,-3z\"/></svg></button>
        <button type=button class=icon aria-label=\"Previous milestone\" title=\"Previous milestone\" data-act=back>
        <svg width=16 height=16 aria-hidden=true><path d=M11,3v10l-6,-5zM3,3h2v10h-2z /></svg></button>
        <button type=button class=icon aria-label=\"Next milestone\" title=\"Next milestone\" data-act=next>
        <svg width=16 height=16 aria-hidden=true><path d=M5,3v10l6,-5zM11,3h2v10h-2z /></svg></button>
        <span class=time><b>{}</b>{}</span><span class=speed part=slider>
        <button type=button class=auto aria-pressed={} data-act=auto>Auto pace</button>
        <input type=range id=speed min=0 max=1000 step=1 aria-label=Speed aria-valuetext={} value={}/>
        <span class=factor>{}</span></span>{}</div>",
        play,
        play,
        icon,
        words::clock(view.now),
        ["\u{a0}of ", &words::clock_short(view.end)].concat(),
        if p.speed == Speed::Auto { "true" } else { "false" },
        pace.clone(),
        speed_position(p.pace),
        pace,
        button("slowly", "big", if p.slow { "Add hosts quickly again" } else { "Add hosts slowly instead" }),
    )
}

/// The timeline.
pub fn timeline(view: &View, known: &[(Milestone, Micros)], track: &Track, plan: Option<Micros>) -> Html {
    let shown: Vec<(Milestone, Micros)> = known.iter().filter(|(m, _)| *m != Milestone::End).copied().collect();
    let (left, now) = (track.x(0), track.x(view.now));
    let (from, to) = two_leaders(known, view.now).map_or((left, left), |(a, b)| (track.x(a), track.x(b)));
    let heal = plan.filter(|at| *at > view.now);
    let mut inner = vec![view!(
        "<g><rect class=track x={} y=25 width={} height=6 rx=3 /><rect class=done x={} y=25 width={} height=6 rx=3 />
        <rect class=two x={} y=25 width={} height=6 /></g>",
        left,
        track.width - 2 * left,
        left,
        now - left,
        from,
        (to - from).max(0),
    )];
    let tick = |class: &'static str, at: Micros, title: String| {
        view!("<path class={} d={}><title>{}</title></path>", class, format!("M{},19v18", track.x(at)), title)
    };
    for (m, at) in &shown {
        inner.push(tick("tick", *at, format!("{} at {}", milestone_words(*m), words::clock(*at))));
    }
    inner.extend(heal.map(|at| tick("tick plan", at, String::new())));
    for l in track.labels(&shown, heal) {
        inner.push(view!("<text class=axis x={} y={}>{}</text>", l.x, if l.row == 0 { 14 } else { 50 }, l.text));
    }
    view!(
        "<div class=timeline><svg width={} height=56 aria-hidden=true>{}</svg>
        <input type=range id=time min=0 max={} step=1 aria-label=Time aria-valuetext={} value={}/></div>",
        track.width,
        inner,
        (view.end / 100_000) as i32,
        words::clock(view.now),
        (view.now / 100_000) as i32,
    )
}
