//! The active controller: what the quorum's leader does for the brokers. It registers them, fences the silent, moves
//! leaders and ISRs, and answers when its records are committed. [source: QuorumController, ClusterControlManager]
use super::image::{Image, Record};
use super::node::Node;
use super::wire::{Duty, LinkMsg, RaftTimer};
use super::{Happened, SESSION, SESSION_CHECK};
use crate::event::What;
use crate::kafka::decide;
use crate::kafka::metadata::{BrokerSet, Metadata, PartitionState, brokers};
use crate::message::BrokerMsg;
use crate::rng::Stream;
use crate::sim::outbox::Outbox;
use std::sync::Arc;

/// What the active controller keeps in mind.
#[derive(Clone, Debug)]
pub struct Active {
    /// The cluster with everything it has appended, committed or not.
    next: Image,
    /// When each broker was last heard.
    contact: [u64; 32],
    /// Answers that wait for the commit of everything below an offset.
    replies: Vec<(u32, u8, u32, LinkMsg)>,
    /// Where the metadata that brokers were told ends.
    told: u32,
}

impl Node {
    fn active(&mut self) -> Option<&mut Active> {
        self.leading().and_then(|l| l.active.as_mut())
    }

    /// It is the active controller now. Every broker gets a whole session.
    pub(super) fn activate(&mut self, out: &mut Outbox) {
        let (next, told) = (self.image.clone(), self.hw);
        if let Some(l) = self.leading() {
            l.active = Some(Active { next, contact: [out.now; 32], replies: Vec::new(), told });
        }
        out.wake_node(SESSION_CHECK, self.ix, RaftTimer::Sessions, self.spell);
    }

    /// The epoch's first record is committed.
    pub(super) fn take_over(&mut self, out: &mut Outbox) {
        self.activate(out);
        self.report(Happened::Activated { epoch: self.epoch }, out);
        self.tell_brokers(true, out);
    }

    /// What it tells brokers: the committed state.
    pub fn metadata(&self) -> Metadata {
        Metadata {
            cluster: 0,
            controller: self.sid,
            controller_epoch: self.epoch,
            live: self.image.live,
            jobs: self.image.jobs.clone(),
            offset: self.hw,
            rules: self.image.rules,
        }
    }

    /// After a commit: answers that waited for it, then the news. [simplified: brokers fetch the log themselves, and hear
    /// of a commit with their next fetch]
    pub(super) fn tell_brokers(&mut self, news: bool, out: &mut Outbox) {
        let (me, hw, epoch) = (self.ix, self.hw, self.epoch);
        let registered = self.image.registered;
        let Some(a) = self.active() else { return };
        let mut kept = Vec::new();
        for (offset, broker, life, reply) in std::mem::take(&mut a.replies) {
            if offset < hw {
                out.send_link(me, broker, life, reply);
            } else {
                kept.push((offset, broker, life, reply));
            }
        }
        a.replies = kept;
        if news {
            a.told = hw;
            let metadata = Arc::new(self.metadata());
            let cause = out.cause();
            out.emit(self.actor(), What::MetadataSent { epoch, brokers: metadata.live });
            for to in brokers(registered) {
                self.send_metadata(to, Arc::clone(&metadata), out);
            }
            out.because(cause);
        }
    }

    fn send_metadata(&self, to: u8, metadata: Arc<Metadata>, out: &mut Outbox) {
        let life = self.image.life(to).unwrap_or(0);
        out.send_link(self.ix, to, life, LinkMsg::Update(metadata));
    }

    /// A broker asks for something in its life `life`.
    pub fn on_duty(&mut self, broker: u8, life: u32, duty: Duty, out: &mut Outbox) {
        let (me, leader) = (self.ix, self.leader.filter(|l| *l != self.ix));
        let full = self.log.is_full();
        let Some(a) = self.active().filter(|_| !full) else {
            return out.send_link(me, broker, life, LinkMsg::NotController { leader });
        };
        let known = a.next.life(broker) == Some(life);
        match duty {
            Duty::Register { cluster } if cluster != 0 => out.send_link(me, broker, life, LinkMsg::WrongCluster),
            Duty::Register { .. } if known => out.send_link(me, broker, life, LinkMsg::Registered),
            Duty::Register { .. } => self.on_register(broker, life, out),
            Duty::Heartbeat { .. } | Duty::Tell(_) if !known => out.send_link(me, broker, life, LinkMsg::Unknown),
            Duty::Heartbeat { offset } => self.on_heartbeat(broker, life, offset, out),
            Duty::Tell(BrokerMsg::AlterIsr { partition, leader_epoch, isr }) => {
                self.on_alter_partition(partition, leader_epoch, isr, out);
            }
            Duty::Tell(BrokerMsg::CreateTopic) => self.on_create_topic(out),
            Duty::Tell(BrokerMsg::ControlledShutdown) => {
                self.fence(broker, out);
                self.reply(broker, life, LinkMsg::ShutdownDone, out);
            }
            Duty::Tell(_) => {}
        }
    }

