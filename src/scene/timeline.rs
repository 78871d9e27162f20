//! The time axis that the slider and the charts share, and milestone labels that never touch each other.
use crate::metrics::Milestone;
use crate::view::Micros;

/// Maps time to the page: the slider's thumb needs half its width on both sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Track {
    /// CSS pixels.
    pub width: i32,
    /// Where the run ends.
    pub end: Micros,
}

/// Half of the slider's thumb.
pub const THUMB: i32 = 9;

/// A label that found room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Its left edge.
    pub x: i32,
    /// Above the track (0) or below it (1).
    pub row: i32,
    /// What it says.
    pub text: &'static str,
}

impl Track {
    /// Where this instant is.
    pub fn x(&self, at: Micros) -> i32 {
        let span = i64::from((self.width - 2 * THUMB).max(1));
        let at = i64::try_from(at.min(self.end)).unwrap_or(0);
        let end = i64::try_from(self.end).unwrap_or(1).max(1);
        THUMB + i32::try_from(at * span / end).unwrap_or(0)
    }

    /// Labels for these instants, the most telling first; what finds no room is left out.
    pub fn labels(&self, milestones: &[(Milestone, Micros)], plan: Option<Micros>) -> Vec<Label> {
        let known = milestones.iter().filter_map(|&(m, at)| words(m).map(|(rank, text)| (rank, at, text)));
        let wanted: Vec<(u8, Micros, &'static str)> = known.chain(plan.map(|at| (4, at, "people step in"))).collect();
        let mut placed: Vec<Label> = Vec::new();
        let by_rank = (0..10).flat_map(|rank| wanted.iter().filter(move |w| w.0 == rank));
        for &(_, at, text) in by_rank {
            let w = width_of(text);
            let x = (self.x(at) - 3).min(self.width - w).max(0);
            let free =
                |row: i32| placed.iter().all(|l| l.row != row || x + w + 8 <= l.x || l.x + width_of(l.text) + 8 <= x);
            if let Some(row) = (0..2).find(|row| free(*row)) {
                placed.push(Label { x, row, text });
            }
        }
        placed
    }
}

/// An upper bound for the text's width at the 11 px of the labels.
fn width_of(text: &str) -> i32 {
    i32::try_from(text.chars().count()).unwrap_or(0) * 66 / 10 + 4
}

/// The words for a milestone, and how much they matter (0 first).
fn words(m: Milestone) -> Option<(u8, &'static str)> {
    Some(match m {
        Milestone::SecondLeader => (0, "second leader"),
        Milestone::FirstDeadLetter => (1, "first dead letter"),
        Milestone::SecondClusterGone => (2, "one leader again"),
        Milestone::DlqEmpty => (3, "dead letters drained"),
        Milestone::MaintenanceStart => (4, "hosts join"),
        Milestone::SecondController => (5, "second controller"),
        Milestone::Detected => (6, "first alarm"),
        Milestone::BrokerMoved => (7, "broker moves"),
        Milestone::FirstWriteFailed => (8, "first write fails"),
        Milestone::FirstLooking => (9, "election"),
        Milestone::End => return None,
    })
}

/// The words for a milestone, for titles and buttons.
pub fn milestone_words(m: Milestone) -> &'static str {
    words(m).map_or("end", |(_, text)| text)
}
