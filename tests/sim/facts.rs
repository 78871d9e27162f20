//! The inspector: every variable by its real name, with the value that the run itself has.
use crate::common::{SECOND, advance, preset, run_until, scenario};
use second_leader::facts::{Section, Subject, facts, title};
use second_leader::presets::PRESETS;
use second_leader::sim::Simulation;
use second_leader::trees::{Duty, trees};
use second_leader::view::FlightKind;

/// The value of a row.
fn value<'a>(sections: &'a [Section], section: &str, name: &str) -> &'a str {
    let found = sections.iter().find(|s| s.title == section).and_then(|s| s.rows.iter().find(|r| r.name == name));
    found.map_or_else(|| panic!("no {section} / {name} in {sections:#?}"), |row| &row.value)
}

fn section<'a>(sections: &'a [Section], title: &str) -> &'a Section {
    sections.iter().find(|s| s.title == title).unwrap_or_else(|| panic!("no {title} in {sections:#?}"))
}

fn has(sections: &[Section], title: &str) -> bool {
    sections.iter().any(|s| s.title == title)
}

/// The instant at which a run first has two leaders and two controllers, and some seconds more.
fn split(id: &str, values: &[(&str, &str)], more: u64) -> Simulation {
    let mut sim = Simulation::new(&preset(id, values));
    while sim.heads() != (2, 2) {
        assert!(sim.now() < sim.end(), "{id} never had two of each");
        let next = sim.now() + SECOND / 5;
        advance(&mut sim, next);
    }
    let next = sim.now() + more;
    advance(&mut sim, next);
    sim
}

#[test]
fn an_established_leader_shows_its_list_its_majority_its_sessions_and_its_learners() {
    let sim = run_until(&preset("the-incident", &[]), SECOND);
    let f = facts(&sim, Subject::Host(3));
    assert_eq!(value(&f, "State", "state"), "LEADING");
    assert_eq!(value(&f, "What it was given", "server list"), "1–3");
    assert_eq!(value(&f, "What it was given", "majority"), "2 of 3");
    assert_eq!(value(&f, "As leader", "zabState"), "broadcast: serves");
    assert_eq!(value(&f, "As leader", "in sync"), "3; it needs 2");
    let rows = &section(&f, "As leader").rows;
    assert_eq!(rows.iter().filter(|r| r.name.starts_with("session 0x")).count(), 10, "one for each broker");
    assert_eq!(rows.iter().filter(|r| r.name.starts_with("learner zk")).count(), 2);
    assert!(!has(&f, "Its leader"), "it follows nobody");
    let f = facts(&sim, Subject::Host(1));
    assert_eq!(value(&f, "Its leader", "leader"), "zk3");
    assert_eq!(value(&f, "On its disk", "currentEpoch"), "1");
    assert!(!has(&f, "As leader"));
}

#[test]
fn every_host_keeps_its_own_votes_and_they_agree_with_the_picture() {
    let mut sim = Simulation::new(&preset("the-incident", &[]));
    let mut looked = 0;
    for at in (0..300).map(|i| i * SECOND / 10) {
        advance(&mut sim, at);
        for p in sim.view().peers {
            let f = facts(&sim, Subject::Host(p.sid));
            let Some(heard) = f.iter().find(|s| s.title == "Votes heard in this round (recvset)") else { continue };
            if value(&f, "State", "state") != "LOOKING" {
                continue;
            }
            looked += 1;
            let agree = heard.rows.iter().filter(|r| r.note == "agrees").count();
            assert_eq!(agree as u32, p.votes, "zk{} at {at}: {heard:#?}", p.sid);
            let why = value(&f, "State", "not serving because");
            assert!(why.contains("votes that a majority of its list of") || why.contains("a majority agrees"), "{why}");
            let listed = p.list.len();
            let named = heard.rows.len()
                + f.iter().filter(|s| s.title.contains("outofelection")).map(|s| s.rows.len()).sum::<usize>();
            assert!(named >= listed, "zk{}: whoever is on its list is heard, or named as silent: {f:#?}", p.sid);
        }
    }
    assert!(looked > 20, "{looked}");
}

