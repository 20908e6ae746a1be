//! Days, to an export of a space's state.

use application::fault::Fault;
use application::transfer::state::{DayKey, DayRow, DayRows, DaysPage};
use domain::entity::Kind;
use domain::id::{EntityId, SpaceId};
use serde_json::Value;
use tokio_postgres::Row;
use tokio_postgres::types::Type;

use super::super::ledger::rows::damage;
use super::PostgresSnapshot;

impl DayRows for PostgresSnapshot {
    async fn days(
        &self,
        space: SpaceId,
        of: Option<EntityId>,
        after: Option<DayKey>,
        rows: i64,
    ) -> Result<DaysPage, Fault> {
        let sql = match of {
            Some(_) => include_str!("../sql/state_copy/days_of.sql"),
            None => include_str!("../sql/state_copy/days.sql"),
        };
        let id = of.or(after.map(|(id, _, _)| id)).unwrap_or_default();
        let kind = after.map_or("", |(_, kind, _)| kind.name());
        let day = after.map(|(_, _, day)| day);
        let values: [(&(dyn tokio_postgres::types::ToSql + Sync), Type); 5] =
            [(&space.0, Type::UUID), (&id.0, Type::UUID), (&kind, Type::TEXT), (&day, Type::DATE), (&rows, Type::INT8)];
        let found = self.query(sql, &values).await?;
        let position = found.first().map(|row| row.get("position")).unwrap_or_default();
        let rows = found.iter().filter_map(|row| day_row(space, row).transpose()).collect::<Result<_, Fault>>()?;
        Ok(DaysPage { position, rows })
    }
}

fn day_row(space: SpaceId, row: &Row) -> Result<Option<DayRow>, Fault> {
    let Some(kind) = row.get::<_, Option<&str>>("entity").and_then(Kind::from_name) else { return Ok(None) };
    let entry: Value = row.get("entry");
    let entry = serde_json::from_value(entry).map_err(|error| damage("a day", space, error))?;
    Ok(Some(DayRow { kind, id: EntityId(row.get("entity_id")), day: row.get("day"), entry }))
}
