//! What a serving process clears away beside its work: rows that are past their time. Nothing depends on it but the size
//! of the tables, so it is slow, in small chunks, and quiet. Every node does it; they keep out of each other's way.

mod receipts;

use std::time::Duration;

use application::fault::Fault;
use deadpool_postgres::Pool;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::clock::{jitter_ms, now_ms};
use crate::postgres::directory::clear;
use crate::revocations::Revocations;

pub use self::receipts::Walk;

/// How often, and how much is added at random so that nodes do not meet.
const EVERY_MS: u64 = 10 * 60 * 1_000;
const JITTER_MS: u64 = 2 * 60 * 1_000;
/// Rows of one statement at most: it locks them, and others may want them.
const CHUNK_ROWS: i64 = 1_000;
/// Rows are kept this long past their time: clocks of nodes differ, and an answer may be repeated just after it.
const SPARED_MS: i64 = 60 * 60 * 1_000;

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// What is cleared away, one statement each: `$1` the moment before which a row's time has passed, `$2` rows at most.
const CHORES: [(&str, &str); 4] = [
    ("refresh_tokens", include_str!("postgres/sql/upkeep/refresh_tokens.sql")),
    ("refresh_nonces", include_str!("postgres/sql/upkeep/refresh_nonces.sql")),
    ("account_tokens", include_str!("postgres/sql/upkeep/account_tokens.sql")),
    ("revoked_sessions", include_str!("postgres/sql/upkeep/revoked_sessions.sql")),
];

/// How long what has no time of its own is kept.
#[derive(Clone, Copy, Debug)]
pub struct Kept {
    /// Days after which the bodies of receipts go.
    pub receipt_days: i64,
    /// Days after which the history of a sync goes.
    pub sync_history_days: i64,
}

/// Clears away again and again, until `stop`.
pub async fn keep(pool: Pool, revocations: Revocations, kept: Kept, stop: CancellationToken) {
    let mut walk = Walk::from_anywhere();
    while stop.run_until_cancelled(sleep(pause())).await.is_some() {
        revocations.forget(now_ms());
        let before = days_ago(kept.receipt_days);
        match stop.run_until_cancelled(walk.stretch(&pool, before)).await {
            Some(Ok(expired)) => {
                tracing::debug!(receipts = expired, "took the bodies of receipts that are past their time")
            }
            Some(Err(fault)) => {
                tracing::warn!(error.cause = %fault, "bodies of old receipts could not be taken; it is tried again in some minutes")
            }
            None => return,
        }
        let clearing =
            async { clear_away(&pool, now_ms()).await.and(forget_syncs(&pool, kept.sync_history_days).await) };
        if let Some(Err(fault)) = stop.run_until_cancelled(clearing).await {
            tracing::warn!(error.cause = %fault, "old rows could not be cleared away; it is tried again in some minutes");
        }
    }
}

/// Clears away once what is past its time at `now_ms`.
///
/// # Errors
/// The first thing that could not be cleared away, after all others were.
#[tracing::instrument(level = "debug", name = "job", skip_all, fields(job.name = "upkeep"))]
pub async fn clear_away(pool: &Pool, now_ms: i64) -> Result<(), Fault> {
    let mut outcome = Ok(());
    for (table, statement) in CHORES {
        match clear_all(pool, statement, now_ms - SPARED_MS).await {
            Ok(rows) => tracing::debug!(table, rows, "cleared away what is past its time"),
            Err(fault) => outcome = outcome.and(Err(fault)),
        }
    }
    outcome
}

/// Clears away the history of syncs from before so many days.
///
/// # Errors
/// The database failed; what was cleared away is.
pub async fn forget_syncs(pool: &Pool, days: i64) -> Result<(), Fault> {
    let statement = include_str!("postgres/sql/upkeep/sync_history.sql");
    let rows = clear_all(pool, statement, days_ago(days)).await?;
    tracing::debug!(rows, "cleared away old history of syncs");
    Ok(())
}

fn days_ago(days: i64) -> i64 {
    now_ms().saturating_sub(days.saturating_mul(DAY_MS))
}

async fn clear_all(pool: &Pool, statement: &str, before: i64) -> Result<u64, Fault> {
    let mut cleared = 0;
    loop {
        let rows = clear::clear(pool, statement, before, CHUNK_ROWS).await?;
        cleared += rows;
        if rows < CHUNK_ROWS.unsigned_abs() {
            return Ok(cleared);
        }
    }
}

fn pause() -> Duration {
    Duration::from_millis(EVERY_MS + jitter_ms(JITTER_MS))
}
