//! What a ZooKeeper host believes: its own list, the votes it heard, its leader, and the sessions on its own tree.
use super::Belief;
use crate::ensemble::membership::bits;
use crate::ensemble::vote::Ballot;
use crate::ensemble::{Peer, PeerState, Power};
use crate::kafka::metadata::brokers;
use crate::params::Key;
use crate::sim::Simulation;
use crate::view::{EnsembleView, PeerPhase, Place, View};
use crate::words::{self, say};

pub(super) fn fill(sim: &Simulation, view: &View, sid: u8, b: &mut Belief) {
    let Some(me) = sim.peers().iter().find(|p| p.sid == sid) else { return };
    let mine = view.peers.iter().find(|p| p.sid == sid);
    if let (Some(mine), Some(slot)) = (mine, b.peer(sid)) {
        // What it is itself it knows; that its tree differs from its leader's, or its links are cut, nobody tells it.
        *slot = crate::view::PeerView { diverged: false, cut: false, counted: true, ..mine.clone() };
    }
    b.learn(Place::Peer(sid));
    if !matches!(me.power, Power::Up | Power::Frozen) {
        b.says = say!("zk", sid, " is not running: it believes nothing.");
        return;
    }
    let hear = Ear { sim, me, led: mine.and_then(|m| m.ensemble) };
    hear.others(b);
    hear.ensemble(b);
    if me.leading.as_ref().is_some_and(|l| l.serves()) || me.learner.as_ref().is_some_and(|l| l.serving) {
        hear.tree(b);
    }
    b.says = hear.says();
}

struct Ear<'a> {
    sim: &'a Simulation,
    me: &'a Peer,
    /// The index of the ensemble that it is part of.
    led: Option<usize>,
}

