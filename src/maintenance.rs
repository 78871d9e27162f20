//! The people and their tools: who is added when, with which list; which brokers move; how the recovery goes.
//!
//! They see what an operator sees, and nobody here decides who leads.
pub mod quorum;
pub mod recovery;
mod script;
pub mod verdict;

use crate::ensemble::membership::Members;
use crate::ensemble::{Peer, Power};
use crate::event::{Actor, EventId, What};
use crate::message::OpsDue;
use crate::metrics::Milestone;
use crate::rng::Stream;
use crate::scenario::Role;
use crate::sim::outbox::{Outbox, SECOND};
pub use script::Step;
use std::collections::VecDeque;
use verdict::Verdict;

/// When the provisioning begins. [simplified]
pub const BEGIN: u64 = 3 * SECOND;
/// From starting a server's process to its election. [recorded: a wiped host follows 0.6 s after its start]
pub const PROCESS_START: u64 = 450_000;

/// Which server list a new host is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// The old hosts and everything in the inventory when it boots.
    RenderedAtBoot,
    /// The final list.
    FinalList,
    /// One host at a time, and every server is rolled to the new list before the next.
    OneByOne,
    /// Joiners are listed as observers: they are counted in no majority. [recorded: safe]
    ObserversFirst,
    /// Joiners know the present members and themselves; then the ensemble agrees on one new member at a time.
    /// [recorded: safe]
    DynamicReconfig,
    /// An explicit plan: each host has its own list.
    Planned,
}

/// The policies that `listPolicy` names, in its order.
pub const POLICIES: [Policy; 5] =
    [Policy::RenderedAtBoot, Policy::FinalList, Policy::OneByOne, Policy::ObserversFirst, Policy::DynamicReconfig];

/// One fresh host, as planned.
#[derive(Clone, Copy, Debug)]
pub struct Host {
    /// Its index.
    pub ix: u8,
    /// When it enters the inventory (or, with an explicit plan, starts).
    pub at: u64,
    /// Its list, with an explicit plan.
    pub list: Members,
    /// Its role.
    pub role: Role,
}

/// The people.
#[derive(Clone, Debug)]
pub struct Ops {
    /// Hosts that were there before, as bits.
    pub old: u64,
    /// Hosts that the maintenance adds, as bits.
    pub fresh: u64,
    /// Old hosts that no new list names, as bits.
    pub removed: u64,
    /// Of these, the ones that were taken out one at a time.
    retired: u64,
    /// The policy.
    pub policy: Policy,
    /// The plan.
    pub hosts: Vec<Host>,
    /// Boot time, µs.
    pub boot: u64,
    /// From one host to the next, µs.
    pub delta: u64,
    /// Hosts are wiped before they come back.
    pub wiped: bool,
    /// In the inventory by now.
    registered: u64,
    /// The event by which the maintenance began …
    began: EventId,
    /// … and by which the latest host entered the inventory.
    listed: EventId,
    /// Let in by a script: they followed.
    joined: u64,
    script: VecDeque<Step>,
    /// What the script waits for.
    pub current: Option<Step>,
    /// Counts steps: the time-out of an earlier one is stale.
    steps: u32,
    /// Hosts that have not started yet.
    pending: u64,
    /// 2 · initLimit · tick: how long after the last start the verdict is taken.
    pub patience: u64,
    verdicts: u32,
    /// How the maintenance went, once that is known.
    pub verdict: Option<Verdict>,
    /// A recovery is under way.
    pub healing: bool,
    /// What people mean to do at `healAt`: the place in [`recovery::RECOVERIES`].
    pub plan: u8,
    /// They have made a note of that time.
    pub noted: bool,
    stepped_in: Option<u64>,
    /// The provisioning was called off.
    pub called_off: bool,
    /// The old hosts were given the new list: whatever the old cluster was, it is no more.
    pub rolled_out: bool,
    /// The KRaft controller that is being added to the voters.
    pub adding: Option<u8>,
}

impl Ops {
    /// People with this plan.
    pub fn new(old: u64, policy: Policy, hosts: Vec<Host>, boot: u64, patience: u64) -> Ops {
        let fresh = hosts.iter().fold(0, |mask, h| mask | 1 << h.ix);
        Ops {
            old,
            fresh,
            removed: 0,
            retired: 0,
            policy,
            hosts,
            boot,
            delta: 0,
            wiped: true,
            registered: 0,
            began: 0,
            listed: 0,
            joined: 0,
            script: VecDeque::new(),
            current: None,
            steps: 0,
            pending: fresh,
            patience,
            verdicts: 0,
            verdict: None,
            healing: false,
            plan: 0,
            noted: false,
            stepped_in: None,
            called_off: false,
            rolled_out: false,
            adding: None,
        }
    }

    /// When people last began a recovery, µs.
    pub fn stepped_in(&self) -> Option<u64> {
        self.stepped_in
    }

    /// Hosts that were taken out for good, as bits.
    pub fn retired(&self) -> u64 {
        self.retired
    }

    /// Puts the plan on the agenda.
    pub fn begin(&mut self, out: &mut Outbox) {
        for (i, host) in self.hosts.iter().enumerate() {
            let due = match self.policy {
                Policy::Planned => OpsDue::Launch(i as u8),
                _ => OpsDue::Register(i as u8),
            };
            out.wake_ops(host.at, due);
        }
        if self.hosts.is_empty() {
            self.await_verdict(BEGIN, out);
        }
    }

