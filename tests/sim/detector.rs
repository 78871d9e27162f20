//! The monitoring: what it sees, when it calls somebody, and that it changes nothing.
use crate::common::{SECOND, check, preset, run, run_until, scenario};
use second_leader::detector::{Alarm, COUNT, PATIENCE, RULES, SCRAPE, Times};
use second_leader::metrics::Milestone;
use second_leader::presets::PRESETS;
use second_leader::recording::Recording;
use second_leader::scenario::{Command, Node, Scenario};
use second_leader::sim::Simulation;

fn at(sim: &Simulation, milestone: Milestone) -> Option<u64> {
    sim.milestones().iter().find(|(m, _)| *m == milestone).map(|(_, at)| *at)
}

fn alarm(sim: &Simulation, metric: &str) -> Alarm {
    let place = RULES.iter().position(|rule| rule.metric.contains(metric)).expect("a rule");
    sim.detector().alarms()[place]
}

#[test]
fn the_incident_is_noticed_at_the_first_look_after_the_second_leader() {
    let sim = run(&preset("the-incident", &[]));
    let second = at(&sim, Milestone::SecondLeader).expect("a second leader");
    let look = second.next_multiple_of(SCRAPE);
    assert_eq!(at(&sim, Milestone::Detected), Some(look));
    let leaders = alarm(&sim, "zk_server_leader) > 1");
    assert_eq!(
        (leaders.fired, leaders.fired_in_split, leaders.times, leaders.firing),
        (Some(look), Some(look), 1, false)
    );
    let gone = at(&sim, Milestone::SecondClusterGone).expect("one leader again");
    assert_eq!(leaders.cleared, Some(gone.next_multiple_of(SCRAPE)), "it falls silent at the next look");
}

#[test]
fn without_a_second_leader_nobody_is_told_of_one() {
    for p in PRESETS {
        let sim = run(&preset(p.id, &[]));
        let split = at(&sim, Milestone::SecondLeader).is_some();
        assert_eq!(at(&sim, Milestone::Detected).is_some(), split, "{}", p.id);
        assert_eq!(alarm(&sim, "zk_server_leader) > 1").fired.is_some(), split, "{}", p.id);
        assert_eq!(Times::of(&sim).broke.is_some(), split, "{}", p.id);
    }
}

#[test]
fn a_healthy_run_is_silent() {
    for id in ["patient", "jitter", "checklist", "observers-first", "kraft"] {
        let sim = run(&preset(id, &[]));
        let rang: Vec<&str> = sim
            .detector()
            .alarms()
            .iter()
            .zip(&RULES)
            .filter(|(a, _)| a.fired.is_some())
            .map(|(_, r)| r.metric)
            .collect();
        assert!(rang.is_empty(), "{id}: {rang:?}");
    }
}

#[test]
fn a_split_between_two_looks_is_not_seen() {
    let short = preset("the-incident", &[("healAt", "12")]);
    let sim = run(&short);
    assert!(at(&sim, Milestone::SecondLeader).is_some_and(|t| t > 0 && t < 12 * SECOND));
    assert_eq!(alarm(&sim, "zk_server_leader) > 1").fired, None, "it was gone at the first look");
    let times = Times::of(&sim);
    assert_eq!((times.detected, times.to_detect(), times.to_mitigate()), (None, None, None));
    assert!(times.mitigated.is_some(), "it is over all the same");
}

#[test]
fn a_dead_host_is_called_in_after_a_minute_and_not_before() {
    let stop = |at: u64| {
        check(Scenario { actions: vec![(at * SECOND, Command::Stop(Node::Peer(5)))], ..preset("leader-killed", &[]) })
    };
    let sim = run(&stop(20));
    assert_eq!(alarm(&sim, "zk_up").fired, Some(30 * SECOND + PATIENCE), "seen at 30 s, and a minute of patience");
    let back = vec![(20 * SECOND, Command::Stop(Node::Peer(5))), (60 * SECOND, Command::Start(Node::Peer(5)))];
    let sim = run(&check(Scenario { actions: back, ..preset("leader-killed", &[]) }));
    assert_eq!(alarm(&sim, "zk_up").fired, None, "it was back in time");
}

#[test]
fn a_cluster_without_a_leader_is_seen() {
    let values = [("newNodes", "0"), ("movedBrokers", "0"), ("heal", "none")];
    let both = vec![(20 * SECOND, Command::Stop(Node::Peer(2))), (20 * SECOND, Command::Stop(Node::Peer(3)))];
    let sim = run_until(&check(Scenario { actions: both, ..scenario(&values) }), 120 * SECOND);
    assert!(alarm(&sim, "zk_server_leader) == 0").fired.is_some());
    assert_eq!(at(&sim, Milestone::Detected), None, "two leaders there are not");
}

#[test]
fn errors_count_over_the_last_minute_only() {
    let sim = run(&preset("the-incident", &[]));
    let errors = alarm(&sim, "record-error-rate");
    let first = at(&sim, Milestone::FirstWriteFailed).expect("a failed write");
    assert!(errors.fired.is_some_and(|t| t > first && t < first + 60 * SECOND), "{errors:?}");
    let last = sim.last_failed();
    assert!(errors.cleared.is_some_and(|t| t > last && t <= last + 75 * SECOND), "{errors:?}, last {last}");
}

#[test]
fn mitigated_means_one_leader_no_failing_write_and_no_dead_letter() {
    for p in PRESETS {
        let sim = run(&preset(p.id, &[]));
        let times = Times::of(&sim);
        let Some(over) = times.mitigated else { continue };
        let before = run_until(&preset(p.id, &[]), over - 1);
        let (now, earlier) = (Times::of(&run_until(&preset(p.id, &[]), over)), Times::of(&before));
        assert_eq!(now.mitigated, Some(over), "{}", p.id);
        assert_eq!(earlier.mitigated.filter(|t| *t >= over), None, "{}: not before", p.id);
        assert_eq!((sim.heads(), sim.metrics().dlq_depth), ((1, 1), 0), "{}", p.id);
        assert!(sim.last_failed() <= over, "{}", p.id);
    }
}

#[test]
fn going_back_and_forth_changes_nothing_of_it() {
    let scenario = preset("the-incident", &[]);
    let mut recording = Recording::new(&scenario);
    recording.run_to(200 * SECOND, &mut || false);
    let first = *recording.sim().detector().alarms();
    recording.seek(20 * SECOND, &mut || false);
    assert!(recording.sim().detector().alarms().iter().filter(|a| a.firing).count() > 1);
    recording.seek(10 * SECOND, &mut || false);
    assert_eq!(*recording.sim().detector().alarms(), [Alarm::default(); COUNT]);
    recording.seek(200 * SECOND, &mut || false);
    assert_eq!(*recording.sim().detector().alarms(), first);
}

#[test]
fn every_rule_names_its_metric_its_meaning_and_its_source() {
    for rule in &RULES {
        assert!(!rule.metric.is_empty() && rule.says.len() > 15 && rule.source.len() > 5, "{rule:?}");
        assert!(rule.hold % SCRAPE == 0, "{}: the wait is a number of looks", rule.metric);
    }
}
