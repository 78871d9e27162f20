//! Recoveries, procedures and Kafka: recorded beside simulated.
use super::{Row, SEEDS, events, first, seeded};
use crate::common::{MS, SECOND, check, run_until, serving_leaders, with};
use second_leader::event::{Actor, Event, SyncMode, What};
use second_leader::metrics::Milestone;
use second_leader::scenario::{Command, Node};

const FOUR_NEW: [(&str, &str); 3] = [("newNodes", "4"), ("joinRate", "1200"), ("writeRate", "1")];

pub(super) fn recoveries(rows: &mut Vec<Row>) {
    let file = "zk-05-recovery";
    let quiet = |seed| {
        let split = seeded(&FOUR_NEW, seed, vec![]);
        let split = check(with(split, &[("heal", "none")]));
        let election =
            |e: &&Event| matches!(e.what, What::Looking { .. } | What::VoteChanged { .. } | What::Asked { .. });
        let all = events(&split, 200 * SECOND);
        let sim = run_until(&split, 200 * SECOND);
        assert_eq!(serving_leaders(&sim), [3, 7], "two leaders to the end");
        all.iter().filter(|e| e.at > 20 * SECOND).filter(election).count() as u64
    };
    rows.push(Row {
        what: "two leaders, left alone for 180 s: election messages",
        file,
        recorded: "0",
        window: (0, 0),
        simulated: (0..SEEDS).map(quiet).collect(),
    });
    let healed = |seed| {
        let all = events(&seeded(&FOUR_NEW, seed, vec![]), 80 * SECOND);
        let mut wiped: Vec<(Actor, u64)> = Vec::new();
        let mut took = Vec::new();
        for e in all.iter().filter(|e| e.at >= 60 * SECOND) {
            match e.what {
                What::Wiped => wiped.push((e.actor, e.at)),
                What::Joined { .. } => {
                    let started = wiped.iter().find(|(actor, _)| *actor == e.actor).map(|(_, at)| *at);
                    took.extend(started.map(|started| (e.at - started) / MS));
                }
                _ => {}
            }
        }
        assert_eq!(took.len(), 4, "four hosts come home");
        took
    };
    rows.push(Row {
        what: "kill and wipe: each host, from its start until it follows",
        file,
        recorded: "581–648",
        window: (550, 700),
        simulated: (0..SEEDS).flat_map(healed).collect(),
    });
    let unwiped = |seed| {
        let all = events(&check(with(seeded(&FOUR_NEW, seed, vec![]), &[("wiped", "off")])), 80 * SECOND);
        let diff = |e: &&Event| matches!(e.what, What::Synced { mode: SyncMode::Diff, .. });
        all.iter().filter(|e| e.at >= 60 * SECOND).filter(diff).count() as u64
    };
    rows.push(Row {
        what: "kill without wiping, fewer transactions than the old side: hosts synced by DIFF",
        file,
        recorded: "1 of 1 tried",
        window: (4, 4),
        simulated: (0..SEEDS).map(unwiped).collect(),
    });
}

pub(super) fn finished_rollouts(rows: &mut Vec<Row>) {
    let file = "zk-05-recovery";
    let rollout = |epoch: &'static str| {
        move |seed| {
            let values = [("heal", "finishRollout"), ("oldEpoch", epoch)];
            let sim = run_until(&check(with(seeded(&FOUR_NEW, seed, vec![]), &values)), 130 * SECOND);
            assert_eq!(serving_leaders(&sim), [7]);
            sim.view().peers.iter().filter(|p| p.serving).count() as u64
        }
    };
    rows.push(Row {
        what: "finish the roll-out, equal epochs: hosts that serve at the end, under zk7",
        file,
        recorded: "7",
        window: (7, 7),
        simulated: (0..SEEDS).map(rollout("1")).collect(),
    });
    rows.push(Row {
        what: "finish the roll-out, old epoch 3: hosts that serve at the end, under zk7",
        file,
        recorded: "4",
        window: (4, 4),
        simulated: (0..SEEDS).map(rollout("3")).collect(),
    });
    let patience = |seed| {
        let values = [("heal", "finishRollout"), ("oldEpoch", "3")];
        let all = events(&check(with(seeded(&FOUR_NEW, seed, vec![]), &values)), 130 * SECOND);
        first(&all, 60 * SECOND, |e| matches!(e.what, What::StepGivenUp { .. }))
    };
    rows.push(Row {
        what: "… and how long each old host is waited for",
        file,
        recorded: "17 096–17 223",
        window: (17_000, 17_250),
        simulated: (0..SEEDS).map(patience).collect(),
    });
}

