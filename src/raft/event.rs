//! What happens in a KRaft cluster, in the past tense, and its trace lines.
use super::image::Record;
#[cfg(feature = "trace")]
use crate::event::Line;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // each variant says what happened; the fields are the protocol's own names
pub enum Happened {
    Started { epoch: u32, voter: bool },
    Standing { epoch: u32, voters: u32 },
    VoteGiven { epoch: u32, to: u8 },
    Elected { epoch: u32, votes: u32, of: u32 },
    LeaderFound { epoch: u32, leader: u8 },
    Resigned { epoch: u32 },
    SteppedDown { epoch: u32 },
    InSync { end: u32 },
    Truncated { from: u32, to: u32 },
    Queued { controller: u8 },
    VoterProposed { controller: u8, voters: u32 },
    VotersChanged { voters: u32 },
    BecameVoter { epoch: u32 },
    Activated { epoch: u32 },
    Committed { offset: u32, record: Record },
    BrokerFenced { broker: u8 },
    BrokerServes { controller: u8 },
    RegistrationRefused { wrong_cluster: bool },
}

#[cfg(feature = "trace")]
fn sid(sids: &[u8], ix: u8) -> u64 {
    sids.get(usize::from(ix)).copied().map_or(0, u64::from)
}

#[cfg(feature = "trace")]
impl Happened {
    /// The event's name in traces and in the log.
    pub fn name(&self) -> &'static str {
        match self {
            Happened::Started { .. } => "quorumStarted",
            Happened::Standing { .. } => "candidate",
            Happened::VoteGiven { .. } => "voteGiven",
            Happened::Elected { .. } => "elected",
            Happened::LeaderFound { .. } => "leaderFound",
            Happened::Resigned { .. } => "resigned",
            Happened::SteppedDown { .. } => "steppedDown",
            Happened::InSync { .. } => "inSync",
            Happened::Truncated { .. } => "truncated",
            Happened::Queued { .. } => "addController",
            Happened::VoterProposed { .. } => "voterProposed",
            Happened::VotersChanged { .. } => "votersChanged",
            Happened::BecameVoter { .. } => "becameVoter",
            Happened::Activated { .. } => "activeController",
            Happened::Committed { .. } => "committed",
            Happened::BrokerFenced { .. } => "brokerFenced",
            Happened::BrokerServes { .. } => "brokerServes",
            Happened::RegistrationRefused { .. } => "registrationRefused",
        }
    }

    /// Writes its details.
    pub(crate) fn write(&self, sids: &[u8], line: &mut Line<'_>) {
        match *self {
            Happened::Started { epoch, voter } => {
                line.field(" epoch=", epoch).text(if voter { " voter" } else { " observer" });
            }
            Happened::Standing { epoch, voters } => drop(line.field(" epoch=", epoch).field(" voters=", voters)),
            Happened::VoteGiven { epoch, to } => {
                line.field(" epoch=", epoch).field(" to=controller", sid(sids, to));
            }
            Happened::Elected { epoch, votes, of } => {
                line.field(" epoch=", epoch).field(" votes=", votes).field("/", of);
            }
            Happened::LeaderFound { epoch, leader } => {
                line.field(" epoch=", epoch).field(" leader=controller", sid(sids, leader));
            }
            Happened::Resigned { epoch }
            | Happened::SteppedDown { epoch }
            | Happened::BecameVoter { epoch }
            | Happened::Activated { epoch } => drop(line.field(" epoch=", epoch)),
            Happened::InSync { end } => drop(line.field(" end=", end)),
            Happened::Truncated { from, to } => drop(line.field(" from=", from).field(" to=", to)),
            Happened::Queued { controller } => drop(line.field(" controller=", sid(sids, controller))),
            Happened::VoterProposed { controller, voters } => {
                line.field(" controller=", sid(sids, controller)).field(" voters=", voters);
            }
            Happened::VotersChanged { voters } => drop(line.field(" voters=", voters)),
            Happened::Committed { offset, record } => {
                line.field(" offset=", offset).text(" ").text(record.name());
                if let Record::Register { broker, .. } | Record::Unfence { broker } | Record::Fence { broker } = record
                {
                    line.field(" broker=", broker);
                }
            }
            Happened::BrokerFenced { broker } => drop(line.field(" broker=", broker)),
            Happened::BrokerServes { controller } => drop(line.field(" controller=", sid(sids, controller))),
            Happened::RegistrationRefused { wrong_cluster } => {
                line.text(if wrong_cluster { " INCONSISTENT_CLUSTER_ID" } else { " DUPLICATE_BROKER_REGISTRATION" });
            }
        }
    }
}
