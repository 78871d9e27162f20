//! FastLeaderElection: rounds, notifications and their back-off, finalizeWait, and joining a leader that exists.
//! [source: FastLeaderElection.java, ZooKeeper 3.8]
use super::peer::Peer;
use super::vote::{Ballot, Heard, Vote};
use super::{ANSWER_PAUSE, FINALIZE_WAIT, NOTIFY_FIRST, NOTIFY_MAX, PeerState};
use crate::event::What;
use crate::message::{PeerMsg, PeerTimer};
use crate::scenario::Role;
use crate::sim::outbox::Outbox;

impl Peer {
    /// Goes LOOKING: a new round, its own vote first.
    pub fn look(&mut self, out: &mut Outbox) {
        self.state = PeerState::Looking;
        self.round += 1;
        self.initial = self.own_vote();
        self.proposal = self.initial;
        self.vote = self.initial;
        self.heard.clear();
        self.settled.clear();
        self.finalizing = None;
        self.notify = NOTIFY_FIRST;
        out.stirred = true;
        out.emit(self.actor(), What::Looking { round: self.round, vote: self.initial });
        self.notify_all(out);
        self.arm_election(self.notify, out);
    }

    /// An observer, or a peer outside its own list, proposes nobody.
    fn own_vote(&self) -> Vote {
        match self.role {
            Role::Participant => Vote {
                peer_epoch: self.current_epoch,
                zxid: self.last_zxid,
                leader: self.list.has(self.ix).then_some(self.ix),
            },
            Role::Observer => Vote::default(),
        }
    }

    fn arm_election(&mut self, after: u64, out: &mut Outbox) {
        self.generation += 1;
        self.election_timer = (out.now, out.now + after);
        out.wake_peer(after, self.ix, PeerTimer::Election, self.generation);
    }

    /// Sends its proposal to every voting member of *its own* list.
    fn notify_all(&self, out: &mut Outbox) {
        for to in self.list.iter() {
            self.send_ballot(to, self.proposal, out);
        }
    }

    fn send_ballot(&self, to: u8, vote: Vote, out: &mut Outbox) {
        let msg = PeerMsg::Notification { vote, round: self.round, state: self.state };
        out.send_peer(self.ix, to, msg);
    }

    /// Answers a notification. The same answer to the same question is left out for a while: of two lists that contradict
    /// each other, one peer would answer the other at the speed of the network. [simplified: real ones do]
    fn answer(&mut self, to: u8, question: &Ballot, vote: Vote, out: &mut Outbox) {
        let answer = Ballot { vote, round: self.round, state: self.state };
        let last = &mut self.answered[usize::from(to)];
        if (last.0, last.1) == (*question, answer) && out.now - last.2 < ANSWER_PAUSE && last.2 != 0 {
            return;
        }
        *last = (*question, answer, out.now);
        self.send_ballot(to, vote, out);
    }

    /// The notification timeout or finalizeWait ran out.
    pub fn on_election_timer(&mut self, out: &mut Outbox) {
        if self.state != PeerState::Looking {
            return;
        }
        if self.finalizing.is_some() {
            return self.decide(self.proposal, out);
        }
        self.notify = (self.notify * 2).min(NOTIFY_MAX);
        out.emit(self.actor(), What::Asked { next_ms: (self.notify / 1000) as u32 });
        self.notify_all(out);
        self.arm_election(self.notify, out);
    }

    /// A notification arrives.
    pub fn on_notification(&mut self, from: u8, ballot: Ballot, out: &mut Outbox) {
        if !self.list.has(from) {
            // Votes from outside the list are not counted, but their sender is answered: this is how new peers hear
            // the old leader while old peers never count new ones.
            return self.answer(from, &ballot, self.vote, out);
        }
        if self.state != PeerState::Looking {
            if ballot.state == PeerState::Looking {
                self.answer(from, &ballot, self.vote, out);
            }
            return;
        }
        if ballot.state == PeerState::Looking && ballot.round < self.round {
            self.answer(from, &ballot, self.proposal, out);
        }
        if self.finalizing.is_some() {
            // Every notification restarts finalizeWait; only a better vote ends it.
            if ballot.vote <= self.proposal {
                return self.finalize(out);
            }
            self.finalizing = None;
        }
        self.arm_election(self.notify, out);
        if !ballot.vote.leader.is_some_and(|leader| self.list.has(leader)) {
            return; // votes for somebody outside the list are not valid
        }
        match ballot.state {
            PeerState::Looking => self.on_vote(from, ballot, out),
            PeerState::Observing => {}
            PeerState::Following | PeerState::Leading => self.on_settled(from, ballot, out),
        }
    }

