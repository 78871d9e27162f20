//! One replica of one partition: its log's end and high watermark, and as leader its followers and waiting producers.
use super::broker::Broker;
use super::metadata::{BrokerSet, PartitionState, brokers};
use super::producers::Producers;
use super::{FETCH_PAUSE, REQUEST_TIMEOUT};
use crate::client::Reason;
use crate::event::What;
use crate::message::{BrokerMsg, BrokerTimer, JobRef, Tail};
use crate::sim::outbox::{Note, Outbox};
use crate::view::Place;
use std::collections::VecDeque;

/// A replica. Records below the high watermark are settled and not kept.
#[derive(Clone, Debug, Default)]
pub struct Replica {
    /// The leader it knows; 0 for none.
    pub leader: u8,
    /// The leader epoch it knows.
    pub epoch: u32,
    /// It has heard of this partition in this life.
    pub(crate) known: bool,
    /// Log end offset.
    pub leo: u32,
    /// High watermark.
    hw: u32,
    /// Records from `hw` to `leo`.
    pub(crate) tail: VecDeque<JobRef>,
    /// What it knows of idempotent producers, if they are.
    pub producers: Option<Box<Producers>>,
    /// As a follower: it has caught up with this leader once.
    pub joined: bool,
    /// As the leader: the ISR last announced.
    pub isr: BrokerSet,
    /// … an expansion that was asked for.
    pub(crate) wanted: BrokerSet,
    /// … followers that fetch.
    pub(crate) fetchers: BrokerSet,
    /// … what each has, by broker id.
    pub(crate) has: Vec<u32>,
    /// … when each record of `tail` was appended, 0 if no producer waits for it.
    pub(crate) waiting: VecDeque<u64>,
    /// … a purgatory timer is set.
    guarded: bool,
}

impl Replica {
    /// The process is gone; the log stays. What was not settled counts as settled. [simplified]
    pub fn restart(&mut self) {
        let (leo, mut producers) = (self.leo, self.producers.take());
        if let Some(producers) = &mut producers {
            self.tail.iter().for_each(|job| producers.forget(job.serial));
        }
        *self = Replica { leo, hw: leo, producers, ..Replica::default() };
    }

    /// High watermark: what lies below is committed.
    pub fn hw(&self) -> u32 {
        self.hw
    }

    /// A producer waits again for this record above the high watermark. Is somebody looking after those that wait?
    pub fn wait_again(&mut self, place: usize, now: u64) -> bool {
        if let Some(waiting) = self.waiting.get_mut(place) {
            *waiting = now;
        }
        std::mem::replace(&mut self.guarded, true)
    }

    fn high(&self, me: u8) -> u32 {
        let others = brokers(self.isr & !(1 << me));
        others.fold(self.leo, |hw, b| hw.min(self.has.get(usize::from(b)).copied().unwrap_or(0)))
    }
}

impl Broker {
    /// Takes over what the controller says about one of its partitions.
    pub fn adopt(&mut self, p: usize, state: PartitionState, out: &mut Outbox) {
        let me = self.id;
        let replica = &mut self.replicas[p];
        if replica.known && state.leader_epoch < replica.epoch {
            return;
        }
        let newer = !replica.known || state.leader_epoch > replica.epoch;
        (replica.known, replica.epoch) = (true, state.leader_epoch);
        (replica.isr, replica.wanted) = (state.isr, 0);
        let was_leader = replica.leader == me;
        replica.leader = state.leader;
        if state.leader == me {
            if newer {
                replica.fetchers = 0; // every follower fetches anew under the new epoch
            }
            if newer && !was_leader {
                replica.has.clear();
                replica.has.resize(32, 0);
                replica.waiting.clear();
                replica.waiting.resize(replica.tail.len(), 0);
            }
            return self.advance(p, out);
        }
        if was_leader {
            self.fail_waiting(p, Reason::NotLeader, out);
        }
        let replica = &mut self.replicas[p];
        if state.leader != 0 && (newer || !replica.joined) {
            replica.joined = false;
            let msg = BrokerMsg::Join { partition: p as u8, leader_epoch: state.leader_epoch };
            out.send_broker(me, state.leader, msg);
            out.wake_broker(FETCH_PAUSE, me, BrokerTimer::Fetch, self.life, p as u32);
        }
    }

    /// Producers that wait get this answer; the records stay.
    pub fn fail_waiting(&mut self, p: usize, reason: Reason, out: &mut Outbox) {
        for i in 0..self.replicas[p].waiting.len() {
            let replica = &mut self.replicas[p];
            if std::mem::take(&mut replica.waiting[i]) != 0
                && let Some(job) = replica.tail.get(i).copied()
            {
                self.answer(job, Err(reason), out);
            }
        }
    }

