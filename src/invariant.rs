//! What must hold after every step. Green, or broken at a time.
use crate::ensemble::{Peer, PeerState, Power};
#[cfg(feature = "trace")]
use crate::event::Actor;
use crate::event::Event;
use crate::ledger::Fate;
use crate::raft::Node;
use crate::sim::Simulation;
#[cfg(feature = "trace")]
use crate::words::{self, say};

/// How many are checked while a run goes on.
pub const COUNT: usize = 15;

/// One invariant of one run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvariantState {
    /// Its id.
    pub id: &'static str,
    /// What it says, in a sentence.
    pub says: &'static str,
    /// When it was first seen broken, µs.
    pub broken_at: Option<u64>,
    /// The last event before that was seen, if the same step had one.
    pub broken_by: Option<Event>,
}

#[cfg(feature = "trace")]
impl InvariantState {
    /// `holds`, or when it broke and by which event.
    pub fn verdict(&self) -> String {
        let Some(at) = self.broken_at else { return "holds".into() };
        let by = self.broken_by.map_or_else(String::new, |e| say!(", by ", who(e.actor), ": ", e.what.name()));
        say!("broken at ", words::clock(at), by)
    }
}

#[cfg(feature = "trace")]
fn who(actor: Actor) -> String {
    match actor {
        Actor::Peer(sid) => say!("zk", sid),
        Actor::Controller(sid) => say!("controller ", sid),
        Actor::Broker(id) => say!("broker ", id),
        Actor::Producer(i) => say!("producer ", u64::from(i) + 1),
        Actor::Consumer(i) => say!("consumer ", u64::from(i) + 1),
        Actor::DeadLetters => "the dead-letter queue".into(),
        Actor::Operator => "the operator".into(),
        Actor::Run => "the run".into(),
    }
}

/// All of them, held so far.
pub const ALL: [InvariantState; COUNT] = [
    of("I1", "Among peers that share one list, never two leaders of one epoch serve."),
    of("I2", "Two majorities of one list share a member: those that two leaders of one list rest on do."),
    of("I3", "acceptedEpoch is never below currentEpoch, and neither they nor, while it looks, a round ever decrease."),
    of("I4", "Nobody acknowledges or follows a leader whose epoch is below the one it accepted."),
    of("I5", "Of one cluster, never two brokers are the controller with one controller epoch."),
    of("I6", "No broker takes over what a controller of a smaller epoch says."),
    of("I7", "No broker acknowledges a write with fewer in-sync replicas than min.insync.replicas."),
    of(
        "I8",
        "No more jobs are lost than the other cluster acknowledged, or nobody had read when theirs was abandoned.",
    ),
    of("I9", "With idempotent consumers no job has a second effect."),
    of("I10", "Every job is in exactly one state, and the states sum to the jobs produced."),
    of("I11", "Nothing is attempted more often in one delivery than once and the retries."),
    of("I12", "The dead letters that wait are those that came less those that went."),
    of("K1", "In a KRaft quorum an epoch has at most one leader."),
    of("K2", "What two KRaft controllers hold committed is the same, as far as both have it."),
    of("K3", "KRaft voters change one at a time: a leader has at most one change that is not committed."),
];

const fn of(id: &'static str, says: &'static str) -> InvariantState {
    // The first picture's page does not show the sentences, so it does not carry them either.
    InvariantState { id, says: crate::params::told(says), broken_at: None, broken_by: None }
}

/// What each protects, in everyday words, in the order of [`ALL`].
pub const MEANS: [&str; COUNT] = [
    "Hosts that agree on who belongs to them never follow two leaders.",
    "The arithmetic of majorities is sound: of one list, two groups cannot both be more than half.",
    "Nobody goes back to a leadership that it has left behind.",
    "A leader from an earlier term is not obeyed.",
    "Within one Kafka cluster only one broker decides who leads what.",
    "A controller that was replaced cannot undo what its successor said.",
    "An acknowledged write has as many copies as was promised.",
    "Only what was written to a cluster that was given up is ever lost.",
    "A job that arrives twice is done once.",
    "No job disappears from the books, and none is counted twice.",
    "Clients give up when they should.",
    "What waits in the dead-letter queue can be accounted for.",
    "A KRaft quorum never has two leaders in one term.",
    "KRaft controllers never disagree about what is decided.",
    "Old and new voters of a KRaft quorum always share a majority.",
];

