//! What *is*, as plain data for drawing and reading: built from a simulation on demand, never stored in it.
//!
//! A second "cluster" exists only here: nobody inside the run knows there are two.
use crate::client::Reason;
use crate::ledger::Ledger;
use crate::metrics::{Metrics, Milestone};

/// Microseconds of simulated time.
pub type Micros = u64;

/// What a ZooKeeper host is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeerPhase {
    /// Not in the inventory yet.
    Planned,
    /// In the inventory, booting.
    Booting,
    /// Stopped.
    Off,
    /// The process hangs: it hears and says nothing.
    Frozen,
    /// In leader election.
    Looking,
    /// Follows a leader (see [`PeerView::serving`]).
    Following,
    /// Observes a leader.
    Observing,
    /// Leads (see [`PeerView::serving`]).
    Leading,
}

/// What a waiting peer waits for; drawn as an arc.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// Booting, from the inventory to the start.
    Boot,
    /// A quorum stands; waiting for a better vote.
    Finalize,
    /// Until notifications are sent again.
    Notify,
    /// Discovery and sync.
    Sync,
}

/// An arc timer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arc {
    /// What for.
    pub wait: Wait,
    /// When it began.
    pub since: Micros,
    /// When it ends.
    pub until: Micros,
}

/// One ZooKeeper host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeerView {
    /// Its server id.
    pub sid: u8,
    /// Added by the maintenance (true), or there before.
    pub fresh: bool,
    /// Configured as an observer.
    pub observer: bool,
    /// What it does.
    pub phase: PeerPhase,
    /// In the broadcast phase: a leader with a synced quorum, or a learner that is up to date.
    pub serving: bool,
    /// The sid it follows or leads with.
    pub leader: Option<u8>,
    /// Which logical cluster it is part of, as an index into [`View::ensembles`]. `None` while it is alone.
    pub ensemble: Option<usize>,
    /// currentEpoch.
    pub epoch: u32,
    /// acceptedEpoch.
    pub accepted_epoch: u32,
    /// Its last logged zxid.
    pub zxid: u64,
    /// The election round (logicalclock).
    pub round: u64,
    /// The sid it votes for.
    pub vote: Option<u8>,
    /// While LOOKING: how many of its own list agree with its vote.
    pub votes: u32,
    /// The voting members of the list it was given.
    pub list: Vec<u8>,
    /// The majority of that list.
    pub majority: u32,
    /// Is it a member of its leader's own list? A follower outside of it has no vote there.
    pub counted: bool,
    /// Its tree differs from its leader's, and nothing will ever tell it: logs are compared by number only.
    pub diverged: bool,
    /// Some of its links are cut.
    pub cut: bool,
    /// What it waits for.
    pub arc: Option<Arc>,
}

/// One logical cluster: a leader and whoever follows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EnsembleView {
    /// `A`, `B`, … in order of appearance; A is the one that was there first.
    pub label: char,
    /// Its leader's sid; 0 while A has none.
    pub leader: u8,
    /// Does the leader serve?
    pub serving: bool,
    /// Its epoch.
    pub epoch: u32,
    /// The sids that are part of it, leader included.
    pub members: Vec<u8>,
    /// Size of the leader's own list.
    pub list_len: u32,
    /// The majority of that list.
    pub majority: u32,
    /// The znode tree its leader holds: broker ids registered.
    pub broker_ids: Vec<u8>,
    /// … who owns /controller.
    pub controller: Option<u8>,
    /// … topics under /brokers/topics.
    pub topics: u32,
}

/// What a broker is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BrokerPhase {
    /// Stopped.
    Off,
    /// Restarting, or looking for a ZooKeeper server that takes it.
    Starting,
    /// Registered and serving clients.
    Up,
}

/// One partition, from one broker's place in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReplicaView {
    /// The partition.
    pub partition: u8,
    /// It leads it, as far as it knows.
    pub leads: bool,
    /// It is in the ISR that its cluster's controller last announced.
    pub in_sync: bool,
    /// The ISR is smaller than min.insync.replicas.
    pub below_min: bool,
}

