//! Everything that can be due: messages on their way, timers, and what people do.
#![allow(missing_docs)] // each message says what it is; its fields are the protocol's own names
use crate::client::Reason;
use crate::ensemble::PeerState;
use crate::ensemble::learner::SyncData;
use crate::ensemble::vote::Vote;
use crate::ensemble::znode::{SessionId, Txn, Znodes};
use crate::kafka::metadata::{BrokerSet, Metadata};
use crate::kafka::producers::Producers;
use crate::raft::wire::{Duty, LinkMsg, RaftMsg, RaftTimer};
use std::sync::Arc;

/// A connection between a learner and its leader, or a broker and a server: messages of an older one are ignored.
pub type Conn = u32;

/// A job in a message: its slot, and its serial number to recognise a slot that was given to another job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JobRef {
    /// Index into the job table.
    pub slot: u32,
    /// The job's serial number, from 1.
    pub serial: u32,
}

/// Who asked for a transaction, so that the server it is connected to can answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The server, by host index.
    pub server: u8,
    /// The broker.
    pub broker: u8,
}

/// Between ZooKeeper hosts.
#[derive(Clone, Debug)]
pub enum PeerMsg {
    /// Leader election.
    Notification { vote: Vote, round: u64, state: PeerState },
    /// A learner connects: FOLLOWERINFO or OBSERVERINFO.
    FollowerInfo { conn: Conn, accepted_epoch: u32, observer: bool },
    /// Nobody accepts learners there.
    Refused { conn: Conn },
    /// The new epoch.
    LeaderInfo { conn: Conn, epoch: u32 },
    /// `current_epoch: None`: it had accepted this epoch before.
    AckEpoch { conn: Conn, current_epoch: Option<u32>, zxid: u64 },
    /// DIFF, TRUNC or SNAP, then NEWLEADER.
    Sync { conn: Conn, epoch: u32, data: Box<SyncData> },
    /// The learner has it all on disk.
    AckNewLeader { conn: Conn },
    /// The learner may serve.
    UpToDate { conn: Conn },
    /// A transaction to log.
    Proposal { conn: Conn, zxid: u64, txn: Txn, origin: Option<Origin> },
    /// Logged.
    Ack { conn: Conn, zxid: u64 },
    /// A quorum logged it.
    Commit { conn: Conn, zxid: u64 },
    /// A committed transaction, to an observer.
    Inform { conn: Conn, zxid: u64, txn: Txn, origin: Option<Origin> },
    /// Heartbeat of the leader …
    Ping { conn: Conn },
    /// … and its answer.
    Pong { conn: Conn },
    /// A client's request, to the leader.
    Forward { conn: Conn, txn: Txn, origin: Origin },
    /// A client's session is alive.
    Touch { conn: Conn, session: SessionId },
    /// A client came back with a session: is it open? Only the leader knows. [source: Learner.validateSession]
    Revalidate { conn: Conn, session: SessionId, client: (u8, Conn) },
    /// … and the answer.
    Revalidated { conn: Conn, session: SessionId, client: (u8, Conn), open: bool },
    /// The other end closed the connection.
    Closed { conn: Conn },
}

/// Timers of a ZooKeeper host. Each carries the generation it was set in; a stale one is ignored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeerTimer {
    /// Nothing heard for the notification timeout, or finalizeWait is over.
    Election,
    /// The teardown is over: look for a leader.
    Look,
    /// A learner tries to connect again.
    Connect,
    /// A learner has heard nothing from its leader for too long.
    Silence,
    /// The epoch is on disk: acknowledge it.
    EpochWritten,
    /// The synced state is on disk: acknowledge it.
    SyncWritten,
    /// A leader's half tick.
    Tick,
    /// A leader has not found its quorum in initLimit.
    InitLimit,
}

/// From a broker to a ZooKeeper server.
#[derive(Clone, Debug)]
pub enum ClientMsg {
    /// Connect, with an existing session or a new one.
    Connect { session: Option<SessionId>, last_zxid: u64 },
    /// Heartbeat.
    Ping,
    /// Change something.
    Request(Txn),
    /// Read the whole tree.
    Read,
    /// Gone.
    Closed,
}

/// From a ZooKeeper server to a broker.
#[derive(Clone, Debug)]
pub enum ServerMsg {
    /// Connected with this session.
    Connected { session: SessionId },
    /// The session is unknown here.
    Expired,
    /// Not serving.
    Refused,
    /// Its state is older than the client's: refused.
    Behind,
    /// Heartbeat's answer.
    Pong,
    /// The server applied the client's transaction.
    Applied { txn: Txn, answer: Answer },
    /// The tree as this server has it.
    Tree(Box<Znodes>),
    /// Something watched changed.
    Watch { controller_gone: bool, ids: bool },
    /// The connection broke.
    Closed,
}

/// What a client sees after its request.
#[derive(Clone, Copy, Debug)]
pub struct Answer {
    /// `/cluster/id`
    pub cluster: Option<u8>,
    /// `/controller`
    pub controller: Option<u8>,
    /// … is owned by the client's own session.
    pub owned: bool,
    /// `/controller_epoch`
    pub controller_epoch: u32,
    /// The server's last zxid.
    pub zxid: u64,
}

/// The end of a leader's log.
#[derive(Clone, Debug)]
pub struct Tail {
    /// Records that are not committed.
    pub jobs: Box<[JobRef]>,
    /// What it knows of idempotent producers.
    pub producers: Option<Box<Producers>>,
}

