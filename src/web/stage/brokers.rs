//! Kafka brokers: whom they obey, who believes to be the controller, their partitions, and what failed on them.
use yew::Html;

use super::hue;
use crate::client::Reason;
use crate::scene::{BrokerSpot, Scene};
use crate::view::{BrokerPhase, BrokerView, ReplicaView, View};
use crate::web::dom::{classes, el, keyed, t};
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
    let node = el!("g", "class" = classes(&["node broker", hue(b.ensemble), off]), "data-node" = format!("broker{}", b.id),
        "data-x" = spot.card.x, "data-y" = spot.card.y, "role" = "button", "tabindex" = 0, "aria-haspopup" = "dialog",
        "aria-label" = spoken(view, b);
        el!("rect", "class" = "body", "width" = w, "height" = h, "rx" = 9),
        el!("text", "class" = "id", "x" = w / 2, "y" = 17, "text-anchor" = "middle"; t(name)),
        strip(b, w),
        el!("text", "class" = if scene.compact { "none" } else { "state" }, "x" = w / 2, "y" = h - 8,
            "text-anchor" = "middle"; t(word(b))),
        el!("g", "class" = if b.controller.is_some() { "controller" } else { "none" },
            "transform" = format!("translate({},0)", w - 8);
            el!("circle", "r" = 10), el!("text", "y" = 4, "text-anchor" = "middle"; t("C"))),
        failures(b, w, h, scene.compact));
    keyed(i32::from(b.id), node)
}

/// Partitions as squares: leader filled, follower pale, out of sync hollow, below min.insync underlined.
fn strip(b: &BrokerView, w: i32) -> Html {
    let n = i32::try_from(b.replicas.len()).unwrap_or(0).max(1);
    let room = w - 12;
    let pitch = (room / n).clamp(2, 9);
    let shown = (room / pitch).min(n);
    let size = if pitch > 4 { pitch - 2 } else { pitch - 1 };
    let left = (w - shown * pitch + 1) / 2;
    let squares = |class: &'static str, keep: fn(&ReplicaView) -> bool, y: i32, height: i32| {
        let mut d = String::new();
        for (i, r) in b.replicas.iter().take(shown.max(0) as usize).enumerate() {
            if keep(r) {
                d.push_str(&format!("M{},{y}h{size}v{height}h-{size}z", left + i as i32 * pitch));
            }
        }
        el!("path", "class" = class, "d" = d)
    };
    el!("g", "class" = "strip";
        squares("lead", |r| r.leads, 25, 8),
        squares("follow", |r| !r.leads && r.in_sync, 25, 8),
        squares("apart", |r| !r.leads && !r.in_sync, 25, 8),
        squares("below", |r| r.below_min, 35, 2))
}

/// What failed here, with its count: the most frequent reason in words.
fn failures(b: &BrokerView, w: i32, h: i32, compact: bool) -> Html {
    let Some((reason, n)) = b.failures.first() else { return el!("g") };
    // A lost acknowledgement is ordinary weather; the others are the incident.
    let mild = if *reason == Reason::NetworkException { "mild" } else { "" };
    let (first, second) = if compact { ("", "") } else { halves(reason.plain(), w) };
    let many = ["✕\u{a0}", &words::count(u64::from(*n))].concat();
    let line =
        |y: i32, words: &'static str| el!("text", "class" = "reason", "y" = y, "text-anchor" = "middle"; t(words));
    el!("g", "class" = classes(&["failures", mild]), "transform" = format!("translate({},{})", w / 2, h + 4);
        el!("rect", "x" = -24, "width" = 48, "height" = 16, "rx" = 8),
        el!("text", "y" = 12, "text-anchor" = "middle"; t(many)),
        line(27, first),
        line(38, second))
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
