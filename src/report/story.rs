//! What happened when: the maintenance, what people did, who led, how it was seen and repaired.
use super::Facts;
use crate::caption;
use crate::detector::{RULES, Rule};
use crate::maintenance::verdict::Outcome;
use crate::metrics::Milestone;
use crate::params::{Key, format_value};
use crate::scenario::{Command, Link};
use crate::view::Micros;
use crate::words::{self, clock, plural, say};

/// The beginning: what was done to the cluster, and what became of its leaders.
pub(super) fn tell(f: &Facts<'_>, said: &mut Vec<String>) {
    match f.at(Milestone::MaintenanceStart) {
        Some(at) => said.push(maintenance(f, at)),
        None if f.sim.scenario().params.get(Key::NewNodes) > 0 || f.scenario.plan.is_some() => {
            said.push("No host has joined yet.".into());
        }
        None => said.push("There was no maintenance.".into()),
    }
    let scripted = f.scenario.actions.iter();
    for (at, command) in scripted.chain(f.done).filter(|(at, _)| *at <= f.sim.now()) {
        said.push(say!("At ", clock(*at), " ", did(*command), "."));
    }
    match f.times.broke {
        Some(_) => said.extend(second_leader(f)),
        None => said.push(one_leader(f)),
    }
}

fn maintenance(f: &Facts<'_>, at: Micros) -> String {
    let p = &f.scenario.params;
    let fresh = f.view.peers.iter().filter(|p| p.fresh).count() as u64;
    let old = f.view.peers.len() as u64 - fresh;
    let begin = say!(
        "At ",
        clock(at),
        " ",
        plural(fresh, "host", "hosts"),
        " began to join ",
        old,
        if f.view.kraft { " controllers" } else { " old ones" }
    );
    if f.scenario.plan.is_some() {
        return begin + ", each with the server list of a plan.";
    }
    let rate = say!(", ", format_value(Key::JoinRate, p.get(Key::JoinRate)), " a minute");
    if f.view.kraft {
        return begin + &rate + ".";
    }
    let jitter = p.get(Key::JoinJitter);
    let spread = if jitter > 0 {
        say!(", each delayed by up to ", format_value(Key::JoinJitter, jitter), " s")
    } else {
        String::new()
    };
    let given = match p.get(Key::ListPolicy) {
        1 => ", each given the final server list.",
        2 => ", each only when the one before it followed and every server had been given the new list.",
        3 => ", as observers without a vote.",
        4 => ", each made a member by the ensemble itself.",
        _ => ", each given the server list as it was when it booted.",
    };
    begin + &rate + &spread + given
}

/// What people did, in words.
fn did(command: Command) -> String {
    let link = |l: Link| say!(l.from.name(), if l.both { " and " } else { " to " }, l.to.name());
    match command {
        Command::Stop(node) => node.name() + " was stopped",
        Command::Start(node) => node.name() + " was started again",
        Command::Freeze(node) => node.name() + " was frozen",
        Command::Thaw(node) => node.name() + " was thawed",
        Command::MoveBroker(id) => say!("broker ", id, " was restarted onto the new hosts"),
        Command::ReturnBroker(id) => say!("broker ", id, " was restarted onto the old hosts"),
        Command::KillSecondCluster => "people stopped the second cluster".into(),
        Command::FinishRollout => "people began to finish the roll-out".into(),
        Command::StartDrain => "the dead-letter drain was opened".into(),
        Command::StopDrain => "the dead-letter drain was closed".into(),
        Command::CutLink(l) => "the link was cut from ".to_string() + &link(l),
        Command::MendLink(l) => "the link was mended from ".to_string() + &link(l),
        Command::Isolate(node) => node.name() + " was cut off",
        Command::Rejoin(node) => node.name() + " was connected again",
        Command::AddNodes(n) => plural(n.into(), "more host", "more hosts") + " began to join",
        Command::CrashConsumer(n) => say!("consumer ", u64::from(n) + 1, " crashed"),
        Command::Set(key, value) => say!(key.param().key, " became ", format_value(key, value)),
    }
}

/// There was a second leader, or a second controller.
fn second_leader(f: &Facts<'_>) -> Vec<String> {
    let mut said = Vec::new();
    if let Some(at) = f.at(Milestone::SecondLeader) {
        let leaders = f.sim.verdict().leaders;
        let fresh = |sid: &u8| f.view.peers.iter().any(|p| p.sid == *sid && p.fresh);
        let (new, old): (Vec<u8>, Vec<u8>) = leaders.iter().partition(|sid| fresh(sid));
        let who = match (new.is_empty(), old.is_empty()) {
            (false, false) => say!(": ", f.hosts(&new), " of the new hosts, beside ", f.hosts(&old)),
            _ => String::new(),
        };
        said.push(say!("At ", clock(at), " a second leader served", who, "."));
        let (forecast, why) = caption::hint(&f.scenario.params);
        if f.scenario.plan.is_none() && forecast == caption::Forecast::Split {
            said.push(say!("Why: ", super::lesson::lowered(&why)));
        }
    }
    if let Some(at) = f.at(Milestone::BrokerMoved) {
        let owns = f.at(Milestone::SecondController);
        let owns = owns.map(|at| say!(", and from ", clock(at), " there were two controllers")).unwrap_or_default();
        said.push(say!("At ", clock(at), " the first broker restarted onto the second ensemble", owns, "."));
    } else if let Some(at) = f.at(Milestone::SecondController) {
        said.push(say!("From ", clock(at), " there were two controllers."));
    }
    said
}

