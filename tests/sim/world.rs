//! A world for the model checker: the real peers and the real people, with chance and clock taken out.
//!
//! What is real: every handler of [`Peer`], and [`Ops`] with its policies. What is abstracted:
//! - Time. Nothing has a duration. A vote on its way may arrive at any moment, votes of one host to another in the order
//!   in which they were sent. finalizeWait ends when no vote is on its way to or from its host. Writing to disk, the
//!   teardown and a new attempt to connect end when no vote is on its way at all. Repeating a vote, ticks and the limits
//!   (initLimit, syncLimit) come when nothing else is left to do.
//! - Discovery and sync use the real handlers, but their messages take no time: they have a connection of their own.
//! - A host that is not looking answers at once; what is sent to a host that is down is lost at once.
//! - Rounds stop at a bound. There are no brokers.
use crate::fingerprint::{fingerprint, hash_ballot};
use second_leader::ensemble::membership::Members;
use second_leader::ensemble::vote::{Ballot, Vote};
use second_leader::ensemble::{NOTIFY_FIRST, Peer, PeerState, Power, Timing};
use second_leader::maintenance::{Host, Ops, Policy, Step};
use second_leader::message::{Due, OpsDue, PeerMsg, PeerTimer};
use second_leader::sim::outbox::Outbox;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

/// The one instant there is, µs.
const NOW: u64 = 100_000_000;

/// A host: the peer, its timers that are not stale, and a fingerprint of both.
#[derive(Clone)]
struct Station {
    peer: Peer,
    timers: Vec<(PeerTimer, u32)>,
    print: u64,
}

/// A state of the model.
#[derive(Clone)]
pub struct World {
    stations: Vec<Arc<Station>>,
    /// Votes on their way to hosts that look: from, to. Sorted; of one pair in the order of sending.
    votes: Vec<(u8, u8, Ballot)>,
    ops: Arc<Ops>,
    people: Vec<OpsDue>,
    ops_print: u64,
    /// May people go on before the host they wait for serves?
    hasty: bool,
    /// The most leaders that served at one instant of the last step.
    leaders: u8,
}

/// A step of the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// The oldest vote on its way from one host to another arrives.
    Vote { from: u8, to: u8 },
    /// A timer rings.
    Ring { peer: u8, timer: PeerTimer },
    /// A host enters the inventory.
    Register(u8),
    /// A host of the inventory starts.
    Boot(u8),
    /// A host of an explicit plan starts.
    Launch(u8),
    /// People who do not wait go on with their script.
    Hurry,
}

impl std::fmt::Debug for World {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", self.peers().map(|p| (p.sid, p.state, p.round, p.serves())).collect::<Vec<_>>())
    }
}

impl PartialEq for World {
    fn eq(&self, other: &World) -> bool {
        let prints = |w: &World| w.stations.iter().map(|s| s.print).collect::<Vec<_>>();
        prints(self) == prints(other)
            && self.votes == other.votes
            && (self.ops_print, self.leaders) == (other.ops_print, other.leaders)
    }
}

impl Hash for World {
    fn hash<H: Hasher>(&self, to: &mut H) {
        self.stations.iter().for_each(|s| s.print.hash(to));
        for (from, from_to, ballot) in &self.votes {
            (from, from_to).hash(to);
            hash_ballot(ballot, to);
        }
        (self.ops_print, self.leaders).hash(to);
    }
}

thread_local! {
    static OUT: RefCell<Outbox> = RefCell::new(Outbox::new(1, (1..=9).collect(), 0, (1, 1)));
}

