//! What an import has to know of the space that it goes into.

use application::fault::Fault;
use application::transfer::state::{Taken, Target};
use deadpool_postgres::Pool;
use domain::entity::{EntityRef, Kind};
use domain::id::{EntityId, SpaceId, TransactionId};
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::fault::{no_connection, read};

/// The spaces that imports go into.
#[derive(Clone, Debug)]
pub struct PostgresImports {
    pool: Pool,
}

impl PostgresImports {
    /// Reads over connections of `pool`.
    pub fn new(pool: Pool) -> Self {
        Self { pool }
    }

    async fn query(&self, sql: &str, values: &[&(dyn ToSql + Sync)]) -> Result<Vec<Row>, Fault> {
        let client = self.pool.get().await.map_err(|error| no_connection(&error))?;
        let statement = client.prepare_cached(sql).await.map_err(|error| read(&error))?;
        client.query(&statement, values).await.map_err(|error| read(&error))
    }
}

impl Target for PostgresImports {
    async fn taken(&self, space: SpaceId, import: Uuid, entities: &[EntityRef]) -> Result<Vec<Taken>, Fault> {
        let kinds: Vec<&str> = entities.iter().map(|entity| entity.kind.name()).collect();
        let ids: Vec<Uuid> = entities.iter().map(|entity| entity.id.0).collect();
        let found = self.query(include_str!("sql/state_copy/taken.sql"), &[&space.0, &kinds, &ids]).await?;
        let taken = |row: &Row| {
            let kind = Kind::from_name(row.get("aggregate_type"))?;
            let made_by: Option<&str> = row.get("import");
            Some(Taken {
                entity: EntityRef::new(kind, EntityId(row.get("aggregate_id"))),
                by_this_import: made_by.and_then(|id| id.parse().ok()) == Some(import),
            })
        };
        Ok(found.iter().filter_map(taken).collect())
    }

    async fn live_entities(&self, space: SpaceId) -> Result<i64, Fault> {
        let found = self.query(include_str!("sql/state_copy/live_entities.sql"), &[&space.0]).await?;
        Ok(found.first().map(|row| row.get("live_entities")).unwrap_or_default())
    }

    async fn was_rejected(&self, space: SpaceId, transaction: TransactionId) -> Result<bool, Fault> {
        let sql = include_str!("sql/state_copy/was_rejected.sql");
        Ok(!self.query(sql, &[&space.0, &transaction.0]).await?.is_empty())
    }
}
