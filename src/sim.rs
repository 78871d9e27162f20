//! The simulation: it alone owns state, time and chance. A run is a scenario and timed commands, and nothing else.
//!
//! Each step takes the earliest due item by (time, arrival) and hands it to one node's handler, which changes only that
//! node and writes to the [`outbox`].
pub mod outbox;
mod setup;
mod view;

use crate::client::Clients;
use crate::client::Reason;
use crate::ensemble::{Peer, PeerState, Power};
use crate::event::{Actor, Event, What};
use crate::invariant::{self, InvariantState};
use crate::kafka::Broker;
use crate::kafka::broker::Next;
use crate::ledger::Ledger;
use crate::maintenance::Ops;
use crate::maintenance::verdict::{Outcome, Verdict};
use crate::message::{Due, JobMsg, JobRef, OpsDue, PeerMsg};
use crate::metrics::{Metrics, Milestone, Sample};
use crate::params::Issue;
use crate::scenario::{Command, Node, Scenario};
use crate::view::{Flight, Micros, View};
use outbox::{Note, Outbox, SECOND};

/// A run.
#[derive(Clone, Debug)]
pub struct Simulation {
    scenario: Scenario,
    end: Micros,
    out: Outbox,
    peers: Vec<Peer>,
    brokers: Vec<Broker>,
    clients: Clients,
    ops: Ops,
    /// What frozen hosts have not heard yet.
    held: Vec<(u8, u64, Due)>,
    steps: u64,
    leaders: u32,
    controllers: u32,
    /// Brokers that accept connections, as bits.
    up: u32,
    milestones: Vec<(Milestone, Micros)>,
    history: Vec<Sample>,
    sample_every: Micros,
    invariants: [InvariantState; invariant::COUNT],
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
    pub fn trace_hash(&self) -> u64 {
        self.out.digest()
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

    /// Do consumers remember job ids?
    pub fn is_idempotent(&self) -> bool {
        self.clients.settings.idempotent
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

    /// The brokers, by id.
    pub fn brokers(&self) -> &[Broker] {
        &self.brokers
    }

    /// How the maintenance went; `unfinished` and the present state before that is known.
    pub fn verdict(&self) -> Verdict {
        self.ops.verdict.clone().unwrap_or_else(|| Verdict {
            outcome: Outcome::Unfinished,
            ..Verdict::of(&self.peers, self.ops.old, self.ops.fresh)
        })
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
        let mut probe = self.scenario.clone();
        probe.actions = vec![(self.out.now, command)];
        probe.check().map_err(|mut issues| issues.swap_remove(0))?;
        self.out.interrupt(self.out.now);
        self.command(command);
        self.settle();
        Ok(())
    }

    fn execute(&mut self, due: Due) {
        match due {
            Due::Peer { from, to, msg } => self.deliver_to_peer(from, to, msg),
            Due::PeerTimer { peer, timer, generation } => match self.peers[usize::from(peer)].power {
                Power::Frozen => self.held.push((peer, self.out.cause(), Due::PeerTimer { peer, timer, generation })),
                _ => {
                    let peer = &mut self.peers[usize::from(peer)];
                    peer.on_timer(timer, generation, &mut self.out);
                    peer.answer_clients(&mut self.out);
                }
            },
            Due::Client { broker, server, conn, msg } => {
                let peer = &mut self.peers[usize::from(server)];
                match peer.power {
                    Power::Up => {
                        peer.on_client(broker, conn, msg, &mut self.out);
                        peer.answer_clients(&mut self.out);
                    }
                    Power::Frozen => {
                        let due = Due::Client { broker, server, conn, msg };
                        self.held.push((server, self.out.cause(), due));
                    }
                    _ => {
                        let refused = crate::message::ServerMsg::Refused;
                        self.out.send_server(server, broker, conn, refused);
                    }
                }
            }
            Due::Server { server, broker, conn, msg } => {
                self.brokers[usize::from(broker)].on_server(server, conn, msg, &mut self.out);
            }
            Due::Broker { from, to, msg } => self.brokers[usize::from(to)].on_message(from, msg, &mut self.out),
            Due::BrokerTimer { broker, timer, generation, arg } => {
                self.brokers[usize::from(broker)].on_timer(timer, generation, arg, &mut self.out);
            }
            Due::Arrival => self.clients.on_arrival(self.up, &mut self.out),
            Due::Job { job, msg } => self.on_job(job, msg),
            Due::Drain => self.clients.on_drain(&mut self.out),
            Due::Ops(due) => self.on_ops(due),
            Due::Sample => self.on_sample(),
        }
    }

    fn deliver_to_peer(&mut self, from: u8, to: u8, msg: PeerMsg) {
        let peer = &mut self.peers[usize::from(to)];
        match peer.power {
            Power::Up => {
                peer.on_message(from, msg, &mut self.out);
                peer.answer_clients(&mut self.out);
            }
            Power::Frozen => self.held.push((to, self.out.cause(), Due::Peer { from, to, msg })),
            // Nobody listens: a learner's connection is refused, everything else is lost.
            _ => {
                if let PeerMsg::FollowerInfo { conn, .. } = msg {
                    self.out.send_peer(to, from, PeerMsg::Refused { conn });
                }
            }
        }
    }

    fn on_job(&mut self, job: JobRef, msg: JobMsg) {
        let (clients, out) = (&mut self.clients, &mut self.out);
        match msg {
            JobMsg::Retry => clients.on_retry(job, self.up, out),
            JobMsg::Ask { broker } => {
                let Some(partition) = clients.get(job).map(|j| j.partition) else { return };
                let asked = &mut self.brokers[usize::from(broker)];
                let leader = asked.leader_of(partition, out);
                let kind = match leader {
                    Ok(_) => crate::view::FlightKind::Reply,
                    Err(_) => crate::view::FlightKind::Failure,
                };
                let from = crate::view::Place::Broker(broker);
                let to = crate::view::Place::Producer(crate::client::producer_of(job.serial));
                out.send_job(job, kind, from, to, 1, JobMsg::Answer { broker, leader });
            }
            JobMsg::Answer { broker, leader } => clients.on_answer(job, broker, leader, out),
            JobMsg::Produce { broker } => {
                let Some(partition) = clients.get(job).map(|j| j.partition) else { return };
                self.brokers[usize::from(broker)].produce(job, partition, out);
            }
            JobMsg::Done { broker, result } => {
                let elsewhere = self.brokers[usize::from(broker)].cluster.unwrap_or(0) != 0;
                clients.on_done(job, broker, result, elsewhere && result.is_ok(), out);
            }
            JobMsg::Deliver { offset, partition } => clients.on_deliver(job, partition, offset, out),
            JobMsg::DeadLetter => clients.on_dead_letter(job, out),
            JobMsg::Drained => clients.on_drained(job, out),
        }
    }

    fn on_ops(&mut self, due: OpsDue) {
        let (ops, peers, out) = (&mut self.ops, &mut self.peers, &mut self.out);
        match due {
            OpsDue::Register(i) => ops.on_register(i, peers, &mut self.clients.reached, out),
            OpsDue::Launch(i) => ops.on_launch(i, peers, &mut self.clients.reached, out),
            OpsDue::Boot(ix) => ops.on_boot(ix, peers, out),
            OpsDue::Restart(ix) => restart_peer(&mut peers[usize::from(ix)], out),
            OpsDue::Verdict(number) => ops.on_verdict(number, peers),
            OpsDue::Heal => ops.kill(peers, &self.brokers, out),
            OpsDue::ReturnBrokers => self.return_brokers(),
            OpsDue::Move(broker) => self.move_broker(broker),
            OpsDue::Action(i) => {
                if let Some((_, command)) = self.scenario.actions.get(usize::from(i)) {
                    self.command(*command);
                }
            }
        }
    }

    fn move_broker(&mut self, broker: u8) {
        let (clean, fresh) = (self.clean_moves(), self.ops.fresh);
        if let Some(b) = self.brokers.get_mut(usize::from(broker)).filter(|b| !b.on_fresh) {
            b.leave(clean, Next::Restart(fresh, true), &mut self.out);
            self.reach(Milestone::BrokerMoved);
        }
    }

    fn clean_moves(&self) -> bool {
        self.scenario.params.get(crate::params::Key::MoveMode) == 0
    }

    /// After a `kill`: there is no ensemble left to hand anything over to.
    fn return_brokers(&mut self) {
        let cause = self.out.cause();
        for broker in self.brokers.iter_mut().filter(|b| b.on_fresh) {
            broker.leave(false, Next::Restart(self.ops.old, false), &mut self.out);
            self.out.because(cause);
        }
    }

    fn command(&mut self, command: Command) {
        match command {
            Command::Stop(Node::Peer(sid)) => self.with_peer(sid, |p, out| p.stop(out)),
            Command::Start(Node::Peer(sid)) => self.with_peer(sid, start_peer),
            Command::Freeze(Node::Peer(sid)) => self.with_peer(sid, |p, out| {
                if p.power == Power::Up {
                    p.power = Power::Frozen;
                    out.stirred = true;
                    out.emit(p.actor(), What::Frozen);
                }
            }),
            Command::Thaw(Node::Peer(sid)) => self.thaw(sid),
            Command::Stop(Node::Broker(id)) => {
                self.brokers[usize::from(id)].leave(false, Next::Stay, &mut self.out);
            }
            Command::Start(Node::Broker(id)) => self.brokers[usize::from(id)].start(&mut self.out),
            Command::Freeze(Node::Broker(_)) | Command::Thaw(Node::Broker(_)) => {}
            Command::MoveBroker(id) => self.move_broker(id),
            Command::ReturnBroker(id) => {
                let next = Next::Restart(self.ops.old, false);
                self.brokers[usize::from(id)].leave(true, next, &mut self.out);
            }
            Command::KillSecondCluster => self.ops.kill(&mut self.peers, &self.brokers, &mut self.out),
            Command::StartDrain => self.clients.set_drain(true, &mut self.out),
            Command::StopDrain => self.clients.set_drain(false, &mut self.out),
        }
    }

    fn with_peer(&mut self, sid: u8, act: impl FnOnce(&mut Peer, &mut Outbox)) {
        if let Some(peer) = self.peers.iter_mut().find(|p| p.sid == sid) {
            act(peer, &mut self.out);
            let ix = peer.ix;
            if peer.power == Power::Off {
                self.held.retain(|(p, _, _)| *p != ix);
            }
        }
    }

    /// What it has not heard comes first, then its timers: sockets are drained by their own threads.
    fn thaw(&mut self, sid: u8) {
        let Some(peer) = self.peers.iter_mut().find(|p| p.sid == sid && p.power == Power::Frozen) else { return };
        peer.power = Power::Up;
        self.out.stirred = true;
        self.out.emit(peer.actor(), What::Thawed);
        let ix = peer.ix;
        let is_timer = |due: &Due| matches!(due, Due::PeerTimer { .. });
        let (mut mine, rest): (Vec<_>, Vec<_>) = std::mem::take(&mut self.held).into_iter().partition(|h| h.0 == ix);
        self.held = rest;
        mine.sort_by_key(|(_, _, due)| is_timer(due));
        for (_, cause, due) in mine {
            self.out.redeliver(self.out.now, cause, due);
        }
    }

    fn on_sample(&mut self) {
        let at = self.out.now;
        let sample = self.clients.sample(at);
        if self.history.len() < self.history.capacity() {
            self.history.push(sample);
            self.out.wake(at + self.sample_every, Due::Sample);
        }
        self.check_invariants();
    }

    /// Looks at every invariant now.
    pub fn check_invariants(&mut self) {
        let broken = invariant::broken(self);
        for (state, broken) in self.invariants.iter_mut().zip(broken) {
            if broken && state.broken_at.is_none() {
                state.broken_at = Some(self.out.now);
            }
        }
    }

    /// After each step: the books, and whatever depends on who leads.
    fn settle(&mut self) {
        for i in 0..self.out.notes.len() {
            match self.out.notes[i] {
                Note::Committed { job, partition, offset, leader, cluster } => {
                    self.clients.on_committed(job, partition, offset, cluster, leader, &mut self.out);
                }
                Note::BrokerLeft { broker } => self.clients.on_broker_left(broker, &mut self.out),
            }
        }
        while std::mem::take(&mut self.out.stirred) {
            self.on_stirred();
        }
        while let Some(milestone) = self.clients.reached.pop() {
            self.reach(milestone);
        }
        if self.clients.dead_letters.depth() == 0
            && self.has_reached(Milestone::SecondClusterGone)
            && self.controllers <= 1
        {
            self.reach_after_dead_letters();
        }
    }

    fn reach_after_dead_letters(&mut self) {
        if self.has_reached(Milestone::FirstDeadLetter) {
            self.reach(Milestone::DlqEmpty);
        }
    }

    fn has_reached(&self, milestone: Milestone) -> bool {
        self.milestones.iter().any(|(m, _)| *m == milestone)
    }

    /// A milestone counts the first time.
    fn reach(&mut self, milestone: Milestone) {
        if !self.has_reached(milestone) {
            self.milestones.push((milestone, self.out.now));
            self.out.note(Actor::Run, What::Reached { milestone });
        }
    }

    fn on_stirred(&mut self) {
        let leaders = self.peers.iter().filter(|p| p.serves_as_leader()).count() as u32;
        let controllers = self.brokers.iter().filter(|b| b.is_up() && b.controller.is_some()).count() as u32;
        self.up = self.brokers.iter().filter(|b| b.is_up()).fold(0, |mask, b| mask | 1 << b.id);
        self.clients.split = controllers > 1;
        let (was, had) = (self.leaders, self.controllers);
        (self.leaders, self.controllers) = (leaders, controllers);
        if self.peers.iter().any(|p| p.fresh && p.is_up() && p.state == PeerState::Looking) {
            self.reach(Milestone::FirstLooking);
        }
        if leaders > 1 && was <= 1 && !self.thawing() {
            self.reach(Milestone::SecondLeader);
            self.move_brokers();
        }
        if controllers > 1 && had <= 1 {
            self.reach(Milestone::SecondController);
        }
        if leaders <= 1 && self.has_reached(Milestone::SecondLeader) {
            self.reach(Milestone::SecondClusterGone);
        }
        if !self.clients.settings.drain_during && (leaders, controllers) != (was, had) {
            self.clients.set_drain(leaders <= 1 && controllers <= 1, &mut self.out);
        }
        self.ops.advance(&mut self.peers, &mut self.out);
        self.check_invariants();
    }

    /// A leader that was just thawed has not noticed yet that it lost its followers: it is no second ensemble.
    fn thawing(&self) -> bool {
        self.out.events.last().is_some_and(|e| e.what == What::Thawed)
    }

    /// The maintenance rolls brokers onto the new hosts: the highest ids, one per second.
    fn move_brokers(&mut self) {
        let count = self.scenario.params.get(crate::params::Key::MovedBrokers) as usize;
        let n = self.brokers.len() - 1;
        for i in 0..count.min(n) {
            let at = self.out.now + i as u64 * SECOND;
            self.out.wake_ops(at, OpsDue::Move((n - i) as u8));
        }
    }

    /// The share of deliveries that failed lately, in millionths.
    fn failing(&self) -> u32 {
        self.clients.failing(self.out.now)
    }

    /// What a failed attempt at a broker is called there, with its count.
    fn failures(broker: &Broker) -> Vec<(Reason, u32)> {
        let mut found: Vec<(Reason, u32)> = crate::client::REASONS
            .iter()
            .zip(broker.failures)
            .filter(|(_, n)| *n > 0)
            .map(|((reason, _, _), n)| (*reason, n))
            .collect();
        found.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
        found
    }
}

/// A stopped host's process starts with the list it had.
fn start_peer(peer: &mut Peer, out: &mut Outbox) {
    if peer.power == Power::Off && !peer.list.is_empty() {
        out.emit(peer.actor(), What::Started);
        peer.power = Power::Booting(out.now, out.now + crate::maintenance::PROCESS_START);
        out.wake_ops(out.now + crate::maintenance::PROCESS_START, OpsDue::Restart(peer.ix));
    }
}

/// … and is there.
fn restart_peer(peer: &mut Peer, out: &mut Outbox) {
    if matches!(peer.power, Power::Booting(_, until) if until == out.now) {
        peer.start(peer.list, peer.role, out);
    }
}