impl World {
    /// `old` hosts that follow the highest of them, and people with this plan for `fresh` more.
    pub fn new(old: u8, policy: Policy, hosts: Vec<Host>, hasty: bool) -> World {
        let timing = Timing { tick: 2_000_000, init: 20_000_000, sync: 10_000_000, session: 18_000_000 };
        let count = usize::from(old) + hosts.len();
        let mut peers: Vec<Peer> = (0..count as u8).map(|ix| Peer::new(ix, ix + 1, ix >= old, 9, timing)).collect();
        let members = Members((1 << old) - 1);
        OUT.with_borrow_mut(|out| {
            out.interrupt(NOW);
            let leader = old - 1;
            let (zxid, epoch) = (1 << 32 | 7, 1);
            for peer in &mut peers[..usize::from(old)] {
                (peer.power, peer.list) = (Power::Up, members);
                (peer.accepted_epoch, peer.current_epoch) = (epoch, epoch);
                (peer.last_zxid, peer.applied, peer.round) = (zxid, zxid, 1);
                peer.vote = Vote { peer_epoch: epoch, zxid: 0, leader: Some(leader) };
                if peer.ix != leader {
                    peer.state = PeerState::Following;
                    peer.install_learner(leader, u32::from(peer.ix), epoch, out);
                }
            }
            let followers: Vec<(u8, u32)> = (0..leader).map(|ix| (ix, u32::from(ix))).collect();
            let head = &mut peers[usize::from(leader)];
            head.state = PeerState::Leading;
            head.install_leader(&followers, out);
            let mut ops = Ops::new(members.0, policy, hosts, 0, 0);
            ops.begin(out);
            let stations = peers.into_iter().map(|peer| Arc::new(Station { peer, timers: Vec::new(), print: 0 }));
            let mut world = World {
                stations: stations.collect(),
                votes: Vec::new(),
                ops: Arc::new(ops),
                people: Vec::new(),
                ops_print: 0,
                hasty,
                leaders: 0,
            };
            world.settle(out);
            world
        })
    }

    /// The real peers.
    pub fn peers(&self) -> impl Iterator<Item = &Peer> {
        self.stations.iter().map(|s| &s.peer)
    }

    /// The most leaders that served at one instant of the last step.
    pub fn leaders(&self) -> u8 {
        self.leaders
    }

    /// Everything that can happen next.
    pub fn acts(&self, acts: &mut Vec<Act>) {
        let mut register = None;
        for due in &self.people {
            match *due {
                OpsDue::Register(i) if register.is_none_or(|first| i < first) => register = Some(i),
                OpsDue::Boot(ix) => acts.push(Act::Boot(ix)),
                OpsDue::Launch(i) => acts.push(Act::Launch(i)),
                _ => {}
            }
        }
        acts.extend(register.map(Act::Register));
        if self.hasty && self.ops.current.is_some() {
            acts.push(Act::Hurry);
        }
        let mut last = None;
        for &(from, to, _) in &self.votes {
            if last != Some((from, to)) {
                acts.push(Act::Vote { from, to });
                last = Some((from, to));
            }
        }
        self.timers(acts);
    }

    fn timers(&self, acts: &mut Vec<Act>) {
        let quiet = self.votes.is_empty();
        let all = || self.stations.iter().flat_map(|s| s.timers.iter().map(|(t, _)| (&s.peer, *t)));
        let before = acts.len();
        for (peer, timer) in all() {
            let ready = match timer {
                PeerTimer::Election if peer.finalizing.is_some() => {
                    !self.votes.iter().any(|(from, to, _)| *from == peer.ix || *to == peer.ix)
                }
                PeerTimer::EpochWritten | PeerTimer::SyncWritten | PeerTimer::Look | PeerTimer::Connect => quiet,
                _ => false,
            };
            if ready {
                acts.push(Act::Ring { peer: peer.ix, timer });
            }
        }
        if acts.len() == before && quiet {
            let due = all().filter(|(peer, timer)| *timer != PeerTimer::Silence || !self.is_heard(peer));
            acts.extend(due.map(|(peer, timer)| Act::Ring { peer: peer.ix, timer }));
        }
    }

    /// Does its leader send it heartbeats?
    fn is_heard(&self, peer: &Peer) -> bool {
        peer.learner.as_ref().is_some_and(|l| {
            let leader = &self.stations[usize::from(l.leader)].peer;
            let mut handlers = leader.leading.iter().flat_map(|l| l.handlers());
            handlers.any(|(ix, h)| ix == peer.ix && h.conn == l.conn && h.syncing)
        })
    }

