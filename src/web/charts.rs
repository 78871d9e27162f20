//! Two charts on the timeline's axis: writes per second by fate, and the depth of the dead-letter queue.
use yew::Html;

use super::dom::view;
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
    let rates = |i: usize| line(track, &bins, rate_top * 10, &|b| b.rates[i]);
    let narrow = track.width < 400;
    let keys = if narrow { [48, 110, 172] } else { [0, 108, 172] };
    let [key0, key1, key2] = keys.map(|x| format!("translate({},11)", track.width - 288 + x));
    let first = view!(
        "<g><path class=\"line ok\" d={}/><path class=\"line bad\" d={}/><path class=\"line dead\" d={}/>
        <g class=chart-key transform={}><path class=\"line ok\" d=M0,-4h16 /><text x=21>{}</text></g>
        <g class=chart-key transform={}><path class=\"line bad\" d=M0,-4h16 /><text x=21>failed</text></g>
        <g class=chart-key transform={}><path class=\"line dead\" d=M0,-4h16 /><text x=21>dead-lettered</text></g></g>",
        rates(0),
        rates(1),
        rates(2),
        key0,
        if narrow { "acked" } else { "acknowledged" },
        key1,
        key2,
    );
    let second = view!("<path class=\"line deep\" d={}/>", line(track, &bins, deep_top, &|b| b.depth));
    view!(
        "<div class=charts part=chart>{}{}{}</div>",
        plot("writes/s", &frame, rate_top, said, first),
        plot("dead letters waiting", &frame, deep_top, deep, second),
        axis(track),
    )
}

fn plot(title: &'static str, frame: &Frame, top: u64, said: String, inner: Html) -> Html {
    let width = frame.track.width;
    let (left, bottom) = (THUMB, HEAD + PLOT);
    let (from, to) = frame.shade;
    let across = width - 2 * left;
    view!(
        "<svg class=chart width={} height={} role=img aria-label={}><rect class=two x={} y={} width={} height={}/>
        <path class=grid d={}/>{}<path class=cursor d={}/><text class=\"axis title\" x={} y=11>{}</text>
        <text class=axis x={} y={}>{}</text><text class=axis x={} y={}>0</text></svg>",
        width,
        bottom + 4,
        said,
        from,
        HEAD,
        (to - from).max(0),
        PLOT,
        format!("M{left},{bottom}h{across}M{left},{HEAD}h{across}"),
        inner,
        format!("M{},{HEAD}v{PLOT}", frame.track.x(frame.now)),
        left,
        title,
        left + 3,
        HEAD + 12,
        words::count(top),
        left + 3,
        bottom - 4,
    )
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
        view!("<text class=axis x={} y=12 text-anchor={}>{}</text>", x, anchor, words::clock_short(at))
    };
    let labels: Vec<Html> = (0..=seconds / step).map(label).collect();
    view!("<svg class=\"chart times\" width={} height=16 aria-hidden=true>{}</svg>", track.width, labels)
}
