//! The share of deliveries that failed lately: smoothed, so that nothing on the page flickers.

const WINDOWS: usize = 10;
/// Width of one window, µs: ten of them make 2.5 s.
const WINDOW: u64 = 250_000;

/// Deliveries that ended in the last 2.5 s, and those of them that failed.
#[derive(Clone, Debug, Default)]
pub struct Lately {
    windows: [(u32, u32); WINDOWS],
    window: u64,
}

impl Lately {
    /// Counts the end of a delivery.
    pub fn count(&mut self, failed: bool, now: u64) {
        self.roll(now);
        let window = &mut self.windows[(self.window % WINDOWS as u64) as usize];
        window.0 += 1;
        window.1 += u32::from(failed);
    }

    fn roll(&mut self, now: u64) {
        let window = now / WINDOW;
        let steps = (window - self.window).min(WINDOWS as u64);
        for i in 0..steps {
            self.windows[((window - i) % WINDOWS as u64) as usize] = (0, 0);
        }
        self.window = window;
    }

    /// The share that failed, in millionths.
    pub fn failing(&self, now: u64) -> u32 {
        let age = (now / WINDOW - self.window).min(WINDOWS as u64) as usize;
        let live =
            (0..WINDOWS - age).map(|i| self.windows[((self.window + (WINDOWS - i) as u64) % WINDOWS as u64) as usize]);
        let (all, failed) = live.fold((0u64, 0u64), |(a, f), w| (a + u64::from(w.0), f + u64::from(w.1)));
        (failed * 1_000_000).checked_div(all).unwrap_or(0) as u32
    }
}
