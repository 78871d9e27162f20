//! ZooKeeper hosts: shape by ensemble, ring by state, epoch by number, and the same crown on every serving leader.
use yew::Html;

use super::hue;
use crate::scene::{PeerSpot, Scene};
use crate::view::{PeerPhase, PeerView, View};
use crate::web::dom::{classes, view};

const CROWN: &str = "M-11,5L-11,-6L-5.500,0L0,-9L5.500,0L11,-6L11,5Z";

/// Every host.
pub fn hosts(view: &View, scene: &Scene) -> Vec<Html> {
    view.peers.iter().zip(&scene.peers).map(|(p, spot)| host(view, scene, p, spot)).collect()
}

/// A state in words, and its class.
fn state(p: &PeerView) -> (&'static str, &'static str) {
    match p.phase {
        PeerPhase::Planned => ("planned", "planned"),
        PeerPhase::Booting => ("booting", "booting"),
        PeerPhase::Off => ("off", "off"),
        PeerPhase::Frozen => ("frozen", "frozen"),
        PeerPhase::Looking => ("looking", "looking"),
        PeerPhase::Following if !p.serving => ("syncing", "syncing"),
        PeerPhase::Following if !p.counted => ("no vote here", "voteless"),
        PeerPhase::Following => ("following", "serving"),
        PeerPhase::Observing => ("observing", "serving"),
        PeerPhase::Leading if p.serving => ("leading", "leading"),
        PeerPhase::Leading => ("elected", "syncing"),
    }
}

/// Everything about it in a phrase, for those who do not see the stage.
fn spoken(view: &View, p: &PeerView) -> String {
    let mut text = format!("zk{}, {}", p.sid, state(p).0);
    if let Some(e) = p.ensemble.and_then(|e| view.ensembles.get(e)) {
        text.push_str(&format!(", ensemble {}, epoch {}", e.label, p.epoch));
    }
    if p.phase == PeerPhase::Looking {
        text.push_str(&format!(", {} of {} votes", p.votes, p.majority));
    }
    text
}

fn outline(ensemble: Option<usize>, r: i32) -> String {
    match ensemble {
        Some(0) => format!("M-{r},0a{r},{r} 0 1 1 {0},0a{r},{r} 0 1 1 -{0},0Z", 2 * r),
        Some(_) => {
            let d = r + 3;
            format!("M0,-{d}L{d},0L0,{d}L-{d},0Z")
        }
        None => {
            let (at, side) = (r - 2, 2 * r - 16);
            format!("M-{},-{at}h{side}q6,0 6,6v{side}q0,6 -6,6h-{side}q-6,0 -6,-6v-{side}q0,-6 6,-6Z", at - 6)
        }
    }
}

fn host(view: &View, scene: &Scene, p: &PeerView, spot: &PeerSpot) -> Html {
    let r = scene.radius;
    let candidate = p.phase == PeerPhase::Looking;
    let (word, class) = state(p);
    let id = format!("zk{}", p.sid);
    let name = if r >= 17 { id.clone() } else { p.sid.to_string() };
    let words = if candidate { format!("{} of {}", p.votes, p.majority) } else { word.to_string() };
    let crown = classes(&[
        "crown",
        if p.phase == PeerPhase::Leading { "" } else { "none" },
        if p.serving { "" } else { "hollow" },
    ]);
    let above = -r - if spot.ensemble == Some(0) { 8 } else { 11 };
    let half = if p.phase == PeerPhase::Off { r / 2 } else { 0 };
    let shown = spot.ensemble.is_some() && r >= 16;
    // The words stand beside the button, not in it: its name says more than they do.
    view!(
        "<g key={} class={} data-node={} data-x={} data-y={}>
        <g role=button tabindex=0 aria-haspopup=dialog aria-label={}><path class=body d={}/>
        <circle class={} r={} pathLength=100 stroke-dasharray={} transform=rotate(-90)/></g>
        <g aria-hidden=true><path class=cross d={}/><text class=id y=4 text-anchor=middle>{}</text>
        <path class={} d={} transform={}/><text class={} y={} text-anchor=middle>{}</text><g class=pips>{}</g>
        <g class={} transform={}><circle r=7.5 /><text y=3.5 text-anchor=middle>{}</text></g></g></g>",
        i32::from(p.sid),
        classes(&["node peer", hue(spot.ensemble), class]),
        id,
        spot.at.x,
        spot.at.y,
        spoken(view, p),
        outline(spot.ensemble, r),
        if p.arc.is_some() { "arc" } else { "none" },
        r + 5,
        format!("{} 100", arc(view, p)),
        format!("M{half},{half}L-{half},-{half}M{half},-{half}L-{half},{half}"),
        name,
        crown,
        CROWN,
        format!("translate(0,{above})"),
        if scene.roomy { "state" } else { "none" },
        r + 15,
        words,
        pips(p, candidate && scene.roomy, r),
        if shown { "epoch" } else { "none" },
        format!("translate({},{})", r - 2, r - 5),
        p.epoch.to_string(),
    )
}

/// How much of its wait is over, in percent.
fn arc(view: &View, p: &PeerView) -> u64 {
    p.arc.map_or(0, |a| {
        let span = a.until.saturating_sub(a.since).max(1);
        view.now.saturating_sub(a.since).min(span) * 100 / span
    })
}

/// One pip for every vote that a majority needs; filled when it was heard.
fn pips(p: &PeerView, show: bool, r: i32) -> Vec<Html> {
    let needed = if show { p.majority.min(9) as i32 } else { 0 };
    let pip = |i: i32| {
        let class = if i < p.votes as i32 { "got" } else { "" };
        view!("<circle class={} r=2.2 cx={} cy={}/>", class, (2 * i - needed + 1) * 3, r + 21)
    };
    (0..needed).map(pip).collect()
}
