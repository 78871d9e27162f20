//! Quotas and ACLs: they live in one tree, and the other cluster knows nothing of them.
use crate::common::{MS, SECOND, assert_sound, count, run_until, scenario, since, trace};
use second_leader::client::Reason;

#[test]
fn a_quota_never_fails_a_write_it_delays_it() {
    let values = [("newNodes", "0"), ("ackLoss", "0"), ("writeRate", "100")];
    let free = run_until(&scenario(&values), 100 * SECOND);
    let limited = run_until(&scenario(&[&values[..], &[("quota", "10")]].concat()), 100 * SECOND);
    let (a, b) = (free.metrics(), limited.metrics());
    assert!(a.p99 < 100 * MS, "{}", a.p99);
    assert!(b.p99 > 500 * MS, "{} µs: as many jobs come as the quota allows, and they come in bursts", b.p99);
    assert_eq!((b.failed, b.retried), (0, 0));
    let throttled = |sim: &second_leader::sim::Simulation| sim.view().brokers.iter().map(|b| b.throttled).sum::<u32>();
    assert_eq!(throttled(&free), 0);
    assert!(throttled(&limited) > 500, "{}", throttled(&limited));
    assert!(limited.view().brokers.iter().any(|b| b.throttling));
    assert_sound(&limited);
}

#[test]
fn however_small_the_quota_a_write_waits_for_ten_seconds_at_most() {
    let sim = run_until(&scenario(&[("newNodes", "0"), ("ackLoss", "0"), ("quota", "0.1")]), 100 * SECOND);
    let m = sim.metrics();
    assert!((9_800 * MS..10_300 * MS).contains(&m.p99), "{}", m.p99);
    assert_eq!(m.failed, 0);
    assert!(m.processed + 500 > m.produced, "ten seconds' worth waits");
}

#[test]
fn a_quota_that_nobody_exceeds_changes_nothing() {
    let values = [("newNodes", "0"), ("writeRate", "10")];
    let free = run_until(&scenario(&values), 60 * SECOND);
    let limited = run_until(&scenario(&[&values[..], &[("quota", "100")]].concat()), 60 * SECOND);
    assert_eq!(free.metrics(), limited.metrics());
}

#[test]
fn the_second_cluster_has_no_quota_and_delays_nobody() {
    let values = [("quota", "1"), ("movedBrokers", "3"), ("heal", "none"), ("ackLoss", "0")];
    let text = trace(&scenario(&values), 90 * SECOND);
    // From a job's arrival to its acknowledgement by one of the moved brokers, with no failed attempt between.
    let mut produced = std::collections::BTreeMap::new();
    let (mut there, mut slow) = (0, 0);
    for line in since(&text, 30) {
        let words: Vec<&str> = line.split(' ').collect();
        let at: f64 = words[0].parse().expect("a time");
        match words[2] {
            "produced" => drop(produced.insert(words[3], at)),
            "acknowledged" if ["by=8", "by=9", "by=10"].contains(&words[4]) && words[5] == "attempt=1" => {
                there += 1;
                slow += u32::from(produced.get(words[3]).is_some_and(|since| at - since > 0.2));
            }
            _ => {}
        }
    }
    assert!(there > 400 && slow == 0, "{there} acknowledged by the moved brokers, {slow} of them late");
}

#[test]
fn the_trees_show_what_the_brokers_obey() {
    let sim = run_until(&scenario(&[("quota", "12.5"), ("acl", "deny"), ("heal", "none")]), 60 * SECOND);
    let read = |sid| {
        let tree = sim.tree(sid);
        ["/config/clients", "/kafka-acl"]
            .map(|path| tree.iter().find(|(p, _)| *p == path).map_or("", |(_, v)| v).to_string())
    };
    assert_eq!(read(1), ["producers: 12.5 jobs/s per broker", "jobs: all applications but one may write"]);
    assert_eq!(read(11), ["none", "none"]);
    let quiet = run_until(&scenario(&[]), SECOND);
    assert_eq!(quiet.tree(1).iter().filter(|(_, v)| v == "none").count(), 2);
}

