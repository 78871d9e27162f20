//! A message in flight: what it is, from whom to whom, and what it says.
use super::host::{state, vote};
use super::{Sheet, hosts, place, until, yes, zxid};
use crate::message::{BrokerMsg, ClientMsg, Due, PeerMsg, ServerMsg};
use crate::sim::Simulation;
use crate::view::{Flight, FlightKind, Place};
use crate::words::{number, say, span};

/// What a message is called.
pub(super) fn kind(kind: FlightKind) -> &'static str {
    match kind {
        FlightKind::Vote => "vote",
        FlightKind::Zab => "discovery, sync or broadcast",
        FlightKind::Ping => "heartbeat",
        FlightKind::Session => "session",
        FlightKind::Control => "controller's word",
        FlightKind::Replicate => "replication",
        FlightKind::Request => "request",
        FlightKind::Reply => "answer",
        FlightKind::Failure => "answer that says no",
        FlightKind::Deliver => "record to a consumer",
        FlightKind::DeadLetter => "into the dead-letter queue",
        FlightKind::Drain => "out of the dead-letter queue",
    }
}

pub(super) fn fill(sim: &Simulation, f: &Flight, s: &mut Sheet) {
    s.open("Message");
    s.row("kind", kind(f.kind).into(), "");
    s.row("from", place(sim, f.from), "");
    s.row("to", place(sim, f.to), "");
    s.row("sent at", until(sim, f.sent), "");
    s.row("arrives at", until(sim, f.arrives), "");
    s.row("takes", span(f.arrives - f.sent), "");
    if f.job != 0 {
        s.row("carries", say!("job ", f.job), "");
    }
    if f.arrives < sim.now() {
        return s.noted("says", "it has arrived".into(), "", "messages are not kept once they were read");
    }
    s.open("What it says");
    let found = sim.out.agenda.iter().find(|(at, item)| *at == f.arrives && is_this(sim, f, &item.due));
    if let Some((at, item)) = found {
        says(sim, at, &item.due, s);
    }
}

/// Is this what arrives with that flight? Two messages of one pair never arrive at the same instant unless they left
/// together.
fn is_this(sim: &Simulation, f: &Flight, due: &Due) -> bool {
    let peer = |ix: u8| Place::Peer(sim.sids().get(usize::from(ix)).copied().unwrap_or(0));
    let ends = match *due {
        Due::Peer { from, to, .. } | Due::Raft { from, to, .. } => (peer(from), peer(to)),
        Due::Client { broker, server, .. } => (Place::Broker(broker), peer(server)),
        Due::Server { server, broker, .. } => (peer(server), Place::Broker(broker)),
        Due::Broker { from, to, .. } => (Place::Broker(from), Place::Broker(to)),
        Due::Duty { broker, node, .. } => (Place::Broker(broker), peer(node)),
        Due::Link { node, broker, .. } => (peer(node), Place::Broker(broker)),
        Due::Job { job, .. } => return f.job != 0 && job.serial == f.job,
        _ => return false,
    };
    ends == (f.from, f.to)
}

fn says(sim: &Simulation, at: u64, due: &Due, s: &mut Sheet) {
    match due {
        Due::Peer { msg, .. } => peer(sim, msg, s),
        Due::Client { msg, .. } => client(msg, s),
        Due::Server { msg, .. } => server(msg, s),
        Due::Broker { msg, .. } => broker(msg, s),
        Due::Raft { msg, .. } => super::raft::controllers(sim, msg, s),
        Due::Duty { duty, .. } => super::raft::duty(duty, s),
        Due::Link { msg, .. } => super::raft::link(sim, msg, s),
        Due::Job { msg, .. } => {
            let (name, value) = super::job::moving(sim, msg);
            s.row(name, say!(value, until(sim, at)), "");
        }
        _ => {}
    }
}

