//! Why things happened: chains lead from real event to real event back to a root, and forward again.
use crate::common::{SECOND, preset};
use second_leader::event::{Event, EventId, What};
use second_leader::metrics::Milestone;
use second_leader::params::Key;
use second_leader::presets::PRESETS;
use second_leader::recording::Recording;
use second_leader::scenario::Scenario;
use second_leader::sim::Simulation;
use second_leader::why::{self, Chain, Events, Kind, Root, Visit};
use std::ops::Range;

/// A run up to this instant.
pub fn recorded(scenario: &Scenario, until: u64) -> Recording {
    let mut run = Recording::new(scenario);
    assert!(run.seek(until, &mut || false));
    run
}

/// A preset up to this instant.
pub fn recorded_preset(id: &str, until: u64) -> Recording {
    recorded(&preset(id, &[]), until)
}

/// The first event like this.
fn first(run: &Recording, wanted: impl Fn(&What) -> bool) -> EventId {
    let mut found = 0;
    run.replay(1..run.sim().event_count() + 1, &mut |_, e| {
        if wanted(&e.what) {
            found = e.id;
        }
        found == 0
    });
    assert!(found > 0, "it did not happen");
    found
}

fn name(run: &Recording, id: EventId) -> String {
    let mut name = String::new();
    run.replay(id..id + 1, &mut |_, e| {
        name.push_str(e.what.name());
        true
    });
    name
}

/// The names of the steps that are not minor, the event asked for first.
fn spine(chain: &Chain) -> Vec<&str> {
    chain.steps.iter().filter(|s| !s.minor).map(|s| s.link.name).collect()
}

fn explain(run: &Recording, id: EventId) -> Chain {
    why::chain(run, id).unwrap_or_else(|| panic!("no event {id}"))
}

/// Every link is a real event, and each step is earlier than the one it explains.
fn assert_real(run: &Recording, chain: &Chain) {
    let mut before = EventId::MAX;
    for step in &chain.steps {
        for link in [&step.link].into_iter().chain(&step.folded) {
            assert!(link.id < before, "{} is not earlier", link.text);
            assert_eq!(name(run, link.id), link.name);
            before = link.id;
        }
        if let Some(aside) = &step.aside {
            assert_eq!(name(run, aside.id), aside.name);
            assert!(aside.id < step.link.id && !chain.steps.iter().any(|s| s.link.id == aside.id), "{}", aside.text);
        }
    }
    assert!(chain.root != Root::Further);
}

#[test]
fn a_dead_letter_leads_back_to_the_hosts_that_listed_each_other_whatever_the_seed() {
    for seed in ["7", "1", "2", "3", "42"] {
        let run = recorded(&preset("the-incident", &[("seed", seed)]), 30 * SECOND);
        // Not the very first: the broker may have been asked before its controller had told it anything.
        let id = first(&run, |what| matches!(what, What::DeadLettered { depth: 5.., .. }));
        let chain = explain(&run, id);
        assert_real(&run, &chain);
        let wanted = [
            "deadLettered",
            "attemptFailed",
            "metadataSent",
            "controllerElected",
            "brokerRegistered",
            "sessionOpened",
            "joined",
            "serving",
            "leading",
            "booted",
            "maintenanceStarted",
        ];
        // The broker's session may be with the leader itself, which nobody joined.
        let mut found = spine(&chain);
        if !found.contains(&"joined") {
            found.insert(6, "joined");
        }
        assert_eq!(found, wanted, "seed {seed}");
        assert_eq!(chain.root, Root::Scenario);
    }
}

