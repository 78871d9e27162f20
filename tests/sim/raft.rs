//! KRaft mode: the same hosts, at any rate, and one leader; controllers that stop, hang and come back; brokers that leave.
use crate::common::{
    Dice, SECOND, advance, assert_sound, check, interventions, run, run_until, scenario, serving_leaders, set,
};
use second_leader::metrics::Milestone;
use second_leader::scenario::{Command, Link, Node, Scenario};
use second_leader::sim::Simulation;
use second_leader::view::{BrokerPhase, BrokerView, PeerPhase};

fn kraft(values: &[(&str, &str)]) -> Scenario {
    let mut all = vec![("mode", "kraft")];
    all.extend_from_slice(values);
    scenario(&all)
}

fn acted(values: &[(&str, &str)], actions: &[(u64, Command)]) -> Scenario {
    let mut scenario = kraft(values);
    scenario.actions = actions.iter().map(|(at, command)| (at * SECOND, *command)).collect();
    check(scenario)
}

/// The leader of the only quorum and its epoch.
fn leader(sim: &Simulation) -> (u8, u32) {
    let view = sim.view();
    assert_eq!(view.ensembles.len(), 1, "there is one quorum");
    (view.ensembles[0].leader, view.ensembles[0].epoch)
}

fn voters(sim: &Simulation) -> u32 {
    sim.view().ensembles[0].list_len
}

/// Trace lines from `from` on whose event is one of `names`.
fn events(scenario: &Scenario, until: u64, names: &[&str]) -> Vec<String> {
    let mut sim = Simulation::new(scenario);
    let (sids, mut found) = (sim.sids().to_vec(), Vec::new());
    sim.advance_with(until * SECOND, &mut |event| {
        if names.contains(&event.what.name()) {
            let mut line = Vec::new();
            event.write_line(&sids, &mut line);
            found.push(String::from_utf8(line).expect("a trace is UTF-8"));
        }
    });
    found
}

#[test]
fn at_any_join_rate_there_is_one_leader_and_its_epoch_stays() {
    for rate in ["1", "6", "30", "60", "120", "480", "777", "1200"] {
        for seed in ["1", "2", "7"] {
            let scenario = kraft(&[("joinRate", rate), ("seed", seed), ("writeRate", "1")]);
            let mut sim = Simulation::new(&scenario);
            let end = sim.end();
            while sim.now() < end {
                let next = (sim.now() + 5 * SECOND).min(end);
                advance(&mut sim, next);
                assert_eq!(sim.heads(), (1, 1), "rate {rate} seed {seed} at {} µs", sim.now());
                assert_eq!(leader(&sim), (3, 1), "rate {rate} seed {seed}");
            }
            assert_sound(&sim);
            assert_eq!(sim.verdict().outcome.name(), "join", "rate {rate} seed {seed}");
            assert_eq!(voters(&sim), 11, "rate {rate} seed {seed}");
            assert_eq!(sim.metrics().failed, 0);
            assert!(sim.milestones().iter().all(|(m, _)| *m != Milestone::SecondLeader));
        }
    }
}

#[test]
fn every_size_of_the_old_quorum_takes_every_number_of_new_hosts() {
    for (n, k) in [("1", "1"), ("1", "8"), ("2", "3"), ("3", "3"), ("4", "9"), ("5", "20"), ("9", "50")] {
        let sim = run(&kraft(&[("oldNodes", n), ("newNodes", k), ("joinRate", "1200"), ("writeRate", "1")]));
        assert_eq!(sim.verdict().outcome.name(), "join", "{n} + {k}");
        assert_eq!(leader(&sim), (n.parse().expect("a sid"), 1), "{n} + {k}");
    }
}

