//! The join rate against its closed form: R hosts share the inventory while the first one boots.
//! join iff R < n; split iff R ≥ ⌊(n+K)/2⌋+1; otherwise stuck.
use crate::common::{SECOND, assert_binomial, run_until, scenario};

/// What the formula says of n old hosts, K new ones, `rate` hosts a minute, `boot` seconds.
fn expected(n: u64, k: u64, rate: u64, boot: u64) -> &'static str {
    let spacing = (60 * SECOND + rate / 2) / rate;
    let together = k.min(boot * SECOND / spacing + 1);
    if together < n || k == 0 {
        "join"
    } else if together > (n + k) / 2 {
        "split"
    } else {
        "stuck"
    }
}

fn simulated(n: u64, k: u64, rate: u64, boot: u64, seed: u64) -> String {
    let scenario = scenario(&[
        ("oldNodes", &n.to_string()),
        ("newNodes", &k.to_string()),
        ("joinRate", &rate.to_string()),
        ("bootTime", &boot.to_string()),
        ("seed", &seed.to_string()),
        ("heal", "none"),
        ("writeRate", "0.1"),
        ("brokers", "1"),
        ("movedBrokers", "0"),
    ]);
    let spacing = (60 * SECOND + rate / 2) / rate;
    let last = 3 * SECOND + k.saturating_sub(1) * spacing + boot * SECOND;
    run_until(&scenario, last + 41 * SECOND).verdict().outcome.name().to_string()
}

fn compare(rates: &[u64], boots: &[u64]) {
    let mut wrong = Vec::new();
    for n in [1, 2, 3, 4, 5, 7] {
        for k in [0, 1, 2, 3, 4, 5, 8, 10] {
            for &rate in rates {
                for &boot in boots {
                    let (wanted, found) = (expected(n, k, rate, boot), simulated(n, k, rate, boot, 7));
                    if wanted != found {
                        wrong.push(format!("n={n} K={k} rate={rate} boot={boot}: formula {wanted}, simulated {found}"));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} points differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn slow_joins_follow_the_closed_form() {
    compare(&[6, 20, 30, 60], &[1, 3, 10]);
}

#[test]
fn quick_joins_follow_the_closed_form() {
    compare(&[90, 120, 480, 1200], &[1, 3, 10]);
}

#[test]
fn the_safe_rate_is_n_minus_one_hosts_per_boot_time() {
    // n = 3, boot 3 s: two hosts in any 3 s are safe, so below 40 hosts a minute; at 40 a third one is listed.
    assert_eq!(simulated(3, 8, 39, 3, 7), "join");
    assert_eq!(simulated(3, 8, 40, 3, 7), "stuck");
    // Six of eleven must share the inventory to be a quorum by themselves: five spacings in 3 s, 100 hosts a minute.
    assert_eq!(simulated(3, 8, 99, 3, 7), "stuck");
    assert_eq!(simulated(3, 8, 100, 3, 7), "split");
}

#[test]
fn two_disjoint_quorums_need_more_new_hosts_than_old_ones() {
    for n in 1..=7 {
        for seed in 0..3 {
            assert_eq!(simulated(n, n + 1, 1200, 3, seed), "split", "n={n}");
            assert_eq!(simulated(n, n, 1200, 3, seed), "stuck", "n={n}");
            if n > 1 {
                assert_eq!(simulated(n, n - 1, 1200, 3, seed), "join", "n={n}");
            }
        }
    }
}

/// Of 200 runs with seven hosts spread over `window` seconds, each booting for 30 s: how many end in each outcome.
fn with_jitter(window: u64) -> [u64; 3] {
    let mut counts = [0; 3];
    for seed in 0..200 {
        let scenario = scenario(&[
            ("newNodes", "7"),
            ("joinRate", "1200"),
            ("bootTime", "30"),
            ("joinJitter", &window.to_string()),
            ("seed", &seed.to_string()),
            ("heal", "none"),
            ("writeRate", "0.1"),
            ("brokers", "1"),
            ("movedBrokers", "0"),
        ]);
        let sim = run_until(&scenario, (3 + 1 + window + 30 + 41) * SECOND);
        match sim.verdict().outcome.name() {
            "split" => counts[0] += 1,
            "stuck" => counts[1] += 1,
            "join" => counts[2] += 1,
            _ => {}
        }
    }
    counts
}

#[test]
fn jitter_makes_a_second_leader_rare() {
    // The shares are those of 1500 random plans of this shape in the reference election.
    let [split, stuck, join] = with_jitter(90);
    assert_binomial(split, 200, 0.426, "split, spread over three boot times");
    assert_binomial(stuck, 200, 0.357, "stuck, spread over three boot times");
    assert_binomial(join, 200, 0.099, "join, spread over three boot times");
    let [split, _, join] = with_jitter(300);
    assert_binomial(split, 200, 0.025, "split, spread over ten boot times");
    assert_binomial(join, 200, 0.837, "join, spread over ten boot times");
}