#[test]
fn the_chain_of_the_first_dead_letter_reads_as_a_story() {
    let run = recorded_preset("the-incident", 12 * SECOND);
    let chain = explain(&run, first(&run, |what| matches!(what, What::DeadLettered { .. })));
    let told: Vec<&str> = chain.steps.iter().filter(|s| !s.minor).map(|s| s.text.as_str()).collect();
    let wanted = [
        "Job 337 goes to the dead-letter queue: all 4 attempts failed",
        "The attempt and 3 retries fail at broker 10: the topic does not exist there, and it knows too few brokers to create it (INVALID_REPLICATION_FACTOR)",
        "Broker 10 answers from metadata that it got from broker 10, controller of epoch 1: that knows broker 10 alone",
        "Broker 10 finds /controller free and takes it: it is controller, epoch 1",
        "Broker 10 registers in cluster B, through zk7",
        "Broker 10 has a session, through zk7",
        "zk7 is up to date and serves under zk11, in epoch 1",
        "zk11 serves as leader in epoch 1: 6 of the 11 hosts in its list are up to date",
        "zk11 wins the election: 8 of the 11 hosts in its list vote for it",
        "zk11 starts with the server list 1–11: 6 of these 11 are a majority for it; 8 of them have not joined and list each other: they need nobody else",
        "The maintenance begins: 8 hosts will be added",
    ];
    assert_eq!(told, wanted);
    let last = chain.steps.last().expect("a root");
    let rate = last.settings.iter().find(|s| s.key == Key::JoinRate).expect("the join rate");
    assert_eq!(rate.value, "480\u{a0}hosts/min");
    let attempts = chain.steps.iter().find(|s| s.link.name == "attemptFailed").expect("attempts");
    assert_eq!(attempts.folded.len(), 3);
    let aside = attempts.aside.as_ref().expect("what it was trying to do");
    assert_eq!(aside.text, "Producer 2 enqueues job 337, for partition 14; it asks broker 10 where to write it");
    let session = chain.steps.iter().find(|s| s.link.name == "sessionOpened").expect("a session");
    assert_eq!(session.aside.as_ref().map(|a| a.name), Some("brokerRestarting"));
}

#[test]
fn every_milestone_has_a_chain_to_a_root() {
    for id in ["the-incident", "wrong-recovery", "final-list-trap", "replace-three-of-five", "finish-the-rollout"] {
        let run = recorded_preset(id, 400 * SECOND);
        for &(milestone, _) in run.sim().milestones() {
            let event = first(&run, |what| *what == What::Reached { milestone });
            let chain = explain(&run, event);
            assert_real(&run, &chain);
            let root = chain.steps.last().expect("a root").link.name;
            match milestone {
                Milestone::End => assert_eq!(root, "milestone"),
                Milestone::SecondController => {
                    assert_eq!((root, chain.root), ("maintenanceStarted", Root::Scenario), "{id}");
                    assert!(spine(&chain).contains(&"leading") && spine(&chain).contains(&"booted"), "{id}");
                }
                _ => assert_ne!(root, "milestone", "{id}: {}", milestone.name()),
            }
        }
    }
}

#[test]
fn a_lost_job_names_who_stepped_in_and_shows_where_its_record_was() {
    for (id, moved) in [("more-brokers", "3"), ("wrong-recovery", "3")] {
        let run = recorded(&preset(id, &[("movedBrokers", moved)]), 90 * SECOND);
        let chain = explain(&run, first(&run, |what| matches!(what, What::LostJob { .. })));
        assert_real(&run, &chain);
        assert_eq!(spine(&chain), ["lost", "healStarted"]);
        assert_eq!(chain.root, Root::Scenario);
        let record = chain.steps[0].aside.as_ref().expect("its record");
        assert_eq!((record.name, record.job), ("appended", chain.steps[0].link.job));
        assert!(record.text.contains(" in cluster B"), "{}", record.text);
    }
}

#[test]
fn an_effect_that_came_twice_leads_back_to_the_lost_acknowledgement() {
    let run = recorded_preset("not-idempotent", 10 * SECOND);
    let id = first(&run, |what| matches!(what, What::DuplicateEffect { .. }));
    let chain = explain(&run, id);
    assert_real(&run, &chain);
    assert_eq!(spine(&chain), ["duplicateEffect", "attemptFailed", "produced"]);
    assert!(chain.steps[1].text.contains("NETWORK_EXCEPTION"), "{}", chain.steps[1].text);
    let job = chain.steps[0].link.job.expect("a job");
    let life = why::of_job(&run, job, id);
    let names: Vec<&str> = life.links.iter().map(|l| l.name).collect();
    assert_eq!(
        names,
        ["produced", "appended", "processed", "attemptFailed", "appended", "acknowledged", "duplicateEffect"]
    );
    assert!(!life.cut);
}