    fn await_verdict(&mut self, after: u64, out: &mut Outbox) {
        self.verdicts += 1;
        out.wake_ops(out.now + after + self.patience, OpsDue::Verdict(self.verdicts));
    }

    /// Time for the verdict, unless another host has started since.
    pub fn on_verdict(&mut self, number: u32, peers: &[Peer]) {
        self.settle_verdict(number, Verdict::of(peers, self.old, self.fresh));
    }

    /// Takes this verdict, unless another host has started since.
    pub fn settle_verdict(&mut self, number: u32, verdict: Verdict) {
        if number == self.verdicts && self.pending == 0 && self.verdict.is_none() {
            self.verdict = Some(verdict);
        }
    }

    fn note_start(&mut self, reached: &mut Vec<Milestone>, out: &mut Outbox) {
        if self.registered == 0 {
            reached.push(Milestone::MaintenanceStart);
            self.began = out.emit(Actor::Operator, What::MaintenanceStarted { hosts: self.fresh.count_ones() });
        } else if out.cause() == 0 {
            out.because(self.began);
        }
    }

    /// A host enters the inventory.
    pub fn on_register(&mut self, i: u8, peers: &mut [Peer], reached: &mut Vec<Milestone>, out: &mut Outbox) {
        let Some(&Host { ix, .. }) = self.hosts.get(usize::from(i)) else { return };
        if self.called_off {
            return;
        }
        self.note_start(reached, out);
        self.registered |= 1 << ix;
        self.listed = out.emit(Actor::Peer(out.sids[usize::from(ix)]), What::Registered);
        if self.policy == Policy::OneByOne || self.healing {
            self.script.push_back(Step::Fresh(ix));
            return self.advance(peers, out);
        }
        self.boot_host(ix, self.boot, peers, out);
    }

    fn boot_host(&mut self, ix: u8, after: u64, peers: &mut [Peer], out: &mut Outbox) {
        peers[usize::from(ix)].power = Power::Booting(out.now, out.now + after);
        out.wake_ops(out.now + after, OpsDue::Boot(ix));
    }

    /// A host starts, with the list as the policy has it now.
    pub fn on_boot(&mut self, ix: u8, peers: &mut [Peer], out: &mut Outbox) {
        let peer = &mut peers[usize::from(ix)];
        if !matches!(peer.power, Power::Booting(_, until) if until == out.now) {
            return; // called off, or started by hand
        }
        let me = 1 << ix;
        let kept = self.old & !self.removed;
        let list = match self.policy {
            _ if self.rolled_out => kept | self.fresh,
            _ if self.healing => kept | self.joined | me,
            Policy::RenderedAtBoot => kept | self.registered,
            Policy::FinalList => kept | self.fresh,
            Policy::OneByOne => self.target(),
            Policy::ObserversFirst => kept,
            Policy::DynamicReconfig => self.target() | me,
            Policy::Planned => self.old | me,
        };
        let role = self.hosts.iter().find(|h| h.ix == ix).map_or(Role::Participant, |h| h.role);
        if self.listed != out.cause() {
            out.found(self.listed); // its list was rendered now, and names whoever had been listed by now
        }
        peer.start(Members(list), role, out);
        self.note_fresh_start(ix, out);
    }

    /// With an explicit plan: a host starts with its own list.
    pub fn on_launch(&mut self, i: u8, peers: &mut [Peer], reached: &mut Vec<Milestone>, out: &mut Outbox) {
        let Some(&host) = self.hosts.get(usize::from(i)) else { return };
        if self.called_off {
            return;
        }
        self.note_start(reached, out);
        self.registered |= 1 << host.ix;
        peers[usize::from(host.ix)].start(host.list, host.role, out);
        self.note_fresh_start(host.ix, out);
    }

    fn note_fresh_start(&mut self, ix: u8, out: &mut Outbox) {
        if self.pending >> ix & 1 == 1 {
            self.pending &= !(1 << ix);
            if self.pending == 0 {
                out.note(Actor::Operator, What::MaintenanceEnded);
                self.await_verdict(0, out);
            }
        }
    }
}

/// When each of `count` hosts enters the inventory: every `delta` µs, each delayed by up to `jitter` µs.
pub fn schedule(count: u8, delta: u64, jitter: u64, first_ix: u8, out: &mut Outbox) -> Vec<Host> {
    let mut at = |i: u8| BEGIN + u64::from(i) * delta + out.chance.between(Stream::Jitter, 0, jitter);
    (0..count)
        .map(|i| Host { ix: first_ix + i, at: at(i), list: Members::default(), role: Role::Participant })
        .collect()
}

impl Ops {
    /// The maintenance goes on with more hosts, from now on, at the same rate.
    pub fn on_more(&mut self, fresh: std::ops::Range<u8>, out: &mut Outbox) {
        if !self.healing {
            self.called_off = false;
        }
        out.emit(Actor::Operator, What::HostsAdded { hosts: fresh.len() as u32 });
        let role = if self.policy == Policy::ObserversFirst { Role::Observer } else { Role::Participant };
        for (i, ix) in fresh.enumerate() {
            let at = out.now + i as u64 * self.delta;
            self.fresh |= 1 << ix;
            self.pending |= 1 << ix;
            out.wake_ops(at, OpsDue::Register(self.hosts.len() as u8));
            self.hosts.push(Host { ix, at, list: Members::default(), role });
        }
        if self.policy == Policy::Planned {
            self.policy = Policy::RenderedAtBoot;
        }
    }
}
