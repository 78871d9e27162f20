//! Two runs on one clock: what differs is said, and nothing else.
use second_leader::compare;
use second_leader::metrics::Milestone;
use second_leader::params::{KEYS, Key};
use second_leader::scenario::{Command, Node, Scenario};
use second_leader::sim::Simulation;
use second_leader::view::View;

fn at(joins: Option<&str>, seconds: u64) -> (Scenario, View) {
    let mut scenario = Scenario::preset("the-incident").expect("a preset");
    if let Some(rate) = joins {
        scenario.params.set_text(Key::JoinRate, rate).expect("a legal rate");
    }
    let mut sim = Simulation::new(&scenario);
    while !sim.advance(seconds * 1_000_000, 1 << 20) {}
    (scenario, sim.view())
}

#[test]
fn a_run_does_not_differ_from_itself() {
    let (scenario, view) = at(None, 20);
    assert_eq!(compare::nodes(&view, &view), []);
    assert!(compare::ledgers(&view, &view).iter().all(|p| p.here == p.there));
    assert_eq!(compare::values(&scenario.params, &scenario.params), Vec::<String>::new());
}

#[test]
fn adding_hosts_slowly_differs_in_the_hosts_the_broker_and_the_dead_letters() {
    let (quick, here) = at(None, 20);
    let (slow, there) = at(Some("24"), 20);
    assert_eq!(compare::values(&quick.params, &slow.params), ["Join rate 480 → 24 hosts/min"]);
    let differences = compare::nodes(&here, &there);
    let of = |node| differences.iter().find(|d| d.node == node).expect("it differs");
    assert_eq!(of(Node::Peer(11)).here, "leads in B");
    assert!(of(Node::Broker(10)).here.starts_with("obeys B, controller, leads 0"));
    assert!(of(Node::Broker(10)).there.starts_with("obeys A, leads"));
    assert!(!differences.iter().any(|d| d.node == Node::Broker(1) && d.here == d.there));
    let ledgers = compare::ledgers(&here, &there);
    let dead = ledgers.iter().find(|p| p.name == "deadLettered").expect("a state");
    assert!(dead.here > 10 && dead.there == 0, "{dead:?}");
    let second = compare::milestones(&here.milestones, &there.milestones);
    let second = second.iter().find(|t| t.milestone == Milestone::SecondLeader).expect("in one of them");
    assert!(second.here.is_some() && second.there.is_none());
}

#[test]
fn what_people_did_in_one_run_only_is_told_apart() {
    let both = (5_000_000, Command::Stop(Node::Peer(1)));
    let one = (9_000_000, Command::MoveBroker(4));
    let [here, there] = compare::actions(&[both, one], &[both]);
    assert_eq!(here, ["0:09.0 move broker 4 to the new hosts"]);
    assert_eq!(there, Vec::<String>::new());
}

#[test]
fn the_alternative_to_any_value_is_another_legal_value() {
    for key in KEYS.iter().filter(|key| !matches!(key.param().kind, second_leader::params::Kind::Sids)) {
        let p = key.param();
        for value in [p.default, p.min, p.max] {
            let other = compare::alternative(*key, value);
            let mut params = second_leader::params::Params::default();
            params.set(*key, other).unwrap_or_else(|issue| panic!("{}: {}", p.key, issue.text()));
            assert!(other != value, "{} = {value}", p.key);
        }
    }
}
