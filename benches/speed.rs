//! What the budgets of the core are about: events per second, allocations per step, the time of one default run.
//! Plain std: `cargo bench --bench speed`, or `make bench` for these and the same in a browser.
#![allow(unsafe_code)] // a global allocator that counts cannot be written without it
#![allow(clippy::disallowed_methods)] // a bench reads the clock

use second_leader::params::{Key, Params};
use second_leader::scenario::Scenario;
use second_leader::sim::Simulation;
use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

/// The system's allocator, counting.
struct Counting;

static ALLOCATIONS: AtomicU64 = AtomicU64::new(0);

// SAFETY: every call goes to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const SECOND: u64 = 1_000_000;
const RUNS: usize = 5;
/// Budget: simulated events per second of real time.
const EVENTS_PER_SECOND: f64 = 3e6;
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
    if rate < EVENTS_PER_SECOND || allocations > 0 {
        std::process::exit(1);
    }
}
