//! ZooKeeper hosts: shape by ensemble, ring by state, epoch by number, and the same crown on every serving leader.
use super::hue;
use crate::markup::{Markup, put};
use crate::scene::{PeerSpot, Scene};
use crate::view::{PeerPhase, PeerView, View};

const CROWN: &str = "M-11,5L-11,-6L-5.500,0L0,-9L5.500,0L11,-6L11,5Z";

/// Every host.
pub fn hosts(m: &mut Markup, view: &View, scene: &Scene) {
    for (p, spot) in view.peers.iter().zip(&scene.peers) {
        host(m, view, scene, p, spot);
    }
}

/// What hosts are called before their number.
fn name(view: &View) -> &'static str {
    if view.kraft { "c" } else { "zk" }
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
        PeerPhase::Observing if !p.counted => ("observing", "voteless"),
        PeerPhase::Observing => ("observing", "serving"),
        PeerPhase::Leading if p.serving => ("leading", "leading"),
        PeerPhase::Leading => ("elected", "syncing"),
    }
}

/// Everything about it in a phrase, for those who do not see the stage.
fn spoken(m: &mut Markup, view: &View, p: &PeerView) {
    put!(m; name(view), p.sid, ", ", state(p).0);
    if let Some(e) = p.ensemble.and_then(|e| view.ensembles.get(e)) {
        put!(m; ", ensemble ", e.label, ", epoch ", p.epoch);
    }
    if p.phase == PeerPhase::Looking {
        put!(m; ", ", p.votes, " of ", p.majority, " votes");
    }
    let (cut, diverged) = marks(p);
    put!(m; cut, diverged);
}

/// What else is wrong with it, to be added to a phrase.
fn marks(p: &PeerView) -> (&'static str, &'static str) {
    (if p.cut { ", links cut" } else { "" }, if p.diverged { ", its tree is not its leader's" } else { "" })
}

fn outline(m: &mut Markup, ensemble: Option<usize>, r: i32) {
    match ensemble {
        Some(0) => put!(m; "M-", r, ",0a", r, ",", r, " 0 1 1 ", 2 * r, ",0a", r, ",", r, " 0 1 1 -", 2 * r, ",0Z"),
        Some(_) => {
            let d = r + 3;
            put!(m; "M0,-", d, "L", d, ",0L0,", d, "L-", d, ",0Z");
        }
        None => {
            let side = 2 * r - 16;
            put!(m; "M", 8 - r, ",", 2 - r, "h", side, "q6,0 6,6v", side, "q0,6 -6,6h-", side, "q-6,0 -6,-6v-", side, "q0,-6 6,-6Z");
        }
    }
}

fn host(m: &mut Markup, view: &View, scene: &Scene, p: &PeerView, spot: &PeerSpot) {
    let r = scene.radius;
    let candidate = p.phase == PeerPhase::Looking;
    let (word, class) = state(p);
    let crown = match p.phase {
        PeerPhase::Leading if p.serving => "crown",
        PeerPhase::Leading => "crown hollow",
        _ => "none",
    };
    let above = -r - if spot.ensemble == Some(0) { 8 } else { 11 };
    let half = if p.phase == PeerPhase::Off { r / 2 } else { 0 };
    // The words stand beside the button, not in it: its name says more than they do.
    put!(m; "<g key=", p.sid, " class=\"node peer ", hue(spot.ensemble), " ", class, "\" part=node data-node=zk", p.sid,
        " data-x=", spot.at.x, " data-y=", spot.at.y, "><g role=button tabindex=0 aria-label=\"");
    spoken(m, view, p);
    put!(m; "\"><path class=body d=\"");
    outline(m, spot.ensemble, r);
    put!(m; "\"/><circle class=", if p.arc.is_some() { "arc" } else { "none" }, " r=", r + 5,
        " pathLength=100 stroke-dasharray=\"", arc(view, p), " 100\" transform=rotate(-90) /></g><g aria-hidden=true>\
        <path class=cross d=M", half, ",", half, "L", -half, ",", -half, "M", half, ",", -half, "L", -half, ",", half,
        " /><text class=id y=4 text-anchor=middle>", if r >= 17 { name(view) } else { "" }, p.sid,
        "</text><path class=\"", crown, "\" d=\"", CROWN, "\" transform=translate(0,", above, ") />\
        <text class=", if !scene.roomy { "none" } else if p.cut || p.diverged { "\"state odd\"" } else { "state" }, " y=", r + 15, " text-anchor=middle>");
    match p {
        _ if p.cut => put!(m; "✂ cut off"),
        _ if candidate => put!(m; p.votes, " of ", p.majority),
        _ if p.diverged => put!(m; "≠ tree"),
        _ => put!(m; word),
    }
    put!(m; "</text><g class=pips>");
    pips(m, p, candidate && scene.roomy, r);
    put!(m; "</g><g class=", if spot.ensemble.is_some() && r >= 16 { "epoch" } else { "none" }, " transform=translate(", r - 2, ",", r - 5,
        ")><circle r=7.5 /><text y=3.5 text-anchor=middle>", p.epoch, "</text></g></g></g>");
}

/// How much of its wait is over, in percent.
fn arc(view: &View, p: &PeerView) -> i32 {
    p.arc.map_or(0, |a| {
        let span = a.until.saturating_sub(a.since).max(1);
        (view.now.saturating_sub(a.since).min(span) * 100 / span) as i32
    })
}

/// One pip for every vote that a majority needs; filled when it was heard.
fn pips(m: &mut Markup, p: &PeerView, show: bool, r: i32) {
    let needed = if show { p.majority.min(9) as i32 } else { 0 };
    for i in 0..needed {
        let class = if i < p.votes as i32 { "got" } else { "\"\"" };
        put!(m; "<circle class=", class, " r=2.2 cx=", (2 * i - needed + 1) * 3, " cy=", r + 21, " />");
    }
}
