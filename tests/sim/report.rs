//! The run report: a post-mortem of this very run, whose every number is the run's.
use crate::common::{SECOND, check, preset, run, run_until, scenario};
use second_leader::invariant::{ALL, MEANS};
use second_leader::metrics::Milestone;
use second_leader::presets::PRESETS;
use second_leader::report::Report;
use second_leader::scenario::{Command, Node, Scenario};
use second_leader::words::{clock, count};

fn report(scenario: &Scenario, until: Option<u64>) -> Report {
    let sim = until.map_or_else(|| run(scenario), |second| run_until(scenario, second * SECOND));
    Report::of(scenario, &sim, &[])
}

fn assert_says(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "“{part}” is not in: {text}");
    }
}

#[test]
fn the_incident_is_told_from_its_beginning_to_its_end() {
    let scenario = preset("the-incident", &[]);
    let sim = run(&scenario);
    let text = report(&scenario, None).paragraph;
    let m = sim.metrics();
    for (milestone, at) in sim.milestones() {
        if ![Milestone::FirstLooking, Milestone::FirstDeadLetter, Milestone::SecondClusterGone, Milestone::End]
            .contains(milestone)
        {
            assert_says(&text, &[&clock(*at)]);
        }
    }
    let failed = format!("{} writes of {} failed all attempts", count(m.failed), count(m.produced));
    let parts = [
        "zk11 of the new hosts, beside zk3",
        &failed,
        "no such topic here",
        "Nothing was lost",
        "more than one host answers that it leads",
        "At 1:00.0 people stopped the second cluster",
        "Adding one host at a time would have prevented it",
    ];
    assert_says(&text, &parts);
}

#[test]
fn every_preset_is_told_rightly() {
    let wanted: [(&str, &[&str]); 17] = [
        ("the-incident", &["a second leader served", "wiped.", "cluster id guard"]),
        ("patient", &["never a second ensemble", "Every new host serves", "Nothing went wrong."]),
        ("jitter", &["each delayed by up to 60 s", "Nothing went wrong."]),
        ("checklist", &["only when the one before it followed", "Nothing went wrong."]),
        ("observers-first", &["as observers without a vote", "Nothing went wrong."]),
        ("final-list-trap", &["the final server list", "joining more slowly would not"]),
        ("stuck", &["No new host came to serve", "One host fewer at a time would have joined", "zk_server_state"]),
        ("replace-three-of-five", &["zk8 of the new hosts, beside zk5", "Replacing one host at a time"]),
        ("more-brokers", &["acknowledged jobs were lost", "too few replicas"]),
        ("no-dead-letters", &["jobs were dropped", "A dead-letter queue would have kept"]),
        ("not-idempotent", &["happened a second time", "Consumers that remember job ids"]),
        ("retry-storm", &["a second leader served"]),
        ("wrong-recovery", &["with their own logs", "8 servers hold another tree", "Had the hosts been wiped"]),
        ("finish-the-rollout", &["restart the old hosts with the new list"]),
        (
            "leader-killed",
            &["There was no maintenance.", "zk5 was stopped", "the leader is now zk4, in epoch 2", "Not one of"],
        ),
        ("leader-frozen", &["zk5 was frozen", "zk5 was thawed", "the leader is now zk4"]),
        ("kraft", &["3 controllers", "never a second quorum; the leader is still controller 3", "Nothing went wrong."]),
    ];
    assert_eq!(wanted.len(), PRESETS.len());
    for ((id, parts), preset_row) in wanted.iter().zip(PRESETS) {
        assert_eq!(*id, preset_row.id);
        let text = report(&preset(id, &[]), None).paragraph;
        assert_says(&text, parts);
        assert!(text.ends_with('.') && !text.contains("  ") && !text.contains("..") && !text.contains(" ."), "{text}");
        assert!(!text.contains("So far"), "{text}");
    }
}

#[test]
fn what_did_not_happen_is_not_told() {
    for p in PRESETS {
        let sim = run(&preset(p.id, &[]));
        let text = report(&preset(p.id, &[]), None).paragraph;
        let m = sim.metrics();
        let told = |part: &str| text.contains(part);
        assert_eq!(told("were lost:"), m.lost > 0, "{}: {text}", p.id);
        assert_eq!(told("were dropped:"), m.dropped > 0, "{}: {text}", p.id);
        assert_eq!(told("a second time"), m.duplicate_effects > 0, "{}: {text}", p.id);
        assert_eq!(
            told("a second leader served"),
            sim.milestones().iter().any(|(m, _)| *m == Milestone::SecondLeader),
            "{}",
            p.id
        );
        assert_eq!(told("Not one of"), m.failed == 0, "{}", p.id);
        assert_eq!(told("hold another tree"), sim.view().peers.iter().any(|p| p.diverged), "{}", p.id);
    }
}

