//! A ZooKeeper host: what it was given, what is on its disk, what it decides by, and whom it serves.
use super::{Sheet, heard, host, hosts, until, yes, zxid};
use crate::ensemble::leader::{Leading, Phase};
use crate::ensemble::learner::Learner;
use crate::ensemble::vote::Vote;
use crate::ensemble::{Peer, PeerState, Power};
use crate::scenario::Role;
use crate::sim::Simulation;
use crate::words::{self, number, say};

pub(super) fn fill(sim: &Simulation, sid: u8, s: &mut Sheet) {
    let Some(me) = sim.peers().iter().find(|p| p.sid == sid) else { return };
    s.open("State");
    s.row("state", power(sim, me), "QuorumPeer.ServerState");
    if !me.serves() {
        s.row("not serving because", why_not(sim, me), "");
    }
    configuration(sim, me, s);
    disk(me, s);
    if !matches!(me.power, Power::Up | Power::Frozen) {
        return;
    }
    election(sim, me, s);
    heard::fill(sim, me, s);
    if let Some(learner) = &me.learner {
        following(sim, me, learner, s);
    }
    if let Some(leading) = &me.leading {
        leads(sim, me, leading, s);
    }
    clients(me, s);
}

/// The state as ZooKeeper spells it.
pub(super) fn state(state: PeerState) -> &'static str {
    match state {
        PeerState::Looking => "LOOKING",
        PeerState::Following => "FOLLOWING",
        PeerState::Leading => "LEADING",
        PeerState::Observing => "OBSERVING",
    }
}

fn power(sim: &Simulation, me: &Peer) -> String {
    match me.power {
        Power::Planned => "not in the inventory yet".into(),
        Power::Booting(_, at) => say!("booting until ", until(sim, at)),
        Power::Off => "stopped".into(),
        Power::Frozen => say!("hangs, and was ", state(me.state)),
        Power::Up => state(me.state).into(),
    }
}

fn why_not(sim: &Simulation, me: &Peer) -> String {
    match (me.power, me.state, &me.learner, &me.leading) {
        (Power::Planned | Power::Booting(..) | Power::Off, ..) => "its process is not running".into(),
        (Power::Frozen, ..) => "its process hangs".into(),
        (_, PeerState::Looking, ..) if me.finalizing.is_some() => {
            "a majority agrees; it waits for a better vote".into()
        }
        (_, PeerState::Looking, ..) => {
            let needs = me.list.majority();
            say!(
                "it has ",
                me.votes(),
                " of the ",
                needs,
                " votes that a majority of its list of ",
                me.list.len(),
                " takes"
            )
        }
        (.., Some(l)) => match l.phase {
            Phase::Discovery => {
                let some = (l.connected & me.list.0).count_ones();
                say!("it waits for learners: ", some, " of ", me.list.majority(), " have connected")
            }
            Phase::Epoch => {
                let some = (l.accepted & me.list.0).count_ones();
                say!("its epoch is accepted by ", some, " of ", me.list.majority())
            }
            Phase::Sync => say!((l.in_sync & me.list.0).count_ones(), " of ", me.list.majority(), " are in sync"),
            Phase::Broadcast => "it serves".into(),
        },
        (_, _, Some(l), _) if !l.connected => {
            say!(host(sim, l.leader), " has not answered; attempt ", l.tries, " of ", crate::ensemble::CONNECT_TRIES)
        }
        (_, _, Some(l), _) => say!("it is not in sync with ", host(sim, l.leader), " yet"),
        _ => "it has lost its leader, and will look for another".into(),
    }
}

fn configuration(sim: &Simulation, me: &Peer, s: &mut Sheet) {
    s.open("What it was given");
    s.row("myid", number(u64::from(me.sid)), "dataDir/myid");
    let role = if me.role == Role::Observer { "observer" } else { "participant" };
    s.row("peerType", role.into(), "zoo.cfg");
    if me.list.is_empty() {
        s.row("server list", "given when it starts".into(), "zoo.cfg, server.N");
        return;
    }
    let from = if me.tree.config != 0 && me.tree.config == me.list.0 {
        "from /zookeeper/config, which replaces its file"
    } else {
        ""
    };
    s.noted("server list", hosts(sim, me.list.0), "zoo.cfg, server.N", from);
    let needs = say!(me.list.majority(), " of ", me.list.len());
    s.noted("majority", needs, "QuorumMaj.half", "of its own list: no other is counted");
    if !me.list.has(me.ix) {
        s.noted("on its own list", yes(false), "", "it can vote for nobody");
    }
    s.row("tickTime", words::span(me.timing.tick), "zoo.cfg");
    s.row("initLimit", words::span(me.timing.init), "zoo.cfg, times tickTime");
    s.row("syncLimit", words::span(me.timing.sync), "zoo.cfg, times tickTime");
}

