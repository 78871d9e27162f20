//! Why things happened: chains lead from real event to real event back to a root, and forward again.
use crate::common::{SECOND, preset, run, run_until, scenario};
use second_leader::event::{Event, EventId, What};
use second_leader::metrics::Milestone;
use second_leader::params::Key;
use second_leader::presets::PRESETS;
use second_leader::scenario::Scenario;
use second_leader::sim::Simulation;
use second_leader::why::{self, Chain, Events, Kind, Root, Visit};
use std::ops::Range;

/// A run that is simulated again from its beginning whenever somebody asks for its events.
struct Again {
    scenario: Scenario,
    present: Simulation,
    until: u64,
}

impl Again {
    fn new(scenario: &Scenario, until: u64) -> Again {
        Again { scenario: scenario.clone(), present: run_until(scenario, until), until }
    }

    fn of(id: &str, until: u64) -> Again {
        Again::new(&preset(id, &[]), until)
    }

    fn first(&self, wanted: impl Fn(&What) -> bool) -> EventId {
        let mut found = 0;
        self.scan(1..u64::MAX, &mut |_, e| {
            if wanted(&e.what) {
                found = e.id;
            }
            found == 0
        });
        assert!(found > 0, "it did not happen");
        found
    }
}

impl Events for Again {
    fn now(&self) -> &Simulation {
        &self.present
    }

    fn scan(&self, ids: Range<EventId>, visit: Visit<'_>) {
        let mut sim = Simulation::new(&self.scenario);
        while sim.event_count() + 1 < ids.end && sim.next_at().is_some_and(|at| at <= self.until) && sim.step() {
            for event in sim.events() {
                if ids.contains(&event.id) && !visit(&sim, event) {
                    return;
                }
            }
        }
    }
}

#[test]
fn zz() {
    for (p, w) in [("the-incident", "deadLettered"), ("the-incident", "milestone"), ("more-brokers", "lost"), ("wrong-recovery","deadLettered"), ("not-idempotent", "duplicateEffect"), ("kraft", "becameVoter"), ("leader-killed", "serving"), ("leader-frozen", "serving")] {
        let again = Again::of(p, 90 * SECOND);
        let id = again.first(|what| what.name() == w);
        let c = why::chain(&again, id).unwrap();
        println!("== {p} {w}");
        for s in &c.steps {
            println!("{}{} [{}] {} +{} {:?}", if s.minor { "   . " } else { " * " }, s.text, s.source.label(), s.link.id, s.folded.len(), s.settings.iter().map(|x| format!("{:?}={}", x.key, x.value)).collect::<Vec<_>>());
            if let Some(a) = &s.aside { println!("        beside: {} {}", a.id, a.text); }
        }
        println!("{:?}", c.root);
    }
    let again = Again::of("the-incident", 90 * SECOND);
    println!("{:#?}", why::forward(&again, again.first(|w| matches!(w, What::MaintenanceStarted{..}))).map(|f| (f.counts, f.total, f.cut, f.milestones, f.notable.iter().map(|n| (n.link.at, n.link.text.clone(), n.count)).collect::<Vec<_>>())));
}
