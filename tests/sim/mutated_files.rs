//! The shipped scenario files, damaged in thousands of ways: each is read or refused in bounded time, and never panics. The
//! same on every compiler; `fuzz/` goes on from here where there is a nightly one. A failure names its seed.
use crate::common::{Dice, read};
use second_leader::native::document::{Document, MAX_FILE};
use second_leader::native::json::Json;
use second_leader::presets::PRESETS;
use second_leader::sim::Simulation;

const SEEDS: u64 = 20_000;

/// What stands in files, and what does not.
const SCRAPS: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "\"",
    "\\",
    "\\u0000",
    "\\ud800",
    "null",
    "true",
    "-",
    "-0",
    "1e999",
    "1e-999",
    "0.1e1",
    "99999999999999999999999999",
    "9223372036854775807",
    "-9223372036854775808",
    "4294967296",
    "\u{feff}",
    "\u{0}",
    "é",
    "💥",
    "\"params\":{},",
    "\"plan\":{\"old\":[1],\"fresh\":[]},",
    "\"schemaVersion\":2,",
    "\"actions\":[{\"at\":1}],",
];

/// One change to the bytes of a file.
fn damage(bytes: &mut Vec<u8>, dice: &mut Dice) {
    let at = |bytes: &[u8], dice: &mut Dice| dice.roll(bytes.len() as u64 + 1) as usize;
    let (mut from, mut to) = (at(bytes, dice), at(bytes, dice));
    if from > to {
        (from, to) = (to, from);
    }
    let to = to.min(from + 200);
    match dice.roll(9) {
        0 => bytes.truncate(from),
        1 => drop(bytes.drain(from..to)),
        2 => {
            if let Some(byte) = bytes.get_mut(from) {
                *byte ^= 1 << dice.roll(8);
            }
        }
        3 => {
            let part = bytes[from..to].to_vec();
            bytes.splice(from..from, part);
        }
        4 => {
            let digits = dice.roll(400) as usize;
            bytes.splice(from..from, std::iter::repeat_n(b'9', digits));
        }
        5 => {
            let depth = dice.roll(3_000) as usize;
            let nest: &[u8] = [&b"["[..], b"{\"a\":", b"{\"plan\":", b"[{\"fresh\":"][dice.roll(4) as usize];
            bytes.splice(from..from, nest.repeat(depth));
        }
        6 => duplicate_a_member(bytes, dice),
        7 => replace_a_number(bytes, dice),
        _ => {
            let scrap = SCRAPS[dice.roll(SCRAPS.len() as u64) as usize];
            bytes.splice(from..to.min(from + 8), scrap.bytes());
        }
    }
}

/// A line of the file comes twice: a repeated key.
fn duplicate_a_member(bytes: &mut Vec<u8>, dice: &mut Dice) {
    let lines: Vec<Vec<u8>> = bytes.split_inclusive(|b| *b == b'\n').map(<[u8]>::to_vec).collect();
    let Some(twice) = (!lines.is_empty()).then(|| dice.roll(lines.len() as u64) as usize) else { return };
    *bytes = lines.iter().enumerate().flat_map(|(i, line)| line.repeat(1 + usize::from(i == twice))).collect();
}

/// A number becomes another one.
fn replace_a_number(bytes: &mut Vec<u8>, dice: &mut Dice) {
    let digits: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at].is_ascii_digit()).collect();
    let Some(at) = (!digits.is_empty()).then(|| digits[dice.roll(digits.len() as u64) as usize]) else { return };
    let other = ["0", "-1", "255", "256", "1e6", "0.0000001", "18446744073709551616", "7"][dice.roll(8) as usize];
    bytes.splice(at..=at, other.bytes());
}

/// The shipped files, and one with everything in it.
fn corpus() -> Vec<String> {
    let mut files: Vec<String> = PRESETS.iter().map(|p| read(&format!("www/scenarios/{}.json", p.id))).collect();
    let full = r#"{"schemaVersion":1,"id":"a","base":"stuck","params":{"brokers":3,"dlq":true,"joinRate":33.5},"plan":{"old":[1,2],
      "oldLeader":2,"fresh":[{"sid":3,"startMs":5,"list":[1,2,3],"role":"observer"},{"sid":9,"startMs":7.5,"list":[9]}]},
      "actions":[{"at":1,"do":"stopNode","node":3},{"at":2,"do":"moveBroker","broker":2}],
      "expect":[{"metric":"lost","op":"==","value":0}]}"#;
    files.push(Json::parse(full).expect("JSON").pretty());
    files.extend(crate::lessons::SHIPPED.iter().map(|id| read(&format!("www/lessons/{id}.json"))));
    files
}

#[test]
fn damaged_scenario_files_are_read_or_refused() {
    let corpus = corpus();
    let (mut sound, mut refused, mut no_json) = (0, 0, 0);
    for seed in 0..SEEDS {
        let mut dice = Dice::new(seed);
        let mut bytes = corpus[dice.roll(corpus.len() as u64) as usize].clone().into_bytes();
        for _ in 0..=dice.roll(4) {
            damage(&mut bytes, &mut dice);
        }
        assert!(bytes.len() < MAX_FILE, "seed {seed}: inputs stay small");
        let text = String::from_utf8_lossy(&bytes);
        let outcome = std::panic::catch_unwind(|| Document::read(&text));
        match outcome.unwrap_or_else(|_| panic!("seed {seed} makes the reader panic:\n{text}")) {
            Ok(document) => {
                sound += 1;
                let scenario = document.scenario.check().unwrap_or_else(|e| panic!("seed {seed}: unsound: {e:?}"));
                if seed % 16 == 0 {
                    let mut sim = Simulation::new(&scenario);
                    sim.advance(4_000_000, 2_000);
                    assert!(sim.ledger().balances(), "seed {seed}");
                }
            }
            Err(issues) => {
                assert!(!issues.is_empty(), "seed {seed}");
                assert!(
                    issues.iter().all(|i| i.field.starts_with('/') && !i.message.is_empty()),
                    "seed {seed}: {issues:?}"
                );
                let shown: usize = issues.iter().map(|i| i.value.chars().count()).max().unwrap_or(0);
                assert!(shown <= 60, "seed {seed}: a message quotes {shown} characters");
                if issues[0].message.contains("is not JSON") { no_json += 1 } else { refused += 1 }
            }
        }
    }
    println!("{sound} sound, {refused} refused, {no_json} no JSON");
    assert!(sound > SEEDS / 20 && refused > SEEDS / 20, "damage of every degree: {sound}, {refused}, {no_json}");
}
