//! The activity in PostgreSQL, to readers: pages of it, and the days that it makes.

mod days;
mod walk;

use application::activity::{ActivityLog, Found, Shown, Wanted};
use application::fault::Fault;
use deadpool_postgres::Pool;
use domain::activity::Action;
use domain::id::{DeviceId, EntityId, SpaceId, TransactionId};
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use self::walk::{Walk, limit};
use super::fault::{no_connection, read};

/// The activity of every space.
#[derive(Clone, Debug)]
pub struct PostgresActivity {
    pool: Pool,
}

impl PostgresActivity {
    /// Reads over connections of `pool`.
    pub fn new(pool: Pool) -> Self {
        Self { pool }
    }
}

impl ActivityLog for PostgresActivity {
    async fn find(&self, space: SpaceId, wanted: &Wanted, rows: usize, look_at: usize) -> Result<Found, Fault> {
        let client = self.pool.get().await.map_err(|error| no_connection(&error))?;
        let walk = Walk::of(&client, space, wanted, look_at).await?;
        let (kind, id) = (wanted.kind.map(|kind| kind.name()), wanted.id.map(|id| id.0));
        let actions: Vec<&str> = wanted.actions.iter().map(|action: &Action| action.name()).collect();
        let (from, to) = wanted.days.unzip();
        let rows = limit(rows);
        let mut parameters: Vec<&(dyn ToSql + Sync)> =
            vec![&space.0, &walk.before, &walk.rows, &rows, &kind, &id, &actions, &from, &to];
        parameters.extend(walk.from.as_ref().map(|from| from as &(dyn ToSql + Sync)));
        let sql = include_str!("../sql/activity/page.sql").replace("{looked_at}", walk.sql);
        let statement = client.prepare_cached(&sql).await.map_err(|error| read(&error))?;
        let found = client.query(&statement, &parameters).await.map_err(|error| read(&error))?;
        let looked = found.first().filter(|row| row.get::<_, i64>("looked_at") >= walk.rows);
        Ok(Found { goes_on: looked.and_then(|row| row.get("lowest")), rows: found.iter().filter_map(shown).collect() })
    }
}

/// A row; none where nothing was found among those that were looked at.
fn shown(row: &Row) -> Option<Shown> {
    Some(Shown {
        position: row.get::<_, Option<i64>>("position")?,
        at: row.get("at"),
        recorded_at: row.get("recorded_at"),
        day: row.get("day"),
        action: row.get("action"),
        entity: row.get("entity"),
        id: EntityId(row.get("entity_id")),
        title: row.get("title"),
        category: row.get("category"),
        difficulty: row.get("difficulty"),
        skill_id: row.get::<_, Option<Uuid>>("skill_id").map(EntityId),
        xp: row.get("xp"),
        balls: row.get("balls"),
        minutes: row.get("minutes"),
        cycles: row.get("cycles"),
        level: row.get("level"),
        details: row.get("details"),
        transaction: TransactionId(row.get("transaction_id")),
        device: DeviceId(row.get("device_id")),
        cause: row.get::<_, Option<&str>>("cause").and_then(|cause| cause.parse().ok()),
    })
}
