//! KRaft: Kafka's own quorum. Controllers replicate one metadata log by pull; whoever leads it is the active controller.
//!
//! Dynamic voters (KIP-853, Kafka 3.9): the list of voters is a record *in the log*, changed one at a time by the leader
//! and committed by a majority of the new list. So a host that is new cannot count a majority of anything: until a record
//! names it, it observes. [source: KafkaRaftClient, QuorumState, QuorumController, trunk of October 2024]
pub mod active;
pub mod election;
pub mod event;
pub mod fetch;
pub mod image;
pub mod leader;
pub mod log;
pub mod node;
pub mod wire;

pub use event::Happened;
pub use node::{Node, State};

/// controller.quorum.fetch.timeout.ms: a voter that cannot fetch for so long stands for election. [source]
pub const FETCH_TIMEOUT: u64 = 2_000_000;
/// controller.quorum.election.timeout.ms; each wait is that and up to as much again. [source]
pub const ELECTION_TIMEOUT: u64 = 1_000_000;
/// The unit of the random back-off after a lost election … [source: RETRY_BACKOFF_BASE_MS]
pub const BACKOFF_BASE: u64 = 100_000;
/// … and its longest. [source: controller.quorum.election.backoff.max.ms]
pub const BACKOFF_MAX: u64 = 1_000_000;
/// How long a leader holds a fetch that has nothing to bring. [source: MAX_FETCH_WAIT_MS]
pub const FETCH_WAIT: u64 = 500_000;
/// controller.quorum.request.timeout.ms [source]
pub const REQUEST_TIMEOUT: u64 = 2_000_000;
/// Before a fetch that was refused is sent again. [simplified: 20 ms, and a reconnect back-off that grows]
pub const RETRY_PAUSE: u64 = 100_000;
/// A leader resigns when no majority has fetched for so long. [source: 1.5 · fetch timeout]
pub const CHECK_QUORUM: u64 = FETCH_TIMEOUT * 3 / 2;
/// How often a leader calls on voters that do not fetch. [source: half the fetch timeout]
pub const BEGIN_EVERY: u64 = FETCH_TIMEOUT / 2;
/// broker.heartbeat.interval.ms [source]
pub const HEARTBEAT: u64 = 2_000_000;
/// broker.session.timeout.ms: a broker that is silent for so long is fenced. [source]
pub const SESSION: u64 = 9_000_000;
/// How often the active controller looks for silent brokers. [simplified: it wakes when the next one is due]
pub const SESSION_CHECK: u64 = 500_000;
/// How long the tool that adds a controller takes to start. [simplified]
pub const ADD_TOOL: u64 = 500_000;
/// How long the operator waits for a voter to be added before asking again. [simplified]
pub const ADD_PATIENCE: u64 = 2_000_000;
