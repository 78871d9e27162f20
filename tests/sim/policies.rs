//! How hosts are added: which server list each is given decides whether a second leader can be elected.
use crate::common::{SECOND, assert_sound, check, run, run_until, scenario, serving_leaders, with};
use second_leader::metrics::Milestone;
use second_leader::scenario::{Command, Node, Scenario};
use second_leader::sim::Simulation;

fn second_leader(sim: &Simulation) -> bool {
    sim.milestones().iter().any(|(m, _)| *m == Milestone::SecondLeader)
}

const SAFE: [&str; 3] = ["oneByOne", "observersFirst", "dynamicReconfig"];

#[test]
fn joiners_listed_as_observers_follow_the_old_leader_at_any_rate() {
    for rate in ["1200", "480", "60"] {
        let sim = run(&scenario(&[("listPolicy", "observersFirst"), ("joinRate", rate)]));
        assert_eq!(sim.verdict().outcome.name(), "join", "{rate} hosts/min");
        assert!(!second_leader(&sim));
        let view = sim.view();
        assert!(view.peers.iter().filter(|p| p.fresh).all(|p| p.observer && p.serving && p.majority == 2));
        assert_eq!(sim.metrics().failed, 0);
    }
}

#[test]
fn with_dynamic_reconfig_the_ensemble_agrees_on_one_new_member_at_a_time() {
    let values = [("listPolicy", "dynamicReconfig"), ("joinRate", "1200")];
    let sim = run(&scenario(&values));
    assert_eq!(sim.verdict().outcome.name(), "join");
    assert!(!second_leader(&sim));
    let view = sim.view();
    assert!(view.peers.iter().all(|p| p.serving && p.list.len() == 11 && p.counted), "all know all eleven");
    assert_eq!(serving_leaders(&sim), [3], "the leader never changed");

    // [recorded] the leader of the grown ensemble is killed: every other member serves under a new one within a second.
    let killed = Scenario { actions: vec![(60 * SECOND, Command::Stop(Node::Peer(3)))], ..scenario(&values) };
    let sim = run_until(&check(killed), 61 * SECOND);
    assert_eq!(serving_leaders(&sim), [11]);
    assert_eq!(sim.view().peers.iter().filter(|p| p.serving).count(), 10);
}

#[test]
fn joined_is_not_counted_until_the_old_hosts_know_the_new_list() {
    // [recorded] zk-04: six joiners follow, the old leader dies, and the six cannot go on: the two old ones can.
    let sim = run(&scenario(&[("newNodes", "6"), ("joinRate", "6"), ("bootTime", "0.1"), ("heal", "none")]));
    assert_eq!(sim.verdict().outcome.name(), "join");
    assert_eq!(sim.view().peers.iter().filter(|p| !p.counted).count(), 6, "non-voting followers");
    let mut stopped = scenario(&[("newNodes", "6"), ("joinRate", "6"), ("bootTime", "0.1"), ("heal", "none")]);
    stopped.actions.push((100 * SECOND, Command::Stop(Node::Peer(3))));
    let sim = run_until(&check(stopped), 126 * SECOND);
    assert_eq!(serving_leaders(&sim), [2]);
    let serving: Vec<u8> = sim.view().peers.iter().filter(|p| p.serving).map(|p| p.sid).collect();
    assert_eq!(serving, [1, 2], "the lists of the joiners need more votes than they can get");
}

#[test]
fn replacing_three_of_five_at_once_elects_a_second_leader() {
    // [recorded] the new list keeps two of the old five: three new ones are a majority of it.
    let values = [("oldNodes", "5"), ("newNodes", "3"), ("removed", "1,2,3")];
    let sim = run_until(&scenario(&values), 40 * SECOND);
    assert_eq!(serving_leaders(&sim), [5, 8]);
    let two = [("oldNodes", "5"), ("newNodes", "2"), ("removed", "1,2")];
    assert_eq!(run(&scenario(&two)).verdict().outcome.name(), "join", "two of five is a minority of the new list");
}

#[test]
fn safe_policies_also_replace_hosts_one_at_a_time() {
    for policy in ["oneByOne", "dynamicReconfig"] {
        let values =
            [("oldNodes", "5"), ("newNodes", "3"), ("removed", "1,2,5"), ("listPolicy", policy), ("heal", "none")];
        let sim = run(&scenario(&values));
        assert!(!second_leader(&sim), "{policy}");
        let view = sim.view();
        let left: Vec<u8> = view.peers.iter().filter(|p| p.serving).map(|p| p.sid).collect();
        assert_eq!(left, [3, 4, 6, 7, 8], "{policy}: the removed hosts are stopped");
        assert!(view.peers.iter().filter(|p| p.serving).all(|p| p.list == left), "{policy}: and nobody lists them");
        assert_eq!(serving_leaders(&sim).len(), 1, "{policy}");
    }
}

#[test]
fn no_safe_policy_ever_elects_a_second_leader() {
    for policy in SAFE {
        for seed in 0..60u64 {
            let (old, new) = (1 + seed % 5, seed % 9);
            let text = |n: u64| n.to_string();
            let values = [
                ("listPolicy", policy),
                ("seed", &text(seed)),
                ("oldNodes", &text(old)),
                ("newNodes", &text(new)),
                ("joinRate", &text(30 + 37 * seed % 1170)),
                ("joinJitter", &text(seed % 7)),
                ("bootTime", &text(1 + seed % 4)),
                ("removed", if old > 2 && seed % 3 == 0 { "1" } else { "" }),
                ("oldEpoch", &text(1 + seed % 3)),
                ("writeRate", "1"),
                ("heal", "none"),
            ];
            let sim = run_until(&scenario(&values), 120 * SECOND);
            assert_sound(&sim);
            assert!(!second_leader(&sim), "{policy}, seed {seed}: {values:?}");
        }
    }
}

#[test]
fn hosts_can_be_added_while_it_runs() {
    let mut more = with(Scenario::default(), &[("newNodes", "0"), ("movedBrokers", "0"), ("heal", "none")]);
    more.actions.push((10 * SECOND, Command::AddNodes(8)));
    let sim = run(&check(more));
    assert_eq!(sim.view().peers.len(), 11);
    assert!(second_leader(&sim), "eight at once are as dangerous as planned ones");
    let too_many = Scenario { actions: vec![(0, Command::AddNodes(50))], ..Scenario::default() };
    let issues = too_many.check().expect_err("61 hosts");
    assert_eq!(issues[0].field, "/actions/0/count");
}
