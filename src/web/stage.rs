//! The stage: three bands of nodes as accessible SVG. What moves between them is on a canvas between its two layers.
use yew::Html;

use super::dom::{V, el, keyed, t};
use crate::params::{Key, Params};
use crate::scene::{BrokerSpot, Hull, PeerSpot, Point, Rect, Scene};
use crate::view::{PeerPhase, View};

mod brokers;
mod clients;
mod hosts;

/// The suffix of classes that wear an ensemble's hue: A blue, every later one vermillion, nobody's grey.
pub fn hue(ensemble: Option<usize>) -> &'static str {
    match ensemble {
        Some(0) => "a",
        Some(_) => "b",
        None => "n",
    }
}

/// What lies under the messages: bands, hulls, tethers.
pub fn ground(view: &View, scene: &Scene) -> Html {
    let Rect { x, y, w, h } = scene.tray;
    let rule = |y: i32| el!("line", "x1" = 0, "x2" = scene.width, "y1" = y, "y2" = y);
    let tray = if view.tray.exists { "box" } else { "none" };
    el!("svg", "class" = "stage ground", "width" = scene.width, "height" = scene.height, "aria-hidden" = "true";
        el!("defs";
            el!("pattern", "id" = "hatch", "width" = 7, "height" = 7, "patternUnits" = "userSpaceOnUse",
                "patternTransform" = "rotate(45)"; el!("line", "y2" = 7, "class" = "hatch"))),
        el!("g", "class" = "rules";
            band("ZooKeeper", 14),
            band("Kafka brokers", scene.kafka_y + 18),
            band("Clients", scene.clients_y + 18),
            rule(scene.kafka_y),
            rule(scene.clients_y)),
        el!("rect", "class" = tray, "x" = x, "y" = y, "width" = w, "height" = h),
        el!("g"; ..scene.brokers.iter().map(tether).collect()),
        el!("g"; ..scene.hulls.iter().map(|h| hull(view, h)).collect()),
        el!("g"; ..scene.peers.iter().filter_map(link).collect()))
}

/// The nodes, above the messages. Clicks and keys on them are handled at the root through `data-node`.
pub fn stage(view: &View, scene: &Scene, params: &Params, summary: String) -> Html {
    let rate = crate::params::format_value(Key::DlqRate, params.get(Key::DlqRate));
    el!("svg", "class" = "stage", "part" = "stage", "width" = scene.width, "height" = scene.height, "role" = "group",
        "aria-label" = summary;
        el!("g"; ..scene.hulls.iter().map(|h| hull_label(view, h)).collect()),
        waiting(view, scene),
        el!("g"; ..hosts::hosts(view, scene)),
        el!("g"; ..brokers::brokers(view, scene)),
        clients::clients(view, scene, &rate))
}

fn band(name: &'static str, y: i32) -> Html {
    el!("text", "x" = 4, "y" = y, "class" = "band"; t(name))
}

fn tether(b: &BrokerSpot) -> Html {
    let d = b.tether.map_or(String::new(), |from| {
        let (x, y) = (b.card.x + b.card.w / 2, b.card.y);
        let middle = (y + from.y) / 2;
        format!("M{x},{y}C{x},{middle} {},{middle} {},{}", from.x, from.x, from.y)
    });
    let class = ["tether ", hue(b.ensemble)].concat();
    keyed(i32::from(b.id), el!("path", "class" = class, "d" = d))
}

fn link(p: &PeerSpot) -> Option<Html> {
    let Point { x, y } = p.leader?;
    let class = ["link ", hue(p.ensemble)].concat();
    let line = el!("line", "class" = class, "x1" = x, "y1" = y, "x2" = p.at.x, "y2" = p.at.y);
    Some(keyed(i32::from(p.sid), line))
}

fn hull(view: &View, h: &Hull) -> Html {
    let Rect { x, y, w, h: height } = h.rect;
    let radius = (height / 2).min(70).min(w / 4);
    let shape = |class: &'static str, fill: V| {
        let class = [class, " ", hue(Some(h.ensemble))].concat();
        el!("rect", "class" = class, "x" = x, "y" = y, "width" = w, "height" = height, "rx" = radius, "fill" = fill)
    };
    let label = view.ensembles.get(h.ensemble).map_or('?', |e| e.label);
    keyed(label.to_string(), el!("g"; shape("hull", V::Gone), shape("hatching", V::S("url(#hatch)"))))
}

fn hull_label(view: &View, h: &Hull) -> Html {
    let Some(e) = view.ensembles.get(h.ensemble) else { return el!("text") };
    let name = format!("ensemble {}", e.label);
    let facts = format!("epoch {} · majority {} of {}", e.epoch, e.majority, e.list_len);
    let Point { x, y } = h.label;
    let lines = if h.split_label {
        vec![el!("tspan", "x" = x, "dy" = -12; t(name)), el!("tspan", "x" = x, "dy" = 13; t(facts))]
    } else {
        vec![t([&*name, " · ", &facts].concat())]
    };
    let class = ["hull-label ", hue(Some(h.ensemble))].concat();
    keyed(e.label.to_string(), el!("text", "class" = class, "x" = x, "y" = y, "text-anchor" = "middle"; ..lines))
}

/// Where hosts stand that are part of no ensemble.
fn waiting(view: &View, scene: &Scene) -> Html {
    let Some(rect) = scene.waiting else { return el!("g") };
    let words = [
        (PeerPhase::Looking, "looking for a leader"),
        (PeerPhase::Booting, "booting"),
        (PeerPhase::Planned, "planned"),
        (PeerPhase::Off, "off"),
        (PeerPhase::Frozen, "frozen"),
    ];
    let mut label = String::new();
    for (phase, word) in words {
        let n = view.peers.iter().filter(|p| p.ensemble.is_none() && p.phase == phase).count();
        if n > 0 {
            label.push_str(if label.is_empty() { "" } else { " · " });
            label.push_str(&format!("{n} {word}"));
        }
    }
    el!("g"; el!("text", "class" = "hull-label n", "x" = rect.center().x, "y" = rect.y - 7, "text-anchor" = "middle"; t(label)))
}
