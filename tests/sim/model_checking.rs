//! The election and the membership rules, explored exhaustively for small ensembles: every order in which votes can
//! arrive, timers can ring and people can act. See `world.rs` for what is real and what is abstracted.
use crate::common::{SECOND, assert_sound, check, run_until, serving_leaders};
use crate::world::{Act, World};
use second_leader::ensemble::membership::Members;
use second_leader::maintenance::verdict::Outcome;
use second_leader::maintenance::{Host, Policy};
use second_leader::message::PeerTimer;
use second_leader::native::document::Document;
use second_leader::native::json::Json;
use second_leader::scenario::Role;
use stateright::{Checker, HasDiscoveries, Model, Path, Property};

const ONE: &str = "at most one leader serves";
const ALL: &str = "every new host serves";

/// What is explored.
#[derive(Clone, Copy, Debug)]
struct Change {
    old: u8,
    fresh: u8,
    policy: Policy,
    role: Role,
    /// The highest election round that is followed.
    rounds: u64,
    /// Do people go on without waiting?
    hasty: bool,
}

impl Change {
    fn hosts(&self) -> Vec<Host> {
        let all = (1u64 << (self.old + self.fresh)) - 1;
        let old = (1u64 << self.old) - 1;
        let list = Members(if self.role == Role::Observer { old } else { all });
        (self.old..self.old + self.fresh).map(|ix| Host { ix, at: 0, list, role: self.role }).collect()
    }
}

impl Model for Change {
    type State = World;
    type Action = Act;

    fn init_states(&self) -> Vec<World> {
        vec![World::new(self.old, self.policy, self.hosts(), self.hasty)]
    }

    fn actions(&self, world: &World, acts: &mut Vec<Act>) {
        world.acts(acts);
    }

    fn next_state(&self, world: &World, act: Act) -> Option<World> {
        Some(world.after(act))
    }

    fn properties(&self) -> Vec<Property<Change>> {
        vec![
            Property::<Change>::always(ONE, |_, world| world.leaders() <= 1),
            Property::<Change>::sometimes(ALL, |_, world| world.peers().all(|peer| peer.serves())),
        ]
    }

    fn within_boundary(&self, world: &World) -> bool {
        world.peers().all(|peer| peer.round <= self.rounds)
    }
}

impl Change {
    fn new(old: u8, fresh: u8, policy: Policy) -> Change {
        Change { old, fresh, policy, role: Role::Participant, rounds: 3, hasty: false }
    }

    /// Visits every state; at most one leader may serve in any of them. Says whether every new host can get in.
    fn assert_safe(self, joins: bool) {
        let checker = self.checker().finish_when(HasDiscoveries::AnyFailures).spawn_bfs().join();
        println!("{self:?}: {} states, {} steps deep", checker.unique_state_count(), checker.max_depth());
        checker.assert_no_discovery(ONE);
        assert_eq!(checker.discovery(ALL).is_some(), joins, "{self:?}: can every new host get in?");
    }

    /// Visits states, nearest first, until `most` were generated; at most one leader may serve in any of them.
    fn assert_safe_nearby(self, most: usize) {
        let checker =
            self.checker().finish_when(HasDiscoveries::AnyFailures).target_state_count(most).spawn_bfs().join();
        println!("{self:?}: {} states, {} steps deep", checker.unique_state_count(), checker.max_depth());
        assert!(checker.state_count() >= most, "{self:?}: there are fewer states; visit them all");
        checker.assert_no_discovery(ONE);
    }

    /// The shortest way to two leaders that serve; with `deep`, just any way, found sooner.
    fn split(self, deep: bool) -> Path<World, Act> {
        let search = self.checker().finish_when(HasDiscoveries::AnyFailures);
        let path = match deep {
            true => search.spawn_dfs().join().discovery(ONE),
            false => search.spawn_bfs().join().discovery(ONE),
        };
        let path = path.unwrap_or_else(|| panic!("{self:?}: no way to two leaders"));
        println!("{self:?}: two leaders after {} steps", path.clone().into_actions().len());
        path
    }

