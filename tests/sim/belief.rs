//! View as this node: nobody inside a run believes in two leaders, and nothing is made up.
use crate::common::{SECOND, advance, preset, run_until, serving_leaders};
use second_leader::belief::picture::picture;
use second_leader::belief::{Belief, belief};
use second_leader::presets::PRESETS;
use second_leader::scenario::Node;
use second_leader::scene::{Scene, Size};
use second_leader::sim::Simulation;
use second_leader::view::{PeerPhase, Place, View};

fn nodes(view: &View) -> Vec<Node> {
    let peers = view.peers.iter().map(|p| Node::Peer(p.sid));
    let brokers = view.brokers.iter().map(|b| Node::Broker(b.id));
    let producers = (0..view.producers).map(Node::Producer);
    peers.chain(brokers).chain(producers).chain((0..view.consumers).map(Node::Consumer)).collect()
}

fn as_seen_by(sim: &Simulation, node: Node) -> Belief {
    belief(sim, &sim.view(), node)
}

/// The instant at which a preset first has two leaders and two controllers.
fn split(id: &str) -> Simulation {
    let mut sim = Simulation::new(&preset(id, &[]));
    while sim.heads() != (2, 2) {
        assert!(sim.now() < sim.end(), "{id} never had two of each");
        let next = sim.now() + SECOND / 5;
        advance(&mut sim, next);
    }
    sim
}

#[test]
fn nobody_believes_in_two_leaders_or_two_controllers_even_while_there_are_two() {
    let mut whole = (0, 0);
    for preset in PRESETS {
        let mut sim = Simulation::new(&crate::common::preset(preset.id, &[]));
        for at in (0..400).map(|i| i * SECOND / 2) {
            let at = at.min(sim.end());
            advance(&mut sim, at);
            let view = sim.view();
            whole = (whole.0.max(view.leaders), whole.1.max(view.controllers));
            for node in nodes(&view) {
                let b = belief(&sim, &view, node);
                let leaders = b.view.peers.iter().filter(|p| p.phase == PeerPhase::Leading).count();
                let controllers = b.view.brokers.iter().filter(|x| x.controller.is_some()).count();
                let led = b.view.ensembles.iter().filter(|e| e.leader != 0).count();
                let what = (preset.id, at, node, &b.says);
                assert!(leaders <= 1 && controllers <= 1 && led <= 1, "{what:?}: {leaders} {controllers} {led}");
                assert!(b.view.leaders <= 1 && b.view.controllers <= 1, "{what:?}");
                assert!(!b.says.is_empty() && b.says.ends_with('.'), "{what:?}");
            }
        }
    }
    assert_eq!(whole, (2, 2), "somewhere the whole has two of each");
}

#[test]
fn what_is_not_known_is_blank_and_every_place_is_in_one_list_at_most() {
    for id in ["the-incident", "kraft", "more-brokers", "retry-storm"] {
        let mut sim = Simulation::new(&preset(id, &[]));
        for at in (0..30).map(|i| i * 4 * SECOND) {
            advance(&mut sim, at);
            let view = sim.view();
            for node in nodes(&view) {
                let b = belief(&sim, &view, node);
                assert!(b.knows(Place::from(node)), "{id}: {node:?} knows itself");
                assert!(!b.unknown.iter().any(|p| b.named.contains(p)), "{id} {node:?}");
                for p in b.view.peers.iter().filter(|p| !b.knows(Place::Peer(p.sid))) {
                    assert_eq!((p.phase, p.leader, p.ensemble, p.serving), (PeerPhase::Planned, None, None, false));
                }
                for x in b.view.brokers.iter().filter(|x| !b.knows(Place::Broker(x.id))) {
                    assert_eq!((x.controller, x.leads, x.ensemble, x.replicas.len()), (None, 0, None, 0));
                }
            }
        }
    }
}

#[test]
fn a_follower_of_the_first_leader_knows_one_ensemble_of_three_and_the_new_hosts_by_name_at_most() {
    let sim = split("the-incident");
    let b = as_seen_by(&sim, Node::Peer(2));
    assert!(b.says.starts_with("zk2 believes: there is one ensemble of 3, led by zk3."), "{}", b.says);
    for sid in 4..=11 {
        assert!(!b.knows(Place::Peer(sid)), "zk{sid}: {:?}", b.named);
    }
    assert!(b.knows(Place::Peer(3)) && b.view.leaders == 1);
    assert_eq!(b.view.ensembles[1].leader, 0, "it knows nothing of the second one");
    assert_eq!(b.view.brokers.iter().filter(|x| x.controller.is_some()).map(|x| x.id).collect::<Vec<_>>(), [1]);
}

#[test]
fn the_second_leader_believes_that_it_leads_the_only_ensemble() {
    let sim = split("the-incident");
    let second = serving_leaders(&sim).into_iter().find(|sid| *sid != 3).expect("a second leader");
    let b = as_seen_by(&sim, Node::Peer(second));
    assert!(b.says.contains("there is one ensemble of") && b.says.contains("and it leads it"), "{}", b.says);
    assert!(b.view.peers.iter().all(|p| p.phase != PeerPhase::Leading || p.sid == second));
    assert_eq!(b.view.ensembles[0].leader, 0);
    assert!(
        b.says.contains(" 3 of its list of 11 told it that zk3 leads: fewer than the 6 that it would believe."),
        "{}",
        b.says
    );
    let brokers: Vec<u8> = b.view.brokers.iter().filter(|x| b.knows(Place::Broker(x.id))).map(|x| x.id).collect();
    assert_eq!(brokers, b.view.ensembles[1].broker_ids, "it knows the brokers that registered with it and no other");
}

