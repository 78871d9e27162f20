//! What came of an event: its direct consequences, and all that followed from them.
use super::weight::is_notable;
use super::{Events, KINDS, Kind, Link};
use crate::event::{Event, EventId, What};
use crate::limits::{DIRECT_LINKS, FORWARD_EVENTS, NOTABLE_LINKS};
use crate::metrics::Milestone;
use crate::view::Micros;
use std::mem::{Discriminant, discriminant};

/// The first consequence of its sort.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct First {
    /// The event.
    pub link: Link,
    /// How many of its sort there were.
    pub count: u64,
}

/// What came of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forward {
    /// Its direct consequences, earliest first.
    pub direct: Vec<Link>,
    /// How many of these there are.
    pub direct_count: u64,
    /// All consequences, by kind.
    pub counts: Vec<(Kind, u64)>,
    /// All of them together.
    pub total: u64,
    /// The first of every sort that matters.
    pub notable: Vec<First>,
    /// Milestones among them.
    pub milestones: Vec<(Milestone, Micros, EventId)>,
    /// How many events after it were looked at.
    pub looked_at: u64,
    /// There were more.
    pub cut: bool,
}

/// Everything that this event led to so far, as a cause or as a circumstance, as far as the run was ever seen. `None`: there is no such event.
pub fn forward(run: &dyn Events, id: EventId) -> Option<Forward> {
    if id == 0 {
        return None;
    }
    let (end, horizon) = (id.saturating_add(1 + FORWARD_EVENTS), run.horizon());
    let mut search = Search::new(id, end);
    run.scan(id..end, &mut |sim, event| {
        let seen = event.at <= horizon;
        if seen && event.id > id {
            search.see(event, sim.sids());
        }
        search.there |= seen;
        seen
    });
    search.found()
}

struct Search {
    root: EventId,
    /// Which of the events from the root on are consequences, as bits.
    marks: Vec<u64>,
    found: Forward,
    sorts: Vec<Discriminant<What>>,
    /// The event itself was there.
    there: bool,
}

impl Search {
    fn new(root: EventId, end: EventId) -> Search {
        let counts = KINDS.iter().map(|(kind, _)| (*kind, 0)).collect();
        let found = Forward {
            direct: Vec::new(),
            direct_count: 0,
            counts,
            total: 0,
            notable: Vec::new(),
            milestones: Vec::new(),
            looked_at: 0,
            cut: false,
        };
        let mut marks = vec![0; ((end - root) / 64 + 1) as usize];
        marks[0] = 1;
        Search { root, marks, found, sorts: Vec::new(), there: false }
    }

    fn follows(&self, parent: EventId) -> bool {
        let Some(i) = parent.checked_sub(self.root) else { return false };
        self.marks.get((i / 64) as usize).is_some_and(|word| word >> (i % 64) & 1 == 1)
    }

    fn see(&mut self, event: &Event, sids: &[u8]) {
        self.found.looked_at += 1;
        if !self.follows(event.cause) && !self.follows(event.also) {
            return;
        }
        let i = event.id - self.root;
        if let Some(word) = self.marks.get_mut((i / 64) as usize) {
            *word |= 1 << (i % 64);
        }
        self.found.total += 1;
        self.found.counts[Kind::of(event) as usize].1 += 1;
        if event.cause == self.root || event.also == self.root {
            self.found.direct_count += 1;
            if self.found.direct.len() < DIRECT_LINKS {
                self.found.direct.push(Link::of(event, sids));
            }
        }
        match event.what {
            What::Reached { milestone } => self.found.milestones.push((milestone, event.at, event.id)),
            what if is_notable(&what) => self.note(event, sids),
            _ => {}
        }
    }

    fn note(&mut self, event: &Event, sids: &[u8]) {
        let sort = discriminant(&event.what);
        match self.sorts.iter().position(|s| *s == sort && !matches!(event.what, What::Raft(_))) {
            Some(i) => self.found.notable[i].count += 1,
            None if self.sorts.len() < NOTABLE_LINKS => {
                self.sorts.push(sort);
                self.found.notable.push(First { link: Link::of(event, sids), count: 1 });
            }
            None => {}
        }
    }

    fn found(mut self) -> Option<Forward> {
        self.found.counts.retain(|(_, n)| *n > 0);
        self.found.cut = self.found.looked_at == FORWARD_EVENTS;
        self.there.then_some(self.found)
    }
}
