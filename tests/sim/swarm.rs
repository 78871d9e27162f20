//! Random scenarios and random faults from one seed. First safety: every invariant after every single step. Then people
//! repair everything, and liveness: one leader, one controller, no dead letter left, every job accounted for.
//! A failure names its seed and the command line that runs it again. `SWARM_COUNT` runs more of them.
use crate::common::{Dice, SECOND, check, interventions, scenario};
use second_leader::ensemble::Power;
use second_leader::kafka::BrokerPower;
use second_leader::ledger::Fate;
use second_leader::metrics::Milestone;
use second_leader::params::{KEYS, Key, Kind, MILLION, Params, format_value};
use second_leader::scenario::{Command, Node, Scenario};
use second_leader::sim::Simulation;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{LazyLock, Mutex};

/// Policies under which a second leader never serves, whatever the pace.
const SAFE: &[&str] = &["oneByOne", "observersFirst", "dynamicReconfig"];
/// How many storms there are.
const STORMS: u64 = 1_600;
/// Repairs, 20 s apart, before people turn things off and on again.
const PATIENCE: u64 = 5;

/// Runs seeds `0..count` on all cores, or only `SWARM_SEED`. Fails with everything that was found.
fn swarm(test: &str, count: u64, run: impl Fn(u64) -> Option<String> + Sync) {
    let only: Option<u64> = std::env::var("SWARM_SEED").ok().and_then(|text| text.parse().ok());
    let more = std::env::var("SWARM_COUNT").ok().and_then(|text| text.parse().ok()).unwrap_or(count);
    let (next, end) = only.map_or((0, more), |seed| (seed, seed + 1));
    let (next, found) = (AtomicU64::new(next), Mutex::new(Vec::new()));
    let worker = || {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= end {
                break;
            }
            let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| run(seed)));
            if let Some(what) = outcome.unwrap_or_else(|_| Some("it panicked".to_string())) {
                found.lock().expect("nobody panics here").push((seed, what));
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(worker);
        }
    });
    let mut found = found.into_inner().expect("nobody panics here");
    found.sort();
    let replay = |seed: &u64| format!("SWARM_SEED={seed} cargo test --test sim {test} -- --nocapture");
    let lines = found.iter().map(|(seed, what)| format!("seed {seed}: {what}\n  {}", replay(seed)));
    let lines: Vec<String> = lines.take(20).collect();
    assert!(found.is_empty(), "{} of {count} seeds:\n{}", found.len(), lines.join("\n"));
}

/// Values that would only make a test slow.
const CAPS: &[(Key, i64)] = &[
    (Key::WriteRate, 50 * MILLION),
    (Key::HealAt, 20 * MILLION),
    (Key::JoinJitter, 10 * MILLION),
    (Key::NewNodes, 12),
    (Key::Brokers, 12),
    (Key::MovedBrokers, 12),
];

/// A random value of `key`: an end of its range, or anything in it, small ones as often as large ones.
fn value(key: Key, dice: &mut Dice) -> i64 {
    let p = key.param();
    let max = CAPS.iter().find(|(capped, _)| *capped == key).map_or(p.max, |(_, cap)| *cap);
    let span = (max - p.min) as u64;
    match (dice.roll(6), p.kind) {
        (0, _) => p.min,
        (1, _) => max,
        (_, Kind::Flag | Kind::Choice(_)) => p.min + dice.roll(span + 1) as i64,
        _ => {
            let small = span >> dice.roll(12);
            p.min + dice.roll(small.max(1) + 1).min(span) as i64
        }
    }
}

/// Anything that the parameter table allows, every second time with faults.
fn wild(seed: u64) -> Scenario {
    let mut dice = Dice::new(seed);
    let mut params = Params::default();
    for &key in KEYS {
        if dice.roll(4) == 0 {
            params.set(key, value(key, &mut dice)).unwrap_or_else(|issue| panic!("seed {seed}: {issue}"));
        }
    }
    let (params, _) = params.effective_lenient();
    let mut scenario = Scenario::of(params);
    if dice.roll(2) == 0 {
        let p = |key| scenario.params.get(key) as u64;
        scenario.actions = interventions(seed, 20, p(Key::OldNodes) + p(Key::NewNodes), p(Key::Brokers));
    }
    check(scenario)
}

