//! The life of the logs in the database.

use application::fault::Fault;
use deadpool_postgres::Pool;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::Mark;
use crate::clock::uuid_v7;
use crate::postgres::fault::{no_connection, read};

/// Heads of one statement: it locks them, and writers pass by what is locked.
const CHUNK_HEADS: i64 = 1_000;

/// What a log may have lost before its new life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// Nothing up to its head.
    AfterHead,
    /// Nobody knows: it was written to since.
    Unknown,
}

/// What has been done of a turn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Turned {
    /// Spaces that were brought into the new life.
    pub spaces: u64,
}

/// Where the database stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Standing {
    pub(super) mark: Mark,
    /// Whether some spaces may still be in the life before.
    pub(super) turning: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Store {
    pool: Pool,
}

impl Loss {
    fn name(self) -> &'static str {
        match self {
            Self::AfterHead => "from_head",
            Self::Unknown => "from_start",
        }
    }
}

impl Store {
    pub(super) fn new(pool: Pool) -> Self {
        Self { pool }
    }

    pub(super) async fn standing(&self) -> Result<Standing, Fault> {
        let row = self.one(include_str!("../postgres/sql/life/read.sql"), &[]).await?;
        Ok(Standing { mark: mark(&row), turning: row.get::<_, Option<&str>>("turning").is_some() })
    }

    pub(super) async fn beat(&self) -> Result<Mark, Fault> {
        Ok(mark(&self.one(include_str!("../postgres/sql/life/beat.sql"), &[]).await?))
    }

    /// Begins another life in the place of `epoch`, with numbers beyond `beats`. Nothing happens if another process was first.
    pub(super) async fn begin(&self, epoch: Uuid, beats: i64, loss: Loss) -> Result<(), Fault> {
        let sql = include_str!("../postgres/sql/life/begin.sql");
        // By chance: a restored server must not arrive at the name of a life that it has forgotten.
        self.query(sql, &[&epoch, &uuid_v7(), &beats, &loss.name()]).await.map(drop)
    }

    /// Brings the next spaces after this one into the present life: the last that was looked at, and how many were brought.
    pub(super) async fn turn(&self, after: Uuid) -> Result<Option<(Uuid, u64)>, Fault> {
        let rows = self.query(include_str!("../postgres/sql/life/turn.sql"), &[&after, &CHUNK_HEADS]).await?;
        Ok(rows.first().map(|row| (row.get("space_id"), row.get::<_, i64>("turned").unsigned_abs())))
    }

    pub(super) async fn turned(&self, epoch: Uuid) -> Result<(), Fault> {
        self.query(include_str!("../postgres/sql/life/turned.sql"), &[&epoch]).await.map(drop)
    }

    async fn one(&self, sql: &str, parameters: &[&(dyn ToSql + Sync)]) -> Result<Row, Fault> {
        let rows = self.query(sql, parameters).await?;
        rows.into_iter().next().ok_or_else(|| Fault::Refused("the row of the system is missing".to_owned()))
    }

    async fn query(&self, sql: &str, parameters: &[&(dyn ToSql + Sync)]) -> Result<Vec<Row>, Fault> {
        let client = self.pool.get().await.map_err(|error| no_connection(&error))?;
        let statement = client.prepare_cached(sql).await.map_err(|error| read(&error))?;
        client.query(&statement, parameters).await.map_err(|error| read(&error))
    }
}

fn mark(row: &Row) -> Mark {
    Mark { epoch: row.get("epoch"), beats: row.get("beats") }
}
