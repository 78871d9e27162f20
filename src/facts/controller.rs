//! A KRaft controller: its epoch, its vote, its log and the voters that the log names.
use super::{Sheet, host, hosts, set, until, yes};
use crate::ensemble::Power;
use crate::raft::leader::Leadership;
use crate::raft::{FETCH_TIMEOUT, Node, State};
use crate::sim::Simulation;
use crate::words::{self, number, say};

pub(super) fn fill(sim: &Simulation, sid: u8, s: &mut Sheet) {
    let Some(me) = sim.quorum().iter().find(|n| n.sid == sid) else { return };
    s.open("State");
    s.row("state", state(me).into(), "QuorumState");
    s.row("node.id", number(u64::from(me.sid)), "server.properties");
    s.row("controller.quorum.bootstrap.servers", hosts(sim, me.bootstrap), "server.properties");
    s.open("quorum-state file");
    s.row("leaderEpoch", number(u64::from(me.epoch)), "QuorumStateData");
    s.row("leaderId", me.leader.map_or("none".into(), |ix| host(sim, ix)), "QuorumStateData");
    s.row("votedId", me.voted.map_or("none".into(), |ix| host(sim, ix)), "QuorumStateData");
    log(sim, me, s);
    match &me.state {
        State::Candidate(poll) => {
            s.open("As candidate");
            let granted = say!((poll.granted & me.voters().0).count_ones(), "; it needs ", me.voters().majority());
            s.row("votes", granted, "CandidateState");
            s.row("granted by", hosts(sim, poll.granted), "CandidateState");
            s.row("refused by", hosts(sim, poll.rejected), "CandidateState");
            s.row("elections lost in a row", number(u64::from(poll.retries)), "CandidateState.retries");
            s.row(
                "waits until",
                until(sim, me.timer.1),
                if poll.backing_off { "back-off" } else { "electionTimeoutMs" },
            );
        }
        State::Leader(l) => leads(sim, me, l, s),
        State::Follower => {
            s.open("As follower");
            s.row("caught up", yes(me.synced), "");
            s.row("fetch timeout at", until(sim, me.timer.1), "controller.quorum.fetch.timeout.ms");
        }
        State::Unattached | State::Resigned => {}
    }
    s.open("Metadata, as committed");
    s.row("brokers, unfenced", set(me.image.live), "BrokerRegistration");
    s.row("brokers, fenced", set(me.image.registered & !me.image.live), "BrokerRegistration");
    s.row("partitions of jobs", number(me.image.jobs.len() as u64), "PartitionRecord");
}

fn state(me: &Node) -> &'static str {
    match (me.power, &me.state) {
        (Power::Planned, _) => "not in the inventory yet",
        (Power::Booting(..), _) => "booting",
        (Power::Off, _) => "stopped",
        (Power::Frozen, _) => "hangs",
        (_, State::Unattached) => "UNATTACHED",
        (_, State::Follower) if me.is_voter() => "FOLLOWER",
        (_, State::Follower) => "FOLLOWER, as an observer: its log does not name it a voter",
        (_, State::Candidate(_)) => "CANDIDATE",
        (_, State::Leader(_)) => "LEADER",
        (_, State::Resigned) => "RESIGNED",
    }
}

fn log(sim: &Simulation, me: &Node, s: &mut Sheet) {
    s.open("Metadata log");
    s.row("log end offset", number(u64::from(me.log.end())), "__cluster_metadata-0");
    s.row("high watermark", number(u64::from(me.hw)), "");
    s.row("epoch of the last record", number(u64::from(me.log.last_epoch())), "");
    let at = me.log.voters_at();
    s.noted("voters", hosts(sim, me.voters().0), "VotersRecord", "the list is in the log, so there is one");
    let committed = if at < me.hw { "committed" } else { "not committed yet" };
    s.row("voters are at offset", say!(at, ", ", committed), "VotersRecord");
    s.row("majority", say!(me.voters().majority(), " of ", me.voters().len()), "");
    s.row("is a voter", yes(me.is_voter()), "");
    s.row("was added by the operator", yes(me.admitted), "AddRaftVoter");
}

fn leads(sim: &Simulation, me: &Node, l: &Leadership, s: &mut Sheet) {
    s.open("As leader");
    s.row("epoch begins at offset", number(u64::from(l.start)), "LeaderState.epochStartOffset");
    s.row("is the active controller", yes(l.active.is_some()), "QuorumController");
    s.row("adds a voter", l.newcomer.map_or("no".into(), |ix| host(sim, ix)), "AddVoterHandler");
    for n in sim.quorum().iter().filter(|n| n.ix != me.ix) {
        let ix = usize::from(n.ix);
        let (end, heard) = (l.ends.get(ix).copied().unwrap_or(0), l.heard.get(ix).copied().unwrap_or(0));
        if end <= l.start && !me.voters().has(n.ix) {
            continue; // it has never fetched in this epoch, and need not
        }
        let silent = sim.now().saturating_sub(heard) > FETCH_TIMEOUT;
        let note = match (me.voters().has(n.ix), silent) {
            (false, _) => "an observer: counted in no majority",
            (true, true) => "silent for longer than the fetch timeout",
            (true, false) => "",
        };
        let value =
            say!("has everything below ", end, "; last heard ", words::span(sim.now().saturating_sub(heard)), " ago");
        s.noted(&say!("replica ", host(sim, n.ix)), value, "LeaderState.ReplicaState", note);
    }
}