#[test]
fn the_moved_broker_believes_that_it_is_alone_and_the_controller() {
    let mut sim = split("the-incident");
    let soon = sim.now() + 2 * SECOND;
    advance(&mut sim, soon);
    let view = sim.view();
    let moved = view.brokers.iter().find(|x| x.ensemble == Some(1)).expect("a broker moved").id;
    let b = as_seen_by(&sim, Node::Broker(moved));
    assert!(b.says.contains("it is the only broker there is; it is the controller itself"), "{}", b.says);
    assert!(b.says.contains("there is no topic"), "{}", b.says);
    assert!((1..=10).filter(|id| *id != moved).all(|id| !b.knows(Place::Broker(id))));
    let other = as_seen_by(&sim, Node::Broker(if moved == 2 { 3 } else { 2 }));
    assert!(other.says.contains("broker 1 is the controller"), "{}", other.says);
    assert!(other.view.peers.iter().all(|p| p.phase == PeerPhase::Planned), "it cannot see who leads ZooKeeper");
}

#[test]
fn a_host_that_looks_says_how_many_votes_it_has_and_needs() {
    let mut sim = Simulation::new(&preset("the-incident", &[]));
    let mut seen = 0;
    for at in (0..200).map(|i| i * SECOND / 10) {
        advance(&mut sim, at);
        let view = sim.view();
        for p in view.peers.iter().filter(|p| p.phase == PeerPhase::Looking) {
            let b = belief(&sim, &view, Node::Peer(p.sid));
            let says = ["; ", &p.votes.to_string(), " of its list of ", &p.list.len().to_string()].concat();
            assert!(b.says.contains(&says), "{}", b.says);
            assert_eq!(b.view.leaders, 0);
            seen += 1;
        }
    }
    assert!(seen > 20, "hosts looked {seen} times");
}

#[test]
fn a_kraft_broker_hears_who_leads_and_an_observer_knows_that_it_has_no_vote() {
    let sim = run_until(&preset("kraft", &[]), SECOND);
    let leader = sim.view().ensembles[0].leader;
    let b = as_seen_by(&sim, Node::Broker(1));
    let word = ["It obeys controller ", &leader.to_string(), "."].concat();
    assert!(b.says.ends_with(&word), "{}", b.says);
    assert!(b.view.peers.iter().any(|p| p.sid == leader && p.phase == PeerPhase::Leading));
    let mut sim = sim;
    let mut observed = false;
    for at in (5..200).map(|i| i * SECOND / 5) {
        advance(&mut sim, at);
        let view = sim.view();
        let observer = view.peers.iter().find(|p| p.phase == PeerPhase::Observing && p.leader.is_some());
        if let Some(p) = observer {
            let says = belief(&sim, &view, Node::Peer(p.sid)).says;
            observed |= says.contains("It is no voter itself: it observes.");
        }
    }
    assert!(observed, "a new controller observed before it was added");
}

#[test]
fn a_producer_knows_what_its_one_broker_says_and_nothing_of_zookeeper() {
    let mut sim = split("the-incident");
    let mut misled = 0;
    for _ in 0..200 {
        let next = sim.now() + SECOND / 10;
        advance(&mut sim, next);
        let view = sim.view();
        for i in 0..view.producers {
            let b = belief(&sim, &view, Node::Producer(i));
            assert!((1..=11).all(|sid| b.unknown.contains(&Place::Peer(sid))));
            misled += u32::from(b.says.contains("this is cluster B with 1 broker"));
        }
    }
    assert!(misled > 0, "some jobs ask the moved broker");
}

#[test]
fn a_belief_is_drawn_on_the_places_of_the_whole_and_nothing_is_drawn_twice() {
    for id in ["the-incident", "kraft"] {
        let mut sim = Simulation::new(&preset(id, &[]));
        for at in (0..40).map(|i| i * 2 * SECOND) {
            advance(&mut sim, at);
            let view = sim.view();
            let whole = Scene::of(&view, Size { width: if at % 4 == 0 { 1280 } else { 400 } });
            for node in nodes(&view) {
                let b = belief(&sim, &view, node);
                let drawn = picture(&whole, &b);
                let (scene, hosts) = (&drawn.scene, view.peers.len());
                let veiled =
                    |peer: bool| drawn.veils.iter().filter(|v| matches!(v.place, Place::Peer(_)) == peer).count();
                assert_eq!(scene.peers.len() + veiled(true), hosts, "{id} {at} {node:?}");
                assert_eq!((scene.width, scene.height), (whole.width, whole.height));
                for (p, spot) in drawn.view.peers.iter().zip(&scene.peers) {
                    let there = whole.peers.iter().find(|s| s.sid == spot.sid).map(|s| s.at);
                    assert_eq!((p.sid, Some(spot.at)), (spot.sid, there), "nothing moves");
                }
                assert!(drawn.view.brokers.iter().zip(&scene.brokers).all(|(x, spot)| x.id == spot.id));
                assert!(scene.hulls.len() <= 1, "{id} {at} {node:?}: it knows of one ensemble at most");
            }
        }
    }
}
