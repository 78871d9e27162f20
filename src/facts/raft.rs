//! What the messages of a KRaft cluster say: between controllers, and between brokers and controllers.
use super::{Sheet, host, hosts, yes};
use crate::raft::wire::{Duty, FetchAnswer, LinkMsg, RaftMsg};
use crate::sim::Simulation;
use crate::words::{number, plural, say};

fn kind(word: &str, s: &mut Sheet) {
    s.row("type", word.into(), "");
}

fn epoch(epoch: u32, s: &mut Sheet) {
    s.row("leaderEpoch", number(u64::from(epoch)), "");
}

fn leader(sim: &Simulation, leader: Option<u8>, s: &mut Sheet) {
    s.row("leaderId", leader.map_or("unknown".into(), |ix| host(sim, ix)), "");
}

pub(super) fn controllers(sim: &Simulation, msg: &RaftMsg, s: &mut Sheet) {
    match msg {
        RaftMsg::Vote { epoch: e, last_epoch, end } => {
            kind("Vote: asks for a vote", s);
            epoch(*e, s);
            s.row("its log", say!("ends at ", *end, ", epoch ", *last_epoch), "lastOffset, lastOffsetEpoch");
        }
        RaftMsg::Voted { epoch: e, leader: l, granted } => {
            kind("Vote, answered", s);
            epoch(*e, s);
            s.row("voteGranted", yes(*granted), "");
            leader(sim, *l, s);
        }
        RaftMsg::BeginEpoch { epoch: e } => {
            kind("BeginQuorumEpoch: the sender leads", s);
            epoch(*e, s);
        }
        RaftMsg::EndEpoch { epoch: e, .. } => {
            kind("EndQuorumEpoch: the sender no longer leads", s);
            epoch(*e, s);
        }
        RaftMsg::Known { epoch: e, leader: l } => {
            kind("what the sender knows, for one that is behind", s);
            epoch(*e, s);
            leader(sim, *l, s);
        }
        RaftMsg::Fetch { epoch: e, offset, last_epoch, .. } => {
            kind("Fetch", s);
            epoch(*e, s);
            s.row("from offset", say!(*offset, ", after epoch ", *last_epoch), "fetchOffset, lastFetchedEpoch");
        }
        RaftMsg::Fetched { epoch: e, leader: l, answer, .. } => {
            kind("Fetch, answered", s);
            epoch(*e, s);
            leader(sim, *l, s);
            answered(answer, s);
        }
        RaftMsg::Refused { .. } => kind("connection refused: nobody listens there", s),
        RaftMsg::AddVoter => kind("AddRaftVoter", s),
        RaftMsg::Added { epoch: e } => {
            kind("AddRaftVoter, answered: the list that names it is committed", s);
            epoch(*e, s);
        }
    }
}

fn answered(answer: &FetchAnswer, s: &mut Sheet) {
    match answer {
        FetchAnswer::Records { records, hw } => {
            s.row("records", number(records.len() as u64), "");
            s.row("highWatermark", number(u64::from(*hw)), "");
        }
        FetchAnswer::Diverging { epoch, end } => {
            s.row("divergingEpoch", say!("epoch ", *epoch, " ends at ", *end), "");
        }
        FetchAnswer::NotLeader => s.row("error", "NOT_LEADER_OR_FOLLOWER".into(), ""),
    }
}

pub(super) fn duty(duty: &Duty, s: &mut Sheet) {
    match duty {
        Duty::Register { cluster } => {
            kind("BrokerRegistration", s);
            s.row("clusterId", super::cluster(Some(*cluster)), "");
        }
        Duty::Heartbeat { offset } => {
            kind("BrokerHeartbeat", s);
            s.row("currentMetadataOffset", number(u64::from(*offset)), "");
        }
        Duty::Tell(msg) => super::message::broker(msg, s),
    }
}

pub(super) fn link(sim: &Simulation, msg: &LinkMsg, s: &mut Sheet) {
    match msg {
        LinkMsg::NotController { leader: l } => {
            kind("NOT_CONTROLLER: ask the leader instead", s);
            leader(sim, *l, s);
        }
        LinkMsg::Registered => kind("registered; fenced until the first heartbeat", s),
        LinkMsg::WrongCluster => kind("INCONSISTENT_CLUSTER_ID", s),
        LinkMsg::Duplicate => kind("DUPLICATE_BROKER_REGISTRATION", s),
        LinkMsg::Unknown => kind("STALE_BROKER_EPOCH", s),
        LinkMsg::Beat { voters } => {
            kind("BrokerHeartbeat, answered: it may serve", s);
            s.row("voters", hosts(sim, *voters), "");
        }
        LinkMsg::ShutdownDone => kind("the controlled shutdown may end", s),
        LinkMsg::Update(m) => {
            kind("the metadata as committed", s);
            s.row("up to offset", number(u64::from(m.offset)), "");
            s.row("topic jobs", plural(m.jobs.len() as u64, "partition", "partitions"), "");
        }
    }
}
