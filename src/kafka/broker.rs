//! One broker: its life, its answers to clients, and what it does with a controller's announcement.
use super::access::Bucket;
use super::controller::Controller;
use super::link::Link;
use super::metadata::{Metadata, brokers};
use super::partition::Replica;
use super::session::Session;
use super::{FETCH_PAUSE, RESTART, SHUTDOWN_LIMIT, Settings};
use crate::client::{REASONS, Reason};
use crate::event::{Actor, EventId, What};
use crate::message::{BrokerMsg, BrokerTimer, ClientMsg, JobMsg, JobRef};
use crate::sim::outbox::{Note, Outbox};
use crate::view::{FlightKind, Place};
use std::sync::Arc;

/// Is the broker running?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BrokerPower {
    /// Stopped.
    Off,
    /// Down for a restart.
    Restarting,
    /// Running, not registered yet.
    Starting,
    /// Serving clients.
    Up,
}

/// What comes after the controlled shutdown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Stay down.
    Stay,
    /// Start again with this connect string (hosts as bits); true: the new hosts.
    Restart(u64, bool),
}

/// A Kafka broker.
#[derive(Clone, Debug)]
pub struct Broker {
    /// broker.id
    pub id: u8,
    /// Is it running?
    pub power: BrokerPower,
    /// zookeeper.connect: the hosts it may reach, as bits.
    pub connect: u64,
    /// Its connect string names the new hosts.
    pub on_fresh: bool,
    /// The connect string it gets when its client has to start anew, as bits; 0: the one it has.
    pub spare: u64,
    /// The run's settings.
    pub settings: Settings,
    /// Towards ZooKeeper.
    pub session: Session,
    /// Towards a KRaft quorum, in that mode.
    pub link: Option<Link>,
    /// The cluster id it registered under.
    pub cluster: Option<u8>,
    /// The cluster id in the meta.properties of its log directories.
    pub home: Option<u8>,
    /// It believes it is the controller.
    pub controller: Option<Controller>,
    /// The highest controller epoch it has seen.
    pub seen_epoch: u32,
    /// The latest announcement it accepted: what it answers clients with.
    pub metadata: Option<Arc<Metadata>>,
    /// The event that brought it this metadata; 0: it had it from the beginning.
    pub told: EventId,
    /// The event by which it last came or went.
    pub turned: EventId,
    /// Its log directories, by partition.
    pub replicas: Vec<Replica>,
    /// What its quota still allows.
    pub bucket: Bucket,
    /// Attempts that failed here, by reason.
    pub failures: [u32; REASONS.len()],
    /// It has acknowledged a write with fewer in-sync replicas than it needs (invariant I7: never).
    pub acked_below_min: bool,
    /// It has taken over what a controller of a smaller epoch said (invariant I6: never).
    pub obeyed_older: bool,
    /// It has asked for the topic since the last announcement.
    pub(crate) asked_topic: bool,
    /// A stop is under way.
    pub(crate) leaving: Option<Next>,
    /// Counts lives: timers of an earlier one are stale.
    pub life: u32,
}

impl Broker {
    /// A broker that has not started.
    pub fn new(id: u8, connect: u64, settings: Settings) -> Broker {
        Broker {
            id,
            power: BrokerPower::Off,
            connect,
            on_fresh: false,
            spare: 0,
            settings,
            session: Session::default(),
            link: None,
            cluster: None,
            home: None,
            controller: None,
            seen_epoch: 0,
            metadata: None,
            told: 0,
            turned: 0,
            replicas: (0..settings.partitions).map(|_| Replica::default()).collect(),
            bucket: Bucket::default(),
            failures: [0; REASONS.len()],
            acked_below_min: false,
            obeyed_older: false,
            asked_topic: false,
            leaving: None,
            life: 0,
        }
    }

    /// Its name in events.
    pub fn actor(&self) -> Actor {
        Actor::Broker(self.id)
    }

    /// Does it answer clients?
    pub fn is_up(&self) -> bool {
        self.power == BrokerPower::Up
    }

    /// Begins to stop. Clean: its partitions move first; crash: it is gone at once.
    pub fn leave(&mut self, clean: bool, next: Next, out: &mut Outbox) {
        if self.leaving.is_some() {
            return;
        }
        match self.power {
            BrokerPower::Off | BrokerPower::Restarting => return self.halt(false, next, out),
            BrokerPower::Starting | BrokerPower::Up => {}
        }
        self.turned = out.emit(self.actor(), What::BrokerStopping { clean });
        match self.metadata {
            Some(_) if clean => {
                self.leaving = Some(next);
                self.tell_controller(BrokerMsg::ControlledShutdown, out);
                out.wake_broker(SHUTDOWN_LIMIT, self.id, BrokerTimer::ShutdownDeadline, self.life, 0);
            }
            _ => self.halt(clean, next, out),
        }
    }

