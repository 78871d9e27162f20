//! Where what the page says comes from, and where the talk and reality differ: tables, and nothing that computes.
use crate::caption::Forecast;
use crate::params::{Key, Params, Source};

/// The place on the page that a difference belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The hosts that look for a leader.
    Election,
    /// How fast hosts join, and the list they are given.
    JoinRate,
    /// The recovery.
    Heal,
    /// The controller's badge.
    Controller,
    /// What clients believe.
    Conflict,
    /// Whom clients ask.
    Metadata,
    /// A server's tree.
    Tree,
    /// The dead-letter tray.
    DeadLetters,
    /// KRaft mode.
    Kraft,
}

/// Every difference between the talk and reality, one sentence each. docs/MODEL.md says more.
pub const DIFFERENCES: &[(Place, &str)] = &[
    (
        Place::Election,
        "The talk says new hosts could not find the leader quickly; in reality they hear it at once, but may not count it.",
    ),
    (
        Place::JoinRate,
        "The talk says too fast; in reality it matters how many hosts that have not joined are in a list when it is written.",
    ),
    (
        Place::Heal,
        "The talk says the split heals by itself in time; in reality it never did in three minutes of watching.",
    ),
    (Place::Controller, "The talk says a controller for a topic; in reality there is one per cluster."),
    (
        Place::Conflict,
        "The talk says clients see the conflict and drop the write; in reality they believe the broker they asked.",
    ),
    (Place::Metadata, "The talk says clients ask ZooKeeper; in reality they ask a broker, since Kafka 0.8 and 0.9."),
    (Place::Tree, "The talk says ZooKeeper fans a read out; in reality one server answers, from its own tree."),
    (
        Place::DeadLetters,
        "The talk says dead-letter queue, often the consumer's; here it is first of all the producer's fallback.",
    ),
    (
        Place::Kraft,
        "The talk says no ZooKeeper since 2.8; in reality that was early access, and 3.3 was ready for production.",
    ),
];

/// What the source tags mean.
pub const SOURCES: &str = "Every rule and sentence here says where it comes from. Incident: GitHub's own report. Talk: the dissection \
    this follows. Source: read in the code of ZooKeeper or Kafka. Recorded: measured on the real ones. Simplified: ours, for teaching.";

/// The difference that belongs here.
pub fn difference(place: Place) -> Option<&'static str> {
    DIFFERENCES.iter().find(|(at, _)| *at == place).map(|(_, text)| *text)
}

/// Where the sentence under the join rate ([`crate::caption::hint`]) comes from.
pub fn of_hint(params: &Params, forecast: Forecast) -> Source {
    match forecast {
        Forecast::Open => Source::Talk, // jitter is its advice
        _ if params.get(Key::NewNodes) == 0 => Source::Simplified,
        _ if params.get(Key::Mode) == 1 => Source::Code,
        Forecast::Join | Forecast::Split | Forecast::Stuck => Source::Recorded,
    }
}

#[cfg(test)]
mod tests {
    use super::{DIFFERENCES, Place, difference, of_hint};
    use crate::caption::hint;
    use crate::params::{Key, Params, Source};

    #[test]
    fn every_difference_is_one_short_sentence_with_a_place_of_its_own() {
        for (i, (place, text)) in DIFFERENCES.iter().enumerate() {
            assert!(text.chars().count() <= 140 && text.ends_with('.'), "{text}");
            assert!(text.starts_with("The talk says ") && text.contains("; "), "{text}");
            assert!(DIFFERENCES[i + 1..].iter().all(|(other, _)| other != place), "{text}");
            assert_eq!(difference(*place), Some(*text));
        }
        assert_eq!((DIFFERENCES.len(), DIFFERENCES[8].0), (9, Place::Kraft));
    }

    #[test]
    fn the_sentence_under_the_join_rate_says_where_it_comes_from() {
        let source = |key: Key, text: &str| {
            let mut params = Params::default();
            params.set_text(key, text).expect("a legal value");
            of_hint(&params, hint(&params).0)
        };
        assert_eq!(source(Key::JoinRate, "30"), Source::Recorded);
        assert_eq!(source(Key::ListPolicy, "finalList"), Source::Recorded);
        assert_eq!(source(Key::JoinJitter, "5"), Source::Talk);
        assert_eq!(source(Key::Mode, "kraft"), Source::Code);
        assert_eq!(source(Key::NewNodes, "0"), Source::Simplified);
    }
}
