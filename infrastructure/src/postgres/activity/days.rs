//! Calendars: days, and the activity of days added up, read as of one moment.

use application::days::{DayLog, StoredDay, StoredDays, Sum};
use application::fault::Fault;
use deadpool_postgres::Transaction;
use domain::activity::Action;
use domain::entity::{EntityRef, Kind};
use domain::id::{EntityId, SpaceId};
use jiff::civil::Date;
use tokio_postgres::types::ToSql;
use tokio_postgres::{IsolationLevel, Row};
use uuid::Uuid;

use super::super::fault::{no_connection, read};
use super::PostgresActivity;

impl DayLog for PostgresActivity {
    async fn stored(&self, space: SpaceId, id: EntityId, from: Date, to: Date) -> Result<Option<StoredDays>, Fault> {
        let mut client = self.pool.get().await.map_err(|error| no_connection(&error))?;
        let snapshot = client.build_transaction().isolation_level(IsolationLevel::RepeatableRead).read_only(true);
        let snapshot = snapshot.start().await.map_err(|error| read(&error))?;
        let found = query(&snapshot, include_str!("../sql/activity/entity.sql"), &[&space.0, &id.0]).await?;
        let Some(kind) = found.first().and_then(|row| Kind::from_name(row.get("entity"))) else { return Ok(None) };
        let days = include_str!("../sql/activity/days.sql");
        let days = query(&snapshot, days, &[&space.0, &id.0, &kind.name(), &to]).await?;
        let sums = match kind {
            Kind::Hero => query(&snapshot, include_str!("../sql/activity/sums.sql"), &[&space.0, &from, &to]).await?,
            _ => Vec::new(),
        };
        Ok(Some(StoredDays {
            entity: EntityRef::new(kind, id),
            days: days.iter().map(day).collect(),
            sums: sums.iter().filter_map(sum).collect(),
        }))
    }
}

async fn query(snapshot: &Transaction<'_>, sql: &str, parameters: &[&(dyn ToSql + Sync)]) -> Result<Vec<Row>, Fault> {
    let statement = snapshot.prepare_cached(sql).await.map_err(|error| read(&error))?;
    snapshot.query(&statement, parameters).await.map_err(|error| read(&error))
}

fn day(row: &Row) -> StoredDay {
    StoredDay {
        day: row.get("day"),
        completions: row.get("completions"),
        minutes: row.get("minutes"),
        balls: row.get("balls"),
        xp: row.get("xp"),
        completed_at: row.get("completed_at"),
    }
}

/// What a newer program wrote and this one does not know is not counted.
fn sum(row: &Row) -> Option<Sum> {
    Some(Sum {
        day: row.get("day"),
        action: Action::from_name(row.get("action"))?,
        kind: Kind::from_name(row.get("entity"))?,
        category: row.get("category"),
        difficulty: row.get("difficulty"),
        skill_id: row.get::<_, Option<Uuid>>("skill_id").map(EntityId),
        times: row.get("times"),
        xp: row.get("xp"),
        cycles: row.get("cycles"),
    })
}
