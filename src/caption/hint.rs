//! Why this join rate is safe or not, in numbers: the closed form of the join rule, under the slider that decides it.
use super::words;
use crate::params::{Key, MILLION, Params};
use crate::words::say;

/// What the closed form says will happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forecast {
    /// The new hosts join the old leader.
    Join,
    /// They elect a second one.
    Split,
    /// They look for ever.
    Stuck,
    /// Chance decides.
    Open,
}

/// A forecast and the sentence that proves it. Source: recorded (14 of 14 runs).
pub fn hint(params: &Params) -> (Forecast, String) {
    let get = |k| u64::try_from(params.get(k)).unwrap_or(0);
    let (old, k) = (get(Key::OldNodes), get(Key::NewNodes));
    if k == 0 {
        return (Forecast::Join, "No new hosts, so nothing changes.".to_string());
    }
    if params.get(Key::Mode) == 1 {
        return (Forecast::Join, super::kraft::hint(params));
    }
    let policy = params.get(Key::ListPolicy);
    if policy == 2 || policy == 4 {
        return one_by_one(old, policy == 4);
    }
    let removed = get(Key::Removed) & ((1 << old) - 1);
    let n = old - u64::from(removed.count_ones());
    let leader = if get(Key::OldLeader) == 0 { old } else { get(Key::OldLeader) };
    let led = removed >> leader.saturating_sub(1) & 1 == 0;
    if n == 0 && policy != 3 {
        return (Forecast::Split, "The new list names no old host, so the new ones need nobody else.".to_string());
    }
    let (forecast, text) = match policy {
        3 => observers(),
        1 => final_list(n, k),
        _ if params.get(Key::JoinJitter) > 0 => jittered(params, n, k),
        _ => rendered_at_boot(params, n, k),
    };
    if forecast == Forecast::Join && !led {
        let text = "The new list does not name the old leader, so nobody may follow it: the new hosts look for ever.";
        return (Forecast::Stuck, text.to_string());
    }
    (forecast, text)
}

/// How many hosts enter the inventory while one boots, itself included, and at most all of them.
fn overlap(params: &Params, k: u64) -> u64 {
    let million = MILLION as u64;
    let rate = params.get(Key::JoinRate).max(1) as u64; // millionths of hosts/min
    let spacing = (60 * million * million + rate / 2) / rate; // µs
    let boot = params.get(Key::BootTime).max(0) as u64;
    (boot / spacing.max(1) + 1).min(k)
}

fn rendered_at_boot(params: &Params, n: u64, k: u64) -> (Forecast, String) {
    let r = overlap(params, k);
    let boot = words::span(params.get(Key::BootTime) as u64);
    let (all, majority) = (n + k, (n + k) / 2 + 1);
    let old = words::plural(n, "old one", "old ones");
    if r < n {
        let text = if r == 1 {
            say!("Each host boots alone and finds the ", old, " in its list: it needs the old leader, and gets it.")
        } else {
            say!(
                "At most ",
                r,
                " new hosts boot within ",
                boot,
                " of each other: fewer than the ",
                old,
                ", so they need the old leader."
            )
        };
        return (Forecast::Join, text);
    }
    if r >= majority {
        let text = say!(
            r,
            " hosts boot within ",
            boot,
            " of each other and list each other: ",
            r,
            " ≥ ",
            majority,
            " of ",
            all,
            ", so they need nobody else."
        );
        return (Forecast::Split, text);
    }
    let text = say!(
        r,
        " hosts boot within ",
        boot,
        " of each other: too many for the ",
        old,
        " to be a majority of their list, too few to be one themselves."
    );
    (Forecast::Stuck, text)
}

fn final_list(n: u64, k: u64) -> (Forecast, String) {
    let (all, majority) = (n + k, (n + k) / 2 + 1);
    if k >= majority {
        let text = say!(
            "Every host is given the final list of ",
            all,
            ". Once ",
            majority,
            " of the ",
            k,
            " new ones are up they need nobody else, at any join rate."
        );
        return (Forecast::Split, text);
    }
    if n >= majority {
        let text = say!(
            "Every host is given the final list of ",
            all,
            "; the ",
            n,
            " old ones are a majority of it, so the old leader wins."
        );
        return (Forecast::Join, text);
    }
    (
        Forecast::Stuck,
        say!(
            "Every host is given the final list of ",
            all,
            ": ",
            majority,
            " votes are needed, and neither side has them."
        ),
    )
}

fn one_by_one(n: u64, agreed: bool) -> (Forecast, String) {
    if n == 1 {
        let text =
            "With a single old host even one newcomer makes two, and a majority of two is both: it waits for ever.";
        return (Forecast::Stuck, text.to_string());
    }
    if agreed {
        let text = "At any rate: the ensemble agrees on one new member at a time, by a majority of the old list and one of the new.";
        return (Forecast::Join, text.to_string());
    }
    let text = say!(
        "The next host starts only when the one before it follows and every list was updated: one newcomer beside ",
        n,
        " or more always needs the leader."
    );
    (Forecast::Join, text)
}

fn observers() -> (Forecast, String) {
    let text = "At any rate: a host that joins as an observer is counted in no majority, so it can elect nobody.";
    (Forecast::Join, text.to_string())
}

fn jittered(params: &Params, n: u64, k: u64) -> (Forecast, String) {
    let r = overlap(params, k);
    let jitter = words::span(params.get(Key::JoinJitter) as u64);
    let text = say!(
        "A random delay of up to ",
        jitter,
        " spreads the boots: without it ",
        r,
        " would overlap. ",
        n,
        " or more overlapping do not join; chance decides, so try other seeds."
    );
    (Forecast::Open, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(pairs: &[(Key, &str)]) -> Params {
        let mut p = Params::default();
        for (key, text) in pairs {
            p.set_text(*key, text).expect("a legal value");
        }
        p
    }

    #[test]
    fn the_default_rate_splits_and_a_slow_one_joins() {
        let (forecast, text) = hint(&Params::default());
        assert_eq!(forecast, Forecast::Split);
        assert!(text.contains("8 ≥ 6 of 11"), "{text}");
        assert_eq!(hint(&with(&[(Key::JoinRate, "30")])).0, Forecast::Join);
        assert_eq!(hint(&with(&[(Key::NewNodes, "3")])).0, Forecast::Stuck);
    }

    #[test]
    fn a_host_registered_at_the_very_instant_another_boots_is_in_its_list() {
        // δ = 1 s, B = 3 s: hosts 0–3 are in the inventory when host 0 boots, so R = 4.
        assert_eq!(overlap(&with(&[(Key::JoinRate, "60")]), 8), 4);
    }

    #[test]
    fn policies_have_their_own_sentence() {
        assert_eq!(hint(&with(&[(Key::ListPolicy, "finalList"), (Key::JoinRate, "1")])).0, Forecast::Split);
        assert_eq!(hint(&with(&[(Key::ListPolicy, "finalList"), (Key::NewNodes, "2")])).0, Forecast::Join);
        assert_eq!(hint(&with(&[(Key::ListPolicy, "oneByOne")])).0, Forecast::Join);
        assert_eq!(hint(&with(&[(Key::JoinJitter, "5")])).0, Forecast::Open);
        let (forecast, text) = hint(&with(&[(Key::Mode, "kraft"), (Key::JoinRate, "1200")]));
        assert_eq!(forecast, Forecast::Join);
        assert!(text.contains("from 3 voters to 11"), "{text}");
    }
}
