//! Two charts on the timeline's axis: writes per second by fate, and the depth of the dead-letter queue.
use super::dom::{Markup, put};
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
fn line(m: &mut Markup, class: &str, track: &Track, bins: &[Bin], top: u64, value: &dyn Fn(&Bin) -> u64) {
    put!(m; "<path class=\"line ", class, "\" d=\"");
    let mut pen = 'M';
    for bin in bins {
        let y = HEAD + PLOT - (value(bin).min(top) * PLOT as u64 / top.max(1)) as i32;
        put!(m; pen, track.x(bin.at), ",", y);
        pen = 'L';
    }
    put!(m; "\"/>");
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
///
/// `beside` is the history of a run to compare with; its lines are pale.
pub fn charts(
    m: &mut Markup,
    view: &View,
    [history, beside]: [&[Sample]; 2],
    known: &[(Milestone, Micros)],
    track: &Track,
) {
    let [bins, pale] = [history, beside].map(|history| bins(history, view.end, track.width));
    let both = || bins.iter().chain(&pale);
    let busiest = both().flat_map(|b| b.rates).max().unwrap_or(0);
    let rate_top = words::nice_ceiling(busiest.div_ceil(10).max(10));
    let deepest = both().map(|b| b.depth).max().unwrap_or(0).max(view.tray.peak);
    let deep_top = words::nice_ceiling(deepest.max(10));
    let shade = two_leaders(known, view.now).map_or((0, 0), |(a, b)| (track.x(a), track.x(b.min(view.now))));
    let frame = Frame { track, now: view.now, shade };
    let when = words::clock_short(view.now);
    let narrow = track.width < 400;
    let lines = [
        ("ok", if narrow { "acked" } else { "acknowledged" }, if narrow { 62 } else { 0 }),
        ("bad", "failed", if narrow { 123 } else { 108 }),
        ("dead", "dead-lettered", if narrow { 184 } else { 172 }),
    ];
    put!(m; "<div class=charts part=chart><svg class=chart width=", track.width, " height=", HEAD + PLOT + 4,
        " role=img aria-label=\"Writes per second at ", when.as_str());
    for (i, (_, word, _)) in lines.iter().enumerate() {
        put!(m; ", ", *word, " ", words::tenths(bins.last().map_or(0, |b| b.rates[i]) * 100_000));
    }
    plot(m, "writes/s", &frame, rate_top);
    for (i, (class, word, x)) in lines.into_iter().enumerate() {
        if !pale.is_empty() {
            line(m, [class, " pale"].concat().as_str(), track, &pale, rate_top * 10, &|b| b.rates[i]);
        }
        line(m, class, track, &bins, rate_top * 10, &|b| b.rates[i]);
        put!(m; "<g class=chart-key transform=translate(", track.width - 288 + x, ",11)><path class=\"line ", class,
            "\" d=M0,-4h16 /><text x=21>", word, "</text></g>");
    }
    put!(m; "</svg><svg class=chart width=", track.width, " height=", HEAD + PLOT + 4, " role=img aria-label=\"Dead letters waiting at ",
        when, ": ", words::count(view.tray.depth), "; at most ", words::count(view.tray.peak), " so far");
    plot(m, "dead letters waiting", &frame, deep_top);
    if !pale.is_empty() {
        line(m, "deep pale", track, &pale, deep_top, &|b| b.depth);
    }
    line(m, "deep", track, &bins, deep_top, &|b| b.depth);
    put!(m; "</svg>");
    axis(m, track);
    put!(m; "</div>");
}

/// Everything of a plot but its lines.
fn plot(m: &mut Markup, title: &str, frame: &Frame, top: u64) {
    let (left, bottom) = (THUMB, HEAD + PLOT);
    let (from, to) = frame.shade;
    let across = frame.track.width - 2 * left;
    put!(m; ".\"><rect class=two x=", from, " y=", HEAD, " width=", (to - from).max(0), " height=", PLOT, " /><path class=grid d=M", left, ",",
        bottom, "h", across, "M", left, ",", HEAD, "h", across, " /><path class=cursor d=M", frame.track.x(frame.now), ",", HEAD, "v", PLOT,
        " /><text class=\"axis title\" x=", left, " y=11>", title, "</text><text class=axis x=", left + 3, " y=", HEAD + 12, ">",
        words::count(top), "</text><text class=axis x=", left + 3, " y=", bottom - 4, ">0</text>");
}

/// Times under the charts.
fn axis(m: &mut Markup, track: &Track) {
    let most = u64::try_from(track.width / 80).unwrap_or(4).max(2);
    let steps = [10, 20, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200, 36_000];
    let seconds = track.end / 1_000_000;
    let step = steps.into_iter().find(|s| seconds / s <= most).unwrap_or(36_000);
    put!(m; "<svg class=\"chart times\" width=", track.width, " height=16 aria-hidden=true>");
    for i in 0..=seconds / step {
        let at = i * step * 1_000_000;
        let x = track.x(at);
        let anchor = if i == 0 {
            "start"
        } else if x > track.width - 24 {
            "end"
        } else {
            "middle"
        };
        put!(m; "<text class=axis x=", x, " y=12 text-anchor=", anchor, ">", words::clock_short(at), "</text>");
    }
    put!(m; "</svg>");
}
