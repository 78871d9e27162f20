//! Going back: what is reached again is the same to the byte, forks leave their parents alone, and memory stays bounded.
use second_leader::event::Event;
use second_leader::limits::{MAX_RUNS, RECORDING_BYTES};
use second_leader::metrics::Milestone;
use second_leader::params::Key;
use second_leader::player::{Player, Target};
use second_leader::presets::PRESETS;
use second_leader::recording::Recording;
use second_leader::rng::{Chance, Stream};
use second_leader::scenario::{Command, Node, Scenario};
use second_leader::sim::Simulation;
use std::hash::{DefaultHasher, Hash, Hasher};

/// The whole state: every field of everything, and the digest of the trace so far.
fn digest(sim: &Simulation) -> (u64, u64, u64) {
    let mut hasher = DefaultHasher::new();
    format!("{:?}", sim.view()).hash(&mut hasher);
    sim.flights().for_each(|f| format!("{f:?}").hash(&mut hasher));
    (sim.trace_hash(), sim.steps(), hasher.finish())
}

/// Everything, down to what is due and the state of the dice; slow.
fn whole(sim: &Simulation) -> u64 {
    let mut hasher = DefaultHasher::new();
    format!("{sim:?}").hash(&mut hasher);
    hasher.finish()
}

fn preset(id: &str) -> Scenario {
    Scenario::preset(id).expect("a preset")
}

fn go(recording: &mut Recording, at: u64) {
    while !recording.seek(at, &mut || false) {}
}

fn played(scenario: &Scenario, until: u64) -> Simulation {
    let mut sim = Simulation::new(scenario);
    while !sim.advance(until, 1 << 20) {}
    sim
}

#[test]
fn a_hundred_random_instants_of_every_preset_are_reached_again_as_they_were() {
    for (number, preset) in PRESETS.iter().enumerate() {
        let scenario = Scenario::preset(preset.id).expect("a preset");
        let mut recording = Recording::new(&scenario);
        let end = recording.sim().end();
        let mut chance = Chance::new(number as u32 + 1);
        let mut times: Vec<u64> = (0..100).map(|_| chance.between(Stream::Jitter, 0, end)).collect();
        let wandering = times.clone();
        times.sort_unstable();
        let mut sim = Simulation::new(&scenario);
        let mut truth = Vec::new();
        for at in times {
            while !sim.advance(at, 1 << 20) {}
            truth.push((at, digest(&sim)));
        }
        for at in wandering {
            go(&mut recording, at);
            let expected = truth.iter().find(|(t, _)| *t == at).expect("an instant that was played").1;
            assert_eq!(digest(recording.sim()), expected, "{} at {at} µs", preset.id);
        }
    }
}

#[test]
fn not_even_the_dice_remember_that_time_went_back() {
    for id in ["the-incident", "kraft", "leader-frozen"] {
        let scenario = preset(id);
        let mut recording = Recording::new(&scenario);
        for at in [40_000_000, 9_000_000, 100_000_000, 3_300_000, 61_000_000] {
            go(&mut recording, at);
            assert_eq!(whole(recording.sim()), whole(&played(&scenario, at)), "{id} at {at} µs");
        }
    }
}

#[test]
fn a_step_back_undoes_a_step_forward() {
    for id in ["the-incident", "kraft", "wrong-recovery"] {
        let mut recording = Recording::new(&preset(id));
        for at in [3_000_000, 7_460_000, 61_500_000, 200_000_000] {
            go(&mut recording, at);
            let mut trail = Vec::new();
            for _ in 0..30 {
                assert!(recording.step_forward(), "{id} goes on at {at} µs");
                trail.push((recording.sim().now(), digest(recording.sim())));
            }
            trail.pop();
            for expected in trail.into_iter().rev() {
                assert!(recording.step_back());
                assert_eq!((recording.sim().now(), digest(recording.sim())), expected, "{id}, back from {at} µs");
            }
        }
    }
}

#[test]
fn stepping_back_arrives_at_the_beginning_and_stays_there() {
    let mut recording = Recording::new(&preset("the-incident"));
    go(&mut recording, 200_000);
    let mut steps = 0;
    while recording.sim().event_count() > 0 {
        assert!(recording.step_back());
        steps += 1;
        assert!(steps < 10_000, "it gets somewhere");
    }
    assert!(!recording.step_back());
    assert_eq!((recording.sim().now(), recording.sim().steps()), (0, 0));
}