/// What became of the jobs of the application without permission, after 20 s: failed, acknowledged; and other failures.
fn unpermitted(values: &[(&str, &str)]) -> (u64, u64, u64) {
    let text =
        trace(&scenario(&[&[("ackLoss", "0"), ("writeRate", "200"), ("heal", "none")], values].concat()), 80 * SECOND);
    let (mut failed, mut acked, mut others) = (0, 0, 0);
    for line in since(&text, 20) {
        let job = line.split(' ').find_map(|w| w.strip_prefix("job=")?.parse::<u32>().ok()).unwrap_or(0);
        match (line.contains(" failed "), line.contains(" acknowledged "), job % 100 == 99) {
            (true, _, true) => failed += 1,
            (_, true, true) => acked += 1,
            (true, _, false) => others += u64::from(line.contains("TOPIC_AUTHORIZATION_FAILED")),
            _ => {}
        }
    }
    (failed, acked, others)
}

#[test]
fn an_application_without_permission_is_refused_at_once_and_not_again() {
    let values = [("acl", "allowIfNone"), ("newNodes", "0")];
    let (failed, acked, others) = unpermitted(&values);
    assert!((90..150).contains(&failed) && acked == 0 && others == 0, "{failed} {acked} {others}");
    let text = trace(&scenario(&[&values[..], &[("ackLoss", "0")]].concat()), 60 * SECOND);
    assert_eq!(count(&text, "attempt=2"), 0, "trying again would not help");
    assert_eq!(count(&text, " failed "), count(&text, "attemptFailed"));
    assert!(count(&text, " deadLettered ") > 15);
    assert_eq!(
        unpermitted(&[("newNodes", "0")]),
        (0, unpermitted(&[("newNodes", "0")]).1, 0),
        "without an authorizer all may"
    );
}

#[test]
fn the_second_cluster_accepts_it_because_its_tree_has_no_acls() {
    let (failed, acked, others) = unpermitted(&[("acl", "allowIfNone"), ("movedBrokers", "3"), ("minInsync", "1")]);
    // Three of ten bootstrap there.
    assert!(failed > 50 && acked > 15 && others == 0, "{failed} {acked} {others}");
}

#[test]
fn where_none_means_nobody_the_second_cluster_refuses_everybody_and_acknowledges_nothing_wrongly() {
    let values = [("acl", "deny"), ("movedBrokers", "3"), ("minInsync", "1"), ("heal", "none")];
    let (failed, acked, others) = unpermitted(&values);
    assert!(failed > 80 && acked == 0 && others > 3000, "{failed} {acked} {others}");
    let sim = run_until(&scenario(&values), 80 * SECOND);
    assert_eq!(sim.metrics().acknowledged_wrong_side, 0);
    let moved = &sim.view().brokers[9];
    assert_eq!(moved.failures.first().map(|(reason, _)| *reason), Some(Reason::TopicAuthorizationFailed));
    // Before it looks at whether the topic exists.
    let alone = run_until(&scenario(&[("acl", "deny"), ("heal", "none")]), 80 * SECOND);
    let reasons: Vec<Reason> = alone.view().brokers[9].failures.iter().map(|(reason, _)| *reason).collect();
    assert!(!reasons.contains(&Reason::InvalidReplicationFactor), "{reasons:?}");
}

#[test]
fn a_quorum_keeps_quotas_and_acls_in_its_log() {
    let values = [("mode", "kraft"), ("quota", "2"), ("acl", "deny"), ("ackLoss", "0")];
    let sim = run_until(&scenario(&values), 60 * SECOND);
    let m = sim.metrics();
    assert!(m.p99 > 500 * MS && m.failed > 10, "{m:?}");
    assert_eq!(m.failed, m.dead_lettered);
    assert_sound(&sim);
}
