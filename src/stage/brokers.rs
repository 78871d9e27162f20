//! Kafka brokers: whom they obey, who believes to be the controller, their partitions, and what failed on them.
use super::hue;
use crate::client::Reason;
use crate::markup::{Markup, put};
use crate::scene::{BrokerSpot, Scene};
use crate::view::{BrokerPhase, BrokerView, ReplicaView, View};
use crate::words;

/// Every broker.
pub fn brokers(m: &mut Markup, view: &View, scene: &Scene) {
    for (b, spot) in view.brokers.iter().zip(&scene.brokers) {
        broker(m, view, scene, b, spot);
    }
}

/// What it does, in a few words.
fn word(m: &mut Markup, b: &BrokerView) {
    match b.phase {
        BrokerPhase::Off => put!(m; "off"),
        BrokerPhase::Starting => put!(m; "restarting"),
        _ if b.cut => put!(m; "✂ cut off"),
        BrokerPhase::Up if b.throttling => put!(m; "throttled"),
        BrokerPhase::Up if b.topics == 0 => put!(m; "0 topics"),
        BrokerPhase::Up => put!(m; "leads ", b.leads),
    }
}

fn spoken(m: &mut Markup, view: &View, b: &BrokerView) {
    put!(m; "broker ", b.id, ", ");
    word(m, b);
    if let Some(e) = b.ensemble.and_then(|e| view.ensembles.get(e)) {
        put!(m; ", obeys ensemble ", e.label);
    }
    if b.controller.is_some() {
        put!(m; ", controller");
    }
    for (reason, n) in &b.failures {
        put!(m; ", ", *n, " failed: ", reason.plain());
    }
}

fn broker(m: &mut Markup, view: &View, scene: &Scene, b: &BrokerView, spot: &BrokerSpot) {
    let (w, h) = (spot.card.w, spot.card.h);
    put!(m; "<g key=", b.id, " class=\"node broker ", hue(b.ensemble), if b.phase == BrokerPhase::Up { "" } else { " off" },
        "\" part=node data-node=broker", b.id, " data-x=", spot.card.x, " data-y=", spot.card.y, "><g role=button tabindex=0 aria-label=\"");
    spoken(m, view, b);
    put!(m; "\"><rect class=body width=", w, " height=", h, " rx=9 /></g><g aria-hidden=true><text class=id x=", w / 2,
        " y=17 text-anchor=middle>", if w < 66 { "b " } else { "broker " }, b.id, "</text><g class=strip>");
    strip(m, b, w);
    put!(m; "</g><text class=", if scene.compact { "none" } else { "state" }, " x=", w / 2, " y=", h - 8, " text-anchor=middle>");
    word(m, b);
    put!(m; "</text><g class=", if b.controller.is_some() { "controller" } else { "none" }, " transform=translate(", w - 8,
        ",0)><circle r=10 /><text y=4 text-anchor=middle>C</text></g>");
    failures(m, b, w, h, scene.compact);
    put!(m; "</g></g>");
}

/// Partitions as squares: leader filled, follower pale, out of sync hollow, below min.insync underlined.
fn strip(m: &mut Markup, b: &BrokerView, w: i32) {
    let n = i32::try_from(b.replicas.len()).unwrap_or(0).max(1);
    let room = w - 12;
    let pitch = (room / n).clamp(2, 9);
    let shown = (room / pitch).min(n);
    let size = if pitch > 4 { pitch - 2 } else { pitch - 1 };
    let left = (w - shown * pitch + 1) / 2;
    type Wanted = fn(&ReplicaView) -> bool;
    let kinds: [(&str, Wanted, i32, i32); 4] = [
        ("lead", |r| r.leads, 25, 8),
        ("follow", |r| !r.leads && r.in_sync, 25, 8),
        ("apart", |r| !r.leads && !r.in_sync, 25, 8),
        ("below", |r| r.below_min, 35, 2),
    ];
    for (class, keep, y, height) in kinds {
        put!(m; "<path class=", class, " d=\"");
        for (i, r) in b.replicas.iter().take(shown.max(0) as usize).enumerate() {
            if keep(r) {
                put!(m; "M", left + i as i32 * pitch, ",", y, "h", size, "v", height, "h", -size, "z");
            }
        }
        put!(m; "\"/>");
    }
}

/// What failed here, with its count: the most frequent reason in words.
fn failures(m: &mut Markup, b: &BrokerView, w: i32, h: i32, compact: bool) {
    let Some((reason, n)) = b.failures.first() else { return };
    // A lost acknowledgement is ordinary weather; the others are the incident.
    let mild = if *reason == Reason::NetworkException { " mild" } else { "" };
    let (first, second) = if compact { ("", "") } else { halves(reason.plain(), w) };
    put!(m; "<g class=\"failures", mild, "\" transform=translate(", w / 2, ",", h + 4,
        ")><rect x=-24 width=48 height=16 rx=8 /><text y=12 text-anchor=middle>✕\u{a0}", words::count(u64::from(*n)),
        "</text><text class=reason y=27 text-anchor=middle>", first,
        "</text><text class=reason y=38 text-anchor=middle>", second, "</text></g>");
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
