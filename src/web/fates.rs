//! The fate ledger: a bar of every job by state that always sums to *produced*.
use super::dom::{Markup, put};
use crate::ledger::{FATES, Fate};
use crate::view::View;
use crate::words;

/// A state in words people use.
pub fn word(fate: Fate) -> &'static str {
    match fate {
        Fate::Processed => "processed",
        Fate::InFlight => "in flight",
        Fate::Retrying => "waiting to retry",
        Fate::Committed => "committed",
        Fate::DeadLettered => "dead letters",
        Fate::Draining => "draining",
        Fate::WrongSide => "wrong side",
        Fate::Lost => "lost",
        Fate::Dropped => "dropped",
    }
}

/// The bar and its legend.
pub fn fates(m: &mut Markup, view: &View, width: i32) {
    let total = view.ledger.produced();
    let (mut x, mut seen) = (0, 0);
    put!(m; "<div class=fates part=ledger role=group aria-label=\"The fate of every job\"><svg class=fate-bar width=", width,
        " height=24 aria-hidden=true><rect class=ground width=", width, " height=24 />");
    for (fate, name) in FATES {
        let n = view.ledger.count(*fate);
        seen += n;
        // Cumulative, so that rounding never adds up to a gap.
        let right = (seen * width.max(0) as u64).checked_div(total).unwrap_or(0) as i32;
        let (w, number) = (right - x, words::count(n));
        let long = (word(*fate).len() + number.len()) as i32 * 7;
        put!(m; "<g class=\"fate ", *name, "\"><rect x=", x, " width=", w, " height=24 /><text x=", x + 8, " y=16>");
        if w > 16 + long {
            put!(m; word(*fate), " ");
        }
        if w > 44 {
            put!(m; number);
        }
        put!(m; "</text></g>");
        x = right;
    }
    put!(m; "</svg><ul class=legend><li class=sum>produced ", words::count(total), " =</li>");
    for (fate, name) in FATES {
        let n = view.ledger.count(*fate);
        put!(m; "<li class=\"", *name, if n == 0 { " zero" } else { "" }, "\"><span class=key aria-hidden=true></span>",
            word(*fate), " ", words::count(n), "</li>");
    }
    let v = &view.metrics;
    put!(m; "<li class=extra>duplicates ", words::count(v.duplicate_effects), "</li><li class=extra>delay p50 ", words::span(v.p50),
        " · p99 ", words::span(v.p99), "</li></ul></div>");
}