/// Small, ordinary clusters that people can repair, with faults.
fn storm(seed: u64) -> Scenario {
    let mut dice = Dice::new(seed ^ 0x5eed);
    let mut params = Params::default();
    let mut set = |key: Key, from: i64, to: i64| {
        let value = from + dice.roll((to - from) as u64 + 1) as i64;
        params.set(key, value).unwrap_or_else(|issue| panic!("seed {seed}: {issue}"));
    };
    set(Key::OldNodes, 2, 5);
    set(Key::NewNodes, 0, 7);
    set(Key::JoinRate, 20 * MILLION, 1200 * MILLION);
    set(Key::JoinJitter, 0, 5 * MILLION);
    set(Key::BootTime, MILLION / 10, 6 * MILLION);
    set(Key::ListPolicy, 0, Key::ListPolicy.param().max);
    set(Key::OldEpoch, 1, 4);
    set(Key::Brokers, 3, 6);
    set(Key::MovedBrokers, 0, 3);
    set(Key::Partitions, 1, 8);
    set(Key::MoveMode, 0, 1);
    set(Key::WriteRate, MILLION, 8 * MILLION);
    set(Key::AckLoss, 0, 5 * MILLION);
    set(Key::Backoff, 0, 3);
    set(Key::IdempotentConsumer, 0, 1);
    set(Key::SessionTimeout, 4 * MILLION, 18 * MILLION);
    set(Key::Seed, 0, i64::from(u32::MAX));
    let fixed = [(Key::Heal, 0), (Key::DlqRate, 200 * MILLION), (Key::Dlq, 1)];
    fixed.into_iter().for_each(|(key, value)| params.set(key, value).expect("a legal value"));
    let (hosts, brokers) = (params.get(Key::OldNodes) + params.get(Key::NewNodes), params.get(Key::Brokers));
    let actions = interventions(seed, 25, hosts as u64, brokers as u64);
    check(Scenario { actions, ..Scenario::of(params) })
}

/// A run of one seed prints its trace.
fn tell(sim: &Simulation) {
    static ONE: LazyLock<bool> = LazyLock::new(|| std::env::var_os("SWARM_SEED").is_some());
    if *ONE {
        for event in sim.events() {
            let mut line = Vec::new();
            event.write_line(sim.sids(), &mut line);
            println!("{}", String::from_utf8_lossy(&line));
        }
    }
}

/// Runs until `until` and looks at every invariant after every step.
fn step_by_step(sim: &mut Simulation, until: u64) -> Result<(), String> {
    let (mut now, mut before) = (sim.now(), sim.steps());
    while sim.next_at().is_some_and(|at| at <= until) && sim.step() {
        sim.check_invariants();
        tell(sim);
        if let Some(broken) = sim.invariants().iter().find(|i| i.broken_at.is_some()) {
            return Err(format!("{} broken at {} µs: {}", broken.id, sim.now(), broken.says));
        }
        if now < sim.now() {
            (now, before) = (sim.now(), sim.steps());
        } else if sim.steps() > before + 200_000 {
            return Err(format!("time stands still at {now} µs"));
        }
    }
    sim.advance(until, 1);
    sim.stopped().map_or(Ok(()), |why| Err(format!("stopped: {why}")))
}

/// What people do when they see the mess: everything is started, the second cluster goes, brokers come home. Once the second
/// cluster is gone its hosts are left to the recovery, which starts them one at a time. `hard`: what should be well by now is
/// turned off and on again, the leader and every broker.
fn repair(sim: &mut Simulation, hard: bool) {
    let recovering = sim.milestones().iter().any(|(m, _)| *m == Milestone::SecondClusterGone) || sim.heads().0 > 1;
    let mut commands = Vec::new();
    for peer in sim.peers().iter().filter(|p| !(p.fresh && recovering)) {
        let node = Node::Peer(peer.sid);
        match peer.power {
            Power::Frozen => commands.push(Command::Thaw(node)),
            Power::Off => commands.push(Command::Start(node)),
            _ if hard && peer.serves_as_leader() => commands.extend([Command::Stop(node), Command::Start(node)]),
            _ => {}
        }
    }
    if sim.heads().0 > 1 {
        commands.push(Command::KillSecondCluster);
    }
    for broker in sim.brokers().iter().skip(1) {
        let node = Node::Broker(broker.id);
        if broker.on_fresh {
            commands.push(Command::ReturnBroker(broker.id));
        } else if broker.power == BrokerPower::Off {
            commands.push(Command::Start(node));
        } else if hard {
            commands.extend([Command::Stop(node), Command::Start(node)]);
        }
    }
    let cut = |node: Node| commands.push(Command::Rejoin(node));
    let peers = sim.peers().iter().map(|p| Node::Peer(p.sid));
    let brokers = sim.brokers().iter().skip(1).map(|b| Node::Broker(b.id));
    peers.chain(brokers).chain((0..3).map(Node::Consumer)).for_each(cut);
    commands.push(Command::StartDrain);
    for command in commands {
        sim.apply(command).expect("it exists");
        tell(sim);
    }
}