    /// A path as a scenario file that page and command line play: who starts when, with which list.
    fn scenario_file(&self, path: &Path<World, Act>) -> String {
        let last = path.last_state();
        let old: Vec<Json> = (1..=self.old).map(Json::number).collect();
        let mut ms = 3000;
        let mut fresh = Vec::new();
        for act in path.clone().into_actions() {
            let ix = match act {
                // What a timer takes; messages are counted as nothing.
                Act::Ring { timer: PeerTimer::Election, .. } => {
                    ms += 200;
                    continue;
                }
                Act::Launch(i) => self.old + i,
                Act::Boot(ix) if ix >= self.old => ix,
                _ => continue,
            };
            let peer = last.peers().find(|peer| peer.ix == ix).expect("the host");
            let role = if peer.role == Role::Observer { "observer" } else { "participant" };
            let list = peer.list.iter().map(|ix| Json::number(ix + 1)).collect();
            fresh.push(Json::object([
                ("sid", Json::number(peer.sid)),
                ("startMs", Json::number(ms)),
                ("list", Json::List(list)),
                ("role", Json::text(role)),
            ]));
        }
        let plan = Json::object([
            ("old", Json::List(old)),
            ("oldLeader", Json::number(self.old)),
            ("fresh", Json::List(fresh)),
        ]);
        let params = Json::object([("heal", Json::text("none"))]);
        let id = format!("found-{}-{}", self.old, self.fresh);
        let title = format!("{} old hosts, {} new ones: two leaders", self.old, self.fresh);
        Json::object([
            ("schemaVersion", Json::number(1)),
            ("id", Json::text(id)),
            ("title", Json::text(title)),
            ("params", params),
            ("plan", plan),
        ])
        .line()
    }
}

/// Plays a scenario file; the two leaders that the checker found must be there.
fn assert_splits(file: &str) {
    println!("{file}");
    let document = Document::read(file).unwrap_or_else(|issues| panic!("{issues:?}\n{file}"));
    let sim = run_until(&check(document.scenario), 60 * SECOND);
    assert_sound(&sim);
    assert_eq!(sim.verdict().outcome, Outcome::Split, "{file}");
    assert_eq!(serving_leaders(&sim).len(), 2, "{file}");
}

#[test]
fn more_new_hosts_than_old_ones_can_elect_a_second_leader_and_the_simulation_agrees() {
    for (old, fresh, policy, deep) in [
        (1, 2, Policy::Planned, false),
        (1, 2, Policy::RenderedAtBoot, false),
        (1, 3, Policy::FinalList, true),
        (2, 3, Policy::Planned, false),
        (2, 3, Policy::RenderedAtBoot, true),
        (3, 4, Policy::Planned, true),
        (3, 4, Policy::RenderedAtBoot, true),
    ] {
        let change = Change::new(old, fresh, policy);
        assert_splits(&change.scenario_file(&change.split(deep)));
    }
}

#[test]
fn no_more_new_hosts_than_old_ones_never_elect_a_second_leader() {
    for policy in [Policy::Planned, Policy::RenderedAtBoot, Policy::FinalList] {
        Change::new(1, 1, policy).assert_safe(false);
        Change::new(2, 1, policy).assert_safe(true);
        Change::new(2, 2, policy).assert_safe(policy == Policy::RenderedAtBoot);
        Change::new(3, 2, policy).assert_safe(true);
    }
    Change::new(3, 3, Policy::Planned).assert_safe_nearby(200_000);
}

#[test]
fn one_host_at_a_time_never_elects_a_second_leader() {
    Change::new(2, 1, Policy::OneByOne).assert_safe(true);
    for (old, fresh) in [(2, 2), (3, 1), (2, 3)] {
        Change { rounds: 2, ..Change::new(old, fresh, Policy::OneByOne) }.assert_safe_nearby(200_000);
    }
}

#[test]
fn hosts_that_come_as_observers_never_elect_a_second_leader() {
    for (old, fresh) in [(1, 2), (2, 3), (3, 4)] {
        Change { role: Role::Observer, ..Change::new(old, fresh, Policy::Planned) }.assert_safe(true);
    }
}

/// The checker must find what goes wrong when people do not keep to the procedure: it is no use otherwise.
#[test]
fn one_host_at_a_time_without_waiting_has_two_leaders() {
    let path = Change { hasty: true, ..Change::new(2, 1, Policy::OneByOne) }.split(false);
    let acts = path.into_actions();
    assert!(acts.contains(&Act::Hurry), "{acts:?}");
    let others = acts.iter().filter(|act| matches!(act, Act::Boot(_))).count();
    assert_eq!(others, 2, "the new host and a rolled one elect, while the old leader has not noticed: {acts:?}");
}
