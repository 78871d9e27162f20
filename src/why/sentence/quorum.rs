//! What a KRaft quorum does.
use super::{Said, hosts, said, sid};
use crate::params::Source::{Code, Simplified};
use crate::raft::Happened;
use crate::raft::image::Record;
use crate::words::{plural, say};

/// Votes, the log, its voters, and the brokers that register in it.
pub(super) fn tell(who: &str, what: &Happened, sids: &[u8]) -> Said {
    said(Code, votes(who, what, sids).or_else(|| voters(who, what, sids)).unwrap_or_else(|| brokers(who, what, sids)))
        .simplified_if(matches!(what, Happened::Queued { .. }))
}

impl Said {
    fn simplified_if(self, is: bool) -> Said {
        if is { Said { source: Simplified, ..self } } else { self }
    }
}

fn votes(who: &str, what: &Happened, sids: &[u8]) -> Option<String> {
    Some(match *what {
        Happened::Standing { epoch, voters } => {
            say!(who, " stands for election in epoch ", epoch, ", among ", plural(u64::from(voters), "voter", "voters"))
        }
        Happened::VoteGiven { epoch, to } => say!(who, " votes for controller ", sid(sids, to), " in epoch ", epoch),
        Happened::Elected { epoch, votes, of } => {
            say!(who, " wins the election of epoch ", epoch, ": ", votes, " of ", of, " voters voted for it")
        }
        Happened::LeaderFound { epoch, leader } => {
            say!(who, " follows controller ", sid(sids, leader), ", the leader of epoch ", epoch)
        }
        Happened::Resigned { epoch } => {
            say!(who, " resigns in epoch ", epoch, ": too few voters have fetched from it lately, or it stops")
        }
        Happened::SteppedDown { epoch } => say!(who, " steps down: it hears of epoch ", epoch),
        Happened::Activated { epoch } => say!(who, " is the active controller, in epoch ", epoch),
        _ => return None,
    })
}

fn voters(who: &str, what: &Happened, sids: &[u8]) -> Option<String> {
    Some(match *what {
        Happened::Started { epoch, voter } => {
            let role = if voter { "a voter" } else { "an observer, until the log names it" };
            say!(who, " starts in epoch ", epoch, " as ", role)
        }
        Happened::InSync { end } => say!(who, " has the whole metadata log, up to ", end),
        Happened::Truncated { from, to } => say!(who, " cuts its metadata log off at ", to, "; it ended at ", from),
        Happened::Queued { controller } => {
            say!("People ask that controller ", sid(sids, controller), " be added to the voters")
        }
        Happened::VoterProposed { controller, voters } => {
            let list = plural(u64::from(voters), "voter", "voters");
            say!(who, " proposes controller ", sid(sids, controller), " as a voter: ", list, " then")
        }
        Happened::VotersChanged { voters } => {
            say!("A majority of the new list has it: there are ", plural(u64::from(voters), "voter", "voters"), " now")
        }
        Happened::BecameVoter { epoch } => say!(who, " reads in the log that it is a voter, in epoch ", epoch),
        _ => return None,
    })
}

fn brokers(who: &str, what: &Happened, sids: &[u8]) -> String {
    match *what {
        Happened::Committed { offset, ref record } => {
            say!(who, " commits record ", offset, ": ", of_record(record, sids))
        }
        Happened::BrokerFenced { broker } => say!(who, " fences broker ", broker, ": it was silent, or it stops"),
        Happened::BrokerServes { controller } => {
            say!(who, " may serve: controller ", sid(sids, controller), " has unfenced it")
        }
        Happened::RegistrationRefused { wrong_cluster: true } => {
            say!(who, " is refused and stays down: its disk says another cluster (INCONSISTENT_CLUSTER_ID)")
        }
        Happened::RegistrationRefused { wrong_cluster: false } => {
            say!(who, " is refused for now: its earlier process still counts as there (DUPLICATE_BROKER_REGISTRATION)")
        }
        _ => String::new(),
    }
}

fn of_record(record: &Record, sids: &[u8]) -> String {
    match *record {
        Record::LeaderChange => "the first of its epoch".to_string(),
        Record::Voters { voters } => say!("the voters are ", hosts(sids, voters)),
        Record::Register { broker, .. } => say!("broker ", broker, " registers"),
        Record::Unfence { broker } => say!("broker ", broker, " may serve"),
        Record::Fence { broker } => say!("broker ", broker, " may not serve"),
        Record::Topic { partitions, .. } => say!("the topic jobs, with ", partitions, " partitions"),
        Record::Configure { .. } => "quotas and ACLs".to_string(),
        Record::Partition { partition, .. } => say!("the state of partition ", partition),
    }
}
