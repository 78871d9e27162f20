//! Chance: one named, portable generator per stream, so that turning one knob leaves the other draws alone.
//!
//! `Xoshiro256PlusPlus` gives the same bits natively and in wasm; `SmallRng` and `StdRng` do not (measured).
use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt, SeedableRng};

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
}
const STREAMS: usize = 10;

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
    pub fn below(&mut self, stream: Stream, n: u32) -> u32 {
        if n < 2 {
            return 0;
        }
        self.streams[stream as usize].random_range(0..n)
    }

    /// A whole number in `low..=high`.
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
        let fraction = mantissa >> 21 & 0xffff_ffff;
        let (low, high) = (LOG2[index], LOG2[index + 1]);
        let log2 = low + (((high - low) * fraction) >> 32); // of the mantissa, Q32
        let nats = (u128::from((u64::from(zeros + 1) << 32) - log2) * LN2_Q32) >> 32; // Q32
        ((nats * 1_000_000_000_000 / u128::from(rate.max(1))) >> 32) as u64
    }
}

const LN2_Q32: u128 = 2_977_044_472; // ln 2 · 2³²

/// log2(1 + i/1024) in Q32, by repeated squaring.
const LOG2: [u64; 1025] = {
    let mut table = [0u64; 1025];
    let mut i = 0;
    while i < 1024 {
        let mut x: u128 = ((1024 + i as u128) << 62) / 1024; // Q62, in [1, 2)
        let mut bits = 0u64;
        let mut n = 0;
        while n < 32 {
            x = (x * x) >> 62;
            bits <<= 1;
            if x >= 2 << 62 {
                bits |= 1;
                x >>= 1;
            }
            n += 1;
        }
        table[i] = bits;
        i += 1;
    }
    table[1024] = 1 << 32;
    table
};
