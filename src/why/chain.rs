//! From an event back to its root: the main line, what stands beside it, and the parameters that matter.
//!
//! The main line follows the cause while that is an earlier failure of the same job; otherwise the circumstance, if there is
//! one, else the cause. The parent that is left out stands beside the line.
use super::facts;
use super::weight::{is_minor, keys};
use super::window::Window;
use super::{Events, Link, job_of};
use crate::event::{Actor, Event, EventId, What};
use crate::limits::CHAIN_STEPS;
use crate::params::{Key, Source, format_value};
use crate::scenario::Scenario;
use crate::words::say;

/// A value that matters to a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The parameter.
    pub key: Key,
    /// Its value with its unit: `480 hosts/min`.
    pub value: String,
}

/// One step of a chain: an event, or several of one kind in a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What it says: of the latest event, or of all of them.
    pub text: String,
    /// Where that comes from.
    pub source: Source,
    /// The latest event.
    pub link: Link,
    /// The earlier ones of the same kind, latest first: they are folded into this step.
    pub folded: Vec<Link>,
    /// The other parent of the earliest: what it was trying to do.
    pub aside: Option<Link>,
    /// The parameters that matter here.
    pub settings: Vec<Setting>,
    /// It only carries the chain on.
    pub minor: bool,
}

/// Where a chain ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Root {
    /// The scenario says so: its last step names the parameters.
    Scenario,
    /// Somebody did it: an action of the scenario, or of whoever watches.
    Action,
    /// It was under way when the run began.
    Beginning,
    /// The chain is longer than this page tells.
    Further,
}

impl Root {
    /// What a reader is told of it, without a full stop.
    pub fn says(self) -> &'static str {
        match self {
            Root::Scenario => "The scenario says so",
            Root::Action => "Somebody did this: an action, and no consequence of anything",
            Root::Beginning => "This was under way when the run began",
            Root::Further => "The chain goes on; ask again from its last step",
        }
    }
}

/// A chain, from the event asked for to its root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    /// The steps, the event asked for first. Never empty.
    pub steps: Vec<Step>,
    /// Where it ends.
    pub root: Root,
}

/// Why this event happened. `None`: there is no such event.
pub fn chain(run: &dyn Events, id: EventId) -> Option<Chain> {
    let mut window = Window::new(run);
    let line = main_line(&mut window, id)?;
    let last = line.last()?;
    let root =
        if last.0.cause == 0 && last.0.also == 0 { root_of(&last.0, run.now().scenario()) } else { Root::Further };
    let mut steps = Vec::new();
    for alike in line.chunk_by(|a, b| same_kind(&a.0, &b.0)) {
        steps.push(step(run, alike, &mut window));
    }
    for step in &mut steps {
        step.aside.take_if(|aside| line.iter().any(|(e, _)| e.id == aside.id));
    }
    tell_together(run, &line, &mut steps);
    let ends = steps.len() - 1;
    (steps[0].minor, steps[ends].minor) = (false, false);
    Some(Chain { steps, root })
}

/// Every event of the main line with its other parent, latest first.
fn main_line(window: &mut Window<'_>, id: EventId) -> Option<Vec<(Event, EventId)>> {
    let mut event = window.get(id)?;
    let mut line = Vec::new();
    loop {
        let (next, aside) = parents(window, &event);
        line.push((event, aside));
        match window.get(next).filter(|_| line.len() < CHAIN_STEPS) {
            Some(parent) => event = parent,
            None => return Some(line),
        }
    }
}

/// The parent on the main line, and the other one; 0 for none.
fn parents(window: &mut Window<'_>, event: &Event) -> (EventId, EventId) {
    match (event.cause, event.also) {
        (cause, 0) => (cause, 0),
        (0, also) => (also, 0),
        (cause, also) if window.get(cause).is_some_and(|c| failed_before(&c, event)) => (cause, also),
        (cause, also) => (also, cause),
    }
}

