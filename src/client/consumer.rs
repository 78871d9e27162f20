//! Consumers: at least once, with or without a memory of job ids. The primary and the secondary share that memory.
use super::books::{Clients, Known};
use crate::event::{Actor, What};
use crate::message::JobRef;
use crate::sim::outbox::Outbox;

/// What a copy of a job did when it was processed.
enum Effect {
    First(u64),
    Again,
}

impl Clients {
    /// A committed record reaches its consumer. A record below the consumer's position was delivered before.
    pub fn on_deliver(&mut self, job: JobRef, partition: u8, offset: u32, out: &mut Outbox) {
        let position = &mut self.positions[usize::from(partition)];
        if offset < *position {
            return;
        }
        *position = offset + 1;
        self.process(job, Actor::Consumer(partition % crate::limits::CONSUMERS), |j| j, out);
    }

    /// A dead letter reaches the secondary system's consumer.
    pub fn on_drained(&mut self, job: JobRef, out: &mut Outbox) {
        let done = |known: Known| if known == Known::Draining { Known::Drained } else { known };
        self.process(job, Actor::DeadLetters, done, out);
    }

    fn process(&mut self, job: JobRef, actor: Actor, known: impl Fn(Known) -> Known, out: &mut Outbox) {
        let now = out.now;
        let from_tray = actor == Actor::DeadLetters;
        let effect = self.change(job, |j| {
            j.known = known(j.known);
            if !from_tray {
                j.undelivered = j.undelivered.saturating_sub(1);
            }
            if std::mem::replace(&mut j.processed, true) { Effect::Again } else { Effect::First(now - j.produced) }
        });
        let job = job.serial;
        match effect {
            Some(Effect::First(delay)) => {
                self.metrics.processed += 1;
                self.delays.record(delay);
                out.emit(actor, What::Processed { job, delay });
            }
            Some(Effect::Again) if self.settings.idempotent => {
                self.metrics.duplicates_skipped += 1;
                out.emit(actor, What::DuplicateSkipped { job });
            }
            Some(Effect::Again) => {
                self.metrics.duplicate_effects += 1;
                out.emit(actor, What::DuplicateEffect { job });
            }
            None => {}
        }
    }
}