    /// The world after `act`.
    pub fn after(&self, act: Act) -> World {
        let mut world = self.clone();
        OUT.with_borrow_mut(|out| {
            out.interrupt(NOW);
            out.stirred = false;
            match act {
                Act::Vote { from, to } => {
                    let at = world.votes.iter().position(|v| (v.0, v.1) == (from, to)).expect("a vote on its way");
                    let (_, _, ballot) = world.votes.remove(at);
                    world.hear(from, to, ballot, out);
                }
                Act::Ring { peer, timer } => world.ring(peer, timer, out),
                Act::Register(i) => {
                    world.people.retain(|due| !matches!(due, OpsDue::Register(j) if *j == i));
                    world.with_people(|ops, peers| ops.on_register(i, peers, &mut Vec::new(), out));
                }
                Act::Boot(ix) => {
                    world.people.retain(|due| !matches!(due, OpsDue::Boot(other) if *other == ix));
                    world.with_people(|ops, peers| ops.on_boot(ix, peers, out));
                }
                Act::Launch(i) => {
                    world.people.retain(|due| !matches!(due, OpsDue::Launch(j) if *j == i));
                    world.with_people(|ops, peers| ops.on_launch(i, peers, &mut Vec::new(), out));
                }
                Act::Hurry => world.hurry(out),
            }
            world.settle(out);
        });
        world
    }

    fn with_people(&mut self, act: impl FnOnce(&mut Ops, &mut [Peer])) {
        let mut peers: Vec<Peer> = self.peers().cloned().collect();
        act(Arc::make_mut(&mut self.ops), &mut peers);
        for (station, peer) in self.stations.iter_mut().zip(peers) {
            let station = Arc::make_mut(station);
            (station.peer, station.print) = (peer, 0);
        }
        self.ops_print = 0;
    }

    /// The real script goes on, because it is told that the host it waits for serves.
    fn hurry(&mut self, out: &mut Outbox) {
        self.with_people(|ops, peers| {
            let Some(Step::Fresh(ix) | Step::Roll(ix) | Step::Rejoin(ix)) = ops.current else { return };
            let real = peers[usize::from(ix)].clone();
            peers[usize::from(ix)].power = Power::Up;
            peers[usize::from(ix)].install_learner(0, 0, 0, out);
            ops.advance(peers, out);
            peers[usize::from(ix)] = real;
        });
    }

    fn hear(&mut self, from: u8, to: u8, ballot: Ballot, out: &mut Outbox) {
        let Ballot { vote, round, state } = ballot;
        let station = Arc::make_mut(&mut self.stations[usize::from(to)]);
        station.peer.on_message(from, PeerMsg::Notification { vote, round, state }, out);
        station.print = 0;
    }

    fn ring(&mut self, peer: u8, timer: PeerTimer, out: &mut Outbox) {
        if timer == PeerTimer::Election {
            // Time has passed: the same answer may be given again.
            for station in &mut self.stations {
                if station.peer.answered.iter().any(|a| a.2 != 0) {
                    let station = Arc::make_mut(station);
                    station.peer.answered.iter_mut().for_each(|a| *a = Default::default());
                    station.print = 0;
                }
            }
        }
        let station = Arc::make_mut(&mut self.stations[usize::from(peer)]);
        let at = station.timers.iter().position(|(t, _)| *t == timer).expect("a timer that is set");
        let (_, generation) = station.timers.remove(at);
        station.print = 0;
        if let Some(learner) = station.peer.learner.as_mut().filter(|_| timer == PeerTimer::Silence) {
            learner.heard = 0; // it was silent for as long as it takes
        }
        station.peer.on_timer(timer, generation, out);
    }

