//! The strict client of the talk: it asks two brokers, and believes them only if they name the same cluster. [talk]
//!
//! No Kafka client does that: metadata names the cluster, and nobody compares. The two are asked one after the other.
//! [simplified]
use super::books::Clients;
use super::{Reason, producer_of};
use crate::message::{JobMsg, JobRef, Told};
use crate::rng::{Chance, Stream};
use crate::sim::outbox::Outbox;
use crate::view::{FlightKind, Place};

/// A broker of this set, drawn; 0 if it is empty.
pub fn pick(set: u32, stream: Stream, chance: &mut Chance) -> u8 {
    let nth = chance.below(stream, set.count_ones());
    crate::kafka::metadata::brokers(set).nth(nth as usize).unwrap_or(0)
}

/// The second broker to ask, drawn once per job: one that accepts connections and is not the first; 0 if there is none.
pub fn witness(first: u8, witness: u8, up: u32, chance: &mut Chance) -> u8 {
    let others = up & !(1 << first);
    if others >> witness & 1 == 1 { witness } else { pick(others, Stream::Witness, chance) }
}

impl Clients {
    /// A broker answered. The first answer of two is carried along with the second question.
    pub fn on_answer(&mut self, job: JobRef, broker: u8, told: Told, first: Option<Told>, out: &mut Outbox) {
        let pair = self.settings.strict && first.is_none();
        let witness = if pair { self.get(job).map_or(0, |j| j.witness) } else { 0 };
        match first {
            None if witness != 0 => {
                let msg = JobMsg::Ask { broker: witness, first: Some(told) };
                let from = Place::Producer(producer_of(job.serial));
                out.send_job(job, FlightKind::Request, from, Place::Broker(witness), 0, msg);
            }
            None => self.on_metadata(job, broker, told.leader, out),
            Some(first) => {
                let leader = match (first.cluster, told.cluster) {
                    (Some(a), Some(b)) if a != b => Err(Reason::ConflictingMetadata),
                    (Some(_), Some(_)) => first.leader,
                    (None, _) => first.leader.and(Err(Reason::LeaderNotAvailable)),
                    (_, None) => told.leader.and(Err(Reason::LeaderNotAvailable)),
                };
                self.on_metadata(job, broker, leader, out);
            }
        }
    }
}