fn disk(me: &Peer, s: &mut Sheet) {
    s.open("On its disk");
    s.row("currentEpoch", number(u64::from(me.current_epoch)), "version-2/currentEpoch");
    s.row("acceptedEpoch", number(u64::from(me.accepted_epoch)), "version-2/acceptedEpoch");
    s.row("lastLoggedZxid", zxid(me.last_zxid), "QuorumPeer.getLastLoggedZxid");
    let behind = if me.applied < me.last_zxid { "logged, and not committed as far as it knows" } else { "" };
    s.noted("lastProcessedZxid", zxid(me.applied), "DataTree.lastProcessedZxid", behind);
    s.row("committedLog", words::plural(me.log.len() as u64, "transaction", "transactions"), "ZKDatabase.committedLog");
}

/// A vote as (leader, epoch, zxid).
pub(super) fn vote(sim: &Simulation, vote: &Vote) -> String {
    match vote.leader {
        Some(leader) => say!(host(sim, leader), ", epoch ", vote.peer_epoch, ", zxid ", zxid(vote.zxid)),
        None => "nobody".into(),
    }
}

fn election(sim: &Simulation, me: &Peer, s: &mut Sheet) {
    s.open("Election");
    s.noted("logicalclock", number(me.round), "FastLeaderElection", "its round; votes say it as electionEpoch");
    if me.state == PeerState::Looking {
        s.row("proposed vote", vote(sim, &me.proposal), "proposedLeader, proposedEpoch, proposedZxid");
        let votes = say!(me.votes(), "; it needs ", me.list.majority());
        s.row("agree", votes, "SyncedLearnerTracker.hasAllQuorums");
        match me.finalizing {
            Some(at) => s.row("finalizeWait until", until(sim, at), "FastLeaderElection.finalizeWait"),
            None => {
                s.row("notTimeout", words::span(me.notify), "FastLeaderElection.lookForLeader");
                s.row("asks again at", until(sim, me.election_timer.1), "");
            }
        }
    } else {
        s.row("currentVote", vote(sim, &me.vote), "QuorumPeer.currentVote");
    }
}

fn following(sim: &Simulation, me: &Peer, l: &Learner, s: &mut Sheet) {
    s.open("Its leader");
    s.row("leader", host(sim, l.leader), "Learner.findLeader");
    let counted = sim.peers().get(usize::from(l.leader)).is_some_and(|p| p.list.has(me.ix));
    let note = if counted { "" } else { "its leader accepts it as a learner, and counts it in no majority" };
    s.noted("on its leader's list", yes(counted), "QuorumVerifier of the leader", note);
    s.row("connected", yes(l.connected), "Learner.connectToLeader");
    s.row("up to date", yes(l.serving), "UPTODATE");
    s.row("leader heard", until(sim, l.heard), "");
    let limit = if l.serving { me.timing.sync } else { me.timing.init };
    s.noted("gives up at", until(sim, l.heard + limit), "socket timeout", "unless its leader says something before");
}

fn leads(sim: &Simulation, me: &Peer, l: &Leading, s: &mut Sheet) {
    s.open("As leader");
    let phase = match l.phase {
        Phase::Discovery => "discovery: waits for a majority to connect",
        Phase::Epoch => "discovery: waits for a majority to accept its epoch",
        Phase::Sync => "synchronization: waits for a majority to be in sync",
        Phase::Broadcast => "broadcast: serves",
    };
    s.row("zabState", phase.into(), "QuorumPeer.ZabState");
    s.row("epoch", number(u64::from(l.epoch)), "Leader.epoch");
    let synced = l.synced_since(me.ix, sim.now(), me.timing.sync);
    if l.serves() {
        let count = (synced & me.list.0).count_ones();
        s.row("in sync", say!(count, "; it needs ", me.list.majority()), "LearnerHandler.synced");
    }
    for (ix, h) in l.handlers() {
        let value = if h.synced { say!("in sync, heard ", until(sim, h.heard)) } else { "not in sync yet".into() };
        let note = match (h.observer, me.list.has(ix)) {
            (true, _) => "observes: counted in no majority",
            (_, false) => "not on this leader's list: counted in no majority",
            _ => "",
        };
        s.noted(&say!("learner ", host(sim, ix)), value, "LearnerHandler", note);
    }
    s.row("outstandingProposals", number(l.outstanding.len() as u64), "Leader.outstandingProposals");
    for o in l.outstanding.iter().take(8) {
        s.row(&zxid(o.zxid), say!("acknowledged by ", hosts(sim, o.acks)), "Proposal.qvAcksetPairs");
    }
    for (session, at) in &l.sessions {
        let broker = me.tree.sessions.iter().find(|(id, _)| id == session).map(|(_, broker)| *broker);
        let name = say!("session 0x", words::hex(u64::from(*session)));
        let value = say!("broker ", broker.unwrap_or(0), ", expires at ", until(sim, *at));
        s.row(&name, value, "SessionTrackerImpl");
    }
}

fn clients(me: &Peer, s: &mut Sheet) {
    s.open("Brokers connected here");
    for c in &me.server.clients {
        let session = c.session.map_or("no session yet".into(), |id| say!("session 0x", words::hex(u64::from(id))));
        s.row(&say!("broker ", c.broker), session, "ServerCnxn");
    }
    if !me.server.waiting.is_empty() {
        let count = me.server.waiting.len() as u64;
        s.row("requests under way", words::plural(count, "request", "requests"), "CommitProcessor");
    }
}
