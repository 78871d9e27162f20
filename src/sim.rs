//! The simulation: it alone owns state, time and chance. A run is a scenario and timed commands, and nothing else.
//!
//! Each step takes the earliest due item by (time, arrival) and hands it to one node's handler, which changes only that
//! node and writes to the [`outbox`].
mod dispatch;
mod growth;
mod links;
pub mod network;
pub mod outbox;
mod people;
mod quorum;
mod quorum_view;
mod setting;
mod settle;
mod setup;
mod view;
mod watch;

use crate::client::Clients;
use crate::client::Reason;
use crate::detector::Detector;
use crate::ensemble::Peer;
use crate::event::{Event, EventId};
use crate::invariant::{self, InvariantState};
use crate::kafka::Broker;
use crate::ledger::Ledger;
use crate::limits::MAX_SAMPLES;
use crate::maintenance::Ops;
use crate::maintenance::verdict::{Outcome, Verdict};
use crate::message::Due;
use crate::metrics::{Metrics, Milestone, Sample};
use crate::params::Issue;
use crate::raft::Node;
use crate::scenario::{Command, Scenario};
use crate::view::{Flight, Micros, View};
use outbox::Outbox;

/// A run.
#[derive(Clone, Debug)]
pub struct Simulation {
    scenario: Scenario,
    end: Micros,
    pub(crate) out: Outbox,
    peers: Vec<Peer>,
    /// The KRaft controllers, in that mode; there are no peers then.
    quorum: Vec<Node>,
    brokers: Vec<Broker>,
    pub(crate) clients: Clients,
    pub(crate) ops: Ops,
    /// What frozen hosts have not heard yet.
    held: Vec<(u8, u64, Due)>,
    steps: u64,
    leaders: u32,
    controllers: u32,
    /// The event by which there came to be two leaders or two controllers, last.
    split_by: EventId,
    /// Brokers that accept connections, as bits.
    up: u32,
    milestones: Vec<(Milestone, Micros)>,
    history: Vec<Sample>,
    sample_every: Micros,
    detector: Detector,
    invariants: [InvariantState; invariant::COUNT],
    /// Epochs and rounds as they were when the invariants were last looked at.
    marks: Vec<invariant::Mark>,
    went_back: bool,
    ended: bool,
}

impl Simulation {
    /// Prepares a run at time zero: an established ensemble, registered brokers, one topic. The scenario must have passed
    /// [`Scenario::check`]; contradictions that are left are lowered.
    pub fn new(scenario: &Scenario) -> Simulation {
        setup::build(scenario)
    }

    /// Simulated time.
    pub fn now(&self) -> Micros {
        self.out.now
    }

    /// Where the run ends: `max(300 s, end of provisioning + 40 s, healAt + 240 s)`.
    pub fn end(&self) -> Micros {
        self.end
    }

    /// What is being run, with its effective parameters.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// Steps executed.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// 64-bit digest of the trace text so far; the same natively and in wasm.
    #[cfg(feature = "trace")]
    pub fn trace_hash(&self) -> u64 {
        self.out.digest()
    }

    /// About how much memory a copy takes, in bytes.
    pub fn weight(&self) -> usize {
        let peers: usize = self.peers.iter().map(Peer::weight).sum();
        let replicas: usize = self.brokers.iter().map(|b| b.replicas.len()).sum();
        peers + replicas * size_of::<crate::kafka::partition::Replica>() + self.clients.weight() + self.out.weight()
    }

    /// Events so far; the last one's number.
    pub fn event_count(&self) -> u64 {
        self.out.event_count()
    }

    /// The numbers.
    pub fn metrics(&self) -> Metrics {
        self.clients.numbers(self.out.now)
    }

    /// The cumulative numbers alone: no percentiles, no depth.
    pub fn metrics_raw(&self) -> &Metrics {
        &self.clients.metrics
    }

    /// Second effects of jobs since consumers remember job ids; 0 while they do not.
    pub fn effects_despite_memory(&self) -> u64 {
        let effects = self.clients.metrics.duplicate_effects - self.clients.forgiven;
        if self.clients.settings.idempotent { effects } else { 0 }
    }

    /// Jobs that nobody had read when their cluster was abandoned.
    pub fn abandoned(&self) -> u64 {
        self.clients.abandoned
    }

    /// Was anything attempted more often than it may be?
    pub fn over_tried(&self) -> bool {
        self.clients.over_tried
    }

    /// Is what waits in the dead-letter queue what came less what went?
    pub fn tray_balances(&self) -> bool {
        self.clients.dead_letters.balances()
    }

    /// Every job by fate.
    pub fn ledger(&self) -> &Ledger {
        &self.clients.ledger
    }

    /// What has happened, in order.
    pub fn milestones(&self) -> &[(Milestone, Micros)] {
        &self.milestones
    }

    /// The charts' points, oldest first.
    pub fn history(&self) -> &[Sample] {
        &self.history
    }

    /// Which invariants hold.
    pub fn invariants(&self) -> &[InvariantState] {
        &self.invariants
    }

