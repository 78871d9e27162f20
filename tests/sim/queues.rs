//! Closed forms of the backlog: how it grows, how it drains, how long a letter waits; and which share fails for any b.
use crate::common::{SECOND, advance, assert_binomial, run_until, scenario};
use second_leader::event::What;
use second_leader::sim::Simulation;
use std::collections::BTreeMap;

#[test]
fn the_backlog_grows_by_what_fails_less_what_is_drained_and_then_drains_in_depth_over_rate() {
    // λ = 40/s, a tenth of them fail, 2/s are drained: 4 − 2 a second from about 10 s to 60 s.
    let (mut grown, mut drained) = (0, 0);
    for seed in 0..20u32 {
        let mut sim = Simulation::new(&scenario(&[("seed", &seed.to_string())]));
        advance(&mut sim, 10 * SECOND);
        let start = sim.metrics().dlq_depth;
        advance(&mut sim, 60 * SECOND);
        grown += sim.metrics().dlq_depth - start;
        advance(&mut sim, 70 * SECOND); // the last misled jobs have used up their retries
        let left = sim.metrics().dlq_depth;
        while sim.metrics().dlq_depth > 0 {
            let next = sim.now() + SECOND / 2;
            advance(&mut sim, next);
        }
        let expected = left * SECOND / 2;
        drained += u64::from((sim.now() - 70 * SECOND).abs_diff(expected) <= 4 * SECOND);
    }
    // The sum of 20 runs: 2000 ± 4.5 standard deviations of 4000 Poisson arrivals.
    assert!(grown.abs_diff(2000) < 290, "{grown} letters in 20 · 50 s");
    assert_eq!(drained, 20, "the depth over the drain rate, but for the few that a lost answer adds");
}

#[test]
fn below_saturation_a_letter_waits_as_in_an_m_d_1_queue() {
    // Poisson arrivals, λ = 4/s; one server, 0.2 s each: ρ = 0.8, Wq = ρ / 2μ(1 − ρ) = 0.4 s, and 0.2 s of service.
    let values = [("heal", "none"), ("dlqRate", "5"), ("healAt", "6000"), ("ackLoss", "0"), ("seed", "11")];
    let (mut came, mut waited, mut letters) = (BTreeMap::new(), 0, 0);
    Simulation::new(&scenario(&values)).advance_with(6000 * SECOND, &mut |event| match event.what {
        What::DeadLettered { job, .. } => drop(came.insert(job, event.at)),
        What::Drained { job } => {
            waited += event.at - came.remove(&job).expect("it came");
            letters += 1;
        }
        _ => {}
    });
    assert!(letters > 20_000, "{letters}");
    let mean = waited / letters;
    assert!(mean.abs_diff(600_000) < 45_000, "{mean} µs in the queue and its server");
}

#[test]
fn the_share_that_fails_counts_the_partitions_that_were_left_with_too_few() {
    // fail = (b/N)[b < RF] + (1 − b/N)·U, and U is counted from the placement of this very run.
    for (moved, seed) in [(2u64, 3u32), (3, 4), (4, 5), (5, 6), (6, 7)] {
        let (b, s) = (moved.to_string(), seed.to_string());
        let values = [("movedBrokers", b.as_str()), ("seed", s.as_str()), ("heal", "none"), ("ackLoss", "0")];
        let mut sim = Simulation::new(&scenario(&values));
        advance(&mut sim, 40 * SECOND);
        let (before, view) = (sim.metrics(), sim.view());
        let whole = |broker: &second_leader::view::BrokerView| {
            broker.replicas.iter().filter(|r| !r.below_min).map(|r| r.partition).collect::<Vec<_>>()
        };
        let mut whole: Vec<u8> = view.brokers.iter().filter(|b| b.cluster == Some('A')).flat_map(whole).collect();
        whole.sort_unstable();
        whole.dedup();
        let u = (20 - whole.len()) as f64 / 20.0;
        advance(&mut sim, 160 * SECOND);
        let now = sim.metrics();
        let share = moved as f64 / 10.0;
        let expected = if moved < 3 { share } else { 0.0 } + (1.0 - share) * u;
        let (failed, produced) = (now.failed - before.failed, now.produced - before.produced);
        assert_binomial(failed, produced, expected, &format!("b = {moved}, U = {u}"));
        assert!(moved < 3 || u > 0.0, "with three of ten gone some partition has too few");
    }
}

#[test]
fn jobs_that_nobody_had_read_when_their_cluster_was_abandoned_are_lost_and_nothing_hangs() {
    use second_leader::ledger::Fate;
    use second_leader::scenario::Command;
    // The consumers are down in the instant in which the brokers leave for the other cluster.
    let mut rollout = scenario(&[("heal", "finishRollout")]);
    rollout.actions.extend((0..3).map(|c| (80 * SECOND, Command::CrashConsumer(c))));
    let sim = run_until(&rollout, 300 * SECOND);
    assert_eq!(sim.ledger().count(Fate::Lost), sim.abandoned());
    assert!(sim.abandoned() > 0, "they were acknowledged, and no consumer had seen them");
    let done = sim.ledger().count(Fate::Processed) + sim.abandoned();
    assert!(sim.metrics().produced - done < 5, "everything else is processed: {:?}", sim.ledger());
}
