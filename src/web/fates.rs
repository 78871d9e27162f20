//! The fate ledger: a bar of every job by state that always sums to *produced*.
use yew::Html;

use super::dom::{classes, view};
use crate::ledger::{FATES, Fate};
use crate::view::View;
use crate::words;

/// A state in words people use.
fn word(fate: Fate) -> &'static str {
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
pub fn fates(view: &View, width: i32) -> Html {
    let total = view.ledger.produced();
    let (mut x, mut seen) = (0, 0);
    let mut bars = vec![view!("<rect class=ground width={} height=24 />", width)];
    let mut legend = vec![item("sum", false, format!("produced {} =", words::count(total)))];
    for (fate, name) in FATES {
        let n = view.ledger.count(*fate);
        seen += n;
        // Cumulative, so that rounding never adds up to a gap.
        let right = (seen * width.max(0) as u64).checked_div(total).unwrap_or(0) as i32;
        let (w, number) = (right - x, words::count(n));
        let full = format!("{} {number}", word(*fate));
        let label = match w {
            _ if w > 16 + full.len() as i32 * 7 => full.clone(),
            45.. => number,
            _ => String::new(),
        };
        bars.push(view!(
            "<g class={}><rect x={} width={} height=24 /><text x={} y=16>{}</text></g>",
            ["fate ", name].concat(),
            x,
            w,
            x + 8,
            label
        ));
        legend.push(item(&classes(&[name, if n == 0 { "zero" } else { "" }]), true, full));
        x = right;
    }
    let m = &view.metrics;
    legend.push(item("extra", false, format!("duplicates {}", words::count(m.duplicate_effects))));
    legend.push(item("extra", false, format!("delay p50 {} · p99 {}", words::span(m.p50), words::span(m.p99))));
    view!(
        "<div class=fates part=ledger role=group aria-label=\"The fate of every job\">
        <svg class=fate-bar width={} height=24 aria-hidden=true>{}</svg><ul class=legend>{}</ul></div>",
        width,
        bars,
        legend,
    )
}

fn item(class: &str, swatch: bool, text: String) -> Html {
    let key = if swatch { "key" } else { "" };
    view!("<li class={}><span class={} aria-hidden=true></span>{}</li>", class.to_string(), key, text)
}
