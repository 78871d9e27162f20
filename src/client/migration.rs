//! The migration to the secondary job system: from a set time on, new jobs bypass Kafka, as GitHub's did. [incident]
//!
//! The workers have moved too, so that nothing waits there: no queue, and no drain rate. [simplified]
use super::books::Clients;
use super::job::Known;
use super::producer_of;
use crate::event::{Actor, What};
use crate::limits::CONSUMERS;
use crate::message::{JobMsg, JobRef};
use crate::sim::outbox::{MS, Outbox};
use crate::view::{FlightKind, Place};

/// How long a job takes there. [simplified]
const THERE: u64 = 2 * MS;

impl Clients {
    /// Do new jobs go to the secondary system? Says so the first time.
    pub(super) fn migrated(&mut self, out: &mut Outbox) -> bool {
        let at = self.settings.migrate_at;
        if at == 0 || out.now < at {
            return false;
        }
        if !std::mem::replace(&mut self.moved_out, true) {
            out.note(Actor::Operator, What::Migrated);
        }
        true
    }

    /// A new job goes to the secondary system.
    pub(super) fn bypass(&mut self, job: JobRef, out: &mut Outbox) {
        self.change(job, |j| j.attempts = 1);
        let from = Place::Producer(producer_of(job.serial));
        let to = Place::Consumer(CONSUMERS - 1);
        out.carry_job(job, FlightKind::Request, from, to, THERE, JobMsg::Bypass);
    }

    /// It is there: acknowledged, and done.
    pub fn on_bypass(&mut self, job: JobRef, out: &mut Outbox) {
        self.metrics.acknowledged += 1;
        self.lately.count(false, out.now);
        let what = What::Acknowledged { job: job.serial, by: 0, attempt: 1 };
        out.emit(Actor::Producer(producer_of(job.serial)), what);
        self.process(job, Actor::DeadLetters, |_| Known::Acked, out);
    }
}
