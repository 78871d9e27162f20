//! Runs for programs: what the package's core entry offers, natively. The package itself is tested by scripts/test-package.sh.
use second_leader::export::result_json;
use second_leader::native::trial::{Trial, issues_json, params, presets, validate};
use second_leader::params::Issue;
use second_leader::presets::PRESETS;
use second_leader::sim::Simulation;

fn ran(scenario: &str, params: &str, until: &str, trace: bool) -> Trial {
    let mut trial = Trial::new(scenario, params, until, trace).unwrap_or_else(|issues| panic!("{issues:?}"));
    while !trial.work() {}
    trial
}

fn refused(scenario: &str, params: &str, until: &str) -> Vec<Issue> {
    Trial::new(scenario, params, until, false).err().expect("it is refused")
}

#[test]
fn a_run_in_slices_gives_the_result_of_a_run_at_once() {
    for preset in PRESETS {
        let scenario = preset.scenario().check().expect("a sound preset");
        let mut sim = Simulation::new(&scenario);
        while !sim.advance(30_000_000, u32::MAX) {}
        assert_eq!(ran(preset.id, "", "30", false).result(), result_json(&scenario, &sim, 30_000_000), "{}", preset.id);
    }
}

#[test]
fn keeping_the_trace_does_not_change_the_run() {
    let (with, without) = (ran("the-incident", "", "20.5", true), ran("the-incident", "", "20.5", false));
    assert_eq!(with.result(), without.result());
    assert!(with.trace().lines().count() > 1000 && with.trace().ends_with('\n'));
    assert_eq!(without.trace(), "");
}

#[test]
fn values_on_top_count_in_each_of_their_types() {
    let text =
        ran("the-incident", r#"{"joinRate": 30, "dlq": false, "mode": "kraft", "seed": 11}"#, "1", false).result();
    for part in ["\"joinRate\":30", "\"dlq\":false", "\"mode\":\"kraft\"", "\"seed\":11"] {
        assert!(text.replace(": ", ":").contains(part), "{part} in {text}");
    }
}

#[test]
fn everything_that_is_wrong_is_said_at_once() {
    let fields = |issues: Vec<Issue>| issues.into_iter().map(|i| i.field).collect::<Vec<_>>();
    assert_eq!(fields(refused("the-incident", r#"{"brokers": 500, "lunch": 1}"#, "-1")), ["brokers", "lunch", "until"]);
    assert_eq!(fields(refused("lunch", "", "")), ["scenario"]);
    assert_eq!(fields(refused("the-incident", "[1]", "")), ["params"]);
    assert_eq!(fields(refused("{\"schemaVersion\": 1, \"lunch\": 2}", "", "")), ["/lunch"]);
}

#[test]
fn issues_presets_and_parameters_are_json() {
    assert_eq!(validate(r#"{"schemaVersion": 1}"#).trim(), "[]");
    assert!(validate("{}").contains("/schemaVersion"));
    assert!(issues_json(&[Issue::new("a\"b", "1", "is odd")]).contains("a\\\"b"));
    assert!(presets().contains("the-incident") && params().contains("joinRate"));
}
