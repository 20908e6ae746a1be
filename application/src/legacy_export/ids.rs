//! What names rows that go back: entities by their own ids, everything else by ids that follow from the account, so that
//! a second export finds the rows of the first.

use std::collections::HashMap;

use domain::id::{EntityId, SpaceId};
use jiff::civil::Date;
use uuid::Uuid;

use super::Row;

/// Entities of one kind by the integers that they have.
pub(super) type Names = HashMap<i64, EntityId>;

/// The line of the log that something done here becomes.
pub(super) fn line_id(space: SpaceId, position: i64) -> Uuid {
    Uuid::new_v5(&space.0, format!("legacy/line/{position}").as_bytes())
}

/// The report that a day becomes.
pub(super) fn report_id(space: SpaceId, day: Date) -> Uuid {
    Uuid::new_v5(&space.0, format!("legacy/report/{day}").as_bytes())
}

/// A row that is kept beside an entity.
pub(super) fn beside_id(of: EntityId, table: &str, row: &Row) -> Uuid {
    let number = row.get("id").map(ToString::to_string).unwrap_or_default();
    Uuid::new_v5(&of.0, format!("legacy/{table}/{number}").as_bytes())
}
