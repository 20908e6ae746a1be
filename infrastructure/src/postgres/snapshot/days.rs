//! Days, to an export of a space's state.

use application::fault::Fault;
use application::transfer::state::{DayKey, DayRow, DayRows, DaysPage};
use deadpool_postgres::Transaction;
use domain::entity::Kind;
use domain::id::{EntityId, SpaceId};
use serde_json::Value;
use tokio_postgres::Row;
use tokio_postgres::types::Type;

use super::super::fault::read;
use super::super::ledger::rows::damage;
use super::PostgresSnapshot;

const DAYS_OF: &str = include_str!("../sql/state_copy/days_of.sql");

impl DayRows for PostgresSnapshot {
    async fn days(
        &self,
        space: SpaceId,
        of: Option<EntityId>,
        after: Option<DayKey>,
        rows: i64,
    ) -> Result<DaysPage, Fault> {
        let sql = if of.is_some() { DAYS_OF } else { include_str!("../sql/state_copy/days.sql") };
        let id = of.or(after.map(|(id, _, _)| id)).unwrap_or_default();
        let kind = after.map_or("", |(_, kind, _)| kind.name());
        let day = after.map(|(_, _, day)| day);
        let values: [(&(dyn tokio_postgres::types::ToSql + Sync), Type); 5] =
            [(&space.0, Type::UUID), (&id.0, Type::UUID), (&kind, Type::TEXT), (&day, Type::DATE), (&rows, Type::INT8)];
        page(space, &self.query(sql, &values).await?)
    }
}

/// Days of one id, in the snapshot of somebody else.
pub(in super::super) async fn days_within(
    snapshot: &Transaction<'_>,
    space: SpaceId,
    id: EntityId,
    after: Option<DayKey>,
    rows: i64,
) -> Result<DaysPage, Fault> {
    let (kind, day) = (after.map_or("", |(_, kind, _)| kind.name()), after.map(|(_, _, day)| day));
    let statement = snapshot.prepare_cached(DAYS_OF).await.map_err(|error| read(&error))?;
    let found = snapshot.query(&statement, &[&space.0, &id.0, &kind, &day, &rows]).await;
    page(space, &found.map_err(|error| read(&error))?)
}

fn page(space: SpaceId, found: &[Row]) -> Result<DaysPage, Fault> {
    let position = found.first().map(|row| row.get("position")).unwrap_or_default();
    let rows = found.iter().filter_map(|row| day_row(space, row).transpose()).collect::<Result<_, Fault>>()?;
    Ok(DaysPage { position, rows })
}

fn day_row(space: SpaceId, row: &Row) -> Result<Option<DayRow>, Fault> {
    let Some(kind) = row.get::<_, Option<&str>>("entity").and_then(Kind::from_name) else { return Ok(None) };
    let entry: Value = row.get("entry");
    let entry = serde_json::from_value(entry).map_err(|error| damage("a day", space, error))?;
    Ok(Some(DayRow { kind, id: EntityId(row.get("entity_id")), day: row.get("day"), entry }))
}