    /// Lets everything happen that takes no time, and brings the state into its one form.
    fn settle(&mut self, out: &mut Outbox) {
        let mut due = VecDeque::new();
        self.leaders = 0;
        loop {
            self.leaders = self.leaders.max(self.peers().filter(|p| p.serves_as_leader()).count() as u8);
            if std::mem::take(&mut out.stirred) && self.ops.current.is_some() {
                self.with_people(|ops, peers| ops.advance(peers, out));
            }
            while let Some(item) = out.begin() {
                due.push_back(item);
            }
            out.interrupt(NOW);
            let awake = |world: &World, to: u8| {
                let peer = &world.stations[usize::from(to)].peer;
                peer.is_up() && peer.state == PeerState::Looking
            };
            let Some(item) = due.pop_front() else {
                let Some(at) = self.votes.iter().position(|v| !awake(self, v.1)) else { break };
                let (from, to, ballot) = self.votes.remove(at);
                if self.stations[usize::from(to)].peer.is_up() {
                    self.hear(from, to, ballot, out);
                }
                continue;
            };
            match item {
                Due::Peer { from, to, msg: PeerMsg::Notification { vote, round, state } }
                    if from != to && awake(self, to) =>
                {
                    let at = self.votes.partition_point(|v| (v.0, v.1) <= (from, to));
                    self.votes.insert(at, (from, to, Ballot { vote, round, state }));
                }
                Due::Peer { from, to, msg } => self.deliver(from, to, msg, out),
                Due::PeerTimer { peer, timer, generation } => {
                    let station = Arc::make_mut(&mut self.stations[usize::from(peer)]);
                    station.timers.push((timer, generation));
                    station.print = 0;
                }
                Due::Ops(OpsDue::Verdict(_)) => {}
                Due::Ops(due) => self.people.push(due),
                other => panic!("nothing else happens in this model: {other:?}"),
            }
        }
        self.tidy();
    }

    fn deliver(&mut self, from: u8, to: u8, msg: PeerMsg, out: &mut Outbox) {
        let station = &mut self.stations[usize::from(to)];
        if station.peer.is_up() {
            let station = Arc::make_mut(station);
            station.peer.on_message(from, msg, out);
            station.print = 0;
        } else if let PeerMsg::FollowerInfo { conn, .. } = msg {
            out.send_peer(to, from, PeerMsg::Refused { conn });
        }
    }

    /// Takes out of the state what only the clock or a counter put into it.
    fn tidy(&mut self) {
        let conns: Vec<Option<u32>> = self.peers().map(|p| p.learner.as_ref().map(|l| l.conn)).collect();
        let name = |ix: u8, conn: u32| 2 * u32::from(ix) + u32::from(conns[usize::from(ix)] != Some(conn));
        for station in &mut self.stations {
            let leading = station.peer.leading.as_ref();
            let renamed = leading.is_some_and(|l| l.handlers().any(|(ix, h)| h.conn != name(ix, h.conn)));
            if station.print != 0 && !renamed {
                continue;
            }
            let Station { peer, timers, print } = Arc::make_mut(station);
            if let Power::Booting(since, until) = &mut peer.power {
                (*since, *until) = (0, NOW);
            }
            let (generation, spell) = (peer.generation, peer.spell);
            let current = |timer: &PeerTimer| if *timer == PeerTimer::Election { generation } else { spell };
            timers.retain(|(timer, set)| peer.is_up() && *set == current(timer));
            timers.iter_mut().for_each(|(_, set)| *set = 0);
            timers.sort_by_key(|(timer, _)| *timer as u8);
            timers.dedup();
            (peer.generation, peer.spell, peer.notify, peer.election_timer) = (0, 0, NOTIFY_FIRST, (0, 0));
            peer.finalizing = peer.finalizing.map(|_| NOW);
            peer.answered.iter_mut().filter(|a| a.2 != 0).for_each(|a| a.2 = NOW);
            if let Some(learner) = &mut peer.learner {
                (learner.conn, learner.heard, learner.since) = (name(peer.ix, learner.conn), NOW, 0);
            }
            if let Some(leading) = &mut peer.leading {
                leading.since = 0;
                let learners: Vec<(u8, u32)> = leading.handlers().map(|(ix, h)| (ix, h.conn)).collect();
                for (ix, conn) in learners {
                    let handler = leading.handler(ix, conn, NOW).expect("this learner's handler");
                    handler.conn = name(ix, conn);
                }
            }
            *print = fingerprint(peer, timers);
        }
        if self.ops_print == 0 {
            self.people.sort_by_key(|due| format!("{due:?}"));
            let mut to = DefaultHasher::new();
            format!("{:?} {:?}", self.ops, self.people).hash(&mut to);
            self.ops_print = to.finish() | 1;
        }
    }
}
