//! Two charts on the timeline's axis: writes per second by fate, and the depth of the dead-letter queue.
use yew::prelude::*;

use super::stage::px;
use crate::metrics::{Milestone, Sample};
use crate::scene::{THUMB, Track};
use crate::view::{Micros, View};
use crate::words;

/// Height of a plot, and the room above it for its title.
const PLOT: i32 = 62;
const HEAD: i32 = 20;

/// Samples gathered into bins of at least a second, so that Poisson noise does not look like news.
struct Bin {
    at: Micros,
    rates: [u64; 3],
    depth: u64,
}

fn bins(history: &[Sample], end: Micros, width: i32) -> Vec<Bin> {
    let least = (end / u64::try_from(width.max(60) / 2).unwrap_or(60)).max(1_000_000);
    let mut out = Vec::new();
    let (mut from, mut sums) = (0, [0_u64; 3]);
    for s in history {
        for (sum, n) in sums.iter_mut().zip([s.acknowledged, s.failed, s.dead_lettered]) {
            *sum += u64::from(n);
        }
        let span = s.at.saturating_sub(from);
        if span >= least {
            let rates = sums.map(|n| n * 10_000_000 / span); // tenths per second
            out.push(Bin { at: s.at, rates, depth: u64::from(s.dlq_depth) });
            (from, sums) = (s.at, [0; 3]);
        }
    }
    out
}

/// A line over the bins; `top` is the axis' upper end in the same unit as the values.
fn line(track: &Track, bins: &[Bin], top: u64, value: impl Fn(&Bin) -> u64) -> String {
    let mut d = String::new();
    for (i, bin) in bins.iter().enumerate() {
        let y = HEAD + PLOT - (value(bin).min(top) * PLOT as u64 / top.max(1)) as i32;
        d.push(if i == 0 { 'M' } else { 'L' });
        d.push_str(&format!("{},{}", track.x(bin.at), y));
    }
    d
}

/// When two leaders served: from the second's first broadcast until it was gone.
pub fn two_leaders(known: &[(Milestone, Micros)], now: Micros) -> Option<(Micros, Micros)> {
    let at = |m| known.iter().find(|(k, _)| *k == m).map(|(_, at)| *at);
    let from = at(Milestone::SecondLeader)?;
    Some((from, at(Milestone::SecondClusterGone).unwrap_or(now).max(from)))
}

/// Both charts.
pub fn charts(view: &View, history: &[Sample], known: &[(Milestone, Micros)], track: &Track) -> Html {
    let bins = bins(history, view.end, track.width);
    let busiest = bins.iter().flat_map(|b| b.rates).max().unwrap_or(0);
    let (rate_top, deep_top) =
        (words::nice_ceiling(busiest.div_ceil(10).max(10)), words::nice_ceiling(view.tray.peak.max(10)));
    let shade = two_leaders(known, view.now).map(|(from, to)| (track.x(from), track.x(to.min(view.now))));
    let last = bins.last();
    let rate = |i: usize| words::tenths(last.map_or(0, |b| b.rates[i]) * 100_000);
    let said = format!(
        "Writes per second at {}: {} acknowledged, {} failed, {} dead-lettered.",
        words::clock_short(view.now),
        rate(0),
        rate(1),
        rate(2)
    );
    let deep = format!(
        "Dead letters waiting at {}: {}; at most {} so far.",
        words::clock_short(view.now),
        view.tray.depth,
        view.tray.peak
    );
    let legend = html! {
        <>
            { key(0, track, if track.width < 400 { "acked" } else { "acknowledged" }, "ok") }
            { key(1, track, "failed", "bad") }
            { key(2, track, "dead-lettered", "dead") }
        </>
    };
    html! {
        <div class="charts" part="chart">
            { plot("writes/s", track, view.now, shade, rate_top, said, html! {
                <>
                    <path class="line ok" d={line(track, &bins, rate_top * 10, |b| b.rates[0])}/>
                    <path class="line bad" d={line(track, &bins, rate_top * 10, |b| b.rates[1])}/>
                    <path class="line dead" d={line(track, &bins, rate_top * 10, |b| b.rates[2])}/>
                </>
            }, legend) }
            { plot("dead letters waiting", track, view.now, shade, deep_top, deep, html! {
                <path class="line deep" d={line(track, &bins, deep_top, |b| b.depth)}/>
            }, html! { <g/> }) }
            { axis(track) }
        </div>
    }
}

fn key(i: i32, track: &Track, text: &'static str, class: &'static str) -> Html {
    let x = track.width - 288 + if track.width < 400 { [48, 110, 172] } else { [0, 108, 172] }[i as usize];
    html! {
        <g class="chart-key" transform={format!("translate({x},11)")}>
            <path class={classes!("line", class)} d="M0,-4h16"/><text x="21" y="0">{ text }</text>
        </g>
    }
}

#[allow(clippy::too_many_arguments)] // one call site per chart; a struct would only rename the list
fn plot(
    title: &'static str,
    track: &Track,
    now: Micros,
    shade: Option<(i32, i32)>,
    top: u64,
    said: String,
    lines: Html,
    legend: Html,
) -> Html {
    let (left, right, bottom) = (THUMB, track.width - THUMB, HEAD + PLOT);
    let (from, to) = shade.unwrap_or((left, left));
    let cursor = px(track.x(now));
    html! {
        <svg class="chart" width={px(track.width)} height={px(bottom + 4)} role="img" aria-label={said}>
            <rect class="two" x={px(from)} y={px(HEAD)} width={px((to - from).max(0))} height={px(PLOT)}/>
            <line class="grid" x1={px(left)} x2={px(right)} y1={px(bottom)} y2={px(bottom)}/>
            <line class="grid" x1={px(left)} x2={px(right)} y1={px(HEAD)} y2={px(HEAD)}/>
            { lines }
            <line class="cursor" x1={cursor.clone()} x2={cursor} y1={px(HEAD)} y2={px(bottom)}/>
            <text class="axis title" x={px(left)} y="11">{ title }</text>
            <text class="axis top" x={px(left + 3)} y={px(HEAD + 12)}>{ words::count(top) }</text>
            <text class="axis" x={px(left + 3)} y={px(bottom - 4)}>{ "0" }</text>
            { legend }
        </svg>
    }
}

/// Times under the charts.
fn axis(track: &Track) -> Html {
    let most = u64::try_from(track.width / 80).unwrap_or(4).max(2);
    let steps = [10, 20, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200, 36_000];
    let seconds = track.end / 1_000_000;
    let step = steps.into_iter().find(|s| seconds / s <= most).unwrap_or(36_000);
    html! {
        <svg class="chart times" width={px(track.width)} height="16" aria-hidden="true">
            { for (0..=seconds / step).map(|i| {
                let at = i * step * 1_000_000;
                let anchor = if i == 0 { "start" } else if track.x(at) > track.width - 24 { "end" } else { "middle" };
                html! { <text key={i} class="axis" x={px(track.x(at))} y="12" text-anchor={anchor}>{ words::clock_short(at) }</text> }
            }) }
        </svg>
    }
}
