//! A broker's place in a cluster: its session with a ZooKeeper server, or its registration with a KRaft controller.
use super::{Sheet, host, hosts, until, yes, zxid};
use crate::kafka::Broker;
use crate::kafka::link::Link;
use crate::sim::Simulation;
use crate::words::{number, say, span};

pub(super) fn fill(sim: &Simulation, me: &Broker, s: &mut Sheet) {
    match &me.link {
        Some(link) => quorum(sim, me, link, s),
        None => session(sim, me, s),
    }
}

fn session(sim: &Simulation, me: &Broker, s: &mut Sheet) {
    let session = &me.session;
    s.open("ZooKeeper session");
    s.row("server", host(sim, session.server), "ClientCnxn");
    let note =
        if session.connected { "" } else { "it tries this one now, and the next of its connect string after it" };
    s.noted("connected", yes(session.connected), "ZooKeeper.States", note);
    let id = session.id.map_or("none".into(), |id| say!("0x", crate::words::hex(u64::from(id))));
    s.row("sessionId", id, "ClientCnxn.sessionId");
    s.row("session timeout", span(me.settings.session), "zookeeper.session.timeout.ms");
    s.noted(
        "lastZxid",
        zxid(session.last_zxid),
        "ClientCnxn.lastZxid",
        "a server that is behind it refuses this broker",
    );
    if session.heard != 0 {
        s.row("server heard", until(sim, session.heard), "");
    }
    s.row("registered in this session", yes(session.registered), "/brokers/ids");
    if session.refused != 0 {
        let note = "each server it tries has a state older than the one it has seen";
        s.noted("refused since", until(sim, session.refused), "", note);
    }
    // Whom the server follows the broker cannot see; the one who looks at the whole can.
    if let Some(server) = session.server().and_then(|ix| sim.peers().get(usize::from(ix))) {
        let leader = server.leader().filter(|_| server.is_up()).map_or("nobody".into(), |ix| host(sim, ix));
        s.noted("that server follows", leader, "", "the broker cannot see this");
    }
}

fn quorum(sim: &Simulation, me: &Broker, link: &Link, s: &mut Sheet) {
    s.open("Registration with the quorum");
    s.row("controllers it knows", hosts(sim, link.hosts), "controller.quorum.bootstrap.servers");
    s.row("active controller", link.leader.map_or("unknown".into(), |ix| host(sim, ix)), "ControllerNodeProvider");
    s.row("asked last", host(sim, link.asked), "BrokerLifecycleManager");
    s.row("was answered", yes(link.answered), "");
    s.row("registered", yes(link.registered), "BrokerRegistrationRequest");
    s.row("broker epoch: its life", number(u64::from(me.life)), "incarnationId");
    if link.refusals > 0 {
        s.row("refused in a row", number(u64::from(link.refusals)), "");
    }
}
