//! The history of syncs in PostgreSQL: written by the nodes from what they noted, read by the account and by support.

use application::fault::Fault;
use application::sync_history::{Sync, SyncHistory, Tally, Wanted};
use deadpool_postgres::Pool;
use domain::id::{AccountId, DeviceId, SpaceId};
use serde_json::{Map, Value, json};
use tokio_postgres::Row;

use super::fault::{no_connection, read, write};
use super::ledger::rows::damage;

/// The history of every account.
#[derive(Clone, Debug)]
pub struct PostgresSyncHistory {
    pool: Pool,
}

impl PostgresSyncHistory {
    /// Works over connections of `pool`.
    pub fn new(pool: Pool) -> Self {
        Self { pool }
    }

    /// Writes down what is known of these syncs now. Those of accounts that are gone are passed over.
    ///
    /// # Errors
    /// Nothing was written.
    pub async fn write(&self, syncs: &[(AccountId, Sync)]) -> Result<(), Fault> {
        let rows: Vec<Value> = syncs.iter().map(|(account, sync)| row(*account, sync)).collect();
        let client = self.pool.get().await.map_err(|error| no_connection(&error))?;
        let statement = client.prepare_cached(include_str!("sql/sync_history/write.sql")).await;
        let statement = statement.map_err(|error| read(&error))?;
        let written = client.execute(&statement, &[&Value::Array(rows).to_string()]).await;
        written.map(drop).map_err(|error| write(&error))
    }
}

impl SyncHistory for PostgresSyncHistory {
    async fn syncs(&self, account: AccountId, wanted: &Wanted) -> Result<Vec<Sync>, Fault> {
        let rows = i64::try_from(wanted.rows).unwrap_or(i64::MAX);
        let device = wanted.device.map(|device| device.0);
        let client = self.pool.get().await.map_err(|error| no_connection(&error))?;
        let statement = client.prepare_cached(include_str!("sql/sync_history/page.sql")).await;
        let statement = statement.map_err(|error| read(&error))?;
        let found = client.query(&statement, &[&account.0, &device, &wanted.before, &rows]).await;
        found.map_err(|error| read(&error))?.iter().map(|row| sync(account, row)).collect()
    }
}

/// The row of a sync; the counts are columns of their names.
fn row(account: AccountId, sync: &Sync) -> Value {
    let mut row = match serde_json::to_value(&sync.tally) {
        Ok(Value::Object(tally)) => tally,
        _ => Map::new(),
    };
    row.extend([
        ("account_id".to_owned(), json!(account)),
        ("sync_id".to_owned(), json!(sync.id)),
        ("device_id".to_owned(), json!(sync.device)),
        ("channel".to_owned(), json!(sync.channel)),
        ("started_at".to_owned(), json!(sync.started_at)),
        ("ended_at".to_owned(), json!(sync.ended_at)),
    ]);
    Value::Object(row)
}

fn sync(account: AccountId, row: &Row) -> Result<Sync, Fault> {
    let errors = serde_json::from_value(row.get("errors"));
    Ok(Sync {
        id: row.get("sync_id"),
        device: DeviceId(row.get("device_id")),
        channel: row.get("channel"),
        started_at: row.get("started_at"),
        ended_at: row.get("ended_at"),
        tally: Tally {
            requests: row.get("requests"),
            transactions: row.get("transactions"),
            commands: row.get("commands"),
            applied: row.get("applied"),
            merged: row.get("merged"),
            superseded: row.get("superseded"),
            unchanged: row.get("unchanged"),
            rejected: row.get("rejected"),
            deferred: row.get("deferred"),
            changes: row.get("changes"),
            snapshot_rows: row.get("snapshot_rows"),
            resets: row.get("resets"),
            busy_ms: row.get("busy_ms"),
            errors: errors.map_err(|error| damage("a sync", SpaceId(account.0), error))?,
        },
    })
}
