//! Each preset still shows what its caption says, and its file says the same as the table.
use crate::common::{SECOND, advance, assert_file, preset, read, run, run_until};
use second_leader::caption::caption;
use second_leader::ledger::Fate;
use second_leader::metrics::{Metrics, Milestone};
use second_leader::native::document::{Document, preset_json};
use second_leader::presets::PRESETS;
use second_leader::sim::Simulation;

fn outcome(id: &str) -> (String, Metrics, bool) {
    let sim = run(&preset(id, &[]));
    let second = sim.milestones().iter().any(|(m, _)| *m == Milestone::SecondLeader);
    (sim.verdict().outcome.name().to_string(), sim.metrics(), second)
}

#[test]
fn the_incident() {
    let (outcome, m, second) = outcome("the-incident");
    assert_eq!((outcome.as_str(), second), ("split", true));
    assert!((80_000..120_000).contains(&m.failed_share()), "{} millionths failed", m.failed_share());
    assert_eq!((m.lost, m.dropped, m.duplicate_effects), (0, 0, 0));
}

#[test]
fn patient() {
    let (outcome, m, second) = outcome("patient");
    assert_eq!((outcome.as_str(), second, m.failed), ("join", false, 0));
}

#[test]
fn checklist() {
    let (outcome, m, second) = outcome("checklist");
    assert_eq!((outcome.as_str(), second, m.failed), ("join", false, 0));
    let sim = run(&preset("checklist", &[]));
    let view = sim.view();
    assert!(view.peers.iter().all(|peer| peer.serving && peer.list.len() == 11), "every server was given the new list");
    assert!(view.peers.iter().all(|peer| peer.counted), "and every one is counted");
}

#[test]
fn final_list_trap() {
    let scenario = preset("final-list-trap", &[]);
    let sixth = run_until(&scenario, (3 + 50 + 2) * SECOND);
    assert!(sixth.view().leaders < 2, "five of eleven are not enough");
    let (outcome, m, second) = outcome("final-list-trap");
    assert_eq!((outcome.as_str(), second), ("split", true));
    assert!(m.failed_while_split > 0);
}

#[test]
fn stuck() {
    let (outcome, m, second) = outcome("stuck");
    assert_eq!((outcome.as_str(), second, m.failed), ("stuck", false, 0));
}

#[test]
fn more_brokers() {
    let (outcome, m, _) = outcome("more-brokers");
    assert_eq!(outcome, "split");
    assert!(m.acknowledged_wrong_side > 100 && m.divergent_offsets > 0);
    assert_eq!(m.lost, m.acknowledged_wrong_side);
}

#[test]
fn no_dead_letters() {
    let sim = run(&preset("no-dead-letters", &[]));
    let m = sim.metrics();
    assert!(m.dropped > 100 && m.dead_lettered == 0);
    assert_eq!(m.dropped, sim.ledger().count(Fate::Dropped));
}

#[test]
fn not_idempotent() {
    let (_, m, _) = outcome("not-idempotent");
    assert!(m.duplicate_effects > 50);
    assert_eq!((m.lost, m.dropped), (0, 0));
}

#[test]
fn kraft() {
    let (outcome, m, second) = outcome("kraft");
    assert_eq!((outcome.as_str(), second, m.failed, m.dead_lettered), ("join", false, 0, 0));
    let mut sim = Simulation::new(&preset("kraft", &[]));
    while sim.now() < 60 * SECOND {
        let next = sim.now() + SECOND / 4;
        advance(&mut sim, next);
        let view = sim.view();
        assert_eq!((view.leaders, view.controllers, view.ensembles[0].epoch), (1, 1, 1), "at {} µs", sim.now());
    }
    let view = sim.view();
    assert!(view.peers.iter().all(|p| p.serving && p.counted && p.list.len() == 11), "all eleven are voters");
    assert!(caption(&view).contains("static list"), "{}", caption(&view));
    assert!(run(&preset("the-incident", &[])).metrics().failed > 0, "with ZooKeeper the same hosts do fail writes");
}

#[test]
fn every_preset_has_its_file() {
    let mut wanted: Vec<String> = PRESETS.iter().map(|preset| format!("{}.json", preset.id)).collect();
    for preset in PRESETS {
        assert_file(&format!("www/scenarios/{}.json", preset.id), &preset_json(preset).pretty());
    }
    let dir = std::fs::read_dir(format!("{}/www/scenarios", env!("CARGO_MANIFEST_DIR"))).expect("www/scenarios");
    let mut found: Vec<String> =
        dir.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    wanted.sort();
    found.sort();
    assert_eq!(found, wanted);
}

#[test]
fn the_files_are_the_presets() {
    for preset in PRESETS {
        let document = Document::read(&read(&format!("www/scenarios/{}.json", preset.id))).expect("a sound file");
        assert_eq!(document.scenario, preset.scenario(), "{}", preset.id);
    }
}
