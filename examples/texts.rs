//! Every sort of text that runs bring about, one per line, as a reader of another language would ask for it: scripts/locale.mjs holds a
//! locale's file against them. Numbers stand for others like them: a text that differs from an earlier one in nothing else is left out.
#![forbid(unsafe_code)]
use second_leader::belief::belief;
use second_leader::caption::{banner, caption, hint};
use second_leader::chart::Charts;
use second_leader::compare::{alternative, command_words, values};
use second_leader::describe;
use second_leader::facts::{self, Subject};
use second_leader::params::{KEYS, Key, format_value};
use second_leader::presets::PRESETS;
use second_leader::quorum_sets::quorums;
use second_leader::recording::Recording;
use second_leader::report::Report;
use second_leader::scenario::{Command, Link as Wire, Node, Scenario};
use second_leader::sim::Simulation;
use second_leader::trees::trees;
use second_leader::why::{self, Link};
use std::collections::BTreeSet;

const SECOND: u64 = 1_000_000;
const UNTIL: u64 = 150 * SECOND;

/// Scenarios with what no preset has.
const ODD: &[(&str, &[(&str, &str)])] = &[
    ("the-incident", &[("clientLifetime", "60"), ("clientPolicy", "strict"), ("quota", "2"), ("acl", "deny")]),
    (
        "the-incident",
        &[("handlerFailure", "20"), ("dlqCapacity", "5"), ("clusterIdGuard", "on"), ("moveMode", "crash")],
    ),
    ("the-incident", &[("heal", "repoint"), ("netLoss", "5"), ("retries", "0"), ("dlqDrain", "after")]),
    (
        "the-incident",
        &[("heal", "auto"), ("moveMode", "crash"), ("idempotentProducer", "on"), ("ackLoss", "5"), ("migrateAt", "40")],
    ),
    (
        "the-incident",
        &[
            ("heal", "none"),
            ("replicationFactor", "1"),
            ("minInsync", "1"),
            ("movedBrokers", "3"),
            ("clientLifetime", "30"),
        ],
    ),
    ("the-incident", &[("listPolicy", "dynamicReconfig"), ("brokers", "3")]),
    ("the-incident", &[("movedBrokers", "2"), ("clusterIdGuard", "on"), ("acl", "allowIfNone"), ("wiped", "off")]),
    ("stuck", &[("removed", "3"), ("oldLeader", "3")]),
    ("kraft", &[("clusterIdGuard", "on"), ("netLoss", "3"), ("movedBrokers", "1")]),
];

struct Texts(BTreeSet<String>);

impl Texts {
    fn add(&mut self, text: &str) {
        let digits = |c: char| if c.is_ascii_digit() { '0' } else { c };
        let mut sort: String = text.chars().map(digits).collect();
        while sort.contains("00") {
            sort = sort.replace("00", "0");
        }
        if !text.is_empty() && self.0.insert(sort) {
            println!("{}", text.replace('\n', "\\n"));
        }
    }
}

fn main() {
    let mut all = Texts(BTreeSet::new());
    for preset in PRESETS {
        run(&mut all, preset.scenario(), preset.id == "the-incident" || preset.id == "kraft");
    }
    for (id, changes) in ODD {
        let Some(mut scenario) = Scenario::preset(id) else { continue };
        for (name, value) in *changes {
            let set = Key::find(name).map(|key| scenario.params.set_text(key, value));
            assert!(matches!(set, Some(Ok(_))), "{name}={value}");
        }
        scenario.params = scenario.params.effective_lenient().0;
        run(&mut all, scenario, true);
    }
    hints(&mut all);
    compared(&mut all);
}

fn run(all: &mut Texts, scenario: Scenario, handled: bool) {
    let mut recording = Recording::new(&scenario);
    let mut known = 0;
    for at in (0..=UNTIL).step_by(1_700_000) {
        recording.seek(at, &mut || false);
        if handled {
            handle(all, &mut recording, at);
        }
        instant(all, &scenario, recording.sim());
        asked(all, &recording, known);
        known = recording.sim().event_count();
    }
    let report = Report::of(&scenario, recording.sim(), recording.commands());
    said(all, &report);
}

/// What people can do by hand, a thing every few seconds.
fn handle(all: &mut Texts, recording: &mut Recording, at: u64) {
    let link = Wire { from: Node::Peer(1), to: Node::Broker(2), both: at.is_multiple_of(2) };
    let list = [
        Command::Stop(Node::Peer(2)),
        Command::Start(Node::Peer(2)),
        Command::Freeze(Node::Peer(1)),
        Command::Thaw(Node::Peer(1)),
        Command::CutLink(link),
        Command::MendLink(link),
        Command::Isolate(Node::Broker(2)),
        Command::Rejoin(Node::Broker(2)),
        Command::Isolate(Node::Peer(3)),
        Command::Rejoin(Node::Peer(3)),
        Command::Stop(Node::Broker(1)),
        Command::Start(Node::Broker(1)),
        Command::Stop(Node::Peer(3)),
        Command::Start(Node::Peer(3)),
        Command::MoveBroker(3),
        Command::ReturnBroker(3),
        Command::AddNodes(2),
        Command::CrashConsumer(0),
        Command::StopDrain,
        Command::StartDrain,
        Command::Set(Key::WriteRate, 50_000_000),
        Command::FinishRollout,
        Command::KillSecondCluster,
    ];
    let n = (at / 1_700_000) as usize;
    if n.is_multiple_of(3)
        && let Some(command) = list.get((n / 3).wrapping_sub(2))
    {
        let _ = recording.act(*command);
        all.add(&command_words(*command));
    }
}

