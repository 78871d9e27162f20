//! What a node really holds, and what can be done to it: a small dialog beside it.
use yew::Html;

use super::dom::{button, view};
use crate::scenario::{Command, Node};
use crate::scene::{Point, Scene};
use crate::view::{BrokerPhase, BrokerView, PeerPhase, PeerView, View};
use crate::words;

/// Its width in CSS pixels; `.popover` says the same.
const WIDTH: i32 = 268;

/// The dialog, or an empty place for it.
pub fn inspect(view: &View, scene: &Scene, node: Option<Node>, error: &str) -> Html {
    let found = match node {
        Some(Node::Peer(sid)) => {
            view.peers.iter().find(|p| p.sid == sid).map(|p| (peer_facts(view, p), peer_actions(p)))
        }
        Some(Node::Broker(id)) => {
            view.brokers.iter().find(|b| b.id == id).map(|b| (broker_facts(view, b), broker_actions(b)))
        }
        None => None,
    };
    let Some((node, (facts, actions))) = node.zip(found) else {
        return view!("<div class=none></div>");
    };
    let at = place(scene, node);
    let name = node.name().replace("broker", "broker ");
    let fact = |(term, fact): (&'static str, String)| view!("<div><dt>{}</dt><dd>{}</dd></div>", term, fact);
    let mut buttons: Vec<Html> = actions.iter().map(|(act, word)| button(act, "", *word)).collect();
    buttons.push(button("close", "", "Close"));
    view!(
        "<div class=popover part=popover role=dialog aria-label={} data-left={} data-top={}><h3>{}</h3><dl>{}</dl>
        <p class=oops role=status>{}</p><div class=actions>{}</div></div>",
        name.clone(),
        at.x,
        at.y,
        name,
        facts.into_iter().map(fact).collect::<Vec<Html>>(),
        error.to_string(),
        buttons,
    )
}

/// What a button of the dialog does to its node.
pub fn command(act: &str, node: Node) -> Option<Command> {
    Some(match act {
        "stop" => Command::Stop(node),
        "start" => Command::Start(node),
        "freeze" => Command::Freeze(node),
        "thaw" => Command::Thaw(node),
        _ => return None,
    })
}

/// Beside the node, and within the stage.
fn place(scene: &Scene, node: Node) -> Point {
    let (middle, below) = match node {
        Node::Peer(sid) => scene.peers.iter().find(|p| p.sid == sid).map(|p| (p.at.x, p.at.y + scene.radius + 10)),
        Node::Broker(id) => {
            scene.brokers.iter().find(|b| b.id == id).map(|b| (b.card.center().x, b.card.y + b.card.h + 8))
        }
    }
    .unwrap_or((0, 0));
    Point { x: (middle - WIDTH / 2).clamp(0, (scene.width - WIDTH).max(0)), y: below }
}

type Facts = Vec<(&'static str, String)>;
type Actions = &'static [(&'static str, &'static str)];

fn peer_facts(view: &View, p: &PeerView) -> Facts {
    let state = match p.phase {
        PeerPhase::Planned => "not in the inventory yet",
        PeerPhase::Booting => "booting",
        PeerPhase::Off => "stopped",
        PeerPhase::Frozen => "frozen: it hears and says nothing",
        PeerPhase::Looking => "LOOKING",
        PeerPhase::Following => "FOLLOWING",
        PeerPhase::Observing => "OBSERVING",
        PeerPhase::Leading => "LEADING",
    };
    let list = match p.list.len() {
        0 => "given when it starts".to_string(),
        n => format!("{} (majority {} of {n})", words::ranges(&p.list), p.majority),
    };
    let mut facts = vec![("state", state.to_string()), ("server list", list)];
    if let Some(vote) = p.vote.filter(|_| p.phase == PeerPhase::Looking) {
        facts.push(("vote", format!("zk{vote}: {} of {} agree", p.votes, p.majority)));
    }
    if let Some(leader) = p.leader.filter(|l| *l != p.sid) {
        let counted = if p.counted { "" } else { ", not counted in its list" };
        facts.push(("follows", format!("zk{leader}{counted}")));
    }
    facts.push(("epoch · zxid", format!("{} · {:#x}", p.epoch, p.zxid)));
    facts.push(("accepted epoch", p.accepted_epoch.to_string()));
    facts.push(("round", p.round.to_string()));
    if let Some(e) = p.ensemble.and_then(|e| view.ensembles.get(e)).filter(|_| p.serving) {
        let none = || "none".to_string();
        facts.push(("/controller", e.controller.map_or_else(none, |b| format!("broker {b}"))));
        let ids = words::ranges(&e.broker_ids);
        facts.push(("/brokers/ids", if ids.is_empty() { none() } else { ids }));
        facts.push(("/brokers/topics", words::plural(u64::from(e.topics), "topic", "topics")));
    }
    facts
}

fn peer_actions(p: &PeerView) -> Actions {
    match p.phase {
        PeerPhase::Off => &[("start", "Start")],
        PeerPhase::Frozen => &[("thaw", "Thaw"), ("stop", "Stop")],
        PeerPhase::Planned | PeerPhase::Booting => &[],
        _ => &[("stop", "Stop"), ("freeze", "Freeze")],
    }
}

fn broker_facts(view: &View, b: &BrokerView) -> Facts {
    let state = match b.phase {
        BrokerPhase::Off => "stopped",
        BrokerPhase::Starting => "restarting",
        BrokerPhase::Up => "serving clients",
    };
    let obeys = b.ensemble.and_then(|e| view.ensembles.get(e)).map(|e| format!("ensemble {}", e.label));
    let mut facts = vec![
        ("state", state.to_string()),
        ("obeys", obeys.unwrap_or_else(|| "nobody it can reach".to_string())),
        ("cluster id", b.cluster.map_or("none".to_string(), |c| c.to_string())),
        ("controller", b.controller.map_or("no".to_string(), |e| format!("believes so, epoch {e}"))),
        (
            "metadata",
            format!(
                "{}, {}",
                words::plural(u64::from(b.topics), "topic", "topics"),
                words::plural(u64::from(b.knows), "broker", "brokers")
            ),
        ),
        ("partitions", format!("leads {} of its {} replicas", b.leads, b.replicas.len())),
    ];
    for (reason, n) in b.failures.iter().take(3) {
        facts.push((reason.name(), words::count(u64::from(*n))));
    }
    facts
}

fn broker_actions(b: &BrokerView) -> Actions {
    if b.phase == BrokerPhase::Off { &[("start", "Start")] } else { &[("stop", "Stop")] }
}
