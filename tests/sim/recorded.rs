//! Runs recorded on real ZooKeeper, replayed: same server lists, same instants, same outcome.
use crate::common::{SECOND, assert_sound, check, read, run_until, set};
use second_leader::params::Params;
use second_leader::scenario::{Plan, PlannedHost, Role, Scenario};
use serde_json::Value;

fn sids(json: &Value) -> Vec<u8> {
    json.as_array().expect("a list").iter().map(|sid| sid.as_u64().expect("a sid") as u8).collect()
}

/// A recorded case as a scenario.
fn replay(case: &Value, seed: u32) -> Scenario {
    let host = |fresh: &Value| PlannedHost {
        sid: fresh["sid"].as_u64().expect("sid") as u8,
        start: fresh["looking_at_ms"].as_u64().expect("looking_at_ms") * 1000,
        list: sids(&fresh["list"]),
        role: if fresh["role"] == "observer" { Role::Observer } else { Role::Participant },
    };
    let plan = Plan {
        old: sids(&case["old"]),
        old_leader: case["old_leader"].as_u64().expect("old_leader") as u8,
        fresh: case["fresh"].as_array().expect("fresh").iter().map(host).collect(),
    };
    let mut params = Params::default();
    set(&mut params, &[("heal", "none"), ("writeRate", "1"), ("seed", &seed.to_string())]);
    check(Scenario { plan: Some(plan), ..Scenario::of(params) })
}

/// What the simulation makes of a case: outcome, serving leaders, and `sid=mode` for every host.
fn simulate(case: &Value, seed: u32) -> (String, Vec<u64>, Vec<String>) {
    let scenario = replay(case, seed);
    let last = scenario.plan.iter().flat_map(|plan| &plan.fresh).map(|host| host.start).max().unwrap_or(0);
    let sim = run_until(&scenario, last + 41 * SECOND);
    assert_sound(&sim);
    let verdict = sim.verdict();
    let mut modes: Vec<String> = verdict.modes.iter().map(|(sid, mode)| format!("{sid}={}", mode.name())).collect();
    modes.sort();
    let mut leaders: Vec<u64> = verdict.leaders.iter().map(|&sid| u64::from(sid)).collect();
    leaders.sort_unstable();
    (verdict.outcome.name().to_string(), leaders, modes)
}

/// Replays every case; returns the disagreements in outcome and those in any host's mode.
fn disagreements(seed: u32) -> (Vec<String>, Vec<String>) {
    let file: Value = serde_json::from_str(&read("tests/recorded/membership-runs.json")).expect("JSON");
    let (mut outcomes, mut maps) = (Vec::new(), Vec::new());
    let cases = file["cases"].as_array().expect("cases");
    assert_eq!(cases.len(), 19);
    for case in cases {
        let (outcome, leaders, modes) = simulate(case, seed);
        let observed = &case["observed"];
        let mut wanted: Vec<String> = observed["modes"]
            .as_object()
            .expect("modes")
            .iter()
            .map(|(sid, mode)| format!("{sid}={}", mode.as_str().expect("mode")))
            .collect();
        wanted.sort();
        let name = &case["case"];
        if observed["outcome"] != outcome {
            outcomes.push(format!("{name}: recorded {}, simulated {outcome}", observed["outcome"]));
        }
        if wanted != modes || observed["leaders"] != Value::from(leaders) {
            maps.push(format!("{name}:\n  recorded  {wanted:?}\n  simulated {modes:?}"));
        }
    }
    (outcomes, maps)
}

#[test]
fn nineteen_membership_changes_end_as_on_real_zookeeper() {
    let (outcomes, maps) = disagreements(7);
    assert!(outcomes.is_empty(), "{}", outcomes.join("\n"));
    assert!(maps.len() <= 1, "{} mode maps differ:\n{}", maps.len(), maps.join("\n"));
}

#[test]
fn they_end_so_whatever_the_network_delays() {
    for seed in 0..20 {
        let (outcomes, maps) = disagreements(seed);
        assert!(outcomes.is_empty(), "seed {seed}: {}", outcomes.join("\n"));
        assert!(maps.len() <= 1, "seed {seed}: {} mode maps differ:\n{}", maps.len(), maps.join("\n"));
    }
}