#[test]
fn hosts_that_come_late_queue_and_are_added_one_at_a_time() {
    let scenario = kraft(&[("joinRate", "1200"), ("writeRate", "1")]);
    let lines = events(&scenario, 60, &["addController", "voterProposed", "votersChanged", "becameVoter"]);
    let names: Vec<&str> = lines.iter().filter_map(|line| line.split(' ').nth(2)).collect();
    assert_eq!(names.len(), 8 * 4);
    for one in names.chunks(4) {
        assert_eq!(one, ["addController", "voterProposed", "votersChanged", "becameVoter"]);
    }
    let queued = run_until(&scenario, 8 * SECOND).view();
    let observing = queued.peers.iter().filter(|p| p.phase == PeerPhase::Observing && p.observer).count();
    assert!(observing > 3, "{observing} wait");
    assert!(queued.operator.contains("wait for their turn"), "{}", queued.operator);
}

#[test]
fn one_that_queues_is_not_a_voter_yet() {
    let sim = run_until(&kraft(&[("newNodes", "50"), ("joinRate", "1200"), ("writeRate", "1")]), 20 * SECOND);
    let (now, view) = (sim.verdict(), sim.view());
    let observers = now.modes.iter().filter(|(_, mode)| mode.name() == "observer").count();
    let followers = now.modes.iter().filter(|(_, mode)| mode.name() == "follower").count();
    assert!(observers > 10 && followers > 10, "{observers} observe, {followers} follow");
    assert_eq!(view.ensembles[0].list_len as usize, followers + 1);
}

#[test]
fn the_list_policy_does_not_matter() {
    let hash = |policy| {
        let sim = run_until(&kraft(&[("listPolicy", policy)]), 60 * SECOND);
        (sim.trace_hash(), sim.verdict().outcome.name())
    };
    let first = hash("renderedAtBoot");
    assert_eq!(first.1, "join");
    assert!(["finalList", "oneByOne"].iter().all(|policy| hash(policy) == first));
}

#[test]
fn when_the_leader_stops_a_majority_of_the_voters_elects_another() {
    let mut at_once = 0;
    for seed in 0..30 {
        let seed = seed.to_string();
        let values = [("newNodes", "2"), ("writeRate", "5"), ("seed", &seed)];
        let scenario = acted(&values, &[(20, Command::Stop(Node::Peer(3)))]);
        let mut sim = run_until(&scenario, 21 * SECOND);
        assert_eq!(sim.heads(), (0, 0), "seed {seed}: nobody has missed it yet");
        advance(&mut sim, 35 * SECOND);
        let (sid, epoch) = leader(&sim);
        assert!(sid != 3 && epoch >= 2, "seed {seed}: controller {sid}, epoch {epoch}");
        let elected = events(&scenario, 35, &["elected"]);
        let majority = |line: &String| ["votes=3/5", "votes=4/5"].iter().any(|v| line.contains(v));
        assert!(elected.iter().all(majority), "seed {seed}: {elected:?}");
        at_once += u32::from(epoch == 2);
        assert_sound(&sim);
        // Who leads a partition does not depend on who leads the quorum.
        assert_eq!(sim.metrics().failed, 0, "seed {seed}");
    }
    // Followers whose fetches were answered together time out together and often split the first vote: the fetch timeout
    // is not random, and pre-vote came with Kafka 4.0. The back-off sorts them out.
    assert!((1..30).contains(&at_once), "{at_once} of 30 needed one epoch only");
}

#[test]
fn an_observer_neither_votes_nor_counts() {
    // Ten hosts observe while the leader of three voters stops: two of three elect another, and the epoch is theirs.
    let values = [("newNodes", "10"), ("joinRate", "1200"), ("writeRate", "1")];
    let scenario = acted(&values, &[(6, Command::Stop(Node::Peer(3))), (6, Command::Stop(Node::Peer(2)))]);
    let sim = run_until(&scenario, 60 * SECOND);
    assert_eq!(sim.heads(), (0, 0), "ten observers make no majority");
    assert_eq!(sim.verdict().outcome.name(), "stuck");
    assert_sound(&sim);
}

