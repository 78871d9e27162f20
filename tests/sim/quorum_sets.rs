//! The quorum view: two majorities of one list share a member; two lists need not.
use crate::common::{SECOND, advance, check, preset, run_until, scenario, serving_leaders};
use second_leader::ensemble::membership::Members;
use second_leader::presets::PRESETS;
use second_leader::quorum_sets::{Quorums, Standing, can_part, quorums};
use second_leader::scenario::{Command, Node, Plan, PlannedHost, Role, Scenario};
use second_leader::sim::Simulation;

/// Runs a preset until it has this many serving leaders.
fn until_leaders(id: &str, n: usize) -> Simulation {
    let mut sim = Simulation::new(&preset(id, &[]));
    while serving_leaders(&sim).len() < n {
        assert!(sim.now() < sim.end(), "{id}: there never were {n} leaders");
        let next = sim.now() + SECOND / 10;
        advance(&mut sim, next);
    }
    sim
}

fn leaders(q: &Quorums) -> Vec<u8> {
    q.sides.iter().filter(|s| s.standing == Standing::Leader).map(|s| s.sid).collect()
}

#[test]
fn before_the_maintenance_one_leader_has_a_majority_of_one_list() {
    let q = quorums(&run_until(&preset("the-incident", &[]), SECOND));
    assert_eq!((q.sides.len(), q.pairs.len()), (1, 0));
    let a = &q.sides[0];
    assert_eq!((a.sid, a.standing, a.list.as_slice(), a.majority), (3, Standing::Leader, &[1, 2, 3][..], 2));
    assert_eq!((a.agreed.as_slice(), a.synced.as_slice()), (&[1, 2, 3][..], &[1, 2, 3][..]));
    assert!(q.says.starts_with("One leader: zk3 has 3 of its list of 3 and needs 2."), "{}", q.says);
}

#[test]
fn the_second_leader_has_a_majority_of_another_list_and_nobody_in_common_with_the_first() {
    let q = quorums(&until_leaders("the-incident", 2));
    let (a, b) = (&q.sides[0], &q.sides[1]);
    assert_eq!((a.list.len(), a.majority), (3, 2));
    assert!(b.list.len() > a.list.len() && a.list.iter().all(|sid| b.list.contains(sid)), "{b:?}");
    assert!(b.agreed.len() as u32 >= b.majority && b.voted.len() as u32 >= b.majority, "{b:?}");
    let pair = &q.pairs[0];
    assert_eq!((pair.on_both.as_slice(), pair.shared.as_slice(), pair.can_part), (&[1, 2, 3][..], &[][..], true));
    assert!(pair.says.contains("Nobody agreed to both"), "{}", pair.says);
    assert!(q.says.starts_with("2 leaders"), "{}", q.says);
}

#[test]
fn whoever_leads_has_a_majority_of_its_own_list_and_equal_lists_share_a_member() {
    for preset in PRESETS {
        let mut sim = Simulation::new(&crate::common::preset(preset.id, &[]));
        let mut pairs = 0;
        for at in (1..=120).map(|i| i * SECOND) {
            let at = at.min(sim.end());
            advance(&mut sim, at);
            let q = quorums(&sim);
            let led = serving_leaders(&sim);
            assert!(led.iter().all(|sid| leaders(&q).contains(sid)), "{} at {at}: {led:?} {q:?}", preset.id);
            for side in &q.sides {
                let serves = side.standing == Standing::Leader && sim.quorum().is_empty();
                assert!(!serves || side.has_majority(), "{} at {at}: {side:?}", preset.id);
                assert_eq!(side.majority as usize, side.list.len() / 2 + 1);
                for set in [&side.agreed, &side.voted, &side.synced] {
                    assert!(set.iter().all(|sid| side.list.contains(sid)), "{} at {at}: {side:?}", preset.id);
                }
            }
            for pair in &q.pairs {
                let (a, b) = (&q.sides[pair.a], &q.sides[pair.b]);
                let both = a.has_majority() && b.has_majority();
                let parted = both && pair.shared.is_empty();
                assert!(!parted || pair.can_part, "{} at {at}: {pair:?}", preset.id);
                assert!(a.list != b.list || !pair.can_part, "{} at {at}: {pair:?}", preset.id);
                pairs += usize::from(parted);
            }
        }
        assert_eq!(pairs > 0, sim.milestones().iter().any(|m| m.0.name() == "secondLeader"), "{}", preset.id);
    }
}

#[test]
fn two_lists_can_part_exactly_when_two_majorities_without_a_common_member_exist() {
    let majorities = |list: u64| (1..64_u64).filter(move |m| m & !list == 0 && Members(list).is_quorum(*m));
    for a in 1..64_u64 {
        for b in 1..64_u64 {
            let found = majorities(a).any(|x| majorities(b).any(|y| x & y == 0));
            assert_eq!(can_part(Members(a), Members(b)), found, "{a:b} {b:b}");
        }
    }
}

#[test]
fn a_leader_that_was_cut_off_and_its_successor_share_a_member_of_the_one_list_they_count() {
    let mut sim = run_until(&scenario(&[("newNodes", "0")]), SECOND);
    sim.apply(Command::Isolate(Node::Peer(3))).expect("zk3 exists");
    let mut met = false;
    for at in (11..200).map(|i| i * SECOND / 10) {
        advance(&mut sim, at);
        let q = quorums(&sim);
        if let Some(pair) = q.pairs.iter().find(|p| q.sides[p.a].has_majority() && q.sides[p.b].has_majority()) {
            met = true;
            assert!(!pair.shared.is_empty() && !pair.can_part, "{pair:?}");
            assert!(pair.says.contains("so they share a member"), "{}", pair.says);
        }
    }
    assert!(met, "both led for a while");
}

#[test]
fn three_ensembles_have_three_pairs() {
    // Six hosts join in two groups, and each is given a list of its group alone.
    let host = |sid: u8| PlannedHost {
        sid,
        start: 2 * SECOND,
        list: if sid < 7 { vec![4, 5, 6] } else { vec![7, 8, 9] },
        role: Role::Participant,
    };
    let plan = Plan { old: vec![1, 2, 3], old_leader: 3, fresh: (4..=9).map(host).collect() };
    let mut sim = Simulation::new(&check(Scenario { plan: Some(plan), ..Scenario::default() }));
    let mut most = 0;
    while sim.now() < 60 * SECOND && most < 3 {
        let next = sim.now() + SECOND / 10;
        advance(&mut sim, next);
        most = most.max(serving_leaders(&sim).len());
    }
    let q = quorums(&sim);
    assert_eq!((most, leaders(&q).len()), (3, 3), "{q:?}");
    let all_lead = |p: &&second_leader::quorum_sets::Pair| p.b < 3;
    assert!(q.pairs.iter().filter(all_lead).all(|p| p.shared.is_empty() && p.can_part), "{:?}", q.pairs);
    assert_eq!(q.pairs.iter().filter(all_lead).count(), 3);
}

#[test]
fn a_kraft_quorum_has_one_side_or_none_that_leads() {
    let mut sim = Simulation::new(&preset("kraft", &[]));
    for at in (1..=60).map(|i| i * SECOND) {
        advance(&mut sim, at);
        let q = quorums(&sim);
        assert_eq!(leaders(&q).len(), 1, "{at}: {q:?}");
        assert!(q.sides[0].has_majority(), "{:?}", q.sides[0]);
    }
    assert!(quorums(&sim).says.starts_with("One leader: controller "), "{}", quorums(&sim).says);
}
