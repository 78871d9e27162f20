//! What ZooKeeper hosts do: look, vote, lead, follow, start and stop.
use super::{Said, cluster, hosts, said, zk};
use crate::ensemble::vote::Vote;
use crate::ensemble::znode::Txn;
use crate::event::{SyncMode, What, Why};
use crate::params::Source::{Code, Recorded, Simplified};
use crate::words::{hex, say};

fn candidate(vote: &Vote, sids: &[u8]) -> String {
    vote.leader.map_or_else(|| "nobody".to_string(), |ix| zk(sids, ix))
}

/// The way to a leader.
pub(super) fn tell(who: &str, what: &What, sids: &[u8]) -> Option<Said> {
    let text = match *what {
        What::Looking { round, vote } => {
            let whom = candidate(&vote, sids);
            let whom = if whom == who { "itself" } else { &whom };
            say!(who, " looks for a leader: in round ", round, " it votes for ", whom)
        }
        What::VoteChanged { vote, from, .. } => {
            let whom = candidate(&vote, sids);
            let whom = if whom == who { "itself" } else { &whom };
            say!(who, " hears of a better vote from ", zk(sids, from), " and votes for ", whom, " now")
        }
        What::QuorumHeard { vote, agree, of } => {
            let whom = candidate(&vote, sids);
            say!(who, " has heard ", agree, " of the ", of, " hosts in its list vote for ", whom, ": a majority")
        }
        What::Asked { next_ms } => {
            say!(who, " has heard nothing new and sends its vote again; the next time after ", next_ms, "\u{a0}ms")
        }
        What::Leading { agree, of, .. } => {
            say!(who, " wins the election: ", agree, " of the ", of, " hosts in its list vote for it")
        }
        What::Following { leader, .. } => say!(who, " follows ", zk(sids, leader)),
        What::Observing { leader, .. } => say!(who, " observes ", zk(sids, leader)),
        What::EpochProposed { epoch } => {
            say!(who, " proposes epoch ", epoch, ": enough of its list have come to it")
        }
        What::Serving { epoch, quorum, of, .. } => {
            let head = say!(who, " serves as leader in epoch ", epoch, ": ");
            say!(head, quorum, " of the ", of, " hosts in its list are up to date")
        }
        What::GaveUp { why } => gave_up(who, why),
        _ => return None,
    };
    Some(said(Code, text))
}

fn gave_up(who: &str, why: Why) -> String {
    let tail = match why {
        Why::LeaderGone => " looks again: its leader closed the connection",
        Why::Silence => " looks again: it heard nothing from its leader for too long",
        Why::NobodyLeads => " looks again: whom it wanted to follow refused five times",
        Why::StaleEpoch => " looks again: its leader's epoch is older than the one it accepted",
        Why::LearnerAhead => " stops leading: a follower has seen a later epoch or transaction",
        Why::NoQuorum => " stops leading: no majority of its own list came to it within initLimit",
        Why::LostQuorum => " stops leading: a majority of its own list is up to date no more",
        Why::Removed => " leaves: the new list does not name it",
    };
    say!(who, tail)
}

/// A host's life.
pub(super) fn tell_host(who: &str, what: &What, sids: &[u8]) -> Option<Said> {
    let told = match *what {
        What::Registered => said(Simplified, say!(who, " enters the inventory")),
        What::Booted { list, observer } => {
            let head = say!(who, " starts with the server list ", hosts(sids, list.0));
            let majority = say!(&head, ": ", list.majority(), " of these ", list.len(), " are a majority for it");
            let observes = say!(head, ", as an observer: it is counted in no majority");
            said(Recorded, if observer { observes } else { majority })
        }
        What::Synced { leader, mode, .. } => {
            let tail = match mode {
                SyncMode::Diff => " the transactions that it lacks, by number (DIFF)",
                SyncMode::Trunc => " where to cut off its log, by number (TRUNC)",
                SyncMode::Snap => " the whole tree (SNAP)",
            };
            said(Code, say!(who, " gets from ", zk(sids, leader), tail))
        }
        What::Joined { leader, epoch } => {
            said(Code, say!(who, " is up to date and serves under ", zk(sids, leader), ", in epoch ", epoch))
        }
        What::Stopped => said(Simplified, say!(who, " is stopped")),
        What::Started => said(Simplified, say!(who, " is started again")),
        What::Frozen => said(Simplified, say!(who, " hangs: it hears and says nothing")),
        What::Thawed => said(Simplified, say!(who, " goes on, with all that it has not heard")),
        What::Wiped => said(Recorded, say!("The disk of ", who, " is wiped")),
        What::Committed { zxid, ref txn } => {
            let tail = transaction(txn, sids);
            said(Code, say!(who, " commits transaction 0x", hex(zxid), ": ", tail))
        }
        _ => return None,
    };
    Some(told)
}

fn transaction(txn: &Txn, sids: &[u8]) -> String {
    match *txn {
        Txn::CreateSession { session, broker } => say!("session ", session, " of broker ", broker),
        Txn::CloseSession { session } => say!("session ", session, " is closed, and what it held is gone"),
        Txn::Register { broker, .. } => say!("broker ", broker, " under /brokers/ids"),
        Txn::NameCluster { cluster: id } => say!("/cluster/id, unless there is one; it would be ", cluster(id)),
        Txn::TakeController { broker, .. } => say!("/controller for broker ", broker, ", if it is free"),
        Txn::CreateTopic { partitions, .. } => say!("the topic jobs, with ", partitions, " partitions"),
        Txn::SetPartition { partition, .. } => say!("the state of partition ", partition),
        Txn::Configure { .. } => "quotas and ACLs".to_string(),
        Txn::Reconfig { members } => say!("the voting members are ", hosts(sids, members), " from now on"),
    }
}
