//! What becomes of jobs: tried, written, done, kept, lost.
use super::{Said, cluster, said, who};
use crate::client::Reason;
use crate::event::{Actor, Event, What};
use crate::params::Source::{Code, Simplified, Talk};
use crate::words::{count, plural, say, span};

/// Jobs and consumers.
pub(super) fn tell(who: &str, event: &Event) -> Option<Said> {
    written(who, &event.what)
        .or_else(|| done(who, event))
        .or_else(|| kept(&event.what))
        .or_else(|| crashed(who, &event.what))
}

/// Why a broker could not take a job, in words.
pub(crate) fn reason_words(reason: Reason) -> &'static str {
    match reason {
        Reason::ConnectionRefused => "nobody listens there",
        Reason::InvalidReplicationFactor => "the topic does not exist there, and it knows too few brokers to create it",
        Reason::LeaderNotAvailable => "it knows of no leader for the partition",
        Reason::NotLeader => "it does not lead the partition",
        Reason::NotEnoughReplicas => "too few replicas are in sync",
        Reason::NotEnoughReplicasAfterAppend => "it was written, but too few replicas were in sync by then",
        Reason::RequestTimedOut => "the replicas in sync did not all have it in time",
        Reason::NetworkException => "the connection broke, or the answer was lost",
        Reason::ConflictingMetadata => "two brokers told of two clusters",
        Reason::TopicAuthorizationFailed => "the application may not write to the topic",
    }
}

fn written(who: &str, what: &What) -> Option<Said> {
    let told = match *what {
        What::Produced { job, bootstrap: 0, .. } => {
            said(Simplified, say!(who, " hands job ", job, " to the secondary system, past Kafka"))
        }
        What::Produced { job, bootstrap, partition } => {
            let tail = say!(", for partition ", partition, "; it asks broker ", bootstrap, " where to write it");
            said(Simplified, say!(who, " enqueues job ", job, tail))
        }
        What::Acknowledged { job, by: 0, .. } => said(Simplified, say!("The secondary system takes job ", job)),
        What::Acknowledged { job, by, attempt } => {
            said(Code, say!("Broker ", by, " acknowledges job ", job, ", at attempt ", attempt))
        }
        What::AttemptFailed { job, by, attempt, reason } => {
            let tail = say!(reason_words(reason), " (", reason.name(), ")");
            said(Code, say!("Attempt ", attempt, " of job ", job, " fails at broker ", by, ": ", tail))
        }
        What::Failed { job, reason } => {
            let tail = ": its last attempt has failed, too";
            let tail = if reason == Reason::TopicAuthorizationFailed { ": trying again would not help" } else { tail };
            said(Code, say!(who, " gives up on job ", job, tail))
        }
        What::Appended { job, partition, offset, cluster: id } => {
            let place = say!("partition ", partition, ", offset ", offset);
            said(Code, say!(who, " commits job ", job, " in cluster ", cluster(id), ": ", place))
        }
        What::CopyRecognised { job, partition, offset } => {
            let tail = say!(" as a copy: it has it at offset ", offset, " of partition ", partition);
            said(Code, say!(who, " recognises job ", job, tail))
        }
        _ => return None,
    };
    Some(told)
}

fn done(name: &str, event: &Event) -> Option<Said> {
    let by = if event.actor == Actor::DeadLetters { "The secondary consumer" } else { name };
    let told = match event.what {
        What::Processed { job, delay } => {
            said(Simplified, say!(by, " does job ", job, ", ", span(delay), " after it was enqueued"))
        }
        What::HandlerFailed { job, attempt } => said(
            Simplified,
            say!("The handler of ", lower(event.actor), " fails to do job ", job, ", at attempt ", attempt),
        ),
        What::DuplicateEffect { job } => said(Talk, say!(by, " does job ", job, " again: it takes effect twice")),
        What::DuplicateSkipped { job } => {
            said(Talk, say!(by, " reads job ", job, " again, knows its id, and does nothing"))
        }
        _ => return None,
    };
    Some(told)
}

fn lower(actor: Actor) -> String {
    who(actor).to_ascii_lowercase()
}

fn kept(what: &What) -> Option<Said> {
    let told = match *what {
        What::DeadLettered { job, depth } => {
            let wait = if depth == 1 { "waits" } else { "wait" };
            said(
                Talk,
                say!("Job ", job, " goes to the dead-letter queue, where ", count(u64::from(depth)), " ", wait, " now"),
            )
        }
        What::Dropped { job } => said(Simplified, say!("Job ", job, " is dropped: nothing keeps it")),
        What::TurnedAway { job, full: true } => {
            said(Simplified, say!("Job ", job, " finds the dead-letter queue full"))
        }
        What::TurnedAway { job, full: false } => {
            said(Simplified, say!("Job ", job, " finds the dead-letter queue switched off"))
        }
        What::Drained { job } => {
            said(Talk, say!("Job ", job, " leaves the dead-letter queue for the secondary consumer"))
        }
        What::LostJob { job, partition } => {
            let tail = say!("partition ", partition, " of the cluster that is gone");
            said(Code, say!("Job ", job, " is lost: it was acknowledged, and its only record was in ", tail))
        }
        _ => return None,
    };
    Some(told)
}

fn crashed(who: &str, what: &What) -> Option<Said> {
    let jobs = |n: u32| plural(u64::from(n), "job", "jobs");
    let told = match *what {
        What::ConsumerCrashed { uncommitted } => {
            said(Simplified, say!(who, " dies; it had read ", jobs(uncommitted), " since its last commit"))
        }
        What::ConsumerRestarted { again } => {
            said(Code, say!(who, " is back at its last commit, and reads ", jobs(again), " again"))
        }
        _ => return None,
    };
    Some(told)
}
