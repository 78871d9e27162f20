//! The stage: three bands of nodes as accessible SVG. What moves between them is on a canvas between its two layers.
use crate::markup::{Markup, put};
use crate::params::{Key, Params};
use crate::scene::{BrokerSpot, Hull, Point, Rect, Scene};
use crate::view::{PeerPhase, View};

pub(super) mod brokers;
mod clients;
pub(super) mod hosts;

/// The suffix of classes that wear an ensemble's hue: A blue, every later one vermillion, nobody's grey.
pub fn hue(ensemble: Option<usize>) -> &'static str {
    match ensemble {
        Some(0) => "a",
        Some(_) => "b",
        None => "n",
    }
}

/// What lies under the messages: bands, hulls, tethers.
pub fn ground(m: &mut Markup, view: &View, scene: &Scene) {
    let Rect { x, y, w, h } = scene.tray;
    let (kafka, clients, width) = (scene.kafka_y, scene.clients_y, scene.width);
    put!(m; "<svg class=\"stage ground\" width=", width, " height=", scene.height, " aria-hidden=true><defs>\
        <pattern id=hatch width=7 height=7 patternUnits=userSpaceOnUse patternTransform=rotate(45)>\
        <path d=M3.5,0v7 class=hatch /></pattern></defs><g class=rules><text x=4 y=14 class=band>", if view.kraft { "KRaft controllers" } else { "ZooKeeper" }, "</text>\
        <text x=4 y=", kafka + 18, " class=band>Kafka brokers</text><text x=4 y=", clients + 18, " class=band>Clients</text>\
        <path d=\"M0,", kafka, "h", width, "M0,", clients, "h", width, "\"/></g><rect class=",
        if view.tray.exists { "box" } else { "none" }, " x=", x, " y=", y, " width=", w, " height=", h, " /><g>");
    for b in &scene.brokers {
        tether(m, b);
    }
    put!(m; "</g><g>");
    for h in &scene.hulls {
        hull(m, view, h);
    }
    put!(m; "</g><g>");
    for p in &scene.peers {
        if let Some(Point { x, y }) = p.leader {
            put!(m; "<path key=", p.sid, " class=\"link ", hue(p.ensemble), "\" d=M", x, ",", y, "L", p.at.x, ",", p.at.y, " />");
        }
    }
    put!(m; "</g></svg>");
}

/// The nodes, above the messages. Clicks and keys on them are handled at the root through `data-node`.
pub fn stage(m: &mut Markup, view: &View, scene: &Scene, params: &Params, summary: &str, legend: &str) {
    put!(m; "<svg class=stage part=stage width=", scene.width, " height=", scene.height, " role=group aria-label=\"", summary, "\"><g>");
    for h in &scene.hulls {
        hull_label(m, view, h);
    }
    put!(m; "</g>");
    waiting(m, view, scene);
    put!(m; "<g>");
    hosts::hosts(m, view, scene);
    put!(m; "</g><g>");
    brokers::brokers(m, view, scene);
    put!(m; "</g>");
    let rate = crate::params::format_value(Key::DlqRate, params.get(Key::DlqRate));
    clients::clients(m, view, scene, &rate);
    put!(m; "<text class=dots x=", scene.width - 4, " y=", scene.clients_y + 18, " text-anchor=end>", legend, "</text>");
    put!(m; "</svg>");
}

fn tether(m: &mut Markup, b: &BrokerSpot) {
    put!(m; "<path key=", b.id, " class=\"tether ", hue(b.ensemble), "\" d=\"");
    if let Some(from) = b.tether {
        let (x, y) = (b.card.x + b.card.w / 2, b.card.y);
        let middle = (y + from.y) / 2;
        put!(m; "M", x, ",", y, "C", x, ",", middle, " ", from.x, ",", middle, " ", from.x, ",", from.y);
    }
    put!(m; "\"/>");
}

fn hull(m: &mut Markup, view: &View, h: &Hull) {
    let Rect { x, y, w, h: height } = h.rect;
    let radius = (height / 2).min(70).min(w / 4);
    put!(m; "<g key=", view.ensembles.get(h.ensemble).map_or('?', |e| e.label), ">");
    for (class, fill) in [("hull", ""), ("hatching", "url(#hatch)")] {
        put!(m; "<rect class=\"", class, " ", hue(Some(h.ensemble)), "\" x=", x, " y=", y, " width=", w, " height=", height,
            " rx=", radius, " fill=\"", fill, "\"/>");
    }
    put!(m; "</g>");
}

pub(super) fn hull_label(m: &mut Markup, view: &View, h: &Hull) {
    let Some(e) = view.ensembles.get(h.ensemble) else { return };
    let Point { x, y } = h.label;
    let (up, join, down) = if h.split_label { (-13, "", 13) } else { (0, " · ", 0) };
    put!(m; "<text key=", e.label, " class=\"hull-label ", hue(Some(h.ensemble)), "\" x=", x, " y=", y,
        " text-anchor=middle><tspan dy=", up, ">");
    if view.kraft {
        put!(m; "quorum");
    } else {
        put!(m; "ensemble ", e.label);
    }
    put!(m; join, "</tspan><tspan dy=", down);
    if h.split_label {
        put!(m; " x=", x);
    }
    put!(m; ">epoch ", e.epoch);
    if view.kraft {
        put!(m; " · ", e.list_len, " voters</tspan></text>");
    } else {
        put!(m; " · majority ", e.majority, " of ", e.list_len, "</tspan></text>");
    }
}

/// Where hosts stand that are part of no ensemble.
fn waiting(m: &mut Markup, view: &View, scene: &Scene) {
    let words = [
        (PeerPhase::Looking, " looking for a leader"),
        (PeerPhase::Booting, " booting"),
        (PeerPhase::Planned, " planned"),
        (PeerPhase::Off, " off"),
        (PeerPhase::Frozen, " frozen"),
    ];
    let rect = scene.waiting.unwrap_or_default();
    put!(m; "<text class=\"hull-label n\" x=", rect.center().x, " y=", rect.y - 7, " text-anchor=middle>");
    let mut join = "";
    for (phase, word) in words {
        let n = view.peers.iter().filter(|p| p.ensemble.is_none() && p.phase == phase).count();
        if n > 0 {
            put!(m; join, n as i32, word);
            join = " · ";
        }
    }
    put!(m; "</text>");
}
