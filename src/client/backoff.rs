//! The four back-off laws. [source: Kafka ≤ 3.6 constant; ExponentialBackoff with 20 % jitter since 3.7]
use crate::rng::{Chance, Stream};

/// How the wait before a retry grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Law {
    /// No wait.
    None,
    /// Always the first.
    Constant,
    /// Doubles, up to the longest.
    Exponential,
    /// The same, ±20 %, and never above the longest.
    Jittered,
}

/// The laws, in the order of the parameter's words.
pub const LAWS: [Law; 4] = [Law::None, Law::Constant, Law::Exponential, Law::Jittered];

/// The time for one job at a rate in millionths per second, µs; 0: it never takes one.
pub fn drain_time(rate: u64) -> u64 {
    1_000_000_000_000_u64.checked_div(rate).unwrap_or(0)
}

/// A back-off law with its two times.
#[derive(Clone, Copy, Debug)]
pub struct Backoff {
    /// How it grows.
    pub law: Law,
    /// The first wait, µs.
    pub first: u64,
    /// The longest, µs.
    pub longest: u64,
}

impl Backoff {
    /// The wait before retry `n` (1 is the first), µs.
    pub fn wait(&self, n: u8, chance: &mut Chance) -> u64 {
        let doubled = self.first.saturating_mul(1 << u32::from(n.saturating_sub(1)).min(40)).min(self.longest);
        match self.law {
            Law::None => 0,
            Law::Constant => self.first,
            Law::Exponential => doubled,
            Law::Jittered => {
                let share = chance.between(Stream::Backoff, 800_000, 1_200_000);
                (doubled * share / 1_000_000).min(self.longest)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Backoff, Law};
    use crate::rng::Chance;

    #[test]
    fn exponential_back_off_waits_100_200_400_800_then_1000_ms() {
        let law = Backoff { law: Law::Exponential, first: 100_000, longest: 1_000_000 };
        let waits: Vec<u64> = (1..=6).map(|n| law.wait(n, &mut Chance::new(1)) / 1000).collect();
        assert_eq!(waits, [100, 200, 400, 800, 1000, 1000]);
    }

    #[test]
    fn jitter_keeps_the_mean_below_the_cap_and_pulls_it_to_950_at_the_cap() {
        let law = Backoff { law: Law::Jittered, first: 100_000, longest: 1_000_000 };
        let mut chance = Chance::new(7);
        let mut mean = |n: u8| (0..20_000).map(|_| law.wait(n, &mut chance)).sum::<u64>() / 20_000;
        assert!(mean(1).abs_diff(100_000) < 1_000);
        assert!(mean(4).abs_diff(800_000) < 5_000);
        assert!(mean(5).abs_diff(950_000) < 5_000);
    }
}
