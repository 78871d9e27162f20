//! The shipped scenarios. `www/scenarios/*.json` is written from this table and checked against it by a test.
use crate::params::{Key, Params};
use crate::scenario::Scenario;

/// One shipped scenario.
#[derive(Debug)]
pub struct Preset {
    /// Its name in URLs and on the command line.
    pub id: &'static str,
    /// For menus.
    pub title: &'static str,
    /// What it shows, in one sentence; a test asserts it.
    pub caption: &'static str,
    /// The values that differ from the defaults.
    pub values: &'static [(Key, &'static str)],
}

/// All of them; the first is the one a page opens with.
pub const PRESETS: &[Preset] = &[
    Preset {
        id: "the-incident",
        title: "The incident",
        caption: "Eight hosts boot together, list each other, and elect a second leader; one broker follows it and a tenth of the writes fail.",
        values: &[],
    },
    Preset {
        id: "patient",
        title: "Patient: the same hosts, slow enough",
        caption: "At 30 hosts a minute at most two hosts list each other before they join, so they need the old leader, and get it.",
        values: &[(Key::JoinRate, "30")],
    },
    Preset {
        id: "checklist",
        title: "Checklist: one host at a time",
        caption: "The next host starts only when the previous one follows and every server was given the new list: safe at any rate.",
        values: &[(Key::ListPolicy, "oneByOne"), (Key::HealAt, "240")],
    },
    Preset {
        id: "final-list-trap",
        title: "The final-list trap: slow, yet it splits",
        caption: "One host every ten seconds, but each is given the final list of eleven: when six of them are up they need nobody else.",
        values: &[(Key::JoinRate, "6"), (Key::ListPolicy, "finalList"), (Key::HealAt, "150")],
    },
    Preset {
        id: "stuck",
        title: "Stuck: as many new hosts as old ones",
        caption: "Three new hosts beside three old ones: four votes are needed, three are on each side, and the new ones look for ever.",
        values: &[(Key::NewNodes, "3")],
    },
    Preset {
        id: "more-brokers",
        title: "More brokers: writes succeed on the wrong side",
        caption: "Three brokers move, enough for three replicas: the second cluster acknowledges writes, and they are lost when it goes.",
        values: &[(Key::MovedBrokers, "3")],
    },
    Preset {
        id: "no-dead-letters",
        title: "No dead-letter queue",
        caption: "The same incident without a dead-letter queue: what fails after three retries is dropped.",
        values: &[(Key::Dlq, "off")],
    },
    Preset {
        id: "not-idempotent",
        title: "Consumers that are not idempotent",
        caption: "Lost acknowledgements make producers write twice, and consumers that do not remember job ids do the work twice.",
        values: &[(Key::AckLoss, "2"), (Key::IdempotentConsumer, "off")],
    },
    Preset {
        id: "kraft",
        title: "KRaft: the same hosts, the same rate, one leader",
        caption: "Without ZooKeeper eight hosts observe, and the leader adds them to the voters one at a time: no second leader, no new epoch, no failed write. This needs dynamic voters (Kafka 3.9); a static list of voters, as up to 3.8, carries the same arithmetic danger. KRaft was early access in 2.8, ready for production in 3.3.",
        values: &[(Key::Mode, "kraft")],
    },
];

/// Finds one by id.
pub fn find(id: &str) -> Option<&'static Preset> {
    PRESETS.iter().find(|p| p.id == id)
}

impl Preset {
    /// Its values over the defaults.
    pub fn params(&self) -> Params {
        let mut params = Params::default();
        for (key, text) in self.values {
            let set = params.set_text(*key, text);
            debug_assert!(set.is_ok(), "preset {} has a bad {:?}", self.id, key);
        }
        params
    }

    /// It as a scenario.
    pub fn scenario(&self) -> Scenario {
        Scenario {
            id: self.id.to_string(),
            title: self.title.to_string(),
            description: self.caption.to_string(),
            ..Scenario::of(self.params())
        }
    }
}