    /// Is gone: connections break; clean closes its session as well.
    pub fn halt(&mut self, clean: bool, next: Next, out: &mut Outbox) {
        if let Some((server, conn, session)) = self.session.open() {
            if clean {
                let close = crate::ensemble::znode::Txn::CloseSession { session };
                out.send_client(self.id, server, conn, ClientMsg::Request(close));
            } else {
                out.send_client(self.id, server, conn, ClientMsg::Closed);
            }
        }
        if self.controller.take().is_some() {
            out.emit(self.actor(), What::ControllerGone);
        }
        self.forget(out);
        self.session = Session::default();
        (self.cluster, self.leaving) = (None, None);
        self.life += 1;
        out.stirred = true;
        match next {
            Next::Stay => self.power = BrokerPower::Off,
            Next::Restart(connect, on_fresh) => {
                (self.connect, self.on_fresh) = (connect, on_fresh);
                self.power = BrokerPower::Restarting;
                self.turned = out.emit(self.actor(), What::BrokerRestarting { fresh_ensemble: on_fresh });
                out.wake_broker(RESTART, self.id, BrokerTimer::Restarted, self.life, 0);
            }
        }
    }

    /// Its part in a cluster is over: waiting producers lose their connection, and the logs alone stay.
    pub fn forget(&mut self, out: &mut Outbox) {
        out.notes.push(Note::BrokerLeft { broker: self.id });
        for p in 0..self.replicas.len() {
            self.fail_waiting(p, Reason::NetworkException, out);
            self.replicas[p].restart();
        }
        (self.metadata, self.told, self.seen_epoch, self.asked_topic) = (None, 0, 0, false);
    }

    /// A stopped broker starts again with the connect string it had.
    pub fn start(&mut self, out: &mut Outbox) {
        if self.power == BrokerPower::Off {
            self.turned = out.emit(self.actor(), What::Started);
            self.boot(out);
        }
    }

    fn boot(&mut self, out: &mut Outbox) {
        self.power = BrokerPower::Starting;
        if self.link.is_some() {
            return self.enlist(out);
        }
        self.connect_next(out);
        out.wake_broker(self.settings.session / 3, self.id, BrokerTimer::Heartbeat, self.life, 0);
    }

    /// A timer rings.
    pub fn on_timer(&mut self, timer: BrokerTimer, life: u32, arg: u32, out: &mut Outbox) {
        if life != self.life {
            return;
        }
        match timer {
            BrokerTimer::Restarted => self.boot(out),
            BrokerTimer::Heartbeat if self.link.is_some() => self.on_beat_timer(out),
            BrokerTimer::Connect if self.link.is_some() => self.on_call_timer(arg, out),
            BrokerTimer::Connect => self.on_connect_timer(arg, out),
            BrokerTimer::Heartbeat => self.on_heartbeat(out),
            BrokerTimer::ShutdownDeadline => self.on_shutdown_done(out),
            BrokerTimer::React => self.on_react(out),
            BrokerTimer::Fetch => self.fetch_again(arg, out),
            BrokerTimer::Purgatory => self.on_purgatory(arg, out),
        }
    }

    pub(super) fn on_shutdown_done(&mut self, out: &mut Outbox) {
        if let Some(next) = self.leaving.take() {
            self.halt(true, next, out);
        }
    }

    /// A message from another broker (or itself).
    pub fn on_message(&mut self, from: u8, msg: BrokerMsg, out: &mut Outbox) {
        if !self.is_up() {
            return; // the connection is refused; whoever needs an answer asks again
        }
        match msg {
            BrokerMsg::Update(metadata) => self.on_update(metadata, out),
            BrokerMsg::AlterIsr { partition, leader_epoch, isr } => {
                self.on_alter_isr(partition, leader_epoch, isr, out)
            }
            BrokerMsg::CreateTopic => self.on_create_topic(out),
            BrokerMsg::ControlledShutdown => self.on_controlled_shutdown(from, out),
            BrokerMsg::ShutdownDone => self.on_shutdown_done(out),
            BrokerMsg::Join { partition, leader_epoch } => self.on_join(from, partition, leader_epoch, out),
            BrokerMsg::CatchUp { partition, leader_epoch, leo, hw, tail } => {
                self.on_catch_up(from, partition, leader_epoch, (leo, hw, *tail), out);
            }
            BrokerMsg::Records { partition, leader_epoch, offset, hw, job } => {
                self.on_records(from, partition, leader_epoch, (offset, hw, job), out);
            }
            BrokerMsg::Fetched { partition, leader_epoch, leo } => {
                self.on_fetched(from, partition, leader_epoch, leo, out);
            }
        }
    }

