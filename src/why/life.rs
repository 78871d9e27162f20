//! The life of one job: all its events, in order.
use super::{Events, Link, job_of};
use crate::event::{EventId, What};
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

/// Events in which at least one job is produced, so that a search by number gets somewhere.
const STRETCH: EventId = 2_000;

/// The event of this job that is most worth asking about, up to the present: that it was lost, dropped, dead-lettered or failed, or
/// else the last. `None`: it has not been produced yet.
pub fn about_job(run: &dyn Events, serial: u32) -> Option<EventId> {
    let born = born(run, serial)?;
    let life = of_job(run, serial, born);
    let past = || life.links.iter().rev().filter(|link| link.id <= run.now().event_count());
    let sad = ["lost", "dropped", "deadLettered", "failed"];
    sad.iter().find_map(|name| past().find(|link| link.name == *name)).or_else(|| past().next()).map(|link| link.id)
}

/// The event by which this job was produced: jobs are numbered as they come, so halving finds it.
fn born(run: &dyn Events, serial: u32) -> Option<EventId> {
    let (mut low, mut high) = (1, run.now().event_count() + 1);
    while low < high {
        let middle = (low + high) / 2;
        let mut found = None;
        run.scan(middle..(middle + STRETCH).min(high), &mut |_, event| {
            if let What::Produced { job, .. } = event.what {
                found = Some((event.id, job));
            }
            found.is_none()
        });
        match found {
            Some((id, job)) if job == serial => return Some(id),
            Some((id, job)) if job < serial => low = id + 1,
            _ => high = middle,
        }
    }
    None
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