    /// A new life of a broker registers: fenced at first. While the earlier one has a session it is a duplicate. [source]
    fn on_register(&mut self, broker: u8, life: u32, out: &mut Outbox) {
        let me = self.ix;
        let Some(a) = self.active() else { return };
        if a.next.live >> broker & 1 == 1 {
            return out.send_link(me, broker, life, LinkMsg::Duplicate);
        }
        a.contact[usize::from(broker)] = out.now;
        self.write(Record::Register { broker, life });
        self.reply(broker, life, LinkMsg::Registered, out);
    }

    fn on_heartbeat(&mut self, broker: u8, life: u32, offset: u32, out: &mut Outbox) {
        let Some(a) = self.active() else { return };
        a.contact[usize::from(broker)] = out.now;
        let (fenced, told) = (a.next.live >> broker & 1 == 0, a.told);
        if fenced {
            self.write(Record::Unfence { broker });
            self.decide(out);
        } else if offset < told && self.image.life(broker) == Some(life) {
            self.send_metadata(broker, Arc::new(self.metadata()), out);
        }
        let voters = self.voters().0;
        self.reply(broker, life, LinkMsg::Beat { voters }, out);
    }

    /// A leader found a follower in sync again, or lagging. [source: AlterPartition]
    fn on_alter_partition(&mut self, partition: u8, leader_epoch: u32, isr: BrokerSet, out: &mut Outbox) {
        let Some(a) = self.active() else { return };
        let Some((_, state)) = a.next.jobs.get(usize::from(partition)) else { return };
        if !decide::accepts_isr(state, leader_epoch, isr, a.next.live) || state.isr == isr {
            return;
        }
        let what = decide::isr_event(partition, state.isr, isr);
        let state = PartitionState { isr, ..*state };
        out.note(self.actor(), what);
        self.write(Record::Partition { partition, state });
        self.release_all(out);
    }

    /// A broker was asked for a topic that does not exist.
    fn on_create_topic(&mut self, out: &mut Outbox) {
        let (actor, settings) = (self.actor(), self.topic);
        let Some(a) = self.active() else { return };
        let n = a.next.live.count_ones();
        let (partitions, replication) = settings;
        if !a.next.jobs.is_empty() || n < u32::from(replication) {
            return;
        }
        let mut draw = || out.chance.below(Stream::Placement, n) as u8;
        let start = (draw(), draw());
        out.note(actor, What::TopicCreated { partitions: u32::from(partitions) });
        self.write(Record::Topic { partitions, replication, start });
        self.release_all(out);
    }

    /// Fences the brokers that were silent for a session.
    pub(super) fn on_sessions(&mut self, out: &mut Outbox) {
        let (now, full) = (out.now, self.log.is_full());
        let Some(a) = self.active() else { return };
        let silent = |b: &u8| a.contact[usize::from(*b)] + SESSION <= now;
        let gone: BrokerSet = brokers(a.next.live).filter(|b| !full && silent(b)).fold(0, |set, b| set | 1 << b);
        let cause = out.cause();
        for broker in brokers(gone) {
            self.fence(broker, out);
            out.because(cause);
        }
        self.release_all(out);
        out.wake_node(SESSION_CHECK, self.ix, RaftTimer::Sessions, self.spell);
    }

    /// A broker may not serve any more: it leaves every ISR, and what it led moves.
    fn fence(&mut self, broker: u8, out: &mut Outbox) {
        if self.active().is_some_and(|a| a.next.live >> broker & 1 == 1) {
            self.report(Happened::BrokerFenced { broker }, out);
            self.write(Record::Fence { broker });
            self.decide(out);
        }
    }

    /// Leaders and ISRs follow from who may serve.
    fn decide(&mut self, out: &mut Outbox) {
        let Some(a) = self.active() else { return };
        let changes = decide::elect(a.next.live, &mut a.next.jobs);
        for (partition, state) in changes {
            let PartitionState { leader, leader_epoch: epoch, isr } = state;
            out.note(self.actor(), What::PartitionMoved { partition, leader, epoch, isr });
            self.append(Record::Partition { partition, state });
        }
    }

    /// Appends a record and counts on it.
    fn write(&mut self, record: Record) {
        self.append(record);
        if let Some(a) = self.active() {
            a.next.apply(&record);
        }
    }

    /// Answers once everything that it appended so far is committed.
    fn reply(&mut self, broker: u8, life: u32, reply: LinkMsg, out: &mut Outbox) {
        let (me, hw, end) = (self.ix, self.hw, self.log.end());
        if hw >= end {
            return out.send_link(me, broker, life, reply);
        }
        if let Some(a) = self.active() {
            a.replies.retain(|(_, to, ..)| *to != broker); // it asked again: one answer is enough
            a.replies.push((end - 1, broker, life, reply));
        }
        self.release_all(out);
    }
}
