//! The life of one job: all its events, in order.
use super::{Events, Link, job_of};
use crate::event::EventId;
use crate::limits::{LIFE_EVENTS, LIFE_LINKS};

/// What became of a job, as far as it was looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Life {
    /// Its events, oldest first.
    pub links: Vec<Link>,
    /// The numbers of the events that were looked at: from, and up to this one without it.
    pub looked_at: (EventId, EventId),
    /// There is more of the run, or of the job, that was not looked at.
    pub cut: bool,
}

/// All events of this job, near the event `around` that is one of them (0: from the beginning of the run).
pub fn of_job(run: &dyn Events, serial: u32, around: EventId) -> Life {
    let from = around.saturating_sub(LIFE_EVENTS / 2).max(1);
    let horizon = run.horizon();
    let mut life = Life { looked_at: (from, from), ..Life::default() };
    run.scan(from..from + LIFE_EVENTS, &mut |sim, event| {
        if event.at > horizon {
            return false;
        }
        life.looked_at.1 = event.id + 1;
        if job_of(&event.what) == Some(serial) {
            life.links.push(Link::of(event, sim.sids()));
        }
        life.links.len() < LIFE_LINKS
    });
    life.cut = life.links.len() == LIFE_LINKS || life.looked_at.1 == from + LIFE_EVENTS;
    life.cut |= life.links.first().is_some_and(|l| l.name != "produced");
    life
}