#[test]
fn chains_end_at_real_roots_without_a_maintenance_too() {
    let run = recorded_preset("leader-killed", 40 * SECOND);
    let chain = explain(&run, first(&run, |what| matches!(what, What::Serving { .. })));
    assert_real(&run, &chain);
    assert_eq!((spine(&chain).last(), chain.root), (Some(&"stopped"), Root::Action));

    let run = recorded_preset("kraft", 40 * SECOND);
    let chain = explain(&run, first(&run, |what| what.name() == "becameVoter"));
    assert_real(&run, &chain);
    assert_eq!((spine(&chain).last(), chain.root), (Some(&"maintenanceStarted"), Root::Scenario));
    assert!(
        chain.steps.iter().all(|s| s.settings.iter().all(|v| v.key != Key::ListPolicy)),
        "it does not matter there"
    );

    let run = recorded_preset("leader-frozen", 60 * SECOND);
    let chain = explain(&run, first(&run, |what| matches!(what, What::Serving { .. })));
    assert_real(&run, &chain);
    let last = chain.steps.last().expect("a root");
    assert!(last.settings.iter().any(|v| v.key == Key::SyncLimit));
    assert_eq!(last.text, "zk4 looks again: it heard nothing from its leader for too long; zk5 hangs");
}

#[test]
fn forward_from_the_maintenance_reaches_the_dead_letters_and_no_job_of_the_old_cluster() {
    let run = recorded_preset("the-incident", 59 * SECOND);
    let start = first(&run, |what| matches!(what, What::MaintenanceStarted { .. }));
    let found = why::forward(&run, start).expect("an event");
    assert!(!found.cut);
    assert_eq!(found.total, found.counts.iter().map(|(_, n)| n).sum::<u64>());
    let letters = found.notable.iter().find(|f| f.link.name == "deadLettered").expect("dead letters");
    assert_eq!(letters.count, run.sim().metrics().dead_lettered);
    for wanted in [Milestone::SecondLeader, Milestone::SecondController, Milestone::FirstDeadLetter] {
        let at = run.sim().milestones().iter().find(|(m, _)| *m == wanted).map(|(_, at)| *at);
        assert_eq!(found.milestones.iter().find(|(m, ..)| *m == wanted).map(|(_, at, _)| *at), at);
    }
    assert!(found.direct_count >= 8 && found.direct.iter().any(|l| l.name == "registered"));
    assert!(found.total * 4 < run.sim().event_count(), "{}: most jobs have nothing to do with it", found.total);
}

#[test]
fn without_a_second_leader_nothing_follows_for_jobs() {
    let run = recorded_preset("observers-first", 40 * SECOND);
    let start = first(&run, |what| matches!(what, What::MaintenanceStarted { .. }));
    let found = why::forward(&run, start).expect("an event");
    assert!(found.notable.iter().all(|f| f.link.name != "deadLettered" && f.link.name != "controllerElected"));
    assert!(why::forward(&run, 0).is_none() && why::forward(&run, u64::MAX).is_none());
    assert!(why::chain(&run, 0).is_none() && why::chain(&run, u64::MAX).is_none());
}

#[test]
fn what_was_seen_ahead_of_the_present_can_be_asked_about_and_what_was_not_cannot() {
    let mut run = recorded_preset("the-incident", 20 * SECOND);
    let letter = first(&run, |what| matches!(what, What::DeadLettered { .. }));
    let start = first(&run, |what| matches!(what, What::MaintenanceStarted { .. }));
    let (chain, found, last) = (explain(&run, letter), why::forward(&run, start), run.sim().event_count());
    assert!(run.seek(4 * SECOND, &mut || false));
    assert_eq!((explain(&run, letter), why::forward(&run, start)), (chain, found));
    assert!(why::chain(&run, last).is_some() && why::chain(&run, last + 1).is_none());
    assert!(why::forward(&run, last + 1).is_none());
    let life = why::of_job(&run, 337, letter);
    assert!(life.links.iter().any(|l| l.name == "deadLettered") && !life.cut && life.looked_at.1 == last + 1);
}