#[test]
fn stepping_forward_ends_with_the_run() {
    let mut recording = Recording::new(&preset("the-incident"));
    let end = recording.sim().end();
    go(&mut recording, end - 50_000);
    while recording.step_forward() {}
    assert_eq!(recording.sim().now(), end);
    assert_eq!(recording.sim().milestones().last().map(|(m, _)| *m), Some(Milestone::End));
    assert_eq!(digest(recording.sim()), digest(&played(&preset("the-incident"), end)));
}

#[test]
fn what_people_did_is_done_again_on_the_way() {
    let scenario = preset("the-incident");
    let mut recording = Recording::new(&scenario);
    go(&mut recording, 20_000_000);
    recording.act(Command::Stop(Node::Peer(11))).expect("it runs");
    go(&mut recording, 30_000_000);
    recording.act(Command::Start(Node::Peer(11))).expect("it is off");
    let (there, events) = (digest(recording.sim()), recording.sim().event_count());
    go(&mut recording, 90_000_000);
    go(&mut recording, 1_000_000);
    go(&mut recording, 30_000_000);
    assert_eq!(digest(recording.sim()), there);
    let mut again = Recording::with(&scenario, recording.commands().to_vec(), 0);
    go(&mut again, 30_000_000);
    assert_eq!(digest(again.sim()), there, "scenario and actions are all there is to a run");
    assert!(again.step_back() && again.sim().event_count() < events);
}

#[test]
fn an_action_in_the_middle_of_an_instant_waits_for_the_rest_of_it() {
    let mut recording = Recording::new(&preset("the-incident"));
    go(&mut recording, 7_400_000);
    for _ in 0..40 {
        recording.step_forward();
    }
    recording.act(Command::Freeze(Node::Peer(11))).expect("it runs");
    let (at, there) = (recording.sim().now(), digest(recording.sim()));
    go(&mut recording, 100_000);
    go(&mut recording, at);
    assert_eq!(digest(recording.sim()), there);
}

#[test]
fn every_event_can_be_shown_again_by_its_number() {
    let scenario = preset("the-incident");
    let mut truth: Vec<Event> = Vec::new();
    let mut sim = Simulation::new(&scenario);
    sim.advance_with(80_000_000, &mut |e| truth.push(*e));
    let mut recording = Recording::new(&scenario);
    go(&mut recording, 60_000_000);
    for (from, to) in [(1, 50), (1650, 1660), (9_000, 12_500), (13_000, 13_010)] {
        let mut seen = Vec::new();
        recording.replay(from..to, &mut |sim, e| {
            assert_eq!(sim.now(), e.at);
            seen.push(*e);
            true
        });
        assert_eq!(seen, truth[from as usize - 1..to as usize - 1], "events {from} to {to}");
    }
    assert_eq!(recording.sim().now(), 60_000_000, "the present stays where it is");
}

/// The longest run there is: healed after 2 h 28 min.
fn endless() -> Scenario {
    let mut scenario = preset("the-incident");
    scenario.params.set_text(Key::HealAt, "8880").expect("a legal time");
    scenario
}

#[test]
fn the_longest_run_keeps_within_its_memory() {
    let mut recording = Recording::new(&endless());
    let end = recording.sim().end();
    assert_eq!(end / 1_000_000, 9_120);
    go(&mut recording, end);
    assert!(recording.weight() <= RECORDING_BYTES + 4_000_000, "{} bytes", recording.weight());
    assert!(recording.checkpoints() >= 16, "{} checkpoints", recording.checkpoints());
}

fn player(id: &str) -> Player {
    let scenario = preset(id);
    let params = scenario.params.clone();
    Player::new(scenario, params)
}

fn watch(player: &mut Player, at: u64) {
    player.seek(0, Target::Time(at));
    while player.seeking() {
        player.work(&mut || false);
    }
}

#[test]
fn acting_in_the_past_forks_and_leaves_the_parent_as_it_was() {
    let mut p = player("the-incident");
    watch(&mut p, 120_000_000);
    let future = digest(p.sim());
    watch(&mut p, 6_000_000);
    p.act(Command::Stop(Node::Peer(11))).expect("it runs");
    assert_eq!(p.runs().len(), 2, "both are listed");
    assert_eq!(p.run().from, Some((1, 6_000_000)));
    assert!(p.known().iter().all(|(_, at)| *at <= 6_000_000), "what lay ahead has not happened here");
    watch(&mut p, 120_000_000);
    assert_ne!(digest(p.sim()), future);
    assert!(p.show(1));
    watch(&mut p, 120_000_000);
    assert_eq!(digest(p.sim()), future, "the parent is untouched");
    assert!(p.known().iter().any(|(m, _)| *m == Milestone::SecondLeader));
}

