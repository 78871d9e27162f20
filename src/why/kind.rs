//! The kinds of events, by which the log is filtered and consequences are counted.
use crate::event::{Event, What};
use crate::raft::Happened;

/// What an event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Kind {
    /// Votes, leaders, epochs.
    Election,
    /// Which hosts there are, and which of them are up to date.
    Membership,
    /// Brokers and their sessions, and what ZooKeeper or the quorum commits.
    Session,
    /// Who is controller, and what it announces.
    Controller,
    /// Leaders and replicas of partitions.
    Partition,
    /// Jobs on their way into a log.
    Job,
    /// Jobs on their way out of it.
    Consumer,
    /// What people do.
    Operator,
    /// The observer's milestones.
    Milestone,
}

/// Every kind with the word shown to readers, in order.
pub const KINDS: &[(Kind, &str)] = &[
    (Kind::Election, "election"),
    (Kind::Membership, "membership"),
    (Kind::Session, "session"),
    (Kind::Controller, "controller"),
    (Kind::Partition, "partition"),
    (Kind::Job, "job"),
    (Kind::Consumer, "consumer"),
    (Kind::Operator, "operator"),
    (Kind::Milestone, "milestone"),
];

impl Kind {
    /// The word shown to readers.
    pub fn label(self) -> &'static str {
        KINDS[self as usize].1
    }

    /// The kind of this event.
    pub fn of(event: &Event) -> Kind {
        in_zookeeper(&event.what).or_else(|| in_kafka(&event.what)).unwrap_or_else(|| of_job(&event.what))
    }
}

fn in_zookeeper(what: &What) -> Option<Kind> {
    Some(match what {
        What::Looking { .. } | What::VoteChanged { .. } | What::QuorumHeard { .. } | What::Asked { .. } => {
            Kind::Election
        }
        What::Leading { .. } | What::Following { .. } | What::Observing { .. } => Kind::Election,
        What::EpochProposed { .. } | What::Serving { .. } | What::GaveUp { .. } => Kind::Election,
        What::Registered | What::Booted { .. } | What::Synced { .. } | What::Joined { .. } => Kind::Membership,
        What::Stopped | What::Started | What::Frozen | What::Thawed | What::Wiped => Kind::Membership,
        What::Raft(what) => in_quorum(what),
        _ => return None,
    })
}

fn in_quorum(what: &Happened) -> Kind {
    match what {
        Happened::Standing { .. } | Happened::VoteGiven { .. } | Happened::Elected { .. } => Kind::Election,
        Happened::LeaderFound { .. } | Happened::Resigned { .. } | Happened::SteppedDown { .. } => Kind::Election,
        Happened::Started { .. } | Happened::InSync { .. } | Happened::Truncated { .. } => Kind::Membership,
        Happened::Queued { .. } | Happened::VoterProposed { .. } => Kind::Membership,
        Happened::VotersChanged { .. } | Happened::BecameVoter { .. } => Kind::Membership,
        Happened::Activated { .. } => Kind::Controller,
        Happened::Committed { .. } | Happened::BrokerFenced { .. } => Kind::Session,
        Happened::BrokerServes { .. } | Happened::RegistrationRefused { .. } => Kind::Session,
    }
}

fn in_kafka(what: &What) -> Option<Kind> {
    Some(match what {
        What::Committed { .. } | What::ClientReset { .. } => Kind::Session,
        What::SessionOpened { .. } | What::SessionExpired { .. } | What::SessionRefused { .. } => Kind::Session,
        What::BrokerStopping { .. } | What::BrokerRestarting { .. } | What::BrokerRegistered { .. } => Kind::Session,
        What::ClusterRefused { .. } | What::ClusterChanged { .. } => Kind::Session,
        What::ControllerElected { .. } | What::ControllerDenied { .. } | What::ControllerGone => Kind::Controller,
        What::StaleController { .. } | What::TopicCreated { .. } | What::MetadataSent { .. } => Kind::Controller,
        What::PartitionMoved { .. } | What::IsrExpanded { .. } => Kind::Partition,
        What::IsrShrunk { .. } | What::CaughtUp { .. } => Kind::Partition,
        _ => return None,
    })
}

fn of_job(what: &What) -> Kind {
    match what {
        What::Produced { .. } | What::Acknowledged { .. } | What::AttemptFailed { .. } | What::Failed { .. } => {
            Kind::Job
        }
        What::DeadLettered { .. } | What::Dropped { .. } | What::TurnedAway { .. } | What::Drained { .. } => Kind::Job,
        What::Appended { .. } | What::CopyRecognised { .. } | What::LostJob { .. } => Kind::Job,
        What::Processed { .. } | What::HandlerFailed { .. } => Kind::Consumer,
        What::ConsumerCrashed { .. } | What::ConsumerRestarted { .. } => Kind::Consumer,
        What::DuplicateEffect { .. } | What::DuplicateSkipped { .. } => Kind::Consumer,
        What::Reached { .. } => Kind::Milestone,
        _ => Kind::Operator,
    }
}

/// The job that an event is about, if it is about one.
pub fn job_of(what: &What) -> Option<u32> {
    match *what {
        What::Produced { job, .. }
        | What::Acknowledged { job, .. }
        | What::AttemptFailed { job, .. }
        | What::Failed { job, .. }
        | What::DeadLettered { job, .. }
        | What::Dropped { job }
        | What::Appended { job, .. }
        | What::CopyRecognised { job, .. }
        | What::Processed { job, .. }
        | What::HandlerFailed { job, .. }
        | What::TurnedAway { job, .. }
        | What::DuplicateEffect { job }
        | What::DuplicateSkipped { job }
        | What::Drained { job }
        | What::LostJob { job, .. } => Some(job),
        _ => None,
    }
}
