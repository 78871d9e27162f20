//! A run in KRaft mode: time zero, what is due for controllers, and what people do to them.
use super::Simulation;
use super::outbox::Outbox;
use super::setup::{first_places, num, rules, settings};
use crate::ensemble::Power;
use crate::ensemble::membership::bits;
use crate::event::{Actor, What};
use crate::kafka::link::Link;
use crate::kafka::{Broker, BrokerPower};
use crate::maintenance::verdict::Verdict;
use crate::maintenance::{Ops, PROCESS_START};
use crate::message::{Due, OpsDue};
use crate::params::Key;
use crate::raft::image::Record;
use crate::raft::log::{Entry, Log};
use crate::raft::wire::{LinkMsg, RaftMsg, RaftTimer};
use crate::raft::{Node, SESSION};
use crate::scenario::{Command, Node as Target, Scenario};
use std::sync::Arc;

/// The old hosts are the voters and follow their leader; every broker is registered and serves; the topic is in the log.
pub(super) fn establish(scenario: &Scenario, sids: &[u8], ops: &Ops, out: &mut Outbox) -> (Vec<Node>, Vec<Broker>) {
    let p = &scenario.params;
    let n = num(p, Key::Brokers) as u8;
    let settings = settings(p, SESSION);
    let topic = (settings.partitions, settings.replication);
    let mut log = first_log(ops.old, num(p, Key::OldEpoch) as u32, n, (topic, first_places(n, out)));
    if let Some(rules) = rules(p) {
        log.push(Entry { epoch: num(p, Key::OldEpoch) as u32, record: Record::Configure { rules } });
    }
    let old_leader = scenario.plan.as_ref().map_or(num(p, Key::OldLeader) as u8, |plan| plan.old_leader);
    let leader = sids.iter().position(|s| *s == old_leader).unwrap_or(0) as u8;
    let mut nodes: Vec<Node> = Vec::with_capacity(sids.len());
    for (ix, sid) in sids.iter().enumerate() {
        let fresh = ops.old >> ix & 1 == 0;
        nodes.push(Node::new(ix as u8, *sid, fresh, ops.old, topic));
    }
    for ix in bits(ops.old) {
        nodes[usize::from(ix)].install(&log, leader, out);
    }
    let metadata = Arc::new(nodes[usize::from(leader)].metadata());
    let mut brokers = vec![Broker::new(0, 0, settings)]; // ids count from 1
    for id in 1..=n {
        let mut broker = Broker::new(id, ops.old, settings);
        broker.power = BrokerPower::Up;
        broker.cluster = Some(0);
        broker.seen_epoch = metadata.controller_epoch;
        for (partition, (assignment, state)) in metadata.jobs.iter().enumerate() {
            if assignment.has(id) {
                broker.install_replica(partition, *state);
            }
        }
        broker.metadata = Some(Arc::clone(&metadata));
        broker.install_link(Link::new(ops.old, Some(leader)), out);
        brokers.push(broker);
    }
    (nodes, brokers)
}

fn first_log(voters: u64, epoch: u32, brokers: u8, topic: ((u8, u8), (u8, u8))) -> Log {
    let mut log = Log::default();
    let mut add = |record| log.push(Entry { epoch, record });
    add(Record::Voters { voters });
    add(Record::LeaderChange);
    for broker in 1..=brokers {
        add(Record::Register { broker, life: 0 });
        add(Record::Unfence { broker });
    }
    let ((partitions, replication), start) = topic;
    add(Record::Topic { partitions, replication, start });
    log
}

impl Simulation {
    /// Is this run in KRaft mode?
    pub(super) fn is_kraft(&self) -> bool {
        !self.quorum.is_empty()
    }

    /// The leader with a majority, by index.
    pub(super) fn quorum_leader(&self) -> Option<u8> {
        self.quorum.iter().find(|n| n.serves_as_leader(&self.quorum)).map(|n| n.ix)
    }

    /// Leaders and controllers as they are now. In KRaft mode the leader of the quorum is the controller.
    pub(super) fn heads_now(&self) -> (u32, u32) {
        if self.is_kraft() {
            let active = self.quorum.iter().filter(|n| n.serves_as_leader(&self.quorum)).count() as u32;
            return (active, active);
        }
        let leaders = self.peers.iter().filter(|p| p.serves_as_leader()).count() as u32;
        let controllers = self.brokers.iter().filter(|b| b.is_up() && b.controller.is_some()).count() as u32;
        (leaders, controllers)
    }

    /// The verdict, if it were taken now.
    pub(super) fn verdict_now(&self) -> Verdict {
        match self.is_kraft() {
            true => Verdict::of_quorum(&self.quorum, self.ops.old, self.ops.fresh),
            false => Verdict::of(&self.peers, self.ops.old, self.ops.fresh),
        }
    }

