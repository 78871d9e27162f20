//! The parameter table: sane rows, values that survive being printed and read, contradictions.
use second_leader::params::{
    KEYS, Key, Kind, MILLION, PARAMS, Params, format_value, kebab, parse_decimal, parse_value,
};

#[test]
fn every_row_is_sane() {
    for &key in KEYS {
        let p = key.param();
        assert!(p.min <= p.max, "{}", p.key);
        assert!(
            (p.min..=p.max).contains(&p.default) || key == Key::OldLeader,
            "{}: the default is out of range",
            p.key
        );
        assert!(!p.label.is_empty() && p.help.ends_with('.'), "{}: needs a label and a sentence", p.key);
        assert!(!p.log || p.min >= 0, "{}: no logarithm below 0", p.key);
        assert_eq!(Key::find(p.key), Some(key));
        assert_eq!(Key::find(&kebab(p.key)), Some(key));
        if let Kind::Choice(words) = p.kind {
            assert_eq!((p.min, p.max), (0, words.len() as i64 - 1), "{}", p.key);
        }
    }
    assert_eq!(PARAMS.len(), KEYS.len());
    assert_eq!(Key::find("joinrate"), None);
}

#[test]
fn values_survive_being_printed_and_read() {
    for &key in KEYS {
        let p = key.param();
        for value in [p.min, p.max, p.default, (p.min + p.max) / 2, p.min + (p.max - p.min) / 7] {
            assert_eq!(parse_value(key, &format_value(key, value)), Some(value), "{}", p.key);
        }
    }
}

#[test]
fn decimals_are_exact_to_a_millionth() {
    for (text, value) in [
        ("0.1", MILLION / 10),
        ("33.333333", 33_333_333),
        (".5", MILLION / 2),
        ("3.", 3 * MILLION),
        ("-2.25", -2_250_000),
        ("+7", 7 * MILLION),
        ("0.0000005", 1),
        ("0.00000049", 0),
        ("1200.000000", 1200 * MILLION),
    ] {
        assert_eq!(parse_decimal(text), Some(value), "{text}");
    }
    for text in ["", ".", "-", "1e3", "0x10", "1,5", "NaN", "inf", "1.2.3", "--1", "1 2", "½", "٣"] {
        assert_eq!(parse_decimal(text), None, "{text}");
    }
    assert_eq!(parse_decimal(&"9".repeat(400)), Some(i64::MAX), "a huge number is out of range, not an error");
}

#[test]
fn values_out_of_range_change_nothing() {
    for &key in KEYS {
        let p = key.param();
        let mut params = Params::default();
        for value in [p.min - 1, p.max + 1, i64::MIN, i64::MAX] {
            let issue = params.set(key, value).expect_err(p.key);
            assert_eq!(issue.field, p.key);
            assert_eq!(params, Params::default());
        }
        assert!(params.set_text(key, "nonsense").is_err(), "{}", p.key);
    }
}

fn given(values: &[(Key, i64)]) -> Params {
    let mut params = Params::default();
    for (key, value) in values {
        params.set(*key, *value).expect("in range");
    }
    params
}

#[test]
fn a_default_gives_way_silently() {
    let params = given(&[(Key::Brokers, 2)]).effective().expect("no contradiction");
    assert_eq!(params.get(Key::ReplicationFactor), 2);
    let params = given(&[(Key::Brokers, 1)]).effective().expect("no contradiction");
    assert_eq!([Key::ReplicationFactor, Key::MinInsync, Key::MovedBrokers].map(|key| params.get(key)), [1, 1, 1]);
    let params = given(&[(Key::OldNodes, 7)]).effective().expect("no contradiction");
    assert_eq!(params.get(Key::OldLeader), 7, "the highest sid");
    let params = given(&[(Key::BackoffMs, 5000)]).effective().expect("no contradiction");
    assert_eq!(params.get(Key::BackoffMaxMs), 5000);
}

#[test]
fn two_given_values_that_contradict_are_refused() {
    let clashes = [
        [(Key::Brokers, 2), (Key::ReplicationFactor, 3)],
        [(Key::ReplicationFactor, 2), (Key::MinInsync, 3)],
        [(Key::Brokers, 3), (Key::MovedBrokers, 4)],
        [(Key::OldNodes, 3), (Key::OldLeader, 4)],
        [(Key::BackoffMaxMs, 100), (Key::BackoffMs, 200)],
        [(Key::NetDelayMaxMs, MILLION), (Key::NetDelayMinMs, 2 * MILLION)],
    ];
    for pair in clashes {
        let issues = given(&pair).effective().expect_err("a contradiction");
        assert_eq!(issues.len(), 1, "{pair:?}: {issues:?}");
        assert_eq!(issues[0].field, pair[1].0.param().key);
        let (lowered, notices) = given(&pair).effective_lenient();
        assert!(lowered.get(pair[1].0) <= lowered.get(pair[0].0));
        assert_eq!(notices.len(), 1);
        assert!(lowered.effective().is_ok(), "what was lowered is sound");
    }
}

#[test]
fn the_lenient_reader_clamps_and_says_so() {
    let mut params = Params::default();
    assert_eq!(params.set_lenient(Key::Brokers, "500").as_deref(), Some("brokers=500 → 30 (1–30)"));
    assert_eq!(params.get(Key::Brokers), 30);
    assert_eq!(params.set_lenient(Key::Retries, "0"), None, "zero means zero");
    assert_eq!(params.get(Key::Retries), 0);
    for (key, text, says) in [
        (Key::Brokers, "3.7", "brokers=3.7 → 4 (1–30)"),
        (Key::Brokers, "99999999999999999999999", "brokers=99999999999999999999999 → 30 (1–30)"),
        (Key::Seed, "-0.7", "seed=-0.7 → 0 (0–4294967295)"),
        (Key::JoinRate, "9999999", "joinRate=9999999 → 1200 (1–1200)"),
        (Key::Removed, "x", "removed=x → none (sids 1–9)"),
        (Key::OldLeader, "x", "oldLeader=x → the highest (1–9)"),
    ] {
        assert_eq!(params.set_lenient(key, text).as_deref(), Some(says));
    }
    let notice = params.set_lenient(Key::Backoff, "often").expect("a notice");
    assert!(notice.starts_with("backoff=often → exponential"), "{notice}");
    assert!(params.set_lenient(Key::JoinRate, &"x".repeat(10_000)).expect("a notice").len() < 200);
}
