//! Kafka brokers: whom they obey, who believes to be the controller, their partitions, and what failed on them.
use yew::prelude::*;

use super::{hue, px};
use crate::client::Reason;
use crate::scene::{BrokerSpot, Scene};
use crate::view::{BrokerPhase, BrokerView, ReplicaView, View};
use crate::words;

/// Every broker.
pub fn brokers(view: &View, scene: &Scene) -> Vec<Html> {
    view.brokers.iter().zip(&scene.brokers).map(|(b, spot)| broker(view, scene, b, spot)).collect()
}

/// What it does, in a few words.
pub fn word(b: &BrokerView) -> String {
    match b.phase {
        BrokerPhase::Off => "off".to_string(),
        BrokerPhase::Starting => "restarting".to_string(),
        BrokerPhase::Up if b.topics == 0 => "0 topics".to_string(),
        BrokerPhase::Up => format!("leads {}", b.leads),
    }
}

fn spoken(view: &View, b: &BrokerView) -> String {
    let mut text = format!("broker {}, {}", b.id, word(b));
    if let Some(e) = b.ensemble.and_then(|e| view.ensembles.get(e)) {
        text.push_str(&format!(", obeys ensemble {}", e.label));
    }
    if b.controller.is_some() {
        text.push_str(", controller");
    }
    for (reason, n) in &b.failures {
        text.push_str(&format!(", {n} failed: {}", reason.plain()));
    }
    text
}

fn broker(view: &View, scene: &Scene, b: &BrokerView, spot: &BrokerSpot) -> Html {
    let (w, h) = (spot.card.w, spot.card.h);
    let off = (b.phase != BrokerPhase::Up).then_some("off");
    let name = if w < 66 { format!("b {}", b.id) } else { format!("broker {}", b.id) };
    html! {
        <g key={b.id} class={classes!("node", "broker", hue(b.ensemble), off)} data-node={format!("broker{}", b.id)}
            data-x={px(spot.card.x)} data-y={px(spot.card.y)} role="button" tabindex="0" aria-haspopup="dialog"
            aria-label={spoken(view, b)}>
            <rect class="body" width={px(w)} height={px(h)} rx="9"/>
            <text class="id" x={px(w / 2)} y="17" text-anchor="middle">{ name }</text>
            { strip(b, w) }
            <text class={classes!("state", scene.compact.then_some("none"))} x={px(w / 2)} y={px(h - 8)} text-anchor="middle">
                { word(b) }
            </text>
            <g class={classes!("controller", b.controller.is_none().then_some("none"))} transform={format!("translate({},0)", w - 8)}>
                <circle r="10"/><text y="4" text-anchor="middle">{ "C" }</text>
            </g>
            { failures(b, w, h, scene.compact) }
        </g>
    }
}

/// Partitions as squares: leader filled, follower pale, out of sync hollow, below min.insync underlined.
fn strip(b: &BrokerView, w: i32) -> Html {
    let n = i32::try_from(b.replicas.len()).unwrap_or(0).max(1);
    let room = w - 12;
    let pitch = (room / n).clamp(2, 9);
    let shown = (room / pitch).min(n);
    let size = if pitch > 4 { pitch - 2 } else { pitch - 1 };
    let left = (w - shown * pitch + 1) / 2;
    let squares = |keep: &dyn Fn(&ReplicaView) -> bool, y: i32, height: i32| {
        let mut d = String::new();
        for (i, r) in b.replicas.iter().take(shown.max(0) as usize).enumerate() {
            if keep(r) {
                d.push_str(&format!("M{},{y}h{size}v{height}h-{size}z", left + i as i32 * pitch));
            }
        }
        d
    };
    html! {
        <g class="strip">
            <path class="lead" d={squares(&|r| r.leads, 25, 8)}/>
            <path class="follow" d={squares(&|r| !r.leads && r.in_sync, 25, 8)}/>
            <path class="apart" d={squares(&|r| !r.leads && !r.in_sync, 25, 8)}/>
            <path class="below" d={squares(&|r| r.below_min, 35, 2)}/>
        </g>
    }
}

/// What failed here, with its count: the most frequent reason in words.
fn failures(b: &BrokerView, w: i32, h: i32, compact: bool) -> Html {
    let Some((reason, n)) = b.failures.first() else { return html! { <g class="failures"/> } };
    // A lost acknowledgement is ordinary weather; the others are the incident.
    let mild = (*reason == Reason::NetworkException).then_some("mild");
    let (first, second) = if compact { ("", "") } else { halves(reason.plain(), w) };
    html! {
        <g class={classes!("failures", mild)} transform={format!("translate({},{})", w / 2, h + 4)}>
            <rect x="-24" width="48" height="16" rx="8"/>
            <text y="12" text-anchor="middle">{ format!("✕\u{a0}{}", words::count(u64::from(*n))) }</text>
            <text class="reason" y="27" text-anchor="middle">{ first }</text>
            <text class="reason" y="38" text-anchor="middle">{ second }</text>
        </g>
    }
}

/// Breaks a phrase in two when it is wider than the card.
fn halves(text: &'static str, w: i32) -> (&'static str, &'static str) {
    if text.len() as i32 * 56 / 10 <= w + 6 {
        return (text, "");
    }
    let middle = text.len() / 2;
    let space = text.match_indices(' ').map(|(i, _)| i).min_by_key(|i| i.abs_diff(middle));
    space.map_or((text, ""), |i| (&text[..i], &text[i + 1..]))
}
