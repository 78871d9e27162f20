//! Looks events up by number, a segment at a time.
use super::Events;
use crate::event::{Event, EventId};
use crate::limits::CHAIN_SEGMENT;

/// The events of one segment of a run.
pub(super) struct Window<'a> {
    run: &'a dyn Events,
    events: Vec<Event>,
}

impl<'a> Window<'a> {
    /// Nothing yet.
    pub fn new(run: &'a dyn Events) -> Window<'a> {
        Window { run, events: Vec::new() }
    }

    /// This event; `None` when there is no such event. Fetches the segment that ends with it, unless it has it.
    pub fn get(&mut self, id: EventId) -> Option<Event> {
        if id == 0 || id > self.run.now().event_count() {
            return None;
        }
        if !self.holds(id) {
            self.fetch(id);
        }
        let first = self.events.first()?.id;
        self.events.get(id.checked_sub(first)? as usize).filter(|e| e.id == id).copied()
    }

    fn holds(&self, id: EventId) -> bool {
        let (first, last) = (self.events.first(), self.events.last());
        first.is_some_and(|e| e.id <= id) && last.is_some_and(|e| e.id >= id)
    }

    fn fetch(&mut self, id: EventId) {
        self.events.clear();
        let from = id.saturating_sub(CHAIN_SEGMENT).max(1);
        self.run.scan(from..id + 1, &mut |_, event| {
            self.events.push(*event);
            true
        });
    }
}
