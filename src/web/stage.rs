//! The stage: three bands of nodes as accessible SVG. What moves between them is on the canvas above it.
use yew::prelude::*;

use crate::params::{Key, Params};
use crate::scene::{BrokerSpot, Hull, PeerSpot, Point, Rect, Scene};
use crate::view::View;

mod brokers;
mod clients;
mod hosts;

/// A number as an attribute.
pub fn px(n: i32) -> AttrValue {
    AttrValue::from(n.to_string())
}

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
    html! {
        <svg class="stage ground" width={px(scene.width)} height={px(scene.height)} aria-hidden="true">
            <defs>
                <pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                    <line x1="0" y1="0" x2="0" y2="7" class="hatch"/>
                </pattern>
            </defs>
            <g class="rules">
                { band("ZooKeeper", 14) }
                { band("Kafka brokers", scene.kafka_y + 18) }
                { band("Clients", scene.clients_y + 18) }
                <line x1="0" x2={px(scene.width)} y1={px(scene.kafka_y)} y2={px(scene.kafka_y)}/>
                <line x1="0" x2={px(scene.width)} y1={px(scene.clients_y)} y2={px(scene.clients_y)}/>
            </g>
            <g class="tethers">{ for scene.brokers.iter().map(tether) }</g>
            <g class="hulls">{ for scene.hulls.iter().map(|h| hull(view, h)) }</g>
            <g class="links">{ for scene.peers.iter().filter_map(link) }</g>
        </svg>
    }
}

/// The nodes, above the messages. Clicks and keys on them are handled by the caller through `data-node`.
pub fn stage(view: &View, scene: &Scene, params: &Params, summary: String) -> Html {
    html! {
        <svg class="stage" part="stage" width={px(scene.width)} height={px(scene.height)} role="group" aria-label={summary}>
            <g class="labels">{ for scene.hulls.iter().map(|h| hull_label(view, h)) }</g>
            { waiting(view, scene) }
            <g class="peers">{ for hosts::hosts(view, scene) }</g>
            <g class="brokers">{ for brokers::brokers(view, scene) }</g>
            { clients::clients(view, scene, drain_rate(params)) }
        </svg>
    }
}

fn drain_rate(params: &Params) -> String {
    crate::params::format_value(Key::DlqRate, params.get(Key::DlqRate))
}

fn band(name: &'static str, y: i32) -> Html {
    html! { <text x="4" y={px(y)} class="band">{ name }</text> }
}

fn tether(b: &BrokerSpot) -> Html {
    let d = b.tether.map_or(String::new(), |from| {
        let (x, y) = (b.card.x + b.card.w / 2, b.card.y);
        let middle = (y + from.y) / 2;
        format!("M{x},{y}C{x},{middle} {},{middle} {},{}", from.x, from.x, from.y)
    });
    html! { <path key={b.id} class={classes!("tether", hue(b.ensemble))} d={d}/> }
}

fn link(p: &PeerSpot) -> Option<Html> {
    let Point { x, y } = p.leader?;
    Some(html! {
        <line key={p.sid} class={classes!("link", hue(p.ensemble))} x1={px(x)} y1={px(y)} x2={px(p.at.x)} y2={px(p.at.y)}/>
    })
}

fn hull(view: &View, h: &Hull) -> Html {
    let Rect { x, y, w, h: height } = h.rect;
    let radius = px((height / 2).min(70).min(w / 4));
    let shape = |class: &'static str, fill: Option<&'static str>| {
        html! {
            <rect class={classes!(class, hue(Some(h.ensemble)))} x={px(x)} y={px(y)} width={px(w)} height={px(height)}
                rx={radius.clone()} fill={fill}/>
        }
    };
    let label = view.ensembles.get(h.ensemble).map_or('?', |e| e.label);
    html! { <g key={label.to_string()}>{ shape("hull", None) }{ shape("hatching", Some("url(#hatch)")) }</g> }
}

fn hull_label(view: &View, h: &Hull) -> Html {
    let Some(e) = view.ensembles.get(h.ensemble) else { return html! { <text/> } };
    let name = format!("ensemble {}", e.label);
    let facts = format!("epoch {} · majority {} of {}", e.epoch, e.majority, e.list_len);
    let x = px(h.label.x);
    html! {
        <text key={e.label.to_string()} class={classes!("hull-label", hue(Some(h.ensemble)))} {x} y={px(h.label.y)} text-anchor="middle">
            if h.split_label {
                <tspan x={px(h.label.x)} dy="-12">{ name }</tspan><tspan x={px(h.label.x)} dy="13">{ facts }</tspan>
            } else {
                <tspan>{ format!("{name} · {facts}") }</tspan>
            }
        </text>
    }
}

/// Where hosts stand that are part of no ensemble.
fn waiting(view: &View, scene: &Scene) -> Html {
    use crate::view::PeerPhase::{Booting, Frozen, Looking, Off, Planned};
    let Some(rect) = scene.waiting else { return html! { <g class="waiting"/> } };
    let alone = |phase| view.peers.iter().filter(|p| p.ensemble.is_none() && p.phase == phase).count();
    let mut parts: Vec<String> = Vec::new();
    for (phase, word) in [
        (Looking, "looking for a leader"),
        (Booting, "booting"),
        (Planned, "planned"),
        (Off, "off"),
        (Frozen, "frozen"),
    ] {
        let n = alone(phase);
        if n > 0 {
            parts.push(format!("{n} {word}"));
        }
    }
    html! {
        <g class="waiting">
            <text class="hull-label n" x={px(rect.center().x)} y={px(rect.y - 7)} text-anchor="middle">
                { parts.join(" · ") }
            </text>
        </g>
    }
}
