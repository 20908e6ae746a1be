//! The current rows, to readers of snapshots: the port `application::snapshot` in PostgreSQL, one statement a step.

mod days;
mod stage;

pub(super) use self::days::days_within;

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use application::fault::Fault;
use application::snapshot::{CurrentRows, Stage, StageRows, TailRows, View};
use deadpool_postgres::Pool;
use domain::entity::Kind;
use domain::id::{EntityId, SpaceId};
use serde_json::{Map, Value};
use tokio_postgres::Row;
use tokio_postgres::types::{ToSql, Type};

use self::stage::Asked;
use super::catalog::{Catalog, Table};
use super::fault::{no_connection, read};
use super::ledger::rows::{damage, head};

/// Events that one page of the tail looks at, at most; many of them may name one entity.
const STRETCH_EVENTS_MAX: i64 = 2_000;
/// Events that it looks at for each row that it may have.
const EVENTS_PER_ROW: i64 = 4;
/// How often a stage is read again because its table has other columns than were known. More than once is a migration at work.
const READS_MAX: usize = 4;
const SHAPE: &str = include_str!("sql/snapshot/shape.sql");

/// The text of the tail's statement, written once from the registry.
static TAIL: LazyLock<String> = LazyLock::new(|| {
    let filled = |kind: &Kind, template: &str| template.replace("{kind}", kind.name()).replace("{table}", kind.table());
    let rows = Kind::ALL.iter().map(|kind| filled(kind, include_str!("sql/snapshot/tail_rows.sql")));
    let count = |kind: &Kind| format!("'{}', {}", kind.name(), filled(kind, include_str!("sql/snapshot/count.sql")));
    let counts: Vec<String> = Kind::ALL.iter().map(count).collect();
    include_str!("sql/snapshot/tail.sql")
        .replace("{rows}", &rows.collect::<Vec<_>>().join("        UNION ALL"))
        .replace("{counts}", &format!("SELECT jsonb_build_object({})", counts.join(", ")))
});

/// The current rows of every space.
#[derive(Clone, Debug)]
pub struct PostgresSnapshot {
    pool: Pool,
    /// Read at the first use, so that a server starts while its database is away, and again when a table has changed.
    catalog: Arc<RwLock<Option<Arc<Catalog>>>>,
}

impl PostgresSnapshot {
    /// Reads over connections of `pool`.
    pub fn new(pool: Pool) -> Self {
        Self { pool, catalog: Arc::default() }
    }

    async fn catalog(&self) -> Result<Arc<Catalog>, Fault> {
        let known = self.catalog.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(known) = known {
            return Ok(known);
        }
        let client = self.pool.get().await.map_err(|error| no_connection(&error))?;
        let catalog = Arc::new(Catalog::read(&**client).await.map_err(|error| read(&error))?);
        *self.catalog.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&catalog));
        Ok(catalog)
    }

    /// The rows of a stage, from the columns that the table is known to have; none if it has others by now, as behind a migration
    /// by a newer program. The rows of the tail have all there are, and those of a stage are not to have fewer.
    async fn rows(
        &self,
        table: &Table,
        asked: &Asked<'_>,
        from: EntityId,
        rows: i64,
    ) -> Result<Option<StageRows>, Fault> {
        let client = self.pool.get().await.map_err(|error| no_connection(&error))?;
        let of_table: [(&(dyn ToSql + Sync), Type); 1] = [(&table.name, Type::TEXT)];
        // On their way together. The shape is read behind the rows, so it is that of the rows or a later one.
        let (rows, shape) = tokio::join!(asked.read(&client, from, rows), client.query_typed(SHAPE, &of_table));
        let shape = shape.map_err(|error| read(&error))?.first().map(|row| row.get::<_, i64>("shape"));
        Ok(rows?.filter(|_| shape == Some(table.shape)))
    }

    /// Planned each time that it is asked, which is seldom.
    async fn query(&self, sql: &str, values: &[(&(dyn ToSql + Sync), Type)]) -> Result<Vec<Row>, Fault> {
        let client = self.pool.get().await.map_err(|error| no_connection(&error))?;
        client.query_typed(sql, values).await.map_err(|error| read(&error))
    }
}

impl CurrentRows for PostgresSnapshot {
    async fn stage(
        &self,
        space: SpaceId,
        stage: Stage,
        view: View,
        from: EntityId,
        rows: i64,
    ) -> Result<StageRows, Fault> {
        for _ in 0..READS_MAX {
            let catalog = self.catalog().await?;
            let Some(table) = catalog.entities.get(&stage.kind()) else { break };
            let asked = Asked::of(table, space, stage, view);
            if let Some(found) = self.rows(table, &asked, from, rows).await? {
                return Ok(found);
            }
            *self.catalog.write().unwrap_or_else(PoisonError::into_inner) = None;
        }
        Err(Fault::Unavailable(format!("the table {} has changed, again and again", stage.kind().table())))
    }

    async fn tail(&self, space: SpaceId, position: i64, rows: i64) -> Result<TailRows, Fault> {
        let stretch = rows.saturating_mul(EVENTS_PER_ROW).min(STRETCH_EVENTS_MAX);
        let numbers = [&position, &stretch, &rows].map(|number| (number as &(dyn ToSql + Sync), Type::INT8));
        let [position, stretch, limit] = numbers;
        let found = self.query(&TAIL, &[(&space.0, Type::UUID), position, stretch, limit]).await?;
        let first = found.first().ok_or_else(|| damage("the head", space, "there is none"))?;
        let rows = found.iter().filter_map(|row| Some((kind(row)?, entity(space, row).transpose()?)));
        Ok(TailRows {
            head: head(first)?,
            reached: first.get("reached"),
            rows: rows.map(|(kind, row)| Ok((kind, row?))).collect::<Result<_, Fault>>()?,
            counts: first.get::<_, Option<Value>>("counts").as_ref().map(counts),
        })
    }
}

fn kind(row: &Row) -> Option<Kind> {
    row.get::<_, Option<&str>>("kind").and_then(Kind::from_name)
}

fn entity(space: SpaceId, row: &Row) -> Result<Option<Map<String, Value>>, Fault> {
    match row.get("entity") {
        None => Ok(None),
        Some(Value::Object(entity)) => Ok(Some(entity)),
        Some(_) => Err(damage("a row", space, "it is no object")),
    }
}

fn counts(counts: &Value) -> BTreeMap<Kind, i64> {
    let count = |kind: &Kind| (*kind, counts.get(kind.name()).and_then(Value::as_i64).unwrap_or_default());
    Kind::ALL.iter().map(count).collect()
}
