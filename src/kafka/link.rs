//! A broker's place in a KRaft cluster: it registers with the active controller, and stays by its heartbeats.
//! [source: BrokerLifecycleManager]
use super::broker::{Broker, BrokerPower};
use crate::ensemble::membership::bits;
use crate::event::What;
use crate::message::{BrokerMsg, BrokerTimer};
use crate::raft::wire::{Duty, LinkMsg};
use crate::raft::{HEARTBEAT, Happened, RETRY_PAUSE};
use crate::sim::outbox::Outbox;

/// The way to the active controller.
#[derive(Clone, Debug, Default)]
pub struct Link {
    /// Controllers it knows, as bits: the bootstrap servers, and the voters that it heard of.
    pub hosts: u64,
    /// The leader, as far as it knows.
    pub leader: Option<u8>,
    /// The controller it asked last.
    pub(crate) asked: u8,
    tries: u32,
    /// Counts calls: a timer of an earlier one is stale.
    call: u32,
    /// The last call was answered.
    pub(crate) answered: bool,
    /// This life is registered.
    pub(crate) registered: bool,
    /// Refusals in a row.
    pub(crate) refusals: u32,
}

impl Link {
    /// Towards these controllers, led by `leader`; established when there is one.
    pub fn new(hosts: u64, leader: Option<u8>) -> Link {
        Link { hosts, leader, answered: true, registered: leader.is_some(), ..Link::default() }
    }

    /// The controller it obeys.
    pub fn obeys(&self) -> Option<u8> {
        self.leader.filter(|_| self.registered)
    }
}

/// The longest wait after a refused registration. [source: broker.session.timeout.ms bounds it]
const LONGEST_REFUSAL: u32 = 6;

impl Broker {
    /// An established registration, at the beginning of a run.
    pub fn install_link(&mut self, link: Link, out: &mut Outbox) {
        self.link = Some(link);
        // Spread over an interval, as brokers that started one after another are.
        out.wake_broker(HEARTBEAT * u64::from(self.id) / 31 + 1, self.id, BrokerTimer::Heartbeat, self.life, 0);
    }

    /// The process has started: register.
    pub fn enlist(&mut self, out: &mut Outbox) {
        if let Some(link) = &mut self.link {
            *link = Link::new(link.hosts, None);
        }
        self.call(out);
        out.wake_broker(HEARTBEAT, self.id, BrokerTimer::Heartbeat, self.life, 0);
    }

    /// Registers, or sends a heartbeat: to the leader it knows, or to the next controller in turn.
    fn call(&mut self, out: &mut Outbox) {
        let (id, life, offset) = (self.id, self.life, self.metadata.as_ref().map_or(0, |m| m.offset));
        // Whoever moves a broker points it at a quorum of another cluster; there is none, but the ids differ. [simplified]
        let cluster = u8::from(self.on_fresh);
        let Some(link) = &mut self.link else { return };
        link.asked = match link.leader {
            Some(leader) => leader,
            None => {
                link.tries = link.tries.wrapping_add(1);
                let Some(at) = (u32::from(id).wrapping_add(link.tries)).checked_rem(link.hosts.count_ones()) else {
                    return;
                };
                bits(link.hosts).nth(at as usize).unwrap_or(0)
            }
        };
        (link.answered, link.call) = (false, link.call.wrapping_add(1));
        let duty = if link.registered { Duty::Heartbeat { offset } } else { Duty::Register { cluster } };
        out.send_duty(id, link.asked, life, duty);
    }

    /// Tells the controller something: a broker with ZooKeeper, the quorum's leader without.
    pub fn tell_controller(&self, msg: BrokerMsg, out: &mut Outbox) {
        match (&self.link, &self.metadata) {
            (Some(Link { leader: Some(leader), .. }), _) => out.send_duty(self.id, *leader, self.life, Duty::Tell(msg)),
            (None, Some(metadata)) => out.send_broker(self.id, metadata.controller, msg),
            _ => {}
        }
    }

    /// Time for a heartbeat. A controller that did not answer the last one is not asked again at once.
    pub fn on_beat_timer(&mut self, out: &mut Outbox) {
        if let Some(link) = &mut self.link
            && !link.answered
        {
            link.leader = None;
        }
        if self.link.as_ref().is_some_and(|l| l.registered || !l.answered) {
            self.call(out);
        }
        out.wake_broker(HEARTBEAT, self.id, BrokerTimer::Heartbeat, self.life, 0);
    }

    /// The pause after a refusal is over.
    pub fn on_call_timer(&mut self, call: u32, out: &mut Outbox) {
        if self.link.as_ref().is_some_and(|l| l.call == call) {
            self.call(out);
        }
    }

    fn call_after(&mut self, pause: u64, out: &mut Outbox) {
        let call = self.link.as_ref().map_or(0, |l| l.call);
        out.wake_broker(pause, self.id, BrokerTimer::Connect, self.life, call);
    }

    /// A controller says something to this life.
    pub fn on_link(&mut self, node: u8, life: u32, msg: LinkMsg, out: &mut Outbox) {
        if life != self.life || matches!(self.power, BrokerPower::Off | BrokerPower::Restarting) {
            return;
        }
        match msg {
            LinkMsg::Update(metadata) if self.is_up() => return self.on_update(metadata, out),
            LinkMsg::Update(_) => return,
            LinkMsg::ShutdownDone => return self.on_shutdown_done(out),
            LinkMsg::NotController { leader } => return self.on_not_controller(node, leader, out),
            _ => {}
        }
        let Some(link) = &mut self.link else { return };
        link.answered = true;
        link.leader = Some(node);
        match msg {
            LinkMsg::Registered => {
                (link.registered, link.refusals) = (true, 0);
                self.call(out);
            }
            LinkMsg::Unknown => {
                link.registered = false;
                self.call(out);
            }
            LinkMsg::Duplicate => {
                link.refusals += 1;
                let wait = RETRY_PAUSE << (link.refusals - 1).min(LONGEST_REFUSAL);
                out.note(self.actor(), What::Raft(Happened::RegistrationRefused { wrong_cluster: false }));
                self.call_after(wait, out);
            }
            LinkMsg::WrongCluster => self.on_wrong_cluster(out),
            LinkMsg::Beat { voters } => {
                link.hosts |= voters;
                self.on_beat(node, out);
            }
            _ => {}
        }
    }

    fn on_not_controller(&mut self, node: u8, leader: Option<u8>, out: &mut Outbox) {
        let Some(link) = &mut self.link else { return };
        if node != link.asked || link.answered {
            return;
        }
        link.answered = true;
        let news = leader.is_some() && link.leader != leader && leader != Some(node);
        link.leader = leader.filter(|l| *l != node);
        if news {
            self.call(out);
        } else {
            link.leader = None;
            self.call_after(2 * RETRY_PAUSE, out);
        }
    }

    /// INCONSISTENT_CLUSTER_ID: it stays down, as with the cluster-id guard. [source: Kafka ≥ 2.4]
    fn on_wrong_cluster(&mut self, out: &mut Outbox) {
        out.emit(self.actor(), What::Raft(Happened::RegistrationRefused { wrong_cluster: true }));
        self.power = BrokerPower::Off;
        self.life += 1;
        out.stirred = true;
    }

    /// It may serve.
    fn on_beat(&mut self, node: u8, out: &mut Outbox) {
        if self.power == BrokerPower::Starting {
            self.power = BrokerPower::Up;
            self.cluster = Some(0);
            out.stirred = true;
            self.turned = out.emit(self.actor(), What::Raft(Happened::BrokerServes { controller: node }));
        }
        self.ask_for_isrs(out);
    }
}
