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
/// Events that are fetched at once when a chain is followed back.
pub const CHAIN_SEGMENT: u64 = 50_000;
/// Events of one chain, before it is cut.
pub const CHAIN_STEPS: usize = 400;
/// Events after one that are searched for its consequences.
pub const FORWARD_EVENTS: u64 = 500_000;
/// Direct consequences that are told one by one.
pub const DIRECT_LINKS: usize = 20;
/// Sorts of consequences of which the first is told.
pub const NOTABLE_LINKS: usize = 40;
/// Events that are searched for those of one job.
pub const LIFE_EVENTS: u64 = 1_000_000;
/// Events of one job that are told.
pub const LIFE_LINKS: usize = 200;
/// Segments that are searched for something that no link leads to.
pub const SEGMENTS_BACK: usize = 10;
/// Entries of the log that are shown at once.
pub const LOG_ENTRIES: usize = 200;
/// Events before the cursor that are searched for entries of the log.
pub const LOG_EVENTS: u64 = 250_000;
/// Events of the log that are fetched at once, at first.
pub const LOG_SEGMENT: u64 = 4_000;
/// Messages of a space–time diagram.
pub const DIAGRAM_MESSAGES: usize = 200;
/// Cells of a sweep.
pub const MAX_CELLS: usize = 10_000;
/// Runs in each cell of a sweep.
pub const MAX_TRIALS: u32 = 100_000;
