//! Two charts on the timeline's axis: writes per second by fate, and the depth of the dead-letter queue.
use yew::Html;

use super::dom::{el, t};
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
fn line(track: &Track, bins: &[Bin], top: u64, value: &dyn Fn(&Bin) -> u64) -> String {
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

/// What both plots share.
struct Frame<'a> {
    track: &'a Track,
    now: Micros,
    /// The two-leader interval, in pixels.
    shade: (i32, i32),
}

/// Both charts.
pub fn charts(view: &View, history: &[Sample], known: &[(Milestone, Micros)], track: &Track) -> Html {
    let bins = bins(history, view.end, track.width);
    let busiest = bins.iter().flat_map(|b| b.rates).max().unwrap_or(0);
    let rate_top = words::nice_ceiling(busiest.div_ceil(10).max(10));
    let deep_top = words::nice_ceiling(view.tray.peak.max(10));
    let shade = two_leaders(known, view.now).map_or((0, 0), |(a, b)| (track.x(a), track.x(b.min(view.now))));
    let frame = Frame { track, now: view.now, shade };
    let rate = |i: usize| words::tenths(bins.last().map_or(0, |b| b.rates[i]) * 100_000);
    let when = words::clock_short(view.now);
    let said = format!(
        "Writes per second at {when}: {} acknowledged, {} failed, {} dead-lettered.",
        rate(0),
        rate(1),
        rate(2)
    );
    let (depth, peak) = (view.tray.depth, view.tray.peak);
    let deep = format!("Dead letters waiting at {when}: {depth}; at most {peak} so far.");
    let path = |class: &'static str, d: String| el!("path", "class" = class, "d" = d);
    let rates = |class: &'static str, i: usize| path(class, line(track, &bins, rate_top * 10, &|b| b.rates[i]));
    let acked = if track.width < 400 { "acked" } else { "acknowledged" };
    let first = vec![
        rates("line ok", 0),
        rates("line bad", 1),
        rates("line dead", 2),
        key(0, track, acked, "line ok"),
        key(1, track, "failed", "line bad"),
        key(2, track, "dead-lettered", "line dead"),
    ];
    let second = vec![path("line deep", line(track, &bins, deep_top, &|b| b.depth))];
    el!("div", "class" = "charts", "part" = "chart";
        plot("writes/s", &frame, rate_top, said, first),
        plot("dead letters waiting", &frame, deep_top, deep, second),
        axis(track))
}

fn key(i: usize, track: &Track, text: &'static str, class: &'static str) -> Html {
    let x = track.width - 288 + if track.width < 400 { [48, 110, 172] } else { [0, 108, 172] }[i];
    el!("g", "class" = "chart-key", "transform" = format!("translate({x},11)");
        el!("path", "class" = class, "d" = "M0,-4h16"), el!("text", "x" = 21; t(text)))
}

fn plot(title: &'static str, frame: &Frame, top: u64, said: String, inner: Vec<Html>) -> Html {
    let width = frame.track.width;
    let (left, right, bottom) = (THUMB, width - THUMB, HEAD + PLOT);
    let (from, to) = frame.shade;
    let cursor = frame.track.x(frame.now);
    let grid = |y: i32| el!("line", "class" = "grid", "x1" = left, "x2" = right, "y1" = y, "y2" = y);
    let word =
        |class: &'static str, x: i32, y: i32, text: String| el!("text", "class" = class, "x" = x, "y" = y; t(text));
    el!("svg", "class" = "chart", "width" = width, "height" = bottom + 4, "role" = "img", "aria-label" = said;
        el!("rect", "class" = "two", "x" = from, "y" = HEAD, "width" = (to - from).max(0), "height" = PLOT),
        grid(bottom),
        grid(HEAD),
        el!("g"; ..inner),
        el!("line", "class" = "cursor", "x1" = cursor, "x2" = cursor, "y1" = HEAD, "y2" = bottom),
        word("axis title", left, 11, title.to_string()),
        word("axis", left + 3, HEAD + 12, words::count(top)),
        word("axis", left + 3, bottom - 4, "0".to_string()))
}

/// Times under the charts.
fn axis(track: &Track) -> Html {
    let most = u64::try_from(track.width / 80).unwrap_or(4).max(2);
    let steps = [10, 20, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200, 36_000];
    let seconds = track.end / 1_000_000;
    let step = steps.into_iter().find(|s| seconds / s <= most).unwrap_or(36_000);
    let label = |i: u64| {
        let at = i * step * 1_000_000;
        let x = track.x(at);
        let anchor = if i == 0 {
            "start"
        } else if x > track.width - 24 {
            "end"
        } else {
            "middle"
        };
        el!("text", "class" = "axis", "x" = x, "y" = 12, "text-anchor" = anchor; t(words::clock_short(at)))
    };
    el!("svg", "class" = "chart times", "width" = track.width, "height" = 16, "aria-hidden" = "true";
        ..(0..=seconds / step).map(label).collect())
}