    /// Its place in a partition at the beginning of a run: everybody is in sync.
    pub fn install_replica(&mut self, p: usize, state: PartitionState) {
        let me = self.id;
        let replica = &mut self.replicas[p];
        (replica.known, replica.leader, replica.isr, replica.joined) = (true, state.leader, state.isr, true);
        if state.leader == me {
            replica.fetchers = state.isr & !(1 << me);
            replica.has.resize(32, 0);
            replica.tail.reserve(64);
            replica.waiting.reserve(64);
        }
    }

    /// A producer's record, with acks=all.
    pub fn produce(&mut self, job: JobRef, partition: u8, out: &mut Outbox) {
        let p = usize::from(partition);
        let (me, up, min, denied) = (self.id, self.is_up(), self.settings.min_insync, self.denies(job.serial));
        let Some(replica) = self.replicas.get_mut(p) else { return };
        let refused = match (up, replica.leader == me) {
            (false, _) => Some(Reason::ConnectionRefused),
            (true, _) if denied => Some(Reason::TopicAuthorizationFailed),
            (true, false) => Some(Reason::NotLeader),
            (true, true) => (replica.isr.count_ones() < min).then_some(Reason::NotEnoughReplicas),
        };
        if let Some(reason) = refused {
            return self.answer(job, Err(reason), out);
        }
        if self.settings.idempotent && self.recognise(p, job, out) {
            return;
        }
        let replica = &mut self.replicas[p];
        let (offset, hw, leader_epoch) = (replica.leo, replica.hw, replica.epoch);
        replica.leo += 1;
        replica.tail.push_back(job);
        replica.waiting.push_back(out.now);
        if !replica.guarded {
            replica.guarded = true;
            out.wake_broker(REQUEST_TIMEOUT, me, BrokerTimer::Purgatory, self.life, p as u32);
        }
        for to in brokers(replica.fetchers) {
            out.send_broker(me, to, BrokerMsg::Records { partition, leader_epoch, offset, hw, job });
        }
        self.remember(p, job, offset);
        self.advance(p, out);
    }

    /// Moves the high watermark to what every ISR member has: those records are committed.
    fn advance(&mut self, p: usize, out: &mut Outbox) {
        let (me, cluster) = (self.id, self.cluster.unwrap_or(0));
        let high = self.replicas[p].high(me);
        while self.replicas[p].hw < high {
            let replica = &mut self.replicas[p];
            let offset = replica.hw;
            replica.hw += 1;
            let (Some(job), waited) = (replica.tail.pop_front(), replica.waiting.pop_front()) else { return };
            let enough = replica.isr.count_ones() >= self.settings.min_insync;
            out.notes.push(Note::Committed { job, partition: p as u8, offset, leader: me, cluster });
            if cluster == out.home {
                // Consumers are long-lived and stay with the cluster they know. [simplified]
                out.deliver(job, Place::Broker(me), p as u8, offset);
            }
            if waited.unwrap_or(0) != 0 {
                let result = if enough { Ok(()) } else { Err(Reason::NotEnoughReplicasAfterAppend) };
                self.acked_below_min |= result.is_ok() && self.replicas[p].isr.count_ones() < self.settings.min_insync;
                self.answer(job, result, out);
            }
        }
    }

    /// Writes that have waited for request.timeout.ms get an answer.
    pub fn on_purgatory(&mut self, partition: u32, out: &mut Outbox) {
        let p = partition as usize;
        let (mut next, mut late) = (None, None);
        for i in 0..self.replicas[p].waiting.len() {
            let since = self.replicas[p].waiting[i];
            if since == 0 {
                continue;
            }
            if since + REQUEST_TIMEOUT > out.now {
                // Not in order: one that was appended early may have been sent again late.
                let after = since + REQUEST_TIMEOUT - out.now;
                next = Some(next.map_or(after, |next: u64| next.min(after)));
                continue;
            }
            let replica = &mut self.replicas[p];
            replica.waiting[i] = 0;
            late = late.or(Some(replica.hw + i as u32));
            if let Some(job) = replica.tail.get(i).copied() {
                self.answer(job, Err(Reason::RequestTimedOut), out);
            }
        }
        if let Some(offset) = late {
            self.shrink_isr(p, offset, out);
        }
        self.replicas[p].guarded = next.is_some();
        if let Some(after) = next {
            out.wake_broker(after, self.id, BrokerTimer::Purgatory, self.life, partition);
        }
    }

    /// A record has waited for as long as a replica may lag (replica.lag.time.max.ms, 30 s as well): whoever lacks it leaves
    /// the ISR. [source: Partition.maybeShrinkIsr; simplified: a real broker looks every 15 s]
    fn shrink_isr(&mut self, p: usize, offset: u32, out: &mut Outbox) {
        let me = self.id;
        let replica = &self.replicas[p];
        let lags = |b: &u8| replica.has.get(usize::from(*b)).is_none_or(|has| *has <= offset);
        let gone = brokers(replica.isr & !(1 << me)).filter(lags).fold(0, |set, b| set | 1 << b);
        if replica.leader == me && gone != 0 {
            let (leader_epoch, isr) = (replica.epoch, replica.isr & !gone);
            self.tell_controller(BrokerMsg::AlterIsr { partition: p as u8, leader_epoch, isr }, out);
        }
    }

