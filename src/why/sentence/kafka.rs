//! What brokers do: sessions, registration, controllers, partitions.
use super::{Said, brokers, cluster, said, zk};
use crate::event::What;
use crate::params::Source::{Code, Recorded, Simplified};
use crate::words::{plural, say, span};

/// Brokers and their place in a cluster.
pub(super) fn tell(who: &str, what: &What, sids: &[u8]) -> Option<Said> {
    session(who, what, sids).or_else(|| controller(who, what)).or_else(|| partition(who, what))
}

fn session(who: &str, what: &What, sids: &[u8]) -> Option<Said> {
    let told = match *what {
        What::SessionOpened { server, .. } => said(Code, say!(who, " has a session, through ", zk(sids, server))),
        What::SessionExpired { broker, .. } => {
            said(Code, say!(who, " lets the session of broker ", broker, " expire: it was silent for too long"))
        }
        What::SessionRefused { .. } => {
            said(Recorded, say!(who, " refuses a broker: it does not serve, or the broker has seen a later state"))
        }
        What::ClientReset { refused_ms } => {
            let after = span(u64::from(refused_ms) * 1000);
            said(
                Simplified,
                say!(who, " was refused for ", after, "; people start its client anew, and it forgets what it saw"),
            )
        }
        What::BrokerStopping { clean: true } => {
            said(Code, say!(who, " shuts down: it asks the controller to move its partitions first"))
        }
        What::BrokerStopping { clean: false } => said(Simplified, say!(who, " is gone at once: it hands nothing over")),
        What::BrokerRestarting { fresh_ensemble } => {
            let hosts = if fresh_ensemble { "new" } else { "old" };
            said(Simplified, say!(who, " restarts, and will connect to the ", hosts, " ZooKeeper hosts"))
        }
        What::BrokerRegistered { cluster: id, server } => {
            said(Code, say!(who, " registers in cluster ", cluster(id), ", through ", zk(sids, server)))
        }
        What::ClusterRefused { mine, found } => {
            let tail = say!("its disk says cluster ", cluster(mine), ", the tree says ", cluster(found));
            said(Code, say!(who, " stays down: ", tail, " (InconsistentClusterIdException)"))
        }
        What::ClusterChanged { from, to } => {
            let tail = say!("cluster ", cluster(to), " and was in cluster ", cluster(from), " before");
            said(Code, say!(who, " is in ", tail, ": it does not compare cluster ids"))
        }
        _ => return None,
    };
    Some(told)
}

fn controller(who: &str, what: &What) -> Option<Said> {
    let told = match *what {
        What::ControllerElected { epoch } => {
            said(Code, say!(who, " finds /controller free and takes it: it is controller, epoch ", epoch))
        }
        What::ControllerDenied { owner } => said(Code, say!(who, " finds that broker ", owner, " holds /controller")),
        What::ControllerGone => said(Code, say!(who, " is the controller no more")),
        What::StaleController { epoch, seen } => {
            said(Code, say!(who, " ignores a controller of epoch ", epoch, ": it has heard one of epoch ", seen))
        }
        What::TopicCreated { partitions } => {
            let topic = plural(u64::from(partitions), "partition", "partitions");
            said(Code, say!(who, ", as controller, creates the topic jobs with ", topic))
        }
        What::MetadataSent { epoch, brokers: set } => {
            let verb = if set.count_ones() < 2 { " is there" } else { " are there" };
            said(Code, say!(who, ", controller of epoch ", epoch, ", sends metadata: ", brokers(set), verb))
        }
        _ => return None,
    };
    Some(told)
}

fn partition(who: &str, what: &What) -> Option<Said> {
    let told = match *what {
        What::PartitionMoved { partition, leader: 0, isr, .. } => {
            let tail = say!(" has no leader; in sync is ", brokers(isr));
            said(Code, say!(who, ", as controller: partition ", partition, tail))
        }
        What::PartitionMoved { partition, leader, epoch, isr } => {
            let head = say!(who, ", as controller: broker ", leader, " leads partition ", partition);
            said(Code, say!(head, " in leader epoch ", epoch, ", in sync with ", others(isr, leader)))
        }
        What::IsrExpanded { partition, isr } => said(
            Code,
            say!(who, ": a replica of partition ", partition, " is in sync again; in sync are ", brokers(isr)),
        ),
        What::IsrShrunk { partition, isr } => {
            let tail = " is in sync no more; in sync is ";
            said(Code, say!(who, ": a replica of partition ", partition, tail, brokers(isr)))
        }
        What::CaughtUp { partition, from, to } => {
            let log = say!("its log ended at ", from, " and ends at ", to, " now");
            said(Simplified, say!(who, " takes over the leader's log of partition ", partition, ": ", log))
        }
        _ => return None,
    };
    Some(told)
}

fn others(isr: u32, leader: u8) -> String {
    match isr & !(1 << leader) {
        0 => "nobody else".to_string(),
        rest => brokers(rest),
    }
}
