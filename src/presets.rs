//! The shipped scenarios. `www/scenarios/*.json` is written from this table and checked against it by a test.
use crate::params::{Key, Params, told};
use crate::scenario::{Command, Node, Scenario};
use crate::sim::outbox::SECOND;

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
    /// What people do, when (s).
    pub actions: &'static [(u64, Command)],
}

/// All of them; the first is the one a page opens with.
pub const PRESETS: &[Preset] = &[
    Preset {
        id: "the-incident",
        title: "The incident",
        caption: told(
            "Eight hosts boot together, list each other, and elect a second leader; one broker follows it and a tenth of the writes fail.",
        ),
        values: &[],
        actions: &[],
    },
    Preset {
        id: "patient",
        title: "Patient: the same hosts, slow enough",
        caption: told(
            "At 30 hosts a minute at most two hosts list each other before they join, so they need the old leader, and get it.",
        ),
        values: &[(Key::JoinRate, "30")],
        actions: &[],
    },
    Preset {
        id: "jitter",
        title: "Jitter: the same hosts, spread over a minute",
        caption: told(
            "Each host waits a random time of up to a minute before it joins: rarely more than two list each other, and each finds the old leader. Jitter makes a second leader unlikely, not impossible.",
        ),
        values: &[(Key::JoinJitter, "60"), (Key::HealAt, "150")],
        actions: &[],
    },
    Preset {
        id: "checklist",
        title: "Checklist: one host at a time",
        caption: told(
            "The next host starts only when the previous one follows and every server was given the new list: safe at any rate.",
        ),
        values: &[(Key::ListPolicy, "oneByOne"), (Key::HealAt, "240")],
        actions: &[],
    },
    Preset {
        id: "observers-first",
        title: "Observers first: joiners have no vote",
        caption: told(
            "Eight hosts boot together, but as observers: they are counted in no majority, follow the old leader, and can elect nobody.",
        ),
        values: &[(Key::ListPolicy, "observersFirst")],
        actions: &[],
    },
    Preset {
        id: "final-list-trap",
        title: "The final-list trap: slow, yet it splits",
        caption: told(
            "One host every ten seconds, but each is given the final list of eleven: when six of them are up they need nobody else.",
        ),
        values: &[(Key::JoinRate, "6"), (Key::ListPolicy, "finalList"), (Key::HealAt, "150")],
        actions: &[],
    },
    Preset {
        id: "stuck",
        title: "Stuck: as many new hosts as old ones",
        caption: told(
            "Three new hosts beside three old ones: four votes are needed, three are on each side, and the new ones look for ever.",
        ),
        values: &[(Key::NewNodes, "3")],
        actions: &[],
    },
    Preset {
        id: "replace-three-of-five",
        title: "Replace three of five at once",
        caption: told(
            "Five old hosts, three of them to be replaced: the new list keeps two old ones, so the three new ones are a majority of it, and elect a leader while the old five still have theirs.",
        ),
        values: &[(Key::OldNodes, "5"), (Key::NewNodes, "3"), (Key::Removed, "1,2,3")],
        actions: &[],
    },
    Preset {
        id: "more-brokers",
        title: "More brokers: writes succeed on the wrong side",
        caption: told(
            "Three brokers move, enough for three replicas: the second cluster acknowledges writes, and they are lost when it goes.",
        ),
        values: &[(Key::MovedBrokers, "3")],
        actions: &[],
    },
    Preset {
        id: "no-dead-letters",
        title: "No dead-letter queue",
        caption: told("The same incident without a dead-letter queue: what fails after three retries is dropped."),
        values: &[(Key::Dlq, "off")],
        actions: &[],
    },
    Preset {
        id: "not-idempotent",
        title: "Consumers that are not idempotent",
        caption: told(
            "Lost acknowledgements make producers write twice, and consumers that do not remember job ids do the work twice.",
        ),
        values: &[(Key::AckLoss, "2"), (Key::IdempotentConsumer, "off")],
        actions: &[],
    },
    Preset {
        id: "retry-storm",
        title: "Retry storm: ten retries without a pause",
        caption: told(
            "Ten retries without back-off knock at the same wrong broker eleven times within a fifth of a second. As many jobs fail as before, after three times the attempts.",
        ),
        values: &[(Key::Retries, "10"), (Key::Backoff, "none")],
        actions: &[],
    },
    Preset {
        id: "wrong-recovery",
        title: "The wrong recovery: hosts come back unwiped",
        caption: told(
            "The second cluster's hosts rejoin without being wiped. One leader, eleven servers, all looks healthy, and eight of them hold another tree: logs are compared by number, never by content.",
        ),
        values: &[(Key::Wiped, "off")],
        actions: &[],
    },
    Preset {
        id: "finish-the-rollout",
        title: "Finish the roll-out: the empty cluster wins",
        caption: told(
            "The old hosts are restarted with the new list one by one and follow the second leader. One leader is left, with several different trees, and the brokers have to register anew in an empty cluster.",
        ),
        values: &[(Key::Heal, "finishRollout")],
        actions: &[],
    },
    Preset {
        id: "leader-killed",
        title: "The leader is killed",
        caption: told(
            "No maintenance: the leader's process dies. Its followers notice within milliseconds, elect another in a quarter of a second, and serve within half a second. Not one write fails.",
        ),
        values: &[(Key::OldNodes, "5"), (Key::NewNodes, "0"), (Key::MovedBrokers, "0"), (Key::Heal, "none")],
        actions: &[(20, Command::Stop(Node::Peer(5)))],
    },
    Preset {
        id: "leader-frozen",
        title: "The leader hangs",
        caption: told(
            "No maintenance: the leader's process hangs for half a minute. Its followers bear ten seconds of silence before they elect another; when it wakes up it steps down and follows. For a moment it still believes that it leads.",
        ),
        values: &[(Key::OldNodes, "5"), (Key::NewNodes, "0"), (Key::MovedBrokers, "0"), (Key::Heal, "none")],
        actions: &[(20, Command::Freeze(Node::Peer(5))), (50, Command::Thaw(Node::Peer(5)))],
    },
    Preset {
        id: "kraft",
        title: "KRaft: the same hosts, the same rate, one leader",
        caption: told(
            "Without ZooKeeper eight hosts observe, and the leader adds them to the voters one at a time: no second leader, no new epoch, no failed write. This needs dynamic voters (Kafka 3.9); a static list of voters, as up to 3.8, carries the same arithmetic danger. KRaft was early access in 2.8, ready for production in 3.3.",
        ),
        values: &[(Key::Mode, "kraft")],
        actions: &[],
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
            actions: self.actions.iter().map(|(at, command)| (at * SECOND, *command)).collect(),
            ..Scenario::of(self.params())
        }
    }
}