/// One broker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokerView {
    /// broker.id
    pub id: u8,
    /// What it does.
    pub phase: BrokerPhase,
    /// The logical cluster it obeys: an index into [`View::ensembles`], or `None` when it reaches none.
    pub ensemble: Option<usize>,
    /// `A` or `B`: the Kafka cluster id it registered under.
    pub cluster: Option<char>,
    /// It believes it is the controller, with this controller epoch.
    pub controller: Option<u32>,
    /// Partitions it leads.
    pub leads: u32,
    /// Topics in its metadata.
    pub topics: u32,
    /// Brokers in its metadata.
    pub knows: u32,
    /// Its replicas, by partition.
    pub replicas: Vec<ReplicaView>,
    /// Attempts that failed here, by reason, most frequent first.
    pub failures: Vec<(Reason, u32)>,
    /// Writes that its quota made wait …
    pub throttled: u32,
    /// … and is one waiting now?
    pub throttling: bool,
    /// Some of its links are cut.
    pub cut: bool,
}

/// The dead-letter tray.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TrayView {
    /// Is there one?
    pub exists: bool,
    /// Jobs waiting in it.
    pub depth: u64,
    /// The deepest it was.
    pub peak: u64,
    /// How long its oldest has waited.
    pub oldest: Micros,
    /// Is it being drained right now?
    pub draining: bool,
}

/// Who and what is waiting to retry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RetryView {
    /// Jobs in back-off.
    pub waiting: u32,
    /// The latest of them: its attempt number that comes next (2 = first retry), 0 when none.
    pub attempt: u8,
    /// … when its wait began …
    pub since: Micros,
    /// … and ends.
    pub until: Micros,
}

/// The whole picture at one instant.
#[derive(Clone, Debug)]
pub struct View {
    /// Now.
    pub now: Micros,
    /// Where the run ends.
    pub end: Micros,
    /// Run by a KRaft quorum: the hosts are its controllers.
    pub kraft: bool,
    /// Every host, by sid.
    pub peers: Vec<PeerView>,
    /// Logical clusters that have a leader. A comes first, and keeps its place while it has none.
    pub ensembles: Vec<EnsembleView>,
    /// Every broker, by id.
    pub brokers: Vec<BrokerView>,
    /// Leaders that serve.
    pub leaders: u32,
    /// Brokers that believe they are the controller.
    pub controllers: u32,
    /// Producers drawn.
    pub producers: u8,
    /// Consumers drawn.
    pub consumers: u8,
    /// The tray.
    pub tray: TrayView,
    /// The back-off.
    pub retry: RetryView,
    /// Every job by state.
    pub ledger: Ledger,
    /// The numbers.
    pub metrics: Metrics,
    /// What has happened, in order.
    pub milestones: Vec<(Milestone, Micros)>,
    /// Share of writes that failed in the last 2.5 s, in millionths.
    pub failing: u32,
    /// What the maintenance or the operator is doing, as a sentence; "" when nothing.
    pub operator: String,
}

/// What a message is, for drawing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlightKind {
    /// A vote (leader election notification).
    Vote,
    /// Discovery, sync, proposals, commits.
    Zab,
    /// Leader–learner heartbeat.
    Ping,
    /// Broker–ZooKeeper session traffic.
    Session,
    /// Controller to broker.
    Control,
    /// Replication between brokers.
    Replicate,
    /// A job on its way to a broker: metadata or produce request.
    Request,
    /// A good answer.
    Reply,
    /// An answer that says no.
    Failure,
    /// A record to a consumer.
    Deliver,
    /// A job into the dead-letter tray.
    DeadLetter,
    /// A dead letter to the secondary consumer.
    Drain,
}

/// Where a flight starts or ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A ZooKeeper host, by sid.
    Peer(u8),
    /// A broker, by id.
    Broker(u8),
    /// A producer, from 0.
    Producer(u8),
    /// A consumer, from 0.
    Consumer(u8),
    /// The dead-letter tray.
    Tray,
}

/// One message, sent and (to be) received. Its position is a pure function of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flight {
    /// What.
    pub kind: FlightKind,
    /// From.
    pub from: Place,
    /// To.
    pub to: Place,
    /// When it left.
    pub sent: Micros,
    /// When it arrives.
    pub arrives: Micros,
    /// Its place in its exchange: 0 the first message, 1 the answer, … so that a stretched picture keeps the order.
    pub hop: u8,
    /// The job it carries (its serial number), 0 when none: a job keeps its identity wherever it goes.
    pub job: u32,
}
