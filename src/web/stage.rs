//! The stage: three bands of nodes as accessible SVG. What moves between them is on a canvas between its two layers.
use yew::Html;

use super::dom::view;
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
    let (kafka, clients) = (scene.kafka_y, scene.clients_y);
    view!(
        "<svg class=\"stage ground\" width={} height={} aria-hidden=true>
        <defs><pattern id=hatch width=7 height=7 patternUnits=userSpaceOnUse patternTransform=rotate(45)>
        <line y2=7 class=hatch/></pattern></defs>
        <g class=rules><text x=4 y=14 class=band>ZooKeeper</text><text x=4 y={} class=band>Kafka brokers</text>
        <text x=4 y={} class=band>Clients</text><path d={}/></g>
        <rect class={} x={} y={} width={} height={}/><g>{}</g><g>{}</g><g>{}</g></svg>",
        scene.width,
        scene.height,
        kafka + 18,
        clients + 18,
        format!("M0,{kafka}h{}M0,{clients}h{}", scene.width, scene.width),
        if view.tray.exists { "box" } else { "none" },
        x,
        y,
        w,
        h,
        scene.brokers.iter().map(tether).collect::<Vec<Html>>(),
        scene.hulls.iter().map(|h| hull(view, h)).collect::<Vec<Html>>(),
        scene.peers.iter().filter_map(link).collect::<Vec<Html>>(),
    )
}

/// The nodes, above the messages. Clicks and keys on them are handled at the root through `data-node`.
pub fn stage(view: &View, scene: &Scene, params: &Params, summary: String) -> Html {
    let rate = crate::params::format_value(Key::DlqRate, params.get(Key::DlqRate));
    view!(
        "<svg class=stage part=stage width={} height={} role=group aria-label={}>
        <g>{}</g>{}<g>{}</g><g>{}</g>{}</svg>",
        scene.width,
        scene.height,
        summary,
        scene.hulls.iter().map(|h| hull_label(view, h)).collect::<Vec<Html>>(),
        waiting(view, scene),
        hosts::hosts(view, scene),
        brokers::brokers(view, scene),
        clients::clients(view, scene, &rate),
    )
}

fn tether(b: &BrokerSpot) -> Html {
    let d = b.tether.map_or(String::new(), |from| {
        let (x, y) = (b.card.x + b.card.w / 2, b.card.y);
        let middle = (y + from.y) / 2;
        format!("M{x},{y}C{x},{middle} {},{middle} {},{}", from.x, from.x, from.y)
    });
    view!("<path key={} class={} d={}/>", i32::from(b.id), ["tether ", hue(b.ensemble)].concat(), d)
}

fn link(p: &PeerSpot) -> Option<Html> {
    let Point { x, y } = p.leader?;
    let d = format!("M{x},{y}L{},{}", p.at.x, p.at.y);
    Some(view!("<path key={} class={} d={}/>", i32::from(p.sid), ["link ", hue(p.ensemble)].concat(), d))
}

fn hull(view: &View, h: &Hull) -> Html {
    let Rect { x, y, w, h: height } = h.rect;
    let radius = (height / 2).min(70).min(w / 4);
    let shape = |class: &str, fill: &'static str| {
        let class = [class, " ", hue(Some(h.ensemble))].concat();
        view!("<rect class={} x={} y={} width={} height={} rx={} fill={}/>", class, x, y, w, height, radius, fill)
    };
    let label = view.ensembles.get(h.ensemble).map_or('?', |e| e.label);
    view!("<g key={}>{}{}</g>", label.to_string(), shape("hull", ""), shape("hatching", "url(#hatch)"))
}

fn hull_label(view: &View, h: &Hull) -> Html {
    let Some(e) = view.ensembles.get(h.ensemble) else { return Html::default() };
    let name = format!("ensemble {}", e.label);
    let facts = format!("epoch {} · majority {} of {}", e.epoch, e.majority, e.list_len);
    let Point { x, y } = h.label;
    let (first, up, second, down) =
        if h.split_label { (name, -13, facts, 13) } else { (String::new(), 0, [&*name, " · ", &facts].concat(), 0) };
    view!(
        "<text key={} class={} y={} text-anchor=middle><tspan x={} dy={}>{}</tspan><tspan x={} dy={}>{}</tspan></text>",
        e.label.to_string(),
        ["hull-label ", hue(Some(h.ensemble))].concat(),
        y,
        x,
        up,
        first,
        x,
        down,
        second,
    )
}

/// Where hosts stand that are part of no ensemble.
fn waiting(view: &View, scene: &Scene) -> Html {
    let Some(rect) = scene.waiting else { return view!("<g/>") };
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
    view!(
        "<g><text class=\"hull-label n\" x={} y={} text-anchor=middle>{}</text></g>",
        rect.center().x,
        rect.y - 7,
        label
    )
}