/// Is `cause` an earlier failure of the job that `event` is about?
fn failed_before(cause: &Event, event: &Event) -> bool {
    let failure = matches!(
        cause.what,
        What::AttemptFailed { .. } | What::Failed { .. } | What::HandlerFailed { .. } | What::TurnedAway { .. }
    );
    failure && job_of(&cause.what) == job_of(&event.what)
}

fn same_kind(a: &Event, b: &Event) -> bool {
    std::mem::discriminant(&a.what) == std::mem::discriminant(&b.what)
        && !matches!(a.what, What::Raft(_))
        && job_of(&a.what) == job_of(&b.what)
}

fn step(run: &dyn Events, events: &[(Event, EventId)], window: &mut Window<'_>) -> Step {
    let sids = run.now().sids();
    let (first, earliest) = (&events[0].0, &events[events.len() - 1]);
    let link = Link::of(first, sids);
    let folded: Vec<Link> = events[1..].iter().map(|(e, _)| Link::of(e, sids)).collect();
    // What the earlier attempts ran into is the main line's: only the first one's other parent is news.
    let aside = match earliest.0.what {
        What::LostJob { job, .. } => window.last_before(earliest.0.id, &|e| is_written(e, job)),
        _ => beside(window, earliest.1),
    };
    let aside = aside.map(|e| Link::of(&e, sids));
    let text = match folded.len() {
        0 => link.text.clone(),
        n => say!(&link.text, " (and ", n, " before it)"),
    };
    let settings = settings(first, run.now().scenario());
    Step { text, source: link.source, minor: link.minor, folded, aside, settings, link }
}

/// Is this job committed here? No link leads from a lost job to its record.
fn is_written(event: &Event, job: u32) -> bool {
    matches!(event.what, What::Appended { job: written, .. } if written == job)
}

/// The other parent, or the first before it that says something by itself.
fn beside(window: &mut Window<'_>, aside: EventId) -> Option<Event> {
    let mut event = window.get(aside)?;
    while is_minor(&event.what) {
        event = window.get(event.cause)?;
    }
    Some(event)
}

fn settings(event: &Event, scenario: &Scenario) -> Vec<Setting> {
    let planned =
        scenario.plan.is_some() && matches!(event.what, What::MaintenanceStarted { .. } | What::Booted { .. });
    let keys = if planned { &[] } else { keys(&event.what) };
    let kraft = scenario.params.get(Key::Mode) == 1;
    let matters = |key: &&Key| !(kraft && **key == Key::ListPolicy);
    keys.iter().filter(matters).map(|key| setting(*key, scenario)).collect()
}

fn setting(key: Key, scenario: &Scenario) -> Setting {
    let value = format_value(key, scenario.params.get(key));
    let unit = key.param().unit;
    let value = if unit.is_empty() { value } else { say!(value, "\u{a0}", unit) };
    Setting { key, value }
}

fn root_of(event: &Event, scenario: &Scenario) -> Root {
    let healed = event.at == scenario.params.get(Key::HealAt).unsigned_abs();
    match event.what {
        What::MaintenanceStarted { .. } | What::Produced { .. } | What::Migrated => Root::Scenario,
        What::HealStarted { .. } | What::RolloutStarted { .. } | What::HealNotNeeded if healed => Root::Scenario,
        What::Reached { .. } | What::GaveUp { .. } | What::Committed { .. } => Root::Beginning,
        What::Stopped | What::Started | What::Frozen | What::Thawed | What::BrokerStopping { .. } => Root::Action,
        What::ConsumerCrashed { .. } | What::DrainOpened | What::DrainClosed => Root::Action,
        _ if event.actor == Actor::Operator => Root::Action,
        _ => Root::Beginning,
    }
}

/// What several steps say only together.
fn tell_together(run: &dyn Events, line: &[(Event, EventId)], steps: &mut [Step]) {
    facts::retell_attempts(line, steps);
    facts::retell_metadata(line, steps);
    facts::retell_lists(run, line, steps);
    facts::retell_silence(run, line, steps);
}
