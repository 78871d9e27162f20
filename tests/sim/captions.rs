//! Every caption says where what it says comes from.
use crate::common::{SECOND, advance, check, preset, run, scenario};
use second_leader::caption::{Caption, Forecast, hint};
use second_leader::params::Source;
use second_leader::scenario::{Command, Node, Scenario};
use second_leader::sim::Simulation;

/// The captions of a run, in order, each once: the first that contains one of these words, with its source.
fn told(scenario: &Scenario, wanted: &[(&str, Source)]) {
    let mut sim = Simulation::new(scenario);
    let mut seen: Vec<Caption> = Vec::new();
    while sim.now() < sim.end() {
        let caption = Caption::of(&sim.view());
        if seen.last().is_none_or(|last| last.text != caption.text) {
            seen.push(caption);
        }
        let next = sim.now() + SECOND / 20;
        advance(&mut sim, next);
    }
    for (words, source) in wanted {
        let found = seen.iter().find(|caption| caption.text.contains(words));
        assert_eq!(found.map(|caption| caption.source), Some(*source), "{words}: {found:?}");
    }
}

#[test]
fn the_incident_is_told_with_its_sources() {
    let wanted = [
        ("All is well", Source::Code),
        ("counts a majority of the server list that it is given", Source::Simplified),
        ("a majority is", Source::Code),
        ("hosts that list each other", Source::Recorded),
        ("found /controller free", Source::Incident),
        ("of writes fail", Source::Recorded),
        ("still believe they are the controller", Source::Recorded),
        ("zk9 comes back, wiped", Source::Simplified),
        ("dead letters", Source::Talk),
        ("Every job came home", Source::Incident),
    ];
    told(&preset("the-incident", &[]), &wanted);
}

#[test]
fn what_is_lost_or_dropped_has_its_source_too() {
    let wrong = ("acknowledged on the wrong side", Source::Recorded);
    told(&preset("more-brokers", &[]), &[wrong, ("writes are lost", Source::Recorded)]);
    told(&preset("no-dead-letters", &[]), &[("jobs were dropped", Source::Simplified)]);
    told(&preset("wrong-recovery", &[]), &[("another tree than the leader", Source::Recorded)]);
    told(&preset("the-incident", &[("heal", "repoint")]), &[("Half a repair", Source::Simplified)]);
}

#[test]
fn hosts_that_join_or_look_in_vain_have_their_sources() {
    told(&preset("stuck", &[]), &[("in vain", Source::Recorded)]);
    told(&preset("patient", &[]), &[("new hosts joined", Source::Recorded)]);
    told(&preset("checklist", &[]), &[("the next host waits until it follows", Source::Simplified)]);
    let stops = [1, 2, 3].map(|sid| (20 * SECOND, Command::Stop(Node::Peer(sid))));
    let dark = Scenario { actions: stops.to_vec(), ..scenario(&[("newNodes", "0"), ("heal", "none")]) };
    told(&check(dark), &[("Nobody leads", Source::Code)]);
}

#[test]
fn a_quorum_without_zookeeper_is_told_from_its_source() {
    let wanted = [
        ("leads the quorum", Source::Code),
        ("will observe until", Source::Code),
        ("One change at a time", Source::Code),
        ("static list", Source::Code),
    ];
    told(&preset("kraft", &[]), &wanted);
}

#[test]
fn the_hint_under_the_join_rate_says_what_the_simulation_does() {
    let shapes = [
        ("3", "8", ""),
        ("3", "3", ""),
        ("3", "2", ""),
        ("1", "2", ""),
        ("2", "2", ""),
        ("5", "3", "1,2,3"),
        ("5", "3", "5"),
        ("2", "3", "1,2"),
    ];
    for policy in ["renderedAtBoot", "finalList", "oneByOne", "observersFirst", "dynamicReconfig"] {
        for ((old, new, removed), rate) in shapes.iter().flat_map(|shape| [(shape, "480"), (shape, "6")]) {
            let values = [("listPolicy", policy), ("oldNodes", old), ("newNodes", new), ("removed", removed)];
            let quiet = [("joinRate", rate), ("heal", "none"), ("writeRate", "1"), ("movedBrokers", "0")];
            let scenario = scenario(&[&values[..], &quiet[..]].concat());
            let (forecast, text) = hint(&scenario.params);
            let wanted = match run(&scenario).verdict().outcome.name() {
                "join" => Forecast::Join,
                "split" => Forecast::Split,
                // One by one the next host never starts, so there is no verdict.
                "stuck" | "unfinished" => Forecast::Stuck,
                other => panic!("{other}: {values:?}, {rate} hosts/min"),
            };
            assert_eq!(forecast, wanted, "{values:?}, {rate} hosts/min: {text}");
        }
    }
}
