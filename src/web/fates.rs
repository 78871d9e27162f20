//! The fate ledger: a bar of every job by state that always sums to *produced*.
use yew::Html;

use super::dom::{classes, el, t};
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
    let mut bars = vec![el!("rect", "class" = "ground", "width" = width, "height" = 24)];
    let mut legend = vec![item("sum", false, format!("produced {} =", words::count(total)))];
    for (fate, name) in FATES {
        let n = view.ledger.count(*fate);
        seen += n;
        // Cumulative, so that rounding never adds up to a gap.
        let right = if total == 0 { 0 } else { (seen * width.max(0) as u64 / total) as i32 };
        let (w, number) = (right - x, words::count(n));
        let full = format!("{} {number}", word(*fate));
        let label = match w {
            _ if w > 16 + full.len() as i32 * 7 => full.clone(),
            45.. => number,
            _ => String::new(),
        };
        bars.push(el!("g", "class" = ["fate ", name].concat();
            el!("rect", "x" = x, "width" = w, "height" = 24),
            el!("text", "x" = x + 8, "y" = 16; t(label))));
        legend.push(item(&classes(&[name, if n == 0 { "zero" } else { "" }]), true, full));
        x = right;
    }
    let m = &view.metrics;
    legend.push(item("extra", false, format!("duplicates {}", words::count(m.duplicate_effects))));
    legend.push(item("extra", false, format!("delay p50 {} · p99 {}", words::span(m.p50), words::span(m.p99))));
    el!("section", "class" = "fates", "part" = "ledger", "aria-label" = "The fate of every job";
        el!("svg", "class" = "fate-bar", "width" = width, "height" = 24, "aria-hidden" = "true"; ..bars),
        el!("ul", "class" = "legend"; ..legend))
}

fn item(class: &str, swatch: bool, text: String) -> Html {
    el!("li", "class" = class.to_string();
        el!("span", "class" = if swatch { "key" } else { "" }, "aria-hidden" = "true"),
        t(text))
}
