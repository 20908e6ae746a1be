//! What happened to an account.

use application::fault::Fault;
use application::identity::{AccessLog, LoggedBy, LoggedEntry};
use domain::id::{AccountId, DeviceId, SessionId};
use tokio_postgres::{Error, Row};
use uuid::Uuid;

use super::{PostgresDirectory, fault, row};

const ACCESS_LOG: &str = include_str!("../sql/directory/access_log.sql");

impl AccessLog for PostgresDirectory {
    async fn entries(&self, account: AccountId, before: Option<Uuid>, limit: usize) -> Result<Vec<LoggedEntry>, Fault> {
        let failed = |error| fault::of_statement("access_log", &error);
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let client = self.pool.get().await.map_err(fault::of_pool)?;
        let statement = client.prepare_cached(ACCESS_LOG).await.map_err(failed)?;
        let rows = client.query(&statement, &[&account.0, &before, &limit]).await.map_err(failed)?;
        rows.iter().map(|row| entry(row).map_err(|error| row::unreadable(&error))).collect()
    }
}

fn entry(row: &Row) -> Result<LoggedEntry, Error> {
    Ok(LoggedEntry {
        id: row.try_get("entry_id")?,
        at: row.try_get("at")?,
        act: row.try_get("act")?,
        by: LoggedBy::from_name(row.try_get("actor_role")?),
        device: row.try_get::<_, Option<Uuid>>("device_id")?.map(DeviceId),
        session: row.try_get::<_, Option<Uuid>>("session_id")?.map(SessionId),
        network: row.try_get("network")?,
        about: row.try_get("about")?,
    })
}
