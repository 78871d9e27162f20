//! The fate ledger: a bar of every job by state that always sums to *produced*.
use yew::prelude::*;

use super::stage::px;
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
    let mut x = 0;
    let mut bars = Vec::new();
    let mut seen = 0;
    for (fate, name) in FATES {
        let n = view.ledger.count(*fate);
        seen += n;
        // Cumulative, so that rounding never adds up to a gap.
        let right = if total == 0 { 0 } else { (seen * width.max(0) as u64 / total) as i32 };
        let w = right - x;
        let label = if w > 24 + word(*fate).len() as i32 * 7 + words::count(n).len() as i32 * 5 {
            format!("{} {}", word(*fate), words::count(n))
        } else if w > 44 {
            words::count(n)
        } else {
            String::new()
        };
        bars.push(html! {
            <g key={*name} class={classes!("fate", *name)}>
                <rect x={px(x)} width={px(w)} height="24"/>
                <text x={px(x + 8)} y="16">{ label }</text>
            </g>
        });
        x = right;
    }
    let m = &view.metrics;
    html! {
        <section class="fates" part="ledger" aria-label="The fate of every job">
            <svg class="fate-bar" width={px(width)} height="24" aria-hidden="true">
                <rect class="ground" width={px(width)} height="24"/>{ for bars }
            </svg>
            <ul class="legend">
                <li class="sum">{ format!("produced {} =", words::count(total)) }</li>
                { for FATES.iter().map(|(fate, name)| {
                    let n = view.ledger.count(*fate);
                    let quiet = (n == 0).then_some("zero");
                    html! {
                        <li key={*name} class={classes!(*name, quiet)}><span class="key" aria-hidden="true"></span>
                            { format!("{} {}", word(*fate), words::count(n)) }</li>
                    }
                }) }
                <li class="extra">{ format!("duplicates {}", words::count(m.duplicate_effects)) }</li>
                <li class="extra">{ format!("delay p50 {} · p99 {}", words::span(m.p50), words::span(m.p99)) }</li>
            </ul>
        </section>
    }
}