#[test]
fn without_a_quorum_nothing_changes_and_writes_to_known_partitions_go_on() {
    let stop = |at, sid| (at, Command::Stop(Node::Peer(sid)));
    let values = [("newNodes", "0"), ("brokers", "6")];
    let actions = [stop(20, 3), stop(20, 2), (40, Command::Stop(Node::Broker(6))), (80, Command::Start(Node::Peer(2)))];
    let scenario = acted(&values, &actions);
    let mut sim = run_until(&scenario, 39 * SECOND);
    assert_eq!(sim.heads(), (0, 0));
    let before = sim.metrics().acknowledged;
    assert_eq!(sim.metrics().failed, 0);
    assert!(before > 39 * 35, "{before} acknowledged");
    advance(&mut sim, 79 * SECOND);
    let changes = events(&scenario, 79, &["committed", "metadataSent", "brokerFenced", "partitionMoved"]);
    assert!(changes.is_empty(), "the broker that died at 40 s is not even missed: {changes:?}");
    advance(&mut sim, 110 * SECOND);
    assert_eq!(sim.heads(), (1, 1), "with two of three there is a leader again");
    let view = sim.view();
    assert_eq!(view.ensembles[0].broker_ids, [1, 2, 3, 4, 5], "and the dead broker is fenced");
    assert_sound(&sim);
}

#[test]
fn a_frozen_leader_is_replaced_and_resigns_when_it_thaws() {
    for seed in ["1", "7", "9"] {
        let values = [("newNodes", "2"), ("writeRate", "5"), ("seed", seed)];
        let actions = [(20, Command::Freeze(Node::Peer(3))), (40, Command::Thaw(Node::Peer(3)))];
        let scenario = acted(&values, &actions);
        let mut sim = run_until(&scenario, 30 * SECOND);
        let (sid, epoch) = leader(&sim);
        assert!(sid != 3 && epoch > 1, "seed {seed}");
        advance(&mut sim, 39 * SECOND);
        while sim.now() < 45 * SECOND {
            let next = sim.now() + SECOND / 100;
            advance(&mut sim, next);
            assert!(sim.heads().0 <= 1, "seed {seed}: two leaders at {} µs", sim.now());
        }
        assert!(sim.view().peers.iter().all(|p| p.serving), "seed {seed}: it follows the new one");
        let resigned = events(&scenario, 45, &["resigned"]);
        assert_eq!(resigned.len(), 1, "seed {seed}: {resigned:?}");
        assert!(resigned[0].contains("controller3") && resigned[0].contains("epoch=1"), "{resigned:?}");
        assert_sound(&sim);
    }
}

#[test]
fn a_leader_without_a_majority_of_fetches_resigns() {
    let actions = [(20, Command::Freeze(Node::Peer(1))), (20, Command::Freeze(Node::Peer(2)))];
    let scenario = acted(&[("newNodes", "0"), ("writeRate", "1")], &actions);
    let resigned = events(&scenario, 30, &["resigned"]);
    assert_eq!(resigned.len(), 1, "{resigned:?}");
    let at = second_leader::params::parse_decimal(resigned[0].split(' ').next().expect("a time")).expect("a number");
    assert!((22_400_000..23_100_000).contains(&at), "1.5 fetch timeouts after the last fetch: {resigned:?}");
}

#[test]
fn a_stopped_broker_is_fenced_at_once_when_clean_and_after_its_session_when_not() {
    for (mode, least, most) in [("clean", 20_000_000, 20_100_000), ("crash", 27_000_000, 29_600_000)] {
        let scenario = acted(&[("newNodes", "0"), ("moveMode", mode)], &[(20, Command::MoveBroker(10))]);
        let fenced = events(&scenario, 40, &["brokerFenced"]);
        let at = second_leader::params::parse_decimal(fenced[0].split(' ').next().expect("a time")).expect("a number");
        assert!((least..most).contains(&at), "{mode}: {fenced:?}");
        assert!(fenced[0].contains("broker=10") && fenced.len() == 1, "{fenced:?}");
    }
}

