//! Golden traces: the first lines of every preset's trace, and its digest at a set time. tests/web.rs holds the browser to
//! the same digests. `BLESS=1 cargo test` rewrites them; review the diff.
use crate::common::{SECOND, advance, assert_file, check, read};
use second_leader::presets::PRESETS;
use second_leader::sim::Simulation;
use std::fmt::Write;

/// Where the digests are taken, s.
const UNTIL: u64 = 120;
/// Lines kept of each trace.
const LINES: usize = 200;

#[test]
fn every_preset_leaves_the_trace_it_left_before() {
    let mut digests = String::new();
    for preset in PRESETS {
        let mut sim = Simulation::new(&check(preset.scenario()));
        let sids = sim.sids().to_vec();
        let (mut trace, mut lines) = (Vec::new(), 0);
        sim.advance_with(UNTIL * SECOND, &mut |event| {
            if lines < LINES {
                event.write_line(&sids, &mut trace);
                trace.push(b'\n');
            }
            lines += 1;
        });
        let mut text = String::from_utf8(trace).expect("a trace is UTF-8");
        // Writing to a String cannot fail.
        let _ = writeln!(text, "… {lines} lines in {UNTIL} s, digest {:016x}", sim.trace_hash());
        assert_file(&format!("tests/golden/{}.txt", preset.id), &text);
        let _ = writeln!(digests, "{} {UNTIL} {:016x}", preset.id, sim.trace_hash());
    }
    assert_file("tests/golden/digests.txt", &digests);
}

#[test]
fn a_trace_line_is_time_actor_event_details() {
    let text = read("tests/golden/the-incident.txt");
    let lines: Vec<&str> = text.lines().take(LINES).collect();
    let mut last = 0;
    for line in &lines {
        let mut words = line.split_whitespace();
        let time =
            words.next().and_then(second_leader::params::parse_decimal).unwrap_or_else(|| panic!("no time: {line}"));
        assert!(time >= last, "time goes back: {line}");
        last = time;
        assert!(words.next().is_some() && words.next().is_some(), "no actor or event: {line}");
        assert!(!line.ends_with(' '), "trailing space: {line:?}");
    }
}

#[test]
fn the_digest_is_of_the_whole_run_so_far() {
    let scenario = check(PRESETS[0].scenario());
    let mut sim = Simulation::new(&scenario);
    let mut seen = vec![sim.trace_hash()];
    for second in [5, 10, 20, 40] {
        advance(&mut sim, second * SECOND);
        assert!(!seen.contains(&sim.trace_hash()), "the digest stands still at {second} s");
        seen.push(sim.trace_hash());
    }
}