#[test]
fn the_old_hosts_were_asked_by_hosts_that_are_not_on_their_list() {
    let sim = split("the-incident", &[], 0);
    let f = facts(&sim, Subject::Host(2));
    let strangers = section(&f, "Asked by hosts that are not on its list");
    assert!(!strangers.rows.is_empty());
    assert!(strangers.rows.iter().all(|r| r.note == "answered, and counted for nothing"));
    assert!(strangers.rows.iter().all(|r| r.name.trim_start_matches("zk").parse::<u8>().is_ok_and(|sid| sid > 3)));
}

#[test]
fn the_moved_broker_says_where_its_metadata_comes_from_and_why_it_creates_no_topic() {
    let sim = split("the-incident", &[], 5 * SECOND);
    let moved = sim.view().brokers.iter().find(|b| b.ensemble == Some(1)).expect("a broker moved").id;
    let f = facts(&sim, Subject::Broker(moved));
    assert_eq!(value(&f, "State", "cluster.id"), "B");
    assert_eq!(value(&f, "Metadata it answers with", "live brokers"), moved.to_string());
    assert_eq!(value(&f, "Metadata it answers with", "topics"), "no topic");
    let row = section(&f, "Metadata it answers with").rows.iter().find(|r| r.name == "topics").expect("topics");
    assert!(row.note.contains("INVALID_REPLICATION_FACTOR"), "{row:?}");
    assert!(section(&f, "Attempts that failed here").rows.iter().any(|r| r.name == "INVALID_REPLICATION_FACTOR"));
    assert_eq!(value(&f, "As controller", "live brokers"), moved.to_string());
    let server = section(&f, "ZooKeeper session").rows.iter().find(|r| r.name == "that server follows");
    let second = sim.view().ensembles[1].leader;
    assert_eq!(server.map(|r| r.value.clone()), Some(["zk", &second.to_string()].concat()));
}

#[test]
fn a_partition_shows_who_contradicts_whom() {
    let calm = run_until(&preset("the-incident", &[]), SECOND);
    let f = facts(&calm, Subject::Partition(0));
    let asked = section(&f, "Who leads it, by whom you ask");
    assert_eq!(asked.rows.len(), 1 + 1 + 10, "one tree, one controller, ten brokers");
    assert!(asked.rows.iter().all(|r| !r.differs), "{asked:#?}");
    let sim = split("the-incident", &[], 10 * SECOND);
    let moved = sim.view().brokers.iter().find(|b| b.ensemble == Some(1)).expect("a broker moved").id;
    let f = facts(&sim, Subject::Partition(0));
    let asked = section(&f, "Who leads it, by whom you ask");
    let differ: Vec<&str> = asked.rows.iter().filter(|r| r.differs).map(|r| r.name.as_str()).collect();
    let name = ["broker ", &moved.to_string()].concat();
    assert!(differ.contains(&name.as_str()) && differ.iter().any(|n| n.starts_with("ensemble B")), "{differ:?}");
    assert!(asked.rows.iter().any(|r| r.name.starts_with("broker ") && !r.differs), "the others agree");
}