    /// A controller's announcement. Smaller epochs are ignored, equal ones pass. [source, I6]
    ///
    /// Only the cluster it registered with is heard. [simplified: a real broker compares epochs alone, so the old
    /// controller's word could reach a moved broker until its session expires]
    pub(super) fn on_update(&mut self, metadata: Arc<Metadata>, out: &mut Outbox) {
        if self.cluster != Some(metadata.cluster) {
            return;
        }
        let (epoch, seen) = (metadata.controller_epoch, self.seen_epoch);
        if epoch < seen {
            out.emit(self.actor(), What::StaleController { epoch, seen });
            return;
        }
        self.seen_epoch = epoch;
        if self.controller.as_ref().is_some_and(|c| c.epoch < epoch) {
            self.resign(out);
        }
        for p in 0..metadata.jobs.len().min(self.replicas.len()) {
            let (assignment, state) = &metadata.jobs[p];
            if assignment.has(self.id) {
                self.adopt(p, *state, out);
            }
        }
        self.asked_topic = false;
        self.obeyed_older |= self.metadata.as_ref().is_some_and(|m| m.controller_epoch > epoch);
        self.metadata = Some(metadata);
        self.told = out.cause();
        out.stirred = true;
    }

    /// Is no longer the controller.
    pub fn resign(&mut self, out: &mut Outbox) {
        if self.controller.take().is_some() {
            out.stirred = true;
            out.emit(self.actor(), What::ControllerGone);
        }
    }

    /// A client asks which broker leads this partition.
    pub fn leader_of(&mut self, job: u32, partition: u8, out: &mut Outbox) -> Result<u8, Reason> {
        let answer = self.look_up(job, partition, out);
        if let Err(reason) = answer {
            self.failures[reason as usize] += 1;
            out.found(if self.metadata.is_some() { self.told } else { self.turned });
        }
        answer
    }

    fn look_up(&mut self, job: u32, partition: u8, out: &mut Outbox) -> Result<u8, Reason> {
        if !self.is_up() {
            return Err(Reason::ConnectionRefused);
        }
        let Some(metadata) = &self.metadata else { return Err(Reason::LeaderNotAvailable) };
        if self.denies(job) {
            return Err(Reason::TopicAuthorizationFailed);
        }
        if metadata.jobs.is_empty() {
            // Auto-create needs as many brokers as replicas. [source]
            if metadata.live.count_ones() < u32::from(self.settings.replication) {
                return Err(Reason::InvalidReplicationFactor);
            }
            if !self.asked_topic {
                self.asked_topic = true;
                self.tell_controller(BrokerMsg::CreateTopic, out);
            }
            return Err(Reason::LeaderNotAvailable);
        }
        match metadata.jobs.get(usize::from(partition)) {
            Some((_, state)) if state.leader != 0 => Ok(state.leader),
            _ => Err(Reason::LeaderNotAvailable),
        }
    }

    /// Answers a producer.
    pub fn answer(&mut self, job: JobRef, result: Result<(), Reason>, out: &mut Outbox) {
        let lost = result.is_ok() && out.loses_ack(self.settings.ack_loss);
        let result = if lost { Err(Reason::NetworkException) } else { result };
        if let Err(reason) = result {
            self.failures[reason as usize] += 1;
            if !lost {
                out.found(self.told);
            }
        }
        let kind = if result.is_ok() { FlightKind::Reply } else { FlightKind::Failure };
        let to = Place::Producer(crate::client::producer_of(job.serial));
        out.send_job(job, kind, Place::Broker(self.id), to, 3, JobMsg::Done { broker: self.id, result });
    }

    /// Asks the leaders again whose logs it has not caught up with.
    fn fetch_again(&mut self, partition: u32, out: &mut Outbox) {
        let Some(replica) = self.replicas.get(partition as usize) else { return };
        if replica.leader != 0 && replica.leader != self.id && !replica.joined {
            let msg = BrokerMsg::Join { partition: partition as u8, leader_epoch: replica.epoch };
            out.send_broker(self.id, replica.leader, msg);
            out.wake_broker(FETCH_PAUSE, self.id, BrokerTimer::Fetch, self.life, partition);
        }
    }

    /// How many brokers its metadata names.
    pub fn knows(&self) -> u32 {
        self.metadata.as_ref().map_or(0, |m| brokers(m.live).count() as u32)
    }
}