#[test]
fn a_moved_broker_is_refused_for_its_cluster_id_and_stays_down() {
    let actions = [(20, Command::MoveBroker(10)), (100, Command::ReturnBroker(10))];
    let scenario = acted(&[("newNodes", "0")], &actions);
    let refused = events(&scenario, 99, &["registrationRefused"]);
    assert_eq!(refused.len(), 1, "{refused:?}");
    assert!(refused[0].contains("INCONSISTENT_CLUSTER_ID"), "{refused:?}");
    let mut sim = run_until(&scenario, 99 * SECOND);
    let view = sim.view();
    assert_eq!(view.brokers[9].phase, BrokerPhase::Off);
    assert_eq!(view.ensembles[0].broker_ids, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
    assert_eq!((sim.metrics().failed, view.controllers), (0, 1), "clients draw another broker, at no cost");
    assert!(view.brokers.iter().all(|b| b.id == 10 || b.replicas.iter().all(|r| !r.below_min)));
    advance(&mut sim, 140 * SECOND);
    let view = sim.view();
    assert_eq!(view.brokers[9].phase, BrokerPhase::Up);
    assert!(view.brokers.iter().all(|b| b.replicas.iter().all(|r| r.in_sync)), "every ISR is whole again");
    assert_sound(&sim);
}

#[test]
fn a_broker_that_crashed_and_came_back_too_soon_is_a_duplicate_until_its_session_ends() {
    let actions = [(20, Command::Stop(Node::Broker(4))), (21, Command::Start(Node::Broker(4)))];
    let scenario = acted(&[("newNodes", "0")], &actions);
    let refused = events(&scenario, 60, &["registrationRefused"]);
    assert!(refused.len() > 2 && refused.iter().all(|line| line.contains("DUPLICATE")), "{refused:?}");
    let sim = run_until(&scenario, 60 * SECOND);
    assert!(sim.view().brokers.iter().all(|b| b.phase == BrokerPhase::Up));
}

#[test]
fn healing_is_a_no_op() {
    let lines = events(&kraft(&[("writeRate", "1")]), 70, &["healNotNeeded", "healStarted"]);
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].contains("healNotNeeded"));
}

#[test]
fn a_controller_shows_the_four_duties_of_its_log() {
    let tree = run_until(&kraft(&[]), 10 * SECOND).tree(3);
    let value = |path: &str| tree.iter().find(|(p, _)| *p == path).map_or("", |(_, value)| value.as_str());
    assert_eq!(value("active controller"), "controller 3, epoch 1");
    assert_eq!(value("brokers"), "1–10");
    assert_eq!(value("topics"), "jobs, partitions: 20, min.insync.replicas: 2");
    assert_eq!(value("ACLs and quotas"), "none");
}

/// Ten links cut or machines isolated, some of them for a while only.
fn disturbances(dice: &mut Dice, hosts: u64) -> Vec<(u64, Command)> {
    let mut actions = Vec::new();
    let machine = |dice: &mut Dice| match dice.roll(3) {
        0 => Node::Broker(1 + dice.roll(6) as u8),
        _ => Node::Peer(1 + dice.roll(hosts) as u8),
    };
    for _ in 0..10 {
        let (at, a, b) = (dice.roll(60_000) * 1000, machine(dice), machine(dice));
        let link = Link { from: a, to: b, both: dice.roll(2) == 0 };
        actions.push(match dice.roll(4) {
            0 => (at, Command::Isolate(a)),
            1 => (at, Command::Rejoin(a)),
            2 if a != b => (at, Command::MendLink(link)),
            _ if a != b => (at, Command::CutLink(link)),
            _ => (at, Command::Isolate(a)),
        });
    }
    actions
}

