//! Looks events up by number, a segment at a time.
use super::Events;
use crate::event::{Event, EventId};
use crate::limits::{CHAIN_SEGMENT, SEGMENTS_BACK};

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
        if id == 0 {
            return None;
        }
        if !self.holds(id) {
            self.fetch(id);
        }
        let first = self.events.first()?.id;
        self.events.get(id.checked_sub(first)? as usize).filter(|e| e.id == id).copied()
    }

    /// The last event before `id` that is wanted, if it is within a few segments.
    pub fn last_before(&mut self, id: EventId, wanted: &dyn Fn(&Event) -> bool) -> Option<Event> {
        let mut at = id;
        for _ in 0..SEGMENTS_BACK {
            at = at.checked_sub(1)?;
            self.get(at)?;
            let held = self.events.iter().rev().filter(|e| e.id <= at);
            match held.clone().find(|e| wanted(e)) {
                Some(event) => return Some(*event),
                None => at = self.events.first()?.id,
            }
        }
        None
    }

    fn holds(&self, id: EventId) -> bool {
        let (first, last) = (self.events.first(), self.events.last());
        first.is_some_and(|e| e.id <= id) && last.is_some_and(|e| e.id >= id)
    }

    fn fetch(&mut self, id: EventId) {
        self.events.clear();
        let (from, horizon) = (id.saturating_sub(CHAIN_SEGMENT).max(1), self.run.horizon());
        self.run.scan(from..id.saturating_add(1), &mut |_, event| {
            let seen = event.at <= horizon;
            if seen {
                self.events.push(*event);
            }
            seen
        });
    }
}
