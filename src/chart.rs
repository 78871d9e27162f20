//! Charts of a run on one time axis, in whole CSS pixels: writes per second and the share that fails, dead letters, delays.
//!
//! One geometry feeds the page, the exported picture and the table. The cursor that reads values off is not the run's "now".
mod axis;
mod draw;

pub use axis::{log_scale, share_top, time_step};
pub use draw::charts_svg;

use crate::metrics::{Milestone, Sample};
use crate::scene::{Label, Rect, THUMB, Track};
use crate::view::Micros;
use crate::words::{self, say};

/// Room for the numbers on the left, and on the right.
const LEFT: i32 = 52;
const RIGHT: i32 = 12;
/// Room above each plot for its title and key.
const HEAD: i32 = 24;
/// Room for the milestones' names above the first plot, in two rows.
const NAMES: i32 = 34;
/// Room for the times below the last one.
const FOOT: i32 = 22;
/// The plots' heights.
const HEIGHTS: [i32; 4] = [104, 44, 76, 96];

/// What happened in one stretch of the run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bin {
    /// Its beginning and end.
    pub from: Micros,
    /// …
    pub at: Micros,
    /// Tenths per second: acknowledged, retried, failed, dead-lettered.
    pub rates: [u64; 4],
    /// Share of the deliveries that failed, in millionths.
    pub share: u64,
    /// The most dead letters that waited in it.
    pub depth: u64,
    /// The longest median and 99th percentile of the delay in it, µs; 0 when nothing was processed.
    pub delay: [u64; 2],
    /// The most leaders and controllers in it.
    pub heads: (u8, u8),
}

/// One line of a plot, or its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The class of its colour and dashes.
    pub class: &'static str,
    /// What it shows.
    pub name: &'static str,
    /// Its points; it is broken where there is no value.
    pub points: Vec<Option<(i32, i32)>>,
}

/// One plot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plot {
    /// What it shows, with the unit.
    pub title: &'static str,
    /// Where.
    pub rect: Rect,
    /// Gridlines, from the bottom up: where, and how much that is.
    pub grid: Vec<(i32, String)>,
    /// The lines.
    pub lines: Vec<Line>,
}

/// All charts of one run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Charts {
    /// CSS pixels.
    pub width: i32,
    /// CSS pixels.
    pub height: i32,
    /// Where the run ends.
    pub end: Micros,
    /// The plots, from the top down.
    pub plots: Vec<Plot>,
    /// Stretches with two leaders or two controllers, in pixels.
    pub shade: Vec<(i32, i32)>,
    /// Milestones so far.
    pub marks: Vec<(Milestone, Micros)>,
    /// Those of their names for which there is room, by x and row.
    pub names: Vec<Label>,
    /// Times below.
    pub times: Vec<(i32, Micros)>,
    /// The stretches.
    pub bins: Vec<Bin>,
}

/// Samples gathered into stretches of at least a second, so that Poisson noise does not look like news, and of at least
/// two pixels.
pub fn bins(history: &[Sample], end: Micros, width: i32) -> Vec<Bin> {
    let least = (end / u64::try_from(width.max(60) / 2).unwrap_or(60)).max(1_000_000);
    let mut out = Vec::new();
    let (mut bin, mut sums) = (Bin::default(), [0_u64; 4]);
    for s in history {
        for (sum, n) in sums.iter_mut().zip([s.acknowledged, s.retried, s.failed, s.dead_lettered]) {
            *sum += u64::from(n);
        }
        bin.depth = bin.depth.max(s.dlq_depth.into());
        bin.delay = [bin.delay[0].max(s.p50), bin.delay[1].max(s.p99)];
        bin.heads = (bin.heads.0.max(s.leaders), bin.heads.1.max(s.controllers));
        let span = s.at.saturating_sub(bin.from);
        if span >= least {
            let rates = sums.map(|n| n * 10_000_000 / span);
            let share = (sums[2] * 1_000_000).checked_div(sums[0] + sums[2]).unwrap_or(0);
            out.push(Bin { at: s.at, rates, share, ..bin });
            (bin, sums) = (Bin { from: s.at, ..Bin::default() }, [0; 4]);
        }
    }
    out
}

impl Charts {
    /// The charts of this history, this wide. `known` are the milestones so far.
    pub fn of(history: &[Sample], known: &[(Milestone, Micros)], end: Micros, width: i32) -> Charts {
        let width = width.clamp(240, 2400);
        let bins = bins(history, end, width - LEFT - RIGHT);
        let mut charts = Charts {
            width,
            height: 0,
            end,
            plots: Vec::new(),
            shade: Vec::new(),
            marks: known.to_vec(),
            names: Vec::new(),
            times: Vec::new(),
            bins,
        };
        let mut y = NAMES;
        for height in HEIGHTS {
            y += HEAD;
            let rect = Rect { x: LEFT, y, w: width - LEFT - RIGHT, h: height };
            charts.plots.push(Plot { title: "", rect, grid: Vec::new(), lines: Vec::new() });
            y += height;
        }
        charts.height = y + FOOT;
        charts.fill();
        charts.shade = charts.two_heads();
        let track = Track { width: width - LEFT - RIGHT + 2 * THUMB, end };
        charts.names = track.labels(known, None);
        charts.names.iter_mut().for_each(|label| label.x += LEFT - THUMB);
        let step = time_step(end, width - LEFT - RIGHT);
        charts.times = (0..=end / step).map(|i| (charts.x(i * step), i * step)).collect();
        charts
    }