fn is_well(sim: &Simulation) -> bool {
    let dead = sim.ledger().count(Fate::DeadLettered) + sim.ledger().count(Fate::Draining);
    sim.heads() == (1, 1) && dead == 0 && sim.brokers().iter().skip(1).all(|b| b.is_up() && !b.on_fresh)
}

/// Safety, repair, liveness. Ok: did it take a hard repair?
fn weather(seed: u64) -> Result<bool, String> {
    let mut sim = Simulation::new(&storm(seed));
    let mut until = 30 * SECOND;
    for round in 0..12 {
        step_by_step(&mut sim, until)?;
        if round > 0 && is_well(&sim) {
            return Ok(round > PATIENCE);
        }
        repair(&mut sim, round >= PATIENCE && (round - PATIENCE).is_multiple_of(4));
        until += 20 * SECOND;
    }
    let unwell = sim.brokers().iter().skip(1).filter(|b| !b.is_up() || b.on_fresh);
    let unwell: Vec<String> = unwell.map(|b| format!("{} {:?}", b.id, b.power)).collect();
    let (took, heads) = (until / SECOND - 50, sim.heads());
    Err(format!("not well after {took} s of repair: heads {heads:?}, {:?}, brokers {unwell:?}", sim.ledger()))
}

#[test]
fn no_scenario_breaks_an_invariant_at_any_step() {
    swarm("no_scenario_breaks_an_invariant_at_any_step", 1_000, |seed| {
        let scenario = wild(seed);
        step_by_step(&mut Simulation::new(&scenario), 25 * SECOND)
            .err()
            .map(|what| format!("{what}\n  {}", described(&scenario)))
    });
}

#[test]
fn after_any_storm_people_can_repair_everything() {
    let hard = AtomicU64::new(0);
    swarm("after_any_storm_people_can_repair_everything", STORMS, |seed| {
        let found = weather(seed).map(|was_hard| hard.fetch_add(u64::from(was_hard), Ordering::Relaxed));
        found.err().map(|what| format!("{what}\n  {}", described(&storm(seed))))
    });
    let hard = hard.into_inner();
    println!("{hard} of {STORMS} storms needed a hard repair");
    assert!(hard * 100 <= STORMS, "{hard} of {STORMS} storms needed a hard repair");
}

/// The values that differ from the defaults, as arguments of the command line.
fn described(scenario: &Scenario) -> String {
    let given = KEYS.iter().filter(|&&key| scenario.params.is_given(key));
    let values = given.map(|&key| format!("--{} {}", key.param().key, format_value(key, scenario.params.get(key))));
    format!("{} with {:?}", values.collect::<Vec<_>>().join(" "), scenario.actions)
}

/// The most leaders that serve at one instant of the first `seconds`.
fn most_leaders(scenario: &Scenario, seconds: u64) -> u32 {
    let mut sim = Simulation::new(scenario);
    let mut most = 0;
    while sim.next_at().is_some_and(|at| at <= seconds * SECOND) && sim.step() {
        most = most.max(sim.heads().0);
    }
    most
}

#[test]
fn two_leaders_serve_at_the_default_rate_with_every_seed() {
    swarm("two_leaders_serve_at_the_default_rate_with_every_seed", 40, |seed| {
        let scenario = scenario(&[("seed", &seed.to_string()), ("writeRate", "1")]);
        let most = most_leaders(&scenario, 55); // spaced near finalizeWait, an election can cost initLimit
        (most != 2).then(|| format!("{most} leaders"))
    });
}

#[test]
fn two_leaders_never_serve_under_a_safe_policy() {
    swarm("two_leaders_never_serve_under_a_safe_policy", 400, |seed| {
        let mut dice = Dice::new(seed);
        let policy = SAFE[seed as usize % SAFE.len()];
        let mut roll = |from: u64, to: u64| (from + dice.roll(to - from + 1)).to_string();
        let (rate, boot, jitter) = (roll(60, 1200), roll(1, 4), roll(0, 3));
        let (old, new, epoch) = (roll(2, 5), roll(1, 8), roll(1, 3));
        let values = [
            ("listPolicy", policy),
            ("joinRate", &rate),
            ("bootTime", &boot),
            ("joinJitter", &jitter),
            ("oldNodes", &old),
            ("newNodes", &new),
            ("oldEpoch", &epoch),
            ("heal", "none"),
            ("writeRate", "0.1"),
            ("brokers", "3"),
        ];
        let scenario = scenario(&values);
        let most = most_leaders(&scenario, 60);
        (most > 1).then(|| format!("{most} leaders: {}", described(&scenario)))
    });
}
