//! Kafka brokers: whom they obey, who believes to be the controller, their partitions, and what failed on them.
use yew::Html;

use super::hue;
use crate::client::Reason;
use crate::scene::{BrokerSpot, Scene};
use crate::view::{BrokerPhase, BrokerView, ReplicaView, View};
use crate::web::dom::{classes, view};
use crate::words;

/// Every broker.
pub fn brokers(view: &View, scene: &Scene) -> Vec<Html> {
    view.brokers.iter().zip(&scene.brokers).map(|(b, spot)| broker(view, scene, b, spot)).collect()
}

/// What it does, in a few words.
fn word(b: &BrokerView) -> String {
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
    let off = if b.phase == BrokerPhase::Up { "" } else { "off" };
    let name = format!("{} {}", if w < 66 { "b" } else { "broker" }, b.id);
    view!(
        "<g key={} class={} data-node={} data-x={} data-y={}>
        <g role=button tabindex=0 aria-haspopup=dialog aria-label={}><rect class=body width={} height={} rx=9 /></g>
        <g aria-hidden=true><text class=id x={} y=17 text-anchor=middle>{}</text>{}
        <text class={} x={} y={} text-anchor=middle>{}</text>
        <g class={} transform={}><circle r=10 /><text y=4 text-anchor=middle>C</text></g>{}</g></g>",
        i32::from(b.id),
        classes(&["node broker", hue(b.ensemble), off]),
        format!("broker{}", b.id),
        spot.card.x,
        spot.card.y,
        spoken(view, b),
        w,
        h,
        w / 2,
        name,
        strip(b, w),
        if scene.compact { "none" } else { "state" },
        w / 2,
        h - 8,
        word(b),
        if b.controller.is_some() { "controller" } else { "none" },
        format!("translate({},0)", w - 8),
        failures(b, w, h, scene.compact),
    )
}

/// Partitions as squares: leader filled, follower pale, out of sync hollow, below min.insync underlined.
fn strip(b: &BrokerView, w: i32) -> Html {
    let n = i32::try_from(b.replicas.len()).unwrap_or(0).max(1);
    let room = w - 12;
    let pitch = (room / n).clamp(2, 9);
    let shown = (room / pitch).min(n);
    let size = if pitch > 4 { pitch - 2 } else { pitch - 1 };
    let left = (w - shown * pitch + 1) / 2;
    let squares = |keep: fn(&ReplicaView) -> bool, y: i32, height: i32| {
        let mut d = String::new();
        for (i, r) in b.replicas.iter().take(shown.max(0) as usize).enumerate() {
            if keep(r) {
                d.push_str(&format!("M{},{y}h{size}v{height}h-{size}z", left + i as i32 * pitch));
            }
        }
        d
    };
    view!(
        "<g class=strip><path class=lead d={}/><path class=follow d={}/><path class=apart d={}/><path class=below d={}/></g>",
        squares(|r| r.leads, 25, 8),
        squares(|r| !r.leads && r.in_sync, 25, 8),
        squares(|r| !r.leads && !r.in_sync, 25, 8),
        squares(|r| r.below_min, 35, 2),
    )
}

/// What failed here, with its count: the most frequent reason in words.
fn failures(b: &BrokerView, w: i32, h: i32, compact: bool) -> Html {
    let Some((reason, n)) = b.failures.first() else { return view!("<g/>") };
    // A lost acknowledgement is ordinary weather; the others are the incident.
    let mild = if *reason == Reason::NetworkException { "mild" } else { "" };
    let (first, second) = if compact { ("", "") } else { halves(reason.plain(), w) };
    let many = ["✕\u{a0}", &words::count(u64::from(*n))].concat();
    view!(
        "<g class={} transform={}><rect x=-24 width=48 height=16 rx=8 /><text y=12 text-anchor=middle>{}</text>
        <text class=reason y=27 text-anchor=middle>{}</text><text class=reason y=38 text-anchor=middle>{}</text></g>",
        classes(&["failures", mild]),
        format!("translate({},{})", w / 2, h + 4),
        many,
        first,
        second,
    )
}

/// Breaks a phrase in two when it is wider than the card.
fn halves(text: &'static str, w: i32) -> (&'static str, &'static str) {
    if text.len() as i32 * 56 / 10 <= w + 6 {
        return (text, "");
    }
    let middle = text.len() / 2;
    let space = text.bytes().enumerate().filter(|(_, b)| *b == b' ').map(|(i, _)| i).min_by_key(|i| i.abs_diff(middle));
    space.and_then(|i| Some((text.get(..i)?, text.get(i + 1..)?))).unwrap_or((text, ""))
}
