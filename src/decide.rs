//! Deciding: what people can do now, and what each decision would cost. Nothing is guessed: every one of them is done in a copy of
//! the run, which is simulated to its end.
use crate::ledger::Fate;
use crate::metrics::Sample;
use crate::params::Key;
use crate::scenario::Command;
use crate::sim::Simulation;
use crate::view::Micros;

/// Something people can decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Leave it to what they mean to do at `healAt`.
    AsPlanned,
    /// Do nothing, now or later.
    Wait,
    /// Stop the second cluster, and take its hosts back without what they have stored.
    Kill,
    /// The same, and each host keeps its own log.
    KillUnwiped,
    /// Restart the old hosts with the new list.
    FinishRollout,
    /// Bring the moved brokers back; the second ensemble stays.
    Repoint,
    /// Work the dead letters off while the incident lasts.
    DrainNow,
    /// Work them off when it is over.
    DrainLater,
}

/// Every decision: its name, its title, and what it means.
pub const DECISIONS: &[(Decision, &str, &str, &str)] = &[
    (Decision::AsPlanned, "planned", "Keep to the plan", "People step in when the scenario says so."),
    (Decision::Wait, "wait", "Wait", "Nobody does anything, now or later."),
    (Decision::Kill, "kill", "Kill the second cluster", "Its hosts are stopped, wiped, and taken back one by one."),
    (Decision::KillUnwiped, "unwiped", "Kill it, wipe nothing", "Its hosts come back with their own logs."),
    (Decision::FinishRollout, "rollout", "Finish the roll-out", "The old hosts restart with the new list, one by one."),
    (Decision::Repoint, "repoint", "Bring the brokers back", "They return to the old ensemble; the second one stays."),
    (Decision::DrainNow, "drain", "Drain now", "Dead letters are tried again while the incident lasts."),
    (Decision::DrainLater, "later", "Drain later", "Dead letters wait until the incident is over."),
];

/// What a decision costs, from the beginning of the run to its end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Price {
    /// When there was one leader and one controller again, µs; `None`: not in this run.
    pub whole: Option<Micros>,
    /// When the last write failed, µs; `None`: they still do.
    pub writes: Option<Micros>,
    /// When the dead-letter queue was empty, µs; `None`: not in this run.
    pub empty: Option<Micros>,
    /// Jobs that were put aside.
    pub dead_lettered: u64,
    /// 99 of 100 jobs were done within this, µs.
    pub p99: u64,
    /// Jobs that had a second effect.
    pub duplicates: u64,
    /// Jobs that are gone, or whose only record stands in a cluster that is none.
    pub lost: u64,
}

impl Price {
    /// Of a run at its end. Times are as exact as the samples of the charts.
    pub fn of(sim: &Simulation) -> Price {
        let (m, ledger) = (sim.metrics(), sim.ledger());
        Price {
            whole: after(sim, |s| s.leaders > 1 || s.controllers > 1),
            writes: after(sim, |s| s.failed > 0),
            empty: after(sim, |s| s.dlq_depth > 0),
            dead_lettered: m.dead_lettered,
            p99: m.p99,
            duplicates: m.duplicate_effects,
            lost: m.lost + m.dropped + ledger.count(Fate::WrongSide),
        }
    }
}

/// When something was so for the last time. `None`: it is so at the end.
fn after(sim: &Simulation, so: impl Fn(&Sample) -> bool) -> Option<Micros> {
    let history = sim.history();
    match history.iter().rposition(so) {
        None => Some(0),
        Some(i) if i + 1 == history.len() => None,
        Some(i) => history.get(i).map(|s| s.at),
    }
}

/// What people must do for it, now. `None`: it would change nothing.
pub fn commands(decision: Decision, sim: &Simulation) -> Option<Vec<Command>> {
    let params = &sim.scenario().params;
    let ahead = sim.plan() != 0 && sim.now() < params.get(Key::HealAt).unsigned_abs();
    let split = sim.heads().0 > 1;
    let waiting = sim.ledger().count(Fate::DeadLettered) > 0;
    let draining = sim.drains_during();
    let act: Vec<Command> = match decision {
        Decision::AsPlanned => return ahead.then(Vec::new),
        Decision::Wait => Vec::new(),
        Decision::Kill if split => vec![Command::Set(Key::Wiped, 1), Command::KillSecondCluster],
        Decision::KillUnwiped if split => vec![Command::Set(Key::Wiped, 0), Command::KillSecondCluster],
        Decision::FinishRollout if split => vec![Command::FinishRollout],
        Decision::Repoint => {
            let moved =
                sim.brokers().iter().filter(|b| b.on_fresh).map(|b| Command::ReturnBroker(b.id)).collect::<Vec<_>>();
            if moved.is_empty() {
                return None;
            }
            moved
        }
        Decision::DrainNow if waiting && !draining => return Some(vec![Command::Set(Key::DlqDrain, 0)]),
        Decision::DrainLater if waiting && draining && split => return Some(vec![Command::Set(Key::DlqDrain, 1)]),
        _ => return None,
    };
    let plan = ahead.then_some(Command::Set(Key::Heal, 0));
    Some(plan.into_iter().chain(act).collect())
}

/// A decision, and the run in which it was taken.
#[derive(Clone, Debug)]
pub struct Prospect {
    /// Which.
    pub decision: Decision,
    /// What people do for it.
    pub commands: Vec<Command>,
    /// What it costs, once that is known.
    pub price: Option<Price>,
    sim: Option<Box<Simulation>>,
}

/// All decisions of one moment.
#[derive(Clone, Debug, Default)]
pub struct Lookahead {
    /// The moment, µs.
    pub at: Micros,
    /// What can be decided then.
    pub prospects: Vec<Prospect>,
}

impl Lookahead {
    /// From this moment on.
    pub fn from(sim: &Simulation) -> Lookahead {
        let prospect = |(decision, ..): &(Decision, &str, &str, &str)| {
            let commands = commands(*decision, sim)?;
            let mut copy = Box::new(sim.clone());
            commands.iter().all(|command| copy.apply(*command).is_ok()).then_some(())?;
            Some(Prospect { decision: *decision, commands, price: None, sim: Some(copy) })
        };
        Lookahead { at: sim.now(), prospects: DECISIONS.iter().filter_map(prospect).collect() }
    }

    /// Simulates on, at most so many steps. True: every price is known.
    pub fn work(&mut self, steps: u32) -> bool {
        let Some(prospect) = self.prospects.iter_mut().find(|p| p.price.is_none()) else { return true };
        if let Some(sim) = &mut prospect.sim
            && (sim.advance(sim.end(), steps) || sim.stopped().is_some())
        {
            prospect.price = Some(Price::of(sim));
            prospect.sim = None;
        }
        self.prospects.iter().all(|p| p.price.is_some())
    }
}
