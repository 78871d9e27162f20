//! The log around the cursor: the last entries at or before an event that match a filter, told and as trace lines.
use crate::event::{Actor, Event, EventId};
use crate::limits::{LOG_ENTRIES, LOG_EVENTS, LOG_SEGMENT};
use crate::scenario::Node;
use crate::why::{Events, Kind, Link};

/// What the log shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only these machines; empty: all. The dead-letter queue and people are shown with [`Filter::others`].
    pub nodes: Vec<Node>,
    /// With a list of machines: show what people, the dead-letter queue and the observer report as well.
    pub others: bool,
    /// Only these kinds; empty: all.
    pub kinds: Vec<Kind>,
    /// Only this job; 0: all.
    pub job: u32,
    /// Only entries whose sentence or trace line contains this, whatever the case of its letters; "": all.
    pub text: String,
}

impl Filter {
    /// Does the filter let this event pass? `entry` is told only when its words decide.
    fn passes(&self, event: &Event, sids: &[u8]) -> Option<Entry> {
        let kind = self.kinds.is_empty() || self.kinds.contains(&Kind::of(event));
        let job = self.job == 0 || crate::why::job_of(&event.what) == Some(self.job);
        if !kind || !job || !self.shows(event.actor) {
            return None;
        }
        let entry = Entry::of(event, sids);
        (self.text.is_empty() || contains(&entry.link.text, &self.text) || contains(&entry.trace, &self.text))
            .then_some(entry)
    }

    fn shows(&self, actor: Actor) -> bool {
        let node = match actor {
            _ if self.nodes.is_empty() => return true,
            Actor::Peer(sid) | Actor::Controller(sid) => Node::Peer(sid),
            Actor::Broker(id) => Node::Broker(id),
            Actor::Producer(i) => Node::Producer(i),
            Actor::Consumer(i) => Node::Consumer(i),
            Actor::DeadLetters | Actor::Operator | Actor::Run => return self.others,
        };
        self.nodes.contains(&node)
    }
}

/// Is `part` in `text`, with ASCII letters of either case?
fn contains(text: &str, part: &str) -> bool {
    let (text, part) = (text.as_bytes(), part.as_bytes());
    text.windows(part.len()).any(|w| w.eq_ignore_ascii_case(part))
}

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The event, told.
    pub link: Link,
    /// Its line in the trace.
    pub trace: String,
}

impl Entry {
    /// Tells this event. `sids` names the hosts by index.
    pub fn of(event: &Event, sids: &[u8]) -> Entry {
        let mut line = Vec::with_capacity(120);
        event.write_line(sids, &mut line);
        Entry { link: Link::of(event, sids), trace: String::from_utf8(line).unwrap_or_default() }
    }
}

/// Some of the log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// Oldest first, the cursor's last.
    pub entries: Vec<Entry>,
    /// No event before this one was looked at.
    pub from: EventId,
    /// It looked no further, though there are earlier events.
    pub cut: bool,
}

/// The last `count` entries (at most 200) at or before `cursor` that pass the filter. It looks at a bounded number of events.
pub fn before(run: &dyn Events, cursor: EventId, filter: &Filter, count: usize) -> Page {
    let count = count.min(LOG_ENTRIES);
    let mut end = cursor.min(run.now().event_count()) + 1;
    let floor = end.saturating_sub(LOG_EVENTS).max(1);
    let mut found: Vec<Entry> = Vec::new();
    let mut length = LOG_SEGMENT;
    while found.len() < count && end > floor {
        let from = end.saturating_sub(length).max(floor);
        length *= 4; // what is rare is looked for in longer stretches: each begins at a checkpoint
        let missing = count - found.len();
        let mut segment = segment(run, from..end, filter, missing);
        segment.append(&mut found);
        (found, end) = (segment, from);
    }
    let from = if found.len() < count { end } else { found.first().map_or(end, |e| e.link.id) };
    Page { entries: found, from, cut: from > 1 }
}

/// The last `count` entries of a segment.
fn segment(run: &dyn Events, ids: std::ops::Range<EventId>, filter: &Filter, count: usize) -> Vec<Entry> {
    let mut found = std::collections::VecDeque::new();
    run.scan(ids, &mut |sim, event| {
        if let Some(entry) = filter.passes(event, sim.sids()) {
            if found.len() == count {
                found.pop_front();
            }
            found.push_back(entry);
        }
        true
    });
    found.into()
}

/// The first `count` entries (at most 200) after `cursor` that pass the filter, up to the present.
pub fn after(run: &dyn Events, cursor: EventId, filter: &Filter, count: usize) -> Page {
    let (last, count) = (run.now().event_count(), count.min(LOG_ENTRIES));
    let from = cursor + 1;
    let end = (last + 1).min(from + LOG_EVENTS);
    let mut entries = Vec::new();
    run.scan(from..end.max(from), &mut |sim, event| {
        entries.extend(filter.passes(event, sim.sids()));
        entries.len() < count
    });
    let cut = end <= last || entries.len() == count;
    Page { entries, from, cut }
}