/// Which of them are broken right now, in the order of [`ALL`].
pub fn broken(sim: &Simulation) -> [bool; COUNT] {
    [
        two_leaders_of_one_list(sim),
        disjoint_majorities_of_one_list(sim),
        sim.went_back() || sim.peers().iter().any(|p| p.accepted_epoch < p.current_epoch),
        serving_under_an_older_epoch(sim),
        two_controllers_of_one_cluster(sim),
        sim.brokers().iter().any(|b| b.obeyed_older),
        sim.brokers().iter().any(|b| b.acked_below_min),
        sim.ledger().count(Fate::Lost) > sim.metrics_raw().acknowledged_wrong_side + sim.abandoned(),
        sim.effects_despite_memory() > 0,
        !sim.ledger().balances(),
        sim.over_tried(),
        !sim.tray_balances(),
        two_leaders_of_one_epoch(sim.quorum()),
        committed_logs_differ(sim.quorum()),
        voters_leap(sim.quorum()),
    ]
}

fn two_leaders_of_one_list(sim: &Simulation) -> bool {
    let leaders = || sim.peers().iter().filter(|p| p.serves_as_leader());
    leaders().any(|a| leaders().any(|b| a.ix < b.ix && a.list == b.list && a.current_epoch == b.current_epoch))
}

fn disjoint_majorities_of_one_list(sim: &Simulation) -> bool {
    let rests = || {
        let rest = |p: &Peer| p.leading.as_ref().map(|l| (p.ix, l.rests_on()));
        sim.peers().iter().filter(|p| p.serves_as_leader()).filter_map(rest)
    };
    rests().any(|(a, (list, some))| rests().any(|(b, (same, others))| a < b && list == same && some & others == 0))
}

/// What must not go back, as it was when it was last looked at: epochs, and the round of one LOOKING spell.
#[derive(Clone, Copy, Debug, Default)]
pub struct Mark {
    accepted: u32,
    current: u32,
    round: u64,
    spell: Option<u32>,
}

impl Mark {
    /// Looks at a peer. True: something went back.
    pub fn update(&mut self, peer: &Peer) -> bool {
        let was = *self;
        let spell = (peer.state == PeerState::Looking && peer.power == Power::Up).then_some(peer.spell);
        *self = Mark { accepted: peer.accepted_epoch, current: peer.current_epoch, round: peer.round, spell };
        let wiped = self.accepted == 0 && self.current == 0;
        let epochs = self.accepted < was.accepted || self.current < was.current;
        (epochs && !wiped) || (spell.is_some() && spell == was.spell && self.round < was.round)
    }
}

fn serving_under_an_older_epoch(sim: &Simulation) -> bool {
    sim.peers()
        .iter()
        .filter(|p| p.power == Power::Up)
        .any(|p| p.learner.as_ref().is_some_and(|l| l.epoch.0 != 0 && l.epoch.0 < p.accepted_epoch))
}

fn two_controllers_of_one_cluster(sim: &Simulation) -> bool {
    let heads = || sim.brokers().iter().filter_map(|b| b.controller.as_ref().map(|c| (b.id, b.cluster, c.epoch)));
    heads().any(|a| heads().any(|b| a.0 < b.0 && a.1 == b.1 && a.2 == b.2))
}

fn two_leaders_of_one_epoch(quorum: &[Node]) -> bool {
    let leaders = || quorum.iter().filter(|n| n.leads().is_some());
    leaders().any(|a| leaders().any(|b| a.ix < b.ix && a.epoch == b.epoch))
}

/// Each log is compared with the one of which most is committed.
fn committed_logs_differ(quorum: &[Node]) -> bool {
    let Some(most) = quorum.iter().max_by_key(|n| n.hw) else { return false };
    quorum.iter().any(|n| n.log.first(n.hw) != most.log.first(n.hw))
}

/// Two lists that differ by one voter have no disjoint majorities; two changes at once could.
fn voters_leap(quorum: &[Node]) -> bool {
    let leaps = |n: &Node| {
        let next = n.log.lists().skip(1);
        n.log.lists().zip(next).any(|((_, a), (_, b))| (a ^ b).count_ones() != 1)
    };
    // What a leader does not know to be committed before its own epoch's first record may be.
    let open = |n: &Node| n.log.lists().filter(|(at, _)| *at >= n.hw).count();
    quorum.iter().any(|n| leaps(n) || (n.leads().is_some_and(|l| n.hw > l.start) && open(n) > 1))
}
