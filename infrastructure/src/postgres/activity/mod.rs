//! The activity in PostgreSQL, to readers: pages of it, and the days that it makes.

mod days;

use application::activity::{ActivityLog, Found, Shown, Wanted};
use application::fault::Fault;
use deadpool_postgres::Pool;
use domain::activity::Action;
use domain::id::{DeviceId, EntityId, SpaceId, TransactionId};
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

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
        let limit = |rows: usize| i64::try_from(rows).unwrap_or(i64::MAX);
        let (rows, look_at, before) = (limit(rows), limit(look_at), wanted.before.unwrap_or(i64::MAX));
        let (kind, id) = (wanted.kind.map(|kind| kind.name()), wanted.id.map(|id| id.0));
        let actions: Vec<&str> = wanted.actions.iter().map(|action: &Action| action.name()).collect();
        let (from, to) = wanted.days.unzip();
        let parameters: [&(dyn ToSql + Sync); 9] =
            [&space.0, &before, &look_at, &rows, &kind, &id, &actions, &from, &to];
        let client = self.pool.get().await.map_err(|error| no_connection(&error))?;
        let statement = client.prepare_cached(&statement(wanted)).await.map_err(|error| read(&error))?;
        let found = client.query(&statement, &parameters).await.map_err(|error| read(&error))?;
        let looked = found.first();
        Ok(Found {
            looked_at: looked.map_or(0, |row| usize::try_from(row.get::<_, i64>("looked_at")).unwrap_or_default()),
            lowest: looked.and_then(|row| row.get("lowest")),
            rows: found.iter().filter_map(shown).collect(),
        })
    }
}

/// Which rows are looked at: as few as what is wanted allows.
fn statement(wanted: &Wanted) -> String {
    let looked_at = match (wanted.id, wanted.kind, wanted.days) {
        (Some(_), Some(_), _) => include_str!("../sql/activity/looked_at_of_entity.sql"),
        (_, _, Some(_)) => include_str!("../sql/activity/looked_at_of_days.sql"),
        _ => include_str!("../sql/activity/looked_at_of_space.sql"),
    };
    include_str!("../sql/activity/page.sql").replace("{looked_at}", looked_at)
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
