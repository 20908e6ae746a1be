//! The sessions of an account that go on.

use application::fault::Fault;
use application::identity::LivingSession;
use deadpool_postgres::Pool;
use domain::id::{AccountId, DeviceId, SessionId};
use tokio_postgres::Row;

use super::{fault, row};

const LIVING_SESSIONS: &str = include_str!("../sql/directory/living_sessions.sql");

/// Those that could go on now, the current one first.
pub(super) async fn living_sessions(
    pool: &Pool,
    account: AccountId,
    current: SessionId,
    now_ms: i64,
    most: usize,
) -> Result<Vec<LivingSession>, Fault> {
    let failed = |error| fault::of_statement("living_sessions", &error);
    let client = pool.get().await.map_err(fault::of_pool)?;
    let statement = client.prepare_cached(LIVING_SESSIONS).await.map_err(failed)?;
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let rows = client.query(&statement, &[&account.0, &current.0, &now_ms, &most]).await.map_err(failed)?;
    rows.iter().map(|row| read(row).map_err(|error| row::unreadable(&error))).collect()
}

fn read(row: &Row) -> Result<LivingSession, tokio_postgres::Error> {
    Ok(LivingSession {
        id: SessionId(row.try_get("session_id")?),
        device: DeviceId(row.try_get("device_id")?),
        device_name: row.try_get("device_name")?,
        platform: row.try_get("platform")?,
        app_version: row.try_get("app_version")?,
        created_at: row.try_get("created_at")?,
        last_seen_at: row.try_get("last_seen_at")?,
        last_network: row.try_get("last_network")?,
    })
}
