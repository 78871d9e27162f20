//! Which events say little by themselves, which parameters matter to an event, and what a root is.
use crate::client::Reason;
use crate::event::What;
use crate::event::Why;
use crate::params::Key;
use crate::raft::Happened;

/// Does this event only carry a chain on? By its kind alone.
pub fn is_minor(what: &What) -> bool {
    match what {
        What::Registered | What::Looking { .. } | What::VoteChanged { .. } | What::QuorumHeard { .. } => true,
        What::Asked { .. } | What::EpochProposed { .. } | What::Synced { .. } | What::Following { .. } => true,
        What::Committed { .. } | What::CaughtUp { .. } | What::ControllerDenied { .. } => true,
        What::Failed { .. } | What::Reached { .. } | What::MaintenanceEnded => true,
        What::Raft(what) => matches!(
            what,
            Happened::Committed { .. }
                | Happened::LeaderFound { .. }
                | Happened::InSync { .. }
                | Happened::VoteGiven { .. }
                | Happened::VotersChanged { .. }
                | Happened::Standing { .. }
        ),
        _ => false,
    }
}

/// Is this a moment that a summary names?
pub(super) fn is_notable(what: &What) -> bool {
    match what {
        What::Leading { .. } | What::Serving { .. } | What::GaveUp { .. } | What::BrokerStopping { .. } => true,
        What::BrokerRegistered { .. } | What::ControllerElected { .. } | What::TopicCreated { .. } => true,
        What::ClusterRefused { .. } | What::SessionExpired { .. } | What::PartitionMoved { .. } => true,
        What::AttemptFailed { .. } | What::Failed { .. } | What::DeadLettered { .. } | What::Dropped { .. } => true,
        What::LostJob { .. } | What::DuplicateEffect { .. } | What::TurnedAway { .. } => true,
        What::Raft(what) => matches!(
            what,
            Happened::Elected { .. }
                | Happened::Activated { .. }
                | Happened::VoterProposed { .. }
                | Happened::BecameVoter { .. }
                | Happened::RegistrationRefused { .. }
        ),
        _ => false,
    }
}

/// The parameters that matter to such an event.
pub(super) fn keys(what: &What) -> &'static [Key] {
    match what {
        What::MaintenanceStarted { .. } | What::HostsAdded { .. } => {
            &[Key::NewNodes, Key::JoinRate, Key::JoinJitter, Key::BootTime, Key::ListPolicy]
        }
        What::Booted { .. } => &[Key::ListPolicy],
        What::HealStarted { .. } | What::RolloutStarted { .. } | What::HealNotNeeded => {
            &[Key::Heal, Key::HealAt, Key::Wiped]
        }
        What::BrokerStopping { .. } => &[Key::MovedBrokers, Key::MoveMode],
        What::SessionExpired { .. } => &[Key::SessionTimeout],
        What::GaveUp { why: Why::NoQuorum } => &[Key::TickMs, Key::InitLimit],
        What::GaveUp { why: Why::Silence | Why::LostQuorum } => &[Key::TickMs, Key::SyncLimit],
        What::ClusterRefused { .. } | What::ClusterChanged { .. } => &[Key::ClusterIdGuard],
        What::AttemptFailed { reason, .. } => of_failure(*reason),
        What::DeadLettered { .. } | What::Dropped { .. } => &[Key::Dlq, Key::Retries],
        What::TurnedAway { .. } => &[Key::Dlq, Key::DlqCapacity],
        What::Drained { .. } => &[Key::DlqRate, Key::DlqDrain],
        What::DuplicateEffect { .. } | What::DuplicateSkipped { .. } => &[Key::IdempotentConsumer],
        What::HandlerFailed { .. } => &[Key::HandlerFailure],
        What::Produced { .. } => &[Key::WriteRate],
        What::Migrated => &[Key::MigrateAt],
        _ => &[],
    }
}

fn of_failure(reason: Reason) -> &'static [Key] {
    match reason {
        Reason::InvalidReplicationFactor => &[Key::ReplicationFactor, Key::Retries],
        Reason::NotEnoughReplicas | Reason::NotEnoughReplicasAfterAppend => &[Key::MinInsync, Key::Retries],
        Reason::NetworkException => &[Key::AckLoss, Key::Retries],
        Reason::ConflictingMetadata => &[Key::ClientPolicy, Key::Retries],
        Reason::TopicAuthorizationFailed => &[Key::Acl],
        _ => &[Key::Retries],
    }
}