    fn on_vote(&mut self, from: u8, ballot: Ballot, out: &mut Outbox) {
        if self.role == Role::Observer {
            return; // observers wait for a leader, they do not take part
        }
        let better = if ballot.round > self.round {
            self.round = ballot.round;
            self.heard.clear();
            self.proposal = self.initial.max(ballot.vote);
            true
        } else if ballot.round < self.round {
            return;
        } else if ballot.vote > self.proposal {
            self.proposal = ballot.vote;
            true
        } else {
            false
        };
        if better {
            let (vote, round) = (self.proposal, self.round);
            out.emit(self.actor(), What::VoteChanged { vote, from, round });
            self.notify_all(out);
        }
        self.heard.put(from, ballot);
        let agree = self.heard.agreeing(&self.own_ballot());
        if self.list.is_quorum(agree) {
            let what = What::QuorumHeard {
                vote: self.proposal,
                agree: (agree & self.list.0).count_ones(),
                of: self.list.len(),
            };
            out.emit(self.actor(), what);
            self.finalize(out);
        }
    }

    fn own_ballot(&self) -> Ballot {
        Ballot { vote: self.proposal, round: self.round, state: PeerState::Looking }
    }

    fn finalize(&mut self, out: &mut Outbox) {
        self.finalizing = Some(out.now + FINALIZE_WAIT);
        self.arm_election(FINALIZE_WAIT, out);
    }

    /// Somebody says it has a leader. That leader is adopted iff a quorum *of my own list* says so, and the leader itself
    /// said LEADING.
    fn on_settled(&mut self, from: u8, ballot: Ballot, out: &mut Outbox) {
        if ballot.round == self.round {
            self.heard.put(from, ballot);
            if self.is_led(&self.heard, &ballot) {
                return self.decide(ballot.vote, out);
            }
        }
        self.settled.put(from, ballot);
        if self.is_led(&self.settled, &ballot) {
            self.round = ballot.round;
            self.decide(ballot.vote, out);
        }
    }

    fn is_led(&self, heard: &Heard, ballot: &Ballot) -> bool {
        let Some(leader) = ballot.vote.leader else { return false };
        let leads = if leader == self.ix {
            self.round == ballot.round
        } else {
            heard.get(leader).is_some_and(|b| b.state == PeerState::Leading)
        };
        leads && self.list.is_quorum(heard.agreeing(ballot))
    }

    /// How many members of its list agree with its proposal; for drawing.
    pub fn votes(&self) -> u32 {
        (self.heard.agreeing(&self.own_ballot()) & self.list.0).count_ones()
    }

    fn decide(&mut self, vote: Vote, out: &mut Outbox) {
        let (agree, of, round) = (self.votes(), self.list.len(), self.round);
        self.vote = vote;
        self.finalizing = None;
        self.generation += 1;
        self.spell += 1;
        out.stirred = true;
        let Some(leader) = vote.leader else { return };
        if leader == self.ix {
            self.state = PeerState::Leading;
            self.turned = out.emit(self.actor(), What::Leading { round, agree, of });
            self.lead(out);
        } else if self.role == Role::Observer {
            self.state = PeerState::Observing;
            out.emit(self.actor(), What::Observing { leader, round });
            self.follow(leader, out);
        } else {
            self.state = PeerState::Following;
            out.emit(self.actor(), What::Following { leader, round });
            self.follow(leader, out);
        }
    }
}
