//! What would have prevented it, or lessened it: each sentence answers to something that did go wrong in this run.
use super::Facts;
use crate::maintenance::verdict::Outcome;
use crate::metrics::Milestone;
use crate::params::Key;
use crate::words::{count, say};

/// What would have helped.
pub(super) fn tell(f: &Facts<'_>, said: &mut Vec<String>) {
    let before = said.len();
    let p = &f.scenario.params;
    if f.at(Milestone::SecondLeader).is_some() {
        said.push(second_leader(f).into());
    }
    let moved = f.at(Milestone::BrokerMoved).is_some() && f.at(Milestone::SecondController).is_some();
    if moved && p.get(Key::ClusterIdGuard) == 0 {
        said.push(
            "With the cluster id guard (Kafka 2.4 and later) no broker would have served the second cluster.".into(),
        );
    }
    if f.sim.verdict().outcome == Outcome::Stuck && f.times.broke.is_none() {
        said.push(stuck(f));
    }
    if f.m.dropped > 0 {
        said.push(match p.get(Key::Dlq) {
            0 => say!("A dead-letter queue would have kept the ", count(f.m.dropped), " that were dropped."),
            _ => "A dead-letter queue with more room, and always up, would have kept what was dropped.".into(),
        });
    }
    if f.m.duplicate_effects > 0 {
        said.push("Consumers that remember job ids would have done nothing twice.".into());
    }
    let odd = f.view.peers.iter().any(|p| p.diverged);
    if odd && p.get(Key::Wiped) == 0 && p.get(Key::Heal) == 1 {
        said.push("Had the hosts been wiped before they came back, all trees would be the same.".into());
    }
    if said.len() == before && f.m.failed == 0 && f.m.lost == 0 {
        let quiet = f.sim.detector().alarms().iter().all(|a| a.fired.is_none());
        said.push(match (quiet, f.over) {
            (true, true) => "Nothing went wrong.".into(),
            (true, false) => "Nothing has gone wrong.".into(),
            (false, _) => "Nothing that clients could notice went wrong.".into(),
        });
    }
}

fn second_leader(f: &Facts<'_>) -> &'static str {
    let p = &f.scenario.params;
    if f.scenario.plan.is_some() {
        return "Lists of which no two groups of hosts can each hold a majority would have prevented it.";
    }
    let removes = p.get(Key::Removed) != 0;
    match p.get(Key::ListPolicy) {
        _ if removes => {
            "Replacing one host at a time would have prevented it: two lists that differ by one host share a majority."
        }
        1 => {
            "Adding one host at a time would have prevented it; joining more slowly would not, as every host had the final list from the start."
        }
        _ => {
            "Adding one host at a time would have prevented it, and so would observers: joiners without a vote elect nobody."
        }
    }
}

fn stuck(f: &Facts<'_>) -> String {
    let p = &f.scenario.params;
    let (old, new) = (p.get(Key::OldNodes), p.get(Key::NewNodes));
    let additive = f.scenario.plan.is_none() && p.get(Key::Removed) == 0 && p.get(Key::ListPolicy) == 0;
    if additive && new == old {
        return "One host fewer at a time would have joined: as many new hosts as old ones are half of the new list, and neither half is a majority.".into();
    }
    "Adding one host at a time would have let them join.".into()
}

/// The sentence in the middle of another.
pub(super) fn lowered(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| say!(first.to_ascii_lowercase(), letters.as_str()))
}
