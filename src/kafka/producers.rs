//! What a partition remembers of idempotent producers: the last batches of each, so that a copy is recognised.
//!
//! A batch is named by its job, which stands for producer id and sequence number: there is one batch per job. Batches may
//! come out of order; OUT_OF_ORDER_SEQUENCE_NUMBER does not occur. [simplified]
use super::broker::Broker;
use super::{REQUEST_TIMEOUT, Settings};
use crate::event::What;
use crate::message::{BrokerTimer, JobRef};
use crate::sim::outbox::Outbox;

/// Batches kept per producer id. [source: ProducerStateEntry.NUM_BATCHES_TO_RETAIN]
const BATCHES: usize = 5;
/// Room for producer ids in all partitions together, where every job has its own. Kafka keeps them for a day; here newer
/// ones displace older ones. [simplified]
const ROOM: u32 = 8192;

/// The last batches of the producer ids that share a place: job and offset; job 0 is none.
#[derive(Clone, Copy, Debug, Default)]
struct Batches {
    next: u8,
    kept: [(u32, u32); BATCHES],
}

/// The state of all producers of one partition. It travels with the log.
#[derive(Clone, Debug)]
pub struct Producers {
    /// Producer ids there are; 0: one per job.
    ids: u32,
    places: Box<[Batches]>,
}

impl Producers {
    /// Nobody has produced yet.
    pub fn new(settings: &Settings) -> Producers {
        let ids = u32::from(settings.producer_ids);
        let share = (ROOM / u32::from(settings.partitions.max(1))).next_power_of_two().max(128);
        let places = if ids > 0 { ids } else { share };
        Producers { ids, places: vec![Batches::default(); places as usize].into() }
    }

    fn place(&self, serial: u32) -> usize {
        let id = if self.ids > 0 { serial % self.ids } else { serial };
        id as usize % self.places.len()
    }

    /// Where this job's batch is in the log, if it is remembered.
    pub fn find(&self, serial: u32) -> Option<u32> {
        let batches = &self.places[self.place(serial)];
        batches.kept.iter().find(|(job, _)| *job == serial).map(|(_, offset)| *offset)
    }

    /// A batch was appended.
    pub fn keep(&mut self, serial: u32, offset: u32) {
        let batches = &mut self.places[self.place(serial)];
        batches.kept[usize::from(batches.next)] = (serial, offset);
        batches.next = (batches.next + 1) % BATCHES as u8;
    }

    /// A batch is not in the log after all.
    pub fn forget(&mut self, serial: u32) {
        let place = self.place(serial);
        for batch in self.places[place].kept.iter_mut().filter(|(job, _)| *job == serial) {
            *batch = (0, 0);
        }
    }
}

impl Broker {
    /// Remembers a batch, if producers are idempotent.
    pub fn remember(&mut self, p: usize, job: JobRef, offset: u32) {
        if self.settings.idempotent {
            let settings = self.settings;
            let producers = &mut self.replicas[p].producers;
            producers.get_or_insert_with(|| Box::new(Producers::new(&settings))).keep(job.serial, offset);
        }
    }

    /// A batch that is in the log already is not appended again: it is answered with its first offset, at once if that is
    /// committed, else with the commit. False: it is not in the log. [source: UnifiedLog.analyzeAndValidateProducerState]
    pub fn recognise(&mut self, p: usize, job: JobRef, out: &mut Outbox) -> bool {
        let found = self.replicas[p].producers.as_ref().and_then(|known| known.find(job.serial));
        let Some(offset) = found.filter(|_| self.settings.idempotent) else { return false };
        out.emit(self.actor(), What::CopyRecognised { job: job.serial, partition: p as u8, offset });
        let (me, life, replica) = (self.id, self.life, &mut self.replicas[p]);
        let Some(place) = offset.checked_sub(replica.hw()) else {
            self.answer(job, Ok(()), out);
            return true;
        };
        if !replica.wait_again(place as usize, out.now) {
            out.wake_broker(REQUEST_TIMEOUT, me, BrokerTimer::Purgatory, life, p as u32);
        }
        true
    }

    /// Producer ids of another cluster mean nothing here; and nobody's mean anything once producers are not idempotent.
    pub fn forget_producers(&mut self) {
        self.replicas.iter_mut().for_each(|replica| replica.producers = None);
    }
}

#[cfg(test)]
mod tests {
    use super::{BATCHES, Producers};
    use crate::kafka::Settings;

    #[test]
    fn the_last_five_batches_of_a_producer_are_remembered() {
        let mut producers = Producers::new(&Settings { producer_ids: 100, ..Settings::plain(20, 3, 2) });
        for i in 0..7 {
            producers.keep(42 + 100 * i, i);
        }
        let found: Vec<u32> = (0..7).filter_map(|i| producers.find(42 + 100 * i)).collect();
        assert_eq!((found, BATCHES), (vec![2, 3, 4, 5, 6], 5));
        assert_eq!(producers.find(43), None, "another producer's");
        producers.forget(342);
        assert_eq!(producers.find(342), None);
    }

    #[test]
    fn with_a_producer_per_job_thousands_are_remembered_in_bounded_room() {
        let mut producers = Producers::new(&Settings::plain(20, 3, 2));
        for serial in 1..100_000 {
            producers.keep(serial, serial);
        }
        assert!((99_000..100_000).all(|serial| producers.find(serial) == Some(serial)));
        assert_eq!(producers.find(1), None);
    }
}
