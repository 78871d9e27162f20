//! Axes with round numbers, and the lines between them.
use super::{Bin, Charts, Line, Plot};
use crate::scene::Rect;
use crate::view::Micros;
use crate::words;

/// A logarithm to the base 2 in 1024ths, straight between powers of two: gridlines and lines bend alike. 0 for 0.
pub fn log_scale(n: u64) -> u64 {
    let octave = u64::from(n.max(1).ilog2());
    let above = n.max(1) - (1 << octave);
    (octave << 10) + ((u128::from(above) << 10 >> octave) as u64)
}

/// The top of a share's axis, in millionths: the smallest of 2, 5, 10, 20, 50 and 100 % that holds it.
pub fn share_top(most: u64) -> u64 {
    [20_000, 50_000, 100_000, 200_000, 500_000].into_iter().find(|top| most <= *top).unwrap_or(1_000_000)
}

/// Between two times on an axis, µs: round, and at least 80 px wide.
pub fn time_step(end: Micros, width: i32) -> Micros {
    let most = u64::try_from(width / 80).unwrap_or(2).max(2);
    let steps = [10, 20, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200, 36_000];
    steps.into_iter().map(|s| s * 1_000_000).find(|step| end / step <= most).unwrap_or(36_000_000_000)
}

/// Where a value stands, with the top of its axis.
fn height(rect: Rect, value: u64, top: u64) -> i32 {
    let up = u128::from(value.min(top)) * rect.h.unsigned_abs() as u128 / u128::from(top.max(1));
    rect.y + rect.h - i32::try_from(up).unwrap_or(rect.h)
}

impl Charts {
    /// Gridlines and lines of every plot.
    pub(super) fn fill(&mut self) {
        let rates = self.bins.iter().flat_map(|b| b.rates).max().unwrap_or(0);
        let rate_top = words::nice_ceiling(rates.div_ceil(10).max(10)) * 10;
        let kinds = [("ok", "acknowledged"), ("again", "retried"), ("bad", "failed"), ("dead", "dead-lettered")];
        let rate: [fn(&Bin) -> u64; 4] = [|b| b.rates[0], |b| b.rates[1], |b| b.rates[2], |b| b.rates[3]];
        let lines = kinds
            .into_iter()
            .zip(rate)
            .map(|((class, name), value)| self.line(0, class, name, rate_top, value))
            .collect();
        self.set(
            0,
            "writes/s",
            vec![(0, "0".into()), (rate_top / 2, tenth(rate_top / 2)), (rate_top, tenth(rate_top))],
            rate_top,
            lines,
        );

        let share = share_top(self.bins.iter().map(|b| b.share).max().unwrap_or(0));
        let line = self.line(1, "bad", "failed share", share, |b| b.share);
        let percent = words::number(share / 10_000) + "\u{a0}%";
        self.set(1, "share of writes that fail", vec![(0, "0".into()), (share, percent)], share, vec![line]);

        let deep = words::nice_ceiling(self.bins.iter().map(|b| b.depth).max().unwrap_or(0).max(10));
        let line = self.line(2, "deep", "waiting", deep, |b| b.depth);
        let half = if deep.is_multiple_of(2) { Some((deep / 2, words::count(deep / 2))) } else { None };
        let grid = [(0, "0".to_string())].into_iter().chain(half).chain([(deep, words::count(deep))]).collect();
        self.set(2, "dead letters that wait", grid, deep, vec![line]);
        self.fill_delays();
    }

    /// Delays differ by four orders of magnitude: their axis is logarithmic, from the decade below the shortest.
    fn fill_delays(&mut self) {
        let delays = || self.bins.iter().flat_map(|b| b.delay).filter(|d| *d > 0);
        let decade = |n: u64| 10_u64.pow(n.max(1).ilog10());
        let low = decade(delays().min().unwrap_or(1_000));
        let high = (decade(delays().max().unwrap_or(1_000)) * 10).max(low * 10);
        let floor = log_scale(low);
        let top = log_scale(high) - floor;
        let place = move |n: u64| log_scale(n.max(1)).saturating_sub(floor);
        let rect = self.plots[3].rect;
        let line = |class, name, which: usize| {
            let point =
                |b: &Bin| (b.delay[which] > 0).then(|| (self.x(b.at), height(rect, place(b.delay[which]), top)));
            Line { class, name, points: self.bins.iter().map(point).collect() }
        };
        let lines = vec![line("ok", "median", 0), line("late", "99th percentile", 1)];
        let decades = std::iter::successors(Some(low), |n| (*n < high).then(|| n * 10));
        let grid = decades.map(|n| (place(n), duration(n))).collect();
        self.set(3, "delay, enqueued to processed", grid, top, lines);
    }

    fn line(&self, plot: usize, class: &'static str, name: &'static str, top: u64, value: fn(&Bin) -> u64) -> Line {
        let rect = self.plots[plot].rect;
        let points = self.bins.iter().map(|b| Some((self.x(b.at), height(rect, value(b), top)))).collect();
        Line { class, name, points }
    }

    fn set(&mut self, plot: usize, title: &'static str, grid: Vec<(u64, String)>, top: u64, lines: Vec<Line>) {
        let Plot { rect, .. } = self.plots[plot];
        let grid = grid.into_iter().map(|(value, text)| (height(rect, value, top), text)).collect();
        self.plots[plot] = Plot { title, rect, grid, lines };
    }
}

/// Tenths as a number.
fn tenth(n: u64) -> String {
    if n.is_multiple_of(10) { words::count(n / 10) } else { words::tenths(n * 100_000) }
}

/// A power of ten in µs, short.
fn duration(micros: u64) -> String {
    match micros {
        0..1_000 => words::number(micros) + "\u{a0}µs",
        1_000..1_000_000 => words::number(micros / 1_000) + "\u{a0}ms",
        _ => words::count(micros / 1_000_000) + "\u{a0}s",
    }
}
