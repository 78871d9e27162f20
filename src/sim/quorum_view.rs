//! The picture of a KRaft quorum: its controllers in the shapes of hosts, and what the metadata log says.
use super::Simulation;
use crate::ensemble::Power;
use crate::params::Key;
use crate::raft::{Node, State};
use crate::view::{Arc, EnsembleView, PeerPhase, PeerView, Place, Wait};
use crate::words;

/// Every controller of the run.
pub(super) fn peers(sim: &Simulation, part: u64) -> Vec<PeerView> {
    sim.quorum.iter().filter(|n| part >> n.ix & 1 == 1).map(|n| peer(sim, n)).collect()
}

fn phase(node: &Node) -> PeerPhase {
    match (node.power, &node.state) {
        (Power::Planned, _) => PeerPhase::Planned,
        (Power::Booting(..), _) => PeerPhase::Booting,
        (Power::Off, _) => PeerPhase::Off,
        (Power::Frozen, _) => PeerPhase::Frozen,
        (Power::Up, State::Leader(_)) => PeerPhase::Leading,
        (Power::Up, _) if !node.is_voter() => PeerPhase::Observing,
        (Power::Up, State::Follower) => PeerPhase::Following,
        (Power::Up, _) => PeerPhase::Looking,
    }
}

fn arc(node: &Node) -> Option<Arc> {
    let of = |wait, (since, until)| Some(Arc { wait, since, until });
    match (node.power, &node.state) {
        (Power::Booting(since, until), _) => of(Wait::Boot, (since, until)),
        (Power::Up, State::Unattached | State::Candidate(_) | State::Resigned) if node.is_voter() => {
            of(Wait::Notify, node.timer)
        }
        _ => None,
    }
}

fn peer(sim: &Simulation, node: &Node) -> PeerView {
    let sid_of = |ix: u8| sim.out.sids[usize::from(ix)];
    let leader = node.leader.filter(|_| node.is_up());
    let serving = match leader.and_then(|ix| sim.quorum.get(usize::from(ix))) {
        Some(leader) if leader.ix == node.ix => node.serves_as_leader(&sim.quorum),
        Some(leader) => node.synced && leader.epoch == node.epoch && leader.serves_as_leader(&sim.quorum),
        None => false,
    };
    let (votes, vote) = match node.state {
        State::Candidate(poll) => ((poll.granted & node.voters().0).count_ones(), Some(node.sid)),
        _ => (0, None),
    };
    let voter = node.is_voter();
    PeerView {
        sid: node.sid,
        fresh: node.fresh,
        observer: !voter,
        phase: phase(node),
        serving,
        leader: leader.map(sid_of),
        ensemble: leader.filter(|_| serving).map(|_| 0),
        epoch: node.epoch,
        accepted_epoch: node.epoch,
        zxid: u64::from(node.log.end()),
        round: u64::from(node.epoch),
        vote,
        votes,
        list: node.voters().iter().map(sid_of).collect(),
        majority: node.voters().majority(),
        counted: voter,
        diverged: false,
        cut: sim.out.network.touches(Place::Peer(node.sid), &sim.out.sids),
        arc: arc(node),
    }
}

/// The quorum: there is only one.
pub(super) fn ensemble(sim: &Simulation) -> EnsembleView {
    let none = EnsembleView { label: 'A', ..EnsembleView::default() };
    let Some(leader) = sim.quorum_leader().and_then(|ix| sim.quorum.get(usize::from(ix))) else { return none };
    let follows = |n: &&Node| n.is_up() && n.leader == Some(leader.ix) && n.epoch == leader.epoch;
    EnsembleView {
        leader: leader.sid,
        serving: true,
        epoch: leader.epoch,
        members: sim.quorum.iter().filter(follows).map(|n| n.sid).collect(),
        list_len: leader.voters().len(),
        majority: leader.voters().majority(),
        broker_ids: crate::kafka::metadata::brokers(leader.image.live).collect(),
        topics: u32::from(!leader.image.jobs.is_empty()),
        ..none
    }
}

/// What the operator does now.
pub(super) fn operator(sim: &Simulation, ix: u8) -> String {
    let waiting = |n: &&Node| n.is_up() && n.ix != ix && n.synced && !n.admitted && n.fresh;
    let queue = sim.quorum.iter().filter(waiting).count() as u64;
    let text = ["Controller ", &sim.out.sids[usize::from(ix)].to_string(), " is added to the voters"].concat();
    match queue {
        0 => text,
        _ => {
            [text, "; ".into(), words::plural(queue, "other waits for its turn", "others wait for their turn")].concat()
        }
    }
}

/// The four duties, as this controller's committed metadata log has them.
pub(super) fn duties(sim: &Simulation, sid: u8) -> Vec<(&'static str, String)> {
    let Some(node) = sim.quorum.iter().find(|n| n.sid == sid) else { return Vec::new() };
    let ids = |set: u32| crate::kafka::metadata::brokers(set).collect::<Vec<u8>>();
    let or_none = |text: String| if text.is_empty() { "none".to_string() } else { text };
    let leader = node.leader.map_or(String::new(), |ix| {
        ["controller ", &sim.out.sids[usize::from(ix)].to_string(), ", epoch ", &node.epoch.to_string()].concat()
    });
    let fenced = node.image.registered & !node.image.live;
    let (jobs, min) = (node.image.jobs.len(), sim.scenario.params.get(Key::MinInsync));
    let topics = match jobs {
        0 => String::new(),
        n => ["jobs, partitions: ", &n.to_string(), ", min.insync.replicas: ", &min.to_string()].concat(),
    };
    vec![
        ("active controller", or_none(leader)),
        ("brokers", or_none(words::ranges(&ids(node.image.live)))),
        ("brokers, fenced", or_none(words::ranges(&ids(fenced)))),
        ("topics", or_none(topics)),
        ("ACLs and quotas", or_none(String::new())),
        ("log", ["committed ", &node.hw.to_string(), " of ", &node.log.end().to_string()].concat()),
    ]
}
