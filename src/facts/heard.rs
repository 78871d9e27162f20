//! The votes that a ZooKeeper host has heard: each keeps its own list, and counts its own list only.
use super::host::{state, vote};
use super::{Sheet, host, until};
use crate::ensemble::Peer;
use crate::ensemble::vote::{Ballot, Heard};
use crate::sim::Simulation;
use crate::words::say;

pub(super) fn fill(sim: &Simulation, me: &Peer, s: &mut Sheet) {
    s.open("Votes heard in this round (recvset)");
    let mine = Ballot { vote: me.proposal, round: me.round, state: crate::ensemble::PeerState::Looking };
    rows(sim, me, &me.heard, &mine, s);
    let looking = me.state == crate::ensemble::PeerState::Looking;
    let silent = |ix: &u8| looking && me.heard.get(*ix).is_none() && me.settled.get(*ix).is_none();
    for ix in me.list.iter().filter(silent) {
        s.row(&host(sim, ix), "nothing".into(), "");
    }
    s.open("Heard from hosts that have a leader (outofelection)");
    rows(sim, me, &me.settled, &mine, s);
    s.open("Asked by hosts that are not on its list");
    for (ix, (question, _, at)) in me.answered.iter().enumerate() {
        let ix = ix as u8;
        if *at == 0 || me.list.has(ix) {
            continue;
        }
        let value = say!(vote(sim, &question.vote), "; answered ", until(sim, *at));
        s.noted(&host(sim, ix), value, "Messenger.WorkerReceiver", "answered, and counted for nothing");
    }
}

fn rows(sim: &Simulation, me: &Peer, heard: &Heard, mine: &Ballot, s: &mut Sheet) {
    for ix in crate::ensemble::membership::bits(heard.from) {
        let Some(ballot) = heard.get(ix) else { continue };
        let value = say!(vote(sim, &ballot.vote), "; round ", ballot.round, ", ", state(ballot.state));
        let looking = me.state == crate::ensemble::PeerState::Looking;
        let note = match (looking, me.list.has(ix), mine.agrees(ballot)) {
            (_, false, _) => "not on its list: counts for nothing",
            (true, _, true) => "agrees",
            (true, _, false) => "does not agree",
            _ => "",
        };
        s.noted(&host(sim, ix), value, "Notification", note);
    }
}