#[test]
fn a_job_that_waits_shows_its_back_off_and_its_fate() {
    let mut sim = split("the-incident", &[], 0);
    let (mut waiting, mut flying, mut dead) = (0, 0, 0);
    for _ in 0..300 {
        let next = sim.now() + SECOND / 50;
        advance(&mut sim, next);
        let last = sim.ledger().produced() as u32;
        for serial in last.saturating_sub(400).max(1)..=last {
            let f = facts(&sim, Subject::Job(serial));
            assert_eq!(value(&f, "Job", "serial"), serial.to_string());
            match value(&f, "Job", "fate") {
                "retrying" => {
                    waiting += 1;
                    assert!(value(&f, "Where it is now", "back-off until").contains(", in "), "{f:#?}");
                    let tries = value(&f, "Job", "attempts");
                    assert!(tries.ends_with(" of 4") && !tries.starts_with('0'), "{tries}");
                }
                "inFlight" => {
                    flying += 1;
                    // Under way to a broker or back, or in a leader's log until its replicas have it.
                    assert!(has(&f, "Where it is now") || has(&f, "Records"), "{f:#?}");
                }
                "deadLettered" => {
                    dead += 1;
                    assert!(has(&f, "Where it is now"), "{f:#?}");
                }
                _ => {}
            }
        }
    }
    assert!(waiting > 100 && flying > 100 && dead > 100, "{waiting} {flying} {dead}");
    let beyond = sim.ledger().produced() as u32 + 1;
    assert!(facts(&sim, Subject::Job(beyond)).is_empty() && facts(&sim, Subject::Job(0)).is_empty());
}

#[test]
fn a_message_in_flight_can_be_read() {
    let mut sim = run_until(&preset("the-incident", &[]), 5 * SECOND);
    let (mut votes, mut jobs) = (0, 0);
    for _ in 0..4000 {
        if !sim.step() || (votes > 20 && jobs > 20) {
            break;
        }
        let flying: Vec<_> = sim.flights().filter(|f| f.sent == sim.now() && f.arrives > sim.now()).collect();
        for flight in flying {
            let f = facts(&sim, Subject::Message(flight));
            let ends = [value(&f, "Message", "from"), " to ", value(&f, "Message", "to")].concat();
            assert!(title(&sim, Subject::Message(flight)).ends_with(&ends), "{f:#?}");
            if flight.kind == FlightKind::Vote {
                votes += 1;
                assert!(value(&f, "What it says", "vote").starts_with("zk"), "{f:#?}");
                assert!(["LOOKING", "LEADING", "FOLLOWING"].contains(&value(&f, "What it says", "state")), "{f:#?}");
            }
            if flight.job > 0 {
                jobs += 1;
                assert_eq!(value(&f, "Message", "carries"), ["job ", &flight.job.to_string()].concat());
                assert!(has(&f, "What it says"), "{f:#?}");
            }
        }
    }
    assert!(votes > 20 && jobs > 20, "{votes} {jobs}");
}

#[test]
fn every_message_that_is_under_way_is_found_and_read() {
    for id in ["the-incident", "kraft"] {
        let mut sim = Simulation::new(&preset(id, &[]));
        let mut read = 0;
        for at in (1..100).map(|i| i * SECOND / 3 + 777) {
            advance(&mut sim, at);
            let flying: Vec<_> = sim.flights().filter(|f| f.arrives > at).collect();
            for flight in flying {
                let f = facts(&sim, Subject::Message(flight));
                assert!(has(&f, "What it says"), "{id} at {at}: {f:#?}");
                read += 1;
            }
        }
        assert!(read > 100, "{id}: {read}");
    }
}

#[test]
fn the_two_trees_stand_side_by_side_and_differ_in_every_duty_that_broke() {
    let calm = trees(&run_until(&preset("the-incident", &[]), SECOND), None);
    assert_eq!((calm.copies.len(), calm.copies[0].sid, calm.copies[0].leads), (1, 3, Some('A')));
    assert!(calm.rows.iter().all(|r| !r.differs));
    let sim = split("the-incident", &[("quota", "200")], 5 * SECOND);
    let two = trees(&sim, None);
    assert_eq!(two.copies.iter().map(|c| c.leads).collect::<Vec<_>>(), [Some('A'), Some('B')]);
    let row = |path: &str| two.rows.iter().find(|r| r.path == path).unwrap_or_else(|| panic!("no {path}"));
    let (a, b) = (&row("/controller").values[0], &row("/controller").values[1]);
    assert!(a.is_some() && b.is_some() && a != b, "each has a controller, and another: {a:?} {b:?}");
    assert_eq!(row("/brokers/topics/jobs").values[1], None, "the second tree has no topic");
    assert!(row("/config/clients").differs && row("/config/clients").values[1].is_none(), "and no quota");
    for duty in [Duty::Controller, Duty::Membership, Duty::Topics, Duty::Access] {
        assert!(two.rows.iter().any(|r| r.duty == duty && r.differs), "{duty:?}");
    }
    let order: Vec<&str> = two.rows.iter().map(|r| r.path.as_str()).filter(|p| p.starts_with("/brokers/ids")).collect();
    assert_eq!((order[0], order[order.len() - 1]), ("/brokers/ids/1", "/brokers/ids/10"));
}

