//! ZooKeeper hosts: shape by ensemble, ring by state, epoch by number, and the same crown on every serving leader.
use yew::prelude::*;

use super::{hue, px};
use crate::scene::{PeerSpot, Scene};
use crate::view::{PeerPhase, PeerView, View};

const CROWN: &str = "M-11,5L-11,-6L-5.500,0L0,-9L5.500,0L11,-6L11,5Z";

/// Every host.
pub fn hosts(view: &View, scene: &Scene) -> Vec<Html> {
    view.peers.iter().zip(&scene.peers).map(|(p, spot)| host(view, scene, p, spot)).collect()
}

/// A state in one word.
pub fn word(p: &PeerView) -> &'static str {
    match p.phase {
        PeerPhase::Planned => "planned",
        PeerPhase::Booting => "booting",
        PeerPhase::Off => "off",
        PeerPhase::Frozen => "frozen",
        PeerPhase::Looking => "looking",
        PeerPhase::Following if !p.serving => "syncing",
        PeerPhase::Following if !p.counted => "no vote here",
        PeerPhase::Following => "following",
        PeerPhase::Observing => "observing",
        PeerPhase::Leading if p.serving => "leading",
        PeerPhase::Leading => "elected",
    }
}

/// Everything about it in a phrase, for those who do not see the stage.
fn spoken(view: &View, p: &PeerView) -> String {
    let mut text = format!("zk{}, {}", p.sid, word(p));
    if let Some(e) = p.ensemble.and_then(|e| view.ensembles.get(e)) {
        text.push_str(&format!(", ensemble {}, epoch {}", e.label, p.epoch));
    }
    if p.phase == PeerPhase::Looking {
        text.push_str(&format!(", {} of {} votes", p.votes, p.majority));
    }
    text
}

fn state_class(p: &PeerView) -> &'static str {
    match p.phase {
        PeerPhase::Planned => "planned",
        PeerPhase::Booting => "booting",
        PeerPhase::Off => "off",
        PeerPhase::Frozen => "frozen",
        PeerPhase::Looking => "looking",
        _ if !p.serving => "syncing",
        PeerPhase::Leading => "leading",
        _ if !p.counted => "voteless",
        _ => "serving",
    }
}

fn outline(ensemble: Option<usize>, r: i32) -> Html {
    match ensemble {
        Some(0) => html! { <circle class="body" r={px(r)}/> },
        Some(_) => {
            let d = r + 3;
            html! { <path class="body" d={format!("M0,-{d}L{d},0L0,{d}L-{d},0Z")}/> }
        }
        None => {
            let (at, side) = (px(-r + 2), px(2 * r - 4));
            html! { <rect class="body" x={at.clone()} y={at} width={side.clone()} height={side} rx="6"/> }
        }
    }
}

fn host(view: &View, scene: &Scene, p: &PeerView, spot: &PeerSpot) -> Html {
    let r = scene.radius;
    let crowned = p.phase == PeerPhase::Leading;
    let candidate = p.phase == PeerPhase::Looking;
    let name = if r >= 17 { format!("zk{}", p.sid) } else { p.sid.to_string() };
    let words = if candidate { format!("{} of {}", p.votes, p.majority) } else { word(p).to_string() };
    html! {
        <g key={p.sid} class={classes!("node", "peer", hue(spot.ensemble), state_class(p))} data-node={format!("zk{}", p.sid)}
            data-x={px(spot.at.x)} data-y={px(spot.at.y)} role="button" tabindex="0" aria-haspopup="dialog"
            aria-label={spoken(view, p)}>
            { outline(spot.ensemble, r) }
            { arc(view, p, r) }
            <path class={classes!("cross", (p.phase != PeerPhase::Off).then_some("none"))}
                d={format!("M{0},{0}L-{0},-{0}M{0},-{0}L-{0},{0}", r / 2)}/>
            <text class="id" y="4" text-anchor="middle">{ name }</text>
            <path class={classes!("crown", (!crowned).then_some("none"), (!p.serving).then_some("hollow"))} d={CROWN}
                transform={format!("translate(0,{})", -r - if spot.ensemble == Some(0) { 8 } else { 11 })}/>
            <text class={classes!("state", (!scene.roomy).then_some("none"))} y={px(r + 15)} text-anchor="middle">{ words }</text>
            { pips(p, candidate && scene.roomy, r) }
            { epoch(p, spot.ensemble.is_some() && r >= 16, r) }
        </g>
    }
}

/// The arc of whatever it waits for.
fn arc(view: &View, p: &PeerView, r: i32) -> Html {
    let done = p.arc.map_or(0, |a| {
        let span = a.until.saturating_sub(a.since).max(1);
        (view.now.saturating_sub(a.since).min(span) * 100 / span) as i32
    });
    let hidden = p.arc.is_none() || done == 0;
    html! {
        <circle class={classes!("arc", hidden.then_some("none"))} r={px(r + 5)} pathLength="100"
            stroke-dasharray={format!("{done} 100")} transform="rotate(-90)"/>
    }
}

/// One pip for every vote that a majority needs; filled when it was heard.
fn pips(p: &PeerView, show: bool, r: i32) -> Html {
    let needed = if show { p.majority.min(9) as i32 } else { 0 };
    html! {
        <g class="pips" aria-hidden="true">
            { for (0..needed).map(|i| html! {
                <circle class={classes!((i < p.votes as i32).then_some("got"))} r="2.2"
                    cx={px((2 * i - needed + 1) * 3)} cy={px(r + 21)}/>
            }) }
        </g>
    }
}

fn epoch(p: &PeerView, show: bool, r: i32) -> Html {
    html! {
        <g class={classes!("epoch", (!show).then_some("none"))} transform={format!("translate({},{})", r - 2, r - 5)}>
            <circle r="7.500"/>
            <text y="3.500" text-anchor="middle">{ p.epoch }</text>
        </g>
    }
}
