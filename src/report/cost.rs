//! What it cost: writes, dead letters, delays, and what was lost or done twice. And all of it as numbers.
use super::Facts;
use crate::client::{REASONS, Reason};
use crate::metrics::Milestone;
use crate::words::{self, clock, count, plural, say, span};

/// The writes, and what became of those that failed.
pub(super) fn tell(f: &Facts<'_>, said: &mut Vec<String>) {
    let m = &f.m;
    if m.failed == 0 {
        said.push(say!("Not one of ", count(m.produced), " writes failed."));
    } else {
        said.push(failed(f));
    }
    if m.dead_lettered > 0 {
        said.push(dead_letters(f));
    }
    if m.dropped > 0 {
        said.push(say!(
            plural(m.dropped, "job was", "jobs were"),
            " dropped: nothing kept ",
            if m.dropped == 1 { "it." } else { "them." }
        ));
    }
    if m.lost > 0 {
        said.push(say!(
            plural(m.lost, "acknowledged job was", "acknowledged jobs were"),
            " lost: their only records went with a log that nobody reads any more."
        ));
    } else if m.acknowledged_wrong_side > 0 {
        said.push(say!(
            plural(m.acknowledged_wrong_side, "write was", "writes were"),
            " acknowledged by the second cluster alone, and would be lost with it."
        ));
    }
    if m.duplicate_effects > 0 {
        said.push(say!(plural(m.duplicate_effects, "effect", "effects"), " happened a second time."));
    }
    if m.lost + m.dropped + m.duplicate_effects + m.acknowledged_wrong_side == 0 {
        said.push("Nothing was lost, and nothing was done twice.".into());
    }
    let odd = f.view.peers.iter().filter(|p| p.diverged).count() as u64;
    if odd > 0 {
        said.push(say!(
            plural(odd, "server holds", "servers hold"),
            " another tree than the leader, and nothing will ever tell: logs are compared by number only."
        ));
    }
}

fn failed(f: &Facts<'_>) -> String {
    let m = &f.m;
    let from = f.at(Milestone::FirstWriteFailed).unwrap_or(0);
    let mut text = say!(
        "Between ",
        clock(from),
        " and ",
        clock(f.sim.last_failed()),
        ", ",
        plural(m.failed, "write", "writes"),
        " of ",
        count(m.produced),
        " failed all attempts"
    );
    if m.produced_while_split > 0 {
        text.push_str(&say!(
            ", ",
            words::percent(m.failed_share()),
            " of those enqueued while there were two controllers"
        ));
    }
    if let Some((reason, n)) = worst_reason(f) {
        text.push_str(&say!("; most attempts that failed, ", count(n), ", met: ", reason.plain()));
    }
    text + "."
}

/// What most failed attempts were told by a broker; a lost acknowledgement is ordinary weather.
fn worst_reason(f: &Facts<'_>) -> Option<(Reason, u64)> {
    let brokers = f.sim.brokers();
    let sum = |i: usize| brokers.iter().map(|b| u64::from(b.failures[i])).sum::<u64>();
    let all = REASONS.iter().enumerate().map(|(i, (reason, _, _))| (*reason, sum(i)));
    all.filter(|(reason, n)| *n > 0 && *reason != Reason::NetworkException).max_by_key(|(_, n)| *n)
}

fn dead_letters(f: &Facts<'_>) -> String {
    let m = &f.m;
    let now = match (m.dlq_depth, f.at(Milestone::DlqEmpty)) {
        (0, Some(at)) => say!("; the queue was drained at ", clock(at)),
        (0, None) => "; none waits now".into(),
        (n, _) => say!("; ", plural(n, "still waits", "still wait"), ", the oldest for ", span(m.dlq_oldest_age)),
    };
    say!(
        plural(m.dead_lettered, "job waited", "jobs waited"),
        " in the dead-letter queue, at most ",
        count(m.dlq_peak),
        " at once; in the worst few seconds one job in a hundred took ",
        span(worst_delay(f)),
        " or more",
        now,
        "."
    )
}

/// The longest 99th percentile of any few seconds, µs.
fn worst_delay(f: &Facts<'_>) -> u64 {
    f.sim.history().iter().map(|s| s.p99).max().unwrap_or(0)
}

/// Every number with its unit.
pub(super) fn rows(f: &Facts<'_>) -> Vec<(&'static str, String)> {
    let m = &f.m;
    let at = |m: Milestone| f.at(m).map_or_else(|| "–".to_string(), clock);
    let took = |t: Option<u64>| t.map_or_else(|| "–".to_string(), span);
    vec![
        ("Second leader", at(Milestone::SecondLeader)),
        ("Second controller", at(Milestone::SecondController)),
        ("First alarm", f.times.detected.map_or_else(|| "–".to_string(), clock)),
        ("Time to detect", took(f.times.to_detect())),
        ("Over", f.times.mitigated.map_or_else(|| "–".to_string(), clock)),
        ("Time to mitigate", took(f.times.to_mitigate())),
        ("Writes", count(m.produced)),
        ("Acknowledged", count(m.acknowledged)),
        ("Further attempts", count(m.retried)),
        ("Failed", count(m.failed)),
        ("Enqueued while there were two controllers", count(m.produced_while_split)),
        ("… of them failed", say!(count(m.failed_while_split), " (", words::percent(m.failed_share()), ")")),
        ("Dead letters", count(m.dead_lettered)),
        ("Dead letters at once, at most", count(m.dlq_peak)),
        ("Dead letters now", count(m.dlq_depth)),
        ("Median delay", span(m.p50)),
        ("99th percentile of the delay", span(m.p99)),
        ("… in the worst few seconds", span(worst_delay(f))),
        ("Effects that happened twice", count(m.duplicate_effects)),
        ("Acknowledged on the wrong side", count(m.acknowledged_wrong_side)),
        ("Lost", count(m.lost)),
        ("Dropped", count(m.dropped)),
    ]
}
