//! Why did this happen, and what came of it? Answers are made from events alone: their two links, and nothing scripted.
//!
//! An event has a cause, and may have run into a circumstance ([`Event::also`]). A [`chain`] follows them back to a root;
//! [`forward`] looks for what follows; [`of_job`] tells the life of one job. Runs have millions of events, which nobody keeps:
//! they are simulated again, segment by segment.
mod chain;
mod facts;
mod forward;
mod kind;
mod life;
mod sentence;
mod weight;
mod window;

pub use chain::{Chain, Root, Setting, Step, chain};
pub use forward::{First, Forward, forward};
pub use kind::{KINDS, Kind, job_of};
pub use life::{Life, about_job, of_job};
pub use sentence::{Said, sentence, who};
pub use weight::is_minor;

use crate::event::{Actor, Event, EventId};
use crate::params::Source;
use crate::recording::Recording;
use crate::sim::Simulation;
use crate::view::Micros;
use std::ops::Range;

/// Sees an event and the simulation just after the step in which it happened. False: that was enough.
pub type Visit<'a> = &'a mut dyn FnMut(&Simulation, &Event) -> bool;

/// A run whose events can be seen again.
pub trait Events {
    /// The run at its present.
    fn now(&self) -> &Simulation;

    /// How far it was ever seen: what lies between the present and there can be asked about, too.
    fn horizon(&self) -> Micros {
        self.now().now()
    }

    /// Shows every event with such a number, in order; also those ahead of the present.
    fn scan(&self, ids: Range<EventId>, visit: Visit<'_>);
}

impl Events for Recording {
    fn now(&self) -> &Simulation {
        self.sim()
    }

    fn horizon(&self) -> Micros {
        self.furthest().max(self.sim().now())
    }

    fn scan(&self, ids: Range<EventId>, visit: Visit<'_>) {
        self.replay(ids, visit);
    }
}

/// One event, told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Its number.
    pub id: EventId,
    /// When.
    pub at: Micros,
    /// Who.
    pub actor: Actor,
    /// Its name in the trace.
    pub name: &'static str,
    /// What it is about.
    pub kind: Kind,
    /// A plain sentence, without its full stop.
    pub text: String,
    /// Where what the sentence says comes from.
    pub source: Source,
    /// It is in the chain, and says little by itself.
    pub minor: bool,
    /// The job it is about.
    pub job: Option<u32>,
}

impl Link {
    /// Tells this event. `sids` names the hosts by index.
    pub fn of(event: &Event, sids: &[u8]) -> Link {
        let Said { text, source } = sentence(event, sids);
        Link {
            id: event.id,
            at: event.at,
            actor: event.actor,
            name: event.what.name(),
            kind: Kind::of(event),
            text,
            source,
            minor: is_minor(&event.what),
            job: job_of(&event.what),
        }
    }
}