#[test]
fn a_followers_copy_is_its_leaders_copy() {
    let sim = run_until(&preset("the-incident", &[]), SECOND);
    let both = trees(&sim, Some(1));
    assert_eq!(both.copies.iter().map(|c| (c.sid, c.serving)).collect::<Vec<_>>(), [(3, true), (1, true)]);
    assert!(both.rows.len() > 10 && both.rows.iter().all(|r| !r.differs));
    assert_eq!(trees(&sim, Some(3)).copies.len(), 1, "the leader is not shown twice");
}

#[test]
fn everything_in_every_preset_has_facts_at_every_instant_and_no_row_is_empty() {
    for preset in PRESETS {
        let mut sim = Simulation::new(&crate::common::preset(preset.id, &[]));
        for at in (0..24).map(|i| i * 5 * SECOND + SECOND / 3) {
            let at = at.min(sim.end());
            advance(&mut sim, at);
            let view = sim.view();
            let mut subjects: Vec<Subject> = view.peers.iter().map(|p| Subject::Host(p.sid)).collect();
            subjects.extend(view.brokers.iter().map(|b| Subject::Broker(b.id)));
            subjects.extend((0..view.ensembles.len()).map(Subject::Ensemble));
            subjects.extend((0..view.producers).map(Subject::Producer));
            subjects.extend((0..view.consumers).map(Subject::Consumer));
            subjects.extend([Subject::Partition(0), Subject::DeadLetters]);
            subjects.extend(sim.flights().filter(|f| f.arrives >= at).take(20).map(Subject::Message));
            for subject in subjects {
                let f = facts(&sim, subject);
                assert!(!f.is_empty(), "{} {at} {subject:?}", preset.id);
                assert!(!title(&sim, subject).is_empty());
                for s in &f {
                    assert!(!s.title.is_empty() && !s.rows.is_empty(), "{} {at} {subject:?}", preset.id);
                    for r in &s.rows {
                        assert!(!r.name.is_empty() && !r.value.is_empty(), "{} {at} {subject:?}: {r:?}", preset.id);
                    }
                }
            }
            assert!(!trees(&sim, Some(1)).copies.is_empty(), "{} {at}", preset.id);
        }
    }
}

#[test]
fn what_does_not_exist_has_no_facts() {
    let sim = run_until(&scenario(&[]), SECOND);
    for subject in [
        Subject::Host(200),
        Subject::Broker(0),
        Subject::Broker(31),
        Subject::Partition(255),
        Subject::Producer(250),
        Subject::Consumer(250),
        Subject::Ensemble(9),
    ] {
        assert!(facts(&sim, subject).is_empty(), "{subject:?}");
    }
}

#[test]
fn a_kraft_controller_shows_that_the_list_is_in_its_log() {
    let sim = run_until(&preset("kraft", &[]), SECOND);
    let leader = sim.view().ensembles[0].leader;
    let f = facts(&sim, Subject::Host(leader));
    assert_eq!(value(&f, "State", "state"), "LEADER");
    assert_eq!(value(&f, "Metadata log", "voters"), "1–3");
    assert_eq!(value(&f, "Metadata log", "majority"), "2 of 3");
    assert_eq!(value(&f, "As leader", "is the active controller"), "yes");
    let log = trees(&sim, Some(if leader == 1 { 2 } else { 1 }));
    assert!(log.copies.len() == 2 && log.rows.iter().any(|r| r.path == "PartitionRecord jobs-0" && !r.differs));
}
