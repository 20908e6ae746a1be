//! Erasure in PostgreSQL: everything of an account and its space, in short transactions that anybody may go on with.
//!
//! Which tables there are is asked of the database (`tables.sql`): a table with a column `space_id` or `account_id` is
//! cleared whatever it is for.

mod account;
mod begin;
mod clear;
mod leftovers;
mod space;
mod statement;
mod tables;

use application::erase::{Cleared, Due, Erasures, Unfinished};
use application::fault::Fault;
use deadpool_postgres::Pool;
use domain::id::{AccountId, SessionId};
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::{fault, row};

/// Rows that go in one transaction.
const ROWS_MAX: i64 = 5_000;
/// How long after its end an erasure is looked at again: longer than any statement runs that had begun before.
const LOOKED_AFTER_MS: i64 = 60 * 60 * 1_000;

/// The store of erasures.
#[derive(Clone, Debug)]
pub struct PostgresErasures {
    pool: Pool,
}

impl PostgresErasures {
    /// Erases over the connections of `pool`, whose database is migrated.
    pub fn new(pool: Pool) -> Self {
        Self { pool }
    }

    async fn ids(
        &self,
        name: &'static str,
        sql: &str,
        parameters: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<AccountId>, Fault> {
        let client = self.pool.get().await.map_err(fault::of_pool)?;
        let rows = statement::query(&client, name, sql, parameters).await?;
        rows.iter().map(|row| row.try_get(0).map(AccountId).map_err(|error| row::unreadable(&error))).collect()
    }
}

impl Erasures for PostgresErasures {
    async fn due(&self, now_ms: i64, behind: Due) -> Result<Vec<Due>, Fault> {
        let client = self.pool.get().await.map_err(fault::of_pool)?;
        let sql = include_str!("../../sql/erasure/due.sql");
        let rows = statement::query(&client, "due", sql, &[&now_ms, &behind.since, &behind.account.0]).await?;
        let read = |row: &tokio_postgres::Row| {
            Ok(Due { since: row.try_get("erase_after")?, account: AccountId(row.try_get("account_id")?) })
        };
        rows.iter().map(|row| read(row).map_err(|error| row::unreadable(&error))).collect()
    }

    async fn begin(&self, account: AccountId, now_ms: i64, only_if_due: bool) -> Result<Option<Vec<SessionId>>, Fault> {
        begin::begin(&self.pool, account, now_ms, only_if_due).await
    }

    async fn unfinished(&self) -> Result<Vec<Unfinished>, Fault> {
        let client = self.pool.get().await.map_err(fault::of_pool)?;
        let sql = include_str!("../../sql/erasure/unfinished.sql");
        let rows = statement::query(&client, "unfinished", sql, &[]).await?;
        let read = |row: &tokio_postgres::Row| {
            Ok(Unfinished {
                account: AccountId(row.try_get("account_id")?),
                requested_at: row.try_get("requested_at")?,
            })
        };
        rows.iter().map(|row| read(row).map_err(|error| row::unreadable(&error))).collect()
    }

    async fn clear(&self, account: AccountId, now_ms: i64) -> Result<Cleared, Fault> {
        clear::clear(&self.pool, account, now_ms).await
    }

    async fn present(&self, accounts: &[AccountId]) -> Result<Vec<AccountId>, Fault> {
        let accounts: Vec<Uuid> = accounts.iter().map(|account| account.0).collect();
        self.ids("present", include_str!("../../sql/erasure/present.sql"), &[&accounts]).await
    }

    async fn reopen(&self, now_ms: i64) -> Result<u64, Fault> {
        let since = now_ms.saturating_sub(LOOKED_AFTER_MS);
        let recent = self.ids("recent", include_str!("../../sql/erasure/recent.sql"), &[&since]).await?;
        leftovers::reopen(&self.pool, &recent).await
    }
}