    /// A follower starts to fetch: it gets the end of the log as it is.
    pub fn on_join(&mut self, from: u8, partition: u8, leader_epoch: u32, out: &mut Outbox) {
        let me = self.id;
        let Some(replica) = self.replicas.get_mut(usize::from(partition)) else { return };
        if replica.leader != me || replica.epoch != leader_epoch {
            return;
        }
        replica.fetchers |= 1 << from;
        let (leo, hw) = (replica.leo, replica.hw);
        let producers = replica.producers.clone();
        let tail = Box::new(Tail { jobs: replica.tail.iter().copied().collect(), producers });
        out.send_broker(me, from, BrokerMsg::CatchUp { partition, leader_epoch, leo, hw, tail });
    }

    /// The follower takes over the leader's log. [simplified: truncation compares leader epochs in reality]
    pub fn on_catch_up(&mut self, from: u8, partition: u8, leader_epoch: u32, log: (u32, u32, Tail), out: &mut Outbox) {
        let (me, actor) = (self.id, self.actor());
        let Some(replica) = self.replicas.get_mut(usize::from(partition)) else { return };
        if replica.leader != from || replica.epoch != leader_epoch {
            return;
        }
        let (leo, hw, tail) = log;
        if replica.leo != leo {
            out.note(actor, What::CaughtUp { partition, from: replica.leo, to: leo });
        }
        (replica.leo, replica.hw, replica.joined) = (leo, hw, true);
        replica.tail.clear();
        replica.tail.extend(tail.jobs.iter());
        replica.producers = tail.producers;
        out.send_broker(me, from, BrokerMsg::Fetched { partition, leader_epoch, leo });
    }

    /// One record from the leader.
    pub fn on_records(
        &mut self,
        from: u8,
        partition: u8,
        leader_epoch: u32,
        record: (u32, u32, JobRef),
        out: &mut Outbox,
    ) {
        let me = self.id;
        let Some(replica) = self.replicas.get_mut(usize::from(partition)) else { return };
        let (offset, hw, job) = record;
        if replica.leader != from || replica.epoch != leader_epoch || !replica.joined || offset != replica.leo {
            return;
        }
        replica.leo += 1;
        replica.tail.push_back(job);
        while replica.hw < hw {
            replica.hw += 1;
            replica.tail.pop_front();
        }
        let leo = replica.leo;
        out.send_broker(me, from, BrokerMsg::Fetched { partition, leader_epoch, leo });
        self.remember(usize::from(partition), job, offset);
    }

    /// A follower has everything below `leo`; one outside the ISR that has caught up is proposed for it.
    pub fn on_fetched(&mut self, from: u8, partition: u8, leader_epoch: u32, leo: u32, out: &mut Outbox) {
        let p = usize::from(partition);
        let controller = self.metadata.as_ref().map_or(0, |m| m.controller);
        let me = self.id;
        let Some(replica) = self.replicas.get_mut(p) else { return };
        if replica.leader != me || replica.epoch != leader_epoch {
            return;
        }
        if let Some(has) = replica.has.get_mut(usize::from(from)) {
            *has = leo;
        }
        let bit = 1 << from;
        if replica.isr & bit == 0 && replica.wanted & bit == 0 && leo >= replica.hw && controller != 0 {
            replica.wanted |= bit;
            let isr = replica.isr | replica.wanted;
            self.tell_controller(BrokerMsg::AlterIsr { partition, leader_epoch, isr }, out);
        }
        self.advance(p, out);
    }

    /// Asks again for every ISR that could be larger: the controller may not have heard the first time. In KRaft mode, with
    /// each heartbeat. [simplified: a real broker sends AlterPartition until it is answered]
    pub fn ask_for_isrs(&mut self, out: &mut Outbox) {
        let (me, live) = (self.id, self.metadata.as_ref().map_or(0, |m| m.live));
        for p in 0..self.replicas.len() {
            let replica = &mut self.replicas[p];
            let has = |b: &u8| replica.has.get(usize::from(*b)).is_some_and(|has| *has >= replica.hw);
            let more = brokers(replica.fetchers & live & !replica.isr).filter(has).fold(0, |set, b| set | 1 << b);
            if replica.leader == me && more != 0 {
                replica.wanted = more;
                let (leader_epoch, isr) = (replica.epoch, replica.isr | more);
                self.tell_controller(BrokerMsg::AlterIsr { partition: p as u8, leader_epoch, isr }, out);
            }
        }
    }
}
