//! Chance: one named, portable generator per stream, so that turning one knob leaves the other draws alone.
//!
//! `Xoshiro256PlusPlus` gives the same bits natively and in wasm; `SmallRng` and `StdRng` do not (measured).
use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt, SeedableRng};
use std::sync::LazyLock;

/// Which part of the world a draw belongs to.
#[derive(Clone, Copy, Debug)]
#[repr(u8)]
pub enum Stream {
    /// Delays between ZooKeeper hosts.
    Election,
    /// Delays between brokers, and between brokers and ZooKeeper.
    Kafka,
    /// Delays between clients and brokers.
    Clients,
    /// When jobs arrive.
    Arrivals,
    /// Which producer, bootstrap broker and partition a job draws.
    Jobs,
    /// Which broker a job draws instead of one that is down.
    Redraws,
    /// Which acknowledgements are lost.
    Acks,
    /// Jitter of the back-off.
    Backoff,
    /// Jitter of the hosts.
    Jitter,
    /// Where replicas are placed.
    Placement,
    /// Which packets are lost.
    Loss,
    /// Which second broker a strict client asks.
    Witness,
    /// Which brokers long-lived clients ask, and when they are born.
    LongLived,
    /// Which handlers fail.
    Handlers,
}
const STREAMS: usize = 14;

/// All streams of one run.
#[derive(Clone, Debug)]
pub struct Chance {
    streams: [Xoshiro256PlusPlus; STREAMS],
}

impl Chance {
    /// The streams of this seed.
    pub fn new(seed: u32) -> Chance {
        let stream = |i: usize| Xoshiro256PlusPlus::seed_from_u64(u64::from(seed) << 8 | i as u64);
        Chance { streams: std::array::from_fn(stream) }
    }

    /// A whole number in `0..n`; 0 when n is 0.
    #[inline(always)]
    pub fn below(&mut self, stream: Stream, n: u32) -> u32 {
        if n < 2 {
            return 0;
        }
        self.streams[stream as usize].random_range(0..n)
    }

    /// A whole number in `low..=high`.
    #[inline(always)]
    pub fn between(&mut self, stream: Stream, low: u64, high: u64) -> u64 {
        if high <= low {
            return low;
        }
        self.streams[stream as usize].random_range(low..=high)
    }

    /// An exponentially distributed number of µs whose mean is `1e12 / rate`, with the rate in millionths per second.
    ///
    /// −ln U by integers: the leading zeros of U are its binary exponent, a table gives the mantissa's logarithm.
    pub fn exponential(&mut self, stream: Stream, rate: u64) -> u64 {
        let u: u64 = self.streams[stream as usize].random::<u64>() | 1;
        let zeros = u.leading_zeros();
        let mantissa = u << zeros; // 1.xxx in Q63
        let index = (mantissa >> 53) as usize & 0x3ff;
        let table = &*LOG2;
        let fraction = mantissa >> 21 & 0xffff_ffff;
        let (low, high) = (table[index], table[index + 1]);
        let log2 = low + (((high - low) * fraction) >> 32); // of the mantissa, Q32
        let nats = (u128::from((u64::from(zeros + 1) << 32) - log2) * LN2_Q32) >> 32; // Q32
        // nats · 10¹² / rate in two exact steps of 64 bits: a division of 128 costs the page half a kilobyte, and time.
        let (nats, rate) = (nats as u64 * MILLION, rate.max(MILLION / 10)); // the slowest rate there is: 0.1/s
        (nats / rate * MILLION + nats % rate * MILLION / rate) >> 32
    }
}

const MILLION: u64 = 1_000_000;
const LN2_Q32: u128 = 2_977_044_472; // ln 2 · 2³²

/// log2(1 + i/1024) in Q32. Made when first used: eight kilobytes that nobody has to download.
static LOG2: LazyLock<Box<[u64]>> = LazyLock::new(|| (0..=1024).map(log2).collect());

/// log2(1 + i/1024) in Q32, by repeated squaring: the same bits everywhere.
fn log2(i: u64) -> u64 {
    let mut x = (1024 + i) << 21; // Q31, in [1, 2]
    let mut bits = x >> 32; // 1 only for i = 1024
    x >>= bits;
    for _ in 0..32 {
        x = (x * x) >> 31;
        let bit = x >> 32;
        bits = bits << 1 | bit;
        x >>= bit;
    }
    bits
}

#[cfg(test)]
mod tests {
    use super::{Chance, Stream, log2};

    #[test]
    fn the_table_of_logarithms_is_right_to_a_billionth() {
        assert_eq!((log2(0), log2(1024)), (0, 1 << 32));
        // log2(1.5) = 0.584962500721…
        assert!(log2(512).abs_diff(2_512_394_810) < 8, "{}", log2(512));
        assert!((0..1024).all(|i| log2(i) < log2(i + 1)));
    }

    #[test]
    fn arrivals_are_exponential_with_the_rate_that_was_asked_for() {
        let mut chance = Chance::new(7);
        let draws: Vec<u64> = (0..200_000).map(|_| chance.exponential(Stream::Arrivals, 40_000_000)).collect();
        let mean = draws.iter().sum::<u64>() / 200_000;
        assert!(mean.abs_diff(25_000) < 200, "{mean}");
        // One in e is above the mean, one in e² above twice the mean.
        let above = |limit: u64| draws.iter().filter(|d| **d > limit).count();
        assert!(above(25_000).abs_diff(73_576) < 800, "{}", above(25_000));
        assert!(above(50_000).abs_diff(27_067) < 600, "{}", above(50_000));
    }
}
