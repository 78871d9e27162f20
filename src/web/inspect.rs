//! What a node really holds, and what can be done to it: a small dialog beside it.
use super::dom::{Markup, button, put};
use crate::scenario::{Command, Node};
use crate::scene::{Point, Scene};
use crate::sim::Simulation;
use crate::view::{BrokerPhase, BrokerView, PeerPhase, PeerView, View};
use crate::words;

/// Its width in CSS pixels; `.popover` says the same.
const WIDTH: i32 = 296;

/// The dialog, if a node is selected.
pub fn inspect(m: &mut Markup, sim: &Simulation, view: &View, scene: &Scene, selected: (Option<Node>, &str)) {
    let (Some(node), error) = selected else { return };
    let at = place(scene, node);
    let (word, id) = match node {
        Node::Peer(sid) => (if view.kraft { "controller " } else { "zk" }, sid),
        Node::Broker(id) => ("broker ", id),
        Node::Consumer(_) | Node::Producer(_) => return, // they have no dialog
    };
    put!(m; "<div class=popover part=popover role=dialog aria-label=\"", word, id, "\" data-left=", at.x, " data-top=", at.y,
        "><h3>", word, id, "</h3><dl>");
    let actions = match node {
        Node::Peer(sid) => view.peers.iter().find(|p| p.sid == sid).map(|p| peer_facts(m, sim, p, view.kraft)),
        Node::Broker(id) => view.brokers.iter().find(|b| b.id == id).map(|b| broker_facts(m, view, b)),
        Node::Consumer(_) | Node::Producer(_) => None,
    };
    put!(m; "</dl><p class=oops>");
    m.quote(error);
    put!(m; "</p><div class=actions>");
    for (act, word) in actions.unwrap_or_default() {
        button(m, act, "", word);
    }
    put!(m; "<button type=button data-lab=inspect data-arg=", node.name(), ">Inspect</button>");
    button(m, "close", "", "Close");
    put!(m; "</div></div>");
}

/// What a button of the dialog does to its node.
pub fn command(act: &str, node: Node) -> Option<Command> {
    Some(match act {
        "stop" => Command::Stop(node),
        "start" => Command::Start(node),
        "freeze" => Command::Freeze(node),
        "thaw" => Command::Thaw(node),
        "isolate" => Command::Isolate(node),
        "rejoin" => Command::Rejoin(node),
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
        Node::Consumer(_) | Node::Producer(_) => None,
    }
    .unwrap_or((0, 0));
    Point { x: (middle - WIDTH / 2).clamp(0, (scene.width - WIDTH).max(0)), y: below }
}

type Actions = &'static [(&'static str, &'static str)];

/// Begins a fact; the caller writes its value and the next fact ends it.
fn fact(m: &mut Markup, term: &str) {
    put!(m; "<div><dt>", term, "</dt><dd>");
}

fn end(m: &mut Markup) {
    put!(m; "</dd></div>");
}

/// A term and a text.
fn plain(m: &mut Markup, term: &str, value: &str) {
    fact(m, term);
    put!(m; value);
    end(m);
}

fn peer_facts(m: &mut Markup, sim: &Simulation, p: &PeerView, kraft: bool) -> Actions {
    let (state, actions): (&str, Actions) = match p.phase {
        PeerPhase::Planned => ("not in the inventory yet", &[]),
        PeerPhase::Booting => ("booting", &[]),
        PeerPhase::Off => ("stopped", &[("start", "Start")]),
        PeerPhase::Frozen => ("frozen: it hears and says nothing", &[("thaw", "Thaw"), ("stop", "Stop")]),
        PeerPhase::Looking => ("LOOKING", RUNNING),
        PeerPhase::Following => ("FOLLOWING", RUNNING),
        PeerPhase::Observing => ("OBSERVING", RUNNING),
        PeerPhase::Leading => ("LEADING", RUNNING),
    };
    plain(m, "state", state);
    fact(m, "server list");
    match p.list.len() {
        0 => put!(m; "given when it starts"),
        n => put!(m; words::ranges(&p.list), " (majority ", p.majority, " of ", n as i32, ")"),
    }
    end(m);
    if let Some(vote) = p.vote.filter(|_| p.phase == PeerPhase::Looking) {
        fact(m, "vote");
        put!(m; if kraft { "c" } else { "zk" }, vote, ": ", p.votes, " of ", p.majority, " agree");
        end(m);
    }
    if let Some(leader) = p.leader.filter(|l| *l != p.sid) {
        fact(m, "follows");
        put!(m; if kraft { "c" } else { "zk" }, leader, if p.counted { "" } else { ", not counted in its list" });
        end(m);
    }
    if kraft {
        fact(m, "epoch · log end");
        put!(m; p.epoch, " · ", words::count(p.zxid));
    } else {
        fact(m, "epoch · zxid");
        put!(m; p.epoch, " · 0x", words::hex(p.zxid));
        end(m);
        fact(m, "accepted · round");
        put!(m; p.accepted_epoch, " · ", words::count(p.round));
    }
    end(m);
    if p.diverged {
        plain(m, "tree", "not its leader's");
    }
    if p.serving {
        // Its own tree: each server answers its brokers from that, and from nothing else.
        for (path, value) in sim.tree(p.sid) {
            plain(m, path, &value);
        }
    }
    if p.cut && matches!(actions, [_, _, _]) { CUT } else { actions }
}

const RUNNING: Actions = &[("stop", "Stop"), ("freeze", "Freeze"), ("isolate", "Isolate")];
const CUT: Actions = &[("rejoin", "Reconnect"), ("stop", "Stop"), ("freeze", "Freeze")];

fn broker_facts(m: &mut Markup, view: &View, b: &BrokerView) -> Actions {
    let (state, actions): (&str, Actions) = match b.phase {
        BrokerPhase::Off => ("stopped", &[("start", "Start")]),
        BrokerPhase::Starting => ("restarting", &[("stop", "Stop")]),
        BrokerPhase::Up if b.cut => ("serving whom it reaches", &[("rejoin", "Reconnect"), ("stop", "Stop")]),
        BrokerPhase::Up => ("serving clients", &[("stop", "Stop"), ("isolate", "Isolate")]),
    };
    plain(m, "state", state);
    fact(m, "obeys");
    match b.ensemble.and_then(|e| view.ensembles.get(e)) {
        Some(e) => put!(m; "ensemble ", e.label),
        None => put!(m; "nobody it can reach"),
    }
    end(m);
    fact(m, "cluster id");
    put!(m; b.cluster.unwrap_or('–'));
    end(m);
    fact(m, "controller");
    match b.controller {
        Some(epoch) => put!(m; "believes so, epoch ", epoch),
        None => put!(m; "no"),
    }
    end(m);
    fact(m, "metadata");
    let (topics, brokers) = (u64::from(b.topics), u64::from(b.knows));
    put!(m; words::plural(topics, "topic", "topics"), ", ", words::plural(brokers, "broker", "brokers"));
    end(m);
    fact(m, "partitions");
    put!(m; "leads ", b.leads, " of its ", b.replicas.len() as i32, " replicas");
    end(m);
    for (reason, n) in b.failures.iter().take(3) {
        plain(m, reason.name(), &words::count(u64::from(*n)));
    }
    actions
}