    pub(super) fn execute_quorum(&mut self, due: Due) {
        let out = &mut self.out;
        match due {
            Due::Raft { from, to, msg } => {
                let node = &mut self.quorum[usize::from(to)];
                match node.power {
                    Power::Up => node.on_message(from, msg, out),
                    Power::Frozen => self.held.push((to, out.cause(), Due::Raft { from, to, msg })),
                    // Nobody listens: the connection is refused. Only who fetches needs to know.
                    _ => {
                        if let RaftMsg::Fetch { id, .. } = msg {
                            out.send_raft(to, from, RaftMsg::Refused { id });
                        }
                    }
                }
            }
            Due::RaftTimer { node: ix, timer, spell } => {
                let node = &mut self.quorum[usize::from(ix)];
                match node.power {
                    Power::Frozen => self.held.push((ix, out.cause(), Due::RaftTimer { node: ix, timer, spell })),
                    _ => node.on_timer(timer, spell, out),
                }
            }
            Due::Duty { broker, node: ix, life, duty } => {
                let node = &mut self.quorum[usize::from(ix)];
                match node.power {
                    Power::Up => node.on_duty(broker, life, duty, out),
                    Power::Frozen => {} // by the time it thaws, the broker has closed the connection
                    _ => out.send_link(ix, broker, life, LinkMsg::NotController { leader: None }),
                }
            }
            Due::Link { node, broker, life, msg } => self.brokers[usize::from(broker)].on_link(node, life, msg, out),
            _ => {}
        }
    }

    /// What the people do in KRaft mode. False: the same as with ZooKeeper.
    pub(super) fn on_quorum_ops(&mut self, due: OpsDue) -> bool {
        let (ops, nodes, out) = (&mut self.ops, &mut self.quorum, &mut self.out);
        match due {
            OpsDue::Register(i) | OpsDue::Launch(i) => {
                ops.on_quorum_register(i, nodes, &mut self.clients.reached, out);
            }
            OpsDue::Boot(ix) | OpsDue::Restart(ix) => ops.on_quorum_boot(ix, nodes, out),
            OpsDue::AddController(ix) => ops.on_add_controller(ix, nodes, out),
            OpsDue::Verdict(number) => {
                let verdict = self.verdict_now();
                self.ops.settle_verdict(number, verdict);
            }
            OpsDue::Heal => self.no_need_to_heal(),
            _ => return false,
        }
        true
    }

    /// There is no second cluster, and nothing to repair.
    fn no_need_to_heal(&mut self) {
        self.out.emit(Actor::Operator, What::HealNotNeeded);
    }

    /// What somebody does by hand in KRaft mode. False: the same as with ZooKeeper.
    pub(super) fn quorum_command(&mut self, command: Command) -> bool {
        match command {
            Command::Stop(Target::Peer(sid)) => self.with_node(sid, |n, out| n.stop(out)),
            Command::Start(Target::Peer(sid)) => self.with_node(sid, start_node),
            Command::Freeze(Target::Peer(sid)) => self.with_node(sid, |n, out| {
                if n.power == Power::Up {
                    n.power = Power::Frozen;
                    out.stirred = true;
                    out.emit(n.actor(), What::Frozen);
                }
            }),
            Command::Thaw(Target::Peer(sid)) => self.thaw_node(sid),
            Command::KillSecondCluster | Command::FinishRollout => self.no_need_to_heal(),
            _ => return false,
        }
        true
    }

    fn with_node(&mut self, sid: u8, act: impl FnOnce(&mut Node, &mut Outbox)) {
        if let Some(node) = self.quorum.iter_mut().find(|n| n.sid == sid) {
            act(node, &mut self.out);
            let ix = node.ix;
            if node.power == Power::Off {
                self.held.retain(|(n, _, _)| *n != ix);
            }
        }
    }

    /// Its state's timer comes first, so that a leader resigns before it does anything else; then the others, then what it
    /// has not heard. [source: KafkaRaftClient.poll]
    fn thaw_node(&mut self, sid: u8) {
        let Some(node) = self.quorum.iter_mut().find(|n| n.sid == sid && n.power == Power::Frozen) else { return };
        node.power = Power::Up;
        self.out.stirred = true;
        self.out.emit(node.actor(), What::Thawed);
        let ix = node.ix;
        let (mut mine, rest): (Vec<_>, Vec<_>) = std::mem::take(&mut self.held).into_iter().partition(|h| h.0 == ix);
        self.held = rest;
        crate::order::sort_few(&mut mine, |(_, _, due)| match due {
            Due::RaftTimer { timer: RaftTimer::State, .. } => 0,
            Due::RaftTimer { .. } => 1,
            _ => 2,
        });
        for (_, cause, due) in mine {
            self.out.redeliver(self.out.now, cause, due);
        }
    }
}

/// A stopped controller's process starts again.
fn start_node(node: &mut Node, out: &mut Outbox) {
    if node.power == Power::Off {
        out.emit(node.actor(), What::Started);
        node.power = Power::Booting(out.now, out.now + PROCESS_START);
        out.wake_ops(out.now + PROCESS_START, OpsDue::Restart(node.ix));
    }
}