impl Ear<'_> {
    fn sid(&self, ix: u8) -> u8 {
        self.sim.sids().get(usize::from(ix)).copied().unwrap_or(0)
    }

    /// The latest it heard of a host: as a vote of this election, or from one that has a leader.
    fn ballot(&self, ix: u8) -> Option<&Ballot> {
        self.me.heard.get(ix).or_else(|| self.me.settled.get(ix))
    }

    /// Hosts that asked for its vote and are not on its list.
    fn strangers(&self) -> Vec<u8> {
        let asked = |(ix, answer): (usize, &(Ballot, Ballot, u64))| (answer.2 != 0).then_some(ix as u8);
        let asked = self.me.answered.iter().enumerate().filter_map(asked);
        asked.filter(|ix| !self.me.list.has(*ix)).map(|ix| self.sid(ix)).collect()
    }

    /// Everybody else: those on its list by name, those it heard with what they said, its leader, and its learners.
    fn others(&self, b: &mut Belief) {
        for ix in self.me.list.iter().filter(|ix| *ix != self.me.ix) {
            b.name(Place::Peer(self.sid(ix)));
        }
        for sid in self.strangers() {
            b.name(Place::Peer(sid));
        }
        let heard = self.me.heard.from | self.me.settled.from;
        for ix in bits(heard).filter(|ix| *ix != self.me.ix) {
            self.hearsay(ix, b);
        }
        if let Some(leader) = self.me.learner.as_ref().map(|l| l.leader) {
            self.leader(leader, b);
        }
        if let Some(leading) = &self.me.leading {
            let learners = leading.handlers().map(|(ix, h)| (ix, h.synced, h.observer));
            for (ix, synced, observer) in learners {
                self.learner(ix, synced, observer, b);
            }
        }
    }

    /// Somebody said in an election what it does. That it leads counts for nothing until a quorum of the list says so too.
    fn hearsay(&self, ix: u8, b: &mut Belief) {
        let Some(ballot) = self.ballot(ix).copied() else { return };
        let sid = self.sid(ix);
        let vote = ballot.vote.leader.map(|l| self.sid(l));
        // Nor does a vote say anything of its sender once the election is over.
        let old = ballot.state == PeerState::Looking && self.me.state != PeerState::Looking;
        if ballot.state == PeerState::Leading || old {
            return b.name(Place::Peer(sid));
        }
        b.learn(Place::Peer(sid));
        let Some(peer) = b.peer(sid) else { return };
        peer.phase = match ballot.state {
            PeerState::Looking => PeerPhase::Looking,
            PeerState::Observing => PeerPhase::Observing,
            PeerState::Following | PeerState::Leading => PeerPhase::Following,
        };
        (peer.vote, peer.round, peer.epoch, peer.zxid) = (vote, ballot.round, ballot.vote.peer_epoch, ballot.vote.zxid);
        peer.leader = if ballot.state == PeerState::Looking { None } else { vote };
        peer.ensemble = if peer.leader.is_some() && peer.leader == self.leads() { self.led } else { None };
    }

    /// The sid of its leader, as far as it has one.
    fn leads(&self) -> Option<u8> {
        self.me.leader().map(|ix| self.sid(ix))
    }

    fn leader(&self, ix: u8, b: &mut Belief) {
        let sid = self.sid(ix);
        let learner = self.me.learner.as_ref();
        let serving = learner.is_some_and(|l| l.serving);
        b.learn(Place::Peer(sid));
        let (epoch, led) = (self.me.current_epoch, self.led);
        if let Some(peer) = b.peer(sid) {
            (peer.phase, peer.leader, peer.serving) = (PeerPhase::Leading, Some(sid), serving);
            (peer.ensemble, peer.epoch) = (led, epoch);
        }
    }

    fn learner(&self, ix: u8, synced: bool, observer: bool, b: &mut Belief) {
        let (sid, epoch, counted) = (self.sid(ix), self.me.current_epoch, self.me.list.has(ix));
        b.learn(Place::Peer(sid));
        let (leader, led) = (self.me.sid, self.led);
        if let Some(peer) = b.peer(sid) {
            peer.phase = if observer { PeerPhase::Observing } else { PeerPhase::Following };
            (peer.leader, peer.ensemble, peer.serving) = (Some(leader), led, synced);
            (peer.observer, peer.epoch, peer.counted) = (observer, epoch, counted);
        }
    }

    /// There is one ensemble at most: its own.
    fn ensemble(&self, b: &mut Belief) {
        let (Some(leader), Some(led)) = (self.leads(), self.led) else { return };
        let serves = b.view.peers.iter().any(|p| p.sid == self.me.sid && p.serving);
        let tree = &self.me.tree;
        let members = b.view.peers.iter().filter(|p| p.ensemble == Some(led)).map(|p| p.sid).collect();
        if let Some(slot) = b.view.ensembles.get_mut(led) {
            *slot = EnsembleView {
                label: slot.label,
                leader,
                serving: serves,
                epoch: self.me.current_epoch,
                members,
                list_len: self.me.list.len(),
                majority: self.me.list.majority(),
                broker_ids: if serves { tree.ids.iter().map(|(id, _)| *id).collect() } else { Vec::new() },
                controller: tree.controller.map(|(id, _)| id).filter(|_| serves),
                topics: u32::from(serves && !tree.jobs.is_empty()),
            };
        }
        b.view.leaders = u32::from(serves);
    }

    /// Brokers are what its own tree says they are. It serves that tree, so it believes it.
    fn tree(&self, b: &mut Belief) {
        let tree = &self.me.tree;
        let min = self.sim.scenario().params.get(Key::MinInsync) as u32;
        for id in brokers(tree.live()) {
            let mut broker = super::described(id, tree.live(), &tree.jobs, (self.led, min));
            broker.cluster = tree.cluster.map(|c| (b'A' + c.min(25)) as char);
            b.know_broker(id, &broker);
        }
        if let Some((id, _)) = tree.controller {
            b.crown(id, tree.controller_epoch);
        }
    }

    fn says(&self) -> String {
        let me = say!("zk", self.me.sid);
        let hangs = self.me.power == Power::Frozen;
        let mut text = if hangs { say!(&me, " hangs. It last believed") } else { say!(&me, " believes") };
        text.push_str(&self.head());
        let list: Vec<u8> = self.me.list.iter().map(|ix| self.sid(ix)).collect();
        let strangers = self.strangers();
        if !strangers.is_empty() {
            let zks = words::ranges(&strangers);
            text.push_str(&say!(" It has answered zk", zks, ", and counts none of them: they are not on its list."));
        }
        text.push_str(&self.others_leader());
        let silent = |sid: &u8| {
            let known = |ix: u8| self.sid(ix) == *sid;
            *sid != self.me.sid && !(0..self.sim.sids().len() as u8).any(|ix| known(ix) && self.has_met(ix))
        };
        let silent: Vec<u8> = list.into_iter().filter(silent).collect();
        if !silent.is_empty() {
            text.push_str(&say!(" It has heard nothing from zk", words::ranges(&silent), ", on its list."));
        }
        text
    }

    /// Members of its list that said somebody else leads: too few to be believed.
    fn others_leader(&self) -> String {
        let (list, mine) = (self.me.list, self.me.leader());
        let led = |ix: &u8| self.ballot(*ix).filter(|b| b.state != PeerState::Looking).and_then(|b| b.vote.leader);
        let said = || list.iter().filter_map(|ix| led(&ix)).filter(|leader| Some(*leader) != mine);
        let Some(leader) = said().next() else { return String::new() };
        let count = said().filter(|l| *l == leader).count();
        if count as u32 >= list.majority() {
            return String::new();
        }
        let of = say!(" ", count, " of its list of ", list.len());
        say!(
            of,
            " told it that zk",
            self.sid(leader),
            " leads: fewer than the ",
            list.majority(),
            " that it would believe."
        )
    }

    fn has_met(&self, ix: u8) -> bool {
        let learns = self.me.learner.as_ref().is_some_and(|l| l.leader == ix && l.connected);
        let led = self.me.leading.as_ref().is_some_and(|l| l.handlers().any(|(h, _)| h == ix));
        let answered = self.me.answered.get(usize::from(ix)).is_some_and(|a| a.2 != 0);
        learns || led || answered || self.ballot(ix).is_some()
    }

    fn head(&self) -> String {
        let (of, needs) = (self.me.list.len(), self.me.list.majority());
        let size = say!("one ensemble of ", of);
        match (self.me.state, &self.me.leading, &self.me.learner) {
            (PeerState::Leading, Some(l), _) if l.serves() => {
                let synced = l.synced_since(self.me.ix, self.sim.now(), self.me.timing.sync) & self.me.list.0;
                let count = synced.count_ones();
                say!(": there is ", size, ", and it leads it. ", count, " are in sync, and it needs ", needs, ".")
            }
            (PeerState::Leading, None, _) => ": it has given up leading. It will look for a leader.".into(),
            (PeerState::Leading, ..) => say!(": it was elected, and waits for ", needs, " of its list of ", of, "."),
            (PeerState::Looking, ..) => {
                let vote = self.me.proposal.leader.map_or("nobody".into(), |l| say!("zk", self.sid(l)));
                let votes = self.me.votes();
                say!(
                    ": nobody leads yet. It votes for ",
                    vote,
                    "; ",
                    votes,
                    " of its list of ",
                    of,
                    " agree, and ",
                    needs,
                    " must."
                )
            }
            (_, _, Some(l)) if l.serving => say!(": there is ", size, ", led by zk", self.sid(l.leader), "."),
            (_, _, Some(l)) => say!(": zk", self.sid(l.leader), " leads. It is not in sync with it yet."),
            _ => ": its leader is gone. It will look for another.".into(),
        }
    }
}
