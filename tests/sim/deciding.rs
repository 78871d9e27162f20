//! Deciding: what is foretold is what happens, and only what would do something is offered.
use crate::common::{SECOND, run_until, scenario};
use second_leader::decide::{Decision, Lookahead, Price};
use second_leader::sim::Simulation;

/// What can be decided at this instant, with every price.
fn at(sim: &Simulation) -> Lookahead {
    let mut ahead = Lookahead::from(sim);
    while !ahead.work(20_000) {}
    ahead
}

fn price(ahead: &Lookahead, decision: Decision) -> Price {
    let found = ahead.prospects.iter().find(|p| p.decision == decision);
    found.and_then(|p| p.price).unwrap_or_else(|| panic!("{decision:?} is not offered"))
}

#[test]
fn what_is_foretold_is_what_happens() {
    for (moved, when) in [("1", 30), ("3", 45), ("1", 70)] {
        let sim = run_until(&scenario(&[("movedBrokers", moved), ("heal", "kill")]), when * SECOND);
        let ahead = at(&sim);
        assert!(!ahead.prospects.is_empty());
        for prospect in &ahead.prospects {
            let mut real = sim.clone();
            prospect.commands.iter().for_each(|c| real.apply(*c).unwrap_or_else(|issue| panic!("{issue:?}")));
            while !real.advance(real.end(), 100_000) {}
            assert_eq!(prospect.price, Some(Price::of(&real)), "{:?} at {when} s, {moved} moved", prospect.decision);
        }
    }
}

#[test]
fn in_the_middle_of_the_incident_waiting_costs_more_than_stepping_in() {
    let ahead = at(&run_until(&scenario(&[]), 40 * SECOND));
    let (wait, kill, plan) =
        (price(&ahead, Decision::Wait), price(&ahead, Decision::Kill), price(&ahead, Decision::AsPlanned));
    assert!(kill.dead_lettered < plan.dead_lettered && plan.dead_lettered < wait.dead_lettered, "{ahead:?}");
    assert!(kill.whole < plan.whole && wait.whole.is_none() && wait.writes.is_none());
    assert_eq!((kill.lost, plan.lost), (0, 0), "no job is lost with one broker on the wrong side");
    let repoint = price(&ahead, Decision::Repoint);
    assert!(repoint.writes < wait.writes.or(Some(u64::MAX)) && repoint.whole.is_none(), "the second leader stays");
}

#[test]
fn once_the_wrong_side_has_acknowledged_writes_killing_it_loses_them_and_finishing_the_roll_out_does_not() {
    let ahead = at(&run_until(&scenario(&[("movedBrokers", "3")]), 45 * SECOND));
    let (kill, rollout) = (price(&ahead, Decision::Kill), price(&ahead, Decision::FinishRollout));
    assert!(kill.lost > 0 && rollout.lost < kill.lost, "{kill:?} {rollout:?}");
}

#[test]
fn in_a_calm_cluster_there_is_nothing_to_decide_but_whether_to_keep_to_the_plan() {
    let offered = |values: &[(&str, &str)], when: u64| {
        let ahead = Lookahead::from(&run_until(&scenario(values), when * SECOND));
        ahead.prospects.iter().map(|p| p.decision).collect::<Vec<_>>()
    };
    assert_eq!(offered(&[("newNodes", "0")], 10), [Decision::AsPlanned, Decision::Wait]);
    assert_eq!(offered(&[("newNodes", "0"), ("heal", "none")], 10), [Decision::Wait]);
    assert!(offered(&[("mode", "kraft")], 30).iter().all(|d| matches!(d, Decision::AsPlanned | Decision::Wait)));
}

#[test]
fn the_planned_recovery_can_be_called_off_and_asked_for_after_all() {
    use second_leader::metrics::Milestone;
    use second_leader::params::Key;
    use second_leader::scenario::Command;
    let healed = |heal: &str, sets: &[(u64, i64)]| {
        let mut scenario = scenario(&[("heal", heal)]);
        scenario.actions.extend(sets.iter().map(|(at, value)| (at * SECOND, Command::Set(Key::Heal, *value))));
        let sim = run_until(&scenario, 200 * SECOND);
        sim.milestones().iter().any(|(m, _)| *m == Milestone::SecondClusterGone)
    };
    assert!(healed("kill", &[]) && !healed("kill", &[(20, 0)]), "called off");
    assert!(healed("kill", &[(20, 0), (30, 1)]) && healed("none", &[(20, 1)]), "asked for after all");
    assert!(!healed("none", &[(70, 1)]), "too late: that time is over");
}
