//! What is happening in KRaft mode, in words.
use super::{best_candidate, first_leader, reached};
use crate::metrics::Milestone;
use crate::params::{Key, Params};
use crate::view::{BrokerPhase, PeerPhase, View};
use crate::words;

/// What a reader must know before believing that this solves everything. [source: KIP-853, KIP-500]
const FOOTNOTE: &str = "The voters are a record in the log (Kafka 3.9); a static list of them, as up to 3.8, carries the old \
    danger: each host counts a majority of what it was given. KRaft was early access in 2.8, ready for production in 3.3.";

fn sentence(parts: &[&str]) -> String {
    parts.concat()
}

/// One sentence about now.
pub(super) fn caption(view: &View) -> String {
    if view.leaders == 0 {
        return leaderless(view);
    }
    let leader = first_leader(view).to_string();
    let down: Vec<u8> = view.brokers.iter().filter(|b| b.phase == BrokerPhase::Off).map(|b| b.id).collect();
    if reached(view, Milestone::BrokerMoved) && !down.is_empty() {
        let who = if down.len() == 1 { "Broker " } else { "Brokers " };
        let tail = ": the cluster id on disk is another one, so the quorum refuses it. Clients draw another broker, and no write fails for it.";
        return sentence(&[who, &words::list(&down), " stays down", tail]);
    }
    if !view.operator.is_empty() {
        return sentence(&[
            &view.operator,
            ". One change at a time, each committed by a majority of the new voters: controller ",
            &leader,
            " goes on leading.",
        ]);
    }
    let count = |phase| view.peers.iter().filter(|p| p.phase == phase).count() as u64;
    let booting = count(PeerPhase::Booting);
    if booting > 0 {
        return sentence(&[
            &words::plural(booting, "host boots. It", "hosts boot. Each"),
            " will observe until the leader adds it to the voters: no host counts a majority by itself.",
        ]);
    }
    let joined = view.peers.iter().filter(|p| p.fresh && p.serving && p.counted).count() as u64;
    if joined > 0 {
        let hosts = words::plural(joined, "new host is a voter", "new hosts are voters");
        return sentence(&[&hosts, ", and there is one leader, controller ", &leader, ". ", FOOTNOTE]);
    }
    sentence(&[
        "All is well: controller ",
        &leader,
        " leads the quorum and is the active controller, and every job is done once.",
    ])
}

fn leaderless(view: &View) -> String {
    let frozen = "Brokers go on with what they know; until there is a leader nothing about the cluster can change.";
    match best_candidate(view) {
        Some(p) => {
            let (sid, votes, majority) = (p.sid.to_string(), p.votes.to_string(), p.majority.to_string());
            sentence(&[
                "No controller leads. Controller ",
                &sid,
                " has ",
                &votes,
                " of the ",
                &majority,
                " votes it needs. ",
                frozen,
            ])
        }
        None => sentence(&["No controller leads. ", frozen]),
    }
}

/// Why any rate is safe.
pub(super) fn hint(params: &Params) -> String {
    let (n, k) = (params.get(Key::OldNodes), params.get(Key::NewNodes));
    sentence(&[
        "At any rate: a new host observes, and the leader adds the ",
        &k.to_string(),
        " one at a time, from ",
        &n.to_string(),
        " voters to ",
        &(n + k).to_string(),
        ". Majorities of two lists that differ by one voter share a host, so there is never a second leader.",
    ])
}