/// There was never a second leader.
fn one_leader(f: &Facts<'_>) -> String {
    let verdict = f.sim.verdict();
    let leader = f.hosts(&f.view.ensembles.iter().filter(|e| e.serving).map(|e| e.leader).collect::<Vec<u8>>());
    if leader.is_empty() {
        return "Nobody leads now.".into();
    }
    let fresh = f.view.peers.iter().filter(|p| p.fresh).count();
    let epoch = f.view.ensembles.first().map_or(0, |e| e.epoch);
    let first = u64::from(epoch) == f.scenario.params.get(Key::OldEpoch).unsigned_abs() || f.view.kraft;
    let group = if f.view.kraft { "quorum" } else { "ensemble" };
    let led = if first {
        say!("There was never a second ", group, "; the leader is still ", &leader, ".")
    } else {
        say!("There was never a second ", group, "; the leader is now ", &leader, ", in epoch ", epoch, ".")
    };
    let joined = match verdict.outcome {
        _ if fresh == 0 => "",
        Outcome::Join => " Every new host serves under it.",
        Outcome::Stuck => " No new host came to serve: they look for a leader and find none.",
        Outcome::Partial => " Some new hosts serve, and some do not.",
        Outcome::Split | Outcome::Unfinished => "",
    };
    led + joined
}

/// How it was seen.
pub(super) fn tell_detection(f: &Facts<'_>, said: &mut Vec<String>) {
    let alarms = f.sim.detector().alarms();
    let name = |i: usize| say!(Rule::metric_in(i, f.view.kraft), " (", RULES[i].says, ")");
    if let Some(broke) = f.times.broke {
        let first = alarms.iter().position(|a| a.fired_in_split.is_some() && a.fired_in_split == f.times.detected);
        said.push(match (f.times.detected, first) {
            (Some(at), Some(i)) => {
                let also = alarms.iter().skip(i + 1).filter(|a| a.fired_in_split == Some(at)).count() as u64;
                let others =
                    if also == 0 { String::new() } else { say!(" and ", plural(also, "other alarm", "other alarms")) };
                say!(
                    "Monitoring that asks every host and broker noticed it at ",
                    clock(at),
                    ", ",
                    words::span(at - broke),
                    " after the second leader: ",
                    name(i),
                    others,
                    "."
                )
            }
            _ if f.split() => "No alarm of the monitoring has begun to ring yet.".into(),
            _ => "No alarm of the monitoring began to ring while it lasted.".into(),
        });
    } else if let Some((i, at)) =
        alarms.iter().enumerate().filter_map(|(i, a)| Some((i, a.fired?))).min_by_key(|(_, at)| *at)
    {
        said.push(say!("The first alarm rang at ", clock(at), ": ", name(i), "."));
    }
}

/// How it was repaired.
pub(super) fn tell_repair(f: &Facts<'_>, said: &mut Vec<String>) {
    if f.times.broke.is_none() {
        return;
    }
    let by_hand = |c: Command| f.scenario.actions.iter().chain(f.done).any(|(at, d)| *d == c && *at <= f.sim.now());
    let by_hand = by_hand(Command::KillSecondCluster) || by_hand(Command::FinishRollout);
    if let Some(at) = f.sim.stepped_in().filter(|_| !by_hand) {
        let wiped = if f.sim.wiped() { "wiped." } else { "with their own logs." };
        let text = match f.sim.plan() {
            1 => ["people stopped the second cluster, to take its hosts back one by one, ", wiped].concat(),
            2 => "people began to restart the old hosts with the new list, one by one, so that they follow the second leader.".into(),
            3 => "people took the brokers back to the old ensemble, and did nothing else.".into(),
            _ => "the second cluster gave way, as the talk assumes.".into(),
        };
        said.push(say!("At ", clock(at), " ", text));
    }
    said.push(match (f.times.mitigated, f.times.to_mitigate()) {
        (Some(over), Some(took)) => {
            say!("It was over at ", clock(over), ", ", words::span(took), " after the first alarm.")
        }
        (Some(over), None) => say!("It was over at ", clock(over), "."),
        (None, _) if f.split() => say!(
            "There are still ",
            plural(f.view.leaders.into(), "leader", "leaders"),
            " and ",
            plural(f.view.controllers.into(), "controller", "controllers"),
            "."
        ),
        (None, _) => "It is not over yet.".into(),
    });
}
