//! What people do, and the observer's milestones.
use super::{Said, cluster, node, said};
use crate::event::What;
use crate::metrics::Milestone;
use crate::params::Source::{Incident, Simplified, Talk};
use crate::params::format_value;
use crate::words::{plural, say};

fn hosts(n: u32) -> String {
    plural(u64::from(n), "host", "hosts")
}

/// What is left when hosts, brokers and jobs had their turn.
pub(super) fn tell(what: &What, sids: &[u8]) -> Said {
    let _ = sids;
    match *what {
        What::MaintenanceStarted { hosts: n } => {
            said(Incident, say!("The maintenance begins: ", hosts(n), " will be added"))
        }
        What::MaintenanceEnded => said(Incident, "The last of the new hosts has started".to_string()),
        What::HostsAdded { hosts: n } => said(Simplified, say!("The maintenance goes on: ", hosts(n), " more")),
        What::Migrated => said(Incident, "From now on new jobs go to the secondary system, past Kafka".to_string()),
        What::Set { key, value } => {
            let p = key.param();
            let unit = if p.unit.is_empty() { String::new() } else { say!("\u{a0}", p.unit) };
            said(Simplified, say!("People set ", p.key, " to ", format_value(key, value), unit))
        }
        What::Reached { milestone } => said(Simplified, milestone_words(milestone).to_string()),
        _ => said(Talk, recovery(what).unwrap_or_else(|| network(what))),
    }
}

fn recovery(what: &What) -> Option<String> {
    Some(match *what {
        What::HealStarted { hosts: 0, brokers } => {
            say!(
                "People step in: ",
                plural(u64::from(brokers), "broker is", "brokers are"),
                " taken back to the old hosts"
            )
        }
        What::HealStarted { hosts: n, .. } => {
            say!("People step in: ", hosts(n), " of the second cluster will be stopped and taken back one at a time")
        }
        What::HealNotNeeded => "People step in, and find nothing to do".to_string(),
        What::RolloutStarted { hosts: n } => {
            say!("People restart the ", hosts(n), " that were there first, with the new list")
        }
        What::StepGivenUp { sid } => say!("People wait for zk", sid, " no longer, and go on with the next host"),
        What::ConsumersMoved { cluster: id } => {
            say!("The old cluster is given up: consumers read the log of cluster ", cluster(id), " from its beginning")
        }
        What::HealEnded => "The recovery is over".to_string(),
        What::DrainOpened => "The dead-letter queue is opened: it is drained".to_string(),
        What::DrainClosed => "The dead-letter queue is closed: it only fills".to_string(),
        _ => return None,
    })
}

fn network(what: &What) -> String {
    let link = |from, to, both: bool| say!("from ", node(from), " to ", node(to), if both { ", and back" } else { "" });
    match *what {
        What::LinkCut { from, to, both } => say!("The link ", link(from, to, both), " is cut"),
        What::LinkMended { from, to, both } => say!("The link ", link(from, to, both), " works again"),
        What::Isolated { node: n } => say!("Every link of ", node(n), " is cut"),
        What::Reconnected { node: n } => say!("Every link of ", node(n), " works again"),
        _ => String::new(),
    }
}

fn milestone_words(milestone: Milestone) -> &'static str {
    match milestone {
        Milestone::MaintenanceStart => "Milestone: the first new host enters the inventory",
        Milestone::FirstLooking => "Milestone: the first new host looks for a leader",
        Milestone::SecondLeader => "Milestone: a second leader serves",
        Milestone::BrokerMoved => "Milestone: a broker restarts onto the second ensemble",
        Milestone::SecondController => "Milestone: two brokers believe that they are the controller",
        Milestone::FirstWriteFailed => "Milestone: all attempts of a job have failed, for the first time",
        Milestone::FirstDeadLetter => "Milestone: the first job is in the dead-letter queue",
        Milestone::SecondClusterGone => "Milestone: there is one leader again",
        Milestone::DlqEmpty => "Milestone: the dead-letter queue is empty again",
        Milestone::Detected => "Milestone: the first alarm during the split goes off",
        Milestone::End => "Milestone: the run is over",
    }
}
