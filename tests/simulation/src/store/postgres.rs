//! Runs on PostgreSQL: a migrated database, in which each run has a space of its own.

use application::fault::Fault;
use application::feed::{Log, Slice};
use application::ledger::{Appended, Ledger, Loaded, Prepared, Want};
use application::snapshot::{CurrentRows, Stage, StageRows, TailRows, View};
use application::verify::Logged;
use deadpool_postgres::Pool;
use domain::id::{DeviceId, EntityId, SpaceId, TransactionId};
use domain::transaction::Positions;
use infrastructure::postgres::fault::{no_connection, read};
use infrastructure::postgres::ledger::PostgresLedger;
use infrastructure::postgres::log::PostgresLog;
use infrastructure::postgres::snapshot::PostgresSnapshot;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::Store;

/// What the ledger may remember, in bytes.
const MEMORY_BYTES: u64 = 4 << 20;

/// Runs on PostgreSQL.
#[derive(Debug)]
pub struct PostgresStore {
    pool: Pool,
    ledger: PostgresLedger,
    log: PostgresLog,
    rows: PostgresSnapshot,
}

/// The rows of a space, table by table, as JSON.
pub struct TableCopies(Vec<(String, String)>);

impl PostgresStore {
    /// Runs in this database, which must be migrated and be used for nothing else.
    pub fn new(pool: Pool) -> Self {
        let ledger = PostgresLedger::new(pool.clone(), MEMORY_BYTES);
        let (log, rows) = (PostgresLog::new(pool.clone()), PostgresSnapshot::new(pool.clone()));
        Self { pool, ledger, log, rows }
    }

    async fn query(&self, sql: &str, parameters: &[&(dyn ToSql + Sync)]) -> Result<Vec<Row>, Fault> {
        let client = self.pool.get().await.map_err(|error| no_connection(&error))?;
        client.query(sql, parameters).await.map_err(|error| read(&error))
    }

    /// The tables that hold rows of spaces.
    async fn tables(&self) -> Result<Vec<String>, Fault> {
        let rows = self.query(include_str!("sql/tables.sql"), &[]).await?;
        Ok(rows.iter().map(|row| row.get("table_name")).collect())
    }
}

impl Store for PostgresStore {
    type Backup = TableCopies;

    fn restart(&mut self) {
        self.ledger = PostgresLedger::new(self.pool.clone(), MEMORY_BYTES);
    }

    async fn begin(&mut self, space: SpaceId, epoch: Uuid) -> Result<(), Fault> {
        self.query(include_str!("sql/begin_epoch.sql"), &[&space.0, &epoch]).await?;
        self.restart();
        Ok(())
    }

    async fn backup(&self, space: SpaceId) -> Result<TableCopies, Fault> {
        let mut copies = Vec::new();
        for table in self.tables().await? {
            let sql = include_str!("sql/copy_table.sql").replace("{table}", &table);
            let rows = self.query(&sql, &[&space.0]).await?;
            copies
                .extend(rows.first().and_then(|row| row.get::<_, Option<String>>("copied")).map(|rows| (table, rows)));
        }
        Ok(TableCopies(copies))
    }

    async fn restore(&mut self, space: SpaceId, backup: &TableCopies) -> Result<(), Fault> {
        for table in self.tables().await? {
            let sql = include_str!("sql/empty_table.sql").replace("{table}", &table);
            self.query(&sql, &[&space.0]).await?;
        }
        for (table, rows) in &backup.0 {
            let sql = include_str!("sql/fill_table.sql").replace("{table}", table);
            self.query(&sql, &[rows]).await?;
        }
        self.restart();
        Ok(())
    }

    async fn logged(&self, space: SpaceId) -> Result<Vec<Logged>, Fault> {
        let rows = self.query(include_str!("sql/logged.sql"), &[&space.0]).await?;
        Ok(rows.iter().map(logged).collect())
    }
}

fn logged(row: &Row) -> Logged {
    let span = row.get::<_, Option<i64>>("first_position").zip(row.get("last_position"));
    Logged {
        position: row.get("position"),
        transaction: TransactionId(row.get("transaction_id")),
        device: DeviceId(row.get("device_id")),
        aggregate_type: row.get("aggregate_type"),
        aggregate_id: EntityId(row.get("aggregate_id")),
        sequence: row.get("sequence"),
        event_type: row.get("event_type"),
        event_version: row.get("event_version"),
        payload: row.get("payload"),
        metadata: row.get("metadata"),
        recorded_at: row.get("recorded_at"),
        payload_hash: row.get("payload_hash"),
        hash: row.get("hash"),
        redacted: false,
        receipt: span.map(|(first, last)| Positions { first, last }),
    }
}

impl Ledger for PostgresStore {
    async fn load(&self, wants: Vec<Want>) -> Result<Vec<Loaded>, Fault> {
        self.ledger.load(wants).await
    }

    async fn append(&self, batch: &[Prepared]) -> Result<Vec<Appended>, Fault> {
        self.ledger.append(batch).await
    }
}

impl Log for PostgresStore {
    async fn after(&self, space: SpaceId, position: i64, rows: i64) -> Result<Slice, Fault> {
        self.log.after(space, position, rows).await
    }
}

impl CurrentRows for PostgresStore {
    async fn stage(
        &self,
        space: SpaceId,
        stage: Stage,
        view: View,
        from: EntityId,
        rows: i64,
    ) -> Result<StageRows, Fault> {
        self.rows.stage(space, stage, view, from, rows).await
    }

    async fn tail(&self, space: SpaceId, position: i64, rows: i64) -> Result<TailRows, Fault> {
        self.rows.tail(space, position, rows).await
    }
}
