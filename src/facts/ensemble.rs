//! A logical cluster: whoever leads it, whoever follows, and what its tree holds. Nobody inside knows that it is one of two.
use super::{Sheet, ids, set};
use crate::sim::Simulation;
use crate::words::{number, say};

pub(super) fn fill(sim: &Simulation, i: usize, s: &mut Sheet) {
    let view = sim.view();
    let Some(e) = view.ensembles.get(i) else { return };
    let host = if view.kraft { "controller " } else { "zk" };
    s.open("Ensemble");
    if e.leader == 0 {
        s.noted("leader", "none".into(), "", "nobody leads it now");
        return;
    }
    s.row("leader", say!(host, e.leader), "");
    s.row("serves", super::yes(e.serving), "");
    s.row("epoch", number(u64::from(e.epoch)), if view.kraft { "leaderEpoch" } else { "currentEpoch" });
    s.noted("majority", say!(e.majority, " of ", e.list_len), "QuorumVerifier", "of its leader's own list");
    s.row("members", ids(&e.members), "");
    let uncounted: Vec<u8> = view.peers.iter().filter(|p| p.ensemble == Some(i) && !p.counted).map(|p| p.sid).collect();
    if !uncounted.is_empty() {
        let note = "its leader accepts them, and counts them in no majority";
        s.noted("not on its leader's list", ids(&uncounted), "", note);
    }
    let behind: Vec<u8> = view.peers.iter().filter(|p| p.ensemble == Some(i) && p.diverged).map(|p| p.sid).collect();
    if !behind.is_empty() {
        let note = "logs are compared by zxid alone, so nothing will ever tell it";
        s.noted("hold another tree", ids(&behind), "", note);
    }
    s.open("What obeys it");
    s.row("brokers registered", ids(&e.broker_ids), if view.kraft { "BrokerRegistration" } else { "/brokers/ids" });
    let obeys: Vec<u8> = view.brokers.iter().filter(|b| b.ensemble == Some(i)).map(|b| b.id).collect();
    s.row("brokers that reach it now", ids(&obeys), "");
    if !view.kraft {
        let owner = e.controller.map_or("none".into(), |id| say!("broker ", id));
        s.row("/controller", owner, "");
        let peer = sim.peers().iter().find(|p| p.sid == e.leader);
        if let Some(peer) = peer {
            s.row("/controller_epoch", number(u64::from(peer.tree.controller_epoch)), "");
            s.row("/cluster/id", super::cluster(peer.tree.cluster), "");
            s.row("open sessions", number(peer.tree.sessions.len() as u64), "SessionTracker");
        }
    }
    let led = sim.brokers().iter().skip(1).filter(|b| b.is_up() && b.controller.is_some());
    let here = led.filter(|b| obeys.contains(&b.id)).fold(0, |mask, b| mask | 1 << b.id);
    if !view.kraft {
        s.row("believe they are the controller", set(here), "KafkaController.isActive");
    }
}
