//! What the budgets of the core are about: events per second, allocations per step, the time of one default run, going back.
//! Plain std: `cargo bench --bench speed`, or `make bench` for these and the same in a browser.
#![allow(unsafe_code)] // a global allocator that counts cannot be written without it
#![allow(clippy::disallowed_methods)] // a bench reads the clock

use second_leader::params::{Key, Params};
use second_leader::recording::Recording;
use second_leader::rng::{Chance, Stream};
use second_leader::scenario::Scenario;
use second_leader::sim::Simulation;
use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

/// The system's allocator, counting.
struct Counting;

static ALLOCATIONS: AtomicU64 = AtomicU64::new(0);
/// Bytes in use.
static BYTES: AtomicU64 = AtomicU64::new(0);

// SAFETY: every call goes to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        BYTES.fetch_add(layout.size() as u64, Ordering::Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        BYTES.fetch_sub(layout.size() as u64, Ordering::Relaxed);
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        BYTES.fetch_add(size as u64, Ordering::Relaxed);
        BYTES.fetch_sub(layout.size() as u64, Ordering::Relaxed);
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const SECOND: u64 = 1_000_000;
const RUNS: usize = 5;
/// Budget: simulated events per second of real time.
const EVENTS_PER_SECOND: f64 = 3e6;
/// Budgets of going back.
const SEEK_MS: f64 = 50.0;
const STEP_BACK_MS: f64 = 16.0;
const RECORDING_MB: f64 = 64.0;
/// The window in which nothing should be allocated: healed, drained or draining, as many jobs coming as going.
const STEADY: std::ops::Range<u64> = 200 * SECOND..290 * SECOND;

fn simulation(write_rate: &str) -> Simulation {
    let mut params = Params::default();
    params.set_text(Key::WriteRate, write_rate).expect("a legal rate");
    Simulation::new(&Scenario::of(params).check().expect("a sound scenario"))
}

fn advance(sim: &mut Simulation, until: u64) {
    while !sim.advance(until, 1 << 20) {
        assert_eq!(sim.stopped(), None, "the run must not hit a limit");
    }
}

/// Seconds of real time and events of one whole run.
fn whole_run(write_rate: &str) -> (f64, u64) {
    let start = Instant::now();
    let mut sim = simulation(write_rate);
    let end = sim.end();
    advance(&mut sim, end);
    (start.elapsed().as_secs_f64(), sim.steps())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Going back in the longest run there is, healed after 2 h 28 min at 40 jobs/s: milliseconds that 99 of 100 seeks and steps back
/// take, and the memory of the recording in MB. True: within the budgets.
fn going_back() -> bool {
    const SEEKS: usize = 500;
    let mut params = Params::default();
    params.set_text(Key::HealAt, "8880").expect("a legal time");
    let scenario = Scenario::of(params).check().expect("a sound scenario");
    let before = BYTES.load(Ordering::Relaxed);
    let mut recording = Recording::new(&scenario);
    let end = recording.sim().end();
    recording.run_to(end, &mut || false);
    let mut chance = Chance::new(7);
    let mut times = [Vec::new(), Vec::new()];
    for _ in 0..SEEKS {
        let at = chance.between(Stream::Jitter, 0, end);
        let start = Instant::now();
        recording.seek(at, &mut || false);
        times[0].push(start.elapsed().as_secs_f64() * 1000.0);
        let start = Instant::now();
        recording.step_back();
        times[1].push(start.elapsed().as_secs_f64() * 1000.0);
    }
    let [seek, back] = times.map(|mut t| {
        t.sort_by(f64::total_cmp);
        t[t.len() * 99 / 100]
    });
    let memory = (BYTES.load(Ordering::Relaxed) - before) as f64 / 1e6;
    let met = seek <= SEEK_MS && back <= STEP_BACK_MS && memory <= RECORDING_MB;
    println!(
        "a run of {} min {} s with {} checkpoints:",
        end / 60 / SECOND,
        end / SECOND % 60,
        recording.checkpoints()
    );
    println!("  a seek to any time: {seek:.1} ms in 99 of 100 (budget {SEEK_MS})");
    println!("  a step back: {back:.1} ms in 99 of 100 (budget {STEP_BACK_MS})");
    println!("  memory: {memory:.1} MB (budget {RECORDING_MB}): {}", if met { "met" } else { "MISSED" });
    met
}

fn main() {
    if std::env::args().any(|arg| arg == "--once") {
        let (seconds, events) = whole_run("1000"); // one run, for whoever compares it with another right now
        println!("{:.0}", events as f64 / seconds);
        return;
    }
    whole_run("1000"); // warms up
    let rates = (0..RUNS).map(|_| whole_run("1000")).map(|(seconds, events)| events as f64 / seconds);
    let rate = median(rates.collect());
    let (_, events) = whole_run("1000");
    println!("the-incident at 1000 jobs/s: {events} events, median of {RUNS} runs");
    println!("events per second: {rate:.0}");
    println!("budget: at least {EVENTS_PER_SECOND:.0}: {}", if rate >= EVENTS_PER_SECOND { "met" } else { "MISSED" });

    let default = median((0..RUNS).map(|_| whole_run("40").0).collect());
    println!("one default run, 300 s simulated: {:.1} ms", default * 1000.0);

    let mut sim = simulation("1000");
    advance(&mut sim, STEADY.start);
    let (allocations, steps) = (ALLOCATIONS.load(Ordering::Relaxed), sim.steps());
    advance(&mut sim, STEADY.end);
    let (allocations, steps) = (ALLOCATIONS.load(Ordering::Relaxed) - allocations, sim.steps() - steps);
    println!("allocations in {steps} steps in steady state: {allocations} (budget: 0)");
    if !going_back() || rate < EVENTS_PER_SECOND || allocations > 0 {
        std::process::exit(1);
    }
}
