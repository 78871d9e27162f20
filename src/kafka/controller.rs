//! The controller: one per cluster. It picks leaders from the ISR and announces them with its epoch.
use super::ADMISSION;
use super::access::Rules;
use super::broker::Broker;
use super::decide;
use super::metadata::{Assignment, BrokerSet, Metadata, PartitionState, brokers};
use crate::ensemble::znode::{Txn, Znodes};
use crate::event::What;
use crate::message::{BrokerMsg, BrokerTimer};
use crate::rng::Stream;
use crate::sim::outbox::Outbox;
use std::sync::Arc;

/// What a controller keeps in mind.
#[derive(Clone, Debug)]
pub struct Controller {
    /// /controller_epoch when it won.
    pub epoch: u32,
    /// Brokers it has announced as live.
    pub(crate) live: BrokerSet,
    /// Brokers that are shutting down, and whether they still wait for its word.
    pub(crate) leaving: BrokerSet,
    pub(crate) waiting: BrokerSet,
    /// The partitions as it decided.
    pub(crate) jobs: Vec<(Assignment, PartitionState)>,
    /// Writes to ZooKeeper that are under way.
    pub(crate) pending: u32,
    /// It has read the tree since its election.
    pub(crate) ready: bool,
    /// A reaction to new brokers is due.
    reacting: bool,
    /// New brokers may be announced at the next read.
    admit: bool,
    /// A topic is being created.
    creating: bool,
    /// What clients may do.
    rules: Rules,
}

impl Controller {
    /// Just elected.
    pub fn new(epoch: u32) -> Controller {
        Controller {
            epoch,
            live: 0,
            leaving: 0,
            waiting: 0,
            jobs: Vec::new(),
            pending: 0,
            ready: false,
            reacting: false,
            admit: true,
            creating: false,
            rules: Rules::default(),
        }
    }

    /// Established, at the beginning of a run.
    pub fn established(epoch: u32, metadata: &Metadata) -> Controller {
        let (live, jobs) = (metadata.live, metadata.jobs.clone());
        Controller { live, jobs, rules: metadata.rules, ready: true, admit: false, ..Controller::new(epoch) }
    }
}

impl Broker {
    /// The tree it asked for.
    pub fn on_tree(&mut self, tree: &Znodes, out: &mut Outbox) {
        let (id, life) = (self.id, self.life);
        let Some(c) = &mut self.controller else { return };
        let seen = tree.live();
        c.rules = tree.rules;
        let fresh = seen & !c.live;
        let known = c.live;
        c.live &= seen;
        c.leaving &= seen;
        if c.admit || !c.ready {
            c.live = seen;
            c.admit = false;
        } else if fresh != 0 && !c.reacting {
            c.reacting = true;
            out.wake_broker(ADMISSION, id, BrokerTimer::React, life, 0);
        }
        let news = c.live != known || !c.ready || c.jobs.len() != tree.jobs.len();
        if c.pending == 0 && (!c.ready || c.jobs.len() != tree.jobs.len()) {
            c.jobs.clone_from(&tree.jobs);
            c.creating = false;
        }
        c.ready = true;
        if news {
            self.elect_leaders(out);
        }
    }

    /// Time to announce the brokers that registered.
    pub fn on_react(&mut self, out: &mut Outbox) {
        if let Some(c) = &mut self.controller {
            (c.reacting, c.admit) = (false, true);
            self.read(out);
        }
    }

    /// A broker wants to stop.
    pub fn on_controlled_shutdown(&mut self, from: u8, out: &mut Outbox) {
        let Some(c) = &mut self.controller else {
            return out.send_broker(self.id, from, BrokerMsg::ShutdownDone);
        };
        c.leaving |= 1 << from;
        c.waiting |= 1 << from;
        self.elect_leaders(out);
    }

    /// Leaders and ISRs follow from who may serve.
    fn elect_leaders(&mut self, out: &mut Outbox) {
        let Some(c) = &mut self.controller else { return };
        let able = c.live & !c.leaving;
        let changes = decide::elect(able, &mut c.jobs);
        c.pending += changes.len() as u32;
        if c.pending == 0 {
            return self.announce(out);
        }
        for (partition, state) in changes {
            let PartitionState { leader, leader_epoch: epoch, isr } = state;
            out.note(self.actor(), What::PartitionMoved { partition, leader, epoch, isr });
            self.request(Txn::SetPartition { partition, state }, out);
        }
    }

    /// ZooKeeper has one of its writes.
    pub fn on_partition_set(&mut self, out: &mut Outbox) {
        if let Some(c) = &mut self.controller {
            c.pending = c.pending.saturating_sub(1);
            if c.pending == 0 {
                self.announce(out);
            }
        }
    }

    /// LeaderAndIsr and UpdateMetadata to every live broker.
    fn announce(&mut self, out: &mut Outbox) {
        let (id, actor, cluster) = (self.id, self.actor(), self.cluster.unwrap_or(0));
        let Some(c) = &mut self.controller else { return };
        let (live, epoch) = (c.live, c.epoch);
        let waiting = std::mem::take(&mut c.waiting);
        let metadata = Metadata {
            cluster,
            controller: id,
            controller_epoch: epoch,
            live: live & !c.leaving,
            jobs: c.jobs.clone(),
            offset: 0,
            rules: c.rules,
        };
        out.emit(actor, What::MetadataSent { epoch, brokers: metadata.live });
        let metadata = Arc::new(metadata);
        for to in brokers(live) {
            out.send_broker(id, to, BrokerMsg::Update(Arc::clone(&metadata)));
        }
        for to in brokers(waiting) {
            out.send_broker(id, to, BrokerMsg::ShutdownDone);
        }
    }

    /// A leader found a follower in sync again, or lagging. [source: AlterPartition]
    pub fn on_alter_isr(&mut self, partition: u8, leader_epoch: u32, isr: BrokerSet, out: &mut Outbox) {
        let actor = self.actor();
        let Some(c) = &mut self.controller else { return };
        let Some((_, state)) = c.jobs.get_mut(usize::from(partition)) else { return };
        let able = c.live & !c.leaving;
        if !decide::accepts_isr(state, leader_epoch, isr, able) {
            return;
        }
        let what = decide::isr_event(partition, state.isr, isr);
        state.isr = isr;
        c.pending += 1;
        let state = *state;
        out.note(actor, what);
        self.request(Txn::SetPartition { partition, state }, out);
    }

    /// A broker was asked for a topic that does not exist.
    pub fn on_create_topic(&mut self, out: &mut Outbox) {
        let (partitions, replication) = (self.settings.partitions, self.settings.replication);
        let actor = self.actor();
        let Some(c) = &mut self.controller else { return };
        if c.creating || !c.jobs.is_empty() {
            return;
        }
        c.creating = true;
        let n = c.live.count_ones();
        let mut draw = || out.chance.below(Stream::Placement, n) as u8;
        let start = (draw(), draw());
        out.emit(actor, What::TopicCreated { partitions: u32::from(partitions) });
        self.request(Txn::CreateTopic { partitions, replication, start }, out);
    }
}