pub(super) fn procedures(rows: &mut Vec<Row>) {
    let rolled = |seed| {
        let values =
            [("newNodes", "2"), ("listPolicy", "oneByOne"), ("writeRate", "1"), ("bootTime", "0.1"), ("heal", "none")];
        let sim = run_until(&seeded(&values, seed, vec![]), 60 * SECOND);
        let view = sim.view();
        assert_eq!(serving_leaders(&sim), [5], "the highest sid leads in the end");
        u64::from(view.peers[0].epoch)
    };
    rows.push(Row {
        what: "two hosts added one by one, every server rolled: epoch in the end, under zk5",
        file: "zk-04-rolling-config",
        recorded: "3",
        window: (3, 3),
        simulated: (0..SEEDS).map(rolled).collect(),
    });
    let joined = |seed| {
        let values = [("newNodes", "6"), ("joinRate", "20"), ("bootTime", "0.1"), ("writeRate", "1"), ("heal", "none")];
        let sim = run_until(&seeded(&values, seed, vec![]), 60 * SECOND);
        assert_eq!(serving_leaders(&sim), [3]);
        sim.view().peers.iter().filter(|p| p.serving && !p.counted).count() as u64
    };
    rows.push(Row {
        what: "six hosts added one at a time, nobody rolled: followers without a vote",
        file: "zk-04-sequential-joins",
        recorded: "6",
        window: (6, 6),
        simulated: (0..SEEDS).map(joined).collect(),
    });
    let orphaned = |seed| {
        let values = [("newNodes", "6"), ("joinRate", "20"), ("bootTime", "0.1"), ("writeRate", "1"), ("heal", "none")];
        let stop = vec![(60 * SECOND, Command::Stop(Node::Peer(3)))];
        let sim = run_until(&seeded(&values, seed, stop), 86 * SECOND);
        assert_eq!(serving_leaders(&sim), [2]);
        sim.view().peers.iter().filter(|p| p.serving).count() as u64
    };
    rows.push(Row {
        what: "… and, 26 s after their leader was killed: hosts that serve, under zk2",
        file: "zk-04-sequential-joins",
        recorded: "2",
        window: (2, 2),
        simulated: (0..SEEDS).map(orphaned).collect(),
    });
    let reconfigured = |seed| {
        let values = [("newNodes", "2"), ("listPolicy", "dynamicReconfig"), ("writeRate", "1"), ("heal", "none")];
        let stop = vec![(60 * SECOND, Command::Stop(Node::Peer(3)))];
        let all = events(&seeded(&values, seed, stop.clone()), 70 * SECOND);
        let sim = run_until(&seeded(&values, seed, stop), 70 * SECOND);
        assert_eq!(serving_leaders(&sim), [5]);
        assert_eq!(sim.view().peers.iter().filter(|p| p.serving).count(), 4);
        first(&all, 60 * SECOND, |e| matches!(e.what, What::Serving { .. }))
    };
    rows.push(Row {
        what: "two hosts added by reconfig, then the leader killed: until zk5 serves",
        file: "zk-04-dynamic-reconfig",
        recorded: "527 (with polling)",
        window: (350, 560),
        simulated: (0..SEEDS).map(reconfigured).collect(),
    });
}

pub(super) fn kafka(rows: &mut Vec<Row>) {
    let file = "kafka-02-one-broker-moved";
    let share = |seed| {
        let sim = run_until(&seeded(&[], seed, vec![]), 150 * SECOND);
        let m = sim.metrics();
        assert_eq!((m.lost, m.dropped, m.duplicate_effects), (0, 0, 0), "seed {seed}");
        assert_eq!(m.failed, sim.view().brokers.iter().map(|b| u64::from(b.id == 10) * m.failed).sum::<u64>());
        m.failed_while_split * 1000 / m.produced_while_split
    };
    rows.push(Row {
        what: "one broker of ten moved: jobs that fail, in thousandths",
        file,
        recorded: "80 of 400 jobs, 98 of 600",
        window: (70, 130),
        simulated: (0..SEEDS).map(share).collect(),
    });
    let home = |agree: bool| {
        move |seed| {
            let all =
                events(&seeded(&[("heal", "none")], seed, vec![(60 * SECOND, Command::ReturnBroker(10))]), 70 * SECOND);
            let registered =
                |e: &Event| e.actor == Actor::Broker(10) && matches!(e.what, What::BrokerRegistered { .. });
            let told = |e: &Event| matches!(e.what, What::MetadataSent { brokers, .. } if brokers >> 10 & 1 == 1);
            if agree { first(&all, 60 * SECOND, told) } else { first(&all, 60 * SECOND, registered) }
        }
    };
    rows.push(Row {
        what: "the broker goes home: until it is registered",
        file,
        recorded: "1044",
        window: (1000, 1100),
        simulated: (0..SEEDS).map(home(false)).collect(),
    });
    rows.push(Row {
        what: "… until the controller tells everybody",
        file,
        recorded: "1754 (all brokers answer alike)",
        window: (1650, 1850),
        simulated: (0..SEEDS).map(home(true)).collect(),
    });
    let drained = |seed| {
        let sim = run_until(&seeded(&[], seed, vec![]), 200 * SECOND);
        let reached = sim.milestones().iter().any(|(m, _)| *m == Milestone::DlqEmpty);
        assert!(reached, "seed {seed}");
        sim.metrics().dlq_depth
    };
    rows.push(Row {
        what: "after the recovery and the drain: dead letters that are left",
        file,
        recorded: "0",
        window: (0, 0),
        simulated: (0..SEEDS).map(drained).collect(),
    });
}