#[test]
fn acting_now_is_no_fork() {
    let mut p = player("the-incident");
    watch(&mut p, 20_000_000);
    p.act(Command::MoveBroker(4)).expect("there is one");
    assert_eq!((p.runs().len(), p.run().from), (1, None));
}

#[test]
fn a_refused_action_leaves_everything_as_it_was() {
    let mut p = player("the-incident");
    watch(&mut p, 90_000_000);
    let known = p.known().to_vec();
    watch(&mut p, 10_000_000);
    let there = digest(p.sim());
    p.act(Command::Stop(Node::Peer(44))).expect_err("there is no such host");
    assert_eq!((digest(p.sim()), p.runs().len(), p.known().to_vec()), (there, 1, known));
}

#[test]
fn runs_are_named_shown_compared_and_deleted() {
    let mut p = player("the-incident");
    watch(&mut p, 60_000_000);
    p.fork();
    let child = p.run().id;
    p.rename(child, "  two brokers moved ");
    p.act(Command::MoveBroker(4)).expect("there is one");
    p.compare(Some(1));
    watch(&mut p, 75_000_000);
    let twin = p.twin().expect("the parent beside it").1.sim();
    assert_eq!(twin.now(), 75_000_000, "one clock");
    assert_eq!(digest(twin), digest(&played(&preset("the-incident"), 75_000_000)));
    assert_eq!(p.find(child).map(|r| r.name.as_str()), Some("two brokers moved"));
    assert!(p.show(1), "they change places");
    assert_eq!(p.twin().map(|(r, _)| r.id), Some(child));
    p.delete(child);
    assert!(p.twin().is_none() && p.find(child).is_none());
    assert_eq!(p.runs().len(), 1);
}

#[test]
fn a_change_keeps_the_run_it_came_from() {
    let mut p = player("the-incident");
    watch(&mut p, 30_000_000);
    let (base, mut params) = (p.scenario().clone(), p.chosen().clone());
    params.set_text(Key::JoinRate, "20").expect("a legal rate");
    p.change(base, params);
    assert_eq!(p.sim().now(), 0);
    let ids: Vec<u32> = p.runs().iter().map(|r| r.id).collect();
    assert_eq!(ids, [1, 2]);
    assert_eq!(p.find(1).map(|r| r.chosen.get(Key::JoinRate)), Some(480_000_000), "in millionths");
}

#[test]
fn the_list_of_runs_is_bounded_and_named_ones_stay() {
    let mut p = player("the-incident");
    watch(&mut p, 5_000_000);
    p.rename(1, "as it was");
    for _ in 0..MAX_RUNS * 2 {
        p.fork();
        watch(&mut p, 6_000_000);
    }
    assert_eq!(p.runs().len(), MAX_RUNS);
    assert!(p.find(1).is_some_and(|r| r.name == "as it was"));
}

#[test]
fn everything_a_watcher_has_can_be_handed_over() {
    let mut p = player("the-incident");
    watch(&mut p, 40_000_000);
    let (base, mut params) = (p.scenario().clone(), p.chosen().clone());
    params.set_text(Key::Retries, "1").expect("a legal number");
    p.change(base, params);
    watch(&mut p, 30_000_000);
    p.rename(2, "one retry");
    let acts = [
        Command::MoveBroker(4),
        Command::Isolate(Node::Peer(2)),
        Command::Set(Key::WriteRate, 80_000_000),
        Command::AddNodes(2),
        Command::KillSecondCluster,
        Command::Rejoin(Node::Peer(2)),
        Command::StartDrain,
    ];
    for (i, command) in acts.into_iter().enumerate() {
        watch(&mut p, 31_000_000 + i as u64 * 1_500_000);
        p.act(command).expect("possible");
    }
    watch(&mut p, 20_000_000);
    p.compare(Some(1));
    let text = p.hand_over();
    let q = Player::take_over(&text).unwrap_or_else(|| panic!("cannot be taken over:\n{text}"));
    assert_eq!(digest(q.sim()), digest(p.sim()));
    assert_eq!((q.known(), q.run().name.as_str()), (p.known(), "one retry"));
    assert_eq!(q.twin().map(|(run, recording)| (run.id, recording.sim().now())), Some((1, 20_000_000)));
    assert_eq!(q.hand_over(), text, "nothing is lost on the way");
    for damaged in ["", "run\t1", "now\t0\t0\t1\t0\t0000", "run\t1\t0\t0\tnowhere\t0\t\nnow\t0\t0\t1\t0\t0000", "hello"]
    {
        assert!(Player::take_over(damaged).is_none(), "{damaged}");
    }
}