fn said(all: &mut Texts, report: &Report) {
    all.add(&report.title);
    all.add(&report.paragraph);
    for (what, value) in &report.rows {
        all.add(what);
        all.add(value);
    }
}

fn instant(all: &mut Texts, scenario: &Scenario, sim: &Simulation) {
    let view = sim.view();
    all.add(&banner(&view).headline);
    all.add(&caption(&view));
    describe::text(scenario, &view).lines().for_each(|line| all.add(line));
    said(all, &Report::of(scenario, sim, &[]));
    let found = quorums(sim);
    all.add(&found.says);
    found.pairs.iter().for_each(|pair| all.add(&pair.says));
    let charts = Charts::of(sim.history(), sim.milestones(), sim.end(), 900);
    all.add(&charts.values_at(sim.now()));
    for state in sim.invariants() {
        all.add(state.says);
        all.add(&state.verdict());
    }
    for row in trees(sim, None).rows {
        all.add(&row.path);
        row.values.iter().flatten().for_each(|value| all.add(value));
    }
    let nodes = view.peers.iter().map(|p| Node::Peer(p.sid)).chain(view.brokers.iter().map(|b| Node::Broker(b.id)));
    let clients = (0..view.producers).map(Node::Producer).chain((0..view.consumers).map(Node::Consumer));
    for node in nodes.chain(clients) {
        all.add(&belief(sim, &view, node).says);
        facts_of(
            all,
            sim,
            match node {
                Node::Peer(sid) => Subject::Host(sid),
                Node::Broker(id) => Subject::Broker(id),
                Node::Producer(i) => Subject::Producer(i),
                Node::Consumer(i) => Subject::Consumer(i),
            },
        );
    }
    for subject in [Subject::DeadLetters, Subject::Ensemble(0), Subject::Ensemble(1), Subject::Partition(3)] {
        facts_of(all, sim, subject);
    }
    let latest = view.metrics.produced as u32;
    (latest.saturating_sub(300)..=latest).step_by(3).for_each(|job| facts_of(all, sim, Subject::Job(job)));
    sim.flights()
        .filter(|f| f.sent <= view.now)
        .take(60)
        .for_each(|flight| facts_of(all, sim, Subject::Message(flight)));
}

fn facts_of(all: &mut Texts, sim: &Simulation, subject: Subject) {
    all.add(&facts::title(sim, subject));
    for section in facts::facts(sim, subject) {
        all.add(&section.title);
        for row in section.rows {
            all.add(&row.name);
            all.add(&row.value);
            all.add(row.source);
            all.add(row.note);
        }
    }
}

/// Every sentence, and the chains of those that are not there yet.
fn asked(all: &mut Texts, recording: &Recording, known: u64) {
    let sids = recording.sim().sids().to_vec();
    let mut new = Vec::new();
    recording.replay(known as _..recording.sim().event_count() + 1, &mut |_, event| {
        let so_far = all.0.len();
        all.add(&Link::of(event, &sids).text);
        if all.0.len() > so_far || event.id % 997 == 0 {
            new.push(event.id);
        }
        true
    });
    for chain in new.into_iter().take(40).filter_map(|id| why::chain(recording, id)) {
        all.add(chain.root.says());
        for step in &chain.steps {
            all.add(&step.text);
            step.settings.iter().for_each(|setting| all.add(&setting.value));
        }
    }
}

fn hints(all: &mut Texts) {
    let million = 1_000_000;
    for mode in [0, 1] {
        for policy in 0..5 {
            for old in [1, 2, 3, 5] {
                for new in [0, 1, 2, 3, 8] {
                    for (rate, jitter, removed) in [(480, 0, 0), (30, 0, 0), (480, 60, 0), (6, 0, 1), (480, 0, 7)] {
                        let mut params = Scenario::default().params;
                        for (key, value) in [
                            (Key::Mode, mode),
                            (Key::ListPolicy, policy),
                            (Key::OldNodes, old),
                            (Key::NewNodes, new),
                            (Key::JoinRate, rate * million),
                            (Key::JoinJitter, jitter * million),
                            (Key::Removed, removed),
                        ] {
                            let _ = params.set(key, value);
                        }
                        all.add(&hint(&params.effective_lenient().0).1);
                    }
                }
            }
        }
    }
}

fn compared(all: &mut Texts) {
    let base = Scenario::default().params;
    for key in KEYS {
        let mut other = base.clone();
        let _ = other.set(*key, alternative(*key, base.get(*key)));
        values(&base, &other).iter().for_each(|text| all.add(text));
        all.add(&format_value(*key, base.get(*key)));
    }
}
