//! What the tests share: building scenarios, running them, and bands for random counts.
use second_leader::params::{Key, Params};
use second_leader::scenario::{Command, Link, Node, Scenario};
use second_leader::sim::Simulation;
use second_leader::view::PeerView;

/// A second in µs.
pub const SECOND: u64 = 1_000_000;
/// A millisecond in µs.
pub const MS: u64 = 1_000;

/// A checked scenario: the defaults with these values.
pub fn scenario(values: &[(&str, &str)]) -> Scenario {
    check(with(Scenario::default(), values))
}

/// A checked preset with these values on top.
pub fn preset(id: &str, values: &[(&str, &str)]) -> Scenario {
    check(with(Scenario::preset(id).unwrap_or_else(|| panic!("no preset {id}")), values))
}

/// `scenario` with these values on top.
pub fn with(mut scenario: Scenario, values: &[(&str, &str)]) -> Scenario {
    set(&mut scenario.params, values);
    scenario
}

/// Sets values by name.
pub fn set(params: &mut Params, values: &[(&str, &str)]) {
    for (name, text) in values {
        let key = Key::find(name).unwrap_or_else(|| panic!("no parameter {name}"));
        params.set_text(key, text).unwrap_or_else(|issue| panic!("{issue}"));
    }
}

/// The scenario, if it is sound.
pub fn check(scenario: Scenario) -> Scenario {
    scenario.check().unwrap_or_else(|issues| panic!("{issues:?}"))
}

/// A new run of `scenario`, advanced to `until` (µs).
pub fn run_until(scenario: &Scenario, until: u64) -> Simulation {
    let mut sim = Simulation::new(scenario);
    advance(&mut sim, until);
    sim
}

/// A whole run.
pub fn run(scenario: &Scenario) -> Simulation {
    let mut sim = Simulation::new(scenario);
    let end = sim.end();
    advance(&mut sim, end);
    assert_sound(&sim);
    sim
}

/// The trace of a run up to `until` (µs), one line per event.
pub fn trace(scenario: &Scenario, until: u64) -> String {
    let mut sim = Simulation::new(scenario);
    let (sids, mut text) = (sim.sids().to_vec(), Vec::new());
    sim.advance_with(until, &mut |event| {
        event.write_line(&sids, &mut text);
        text.push(b'\n');
    });
    String::from_utf8(text).expect("a trace is UTF-8")
}

/// The lines of a trace from this second on.
pub fn since(text: &str, second: u64) -> impl Iterator<Item = &str> {
    let at = |line: &str| line.split('.').next().and_then(|s| s.parse::<u64>().ok()).unwrap_or(0);
    text.lines().filter(move |line| at(line) >= second)
}

/// How many lines of a trace say this.
pub fn count(text: &str, what: &str) -> u64 {
    text.lines().filter(|line| line.contains(what)).count() as u64
}

/// Advances to `until` (µs).
pub fn advance(sim: &mut Simulation, until: u64) {
    while !sim.advance(until, 1 << 16) {
        assert_eq!(sim.stopped(), None, "hit a limit at {} µs", sim.now());
    }
}

/// Fails when an invariant was broken or the ledger does not add up.
pub fn assert_sound(sim: &Simulation) {
    for invariant in sim.invariants() {
        assert_eq!(invariant.broken_at, None, "{}: {}", invariant.id, invariant.says);
    }
    assert!(sim.ledger().balances(), "the ledger does not add up: {:?}", sim.ledger());
}

/// The sids of the leaders that serve now.
pub fn serving_leaders(sim: &Simulation) -> Vec<u8> {
    sim.view().peers.iter().filter(|peer| leads(peer)).map(|peer| peer.sid).collect()
}

/// Does it lead and serve?
pub fn leads(peer: &PeerView) -> bool {
    peer.serving && peer.phase == second_leader::view::PeerPhase::Leading
}

/// Fails when `hits` of `trials` is further than 4.5 standard deviations from the share `p`.
pub fn assert_binomial(hits: u64, trials: u64, p: f64, what: &str) {
    let (n, k) = (trials as f64, hits as f64);
    let band = 4.5 * (n * p * (1.0 - p)).sqrt();
    assert!((k - n * p).abs() <= band, "{what}: {hits} of {trials} = {:.4}, expected {p:.4} ± {:.4}", k / n, band / n);
}

/// A file of the repository.
pub fn read(path: &str) -> String {
    let full = format!("{}/{path}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&full).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// Compares a file of the repository with what it should hold; `BLESS=1` rewrites it instead.
pub fn assert_file(path: &str, wanted: &str) {
    let full = format!("{}/{path}", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("BLESS").is_some() {
        if let Some(dir) = std::path::Path::new(&full).parent() {
            let _ = std::fs::create_dir_all(dir); // writing says what is wrong
        }
        std::fs::write(&full, wanted).unwrap_or_else(|e| panic!("{path}: {e}"));
        return;
    }
    let found = std::fs::read_to_string(&full).unwrap_or_default();
    if found != wanted {
        let first = found.lines().zip(wanted.lines()).position(|(a, b)| a != b);
        let line = first.unwrap_or_else(|| found.lines().count().min(wanted.lines().count()));
        panic!(
            "{path} differs from line {}:\n  file: {}\n  now:  {}\nIf the change is meant, run the tests with BLESS=1 and review the diff.",
            line + 1,
            found.lines().nth(line).unwrap_or("(end)"),
            wanted.lines().nth(line).unwrap_or("(end)")
        );
    }
}

/// A small generator, for tests that need a different sequence for each seed.
pub struct Dice(u64);

impl Dice {
    /// The sequence of this seed.
    pub fn new(seed: u64) -> Dice {
        Dice((seed + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    /// A number below `sides`.
    pub fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 20) % sides
    }
}

/// Twenty things that people do at random instants of the first `seconds`.
pub fn interventions(seed: u64, seconds: u64, hosts: u64, brokers: u64) -> Vec<(u64, Command)> {
    let mut dice = Dice::new(seed);
    let mut actions = Vec::new();
    for _ in 0..20 {
        let at = dice.roll(seconds * 1000) * 1000;
        let peer = Node::Peer(1 + dice.roll(hosts) as u8);
        let broker = 1 + dice.roll(brokers) as u8;
        let consumer = dice.roll(3) as u8;
        let command = match dice.roll(16) {
            0 => Command::Stop(peer),
            1 => Command::Start(peer),
            2 => Command::Freeze(peer),
            3 => Command::Thaw(peer),
            4 => Command::Stop(Node::Broker(broker)),
            5 => Command::Start(Node::Broker(broker)),
            6 => Command::MoveBroker(broker),
            7 => Command::ReturnBroker(broker),
            8 => Command::KillSecondCluster,
            9 => Command::StartDrain,
            10 => Command::StopDrain,
            11 => Command::Isolate(peer),
            12 => Command::Rejoin(peer),
            13 => Command::CutLink(Link { from: Node::Broker(broker), to: peer, both: dice.roll(2) == 0 }),
            14 => Command::Isolate(Node::Consumer(consumer)),
            _ => Command::CrashConsumer(consumer),
        };
        actions.push((at, command));
    }
    actions.sort_by_key(|(at, _)| *at);
    actions
}