#[test]
fn an_unfinished_run_is_told_so_far() {
    for p in PRESETS {
        for second in [0, 5, 12, 59, 61] {
            let report = report(&preset(p.id, &[]), Some(second));
            let text = &report.paragraph;
            assert!(text.starts_with(&format!("So far, at {}: ", clock(second * SECOND))), "{text}");
            assert!(report.title.contains("so far"), "{}", report.title);
            assert!(!text.contains("Nothing went wrong"), "the run is not over: {text}");
        }
    }
    let text = report(&preset("the-incident", &[]), Some(12)).paragraph;
    assert_says(
        &text,
        &["No alarm of the monitoring has begun to ring yet", "There are still 2 leaders and 2 controllers"],
    );
    let text = report(&preset("the-incident", &[]), Some(0)).paragraph;
    assert_says(&text, &["No host has joined yet."]);
}

#[test]
fn what_people_did_by_hand_is_told_in_its_place() {
    let scenario = preset("the-incident", &[("heal", "none")]);
    let mut sim = run_until(&scenario, 30 * SECOND);
    let done = [(30 * SECOND, Command::KillSecondCluster), (200 * SECOND, Command::Stop(Node::Peer(1)))];
    sim.apply(Command::KillSecondCluster).expect("there is a second cluster");
    crate::common::advance(&mut sim, 100 * SECOND);
    let text = Report::of(&scenario, &sim, &done).paragraph;
    assert_eq!(text.matches("people stopped the second cluster").count(), 1, "{text}");
    assert_says(&text, &["At 0:30.0 people stopped the second cluster."]);
    assert!(!text.contains("zk1 was stopped"), "that lies ahead: {text}");
}

#[test]
fn the_rows_are_the_numbers_of_the_run_and_the_text_holds_them() {
    let scenario = preset("more-brokers", &[]);
    let sim = run(&scenario);
    let report = Report::of(&scenario, &sim, &[]);
    let row =
        |name: &str| report.rows.iter().find(|(what, _)| *what == name).map(|(_, value)| value.clone()).expect("a row");
    let m = sim.metrics();
    for (name, value) in [
        ("Failed", m.failed),
        ("Lost", m.lost),
        ("Dropped", m.dropped),
        ("Writes", m.produced),
        ("Dead letters", m.dead_lettered),
    ] {
        assert_eq!(row(name), count(value), "{name}");
    }
    assert_eq!(row("Second leader"), clock(sim.milestones()[2].1));
    let text = report.text();
    assert!(report.rows.iter().all(|(what, value)| text.contains(&format!("{what}: {value}\n"))));
    assert!(text.starts_with(&report.title) && text.contains(&report.paragraph));
}

#[test]
fn any_scenario_can_be_told() {
    let values: [&[(&str, &str)]; 6] = [
        &[("newNodes", "0")],
        &[("brokers", "1"), ("replicationFactor", "1"), ("minInsync", "1")],
        &[("writeRate", "0.1")],
        &[("heal", "repoint")],
        &[("heal", "auto")],
        &[("clusterIdGuard", "on")],
    ];
    for values in values {
        let text = report(&scenario(values), None).paragraph;
        assert!(text.len() > 80 && text.ends_with('.'), "{values:?}: {text}");
    }
    let guarded = report(&scenario(&[("clusterIdGuard", "on")]), None).paragraph;
    assert!(!guarded.contains("With the cluster id guard"), "it was on: {guarded}");
}

#[test]
fn every_invariant_has_a_meaning_and_a_verdict() {
    for (state, means) in ALL.iter().zip(MEANS) {
        assert!(means.ends_with('.') && state.says.ends_with('.') && means != state.says, "{}", state.id);
        assert_eq!(state.verdict(), "holds");
    }
    // A broken one tells when, and by which event.
    let mut seen = None;
    let stopped = check(Scenario { actions: vec![(20 * SECOND, Command::Stop(Node::Peer(3)))], ..scenario(&[]) });
    run_until(&stopped, SECOND).advance_with(30 * SECOND, &mut |e| seen = seen.or((e.at == 20 * SECOND).then_some(*e)));
    let mut broken = ALL[0];
    (broken.broken_at, broken.broken_by) = (Some(20 * SECOND), seen);
    assert_eq!(broken.verdict(), "broken at 0:20.0, by zk3: stopped");
    broken.broken_by = None;
    assert_eq!(broken.verdict(), "broken at 0:20.0");
}
