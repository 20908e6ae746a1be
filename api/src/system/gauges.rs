//! What is looked up when somebody reads the counters, because it is a state and not an event: the pool, the memory, the
//! process.

use std::sync::LazyLock;

use infrastructure::clock;
use infrastructure::metric_names::{
    BUILD_INFO, ENTITY_MEMORY_BYTES, MEMORY_BYTES, OPEN_FDS, POOL_CONNECTIONS, POOL_WAITING, START_TIME_SECONDS,
};
use metrics::gauge;

use crate::state::App;

/// When this process began to count, Unix ms.
static STARTED_AT: LazyLock<i64> = LazyLock::new(clock::now_ms);

/// Begins to count.
pub fn begin() {
    LazyLock::force(&STARTED_AT);
}

/// Sets all of them.
pub fn set(app: &App) {
    let pool = app.pool.status();
    for (state, connections) in [("max", pool.max_size), ("open", pool.size), ("available", pool.available)] {
        gauge!(POOL_CONNECTIONS, "state" => state).set(connections as f64);
    }
    gauge!(POOL_WAITING).set(pool.waiting as f64);
    gauge!(ENTITY_MEMORY_BYTES).set(app.pipeline.ledger().memory_bytes() as f64);
    gauge!(BUILD_INFO, "version" => env!("CARGO_PKG_VERSION")).set(1.0);
    gauge!(START_TIME_SECONDS).set(*STARTED_AT as f64 / 1_000.0);
    // Where there is no such file there is no such series.
    if let Some(bytes) = resident_bytes() {
        gauge!(MEMORY_BYTES).set(bytes as f64);
    }
    if let Ok(open) = std::fs::read_dir("/proc/self/fd") {
        gauge!(OPEN_FDS).set(open.count() as f64);
    }
}

/// The memory that this process holds (`VmRSS`, proc(5)).
fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kib| kib * 1_024)
}