/// A sentence that says something, once.
fn assert_plain(text: &str, event: &Event) {
    assert!(text.len() > 10 && !text.ends_with(['.', ' ', ':', ',']), "{event:?}: {text:?}");
    assert!(text.starts_with(|c: char| c.is_ascii_uppercase() || text.starts_with("zk")), "{text}");
    assert!(!text.contains("  ") && !text.contains("zk0") && !text.contains("roller 0"), "{text}");
    let words: Vec<&str> = text.split_whitespace().collect();
    let twice = words.windows(2).find(|w| w[0] == w[1] && w[0].chars().all(char::is_alphabetic));
    assert_eq!(twice, None, "{text}");
}

#[test]
fn every_event_of_every_preset_is_told_in_a_plain_sentence_and_comes_after_its_parents() {
    let mut seen: Vec<&'static str> = Vec::new();
    for preset in PRESETS {
        let scenario = crate::common::check(preset.scenario());
        let mut sim = Simulation::new(&scenario);
        let (sids, end) = (sim.sids().to_vec(), sim.end());
        sim.advance_with(end, &mut |event| {
            assert!(event.cause < event.id && event.also < event.id, "{event:?}");
            let name = event.what.name();
            let new = !seen.contains(&name);
            if new {
                seen.push(name);
            }
            if new || event.id % 16 == 0 || Kind::of(event) != Kind::Job && Kind::of(event) != Kind::Consumer {
                assert_plain(&why::sentence(event, &sids).text, event);
            }
        });
    }
    assert!(seen.len() > 60, "{seen:?}");
}

#[test]
fn a_whole_chain_of_a_long_run_takes_few_looks() {
    struct Counting<'a>(&'a Recording, std::cell::Cell<u64>);
    impl Events for Counting<'_> {
        fn now(&self) -> &Simulation {
            self.0.now()
        }
        fn scan(&self, ids: Range<EventId>, visit: Visit<'_>) {
            self.1.set(self.1.get() + 1);
            self.0.scan(ids, visit);
        }
    }
    let run = recorded(&preset("the-incident", &[("healAt", "3000")]), 1500 * SECOND);
    let mut last = 0;
    run.replay(1..run.sim().event_count() + 1, &mut |_, e| {
        if matches!(e.what, What::DeadLettered { .. }) {
            last = e.id;
        }
        true
    });
    assert!(last > 150_000, "{last}");
    let counting = Counting(&run, std::cell::Cell::new(0));
    let chain = why::chain(&counting, last).expect("an event");
    assert_eq!(chain.root, Root::Scenario);
    assert!(counting.1.get() <= 8, "{} looks", counting.1.get());
}

#[test]
fn any_job_can_be_asked_about_by_its_number() {
    let mut recording = Recording::new(&Scenario::preset("the-incident").expect("a preset"));
    while !recording.seek(30_000_000, &mut || false) {}
    let mut failed = None;
    recording.replay(1..recording.sim().event_count() + 1, &mut |_, e| {
        if let What::DeadLettered { job, .. } = e.what {
            failed = failed.or(Some((job, e.id)));
        }
        true
    });
    let (job, letter) = failed.expect("a dead letter");
    assert_eq!(why::about_job(&recording, job), Some(letter), "job {job}: what is worst");
    for job in [1, 2, 77, 400, 1000] {
        let id = why::about_job(&recording, job).unwrap_or_else(|| panic!("job {job} was produced"));
        let chain = why::chain(&recording, id).expect("a chain");
        assert_eq!(chain.steps[0].link.job, Some(job));
    }
    assert_eq!(why::about_job(&recording, 5_000_000), None, "not produced yet");
    assert_eq!(why::about_job(&recording, 0), None);
}
