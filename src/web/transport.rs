//! Play, pause, restart, pace, and the timeline with its milestones.
use yew::prelude::*;

use super::app::{App, Msg};
use super::charts::two_leaders;
use super::stage::px;
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

/// The row of buttons.
pub fn transport(ctx: &Context<App>, view: &View, p: &Playing) -> Html {
    let link = ctx.link();
    let auto = p.speed == Speed::Auto;
    let pace = format!("{}×", factor(p.pace));
    let (label, icon) = if p.paused { ("Play", "M4,2L14,8L4,14Z") } else { ("Pause", "M3,2h4v12h-4zM9,2h4v12h-4z") };
    let button = |name: &'static str, d: &'static str, msg: fn() -> Msg| {
        html! {
            <button type="button" class="icon" aria-label={name} title={name} onclick={link.callback(move |_| msg())}>
                <svg width="16" height="16" aria-hidden="true"><path d={d}/></svg>
            </button>
        }
    };
    html! {
        <div class="transport" part="toolbar" role="group" aria-label="Playback">
            <button type="button" class="icon play" aria-label={label} title={format!("{label} (space)")}
                onclick={link.callback(|_| Msg::Toggle)}>
                <svg width="16" height="16" aria-hidden="true"><path d={icon}/></svg>
            </button>
            { button("Restart", "M8,3a5,5 0 1 1 -4.800,3.600l1.700,.5a3.200,3.200 0 1 0 3.100,-2.300v2.200l-4,-3l4,-3z", || Msg::Restart) }
            { button("Previous milestone", "M11,3v10l-6,-5zM3,3h2v10h-2z", || Msg::Step(-1)) }
            { button("Next milestone", "M5,3v10l6,-5zM11,3h2v10h-2z", || Msg::Step(1)) }
            <span class="time"><b>{ words::clock(view.now) }</b>{ format!(" of {}", words::clock_short(view.end)) }</span>
            <span class="speed" part="slider">
                <button type="button" class="auto" aria-pressed={auto.to_string()} onclick={link.callback(|_| Msg::AutoPace)}>
                    { "Auto pace" }
                </button>
                <input type="range" min="0" max="1000" step="1" aria-label="Speed" aria-valuetext={pace.clone()}
                    value={px(speed_position(p.pace))}
                    oninput={link.callback(|e: InputEvent| Msg::Speed(super::app::range_value(&e)))}/>
                <span class="factor">{ pace }</span>
            </span>
            <button type="button" class="big" onclick={link.callback(|_| Msg::Slowly)}>
                { if p.slow { "Add hosts quickly again" } else { "Add hosts slowly instead" } }
            </button>
        </div>
    }
}

/// The timeline.
pub fn timeline(
    ctx: &Context<App>,
    view: &View,
    known: &[(Milestone, Micros)],
    track: &Track,
    plan: Option<Micros>,
) -> Html {
    let shown: Vec<(Milestone, Micros)> = known.iter().filter(|(m, _)| *m != Milestone::End).copied().collect();
    let (left, now) = (track.x(0), track.x(view.now));
    let shade = two_leaders(known, view.now).map_or((left, left), |(a, b)| (track.x(a), track.x(b)));
    let heal = plan.filter(|at| *at > view.now);
    let input = ctx.link().callback(|e: InputEvent| Msg::Scrub(super::app::range_value(&e)));
    html! {
        <div class="timeline">
            <svg width={px(track.width)} height="56" aria-hidden="true">
                <rect class="track" x={px(left)} y="25" width={px(track.width - 2 * left)} height="6" rx="3"/>
                <rect class="done" x={px(left)} y="25" width={px(now - left)} height="6" rx="3"/>
                <rect class="two" x={px(shade.0)} y="25" width={px((shade.1 - shade.0).max(0))} height="6"/>
                { for shown.iter().map(|(m, at)| html! {
                    <line key={m.name()} class="tick" x1={px(track.x(*at))} x2={px(track.x(*at))} y1="19" y2="37"><title>
                        { format!("{} at {}", milestone_words(*m), words::clock(*at)) }</title></line>
                }) }
                { for track.labels(&shown, heal).into_iter().map(|l| html! {
                    <text key={l.text} class="axis" x={px(l.x)} y={px(if l.row == 0 { 14 } else { 50 })}>{ l.text }</text>
                }) }
                <line class={classes!("tick", "plan", heal.is_none().then_some("none"))} x1={px(track.x(heal.unwrap_or(0)))}
                    x2={px(track.x(heal.unwrap_or(0)))} y1="19" y2="37"/>
            </svg>
            <input type="range" min="0" max={(view.end / 100_000).to_string()} step="1" aria-label="Time"
                aria-valuetext={words::clock(view.now)} value={(view.now / 100_000).to_string()} oninput={input}/>
        </div>
    }
}