/// Between brokers.
#[derive(Clone, Debug)]
pub enum BrokerMsg {
    /// LeaderAndIsr and UpdateMetadata in one.
    Update(Arc<Metadata>),
    /// A leader wants this ISR.
    AlterIsr { partition: u8, leader_epoch: u32, isr: BrokerSet },
    /// A broker asks for the topic to be created.
    CreateTopic,
    /// A broker wants to stop: move its partitions.
    ControlledShutdown,
    /// Its partitions are moved.
    ShutdownDone,
    /// A follower starts to fetch.
    Join { partition: u8, leader_epoch: u32 },
    /// Where the leader's log is; the follower takes it over.
    CatchUp { partition: u8, leader_epoch: u32, leo: u32, hw: u32, tail: Box<Tail> },
    /// The answer of a fetch: one record.
    Records { partition: u8, leader_epoch: u32, offset: u32, hw: u32, job: JobRef },
    /// The next fetch: the follower has everything below `leo`.
    Fetched { partition: u8, leader_epoch: u32, leo: u32 },
}

/// Timers of a broker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BrokerTimer {
    /// It has restarted.
    Restarted,
    /// Try the next ZooKeeper server.
    Connect,
    /// Session heartbeat.
    Heartbeat,
    /// The controlled shutdown has taken too long.
    ShutdownDeadline,
    /// The controller reacts to a changed set of brokers.
    React,
    /// A follower asks its leader again.
    Fetch,
    /// Writes that wait for replicas may have timed out.
    Purgatory,
}

/// What a broker answers to a metadata request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    /// The partition's leader.
    pub leader: Result<u8, Reason>,
    /// The id of the broker's cluster, if it has heard from a controller.
    pub cluster: Option<u8>,
}

/// Between clients and brokers, and inside the clients.
#[derive(Clone, Copy, Debug)]
pub enum JobMsg {
    /// The back-off is over.
    Retry,
    /// Which broker leads the partition? Sent to the bootstrap broker; then, by a strict client, to the witness.
    Ask { broker: u8, first: Option<Told> },
    /// The answer, and the one that came before it.
    Answer { broker: u8, told: Told, first: Option<Told> },
    /// The record, sent to the leader; `waited`: its quota has let it wait.
    Produce { broker: u8, waited: bool },
    /// The leader's answer, or what the producer made of its absence.
    Done { broker: u8, result: Result<(), Reason> },
    /// A committed record reaches its consumer.
    Deliver { offset: u32, partition: u8, cluster: u8 },
    /// The handler tries again.
    Handle { consumer: u8, attempt: u8 },
    /// The job reaches the dead-letter tray, from its producer or from its consumer's handler.
    DeadLetter { of_handler: bool },
    /// A dead letter reaches the secondary consumer.
    Drained { of_handler: bool },
    /// A job that bypasses Kafka reaches the secondary system.
    Bypass,
}

/// The people.
#[derive(Clone, Copy, Debug)]
pub enum OpsDue {
    /// A host enters the inventory (its place in the plan).
    Register(u8),
    /// A host starts.
    Boot(u8),
    /// An explicit plan's host starts.
    Launch(u8),
    /// A host that was stopped by hand starts again, with the list it had.
    Restart(u8),
    /// Take the verdict on the maintenance.
    Verdict(u32),
    /// A roll-out has waited long enough for one host (its step's number).
    GiveUpStep(u32),
    /// The recovery begins.
    Heal,
    /// The moved brokers go home.
    ReturnBrokers,
    /// A broker moves to the new hosts.
    Move(u8),
    /// The tool that adds a KRaft controller runs on this host.
    AddController(u8),
    /// A scenario's own timed action, by index.
    Action(u16),
}

/// Anything that can be due.
#[derive(Clone, Debug)]
pub enum Due {
    /// A message between ZooKeeper hosts (indices).
    Peer {
        from: u8,
        to: u8,
        msg: PeerMsg,
    },
    /// A ZooKeeper host's timer.
    PeerTimer {
        peer: u8,
        timer: PeerTimer,
        generation: u32,
    },
    /// A broker to a server (index).
    Client {
        broker: u8,
        server: u8,
        conn: Conn,
        msg: ClientMsg,
    },
    /// A server to a broker.
    Server {
        server: u8,
        broker: u8,
        conn: Conn,
        msg: ServerMsg,
    },
    /// Between brokers.
    Broker {
        from: u8,
        to: u8,
        msg: BrokerMsg,
    },
    /// Between KRaft controllers (indices).
    Raft {
        from: u8,
        to: u8,
        msg: RaftMsg,
    },
    /// A KRaft controller's timer.
    RaftTimer {
        node: u8,
        timer: RaftTimer,
        spell: u32,
    },
    /// A broker, in one of its lives, to a KRaft controller (index).
    Duty {
        broker: u8,
        node: u8,
        life: u32,
        duty: Duty,
    },
    /// A KRaft controller (index) to a broker.
    Link {
        node: u8,
        broker: u8,
        life: u32,
        msg: LinkMsg,
    },
    /// A broker's timer.
    BrokerTimer {
        broker: u8,
        timer: BrokerTimer,
        generation: u32,
        arg: u32,
    },
    /// The next job arrives.
    Arrival,
    /// Something about a job.
    Job {
        job: JobRef,
        msg: JobMsg,
    },
    /// The drain takes the next dead letter.
    Drain,
    /// A consumer has restarted.
    ConsumerBack(u8),
    /// The people do something.
    Ops(OpsDue),
    /// A point of the charts.
    Sample,
    Scrape,
}
