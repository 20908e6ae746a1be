//! Who may read how much at once, and from where live readers read.

use deadpool_postgres::Pool;
use infrastructure::config::Serving;
use infrastructure::hub::Hub;
use infrastructure::pipeline::Pipeline;
use infrastructure::postgres::ledger::PostgresLedger;
use infrastructure::postgres::log::PostgresLog;
use infrastructure::reader::Readers;
use infrastructure::turns::Turns;

/// Snapshot pages that may wait for their turn.
const SNAPSHOTS_WAITING_MAX: usize = 256;
/// Other reads that may.
const READS_WAITING_MAX: usize = 4_096;
/// Snapshots get this part of the connections to the database, and other reads another; the rest is for those who write.
const READERS_SHARE: usize = 4;

/// Turns at any reading, and at snapshots.
pub(super) fn turns(serving: &Serving) -> (Turns, Turns) {
    let readers_max = (serving.settings.pool_size / READERS_SHARE).max(1);
    let snapshots = Turns::new("snapshot", readers_max, SNAPSHOTS_WAITING_MAX);
    (Turns::new("read", readers_max, READS_WAITING_MAX), snapshots)
}

/// Live readers of what this pipeline hands to this hub.
pub(super) fn readers(pool: &Pool, hub: Hub, turns: &Turns, pipeline: &Pipeline<PostgresLedger>) -> Readers {
    let readers = Readers::new(hub, PostgresLog::new(pool.clone()), turns.clone());
    readers.counted_by(pipeline.measures().clone())
}
