//! The audit log in PostgreSQL: a projection that reads the events by itself, some spaces at a time, and the search over its
//! rows.
//!
//! Which spaces it has something to read in stands in `behind`, where the append puts it; how far it is, in `checkpoints`.
//! Rows and checkpoints are written in one transaction, under the checkpoints' locks: any number of projectors may be killed at
//! any moment, and every row is there once.

mod columns;
mod conditions;
mod cursor;
mod looks;
mod row;
mod search;
mod source;
mod step;

use std::time::Duration;

use application::audit::{
    AuditEvent, AuditLog, Brought, EventKey, FOLD_VERSION, Filter, LookAt, PROJECTION, SecurityEntry, Stretch,
};
use application::fault::Fault;
use deadpool_postgres::{Object, Pool};
use domain::id::{AccountId, SpaceId};
use serde_json::Value;
use tokio::time::sleep;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use self::step::step;
use super::fault::{no_connection, read, write};

/// Steps that a request waits for; a step reads a thousand events.
const STEPS_MAX: usize = 30;

/// How long a request pauses while another projector is at the space.
const WAIT_MS: u64 = 20;
/// And how often.
const WAITS_MAX: usize = 500;

/// Spaces that are listed at once.
const SPACES_MAX: i64 = 1_000;

/// The audit log.
#[derive(Clone, Debug)]
pub struct PostgresAudit {
    pool: Pool,
}

impl PostgresAudit {
    /// Over connections of `pool`.
    pub fn new(pool: Pool) -> Self {
        Self { pool }
    }

    /// The next spaces that there is something to read in, in the order of their ids.
    ///
    /// # Errors
    /// The database could not be asked.
    pub async fn pending(&self, after: Option<SpaceId>) -> Result<Vec<SpaceId>, Fault> {
        let sql = include_str!("../sql/audit_log/pending.sql");
        let rows = self.query(sql, &[&PROJECTION, &after.map(|space| space.0), &SPACES_MAX]).await?;
        Ok(rows.iter().map(|row| SpaceId(row.get("space_id"))).collect())
    }

    /// When the oldest event was recorded that is not read yet in some of these spaces, Unix ms.
    ///
    /// # Errors
    /// The database could not be asked.
    pub async fn oldest(&self, spaces: &[SpaceId]) -> Result<Option<i64>, Fault> {
        let spaces: Vec<Uuid> = spaces.iter().map(|space| space.0).collect();
        let rows = self.query(include_str!("../sql/audit_log/lag.sql"), &[&PROJECTION, &spaces]).await?;
        Ok(rows.first().and_then(|row| row.get("oldest")))
    }

    /// Reads on in these spaces, except where another projector does.
    ///
    /// # Errors
    /// The database failed; nothing was written, or all of this step.
    pub async fn read_on(&self, spaces: &[SpaceId]) -> Result<ReadOn, Fault> {
        step(&mut self.client().await?, spaces).await
    }

    /// The rows of a space go, and its log is read again from its beginning. Whoever reads that space waits for it.
    ///
    /// # Errors
    /// The database failed.
    pub async fn restart(&self, space: SpaceId) -> Result<(), Fault> {
        let client = self.client().await?;
        let sql = include_str!("../sql/audit_log/restart.sql");
        client.execute(sql, &[&space.0, &PROJECTION]).await.map(drop).map_err(|error| write(&error))
    }

    /// Finds the spaces whose rows an older version of the fold made: they are read again. It reads no space that is as it should be.
    ///
    /// # Errors
    /// The database failed; the next time finds the rest.
    pub async fn renew_outdated(&self) -> Result<(), Fault> {
        let mut after: Option<Uuid> = None;
        loop {
            let client = self.client().await?;
            let sql = include_str!("../sql/audit_log/outdated.sql");
            let last = client.query_opt(sql, &[&PROJECTION, &FOLD_VERSION, &after, &SPACES_MAX]).await;
            match last.map_err(|error| write(&error))? {
                Some(row) => after = Some(row.get("space_id")),
                None => return Ok(()),
            }
        }
    }

    /// Where a space's log ends now; none if there is no such space.
    async fn head(&self, space: SpaceId) -> Result<Option<i64>, Fault> {
        let rows = self.query(include_str!("../sql/log/head_positions.sql"), &[&[space.0].as_slice()]).await?;
        Ok(rows.first().map(|row| row.get("position")))
    }

    /// Up to where it was read.
    async fn position(&self, space: SpaceId) -> Result<i64, Fault> {
        let sql = include_str!("../sql/audit_log/position.sql");
        let rows = self.query(sql, &[&space.0, &PROJECTION, &FOLD_VERSION]).await?;
        Ok(rows.first().map_or(0, |row| row.get("position")))
    }

    /// Whether it is being erased.
    async fn is_going(&self, space: SpaceId) -> Result<bool, Fault> {
        let rows = self.query(include_str!("../sql/audit_log/is_going.sql"), &[&space.0]).await?;
        Ok(rows.first().is_some_and(|row| row.get("is_going")))
    }

    async fn is_there(&self, space: SpaceId) -> Result<bool, Fault> {
        let rows = self.query(include_str!("../sql/audit_log/account_there.sql"), &[&space.0]).await?;
        Ok(rows.first().is_some_and(|row| row.get("is_there")))
    }

    async fn client(&self) -> Result<Object, Fault> {
        self.pool.get().await.map_err(|error| no_connection(&error))
    }

    async fn query(&self, sql: &str, parameters: &[&(dyn ToSql + Sync)]) -> Result<Vec<Row>, Fault> {
        let client = self.client().await?;
        let statement = client.prepare_cached(sql).await.map_err(|error| read(&error))?;
        client.query(&statement, parameters).await.map_err(|error| read(&error))
    }
}

impl AuditLog for PostgresAudit {
    async fn bring(&self, space: SpaceId) -> Result<Brought, Fault> {
        let Some(head) = self.head(space).await? else {
            return Ok(if self.is_there(space).await? { Brought::ToHead } else { Brought::Unknown });
        };
        let (mut steps, mut waits) = (0, 0);
        while steps < STEPS_MAX && waits < WAITS_MAX {
            if self.position(space).await? >= head {
                return Ok(Brought::ToHead);
            }
            let stepped = self.read_on(&[space]).await?;
            if stepped.held > 0 {
                steps += 1;
            } else if self.is_going(space).await? {
                return Ok(Brought::Unknown);
            } else {
                // Another projector is at it. It is waited for without a connection, which others need meanwhile.
                waits += 1;
                sleep(Duration::from_millis(WAIT_MS)).await;
            }
        }
        Ok(if self.position(space).await? >= head { Brought::ToHead } else { Brought::Behind })
    }

    async fn events(
        &self,
        filter: &Filter,
        after: Option<&EventKey>,
        rows: usize,
    ) -> Result<Stretch<AuditEvent, EventKey>, Fault> {
        search::events(self, filter, after, rows).await
    }

    async fn security(
        &self,
        filter: &Filter,
        after: Option<Uuid>,
        rows: usize,
    ) -> Result<Stretch<SecurityEntry, Uuid>, Fault> {
        search::security(self, filter, after, rows).await
    }

    async fn looked(&self, look: &LookAt, accounts: &[AccountId], about: &Value) -> Result<(), Fault> {
        looks::note(self, look, accounts, about).await
    }
}

pub use cursor::{read as read_cursor, token as cursor_token};
pub use step::ReadOn;
