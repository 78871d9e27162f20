//! Producers, jobs that wait to retry, the dead-letter tray, consumers.
use yew::prelude::*;

use super::px;
use crate::scene::{Rect, Scene};
use crate::view::{RetryView, TrayView, View};
use crate::words;

/// Up to this many dead letters are drawn one by one.
const SQUARES: u64 = 30;

/// The clients' band.
pub fn clients(view: &View, scene: &Scene, drain_rate: String) -> Html {
    let name =
        |word: &str, i: usize| if scene.narrow { format!("{word} {}", i + 1) } else { format!("{word} {}", i + 1) };
    let pill = |r: &Rect, text: String| {
        html! {
            <g class="client">
                <rect x={px(r.x)} y={px(r.y)} width={px(r.w)} height={px(r.h)} rx="12"/>
                <text x={px(r.x + r.w / 2)} y={px(r.y + r.h / 2 + 4)} text-anchor="middle">{ text }</text>
            </g>
        }
    };
    html! {
        <g class="clients">
            { for scene.producers.iter().enumerate().map(|(i, r)| pill(r, name("producer", i))) }
            { for scene.consumers.iter().enumerate().map(|(i, r)| pill(r, name("consumer", i))) }
            { retry(view, &view.retry, scene) }
            { tray(&view.tray, scene, drain_rate) }
        </g>
    }
}

fn retry(view: &View, retry: &RetryView, scene: &Scene) -> Html {
    let none = (retry.waiting == 0).then_some("none");
    let span = retry.until.saturating_sub(retry.since).max(1);
    let done = view.now.saturating_sub(retry.since).min(span) * 100 / span;
    let jobs = words::plural(u64::from(retry.waiting), "job waits", "jobs wait");
    html! {
        <g class={classes!("retry", none)} transform={format!("translate({},{})", scene.retry.x, scene.retry.y)}>
            <circle class="track" r="9"/>
            <circle class="arc" r="9" pathLength="100" stroke-dasharray={format!("{done} 100")} transform="rotate(-90)"/>
            <text x="16" y="-2">{ jobs }</text>
            <text x="16" y="11">{ format!("{}, try {}", words::span(span), retry.attempt) }</text>
        </g>
    }
}

fn tray(tray: &TrayView, scene: &Scene, drain_rate: String) -> Html {
    let Rect { x, y, w, h } = scene.tray;
    if !tray.exists {
        return html! {
            <g class="tray absent">
                <rect x={px(x)} y={px(y)} width={px(w)} height={px(h)} rx="6"/>
                <text x={px(x + w / 2)} y={px(y + h / 2 + 4)} text-anchor="middle">{ "no dead-letter queue: what fails is dropped" }</text>
            </g>
        };
    }
    let mut title = format!("dead letters {}", words::count(tray.depth));
    if tray.depth > 0 {
        title.push_str(&format!(" · oldest {}", words::span(tray.oldest)));
    }
    if tray.draining {
        title.push_str(&format!(" · draining {drain_rate}/s"));
    }
    let columns = ((w - 12) / 16).max(1);
    let squares = if tray.depth <= SQUARES { tray.depth as i32 } else { 0 };
    let bar = if tray.depth > SQUARES {
        (u64::try_from(w - 12).unwrap_or(0) * tray.depth / tray.peak.max(1)) as i32
    } else {
        0
    };
    let bar = bar.min(w - 12);
    html! {
        <g class="tray">
            <text class="hull-label d" x={px(x)} y={px(y - 9)}>{ title }</text>
            <path class="box" d={format!("M{x},{y}v{h}h{w}v-{h}")}/>
            { for (0..squares).map(|i| html! {
                <rect class="letter" x={px(x + 7 + i % columns * 16)} y={px(y + h - 20 - i / columns * 17)} width="13" height="13" rx="2"/>
            }) }
            <rect class={classes!("letter", (bar == 0).then_some("none"))} x={px(x + 6)} y={px(y + h - 40)} width={px(bar)} height="34" rx="3"/>
            <text class={classes!("number", (bar == 0).then_some("none"))} x={px(x + 8)} y={px(y + h - 47)}>
                { format!("{} jobs; at most {} so far", words::count(tray.depth), words::count(tray.peak)) }
            </text>
        </g>
    }
}
