//! How fast to play: a fixed speed, or one that follows what there is to see.
use crate::metrics::Milestone;
use crate::view::{Micros, PeerPhase, View};

/// The slowest speed, in thousandths.
pub const SLOWEST: u32 = 50;
/// The fastest, in thousandths.
pub const FASTEST: u32 = 600_000;

/// A chosen speed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speed {
    /// Slow for elections, real time while things break, fast when only the backlog moves.
    Auto,
    /// Thousandths: 1000 is real time.
    Fixed(u32),
}

/// Wall time (µs) that one election may be shown slowly.
const SLOW_WALL: u64 = 3_000_000;

/// Remembers what is needed to choose the speed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pacer {
    pub speed: Speed,
    pub now: u32,
    slow_left: u64,
}

impl Default for Pacer {
    fn default() -> Self {
        Pacer { speed: Speed::Auto, now: 1_500, slow_left: SLOW_WALL }
    }
}

impl Pacer {
    pub fn choose(&mut self, speed: Speed) {
        self.speed = match speed {
            Speed::Fixed(v) => Speed::Fixed(v.clamp(SLOWEST, FASTEST)),
            Speed::Auto => Speed::Auto,
        };
        if let Speed::Fixed(v) = self.speed {
            self.now = v;
        }
    }

    pub fn rewind(&mut self) {
        self.slow_left = SLOW_WALL;
    }

    /// Some wall time goes by.
    pub fn spend(&mut self, wall: u64) {
        if self.speed == Speed::Auto && self.now < 1_000 {
            self.slow_left = self.slow_left.saturating_sub(wall);
            if self.slow_left == 0 {
                self.now = 1_000;
            }
        }
    }

    /// Adapts to the picture.
    pub fn look(&mut self, view: &View) {
        if self.speed != Speed::Auto {
            return;
        }
        let looking = view.peers.iter().filter(|p| p.phase == PeerPhase::Looking).count();
        if looking == 0 && view.leaders == 1 {
            self.slow_left = SLOW_WALL; // a later election may be slow again
        }
        self.now = auto_pace(view, self.slow_left > 0);
    }
}

/// The speed for this picture, in thousandths. `slow`: may an election still be shown slowly?
pub fn auto_pace(view: &View, slow: bool) -> u32 {
    let since =
        |m: Milestone| view.milestones.iter().find(|(k, _)| *k == m).map(|(_, at)| view.now.saturating_sub(*at));
    let within = |m: Milestone, span: Micros| since(m).is_some_and(|t| t < span);
    let looking = view.peers.iter().filter(|p| p.phase == PeerPhase::Looking).count();
    let breaking = view.leaders > 1 || view.controllers > 1;
    // One host that looks for a moment joins; two or more, or nobody leading, is an election worth seeing.
    if slow && !breaking && (looking >= 2 || view.leaders == 0 && looking > 0) {
        return 250;
    }
    if view.leaders == 0 {
        return 1_000;
    }
    if breaking {
        let fresh = since(Milestone::FirstDeadLetter).is_none_or(|t| t < 4_000_000);
        let early = since(Milestone::SecondLeader).is_none_or(|t| t < 20_000_000);
        return if fresh && early { 1_000 } else { 4_000 };
    }
    if within(Milestone::SecondClusterGone, 9_000_000) {
        return 1_500;
    }
    if since(Milestone::SecondClusterGone).is_some() {
        return 8_000;
    }
    let busy = |p: &crate::view::PeerView| matches!(p.phase, PeerPhase::Planned | PeerPhase::Booting) || !p.serving;
    if view.now < 20_000_000 || view.peers.iter().any(busy) && looking < 2 {
        return 1_500;
    }
    8_000
}