/// Random faults in a random quorum; then everything is started again, and it must be whole within two minutes.
fn survive(seed: u64) {
    let mut dice = Dice::new(seed);
    let (n, k) = (1 + dice.roll(7), dice.roll(9));
    let rate = (1 + dice.roll(1200)).to_string();
    let delay = ["4", "40", "300"][dice.roll(3) as usize];
    let mut scenario = kraft(&[
        ("oldNodes", &n.to_string()),
        ("newNodes", &k.to_string()),
        ("joinRate", &rate),
        ("netDelayMaxMs", delay),
        ("moveMode", if dice.roll(2) == 0 { "clean" } else { "crash" }),
        ("seed", &seed.to_string()),
        ("brokers", "6"),
        ("writeRate", "4"),
    ]);
    scenario.actions = interventions(seed, 60, n + k, 6);
    if dice.roll(2) == 0 {
        scenario.actions.extend(disturbances(&mut dice, n + k));
        scenario.actions.sort_by_key(|(at, _)| *at);
        set(&mut scenario.params, &[("netLoss", ["0", "1", "10"][dice.roll(3) as usize])]);
    }
    let scenario = check(scenario);
    let mut sim = run_until(&scenario, 61 * SECOND);
    let started = 3 + 60 * k / rate.parse::<u64>().expect("a rate") + 4;
    let after = sim.now().max(started * SECOND);
    advance(&mut sim, after);
    for broker in 1..=6 {
        sim.apply(Command::Rejoin(Node::Broker(broker))).unwrap_or_else(|issue| panic!("seed {seed}: {issue}"));
    }
    for sid in 1..=(n + k) as u8 {
        for command in
            [Command::Rejoin(Node::Peer(sid)), Command::Thaw(Node::Peer(sid)), Command::Start(Node::Peer(sid))]
        {
            sim.apply(command).unwrap_or_else(|issue| panic!("seed {seed}: {issue}"));
        }
    }
    for id in 1..=6 {
        let _ = sim.apply(Command::ReturnBroker(id)); // also those that moved; a second restart harms nobody
    }
    // Lost packets may cost a fetch timeout, and an election, at any time: it must be whole at some time.
    let patience = sim.now() + 180 * SECOND;
    let mut left = what_is_left(&sim, n + k);
    while !left.is_empty() && sim.now() < patience {
        let next = sim.now() + 5 * SECOND;
        advance(&mut sim, next);
        left = what_is_left(&sim, n + k);
    }
    for invariant in sim.invariants() {
        assert_eq!(invariant.broken_at, None, "seed {seed}: {}: {}", invariant.id, invariant.says);
    }
    assert_eq!(left, "", "seed {seed}: n={n} k={k} rate={rate} delay={delay}");
}

/// What keeps the cluster from being whole.
fn what_is_left(sim: &Simulation, hosts: u64) -> String {
    let view = sim.view();
    let whole = |b: &BrokerView| b.phase == BrokerPhase::Up && b.replicas.iter().all(|r| r.in_sync);
    if (view.leaders, view.controllers) != (1, 1) {
        return format!("{} leaders, {} controllers", view.leaders, view.controllers);
    }
    if u64::from(view.ensembles[0].list_len) != hosts {
        return format!("{} voters", view.ensembles[0].list_len);
    }
    let peers = view.peers.iter().filter(|p| !p.serving).map(|p| format!("controller {} is {:?} ", p.sid, p.phase));
    let brokers = view.brokers.iter().filter(|b| !whole(b)).map(|b| format!("broker {} is {:?} ", b.id, b.phase));
    peers.chain(brokers).collect()
}

#[test]
fn whatever_people_do_no_epoch_has_two_leaders_and_afterwards_all_is_whole() {
    (0..150).for_each(survive);
}

#[test]
fn hosts_can_be_added_to_a_quorum_while_it_runs() {
    let mut more = scenario(&[("mode", "kraft"), ("newNodes", "0")]);
    more.actions.push((10 * SECOND, Command::AddNodes(4)));
    let sim = run(&check(more));
    let voters = sim.view().peers.iter().filter(|p| p.counted && p.serving).count();
    assert_eq!(voters, 7);
}

#[test]
fn an_isolated_leader_of_the_quorum_resigns_and_the_others_elect_another() {
    let mut cut = scenario(&[("mode", "kraft"), ("newNodes", "0"), ("heal", "none")]);
    cut.actions.push((10 * SECOND, Command::Isolate(Node::Peer(3))));
    cut.actions.push((40 * SECOND, Command::Rejoin(Node::Peer(3))));
    let sim = run_until(&check(cut.clone()), 39 * SECOND);
    assert_eq!(serving_leaders(&sim).len(), 1);
    assert_ne!(serving_leaders(&sim), [3]);
    let sim = run(&check(cut));
    assert!(sim.view().peers.iter().all(|p| p.serving));
    assert_eq!(sim.metrics().lost, 0);
}
