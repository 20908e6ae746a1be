//! The days of a hero, and what was done on each.

use application::fault::Fault;
use domain::id::SpaceId;
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::Value;
use tokio_postgres::Row;

use super::super::ledger::rows::damage;
use super::super::rows::Standing;
use super::{PostgresLegacy, origin};

/// A local day of a hero.
#[derive(Clone, Debug, Default)]
pub struct LegacyDay {
    /// Which.
    pub day: Date,
    /// Tasks and habits completed.
    pub completions: i64,
    /// Minutes of focus.
    pub minutes: i64,
    /// Balls taken.
    pub balls: i64,
    /// Finished focus cycles.
    pub cycles: i64,
    /// The last position at which something was done on it.
    pub last_position: Option<i64>,
    /// When something was done first, Unix ms.
    pub began_at: Option<i64>,
    /// When something was done last, Unix ms.
    pub ended_at: Option<i64>,
    /// What was done by task or goal, in the order in which they were begun.
    pub parts: Vec<LegacyPart>,
}

/// What of a day was of one task or goal.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct LegacyPart {
    /// Its integer id.
    pub legacy_id: i64,
    /// What it was called then.
    pub title: String,
    /// Minutes of focus.
    pub minutes: i64,
    /// Balls taken.
    pub balls: i64,
    /// Finished focus cycles.
    pub cycles: i64,
}

impl PostgresLegacy {
    /// Where the space stands, the account's id, and the days from one to another (both included) on which something was
    /// done, the latest first.
    ///
    /// # Errors
    /// The database could not be asked.
    pub async fn days(
        &self,
        space: SpaceId,
        (from, to): (Date, Date),
    ) -> Result<(Standing, String, Vec<LegacyDay>), Fault> {
        let found = self.query(include_str!("../sql/legacy/reports.sql"), &[&space.0, &from, &to]).await?;
        let first = found.first().ok_or_else(|| damage("the standing", space, "there is none"))?;
        let (standing, user_id) = origin(first);
        let days = found.iter().filter_map(|row| day(space, row).transpose()).collect::<Result<_, _>>()?;
        Ok((standing, user_id, days))
    }
}

/// A day; none where nothing was found.
fn day(space: SpaceId, row: &Row) -> Result<Option<LegacyDay>, Fault> {
    let Some(day) = row.get::<_, Option<Date>>("day") else { return Ok(None) };
    let parts = row.get::<_, Option<Value>>("parts").unwrap_or_else(|| Value::Array(Vec::new()));
    let parts = serde_json::from_value(parts).map_err(|error| damage("a day", space, error))?;
    Ok(Some(LegacyDay {
        day,
        completions: row.get("completions"),
        minutes: row.get("minutes"),
        balls: row.get("balls"),
        cycles: row.get("cycles"),
        last_position: row.get("last_position"),
        began_at: row.get("began_at"),
        ended_at: row.get("ended_at"),
        parts,
    }))
}