    /// Where this instant is.
    pub fn x(&self, at: Micros) -> i32 {
        let across = u64::try_from(self.width - LEFT - RIGHT).unwrap_or(1);
        LEFT + i32::try_from(at.min(self.end) * across / self.end.max(1)).unwrap_or(0)
    }

    /// The instant at this place; outside of the plots the nearest one.
    pub fn time_at(&self, x: i32) -> Micros {
        let across = u64::try_from(self.width - LEFT - RIGHT).unwrap_or(1).max(1);
        let from_left = u64::try_from((x - LEFT).max(0)).unwrap_or(0).min(across);
        from_left * self.end / across
    }

    /// The stretch that holds this instant.
    pub fn bin_at(&self, at: Micros) -> Option<&Bin> {
        self.bins.iter().find(|bin| at <= bin.at)
    }

    /// What the cursor reads off, in words. "": nothing was recorded there yet.
    pub fn values_at(&self, at: Micros) -> String {
        let Some(bin) = self.bin_at(at) else { return String::new() };
        let rate = |i: usize| words::tenths(bin.rates[i] * 100_000);
        let mut text = say!(
            words::clock(at.min(self.end)),
            ": per second ",
            rate(0),
            " acknowledged, ",
            rate(1),
            " retried, ",
            rate(2),
            " failed, ",
            rate(3),
            " dead-lettered; ",
            words::percent(bin.share),
            " of writes fail; ",
            words::plural(bin.depth, "dead letter waits", "dead letters wait"),
        );
        if bin.delay[1] > 0 {
            text.push_str(&say!(
                "; delay ",
                words::span(bin.delay[0]),
                ", 99th percentile ",
                words::span(bin.delay[1])
            ));
        }
        let leaders = words::plural(bin.heads.0.into(), "leader", "leaders");
        let controllers = words::plural(bin.heads.1.into(), "controller", "controllers");
        text.push_str(&say!("; ", leaders, ", ", controllers, "."));
        text
    }

    /// The cursor one stretch further (or back).
    pub fn step(&self, at: Micros, by: i32) -> Micros {
        let Some(last) = self.bins.len().checked_sub(1) else { return at };
        let here = self.bins.iter().position(|bin| at <= bin.at).unwrap_or(last);
        let next = here.saturating_add_signed(by as isize).min(last);
        self.bins.get(next).map_or(at, |bin| bin.at)
    }

    /// The table's columns, with units.
    pub const COLUMNS: [&'static str; 11] = [
        "to, s",
        "acknowledged/s",
        "retried/s",
        "failed/s",
        "dead-lettered/s",
        "failed share, %",
        "dead letters",
        "median delay, ms",
        "99th percentile, ms",
        "leaders",
        "controllers",
    ];

    /// The charts as a table: at most about `rows` stretches of equal length, oldest first.
    pub fn table(&self, rows: usize) -> Vec<[String; 11]> {
        let every = self.bins.len().div_ceil(rows.max(1)).max(1);
        let row = |group: &[Bin]| {
            let bin = gather(group);
            let rate = |i: usize| words::tenths(bin.rates[i] * 100_000);
            let ms = |micros: u64| if micros == 0 { "–".into() } else { words::tenths(micros * 1_000) };
            [
                words::number(bin.at / 1_000_000),
                rate(0),
                rate(1),
                rate(2),
                rate(3),
                words::tenths(bin.share * 100),
                words::number(bin.depth),
                ms(bin.delay[0]),
                ms(bin.delay[1]),
                words::number(bin.heads.0.into()),
                words::number(bin.heads.1.into()),
            ]
        };
        self.bins.chunks(every).map(row).collect()
    }

    /// Stretches with two leaders or controllers, in pixels.
    fn two_heads(&self) -> Vec<(i32, i32)> {
        let mut out: Vec<(i32, i32)> = Vec::new();
        for bin in self.bins.iter().filter(|bin| bin.heads.0 > 1 || bin.heads.1 > 1) {
            let (from, to) = (self.x(bin.from), self.x(bin.at));
            match out.last_mut() {
                Some(last) if last.1 == from => last.1 = to,
                _ => out.push((from, to)),
            }
        }
        out
    }
}

/// Some neighbouring stretches as one: rates by time, the rest by its largest.
fn gather(group: &[Bin]) -> Bin {
    let (Some(first), Some(last)) = (group.first(), group.last()) else { return Bin::default() };
    let span = (last.at - first.from).max(1);
    let weigh = |value: fn(&Bin) -> u64| group.iter().map(|b| value(b) * (b.at - b.from)).sum::<u64>() / span;
    let rates = [weigh(|b| b.rates[0]), weigh(|b| b.rates[1]), weigh(|b| b.rates[2]), weigh(|b| b.rates[3])];
    let most = |value: fn(&Bin) -> u64| group.iter().map(value).max().unwrap_or(0);
    Bin {
        from: first.from,
        at: last.at,
        rates,
        share: (rates[2] * 1_000_000).checked_div(rates[0] + rates[2]).unwrap_or(0),
        depth: most(|b| b.depth),
        delay: [most(|b| b.delay[0]), most(|b| b.delay[1])],
        heads: (most(|b| b.heads.0.into()) as u8, most(|b| b.heads.1.into()) as u8),
    }
}