    /// Messages sent lately, in order of sending.
    pub fn flights(&self) -> impl Iterator<Item = Flight> + '_ {
        self.out.flights().iter()
    }

    /// The picture.
    pub fn view(&self) -> View {
        view::build(self)
    }

    /// The znode tree that this host holds, as paths and values.
    pub fn tree(&self, sid: u8) -> Vec<(&'static str, String)> {
        view::tree(self, sid)
    }

    /// Why the run cannot go on, if it cannot.
    pub fn stopped(&self) -> Option<&'static str> {
        self.clients
            .overflow
            .then_some("too many unsettled jobs (2 097 152): lower the write rate or raise the drain rate")
    }

    /// Leaders that serve, and brokers that believe they are the controller.
    pub fn heads(&self) -> (u32, u32) {
        (self.leaders, self.controllers)
    }

    /// The ZooKeeper hosts, by sid.
    pub fn peers(&self) -> &[Peer] {
        &self.peers
    }

    /// The KRaft controllers, by sid; none with ZooKeeper.
    pub fn quorum(&self) -> &[Node] {
        &self.quorum
    }

    /// Did an epoch or a round ever decrease?
    pub fn went_back(&self) -> bool {
        self.went_back
    }

    /// The brokers, by id.
    pub fn brokers(&self) -> &[Broker] {
        &self.brokers
    }

    /// How the maintenance went; `unfinished` and the present state before that is known.
    pub fn verdict(&self) -> Verdict {
        self.ops.verdict.clone().unwrap_or_else(|| Verdict { outcome: Outcome::Unfinished, ..self.verdict_now() })
    }

    /// Sids by host index, to write trace lines with.
    pub fn sids(&self) -> &[u8] {
        &self.out.sids
    }

    /// When the next step is due.
    pub fn next_at(&self) -> Option<Micros> {
        self.out.next_at()
    }

    /// Executes the next step. False: nothing is due any more, or a limit was hit.
    pub fn step(&mut self) -> bool {
        if self.clients.overflow {
            return false;
        }
        let Some(due) = self.out.begin() else { return false };
        self.steps += 1;
        self.execute(due);
        self.out.found(0); // what the handler found is no circumstance of what the observer sees next
        self.settle();
        true
    }

    /// What happened in the last step.
    pub fn events(&self) -> &[Event] {
        &self.out.events
    }

    /// Runs until `until`, or until `budget` steps are spent. True: `until` was reached.
    pub fn advance(&mut self, until: Micros, budget: u32) -> bool {
        for _ in 0..budget {
            match self.out.next_at() {
                Some(at) if at <= until && self.step() => {}
                _ => return self.rest(until),
            }
        }
        false
    }

    /// Runs until `until` and shows every event.
    pub fn advance_with(&mut self, until: Micros, seen: &mut dyn FnMut(&Event)) {
        while self.out.next_at().is_some_and(|at| at <= until) && self.step() {
            self.out.events.iter().for_each(&mut *seen);
        }
        let before = self.out.event_count();
        self.rest(until);
        self.out.events.iter().filter(|e| e.id > before).for_each(seen);
    }

    /// Nothing more is due before `until`.
    fn rest(&mut self, until: Micros) -> bool {
        if self.stopped().is_none() {
            self.out.now = self.out.now.max(until);
            if until >= self.end && !self.ended {
                self.ended = true;
                self.out.interrupt(self.out.now);
                self.reach(Milestone::End);
            }
        }
        true
    }

    /// Somebody does something to the cluster, now. Errors: there is no such node, or it cannot do that.
    pub fn apply(&mut self, command: Command) -> Result<(), Issue> {
        if let Some((field, value, message)) = self.scenario.fault(command) {
            return Err(Issue::new(field, value, message));
        }
        self.out.interrupt(self.out.now);
        if let Command::AddNodes(_) = command {
            self.scenario.actions.push((self.out.now, command)); // so that the new hosts can be named from now on
        }
        self.command(command);
        self.settle();
        Ok(())
    }

    fn on_sample(&mut self) {
        let at = self.out.now;
        let heads = (self.leaders.min(255) as u8, self.controllers.min(255) as u8);
        let sample = Sample { leaders: heads.0, controllers: heads.1, ..self.clients.sample(at) };
        if self.history.len() <= MAX_SAMPLES {
            self.history.push(sample);
            self.out.wake(at + self.sample_every, Due::Sample);
        }
        self.check_invariants();
    }

    /// Looks at every invariant now. The page shows none of them, so it neither carries nor runs this.
    pub fn check_invariants(&mut self) {
        if !cfg!(feature = "trace") {
            return;
        }
        self.marks.resize(self.peers.len(), invariant::Mark::default());
        for (mark, peer) in self.marks.iter_mut().zip(&self.peers) {
            self.went_back |= mark.update(peer);
        }
        let broken = invariant::broken(self);
        for (state, broken) in self.invariants.iter_mut().zip(broken) {
            if broken && state.broken_at.is_none() {
                state.broken_at = Some(self.out.now);
                state.broken_by = self.out.events.last().copied();
            }
        }
    }

    /// What people mean to do at `healAt`, by its place in the parameter `heal`: 0 is nothing.
    pub fn plan(&self) -> u8 {
        self.ops.plan
    }

    /// Dead letters are worked off while the incident lasts, too.
    pub fn drains_during(&self) -> bool {
        self.clients.settings.drain_during
    }

    /// Hosts that are taken back are wiped first.
    pub fn wiped(&self) -> bool {
        self.ops.wiped
    }

    /// The share of deliveries that failed lately, in millionths.
    fn failing(&self) -> u32 {
        self.clients.lately.failing(self.out.now)
    }

    /// What a failed attempt at a broker is called there, with its count.
    fn failures(broker: &Broker) -> Vec<(Reason, u32)> {
        let mut found: Vec<(Reason, u32)> = crate::client::REASONS
            .iter()
            .zip(broker.failures)
            .filter(|(_, n)| *n > 0)
            .map(|((reason, _, _), n)| (*reason, n))
            .collect();
        crate::order::sort_few(&mut found, |(_, n)| std::cmp::Reverse(*n));
        found
    }
}