fn peer(sim: &Simulation, msg: &PeerMsg, s: &mut Sheet) {
    let mut say_type = |word: &str| s.row("type", word.into(), "QuorumPacket");
    match msg {
        PeerMsg::Notification { vote: v, round, state: st } => {
            s.row("vote", vote(sim, v), "Notification.leader, zxid, peerEpoch");
            s.row("electionEpoch", number(*round), "Notification");
            s.row("state", state(*st).into(), "Notification");
        }
        PeerMsg::FollowerInfo { accepted_epoch, observer, .. } => {
            say_type(if *observer { "OBSERVERINFO" } else { "FOLLOWERINFO" });
            s.row("acceptedEpoch", number(u64::from(*accepted_epoch)), "");
        }
        PeerMsg::Refused { .. } => say_type("connection refused: nobody accepts learners there"),
        PeerMsg::LeaderInfo { epoch, .. } => {
            say_type("LEADERINFO");
            s.row("epoch", number(u64::from(*epoch)), "");
        }
        PeerMsg::AckEpoch { current_epoch, zxid: z, .. } => {
            say_type("ACKEPOCH");
            let epoch = current_epoch.map_or("accepted before".into(), |e| number(u64::from(e)));
            s.row("currentEpoch", epoch, "");
            s.row("lastLoggedZxid", zxid(*z), "");
        }
        PeerMsg::Sync { epoch, data, .. } => {
            use crate::ensemble::learner::SyncData;
            let word = match &**data {
                SyncData::Diff(txns) => say!("DIFF, ", txns.len(), " transactions, then NEWLEADER"),
                SyncData::Trunc(to, txns) => {
                    say!("TRUNC to ", zxid(*to), ", ", txns.len(), " transactions, then NEWLEADER")
                }
                SyncData::Snap(_, at, txns) => {
                    say!("SNAP of ", zxid(*at), ", ", txns.len(), " transactions, then NEWLEADER")
                }
            };
            say_type(&word);
            s.row("epoch", number(u64::from(*epoch)), "");
        }
        PeerMsg::AckNewLeader { .. } => say_type("ACK of NEWLEADER"),
        PeerMsg::UpToDate { .. } => say_type("UPTODATE"),
        PeerMsg::Proposal { zxid: z, txn, .. } | PeerMsg::Inform { zxid: z, txn, .. } => {
            say_type(if matches!(msg, PeerMsg::Proposal { .. }) { "PROPOSAL" } else { "INFORM" });
            s.row("zxid", zxid(*z), "");
            s.row("transaction", txn.name().into(), "");
            if let crate::ensemble::znode::Txn::Reconfig { members } = txn {
                s.row("new list", hosts(sim, *members), "/zookeeper/config");
            }
        }
        PeerMsg::Ack { zxid: z, .. } | PeerMsg::Commit { zxid: z, .. } => {
            say_type(if matches!(msg, PeerMsg::Ack { .. }) { "ACK" } else { "COMMIT" });
            s.row("zxid", zxid(*z), "");
        }
        PeerMsg::Ping { .. } | PeerMsg::Pong { .. } => say_type("PING"),
        PeerMsg::Forward { txn, .. } => {
            say_type("REQUEST");
            s.row("transaction", txn.name().into(), "");
        }
        PeerMsg::Touch { .. } => say_type("PING: a session is alive"),
        PeerMsg::Revalidate { .. } => say_type("REVALIDATE: is this session open?"),
        PeerMsg::Revalidated { open, .. } => {
            say_type("REVALIDATE, answered");
            s.row("open", yes(*open), "");
        }
        PeerMsg::Closed { .. } => say_type("the connection is closed"),
    }
}

fn client(msg: &ClientMsg, s: &mut Sheet) {
    match msg {
        ClientMsg::Connect { session, last_zxid } => {
            s.row("type", "ConnectRequest".into(), "");
            s.row("sessionId", session.map_or("0: a new one".into(), |id| number(u64::from(id))), "");
            s.row("lastZxidSeen", zxid(*last_zxid), "");
        }
        ClientMsg::Ping => s.row("type", "ping".into(), ""),
        ClientMsg::Request(txn) => s.row("type", txn.name().into(), ""),
        ClientMsg::Read => s.row("type", "reads the tree".into(), ""),
        ClientMsg::Closed => s.row("type", "the connection is closed".into(), ""),
    }
}

fn server(msg: &ServerMsg, s: &mut Sheet) {
    let word = match msg {
        ServerMsg::Connected { session } => say!("connected, session ", *session),
        ServerMsg::Expired => "the session is unknown here: expired".into(),
        ServerMsg::Refused => "refused: this server does not serve".into(),
        ServerMsg::Behind => "refused: the client has seen a later zxid than this server".into(),
        ServerMsg::Pong => "ping, answered".into(),
        ServerMsg::Applied { txn, .. } => say!(txn.name(), " is applied"),
        ServerMsg::Tree(_) => "the tree".into(),
        ServerMsg::Watch { controller_gone: true, .. } => "NodeDeleted /controller".into(),
        ServerMsg::Watch { .. } => "NodeChildrenChanged /brokers/ids".into(),
        ServerMsg::Closed => "the connection is closed".into(),
    };
    s.row("type", word, "");
}

pub(super) fn broker(msg: &BrokerMsg, s: &mut Sheet) {
    let word = match msg {
        BrokerMsg::Update(m) => say!("LeaderAndIsr and UpdateMetadata, controller epoch ", m.controller_epoch),
        BrokerMsg::AlterIsr { partition, isr, .. } => {
            say!("AlterPartition jobs-", *partition, ", ISR ", super::set(*isr))
        }
        BrokerMsg::CreateTopic => "CreateTopics jobs".into(),
        BrokerMsg::ControlledShutdown => "ControlledShutdown".into(),
        BrokerMsg::ShutdownDone => "ControlledShutdown, answered".into(),
        BrokerMsg::Join { partition, .. } => say!("Fetch jobs-", *partition, ", the first"),
        BrokerMsg::CatchUp { partition, leo, .. } => say!("Fetch jobs-", *partition, ", answered up to ", *leo),
        BrokerMsg::Records { partition, offset, .. } => say!("record jobs-", *partition, " offset ", *offset),
        BrokerMsg::Fetched { partition, leo, .. } => say!("Fetch jobs-", *partition, " from offset ", *leo),
    };
    s.row("type", word, "");
}
