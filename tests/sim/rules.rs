//! Single rules that no larger test would miss, each broken once on purpose to see its test fail.
use crate::common::{MS, SECOND, check, run_until, scenario, serving_leaders};
use second_leader::ensemble::znode::Txn;
use second_leader::event::{Actor, Event, SyncMode, What};
use second_leader::scenario::{Command, Link, Node, Scenario};
use second_leader::sim::Simulation;

fn with_actions(values: &[(&str, &str)], actions: Vec<(u64, Command)>) -> Scenario {
    check(Scenario { actions, ..scenario(values) })
}

fn events(scenario: &Scenario, until: u64) -> Vec<Event> {
    let mut all = Vec::new();
    Simulation::new(scenario).advance_with(until, &mut |event| all.push(*event));
    all
}

fn is_reconfig(event: &&Event) -> bool {
    matches!(event.what, What::Committed { txn: Txn::Reconfig { .. }, .. })
}

#[test]
fn a_new_list_needs_a_majority_of_itself_too() {
    // Two of three are a majority of the old list; of the new list of four they are not. The others hang before they can agree.
    let values = [("newNodes", "1"), ("listPolicy", "dynamicReconfig"), ("heal", "none")];
    let joined = |e: &&Event| e.actor == Actor::Peer(4) && matches!(e.what, What::Joined { .. });
    let joined = events(&scenario(&values), 30 * SECOND).iter().find(joined).map(|e| e.at).expect("zk4 joins");
    let hang = [1, 4].map(|sid| (joined + MS / 2, Command::Freeze(Node::Peer(sid))));
    let hangs = with_actions(&values, hang.to_vec());
    assert_eq!(events(&hangs, joined + 5 * SECOND).iter().filter(is_reconfig).count(), 0);
    assert_eq!(run_until(&hangs, joined + 5 * SECOND).view().peers[1].list, [1, 2, 3]);
    assert_eq!(
        run_until(&scenario(&values), joined + 5 * SECOND).view().peers[1].list,
        [1, 2, 3, 4],
        "else it is agreed"
    );
}

#[test]
fn the_ensemble_agrees_on_each_new_member_once() {
    let values = [("listPolicy", "dynamicReconfig"), ("joinRate", "1200")];
    assert_eq!(events(&scenario(&values), 40 * SECOND).iter().filter(is_reconfig).count(), 8);
}

#[test]
fn a_proposal_that_waits_is_committed_when_restarted_followers_have_it() {
    // zk2 is not heard, zk1 is down; a broker leaves, and the leader can only propose that. zk1 comes back: it gets the proposal
    // with its sync, and says that it has it by acknowledging that.
    let deaf = Link { from: Node::Peer(2), to: Node::Peer(3), both: false };
    let actions = vec![
        (10 * SECOND, Command::CutLink(deaf)),
        (10 * SECOND + 100 * MS, Command::MoveBroker(8)),
        (10 * SECOND + 900 * MS, Command::Stop(Node::Peer(1))),
        (11 * SECOND + 150 * MS, Command::Start(Node::Peer(1))),
    ];
    let sim = run_until(&with_actions(&[("newNodes", "0"), ("heal", "none")], actions), 13 * SECOND + 500 * MS);
    assert_eq!(serving_leaders(&sim), [3], "it never gave up");
    let ids = sim.tree(3).into_iter().find(|(path, _)| *path == "/brokers/ids").expect("the path").1;
    assert!(!ids.split(' ').any(|id| id == "8"), "its session was closed: {ids}");
}

#[test]
fn a_leader_that_wrote_what_nobody_else_saw_gets_the_whole_tree_when_it_comes_back() {
    // Its zxid is unknown to the new leader, and of an older epoch: no TRUNC across epochs, so SNAP. [source: syncFollower]
    let actions = vec![
        (10 * SECOND, Command::Isolate(Node::Peer(3))),
        // Broker 3 talks to zk1 and must be told to leave; the old leader's own clients expire on it and are proposed there.
        (45 * SECOND, Command::Rejoin(Node::Peer(3))),
    ];
    let values = [("newNodes", "0"), ("heal", "none"), ("syncLimit", "12"), ("sessionTimeout", "4")];
    let cut = with_actions(&values, actions);
    let back = |e: &&Event| e.at > 45 * SECOND && e.actor == Actor::Peer(3);
    let all = events(&cut, 60 * SECOND);
    let modes: Vec<SyncMode> = all
        .iter()
        .filter(back)
        .filter_map(|e| if let What::Synced { mode, .. } = e.what { Some(mode) } else { None })
        .collect();
    assert_eq!(modes, [SyncMode::Snap]);
    let view = run_until(&cut, 60 * SECOND).view();
    assert!(view.peers.iter().all(|p| p.serving && !p.diverged), "and then all trees are the same");
}

#[test]
fn a_restarted_controller_finds_its_own_old_node_and_waits_for_that_session_to_end() {
    let actions = vec![(10 * SECOND, Command::Stop(Node::Broker(1))), (12 * SECOND, Command::Start(Node::Broker(1)))];
    let crash = with_actions(&[("newNodes", "0"), ("heal", "none")], actions);
    let view = run_until(&crash, 20 * SECOND).view();
    assert_eq!(view.controllers, 0, "its old session still holds /controller");
    let view = run_until(&crash, 40 * SECOND).view();
    let epochs: Vec<u32> = view.brokers.iter().filter_map(|b| b.controller).collect();
    assert_eq!(epochs, [2], "then one is elected, with the next epoch");
}

#[test]
fn hosts_that_heal_by_themselves_forget_what_they_had() {
    let sim = run_until(&scenario(&[("heal", "auto"), ("wiped", "off")]), 90 * SECOND);
    assert!(sim.view().peers.iter().all(|p| p.serving && !p.diverged));
}
