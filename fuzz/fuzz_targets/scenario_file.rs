//! Any bytes as a scenario file: it is read, or refused with at least one issue, and what is read can be run.
#![no_main]
use libfuzzer_sys::fuzz_target;
use second_leader::native::document::Document;
use second_leader::native::json::Json;
use second_leader::sim::Simulation;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(json) = Json::parse(text) {
        assert_eq!(Json::parse(&json.line()).as_ref(), Ok(&json), "what is written is read again");
    }
    match Document::read(text) {
        Err(issues) => assert!(!issues.is_empty()),
        Ok(document) => {
            let scenario = document.scenario.check().expect("what is read is sound");
            let mut sim = Simulation::new(&scenario);
            sim.advance(5_000_000, 2_000);
            assert!(sim.ledger().balances());
        }
    }
});
