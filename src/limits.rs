//! Every bound in one place: nothing in a run grows without one.

/// Hosts of one run.
pub const MAX_HOSTS: usize = 59;
/// Different sids in all server lists together: they are kept as bits of a u64.
pub const MAX_SIDS: usize = 64;
/// Jobs that are neither settled nor forgotten. A run that would hold more stops and says so.
pub const MAX_LIVE_JOBS: usize = 1 << 21;
/// Flights remembered for drawing.
pub const RECENT_FLIGHTS: usize = 4096;
/// Memory that the checkpoints of one recorded run may take, in bytes; two of them are shown side by side.
pub const RECORDING_BYTES: usize = 28_000_000;
/// Runs that one watcher has: forks, and what was before a change.
pub const MAX_RUNS: usize = 12;
/// Checkpoints right behind the present.
pub const NEAR_CHECKPOINTS: usize = 2;
/// Points of a chart.
pub const MAX_SAMPLES: usize = 1200;
/// Committed transactions a ZooKeeper server keeps to bring a learner up to date (commitLogCount).
pub const COMMIT_LOG: usize = 500;
/// Records of a KRaft metadata log; its leader takes no more.
pub const METADATA_LOG: usize = 1 << 16;
/// Records in one answer to a fetch of that log.
pub const METADATA_BATCH: usize = 256;
/// Timed actions of a scenario.
pub const MAX_ACTIONS: usize = 200;
/// Steps of a lesson.
pub const MAX_STEPS: usize = 60;
/// Characters of one text of a lesson: a paragraph, a question, an answer.
pub const MAX_TEXT: usize = 2_000;
/// Paragraphs of a step.
pub const MAX_PARAGRAPHS: usize = 12;
/// Answers to choose from.
pub const MAX_OPTIONS: usize = 8;
/// Steps that one run may take to find an answer; a longer one is not waited for.
pub const ANSWER_STEPS: u64 = 20_000_000;
/// Producers drawn; each is an application server running many short-lived clients.
pub const PRODUCERS: u8 = 4;
/// Long-lived clients that each of them runs, when clients are long-lived. [simplified]
pub const CLIENTS_PER_PRODUCER: u8 = 25;
/// Consumers drawn; partitions are dealt to them round robin.
pub const CONSUMERS: u8 = 3;
/// Records a consumer reads before it commits early. [simplified]
pub const MAX_UNCOMMITTED: usize = 1 << 16;
