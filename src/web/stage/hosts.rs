//! ZooKeeper hosts: shape by ensemble, ring by state, epoch by number, and the same crown on every serving leader.
use yew::Html;

use super::hue;
use crate::scene::{PeerSpot, Scene};
use crate::view::{PeerPhase, PeerView, View};
use crate::web::dom::{classes, el, keyed, none_if, t};

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

fn outline(ensemble: Option<usize>, r: i32) -> Html {
    match ensemble {
        Some(0) => el!("circle", "class" = "body", "r" = r),
        Some(_) => {
            let d = r + 3;
            el!("path", "class" = "body", "d" = format!("M0,-{d}L{d},0L0,{d}L-{d},0Z"))
        }
        None => {
            let (at, side) = (2 - r, 2 * r - 4);
            el!("rect", "class" = "body", "x" = at, "y" = at, "width" = side, "height" = side, "rx" = 6)
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
    let crown = classes(&["crown", none_if(p.phase != PeerPhase::Leading), if p.serving { "" } else { "hollow" }]);
    let above = -r - if spot.ensemble == Some(0) { 8 } else { 11 };
    let cross = if p.phase == PeerPhase::Off { "cross" } else { "none" };
    let node = el!("g", "class" = classes(&["node peer", hue(spot.ensemble), class]), "data-node" = id,
        "data-x" = spot.at.x, "data-y" = spot.at.y, "role" = "button", "tabindex" = 0, "aria-haspopup" = "dialog",
        "aria-label" = spoken(view, p);
        outline(spot.ensemble, r),
        arc(view, p, r),
        el!("path", "class" = cross, "d" = format!("M{0},{0}L-{0},-{0}M{0},-{0}L-{0},{0}", r / 2)),
        el!("text", "class" = "id", "y" = 4, "text-anchor" = "middle"; t(name)),
        el!("path", "class" = crown, "d" = CROWN, "transform" = format!("translate(0,{above})")),
        el!("text", "class" = if scene.roomy { "state" } else { "none" }, "y" = r + 15, "text-anchor" = "middle"; t(words)),
        pips(p, candidate && scene.roomy, r),
        epoch(p, spot.ensemble.is_some() && r >= 16, r));
    keyed(i32::from(p.sid), node)
}

/// The arc of whatever it waits for.
fn arc(view: &View, p: &PeerView, r: i32) -> Html {
    let done = p.arc.map_or(0, |a| {
        let span = a.until.saturating_sub(a.since).max(1);
        (view.now.saturating_sub(a.since).min(span) * 100 / span) as i32
    });
    el!(
        "circle",
        "class" = if done == 0 { "none" } else { "arc" },
        "r" = r + 5,
        "pathLength" = 100,
        "stroke-dasharray" = format!("{done} 100"),
        "transform" = "rotate(-90)"
    )
}

/// One pip for every vote that a majority needs; filled when it was heard.
fn pips(p: &PeerView, show: bool, r: i32) -> Html {
    let needed = if show { p.majority.min(9) as i32 } else { 0 };
    let pip = |i: i32| {
        let class = if i < p.votes as i32 { "got" } else { "" };
        el!("circle", "class" = class, "r" = "2.2", "cx" = (2 * i - needed + 1) * 3, "cy" = r + 21)
    };
    el!("g", "class" = "pips"; ..(0..needed).map(pip).collect())
}

fn epoch(p: &PeerView, show: bool, r: i32) -> Html {
    el!("g", "class" = if show { "epoch" } else { "none" }, "transform" = format!("translate({},{})", r - 2, r - 5);
        el!("circle", "r" = "7.5"),
        el!("text", "y" = "3.5", "text-anchor" = "middle"; t(p.epoch.to_string())))
}
